//! Near-duplicates on real comments that were labelled by reading: `merge-pairs.json` says whose they are.
//!
//! Prints the average precision, the pairs that are suggested, and what they are: run with `--nocapture`.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use server::merge::{MergeIdea, RunInput, Similar, run};

#[derive(Deserialize)]
struct Labelled {
    consultations: Vec<Consultation>,
}

#[derive(Deserialize)]
struct Consultation {
    name: String,
    comments: BTreeMap<String, String>,
    pairs: Vec<(String, String, Label)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Label {
    Same,
    Near,
    Opposite,
    Profile,
    Other,
}

fn labelled() -> Vec<Consultation> {
    serde_json::from_str::<Labelled>(include_str!("merge-pairs.json")).unwrap().consultations
}

fn ideas(consultation: &Consultation) -> Vec<MergeIdea> {
    let comments = consultation
        .comments
        .iter()
        .map(|(id, text)| json!({ "id": id, "group": "g", "text": text, "lang": "en", "promoted": true }));
    comments.map(|idea| serde_json::from_value(idea).unwrap()).collect()
}

/// The mean over the *same* pairs of how pure the list is down to each of them.
fn average_precision(mut scored: Vec<(f64, Label)>) -> f64 {
    // Of equal scores the wrong ones count as if they came first.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1 == Label::Same).cmp(&(b.1 == Label::Same))));
    let (mut found, mut sum) = (0.0, 0.0);
    for (at, (_, label)) in scored.iter().enumerate() {
        if *label == Label::Same {
            found += 1.0;
            sum += found / (at + 1) as f64;
        }
    }
    sum / found
}

#[test]
fn the_most_similar_are_the_same() {
    let mut all = Vec::new();
    for consultation in labelled() {
        let ideas = ideas(&consultation);
        let similar = Similar::new(&ideas);
        for (a, b, label) in &consultation.pairs {
            let near = similar.nearest(&consultation.comments[a], "en", ideas.len());
            let score =
                near.iter().find(|(at, _)| ideas[*at].id.as_str() == *b).map_or(0.0, |(_, score)| *score);
            println!("{score:.3} {label:?} {} {a} {b}", consultation.name);
            all.push((score, *label));
        }
    }
    assert!(all.len() >= 150, "{} pairs", all.len());
    let strict = all.iter().copied().filter(|(_, label)| !matches!(label, Label::Near | Label::Profile));
    let wide = all.iter().map(|&(score, label)| match label {
        Label::Near => (score, Label::Same),
        Label::Same | Label::Opposite | Label::Profile | Label::Other => (score, label),
    });
    println!(
        "average precision with what is near and what is no idea: {:.3}",
        average_precision(wide.collect())
    );
    let precision = average_precision(strict.collect());
    println!("average precision {precision:.3}");
    assert!(precision >= 0.75, "average precision {precision}");
}

#[test]
fn what_is_joined_without_asking_is_the_same() {
    for consultation in labelled() {
        let input = RunInput { ideas: ideas(&consultation), ..RunInput::default() };
        let items = run(&input).unwrap().items;
        let item_of: BTreeMap<&str, usize> = items
            .iter()
            .enumerate()
            .flat_map(|(at, item)| item.members.iter().map(move |member| (member.idea.as_str(), at)))
            .collect();
        for (a, b, label) in &consultation.pairs {
            let joined = item_of[a.as_str()] == item_of[b.as_str()];
            assert!(!joined || *label == Label::Same, "{a} and {b} are {label:?}");
        }
        for item in items.iter().filter(|item| item.members.len() > 1) {
            println!(
                "{}: {:?}",
                consultation.name,
                item.members.iter().map(|m| m.idea.as_str()).collect::<Vec<_>>()
            );
        }
    }
}
