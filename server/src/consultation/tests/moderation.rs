//! Nothing is shown to a group that no moderator has let in with these words. Rule C16.

use proto::api::consultation::{Admission, Settings};
use proto::command::Action;
use proto::ids::{Receipt, SeatId, WordsHash};
use proto::phase::Phase;
use proto::problem::Code;

use crate::consultation::ideas::moderation::hiding::IdeaStatus;
use crate::consultation::projection::{PlenaryWrite, Write};
use crate::consultation::tests::voices::{Hall, idea};
use crate::consultation::{Event, FieldChange, NewWords};
use crate::journal::{TextChange, TextRow};

/// A consultation with moderation, one participant, and what is shared is held until the reveal.
fn moderated() -> (Hall, SeatId) {
    let mut hall = Hall::new(Admission::Open);
    let before = hall.consultation.founding().settings.clone();
    let settings = FieldChange::Settings(Settings { moderation: true, private_first: true, ..before });
    hall.apply(hall.organizer, Event::Amended(Box::new(settings)), &NewWords::default());
    let author = hall.come(1);
    hall.share(author, 1);
    assert_eq!(fate(&hall), IdeaStatus::Waiting);
    (hall, author)
}

fn fate(hall: &Hall) -> IdeaStatus {
    hall.consultation.fate(idea(1)).unwrap()
}

fn admit(hall: &mut Hall) {
    let read = WordsHash::of(hall.consultation.ideas()[&idea(1)].text());
    hall.act(hall.moderator, &Action::Admit { idea: idea(1), read }).unwrap();
}

fn edit(hall: &mut Hall, who: SeatId, text: &str) {
    let receipt = Receipt::from_bytes([0; 32]);
    hall.act(who, &Action::Edit { idea: idea(1), receipt, text: text.to_owned() }).unwrap();
}

#[test]
fn c16_an_idea_that_was_let_in_waits_again_when_its_author_edits_it_before_it_is_shown() {
    let (mut hall, author) = moderated();
    admit(&mut hall);
    assert_eq!(fate(&hall), IdeaStatus::Held);
    edit(&mut hall, author, "Something that nobody has let in");
    assert_eq!(fate(&hall), IdeaStatus::Waiting);
    hall.restart();
    assert_eq!(fate(&hall), IdeaStatus::Waiting, "also after a restart");

    hall.act(hall.moderator, &Action::Reveal { group: hall.group, point: None }).unwrap();
    assert!(!hall.consultation.is_on_board(idea(1)), "no reveal shows it");
    admit(&mut hall);
    assert!(hall.consultation.is_on_board(idea(1)));
}

/// Rule C31: the author's edit and the moderator's tap cross.
#[test]
fn c31_words_that_no_moderator_read_are_not_let_in_nor_shown_again() {
    let (mut hall, author) = moderated();
    let read = WordsHash::of("Idea 1");
    edit(&mut hall, author, "Words that nobody has read");
    let moderator = hall.moderator;
    assert_eq!(hall.act(moderator, &Action::Admit { idea: idea(1), read }), Err(Code::Stale));
    let reason = || "off-topic".to_owned();
    let hide = |read| Action::Hide { idea: idea(1), reason: reason(), erase: false, read };
    assert_eq!(
        hall.act(moderator, &hide(Some(read))),
        Err(Code::Stale),
        "nor refused for what it does not say"
    );
    assert_eq!(fate(&hall), IdeaStatus::Waiting);
    admit(&mut hall);
    assert_eq!(fate(&hall), IdeaStatus::Held);
    hall.act(moderator, &hide(None)).unwrap();
    let unhide = |read| Action::Unhide { idea: idea(1), read: Some(read) };
    assert_eq!(hall.act(moderator, &unhide(read)), Err(Code::Stale));
    hall.act(moderator, &unhide(WordsHash::of("Words that nobody has read"))).unwrap();
    // What everybody sees is hidden at once, whatever its author is typing.
    hall.act(moderator, &Action::Reveal { group: hall.group, point: None }).unwrap();
    hall.act(moderator, &hide(Some(read))).unwrap();
    assert!(!hall.consultation.is_on_board(idea(1)));
}

/// The journal keeps no hash of words, also not of those that somebody read (rule C25).
#[test]
fn c25_a_command_that_names_the_words_it_is_about_leaves_no_trace_of_them() {
    let hash = |words: &str| {
        Action::Admit { idea: idea(1), read: WordsHash::of(words) }.content_hash_without_words()
    };
    assert_eq!(hash("Maria, 079"), hash("Something else"));
    let read = |words: &str| Some(WordsHash::of(words));
    let hash = |words: &str| Action::Unhide { idea: idea(1), read: read(words) }.content_hash_without_words();
    assert_eq!(hash("Maria, 079"), hash("Something else"));
}

#[test]
fn c16_an_edit_does_not_let_an_idea_wait_when_its_group_sees_it_or_a_moderator_made_it() {
    let (mut hall, author) = moderated();
    admit(&mut hall);
    let moderator = hall.moderator;
    edit(&mut hall, moderator, "Words of the moderator");
    assert_eq!(fate(&hall), IdeaStatus::Held);
    hall.act(hall.moderator, &Action::Reveal { group: hall.group, point: None }).unwrap();
    edit(&mut hall, author, "Better words, and the group reads along");
    assert_eq!(fate(&hall), IdeaStatus::Shown);
}

#[test]
fn c16_an_idea_that_waits_or_is_held_is_not_promoted() {
    let (mut hall, _) = moderated();
    hall.phase(Phase::Review);
    let promote = |on| Action::Promote { idea: idea(1), on, kind: None };
    assert_eq!(hall.act(hall.moderator, &promote(true)), Err(Code::IdeaHidden));
    admit(&mut hall);
    assert_eq!(hall.act(hall.moderator, &promote(true)), Err(Code::IdeaHidden));
    hall.act(hall.moderator, &Action::Reveal { group: hall.group, point: None }).unwrap();
    hall.act(hall.moderator, &promote(true)).unwrap();
    assert_eq!(fate(&hall), IdeaStatus::Promoted);
}

/// Rule C25: whoever reads the list could otherwise empty an entry.
#[test]
fn c25_taking_an_idea_off_the_late_shelf_deletes_no_words_that_others_wrote_for_the_list() {
    let follows = |writes: &[Write]| {
        writes.iter().any(|write| matches!(write, Write::Plenary(PlenaryWrite::Follow(..))))
    };
    let (mut hall, _) = moderated();
    assert!(follows(&hall.consultation.withdraw(idea(1))), "an idea of the board is followed");
    let (mut hall, _) = moderated();
    hall.consultation.put_on_shelf(idea(1), true);
    assert!(!follows(&hall.consultation.withdraw(idea(1))));
}

/// As above, of what is kept for rooms that are not loaded.
#[test]
fn c25_whoever_takes_an_idea_off_the_late_shelf_leaves_no_row_that_deletes_words_of_the_list() {
    for late in [false, true] {
        let (mut hall, seat) = moderated();
        hall.consultation.put_on_shelf(idea(1), late);
        let action = Action::Withdraw { idea: idea(1), receipt: Receipt::from_bytes([0; 32]) };
        let decided = hall.consultation.decide(seat, &action, hall.context()).unwrap();
        let row = |text: &TextChange| matches!(text, TextChange::Put(TextRow::Following(_), _));
        assert_eq!(decided.texts.iter().any(row), !late);
    }
}
