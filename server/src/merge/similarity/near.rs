//! Which texts may say the same, by what they mean and how they are written: a wide net, because a person decides.
//!
//! No cosine means the same on every board: on one where everybody writes of housing all texts are alike. So two texts are
//! asked about when each is among the other's nearest, and nearer than pairs of this board usually are. Within a language the
//! letters count as well, because a model sees less of a spelling mistake than a reader; across languages they say nothing.

use std::collections::BTreeMap;

/// What equal letters add to a cosine. Between 0.2 and 0.4 the pairs that are found hardly differ.
const LETTERS: f32 = 0.3;
/// So many of the nearest by meaning are looked at closer.
const LOOKED_AT: usize = 12;
/// In one language the places of two texts among each other's nearest are together at most this: first and third, twice second.
const PLACES: usize = 4;
/// So many standard deviations above the board's usual pair a pair is worth a question.
const ABOVE_USUAL: f32 = 2.25;
/// Pairs of a large board from which its usual pair is computed.
const SAMPLE: usize = 200_000;

/// A text with its meaning.
#[derive(Clone, Copy, Debug)]
pub(in crate::merge) struct Meant<'a, S> {
    /// Only texts of one section are compared: what is in different ones is never one entry.
    pub section: S,
    /// The language, without country or script.
    pub language: &'a str,
    /// The words.
    pub text: &'a str,
    /// Their vector.
    pub vector: &'a [f32],
}

/// How near two texts are, by meaning and letters: what [`pairs`] ranks by. None where the two cannot be compared.
pub(in crate::merge) struct Nearness<'a, S> {
    texts: &'a [Meant<'a, S>],
    letters: Letters,
}

impl<'a, S: PartialEq> Nearness<'a, S> {
    pub(in crate::merge) fn of(texts: &'a [Meant<'a, S>]) -> Self {
        Self { texts, letters: Letters::of(texts) }
    }

    /// To four places, at most 1.
    pub(in crate::merge) fn between(&self, a: usize, b: usize) -> Option<f64> {
        let cosine = cosine(&self.texts[a], &self.texts[b])?;
        let same = self.texts[a].language == self.texts[b].language;
        Some(rounded(if same { cosine + LETTERS * self.letters.cosine(a, b) } else { cosine }))
    }

    /// Pairs by position, the smaller first, with how near they are; the nearest first.
    pub(in crate::merge) fn pairs(&self) -> Vec<(usize, usize, f64)> {
        let (texts, letters) = (self.texts, &self.letters);
        let floor = floor(texts);
        // By text and language: the nearest of that language, the first one first.
        let mut nearest: Vec<BTreeMap<&str, Vec<(usize, f32)>>> = vec![BTreeMap::new(); texts.len()];
        for b in 0..texts.len() {
            for a in 0..b {
                if let Some(cosine) = cosine(&texts[a], &texts[b]).filter(|cosine| *cosine + LETTERS >= floor)
                {
                    keep(nearest[a].entry(texts[b].language).or_default(), b, cosine);
                    keep(nearest[b].entry(texts[a].language).or_default(), a, cosine);
                }
            }
        }
        for (a, languages) in nearest.iter_mut().enumerate() {
            if let Some(same) = languages.get_mut(texts[a].language) {
                for (b, near) in same.iter_mut() {
                    *near += LETTERS * letters.cosine(a, *b);
                }
                same.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
            }
        }
        let place = |of: usize, among: usize| {
            let languages: &BTreeMap<&str, Vec<(usize, f32)>> = &nearest[among];
            languages
                .get(texts[of].language)?
                .iter()
                .position(|(other, _)| *other == of)
                .map(|place| place + 1)
        };
        let mut pairs = Vec::new();
        for (a, languages) in nearest.iter().enumerate() {
            for (language, found) in languages {
                let places = if *language == texts[a].language { PLACES } else { 2 };
                for (index, &(b, near)) in found.iter().enumerate().take(places).filter(|(_, (b, _))| a < *b)
                {
                    let together = place(a, b).map(|place| place + index + 1);
                    if near >= floor && together.is_some_and(|together| together <= places) {
                        pairs.push((a, b, rounded(near)));
                    }
                }
            }
        }
        pairs.sort_by(|x, y| y.2.total_cmp(&x.2).then((x.0, x.1).cmp(&(y.0, y.1))));
        pairs
    }
}

