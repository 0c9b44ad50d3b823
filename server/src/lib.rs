//! The Plenum server.
pub mod merge;
