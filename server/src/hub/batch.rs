//! What a consultation's task decided and has not told anybody yet: first durable, then shown, then answered (rule C4).

use std::collections::{BTreeSet, HashSet};

use proto::api::consultation::{Answer, Joined};
use proto::ids::{ConsultationId, GroupId, SeatId};
use proto::problem::Problem;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::task::Task;
use crate::consultation::secret::hash_token;
use crate::consultation::{CommandKey, Entrance, Event, EventRecord, Hash32, NewWords, Stamp, Write};
use crate::journal::{
    Append, FileChange, JournalError, Record, Seq, Stream, StreamRecord, TextChange, TextRow,
};
use crate::seeded_defects;

/// Where the answer to a command goes.
pub(super) type Reply = oneshot::Sender<Result<Answer, Problem>>;

/// What was decided in a batch and waits to be durable.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) entries: Vec<StreamRecord>,
    pub(super) texts: Vec<TextChange>,
    pub(super) files: Vec<FileChange>,
    pub(super) after: Vec<Effect>,
    /// Documents that lose words, with the place of the entry that says so.
    pub(super) scrubs: Vec<(Stream, usize)>,
    // Who must hear what.
    pub(super) state_changed: bool,
    /// Everybody must hear of it at once: a phase change, or its announcement.
    pub(super) moved: bool,
    pub(super) you_changed: HashSet<SeatId>,
    pub(super) curation_changed: bool,
    pub(super) desk_changed: bool,
    /// Groups in which something else became of ideas.
    pub(super) fates_changed: BTreeSet<GroupId>,
    pub(super) voters_changed: bool,
    pub(super) closed: HashSet<SeatId>,
    pub(super) reopened: Vec<SeatId>,
    pub(super) let_in: Vec<SeatId>,
    pub(super) votes_may_open: bool,
    /// How many of its entries say that an export was taken away.
    pub(super) exported: usize,
    /// Seats and tokens of staff links that ended; some when links or groups are others.
    pub(super) links_ended: Option<Vec<(SeatId, Hash32)>>,
}

pub(super) enum Effect {
    Shown {
        index: usize,
        writes: Vec<Write>,
    },
    Answer {
        index: usize,
        asked: CommandKey,
        reply: Option<Reply>,
        writes: Vec<Write>,
    },
    /// Said in the room: answered when the plenary shows it, with what others said in that moment.
    Said {
        index: usize,
        asked: CommandKey,
        reply: Option<Reply>,
    },
    /// A command that changed nothing: answered when what was decided before it is durable.
    Unchanged {
        asked: CommandKey,
        /// Was it said in the room? Then what it repeats may not be shown yet.
        said: bool,
        reply: Reply,
    },
    Seated {
        index: usize,
        joined: Joined,
        reply: oneshot::Sender<Result<(Joined, Seq), Problem>>,
    },
    /// There are more ways in.
    Entrances(Vec<Entrance>),
    /// A seat's phone has it no longer.
    Gone(SeatId, Hash32),
    /// A seat has another token than this one.
    Exchanged(SeatId, Hash32),
}

impl Batch {
    /// What of it has to be durable.
    fn take_append(&mut self, consultation: ConsultationId) -> Append {
        let entries = std::mem::take(&mut self.entries);
        let texts = std::mem::take(&mut self.texts);
        let mut scrubs = std::mem::take(&mut self.scrubs);
        if texts.iter().any(|text| matches!(text, TextChange::Delete(TextRow::Objection(_)))) {
            // The list still shows the line for a moment.
            scrubs.push((Stream::Plenary, entries.len().saturating_sub(1)));
        }
        Append { consultation, entries, texts, files: std::mem::take(&mut self.files), keys: None, scrubs }
    }
}

/// The seq of a command whose event is not durable yet.
pub(super) const PENDING: Seq = 0;

impl Task {
    /// Takes an event in and notes what must follow when it is durable.
    pub(super) fn decided(
        &mut self,
        asked: Option<(CommandKey, Option<Reply>)>,
        seat: SeatId,
        event: Event,
        words: &NewWords,
        batch: &mut Batch,
    ) {
        if event.audience().asker {
            batch.you_changed.insert(seat);
        }
        let stamp = self.consultation.stamp(seat, &event, self.clock.now());
        self.stamped(asked, stamp, event, words, batch);
    }

