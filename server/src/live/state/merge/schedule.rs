//! When the list is made anew, and what becomes of a run.
//!
//! A `merge` command runs at once. Once the list is live, a change that matters is followed by a run after a quiet
//! moment; a run that changes nothing is no run. While a vote is secret nothing runs by itself, because the order would
//! tell its result. A frozen list waits: staff are told what a run would change.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use proto::api::curation::{NamedIdea, Waiting};
use proto::command::{Action, Command};
use proto::ids::{IdeaId, SeatId};
use proto::phase::Phase;
use proto::problem::{Code, Problem};

use super::meanings::KnownMeanings;
use super::run::{MergeInput, MergeOutcome, tallies};
use super::suggestions::Suggested;
use crate::clock::Tick;
use crate::consultation::{Audience, CommandKey, Hash32, Idea, PlenaryVoteStage, RunFacts, shows_the_same};
use crate::live::state::batch::{Batch, NOBODY};
use crate::live::state::effect::Effect;
use crate::live::state::job::Job;
use crate::live::state::reply::ReplyId;
use crate::live::state::{Env, Live};
use crate::plenary::TalliesShown;
use crate::plenary::carried_over::difference;

/// Somebody who asked for a run.
type MergeRequest = (SeatId, CommandKey, ReplyId);

/// A command that waits for a run.
#[derive(Debug)]
struct Waiter {
    seat: SeatId,
    command: Command,
    reply: ReplyId,
}

/// What waits for a run, and what the last one found.
#[derive(Debug, Default)]
pub(in crate::live::state) struct MergeSchedule {
    /// Is a run under way?
    running: bool,
    /// Who is answered by the run under way.
    served: Vec<MergeRequest>,
    /// Who asked since it began.
    requests: Vec<MergeRequest>,
    /// Commands that are decided when the list is as new as its ideas.
    waiters: Vec<Waiter>,
    /// Must a run come, also while the list does not follow changes by itself?
    owed: bool,
    /// When the next run begins by itself, and the first change that it is for.
    due: Option<(Tick, Tick)>,
    /// What staff are told beside the list; none before the first run since the server started.
    pub(in crate::live::state) suggested: Option<Suggested>,
    /// What a run would change of a frozen list.
    pub(in crate::live::state) waiting: Option<Waiting>,
    pub(in crate::live::state) meanings: KnownMeanings,
}

impl MergeSchedule {
    /// When the next run begins by itself; never while one is under way.
    pub(in crate::live::state) fn due(&self) -> Option<Tick> {
        self.due.map(|(due, _)| due).filter(|_| !self.running)
    }

    /// Must a run begin now?
    pub(in crate::live::state) fn is_wanted(&self, now: Tick) -> bool {
        let asked = !self.requests.is_empty() || !self.waiters.is_empty();
        !self.running && (asked || self.due().is_some_and(|due| due <= now))
    }

    /// A change happened now: the run comes when it has been quiet, or when the first change has waited long enough.
    fn put_off(&mut self, now: Tick, pause: Duration, pause_max: Duration) {
        let first = self.due.map_or(now, |(_, first)| first);
        self.due = Some(((now + pause).min(first + pause_max), first));
    }

    /// The words of ideas that were taken back are told to nobody.
    fn forget(&mut self, gone: &HashSet<IdeaId>) {
        if gone.is_empty() {
            return;
        }
        self.suggested.iter_mut().for_each(|found| found.forget(gone));
        gone.iter().for_each(|idea| self.meanings.forget(*idea));
    }

    /// What a run found, with what is known to mean the same.
    fn find(&mut self, found: Suggested) {
        self.suggested = Some(found);
        self.add_near();
    }

    /// What may mean the same is added to what the last run found.
    pub(in crate::live::state) fn add_near(&mut self) {
        if let Some(found) = &mut self.suggested {
            self.meanings.add_to(found);
        }
    }

    /// The same request again is the same request.
    fn request(&mut self, request: MergeRequest) {
        let known = self.served.iter().any(|(_, asked, _)| asked.id == request.1.id);
        if known { self.served.push(request) } else { self.requests.push(request) }
    }
}

impl Live {
    pub(in crate::live::state) fn begin_merge(
        &mut self,
        seat: SeatId,
        asked: CommandKey,
        reply: ReplyId,
        batch: &mut Batch,
    ) {
        if self.consultation.list().frozen {
            batch.refuse(reply, self.list_is_frozen());
            return;
        }
        if self.consultation.plenary_vote_is_open() {
            return batch.refuse(reply, Problem::new(Code::PlenaryVoteOpen));
        }
        self.merges.request((seat, asked, reply));
    }

    /// Why nothing moves, with the version that can be quoted.
    fn list_is_frozen(&self) -> Problem {
        let version = self.consultation.list().version;
        let detail = format!("The list is frozen as version {version}. Let it move again first.");
        Problem::because(Code::ListFrozen, detail)
    }

