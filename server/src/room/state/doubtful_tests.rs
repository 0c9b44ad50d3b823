//! Texts that say something like deleted words: off the document that phones get, and settled by staff (rule C25).

use std::collections::HashMap;
use std::sync::Arc;

use proto::gate::{StateVector, StatementPart, TextKey};
use proto::ids::{ClientId, ConsultationId, DocumentName, Epoch, IdeaId};
use proto::phase::Phase;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{LiveDocument, RoomState, RoomTurn};
use crate::config::Limits;
use crate::consultation::{Plan, PlenaryWrite};
use crate::journal::{Scrub, TextChange, TextRow};
use crate::room::{Completion, RoomMessage, RoomWrite};

const NUMBER: &str = "079 555 99 88";
const NAME: &str = "statement/opening";
const OPENING: TextKey = TextKey::Statement(StatementPart::Opening);

fn idea() -> IdeaId {
    IdeaId(Uuid::from_u128(7))
}

/// A list whose statement opens with these words.
fn list(opening: &str) -> RoomState {
    let id = ConsultationId(Uuid::nil());
    let document = LiveDocument::begin(DocumentName::Plenary(id), Epoch(Uuid::nil()), ClientId(1 << 33));
    let plan = Plan::Plenary {
        consultation: id,
        phase: Phase::Plenary,
        run: None,
        frozen: (false, 0),
        version: None,
        fixed: Vec::new(),
        room: Vec::new(),
        follow: Vec::new(),
    };
    let mut state = RoomState::new(document, id, HashMap::new(), (0, 0), &plan, Arc::new(Limits::default()));
    state.reconcile(&plan).unwrap();
    state.document.rewrite(&OPENING, opening).unwrap();
    state
}

/// Takes a write in and tells people; gives the changes to the rows of texts, and whether the files are scrubbed at once.
fn write(state: &mut RoomState, write: PlenaryWrite) -> (Vec<TextChange>, bool) {
    let message = RoomMessage::Write(RoomWrite::Plenary(write), Completion::default());
    let mut turn: RoomTurn = state.turn([message]).unwrap();
    let (texts, scrubs) = (std::mem::take(&mut turn.texts), turn.scrub == Some(Scrub::Now));
    state.deliver(turn, None);
    (texts, scrubs)
}

fn erase(state: &mut RoomState, words: &str) -> (Vec<TextChange>, bool) {
    write(state, PlenaryWrite::Follow(idea(), Arc::from([words.to_owned()])))
}

/// What a phone that has nothing yet gets.
fn synced(state: &RoomState) -> Vec<u8> {
    state.document.missing(&StateVector::default())
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

/// The names and words that staff read.
fn doubtful(state: &mut RoomState) -> Vec<(String, String)> {
    let (reply, mut answer) = oneshot::channel();
    let turn = state.turn([RoomMessage::ReadDoubtful(reply)]).unwrap();
    state.deliver(turn, None);
    let texts = answer.try_recv().unwrap().texts;
    texts.into_iter().map(|text| (text.text, text.words)).collect()
}

fn opening(state: &RoomState) -> String {
    state.document.plenary(ConsultationId(Uuid::nil())).statement.opening
}

#[test]
fn c25_a_text_that_says_something_like_deleted_words_leaves_the_document_that_phones_get() {
    let says =
        format!("A helpline that young people can reach, for example under {NUMBER}, at any hour of the day");
    let mut state = list(&says);
    assert!(holds(&synced(&state), NUMBER));
    let (rows, scrubs) = erase(&mut state, &format!("My number is {NUMBER}, call me"));
    assert!(!holds(&synced(&state), NUMBER), "phones do not hold it");
    assert!(holds(&synced(&state), NAME), "and hear that there is something to settle");
    assert_eq!(opening(&state), "");
    assert_eq!(doubtful(&mut state), [(NAME.to_owned(), says.clone())], "staff read it");
    assert!(scrubs);
    let row = serde_json::to_string(&HashMap::from([(NAME, &says)])).unwrap();
    let expected = [
        TextChange::Delete(TextRow::Following(idea())),
        TextChange::Delete(TextRow::Doubtful),
        TextChange::Put(TextRow::Doubtful, row.clone()),
    ];
    assert_eq!(rows, expected, "in one transaction with the document");
    // A room that is loaded again has it.
    let mut again = list("");
    again.load_doubtful(&row);
    assert_eq!(doubtful(&mut again), [(NAME.to_owned(), says)]);
}

#[test]
fn c25_staff_put_a_text_back_as_it_is_or_delete_it() {
    let says =
        format!("A helpline that young people can reach, for example under {NUMBER}, at any hour of the day");
    let words = format!("My number is {NUMBER}, call me");
    let mut state = list(&says);
    erase(&mut state, &words);
    state.document.rewrite(&OPENING, "Written since.").unwrap();
    let (rows, scrubs) = write(&mut state, PlenaryWrite::Settle(NAME.to_owned(), true));
    assert_eq!(opening(&state), format!("{says} Written since."), "nothing that was written since is lost");
    assert_eq!((rows, scrubs), (vec![TextChange::Delete(TextRow::Doubtful)], false));
    assert!(!holds(&synced(&state), NAME));
    assert_eq!(write(&mut state, PlenaryWrite::Settle(NAME.to_owned(), true)).0, [], "settled is settled");

    erase(&mut state, &words);
    state.document.rewrite(&OPENING, "A helpline.").unwrap();
    let (rows, scrubs) = write(&mut state, PlenaryWrite::Settle(NAME.to_owned(), false));
    assert_eq!(
        (opening(&state), rows, scrubs),
        ("A helpline.".to_owned(), vec![TextChange::Delete(TextRow::Doubtful)], true)
    );
    assert_eq!(doubtful(&mut state), []);
}

#[test]
fn c25_words_that_are_deleted_later_leave_the_texts_that_staff_have_not_settled() {
    let second = "Maria Keller of the harbour office told us";
    let mut state = list(&format!(
        "A helpline under {NUMBER}, as we heard at the table. {second}. So it was, in the room."
    ));
    erase(&mut state, &format!("My number is {NUMBER}, call me"));
    let (rows, _) = erase(&mut state, second);
    let kept = doubtful(&mut state);
    assert_eq!(kept.len(), 1);
    assert!(kept[0].1.contains(NUMBER) && !kept[0].1.contains(second), "{kept:?}");
    assert!(rows.contains(&TextChange::Delete(TextRow::Doubtful)), "the row that had them goes");
}

#[test]
fn c25_a_text_that_a_version_before_this_one_only_marked_is_taken_off_when_the_list_is_loaded() {
    let says = format!("A helpline that young people can reach, for example under {NUMBER}");
    let mut state = list(&says);
    state.document.mark_only(NAME).unwrap();
    let plan = Plan::Plenary {
        consultation: ConsultationId(Uuid::nil()),
        phase: Phase::Plenary,
        run: None,
        frozen: (false, 0),
        version: None,
        fixed: Vec::new(),
        room: Vec::new(),
        follow: Vec::new(),
    };
    let turn = state.reconcile(&plan).unwrap();
    assert!(turn.scrub == Some(Scrub::Now) && !turn.texts.is_empty());
    assert!(!holds(&synced(&state), NUMBER));
    assert_eq!(doubtful(&mut state), [(NAME.to_owned(), says)]);
}
