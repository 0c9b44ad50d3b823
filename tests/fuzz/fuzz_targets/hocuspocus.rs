//! See `attack::targets::hocuspocus`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attack::targets::hocuspocus(bytes));
