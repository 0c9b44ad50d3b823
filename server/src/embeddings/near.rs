//! Which texts may mean the same, by their vectors: a wide net, because a person decides.
//!
//! Models differ in what a cosine of theirs is worth, and all of them take *same topic* for *same idea*; so beside a floor
//! two texts must be among each other's nearest.

use super::Vector;

/// The least cosine that is worth a look.
const NEAR: f32 = 0.70;

/// So many of the nearest of each text.
const NEAREST: usize = 3;

/// Pairs by position, the smaller first, with their cosine to four places; the nearest first. Only within a section:
/// what is in different ones is never one entry.
#[must_use]
pub fn pairs<S: PartialEq>(texts: &[(S, &Vector)], most: usize) -> Vec<(usize, usize, f64)> {
    let mut nearest: Vec<Vec<(usize, f32)>> = vec![Vec::new(); texts.len()];
    for b in 0..texts.len() {
        for a in 0..b {
            let ((section, x), (other, y)) = (&texts[a], &texts[b]);
            if section != other || x.len() != y.len() {
                continue;
            }
            let cosine: f32 = x.iter().zip(y.iter()).map(|(x, y)| x * y).sum();
            if cosine >= NEAR {
                keep(&mut nearest[a], b, cosine);
                keep(&mut nearest[b], a, cosine);
            }
        }
    }
    let mut pairs = Vec::new();
    for (a, partners) in nearest.iter().enumerate() {
        for &(b, cosine) in partners.iter().filter(|(b, _)| a < *b) {
            if nearest[b].iter().any(|&(other, _)| other == a) {
                pairs.push((a, b, (f64::from(cosine).min(1.0) * 1e4).round() / 1e4));
            }
        }
    }
    pairs.sort_by(|x, y| y.2.total_cmp(&x.2).then((x.0, x.1).cmp(&(y.0, y.1))));
    pairs.truncate(most);
    pairs
}

fn keep(nearest: &mut Vec<(usize, f32)>, other: usize, cosine: f32) {
    let at = nearest.partition_point(|&(_, known)| known >= cosine);
    nearest.insert(at, (other, cosine));
    nearest.truncate(NEAREST);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(degrees: f32) -> Vector {
        vec![degrees.to_radians().cos(), degrees.to_radians().sin()]
    }

    #[test]
    fn near_is_who_is_among_the_nearest_of_each_other_and_in_the_same_section() {
        let vectors: Vec<Vector> = [0.0, 10.0, 80.0, 85.0, 5.0].map(at).to_vec();
        let sections = ["a", "a", "a", "a", "b"];
        let texts: Vec<(&str, &Vector)> = sections.into_iter().zip(&vectors).collect();
        let found: Vec<(usize, usize)> = pairs(&texts, 10).into_iter().map(|(a, b, _)| (a, b)).collect();
        assert_eq!(found, [(2, 3), (0, 1)]);
        assert_eq!(pairs(&texts, 1).len(), 1);
    }

    #[test]
    fn a_text_that_is_near_to_all_is_not_suggested_with_all() {
        let vectors: Vec<Vector> = (0..40u8).map(|n| at(f32::from(n) * 0.5)).collect();
        let texts: Vec<((), &Vector)> = vectors.iter().map(|vector| ((), vector)).collect();
        let found = pairs(&texts, 1_000);
        for n in 0..40 {
            assert!(found.iter().filter(|(a, b, _)| *a == n || *b == n).count() <= NEAREST);
        }
    }

    #[test]
    fn vectors_of_different_models_are_not_compared() {
        let (one, other) = (vec![1.0], vec![1.0, 0.0]);
        assert!(pairs(&[((), &one), ((), &other)], 10).is_empty());
    }
}
