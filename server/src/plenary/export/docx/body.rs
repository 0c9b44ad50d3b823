//! Blocks become paragraphs of the document, with their styles, numbers and directions.

use std::fmt::Write as _;

use super::super::Export;
use super::super::language::Language;
use super::super::line::Line;
use super::super::page::{Block, PageEntry};
use super::runs::{LetterStyle, base, escaped, of_language, runs};
use crate::plenary::export::sanitize::{Direction, one_line};
use proto::plenary::Status;

const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// Numbered lists: discussion points, bullets, and recommendations; see `numbering.xml`.
const POINTS: usize = 1;
const BULLETS: usize = 2;
const RECOMMENDATIONS: usize = 3;

/// Room for a number before its place, in twentieths of a point.
const NUMBER_ROOM: u32 = 400;

/// How far the text of a numbered list is indented; bullets need nothing of their own.
const fn indent(list: usize) -> Option<u32> {
    match list {
        POINTS => Some(425),
        BULLETS => None,
        _ => Some(567),
    }
}

/// The parts of the package that depend on the list.
pub(super) struct Document {
    pub body: String,
    pub numbering: String,
    pub footer: String,
}

pub(super) fn document(export: &Export, blocks: &[Block]) -> Document {
    let mut writer = Writer { out: String::new(), language: export.language, starts: Vec::new(), last: None };
    for block in blocks {
        writer.block(block);
    }
    let bidi = bidi(of_language(export.language));
    let section = format!(
        r#"<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1304" w:bottom="1304" w:left="1304" w:header="624" w:footer="624" w:gutter="0"/>{bidi}</w:sectPr>"#
    );
    let Writer { out, starts, .. } = writer;
    Document {
        body: format!("{DECLARATION}\n<w:document {NAMESPACES}><w:body>{out}{section}</w:body></w:document>"),
        numbering: numbering(&starts),
        footer: footer(export),
    }
}

/// What the file says about itself: its title and its language.
pub(super) fn properties(export: &Export) -> String {
    format!(
        r#"{DECLARATION}
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:language>{}</dc:language></cp:coreProperties>"#,
        escaped(&one_line(&export.title)),
        export.language.tag()
    )
}

const fn bidi(direction: Direction) -> &'static str {
    match direction {
        Direction::LeftToRight => "",
        Direction::RightToLeft => "<w:bidi/>",
    }
}

/// Title and page, in the middle of the lower margin.
fn footer(export: &Export) -> String {
    let language = export.language;
    let own = of_language(language);
    let mut line = Line::written(&export.title, "");
    line.push(Line::said(" · "));
    let title = runs(&line, own, language, LetterStyle::Plain);
    let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    format!(
        r#"{DECLARATION}
<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/>{}</w:pPr>{title}{}<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>{}</w:p></w:ftr>"#,
        bidi(own),
        field("begin"),
        field("end"),
    )
}

/// The lists. Recommendations that do not follow on the one before begin a list at their own number.
fn numbering(starts: &[u32]) -> String {
    let level = |id: usize, format: &str, text: &str, indent: u32, bold: &str| {
        format!(
            r#"<w:abstractNum w:abstractNumId="{id}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:hanging="{indent}"/></w:pPr>{bold}</w:lvl></w:abstractNum>"#
        )
    };
    let mut out = format!("{DECLARATION}\n<w:numbering {NAMESPACES}>");
    out.push_str(&level(POINTS, "decimal", "%1.", 425, ""));
    out.push_str(&level(BULLETS, "bullet", "•", 284, ""));
    out.push_str(&level(RECOMMENDATIONS, "decimal", "%1.", 567, "<w:rPr><w:b/><w:bCs/></w:rPr>"));
    for list in [POINTS, BULLETS] {
        let _ = write!(out, r#"<w:num w:numId="{list}"><w:abstractNumId w:val="{list}"/></w:num>"#);
    }
    for (position, start) in starts.iter().enumerate() {
        let _ = write!(
            out,
            r#"<w:num w:numId="{}"><w:abstractNumId w:val="{RECOMMENDATIONS}"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>"#,
            RECOMMENDATIONS + position
        );
    }
    out.push_str("</w:numbering>");
    out
}

struct Writer {
    out: String,
    language: Language,
    /// The first number of every list of recommendations.
    starts: Vec<u32>,
    /// The last number in the last of them.
    last: Option<u32>,
}

impl Writer {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(line) => self.paragraph("Title", None, line),
            Block::Heading(line) => {
                self.last = None;
                self.paragraph("Heading1", None, line);
            }
            Block::Subheading(line) => self.paragraph("Heading2", None, line),
            Block::Paragraph(line) => self.paragraph("Normal", None, line),
            Block::Point(_, line) => self.paragraph("ListNumber", Some(POINTS), line),
            Block::Bullet(line) => self.paragraph("ListBullet", Some(BULLETS), line),
            Block::PageEntry(entry) => self.entry(entry),
        }
    }

    fn entry(&mut self, entry: &PageEntry) {
        let style = match entry.status {
            Status::Listed => "Heading2",
            Status::Below => "Heading3",
        };
        let list = entry.number.map(|number| self.list_of(number));
        self.paragraph(style, list, &entry.words);
        for (label, value) in &entry.facts {
            let own = of_language(self.language);
            self.begin("ListBullet", Some(BULLETS), own);
            self.out.push_str(&runs(label, own, self.language, LetterStyle::Bold));
            self.out.push_str(&runs(value, own, self.language, LetterStyle::Plain));
            self.out.push_str("</w:p>");
        }
    }

    /// The list in which a recommendation has its number.
    fn list_of(&mut self, number: u32) -> usize {
        if self.last.is_none_or(|last| last.checked_add(1) != Some(number)) {
            self.starts.push(number);
        }
        self.last = Some(number);
        RECOMMENDATIONS + self.starts.len() - 1
    }

    fn paragraph(&mut self, style: &str, list: Option<usize>, line: &Line) {
        let direction = base(line, self.language);
        self.begin(style, list, direction);
        self.out.push_str(&runs(line, direction, self.language, LetterStyle::Plain));
        self.out.push_str("</w:p>");
    }

    fn begin(&mut self, style: &str, list: Option<usize>, direction: Direction) {
        let _ = write!(self.out, r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>"#);
        if let Some(list) = list {
            let _ = write!(self.out, r#"<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{list}"/></w:numPr>"#);
        }
        self.out.push_str(bidi(direction));
        if let (Direction::RightToLeft, Some(indent)) = (direction, list.and_then(indent)) {
            // LibreOffice puts the number of such a paragraph outside of its place: this is room for it.
            let _ = write!(self.out, r#"<w:ind w:left="{}" w:hanging="{indent}"/>"#, indent + NUMBER_ROOM);
        }
        self.out.push_str("</w:pPr>");
    }
}
