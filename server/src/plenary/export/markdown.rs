//! The list as Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proto::ids::GroupId;
use proto::plenary::{PlenaryItem, Section, Status};

use super::escape::{line, paragraphs};
use super::figures::{self, Figure};
use super::{Export, SECTIONS, is_numbered, wording};

/// The whole document.
#[must_use]
pub fn markdown(export: &Export) -> String {
    let names = export.group_names();
    let mut page = Page { out: String::new(), names };
    page.head(export);
    page.text(&export.plenary.statement.opening);
    page.text(&export.plenary.statement.summary);
    for section in SECTIONS {
        page.section(export, section);
    }
    page.below(export);
    page.text(&export.plenary.statement.closing);
    page.how(export);
    page.audit(export);
    page.out
}

struct Page<'a> {
    out: String,
    names: BTreeMap<GroupId, &'a str>,
}

impl Page<'_> {
    fn put(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn block(&mut self, text: &str) {
        if !text.is_empty() {
            self.put(text);
            self.put("");
        }
    }

    fn text(&mut self, text: &str) {
        self.block(&paragraphs(text));
    }

    fn group(&self, id: &GroupId) -> String {
        self.names.get(id).map_or_else(|| "a former group".to_owned(), |name| line(name))
    }

    fn head(&mut self, export: &Export) {
        self.block(&format!("# {}", line(&export.title)));
        self.block(&line(&export.date));
        if !export.points.is_empty() {
            let answered = export.answered_points();
            self.block("## Discussion points");
            for (number, point) in export.points.iter().enumerate() {
                let mark = if answered.contains(&point.id) { "" } else { " — nothing on the list" };
                self.put(&format!("{}. {}{mark}", number + 1, line(&point.title)));
            }
            self.put("");
        }
        self.block("## Who took part");
        for group in &export.groups {
            let mut entry =
                format!("- {}: {} people", line(&group.name), figures::people(group.participants));
            if let Some(voters) = group.voters {
                let _ = write!(entry, ", {} voted", figures::people(voters));
            }
            let _ = write!(entry, ", {} ideas", group.ideas);
            self.put(&entry);
        }
        self.put("");
    }

    fn section(&mut self, export: &Export, section: Section) {
        let items: Vec<&PlenaryItem> = export.items(section, Status::Listed).collect();
        if items.is_empty() {
            return;
        }
        self.block(&format!("## {}", title(section)));
        for (position, item) in items.into_iter().enumerate() {
            if is_numbered(section) {
                self.block(&format!("### {}", position + 1));
            } else if position > 0 {
                self.block("---");
            }
            self.block(&format!("**{}**", line(wording(item))));
            self.item(item);
        }
    }

    fn item(&mut self, item: &PlenaryItem) {
        self.support(item);
        for source in &item.facts.sources {
            let lang =
                if source.lang.is_empty() { String::new() } else { format!(" ({})", line(&source.lang)) };
            let votes =
                source.votes.map(|votes| format!(", {}", people(figures::people(votes)))).unwrap_or_default();
            self.put(&format!("- From {}{lang}{votes}: “{}”", self.group(&source.group), line(&source.text)));
        }
        if !item.facts.tags.is_empty() {
            let tags: Vec<&str> = item.facts.tags.iter().map(|tag| tag_in_words(tag)).collect();
            self.put(&format!("- Marked: {}", tags.join("; ")));
        }
        if !item.note.trim().is_empty() {
            self.put(&format!("- Note: {}", line(&item.note)));
        }
        self.put("");
    }

    fn support(&mut self, item: &PlenaryItem) {
        let Some(support) = figures::support(&item.facts) else { return };
        if support.by_group.is_empty() {
            self.put("- Support: no votes");
            return;
        }
        let groups: Vec<String> =
            support.by_group.iter().map(|(group, count)| format!("{} {count}", self.group(group))).collect();
        self.put(&format!("- Support: {} ({})", people(support.seats), groups.join(", ")));
        let paid: Vec<String> = figures::paid(&item.facts)
            .iter()
            .map(|(group, share)| match share {
                Figure::Number(percent) => format!("{} {percent} %", self.group(group)),
                Figure::Some => format!("{} some", self.group(group)),
            })
            .collect();
        if !paid.is_empty() {
            self.put(&format!("- Paid for its place: {}", paid.join(", ")));
        }
        if item.facts.rank_by_votes > 0 {
            self.put(&format!("- Place by plain count: {}", item.facts.rank_by_votes));
        }
    }

    fn below(&mut self, export: &Export) {
        if SECTIONS.iter().all(|&section| export.items(section, Status::Below).next().is_none()) {
            return;
        }
        self.block("## Below the line");
        for section in SECTIONS {
            let items: Vec<&PlenaryItem> = export.items(section, Status::Below).collect();
            if items.is_empty() {
                continue;
            }
            self.block(&format!("### {}", title(section)));
            for item in items {
                self.block(&format!("**{}**", line(wording(item))));
                self.item(item);
            }
        }
    }

    fn how(&mut self, export: &Export) {
        if export.plenary.run == 0 {
            return;
        }
        self.block("## How this list was made");
        self.text(&export.rule);
        self.block(
            "Only ideas that a group promoted are ranked; ideas that say the same in the same or nearly the same words count as one, and nobody counts \
             twice. Figures that rest on fewer than five people read “some”.",
        );
        let hash = export.plenary.sha256.as_deref().unwrap_or("none");
        self.block(&format!(
            "Run {}, SHA-256 of its input: `{}`. Checking it needs the input itself, which only the staff have.",
            export.plenary.run,
            hash.chars().filter(char::is_ascii_hexdigit).collect::<String>()
        ));
    }

    fn audit(&mut self, export: &Export) {
        let Some(audit) = &export.audit else { return };
        self.block("## Audit");
        if audit.represented {
            self.block(
                "Judged by the votes on promoted ideas, within the vote budget, no group of people is \
                 under-represented.",
            );
        }
        for violation in &audit.violations {
            let item = export.plenary.items.iter().find(|item| item.id.to_string() == violation.item.0);
            let words =
                item.map_or_else(|| "an idea that is no longer here".to_owned(), |i| line(wording(i)));
            self.put(&format!(
                "- {} who support “{words}” could ask for {} of the places under “{}”, and none of them has so many.",
                people(figures::people(u32::try_from(violation.seats).unwrap_or(u32::MAX))),
                violation.places,
                title(violation.section),
            ));
        }
        for group in &audit.promoted_nothing {
            let name = group.0.parse().map_or_else(|_| line(&group.0), |id| self.group(&id));
            self.put(&format!("- {name} promoted nothing; its ideas with the most votes stand for it."));
        }
        if !audit.excluded.is_empty() {
            self.put(&format!("- Kept off the list by staff: {}", audit.excluded.len()));
        }
    }
}

/// A section as it is called.
pub(super) const fn title(section: Section) -> &'static str {
    match section {
        Section::Challenges => "Challenges and opportunities",
        Section::Recommendations => "Recommendations",
        Section::Partnerships => "Partnerships and good practices",
        Section::Ideas => "Ideas",
    }
}

fn people(figure: Figure) -> String {
    match figure {
        Figure::Number(0) => "no votes".to_owned(),
        Figure::Number(_) | Figure::Some => format!("{figure} people"),
    }
}

fn tag_in_words(tag: &str) -> &'static str {
    match tag {
        "heard" => "heard: the best of a group that has nothing else on the list",
        "shared-concern" => "shared concern: supported in many groups",
        "no-votes" => "no votes",
        "best-by-tally" => "not promoted: its group promoted nothing, and it is among its five best",
        "pinned" => "put here by the plenary",
        _ => "other",
    }
}
