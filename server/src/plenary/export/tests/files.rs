//! Files that leave the house: what is in them, and what is not.

use super::hostile;
use std::collections::BTreeMap;

use proto::api::translations::Translation;
use proto::api::versions::Erased;
use proto::ids::{ConsultationId, Epoch, GroupId, IdeaId, PointId, WordsHash};
use proto::plenary::{
    Because, ItemFacts, PlenaryItem, PlenaryView, Responses, Section, Source, Statement, Status, Support,
};
use proto::text::letters::{MARKS_MAX, shown};
use uuid::Uuid;

use crate::merge::output::{SectionCoverage, Violation};
use crate::plenary::export::json::json;
use crate::plenary::export::markdown::markdown;
use crate::plenary::export::*;

const HOSTILE: &str =
    "<script>alert(1)</script>\n# Heading\n\n![x](https://evil.example/p.png) [click](javascript:x)";
pub(in crate::plenary::export) const ARABIC: &str = "التوعية الرقمية في المدارس 📱";

fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(100 + n))
}

/// Who has something on the list: voters, those covered, and those whom a greedy list would cover.
fn covered(section: Section, (voters, covered, greedy): (usize, usize, usize)) -> SectionCoverage {
    SectionCoverage { section, voters, covered, greedy, enough: covered * 10 >= greedy * 9 }
}

pub(in crate::plenary::export) fn item(
    n: u128,
    section: Section,
    status: Status,
    text: &str,
    by_group: &[(u128, u32)],
) -> PlenaryItem {
    let by_group: BTreeMap<GroupId, u32> = by_group.iter().map(|&(g, people)| (group(g), people)).collect();
    let seats: u32 = by_group.values().sum();
    let source = Source {
        idea: IdeaId(Uuid::from_u128(n)),
        group: group(1),
        text: text.to_owned(),
        lang: "ar".to_owned(),
        votes: Some(seats),
        via: "anchor".to_owned(),
    };
    PlenaryItem {
        id: IdeaId(Uuid::from_u128(n)),
        wording: String::new(),
        note: String::new(),
        voted: None,
        responses: Responses::default(),
        facts: ItemFacts {
            section,
            points: vec![PointId(Uuid::from_u128(1))],
            rank: u32::try_from(n).unwrap(),
            t: Some(0.000_123),
            status,
            paid_by_group: by_group.iter().map(|(&g, &p)| (g, f64::from(p) / f64::from(seats))).collect(),
            support: Some(Support { seats, groups: u32::try_from(by_group.len()).unwrap(), by_group }),
            rank_by_votes: 2,
            number: u32::try_from(n).unwrap(),
            because: Because { alone: Some(seats * 8 / 13), margin: Some(2), ..Because::default() },
            anchor: IdeaId(Uuid::from_u128(n)),
            text: text.to_owned(),
            lang: "ar".to_owned(),
            translations: BTreeMap::new(),
            sources: vec![source],
            more: 0,
            tags: vec!["heard".to_owned()],
        },
    }
}

fn list() -> PlenaryView {
    let mut reworded = item(2, Section::Recommendations, Status::Listed, HOSTILE, &[(1, 3), (2, 1)]);
    reworded.wording = "Teach it | in *schools*".to_owned();
    PlenaryView {
        version: None,
        version_at: None,
        version_sha256: None,
        draft: false,
        frozen: false,
        audit: None,
        consultation: ConsultationId(Uuid::from_u128(9)),
        epoch: Epoch(Uuid::from_u128(9)),
        run: 3,
        sha256: Some("ab".repeat(32)),
        statement: Statement { opening: "We met.\n\n# Loud".to_owned(), ..Statement::default() },
        items: vec![
            item(1, Section::Recommendations, Status::Listed, ARABIC, &[(1, 7), (2, 6)]),
            reworded,
            item(3, Section::Recommendations, Status::Below, "Later", &[]),
        ],
    }
}

