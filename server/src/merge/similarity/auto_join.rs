//! What is certainly the same, although the words differ a little; and what may be, for a person to decide.
//!
//! No silent merge: two ideas are joined without asking only when they score [`AUTOMATIC`], have the same numbers,
//! equally many words that turn a sentence round, at least four words each, and when no word that says anything was
//! exchanged, moved or added: *defend* for *defund*, *cars before bikes* for *bikes before cars*, *or in public parks*.
//! Words may be misspelt, inflected, or say nothing.
//!
//! That is stricter than the score asks. Of 720 pairs of six consultations, labelled by readers who knew no score, forty
//! would be joined if words could be added; in nine of them one text says more, and would have lost it in the other's
//! words. As a suggestion such a pair costs a person one look.
//!
//! Translations may suggest, but never join: a machine's may have lost the very word that matters.
//!
//! Clusters grow by average linkage: the two with the highest average score first, ties by the smaller ids, as long as
//! the average reaches the threshold and no pair of members speaks against it.

use super::lexicon::is_filler;
use super::words::{ReadText, Word};
use crate::merge::similarity::score::Similar;

/// From here on a pair may be joined without asking.
pub(in crate::merge) const AUTOMATIC: f64 = 0.80;
/// From here on a pair is suggested.
pub(in crate::merge) const SUGGESTED: f64 = 0.42;

/// The fewest words with which a text is joined to another that is not identical.
const WORDS_MIN: usize = 4;

/// The most groups that are clustered together; beyond, people judge: each by each would take too long.
const COMPONENT_MAX: usize = 400;

/// Do the words leave no doubt that two texts mean the same, given that they are very similar?
pub(in crate::merge) fn is_beyond_doubt(a: &ReadText, b: &ReadText) -> bool {
    let readable = a.complete && b.complete && a.length().min(b.length()) >= WORDS_MIN;
    if !readable || a.numbers != b.numbers || a.turns != b.turns {
        return false;
    }
    let (left, right) = (a.content(), b.content());
    if says_more(&left, &right) || says_more(&right, &left) {
        return false;
    }
    let order = |words: &[&Word], others: &[&Word]| -> Vec<String> {
        words.iter().filter(|word| has(others, word)).map(|word| word.stem.clone()).collect()
    };
    order(&left, &right) == order(&right, &left)
}

fn has(words: &[&Word], word: &Word) -> bool {
    words.iter().any(|other| other.stem == word.stem)
}

/// Is there a word that others do not have, not even misspelt, and that says anything?
fn says_more(words: &[&Word], others: &[&Word]) -> bool {
    let is_misspelling =
        |word: &Word| others.iter().any(|other| !has(words, other) && is_misspelt(&word.text, &other.text));
    words.iter().any(|word| !has(others, word) && !is_filler(&word.text) && !is_misspelling(word))
}

/// Is it the same long word but for one letter added, dropped, changed, or two exchanged, and not the first?
fn is_misspelt(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < 4 || a.len().max(b.len()) < 5 || a[0] != b[0] {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], []) => true,
        ([w, x, rest @ ..], [y, z, other @ ..]) if (w, x) == (z, y) => rest == other,
        _ => a.get(1..) == b.get(1..) || a.get(1..) == Some(b) || Some(a) == b.get(1..),
    }
}

/// Groups of ideas, of which some are to become one: lists of positions in `groups`, the smallest first.
/// `pairs` are scores of ideas; `may_join` says for two groups whether people's decisions allow it.
pub(in crate::merge) fn link(
    similar: &Similar,
    groups: &[Vec<usize>],
    pairs: &[(usize, usize, f64)],
    may_join: &dyn Fn(usize, usize) -> bool,
) -> Vec<Vec<usize>> {
    let mut group_of = vec![usize::MAX; similar.readings.len()];
    for (group, ideas) in groups.iter().enumerate() {
        ideas.iter().for_each(|&idea| group_of[idea] = group);
    }
    let mut root: Vec<usize> = (0..groups.len()).collect();
    let find = |root: &[usize], mut at: usize| {
        while root[at] != at {
            at = root[at];
        }
        at
    };
    for &(a, b, score) in pairs {
        let (a, b) = (group_of[a], group_of[b]);
        if score >= AUTOMATIC && a != usize::MAX && b != usize::MAX {
            let (a, b) = (find(&root, a), find(&root, b));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut components = vec![Vec::new(); groups.len()];
    for group in 0..groups.len() {
        components[find(&root, group)].push(group);
    }
    let worth = components.into_iter().filter(|component| (2..=COMPONENT_MAX).contains(&component.len()));
    worth.flat_map(|component| Linkage::new(similar, groups, component, may_join).run()).collect()
}

/// Average linkage inside one component.
struct Linkage {
    /// What has become one.
    clusters: Vec<Vec<usize>>,
    /// Ideas per cluster.
    sizes: Vec<f64>,
    /// Sum of scores between two clusters; `None`: they must not be joined.
    sums: Vec<Vec<Option<f64>>>,
}

impl Linkage {
    fn new(
        similar: &Similar,
        groups: &[Vec<usize>],
        component: Vec<usize>,
        may_join: &dyn Fn(usize, usize) -> bool,
    ) -> Self {
        let between = |a: usize, b: usize| {
            let each = || groups[a].iter().flat_map(|&x| groups[b].iter().map(move |&y| (x, y)));
            let readings = &similar.readings;
            let sure = may_join(a, b) && each().all(|(x, y)| is_beyond_doubt(&readings[x], &readings[y]));
            sure.then(|| each().map(|(x, y)| similar.score(x, y)).sum())
        };
        let mut sums = vec![vec![None; component.len()]; component.len()];
        for b in 0..component.len() {
            for a in 0..b {
                sums[a][b] = between(component[a], component[b]);
                sums[b][a] = sums[a][b];
            }
        }
        let sizes = component.iter().map(|&group| groups[group].len() as f64).collect();
        Self { clusters: component.into_iter().map(|group| vec![group]).collect(), sizes, sums }
    }

    fn run(mut self) -> Vec<Vec<usize>> {
        while let Some((a, b)) = self.best() {
            let joined = std::mem::take(&mut self.clusters[b]);
            self.clusters[a].extend(joined);
            self.sizes[a] += self.sizes[b];
            for other in 0..self.clusters.len() {
                let sum = self.sums[a][other].zip(self.sums[b][other]).map(|(x, y)| x + y);
                self.sums[a][other] = sum;
                self.sums[other][a] = sum;
                self.sums[b][other] = None;
                self.sums[other][b] = None;
            }
        }
        let mut joined: Vec<Vec<usize>> =
            self.clusters.into_iter().filter(|cluster| cluster.len() > 1).collect();
        joined.iter_mut().for_each(|cluster| cluster.sort_unstable());
        joined
    }

    /// The pair with the highest average that reaches the threshold.
    fn best(&self) -> Option<(usize, usize)> {
        let mut best = None;
        let mut highest = AUTOMATIC;
        for a in 0..self.clusters.len() {
            for b in a + 1..self.clusters.len() {
                let Some(sum) = self.sums[a][b] else { continue };
                let average = sum / (self.sizes[a] * self.sizes[b]);
                if average > highest || (best.is_none() && average >= highest) {
                    (best, highest) = (Some((a, b)), average);
                }
            }
        }
        best
    }
}
