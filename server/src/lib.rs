//! The Plenum server.
