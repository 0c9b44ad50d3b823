//! Whatever is combined, taken apart, voted on, hidden, reported and withdrawn in whatever order: what a board shows is what a count
//! from scratch gives, and taken apart everything is as if it had never been combined.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proto::api::consultation::{Create, IdeaState};
use proto::api::entry::ClosedWhy;
use proto::command::{Action, ReportReason};
use proto::ids::{GroupId, IdeaId, Receipt, SeatId};
use proto::phase::Phase;
use proto::role::Role;
use uuid::Uuid;

use crate::clock::Entropy;
use crate::config::Limits;
use crate::consultation::tests::share;
use crate::consultation::{Consultation, Context, Event, EventRecord, Hash32, NewWords, create};

const IDEAS: u128 = 6;
const SEATS: u128 = 5;

fn idea(n: u128) -> IdeaId {
    IdeaId(Uuid::from_u128(1 + n % IDEAS))
}

fn seat(n: u128) -> SeatId {
    SeatId(Uuid::from_u128(100 + n % SEATS))
}

struct Board {
    consultation: Consultation,
    organizer: SeatId,
    contact: SeatId,
    group: GroupId,
}

impl Board {
    fn apply(&mut self, event: Event, words: &NewWords) {
        self.consultation.apply(&EventRecord { command: None, stamp: None, event }, words);
    }

    /// Decides and takes in; what is refused changes nothing.
    fn act(&mut self, who: SeatId, action: &Action) -> bool {
        let (entropy, limits) = (Entropy::Counter(std::sync::Arc::default()), Limits::default());
        let context = Context { now: 1, entropy: &entropy, limits: &limits };
        let Ok(decided) = self.consultation.decide(who, action, context) else { return false };
        self.apply(decided.event, &decided.words);
        true
    }

    fn staff(&mut self, action: &Action) -> bool {
        self.act(self.organizer, action)
    }

    /// A board with ideas in the vote.
    fn new(votes: Option<u32>) -> Self {
        let (entropy, limits) = (Entropy::Counter(std::sync::Arc::default()), Limits::default());
        let context = Context { now: 1, entropy: &entropy, limits: &limits };
        let wish = Create { groups: vec!["North".to_owned()], ..Create::default() };
        let mut founded = create(wish, "http://localhost", context).unwrap();
        founded.founding.settings.votes = votes;
        let link = |role| founded.founding.links.iter().find(|link| link.role == role).unwrap().seat;
        let (organizer, contact) = (link(Role::Organizer), link(Role::Safeguarding));
        let (group, _) = founded.founding.groups[0];
        let consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
        let mut board = Self { consultation, organizer, contact, group };
        board.staff(&Action::Phase {
            phase: Phase::Brainstorm,
            minutes: None,
            group: None,
            grace_seconds: None,
        });
        for n in 0..IDEAS {
            assert!(board.staff(&share(idea(n), group, n)));
        }
        board.staff(&to(Phase::Vote));
        for n in 0..SEATS {
            let event =
                Event::Seated { seat: seat(n), group, token: Hash32([9; 32]), card: None, waits: false };
            board.apply(event, &NewWords::default());
        }
        board
    }

    /// What people vote on stays as it is: the vote goes on afterwards.
    fn in_review(&mut self, action: &Action) -> bool {
        self.staff(&to(Phase::Review));
        let done = self.staff(action);
        self.staff(&to(Phase::Vote));
        done
    }

    /// What everybody sees of each idea: votes, what stands for it, promoted.
    fn seen(&self) -> BTreeMap<IdeaId, (u32, Option<IdeaId>, bool)> {
        let all = (0..IDEAS).map(idea).filter(|id| self.consultation.is_on_board(*id));
        let of = |id| {
            let (state, into) = self.consultation.state_of(id);
            (self.consultation.tally(id), into, state == IdeaState::Promoted)
        };
        all.map(|id| (id, of(id))).collect()
    }

    /// The same, counted from the ballots and the combinations alone.
    fn counted(&self) -> BTreeMap<IdeaId, (u32, Option<IdeaId>, bool)> {
        let combined = self.consultation.combinations();
        let on_board: Vec<IdeaId> =
            (0..IDEAS).map(idea).filter(|id| self.consultation.is_on_board(*id)).collect();
        let ballots: Vec<Vec<IdeaId>> = self.consultation.ballots().map(|(_, _, ideas)| ideas).collect();
        let promoted = |id: &IdeaId| self.consultation.ideas()[id].is_promoted();
        let of = |id: IdeaId| {
            let into = combined.get(&id).copied();
            let entry: BTreeSet<IdeaId> = if into.is_some() {
                BTreeSet::from([id])
            } else {
                on_board.iter().copied().filter(|one| *one == id || combined.get(one) == Some(&id)).collect()
            };
            let voters = ballots.iter().filter(|ballot| ballot.iter().any(|one| entry.contains(one))).count();
            (u32::try_from(voters).unwrap(), into, into.is_none() && entry.iter().any(promoted))
        };
        on_board.iter().map(|id| (*id, of(*id))).collect()
    }
}

const fn to(phase: Phase) -> Action {
    Action::Phase { phase, minutes: None, group: None, grace_seconds: None }
}

#[derive(Clone, Debug)]
enum Act {
    Combine(u128, u128),
    TakeApart(u128),
    Approve(u128, u128, bool),
    Promote(u128, bool),
    Hide(u128),
    Unhide(u128),
    Withdraw(u128),
    Endanger(u128, u128),
    Settle(u128, bool),
    HideBoard(bool),
    CloseSeats(u128, u128),
    RestoreSeats(u128),
}

