//! One consultation while it runs, as a pure state machine of the same shape as `room::RoomState`.
//!
//! [`Live::turn`] takes what arrived and says what must be durable; [`Live::durable`] says, when it is, what must be done. There
//! is no other way to an effect, so nobody learns of anything that is not durable (invariant I4). No I/O, no task, no channel and
//! no clock: time, randomness and bounds come in as [`Env`], and whoever waits for an answer is a number. `live::actor` is the
//! loop around it. Each subject has a file below; timers are data, each with its owner, and `due` lists them all.

mod announced_phases;
mod batch;
mod commands;
mod connections;
mod deletion;
pub mod effect;
mod entry;
mod env;
pub mod input;
pub mod job;
pub mod merge;
mod push;
mod reply;
mod responses;
mod versions;

use proto::ids::ConsultationId;

use crate::clock::Tick;
use crate::consultation::Consultation;
use crate::journal::Seq;
use crate::room::RoomReport;
use crate::seeded_defects;

pub use batch::{Turn, Undelivered};
pub use deletion::purge_key::PurgeKey;
pub use effect::{Effect, To};
pub use env::Env;
pub use input::Input;
pub use job::{Job, JobDone};
pub use push::seat_view::Report;
pub use reply::{Answered, ReplyId};

use batch::Batch;
use commands::document_sizes::DocumentSizes;
use commands::row_accounts::RowAccounts;
use commands::seat_order::SeatOrder;
use commands::seen_absent::SeenAbsent;
use connections::Connections;
use deletion::repeat_search::RepeatSearches;
use deletion::retention::Retention;
use merge::schedule::MergeSchedule;
use push::curation::CurationPush;
use push::desks::DeskPush;
use push::outcomes::OutcomePush;
use push::to_everybody::StatePush;
use responses::PendingResponses;

/// A consultation while it runs.
pub struct Live {
    consultation: Consultation,
    connections: Connections,
    merges: MergeSchedule,
    responses: PendingResponses,
    retention: Retention,
    rows: RowAccounts,
    repeat_searches: RepeatSearches,
    sizes: DocumentSizes,
    seat_order: SeatOrder,
    seen_absent: SeenAbsent,
    state_push: StatePush,
    curation_push: CurationPush,
    desk_push: DeskPush,
    outcome_push: OutcomePush,
    /// While the list is read to make a version of it: how often words had been deleted when that began.
    list_reading: Option<u64>,
    /// How often words were deleted since the start.
    deletions: u64,
    /// The last record of this consultation's own stream; 0 before anything was appended since the start.
    last: Seq,
}

/// Everything that happens by itself, in the order in which it happens when several are due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Timer {
    /// A closed door opens.
    DoorOpens,
    /// An announced phase change is carried out.
    AnnouncedPhase,
    /// The list is made anew.
    MergeRun,
    /// The list shows what was said about it.
    ShowResponses,
    /// Everybody is sent the state.
    StatePush,
    /// Those who curate are sent what may be the same.
    CurationPush,
    /// Staff are sent their desks.
    DeskPush,
    /// Authors are told that the outcome of ideas changed.
    OutcomePush,
    /// Looks whether everything must be deleted, or words that nobody decided about.
    PurgeCheck,
}

impl Timer {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::DoorOpens,
        Self::AnnouncedPhase,
        Self::MergeRun,
        Self::ShowResponses,
        Self::StatePush,
        Self::CurationPush,
        Self::DeskPush,
        Self::OutcomePush,
        Self::PurgeCheck,
    ];
}

impl Live {
    /// Begins to run a consultation, as it was loaded or made.
    #[must_use]
    pub fn new(mut consultation: Consultation, env: &Env<'_>) -> Self {
        consultation.show_lines(env.limits.in_room.objection_lines_max);
        consultation.set_room(env.limits.room);
        consultation.count_waits_from(env.now);
        Self {
            consultation,
            connections: Connections::new(env.now),
            merges: MergeSchedule::default(),
            responses: PendingResponses::default(),
            retention: Retention::new(env.tick),
            rows: RowAccounts::default(),
            repeat_searches: RepeatSearches::default(),
            sizes: DocumentSizes::default(),
            seat_order: SeatOrder::default(),
            seen_absent: SeenAbsent::new(env.limits.voices.sights_kept),
            state_push: StatePush::new(&env.limits.costs, env.tick),
            curation_push: CurationPush::default(),
            desk_push: DeskPush::default(),
            outcome_push: OutcomePush::default(),
            list_reading: None,
            deletions: 0,
            last: 0,
        }
    }

    /// The first turn: what was left when the server stopped is carried out, and boards whose vote had just opened are read.
    pub fn begin(&mut self, env: &Env<'_>) -> Turn {
        let mut turn = self.turn([], env);
        turn.undelivered.reads_texts();
        turn
    }

    /// Takes in what arrived, in order: first what is due by itself, then reports and requests.
    pub fn turn(&mut self, inputs: impl IntoIterator<Item = Input>, env: &Env<'_>) -> Turn {
        let mut batch = Batch::default();
        let stale = self.consultation.take_stale_rows();
        batch.change_texts(stale.filter(|_| !seeded_defects::is("stale-rows-stay")));
        self.open_door(&mut batch, env);
        self.carry_out_announced(&mut batch, env);
        if self.is_due(Timer::PurgeCheck, env) {
            self.check_retention(&mut batch, env);
            self.give_up_undecided(&mut batch, env);
        }
        for input in inputs {
            self.take(input, &mut batch, env);
        }
        self.note_activity(&mut batch, env);
        batch.into_turn(self.consultation.id())
    }

