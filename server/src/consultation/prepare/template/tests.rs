//! Templates: what is read, what is refused and where, and that writing and reading give the same bytes.

use super::*;

fn errors(text: &str) -> Vec<(u32, u32, String, Wrong)> {
    let errors = Template::read(text, &Limits::default()).unwrap_err();
    errors.into_iter().map(|error| (error.line, error.column, error.field, error.wrong)).collect()
}

const LANGUAGES: [&str; 6] = ["ar", "en", "es", "fr", "ru", "zh"];

#[test]
fn the_built_in_templates_are_files_as_the_server_writes_them() {
    for name in ["technology-crime", "blank"] {
        let file = built_in(name).unwrap();
        assert_eq!(Template::read(file, &Limits::default()).unwrap().to_file().unwrap(), file, "{name}");
    }
}

#[test]
fn the_built_in_templates_begin_with_a_closed_door_and_nothing_that_nobody_has_looked_at_is_shown() {
    for name in ["technology-crime", "blank"] {
        let settings = template(name).unwrap().settings;
        assert!(!settings.door_open && settings.moderation && settings.private_first, "{name}");
    }
}

#[test]
fn the_sample_has_what_the_day_needs_in_all_six_languages() {
    let sample = template("technology-crime").unwrap();
    assert_eq!(sample.points.iter().map(|point| point.minutes).collect::<Vec<_>>(), [5; 5]);
    let Programme { objectives, outcomes, speakers, agenda, .. } = &sample.programme;
    assert_eq!((objectives.len(), outcomes.len(), speakers.len()), (3, 3, 2));
    assert_eq!(agenda.iter().map(|entry| entry.minutes).sum::<u32>(), 75);
    let pre_reading = sample.materials.iter().filter(|material| material.reading == Reading::PreReading);
    assert_eq!(pre_reading.count(), 3);
    let file: serde_json::Value = serde_json::from_str(built_in("technology-crime").unwrap()).unwrap();
    let mut texts = 0;
    every_local_text(&file, &mut |languages| {
        texts += 1;
        assert_eq!(languages, LANGUAGES);
    });
    assert!(texts > 30, "{texts} texts");
}

/// Every object whose keys are languages.
fn every_local_text(value: &serde_json::Value, found: &mut impl FnMut(Vec<&str>)) {
    if let Some(map) = value.as_object() {
        if map.contains_key("en") {
            found(map.keys().map(String::as_str).collect());
        }
        map.values().for_each(|value| every_local_text(value, found));
    }
    if let Some(list) = value.as_array() {
        list.iter().for_each(|value| every_local_text(value, found));
    }
}

#[test]
fn the_standard_lists_are_there_in_six_languages() {
    let standard = standard();
    assert_eq!(standard.kinds.len(), 5);
    assert!(standard.hide_reasons.len() >= 3);
    let texts = standard.hide_reasons.iter().map(|reason| &reason.text);
    for text in texts.chain(standard.kinds.iter().map(|kind| &kind.name)) {
        assert_eq!(text.languages().collect::<Vec<_>>(), LANGUAGES);
    }
    let blank = template("blank").unwrap();
    assert_eq!(
        (blank.programme.kinds, blank.programme.hide_reasons),
        (standard.kinds, standard.hide_reasons)
    );
}

#[test]
fn a_name_that_nobody_gave_is_no_template() {
    assert_eq!(template("technology"), None);
}

