//! A figure that rests on fewer than five people reads *some*.
//!
//! A hidden figure must not come out by subtraction either: when a total is shown beside its parts, the parts that
//! read *some* are together at least five people; smaller parts are hidden with them until that is so.
//!
//! So it is in files, in the plenary's document, which everybody in the room receives, and in what the API answers to
//! participants and rooms. Staff read numbers, over HTTP.

use std::collections::BTreeMap;
use std::fmt;

use proto::ids::GroupId;
use proto::plenary::{Few, ItemFacts, Paid, People, Room, Support};
use serde::{Serialize, Serializer};

/// The smallest number of people that is written as a number; nobody at all is one, too.
pub const PEOPLE_MIN: u32 = People::TOLD_MIN;

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

impl From<Figure> for People {
    fn from(figure: Figure) -> Self {
        match figure {
            Figure::Number(number) => Self::Number(number),
            Figure::Some => Self::Few(Few::Some),
        }
    }
}

/// A number of people.
#[must_use]
pub const fn people(count: u32) -> Figure {
    if count == 0 || count >= PEOPLE_MIN { Figure::Number(count) } else { Figure::Some }
}

/// A number of people as a figure, whether it is told already or not.
#[must_use]
pub const fn figure(number: People) -> Figure {
    match number {
        People::Number(count) => people(count),
        People::Few(Few::Some) => Figure::Some,
    }
}

/// Numbers of people that are parts of a total. What is told already stays as it is.
#[must_use]
pub fn parts(by_group: &BTreeMap<GroupId, People>) -> BTreeMap<GroupId, Figure> {
    let mut figures: BTreeMap<GroupId, Figure> =
        by_group.iter().map(|(&group, &count)| (group, figure(count))).collect();
    let (mut hidden, mut shown) = (0, Vec::new());
    for (&group, &number) in by_group {
        match number {
            People::Few(Few::Some) => return figures,
            People::Number(count) if count >= PEOPLE_MIN => shown.push((count, group)),
            People::Number(count) => hidden += count,
        }
    }
    shown.sort_unstable();
    for (count, group) in shown {
        if hidden == 0 || hidden >= PEOPLE_MIN {
            break;
        }
        figures.insert(group, Figure::Some);
        hidden += count;
    }
    figures
}

/// The support of an item as it may be told.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SupportFigures {
    /// People.
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
    let seats = figure(support.seats);
    let groups = match seats {
        // Groups are no people: one of them is not few.
        Figure::Number(_) => match support.groups {
            People::Number(groups) => Figure::Number(groups),
            People::Few(Few::Some) => Figure::Some,
        },
        Figure::Some => Figure::Some,
    };
    Some(SupportFigures { seats, groups, by_group: parts(&support.by_group) })
}

/// Support in the room as it may be told. Lines were written for everybody, without a name: they are told as they are.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RoomFigures<'a> {
    /// People who support it.
    pub support: Figure,
    /// People who object to it.
    pub objections: Figure,
    /// Why, in an order that tells nothing.
    pub lines: Vec<&'a str>,
}

/// What the room says of an item; `None`: nothing.
#[must_use]
pub fn room(room: &Room) -> Option<RoomFigures<'_>> {
    let lines = room.lines.iter().map(|line| line.text.as_str()).collect();
    let (support, objections) = (figure(room.support), figure(room.object));
    (!room.is_empty()).then_some(RoomFigures { support, objections, lines })
}

/// What each group paid, in percent; *some* wherever the number of its supporters reads *some*.
#[must_use]
pub fn paid(facts: &ItemFacts) -> BTreeMap<GroupId, Figure> {
    let percent = |share| match share {
        // A share is between 0 and 1.
        Paid::Part(share) => Figure::Number((share * 100.0).round() as u32),
        Paid::Few(Few::Some) => Figure::Some,
    };
    shares(facts).into_iter().map(|(group, share)| (group, percent(share))).collect()
}

