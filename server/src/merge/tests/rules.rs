//! The merge step by its specification: the worked example, and each rule by a small case.

use std::collections::{BTreeMap, BTreeSet};

use proto::command::Kind;
use proto::plenary::Section;

use crate::merge::*;

pub(in crate::merge) fn idea(id: &str, group: &str, text: &str) -> MergeIdea {
    MergeIdea {
        id: id.into(),
        group: group.into(),
        text: text.to_owned(),
        lang: "en".to_owned(),
        promoted: true,
        kind: None,
        point: None,
        tr: BTreeMap::new(),
    }
}

pub(in crate::merge) fn ballot(seat: &str, group: &str, approves: &[&str]) -> Ballot {
    Ballot {
        seat: seat.into(),
        group: group.into(),
        approves: approves.iter().map(|&id| id.into()).collect(),
    }
}

fn ids(keys: &[&str]) -> Vec<IdeaKey> {
    keys.iter().map(|&key| key.into()).collect()
}

/// The ideas whose words these items have.
pub(in crate::merge) fn anchors<'a>(run: &'a Run, items: &[IdeaKey]) -> Vec<&'a str> {
    let anchor = |id: &IdeaKey| run.items.iter().find(|item| item.id == *id).unwrap().anchor.as_str();
    items.iter().map(anchor).collect()
}

pub(in crate::merge) fn listed(run: &Run) -> Vec<&str> {
    anchors(run, &run.listed)
}

fn ranking(run: &Run) -> Vec<&str> {
    run.items.iter().map(|item| item.anchor.as_str()).collect()
}

/// The id of an item that is born with this idea, which has no kind.
pub(in crate::merge) fn new_item(idea: &str) -> IdeaKey {
    item_id(&idea.into(), Section::Ideas)
}

/// Groups A (10 people), B (6) and C (4), four places.
fn worked_example(weights: Weights) -> RunInput {
    let mut ballots = Vec::new();
    for n in 0..10 {
        let approves: &[&str] = if n < 2 { &["A1", "A2", "A3", "M"] } else { &["A1", "A2", "A3"] };
        ballots.push(ballot(&format!("a{n}"), "A", approves));
    }
    for n in 0..6 {
        let approves: &[&str] = if n < 2 { &["B1", "M"] } else { &["B1"] };
        ballots.push(ballot(&format!("b{n}"), "B", approves));
    }
    ballots.push(ballot("c1", "C", &["C1"]));
    ballots.push(ballot("c2", "C", &["C1", "M"]));
    ballots.push(ballot("c3", "C", &["C1", "M"]));
    ballots.push(ballot("c4", "C", &["M"]));
    let ideas = [("A1", "A"), ("A2", "A"), ("A3", "A"), ("B1", "B"), ("C1", "C"), ("M", "C")];
    RunInput {
        k: Some(Places::Same(4)),
        weights,
        ideas: ideas.map(|(id, group)| idea(id, group, id)).to_vec(),
        ballots,
        reference: Reference { tie_order: ids(&["A1", "A2", "A3", "B1", "C1", "M"]), ..Reference::default() },
        ..RunInput::default()
    }
}

#[test]
fn the_worked_example_by_person() {
    let run = run(&worked_example(Weights::Person)).unwrap();
    assert_eq!(ranking(&run)[..4], ["A1", "B1", "A2", "M"]);
    // Ten, ten, seven and six people.
    assert_eq!(listed(&run), ["A1", "A2", "M", "B1"]);
}

#[test]
fn the_worked_example_by_square_root() {
    let run = run(&worked_example(Weights::Sqrt)).unwrap();
    assert_eq!(ranking(&run)[..4], ["A1", "B1", "M", "A2"]);
    assert_eq!(listed(&run), ["A1", "A2", "M", "B1"]);
    assert_eq!(run.items[2].support.seats, 7);
    assert_eq!(run.items[2].support.groups, 3);
    assert!(run.audit.represented);
    assert!(run.heard.is_empty());
}

