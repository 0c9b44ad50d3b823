//! Versions of the list: what changes them, and what does not. Rule C37.

use std::sync::Arc;

use proto::api::versions::{VersionReason, canonical_json};
use proto::command::Action;
use proto::ids::IdeaId;
use proto::plenary::PlenaryView;
use proto::role::Role;
use sha2::{Digest, Sha256};

use crate::clock::Entropy;
use crate::config::{Limits, VersionLimits};
use crate::consultation::{Context, ListContext, StoredVersion, keep_version, replace_versions, words_hash};
use crate::journal::{TextChange, TextRow};
use crate::live::tests::rapporteurs_converge::{Stage, apply, idea, list_of, stage};

const DAY: u64 = 86_400_000;

fn context() -> ListContext {
    ListContext {
        title: proto::api::consultation::LocalText::Plain("T".to_owned()),
        points: Vec::new(),
        phase: proto::phase::Phase::Plenary,
        working_language: None,
        plenary_vote: None,
        adoption: None,
        founded_at: 1,
        groups: Vec::new(),
        rule: proto::plenary::Rule::default(),
        weights: proto::plenary::Weights::default(),
        k: None,
        pins: Vec::new(),
        kept_off: 0,
        audit: serde_json::Value::Null,
        ledger_lines: 0,
    }
}

/// The list as its room would say it, with these wordings.
fn worded(hall: &Stage, wordings: &[(IdeaId, &str)]) -> PlenaryView {
    let mut list = list_of(&hall.consultation);
    for (item, words) in wordings {
        let item = list.items.iter_mut().find(|known| known.facts.anchor == *item).unwrap();
        item.wording = (*words).to_owned();
    }
    list
}

/// Makes a version as the server does.
fn make(hall: &mut Stage, list: &PlenaryView) -> StoredVersion {
    let about = (hall.consultation.next_version(), DAY, VersionReason::PlenaryVote);
    let version = StoredVersion::new(about, list, context());
    let decided = hall.consultation.decide_version(version.clone());
    apply(&mut hall.consultation, decided.event, &decided.words);
    version
}

/// Decides and takes in, with what the server does to versions beside it. Gives the changed rows of versions.
fn act(hall: &mut Stage, role: Role, action: &Action) -> Vec<String> {
    let (entropy, limits) = (Entropy::Counter(Arc::default()), Limits::default());
    let context = Context { now: 3 * DAY, entropy: &entropy, limits: &limits };
    let seat = *hall.consultation.seats().iter().find(|(_, seat)| seat.role() == role).unwrap().0;
    let mut decided = hall.consultation.decide(seat, action, context).unwrap();
    let without = hall.consultation.versions_without(&decided.event, context.now);
    replace_versions(&mut decided, without);
    apply(&mut hall.consultation, decided.event, &decided.words);
    let rows = decided.texts.into_iter().filter_map(|text| match text {
        TextChange::Put(TextRow::Version(_), row) => Some(row),
        TextChange::Put(..) | TextChange::Delete(_) => None,
    });
    rows.collect()
}

fn merged() -> Stage {
    let mut hall = stage();
    hall.merge();
    hall
}