fn acts(all: bool) -> impl Strategy<Value = Act> {
    let n = || 0..IDEAS;
    let some = prop_oneof![
        4 => (n(), n()).prop_map(|(a, b)| Act::Combine(a, b)),
        2 => n().prop_map(Act::TakeApart),
    ];
    let others = prop_oneof![
        6 => (0..SEATS, n(), any::<bool>()).prop_map(|(seat, idea, on)| Act::Approve(seat, idea, on)),
        2 => (n(), any::<bool>()).prop_map(|(idea, on)| Act::Promote(idea, on)),
        1 => n().prop_map(Act::Hide),
        1 => n().prop_map(Act::Unhide),
        1 => n().prop_map(Act::Withdraw),
        1 => (0..SEATS, n()).prop_map(|(seat, idea)| Act::Endanger(seat, idea)),
        1 => (n(), any::<bool>()).prop_map(|(idea, show)| Act::Settle(idea, show)),
        2 => any::<bool>().prop_map(Act::HideBoard),
        1 => (0..SEATS, 0..SEATS).prop_map(|(a, b)| Act::CloseSeats(a, b)),
        1 => (1_u128..4).prop_map(Act::RestoreSeats),
    ];
    let weight = u32::from(all) * 10;
    prop_oneof![6 => some.boxed(), weight.max(1) => if all { others.boxed() } else { Just(Act::TakeApart(0)).boxed() }]
}

fn act(board: &mut Board, act: &Act) -> bool {
    match *act {
        Act::Combine(a, b) => board.in_review(&Action::Combine { idea: idea(a), into: idea(b) }),
        Act::TakeApart(a) => board.in_review(&Action::TakeApart { idea: idea(a) }),
        Act::Approve(who, a, on) => {
            board.act(seat(who), &Action::Approve { idea: idea(a), on, counter: None })
        }
        Act::Promote(a, on) => board.in_review(&Action::Promote { idea: idea(a), on, kind: None }),
        Act::Hide(a) => {
            let reason = "off-topic".to_owned();
            board.staff(&Action::Hide { idea: idea(a), reason, erase: false, read: None })
        }
        Act::Endanger(who, a) => {
            board.act(seat(who), &Action::Report { idea: idea(a), why: ReportReason::Danger })
        }
        Act::Settle(a, show) => board.act(board.contact, &Action::Settle { idea: idea(a), show, read: None }),
        Act::HideBoard(on) => board.staff(&Action::HideBoard { group: board.group, on }),
        Act::CloseSeats(a, b) => {
            let seats: Vec<SeatId> =
                [seat(a), seat(b)].into_iter().filter(|one| !board.consultation.is_closed(*one)).collect();
            let (why, only) = (ClosedWhy::Burst, None);
            let kept = BTreeSet::new();
            let closed = Event::SeatsClosed { seats, group: None, why, only, at: 1, kept, came: None };
            board.apply(closed, &NewWords::default());
            true
        }
        Act::RestoreSeats(n) => {
            let closing = u32::try_from(n).unwrap_or(0);
            let again = board.consultation.stands_closed(closing);
            if again {
                board.apply(Event::SeatsRestored { closing }, &NewWords::default());
            }
            again
        }
        Act::Unhide(a) => board.staff(&Action::Unhide { idea: idea(a), read: None }),
        Act::Withdraw(a) => {
            board.staff(&Action::Withdraw { idea: idea(a), receipt: Receipt::from_bytes([0; 32]) })
        }
    }
}

proptest! {
    #[test]
    fn what_a_board_shows_is_what_a_count_from_scratch_gives(all in prop::collection::vec(acts(true), 0..60)) {
        let mut board = Board::new(None);
        for one in &all {
            act(&mut board, one);
            prop_assert_eq!(board.seen(), board.counted(), "after {:?}", one);
            for id in (0..IDEAS).map(idea) {
                let root = board.consultation.root_of(id);
                prop_assert_eq!(board.consultation.root_of(root), root, "no chains");
            }
        }
    }

    #[test]
    fn taken_apart_everything_is_as_if_it_had_never_been_combined(
        votes in prop::collection::vec((0..SEATS, 0..IDEAS), 0..20),
        all in prop::collection::vec(acts(false), 0..30),
    ) {
        let mut board = Board::new(Some(3));
        for (who, a) in &votes {
            act(&mut board, &Act::Approve(*who, *a, true));
        }
        let (before, ballots) = (board.seen(), board.consultation.every_ballot());
        for one in &all {
            act(&mut board, one);
        }
        // One that belongs to nobody takes all that it stands for apart; one that belongs to another takes itself.
        for n in (0..IDEAS).chain(0..IDEAS) {
            act(&mut board, &Act::TakeApart(n));
        }
        prop_assert_eq!(board.seen(), before);
        prop_assert_eq!(board.consultation.every_ballot(), ballots, "no ballot was rewritten");
    }

    #[test]
    fn a_combination_frees_votes_and_never_takes_one(
        votes in prop::collection::vec((0..SEATS, 0..IDEAS), 0..30),
        all in prop::collection::vec(acts(false), 0..20),
    ) {
        let mut board = Board::new(Some(2));
        for (who, a) in votes {
            act(&mut board, &Act::Approve(who, a, true));
        }
        for one in &all {
            act(&mut board, one);
            for n in 0..SEATS {
                let you = board.consultation.you(seat(n), "").unwrap();
                prop_assert!(you.approved.len() <= 2);
                prop_assert!(you.approved.iter().all(|id| board.consultation.root_of(*id) == *id));
            }
        }
        prop_assert_eq!(board.group, board.consultation.founding().groups[0].0);
    }
}
