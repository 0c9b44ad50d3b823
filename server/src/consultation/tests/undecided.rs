//! What becomes of notes that say something like deleted words while nobody settles them. Rule C25.

use proto::api::consultation::Admission;
use proto::api::group_card::Note;
use proto::command::Action;
use proto::ids::SeatId;
use proto::phase::Phase;

use crate::consultation::tests::voices::Hall;
use crate::consultation::{Event, NewWords};
use crate::journal::{TextChange, TextRow};

const DAY: u64 = 24 * 60 * 60 * 1_000;
const LINE: &str = "Somebody can be reached under 079 555 99 88";

fn note_for(hall: &Hall, seat: SeatId) -> Note {
    let mut card = hall.consultation.group_card(hall.group).unwrap();
    hall.consultation.show_undecided(seat, &mut card);
    card.signed.notes.pop().unwrap()
}

#[test]
fn c25_who_settles_a_note_reads_it_and_after_a_day_its_words_are_deleted() {
    let mut hall = Hall::new(Admission::Open);
    let author = hall.come(1);
    hall.phase(Phase::Review);
    let (group, line) = (hall.group, Some(LINE.to_owned()));
    hall.act(author, &Action::SignOff { group, agree: false, line, read: None }).unwrap();
    let note = note_for(&hall, hall.moderator).id;
    assert!(hall.consultation.give_up_undecided(0, DAY).is_empty(), "a note that is shown waits for nobody");
    let hidden = Event::NoteHidden { note, reason: Some("like-deleted".to_owned()) };
    hall.apply(hall.moderator, hidden, &NewWords::default());

    for who in [hall.moderator, hall.organizer] {
        assert_eq!(note_for(&hall, who).undecided.as_deref(), Some(LINE));
    }
    for who in [author, hall.contact] {
        assert_eq!((note_for(&hall, who).undecided, note_for(&hall, who).line), (None, None));
    }
    assert!(hall.consultation.give_up_undecided(5_000, DAY).is_empty(), "the first look counts from then");
    assert!(hall.consultation.give_up_undecided(5_000 + DAY - 1, DAY).is_empty());
    let mut given_up = hall.consultation.give_up_undecided(5_000 + DAY, DAY);
    let decided = given_up.pop().unwrap();
    assert!(given_up.is_empty() && decided.texts == [TextChange::Delete(TextRow::Note(note))]);
    hall.apply(hall.moderator, decided.event, &NewWords::default());
    let left = note_for(&hall, hall.moderator);
    assert_eq!(
        (left.undecided, left.hidden.as_deref()),
        (None, Some("personal-data")),
        "and the card says so"
    );
    assert!(hall.consultation.give_up_undecided(5_000 + 2 * DAY, DAY).is_empty());
}
