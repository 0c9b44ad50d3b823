//! The merged list as lines on a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proto::ids::GroupId;
use proto::plenary::{PlenaryItem, PlenaryView, Section, Status};
use proto::text::letters::is_empty;

/// The list, for people.
pub(super) fn list(plenary: &PlenaryView, groups: &BTreeMap<GroupId, String>) -> String {
    let mut out = String::new();
    let mut heading = None;
    let mut number = 0;
    for item in &plenary.items {
        let here = (item.facts.section, item.facts.status);
        if heading != Some((here.0, here.1 == Status::Below)) {
            heading = Some((here.0, here.1 == Status::Below));
            number = 0;
            let _ = writeln!(out, "\n{}", title(here.0, here.1));
        }
        number += 1;
        entry(&mut out, number, item, groups);
    }
    out
}

fn entry(out: &mut String, number: usize, item: &PlenaryItem, groups: &BTreeMap<GroupId, String>) {
    let words = if is_empty(&item.wording) { &item.facts.text } else { &item.wording };
    let _ = writeln!(out, "{number:>3}. {}", on_one_line(words));
    if let Some(support) = &item.facts.support {
        let from = named(groups, support.by_group.iter().map(|(group, people)| (group, people.to_string())));
        let _ = write!(out, "     {} supporters", support.seats);
        if !from.is_empty() {
            let _ = write!(out, " ({from}), place {} by plain count", item.facts.rank_by_votes);
        }
        let tags = &item.facts.tags;
        let tags = if tags.is_empty() { String::new() } else { format!(" [{}]", tags.join(", ")) };
        let _ = writeln!(out, "{tags}");
    }
}

fn named<'a>(
    groups: &BTreeMap<GroupId, String>,
    figures: impl Iterator<Item = (&'a GroupId, String)>,
) -> String {
    let named = figures.map(|(group, figure)| {
        let name = groups.get(group).map_or("?", String::as_str);
        format!("{name} {figure}")
    });
    named.collect::<Vec<_>>().join(", ")
}

const fn title(section: Section, status: Status) -> &'static str {
    match (section, status) {
        (Section::Challenges, Status::Listed) => "Challenges and opportunities",
        (Section::Challenges, Status::Below) => "Challenges and opportunities, below the line",
        (Section::Recommendations, Status::Listed) => "Recommendations",
        (Section::Recommendations, Status::Below) => "Recommendations, below the line",
        (Section::Partnerships, Status::Listed) => "Partnerships and good practices",
        (Section::Partnerships, Status::Below) => "Partnerships and good practices, below the line",
        (Section::Ideas, Status::Listed) => "The list",
        (Section::Ideas, Status::Below) => "Below the line",
    }
}

/// Other people's words must not move the cursor or change colours.
fn on_one_line(text: &str) -> String {
    let visible: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_others_cannot_steer_the_terminal() {
        assert_eq!(on_one_line("a\u{1b}[31m\r\nb"), "a [31m b");
    }
}
