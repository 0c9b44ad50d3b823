//! What a turn decided and nobody was told yet: first durable, then shown, then answered (rule C4).

use std::collections::{BTreeSet, HashSet};

use proto::api::consultation::{Answer, Joined};
use proto::ids::{ConsultationId, GroupId, SeatId};
use proto::problem::Problem;
use proto::wire::close::CloseReason;
use uuid::Uuid;

use super::deletion::purge_key::PurgeKey;
use super::effect::Effect;
use super::job::Job;
use super::reply::{Answered, ReplyId};
use super::{Env, Live};
use crate::consultation::{
    Audience, CommandKey, DirectoryChange, Effects, Event, EventRecord, NewWords, Outcome, Stamp, Write,
};
use crate::journal::{Append, FileChange, Record, Seq, Stream, StreamRecord, TextChange, TextRow};
use crate::room::SubscriptionId;
use crate::seeded_defects;

/// The seq of a command whose event is not durable yet.
pub(super) const PENDING: Seq = 0;

/// What a turn decided.
#[must_use]
#[derive(Debug)]
pub struct Turn {
    /// Requests that are refused: they leave at once, because they change nothing (rule C3).
    pub refusals: Vec<(ReplyId, Problem)>,
    /// What must be durable; none when nothing was decided.
    pub append: Option<Append>,
    /// Nobody may see this before it is.
    pub undelivered: Undelivered,
}

/// What follows from a turn when it is durable.
#[must_use]
#[derive(Debug, Default)]
pub struct Undelivered {
    /// How many records it appends.
    records: u64,
    after: Vec<After>,
    told: Told,
    /// Does an export say something else after it?
    outdates_exports: bool,
}

/// Who is told what when a turn is durable.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The audiences of all its events together.
    pub(super) audience: Audience,
    pub(super) you: HashSet<SeatId>,
    /// Groups in which the outcome of ideas changed.
    pub(super) outcomes: BTreeSet<GroupId>,
    pub(super) curation: bool,
    pub(super) phases: bool,
    /// Connections that came: each is told everything.
    pub(super) welcome: Vec<SubscriptionId>,
    pub(super) jobs: Vec<Job>,
    /// The command that asked for the deletion of everything.
    pub(super) purge: Option<(CommandKey, ReplyId, PurgeKey)>,
}

/// What follows from one event or request, in the order in which they came.
#[derive(Debug)]
enum After {
    /// Rooms show an event that nobody asked for.
    Shown { index: usize, writes: Vec<Write> },
    /// A command is answered when rooms have shown its event.
    Answer { index: usize, asked: CommandKey, replies: Vec<ReplyId>, writes: Vec<Write> },
    /// A response is answered when the list shows it, with those of others in that moment.
    Responded { index: usize, asked: CommandKey, replies: Vec<ReplyId> },
    /// A command that changed nothing is answered when what was decided before it is durable. `responds`: what it repeats may
    /// not be shown yet.
    Unchanged { asked: CommandKey, responds: bool, reply: ReplyId },
    /// A command that was carried out earlier.
    Known { asked: CommandKey, seq: Seq, reply: ReplyId },
    /// Somebody has a seat.
    Joined { index: usize, joined: Joined, reply: ReplyId },
    /// Nothing waits for it.
    Effect(Box<Effect>),
}

/// What is being decided in a turn.
#[derive(Debug, Default)]
pub(super) struct Batch {
    refusals: Vec<(ReplyId, Problem)>,
    entries: Vec<StreamRecord>,
    texts: Vec<TextChange>,
    files: Vec<FileChange>,
    /// Documents that lose words, with the place of the entry that says so.
    scrubs: Vec<(Stream, usize)>,
    undelivered: Undelivered,
    /// How many of its entries change nothing that an export says.
    spares_exports: usize,
}

impl Batch {
    /// Refuses a request: nothing of it changed anything.
    pub(super) fn refuse(&mut self, reply: ReplyId, problem: Problem) {
        self.refusals.push((reply, problem));
    }

    /// Answers a request when everything before it is durable.
    pub(super) fn respond(&mut self, reply: ReplyId, response: Answered) {
        self.follow(Effect::Reply(reply, response));
    }

    /// Does something when everything before it is durable.
    pub(super) fn follow(&mut self, effect: Effect) {
        self.undelivered.after.push(After::Effect(Box::new(effect)));
    }

    pub(super) fn told(&mut self) -> &mut Told {
        &mut self.undelivered.told
    }

    /// Rows of texts that belong to no event.
    pub(super) fn change_texts(&mut self, texts: impl IntoIterator<Item = TextChange>) {
        self.texts.extend(texts);
    }

    /// The place of the last entry: what is answered by what is decided already waits for it.
    fn last_index(&self) -> usize {
        self.entries.len().saturating_sub(1)
    }

    /// A command is answered when everything before it is durable.
    pub(super) fn answer(&mut self, asked: CommandKey, reply: ReplyId) {
        let index = self.last_index();
        self.undelivered.after.push(After::Answer { index, asked, replies: vec![reply], writes: Vec::new() });
    }

