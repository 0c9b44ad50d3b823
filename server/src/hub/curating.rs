//! When the list is made anew, and what staff are told beside it.
//!
//! A `merge` command runs at once. Once the list is live, a change that matters is followed by a run after a quiet
//! moment; a run that changes nothing is no run. While a vote is secret nothing runs by itself, because the order would
//! tell how it stands. A frozen list waits: staff are told what a run would change.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use proto::api::curation::{Curation, ListDecisions, Waiting};
use proto::ids::{DocumentName, GroupId, IdeaId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};
use proto::role::Role;
use proto::wire::stateless::ServerMessage;
use tokio::time::Instant;

use super::batch::{Batch, Effect, Reply};
use super::following::send;
use super::merging::{self, Findings, MergeOutcome, Merged, Prepared, Rooms};
use super::task::Task;
use super::widening::Meanings;
use crate::access::{Actor, Deed, may_ever};
use crate::consultation::{CommandKey, Event, Hash32, Idea, ListChange, NewWords, RunFacts, Stamp};
use crate::journal::{JournalError, TextChange, TextRow};
use crate::plenary::TalliesShown;
use crate::plenary::carried_over::difference;
use crate::room::SubscriptionId;

/// Somebody who asked for a run.
type MergeRequest = (SeatId, CommandKey, Reply);

/// What waits for a run, and what the last one found.
#[derive(Default)]
pub struct Curating {
    /// Who is answered by the run under way.
    served: Vec<MergeRequest>,
    /// Who asked since it began.
    wishes: Vec<MergeRequest>,
    /// When the next run begins by itself, and the first change that it is for.
    due: Option<(Instant, Instant)>,
    found: Option<Findings>,
    waiting: Option<Waiting>,
    pub(super) meanings: Meanings,
}

impl Curating {
    /// When the next run begins by itself.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.due.map(|(due, _)| due)
    }

    /// A change happened now: the run comes when it has been quiet, or when the first change has waited long enough.
    fn put_off(&mut self, now: Instant, pause: Duration, pause_max: Duration) {
        let first = self.due.map_or(now, |(_, first)| first);
        self.due = Some(((now + pause).min(first + pause_max), first));
    }

    /// The words of ideas that were taken back are told to nobody.
    fn forget(&mut self, gone: &HashSet<IdeaId>) {
        if gone.is_empty() {
            return;
        }
        self.found.iter_mut().for_each(|found| found.forget(gone));
        gone.iter().for_each(|idea| self.meanings.forget(*idea));
    }

    /// What a run found, with what is known to mean the same.
    fn find(&mut self, found: Findings) {
        self.found = Some(found);
        self.add_near();
    }

    /// What may mean the same is added to what the last run found.
    pub(super) fn add_near(&mut self) {
        if let Some(found) = &mut self.found {
            self.meanings.add_to(found);
        }
    }

    /// The same wish again is the same wish.
    fn wish(&mut self, wish: MergeRequest) {
        let known = self.served.iter().any(|(_, asked, _)| asked.id == wish.1.id);
        if known { self.served.push(wish) } else { self.wishes.push(wish) }
    }
}

impl Task {
    pub(super) fn begin_merge(&mut self, seat: SeatId, asked: CommandKey, reply: Reply) {
        if self.consultation.list().frozen {
            let _ = reply.send(Err(self.stands_still()));
            return;
        }
        self.curating.wish((seat, asked, reply));
        if self.merges.is_empty() {
            self.start_merge();
        }
    }

    /// Why nothing moves, with the version that can be quoted.
    fn stands_still(&self) -> Problem {
        let version = self.consultation.list().version;
        let detail = format!("The list is frozen as version {version}. Let it move again first.");
        Problem::because(Code::ListFrozen, detail)
    }