#[test]
fn c37_the_hash_of_a_version_is_that_of_its_canonical_json() {
    let mut hall = merged();
    let list = worded(&hall, &[]);
    make(&mut hall, &list);
    let told = hall.consultation.version_told(1).unwrap();
    assert_eq!(told.sha256, hex::encode(Sha256::digest(canonical_json(&told.content))));
    assert_eq!((told.content.number, told.content.entries.len()), (1, list.items.len()));
    let value = serde_json::to_value(&told).unwrap();
    let schema = serde_json::from_str(include_str!("../../../../docs/schema/version.json")).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let wrong: Vec<String> =
        schema.iter_errors(&value).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn c37_later_words_and_runs_change_no_version_and_numbers_go_on() {
    let mut hall = merged();
    let list = worded(&hall, &[(idea(3), "As people voted on it")]);
    make(&mut hall, &list);
    let before = hall.consultation.version_told(1);
    let later = worded(&hall, &[(idea(3), "Other words")]);
    assert_ne!(words_hash(&list), words_hash(&later), "a room sees that it shows a draft");
    act(&mut hall, Role::Organizer, &Action::Exclude { item: idea(7), on: true });
    hall.merge();
    make(&mut hall, &later);
    assert_eq!(hall.consultation.version_told(1), before);
    let numbers: Vec<u32> = hall.consultation.versions().versions.iter().map(|told| told.number).collect();
    assert_eq!((numbers, hall.consultation.next_version()), (vec![1, 2], 3));
}

#[test]
fn c25_deleted_words_leave_every_version_with_a_new_hash_and_the_old_one_is_told() {
    let mut hall = merged();
    let bad = idea(5);
    let words = "A youth council that is asked before the budget";
    let copy = "What we want is this: a youth council that is asked before the budget, and much more of the same kind in every town";
    let list = worded(&hall, &[(idea(3), copy)]);
    make(&mut hall, &list);
    make(&mut hall, &list);
    let before = hall.consultation.version_told(2).unwrap();
    let hide = Action::Hide { idea: bad, reason: "personal-data".to_owned(), erase: true, read: None };
    let rows = act(&mut hall, Role::Organizer, &hide);
    assert_eq!(rows.len(), 2, "both rows are written anew");
    for row in &rows {
        assert!(!row.to_lowercase().contains(&words.to_lowercase()), "{row}");
        assert!(
            row.contains("Ask a youth council before the budget is made"),
            "what another idea says stays"
        );
    }
    let after = hall.consultation.version_told(2).unwrap();
    assert_ne!(after.sha256, before.sha256);
    assert_eq!(after.sha256, after.content.sha256());
    assert_eq!(after.content.run.sha256, None, "the hash of the input would confirm a guess");
    let [erased] = after.erased.as_slice() else { panic!("{:?}", after.erased) };
    assert_eq!((erased.day.as_str(), erased.sha256.as_str()), ("1970-01-04", before.sha256.as_str()));
    // Its own entry: source and words; and the copy in another.
    assert_eq!(erased.texts, 3);
    assert_eq!(after.content.entries.len(), before.content.entries.len(), "numbers stay");
}

#[test]
fn c37_what_staff_hide_is_left_out_of_what_is_read_and_comes_back_with_the_same_hash() {
    let mut hall = merged();
    let list = worded(&hall, &[]);
    make(&mut hall, &list);
    let before = hall.consultation.version_told(1).unwrap();
    let hide = Action::Hide { idea: idea(7), reason: "off-topic".to_owned(), erase: false, read: None };
    assert!(act(&mut hall, Role::Organizer, &hide).is_empty(), "the row stays");
    let hidden = hall.consultation.version_told(1).unwrap();
    assert_eq!((hidden.withheld, &hidden.sha256), (2, &before.sha256));
    assert!(!serde_json::to_string(&hidden).unwrap().contains("Ramps"));
    act(&mut hall, Role::Organizer, &Action::Unhide { idea: idea(7), read: None });
    assert_eq!(hall.consultation.version_told(1), Some(before));
}

#[test]
fn c37_versions_are_bounded_in_number_and_bytes() {
    let mut hall = merged();
    let list = worded(&hall, &[]);
    let few = VersionLimits { versions_max: 1, ..VersionLimits::default() };
    let small = VersionLimits { bytes_max: 10, ..VersionLimits::default() };
    assert!(hall.consultation.has_room_for_version(&few).is_ok());
    let version = make(&mut hall, &list);
    assert!(hall.consultation.has_room_for_version(&few).is_err());
    assert!(hall.consultation.fits_beside_versions(&version, &VersionLimits::default()).is_ok());
    assert!(hall.consultation.fits_beside_versions(&version, &small).is_err());
}

#[test]
fn c37_a_version_is_read_back_from_its_row_and_one_is_owed_when_the_vote_opens_until_it_is_made() {
    let mut hall = merged();
    assert!(!hall.consultation.owes_version());
    act(&mut hall, Role::Organizer, &Action::OpenPlenaryVote {});
    assert!(hall.consultation.owes_version());
    let list = worded(&hall, &[]);
    let version = make(&mut hall, &list);
    assert!(!hall.consultation.owes_version());
    let mut decided = hall.consultation.decide_version(version.clone());
    decided.texts.clear();
    keep_version(&mut decided, version.clone());
    let [TextChange::Put(TextRow::Version(1), row)] = decided.texts.as_slice() else { panic!() };
    assert_eq!(serde_json::from_str::<StoredVersion>(row).unwrap(), version);
}
