//! Which ideas may be the same: pairs for people to judge, from words and from meaning. Nothing here joins anything.
//!
//! Words find what is written alike, in a language or by a translation; vectors find what is said in other words or languages. A
//! pair that either finds is a candidate. Where both texts have a vector, one number ranks them all: meaning and letters together.
//! Texts that are identical are read once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto::plenary::Section;

use super::candidate_pair::CandidatePair;
use super::input::{IdeaKey, MergeIdea, PointKey};
use crate::isolated::{guarded, isolated};
use crate::merge::similarity::identity::identity;
use crate::merge::similarity::mark::mark;
use crate::merge::similarity::near::{Meant, Nearness};
use crate::merge::similarity::score::{SUGGESTED, Similar};

/// Words that a pair names as its reason.
const SHARED_WORDS: usize = 5;
/// Pairs of one idea that are kept, its best ones: who has so many to choose from does not look for another. Bounds what reasons
/// are looked for: 5,000 ideas of the same few words would have 240,000 pairs.
const PAIRS_PER_IDEA: usize = 24;

/// What was found among some ideas.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Found {
    /// Pairs that may be the same, the most similar first.
    pub pairs: Vec<CandidatePair>,
    /// Ideas of which a text could not be read: compared with none.
    pub unread: BTreeSet<IdeaKey>,
}

/// All pairs of these ideas that may be the same. `vector_of` gives what a text means, if it is known: numbers of length 1, all of
/// one model.
#[must_use]
pub fn candidates<'a>(ideas: &[MergeIdea], vector_of: impl Fn(&MergeIdea) -> Option<&'a [f32]>) -> Found {
    let mut unread = BTreeSet::new();
    let texts = distinct(ideas, &mut unread);
    let similar = Similar::of(texts.iter().copied());
    unread.extend(similar.unread().map(|place| texts[place].id.clone()));
    let mut found: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (a, b, score) in similar.pairs(SUGGESTED) {
        found.insert((a, b), score);
    }
    let (places, meant): (Vec<usize>, Vec<Meant<'_, Section>>) = texts
        .iter()
        .enumerate()
        .filter_map(|(place, idea)| {
            let language = primary(&idea.lang);
            let (section, text, vector) = (idea.section(), idea.text.as_str(), vector_of(idea)?);
            Some((place, Meant { section, language, text, vector }))
        })
        .unzip();
    let nearness = Nearness::of(&meant);
    let meant_at: HashMap<usize, usize> = places.iter().copied().zip(0..).collect();
    for ((a, b), score) in &mut found {
        let both = meant_at.get(a).zip(meant_at.get(b));
        *score = both.and_then(|(a, b)| nearness.between(*a, *b)).unwrap_or(*score);
    }
    for (a, b, near) in nearness.pairs() {
        found.insert((places[a], places[b]), near);
    }
    let mut pairs: Vec<CandidatePair> = best_of_each(found, &texts)
        .into_iter()
        .map(|(a, b, score)| {
            // A pair whose reason cannot be told is asked about without one.
            let said = || (similar.shared(a, b, SHARED_WORDS), similar.closest_texts(a, b, mark));
            let (shared, mark) = guarded(said).unwrap_or_default();
            let (a, b) = (&texts[a].id, &texts[b].id);
            let (a, b) = (a.min(b).clone(), a.max(b).clone());
            CandidatePair { a, b, score, shared, mark }
        })
        .collect();
    pairs.sort_by(|x, y| y.score.total_cmp(&x.score).then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b))));
    Found { pairs, unread }
}

/// The pairs that are among the best of one of their two ideas, the most similar first. Pairs of two promoted ideas all stay: what
/// is held back from the list depends on them, and a group promotes few.
fn best_of_each(found: BTreeMap<(usize, usize), f64>, texts: &[&MergeIdea]) -> Vec<(usize, usize, f64)> {
    let one_section = |(a, b): (usize, usize)| texts[a].section() == texts[b].section();
    let found = found.into_iter().filter(|(pair, _)| one_section(*pair));
    let mut pairs: Vec<(usize, usize, f64)> = found.map(|((a, b), score)| (a, b, score)).collect();
    pairs.sort_by(|x, y| y.2.total_cmp(&x.2).then_with(|| (x.0, x.1).cmp(&(y.0, y.1))));
    let mut counts = vec![0; texts.len()];
    pairs.retain(|&(a, b, _)| {
        let kept = counts[a].min(counts[b]) < PAIRS_PER_IDEA || (texts[a].promoted && texts[b].promoted);
        counts[a] += 1;
        counts[b] += 1;
        kept
    });
    pairs
}

/// The first idea of each text that can be read: promoted ones, then the others, each by id. Of equally similar partners those that
/// stand first are kept.
fn distinct<'a>(ideas: &'a [MergeIdea], unread: &mut BTreeSet<IdeaKey>) -> Vec<&'a MergeIdea> {
    let mut texts: BTreeMap<(Section, Option<&PointKey>, &str, String), &MergeIdea> = BTreeMap::new();
    for idea in ideas {
        let Some(words) = isolated(&idea.text, identity) else {
            unread.insert(idea.id.clone());
            continue;
        };
        if words.is_empty() {
            continue;
        }
        let known =
            texts.entry((idea.section(), idea.point.as_ref(), primary(&idea.lang), words)).or_insert(idea);
        if idea.id < known.id {
            *known = idea;
        }
    }
    let mut first: Vec<&MergeIdea> = texts.into_values().collect();
    first.sort_by_key(|idea| (!idea.promoted, &idea.id));
    first
}

/// A language without country or script.
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// Pairs of two lists, each pair once; what the second says of a pair is better known.
#[must_use]
pub fn united(first: Vec<CandidatePair>, second: &[CandidatePair]) -> Vec<CandidatePair> {
    let mut all: BTreeMap<(IdeaKey, IdeaKey), CandidatePair> = BTreeMap::new();
    for pair in first.into_iter().chain(second.iter().cloned()) {
        all.entry((pair.a.clone(), pair.b.clone()))
            .and_modify(|known| {
                known.score = pair.score;
                known.mark = known.mark.or(pair.mark);
            })
            .or_insert(pair);
    }
    let mut pairs: Vec<CandidatePair> = all.into_values().collect();
    pairs.sort_by(|x, y| y.score.total_cmp(&x.score).then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b))));
    pairs
}
