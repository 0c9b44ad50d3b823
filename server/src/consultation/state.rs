//! The state of a consultation, and how each event changes it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use proto::api::IdeaState;
use proto::command::Kind;
use proto::curation::ListDecisions;
use proto::ids::{CommandId, ConsultationId, GroupId, IdeaId, PointId, ReceiptHash, SeatId};
use proto::phase::Phase;
use proto::role::Role;

use super::event::{Asked, Decision, Event, Founding, Hash32};
use super::projection::{BoardWrite, PlenaryWrite, RunFacts, Write};
use super::secret::pseudonym;
use crate::access::Actor;
use crate::clock::Millis;
use crate::journal::{Keys, SeatKey, Seq, TextKey};

/// A consultation as its journal says.
#[derive(Debug)]
pub struct Consultation {
    pub(super) id: ConsultationId,
    pub(super) keys: Keys,
    pub(super) founding: Founding,
    pub(super) phase: Phase,
    pub(super) clock: Span,
    pub(super) groups: BTreeMap<GroupId, Group>,
    pub(super) seats: HashMap<SeatId, Seat>,
    pub(super) voters: HashMap<SeatKey, SeatId>,
    pub(super) ideas: HashMap<IdeaId, Idea>,
    pub(super) ballots: HashMap<SeatKey, BTreeMap<IdeaId, Approval>>,
    pub(super) tallies: HashMap<IdeaId, u32>,
    /// How many ideas each seat shared since the server started: in memory only, because an idea names no author.
    pub(super) shared: HashMap<SeatId, u32>,
    pub(super) done: Done,
    pub(super) lot: Option<Hash32>,
    pub(super) run: u32,
    pub(super) run_facts: Option<Arc<RunFacts>>,
    pub(super) list: ListDecisions,
}

/// When a phase began and when it is meant to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// Since when.
    pub started_at: Millis,
    /// Until when.
    pub ends_at: Option<Millis>,
}

/// A breakout group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Where it stands, if not where the consultation stands.
    pub own: Option<(Phase, Span)>,
    /// The place of the next idea on its board.
    pub next_order: u32,
}

/// A participant's place or a staff link.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// Its role.
    pub role: Role,
    /// Its group.
    pub group: Option<GroupId>,
    /// The SHA-256 of its token.
    pub token: Hash32,
}

/// An idea as it was decided about; its words as people write them are in its room.
#[derive(Clone, Debug)]
pub struct Idea {
    /// Its group.
    pub group: GroupId,
    /// Its point.
    pub point: PointId,
    /// Its kind.
    pub kind: Option<Kind>,
    /// Its language.
    pub lang: String,
    /// What its author can prove it with.
    pub receipt: ReceiptHash,
    /// The hash of the share that brought it.
    pub content: Hash32,
    /// Held back?
    pub held: bool,
    /// Promoted?
    pub promoted: bool,
    /// Its place.
    pub order: u32,
    /// The words it was shared with.
    pub text: Arc<str>,
}

/// What a seat says of an idea, by its own counter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Approval {
    pub(super) n: u64,
    pub(super) on: bool,
}

/// Commands that were carried out, by id, oldest forgotten first.
#[derive(Debug, Default)]
pub struct Done {
    seqs: HashMap<CommandId, (Hash32, Seq)>,
    order: VecDeque<CommandId>,
}

impl Done {
    /// What became of this command id.
    #[must_use]
    pub fn get(&self, id: CommandId) -> Option<(Hash32, Seq)> {
        self.seqs.get(&id).copied()
    }

    /// Remembers a command, forgetting the oldest beyond `max`.
    pub fn remember(&mut self, asked: Asked, seq: Seq, max: usize) {
        if self.seqs.insert(asked.id, (asked.content, seq)).is_none() {
            self.order.push_back(asked.id);
        }
        while self.order.len() > max {
            if let Some(oldest) = self.order.pop_front() {
                self.seqs.remove(&oldest);
            }
        }
    }
}

