//! What the rooms must show of the consultation's decisions: whole plans at load, single writes afterwards.
//!
//! The consultation decides, the journal keeps, the rooms project. A room that was behind when the server stopped is
//! brought up to its plan when it is loaded; a room that is live gets the write of each event.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use proto::api::consultation::IdeaState;
use proto::api::translations::Translation;
use proto::command::Kind;
use proto::ids::{ConsultationId, DocumentName, GroupId, IdeaId, PointId};
use proto::phase::Phase;
use proto::plenary::{ItemFacts, Responses, Rule, Section, Source, Weights};
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::journal::{SeatKey, Seq, Stream};

/// A write for one room.
#[derive(Clone, Debug)]
pub enum Write {
    /// For a group's board.
    Board(GroupId, BoardWrite),
    /// For the plenary.
    Plenary(PlenaryWrite),
    /// For a group's board, or every room: this seat has no place there any more.
    Dismiss(SeatKey, Option<GroupId>),
}

impl Write {
    /// The document that it is for, in this consultation; none: every room that is live.
    #[must_use]
    pub const fn document(&self, consultation: ConsultationId) -> Option<DocumentName> {
        match self {
            Self::Board(group, _) => Some(DocumentName::Board(*group)),
            Self::Plenary(_) => Some(DocumentName::Plenary(consultation)),
            Self::Dismiss(..) => None,
        }
    }

    /// The writes of the event at `seq`, each with the last event that its document shows when it has shown the write. A document
    /// shows an event only with the last of its writes: one that is compacted before that still owes it.
    pub fn with_seqs(
        writes: Vec<Self>,
        consultation: ConsultationId,
        seq: Seq,
    ) -> impl Iterator<Item = (Self, Seq)> {
        let last: HashMap<DocumentName, usize> = writes
            .iter()
            .enumerate()
            .filter_map(|(at, write)| Some((write.document(consultation)?, at)))
            .collect();
        writes.into_iter().enumerate().map(move |(at, write)| {
            let document = write.document(consultation);
            let is_last = document.and_then(|document| last.get(&document)) == Some(&at);
            (write, if is_last { seq } else { seq.saturating_sub(1) })
        })
    }

    /// Must the document be loaded for this if it is not live? A removal must reach the files even if nobody has the board open,
    /// and what is put back is in no plan.
    #[must_use]
    pub const fn must_load(&self) -> bool {
        match self {
            Self::Board(_, write) => matches!(
                write,
                BoardWrite::Remove(_) | BoardWrite::Hide(_) | BoardWrite::Undo(_) | BoardWrite::SetText(..)
            ),
            Self::Plenary(write) => matches!(
                write,
                PlenaryWrite::Run(_)
                    | PlenaryWrite::Follow(..)
                    | PlenaryWrite::Settle(..)
                    | PlenaryWrite::Responses { gone: true, .. }
            ),
            Self::Dismiss(..) => false,
        }
    }

    /// The document that loses words by it, and must lose them in the files as well.
    #[must_use]
    pub const fn loses_words(&self) -> Option<Stream> {
        match self {
            Self::Board(group, BoardWrite::Remove(_) | BoardWrite::Hide(_) | BoardWrite::Undo(_)) => {
                Some(Stream::Board(*group))
            }
            Self::Plenary(
                PlenaryWrite::Run(_)
                | PlenaryWrite::Follow(..)
                | PlenaryWrite::Settle(_, false)
                | PlenaryWrite::Responses { gone: true, .. },
            ) => Some(Stream::Plenary),
            Self::Board(
                _,
                BoardWrite::Put(_)
                | BoardWrite::Translate(..)
                | BoardWrite::SetText(..)
                | BoardWrite::Tally(..)
                | BoardWrite::State(..)
                | BoardWrite::Card(_)
                | BoardWrite::Lock(..)
                | BoardWrite::Phase(_),
            )
            | Self::Plenary(
                PlenaryWrite::Reword(_)
                | PlenaryWrite::Translate(..)
                | PlenaryWrite::Settle(_, true)
                | PlenaryWrite::Frozen { .. }
                | PlenaryWrite::Version(_)
                | PlenaryWrite::Responses { gone: false, .. }
                | PlenaryWrite::FixedWords(_)
                | PlenaryWrite::Phase(_),
            )
            | Self::Dismiss(..) => None,
        }
    }
}

