//! The Word document: read back as a reader would, and never only as text.

use std::collections::BTreeMap;
use std::io::Read;

use proto::plenary::{Section, Status};
use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::super::language::Language;
use super::*;
use crate::plenary::export::tests::files::{ARABIC, example, item};
use crate::plenary::export::tests::hostile::PAYLOADS;

/// A paragraph as it is read.
#[derive(Default, Debug)]
struct Paragraph {
    style: String,
    list: Option<usize>,
    bidi: bool,
    text: String,
    /// Letters of every run, and whether it is right to left, and its language for that.
    runs: Vec<(String, bool, Option<String>)>,
}

fn parts(bytes: Vec<u8>) -> BTreeMap<String, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let read = |name: String| {
        let mut text = String::new();
        archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

fn paragraphs(document: &str) -> Vec<Paragraph> {
    let mut reader = Reader::from_str(document);
    let mut found: Vec<Paragraph> = Vec::new();
    let mut in_text = false;
    loop {
        let event = reader.read_event().unwrap();
        let value = |element: &quick_xml::events::BytesStart<'_>, name: &str| {
            let attribute = element.attributes().map(Result::unwrap).find(|a| a.key.as_ref() == name);
            attribute.map(|a| a.value.into_owned())
        };
        match &event {
            Event::Eof => return found,
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name();
                match name.as_ref() {
                    "w:p" => found.push(Paragraph::default()),
                    "w:t" => in_text = true,
                    "w:r" => found.last_mut().unwrap().runs.push((String::new(), false, None)),
                    "w:pStyle" => found.last_mut().unwrap().style = value(element, "w:val").unwrap(),
                    "w:numId" => {
                        found.last_mut().unwrap().list =
                            value(element, "w:val").map(|id| id.parse().unwrap());
                    }
                    // The section has one, too, after the last paragraph.
                    "w:bidi" if found.last().unwrap().runs.is_empty() => {
                        found.last_mut().unwrap().bidi = true
                    }
                    "w:rtl" => found.last_mut().unwrap().runs.last_mut().unwrap().1 = true,
                    "w:lang" => {
                        let run = found.last_mut().unwrap().runs.last_mut().unwrap();
                        run.2 = value(element, "w:bidi").or_else(|| value(element, "w:val"));
                    }
                    _ => {}
                }
            }
            Event::End(element) if element.name().as_ref() == "w:t" => in_text = false,
            Event::Text(text) if in_text => put(&mut found, text),
            Event::GeneralRef(reference) if in_text => {
                let name: &str = reference;
                put(&mut found, quick_xml::escape::resolve_predefined_entity(name).unwrap());
            }
            Event::End(_) | Event::Text(_) | Event::GeneralRef(_) | Event::Decl(_) => {}
            Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => panic!("{event:?}"),
        }
    }
}

fn put(found: &mut [Paragraph], text: &str) {
    let paragraph = found.last_mut().unwrap();
    paragraph.text.push_str(text);
    paragraph.runs.last_mut().unwrap().0.push_str(text);
}

fn read(export: &Export) -> Vec<Paragraph> {
    paragraphs(&parts(docx(export).unwrap())["word/document.xml"])
}

#[test]
fn it_is_a_package_that_word_knows_and_the_same_list_makes_the_same_bytes() {
    let export = example();
    let bytes = docx(&export).unwrap();
    assert_eq!(bytes, docx(&export).unwrap());
    let parts = parts(bytes);
    assert_eq!(parts.len(), 9);
    for (name, xml) in &parts {
        let mut reader = Reader::from_str(xml);
        while reader.read_event().unwrap() != Event::Eof {}
        for forbidden in ["creator", "lastModifiedBy", "w:vanish", "dcterms", "w:del ", "w:comment"] {
            assert!(!xml.contains(forbidden), "{forbidden} in {name}");
        }
    }
    assert!(parts["docProps/core.xml"].contains("<dc:language>en</dc:language>"));
}

