//! See `attack::targets::state_vector`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attack::targets::state_vector(bytes));
