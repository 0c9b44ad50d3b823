//! What a merge costs: `cargo bench -p plenum-server --bench merge` prints the table.

#![expect(clippy::unwrap_used, reason = "a benchmark may unwrap")]

use std::collections::BTreeMap;

use server::merge::{Ballot, Grouping, MergeIdea, Places, Reference, Rule, RunInput, Similar, run};
/// Numbers that look random and are the same every time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Words as frequent as words are: few often, many rarely.
fn text(draw: &mut Draw) -> String {
    let words = (0..8 + draw.below(18)).map(|_| {
        let rank = draw.below(4000) * draw.below(4000) / 4000;
        let syllables = ["ka", "ro", "min", "ste", "lu", "tion", "pre", "vo", "sch", "ing"];
        (0..2 + rank % 3).map(|n| syllables[(rank / 10usize.pow(n as u32) + n) % 10]).collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}

fn consultation(seats: usize, ideas: usize, groups: usize) -> RunInput {
    let mut draw = Draw(4);
    let mut input = RunInput { k: Some(Places::Same(100)), lot: vec![4; 32], ..RunInput::default() };
    for n in 0..ideas {
        let words = match n % 10 {
            // Every tenth says again what another said.
            9 => input.ideas[draw.below(n)].text.clone() + " please",
            _ => text(&mut draw),
        };
        input.ideas.push(MergeIdea {
            id: format!("i{n:05}").as_str().into(),
            group: format!("g{}", n % groups).as_str().into(),
            text: words,
            lang: "en".to_owned(),
            promoted: true,
            kind: None,
            point: None,
            tr: BTreeMap::new(),
        });
    }
    for n in 0..seats {
        let group = draw.below(groups).min(draw.below(groups));
        input.ballots.push(Ballot {
            seat: format!("s{n:05}").as_str().into(),
            group: format!("g{group}").as_str().into(),
            approves: (0..10)
                .map(|_| input.ideas[draw.below(ideas).min(draw.below(ideas))].id.clone())
                .collect(),
        });
    }
    input
}

/// Milliseconds that this thread has computed: what others do on the machine meanwhile is not counted.
fn computed() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

fn milliseconds<T>(work: impl FnOnce() -> T) -> f64 {
    let begun = computed();
    std::hint::black_box(work());
    computed() - begun
}

/// The best of five.
fn best<T>(work: impl Fn() -> T) -> f64 {
    (0..5).map(|_| milliseconds(&work)).fold(f64::INFINITY, f64::min)
}

fn main() {
    let input = consultation(10_000, 5_000, 39);
    println!("10,000 seats, 5,000 ideas, 39 groups, k = 100; one thread's own time; the best of five");
    println!("whole run                      {:8.1} ms", best(|| run(&input).unwrap()));
    let whole = |rule| {
        // Without words there is nothing to compare: what is left is the ranking.
        let ideas =
            input.ideas.iter().map(|idea| MergeIdea { text: String::new(), ..idea.clone() }).collect();
        let input = RunInput {
            rule,
            ideas,
            reference: Reference { grouping: Grouping::Off, ..Reference::default() },
            ..input.clone()
        };
        best(|| run(&input).unwrap())
    };
    let plain = whole(Rule::Votes);
    println!(
        "all places by Phragmén         {:8.1} ms more than a plain count",
        whole(Rule::Phragmen) - plain
    );
    println!(
        "all places by equal shares     {:8.1} ms more than a plain count",
        whole(Rule::EqualShares) - plain
    );
    println!("index of all texts             {:8.1} ms", best(|| Similar::new(&input.ideas)));
    let similar = Similar::new(&input.ideas);
    let texts = || input.ideas.iter().take(200).map(|idea| similar.nearest(&idea.text, "en", 3).len());
    println!("one text against 5,000, mean   {:8.1} ms", best(|| texts().sum::<usize>()) / 200.0);
}