/// A change to a board that only the server makes.
#[derive(Clone, Debug)]
pub enum BoardWrite {
    /// Show an idea.
    Put(IdeaPlan),
    /// Take an idea off; its words leave the journal.
    Remove(IdeaId),
    /// Take an idea off; its words as they stand now are kept for the day that it is shown again.
    Hide(IdeaId),
    /// An idea says this in another language, instead of what it said there before.
    Translate(IdeaId, String, Arc<Translation>),
    /// Give an idea's text these words.
    SetText(IdeaId, Arc<str>),
    /// Show this tally, or none.
    Tally(IdeaId, Option<u32>),
    /// Shown or promoted.
    State(IdeaId, IdeaState),
    /// Show the promoted ideas in this order.
    Card(Vec<IdeaId>),
    /// Let nobody change an idea's text, or let people.
    Lock(IdeaId, bool),
    /// Undo what a seat wrote, and end its connections.
    Undo(SeatKey),
    /// The group is in this phase; texts are locked unless it is open.
    Phase(Phase),
}

/// A change to the plenary that only the server makes.
#[derive(Clone, Debug)]
pub enum PlenaryWrite {
    /// Show this run.
    Run(Arc<RunFacts>),
    /// Fill the wording of an item with its anchor's words, if it is empty.
    Reword(IdeaId),
    /// An item says this in another language.
    Translate(IdeaId, String, Arc<Translation>),
    /// Take these words of a deleted idea out of what people wrote.
    Follow(IdeaId, Arc<[String]>),
    /// The text of this name, which was taken off because of deleted words, is put back (true) or deleted.
    Settle(String, bool),
    /// The list stands still under this version, or moves again.
    Frozen {
        /// Still?
        on: bool,
        /// How often it was frozen.
        version: u32,
    },
    /// This is the newest version.
    Version(VersionShown),
    /// What the room says of some items.
    Responses {
        /// Item → what is said of it.
        items: Vec<(IdeaId, Responses)>,
        /// Did a line go? Its words must leave the files.
        gone: bool,
    },
    /// The words of these entries stay as they are, because everybody votes on them; those of all others may be changed.
    FixedWords(Vec<IdeaId>),
    /// The consultation is in this phase.
    Phase(Phase),
}

/// What the plenary shows of a version.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct VersionShown {
    pub number: u32,
    /// When it was made.
    pub made_at: Millis,
    /// The hash by which it is compared.
    pub sha256: String,
    /// Is it the one that everybody voted on, and the vote closed since? Then the list with the result is the draft of the next one.
    pub voted: bool,
    /// A hash of its words: the plenary shows the draft of the next version as long as it says anything else.
    pub words: String,
}

/// All that a room must show.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub enum Plan {
    /// Of a board.
    Board {
        group: GroupId,
        /// The group's phase.
        phase: Phase,
        ideas: Vec<IdeaPlan>,
        /// Ideas that it must not show, and whose words must not be lost.
        kept: BTreeSet<IdeaId>,
        /// The promoted ones in order, if their moderator ordered them.
        card: Vec<IdeaId>,
        /// Seats that were closed: what they wrote is undone.
        closed: Vec<SeatKey>,
    },
    /// Of the plenary.
    Plenary {
        consultation: ConsultationId,
        /// The consultation's phase.
        phase: Phase,
        /// The last run.
        run: Option<Arc<RunFacts>>,
        /// Does the list stand still, and how often was it frozen?
        frozen: (bool, u32),
        /// The newest version.
        version: Option<VersionShown>,
        /// Entries whose words stay as they are, because everybody votes on them.
        fixed: Vec<IdeaId>,
        /// What the room says of items.
        room: Vec<(IdeaId, Responses)>,
        /// Words of deleted ideas that have to be looked for.
        follow: Vec<(IdeaId, Arc<[String]>)>,
    },
}

