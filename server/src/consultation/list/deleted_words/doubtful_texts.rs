//! Texts of the list that were taken off because they say something like deleted words: what staff say becomes of them.
//!
//! The plenary keeps their words, where only staff can read them (`room/document/traces`); here it is decided who may settle one, and
//! what it is called. Words stand in no decision.

use proto::api::ledger::Worded;
use proto::ids::{IdeaId, SeatId};
use proto::problem::{Code, Problem};

use crate::access::Deed;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::ideas::texts::translations::is_tag;
use crate::consultation::state::Consultation;

impl Consultation {
    /// Which texts are taken off only the plenary knows; of one that is not, the decision changes nothing.
    pub(in crate::consultation) fn decide_settle_text(
        &self,
        seat: SeatId,
        text: &str,
        keep: bool,
    ) -> Result<Outcome, Problem> {
        self.permit(Deed::SettleText, seat, None)?;
        let unknown = || Problem::because(Code::NotFound, "There is no text of this name on the list.");
        let (what, idea, lang) = read_doubtful_name(text).ok_or_else(unknown)?;
        Ok(Outcome::plain(Event::TextSettled { what, idea, lang, kept: keep }))
    }
}

/// The name of a text in `about.doubtful`; none of what stands on boards.
pub(in crate::consultation) fn doubtful_name(
    what: Worded,
    item: Option<IdeaId>,
    lang: Option<&str>,
) -> Option<String> {
    match (what, item, lang) {
        (Worded::Wording, Some(item), _) => Some(format!("wording/{item}")),
        (Worded::Note, Some(item), _) => Some(format!("note/{item}")),
        (Worded::WordingTranslation, Some(item), Some(lang)) => Some(format!("tr/{item}/{lang}")),
        (Worded::Opening, ..) => Some("statement/opening".to_owned()),
        (Worded::Summary, ..) => Some("statement/summary".to_owned()),
        (Worded::Closing, ..) => Some("statement/closing".to_owned()),
        (
            Worded::Wording
            | Worded::Note
            | Worded::WordingTranslation
            | Worded::Idea
            | Worded::Entry
            | Worded::Translation,
            ..,
        ) => None,
    }
}

/// Reads such a name back.
fn read_doubtful_name(name: &str) -> Option<(Worded, Option<IdeaId>, Option<String>)> {
    let (kind, rest) = name.split_once('/')?;
    let read = match kind {
        "wording" => (Worded::Wording, Some(rest.parse().ok()?), None),
        "note" => (Worded::Note, Some(rest.parse().ok()?), None),
        "tr" => {
            let (item, lang) = rest.split_once('/').filter(|(_, lang)| is_tag(lang))?;
            (Worded::WordingTranslation, Some(item.parse().ok()?), Some(lang.to_owned()))
        }
        "statement" => match rest {
            "opening" => (Worded::Opening, None, None),
            "summary" => (Worded::Summary, None, None),
            "closing" => (Worded::Closing, None, None),
            _ => return None,
        },
        _ => return None,
    };
    Some(read)
}