pub(in crate::plenary::export) fn example() -> Export {
    Export {
        title: "Technology\n# and crime".to_owned(),
        date: "2027-03-15".to_owned(),
        points: vec![
            ExportPoint { id: PointId(Uuid::from_u128(1)), title: "What is hard?".to_owned() },
            ExportPoint { id: PointId(Uuid::from_u128(2)), title: "Who helps?".to_owned() },
        ],
        groups: vec![
            ExportGroup {
                id: group(1),
                name: "Nile".to_owned(),
                participants: 12,
                voters: Some(11),
                ideas: 23,
                wrote: 10,
                agreed: 8,
                notes: vec!["Not <all> of us".to_owned()],
                late: 1,
                late_ideas: vec![(ARABIC.to_owned(), "ar".to_owned())],
            },
            ExportGroup {
                id: group(2),
                name: "<b>Ob".to_owned(),
                participants: 4,
                voters: Some(3),
                ideas: 2,
                wrote: 2,
                agreed: 1,
                notes: vec![],
                late: 3,
                late_ideas: vec![],
            },
        ],
        plenary: list(),
        edition: Edition::Draft(1),
        language: Language::En,
        working_language: Some("ar".to_owned()),
        across_groups: AcrossGroups::NotYet,
        ledger: Vec::new(),
        adoption: None,
        rule: Rule::Phragmen,
        weights: Weights::Sqrt,
        audit: Some(Audit {
            represented: true,
            violations: Vec::new(),
            coverage: vec![covered(Section::Recommendations, (20, 14, 14))],
            close: vec![IdeaId(Uuid::from_u128(1)).into()],
            close_tried: true,
            groups_without: vec![group(2).into()],
            passed_over: Vec::new(),
            promoted_nothing: vec![group(2).into()],
            assign_ignored: Vec::new(),
            excluded: Vec::new(),
        }),
    }
}