#[test]
fn the_worked_example_by_plain_count_stands_beside_each_entry_and_is_a_rule() {
    let mut input = worked_example(Weights::Sqrt);
    let run_ = run(&input).unwrap();
    let mut by_votes: Vec<_> =
        run_.items.iter().map(|item| (item.rank_by_votes, item.anchor.as_str())).collect();
    by_votes.sort_unstable();
    assert_eq!(by_votes.iter().map(|&(_, id)| id).take(4).collect::<Vec<_>>(), ["A1", "A2", "A3", "M"]);
    input.rule = Rule::Votes;
    assert_eq!(listed(&run(&input).unwrap()), ["A1", "A2", "A3", "M"]);
}

#[test]
fn a_single_person_weighs_no_more_than_one_of_a_group_of_mean_size() {
    let mut input = RunInput {
        ideas: vec![idea("big", "A", "big"), idea("small", "B", "small")],
        ballots: (0..100).map(|n| ballot(&format!("a{n}"), "A", &["big"])).collect(),
        ..RunInput::default()
    };
    input.ballots.push(ballot("b", "B", &["small"]));
    let run = run(&input).unwrap();
    let t = |position: usize| run.items[position].t.unwrap();
    assert_eq!(ranking(&run), ["big", "small"]);
    // 10⁶/√100 and 10⁶/√50.5, rounded down.
    assert!((t(1) / t(0) - 100.0 * 100_000.0 / 140_719.0).abs() < 1e-9);
}

#[test]
fn a_weight_on_a_ballot_replaces_the_setting() {
    let mut input = RunInput {
        ideas: vec![idea("a", "A", "a"), idea("b", "B", "b")],
        ballots: vec![ballot("1", "A", &["a"]), ballot("2", "B", &["b"])],
        ..RunInput::default()
    };
    input.reference.weights.insert("1".into(), BallotWeight { p: 1, q: 3 });
    input.reference.weights.insert("2".into(), BallotWeight { p: 7, q: 1 });
    let run = run(&input).unwrap();
    assert_eq!(ranking(&run), ["b", "a"]);
    assert_eq!(run.items[1].t, Some(3.0));
}

#[test]
fn an_unpromoted_twin_brings_its_votes_but_is_no_entry_by_itself() {
    let mut input = RunInput {
        ideas: vec![idea("a", "A", "More light"), idea("b", "B", "more light."), idea("c", "B", "Buses")],
        ballots: vec![ballot("1", "A", &["a"]), ballot("2", "B", &["b"]), ballot("3", "B", &["b", "c"])],
        ..RunInput::default()
    };
    input.ideas[1].promoted = false;
    let run = run(&input).unwrap();
    assert_eq!(ranking(&run), ["b", "c"]);
    assert_eq!(run.items[0].support.seats, 3);
    assert_eq!(run.items[0].members.iter().map(|m| m.via).collect::<Vec<_>>(), [Via::Anchor, Via::Identical]);
    assert_eq!(run.audit.passed_over[0].idea, "b".into());
}

#[test]
fn a_group_that_promoted_nothing_comes_in_with_its_best_marked_so() {
    let mut input = RunInput::default();
    for n in 0..8 {
        let id = format!("i{n}");
        input.ideas.push(MergeIdea { promoted: false, ..idea(&id, "A", &id) });
        for voter in 0..n {
            let seat: SeatKey = format!("s{voter}").as_str().into();
            match input.ballots.iter_mut().find(|ballot| ballot.seat == seat) {
                Some(ballot) => drop(ballot.approves.insert(id.as_str().into())),
                None => input.ballots.push(ballot(seat.as_str(), "A", &[&id])),
            }
        }
    }
    input.promoted_at_most = Some(5);
    let run = run(&input).unwrap();
    let listed: BTreeSet<&str> = ranking(&run).into_iter().collect();
    assert_eq!(listed, BTreeSet::from(["i3", "i4", "i5", "i6", "i7"]));
    assert!(run.items.iter().all(|item| item.tags == [output::TAG_BEST_BY_TALLY]));
    assert_eq!(run.audit.promoted_nothing, ["A".into()]);
}