fn shares(facts: &ItemFacts) -> BTreeMap<GroupId, Paid> {
    let people = facts.support.as_ref().map(|support| parts(&support.by_group)).unwrap_or_default();
    let of = |(group, share): (&GroupId, &Paid)| match people.get(group) {
        Some(Figure::Number(_)) => (*group, *share),
        Some(Figure::Some) | None => (*group, Paid::Few(Few::Some)),
    };
    facts.paid_by_group.iter().map(of).collect()
}

/// What everybody may read of an item. The load at which it was bought is left out: with the weights known it tells the
/// number of its supporters.
#[must_use]
pub fn told(facts: &ItemFacts) -> ItemFacts {
    let support = support(facts).map(|told| Support {
        seats: told.seats.into(),
        groups: told.groups.into(),
        by_group: told.by_group.into_iter().map(|(group, figure)| (group, figure.into())).collect(),
    });
    let mut told = ItemFacts { t: None, support, paid_by_group: shares(facts), ..facts.clone() };
    for source in &mut told.sources {
        source.votes = source.votes.map(People::told);
    }
    told
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
        assert_eq!(serde_json::to_string(&[people(4), people(5)]).unwrap(), r#"["some",5]"#);
    }

    #[test]
    fn a_hidden_part_does_not_come_out_by_subtraction() {
        // 7 in all and 5 of them in group 1 would tell the 2 of group 2.
        let parts = |numbers: [u32; 3]| {
            let numbered = numbers.into_iter().zip(1..).map(|(count, n)| (group(n), People::Number(count)));
            parts(&numbered.collect())
        };
        let figures = parts([5, 2, 9]);
        assert_eq!(figures[&group(1)], Figure::Some);
        assert_eq!(figures[&group(2)], Figure::Some);
        assert_eq!(figures[&group(3)], Figure::Number(9));
        let figures = parts([5, 2, 3]);
        assert_eq!(figures[&group(1)], Figure::Number(5));
    }

    fn facts(people: &[u32]) -> ItemFacts {
        let total: u32 = people.iter().sum();
        let of = |(count, n): (&u32, u128)| (group(n), People::Number(*count));
        let share = |(count, n): (&u32, u128)| (group(n), Paid::Part(f64::from(*count) / f64::from(total)));
        ItemFacts {
            section: proto::plenary::Section::Ideas,
            points: Vec::new(),
            rank: 1,
            t: Some(0.25),
            status: proto::plenary::Status::Listed,
            support: Some(Support {
                seats: People::Number(total),
                groups: People::Number(u32::try_from(people.len()).unwrap()),
                by_group: people.iter().zip(1..).map(of).collect(),
            }),
            paid_by_group: people.iter().zip(1..).map(share).collect(),
            rank_by_votes: 1,
            anchor: proto::ids::IdeaId(Uuid::nil()),
            text: "An idea".to_owned(),
            lang: String::new(),
            sources: Vec::new(),
            tags: Vec::new(),
        }
    }

    #[test]
    fn everybody_reads_some_and_what_is_told_is_told_the_same_again() {
        let few = told(&facts(&[3]));
        assert_eq!(few.t, None);
        let json = serde_json::to_value(&few).unwrap();
        let (id, some) = (group(1).to_string(), serde_json::json!("some"));
        assert_eq!(
            json["support"],
            serde_json::json!({"seats": some, "groups": some, "by_group": {&id: some}})
        );
        assert_eq!(json["paid_by_group"][&id], some);
        for people in [&[3][..], &[7, 2], &[9, 8], &[2, 1, 3, 40]] {
            let once = told(&facts(people));
            assert_eq!(told(&once), once);
            assert_eq!((support(&once), paid(&once)), (support(&facts(people)), paid(&facts(people))));
            let read: ItemFacts = serde_json::from_str(&serde_json::to_string(&once).unwrap()).unwrap();
            assert_eq!(read, once);
        }
        let many = told(&facts(&[9, 8])).support.unwrap();
        assert_eq!((many.seats, many.groups), (People::Number(17), People::Number(2)));
    }
}
