//! A fair trial of the score: pairs for somebody to label who does not know it, and then what it is worth.
//!
//! ```text
//! cargo run -p plenum-server --example trial -- sample PAIRS.json FOLDER_OR_TSV…
//! cargo run -p plenum-server --example trial -- judge PAIRS.json LABELS.json FOLDER_OR_TSV…
//! ```
//!
//! `sample` takes the folder of a Polis export (one consultation of English comments), or a table of sentences and their
//! translations (`lang text english`: one consultation per language). From each it draws equal shares by four ways, so
//! that the pairs do not come from our score alone: by lot, by shared words (Jaccard), by shared groups of three letters
//! (Jaccard), by our score. What it writes is in the order of a lot, and says neither the way nor a score.
//! `judge` reads the labels (`same`, `near`, `different`, `opposite`) and prints average precisions. Texts of people are
//! written to the file that was named and nowhere else.
//!
//! What it said in November 2026, of 834 pairs of eight consultations that Polis publishes, labelled by readers who knew no
//! score: *same* against everything else 0.66 to 0.90, in the mean 0.76; where *near* is left out 0.68 to 1.00, in the mean
//! 0.87. Nothing of opposite meaning was joined. No other mixture of such features was better by two hundredths.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use server::merge::{MergeIdea, RunInput, Similar, run};
use sha2::{Digest, Sha256};

/// A pair as it is labelled.
#[derive(Clone, Serialize, Deserialize)]
struct Pair {
    id: String,
    a: String,
    b: String,
    consultation: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Label {
    Same,
    Near,
    Different,
    Opposite,
}

/// Texts of one language that are compared with each other.
struct Consultation {
    name: String,
    lang: String,
    texts: Vec<String>,
    /// Pairs to draw.
    share: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["sample", pairs, sources @ ..] if !sources.is_empty() => sample(pairs, &read_all(sources)?),
        ["judge", pairs, labels, sources @ ..] if !sources.is_empty() => {
            judge(pairs, labels, &read_all(sources)?)
        }
        _ => bail!("sample PAIRS.json SOURCE…, or judge PAIRS.json LABELS.json SOURCE…"),
    }
}

fn read_all(sources: &[&str]) -> anyhow::Result<Vec<Consultation>> {
    let mut all = Vec::new();
    for source in sources {
        let path = Path::new(source);
        if path.is_dir() { all.push(polis(path)?) } else { all.extend(table(path)?) }
    }
    Ok(all)
}

fn polis(folder: &Path) -> anyhow::Result<Consultation> {
    let file = folder.join("comments.csv");
    let mut reader = csv::Reader::from_path(&file).with_context(|| file.display().to_string())?;
    let texts = reader.records().map(|row| Ok(row?.get(7).unwrap_or_default().trim().to_owned()));
    let texts = distinct(texts.collect::<Result<Vec<_>, csv::Error>>()?);
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    // A small consultation has fewer pairs that are worth a look.
    let share = (texts.len() * 2).clamp(60, 120);
    Ok(Consultation { name, lang: "en".to_owned(), texts, share })
}

fn table(path: &Path) -> anyhow::Result<Vec<Consultation>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut by_lang: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split('\t');
        if let (Some(lang), Some(own), Some(english)) = (cells.next(), cells.next(), cells.next()) {
            by_lang.entry(lang).or_default().push(own.trim().to_owned());
            by_lang.entry("en").or_default().push(english.trim().to_owned());
        }
    }
    let consultation = |(lang, texts): (&str, Vec<String>)| Consultation {
        name: format!("sentences.{lang}"),
        lang: lang.to_owned(),
        texts: distinct(texts),
        share: 20,
    };
    Ok(by_lang.into_iter().map(consultation).collect())
}

fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| !text.is_empty() && seen.insert(text.clone())).collect()
}

fn sample(out: &str, consultations: &[Consultation]) -> anyhow::Result<()> {
    let mut pairs = Vec::new();
    for consultation in consultations {
        for (a, b) in draw(consultation) {
            let text = |at: usize| consultation.texts[at].clone();
            // Which of the two comes first says nothing.
            let (a, b) = if lot(&(&consultation.name, a, b, "side")) % 2 == 0 { (a, b) } else { (b, a) };
            let (a, b, consultation) = (text(a), text(b), consultation.name.clone());
            pairs.push(Pair { id: String::new(), a, b, consultation });
        }
    }
    pairs.sort_by_key(|pair| lot(&(&pair.a, &pair.b)));
    for (at, pair) in pairs.iter_mut().enumerate() {
        pair.id = format!("p{:03}", at + 1);
    }
    fs::write(out, serde_json::to_string_pretty(&pairs)?)?;
    println!("{} pairs of {} consultations", pairs.len(), consultations.len());
    Ok(())
}

/// Equal shares by each way; what one way has drawn, another does not count as its own.
fn draw(consultation: &Consultation) -> BTreeSet<(usize, usize)> {
    let texts = &consultation.texts;
    let all = || (0..texts.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    let words: Vec<BTreeSet<String>> = texts.iter().map(|text| words_of(text)).collect();
    let letters: Vec<BTreeSet<String>> = texts.iter().map(|text| letters_of(text)).collect();
    let scores = scores(consultation);
    let ranked = |value: &dyn Fn(usize, usize) -> f64| {
        let mut ranked: Vec<(f64, (usize, usize))> = all().map(|(a, b)| (value(a, b), (a, b))).collect();
        ranked.sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| lot(&x.1).cmp(&lot(&y.1))));
        ranked.into_iter().map(|(_, pair)| pair).collect::<Vec<_>>()
    };
    let ways = [
        ranked(&|a, b| scores.get(&(a, b)).copied().unwrap_or(0.0)),
        ranked(&|a, b| jaccard(&letters[a], &letters[b])),
        ranked(&|a, b| jaccard(&words[a], &words[b])),
        ranked(&|a, b| lot(&(&consultation.name, a, b)) as f64),
    ];
    let mut drawn = BTreeSet::new();
    let mut ways: Vec<_> = ways.into_iter().map(Vec::into_iter).collect();
    for turn in 0..consultation.share {
        let way = turn % 4;
        let _ = ways[way].find(|&pair| drawn.insert(pair));
    }
    drawn
}