/// Four places: what is decided by a number is decided by what is shown.
fn rounded(near: f32) -> f64 {
    (f64::from(near).clamp(0.0, 1.0) * 1e4).round() / 1e4
}

/// The cosine of two texts that may be compared.
fn cosine<S: PartialEq>(a: &Meant<'_, S>, b: &Meant<'_, S>) -> Option<f32> {
    let comparable = a.section == b.section && a.vector.len() == b.vector.len();
    comparable.then(|| encoder::cosine(a.vector, b.vector))
}

fn keep(nearest: &mut Vec<(usize, f32)>, other: usize, cosine: f32) {
    let at = nearest.partition_point(|&(_, known)| known >= cosine);
    if at < LOOKED_AT {
        nearest.insert(at, (other, cosine));
        nearest.truncate(LOOKED_AT);
    }
}

/// What a pair needs: the median of the board's pairs, and so many standard deviations. With too few texts to know what is
/// usual, what is usual on other boards.
fn floor<S: PartialEq>(texts: &[Meant<'_, S>]) -> f32 {
    /// Median and deviation of boards in six languages.
    const ELSEWHERE: (f32, f32) = (0.18, 0.14);
    /// Pairs below which nothing can be said of a board.
    const FEW: usize = 45;
    let count = texts.len();
    let step = (count * count.saturating_sub(1) / 2 / SAMPLE).max(1);
    let all = (0..count).flat_map(|b| (0..b).map(move |a| (a, b)));
    let mut cosines: Vec<f32> = all.step_by(step).filter_map(|(a, b)| cosine(&texts[a], &texts[b])).collect();
    let (usual, deviation) = if cosines.len() < FEW {
        ELSEWHERE
    } else {
        cosines.sort_by(f32::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "at most a sample")]
        let number = cosines.len() as f32;
        let mean = cosines.iter().sum::<f32>() / number;
        let variance = cosines.iter().map(|cosine| (cosine - mean).powi(2)).sum::<f32>() / number;
        (cosines[cosines.len() / 2], variance.sqrt())
    };
    usual + ABOVE_USUAL * deviation
}

/// How texts are written: three letters at a time, the rarer the more they say. In the order of the letters, so that every run
/// adds in the same order.
struct Letters {
    texts: Vec<BTreeMap<[char; 3], f32>>,
}

impl Letters {
    fn of<S>(texts: &[Meant<'_, S>]) -> Self {
        let mut counted: Vec<BTreeMap<[char; 3], f32>> =
            texts.iter().map(|meant| triples(meant.text)).collect();
        let mut texts_with: BTreeMap<[char; 3], f32> = BTreeMap::new();
        for triple in counted.iter().flat_map(BTreeMap::keys) {
            *texts_with.entry(*triple).or_default() += 1.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most some thousand texts")]
        let all = counted.len() as f32;
        for text in &mut counted {
            for (triple, count) in text.iter_mut() {
                let with = texts_with.get(triple).copied().unwrap_or(1.0);
                *count = (1.0 + count.ln()) * ((all + 1.0) / (with + 0.5)).ln();
            }
            let length = text.values().map(|weight| weight * weight).sum::<f32>().sqrt();
            text.values_mut().for_each(|weight| *weight /= length.max(f32::MIN_POSITIVE));
        }
        Self { texts: counted }
    }

    fn cosine(&self, a: usize, b: usize) -> f32 {
        let (a, b) = (&self.texts[a], &self.texts[b]);
        a.iter().filter_map(|(triple, x)| b.get(triple).map(|y| x * y)).sum()
    }
}

/// Each three letters that stand together in the words of a text, with a space at each end, and how often.
fn triples(text: &str) -> BTreeMap<[char; 3], f32> {
    let mut letters = vec![' '];
    for letter in text
        .chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
    {
        if letter != ' ' || letters.last() != Some(&' ') {
            letters.push(letter);
        }
    }
    if letters.last() != Some(&' ') {
        letters.push(' ');
    }
    let mut triples = BTreeMap::new();
    for triple in letters.windows(3) {
        *triples.entry([triple[0], triple[1], triple[2]]).or_default() += 1.0;
    }
    triples
}

#[cfg(test)]
mod tests {
    use super::*;

    type Vector = Vec<f32>;

    fn at(degrees: f32) -> Vector {
        vec![degrees.to_radians().cos(), degrees.to_radians().sin()]
    }

    /// Vectors in many directions, so that a board has something usual: none is near to another one.
    fn apart(count: usize, place: usize) -> Vector {
        let mut vector = vec![0.0; count];
        vector[place] = 1.0;
        vector
    }

    fn meant<'a>(language: &'a str, text: &'a str, vector: &'a [f32]) -> Meant<'a, ()> {
        Meant { section: (), language, text, vector }
    }

