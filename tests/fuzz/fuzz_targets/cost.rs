//! See `attack::targets::cost`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attack::targets::cost(bytes));
