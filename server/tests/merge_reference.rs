//! Rankings agree with another implementation that counts in exact fractions; `merge-reference.py` and `merge-reference-groups.py` say
//! how its answers were made.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde::Deserialize;
use serde_json::{Value, json};
use server::merge::{RunInput, run};

/// Rule, k, weights, ballots, and the candidates in the order in which they were chosen.
#[derive(Deserialize)]
struct Case(String, usize, Option<Vec<String>>, Vec<Vec<usize>>, Vec<usize>);

fn name(candidate: usize) -> String {
    format!("c{candidate:02}")
}

fn input(case: &Case) -> RunInput {
    let Case(rule, k, weights, ballots, _) = case;
    let candidates = ballots.iter().flatten().max().unwrap() + 1;
    let ids: Vec<String> = (0..candidates).map(name).collect();
    let ideas: Vec<_> = ids
        .iter()
        .map(|id| json!({ "id": id, "group": "G", "text": "the same text", "promoted": true }))
        .collect();
    let ballots: Vec<Value> = ballots
        .iter()
        .enumerate()
        .map(|(seat, approves)| {
            let approves: Vec<String> = approves.iter().copied().map(name).collect();
            json!({ "seat": format!("s{seat}"), "group": "G", "approves": approves })
        })
        .collect();
    let own = |seat: usize| weights.as_ref().map_or_else(|| "1".to_owned(), |weights| weights[seat].clone());
    let weights: BTreeMap<String, String> =
        (0..ballots.len()).map(|seat| (format!("s{seat}"), own(seat))).collect();
    let reference = json!({ "grouping": "off", "tie_order": ids, "weights": weights });
    let input = json!({ "consultation": "reference", "k": k, "rule": rule, "reference": reference,
        "ideas": ideas, "ballots": ballots });
    serde_json::from_value(input).unwrap()
}

#[test]
fn every_ranking_is_that_of_the_reference() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("merge-reference.json")).unwrap();
    assert!(cases.len() >= 400);
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let run = run(&RunInput { pairs: Some(Vec::new()), ..input(case) }).unwrap();
        let expected: Vec<String> = case.4.iter().copied().map(name).collect();
        // In the order of the rule; the list is in that of people.
        let listed: Vec<String> = run.items[..case.1].iter().map(|item| item.anchor.to_string()).collect();
        if listed != expected {
            wrong.push(format!("case {number} ({}): {listed:?} instead of {expected:?}", case.0));
        }
        for item in &run.items[..case.1] {
            assert!((item.paid_by_group.values().sum::<f64>() - 1.0).abs() < 1e-9, "case {number}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Rule, k, weights, took part per group, group of each ballot, ballots, and the candidates in the order in which they were chosen.
#[derive(Deserialize)]
struct GroupsCase(String, usize, String, Vec<u64>, Vec<usize>, Vec<Vec<usize>>, Vec<usize>);

fn input_of_groups(case: &GroupsCase) -> RunInput {
    let GroupsCase(rule, k, weights, took_part, groups, ballots, _) = case;
    let candidates = ballots.iter().flatten().max().unwrap() + 1;
    let ids: Vec<String> = (0..candidates).map(name).collect();
    let group = |number: usize| format!("g{number}");
    let ideas: Vec<_> =
        ids.iter().map(|id| json!({ "id": id, "group": group(0), "text": id, "promoted": true })).collect();
    let ballot = |(seat, approves): (usize, &Vec<usize>)| {
        let approves: Vec<String> = approves.iter().copied().map(name).collect();
        json!({ "seat": format!("s{seat:02}"), "group": group(groups[seat]), "approves": approves })
    };
    let ballots: Vec<Value> = ballots.iter().enumerate().map(ballot).collect();
    let took_part: BTreeMap<String, u64> =
        took_part.iter().enumerate().map(|(at, &people)| (group(at), people)).collect();
    let input = json!({ "consultation": "reference", "k": k, "rule": rule, "weights": weights,
        "took_part": took_part, "reference": { "grouping": "off", "tie_order": ids },
        "ideas": ideas, "ballots": ballots });
    serde_json::from_value(input).unwrap()
}

#[test]
fn a_thousand_rankings_of_groups_with_our_own_weights_are_those_of_the_reference() {
    let mut packed = zip::ZipArchive::new(Cursor::new(include_bytes!("merge-reference-groups.zip"))).unwrap();
    let mut text = String::new();
    packed.by_name("groups.json").unwrap().read_to_string(&mut text).unwrap();
    let cases: Vec<GroupsCase> = serde_json::from_str(&text).unwrap();
    assert_eq!(cases.len(), 1_000);
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        // What may be the same holds nothing back here: the words of candidates are their names.
        let run = run(&RunInput { pairs: Some(Vec::new()), ..input_of_groups(case) }).unwrap();
        let expected: Vec<String> = case.6.iter().copied().map(name).collect();
        let found: Vec<String> = run.items[..case.1].iter().map(|item| item.anchor.to_string()).collect();
        if found != expected {
            wrong.push(format!("case {number} ({}, {}): {found:?} instead of {expected:?}", case.0, case.2));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