/// An idea as its board must show it.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct IdeaPlan {
    pub id: IdeaId,
    /// The words it was shared or hidden with; an idea that is on the board already keeps what people made of them.
    pub words: IdeaWords,
    /// Written by staff for somebody without a phone?
    pub spoken: bool,
    pub point: PointId,
    pub kind: Option<Kind>,
    /// Did the server propose its kind, and nobody has confirmed it?
    pub kind_proposed: bool,
    /// Its language.
    pub lang: String,
    /// Its place.
    pub order: u32,
    /// Its votes, or none while they are hidden.
    pub tally: Option<u32>,
    /// Shown, promoted, or combined into another.
    pub state: IdeaState,
    /// The idea that stands for this one, if it is combined.
    pub into: Option<IdeaId>,
    /// May nobody change its text?
    pub locked: bool,
}

/// What an idea says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IdeaWords {
    /// In its own language.
    pub text: Arc<str>,
    /// The group's wording of it for the plenary, if it was promoted.
    pub entry: Option<Arc<str>>,
    /// Language → the same in that language.
    pub tr: BTreeMap<String, Translation>,
}

/// Words that rooms took off their boards.
pub type HiddenTexts = Vec<(IdeaId, IdeaWords)>;

/// A merge run as the plenary shows it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunFacts {
    /// Its number, from 1.
    pub run: u32,
    /// Hash of its input; empty once words of it were deleted.
    pub sha256: String,
    /// By which rule.
    #[serde(default)]
    pub rule: Rule,
    /// With what weights.
    #[serde(default)]
    pub weights: Weights,
    /// Its items, in order of section, cut and rank.
    pub items: Vec<(IdeaId, ItemFacts)>,
    /// Ideas that their item does not name, because it has very many: idea → item.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub beyond: BTreeMap<IdeaId, IdeaId>,
    /// Items that staff keep off the list, each with its ideas, its words' first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept_off: BTreeMap<IdeaId, Vec<IdeaId>>,
    /// Section → listed and below, in order.
    pub order: BTreeMap<Section, Vec<IdeaId>>,
    /// What the run's audit says, as the merge wrote it.
    pub audit: serde_json::Value,
}

impl RunFacts {
    /// The same run without ideas that were withdrawn: their words leave the list at once, whatever they were part of. As
    /// much work for all of them as for one.
    #[must_use]
    pub fn without(&self, ideas: &HashSet<IdeaId>) -> Self {
        let mut facts = self.clone();
        // The hash of the run's input would confirm a guess of the words that were in it.
        facts.sha256.clear();
        let mut fewer: HashMap<IdeaId, u32> = HashMap::new();
        facts.beyond.retain(|idea, item| {
            let stays = !ideas.contains(idea);
            *fewer.entry(*item).or_default() += u32::from(!stays);
            stays
        });
        for (id, item) in &mut facts.items {
            item.more = item.more.saturating_sub(fewer.get(id).copied().unwrap_or(0));
            item.sources.retain(|source| !ideas.contains(&source.idea));
            if ideas.contains(&item.anchor)
                && let Some(source) = item.sources.first()
            {
                item.anchor = source.idea;
                item.translations.clear();
                item.text.clone_from(&source.text);
                item.lang.clone_from(&source.lang);
            }
        }
        facts.items.retain(|(_, item)| !item.sources.is_empty());
        facts.kept_off.values_mut().for_each(|of_item| of_item.retain(|idea| !ideas.contains(idea)));
        facts.kept_off.retain(|_, of_item| !of_item.is_empty());
        let left: HashSet<IdeaId> = facts.items.iter().map(|(item, _)| *item).collect();
        for ids in facts.order.values_mut() {
            ids.retain(|id| left.contains(id));
        }
        facts
    }

    /// The same run with an entry's words in another language; none if this idea is the anchor of none.
    #[must_use]
    pub fn translated(&self, idea: IdeaId, lang: &str, translation: &Translation) -> Option<(IdeaId, Self)> {
        let at = self.items.iter().position(|(_, item)| item.anchor == idea)?;
        let mut facts = self.clone();
        let (id, item) = facts.items.get_mut(at)?;
        item.translations.insert(lang.to_owned(), translation.clone());
        Some((*id, facts))
    }

    /// Does a source of this run have this idea's words?
    #[must_use]
    pub fn mentions(&self, idea: IdeaId) -> bool {
        self.sources().any(|source| source.idea == idea)
    }

    /// The sources of all items.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.items.iter().flat_map(|(_, item)| &item.sources)
    }
}