    pub(in crate::live::state) fn start_merge(&mut self, effects: &mut Vec<Effect>, env: &Env<'_>) {
        let merges = &mut self.merges;
        merges.due = None;
        merges.served.append(&mut merges.requests);
        let owed = std::mem::take(&mut merges.owed);
        if merges.served.is_empty() && merges.waiters.is_empty() && !owed && !self.is_live() {
            return;
        }
        self.merges.running = true;
        let drawn = self.consultation.lot().is_none().then(|| Hash32(env.entropy.bytes()));
        let input = MergeInput::of(&self.consultation, drawn, env.limits);
        let input = if env.embedding_model.is_some() {
            input.with_all_ideas(self.merges.meanings.near())
        } else {
            input
        };
        effects.push(Effect::Start(Job::Merge(Box::new(input))));
    }

    /// Does the list follow what happens? From the plenary on, or once somebody asked for it; never while a group votes
    /// in secret.
    pub(in crate::live::state) fn is_live(&self) -> bool {
        let begun = match self.consultation.phase_of(None) {
            Phase::Plenary => true,
            Phase::Brainstorm | Phase::Vote | Phase::Review => self.consultation.run() > 0,
            Phase::Lobby | Phase::Briefing | Phase::Closed => false,
        };
        // While everybody votes on it, only what is missing on the ballot paper comes back by itself.
        let still = self.consultation.plenary_vote_is_open() && !self.consultation.list_lacks_paper_entry();
        begun && !still && self.tallies_shown() == TalliesShown::Yes
    }

    /// May votes be seen? Only if no group still votes in secret.
    pub(in crate::live::state) fn tallies_shown(&self) -> TalliesShown {
        tallies(&self.consultation)
    }

    /// The next run is put off: something changed that it would show.
    pub(super) fn put_off_merge(&mut self, env: &Env<'_>) {
        self.merges.put_off(env.tick, env.limits.merge_pause, env.limits.merge_pause_max);
    }

    /// People wrote in an idea or in its group's wording, and have stopped: the list follows, as it follows a decision.
    pub(in crate::live::state) fn note_words(&mut self, idea: IdeaId, env: &Env<'_>) {
        let shown = self.consultation.ideas().get(&idea).is_some_and(Idea::is_shown);
        if shown && self.is_live() {
            self.put_off_merge(env);
        }
    }

    /// An event was taken in. Returns whether staff must be told.
    pub(in crate::live::state) fn note_change(
        &mut self,
        audience: Audience,
        gone: &HashSet<IdeaId>,
        env: &Env<'_>,
    ) -> bool {
        if audience.merge && self.is_live() {
            self.put_off_merge(env);
        }
        if audience.result {
            // The result is on the wall with this run: it does not wait for a quiet moment.
            self.merges.owed = true;
            self.merges.due = Some((env.tick, env.tick));
        }
        self.merges.forget(gone);
        if !self.consultation.list().frozen {
            self.merges.waiting = None;
        }
        let seen_by_staff = !gone.is_empty() || audience.phases;
        audience.curators || (seen_by_staff && self.merges.suggested.is_some())
    }

    /// After a start of the server nothing is known of what the last run found: it is found again when somebody looks.
    pub(in crate::live::state) fn find_again(&mut self, env: &Env<'_>) {
        let idle = !self.merges.running && self.merges.due.is_none();
        if self.merges.suggested.is_none() && idle && self.is_live() {
            self.put_off_merge(env);
        }
    }

    /// A run is there: it becomes an event if it changes anything, and whoever asked for it is answered.
    pub(in crate::live::state) fn merged(
        &mut self,
        merged: Result<MergeOutcome, Problem>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        self.merges.running = false;
        let served = std::mem::take(&mut self.merges.served);
        let frozen = self.consultation.list().frozen;
        let waiters = std::mem::take(&mut self.merges.waiters);
        let failed = merged.as_ref().err().cloned();
        match merged {
            Err(problem) => refuse(served, &problem, batch),
            // A vote became secret, or public, while it ran: what it knows may not be shown, or is not enough.
            Ok(outcome)
                if outcome.tallies != self.tallies_shown()
                    || outcome.stage != self.consultation.plenary_vote_stage() =>
            {
                self.merges.requests.extend(served);
                self.merges.owed = true;
                self.put_off_merge(env);
                self.merges.waiters = waiters;
                return;
            }
            Ok(outcome) if frozen => {
                refuse(served, &self.list_is_frozen(), batch);
                self.keep_waiting(self.without_gone(outcome), batch, env);
            }
            Ok(outcome) => self.take_run(self.without_gone(outcome), served, batch, env),
        }
        for Waiter { seat, command, reply } in waiters {
            match &failed {
                Some(problem) => batch.refuse(reply, problem.clone()),
                None => self.decide_waiter(seat, &command, reply, batch, env),
            }
        }
    }

