//! What a document says, as the API shows it.

use std::collections::BTreeMap;

use proto::api::consultation::{BoardView, IdeaState, IdeaView};
use proto::board::{ABOUT, IDEAS, about, idea};
use proto::command::Kind;
use proto::gate::TextKey;
use proto::ids::{ConsultationId, IdeaId, PointId};
use proto::plenary::{ITEMS, ItemFacts, PlenaryItem, PlenaryView, STATEMENT, Statement, Status, item};
use proto::text::letters::is_empty;
use yrs::encoding::serde::from_any;
use yrs::types::ToJson;
use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn};

use super::LiveDocument;
use super::responses::read_responses;
use super::translations::translations;
use super::values::{number, string};
use crate::consultation::IdeaWords;
use crate::journal::Seq;

impl LiveDocument {
    /// The board as it stands.
    #[must_use]
    pub fn board(&self, seq: Seq) -> BoardView {
        let mut ideas = self.read(|txn| {
            let map = txn.get_map(IDEAS);
            let entries = map.iter().flat_map(|map| map.iter(txn));
            entries
                .filter_map(|(id, value)| {
                    let Out::YMap(map) = value else { return None };
                    idea_view(txn, id.parse().ok()?, &map)
                })
                .collect::<Vec<(i64, IdeaView)>>()
        });
        ideas.sort_by_key(|(order, idea)| (*order, idea.id));
        let group_card_order =
            self.read(|txn| txn.get_map(ABOUT).map(|map| group_card_order(txn, &map)).unwrap_or_default());
        BoardView {
            epoch: self.epoch,
            seq,
            ideas: ideas.into_iter().map(|(_, idea)| idea).collect(),
            group_card_order,
        }
    }

    /// What a text of a board says; nothing when it is not there.
    #[must_use]
    pub fn text_of(&self, key: &TextKey) -> Option<String> {
        let (id, lang, name) = match key {
            TextKey::Idea(id) => (id, None, idea::TEXT),
            TextKey::Entry(id) => (id, None, idea::ENTRY),
            TextKey::IdeaTranslation(id, lang) => (id, Some(lang), idea::TRANSLATIONS),
            TextKey::Wording(_) | TextKey::Note(_) | TextKey::ItemTranslation(..) | TextKey::Statement(_) => {
                return None;
            }
        };
        self.read(|txn| {
            let Some(Out::YMap(map)) = txn.get_map(IDEAS)?.get(txn, &id.to_string()) else { return None };
            let found = match lang {
                None => map.get(txn, name),
                Some(lang) => {
                    let Some(Out::YMap(tr)) = map.get(txn, name) else { return None };
                    tr.get(txn, lang)
                }
            };
            if let Some(Out::YText(text)) = found { Some(text.get_string(txn)) } else { None }
        })
    }

    /// The ideas on the board, with their words as they stand.
    #[must_use]
    pub fn words(&self) -> BTreeMap<IdeaId, IdeaWords> {
        self.read(|txn| {
            let map = txn.get_map(IDEAS);
            let entries = map.iter().flat_map(|map| map.iter(txn));
            entries
                .filter_map(|(id, value)| {
                    let Out::YMap(map) = value else { return None };
                    Some((id.parse().ok()?, idea_words(txn, &map)))
                })
                .collect()
        })
    }

    /// The words of one idea as they stand.
    #[must_use]
    pub fn words_of(&self, id: IdeaId) -> Option<IdeaWords> {
        self.read(|txn| match txn.get_map(IDEAS)?.get(txn, &id.to_string()) {
            Some(Out::YMap(map)) => Some(idea_words(txn, &map)),
            _ => None,
        })
    }

    /// The plenary as it stands.
    #[must_use]
    pub fn plenary(&self, consultation: ConsultationId) -> PlenaryView {
        self.read(|txn| {
            let about = txn.get_map(ABOUT);
            let statement = txn.get_map(STATEMENT);
            let part = |key| statement.as_ref().map(|map| text(txn, map, key)).unwrap_or_default();
            let items = txn.get_map(ITEMS);
            let mut items: Vec<PlenaryItem> = items
                .iter()
                .flat_map(|map| map.iter(txn))
                .filter_map(|(id, value)| {
                    let Out::YMap(map) = value else { return None };
                    plenary_item(txn, id.parse().ok()?, &map)
                })
                .collect();
            items.sort_by_key(|item| {
                (item.facts.section, item.facts.status == Status::Below, item.facts.number, item.id)
            });
            PlenaryView {
                consultation,
                epoch: self.epoch,
                run: about
                    .as_ref()
                    .and_then(|map| number(txn, map, about::RUN))
                    .and_then(|run| u32::try_from(run).ok())
                    .unwrap_or(0),
                sha256: about.as_ref().and_then(|map| string(txn, map, about::SHA256)),
                version: about
                    .as_ref()
                    .and_then(|map| number(txn, map, about::VERSION))
                    .and_then(|version| u32::try_from(version).ok()),
                version_at: about
                    .as_ref()
                    .and_then(|map| number(txn, map, about::VERSION_AT))
                    .and_then(|at| u64::try_from(at).ok()),
                version_sha256: about.as_ref().and_then(|map| string(txn, map, about::VERSION_SHA256)),
                draft: about.as_ref().is_some_and(|map| is_true(txn, map, about::DRAFT)),
                frozen: about.as_ref().is_some_and(|map| is_true(txn, map, about::FROZEN)),
                audit: about
                    .as_ref()
                    .and_then(|map| map.get(txn, about::AUDIT))
                    .and_then(|audit| from_any(&audit.to_json(txn)).ok()),
                statement: Statement {
                    opening: part("opening"),
                    summary: part("summary"),
                    closing: part("closing"),
                },
                items,
            }
        })
    }
}

