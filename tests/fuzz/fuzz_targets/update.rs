//! See `attack::targets::update`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attack::targets::update(bytes));
