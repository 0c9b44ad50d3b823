//! The fixed words of exports, one file per language; what the screens say as well stands in the screens' files.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proto::plenary::Section;
use serde::Deserialize;

use super::Translated;
use super::language::{Form, Language};
use super::line::Line;
use crate::merge::output::{
    TAG_BEST_BY_TALLY, TAG_HEARD, TAG_HELD_BACK, TAG_NO_VOTES, TAG_NOT_ON_PAPER, TAG_PINNED,
    TAG_SHARED_CONCERN,
};
use crate::merge::{Rule, Weights};
use crate::plenary::export::small_counts::Figure;

/// A sentence with places for values: `{name}`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Phrase(String);

/// One sentence per form of a number.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Plural(BTreeMap<Form, Phrase>);

impl Phrase {
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn line(&self) -> Line {
        Line::said(&self.0)
    }

    /// The sentence with its values. A place without a value stays empty.
    pub(super) fn with(&self, values: &[(&str, Line)]) -> Line {
        let mut line = Line::default();
        for (position, part) in self.0.split('{').enumerate() {
            let (name, rest) = match part.split_once('}') {
                Some(found) if position > 0 => found,
                _ => ("", part),
            };
            if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
                line.push(value.clone());
            }
            if !rest.is_empty() {
                line.push(Line::said(rest));
            }
        }
        line
    }
}

/// What only exports say.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Own {
    pub points: Phrase,
    pub nothing_listed: Phrase,
    pub took_part: Phrase,
    pub signed_off: Phrase,
    pub signed: Phrase,
    pub minority_note: Phrase,
    pub group: Phrase,
    pub group_before_count: Phrase,
    pub support: Phrase,
    pub support_groups: Phrase,
    pub why: Phrase,
    pub original: Phrase,
    pub authoritative: Phrase,
    pub unofficial: Phrase,
    pub original_words: Phrase,
    pub source: Phrase,
    pub via_identical: Phrase,
    pub via_assigned: Phrase,
    pub via_combined: Phrase,
    pub marked: Phrase,
    pub tag_best_by_tally: Phrase,
    pub tag_pinned: Phrase,
    pub tag_orphan: Phrase,
    pub note: Phrase,
    pub room: Phrase,
    pub room_line: Phrase,
    pub late: Phrase,
    pub late_group: Phrase,
    pub former_group: Phrase,
    pub how: Phrase,
    rule_phragmen: Phrase,
    rule_equal_shares: Phrase,
    rule_votes: Phrase,
    weights_sqrt: Phrase,
    weights_person: Phrase,
    weights_group: Phrase,
    pub counted: Phrase,
    pub audit: Phrase,
    pub passed_over: Phrase,
    pub excluded: Phrase,
    pub erased: Phrase,
    pub annex: Phrase,
    pub people_of_groups: Phrase,
    pub adopted: Phrase,
    pub no_objections: Phrase,
    pub objection: Phrase,
    pub quoted: Phrase,
    pub withheld: Phrase,
    pub label: Phrase,
    pub between: Phrase,
    languages: BTreeMap<String, Phrase>,
}

