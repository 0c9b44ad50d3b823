//! The command `plenum`.

fn main() {}
