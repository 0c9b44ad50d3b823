//! Two rapporteurs decide at the same time, and their commands arrive in some order: where they converge, and where the
//! order of arrival decides.
//!
//! What is promised (`docs/merge.md`): a decision is a value under a key (an idea's item, a pair, an item's exclusion, the
//! cut, the rule, the weights), and of several about one key the last to arrive stands. So two rapporteurs who decide about
//! different things make the same list in either order, byte for byte; and what was overwritten leaves no trace. The order
//! of what is put first is one key: pins of two people arrive in an order, and that is their order.
//!
//! Runs between the commands change no entry and no place either. They may change which idea an entry is *called* after: a name
//! stays with what was on the list before, so it depends on what was there when a run was made.
//!
//! The whole way is gone: commands are decided and taken in by the consultation, runs are made as the live list makes them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proto::api::consultation::{BoardView, Create, IdeaState, IdeaView};
use proto::api::plenary_vote::PlenaryVoteHeld;
use proto::command::{Action, Share};
use proto::ids::{Epoch, GroupId, IdeaId, ReceiptHash, SeatId};
use proto::phase::Phase;
use proto::plenary::{Places, PlenaryItem, PlenaryView, Responses, Rule, Statement, Weights};
use proto::role::Role;
use uuid::Uuid;

use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::{
    Consultation, Context, Event, EventRecord, Hash32, NewWords, RunFacts, Write, create,
};
use crate::live::state::merge::run::{MergeInput, compute};

pub(super) const TEXTS: [&str; 8] = [
    "Free buses for everybody under eighteen",
    "Free buses for everybody under eighteen",
    "Free buses for everyone under eighteen years",
    "More trees in front of every school",
    "More trees in front of each school",
    "A youth council that is asked before the budget",
    "Ask a youth council before the budget is made",
    "Ramps at the town hall",
];

pub(super) fn idea(n: usize) -> IdeaId {
    IdeaId(Uuid::from_u128(1 + n as u128 % TEXTS.len() as u128))
}

/// A consultation in its plenary, its two rapporteurs, and its boards.
pub(super) struct Stage {
    pub consultation: Consultation,
    staff: [SeatId; 2],
    pub boards: BTreeMap<GroupId, BoardView>,
}

/// All randomness is a counter, so that each stage is the same.
pub(super) fn stage() -> Stage {
    stage_with(PlenaryVoteHeld::Auto)
}

/// The same, with a vote of everybody or without one.
pub(super) fn stage_with(held: PlenaryVoteHeld) -> Stage {
    let (entropy, limits) = (Entropy::Counter(std::sync::Arc::default()), Limits::default());
    let context = Context { now: 1, entropy: &entropy, limits: &limits };
    let wish = Create { groups: vec!["North".to_owned(), "South".to_owned()], ..Create::default() };
    let mut founded = create(wish, "http://localhost", context).unwrap();
    founded.founding.settings.plenary_vote = held;
    let seat_of = |role| founded.founding.links.iter().find(|link| link.role == role).unwrap().seat;
    let staff = [seat_of(Role::Organizer), seat_of(Role::Editor)];
    let groups: Vec<GroupId> = founded.founding.groups.iter().map(|(id, _)| *id).collect();
    let consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
    let mut stage = Stage { consultation, staff, boards: BTreeMap::new() };
    let decide = |stage: &mut Stage, seat, action: &Action| {
        let decided = stage.consultation.decide(seat, action, context).unwrap();
        apply(&mut stage.consultation, decided.event, &decided.words);
    };
    let move_to = |phase| Action::Phase { phase, minutes: None, group: None, grace_seconds: None };
    decide(&mut stage, staff[0], &move_to(Phase::Brainstorm));
    for (n, text) in TEXTS.iter().enumerate() {
        let share = Share {
            idea: idea(n),
            group: groups[n % 2],
            point: None,
            kind: None,
            lang: "en".to_owned(),
            text: (*text).to_owned(),
            receipt: ReceiptHash([0; 32]),
            spoken: false,
        };
        decide(&mut stage, staff[0], &Action::Share(share));
    }
    decide(&mut stage, staff[0], &move_to(Phase::Vote));
    for n in 0..12 {
        let seat = SeatId(Uuid::from_u128(100 + n as u128));
        let event = Event::Seated {
            seat,
            group: groups[n % 2],
            token: Hash32([n as u8; 32]),
            card: None,
            waits: false,
        };
        apply(&mut stage.consultation, event, &NewWords::default());
        for step in [1, 3] {
            let mine = idea(n * step);
            let own = stage.consultation.ideas()[&mine].group() == groups[n % 2];
            if own {
                decide(&mut stage, seat, &Action::Approve { idea: mine, on: true, counter: None });
            }
        }
    }
    decide(&mut stage, staff[0], &move_to(Phase::Plenary));
    for n in 0..TEXTS.len() {
        decide(&mut stage, staff[0], &Action::Promote { idea: idea(n), on: true, kind: None });
    }
    stage.boards = boards(&stage.consultation);
    stage
}