/// Did people write a wording or a note for this item?
pub fn has_words(txn: &impl ReadTxn, map: &MapRef) -> bool {
    !is_empty(&text(txn, map, item::WORDING)) || !is_empty(&text(txn, map, item::NOTE))
}

fn idea_view(txn: &impl ReadTxn, id: IdeaId, map: &MapRef) -> Option<(i64, IdeaView)> {
    let kind = string(txn, map, idea::KIND);
    let state = match string(txn, map, idea::STATE).as_deref() {
        Some("promoted") => IdeaState::Promoted,
        Some("combined-into") => IdeaState::CombinedInto,
        _ => IdeaState::Shown,
    };
    let translations = translations(txn, map);
    let view = IdeaView {
        id,
        text: text(txn, map, idea::TEXT),
        entry: entry(txn, map),
        point: string(txn, map, idea::POINT)?.parse::<PointId>().ok()?,
        kind: Kind::ALL.into_iter().find(|known| kind.as_deref() == Some(known.as_str())),
        lang: string(txn, map, idea::LANG).unwrap_or_default(),
        tally: number(txn, map, idea::TALLY).and_then(|tally| u32::try_from(tally).ok()),
        state,
        into: string(txn, map, idea::INTO).and_then(|into| into.parse().ok()),
        locked: matches!(map.get(txn, idea::LOCKED), Some(Out::Any(Any::Bool(true)))),
        spoken: matches!(map.get(txn, idea::SPOKEN), Some(Out::Any(Any::Bool(true)))),
        tr: translations.iter().map(|(language, of)| (language.clone(), of.text.clone())).collect(),
        translations,
    };
    Some((number(txn, map, idea::ORDER).unwrap_or(0), view))
}

fn idea_words(txn: &impl ReadTxn, map: &MapRef) -> IdeaWords {
    IdeaWords {
        text: text(txn, map, idea::TEXT).into(),
        entry: entry(txn, map).map(Into::into),
        tr: translations(txn, map),
    }
}

/// A group's wording of an idea, if it was promoted.
fn entry(txn: &impl ReadTxn, map: &MapRef) -> Option<String> {
    match map.get(txn, idea::ENTRY) {
        Some(Out::YText(text)) => Some(text.get_string(txn)),
        _ => None,
    }
}

/// The promoted ideas in order, if they were ordered.
fn group_card_order(txn: &impl ReadTxn, about: &MapRef) -> Vec<IdeaId> {
    let Some(Out::Any(Any::Array(ids))) = about.get(txn, about::GROUP_CARD_ORDER) else { return Vec::new() };
    let id = |id: &Any| if let Any::String(id) = id { id.parse().ok() } else { None };
    ids.iter().filter_map(id).collect()
}

fn plenary_item(txn: &impl ReadTxn, id: IdeaId, map: &MapRef) -> Option<PlenaryItem> {
    let mut facts: ItemFacts = match from_any(&map.to_json(txn)) {
        Ok(facts) => facts,
        Err(error) => {
            tracing::error!(%id, %error, "an item of the plenary cannot be read");
            return None;
        }
    };
    facts.number_from_rank();
    Some(PlenaryItem {
        id,
        wording: text(txn, map, item::WORDING),
        note: text(txn, map, item::NOTE),
        voted: string(txn, map, item::VOTED),
        responses: read_responses(txn, map),
        facts,
    })
}

fn is_true(txn: &impl ReadTxn, map: &MapRef, key: &str) -> bool {
    matches!(map.get(txn, key), Some(Out::Any(Any::Bool(true))))
}

fn text(txn: &impl ReadTxn, map: &MapRef, key: &str) -> String {
    match map.get(txn, key) {
        Some(Out::YText(text)) => text.get_string(txn),
        _ => String::new(),
    }
}
