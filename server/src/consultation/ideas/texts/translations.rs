//! Ideas in other languages: whoever reads both adds one, and in the brainstorm the group goes on editing it.

use std::sync::Arc;

use proto::api::translations::Translation;
use proto::ids::{IdeaId, SeatId, WordsHash};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::consultation::decide::{Context, Outcome};
use crate::consultation::event::Event;
use crate::consultation::ideas::idea::Idea;
use crate::consultation::ideas::moderation::hiding::not_hidden;
use crate::consultation::projection::{BoardWrite, Write};
use crate::consultation::state::{Consultation, NewWords};
use crate::consultation::text_rules::checked_text;
use crate::journal::{TextChange, TextRow};

impl Consultation {
    pub(in crate::consultation) fn decide_translate(
        &self,
        seat: SeatId,
        id: IdeaId,
        (lang, text): (&str, &str),
        (read, over): (Option<WordsHash>, Option<u32>),
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let idea = self.find(id)?;
        self.permit(Deed::Translate, seat, Some(idea.group()))?;
        let own = self.language_of_translator(seat);
        if own.is_some_and(|own| language_of(own) != language_of(lang)) {
            return Err(Problem::because(Code::Forbidden, "This link translates into another language."));
        }
        self.may_be_translated(idea, lang)?;
        if let Some((_, there)) = in_language(idea, lang)
            && !there.machine
        {
            if own.is_none() {
                let detail = "The idea is in this language already: edit that text.";
                return Err(Problem::because(Code::Conflict, detail));
            }
            // Somebody else translated it meanwhile: that is read first (rule C31).
            if over != Some(there.n) {
                return Err(Problem::new(Code::Stale));
            }
        }
        let text = checked_text(text, context.limits)?.into_owned();
        self.put_translation(id, idea, lang, Translation { text, of: read, machine: false, n: 0 }, context)
    }

    /// Is it on a board, and in another language?
    fn may_be_translated(&self, idea: &Idea, lang: &str) -> Result<(), Problem> {
        not_hidden(idea)?;
        if !idea.is_shown() {
            return Err(Problem::because(Code::NotFound, "There is no such idea on a board."));
        }
        if !is_tag(lang) || language_of(lang) == language_of(idea.lang()) {
            return Err(Problem::because(Code::Malformed, "\"lang\" is a BCP 47 tag of another language."));
        }
        Ok(())
    }

    /// Keeps a translation in the place of the one that is there in this language.
    fn put_translation(
        &self,
        id: IdeaId,
        idea: &Idea,
        lang: &str,
        new: Translation,
        context: Context<'_>,
    ) -> Result<Outcome, Problem> {
        let (lang, n) = match in_language(idea, lang) {
            Some((there, old)) => (there.clone(), old.n.saturating_add(1)),
            None if idea.translations().len() >= context.limits.translations_per_idea => {
                return Err(Problem::new(Code::TooManyLanguages));
            }
            None => {
                self.has_room_for_translation(idea.group())?;
                (canonical(lang), 0)
            }
        };
        let translation = Translation { n, ..new };
        let mut tr = idea.translations().clone();
        tr.insert(lang.clone(), translation.clone());
        let row = serde_json::to_string(&tr).unwrap_or_default();
        let mut texts = vec![TextChange::Put(TextRow::Translations(id), row)];
        texts.extend(self.list_translated(id, &lang, &translation));
        let words = NewWords { translation: Some(Arc::new(translation)), ..NewWords::default() };
        Ok(Outcome { texts, words, ..Outcome::plain(Event::Translated { idea: id, lang }) })
    }

    pub(in crate::consultation) fn translate(
        &mut self,
        id: IdeaId,
        lang: &str,
        words: &NewWords,
    ) -> Vec<Write> {
        let (Some(idea), Some(new)) = (self.idea_mut(id), &words.translation) else { return Vec::new() };
        idea.translate(lang, Translation::clone(new));
        let board = BoardWrite::Translate(id, lang.to_owned(), Arc::clone(new));
        let mut writes = vec![Write::Board(idea.group(), board)];
        writes.extend(self.translate_on_list(id, lang, new));
        writes
    }
}

