//! See `attack::targets::awareness`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attack::targets::awareness(bytes));
