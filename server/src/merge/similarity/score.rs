//! How similar are two texts? The mean of two cosines: of letter groups inside words, and of stems.
//!
//! Words without content of their own count by their letters alone; other numbers, or a word that
//! turns only one of two texts round, make them less similar.
//! Both are TF-IDF with tf = 1 + ln n and smooth idf, frozen per run: of the texts that the index was made of. The two
//! halves stand in one vector, so that one product is the mean. An inverted index finds what shares anything.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::words::{ReadText, Script, Word};
use crate::isolated::isolated;
use crate::merge::input::MergeIdea;

/// From here on a pair is suggested.
pub(in crate::merge) const SUGGESTED: f64 = 0.42;
/// Partners that are kept per text; who has more has enough to choose from.
const PARTNERS_MAX: usize = 50;

/// What is left of a score when two texts have other numbers.
const OTHER_NUMBERS: f64 = 0.7;
/// What is left of a score when more words turn one text round than the other.
const TURNED_ROUND: f64 = 0.8;

/// Ideas, ready to be compared: by their own words, and by each translation that they have.
pub struct Similar {
    /// The ideas' own words in their order, then the translations.
    readings: Vec<ReadText>,
    /// Ideas of which a text could not be read.
    unread: BTreeSet<usize>,
    /// Text → the idea that it says.
    idea_of: Vec<usize>,
    /// Idea → its texts.
    texts_of: Vec<Vec<usize>>,
    vectors: Vec<Vec<(u32, f32)>>,
    features: HashMap<u64, u32>,
    /// Feature → inverse document frequency.
    idf: Vec<f32>,
    /// Feature → texts that have it, rising, with its weight there.
    postings: Vec<Vec<(u32, f32)>>,
}

/// How often each feature occurs: of letters, of stems.
type Counts = [BTreeMap<u64, u32>; 2];

impl Similar {
    /// An index of these ideas' texts.
    #[must_use]
    pub fn new(ideas: &[MergeIdea]) -> Self {
        Self::of(ideas.iter())
    }