    /// The same for what is stamped already.
    pub(super) fn stamped(
        &mut self,
        asked: Option<(CommandKey, Option<Reply>)>,
        stamp: Option<Stamp>,
        event: Event,
        words: &NewWords,
        batch: &mut Batch,
    ) {
        let audience = event.audience();
        batch.state_changed |= audience.everybody;
        if audience.soon {
            self.presence_changed();
        }
        batch.desk_changed |= audience.desk;
        batch.fates_changed.extend(self.consultation.groups_with_new_fates(&event));
        batch.voters_changed |= audience.voters;
        batch.moved |= matches!(event, Event::Moved { .. } | Event::Announced { .. });
        batch.votes_may_open |= matches!(event, Event::Moved { .. });
        if let Event::SeatClosed { seat, .. } = &event {
            batch.closed.insert(*seat);
        }
        if let Event::SeatsClosed { seats, .. } = &event {
            batch.closed.extend(seats);
        }
        if let Event::SeatsRestored { closing } = &event {
            batch.reopened.extend(self.consultation.seats_of_closing(*closing));
        }
        if let Event::LetIn { seats, .. } = &event {
            batch.let_in.extend(seats);
        }
        // Their budget is another.
        let mut concerned = self.consultation.regrouped(&event);
        concerned.extend(event.changes_board_of());
        if !concerned.is_empty() {
            batch.you_changed.extend(self.consultation.supporters(&concerned));
        }
        if let Event::ObjectionHidden { item, objection } = &event {
            batch.you_changed.extend(self.consultation.objector(*item, *objection));
        }
        batch.you_changed.extend(event.concerns());
        batch.after.extend(self.leaving(&event));
        let command = asked.as_ref().map(|(asked, _)| *asked);
        let decision = EventRecord { command, stamp, event };
        batch.exported += usize::from(matches!(decision.event, Event::Exported(_)));
        let moved = matches!(decision.event, Event::Moved { .. });
        let said = matches!(decision.event, Event::Responded { .. });
        let links = self.links_before(&decision.event);
        let fullness = self.fullness_after(&decision.event);
        if let Event::Hidden { idea, erased: true, .. } = &decision.event {
            self.consultation.find_repeats(*idea, &self.limits.repeats);
            batch.desk_changed = true;
        }
        let writes = self.consultation.apply(&decision, words);
        self.stated = None;
        if fullness != self.fullness_after(&decision.event) {
            self.presence_changed();
        }
        self.note_room(&decision.event);
        self.note_links(links, batch);
        batch.curation_changed |= self.note_change(&decision.event);
        batch.after.extend(self.entering(&decision.event));
        let record = Record::Decided(decision.to_bytes());
        batch.entries.push(StreamRecord { stream: Stream::Consultation, record });
        let index = batch.entries.len() - 1;
        batch.scrubs.extend(writes.iter().filter_map(Write::loses_words).map(|stream| (stream, index)));
        if let Some((asked, reply)) = asked {
            self.consultation.remember(asked, PENDING, self.limits.commands_remembered);
            batch.after.push(if said {
                Effect::Said { index, asked, reply }
            } else {
                Effect::Answer { index, asked, reply, writes }
            });
        } else if !writes.is_empty() {
            batch.after.push(Effect::Shown { index, writes });
        }
        if moved {
            self.count_writers(batch);
        }
    }

    /// Answers a command that changed nothing.
    fn unchanged(&mut self, asked: CommandKey, said: bool, reply: Reply) {
        // Before anything was appended since the start the last record is not known; 0 would mean that it is on its way.
        let seq = self.last.max(PENDING + 1);
        self.consultation.remember_unchanged(asked, seq, self.limits.costs.unchanged_remembered);
        let answer = Answer::done(asked.id, seq);
        if said && self.room_due.is_some() {
            self.room_answers.push((answer, reply));
        } else {
            let _ = reply.send(Ok(answer));
        }
    }