    fn take(&mut self, input: Input, batch: &mut Batch, env: &Env<'_>) {
        match input {
            Input::Command { seat, command, reply } => self.command(seat, command, reply, batch, env),
            Input::Join { join, arrival, reply } => self.join(&join, arrival, reply, batch, env),
            Input::Exchange { seat, from, request, reply } => {
                self.exchange(seat, (from, request), reply, batch, env);
            }
            Input::Upload { upload, reply } => self.store(*upload, reply, batch, env),
            Input::Exported(seat, exported) => {
                if let Some(event) = self.consultation.decide_exported(seat, exported) {
                    self.decided(None, seat, event, batch, env);
                }
            }
            Input::SeatCode { seat, reply } => match self.consultation.seat_code(seat, env.decision()) {
                Ok(code) => batch.respond(reply, Answered::SeatCode(code)),
                Err(problem) => batch.refuse(reply, problem),
            },
            Input::Opened(seat) => {
                self.connections.note_opened(seat);
                self.note_contact(seat, batch, env);
            }
            Input::CurationWatched => self.find_again(env),
            Input::Connected { connection, seat } => self.connect(connection, seat, batch, env),
            Input::Disconnected(connection) => {
                if self.connections.remove(connection) {
                    self.presence_changed(env);
                    self.desk_changed(env);
                }
            }
            Input::Unsent { connection, count } => {
                if self.connections.set_unsent(connection, count) {
                    self.desk_changed(env);
                }
            }
            Input::Room(RoomReport::TextsHidden(texts)) => {
                self.consultation.keep_words(texts);
                self.desk_changed(env);
            }
            Input::Room(RoomReport::TextIdle(idle)) => {
                self.note_words(idle.idea, env);
                self.keep_wording(idle, batch, env);
            }
            Input::Room(RoomReport::EmptyIdeas(group, ideas)) => self.note_empty(group, ideas, batch, env),
            Input::Room(RoomReport::StaffWrote(wrote)) => {
                let (event, stamp) = self.consultation.decide_worded(wrote.by, wrote.text, env.now);
                self.stamped(None, Some(stamp), event, batch, env);
            }
            Input::Done(JobDone::Merged(merged)) => self.merged(*merged, batch, env),
            Input::Done(JobDone::Meanings(meanings)) => self.meanings_found(meanings, batch, env),
            Input::Done(JobDone::WriterFound(request, found)) => {
                self.writer_found(request, found, batch, env);
            }
            Input::Done(JobDone::RoomAnswered(question, words)) => {
                self.room_answered(*question, words, batch, env);
            }
            Input::Done(JobDone::ListRead(list)) => self.list_was_read(list, batch, env),
            Input::Done(JobDone::RepeatsFound(found)) => self.repeats_found(found, batch, env),
            Input::Done(JobDone::TextsRead { group, opening, words }) => {
                self.texts_were_read((group, opening), &words, batch, env);
            }
        }
    }

    /// What must be done now that a turn is durable. `last`: its last record; none when it appended none.
    pub fn durable(&mut self, turn: Undelivered, last: Option<Seq>, env: &Env<'_>) -> Vec<Effect> {
        self.last = last.unwrap_or(self.last);
        let mut effects = Vec::new();
        let told = self.deliver(turn, &mut effects, env);
        self.show_responses(&mut effects, env);
        self.push(&told, &mut effects, env);
        if self.merges.is_wanted(env.tick) {
            self.start_merge(&mut effects, env);
        }
        effects.extend(told.jobs.into_iter().map(Effect::Start));
        if told.phases {
            effects.extend(self.texts_to_read().map(Effect::Start));
        }
        effects.extend(self.version_to_make().map(Effect::Start));
        effects.extend(self.purge_now(told.purge, env).map(|purge| Effect::Purge(Box::new(purge))));
        effects
    }

    /// When the next thing happens by itself.
    #[must_use]
    pub fn next_due(&self, env: &Env<'_>) -> Option<Tick> {
        Timer::ALL.iter().filter_map(|timer| self.due(*timer, env)).min()
    }

    fn due(&self, timer: Timer, env: &Env<'_>) -> Option<Tick> {
        match timer {
            Timer::DoorOpens => self.door_due(env),
            Timer::AnnouncedPhase => self.announced_due(env),
            Timer::MergeRun => self.merges.due(),
            Timer::ShowResponses => self.responses.due(),
            Timer::StatePush => self.state_push.due(),
            Timer::CurationPush => self.curation_push.due(),
            Timer::DeskPush => self.desk_push.due(),
            Timer::OutcomePush => self.outcome_push.due(),
            Timer::PurgeCheck => Some(self.retention.check_due()),
        }
    }

    fn is_due(&self, timer: Timer, env: &Env<'_>) -> bool {
        self.due(timer, env).is_some_and(|due| due <= env.tick)
    }

    /// What was decided so far, read-only. Events reach it by turns alone.
    #[must_use]
    pub const fn consultation(&self) -> &Consultation {
        &self.consultation
    }

    /// The id under which the journal and the directory know this consultation.
    #[must_use]
    pub const fn id(&self) -> ConsultationId {
        self.consultation.id()
    }
}