    /// An index of the texts of some ideas.
    pub(in crate::merge) fn of<'a>(ideas: impl Iterator<Item = &'a MergeIdea>) -> Self {
        let ideas: Vec<&MergeIdea> = ideas.collect();
        let mut unread = BTreeSet::new();
        let mut read = |place: usize, text: &str, lang: &str| {
            isolated(text, |text| ReadText::of(text, lang)).unwrap_or_else(|| {
                unread.insert(place);
                ReadText::default()
            })
        };
        let own = ideas.iter().enumerate();
        let mut readings: Vec<ReadText> =
            own.map(|(place, idea)| read(place, &idea.text, &idea.lang)).collect();
        let mut idea_of: Vec<usize> = (0..ideas.len()).collect();
        for (position, idea) in ideas.iter().enumerate() {
            for (lang, text) in &idea.tr {
                readings.push(read(position, text, lang));
                idea_of.push(position);
            }
        }
        let mut texts_of = vec![Vec::new(); ideas.len()];
        idea_of.iter().enumerate().for_each(|(text, &idea)| texts_of[idea].push(text));
        let counts: Vec<Counts> = readings.iter().map(count).collect();
        let mut features = HashMap::new();
        let mut frequency: Vec<u32> = Vec::new();
        for feature in counts.iter().flatten().flat_map(BTreeMap::keys) {
            let id = *features.entry(*feature).or_insert_with(|| {
                frequency.push(0);
                frequency.len() as u32 - 1
            });
            frequency[id as usize] += 1;
        }
        let idf = frequency.iter().map(|&texts| smooth_idf(readings.len(), texts)).collect();
        let mut index = Self {
            readings,
            unread,
            idea_of,
            texts_of,
            vectors: Vec::new(),
            features,
            idf,
            postings: vec![Vec::new(); frequency.len()],
        };
        index.vectors = counts.iter().map(|counts| index.vector(counts)).collect();
        for (text, vector) in index.vectors.iter().enumerate() {
            for &(feature, weight) in vector {
                index.postings[feature as usize].push((text as u32, weight));
            }
        }
        index
    }

    /// The ideas of which a text could not be read, by position: that text is like none.
    pub(in crate::merge) fn unread(&self) -> impl Iterator<Item = usize> {
        self.unread.iter().copied()
    }

    /// The `most` texts that are most like this one, with scores from 0 to 1; positions in the list of ideas.
    #[must_use]
    pub fn nearest(&self, text: &str, lang: &str, most: usize) -> Vec<(usize, f64)> {
        let reading = ReadText::of(text, lang);
        let vector = self.vector(&count(&reading));
        let mut sums = vec![0.0; self.vectors.len()];
        let mut near = self.compare(&vector, self.vectors.len(), &mut sums);
        for (a, score) in &mut near {
            *score = rounded_to(*score * self.doubt(*a, &reading));
        }
        let mut near = self.best_of_each(near);
        near.retain(|&(_, score)| score > 0.0);
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(most);
        near
    }

    /// All pairs of ideas with at least this score, by position; of a text with very many partners the best. Where there
    /// are translations, the highest score of any two of their texts counts.
    pub(in crate::merge) fn pairs(&self, score_min: f64) -> Vec<(usize, usize, f64)> {
        let mut pairs = Vec::new();
        let mut sums = vec![0.0; self.vectors.len()];
        for (b, vector) in self.vectors.iter().enumerate() {
            let mut near = self.compare(vector, b, &mut sums);
            // A doubt only lowers a score: it is looked into where it could matter.
            near.retain(|&(_, score)| score >= score_min);
            for (a, score) in &mut near {
                *score = rounded_to(*score * self.doubt(*a, &self.readings[b]));
            }
            near.retain(|&(_, score)| score >= score_min);
            near.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
            let ideas = |(a, score): (usize, f64)| (self.idea_of[a], self.idea_of[b], score);
            pairs.extend(near.into_iter().take(PARTNERS_MAX).map(ideas));
        }
        if self.vectors.len() > self.texts_of.len() {
            pairs.retain(|&(a, b, _)| a != b);
            pairs.iter_mut().for_each(|(a, b, _)| (*a, *b) = (*a.min(b), *a.max(b)));
            pairs.sort_by(|x, y| (x.1, x.0).cmp(&(y.1, y.0)).then(y.2.total_cmp(&x.2)));
            pairs.dedup_by_key(|&mut (a, b, _)| (a, b));
        }
        pairs
    }

    /// What a score is worth when other numbers, or a word that turns one text round, speak against it.
    fn doubt(&self, text: usize, other: &ReadText) -> f64 {
        let text = &self.readings[text];
        let numbers = if text.numbers == other.numbers { 1.0 } else { OTHER_NUMBERS };
        let turned = text.turns != other.turns || text.turns_a_word_of(other) || other.turns_a_word_of(text);
        let turns = if turned { TURNED_ROUND } else { 1.0 };
        numbers * turns
    }

    /// The highest score of any text of each idea.
    fn best_of_each(&self, near: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
        let mut best: BTreeMap<usize, f64> = BTreeMap::new();
        for (text, score) in near {
            let highest = best.entry(self.idea_of[text]).or_default();
            *highest = highest.max(score);
        }
        best.into_iter().collect()
    }

    /// What is to be said of the two texts in which two ideas are most similar.
    pub(in crate::merge) fn closest_texts<T>(
        &self,
        a: usize,
        b: usize,
        say: impl Fn(&ReadText, &ReadText) -> T,
    ) -> T {
        let (a, b) = self.closest(a, b);
        say(&self.readings[a], &self.readings[b])
    }

    /// The two texts in which two ideas are most similar.
    fn closest(&self, a: usize, b: usize) -> (usize, usize) {
        let each = self.texts_of[a].iter().flat_map(|&x| self.texts_of[b].iter().map(move |&y| (x, y)));
        let mut closest = (a, b);
        let mut highest = self.score(a, b);
        for (x, y) in each {
            let score = self.score(x, y);
            if score > highest {
                (closest, highest) = ((x, y), score);
            }
        }
        closest
    }

    /// How similar two of the texts are; two ideas, by their own words.
    fn score(&self, a: usize, b: usize) -> f64 {
        let (mut x, mut y) = (self.vectors[a].iter().peekable(), self.vectors[b].iter().peekable());
        let mut sum = 0.0;
        while let (Some(&&(p, v)), Some(&&(q, w))) = (x.peek(), y.peek()) {
            if p == q {
                sum += v * w;
            }
            if p <= q {
                x.next();
            }
            if q <= p {
                y.next();
            }
        }
        rounded(sum)
    }

    /// The words of the idea `a` that `b` has too, the most telling first.
    pub(in crate::merge) fn shared(&self, a: usize, b: usize, most: usize) -> Vec<String> {
        let (a, b) = self.closest(a, b);
        let others = self.readings[b].stems();
        let mut shared: Vec<&Word> = self.readings[a].content();
        shared.retain(|word| others.contains(word.stem.as_str()));
        let telling = |word: &Word| {
            let feature = self.features.get(&hash('s', &word.stem));
            feature.map_or(0.0, |&feature| self.idf[feature as usize])
        };
        shared.sort_by(|x, y| telling(y).total_cmp(&telling(x)).then_with(|| x.text.cmp(&y.text)));
        shared.into_iter().take(most).map(|word| word.text.clone()).collect()
    }

    /// Scores of the texts before `end` that share anything; `sums` is zero before and after.
    fn compare(&self, vector: &[(u32, f32)], end: usize, sums: &mut [f32]) -> Vec<(usize, f64)> {
        let mut touched = Vec::new();
        for &(feature, weight) in vector {
            for &(text, there) in &self.postings[feature as usize] {
                let text = text as usize;
                if text >= end {
                    break;
                }
                if sums[text] == 0.0 {
                    touched.push(text);
                }
                sums[text] += weight * there;
            }
        }
        touched.into_iter().map(|text| (text, rounded(std::mem::take(&mut sums[text])))).collect()
    }

    /// Both halves, each of length 1/√2, by rising feature.
    fn vector(&self, counts: &Counts) -> Vec<(u32, f32)> {
        let unknown = smooth_idf(self.readings.len(), 0);
        let mut vector = Vec::new();
        for half in counts {
            let weigh = |(feature, &times): (&u64, &u32)| {
                let id = self.features.get(feature).copied();
                let idf = id.map_or(unknown, |id| self.idf[id as usize]);
                (id, (1.0 + f64::from(times).ln()) as f32 * idf)
            };
            let weights: Vec<(Option<u32>, f32)> = half.iter().map(weigh).collect();
            let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
            let half = if length > 0.0 { std::f32::consts::FRAC_1_SQRT_2 / length } else { 0.0 };
            vector.extend(weights.into_iter().filter_map(|(id, weight)| Some((id?, weight * half))));
        }
        vector.sort_by_key(|&(id, _)| id);
        vector
    }
}

