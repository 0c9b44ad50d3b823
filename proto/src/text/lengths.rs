//! How long texts may be, in UTF-16 units: what the server takes, and where screens stop before.
//!
//! The page and the server both count them, so `bindings/constants.ts` has them as well (rule B5).

/// An idea, its translation: a text of a board.
pub const IDEA_UNITS_MAX: u32 = 1_000;
/// The same where people type it: what is longer is two ideas. Others may be writing in it at the same moment.
pub const IDEA_UNITS_ON_SCREENS: u32 = 500;
/// A wording, a note or a part of the statement: a text of the plenary.
pub const ENTRY_UNITS_MAX: u32 = 4_000;
/// The same where people type it.
pub const ENTRY_UNITS_ON_SCREENS: u32 = 2_000;
/// A minority note on a group's card: one line, read out in a breath.
pub const NOTE_UNITS_MAX: u32 = 280;
/// The line of an objection: one breath, one line on a phone.
pub const OBJECTION_UNITS_MAX: u32 = 200;
/// A title or a name by the organizer.
pub const TITLE_UNITS_MAX: u32 = 300;