    pub(super) fn start_merge(&mut self) {
        self.curating.due = None;
        self.curating.served.append(&mut self.curating.wishes);
        if self.curating.served.is_empty() && !self.is_live() {
            return;
        }
        let groups: Vec<GroupId> = self.consultation.groups().keys().copied().collect();
        let boards = groups.into_iter().map(|group| (group, self.room(DocumentName::Board(group))));
        let boards = boards.collect::<BTreeMap<_, _>>();
        let plenary = self.room(DocumentName::Plenary(self.consultation.id()));
        let drawn = self.consultation.lot().is_none().then(|| Hash32(self.entropy.bytes()));
        let prepared = Prepared::of(&self.consultation, drawn, &self.limits);
        let prepared = if self.embedder.is_some() { prepared.with_all_ideas() } else { prepared };
        self.merges.spawn(merging::merge(prepared, Rooms { boards, plenary }));
    }

    /// Does the list follow what happens? From the plenary on, or once somebody asked for it; never while a group votes
    /// in secret.
    fn is_live(&self) -> bool {
        let begun = match self.consultation.phase_of(None) {
            Phase::Plenary => true,
            Phase::Brainstorm | Phase::Vote => self.consultation.run() > 0,
            Phase::Lobby | Phase::Briefing | Phase::Closed => false,
        };
        begun && merging::tallies(&self.consultation) == TalliesShown::Yes
    }

    /// An event was taken in. Returns whether staff must be told.
    pub(super) fn note_change(&mut self, event: &Event) -> bool {
        let audience = event.audience();
        if audience.merge && self.is_live() {
            self.curating.put_off(Instant::now(), self.limits.merge_pause, self.limits.merge_pause_max);
        }
        let gone = self.forget_found(event);
        if matches!(event, Event::List(ListChange::Frozen { .. })) {
            self.curating.waiting = None;
        }
        let seen_by_staff = gone || matches!(event, Event::Moved { .. });
        audience.curators || (seen_by_staff && self.curating.found.is_some())
    }

    /// What is on no board any more is in nothing that staff are told.
    fn forget_found(&mut self, event: &Event) -> bool {
        let mut gone: HashSet<IdeaId> = event.changes_board_of().iter().copied().collect();
        if let Event::BoardHidden { group, on: true } = event {
            gone.extend(self.consultation.ideas_of(*group).map(|(id, _)| id));
        }
        self.curating.forget(&gone);
        !gone.is_empty()
    }

    /// A run is there: it becomes an event if it changes anything, and whoever asked for it is answered.
    pub(super) async fn merged(&mut self, merged: Option<Merged>) -> Result<(), JournalError> {
        let served = std::mem::take(&mut self.curating.served);
        let merged = merged.unwrap_or_else(|| Err(Problem::new(Code::Unavailable)));
        let frozen = self.consultation.list().frozen;
        match merged {
            Err(problem) => refuse(served, &problem),
            // A vote became secret, or public, while it ran: what it knows may not be shown, or is not enough.
            Ok(outcome) if outcome.tallies != merging::tallies(&self.consultation) => {
                self.curating.wishes.extend(served);
                let now = Instant::now();
                self.curating.put_off(now, self.limits.merge_pause, self.limits.merge_pause_max);
            }
            Ok(outcome) if frozen => {
                refuse(served, &self.stands_still());
                self.keep_waiting(outcome);
            }
            Ok(outcome) => self.take_run(outcome, served).await?,
        }
        if self.merges.is_empty() && !self.curating.wishes.is_empty() {
            self.start_merge();
        }
        Ok(())
    }

    fn keep_waiting(&mut self, outcome: MergeOutcome) {
        let before = self.consultation.run_facts().map(|run| run.items.as_slice()).unwrap_or_default();
        self.curating.waiting = Some(difference(before, &outcome.facts.items));
        self.find_meanings(outcome.readable);
        self.curating.find(outcome.found);
        self.push_curation();
    }