#[test]
fn sections_are_ranked_by_themselves_and_never_share_an_entry() {
    let with = |id: &str, kind| MergeIdea { kind: Some(kind), ..idea(id, "A", "The same words") };
    let input = RunInput {
        ideas: vec![
            with("c", Kind::Challenge),
            with("r", Kind::Recommendation),
            with("p", Kind::GoodPractice),
        ],
        ballots: vec![ballot("1", "A", &["c", "r", "p"])],
        ..RunInput::default()
    };
    let run = run(&input).unwrap();
    let sections: Vec<Section> = run.items.iter().map(|item| item.section).collect();
    assert_eq!(sections, [Section::Challenges, Section::Recommendations, Section::Partnerships]);
    assert!(run.items.iter().all(|item| item.number == 1 && item.members.len() == 1));
    assert_eq!(run.items.iter().map(|item| item.rank).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_group_of_three_with_nothing_on_the_list_is_heard() {
    let mut input = RunInput {
        k: Some(Places::Same(1)),
        ideas: vec![idea("a", "A", "a"), idea("b", "B", "b"), idea("c", "C", "c")],
        ballots: (0..9).map(|n| ballot(&format!("a{n}"), "A", &["a"])).collect(),
        ..RunInput::default()
    };
    input.ballots.extend((0..3).map(|n| ballot(&format!("b{n}"), "B", &["b"])));
    input.ballots.extend((0..2).map(|n| ballot(&format!("c{n}"), "C", &["c"])));
    let run = run(&input).unwrap();
    assert_eq!(listed(&run), ["a"]);
    assert_eq!(run.heard, [output::Heard { group: "B".into(), item: new_item("b") }]);
    assert_eq!(anchors(&run, &run.below_the_line), ["c"]);
}

#[test]
fn the_audit_names_people_who_are_owed_a_place() {
    // A plain count gives both places to the larger half; the other half is worth one.
    let mut input = RunInput {
        rule: Rule::Votes,
        k: Some(Places::Same(2)),
        weights: Weights::Person,
        ideas: vec![idea("a1", "A", "a1"), idea("a2", "A", "a2"), idea("b", "B", "b")],
        ballots: (0..5).map(|n| ballot(&format!("a{n}"), "A", &["a1", "a2"])).collect(),
        ..RunInput::default()
    };
    input.ballots.extend((0..5).map(|n| ballot(&format!("b{n}"), "B", &["b"])));
    input.reference.tie_order = ids(&["a1", "a2", "b"]);
    let plain = run(&input).unwrap();
    assert!(!plain.audit.represented);
    assert_eq!((&plain.audit.violations[0].item, plain.audit.violations[0].places), (&new_item("b"), 1));
    input.rule = Rule::Phragmen;
    assert!(run(&input).unwrap().audit.represented);
}

#[test]
fn pins_come_first_and_are_charged_and_nobody_pays_less_than_nothing() {
    let mut input = worked_example(Weights::Person);
    input.decisions.pins = ids(&["C1", "M"]);
    let run = run(&input).unwrap();
    assert_eq!(ranking(&run)[..2], ["C1", "M"]);
    assert!(run.items[0].tags.contains(&output::TAG_PINNED.to_owned()));
    for item in &run.items {
        assert!(item.paid_by_group.values().all(|&share| share > 0.0));
        assert!((item.paid_by_group.values().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

#[test]
fn what_people_decided_stands_above_the_grouping() {
    let mut input = RunInput {
        ideas: vec![idea("a", "A", "Same"), idea("b", "B", "same"), idea("c", "C", "other")],
        ..RunInput::default()
    };
    let members = |input: &RunInput| -> Vec<Vec<String>> {
        let run = run(input).unwrap();
        let mut all: Vec<Vec<String>> =
            run.items.iter().map(|item| item.members.iter().map(|m| m.idea.to_string()).collect()).collect();
        all.iter_mut().for_each(|ids| ids.sort_unstable());
        all.sort_unstable();
        all
    };
    assert_eq!(members(&input), [vec!["a", "b"], vec!["c"]]);
    input.decisions.not_duplicate.insert(("b".into(), "a".into()));
    assert_eq!(members(&input), [vec!["a"], vec!["b"], vec!["c"]]);
    input.decisions.assign.insert("b".into(), "a".into());
    assert_eq!(members(&input), [vec!["a", "b"], vec!["c"]]);
    input.decisions.assign.insert("c".into(), "a".into());
    assert_eq!(members(&input), [vec!["a", "b", "c"]]);
    input.decisions = Decisions::default();
    input.decisions.assign.insert("b".into(), "b".into());
    assert_eq!(members(&input), [vec!["a"], vec!["b"], vec!["c"]]);
    input.reference.grouping = Grouping::Off;
    input.decisions = Decisions::default();
    assert_eq!(members(&input), [vec!["a"], vec!["b"], vec!["c"]]);
}

#[test]
fn an_item_keeps_the_name_that_it_was_born_with() {
    let mut input = RunInput {
        ideas: vec![idea("a", "A", "Same"), idea("b", "B", "same")],
        ballots: vec![ballot("1", "B", &["b"])],
        ..RunInput::default()
    };
    let id = |input: &RunInput| run(input).unwrap().items[0].id.clone();
    assert_eq!(id(&input), new_item("b"));
    input.born.insert("a".into(), Born::default());
    assert_eq!(id(&input), "a".into(), "as lists were called that an older version made");
}

#[test]
fn an_item_has_an_id_of_its_own_so_a_decision_about_it_is_not_one_about_an_idea() {
    let mut input = RunInput {
        ideas: vec![idea("x", "A", "Trees"), idea("y", "A", "Ramps"), idea("z", "A", "Buses")],
        ..RunInput::default()
    };
    // Each of the two is in the item that is called after the other one.
    input.decisions.assign.extend([("x".into(), "y".into()), ("y".into(), "x".into())]);
    let items = |input: &RunInput| -> BTreeMap<IdeaKey, String> {
        let items = run(input).unwrap().items.into_iter();
        items.map(|item| (item.id, item.anchor.to_string())).collect()
    };
    let named = items(&input);
    assert_eq!((named[&new_item("x")].as_str(), named[&new_item("y")].as_str()), ("y", "x"));
    input.decisions.exclude.insert(new_item("x"));
    assert!(!items(&input).values().any(|idea| idea == "y"), "that item, and the idea that is in it");
    input.decisions.exclude = BTreeSet::from(["x".into()]);
    let made = run(&input).unwrap();
    let left: Vec<&str> = ranking(&made);
    assert!(!left.contains(&"x") && left.contains(&"y"), "an idea's id means the item that holds it");
    assert_eq!((&made.kept_off[0].id, &made.kept_off[0].anchor), (&new_item("y"), &"x".into()));
}

#[test]
fn what_is_kept_off_stays_off_though_the_idea_that_it_is_called_after_went_elsewhere() {
    let mut input = RunInput {
        ideas: vec![idea("a", "A", "Same"), idea("b", "B", "same"), idea("c", "C", "other")],
        ..RunInput::default()
    };
    input.ballots = vec![ballot("1", "A", &["a"])];
    input.decisions.exclude.insert(new_item("a"));
    let before = run(&input).unwrap().kept_off.remove(0);
    let members = before.members.into_iter().collect();
    input.born.insert(before.id, Born { anchor: Some(before.anchor), members, ..Born::default() });
    input.decisions.assign.insert("a".into(), "c".into());
    input.ideas[1].text = "Their words changed since".to_owned();
    let made = run(&input).unwrap();
    assert_eq!(ranking(&made), ["c"], "b is what is left of it; a is on the list with c");
    assert_eq!(made.kept_off[0].members, ids(&["b"]));
}

#[test]
fn an_assign_across_sections_has_no_effect_and_says_so() {
    let mut input = RunInput { ideas: vec![idea("a", "A", "a"), idea("b", "A", "b")], ..RunInput::default() };
    input.ideas[0].kind = Some(Kind::Challenge);
    input.decisions.assign.insert("b".into(), "a".into());
    let run = run(&input).unwrap();
    assert_eq!(run.items.len(), 2);
    assert_eq!(run.audit.assign_ignored, ids(&["b"]));
}

#[test]
fn what_contradicts_itself_is_refused_in_words() {
    let mut input = worked_example(Weights::Sqrt);
    input.ballots[3].approves.insert("gone".into());
    assert_eq!(
        run(&input).unwrap_err().to_string(),
        "the ballot of a3 names gone, but there is no such idea or item"
    );
    input.forget_missing();
    assert!(run(&input).is_ok());
    input.ballots[1].seat = "a0".into();
    assert_eq!(run(&input).unwrap_err(), MergeError::DuplicateSeat("a0".to_owned()));
    input.ideas[1].id = "A1".into();
    assert_eq!(run(&input).unwrap_err(), MergeError::DuplicateIdea("A1".into()));
}

#[test]
fn nothing_at_all_is_an_empty_list() {
    let run = run(&RunInput::default()).unwrap();
    assert!(run.items.is_empty() && run.audit.represented);
}

#[test]
fn the_names_in_json_are_the_fixed_ones() {
    let input: RunInput = serde_json::from_str(
        r#"{"consultation": "x", "k": {"ideas": 1}, "rule": "phragmen", "weights": "person", "lot": "00ff",
        "ideas": [{"id": "a", "group": "G", "text": "A", "lang": "en", "promoted": true, "point": "p"}],
        "ballots": [{"seat": "s", "group": "G", "approves": ["a"]}],
        "decisions": {"assign": {"a": "a"}, "not_duplicate": [["a", "a"]], "pins": ["a"], "exclude": []},
        "reference": {"grouping": "off", "tie_order": ["a"], "weights": {"s": "1/2"}}}"#,
    )
    .unwrap();
    let json = run(&input).unwrap().to_canonical_json().unwrap();
    let hash = serde_json::from_str::<serde_json::Value>(&json).unwrap()["run"]["input_sha256"].clone();
    let expected = format!(
        concat!(
            r#"{{"audit":{{"assign_ignored":[],"close":[],"close_tried":true,"coverage":[{{"covered":1,"enough":true,"#,
            r#""greedy":1,"section":"ideas","voters":1}}],"excluded":[],"groups_without":[],"passed_over":[],"#,
            r#""promoted_nothing":[],"#,
            r#""represented":true,"violations":[]}},"below_the_line":[],"heard":[],"items":[{{"anchor":"a","#,
            r#""because":{{"alone":1,"most":true}},"id":"{1}","members":[{{"group":"G","idea":"a","via":"anchor"}}],"number":1,"paid_by_group":{{"G":1}},"#,
            r#""points":["p"],"rank":1,"rank_by_votes":1,"section":"ideas","support":{{"by_group":{{"G":1}},"#,
            r#""groups":1,"seats":1}},"t":2,"tags":["pinned"]}}],"listed":["{1}"],"run":{{"input_sha256":{0},"#,
            r#""k":{{"ideas":1}},"rule":"phragmen","weights":"person"}},"suggestions":[]}}"#
        ),
        hash,
        new_item("a")
    );
    assert_eq!(json, expected);
}

#[test]
fn unknown_names_in_json_are_refused() {
    for text in [r#"{"rulle": "votes"}"#, r#"{"rule": "borda"}"#, r#"{"lot": "xyz"}"#, r#"{"k": -1}"#] {
        assert!(serde_json::from_str::<RunInput>(text).is_err(), "{text}");
    }
    for weight in ["0", "-1", "1.5", "\"1/0\"", "\"x\""] {
        assert!(serde_json::from_str::<BallotWeight>(weight).is_err(), "{weight}");
    }
}