#[test]
fn the_markdown_has_everything_that_is_needed_to_read_the_list() {
    let text = markdown(&example());
    for part in [
        "2027-03-15",
        "1. What is hard?\n2. Who helps? — nothing on the list",
        "- Nile: 12 people; voted: 11; ideas: 23",
        "## Recommendations\n\n### 1\n\n",
        "- Support: 13 people (Nile 7, &lt;b&gt;Ob 6)",
        "- Why here: Approved by 13 people in 2 groups. It has a place because 8 people approve nothing else on the \
         list. It would lose its place if 2 people fewer approved it.",
        "(Nile, Arabic, 13 people)",
        "- Marked: So that every group is heard",
        "### 2\n\n**Teach it \\| in \\*schools\\***",
        "## Below the line",
        "- Support: No votes",
        "shared out so that no majority takes them all",
        "nobody is owed a place",
        "Recommendations: 14 of 20 people who voted on it approve something on the list.",
        "&lt;b&gt;Ob has no entry on the list.",
        "&lt;b&gt;Ob promoted nothing",
        "Run 3, SHA-256 of its input: abab",
        "only the staff have",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

fn version(erased: Vec<Erased>, withheld: u32) -> Edition {
    Edition::Version {
        number: 4,
        date: "2027-03-16".to_owned(),
        sha256: "0123456789abcdef".repeat(4),
        erased,
        withheld,
    }
}

#[test]
fn c37_every_file_says_in_its_first_lines_which_version_it_is() {
    let mut export = example();
    assert!(
        markdown(&export).contains("Draft of version 1"),
        "before the first version everything is its draft"
    );
    export.edition = version(Vec::new(), 0);
    for (language, words) in [
        (Language::Ar, "النسخة 4"),
        (Language::En, "Version 4 · 2027-03-16 · 01234567\n"),
        (Language::Es, "Versión 4 · 2027-03-16 · 01234567\n"),
        (Language::Fr, "Version 4 · 2027-03-16 · 01234567\n"),
        (Language::Ru, "Версия 4 · 2027-03-16 · 01234567\n"),
        (Language::Zh, "第 4 版 · 2027-03-16 · 01234567\n"),
    ] {
        let text = markdown(&Export { language, ..export.clone() });
        assert!(text.contains(words), "{words} in:\n{text}");
    }
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    assert_eq!((&value["version"]["number"], &value["draft_of"]), (&4.into(), &serde_json::Value::Null));
    assert_eq!(export.edition.name(), "v4");
    export.edition = Edition::Draft(5);
    assert!(markdown(&export).contains("Draft of version 5"));
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    assert_eq!((&value["version"], &value["draft_of"]), (&serde_json::Value::Null, &5.into()));
}

#[test]
fn c37_a_version_says_what_was_erased_and_what_is_left_out_and_an_entry_what_people_voted_on() {
    let erased = Erased { day: "2027-03-20".to_owned(), texts: 3, sha256: "fedc".repeat(16) };
    let mut export = Export { edition: version(vec![erased], 2), ..example() };
    export.plenary.items[1].voted = Some("Teach it".to_owned());
    let text = markdown(&export);
    for words in [
        "Erased since this version was made, on 2027-03-20: words of 3 texts. The hash before was fedcfedc.",
        "Left out for now, because staff hide them: 2 texts.",
        "Reworded after the vote; people voted on: Teach it",
    ] {
        assert!(text.contains(words), "{words} in:\n{text}");
    }
    export.plenary.items[1].voted = Some(export.plenary.items[1].wording.clone());
    assert!(!markdown(&export).contains("Reworded after the vote"), "it says what people voted on");
}

#[test]
fn c36_an_entry_is_in_the_language_of_the_file_with_its_original_and_what_the_translation_is() {
    let mut export = example();
    let translations = &mut export.plenary.items[0].facts.translations;
    let of = |words: &str, machine| {
        let (text, of) = ("Des *cours* à l’école".to_owned(), Some(WordsHash::of(words)));
        Translation { text, of, machine, n: 0 }
    };
    translations.insert("fr-CA".to_owned(), of(ARABIC, false));
    translations.insert("ru".to_owned(), of("other words", true));
    translations.insert("es".to_owned(), Translation::default());
    let read = |language| markdown(&Export { language, ..export.clone() });
    let french = read(Language::Fr);
    assert!(french.contains(r"Des \*cours\* à l’école"), "{french}");
    assert!(french.contains("Traduction\n") && french.contains(ARABIC), "{french}");
    assert!(french.contains("Seul le texte en arabe fait foi"), "{french}");
    let russian = read(Language::Ru);
    assert!(russian.contains("Машинный перевод прежней формулировки"), "{russian}");
    for language in [Language::Ar, Language::En, Language::Es] {
        let text = read(language);
        assert!(!text.contains("école") && text.contains(ARABIC), "{language:?}: {text}");
        assert!(!text.contains(['{', '}']), "{text}");
    }
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    let entry = &value["sections"][0]["listed"][0];
    assert_eq!((&value["working_language"], &entry["lang"]), (&"ar".into(), &"ar".into()));
    assert_eq!(entry["translations"]["ru"]["earlier_wording"], true);
    assert_eq!(entry["translations"]["fr-CA"]["earlier_wording"], false);
    let table = String::from_utf8(csv::csv(&Export { language: Language::Ru, ..export }).unwrap()).unwrap();
    assert!(table.contains("Машинный перевод прежней формулировки"), "{table}");
}

#[test]
fn c38_the_statement_ends_with_the_adoption_and_tells_no_sum_beside_a_group_that_is_not_told() {
    let mut export = example();
    let objection = Responses { object: 6, ..Responses::default() };
    let objections = vec![(IdeaId(Uuid::from_u128(1)), objection)];
    export.adoption = Some(ExportAdoption { adopted: People::Number(88), voters: 96, objections });
    let text = markdown(&export);
    let (statement, _) = text.split_once("## Annex: the full list").unwrap();
    assert!(statement.contains("Adopted by 88 of 96."), "{statement}");
    assert!(statement.contains("Objection to number 1 (Recommendations), 6 people:"), "{statement}");
    assert!(!statement.contains("took part"), "twelve, and some: sixteen would tell four");
    export.groups[1].participants = 5;
    assert!(markdown(&export).contains("17 people took part; groups: 2."));
    export.adoption = Some(ExportAdoption { adopted: People::of(3), voters: 9, objections: Vec::new() });
    assert!(markdown(&export).contains("Adopted by some of 9.\n\nNobody objected."));
}

#[test]
fn an_audit_that_finds_somebody_names_who_and_says_that_it_is_no_error() {
    let mut export = example();
    let audit = export.audit.as_mut().unwrap();
    audit.represented = false;
    audit.violations = vec![Violation {
        item: IdeaId(Uuid::from_u128(3)).into(),
        section: Section::Recommendations,
        places: 2,
        seats: 11,
        by_group: BTreeMap::from([(group(1).into(), 9), (group(2).into(), 2)]),
    }];
    for language in Language::ALL {
        let text = markdown(&Export { language, ..export.clone() });
        let words = words::Words::of(language);
        for sentence in [&words.shared.found, &words.shared.represented] {
            let said = text.contains(sentence.text());
            assert_eq!(said, std::ptr::eq(sentence, &words.shared.found), "{language:?}:\n{text}");
        }
        assert!(!text.contains(['{', '}']), "{text}");
    }
    let text = markdown(&export);
    let sentence = "Owed more: 11 people who approve “Later” (Nile some, &lt;b&gt;Ob some). \
                    Places under “Recommendations” that their number is worth: 2; none of them has that many.";
    assert!(text.contains(sentence), "{text}");
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    assert_eq!(value["audit"]["violations"][0]["by_group"][group(1).to_string()], "some");
}

#[test]
fn a_figure_that_rests_on_fewer_than_five_people_reads_some() {
    let text = markdown(&example());
    assert!(text.contains("- Support: some people (Nile some, &lt;b&gt;Ob some)"), "{text}");
    assert!(text.contains("- Why here: Approved by some people. It has a place because some people approve"));
    assert!(text.contains("&lt;b&gt;Ob: some people; voted: some; ideas: 2"));
    let value: serde_json::Value = serde_json::from_str(&json(&example()).unwrap()).unwrap();
    let listed = &value["sections"][0]["listed"];
    assert_eq!(listed[0]["support"]["seats"], 13);
    assert_eq!(listed[1]["support"]["seats"], "some");
    assert_eq!(listed[1]["support"]["by_group"][group(1).to_string()], "some");
    assert_eq!(listed[1]["sources"][0]["votes"], "some");
    assert_eq!(listed[1]["paid_percent_by_group"][group(1).to_string()], "some");
    assert_eq!(value["groups"][1]["participants"], "some");
}

#[test]
fn the_reader_has_the_list_in_their_own_language_and_nothing_stays_in_english() {
    let english = markdown(&example());
    let fixed = [
        "Discussion points",
        "Who took part",
        "Support",
        "Why here",
        "Approved by",
        "Marked",
        "Audit",
        "Run 3",
    ];
    assert!(fixed.iter().all(|words| english.contains(words)));
    for language in Language::ALL.into_iter().filter(|language| *language != Language::En) {
        let mut export = example();
        export.language = language;
        let text = markdown(&export);
        for words in fixed.iter().filter(|words| !(language == Language::Fr && **words == "Audit")) {
            assert!(!text.contains(words), "{words} in {language:?}:\n{text}");
        }
        assert!(!text.contains(['{', '}']), "{text}");
        let blocks = english.lines().filter(|line| line.starts_with(['#', '-'])).count();
        assert_eq!(text.lines().filter(|line| line.starts_with(['#', '-'])).count(), blocks, "{language:?}");
    }
}

#[test]
fn why_here_names_what_people_decided_and_what_the_rule_did() {
    let mut item = item(4, Section::Recommendations, Status::Below, "x", &[(1, 6)]);
    item.facts.because = Because { served: Some(6), served_by: vec![1, 2], ..Because::default() };
    let mut say = |language: Language, tags: &[&str]| {
        item.facts.tags = tags.iter().map(|&tag| tag.to_owned()).collect();
        let export = Export { language, ..example() };
        page::Sayer::of(&export).why(&item).unwrap().plain()
    };
    assert_eq!(
        say(Language::En, &["pinned", "shared-concern"]),
        "People put it first. Approved by 6 people in 1 group. It is below the line: of those who \
         approve it, 6 people already have an entry on the list (numbers: 1, 2). It is below the line, but many groups share it."
    );
    assert!(say(Language::Zh, &[]).contains("编号：1"));
    assert!(say(Language::Ru, &["best-by-tally"]).contains("6 человек, 1 группа."));
    assert!(say(Language::Ar, &["heard"]).contains("كي يُسمع صوت كل مجموعة"));
    item.facts.support = Some(Support::default());
    item.facts.because = Because::default();
    item.facts.paid_by_group.clear();
    let export = example();
    let why = page::Sayer::of(&export).why(&item).unwrap().plain();
    assert!(why.starts_with("Nobody approves it") && !why.contains("number"), "{why}");
    item.facts.support = None;
    assert_eq!(page::Sayer::of(&export).why(&item), None);
}

#[test]
fn a_real_export_follows_its_schema() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../../../docs/schema/export.json")).unwrap();
    assert_eq!(schema["$id"], json::SCHEMA);
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let mut hidden = example();
    hide(&mut hidden);
    let mut first = example();
    first.plenary = PlenaryView { run: 0, sha256: None, items: Vec::new(), ..first.plenary };
    first.groups[0].voters = None;
    let mut frozen = example();
    frozen.edition =
        version(vec![Erased { day: "2027-03-20".to_owned(), texts: 3, sha256: "fedc".repeat(16) }], 1);
    frozen.plenary.items[1].voted = Some("Teach it".to_owned());
    let objections = vec![(IdeaId(Uuid::from_u128(1)), Responses { object: 6, ..Responses::default() })];
    frozen.adoption = Some(ExportAdoption { adopted: People::Number(88), voters: 96, objections });
    let all = [example(), hidden, first, frozen, Export { language: Language::Ar, ..example() }];
    for export in all {
        let value = serde_json::from_str(&json(&export).unwrap()).unwrap();
        let wrong: Vec<String> =
            schema.iter_errors(&value).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    let mut value: serde_json::Value = serde_json::from_str(&json(&example()).unwrap()).unwrap();
    value["sections"][0]["listed"][0]["support"]["seats"] = 3.into();
    assert!(!schema.is_valid(&value), "three people are not told");
}

#[test]
fn every_hostile_text_is_inert_in_markdown_and_harmless_in_json() {
    for payload in hostile::PAYLOADS {
        let mut export = example();
        export.title = (*payload).to_owned();
        export.groups[0].name = (*payload).to_owned();
        export.plenary.statement.opening = (*payload).to_owned();
        export.plenary.items[0].wording = (*payload).to_owned();
        export.plenary.items[0].note = (*payload).to_owned();
        export.plenary.items[0].facts.sources[0].lang = (*payload).to_owned();
        let text = markdown(&export);
        for forbidden in
            ["<script", "<img", "<svg", "<?", "<!", "![", "](", "\n```", "\n> ", "\n| ", "https://"]
        {
            assert!(!text.contains(forbidden), "{forbidden:?} of {payload:?}:\n{text}");
        }
        assert_eq!(text.lines().filter(|line| line.starts_with("# ")).count(), 1, "{payload:?}:\n{text}");
        assert!(!text.contains(unseen), "{payload:?}");
        let file = json(&export).unwrap();
        assert!(!file.contains(unseen), "{payload:?}");
        let value: serde_json::Value = serde_json::from_str(&file).unwrap();
        assert_eq!(value["title"], shown(payload), "what can be read stays, with its lines");
    }
}

#[test]
fn b8_every_file_has_the_same_letters_of_a_text_with_249_marks_or_hidden_ones() {
    for piled in ["\u{301}".repeat(249), "\u{301}\u{200d}".repeat(249)] {
        let mut export = example();
        let text = format!("Pile a{piled}z\u{202e}\u{2066}\u{200b}\u{e0061}\u{0} end\nline");
        export.plenary.items[0].wording = text.clone();
        export.plenary.items[0].facts.sources[0].text = text.clone();
        export.plenary.statement.opening = text.clone();
        export.groups[0].name = text.clone();
        export.groups[0].notes = vec![text];
        let table = String::from_utf8(csv::csv(&export).unwrap()).unwrap();
        for file in [markdown(&export), table, json(&export).unwrap()] {
            let most = file.split('P').map(|part| part.matches('\u{301}').count()).max();
            assert_eq!(most, Some(MARKS_MAX), "{file}");
            // A table begins with a mark of its own, and its lines end as the standard says.
            let file = file.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            assert!(!file.contains(unseen), "{file}");
        }
        let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
        let wording = value["sections"][0]["listed"][0]["wording"].as_str().unwrap();
        assert!(wording.ends_with("z  end\nline"), "a line stays a line: {wording:?}");
    }
}

/// Letters that turn a line around or that nobody sees.
fn unseen(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}' | '\u{2067}' | '\u{feff}' | '\u{e0001}'..='\u{e01ef}')
        || (letter.is_control() && letter != '\n')
}

#[test]
fn real_texts_stay_whole_in_every_format() {
    for text in hostile::REAL {
        let mut export = example();
        export.plenary.items[0].wording = (*text).to_owned();
        let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
        assert_eq!(value["sections"][0]["listed"][0]["wording"], **text);
        assert!(markdown(&export).contains(*text), "{text}");
        assert!(String::from_utf8(csv::csv(&export).unwrap()).unwrap().contains(*text));
    }
}

#[test]
fn a_very_long_word_and_very_many_entries_are_written() {
    let mut export = example();
    export.plenary.items[0].wording = "x".repeat(10_000);
    let many = (10..2010).map(|n| item(n, Section::Ideas, Status::Below, "Many", &[(1, 9)]));
    export.plenary.items.extend(many);
    assert!(markdown(&export).contains(&"x".repeat(10_000)));
    assert!(docx::docx(&export).unwrap().len() < 1_000_000);
    assert!(csv::csv(&export).unwrap().len() > 10_000);
}

#[test]
fn a_hostile_text_is_letters_on_its_own_line() {
    let text = markdown(&example());
    for forbidden in ["<script", "![", "](", "\n# Heading", "\n# Loud", "\n# and", "https://", "<b>"] {
        assert!(!text.contains(forbidden), "{forbidden:?} in:\n{text}");
    }
    let headings = text.lines().filter(|line| line.starts_with("# ")).count();
    assert_eq!(headings, 1);
    assert!(text.contains(r"“&lt;script&gt;alert(1)&lt;/script&gt; \# Heading"));
}

#[test]
fn an_arabic_text_stays_whole_and_does_not_turn_its_line() {
    let text = markdown(&example());
    assert!(text.contains(&format!("**\u{2068}{ARABIC}\u{2069}**")));
    let value: serde_json::Value = serde_json::from_str(&json(&example()).unwrap()).unwrap();
    assert_eq!(value["sections"][0]["listed"][0]["wording"], ARABIC);
    assert_eq!(value["sections"][0]["listed"][1]["number"], 2);
    assert_eq!(value["run"]["number"], 3);
}

/// As it is while the vote is hidden.
fn hide(export: &mut Export) {
    export.audit = None;
    for item in &mut export.plenary.items {
        item.facts.support = None;
        item.facts.paid_by_group.clear();
        item.facts.rank_by_votes = 0;
        item.facts.because = Because::default();
        item.facts.sources.iter_mut().for_each(|source| source.votes = None);
    }
}

#[test]
fn while_the_vote_is_hidden_an_export_has_no_figure() {
    let mut export = example();
    hide(&mut export);
    let text = markdown(&export);
    for words in ["Support:", "nothing else on the list", "Why here", "Approved"] {
        assert!(!text.contains(words), "{words} in {text}");
    }
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    assert!(value["sections"][0]["listed"][0]["support"].is_null());
    assert!(value["sections"][0]["listed"][0]["why"].is_null());
    assert!(!String::from_utf8(csv::csv(&export).unwrap()).unwrap().contains("Approved"));
}

#[test]
fn what_staff_keep_off_the_list_is_in_no_file_and_an_orphan_says_what_it_is() {
    let mut export = example();
    export.plenary.items[1].facts.tags = vec!["excluded".to_owned()];
    export.plenary.items[2].facts.tags = vec!["orphan".to_owned()];
    let table = String::from_utf8(csv::csv(&export).unwrap()).unwrap();
    for text in [markdown(&export), json(&export).unwrap(), table] {
        assert!(!text.contains("Teach it") && text.contains("Later"), "{text}");
    }
    assert!(markdown(&export).contains("- Marked: its ideas are elsewhere by now, or gone"));
}

#[test]
fn c34_files_say_whether_people_voted_across_groups_and_how_many() {
    let entry = example().plenary.items[0].id;
    let voted = AcrossGroups::Voted {
        voters: 96,
        voted: 88,
        entries: vec![(entry, People::of(61)), (IdeaId(Uuid::from_u128(77)), People::of(3))],
    };
    for language in Language::ALL {
        let says = |across_groups: &AcrossGroups| {
            markdown(&Export { language, across_groups: across_groups.clone(), ..example() })
        };
        assert!(says(&voted).contains("88") && says(&voted).contains("96"), "{language:?}");
        assert!(says(&AcrossGroups::Nobody).len() > says(&AcrossGroups::NotYet).len(), "{language:?}");
    }
    let english = |across_groups| markdown(&Export { across_groups, ..example() });
    assert!(english(AcrossGroups::Nobody).contains("nobody voted across groups"));
    assert!(english(voted.clone()).contains("Vote of everybody: 88 of 96 voted"));
    let file: serde_json::Value =
        serde_json::from_str(&json(&Export { across_groups: voted, ..example() }).unwrap()).unwrap();
    let (few, many) = (Uuid::from_u128(77).to_string(), entry.to_string());
    assert_eq!(file["plenary_vote"]["approvals"][&few], "some", "three people are not counted out");
    assert_eq!(file["plenary_vote"]["approvals"][&many], 61);
}
