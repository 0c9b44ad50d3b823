//! Files that leave the house: what is in them, and what is not.

use std::collections::BTreeMap;

use proto::ids::{ConsultationId, Epoch, GroupId, IdeaId, PointId};
use proto::plenary::{ItemFacts, PlenaryItem, PlenaryView, Section, Source, Statement, Status, Support};
use uuid::Uuid;

use super::json::json;
use super::markdown::markdown;
use super::*;

const HOSTILE: &str =
    "<script>alert(1)</script>\n# Heading\n\n![x](https://evil.example/p.png) [click](javascript:x)";
const ARABIC: &str = "التوعية الرقمية في المدارس 📱";

fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(100 + n))
}

fn item(n: u128, section: Section, status: Status, text: &str, by_group: &[(u128, u32)]) -> PlenaryItem {
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
        facts: ItemFacts {
            section,
            points: vec![PointId(Uuid::from_u128(1))],
            rank: u32::try_from(n).unwrap(),
            t: Some(0.000_123),
            status,
            paid_by_group: by_group.iter().map(|(&g, &p)| (g, f64::from(p) / f64::from(seats))).collect(),
            support: Some(Support { seats, groups: u32::try_from(by_group.len()).unwrap(), by_group }),
            rank_by_votes: 2,
            anchor: IdeaId(Uuid::from_u128(n)),
            text: text.to_owned(),
            lang: "ar".to_owned(),
            sources: vec![source],
            tags: vec!["heard".to_owned()],
        },
    }
}

fn export() -> Export {
    let mut reworded = item(2, Section::Recommendations, Status::Listed, HOSTILE, &[(1, 3), (2, 1)]);
    reworded.wording = "Teach it | in *schools*".to_owned();
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
            },
            ExportGroup {
                id: group(2),
                name: "<b>Ob".to_owned(),
                participants: 4,
                voters: Some(3),
                ideas: 2,
            },
        ],
        plenary: PlenaryView {
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
        },
        rule: "A coin buys a place.".to_owned(),
        audit: Some(Audit {
            represented: true,
            violations: Vec::new(),
            passed_over: Vec::new(),
            promoted_nothing: vec![group(2).into()],
            assign_ignored: Vec::new(),
            excluded: Vec::new(),
        }),
    }
}

#[test]
fn the_markdown_has_everything_that_is_needed_to_read_the_list() {
    let text = markdown(&export());
    for part in [
        "2027-03-15",
        "1. What is hard?\n2. Who helps? — nothing on the list",
        "- Nile: 12 people, 11 voted, 23 ideas",
        "## Recommendations\n\n### 1\n\n",
        "- Support: 13 people (Nile 7, &lt;b&gt;Ob 6)",
        "- Paid for its place: Nile 54 %, &lt;b&gt;Ob 46 %",
        "### 2\n\n**Teach it \\| in \\*schools\\***",
        "## Below the line",
        "- Support: no votes",
        "A coin buys a place.",
        "no group of people is under-represented",
        "&lt;b&gt;Ob promoted nothing",
        "Run 3, SHA-256 of its input: `abab",
    ] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

#[test]
fn a_figure_that_rests_on_fewer_than_five_people_reads_some() {
    let text = markdown(&export());
    assert!(text.contains("- Support: some people (Nile some, &lt;b&gt;Ob some)"), "{text}");
    assert!(text.contains("- Paid for its place: Nile some, &lt;b&gt;Ob some"));
    assert!(text.contains("&lt;b&gt;Ob: some people, some voted, 2 ideas"));
    let value: serde_json::Value = serde_json::from_str(&json(&export()).unwrap()).unwrap();
    let listed = &value["sections"][0]["listed"];
    assert_eq!(listed[0]["support"]["seats"], 13);
    assert_eq!(listed[1]["support"]["seats"], "some");
    assert_eq!(listed[1]["support"]["by_group"][group(1).to_string()], "some");
    assert_eq!(listed[1]["sources"][0]["votes"], "some");
    assert_eq!(listed[1]["paid_percent_by_group"][group(1).to_string()], "some");
    assert_eq!(value["groups"][1]["participants"], "some");
}

#[test]
fn a_hostile_text_is_letters_on_its_own_line() {
    let text = markdown(&export());
    for forbidden in ["<script", "![", "](", "\n# Heading", "\n# Loud", "\n# and", "https://", "<b>"] {
        assert!(!text.contains(forbidden), "{forbidden:?} in:\n{text}");
    }
    let headings = text.lines().filter(|line| line.starts_with("# ")).count();
    assert_eq!(headings, 1);
    assert!(text.contains(r"“&lt;script&gt;alert(1)&lt;/script&gt; \# Heading"));
}

#[test]
fn an_arabic_text_stays_whole_and_does_not_turn_its_line() {
    let text = markdown(&export());
    assert!(text.contains(&format!("**\u{2068}{ARABIC}\u{2069}**")));
    let value: serde_json::Value = serde_json::from_str(&json(&export()).unwrap()).unwrap();
    assert_eq!(value["sections"][0]["listed"][0]["wording"], ARABIC);
    assert_eq!(value["sections"][0]["listed"][1]["number"], 2);
    assert_eq!(value["run"]["number"], 3);
}

#[test]
fn while_the_vote_is_hidden_an_export_has_no_figure() {
    let mut export = export();
    export.audit = None;
    for item in &mut export.plenary.items {
        item.facts.support = None;
        item.facts.paid_by_group.clear();
        item.facts.rank_by_votes = 0;
        item.facts.sources.iter_mut().for_each(|source| source.votes = None);
    }
    let text = markdown(&export);
    assert!(!text.contains("Support:") && !text.contains("Paid") && !text.contains("plain count"), "{text}");
    let value: serde_json::Value = serde_json::from_str(&json(&export).unwrap()).unwrap();
    assert!(value["sections"][0]["listed"][0]["support"].is_null());
}