    /// A command whose first sending is in this very turn is answered like that one.
    pub(super) fn answer_again(&mut self, asked: CommandKey, reply: ReplyId) {
        if seeded_defects::is("repeat-answered-late") {
            return self.answer(asked, reply);
        }
        for after in &mut self.undelivered.after {
            match after {
                After::Answer { asked: first, replies, .. }
                | After::Responded { asked: first, replies, .. }
                    if first.id == asked.id =>
                {
                    replies.push(reply);
                    return;
                }
                After::Answer { .. }
                | After::Responded { .. }
                | After::Shown { .. }
                | After::Unchanged { .. }
                | After::Known { .. }
                | After::Joined { .. }
                | After::Effect(_) => {}
            }
        }
    }

    pub(super) fn unchanged(&mut self, asked: CommandKey, responds: bool, reply: ReplyId) {
        self.undelivered.after.push(After::Unchanged { asked, responds, reply });
    }

    /// A command that was carried out earlier is answered again.
    pub(super) fn repeated(&mut self, asked: CommandKey, seq: Seq, reply: ReplyId) {
        self.undelivered.after.push(After::Known { asked, seq, reply });
    }

    pub(super) fn joined(&mut self, joined: Joined, reply: ReplyId) {
        let index = self.last_index();
        self.undelivered.after.push(After::Joined { index, joined, reply });
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.texts.is_empty()
    }

    pub(super) fn into_turn(self, consultation: ConsultationId) -> Turn {
        let Self { refusals, entries, texts, files, mut scrubs, mut undelivered, spares_exports } = self;
        if texts.iter().any(|text| matches!(text, TextChange::Delete(TextRow::Objection(_)))) {
            // The list still shows the line for a moment.
            scrubs.push((Stream::Plenary, entries.len().saturating_sub(1)));
        }
        if seeded_defects::is("scrubs-unrecorded") {
            scrubs.clear();
        }
        undelivered.records = entries.len() as u64;
        // That an export was taken away, and that earlier wordings were kept, is told by no export.
        let deletes = texts.iter().any(|text| matches!(text, TextChange::Delete(_)));
        undelivered.outdates_exports = entries.len() > spares_exports || deletes;
        let nothing = entries.is_empty() && texts.is_empty();
        let append = Append { consultation, entries, texts, files, keys: None, scrubs };
        Turn { refusals, append: (!nothing).then_some(append), undelivered }
    }
}

impl Undelivered {
    /// Boards whose vote has opened are read when it is durable.
    pub(super) const fn reads_texts(&mut self) {
        self.told.phases = true;
    }

    /// How many records of the turn the journal has taken.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// Does an export say something else after it?
    #[must_use]
    pub const fn outdates_exports(&self) -> bool {
        self.outdates_exports
    }
}

/// The seat of what the server decides by itself.
pub(super) const NOBODY: SeatId = SeatId(Uuid::nil());

impl Live {
    /// Takes in an event without words, decided by a seat or by the server itself.
    pub(super) fn decided(
        &mut self,
        asked: Option<(CommandKey, ReplyId)>,
        seat: SeatId,
        event: Event,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let decided = Outcome { event, texts: Vec::new(), files: Vec::new(), words: NewWords::default() };
        self.decided_with(asked, seat, decided, batch, env);
    }

    /// Takes in what was decided, with its words.
    pub(super) fn decided_with(
        &mut self,
        asked: Option<(CommandKey, ReplyId)>,
        seat: SeatId,
        decided: Outcome,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let mut decided = decided;
        self.erase_in_versions(&mut decided, env);
        let Outcome { event, texts, files, words } = decided;
        batch.texts.extend(texts);
        batch.files.extend(files);
        if event.audience().asker {
            batch.told().you.insert(seat);
        }
        let stamp = self.consultation.stamp(seat, &event, env.now);
        let command = asked.map(|(asked, _)| asked);
        self.apply(EventRecord { command, stamp, event }, asked.map(|(_, reply)| reply), &words, batch, env);
    }

    /// Takes in what the server decided by itself, with its words.
    pub(super) fn decided_by_server(
        &mut self,
        stamp: Stamp,
        decided: Outcome,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let Outcome { event, texts, files, words } = decided;
        batch.texts.extend(texts);
        batch.files.extend(files);
        self.apply(EventRecord { command: None, stamp: Some(stamp), event }, None, &words, batch, env);
    }

    /// Takes in an event that is stamped already.
    pub(super) fn stamped(
        &mut self,
        words: Option<NewWords>,
        stamp: Option<Stamp>,
        event: Event,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let words = words.unwrap_or_default();
        self.apply(EventRecord { command: None, stamp, event }, None, &words, batch, env);
    }

