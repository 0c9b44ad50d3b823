//! The Plenum server.
pub mod merge;
pub mod plenary;
