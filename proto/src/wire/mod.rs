//! The two envelopes, the JSON inside stateless messages, and why a connection ends.

pub mod close;
pub mod frame;
pub mod stateless;