    /// Opening the plenary vote and adding a group to it are decided on a list that is as new as its ideas. True: it waits for a
    /// run.
    pub(in crate::live::state) fn waits_for_run(
        &mut self,
        seat: SeatId,
        command: &Command,
        reply: ReplyId,
        batch: &mut Batch,
        env: &Env<'_>,
    ) -> bool {
        let consultation = &self.consultation;
        let waits = if matches!(command.action, Action::OpenPlenaryVote {}) {
            let first = consultation.plenary_vote_stage() == PlenaryVoteStage::Unopened;
            first && consultation.may_open_plenary_vote(seat).is_ok()
        } else if let Action::AddGroupToPaper { group } = command.action {
            consultation.may_add_group_to_paper(seat, group).is_ok()
        } else {
            false
        };
        if !waits {
            return false;
        }
        match self.may_do(seat, &command.action, env) {
            Ok(()) => self.merges.waiters.push(Waiter { seat, command: command.clone(), reply }),
            Err(problem) => batch.refuse(reply, problem),
        }
        true
    }

    /// The list is as new as its ideas; the same command may have come twice meanwhile.
    fn decide_waiter(
        &mut self,
        seat: SeatId,
        command: &Command,
        reply: ReplyId,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        match self.consultation.done().get(command.id) {
            Some((known, seq)) => self.repeated(CommandKey::of(command), (known, seq), reply, batch),
            None => self.decide_command(seat, command, (reply, None), batch, env),
        }
    }

    fn keep_waiting(&mut self, outcome: MergeOutcome, batch: &mut Batch, env: &Env<'_>) {
        let before = self.consultation.run_facts().map(|run| run.items.as_slice()).unwrap_or_default();
        self.merges.waiting = Some(difference(before, &outcome.facts.items));
        self.find_meanings(outcome.readable, batch, env);
        self.merges.find(outcome.suggested);
        batch.told().curation = true;
    }

    fn take_run(
        &mut self,
        outcome: MergeOutcome,
        served: Vec<MergeRequest>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let MergeOutcome { facts, drawn, suggested, readable, .. } = outcome;
        let facts = Arc::new(facts);
        self.find_meanings(readable, batch, env);
        let passed = suggested.passed_over.iter().map(|passed| (passed.idea, passed.than));
        let most = env.limits.records.passed_over_max;
        let passed_over = self.consultation.decide_passed_over(passed, most, env.now);
        self.merges.find(suggested);
        batch.told().curation = true;
        let stands = self.consultation.run_facts().is_some_and(|run| shows_the_same(run, &facts));
        if !served.is_empty() || !stands {
            let decided = self.consultation.decide_run(facts, drawn);
            let mut served = served.into_iter();
            let first = served.next();
            let seat = first.as_ref().map_or(NOBODY, |(seat, ..)| *seat);
            self.decided_with(first.map(|(_, asked, reply)| (asked, reply)), seat, decided, batch, env);
            // Who else asked before it began gets the same run.
            for (_, asked, reply) in served {
                batch.answer(asked, reply);
            }
        }
        for (event, stamp) in passed_over {
            self.stamped(None, Some(stamp), event, batch, env);
        }
    }

    /// A run without what was withdrawn or hidden while it was computed: neither staff nor the service are told such words.
    fn without_gone(&self, mut outcome: MergeOutcome) -> MergeOutcome {
        let gone = self.gone_since(&outcome.facts, &outcome.suggested);
        if !gone.is_empty() {
            outcome.facts = outcome.facts.without(&gone);
            outcome.suggested.forget(&gone);
        }
        MergeOutcome { readable: self.still_shown(outcome.readable), ..outcome }
    }

    /// The ideas of a run that are not shown any more.
    fn gone_since(&self, facts: &RunFacts, suggested: &Suggested) -> HashSet<IdeaId> {
        let sources = facts.sources().map(|source| source.idea);
        let named = sources.chain(facts.beyond.keys().copied()).chain(suggested.ideas.keys().copied());
        let ideas = self.consultation.ideas();
        named.filter(|idea| !ideas.get(idea).is_some_and(Idea::is_shown)).collect()
    }

    fn still_shown(&self, mut readable: BTreeMap<IdeaId, NamedIdea>) -> BTreeMap<IdeaId, NamedIdea> {
        let ideas = self.consultation.ideas();
        readable.retain(|idea, _| ideas.get(idea).is_some_and(Idea::is_shown));
        readable
    }
}

fn refuse(served: Vec<MergeRequest>, problem: &Problem, batch: &mut Batch) {
    for (_, _, reply) in served {
        batch.refuse(reply, problem.clone());
    }
}
