//! What an export says, block by block, in the reader's language; how it looks is up to the writers.

mod how_made;

use std::collections::BTreeMap;

use proto::api::versions::Erased;
use proto::ids::GroupId;
use proto::plenary::{People, PlenaryItem, Section, Source, Status};
use proto::text::letters::is_empty;

use super::line::Line;
use super::words::Words;
use super::{Edition, Export, SECTIONS, is_numbered, translated, wording};
use crate::plenary::export::sanitize;
use crate::plenary::export::small_counts;
use crate::plenary::export::small_counts::Figure;

/// A part of the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Block {
    /// The consultation's title.
    Title(Line),
    /// A part of the page.
    Heading(Line),
    /// A part of that.
    Subheading(Line),
    Paragraph(Line),
    /// A discussion point, from 1.
    Point(usize, Line),
    Bullet(Line),
    /// An entry of the list.
    PageEntry(PageEntry),
}

/// An entry of the list with what belongs to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PageEntry {
    /// Only recommendations above the line are quoted by number.
    pub number: Option<u32>,
    pub status: Status,
    pub words: Line,
    /// What it is, and its value.
    pub facts: Vec<(Line, Line)>,
}

/// The whole page.
pub(super) fn page(export: &Export) -> Vec<Block> {
    let words = Words::of(export.language);
    let mut page = Page { words, export, names: export.group_names(), blocks: Vec::new() };
    page.head();
    page.statement();
    page.heading(words.own.annex.line());
    page.participation();
    for section in SECTIONS {
        page.section(section);
    }
    page.below();
    page.late();
    page.how();
    page.audit();
    page.blocks
}

/// What an entry says beside its words: for writers that have no page.
pub(super) struct Sayer<'a> {
    pub words: &'static Words,
    pub names: BTreeMap<GroupId, &'a str>,
}

impl<'a> Sayer<'a> {
    pub(super) fn of(export: &'a Export) -> Self {
        Self { words: Words::of(export.language), names: export.group_names() }
    }

    pub(super) fn why(&self, item: &PlenaryItem) -> Option<Line> {
        crate::plenary::export::explanation::why(self.words, &item.facts)
    }
}

fn group_name(words: &Words, names: &BTreeMap<GroupId, &str>, id: &GroupId) -> Line {
    names.get(id).map_or_else(|| words.own.former_group.line(), |name| Line::written(name, ""))
}

/// The sections of the statement, in the order in which it is read.
const STATEMENT_ORDER: [Section; 4] =
    [Section::Recommendations, Section::Ideas, Section::Challenges, Section::Partnerships];

/// By so much of a hash people compare it.
fn short(sha256: &str) -> &str {
    sha256.get(..8).unwrap_or(sha256)
}

struct Page<'a> {
    words: &'static Words,
    export: &'a Export,
    names: BTreeMap<GroupId, &'a str>,
    blocks: Vec<Block>,
}