/// Every text as a promoted idea.
fn ideas(consultation: &Consultation) -> Vec<MergeIdea> {
    let idea = |(at, text): (usize, &String)| MergeIdea {
        id: format!("{at}").as_str().into(),
        group: "g".into(),
        text: text.clone(),
        lang: consultation.lang.clone(),
        promoted: true,
        kind: None,
        point: None,
        tr: BTreeMap::new(),
    };
    consultation.texts.iter().enumerate().map(idea).collect()
}

/// The entry that each text became without anybody being asked.
fn entries(consultation: &Consultation) -> anyhow::Result<BTreeMap<usize, usize>> {
    let run = run(&RunInput { ideas: ideas(consultation), ..RunInput::default() })?;
    let members = run.items.iter().enumerate();
    let members =
        members.flat_map(|(at, item)| item.members.iter().map(move |member| (member.idea.as_str(), at)));
    members.map(|(idea, at)| Ok((idea.parse()?, at))).collect()
}

/// Our score of every pair that has any.
fn scores(consultation: &Consultation) -> BTreeMap<(usize, usize), f64> {
    let ideas = ideas(consultation);
    let similar = Similar::new(&ideas);
    let mut scores = BTreeMap::new();
    for (b, text) in consultation.texts.iter().enumerate() {
        for (a, score) in similar.nearest(text, &consultation.lang, ideas.len()) {
            if a < b {
                scores.insert((a, b), score);
            }
        }
    }
    scores
}

fn words_of(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn letters_of(text: &str) -> BTreeSet<String> {
    let letters: Vec<char> = text.to_lowercase().chars().collect();
    letters.windows(3).map(|three| three.iter().collect()).collect()
}

fn jaccard(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let both = a.intersection(b).count() as f64;
    if both == 0.0 { 0.0 } else { both / a.union(b).count() as f64 }
}

/// The same lot for the same thing, every time.
fn lot(of: &impl std::fmt::Debug) -> u32 {
    let digest = Sha256::digest(format!("{of:?}"));
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

fn judge(pairs: &str, labels: &str, consultations: &[Consultation]) -> anyhow::Result<()> {
    let pairs: Vec<Pair> = serde_json::from_str(&fs::read_to_string(pairs)?)?;
    let labels: BTreeMap<String, Label> = serde_json::from_str(&fs::read_to_string(labels)?)?;
    let mut scored: BTreeMap<&str, Vec<(f64, Label, &Pair)>> = BTreeMap::new();
    for consultation in consultations {
        let scores = scores(consultation);
        let entries = entries(consultation)?;
        let find = |text: &str| consultation.texts.iter().position(|known| known == text);
        for pair in pairs.iter().filter(|pair| pair.consultation == consultation.name) {
            let (a, b) =
                find(&pair.a).zip(find(&pair.b)).with_context(|| format!("{} is not in it", pair.id))?;
            let label = *labels.get(&pair.id).with_context(|| format!("{} has no label", pair.id))?;
            let score = scores.get(&(a.min(b), a.max(b))).copied().unwrap_or(0.0);
            if entries.get(&a) == entries.get(&b) {
                println!("joined without asking: {label:?} {} {}", pair.id, pair.consultation);
            }
            scored.entry(&consultation.name).or_default().push((score, label, pair));
        }
    }
    let all: Vec<_> = scored.values().flatten().copied().collect();
    println!("{:40} pairs same near   AP(same)  AP(same+near)  AP(same, near left out)", "");
    for (name, scored) in scored.iter().map(|(name, scored)| (*name, scored)).chain([("all", &all)]) {
        let count = |label| scored.iter().filter(|(_, known, _)| *known == label).count();
        let of = |positive: &[Label], without: Option<Label>| {
            let kept = scored.iter().filter(|(_, label, _)| Some(*label) != without);
            average_precision(kept.map(|(score, label, _)| (*score, positive.contains(label))).collect())
        };
        println!(
            "{name:40} {:5} {:4} {:4}   {:8.3}  {:13.3}  {:.3}",
            scored.len(),
            count(Label::Same),
            count(Label::Near),
            of(&[Label::Same], None),
            of(&[Label::Same, Label::Near], None),
            of(&[Label::Same], Some(Label::Near)),
        );
    }
    let mut all = all;
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.id.cmp(&b.2.id)));
    for (score, label, pair) in all.iter().filter(|(score, label, _)| *score >= 0.25 || *label == Label::Same)
    {
        println!("{score:.3} {label:?} {} {}", pair.id, pair.consultation);
    }
    Ok(())
}

/// The mean over the right ones of how pure the list is down to each. Of equal scores the wrong ones come first.
fn average_precision(mut scored: Vec<(f64, bool)>) -> f64 {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (mut found, mut sum) = (0.0, 0.0);
    for (at, _) in scored.iter().enumerate().filter(|(_, (_, right))| *right) {
        found += 1.0;
        sum += found / (at + 1) as f64;
    }
    sum / found
}
