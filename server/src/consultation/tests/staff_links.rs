//! Staff links by role: who has a group, who has a language, and what links of earlier data mean now. Rule C35.

use proto::api::consultation::Admission;
use proto::api::preparation::NewLink;
use proto::command::Action;
use proto::ids::{GroupId, ReceiptHash, SeatId};
use proto::problem::Code;
use proto::role::Role;
use serde_json::json;
use uuid::Uuid;

use crate::access::{Deed, may_ever};
use crate::consultation::event::StaffLink;
use crate::consultation::tests::voices::{Hall, idea};

fn new_link(n: u8, role: Role, group: Option<GroupId>, lang: Option<&str>) -> Action {
    let (seat, token) = (SeatId(Uuid::from_u128(900 + u128::from(n))), ReceiptHash([n; 32]));
    Action::AddLink(NewLink { seat, role, group, lang: lang.map(str::to_owned), label: String::new(), token })
}

#[test]
fn c35_a_new_consultation_has_an_editor_and_a_moderator_and_a_rapporteur_of_each_group() {
    let hall = Hall::new(Admission::Open);
    let links = hall.consultation.staff_links();
    let of = |role| links.iter().filter(|link| link.role == role).map(|link| link.group).collect::<Vec<_>>();
    let groups: Vec<Option<GroupId>> = hall.consultation.groups().keys().copied().map(Some).collect();
    assert_eq!(of(Role::Editor), [None]);
    for role in [Role::Moderator, Role::Rapporteur] {
        let of_groups: Vec<Option<GroupId>> = of(role);
        assert_eq!(of_groups.len(), groups.len());
        assert!(groups.iter().all(|group| of_groups.contains(group)), "{role:?}");
    }
}

#[test]
fn c35_moderators_and_rapporteurs_have_a_group_translators_a_language_and_others_neither() {
    let mut hall = Hall::new(Admission::Open);
    let (organizer, group) = (hall.organizer, Some(hall.group));
    let mut n = 0;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Participant) {
        let with_group = matches!(role, Role::Moderator | Role::Rapporteur);
        let with_language = role == Role::Translator;
        for (group, lang) in [(None, None), (group, None), (None, Some("pt-br")), (group, Some("pt"))] {
            n += 1;
            let fits = group.is_some() == with_group && lang.is_some() == with_language;
            let answer = hall.act(organizer, &new_link(n, role, group, lang));
            assert_eq!(answer, if fits { Ok(()) } else { Err(Code::Malformed) }, "{role:?} {group:?} {lang:?}");
        }
    }
    let unknown = new_link(200, Role::Translator, None, Some("not a tag"));
    assert_eq!(hall.act(organizer, &unknown), Err(Code::Malformed));
    let links = hall.consultation.staff_links();
    let translator = links.iter().find(|link| link.role == Role::Translator).unwrap();
    assert_eq!(translator.lang.as_deref(), Some("pt-BR"), "as tags are stored");
}

#[test]
fn c35_a_rapporteur_of_earlier_data_who_has_no_group_is_an_editor() {
    let stored = |role: &str, group: Option<GroupId>| -> StaffLink {
        let seat = SeatId(Uuid::from_u128(1));
        serde_json::from_value(json!({ "seat": seat, "role": role, "group": group, "token": "ab".repeat(32) }))
            .unwrap()
    };
    let group = Some(GroupId(Uuid::from_u128(2)));
    assert_eq!(stored("rapporteur", None).role, Role::Editor);
    assert_eq!(stored("rapporteur", group).role, Role::Rapporteur);
    assert_eq!(stored("moderator", group).role, Role::Moderator);
    let link = stored("translator", None);
    let again: StaffLink = serde_json::from_value(serde_json::to_value(&link).unwrap()).unwrap();
    assert_eq!(again, link);
}

#[test]
fn c35_a_translator_writes_in_the_language_of_the_link_only() {
    let (mut hall, _) = Hall::with_people(Admission::Open);
    let organizer = hall.organizer;
    hall.act(organizer, &new_link(1, Role::Translator, None, Some("fr"))).unwrap();
    let links = hall.consultation.staff_links();
    let seat = links.iter().find(|link| link.role == Role::Translator).unwrap().seat;
    let translate = |lang: &str| Action::Translate { idea: idea(1), lang: lang.to_owned(), text: "Autre".to_owned() };
    for lang in ["es", "pt", "frr"] {
        assert_eq!(hall.act(seat, &translate(lang)), Err(Code::Forbidden), "{lang}");
    }
    hall.act(seat, &translate("fr-CA")).unwrap();
    let to = SeatId(Uuid::from_u128(990));
    let hand = Action::HandLink { seat, to, token: ReceiptHash([99; 32]), label: String::new() };
    hall.act(organizer, &hand).unwrap();
    assert_eq!(hall.act(seat, &translate("fr")), Err(Code::Unauthorized), "handed on");
    assert_eq!(hall.act(to, &translate("es")), Err(Code::Forbidden), "a substitute has the same language");
}

#[test]
fn c35_a_rapporteur_reaches_the_own_group_and_no_other() {
    let hall = Hall::new(Admission::Open);
    let other = hall.consultation.groups().keys().copied().find(|group| *group != hall.group);
    let links = hall.consultation.staff_links();
    let own = links.iter().find(|link| link.role == Role::Rapporteur && link.group == Some(hall.group)).unwrap();
    let actor = hall.consultation.actor(own.seat).unwrap();
    for deed in [Deed::ReadBoard, Deed::Order, Deed::WordEntry] {
        assert!(may_ever(deed, actor, Some(hall.group)) && !may_ever(deed, actor, other), "{deed:?}");
    }
    for deed in [Deed::EditPlenary, Deed::Freeze, Deed::Assign, Deed::Promote, Deed::Hide] {
        assert!(!may_ever(deed, actor, Some(hall.group)), "{deed:?}");
    }
}