/// What the screens say as well.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ScreenPhrases {
    #[serde(rename = "section.challenges")]
    challenges: Phrase,
    #[serde(rename = "section.recommendations")]
    recommendations: Phrase,
    #[serde(rename = "section.partnerships")]
    partnerships: Phrase,
    #[serde(rename = "section.ideas")]
    ideas: Phrase,
    #[serde(rename = "plenary.below")]
    pub below: Phrase,
    #[serde(rename = "item.people")]
    people: Plural,
    #[serde(rename = "item.groups")]
    groups: Plural,
    #[serde(rename = "item.no-votes")]
    no_votes: Phrase,
    #[serde(rename = "item.anchor")]
    pub anchor: Phrase,
    #[serde(rename = "item.heard")]
    heard: Phrase,
    #[serde(rename = "item.shared-concern")]
    shared_concern: Phrase,
    #[serde(rename = "report.some")]
    some: Phrase,
    #[serde(rename = "report.some-people")]
    some_people: Phrase,
    #[serde(rename = "report.printed")]
    pub run: Phrase,
    #[serde(rename = "list.version")]
    pub version: Phrase,
    #[serde(rename = "list.draft")]
    pub draft: Phrase,
    #[serde(rename = "item.reworded")]
    pub reworded: Phrase,
    #[serde(rename = "tr.translated")]
    translated: Phrase,
    #[serde(rename = "tr.machine")]
    machine: Phrase,
    #[serde(rename = "tr.translated-earlier")]
    translated_earlier: Phrase,
    #[serde(rename = "tr.machine-earlier")]
    machine_earlier: Phrase,
    #[serde(rename = "everybody.title")]
    pub vote_of_everybody: Phrase,
    #[serde(rename = "everybody.turnout")]
    pub turnout: Phrase,
    #[serde(rename = "everybody.section")]
    pub section_not_voted: Phrase,
    #[serde(rename = "item.held-back")]
    held_back: Phrase,
    #[serde(rename = "item.not-on-paper")]
    not_on_paper: Phrase,
    #[serde(rename = "why.held-back")]
    pub why_held_back: Phrase,
    #[serde(rename = "why.not-on-paper")]
    pub why_not_on_paper: Phrase,
    #[serde(rename = "everybody.none-held")]
    pub nobody_across_groups: Phrase,
    #[serde(rename = "audit.represented")]
    pub represented: Phrase,
    #[serde(rename = "audit.found")]
    pub found: Phrase,
    #[serde(rename = "audit.shortfall")]
    pub shortfall: Phrase,
    #[serde(rename = "audit.covered")]
    pub audit_covered: Phrase,
    #[serde(rename = "audit.uncovered")]
    pub audit_uncovered: Phrase,
    #[serde(rename = "audit.close")]
    pub audit_close: Phrase,
    #[serde(rename = "audit.number")]
    pub audit_number: Phrase,
    #[serde(rename = "audit.group-without")]
    pub audit_group_without: Phrase,
    #[serde(rename = "audit.gone")]
    pub gone: Phrase,
    #[serde(rename = "audit.promoted-nothing")]
    pub promoted_nothing: Phrase,
    #[serde(rename = "why.support")]
    pub why_support: Phrase,
    #[serde(rename = "why.some")]
    pub why_some: Phrase,
    #[serde(rename = "why.alone")]
    pub why_alone: Phrase,
    #[serde(rename = "why.most")]
    pub why_most: Phrase,
    #[serde(rename = "why.margin")]
    pub why_margin: Plural,
    #[serde(rename = "why.served")]
    pub why_served: Phrase,
    #[serde(rename = "why.no-votes")]
    pub why_no_votes: Phrase,
    #[serde(rename = "why.pinned")]
    pub why_pinned: Phrase,
    #[serde(rename = "why.heard")]
    pub why_heard: Phrase,
    #[serde(rename = "why.best-by-tally")]
    pub why_best_by_tally: Phrase,
    #[serde(rename = "why.shared-concern")]
    pub why_shared_concern: Phrase,
    #[serde(rename = "why.below")]
    pub why_below: Phrase,
}

/// Everything that an export says in one language.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pub language: Language,
    pub own: Own,
    pub shared: ScreenPhrases,
}

/// The two files of a language.
const fn files(language: Language) -> (&'static str, &'static str) {
    macro_rules! pair {
        ($tag:literal) => {
            (
                include_str!(concat!("text/", $tag, ".json")),
                include_str!(concat!("../../../../web/src/text/", $tag, ".json")),
            )
        };
    }
    match language {
        Language::Ar => pair!("ar"),
        Language::En => pair!("en"),
        Language::Es => pair!("es"),
        Language::Fr => pair!("fr"),
        Language::Ru => pair!("ru"),
        Language::Zh => pair!("zh"),
    }
}

static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| Language::ALL.into_iter().map(read).collect());

fn read(language: Language) -> Words {
    let (own, shared) = files(language);
    match (serde_json::from_str(own), serde_json::from_str(shared)) {
        (Ok(own), Ok(shared)) => Words { language, own, shared },
        // The files are part of the program; a test reads all of them.
        (own, shared) => panic!("words in {language:?}: {:?} {:?}", own.err(), shared.err()),
    }
}

