//! A consultation's decisions: phases, groups, seats, ideas, ballots. Pure: commands in, events out.
//!
//! `decide` says what a command would mean and changes nothing; `apply` takes an event in, the same way live and at
//! load. No I/O, no clock, no task: time and randomness are parameters. What people write together is not here but in
//! the rooms; this module keeps only the words that an idea was shared with.
//!
//! From here an event goes to the journal (`hub::task`), then as a write to its room (`projection`).

mod decide;
mod event;
mod founding;
mod list;
mod projection;
pub mod secret;
mod state;
pub mod template;
mod view;

pub use decide::{Context, Decided};
pub use event::{Asked, Decision, Event, Founding, Hash32, StaffLink};
pub use founding::{Founded, found};
pub use list::ListChange;
pub use projection::{BoardWrite, IdeaPlan, Plan, PlenaryWrite, RunFacts, Write};
pub use state::{Consultation, Group, Idea, NewWords, Seat};
pub use view::join_url;