#[test]
fn every_mistake_is_named_with_its_line_its_column_and_its_field() {
    let file = r#"{
  "version": 1,
  "title": {"en": "", "english": "Title"},
  "titel": "x",
  "languages": ["en", "xx"],
  "agenda": [{"title": "Briefing", "minutes": -20, "phase": "breifing"}],
  "points": [
    {"title": "One?", "minutes": 6},
    {"title": "Two?"},
    "Three?"
  ],
  "groups": ["North", "South", "north"],
  "materials": [
    {"title": "Paper", "reading": "briefing", "link": "javascript:alert(1)"},
    {"title": "Both", "reading": "briefing", "link": "https://example.org/a", "file": {"name": "a.pdf"}}
  ],
  "settings": {"votes": 0, "tallies": "never", "moderation": "yes"},
  "hide_reasons": [{"id": "Off Topic", "text": 5}],
  "safeguarding": 1,
  "title": "again"
}"#;
    let expected: Vec<(u32, u32, &str, Wrong)> = vec![
        (20, 3, "title", Wrong::Twice),
        (3, 19, "title.en", Wrong::Empty),
        (3, 23, "title.english", Wrong::UnknownLanguage),
        (5, 23, "languages[1]", Wrong::UnknownLanguage),
        (6, 47, "agenda[0].minutes", Wrong::NotNumber),
        (6, 61, "agenda[0].phase", Wrong::NotOneOf),
        (14, 55, "materials[0].link", Wrong::NotALink),
        (15, 5, "materials[1]", Wrong::LinkOrFile),
        (9, 5, "points[1].minutes", Wrong::Missing),
        (10, 5, "points[2]", Wrong::NotObject),
        (12, 32, "groups[2]", Wrong::Duplicated),
        (17, 25, "settings.votes", Wrong::TooSmall),
        (17, 39, "settings.tallies", Wrong::NotOneOf),
        (17, 62, "settings.moderation", Wrong::NotBool),
        (18, 27, "hide_reasons[0].id", Wrong::NotAnId),
        (18, 48, "hide_reasons[0].text", Wrong::NotLocalText),
        (19, 19, "safeguarding", Wrong::NotBool),
        (4, 3, "titel", Wrong::UnknownField),
    ];
    let found = errors(file);
    let found: Vec<_> =
        found.iter().map(|(line, column, field, wrong)| (*line, *column, field.as_str(), *wrong)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_file_that_is_no_template_says_so() {
    assert_eq!(
        errors("{\n  \"version\": 1,\n  \"title\": \"A\"\n  \"groups\": 3\n}"),
        [(4, 3, String::new(), Wrong::NotJson)]
    );
    assert_eq!(errors("[]"), [(1, 1, String::new(), Wrong::NotObject)]);
    assert_eq!(
        errors("{}").iter().map(|error| (error.2.as_str(), error.3)).collect::<Vec<_>>(),
        [("version", Wrong::Missing), ("title", Wrong::Missing)]
    );
    assert_eq!(errors(r#"{"version": 2, "title": "A"}"#)[0].3, Wrong::Version);
    let many = format!(r#"{{"version": 1, "title": "A", "points": [{}]}}"#, vec!["1"; 50].join(","));
    assert_eq!(errors(&many).len(), Limits::default().template_errors_max);
    let long = format!(r#"{{"version": 1, "title": "{}"}}"#, "a".repeat(301));
    assert_eq!(errors(&long)[0].3, Wrong::TooLong);
}

#[test]
fn a_small_file_is_completed_and_a_number_of_groups_becomes_names() {
    let read = |groups: &str| {
        let file = format!(r#"{{"version": 1, "title": "Small", "groups": {groups}}}"#);
        let template = Template::read(&file, &Limits::default()).unwrap();
        assert_eq!((template.points.len(), template.settings), (1, Settings::default()));
        assert!(!template.programme.hide_reasons.is_empty());
        template.groups.into_iter().map(|group| group.name).collect::<Vec<_>>()
    };
    assert_eq!(read("3"), ["A", "B", "C"]);
    assert_eq!(read("30").last().unwrap(), "30");
    assert_eq!(read(r#"["Nile"]"#), ["Nile"]);
}

#[test]
fn the_refusal_says_in_words_where_to_look() {
    let errors = Template::read("{\n\"version\": 1,\n\"title\": 5}", &Limits::default()).unwrap_err();
    let problem = refusal(errors);
    assert_eq!((problem.code, problem.errors.len()), (Code::Template, 1));
    assert_eq!(problem.detail, "line 3: title: this must be a text, or texts by language.");
}

#[test]
fn one_field_is_read_as_in_the_file_and_settings_that_are_left_out_stay() {
    let limits = Limits::default();
    let standing = Settings { votes: Some(9), ..Settings::default() };
    let value = serde_json::json!({"tallies": "live"});
    let FieldValue::Settings(settings) = read_field(Field::Settings, &value, &standing, &limits).unwrap()
    else {
        panic!()
    };
    assert_eq!((settings.votes, settings.tallies), (Some(9), proto::api::consultation::Tallies::Live));
    let errors =
        read_field(Field::Agenda, &serde_json::json!([{"title": "A"}]), &standing, &limits).unwrap_err();
    assert_eq!((errors[0].line, errors[0].field.as_str()), (0, "agenda[0].minutes"));
    assert!(read_field(Field::Title, &serde_json::Value::Null, &standing, &limits).is_err());
}

fn wrongs_of(material: &str, title: &str) -> Vec<Wrong> {
    let file = serde_json::json!({
        "version": 1,
        "title": title,
        "points": [{ "title": "One?", "minutes": 6 }],
        "groups": ["North"],
        "materials": [{ "title": "Paper", "reading": "briefing", "link": material }],
    });
    let read = Template::read(&file.to_string(), &Limits::default());
    read.err().unwrap_or_default().into_iter().map(|error| error.wrong).collect()
}

#[test]
fn addresses_with_hidden_or_turning_letters_or_quotes_are_refused() {
    for plain in
        ["https://example.org/a?b=c#d", "https://fr.wikipedia.org/wiki/L'Id%C3%A9e", "http://пример.рф/путь"]
    {
        assert_eq!(wrongs_of(plain, "A title"), [], "{plain}");
    }
    for hidden in [
        "http://\u{202e}evil.example",
        "https://x.example/\"onclick=alert(1)",
        "https://x.example/<b>",
        "https://x.example/\u{200b}a",
        "https://x.example/\u{2066}a",
        "https://x.example/a`b",
        "https://x.example/\u{7}",
    ] {
        assert_eq!(wrongs_of(hidden, "A title"), [Wrong::NotALink], "{hidden}");
    }
}

#[test]
fn marks_that_are_piled_up_on_a_letter_are_refused_and_those_of_scripts_are_not() {
    let link = "https://example.org";
    for plain in ["Việt Nam: tiếng nói", "الشَّبابُ ضِدَّ الجَريمة", "क्षत्रिय", "བརྒྱུད", "e\u{301}\u{323}"]
    {
        assert_eq!(wrongs_of(link, plain), [], "{plain}");
    }
    for piled in [format!("a{}", "\u{301}".repeat(7)), format!("a{}", "\u{301}\u{200d}".repeat(249))] {
        assert_eq!(wrongs_of(link, &piled), [Wrong::PiledMarks]);
    }
}

/// A place for a text: its name, the fields of a file with this text in it, and whether it may have lines.
fn place(name: &str, text: &str) -> serde_json::Value {
    let mut file = serde_json::json!({
        "version": 1,
        "title": "Title",
        "points": [{ "title": "One?", "minutes": 6 }],
        "groups": ["North"],
    });
    let (field, value) = match name {
        "title" => ("title", serde_json::json!(text)),
        "title in a language" => ("title", serde_json::json!({ "en": "Title", "fr": text })),
        "point" => ("points", serde_json::json!([{ "title": text, "minutes": 6 }])),
        "group" => ("groups", serde_json::json!([text])),
        "objective" => ("objectives", serde_json::json!([text])),
        "outcome" => ("outcomes", serde_json::json!([text])),
        "moderator" => ("moderators", serde_json::json!([text])),
        "rapporteur" => ("rapporteurs", serde_json::json!([text])),
        "speaker" => ("speakers", serde_json::json!([{ "name": text }])),
        "about a speaker" => ("speakers", serde_json::json!([{ "name": "Ana", "about": text }])),
        "agenda" => ("agenda", serde_json::json!([{ "title": text, "minutes": 5, "phase": "vote" }])),
        "material" => {
            let link = "https://example.org";
            ("materials", serde_json::json!([{ "title": text, "reading": "briefing", "link": link }]))
        }
        "file" => {
            let file = serde_json::json!({ "name": text });
            ("materials", serde_json::json!([{ "title": "Paper", "reading": "briefing", "file": file }]))
        }
        "kind" => ("kinds", serde_json::json!([{ "kind": "challenge", "name": text }])),
        "reason" => ("hide_reasons", serde_json::json!([{ "id": "other", "text": text }])),
        "helper" => ("help", serde_json::json!([{ "name": text, "reach": "Room 2" }])),
        "reach" => ("help", serde_json::json!([{ "name": "Ana", "reach": text }])),
        other => panic!("{other}"),
    };
    file[field] = value;
    file
}

const OF_LINES: &[&str] = &[
    "point",
    "objective",
    "outcome",
    "moderator",
    "rapporteur",
    "about a speaker",
    "agenda",
    "reason",
    "reach",
];
const OF_ONE_LINE: &[&str] =
    &["title", "title in a language", "group", "speaker", "material", "file", "kind", "helper"];

#[test]
fn b8_every_prepared_text_refuses_letters_that_act_or_hide_and_takes_those_of_real_writing() {
    let wrongs = |name: &str, text: &str| -> Vec<(Wrong, Option<String>)> {
        let read = Template::read(&place(name, text).to_string(), &Limits::default());
        read.err().unwrap_or_default().into_iter().map(|error| (error.wrong, error.word)).collect()
    };
    for name in OF_LINES.iter().chain(OF_ONE_LINE) {
        for real in ["می‌خواهیم", "الشَّبابُ\u{200f} 12", "क्ष्म्य", "👨‍👩‍👧 🏴\u{e0067}\u{e007f}", "សិទ្ធិ\u{200b}មនុស្ស"]
        {
            assert_eq!(wrongs(name, real), [], "{name}: {real}");
        }
        for nothing in ["", " \u{3000}", "\u{200b}\u{200b}", "\u{202e}\u{2069}", "\0", "\u{3164}"] {
            assert_eq!(wrongs(name, nothing), [(Wrong::Empty, None)], "{name}: {nothing:?}");
        }
        for (text, word) in
            [("a\0", "U+0000"), ("\u{202e}a", "U+202E"), ("a\u{2067}", "U+2067"), ("a\u{feff}", "U+FEFF")]
        {
            assert_eq!(wrongs(name, text), [(Wrong::Letters, Some(word.to_owned()))], "{name}: {text:?}");
        }
        let piled = format!("a{}", "\u{301}".repeat(300));
        assert_eq!(wrongs(name, &piled), [(Wrong::PiledMarks, None)], "{name}");
    }
    for name in OF_LINES {
        assert_eq!(wrongs(name, "one\n\ntwo"), [], "{name}");
        assert_eq!(wrongs(name, &format!("one{}two", "\n".repeat(60))), [(Wrong::Breaks, None)], "{name}");
    }
    for name in OF_ONE_LINE {
        assert_eq!(wrongs(name, "one\ntwo"), [(Wrong::Letters, Some("U+000A".to_owned()))], "{name}");
    }
}