    /// The one way from an event to the journal.
    fn apply(
        &mut self,
        record: EventRecord,
        reply: Option<ReplyId>,
        words: &NewWords,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let effects = self.consultation.enact(&record, words, &env.limits.repeats);
        let Effects { writes, audience, you, outcomes, gone, directory, fullness_changed } = effects;
        self.state_push.outdated();
        if audience.soon || fullness_changed {
            self.presence_changed(env);
        }
        self.note_responses(audience, env);
        let seen_by_staff = self.note_change(audience, &gone, env);
        let told = batch.told();
        told.curation |= seen_by_staff;
        told.you.extend(you);
        told.outcomes.extend(outcomes);
        told.phases |= audience.phases;
        told.audience.merge(audience);
        batch.spares_exports += usize::from(audience.spares_exports);
        batch
            .entries
            .push(StreamRecord { stream: Stream::Consultation, record: Record::Decided(record.to_bytes()) });
        let index = batch.last_index();
        batch.scrubs.extend(writes.iter().filter_map(Write::loses_words).map(|stream| (stream, index)));
        let after = &mut batch.undelivered.after;
        match record.command {
            Some(asked) => {
                let replies = reply.into_iter().collect();
                self.consultation.remember(asked, PENDING, env.limits.commands_remembered);
                after.push(if audience.answered_by_list {
                    After::Responded { index, asked, replies }
                } else {
                    After::Answer { index, asked, replies, writes }
                });
            }
            None if writes.is_empty() => {}
            None => after.push(After::Shown { index, writes }),
        }
        for change in directory {
            self.shut_out(&change, env);
            batch.follow(Effect::Directory(change));
        }
        if audience.phases
            && let Some(event) = self.consultation.decide_counted()
        {
            self.stamped(None, None, event, batch, env);
        }
    }

    /// Seats that a change of the directory shuts out have no connections any more.
    fn shut_out(&mut self, change: &DirectoryChange, env: &Env<'_>) {
        match change {
            DirectoryChange::SeatsClosed { seats, .. } => {
                self.connections.remove_seats(|seat| seats.contains(&seat));
                self.presence_changed(env);
            }
            DirectoryChange::SeatLost(seat, _) | DirectoryChange::TokenExchanged(seat, _) => {
                self.connections.remove_seats(|other| other == *seat);
                self.presence_changed(env);
            }
            DirectoryChange::Listing(listing) => {
                self.connections.remove_seats(|seat| listing.ended.iter().any(|(ended, _)| *ended == seat));
            }
            DirectoryChange::Entrances(_)
            | DirectoryChange::SeatTaken { .. }
            | DirectoryChange::SeatsRestored(_)
            | DirectoryChange::LetIn(_) => {}
        }
    }

    /// The first thing that happens on a day is noted with it.
    pub(super) fn note_activity(&mut self, batch: &mut Batch, env: &Env<'_>) {
        if !batch.is_empty()
            && let Some(event) = self.consultation.decide_active(env.now)
        {
            self.stamped(None, None, event, batch, env);
        }
    }

    /// What follows from the events of a turn, in their order.
    pub(super) fn deliver(&mut self, turn: Undelivered, effects: &mut Vec<Effect>, env: &Env<'_>) -> Told {
        let Undelivered { records, after, told, .. } = turn;
        let first = (self.last + 1).saturating_sub(records);
        let seq_of = |index: usize| if records > 0 { first + index as u64 } else { first.saturating_sub(1) };
        for after in after {
            match after {
                After::Shown { index, writes } => {
                    effects.push(Effect::Show { seq: seq_of(index), writes, then: Vec::new() });
                }
                After::Answer { index, asked, replies, writes } => {
                    let seq = seq_of(index);
                    self.consultation.remember(asked, seq, env.limits.commands_remembered);
                    let then =
                        replies.into_iter().map(|reply| (reply, Answer::done(asked.id, seq))).collect();
                    effects.push(Effect::Show { seq, writes, then });
                }
                After::Responded { index, asked, replies } => {
                    let seq = seq_of(index);
                    self.consultation.remember(asked, seq, env.limits.commands_remembered);
                    let answers = replies.into_iter().map(|reply| (reply, Answer::done(asked.id, seq)));
                    effects.extend(answers.filter_map(|answer| self.responses.answer(answer)));
                }
                After::Unchanged { asked, responds, reply } => {
                    // Before anything was appended since the start the last record is not known; 0 would mean that it is on
                    // its way.
                    let seq = self.last.max(PENDING + 1);
                    self.consultation.remember_unchanged(asked, seq, env.limits.costs.unchanged_remembered);
                    let answer = (reply, Answer::done(asked.id, seq));
                    effects.extend(if responds {
                        self.responses.answer(answer)
                    } else {
                        Some(answered(answer))
                    });
                }
                // It may be a response that waits to be shown.
                After::Known { asked, seq, reply } => {
                    effects.extend(self.responses.answer((reply, Answer::done(asked.id, seq))));
                }
                After::Joined { index, joined, reply } => {
                    effects.push(Effect::Reply(reply, Answered::Joined(joined, seq_of(index))));
                }
                After::Effect(effect) => effects.push(*effect),
            }
        }
        told
    }
}

/// A command is answered.
pub(super) fn answered((reply, answer): (ReplyId, Answer)) -> Effect {
    Effect::Reply(reply, Answered::Answer(Box::new(answer)))
}

/// A connection is closed before it was let in.
pub(super) const fn closed(connection: SubscriptionId, reason: CloseReason) -> Effect {
    Effect::Close(connection, reason)
}
