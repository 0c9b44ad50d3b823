//! A plan: everything that happens in a simulated day, step by step, as a value that can be saved, shortened and run again.
//!
//! A step names people, rooms and jobs by numbers, of which the remainder is taken: whatever is left out of a plan, the rest can still
//! be carried out. A step whose subject is not there does nothing. So the plan of a failing day can be shortened
//! (`shortened`), and a saved plan says the same after the way in which plans are chosen has changed.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The settings and the steps of a day.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// What it once found; empty when it is new.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
    /// The seed of what the server draws by lot.
    pub seed: u64,
    /// The most ideas that a person may approve; none: any number.
    pub votes: Option<u32>,
    /// Do moderators read ideas before others do?
    pub moderation: bool,
    /// Are ideas held until they are revealed?
    pub private_first: bool,
    /// Does everybody vote in the plenary?
    #[serde(default)]
    pub plenary_vote: bool,
    /// How many phones are there from the start.
    pub phones: usize,
    /// Is everything deleted at the end?
    pub purge: bool,
    /// Everything that happens, in order.
    pub steps: Vec<Step>,
}

/// One thing that happens.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Somebody decides something: it is in their outbox until it is answered.
    Decide {
        /// The place of the person among all.
        who: usize,
        /// The number of the command.
        id: u64,
        /// The action as it is on the wire; `@…` stands for what only the day knows (`World::resolve`).
        action: Value,
    },
    /// Somebody types a word into a text of a document that they have open.
    Type {
        /// The place of the person among all.
        who: usize,
        /// Into the list? Otherwise into their board.
        list: bool,
        /// Into which of its texts.
        text: usize,
        /// After which of its words; the last when there are fewer.
        after: usize,
        /// The word, which no other text has.
        word: String,
    },
    /// Somebody's phone takes in what it was sent.
    Listen {
        /// The place of the person among all.
        who: usize,
    },
    /// Somebody reads everything that they may over HTTP.
    Read {
        /// The place of the person among all.
        who: usize,
    },
    /// Somebody connects, unless they are there or their seat is closed.
    Come {
        /// The place of the person among all.
        who: usize,
    },
    /// Somebody's connection breaks.
    Go {
        /// The place of the person among all.
        who: usize,
    },
    /// All phones lose their connection at once.
    Outage {},
    /// Somebody sends a command again that was answered.
    Repeat {
        /// The place of the person among all.
        who: usize,
        /// Which of their answered commands.
        nth: usize,
    },
    /// Somebody takes a seat in a group.
    Join {
        /// The place of the group among all.
        group: usize,
    },
    /// The organizer makes a group.
    NewGroup {
        /// The number of the command.
        id: u64,
    },
    /// The organizer settles the first text of the list that was taken off because of deleted words.
    SettleText {
        /// The number of the command.
        id: u64,
        /// Put it back?
        keep: bool,
    },
    /// The consultation takes in so many of the things that arrived.
    Turn {
        /// Number of things that arrived.
        take: usize,
    },
    /// A room takes in so many of its messages.
    Room {
        /// The place of the room among those that are loaded.
        nth: usize,
        /// Number of messages of its mailbox.
        take: usize,
    },
    /// A job ends.
    Job {
        /// The place of the job among those under way.
        nth: usize,
    },
    /// Time passes, on every clock.
    Pass {
        /// So many milliseconds.
        millis: u64,
    },
    /// The time of day is set.
    Jump {
        /// By so many milliseconds.
        millis: i64,
    },
    /// The server dies in a turn of the consultation.
    Die {
        /// Before or after the append of the turn.
        death: Death,
        /// How many things the turn takes in.
        take: usize,
    },
    /// The server dies in a turn of a room.
    RoomDies {
        /// Before or after the append of the turn.
        death: Death,
        /// The place of the room among those that are loaded.
        nth: usize,
        /// How many messages the turn takes in.
        take: usize,
    },
}

/// Where a server dies in a turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Death {
    /// Nothing of the turn is durable.
    BeforeAppend,
    /// All of it is durable, and nobody was told.
    AfterAppend,
}

impl Step {
    /// A step in which so much time passes.
    #[must_use]
    pub const fn pass(time: Duration) -> Self {
        Self::Pass { millis: time.as_millis() as u64 }
    }
}

impl Plan {
    /// The plan as a file has it: one step a line.
    ///
    /// # Panics
    /// Never: a plan is plain data.
    #[must_use]
    pub fn to_json(&self) -> String {
        let head = Self { steps: Vec::new(), ..self.clone() };
        let head = serde_json::to_string(&head).unwrap();
        let steps: Vec<String> =
            self.steps.iter().map(|step| format!("  {}", serde_json::to_string(step).unwrap())).collect();
        head.replace("\"steps\":[]", &format!("\"steps\":[\n{}\n]", steps.join(",\n"))) + "\n"
    }

    /// A plan from a file.
    ///
    /// # Panics
    /// When the file is no plan.
    #[must_use]
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap()
    }

    /// The plans of `tests/attack/plans`, by name.
    ///
    /// # Panics
    /// When a file there is no plan.
    #[must_use]
    pub fn saved() -> BTreeMap<String, Self> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/plans");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let plans = files.map(|file| {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            (name, Self::from_json(&fs::read_to_string(&file).unwrap()))
        });
        plans.collect()
    }

    /// The shortest plan that still fails, among those that leave out runs of steps; tries at most so many.
    #[must_use]
    pub fn shortened(&self, tries: usize, fails: impl Fn(&Self) -> bool) -> Self {
        let mut best = self.clone();
        let (mut chunk, mut tried) = (best.steps.len() / 2, 0);
        while chunk > 0 && tried < tries {
            let (mut at, mut shorter) = (0, false);
            while at < best.steps.len() && tried < tries {
                let mut steps = best.steps.clone();
                steps.drain(at..(at + chunk).min(steps.len()));
                let one = Self { steps, ..best.clone() };
                tried += 1;
                if fails(&one) {
                    (best, shorter) = (one, true);
                } else {
                    at += chunk;
                }
            }
            if !shorter || chunk > 1 {
                chunk /= 2;
            }
        }
        best
    }
}
