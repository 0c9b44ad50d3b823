//! What a run says about itself, as everybody may read it: no figure that rests on fewer than five people.
//!
//! The audit as the merge wrote it stays with the run; votes per person are in neither.

use std::collections::BTreeMap;

use proto::plenary::{Coverage, Few, People, Representation, Shortfall};

use crate::merge::GroupKey;
use crate::merge::output::{Audit, SectionCoverage, Violation};
use crate::plenary::export::small_counts;
use crate::plenary::export::small_counts::Figure;

/// What everybody is told of a run's audit, as it stands in the journal; nothing while the vote is hidden.
#[must_use]
pub fn told(audit: &serde_json::Value) -> Option<Representation> {
    let audit: Audit = serde_json::from_value(audit.clone()).ok()?;
    Some(Representation {
        represented: audit.represented,
        shortfalls: audit.violations.iter().filter_map(shortfall).collect(),
        promoted_nothing: audit
            .promoted_nothing
            .iter()
            .filter_map(|group| group.as_str().parse().ok())
            .collect(),
        coverage: audit.coverage.iter().map(coverage).collect(),
        // Half an answer would be read as the whole one.
        close: if audit.close_tried {
            audit.close.iter().filter_map(|item| item.as_str().parse().ok()).collect()
        } else {
            Vec::new()
        },
        groups_without: audit.groups_without.iter().filter_map(|group| group.as_str().parse().ok()).collect(),
    })
}

fn coverage(section: &SectionCoverage) -> Coverage {
    let (voters, covered) = (count(section.voters), count(section.covered));
    Coverage {
        section: section.section,
        voters: people(small_counts::people(voters)),
        covered: people(small_counts::part(covered, voters)),
        enough: section.enough,
    }
}

fn shortfall(violation: &Violation) -> Option<Shortfall> {
    Some(Shortfall {
        item: violation.item.as_str().parse().ok()?,
        section: violation.section,
        places: count(violation.places),
        people: people(small_counts::people(count(violation.seats))),
        by_group: people_by_group(&violation.by_group)
            .into_iter()
            .map(|(id, figure)| (id, people(figure)))
            .collect(),
    })
}

/// People per group as they may be told beside their sum.
pub(super) fn people_by_group(by_group: &BTreeMap<GroupKey, usize>) -> BTreeMap<proto::ids::GroupId, Figure> {
    let numbers =
        by_group.iter().filter_map(|(group, &people)| Some((group.as_str().parse().ok()?, count(people))));
    small_counts::parts(&numbers.collect())
}

const fn people(figure: Figure) -> People {
    match figure {
        Figure::Number(number) => People::Number(number),
        Figure::Some => People::Few(Few::Some),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::ids::{GroupId, IdeaId};
    use proto::plenary::Section;
    use uuid::Uuid;

    #[test]
    fn everybody_is_told_who_is_under_represented_and_nobody_is_counted() {
        let group = |n: u128| GroupId(Uuid::from_u128(n));
        let violation = Violation {
            item: IdeaId(Uuid::from_u128(7)).into(),
            section: Section::Recommendations,
            places: 2,
            seats: 12,
            by_group: BTreeMap::from([(group(1).into(), 9), (group(2).into(), 3)]),
        };
        let audit = Audit {
            represented: false,
            violations: vec![violation],
            passed_over: Vec::new(),
            promoted_nothing: vec![group(3).into()],
            coverage: vec![SectionCoverage {
                section: Section::Recommendations,
                voters: 20,
                covered: 17,
                greedy: 20,
                enough: false,
            }],
            close: vec![IdeaId(Uuid::from_u128(7)).into()],
            close_tried: false,
            groups_without: Vec::new(),
            assign_ignored: Vec::new(),
            excluded: Vec::new(),
        };
        let told = told(&serde_json::to_value(&audit).unwrap()).unwrap();
        assert_eq!(told.close, [], "not every vote was tried");
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!((told.represented, &json["shortfalls"][0]["people"]), (false, &12.into()));
        // Nine of twelve would tell the three.
        let by_group = &json["shortfalls"][0]["by_group"];
        assert_eq!(by_group[group(1).to_string()], "some");
        assert_eq!(by_group[group(2).to_string()], "some");
        assert_eq!(told.promoted_nothing, [group(3)]);
        let again: Representation = serde_json::from_value(json).unwrap();
        assert_eq!(again, told);
    }

    #[test]
    fn nothing_is_told_before_votes_may_be_seen() {
        assert_eq!(told(&serde_json::Value::Null), None);
    }
}
