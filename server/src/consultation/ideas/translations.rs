//! Ideas in other languages: whoever reads both adds one, and in the brainstorm the group goes on editing it.

use std::sync::Arc;

use proto::ids::{IdeaId, SeatId};
use proto::problem::{Code, Problem};

use super::hiding::not_hidden;
use crate::access::Deed;
use crate::consultation::decide::{Context, Decided};
use crate::consultation::event::Event;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::text_rules::checked_text;
use crate::journal::{TextChange, TextKey};

impl Consultation {
    pub(in crate::consultation) fn decide_translate(
        &self,
        seat: SeatId,
        id: IdeaId,
        lang: &str,
        text: &str,
        context: Context<'_>,
    ) -> Result<Decided, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Translate, seat, Some(idea.group))?;
        not_hidden(idea)?;
        if !idea.is_shown() {
            return Err(Problem::because(Code::NotFound, "There is no such idea on a board."));
        }
        let text = checked_text(text, context.limits)?;
        if !is_tag(lang) || lang == idea.lang {
            return Err(Problem::because(Code::Malformed, "\"lang\" is a BCP 47 tag of another language."));
        }
        if idea.tr.contains_key(lang) {
            return Err(Problem::because(
                Code::Conflict,
                "The idea is in this language already: edit that text.",
            ));
        }
        if idea.tr.len() >= context.limits.translations_per_idea {
            return Err(Problem::new(Code::TooManyLanguages));
        }
        let mut tr = idea.tr.clone();
        tr.insert(lang.to_owned(), text.to_owned());
        let row = serde_json::to_string(&tr).unwrap_or_default();
        let words = NewWords { idea: Some(Arc::from(text)), ..NewWords::default() };
        let texts = vec![TextChange::Put(TextKey::Translations(id), row)];
        let event = Event::Translated { idea: id, lang: lang.to_owned() };
        Ok(Decided { texts, words, ..Decided::plain(event) })
    }

    pub(in crate::consultation) fn translate(
        &mut self,
        id: IdeaId,
        lang: &str,
        words: &NewWords,
    ) -> Vec<Write> {
        let (Some(idea), Some(text)) = (self.ideas.get_mut(&id), &words.idea) else { return Vec::new() };
        idea.tr.insert(lang.to_owned(), text.to_string());
        vec![Write::Board(idea.group, BoardWrite::Translate(id, lang.to_owned(), Arc::clone(text)))]
    }
}

/// Is this a well-formed language tag? What it means is the reader's phone's affair.
pub(in crate::consultation) fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let plain = |part: &str, least: usize, letters: bool| {
        let fits = |c: char| c.is_ascii_alphabetic() || (!letters && c.is_ascii_digit());
        (least..=8).contains(&part.len()) && part.chars().all(fits)
    };
    tag.len() <= 35 && plain(first, 2, true) && parts.all(|part| plain(part, 1, false))
}

#[cfg(test)]
mod tests {
    use super::is_tag;

    #[test]
    fn tags_are_letters_digits_and_hyphens_and_nothing_that_a_page_could_take_for_markup() {
        for tag in ["en", "swa", "zh-Hant-TW", "es-419", "de-1996"] {
            assert!(is_tag(tag), "{tag}");
        }
        for tag in [
            "",
            "e",
            "e1",
            "\"><script>",
            "en\u{202e}",
            "en--GB",
            "en-",
            "-en",
            "en_GB",
            "en-abcdefghi",
            "ــ",
        ] {
            assert!(!is_tag(tag), "{tag}");
        }
        assert!(!is_tag(&format!("en{}", "-abcdefg".repeat(5))), "at most 35 letters");
    }
}