    fn found(texts: &[Meant<'_, ()>]) -> Vec<(usize, usize)> {
        Nearness::of(texts).pairs().into_iter().map(|(a, b, _)| (a, b)).collect()
    }

    #[test]
    fn near_is_who_is_among_the_nearest_of_each_other_and_nearer_than_usual() {
        let mut vectors: Vec<Vector> = (0..12).map(|place| apart(12, place)).collect();
        vectors[7][3] = 1.0; // half of what the fourth says
        vectors[7].iter_mut().for_each(|number| *number /= 2f32.sqrt());
        let texts: Vec<Meant<'_, ()>> = vectors.iter().map(|vector| meant("en", "", vector)).collect();
        assert_eq!(found(&texts), [(3, 7)]);
    }

    #[test]
    fn on_a_board_where_all_texts_are_alike_only_the_nearest_are_asked_about() {
        let vectors: Vec<Vector> = (0..40u8).map(|n| at(f32::from(n) * 0.5)).collect();
        let texts: Vec<Meant<'_, ()>> = vectors.iter().map(|vector| meant("en", "", vector)).collect();
        let found = found(&texts);
        for n in 0..40 {
            assert!(found.iter().filter(|(a, b)| *a == n || *b == n).count() <= 3, "{found:?}");
        }
    }

    #[test]
    fn across_languages_each_must_be_the_first_of_the_other() {
        let vectors = [at(0.0), at(4.0), at(10.0), at(90.0)];
        let texts = [
            meant("en", "", &vectors[0]),
            meant("ar", "", &vectors[1]),
            meant("ar", "", &vectors[2]),
            meant("fr", "", &vectors[3]),
        ];
        let found = found(&texts);
        assert!(found.contains(&(0, 1)) && !found.contains(&(0, 2)), "{found:?}");
    }

    #[test]
    fn letters_decide_between_two_that_mean_as_much() {
        let vectors = [at(0.0), at(20.0), at(-20.0), at(90.0), at(91.0), at(-90.0)];
        let words = ["spot scams online", "spot scams onlne", "recognise fraud", "a", "b", "c"];
        let texts: Vec<Meant<'_, ()>> =
            vectors.iter().zip(words).map(|(vector, words)| meant("en", words, vector)).collect();
        let first = Nearness::of(&texts).pairs().into_iter().find(|(a, ..)| *a == 0);
        assert_eq!(first.map(|(a, b, _)| (a, b)), Some((0, 1)));
    }

    #[test]
    fn other_sections_and_vectors_of_other_models_are_not_compared() {
        let (one, other) = (vec![1.0], vec![1.0, 0.0]);
        assert!(found(&[meant("en", "", &one), meant("en", "", &other)]).is_empty());
        let text = |section| Meant { section, language: "en", text: "", vector: &one };
        assert!(Nearness::of(&[text("a"), text("b")]).pairs().is_empty());
    }
}