pub(super) fn boards(consultation: &Consultation) -> BTreeMap<GroupId, BoardView> {
    let board = |group: &GroupId| {
        let of_group = consultation.ideas().iter().filter(|(_, idea)| idea.group() == *group);
        let view = |(id, idea): (&IdeaId, &crate::consultation::Idea)| IdeaView {
            id: *id,
            text: idea.text().to_owned(),
            entry: None,
            point: idea.point(),
            kind: idea.kind(),
            lang: idea.lang().to_owned(),
            tally: None,
            state: IdeaState::Promoted,
            into: None,
            locked: false,
            spoken: false,
            tr: BTreeMap::new(),
            translations: BTreeMap::new(),
        };
        BoardView {
            epoch: Epoch(Uuid::nil()),
            seq: 0,
            ideas: of_group.map(view).collect(),
            group_card_order: Vec::new(),
        }
    };
    consultation.groups().keys().map(|group| (*group, board(group))).collect()
}

/// Takes in what was decided.
pub(super) fn apply(consultation: &mut Consultation, event: Event, words: &NewWords) -> Vec<Write> {
    consultation.apply(&EventRecord { command: None, stamp: None, event }, words)
}

impl Stage {
    /// Decides and takes in; a command that is refused changes nothing.
    pub fn decide(&mut self, (who, action): &(usize, Action)) {
        let (entropy, limits) = (Entropy::Counter(std::sync::Arc::default()), Limits::default());
        let context = Context { now: 2, entropy: &entropy, limits: &limits };
        if let Ok(decided) = self.consultation.decide(self.staff[*who], action, context) {
            apply(&mut self.consultation, decided.event, &decided.words);
        }
    }

    /// The result of a run over the current state; it is not applied.
    fn run(&self) -> RunFacts {
        let before = list_of(&self.consultation);
        let prepared = MergeInput::of(&self.consultation, None, &Limits::default());
        compute(prepared, &self.boards, &before).unwrap().facts
    }

    /// A run, taken in as the live list does.
    pub(super) fn merge(&mut self) {
        let facts = self.run();
        let event = Event::Merged { run: facts.run, lot: None };
        let words = NewWords { run: Some(facts.into()), ..NewWords::default() };
        apply(&mut self.consultation, event, &words);
    }

    pub(super) fn bytes(&self) -> String {
        serde_json::to_string(&self.run()).unwrap()
    }
}

/// The list as it stands; nobody has worded anything.
pub(super) fn list_of(consultation: &Consultation) -> PlenaryView {
    let items = consultation.run_facts().map(|run| run.items.clone()).unwrap_or_default();
    let room: BTreeMap<IdeaId, Responses> = consultation.room().into_iter().collect();
    let item = |(id, facts)| {
        let responses = room.get(&id).cloned().unwrap_or_default();
        PlenaryItem { id, wording: String::new(), note: String::new(), voted: None, responses, facts }
    };
    PlenaryView {
        consultation: consultation.id(),
        epoch: Epoch(Uuid::nil()),
        run: consultation.run(),
        sha256: None,
        version: None,
        version_at: None,
        version_sha256: None,
        draft: false,
        frozen: false,
        audit: None,
        statement: Statement::default(),
        items: items.into_iter().map(item).collect(),
    }
}

/// What a command is about: of two about the same, the last stands.
fn key(action: &Action) -> String {
    if let Action::Assign { idea, .. } = action {
        return format!("assign {idea}");
    }
    if let Action::NotDuplicate { a, b, .. } = action {
        return format!("pair {} {}", a.min(b), a.max(b));
    }
    if let Action::Exclude { item, .. } = action {
        return format!("exclude {item}");
    }
    if let Action::Ranking { k, rule, .. } = action {
        return match (k, rule) {
            (Some(_), _) => "k",
            (None, Some(_)) => "rule",
            (None, None) => "weights",
        }
        .to_owned();
    }
    format!("{action:?}")
}

/// Decisions that are values under keys; pins are not.
pub(super) fn keyed() -> impl Strategy<Value = Action> {
    let ranking = |k, rule, weights| Action::Ranking { k, rule, weights };
    let n = || 0..TEXTS.len();
    prop_oneof![
        4 => (n(), prop::option::of(n()))
            .prop_map(|(a, b)| Action::Assign { idea: idea(a), item: b.map(idea) }),
        2 => (n(), 1..TEXTS.len(), any::<bool>())
            .prop_map(|(a, by, on)| Action::NotDuplicate { a: idea(a), b: idea(a + by), on }),
        2 => (n(), any::<bool>()).prop_map(|(item, on)| Action::Exclude { item: idea(item), on }),
        1 => (0..6usize).prop_map(move |k| ranking(Some(Places::Same(k)), None, None)),
        1 => prop_oneof![Just(Rule::Phragmen), Just(Rule::Votes), Just(Rule::EqualShares)]
            .prop_map(move |rule| ranking(None, Some(rule), None)),
        1 => prop_oneof![Just(Weights::Sqrt), Just(Weights::Person), Just(Weights::Group)]
            .prop_map(move |weights| ranking(None, None, Some(weights))),
    ]
}

