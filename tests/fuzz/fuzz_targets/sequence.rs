//! See `attack::targets::sequence`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attack::targets::sequence(bytes));