impl Page<'_> {
    fn paragraphs(&mut self, text: &str) {
        let lines = sanitize::lines(text).into_iter();
        self.blocks.extend(lines.map(|line| Block::Paragraph(Line::written(&line, ""))));
    }

    fn heading(&mut self, line: Line) {
        self.blocks.push(Block::Heading(line));
    }

    fn group(&self, id: &GroupId) -> Line {
        group_name(self.words, &self.names, id)
    }

    fn head(&mut self) {
        let export = self.export;
        self.blocks.push(Block::Title(Line::written(&export.title, "")));
        self.blocks.push(Block::Paragraph(Line::code(&export.date)));
        self.edition();
        self.blocks.extend(self.authoritative().map(Block::Paragraph));
    }

    /// What is read out, adopted and handed over: one or two pages. Everything else is its annex.
    fn statement(&mut self) {
        let (words, export) = (self.words, self.export);
        self.paragraphs(&export.plenary.statement.opening);
        self.paragraphs(&export.plenary.statement.summary);
        for section in STATEMENT_ORDER {
            let items: Vec<&PlenaryItem> = export.items(section, Status::Listed).collect();
            if items.is_empty() {
                continue;
            }
            self.heading(words.section(section).line());
            for item in items {
                let number = is_numbered(section).then_some(item.facts.number);
                let entry = PageEntry {
                    number,
                    status: Status::Listed,
                    words: self.wording(item),
                    facts: self.unofficial(item),
                };
                self.blocks.push(Block::PageEntry(entry));
            }
        }
        self.paragraphs(&export.plenary.statement.closing);
        // Beside the numbers of the groups a sum would tell the one that is not told.
        if export.groups.iter().all(|group| matches!(People::of(group.participants), People::Number(_))) {
            let people: u32 = export.groups.iter().map(|group| group.participants).sum();
            let values = [
                ("people", words.people(small_counts::people(people))),
                ("groups", Line::number(export.groups.len())),
            ];
            self.blocks.push(Block::Paragraph(words.own.people_of_groups.with(&values)));
        }
        self.adoption();
    }

    /// Who stands by it, and what is objected to which number.
    fn adoption(&mut self) {
        let Some(adoption) = &self.export.adoption else { return };
        let (own, items) = (&self.words.own, &self.export.plenary.items);
        let adopted = match adoption.adopted {
            People::Number(number) => Figure::Number(number),
            People::Few(_) => Figure::Some,
        };
        let values = [
            ("adopted", self.words.figure(adopted)),
            ("voters", self.words.figure(small_counts::people(adoption.voters))),
        ];
        self.blocks.push(Block::Paragraph(own.adopted.with(&values)));
        if adoption.objections.is_empty() {
            return self.blocks.push(Block::Paragraph(own.no_objections.line()));
        }
        for (id, said) in &adoption.objections {
            let Some(item) = items.iter().find(|item| item.id == *id) else { continue };
            let lines =
                said.lines.iter().map(|line| own.quoted.with(&[("text", Line::written(&line.text, ""))]));
            let values = [
                ("section", self.words.section(item.facts.section).line()),
                ("n", Line::number(item.facts.number)),
                ("people", self.words.people(small_counts::people(said.object))),
                ("lines", Line::joined(lines, " ")),
            ];
            self.blocks.push(Block::Bullet(own.objection.with(&values)));
        }
    }

    /// The discussion points, and who took part.
    fn participation(&mut self) {
        let (words, export) = (self.words, self.export);
        if !export.points.is_empty() {
            let answered = export.answered_points();
            self.heading(words.own.points.line());
            for (position, point) in export.points.iter().enumerate() {
                let mut line = Line::written(&point.title, "");
                if !answered.contains(&point.id) {
                    line.push(Line::said(" — "));
                    line.push(words.own.nothing_listed.line());
                }
                self.blocks.push(Block::Point(position + 1, line));
            }
        }
        self.heading(words.own.took_part.line());
        for group in &export.groups {
            let mut values = vec![
                ("group", Line::written(&group.name, "")),
                ("people", words.people(small_counts::people(group.participants))),
                ("ideas", Line::number(group.ideas)),
            ];
            let template = match group.voters {
                Some(voters) => {
                    values.push(("voters", words.figure(small_counts::people(voters))));
                    &words.own.group
                }
                None => &words.own.group_before_count,
            };
            self.blocks.push(Block::Bullet(template.with(&values)));
        }
        self.signed();
    }

    /// What groups said of their cards, with the lines that travel as minority notes.
    fn signed(&mut self) {
        let (export, words) = (self.export, self.words);
        let said: Vec<_> =
            export.groups.iter().filter(|group| group.agreed > 0 || !group.notes.is_empty()).collect();
        if said.is_empty() {
            return;
        }
        self.heading(words.own.signed_off.line());
        for group in said {
            let name = || ("group", Line::written(&group.name, ""));
            let people = words.figure(small_counts::people(group.agreed));
            self.blocks.push(Block::Bullet(words.own.signed.with(&[name(), ("people", people)])));
            for note in &group.notes {
                let text = Line::written(note, "");
                let values = [name(), ("text", text)];
                self.blocks.push(Block::Bullet(words.own.minority_note.with(&values)));
            }
        }
    }

    /// The version, with what was deleted of it since; or of which one it is the draft.
    fn edition(&mut self) {
        let (shared, own) = (&self.words.shared, &self.words.own);
        match &self.export.edition {
            Edition::Draft(number) => {
                let line = shared.draft.with(&[("n", Line::number(number))]);
                self.blocks.push(Block::Paragraph(line));
            }
            Edition::Version { number, date, sha256, erased, withheld } => {
                let values = [
                    ("n", Line::number(number)),
                    ("date", Line::code(date)),
                    ("hash", Line::code(short(sha256))),
                ];
                self.blocks.push(Block::Paragraph(shared.version.with(&values)));
                for Erased { day, texts, sha256 } in erased {
                    let values = [
                        ("date", Line::code(day)),
                        ("texts", Line::number(texts)),
                        ("hash", Line::code(short(sha256))),
                    ];
                    self.blocks.push(Block::Paragraph(own.erased.with(&values)));
                }
                if *withheld > 0 {
                    let line = own.withheld.with(&[("texts", Line::number(withheld))]);
                    self.blocks.push(Block::Paragraph(line));
                }
            }
        }
    }

    /// In which language the list is authoritative.
    fn authoritative(&self) -> Option<Line> {
        let language = self.words.language_name(self.export.working_language.as_deref()?)?;
        Some(self.words.own.authoritative.with(&[("language", language)]))
    }

    fn section(&mut self, section: Section) {
        let items: Vec<&PlenaryItem> = self.export.items(section, Status::Listed).collect();
        if !items.is_empty() {
            self.heading(self.words.section(section).line());
            if !self.is_voted_on(section) {
                self.blocks.push(Block::Paragraph(self.words.shared.section_not_voted.line()));
            }
            self.entries(section, &items);
        }
    }

    fn below(&mut self) {
        let items = |section| self.export.items(section, Status::Below).collect::<Vec<&PlenaryItem>>();
        let sections: Vec<_> = SECTIONS.map(|section| (section, items(section))).into_iter().collect();
        if sections.iter().all(|(_, items)| items.is_empty()) {
            return;
        }
        self.heading(self.words.shared.below.line());
        for (section, items) in sections.iter().filter(|(_, items)| !items.is_empty()) {
            self.blocks.push(Block::Subheading(self.words.section(*section).line()));
            self.entries(*section, items);
        }
    }

    /// What came after the lock of a board and was not admitted: kept, and not on the list.
    fn late(&mut self) {
        let (export, words) = (self.export, self.words);
        let groups: Vec<_> = export.groups.iter().filter(|group| group.late > 0).collect();
        if groups.is_empty() {
            return;
        }
        self.heading(words.own.late.line());
        for group in groups {
            let name = ("group", Line::written(&group.name, ""));
            let values = [name, ("ideas", Line::number(group.late))];
            self.blocks.push(Block::Bullet(words.own.late_group.with(&values)));
            let lines = group.late_ideas.iter().map(|(text, lang)| Line::written(text, lang));
            self.blocks.extend(lines.map(Block::Bullet));
        }
    }

    fn entries(&mut self, section: Section, items: &[&PlenaryItem]) {
        for item in items {
            let status = item.facts.status;
            let entry = PageEntry {
                number: (is_numbered(section) && status == Status::Listed).then_some(item.facts.number),
                status,
                words: self.wording(item),
                facts: self.facts(item),
            };
            self.blocks.push(Block::PageEntry(entry));
        }
    }

    /// In the reader's language, if somebody translated it.
    fn wording(&self, item: &PlenaryItem) -> Line {
        match translated(item, self.export.language) {
            Some(found) => Line::written(found.text, self.export.language.tag()),
            None => Self::original(item),
        }
    }

    fn original(item: &PlenaryItem) -> Line {
        let lang = if is_empty(&item.wording) { item.facts.lang.as_str() } else { "" };
        let line = Line::written(wording(item), lang);
        // Words of nothing but hidden letters.
        if line.plain().is_empty() { Line::said("–") } else { line }
    }

    /// That it is a translation, with the words that are authoritative.
    fn unofficial(&self, item: &PlenaryItem) -> Vec<(Line, Line)> {
        let (own, words) = (&self.words.own, self.words);
        let Some(found) = translated(item, self.export.language) else { return Vec::new() };
        vec![
            (words.label(&own.unofficial), words.mark(&found)),
            (words.label(&own.original_words), Self::original(item)),
        ]
    }

    fn facts(&self, item: &PlenaryItem) -> Vec<(Line, Line)> {
        let own = &self.words.own;
        let mut facts = Vec::new();
        let mut fact = |label, line| facts.push((self.words.label(label), line));
        if let Some(voted) = item.reworded_from() {
            fact(&self.words.shared.reworded, Line::written(voted, ""));
        }
        facts.extend(self.unofficial(item));
        let mut fact = |label, line| facts.push((self.words.label(label), line));
        if let Some(support) = self.support(item) {
            fact(&own.support, support);
        }
        if let Some(why) = crate::plenary::export::explanation::why(self.words, &item.facts) {
            fact(&own.why, why);
        }
        for source in &item.facts.sources {
            fact(&own.original, self.source(source, item.facts.sources.len()));
        }
        let tags: Vec<Line> =
            item.facts.tags.iter().filter_map(|tag| self.words.tag(tag)).map(|tag| tag.line()).collect();
        if !tags.is_empty() {
            fact(&own.marked, Line::joined(tags, own.between.text()));
        }
        if let Some(room) = small_counts::responses(&item.responses) {
            fact(&own.room, self.words.figure(room.objections));
            for line in room.lines {
                fact(&own.room_line, Line::written(line, ""));
            }
        }
        let note = sanitize::one_line(&item.note);
        if !note.is_empty() {
            fact(&own.note, Line::written(&note, ""));
        }
        facts
    }

    fn support(&self, item: &PlenaryItem) -> Option<Line> {
        let support = small_counts::support(&item.facts)?;
        let people = self.words.votes(support.seats);
        if support.by_group.is_empty() {
            return Some(people);
        }
        let groups = self.per_group(&support.by_group);
        Some(self.words.own.support_groups.with(&[("people", people), ("groups", groups)]))
    }

    fn per_group(&self, figures: &BTreeMap<GroupId, Figure>) -> Line {
        let of_each = |(group, &count): (&GroupId, &Figure)| {
            Line::joined([self.group(group), self.words.figure(count)], " ")
        };
        Line::joined(figures.iter().map(of_each), self.words.own.between.text())
    }

    /// The original wording, with its group and language, and how it came here.
    fn source(&self, source: &Source, of: usize) -> Line {
        let mut from = vec![self.group(&source.group)];
        from.extend(self.words.language_name(&source.lang));
        from.extend(source.votes.map(|votes| self.words.votes(small_counts::people(votes))));
        let via = match source.via.as_str() {
            "anchor" if of > 1 => Some(&self.words.shared.anchor),
            "identical" => Some(&self.words.own.via_identical),
            "assigned" => Some(&self.words.own.via_assigned),
            "combined" => Some(&self.words.own.via_combined),
            _ => None,
        };
        from.extend(via.map(|via| via.line()));
        let text = Line::written(&source.text, &source.lang);
        self.words
            .own
            .source
            .with(&[("text", text), ("from", Line::joined(from, self.words.own.between.text()))])
    }
}