impl Consultation {
    /// A consultation that begins with this.
    #[must_use]
    pub fn new(id: ConsultationId, keys: Keys, founding: Founding) -> Self {
        let group = |name: &String| Group { name: name.clone(), own: None, next_order: 0 };
        let seats = founding
            .links
            .iter()
            .map(|link| (link.seat, Seat { role: link.role, group: link.group, token: link.token }))
            .collect();
        Self {
            id,
            keys,
            phase: Phase::Lobby,
            clock: Span { started_at: founding.at, ends_at: None },
            groups: founding.groups.iter().map(|(id, name)| (*id, group(name))).collect(),
            founding,
            seats,
            voters: HashMap::new(),
            ideas: HashMap::new(),
            ballots: HashMap::new(),
            tallies: HashMap::new(),
            shared: HashMap::new(),
            done: Done::default(),
            lot: None,
            run: 0,
            run_facts: None,
            list: ListDecisions::default(),
        }
    }

    /// Takes in what its journal says: the records of its stream in order, then its texts. `None` when the first
    /// record is not its founding.
    #[must_use]
    pub fn load(
        id: ConsultationId,
        keys: Keys,
        decisions: Vec<(Seq, Decision)>,
        texts: Vec<(TextKey, String)>,
        remembered: usize,
    ) -> Option<Self> {
        let mut decisions = decisions.into_iter();
        let (_, Decision { event: Event::Founded(founding), .. }) = decisions.next()? else { return None };
        let mut consultation = Self::new(id, keys, founding);
        for (seq, decision) in decisions {
            if let Some(asked) = decision.command {
                consultation.done.remember(asked, seq, remembered);
            }
            consultation.apply(&decision.event, &NewWords::default());
        }
        for (key, text) in texts {
            match key {
                TextKey::Idea(id) => {
                    if let Some(idea) = consultation.ideas.get_mut(&id) {
                        idea.text = text.into();
                    }
                }
                TextKey::Run => consultation.run_facts = serde_json::from_str(&text).ok().map(Arc::new),
            }
        }
        Some(consultation)
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ConsultationId {
        self.id
    }

    /// Its keys.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What it began with.
    #[must_use]
    pub const fn founding(&self) -> &Founding {
        &self.founding
    }

    /// Its groups.
    #[must_use]
    pub const fn groups(&self) -> &BTreeMap<GroupId, Group> {
        &self.groups
    }

    /// Its ideas.
    #[must_use]
    pub const fn ideas(&self) -> &HashMap<IdeaId, Idea> {
        &self.ideas
    }

    /// Its seats and staff links.
    #[must_use]
    pub const fn seats(&self) -> &HashMap<SeatId, Seat> {
        &self.seats
    }

    /// The lot for ties, once it is drawn.
    #[must_use]
    pub const fn lot(&self) -> Option<Hash32> {
        self.lot
    }

    /// The last merge run's number.
    #[must_use]
    pub const fn run(&self) -> u32 {
        self.run
    }

    /// The last merge run.
    #[must_use]
    pub const fn run_facts(&self) -> Option<&Arc<RunFacts>> {
        self.run_facts.as_ref()
    }

    /// What became of a command id.
    #[must_use]
    pub const fn done(&self) -> &Done {
        &self.done
    }

    /// Remembers a command that is about to be durable.
    pub fn remember(&mut self, asked: Asked, seq: Seq, max: usize) {
        self.done.remember(asked, seq, max);
    }

    /// The seat as the authorization sees it.
    #[must_use]
    pub fn actor(&self, seat: SeatId) -> Option<Actor> {
        self.seats.get(&seat).map(|seat| Actor { role: seat.role, group: seat.group })
    }

    /// The phase of a group; of the consultation when there is no such group.
    #[must_use]
    pub fn phase_of(&self, group: Option<GroupId>) -> Phase {
        group
            .and_then(|group| self.groups.get(&group))
            .and_then(|group| group.own)
            .map_or(self.phase, |(phase, _)| phase)
    }

    /// Every ballot that is not empty: the seat's home group and the ideas it approves.
    pub fn ballots(&self) -> impl Iterator<Item = (SeatKey, GroupId, Vec<IdeaId>)> {
        self.ballots.iter().filter_map(|(key, approvals)| {
            let group = self.seats.get(self.voters.get(key)?)?.group?;
            let approved: Vec<_> = approvals
                .iter()
                .filter(|(idea, a)| a.on && self.ideas.contains_key(idea))
                .map(|(id, _)| *id)
                .collect();
            (!approved.is_empty()).then_some((*key, group, approved))
        })
    }

    /// Takes an event in and says what the rooms must show of it.
    pub fn apply(&mut self, event: &Event, words: &NewWords) -> Vec<Write> {
        match event {
            Event::Founded(_) => Vec::new(),
            Event::Seated { seat, group, token } => {
                let place = Seat { role: Role::Participant, group: Some(*group), token: *token };
                self.seats.insert(*seat, place);
                self.voters.insert(pseudonym(&self.keys.ballots, *seat), *seat);
                Vec::new()
            }
            Event::Shared { idea, group, .. } => self.share(event, *idea, *group, words),
            Event::Edited { idea } => self.edit(*idea, words),
            Event::Withdrawn { idea } => self.withdraw(*idea),
            Event::Approved { by, idea, on, n } => self.approve(*by, *idea, Approval { n: *n, on: *on }),
            Event::Promoted { idea, on } => self.promote(*idea, *on),
            Event::Revealed { group, ideas } => self.reveal(*group, ideas),
            Event::Moved { phase, group, started_at, ends_at, lot } => {
                self.lot = self.lot.or(*lot);
                self.enter(*phase, *group, Span { started_at: *started_at, ends_at: *ends_at })
            }
            Event::Door { open } => {
                self.founding.settings.door_open = *open;
                Vec::new()
            }
            Event::Merged { run, lot, .. } => {
                self.run = *run;
                self.lot = self.lot.or(*lot);
                let Some(facts) = &words.run else { return Vec::new() };
                self.run_facts = Some(Arc::clone(facts));
                vec![Write::Plenary(PlenaryWrite::Run(Arc::clone(facts)))]
            }
            Event::List(change) => self.change_list(change),
            Event::Reworded { item } => vec![Write::Plenary(PlenaryWrite::Reword(*item))],
        }
    }

    fn share(&mut self, event: &Event, id: IdeaId, group: GroupId, words: &NewWords) -> Vec<Write> {
        let Event::Shared { point, kind, lang, receipt, content, held, order, .. } = event else {
            return Vec::new();
        };
        let idea = Idea {
            group,
            point: *point,
            kind: *kind,
            lang: lang.clone(),
            receipt: *receipt,
            content: *content,
            held: *held,
            promoted: false,
            order: *order,
            text: words.idea.clone().unwrap_or_default(),
        };
        self.ideas.insert(id, idea);
        if let Some(group) = self.groups.get_mut(&group) {
            group.next_order = group.next_order.max(order + 1);
        }
        if *held { Vec::new() } else { self.put(id).into_iter().collect() }
    }

    fn put(&self, id: IdeaId) -> Option<Write> {
        let idea = self.ideas.get(&id)?;
        Some(Write::Board(idea.group, BoardWrite::Put(self.plan_of(id, idea))))
    }

    fn edit(&mut self, id: IdeaId, words: &NewWords) -> Vec<Write> {
        let (Some(idea), Some(text)) = (self.ideas.get_mut(&id), &words.idea) else { return Vec::new() };
        idea.text = Arc::clone(text);
        if idea.held {
            return Vec::new();
        }
        vec![Write::Board(idea.group, BoardWrite::SetText(id, Arc::clone(text)))]
    }

    fn withdraw(&mut self, id: IdeaId) -> Vec<Write> {
        let Some(idea) = self.ideas.remove(&id) else { return Vec::new() };
        self.tallies.remove(&id);
        self.forget_decisions(id);
        for approvals in self.ballots.values_mut() {
            approvals.remove(&id);
        }
        let mut writes = Vec::new();
        if !idea.held {
            writes.push(Write::Board(idea.group, BoardWrite::Remove(id)));
        }
        if let Some(facts) = self.run_facts.as_ref().filter(|facts| facts.mentions(id)) {
            let facts = Arc::new(facts.without(id));
            self.run_facts = Some(Arc::clone(&facts));
            writes.push(Write::Plenary(PlenaryWrite::Run(facts)));
        }
        writes
    }

    fn approve(&mut self, by: SeatKey, id: IdeaId, new: Approval) -> Vec<Write> {
        let Some(group) = self.ideas.get(&id).map(|idea| idea.group) else { return Vec::new() };
        let approvals = self.ballots.entry(by).or_default();
        let old = approvals.get(&id).copied();
        if old.is_some_and(|old| new.n <= old.n) {
            return Vec::new();
        }
        approvals.insert(id, new);
        let tally = self.tallies.entry(id).or_default();
        match (old.is_some_and(|old| old.on), new.on) {
            (false, true) => *tally += 1,
            (true, false) => *tally = tally.saturating_sub(1),
            (true, true) | (false, false) => return Vec::new(),
        }
        let shown = self.shown_tally(id, group);
        shown.map(|votes| Write::Board(group, BoardWrite::Tally(id, Some(votes)))).into_iter().collect()
    }

    fn promote(&mut self, id: IdeaId, on: bool) -> Vec<Write> {
        let Some(idea) = self.ideas.get_mut(&id) else { return Vec::new() };
        idea.promoted = on;
        let state = if on { IdeaState::Promoted } else { IdeaState::Shown };
        if idea.held { Vec::new() } else { vec![Write::Board(idea.group, BoardWrite::State(id, state))] }
    }

    fn reveal(&mut self, group: GroupId, ideas: &[(IdeaId, u32)]) -> Vec<Write> {
        let mut writes = Vec::new();
        for (id, order) in ideas {
            if let Some(idea) = self.ideas.get_mut(id) {
                idea.held = false;
                idea.order = *order;
                if let Some(group) = self.groups.get_mut(&group) {
                    group.next_order = group.next_order.max(order + 1);
                }
                writes.extend(self.put(*id));
            }
        }
        writes
    }

    fn enter(&mut self, phase: Phase, only: Option<GroupId>, span: Span) -> Vec<Write> {
        let moved: Vec<GroupId> = match only {
            Some(group) => vec![group],
            None => self.groups.keys().copied().collect(),
        };
        match only {
            Some(group) => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.own = Some((phase, span));
                }
            }
            None => {
                self.phase = phase;
                self.clock = span;
                for group in self.groups.values_mut() {
                    group.own = None;
                }
            }
        }
        let mut writes: Vec<Write> =
            moved.iter().map(|group| Write::Board(*group, BoardWrite::Phase(phase))).collect();
        for (id, idea) in &self.ideas {
            if !idea.held && moved.contains(&idea.group) {
                let tally = self.shown_tally(*id, idea.group);
                writes.push(Write::Board(idea.group, BoardWrite::Tally(*id, tally)));
            }
        }
        if only.is_none() {
            writes.push(Write::Plenary(PlenaryWrite::Phase(phase)));
        }
        writes
    }
}

/// Words that come with an event: they are not in it, because they have rows of their own.
#[derive(Clone, Debug, Default)]
pub struct NewWords {
    /// Of an idea that is shared or edited.
    pub idea: Option<Arc<str>>,
    /// Of a merge run.
    pub run: Option<Arc<RunFacts>>,
}
