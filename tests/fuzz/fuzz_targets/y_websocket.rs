//! See `attack::targets::y_websocket`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| attack::targets::y_websocket(bytes));