/// Putting ideas together is refused where somebody answered that they are different (C13), so these two are decided in one order
/// only: people do the one or the other.
fn without_refusals(actions: Vec<Action>, together: bool) -> Vec<Action> {
    let answers = |action: &Action| matches!(action, Action::NotDuplicate { .. });
    let joins = |action: &Action| matches!(action, Action::Assign { .. });
    actions.into_iter().filter(|one| if together { !answers(one) } else { !joins(one) }).collect()
}

/// Two people's commands, in an order that keeps each one's own.
fn interleaved(a: &[Action], b: &[Action], turns: &[bool]) -> Vec<(usize, Action)> {
    let (mut a, mut b) = (a.iter().cloned(), b.iter().cloned());
    let mut order = Vec::new();
    for &turn in turns {
        order.extend(if turn { a.next().map(|x| (0, x)) } else { b.next().map(|x| (1, x)) });
    }
    order.extend(a.map(|action| (0, action)));
    order.extend(b.map(|action| (1, action)));
    order
}

fn decided(order: &[(usize, Action)]) -> Stage {
    let mut stage = stage();
    stage.merge();
    order.iter().for_each(|command| stage.decide(command));
    stage
}

fn keys(actions: &[Action]) -> BTreeSet<String> {
    actions.iter().map(key).collect()
}

/// Item → its ideas, above and below the line in their order.
fn entries(run: &RunFacts) -> Vec<BTreeSet<IdeaId>> {
    let ideas = |(_, item): &(IdeaId, proto::plenary::ItemFacts)| {
        item.sources.iter().map(|source| source.idea).collect()
    };
    run.items.iter().map(ideas).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn two_rapporteurs_who_decide_about_different_things_converge_in_any_order(
        a in prop::collection::vec(keyed(), 0..8),
        b in prop::collection::vec(keyed(), 0..8),
        turns in prop::collection::vec(any::<bool>(), 0..16),
        together in any::<bool>(),
    ) {
        let (a, b) = (without_refusals(a, together), without_refusals(b, together));
        let taken = keys(&a);
        let b: Vec<Action> = b.into_iter().filter(|action| !taken.contains(&key(action))).collect();
        let one = decided(&interleaved(&a, &b, &[]));
        let other = decided(&interleaved(&a, &b, &turns));
        prop_assert_eq!(one.consultation.list(), other.consultation.list());
        prop_assert_eq!(one.bytes(), other.bytes());
    }

    #[test]
    fn c7_of_two_rapporteurs_who_decide_about_the_same_the_last_to_arrive_stands_and_the_other_leaves_no_trace(
        a in prop::collection::vec(keyed(), 0..8),
        b in prop::collection::vec(keyed(), 0..8),
        turns in prop::collection::vec(any::<bool>(), 0..16),
        together in any::<bool>(),
    ) {
        let (a, b) = (without_refusals(a, together), without_refusals(b, together));
        let order = interleaved(&a, &b, &turns);
        let is_last = |at: usize| !order[at + 1..].iter().any(|(_, later)| key(later) == key(&order[at].1));
        let last: Vec<(usize, Action)> =
            (0..order.len()).filter(|&at| is_last(at)).map(|at| order[at].clone()).collect();
        let (all, last) = (decided(&order), decided(&last));
        prop_assert_eq!(all.consultation.list(), last.consultation.list());
        prop_assert_eq!(all.bytes(), last.bytes());
    }

    #[test]
    fn runs_in_between_change_no_entry_and_no_place(
        a in prop::collection::vec(keyed(), 0..6),
        b in prop::collection::vec(keyed(), 0..6),
        turns in prop::collection::vec(any::<bool>(), 0..12),
        pauses in prop::collection::vec(any::<bool>(), 12),
        together in any::<bool>(),
    ) {
        let (a, b) = (without_refusals(a, together), without_refusals(b, together));
        let order = interleaved(&a, &b, &turns);
        let at_once = decided(&order);
        let mut live = stage();
        live.merge();
        for (command, pause) in order.iter().zip(pauses) {
            live.decide(command);
            if pause {
                live.merge();
            }
        }
        let (at_once, live) = (at_once.run(), live.run());
        prop_assert_eq!(entries(&at_once), entries(&live));
    }
}

#[test]
fn what_two_rapporteurs_put_first_stands_in_the_order_of_arrival() {
    let pin = |n| Action::Pin { item: idea(n), on: true, place: None };
    let one = decided(&[(0, pin(3)), (1, pin(7))]);
    let other = decided(&[(1, pin(7)), (0, pin(3))]);
    assert_eq!(one.consultation.list().pins, [idea(3), idea(7)]);
    assert_eq!(other.consultation.list().pins, [idea(7), idea(3)]);
    // Whoever sees the other's order can set it: the place says all.
    let place = |n, place| Action::Pin { item: idea(n), on: true, place: Some(place) };
    let one = decided(&[(0, pin(3)), (1, pin(7)), (0, place(3, 1)), (0, place(7, 2))]);
    let other = decided(&[(1, pin(7)), (0, pin(3)), (0, place(3, 1)), (0, place(7, 2))]);
    assert_eq!(one.bytes(), other.bytes());
}
