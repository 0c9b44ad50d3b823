//! What a person of each group weighs: the same in every section, by how many people of the group took part.
//!
//! A group weighs as the square root of its people (degressive proportionality): people of a small group weigh more than
//! people of a large one, but never more than those of a group of the mean size, nor of one of five. So nobody gains by
//! dividing a group, by letting few of it vote, or by what its moderator promotes.

use std::collections::BTreeMap;

use crate::merge::input::{GroupKey, RunInput, Weights};

/// People of a smaller group weigh as those of a group of this size.
const PEOPLE_MIN: u64 = 5;
/// What one person weighs where everybody weighs the same.
const UNIT: u64 = 1_000_000;

/// Group → what a person of it weighs: whole numbers, so that no platform rounds differently.
pub(in crate::merge) struct GroupWeights<'a>(BTreeMap<&'a GroupKey, u64>);

impl<'a> GroupWeights<'a> {
    /// By how many took part, as the input says; where it does not say that of a group, by its ballots that approve anything.
    pub fn of(input: &'a RunInput) -> Self {
        let mut people: BTreeMap<&GroupKey, u64> = BTreeMap::new();
        for ballot in input.ballots.iter().filter(|ballot| !ballot.approves.is_empty()) {
            *people.entry(&ballot.group).or_default() += 1;
        }
        for (group, &took_part) in &input.took_part {
            let people = people.entry(group).or_default();
            *people = took_part.max(*people);
        }
        people.retain(|_, people| *people > 0);
        let groups = u128::try_from(people.len()).unwrap_or(u128::MAX);
        let all: u128 = people.values().map(|&people| u128::from(people)).sum();
        // Everything times the number of groups, so that the mean is a whole number.
        let size = |people: u64| (u128::from(people.max(PEOPLE_MIN)) * groups).max(all);
        let unit = u128::from(UNIT);
        let weight = |people: u64| match input.weights {
            Weights::Sqrt => (unit * unit * groups / size(people)).isqrt(),
            Weights::Group => unit * groups / size(people),
            Weights::Person => unit,
        };
        let whole = |weight: u128| u64::try_from(weight).unwrap_or(UNIT).max(1);
        Self(people.into_iter().map(|(group, people)| (group, whole(weight(people)))).collect())
    }

    /// What a person of this group weighs.
    pub fn person_of(&self, group: &GroupKey) -> u64 {
        self.0.get(group).copied().unwrap_or(UNIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(took_part: &[(&str, u64)], weights: Weights) -> Vec<u64> {
        let took_part = took_part.iter().map(|&(group, people)| (group.into(), people)).collect();
        let input = RunInput { took_part, weights, ..RunInput::default() };
        let weights = GroupWeights::of(&input);
        input.took_part.keys().map(|group| weights.person_of(group)).collect()
    }

    #[test]
    fn a_person_weighs_by_the_root_of_the_group_but_not_more_than_in_one_of_mean_size() {
        // 10⁶/√max(n, 5, 14), rounded down.
        let found = weights(&[("A", 4), ("B", 14), ("C", 24)], Weights::Sqrt);
        assert_eq!(found, [267_261, 267_261, 204_124]);
        // The mean is 17/2.
        assert_eq!(weights(&[("A", 1), ("B", 16)], Weights::Sqrt), [342_997, 250_000]);
    }

    #[test]
    fn nobody_weighs_more_than_in_a_group_of_five() {
        assert_eq!(weights(&[("A", 2), ("B", 3)], Weights::Sqrt), [447_213, 447_213]);
    }

    #[test]
    fn a_group_without_people_does_not_lower_the_mean() {
        let (with, without) = ([("A", 0), ("B", 20), ("C", 40)], [("B", 20), ("C", 40)]);
        assert_eq!(weights(&with, Weights::Sqrt)[1..], weights(&without, Weights::Sqrt));
    }

    #[test]
    fn by_person_all_weigh_the_same_and_by_group_all_groups_from_the_mean_on() {
        let groups = [("A", 10), ("B", 20), ("C", 60)];
        assert_eq!(weights(&groups, Weights::Person), [UNIT; 3]);
        assert_eq!(weights(&groups, Weights::Group), [33_333, 33_333, 16_666]);
    }
}