    /// The first thing that happens on a day is noted with it.
    fn note_activity(&mut self, batch: &mut Batch) {
        if (!batch.entries.is_empty() || !batch.texts.is_empty())
            && let Some(event) = self.consultation.activity(self.clock.now())
        {
            self.stamped(None, None, event, &NewWords::default(), batch);
        }
    }

    /// Makes durable what a batch decided; says how many records that are.
    async fn make_durable(&mut self, batch: &mut Batch) -> Result<u64, JournalError> {
        self.note_activity(batch);
        let count = batch.entries.len() as u64;
        let append = batch.take_append(self.consultation.id());
        let panics = append.texts.iter().any(
            |text| matches!(text, TextChange::Put(_, words) if seeded_defects::asked_by(words, "PANIC AFTER COMMIT")),
        );
        // That an export was taken away, and that earlier wordings were kept, is told by no export.
        let deletes = append.texts.iter().any(|text| matches!(text, TextChange::Delete(_)));
        let outdates = append.entries.len() > batch.exported || deletes;
        if count > 0 || !append.texts.is_empty() {
            let stopped = || JournalError::Stopped("its writer has ended".to_owned());
            let last = self.journal.append(append).await.unwrap_or_else(|_| Err(stopped()))?;
            if count > 0 {
                self.last = last;
            }
        }
        if outdates {
            self.life.changed.send_replace(());
        }
        assert!(!panics, "a seeded defect: durable, and nobody was told");
        Ok(count)
    }

    /// Makes a batch durable, then tells rooms and people.
    pub(super) async fn commit(&mut self, mut batch: Batch) -> Result<(), JournalError> {
        if batch.entries.is_empty() && batch.after.is_empty() && batch.texts.is_empty() {
            return Ok(());
        }
        let count = self.make_durable(&mut batch).await?;
        let first = (self.last + 1).saturating_sub(count);
        let seq_of = |index: usize| if count > 0 { first + index as u64 } else { first.saturating_sub(1) };
        for after in batch.after {
            match after {
                Effect::Shown { index, writes } => self.project(seq_of(index), writes, Vec::new()).await,
                Effect::Answer { index, asked, reply, writes } => {
                    let seq = seq_of(index);
                    self.consultation.remember(asked, seq, self.limits.commands_remembered);
                    let answer = Answer::done(asked.id, seq);
                    self.project(seq, writes, reply.map(|reply| (answer, reply)).into_iter().collect()).await;
                }
                Effect::Said { index, asked, reply } => self.said(asked, seq_of(index), reply),
                Effect::Unchanged { asked, said, reply } => self.unchanged(asked, said, reply),
                Effect::Entrances(entrances) => self.directory.entrances(self.consultation.id(), entrances),
                Effect::Gone(seat, token) => self.revoke_token(seat, token),
                Effect::Exchanged(seat, token) => self.end_phone(seat, token),
                Effect::Seated { index, joined, reply } => {
                    let waits = self.consultation.is_at_door(joined.seat);
                    self.directory.seat(joined.consultation, joined.seat, hash_token(&joined.token), waits);
                    let _ = reply.send(Ok((joined, seq_of(index))));
                }
            }
        }
        self.end_seats(&batch.closed);
        self.directory.reopen(&batch.reopened);
        self.directory.let_in(&batch.let_in);
        if let Some(ended) = batch.links_ended {
            self.end_links(&ended);
        }
        if batch.voters_changed {
            batch.you_changed.extend(self.subscribers.values().map(|subscriber| subscriber.seat));
        }
        if batch.moved {
            self.pushing.urgent(&self.limits.costs, Instant::now());
        } else if batch.state_changed {
            self.pushing.changed(&self.limits.costs, Instant::now());
        }
        self.push_state_if_due();
        self.push_you(&batch.you_changed);
        if batch.curation_changed {
            self.push_curation();
        }
        if batch.desk_changed {
            self.desk_changed();
        }
        self.fates_changed(batch.fates_changed);
        if batch.votes_may_open {
            self.read_words();
        }
        Ok(())
    }
}
