//! How the list was made, and whether it is fair: the rule, who voted across groups, and what the run says of itself.

use proto::plenary::{Section, Status};

use super::{Block, Page};
use crate::merge::output::{Audit, SectionCoverage, Violation};
use crate::merge::{GroupKey, IdeaKey};
use crate::plenary::audit::people_by_group;
use crate::plenary::export::line::Line;
use crate::plenary::export::{AcrossGroups, small_counts};

impl Page<'_> {
    pub(super) fn how(&mut self) {
        let (words, plenary) = (self.words, &self.export.plenary);
        if plenary.run == 0 {
            return;
        }
        self.heading(words.own.how.line());
        self.blocks.push(Block::Paragraph(words.rule(self.export.rule, self.export.weights)));
        self.blocks.push(Block::Paragraph(words.own.counted.line()));
        self.blocks.extend(self.across_groups().map(Block::Paragraph));
        let hash: String = plenary
            .sha256
            .as_deref()
            .unwrap_or("–")
            .chars()
            .filter(|c| c.is_ascii_hexdigit() || *c == '–')
            .collect();
        let values = [("n", Line::number(plenary.run)), ("hash", Line::code(&hash))];
        self.blocks.push(Block::Paragraph(words.shared.run.with(&values)));
    }

    /// Did people vote on entries of other groups, and how many?
    fn across_groups(&self) -> Option<Line> {
        let shared = &self.words.shared;
        match &self.export.across_groups {
            AcrossGroups::NotYet => None,
            AcrossGroups::Nobody => Some(shared.nobody_across_groups.line()),
            AcrossGroups::Voted { voters, voted, .. } => {
                let figure = |count: u32| self.words.figure(small_counts::people(count));
                let turnout = shared.turnout.with(&[("voted", figure(*voted)), ("voters", figure(*voters))]);
                let line = [self.words.label(&shared.vote_of_everybody), turnout];
                Some(Line::joined(line, ""))
            }
        }
    }

    /// Where everybody voted: on this section, too? Elsewhere the file says of the whole list that nobody did.
    pub(super) fn is_voted_on(&self, section: Section) -> bool {
        match &self.export.across_groups {
            AcrossGroups::NotYet | AcrossGroups::Nobody => true,
            AcrossGroups::Voted { entries, .. } => {
                let all = [Status::Listed, Status::Below].into_iter();
                let mut items = all.flat_map(|status| self.export.items(section, status));
                items.any(|item| entries.iter().any(|(entry, _)| *entry == item.id))
            }
        }
    }

    pub(super) fn audit(&mut self) {
        let Some(audit) = &self.export.audit else { return };
        let Audit {
            represented,
            violations,
            coverage,
            close,
            close_tried,
            groups_without,
            passed_over,
            promoted_nothing,
            assign_ignored: _,
            excluded,
        } = audit;
        let (own, shared) = (&self.words.own, &self.words.shared);
        self.heading(own.audit.line());
        let verdict = if *represented { &shared.represented } else { &shared.found };
        self.blocks.push(Block::Paragraph(verdict.line()));
        let mut bullets: Vec<Line> = violations.iter().map(|violation| self.shortfall(violation)).collect();
        bullets.extend(coverage.iter().map(|section| self.covered(section)));
        // Half an answer would be read as the whole one.
        bullets.extend(self.close(close).filter(|_| *close_tried));
        for group in groups_without {
            bullets.push(shared.audit_group_without.with(&[("group", self.group_of(group))]));
        }
        for group in promoted_nothing {
            bullets.push(shared.promoted_nothing.with(&[("group", self.group_of(group))]));
        }
        for (template, count) in [(&own.passed_over, passed_over.len()), (&own.excluded, excluded.len())] {
            if count > 0 {
                bullets.push(template.with(&[("n", Line::number(count))]));
            }
        }
        self.blocks.extend(bullets.into_iter().map(Block::Bullet));
    }

    fn group_of(&self, group: &GroupKey) -> Line {
        group.as_str().parse().map_or_else(|_| Line::written(group.as_str(), ""), |id| self.group(&id))
    }

    fn covered(&self, section: &SectionCoverage) -> Line {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (voters, covered) = (count(section.voters), count(section.covered));
        let shared = &self.words.shared;
        let template = if section.enough { &shared.audit_covered } else { &shared.audit_uncovered };
        template.with(&[
            ("section", self.words.section(section.section).line()),
            ("covered", self.words.figure(small_counts::part(covered, voters))),
            ("people", self.words.people(small_counts::people(voters))),
        ])
    }

    /// The entries whose place a single vote decides, if there are any.
    fn close(&self, close: &[IdeaKey]) -> Option<Line> {
        let items = &self.export.plenary.items;
        let find = |id: &IdeaKey| items.iter().find(|item| item.id.to_string() == id.as_str());
        let names = close.iter().filter_map(find).map(|item| {
            let section = self.words.section(item.facts.section).line();
            let values = [("section", section), ("n", Line::number(item.facts.number))];
            self.words.shared.audit_number.with(&values)
        });
        let numbers = Line::joined(names, self.words.own.between.text());
        (!numbers.0.is_empty()).then(|| self.words.shared.audit_close.with(&[("numbers", numbers)]))
    }

    fn shortfall(&self, violation: &Violation) -> Line {
        let item =
            self.export.plenary.items.iter().find(|item| item.id.to_string() == violation.item.as_str());
        let shared = &self.words.shared;
        let item = item.map_or_else(|| shared.gone.line(), |item| self.wording(item));
        let people = small_counts::people(u32::try_from(violation.seats).unwrap_or(u32::MAX));
        shared.shortfall.with(&[
            ("people", self.words.people(people)),
            ("groups", self.per_group(&people_by_group(&violation.by_group))),
            ("item", item),
            ("n", Line::number(violation.places)),
            ("section", self.words.section(violation.section).line()),
        ])
    }
}
