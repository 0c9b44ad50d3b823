//! The words of ideas that were withdrawn or erased: where they stand, and which of them must still be looked for (rule C25).

use std::collections::BTreeMap;
use std::sync::Arc;

use proto::ids::IdeaId;
use proto::plenary::Source;
use proto::text::letters::is_empty;

use crate::consultation::projection::{PlenaryWrite, RunFacts, Write};
use crate::consultation::state::Consultation;
use crate::journal::{TextChange, TextRow};

/// What a server that stopped left to do about deleted words.
#[derive(Debug, Default)]
pub(in crate::consultation::ideas) struct Leftovers {
    /// Words that were deleted just before the server stopped, and that the plenary may still have.
    following: BTreeMap<IdeaId, Arc<[String]>>,
    /// Rows of ideas whose words were deleted: a room put them back, and the server stopped before it had forgotten them.
    stale_rows: Vec<TextRow>,
}

impl Consultation {
    /// Takes in a row of an idea's words, at load.
    pub(in crate::consultation) fn load_words(&mut self, row: TextRow, text: String) {
        match row {
            TextRow::Idea(id) | TextRow::Entry(id) | TextRow::Translations(id) | TextRow::Wordings(id)
                if self.has_no_words(id) =>
            {
                self.contributions_mut().leftovers.stale_rows.push(row);
            }
            TextRow::Idea(id) => {
                if let Some(idea) = self.idea_mut(id) {
                    idea.load_text(text.into());
                }
            }
            TextRow::Entry(id) => {
                if let Some(idea) = self.idea_mut(id) {
                    idea.load_entry(text.into());
                }
            }
            TextRow::Translations(id) => {
                if let Some(idea) = self.idea_mut(id) {
                    idea.load_translations(serde_json::from_str(&text).unwrap_or_default());
                }
            }
            TextRow::Wordings(id) => self.load_wordings(id, &text),
            TextRow::Following(id) => {
                let words: Vec<String> = serde_json::from_str(&text).unwrap_or_default();
                self.contributions_mut().leftovers.following.insert(id, words.into());
            }
            // No words of an idea.
            TextRow::Note(_)
            | TextRow::Objection(_)
            | TextRow::Doubtful
            | TextRow::Run
            | TextRow::Version(_)
            | TextRow::VotedWords => {}
        }
    }

    /// Words of deleted ideas that the plenary must look for.
    pub(in crate::consultation) fn words_to_follow(&self) -> Vec<(IdeaId, Arc<[String]>)> {
        let following = self.contributions().leftovers.following.iter();
        following.map(|(idea, words)| (*idea, Arc::clone(words))).collect()
    }

    /// Were the words of an idea deleted, because it was withdrawn or erased?
    pub(in crate::consultation) fn has_no_words(&self, id: IdeaId) -> bool {
        let idea = self.ideas().get(&id);
        idea.is_none_or(|idea| idea.is_erased())
    }

    /// Rows that must be deleted because they have words that were deleted (rule C25). A room that hides an idea keeps its words
    /// in a row; when they are deleted meanwhile, it deletes the row in its own turn. A server that stops between the two leaves
    /// the row, and finds it here at its next start.
    pub fn take_stale_rows(&mut self) -> impl Iterator<Item = TextChange> + use<> {
        std::mem::take(&mut self.contributions_mut().leftovers.stale_rows).into_iter().map(TextChange::Delete)
    }

    /// Rows in which the words of an idea stand, without them.
    pub(in crate::consultation) fn texts_without(&self, id: IdeaId) -> Vec<TextChange> {
        let rows = [TextRow::Idea(id), TextRow::Entry(id), TextRow::Translations(id), TextRow::Wordings(id)];
        let rows = rows.map(TextChange::Delete);
        let words = self.known_words(id);
        let following = (!words.is_empty()).then(|| {
            TextChange::Put(TextRow::Following(id), serde_json::to_string(&words).unwrap_or_default())
        });
        let rows = rows.into_iter().chain(self.list_without(&[id])).chain(self.voted_words_without(id));
        rows.chain(following).collect()
    }

    /// Everything that an idea says or said, as far as is known.
    pub(in crate::consultation) fn all_words(&self, id: IdeaId) -> Vec<String> {
        let Some(idea) = self.ideas().get(&id) else { return Vec::new() };
        let sources =
            self.run_facts().into_iter().flat_map(|run| run.items.iter().flat_map(|(_, item)| &item.sources));
        let listed = sources.filter(|source| source.idea == id).map(|source| source.text.clone());
        let earlier = self.wordings_of(id).iter().map(|kept| kept.text.clone());
        // What the list took from the group's wording.
        let items = self.run_facts().into_iter().flat_map(|run| &run.items);
        let worded = items.filter(|(_, item)| item.anchor == id).map(|(_, item)| item.text.clone());
        let now = idea.texts().map(str::to_owned);
        let mut words: Vec<String> = now.chain(earlier).chain(listed).chain(worded).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// The same but what another idea says as well.
    pub(in crate::consultation) fn known_words(&self, id: IdeaId) -> Vec<String> {
        let sources =
            |run: &Arc<RunFacts>| run.items.iter().flat_map(|(_, item)| item.sources.clone()).collect();
        let sources: Vec<Source> = self.run_facts().map(sources).unwrap_or_default();
        let mut words = self.all_words(id);
        let others = || self.ideas().iter().filter(|(other, _)| **other != id);
        let listed_too = |text: &str| sources.iter().any(|other| other.idea != id && other.text == text);
        words.retain(|text| {
            !is_empty(text) && !listed_too(text) && others().all(|(_, other)| *other.text() != **text)
        });
        words
    }

    /// Does nothing of the list come from this idea, which came too late for its board? Whoever reads the list could say the
    /// words of an entry on the late shelf and take them back, and so delete what others wrote. Staff who erase such an idea
    /// are followed to the list all the same.
    pub(in crate::consultation) fn only_on_shelf(&self, id: IdeaId) -> bool {
        let listed = self.run_facts().is_some_and(|run| run.mentions(id));
        !listed && self.ideas().get(&id).is_some_and(|idea| idea.is_late())
    }

    /// Lets the plenary look for the words of an idea that is about to be deleted.
    pub(in crate::consultation) fn follow(&self, id: IdeaId) -> Option<Write> {
        let words = self.known_words(id);
        (!words.is_empty()).then(|| Write::Plenary(PlenaryWrite::Follow(id, words.into())))
    }
}
