//! The Plenum server.
pub mod merge;
pub mod plenary;
pub mod simulate;
