//! What a running consultation does without a command: it writes down that the safeguarding contact came and that the time
//! to settle a note is over, and makes the list anew when people have written.

use std::time::Duration;

use proto::api::group_card::Note;
use proto::ids::{NoteId, SeatId};
use proto::role::Role;
use uuid::Uuid;

use crate::clock::{Entropy, Millis, Tick, tick};
use crate::config::Limits;
use crate::consultation::secret::pseudonym;
use crate::consultation::{Consultation, Event, EventRecord, NewWords};
use crate::journal::{Record, TextChange, TextRow};
use crate::live::SeatLimits;
use crate::live::state::{Effect, Env, Input, Job, Live};
use crate::live::tests::rapporteurs_converge::{apply, idea, stage};
use crate::room::{IdleText, RoomReport};

const DAY: Millis = 24 * 60 * 60 * 1_000;

/// A running consultation at some time.
struct Running {
    live: Live,
    began: Tick,
    passed: Millis,
}

impl Running {
    fn new(consultation: Consultation) -> Self {
        let began = tick();
        let live = at(began, 0, |env| Live::new(consultation, env));
        Self { live, began, passed: 0 }
    }

    /// A turn with these inputs: the events that it appends but for the note of a day, and the rows that it changes.
    fn turn(&mut self, inputs: Vec<Input>) -> (Vec<Event>, Vec<TextChange>) {
        let Self { live, began, passed } = self;
        let turn = at(*began, *passed, |env| live.turn(inputs, env));
        let Some(append) = turn.append else { return (Vec::new(), Vec::new()) };
        let events = append.entries.into_iter().map(|entry| {
            let Record::Decided(bytes) = entry.record else { panic!("{:?}", entry.record) };
            EventRecord::from_bytes(&bytes).unwrap().event
        });
        (events.filter(|event| !matches!(event, Event::Active { .. })).collect(), append.texts)
    }
}

impl Running {
    /// Does a run begin by itself at this time, after these inputs?
    fn begins_run(&mut self, passed: Millis, inputs: Vec<Input>) -> bool {
        self.passed = passed;
        let Self { live, began, .. } = self;
        let effects = at(*began, passed, |env| {
            let turn = live.turn(inputs, env);
            live.durable(turn.undelivered, None, env)
        });
        effects.iter().any(|effect| matches!(effect, Effect::Start(Job::Merge(_))))
    }
}

pub(super) fn at<T>(began: Tick, passed: Millis, run: impl FnOnce(&Env<'_>) -> T) -> T {
    let (entropy, limits, running) = (Entropy::default(), Limits::default(), || 7 + passed);
    let seat_limits = SeatLimits::new(limits.seat_rate, limits.costs.clone(), 1, 1);
    run(&Env {
        now: 10 * DAY + passed,
        tick: began + Duration::from_millis(passed),
        running: &running,
        entropy: &entropy,
        limits: &limits,
        public_url: "http://localhost",
        embedding_model: None,
        texts_leave: false,
        seat_limits: &seat_limits,
    })
}

pub(super) fn seat_of(consultation: &Consultation, role: Role) -> SeatId {
    *consultation.seats().iter().find(|(_, seat)| seat.role() == role).unwrap().0
}

#[test]
fn c17_that_the_contact_came_is_written_once() {
    let consultation = stage().consultation;
    let (contact, other) =
        (seat_of(&consultation, Role::Safeguarding), seat_of(&consultation, Role::Projector));
    let mut running = Running::new(consultation);
    assert!(running.turn(vec![Input::Opened(other)]).0.is_empty());
    let (events, _) = running.turn(vec![Input::Opened(contact), Input::Opened(contact)]);
    assert!(matches!(events[..], [Event::ContactLooked { seat }] if seat == contact), "{events:?}");
    assert!(running.turn(vec![Input::Opened(contact)]).0.is_empty());
}

#[test]
fn c25_the_words_of_a_note_that_nobody_settles_are_deleted_after_a_day() {
    let mut consultation = stage().consultation;
    let (author, note) = (seat_of(&consultation, Role::Participant), NoteId(Uuid::from_u128(9)));
    let group = consultation.seats()[&author].group().unwrap();
    let words = NewWords { line: Some("Call 079 555 99 88".into()), ..NewWords::default() };
    let by = pseudonym(&consultation.keys().ballots, author);
    let signed = Event::SignedOff { by, group, agreed: false, note: Some(note) };
    let _ = apply(&mut consultation, signed, &words);
    let hidden = Event::NoteHidden { note, reason: Some("like-deleted".to_owned()) };
    let _ = apply(&mut consultation, hidden, &NewWords::default());
    let organizer = seat_of(&consultation, Role::Organizer);
    let mut running = Running::new(consultation);
    let read = |running: &Running| -> Note {
        let mut card = running.live.consultation().group_card(group).unwrap();
        running.live.consultation().show_undecided(organizer, &mut card);
        card.signed.notes.pop().unwrap()
    };
    assert!(running.turn(Vec::new()).1.is_empty());
    running.passed = DAY - 1;
    assert!(running.turn(Vec::new()).1.is_empty() && read(&running).undecided.is_some());
    running.passed = 2 * DAY;
    let (events, texts) = running.turn(Vec::new());
    assert_eq!(texts, [TextChange::Delete(TextRow::Note(note))]);
    assert!(matches!(&events[..], [Event::NoteHidden { reason: Some(why), .. }] if why == "personal-data"));
    let left = read(&running);
    assert_eq!((left.line, left.undecided, left.hidden.as_deref()), (None, None, Some("personal-data")));
}

#[test]
fn c33_the_list_is_made_anew_by_itself_when_people_have_worded_an_entry() {
    let mut running = Running::new(stage().consultation);
    assert!(!running.begins_run(20_000, Vec::new()), "nothing has changed");
    let quiet =
        |n| Input::Room(RoomReport::TextIdle(IdleText { idea: idea(n), text: "The same".to_owned() }));
    assert!(!running.begins_run(21_000, vec![quiet(99)]), "an idea that is not there");
    assert!(!running.begins_run(25_000, vec![quiet(0), quiet(1)]), "it waits for a quiet moment");
    assert!(!running.begins_run(26_900, Vec::new()));
    assert!(running.begins_run(27_000, Vec::new()));
    assert!(!running.begins_run(60_000, Vec::new()), "one run for both");
}
