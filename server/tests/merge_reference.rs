//! Rankings agree with another implementation that counts in exact fractions; `merge-reference.py` says how it was made.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use serde::Deserialize;
use serde_json::json;
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
    let ballots: Vec<_> = ballots
        .iter()
        .enumerate()
        .map(|(seat, approves)| {
            let approves: Vec<String> = approves.iter().copied().map(name).collect();
            let weight = weights.as_ref().map_or_else(|| "1".to_owned(), |weights| weights[seat].clone());
            json!({ "seat": format!("s{seat}"), "group": "G", "approves": approves, "weight": weight })
        })
        .collect();
    let input = json!({ "consultation": "reference", "k": k, "rule": rule, "grouping": "off",
        "ideas": ideas, "ballots": ballots, "tie_order": ids });
    serde_json::from_value(input).unwrap()
}

#[test]
fn every_ranking_is_that_of_the_reference() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("merge-reference.json")).unwrap();
    assert!(cases.len() >= 400);
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let run = run(&input(case)).unwrap();
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