/// Four places: what is decided by a score is decided by what is shown.
fn rounded(score: f32) -> f64 {
    rounded_to(f64::from(score).min(1.0))
}

fn rounded_to(score: f64) -> f64 {
    (score * 1e4).round() / 1e4
}

fn smooth_idf(texts: usize, having: u32) -> f32 {
    (((1 + texts) as f64 / f64::from(1 + having)).ln() + 1.0) as f32
}

fn count(reading: &ReadText) -> Counts {
    let mut counts = Counts::default();
    let runs = reading.words.chunk_by(|a, b| a.script == Script::Unspaced && b.script == Script::Unspaced);
    for run in runs {
        let unspaced = run[0].script == Script::Unspaced;
        let letters: Vec<char> = if unspaced {
            run.iter().flat_map(|word| word.text.chars()).collect()
        } else {
            [' '].into_iter().chain(run[0].text.chars()).chain([' ']).collect()
        };
        for size in if unspaced { 1..=3 } else { 3..=5 } {
            for group in letters.windows(size) {
                *counts[0].entry(hash('l', &String::from_iter(group))).or_default() += 1;
            }
        }
        for word in run.iter().filter(|word| !word.is_function_word) {
            *counts[1].entry(hash('s', &word.stem)).or_default() += 1;
        }
        for pair in run.windows(2) {
            let pair = format!("{}{}", pair[0].stem, pair[1].stem);
            *counts[1].entry(hash('s', &pair)).or_default() += 1;
        }
    }
    counts
}

/// FNV-1a: the same everywhere and always.
fn hash(half: char, text: &str) -> u64 {
    let bytes = std::iter::once(half as u8).chain(text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