    async fn take_run(
        &mut self,
        outcome: MergeOutcome,
        served: Vec<MergeRequest>,
    ) -> Result<(), JournalError> {
        let MergeOutcome { facts, drawn, mut found, mut readable, .. } = outcome;
        let mut facts = Arc::new(facts);
        // What was withdrawn or hidden while the merge ran is not in it.
        let sources = facts.sources().map(|source| source.idea);
        let named = sources.chain(facts.beyond.keys().copied()).chain(found.ideas.keys().copied());
        let ideas = self.consultation.ideas();
        let shown = |idea: &IdeaId| ideas.get(idea).is_some_and(Idea::is_shown);
        let gone: HashSet<_> = named.filter(|idea| !shown(idea)).collect();
        if !gone.is_empty() {
            facts = Arc::new(facts.without(&gone));
        }
        found.forget(&gone);
        let ideas = self.consultation.ideas();
        readable.retain(|idea, _| ideas.get(idea).is_some_and(Idea::is_shown));
        self.find_meanings(readable);
        let passed = self.passed_over(&found);
        self.curating.find(found);
        let stands = self.consultation.run_facts().is_some_and(|run| says_the_same(run, &facts));
        let mut batch = Batch { curation_changed: true, ..Batch::default() };
        if served.is_empty() && stands {
            self.note_passed_over(passed, &mut batch);
            if batch.entries.is_empty() {
                self.push_curation();
                return Ok(());
            }
            return self.commit(batch).await;
        }
        let json = serde_json::to_string(&*facts).unwrap_or_default();
        batch.texts.push(TextChange::Put(TextRow::Run, json));
        let event = Event::Merged { run: facts.run, lot: drawn };
        let words = NewWords { run: Some(facts), ..NewWords::default() };
        let mut served = served.into_iter();
        let first = served.next();
        let nobody = SeatId(uuid::Uuid::nil());
        let seat = first.as_ref().map_or(nobody, |(seat, ..)| *seat);
        self.decided(first.map(|(_, asked, reply)| (asked, Some(reply))), seat, event, &words, &mut batch);
        // Who else asked before it began gets the same run.
        for (_, asked, reply) in served {
            batch.after.push(Effect::Answer { index: 0, asked, reply: Some(reply), writes: Vec::new() });
        }
        self.note_passed_over(passed, &mut batch);
        self.commit(batch).await
    }

    /// What this run passed over and the ledger does not know yet.
    fn passed_over(&self, found: &Findings) -> Vec<(IdeaId, IdeaId)> {
        let news = found.passed_over.iter().filter(|passed| !self.consultation.is_passed_over(passed.idea));
        news.map(|passed| (passed.idea, passed.than)).take(self.limits.records.passed_over_max).collect()
    }

    /// For everybody to read: it is the group's moderators who promote. Once for each idea; what is too much for one run
    /// is noted by the next.
    fn note_passed_over(&mut self, passed: Vec<(IdeaId, IdeaId)>, batch: &mut Batch) {
        for (idea, than) in passed {
            let stamp = Some(Stamp::now(Role::Moderator, self.clock.now()));
            self.stamped(None, stamp, Event::PassedOver { idea, than }, &NewWords::default(), batch);
        }
    }

    /// What staff see beside the list, for this seat.
    pub(super) fn look_at_curation(&mut self, seat: SeatId) -> Result<Curation, Problem> {
        let actor = self.consultation.actor(seat).ok_or_else(|| Problem::new(Code::Unauthorized))?;
        if !may_ever(Deed::ReadSuggestions, actor, actor.group) {
            return Err(Problem::new(Code::Forbidden));
        }
        self.find_again();
        Ok(self.curation(actor))
    }

    /// After a start of the server nothing is known of what the last run found: it is found again when somebody looks.
    fn find_again(&mut self) {
        let idle = self.merges.is_empty() && self.curating.due.is_none();
        if self.curating.found.is_none() && idle && self.is_live() {
            self.curating.put_off(Instant::now(), self.limits.merge_pause, self.limits.merge_pause_max);
        }
    }

