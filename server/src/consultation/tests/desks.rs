//! What desks are told with many ideas: numbers that are true, words within the bound, pages that miss nothing (rule C27); and
//! which decisions make authors ask again (rule C26).

use std::collections::BTreeSet;
use std::sync::Arc;

use proto::api::consultation::Create;
use proto::api::desk::{AlertState, DeskList, GroupDesk};
use proto::ids::{GroupId, IdeaId, ReceiptHash, SeatId};
use proto::role::Role;
use uuid::Uuid;

use crate::access::Actor;
use crate::clock::{Entropy, MINUTE};
use crate::config::Limits;
use crate::consultation::ideas::moderation::danger::DangerEffect;
use crate::consultation::{Consultation, Context, Event, EventRecord, NewWords, Sight, create};

struct Hall {
    consultation: Consultation,
    limits: Limits,
    groups: Vec<GroupId>,
    staff: Vec<(Role, SeatId)>,
}

fn idea(n: u32) -> IdeaId {
    IdeaId(Uuid::from_u128(u128::from(n)))
}

impl Hall {
    fn new() -> Self {
        let (entropy, limits) = (Entropy::Counter(Arc::default()), Limits::default());
        let context = Context { now: 100 * MINUTE, entropy: &entropy, limits: &limits };
        let wish = Create { groups: vec!["North".to_owned(), "South".to_owned()], ..Create::default() };
        let founded = create(wish, "http://localhost", context).unwrap();
        let groups = founded.founding.groups.iter().map(|(id, _)| *id).collect();
        let staff = founded.founding.links.iter().map(|link| (link.role, link.seat)).collect();
        let mut consultation = Consultation::new(founded.created.id, founded.keys, founded.founding);
        consultation.count_waits_from(100 * MINUTE + 5_000);
        Self { consultation, limits, groups, staff }
    }

    fn seat(&self, role: Role) -> SeatId {
        self.staff.iter().find(|(of, _)| *of == role).unwrap().1
    }

    fn apply(&mut self, event: Event, words: &str) {
        let words = NewWords { idea: Some(Arc::from(words)), ..NewWords::default() };
        self.consultation.apply(&EventRecord { command: None, stamp: None, event }, &words);
    }

    fn share(&mut self, n: u32, group: usize, waiting: bool, words: &str) {
        let event = Event::Shared {
            idea: idea(n),
            group: self.groups[group],
            point: self.consultation.founding().points[0].id,
            kind: None,
            lang: "en".to_owned(),
            receipt: ReceiptHash([7; 32]),
            held: false,
            order: n,
            late: false,
            waiting,
            spoken: false,
        };
        self.apply(event, words);
    }

    fn hide(&mut self, n: u32) {
        self.apply(Event::Hidden { idea: idea(n), reason: "hurts".to_owned(), erased: false }, "");
    }

    fn actor(&self, role: Role) -> Actor {
        self.consultation.actor(self.seat(role)).unwrap()
    }

    fn desk(&self, role: Role) -> Vec<GroupDesk> {
        let present = [self.seat(Role::Moderator), self.seat(Role::Organizer)].into();
        let sight = Sight { present, ..Sight::default() };
        let attendances = self.consultation.attendances(&sight, 100 * MINUTE, &self.limits.voices);
        let desk = self.consultation.desk(self.actor(role), &attendances, &self.limits.desks, |_| 3);
        desk.unwrap().groups
    }

    fn pages(&self, list: DeskList) -> Vec<IdeaId> {
        let mut read = Vec::new();
        loop {
            let actor = self.actor(Role::Moderator);
            let page =
                self.consultation.desk_page(actor, self.groups[0], list, read.len(), &self.limits.desks);
            let page = page.unwrap();
            let size = serde_json::to_vec(&page).unwrap().len();
            assert!(size < 64 * 1024, "{size} bytes in a page");
            let ids: Vec<IdeaId> = page
                .waiting
                .iter()
                .map(|idea| idea.id)
                .chain(page.hidden.iter().map(|one| one.idea.id))
                .collect();
            if ids.is_empty() {
                assert_eq!(page.all as usize, read.len(), "the count is that of the list");
                return read;
            }
            read.extend(ids);
        }
    }
}

#[test]
fn c27_a_desk_with_ten_thousand_hidden_ideas_fits_into_a_message_and_its_pages_miss_none() {
    let mut hall = Hall::new();
    // The first ones and some others are as long as an idea may be.
    let long = "思".repeat(1_000);
    for n in 0..10_000 {
        hall.share(n, 0, false, if n < 50 || n % 100 == 0 { &long } else { "短" });
        hall.hide(n);
    }
    let desk = &hall.desk(Role::Moderator)[0];
    assert_eq!((desk.hidden_all, desk.waiting_all), (10_000, 0));
    let size = serde_json::to_vec(desk).unwrap().len();
    assert!(size < 64 * 1024, "{size} bytes");
    assert!(
        !desk.hidden.is_empty() && desk.hidden.len() < hall.limits.desks.ideas_max,
        "words count as well"
    );
    let read = hall.pages(DeskList::Hidden);
    assert_eq!(read, (0..10_000).map(idea).collect::<Vec<_>>());
}

