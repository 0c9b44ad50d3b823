//! Built-in templates.

use proto::api::Create;

/// The template of this name.
#[must_use]
pub fn template(_name: &str) -> Option<Create> {
    None
}
