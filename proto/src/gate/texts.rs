//! Which text of which document: the names that the index and the server share.
//!
//! A document's shape stands in `board.rs` and `plenary.rs`; here a path of map keys becomes a [`TextKey`]. What lies
//! on no such path is no text that people can edit, whatever its type.

use crate::board::{self, idea};
use crate::ids::IdeaId;
use crate::plenary::{self, item};

/// A text that people write together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TextKey {
    /// Board: the wording of an idea.
    Idea(IdeaId),
    /// Board: a group's wording of a promoted idea.
    Entry(IdeaId),
    /// Board: an idea in another language (BCP 47).
    IdeaTranslation(IdeaId, Box<str>),
    /// Plenary: the wording of an item.
    Wording(IdeaId),
    /// Plenary: the note beside an item.
    Note(IdeaId),
    /// Plenary: an item in another language.
    ItemTranslation(IdeaId, Box<str>),
    /// Plenary: a part of the statement.
    Statement(StatementPart),
}

/// The parts of the statement around the list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StatementPart {
    /// Read first.
    Opening,
    /// Read before the list.
    Summary,
    /// Read last.
    Closing,
}

impl StatementPart {
    /// All parts, in the order of [`plenary::STATEMENT_PARTS`].
    pub const ALL: [Self; 3] = [Self::Opening, Self::Summary, Self::Closing];

    /// The key in the root map `statement`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        let [opening, summary, closing] = plenary::STATEMENT_PARTS;
        match self {
            Self::Opening => opening,
            Self::Summary => summary,
            Self::Closing => closing,
        }
    }
}

/// What a shared type is in the document's shape.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Ideas,
    Idea(IdeaId),
    IdeaTranslations(IdeaId),
    Items,
    Item(IdeaId),
    ItemTranslations(IdeaId),
    Statement,
    Text(TextKey),
    /// Of no concern to people's edits.
    Other,
}

/// Yjs's type numbers that matter here.
pub(super) const TYPE_MAP: u8 = 1;
pub(super) const TYPE_TEXT: u8 = 2;

impl Shape {
    pub fn root(name: &str) -> Self {
        match name {
            board::IDEAS => Self::Ideas,
            plenary::ITEMS => Self::Items,
            plenary::STATEMENT => Self::Statement,
            _ => Self::Other,
        }
    }

    /// The shape of a type of number `kind` that is the value of `key` in this one.
    pub fn child(&self, key: &str, kind: u8) -> Self {
        let shape = match self {
            Self::Ideas => key.parse().ok().map(Self::Idea),
            Self::Items => key.parse().ok().map(Self::Item),
            Self::Idea(id) => match key {
                idea::TEXT => Some(Self::Text(TextKey::Idea(*id))),
                idea::ENTRY => Some(Self::Text(TextKey::Entry(*id))),
                idea::TRANSLATIONS => Some(Self::IdeaTranslations(*id)),
                _ => None,
            },
            Self::Item(id) => match key {
                item::WORDING => Some(Self::Text(TextKey::Wording(*id))),
                item::NOTE => Some(Self::Text(TextKey::Note(*id))),
                item::TRANSLATIONS => Some(Self::ItemTranslations(*id)),
                _ => None,
            },
            Self::IdeaTranslations(id) => Some(Self::Text(TextKey::IdeaTranslation(*id, key.into()))),
            Self::ItemTranslations(id) => Some(Self::Text(TextKey::ItemTranslation(*id, key.into()))),
            Self::Statement => {
                let part = StatementPart::ALL.into_iter().find(|part| part.key() == key);
                part.map(|part| Self::Text(TextKey::Statement(part)))
            }
            Self::Text(_) | Self::Other => None,
        };
        match shape {
            Some(shape) if kind == shape.kind() => shape,
            Some(_) | None => Self::Other,
        }
    }

    /// The text that it is, if people may write in it.
    pub const fn text(&self) -> Option<&TextKey> {
        match self {
            Self::Text(key) => Some(key),
            Self::Ideas
            | Self::Idea(_)
            | Self::IdeaTranslations(_)
            | Self::Items
            | Self::Item(_)
            | Self::ItemTranslations(_)
            | Self::Statement
            | Self::Other => None,
        }
    }

    const fn kind(&self) -> u8 {
        if self.text().is_some() { TYPE_TEXT } else { TYPE_MAP }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-0000-0000-000000000007";

    fn at(root: &str, path: &[&str], kind: u8) -> Shape {
        let (last, maps) = path.split_last().unwrap();
        let parent = maps.iter().fold(Shape::root(root), |shape, key| shape.child(key, TYPE_MAP));
        parent.child(last, kind)
    }

    #[test]
    fn b2_b3_the_texts_of_board_and_plenary_have_their_keys() {
        let id: IdeaId = ID.parse().unwrap();
        for (root, path, key) in [
            ("ideas", &[ID, "text"][..], TextKey::Idea(id)),
            ("ideas", &[ID, "entry"], TextKey::Entry(id)),
            ("ideas", &[ID, "tr", "fr"], TextKey::IdeaTranslation(id, "fr".into())),
            ("items", &[ID, "wording"], TextKey::Wording(id)),
            ("items", &[ID, "note"], TextKey::Note(id)),
            ("items", &[ID, "tr", "fa"], TextKey::ItemTranslation(id, "fa".into())),
            ("statement", &["opening"], TextKey::Statement(StatementPart::Opening)),
            ("statement", &["closing"], TextKey::Statement(StatementPart::Closing)),
        ] {
            assert_eq!(at(root, path, TYPE_TEXT), Shape::Text(key));
        }
    }

    #[test]
    fn b1_nothing_else_is_a_text() {
        for (root, path) in [
            ("about", &["text"][..]),
            ("ideas", &["x", "text"]),
            ("ideas", &[ID, "wording"]),
            ("ideas", &[ID, "text", "text"]),
            ("ideas", &[ID]),
            ("statement", &["title"]),
        ] {
            assert_eq!(at(root, path, TYPE_TEXT), Shape::Other, "{root} {path:?}");
        }
        assert_eq!(at("ideas", &[ID, "text"], TYPE_MAP), Shape::Other);
    }
}