    fn curation(&self, actor: Actor) -> Curation {
        let decisions = self.consultation.list();
        let mut curation = Curation {
            run: self.consultation.run(),
            live: self.is_live(),
            waiting: self.curating.waiting.filter(|_| decisions.frozen),
            decisions: decisions.clone(),
            ..Curation::default()
        };
        let Some(found) = &self.curating.found else { return curation };
        let everything = match actor.role {
            Role::Organizer | Role::Rapporteur => true,
            Role::Moderator | Role::Participant | Role::Projector | Role::Safeguarding => false,
        };
        // A moderator reads the own board and the list.
        let may_read = |idea: &IdeaId| {
            let known = found.ideas.get(idea);
            known.is_some_and(|idea| everything || idea.item.is_some() || Some(idea.group) == actor.group)
        };
        let open = found.suggestions.iter().filter(|pair| found.is_open(decisions, pair.a, pair.b));
        curation.suggestions = open.filter(|pair| may_read(&pair.a) && may_read(&pair.b)).cloned().collect();
        if merging::tallies(&self.consultation) == TalliesShown::Yes {
            let passed = found.passed_over.iter();
            curation.passed_over =
                passed.filter(|passed| everything || Some(passed.group) == actor.group).cloned().collect();
        }
        curation.ideas = found.ideas.clone().into_iter().filter(|(id, _)| may_read(id)).collect();
        curation
    }

    pub(super) fn show_curation(&mut self, id: SubscriptionId) {
        let Some(subscriber) = self.subscribers.get(&id) else { return };
        let Some(actor) = self.consultation.actor(subscriber.seat) else { return };
        if !may_ever(Deed::ReadSuggestions, actor, actor.group) {
            return;
        }
        self.find_again();
        let message = ServerMessage::Curation { curation: self.curation(actor) };
        if let Some(subscriber) = self.subscribers.get(&id) {
            send(subscriber, &message);
        }
    }

    pub(super) fn push_curation(&mut self) {
        let staff: Vec<SubscriptionId> = self.subscribers.keys().copied().collect();
        for id in staff {
            self.show_curation(id);
        }
    }
}

impl Findings {
    /// The words of ideas that were taken back are told to nobody.
    fn forget(&mut self, gone: &HashSet<IdeaId>) {
        self.suggestions.retain(|pair| !gone.contains(&pair.a) && !gone.contains(&pair.b));
        self.passed_over.retain(|passed| !gone.contains(&passed.idea) && !gone.contains(&passed.than));
        self.ideas.retain(|idea, _| !gone.contains(idea));
    }

    /// Has nobody decided about this pair yet?
    fn is_open(&self, decisions: &ListDecisions, a: IdeaId, b: IdeaId) -> bool {
        let assigned = |idea: IdeaId| decisions.assign.get(&idea).copied();
        let item = |idea: IdeaId| assigned(idea).or_else(|| self.ideas.get(&idea)?.item).unwrap_or(idea);
        let together = item(a) == item(b) && (assigned(a).is_some() || assigned(b).is_some());
        let left_alone = assigned(a) == Some(a) || assigned(b) == Some(b);
        let both = assigned(a).is_some() && assigned(b).is_some();
        let kept_off = [a, b].iter().any(|idea| decisions.exclude.contains(idea));
        !(together
            || left_alone
            || both
            || kept_off
            || decisions.not_duplicate.contains(&(a.min(b), a.max(b))))
    }
}

/// Would nobody see a difference? Then the list that stands is the list.
fn says_the_same(a: &RunFacts, b: &RunFacts) -> bool {
    (a.rule, a.weights, &a.items, &a.order, &a.audit) == (b.rule, b.weights, &b.items, &b.order, &b.audit)
}

fn refuse(wishes: Vec<MergeRequest>, problem: &Problem) {
    for (_, _, reply) in wishes {
        let _ = reply.send(Err(problem.clone()));
    }
}
