//! What people contribute: ideas, what is hidden, reported, late, combined, translated, and what there is room for.
//!
//! [`Contributions`] is all of it. Its fields are private to this folder, and each is a type whose own fields are private to its
//! file; other folders ask the consultation (`ideas`, `ideas_of`, `entry_of`, …).

pub(super) mod boards;
pub(super) mod capacity;
pub(super) mod combining;
pub(super) mod deleted_words;
pub(super) mod idea;
pub(super) mod late_shelf;
pub(super) mod moderation;
pub(super) mod promoting;
pub(super) mod sharing;
pub(super) mod texts;

use proto::ids::GroupId;

/// The ideas of all boards, and what was decided and found about them.
#[derive(Debug)]
pub(super) struct Contributions {
    boards: boards::Boards,
    capacity: capacity::Capacity,
    shares: sharing::Shares,
    combined: combining::Combined,
    wordings: texts::wordings::KeptWordings,
    empty: texts::empty_ideas::EmptyIdeas,
    reports: moderation::reports::Reports,
    waits: late_shelf::Waits,
    repeats: deleted_words::repeats::Repeats,
    leftovers: deleted_words::leftovers::Leftovers,
}

impl Contributions {
    /// Empty boards of these groups.
    pub(super) fn new(groups: impl Iterator<Item = GroupId>) -> Self {
        Self {
            boards: boards::Boards::new(groups),
            capacity: capacity::Capacity::default(),
            shares: sharing::Shares::default(),
            combined: combining::Combined::default(),
            wordings: texts::wordings::KeptWordings::default(),
            empty: texts::empty_ideas::EmptyIdeas::default(),
            reports: moderation::reports::Reports::default(),
            waits: late_shelf::Waits::default(),
            repeats: deleted_words::repeats::Repeats::default(),
            leftovers: deleted_words::leftovers::Leftovers::default(),
        }
    }
}
