//! A consultation's decisions: phases, groups, seats, ideas, ballots. Pure: commands in, events out.
//!
//! `decide` says what a command would mean and changes nothing; `take_in` takes what was decided in, the same way live
//! and at load. Each kind of thing that is decided has a file with both halves (`seats`, `phases`, `ideas`, `votes`,
//! `list`); `unchanged` says what changes nothing, `hears` who must hear of it and `ledger` what is written down for everybody. No I/O, no clock, no task: time and randomness are parameters. What people write together is not here but in
//! the rooms; this module keeps only the words that an idea was shared with.
//!
//! From here an event goes to the journal (`hub::task`), then as a write to its room (`projection`).

mod amend;
mod arrivals;
mod attendance;
mod attending;
mod capacity;
mod cards;
mod checklist;
mod closing;
#[cfg(test)]
mod closing_tests;
mod combined;
#[cfg(test)]
mod combined_tests;
mod conduct;
#[cfg(test)]
mod danger_tests;
mod decide;
mod decision;
mod desk;
#[cfg(test)]
mod desk_tests;
mod done;
mod doors;
mod doubtful;
mod ending;
mod event;
mod exchanging;
mod following;
mod founding;
mod hears;
mod hiding;
mod ideas;
mod ledger;
mod links;
mod list;
mod moving;
mod pace;
mod phases;
mod programme;
mod projection;
mod rehearsing;
mod removal;
mod removing;
mod repeats;
mod restoring;
mod safety;
#[cfg(test)]
mod scale_tests;
mod seats;
mod second_look;
pub mod secret;
mod shelf;
mod signing;
mod stands;
mod state;
pub mod template;
mod texts;
mod translating;
mod unchanged;
mod view;
#[cfg(test)]
mod voices_tests;
mod voted;
mod votes;
mod wordings;

pub use amend::Change;
pub use attendance::Attendances;
pub use closing::Announced;
pub use conduct::{Sight, Typists};
pub use decide::{Context, Decided};
pub use decision::{Asked, Decision, Hash32, Stamp};
pub use doors::{Admission, Entrance, Way};
pub use event::{Event, Founding, StaffLink};
pub use founding::{Founded, found, found_of};
pub use hears::Hears;
pub use hiding::{Fate, Hidden, PERSONAL_DATA};
pub use ideas::Idea;
pub use list::ListChange;
pub use projection::{BoardWrite, IdeaPlan, IdeaWords, KeptWords, Plan, PlenaryWrite, RunFacts, Write};
pub use removing::Meant;
pub use safety::{Danger, HELD_IN_GROUP};
pub use seats::Seat;
pub use stands::Says;
pub use state::{Consultation, Group, NewWords};
pub use view::join_url;
pub use voted::{VotedWords, fingerprint};
