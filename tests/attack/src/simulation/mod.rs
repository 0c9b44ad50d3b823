//! A whole day under one seed: a running consultation, its rooms, phones and staff, and a journal in memory.
//!
//! One thread, no runtime, no socket. A seed decides everything: who does what, which message arrives when, when the server dies
//! and where, how the clock jumps. The consultation is the server's own `live::state::Live`, the rooms are its `RoomState`s, the
//! phones are stock yrs documents. What happens is a plan of steps (`plan`): a seed makes the plan while the day runs
//! (`choice`, `choice_staff`), and a plan runs again without a seed. The plan of a failing day is shortened, printed and saved; in `plans/` it is a
//! test.
//!
//! `day` runs and reports, `beginning` sets the day up, `world` carries steps out, `told` takes in what the server says, `person` and `page` are people,
//! `server`, `server_rooms` and `server_jobs` what dies and comes back, `checks` what must be so.
//!
//! Which invariants of `server/README.md` are checked, and where:
//!
//! | invariant | checked |
//! |---|---|
//! | I1 bytes are decoded once | not here: types; phones speak frames, rooms take what `socket::said` made of them |
//! | I2 one authorization, in the same turn | `checks::boards`: nothing late takes effect; `World::refused`: participants change no letter of the list |
//! | I3 a room is one task | not here: one thread runs everything |
//! | I4 nobody hears of what is not durable | `World::replied`, `checks::promises`: every answer has its record, over deaths before and after each append, also of rooms; `checks::boards` and `checks::list`: what a phone was told is recorded is there |
//! | I5 the journal is the truth | `checks::journal`: what is loaded equals what ran; `checks::boards`: a room that is loaded again shows the same. That a failed sync is not retried is the journal's contract |
//! | I6 the plenary is a room like any other | `server_rooms` runs it as one, and `checks::list` compares its replicas as those of boards |
//! | I7 commands are idempotent | `checks::promises`: one command has one event and one answer |
//! | I8 merge and export are pure | `Server::finish` computes each run twice; exports are not here |
//! | I9 work is bounded | `checks::danger`: the bounds of C23; ballots within their budget. Queues: `tests/costs.rs` |
//! | I10 presence is never journaled | `checks::journal`: no record is about presence; pages send no awareness here |
//! | I11 who wrote an idea is not stored | `checks::journal`: no record names a participant and an idea |
//! | I12 time, ids, randomness are parameters | `tests/simulation.rs`: a plan that runs twice leaves the same bytes |

mod acts;
mod beginning;
mod checks;
mod choice;
mod choice_plenary;
mod choice_staff;
mod day;
mod page;
mod person;
pub mod plan;
mod server;
mod server_jobs;
mod server_rooms;
mod told;
mod world;

pub use day::{Day, Happened, plan_of, remains, run, run_plan};
pub use plan::Plan;
