//! A consultation's decisions: phases, groups, seats, ideas, ballots. Pure: commands in, events out.
//!
//! `decide` says what a command would mean and changes nothing; `state` takes an event in, the same way live and at load. Each
//! subject has a folder, and each kind of decision in it a file with both halves: `people`, `ideas`, `vote`, `day`, `list`,
//! `prepare`, `end`; `view` is what is shown. Beside each `event`: which ones change nothing (`no_change`), who is notified
//! (`audience`), what follows (`effects`); `view::ledger` is what is written down for everybody. No I/O, no clock, no task: time
//! and randomness are parameters. What people write together is not here but in the rooms; this module keeps only the words that
//! an idea was shared with.
//!
//! What is so is kept in parts. Each folder owns one: its type is known only there, so only there it is read and written
//! (`tests/floors.rs`). A rule that concerns several parts is a method of the consultation that asks each owner.
//!
//! From here an event goes to the journal (`live`), then as a write to its room (`projection`).

mod answered_commands;
mod day;
mod decide;
mod end;
mod event;
mod hash;
mod ideas;
mod list;
mod people;
/// Before the day: how a consultation begins, what is prepared, what is missing, and the rehearsal.
pub mod prepare;
mod projection;
pub mod secret;
mod state;
#[cfg(test)]
mod tests;
mod text_rules;
mod view;
mod vote;

pub use day::grace::Announced;
pub use decide::{Context, Outcome};
pub use event::audience::Audience;
pub use event::effects::{DirectoryChange, Effects, Listing};
pub use event::record::{CommandKey, EventRecord, Stamp};
pub use event::{Event, Founding, StaffLink};
pub use hash::Hash32;
pub use ideas::deleted_words::repeats::ErasedWords;
pub use ideas::deleted_words::traces::{DeletedWords, Trace};
pub use ideas::idea::Idea;
pub use ideas::moderation::danger::Danger;
pub use ideas::moderation::danger::HELD_IN_GROUP;
pub use ideas::moderation::hiding::{IdeaStatus, PERSONAL_DATA};
pub use list::kept_responses::Response;
pub use list::last_merge_run::shows_the_same;
pub use list::list_decisions::ListChange;
pub use list::stored_version::{AdoptionFigures, GroupFigures, ListContext, StoredVersion, words_hash};
pub use list::versions::{keep_version, replace_versions};
pub use people::attendance::conduct::{Sight, Typists};
pub use people::attendance::head_counts::Attendances;
pub use people::entry::door::{Entrance, EntranceKind, SeatPlacement};
pub use people::entry::joining::Joining;
pub use people::removal::many_seats::SeatSelection;
pub use people::seats::Seat;
pub use prepare::field_change::FieldChange;
pub use prepare::founding::{Founded, create, create_from};
pub use projection::{
    BoardWrite, HiddenTexts, IdeaPlan, IdeaWords, Plan, PlenaryWrite, RunFacts, VersionShown, Write,
};
pub use state::{Consultation, NewWords};
pub use vote::ballot_paper::PaperEntry;
pub use vote::plenary_vote::{PlenaryResult, Stage as PlenaryVoteStage};
pub use vote::rewordings::{VotedWords, fingerprint};