impl Words {
    /// The words of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        &ALL[language as usize]
    }

    /// A number of people.
    pub(super) fn people(&self, figure: Figure) -> Line {
        match figure {
            Figure::Number(n) => self.counted(&self.shared.people, n),
            Figure::Some => self.shared.some_people.line(),
        }
    }

    /// The people behind an idea.
    pub(super) fn votes(&self, figure: Figure) -> Line {
        match figure {
            Figure::Number(0) => self.shared.no_votes.line(),
            Figure::Number(_) | Figure::Some => self.people(figure),
        }
    }

    /// A number of groups.
    pub(super) fn groups(&self, n: u32) -> Line {
        self.counted(&self.shared.groups, n)
    }

    /// A bare number.
    pub(super) fn figure(&self, figure: Figure) -> Line {
        match figure {
            Figure::Number(n) => Line::number(n),
            Figure::Some => self.shared.some.line(),
        }
    }

    /// A sentence with a number, in the form that the number asks for.
    pub(super) fn counted(&self, plural: &Plural, n: u32) -> Line {
        let form = plural.0.get(&self.language.form(n)).or_else(|| plural.0.get(&Form::Other));
        form.map(|template| template.with(&[("n", Line::number(n))])).unwrap_or_default()
    }

    /// A section as it is called.
    pub(super) const fn section(&self, section: Section) -> &Phrase {
        match section {
            Section::Challenges => &self.shared.challenges,
            Section::Recommendations => &self.shared.recommendations,
            Section::Partnerships => &self.shared.partnerships,
            Section::Ideas => &self.shared.ideas,
        }
    }

    /// What a tag says; none for a tag of a later version.
    pub(super) fn tag(&self, tag: &str) -> Option<&Phrase> {
        match tag {
            TAG_HEARD => Some(&self.shared.heard),
            TAG_SHARED_CONCERN => Some(&self.shared.shared_concern),
            TAG_NO_VOTES => Some(&self.shared.no_votes),
            TAG_BEST_BY_TALLY => Some(&self.own.tag_best_by_tally),
            TAG_PINNED => Some(&self.own.tag_pinned),
            TAG_HELD_BACK => Some(&self.shared.held_back),
            TAG_NOT_ON_PAPER => Some(&self.shared.not_on_paper),
            "orphan" => Some(&self.own.tag_orphan),
            _ => None,
        }
    }

    /// The name of a language; its tag when there is no name.
    /// What is said beside a translation.
    pub(super) fn mark(&self, translated: &Translated<'_>) -> Line {
        let shared = &self.shared;
        match (translated.machine, translated.earlier) {
            (false, false) => shared.translated.line(),
            (false, true) => shared.translated_earlier.line(),
            (true, false) => shared.machine.line(),
            (true, true) => shared.machine_earlier.line(),
        }
    }

    pub(super) fn language_name(&self, tag: &str) -> Option<Line> {
        let base = tag.split('-').next().unwrap_or("").to_ascii_lowercase();
        match self.own.languages.get(&base) {
            Some(name) => Some(name.line()),
            None if tag.is_empty() => None,
            None => Some(Line::code(tag)),
        }
    }

    /// How the list is ranked.
    pub(super) fn rule(&self, rule: Rule, weights: Weights) -> Line {
        let rule = match rule {
            Rule::Phragmen => &self.own.rule_phragmen,
            Rule::EqualShares => &self.own.rule_equal_shares,
            // Nobody weighs anything.
            Rule::Votes => return self.own.rule_votes.line(),
        };
        let weights = match weights {
            Weights::Sqrt => &self.own.weights_sqrt,
            Weights::Person => &self.own.weights_person,
            Weights::Group => &self.own.weights_group,
        };
        Line::joined([rule.line(), weights.line()], self.language.gap())
    }

    /// Before a value: what it is.
    pub(super) fn label(&self, label: &Phrase) -> Line {
        self.own.label.with(&[("label", label.line())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> =
            text.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn every_language_has_every_word_and_every_place_for_a_value() {
        let read = |language| serde_json::from_str::<BTreeMap<String, Value>>(files(language).0).unwrap();
        let english = read(Language::En);
        for language in Language::ALL {
            let words = Words::of(language);
            assert_eq!(words.language, language);
            let table = read(language);
            assert_eq!(table.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{language:?}");
            for (key, value) in table.iter().filter(|(key, _)| *key != "languages") {
                let (text, original) = (value.as_str().unwrap(), english[key].as_str().unwrap());
                assert!(!text.trim().is_empty(), "{language:?} {key}");
                assert_eq!(places(text), places(original), "{language:?} {key}");
            }
            assert_eq!(words.own.languages.len(), Language::ALL.len());
            assert!(Language::ALL.iter().all(|other| words.own.languages.contains_key(other.tag())));
        }
    }

    #[test]
    fn every_form_that_a_number_can_ask_for_is_there() {
        for language in Language::ALL {
            let words = Words::of(language);
            for n in [0, 1, 2, 3, 5, 11, 21, 100, 1_000_000] {
                for plural in [&words.shared.people, &words.shared.groups] {
                    assert!(plural.0.contains_key(&language.form(n)), "{language:?} {n}");
                }
            }
        }
        assert_eq!(Words::of(Language::Ru).people(Figure::Number(22)).plain(), "22 человека");
    }

    #[test]
    fn values_come_to_their_places() {
        let template = Phrase("a {x}, {y} and {x}{gone} b".to_owned());
        let line = template.with(&[("x", Line::said("1")), ("y", Line::written("{x}", ""))]);
        assert_eq!(line.plain(), "a 1, {x} and 1 b");
    }
}
