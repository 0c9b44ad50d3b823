//! A figure that rests on fewer than five people reads *some*.
//!
//! A hidden figure must not come out by subtraction either: when a total is shown beside its parts, the parts that
//! read *some* are together at least five people; smaller parts are hidden with them until that is so.

use std::collections::BTreeMap;
use std::fmt;

use proto::ids::GroupId;
use proto::plenary::{Few, ItemFacts, PEOPLE_MIN, People, Responses};
use serde::{Serialize, Serializer};

/// A number, or *some*.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Figure<T = u32> {
    /// It may be told.
    Number(T),
    /// It rests on too few people.
    Some,
}

impl<T: fmt::Display> fmt::Display for Figure<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Some => f.write_str("some"),
        }
    }
}

impl<T: Serialize> Serialize for Figure<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => number.serialize(serializer),
            Self::Some => serializer.serialize_str("some"),
        }
    }
}

/// A number of people.
#[must_use]
pub const fn people(count: u32) -> Figure {
    if count == 0 || count >= PEOPLE_MIN { Figure::Number(count) } else { Figure::Some }
}

/// A number of people who are part of a total that is told: the others must not come out either.
#[must_use]
pub const fn part(count: u32, total: u32) -> Figure {
    match (people(count), people(total.saturating_sub(count))) {
        (figure, Figure::Number(_)) => figure,
        (_, Figure::Some) => Figure::Some,
    }
}

/// Numbers of people that are parts of a total.
#[must_use]
pub fn parts(by_group: &BTreeMap<GroupId, u32>) -> BTreeMap<GroupId, Figure> {
    let figure = |told| match told {
        People::Number(count) => Figure::Number(count),
        People::Few(Few::Some) => Figure::Some,
    };
    People::parts(by_group).into_iter().map(|(group, told)| (group, figure(told))).collect()
}

/// The support of an item as it may be told.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SupportFigures {
    /// People who support it.
    pub seats: Figure,
    /// Groups that they belong to.
    pub groups: Figure,
    /// People per group.
    pub by_group: BTreeMap<GroupId, Figure>,
}

/// The support of an item; `None` while the vote is hidden.
#[must_use]
pub fn support(facts: &ItemFacts) -> Option<SupportFigures> {
    let support = facts.support.as_ref()?;
    let seats = people(support.seats);
    let groups = match seats {
        Figure::Number(_) => Figure::Number(support.groups),
        Figure::Some => Figure::Some,
    };
    Some(SupportFigures { seats, groups, by_group: parts(&support.by_group) })
}

/// Objections as they may be told. Lines were written for everybody, without a name: they are told as they are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ResponseFigures<'a> {
    /// People who object to it.
    pub objections: Figure,
    /// Why, in an order that tells nothing.
    pub lines: Vec<&'a str>,
}

/// What the room says of an item; `None`: nothing.
#[must_use]
pub fn responses(responses: &Responses) -> Option<ResponseFigures<'_>> {
    let lines = responses.lines.iter().map(|line| line.text.as_str()).collect();
    let objections = people(responses.object);
    (!responses.is_empty()).then_some(ResponseFigures { objections, lines })
}

/// What each group paid, in percent; *some* wherever the number of its supporters reads *some*.
#[must_use]
pub fn paid(facts: &ItemFacts) -> BTreeMap<GroupId, Figure> {
    let people = facts.support.as_ref().map(|support| parts(&support.by_group)).unwrap_or_default();
    facts
        .paid_by_group
        .iter()
        .map(|(group, share)| {
            let figure = match people.get(group) {
                // A share is between 0 and 1.
                Some(Figure::Number(_)) => Figure::Number((share * 100.0).round() as u32),
                Some(Figure::Some) | None => Figure::Some,
            };
            (*group, figure)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn group(n: u128) -> GroupId {
        GroupId(Uuid::from_u128(n))
    }

    #[test]
    fn fewer_than_five_people_are_some_and_nobody_is_nobody() {
        assert_eq!([0, 1, 4, 5].map(people).map(|f| f.to_string()), ["0", "some", "some", "5"]);
        assert_eq!(
            [(5, 10), (6, 10), (10, 10), (0, 3)].map(|(n, of)| part(n, of).to_string()),
            ["5", "some", "10", "some"]
        );
        assert_eq!(serde_json::to_string(&[people(4), people(5)]).unwrap(), r#"["some",5]"#);
    }

    /// The page reads the same cases: `web/test/figures.test.ts`.
    #[test]
    fn the_golden_cases_hold() {
        let cases = include_str!("../../../../proto/golden/small-counts.json");
        let cases: Vec<serde_json::Value> = serde_json::from_str(cases).unwrap();
        assert!(cases.len() > 5);
        for case in cases {
            let of = |name: &str| group(u128::from(name.as_bytes()[0]));
            let counts = case["counts"].as_object().unwrap();
            let counts = counts.iter().map(|(name, n)| (of(name), n.as_u64().unwrap() as u32)).collect();
            let figures = parts(&counts);
            for (name, figure) in case["figures"].as_object().unwrap() {
                let told = serde_json::to_value(figures[&of(name)]).unwrap();
                assert_eq!(told, *figure, "{}: {name}", case["because"]);
            }
        }
    }

    #[test]
    fn a_hidden_part_does_not_come_out_by_subtraction() {
        // 7 in all and 5 of them in group 1 would tell the 2 of group 2.
        let figures = parts(&BTreeMap::from([(group(1), 5), (group(2), 2), (group(3), 9)]));
        assert_eq!(figures[&group(1)], Figure::Some);
        assert_eq!(figures[&group(2)], Figure::Some);
        assert_eq!(figures[&group(3)], Figure::Number(9));
        let figures = parts(&BTreeMap::from([(group(1), 5), (group(2), 2), (group(3), 3)]));
        assert_eq!(figures[&group(1)], Figure::Number(5));
    }
}
