//! The page as Markdown.

use proto::plenary::Status;

use super::Export;
use super::escape::escape;
use super::language::Language;
use super::line::{Line, Piece};
use super::page::{Block, PageEntry, page};
use crate::plenary::export::sanitize::{Direction, has};

/// The whole document.
#[must_use]
pub fn markdown(export: &Export) -> String {
    let mut writer = Writer { out: String::new(), language: export.language, in_list: false };
    for block in page(export) {
        writer.block(&block);
    }
    writer.end_list();
    writer.out
}

struct Writer {
    out: String,
    language: Language,
    in_list: bool,
}

impl Writer {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(line) => self.paragraph(&format!("# {}", self.line(line))),
            Block::Heading(line) => self.paragraph(&format!("## {}", self.line(line))),
            Block::Subheading(line) => self.paragraph(&format!("### {}", self.line(line))),
            Block::Paragraph(line) => self.paragraph(&self.line(line)),
            Block::Point(number, line) => self.listed(&format!("{number}. {}", self.line(line))),
            Block::Bullet(line) => self.listed(&format!("- {}", self.line(line))),
            Block::PageEntry(entry) => self.entry(entry),
        }
    }

    fn entry(&mut self, entry: &PageEntry) {
        if let Some(number) = entry.number {
            self.paragraph(&format!("### {number}"));
        } else if entry.status == Status::Listed && !self.follows_heading() {
            self.paragraph("---");
        }
        self.paragraph(&format!("**{}**", self.line(&entry.words)));
        for (label, value) in &entry.facts {
            self.listed(&format!("- {}{}", self.line(label), self.line(value)));
        }
        self.end_list();
    }

    fn follows_heading(&self) -> bool {
        self.out.trim_end().lines().next_back().is_some_and(|line| line.starts_with('#'))
    }

    fn paragraph(&mut self, text: &str) {
        self.end_list();
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn listed(&mut self, text: &str) {
        self.in_list = true;
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn end_list(&mut self) {
        if self.in_list {
            self.out.push('\n');
            self.in_list = false;
        }
    }

    /// A line; what goes the other way is isolated, so that it does not turn the line around it.
    fn line(&self, line: &Line) -> String {
        let right_to_left = self.language.is_right_to_left();
        line.0
            .iter()
            .map(|piece| match piece {
                Piece::Said(text) => text.clone(),
                Piece::Code(text) if right_to_left => isolated(&escape(text)),
                Piece::Code(text) => escape(text),
                Piece::Written { text, .. } if right_to_left || has(text, Direction::RightToLeft) => {
                    isolated(&escape(text))
                }
                Piece::Written { text, .. } => escape(text),
            })
            .collect()
    }
}

fn isolated(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}