#[test]
fn c27_the_queue_counts_all_that_wait_and_tells_the_first() {
    let mut hall = Hall::new();
    for n in 0..200 {
        hall.share(n, 0, true, "An idea");
        hall.consultation.note_wait(idea(n), (200 + u64::from(n)) * MINUTE + 17);
    }
    let desk = &hall.desk(Role::Moderator)[0];
    assert_eq!((desk.waiting_all, desk.waiting.len()), (200, hall.limits.desks.ideas_max));
    assert_eq!(desk.waiting_since, Some(200 * MINUTE), "to the minute");
    hall.apply(Event::Admitted { idea: idea(0), order: 500 }, "");
    hall.hide(1);
    let desk = &hall.desk(Role::Moderator)[0];
    assert_eq!((desk.waiting_all, desk.hidden_all, desk.waiting_since), (198, 1, Some(202 * MINUTE)));
    assert_eq!(hall.pages(DeskList::Waiting), (2..200).map(idea).collect::<Vec<_>>());
    // It was shared before the server was started: nobody knows when, only that it waits at least since then.
    hall.share(900, 0, true, "From before");
    assert_eq!(hall.desk(Role::Moderator)[0].waiting_since, Some(100 * MINUTE));
}

#[test]
fn c27_an_organizer_is_told_numbers_of_every_group_and_no_words() {
    let mut hall = Hall::new();
    hall.share(1, 0, true, "Zinnober");
    hall.share(2, 1, true, "Zinnober");
    hall.share(3, 1, false, "Zinnober");
    hall.hide(3);
    let desks = hall.desk(Role::Organizer);
    let numbers = |desk: &GroupDesk| (desk.waiting_all, desk.hidden_all, desk.moderators, desk.sending);
    // The first link of a moderator is that of the first group.
    assert_eq!(desks.iter().map(numbers).collect::<Vec<_>>(), [(1, 0, 1, 3), (1, 1, 0, 3)]);
    assert!(!serde_json::to_string(&desks).unwrap().contains("Zinnober"));
    let page = |role, group: usize| {
        let actor = hall.actor(role);
        let group = hall.groups[group];
        hall.consultation.desk_page(actor, group, DeskList::Waiting, 0, &hall.limits.desks)
    };
    assert_eq!(page(Role::Organizer, 1).unwrap().waiting.len(), 1);
    assert!(page(Role::Moderator, 1).is_err(), "another group's desk");
    assert!(page(Role::Projector, 0).is_err());
}

#[test]
fn c26_authors_ask_again_when_something_became_of_an_idea_and_not_when_the_contact_only_looks() {
    let mut hall = Hall::new();
    hall.share(1, 0, true, "Waits");
    hall.share(2, 1, false, "Shown");
    let (north, south) = (hall.groups[0], hall.groups[1]);
    let told = |hall: &Hall, event: &Event| hall.consultation.groups_with_new_fates(event);
    let of = |group| BTreeSet::from([group]);
    assert_eq!(told(&hall, &Event::Admitted { idea: idea(1), order: 9 }), of(north));
    assert_eq!(
        told(&hall, &Event::Hidden { idea: idea(2), reason: "hurts".to_owned(), erased: false }),
        of(south)
    );
    assert_eq!(told(&hall, &Event::Revealed { group: south, ideas: Vec::new() }), of(south));
    assert_eq!(told(&hall, &Event::BoardHidden { group: north, on: true }), of(north));
    assert_eq!(told(&hall, &Event::Edited { idea: idea(1), waiting: false }), BTreeSet::new());

    let report = Event::Endangered { idea: idea(2), at: MINUTE, effect: DangerEffect::Hides, listed: false };
    assert_eq!(told(&hall, &report), of(south));
    hall.apply(report.clone(), "");
    assert_eq!(told(&hall, &report), BTreeSet::new(), "a second report changes nothing");
    let decides = |state| Event::Safeguarded { idea: idea(2), state };
    assert_eq!(told(&hall, &decides(AlertState::Acknowledged)), BTreeSet::new());
    assert_eq!(told(&hall, &decides(AlertState::Kept)), BTreeSet::new());
    assert_eq!(told(&hall, &decides(AlertState::Shown)), of(south));
}