/// What an idea says in this language, under the tag that it has there.
fn in_language<'a>(idea: &'a Idea, lang: &str) -> Option<(&'a String, &'a Translation)> {
    idea.translations().iter().find(|(there, _)| language_of(there) == language_of(lang))
}

/// A well-formed tag as it is stored: small letters, but for a script (`Hant`) and a region (`TW`).
pub(in crate::consultation) fn canonical(tag: &str) -> String {
    let mut is_private = false;
    let parts = tag.split('-').enumerate().map(|(at, part)| {
        let mut part = part.to_ascii_lowercase();
        match part.len() {
            4 if at > 0 && !is_private && is_letters(&part) => part[..1].make_ascii_uppercase(),
            2 if at > 0 && !is_private => part.make_ascii_uppercase(),
            // What follows is an extension.
            1 => is_private = true,
            _ => {}
        }
        part
    });
    parts.collect::<Vec<_>>().join("-")
}

/// What a translation is told apart by: the language and, if it is given, the script. Not the region, nor how it is spelt.
fn language_of(tag: &str) -> (String, Option<String>) {
    let tag = tag.to_ascii_lowercase();
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_owned();
    // Between both stand names of three letters (`zh-yue-Hant`).
    let script = parts.find(|part| part.len() != 3).filter(|part| part.len() == 4 && is_letters(part));
    (language, script.map(str::to_owned))
}

fn is_letters(part: &str) -> bool {
    part.chars().all(|c| c.is_ascii_alphabetic())
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
    use std::collections::BTreeMap;

    use proto::api::consultation::Admission;
    use proto::command::Action;
    use proto::problem::Code;

    use super::{canonical, is_tag, language_of};
    use crate::consultation::tests::voices::{Hall, idea};

    #[test]
    fn c19_spellings_of_one_language_are_one_translation() {
        let (mut hall, people) = Hall::with_people(Admission::Open);
        let mut translate = |lang: &str| {
            let (lang, text) = (lang.to_owned(), "Autre".to_owned());
            hall.act(people[0], &Action::Translate { idea: idea(1), lang, text, read: None, over: None })
        };
        translate("fr-fr").unwrap();
        for lang in ["fr", "FR", "fr-FR", "fr-fr", "fr-x-a", "fr-CA"] {
            assert_eq!(translate(lang), Err(Code::Conflict), "{lang}");
        }
        for lang in ["en", "EN", "en-gb"] {
            assert_eq!(translate(lang), Err(Code::Malformed), "{lang}: the language of the idea itself");
        }
        for lang in ["pt", "zh-hant-tw", "zh-Hans", "sr-Cyrl", "sr-Latn"] {
            translate(lang).unwrap();
        }
        assert_eq!(translate("ZH-HANT"), Err(Code::Conflict));
        let kept: Vec<String> = hall.consultation.ideas()[&idea(1)].translations().keys().cloned().collect();
        assert_eq!(kept, ["fr-FR", "pt", "sr-Cyrl", "sr-Latn", "zh-Hans", "zh-Hant-TW"]);
    }

    #[test]
    fn c19_spellings_that_were_stored_before_load_and_leave_room_for_no_further_one() {
        let stored: BTreeMap<String, String> =
            serde_json::from_str(r#"{"FR": "a", "fr": "b", "fr-x-a": "c"}"#).unwrap();
        assert!(stored.keys().all(|lang| language_of(lang) == language_of("fr-CA")));
        assert_eq!(stored.len(), 3, "each is still there under its own name");
    }

    #[test]
    fn c19_tags_have_one_form() {
        for (tag, form) in
            [("FR", "fr"), ("zh-hant-tw", "zh-Hant-TW"), ("ES-419", "es-419"), ("fr-x-AB", "fr-x-ab")]
        {
            assert_eq!((canonical(tag).as_str(), canonical(form).as_str()), (form, form));
        }
        assert_eq!(language_of("zh-yue-Hant"), language_of("zh-hant"));
        assert_eq!(language_of("fr-x-Cyrl"), language_of("fr"), "what is private is no script");
    }

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
