//! Translations by people and machines: who may put which in whose place, where they are shown, and that they go with their
//! text. Rules C36, C25.

use proto::api::consultation::Admission;
use proto::api::preparation::NewLink;
use proto::api::translations::Translation;
use proto::command::Action;
use proto::ids::{ReceiptHash, SeatId, WordsHash};
use proto::problem::Code;
use proto::role::Role;
use serde_json::json;
use uuid::Uuid;

use crate::consultation::tests::voices::{Hall, idea};

fn translate(lang: &str, text: &str, over: Option<u32>) -> Action {
    let read = Some(WordsHash::of("Idea 1"));
    Action::Translate { idea: idea(1), lang: lang.to_owned(), text: text.to_owned(), read, over }
}

/// A hall with people, and a translator into French.
fn with_translator() -> (Hall, Vec<SeatId>, SeatId) {
    let (mut hall, people) = Hall::with_people(Admission::Open);
    let seat = SeatId(Uuid::from_u128(901));
    let lang = Some("fr".to_owned());
    let (token, label) = (ReceiptHash([9; 32]), String::new());
    let link = NewLink { seat, role: Role::Translator, group: None, lang, label, token };
    hall.act(hall.organizer, &Action::AddLink(link)).unwrap();
    (hall, people, seat)
}

fn french(hall: &Hall) -> Translation {
    hall.consultation.ideas()[&idea(1)].translations()["fr"].clone()
}

#[test]
fn c36_a_translator_puts_a_translation_in_the_place_of_one_that_was_read_and_others_add_only() {
    let (mut hall, people, translator) = with_translator();
    hall.act(people[0], &translate("fr", "De la groupe", None)).unwrap();
    assert_eq!(hall.act(people[1], &translate("fr", "Autre", Some(0))), Err(Code::Conflict));
    assert_eq!(
        hall.act(translator, &translate("fr", "Mieux", None)),
        Err(Code::Stale),
        "it is there meanwhile"
    );
    assert_eq!(hall.act(translator, &translate("fr", "Mieux", Some(1))), Err(Code::Stale), "another one");
    hall.act(translator, &translate("fr", "Mieux", Some(0))).unwrap();
    let now = french(&hall);
    assert_eq!((now.text.as_str(), now.n, now.machine), ("Mieux", 1, false));
    assert!(now.is_of("Idea 1") && !now.is_of("Idea 1, as it was worded later"));
    assert_eq!(hall.act(translator, &translate("fr", "Encore", Some(0))), Err(Code::Stale));
    hall.act(translator, &translate("fr-CA", "Encore", Some(1))).unwrap();
    assert_eq!(french(&hall).n, 2, "a region is no other language");
    assert_eq!(hall.consultation.ideas()[&idea(1)].translations().len(), 1);
}

#[test]
fn c36_c25_an_idea_that_is_deleted_takes_its_translations_with_it_and_a_hidden_one_keeps_them() {
    let (mut hall, _, translator) = with_translator();
    hall.act(translator, &translate("fr", "Paroles", None)).unwrap();
    let hide =
        |reason: &str, erase| Action::Hide { idea: idea(1), reason: reason.to_owned(), erase, read: None };
    hall.act(hall.moderator, &hide("off-topic", false)).unwrap();
    assert_eq!(hall.act(translator, &translate("fr", "Encore", Some(0))), Err(Code::IdeaHidden));
    assert_eq!(french(&hall).text, "Paroles");
    hall.act(hall.moderator, &hide("personal-data", true)).unwrap();
    assert!(hall.consultation.ideas()[&idea(1)].translations().is_empty());
}

#[test]
fn c36_translations_that_were_stored_as_words_alone_are_read() {
    let row = json!({ "fr": "Paroles", "es": { "text": "Palabras", "machine": true, "n": 3 } });
    let read: std::collections::BTreeMap<String, Translation> = serde_json::from_value(row).unwrap();
    assert_eq!(read["fr"], Translation { text: "Paroles".to_owned(), ..Translation::default() });
    assert_eq!((read["es"].machine, read["es"].n, read["es"].of), (true, 3, None));
    assert!(read["fr"].is_of("whatever it was of"), "nobody knows");
}