#[test]
fn headings_have_styles_and_recommendations_their_numbers() {
    let mut export = example();
    export.plenary.items.push(item(7, Section::Recommendations, Status::Listed, "Heard", &[(1, 5)]));
    let found = read(&export);
    let styled = |style: &str| -> Vec<&str> {
        found.iter().filter(|p| p.style == style).map(|p| p.text.trim_matches('\u{200e}')).collect()
    };
    assert_eq!(styled("Title"), ["Technology # and crime"]);
    let headings = styled("Heading1");
    let first = [
        "Recommendations",
        "Annex: the full list",
        "Discussion points",
        "Who took part",
        "What the groups said of their cards",
        "Recommendations",
    ];
    assert_eq!(headings[..6], first, "the statement comes first, the list is its annex");
    assert!(headings.contains(&"Below the line") && headings.contains(&"Audit"));
    let entries = [ARABIC, "Teach it | in *schools*", "Heard"];
    assert_eq!([&styled("Heading2")[..3], &styled("Heading2")[3..6]], [&entries, &entries]);
    assert_eq!(styled("Heading3"), ["Later"]);
    let lists: Vec<Option<usize>> = found.iter().filter(|p| p.style == "Heading2").map(|p| p.list).collect();
    // 1 and 2 are one list; 7 begins another, and so does 1 in the annex; the part below the line has no number.
    assert_eq!(lists, [Some(3), Some(3), Some(4), Some(5), Some(5), Some(6), None]);
    let numbering = &parts(docx(&export).unwrap())["word/numbering.xml"];
    assert!(
        numbering.contains(r#"<w:num w:numId="4">"#) && numbering.contains(r#"<w:startOverride w:val="7"/>"#)
    );
}

#[test]
fn an_arabic_text_is_right_to_left_as_a_paragraph_and_in_its_letters() {
    let found = read(&example());
    let heading = found.iter().find(|p| p.text == ARABIC).unwrap();
    assert!(heading.bidi);
    assert_eq!(heading.runs, [(ARABIC.to_owned(), true, Some("ar".to_owned()))]);
    let source = found.iter().find(|p| p.text.contains(ARABIC) && p.text.contains("Nile")).unwrap();
    assert!(!source.bidi, "the line around it is English");
    let run = source.runs.iter().find(|(text, ..)| text == ARABIC).unwrap();
    assert!(run.1 && run.2.as_deref() == Some("ar"));
    assert!(source.runs.iter().filter(|(text, ..)| text.contains("Nile")).all(|run| !run.1));
}

#[test]
fn an_arabic_document_is_right_to_left_and_its_latin_names_are_not() {
    let mut export = example();
    export.language = Language::Ar;
    let found = read(&export);
    let support = found.iter().find(|p| p.text.starts_with("التأييد")).unwrap();
    assert!(support.bidi);
    let label = &support.runs[0];
    assert!(label.1 && label.2.as_deref() == Some("ar"));
    let name = support.runs.iter().find(|(text, ..)| text == "Nile").unwrap();
    assert!(!name.1);
    assert!(support.text.contains("\u{200f}\u{200e}Nile\u{200e}\u{200f} 7"));
    let english = found.iter().find(|p| p.text.starts_with("Teach it")).unwrap();
    assert!(!english.bidi, "an English wording keeps its direction");
    let parts = parts(docx(&export).unwrap());
    assert!(parts["word/document.xml"].contains("<w:bidi/></w:sectPr>"));
    assert!(parts["word/footer1.xml"].contains("<w:bidi/>"));
}

#[test]
fn hostile_texts_are_letters() {
    for payload in PAYLOADS {
        let mut export = example();
        export.title = payload.to_string();
        export.plenary.items[0].wording = payload.to_string();
        export.plenary.items[0].facts.sources[0].lang = payload.to_string();
        export.plenary.items[0].note = payload.to_string();
        export.groups[0].name = payload.to_string();
        let parts = parts(docx(&export).unwrap());
        assert_eq!(parts.len(), 9);
        let known = ["w:document", "w:body", "w:p", "w:pPr", "w:r", "w:rPr", "w:t", "w:sectPr"];
        for (name, xml) in &parts {
            let mut reader = Reader::from_str(xml);
            loop {
                match reader.read_event().unwrap() {
                    Event::Eof => break,
                    Event::Start(element) if name == "word/document.xml" => {
                        let element = element.name().as_ref().to_owned();
                        let more = ["w:numPr"];
                        assert!(known.contains(&&*element) || more.contains(&&*element), "{element}");
                    }
                    Event::DocType(_) | Event::PI(_) | Event::CData(_) => panic!("{name} of {payload:?}"),
                    Event::Start(_) | Event::End(_) | Event::Empty(_) | Event::Text(_) => {}
                    Event::Comment(_) | Event::Decl(_) | Event::GeneralRef(_) => {}
                }
            }
            let unseen = ['\u{202e}', '\u{2066}', '\u{e0061}', '\u{feff}', '\u{0}', '\u{fffe}'];
            assert!(!xml.contains(unseen), "{name} of {payload:?}");
        }
    }
}
