//! Versions: immutable copies of the list, each under a number (rule C37).
//!
//! A version is made of what the plenary's room says at that moment, and kept in a row of its own and in memory, because words that
//! are deleted must leave all of them in the transaction of the decision. Nothing else changes a version. What staff only hide is
//! left out when a version is read, and is there again when it is shown again.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use proto::api::versions::{SCHEMA, Version, Versions};
use proto::ids::IdeaId;
use proto::problem::{Code, Problem};
use proto::text::letters::is_empty;

use super::stored_version::{StoredVersion, bytes_of};
use super::version_erasure::{Blank, blank};
use crate::clock::Millis;
use crate::config::VersionLimits;
use crate::consultation::decide::Outcome;
use crate::consultation::event::Event;
use crate::consultation::projection::{PlenaryWrite, VersionShown, Write};
use crate::consultation::state::Consultation;
use crate::journal::{TextChange, TextRow};

/// All versions, and whether one must be made.
#[derive(Debug, Default)]
pub(super) struct KeptVersions {
    kept: BTreeMap<u32, Arc<StoredVersion>>,
    /// The plenary vote was opened, and the version that everybody votes on is not made yet.
    owed: bool,
}

impl Consultation {
    /// What is told of each version.
    #[must_use]
    pub fn versions(&self) -> Versions {
        Versions { versions: self.plenary_list().versions.kept.values().map(|kept| kept.info()).collect() }
    }

    /// A version as it may be read now: without what staff hide, and how many texts that is.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<(StoredVersion, u32)> {
        let mut version = StoredVersion::clone(self.plenary_list().versions.kept.get(&number)?);
        let sources = version.view.items.iter().flat_map(|item| &item.facts.sources);
        let is_hidden = |idea: &IdeaId| self.ideas().get(idea).is_some_and(|idea| !idea.is_shown());
        let hidden: HashSet<IdeaId> = sources.map(|source| source.idea).filter(is_hidden).collect();
        let lines: HashSet<String> =
            self.note_lines().filter(|(.., hidden)| *hidden).map(|(_, line, _)| line.to_owned()).collect();
        let gone =
            Blank { ideas: &hidden, words: None, lines: &lines, late: &HashSet::new(), whole_entries: true };
        let withheld = blank(&mut version.view, &mut version.context, &gone);
        Some((version, withheld))
    }

    /// Is there a version of this number?
    pub(in crate::consultation) fn has_version(&self, number: u32) -> bool {
        self.plenary_list().versions.kept.contains_key(&number)
    }

    /// The same, as it is sent.
    #[must_use]
    pub fn version_told(&self, number: u32) -> Option<Version> {
        let (version, withheld) = self.version(number)?;
        Some(Version {
            schema: SCHEMA.to_owned(),
            content: version.content(),
            sha256: version.sha256,
            erased: version.erased,
            withheld,
        })
    }

    /// What the plenary shows of the newest version.
    pub(in crate::consultation) fn version_shown(&self) -> Option<VersionShown> {
        let open = self.plenary_vote_is_open();
        self.plenary_list().versions.kept.values().next_back().map(|version| version.shown(open))
    }

    /// The number of the next version.
    #[must_use]
    pub fn next_version(&self) -> u32 {
        self.list().version + 1
    }

    /// Must a version be made because the plenary vote was opened?
    #[must_use]
    pub const fn owes_version(&self) -> bool {
        self.plenary_list().versions.owed
    }

    pub(in crate::consultation) const fn owe_version(&mut self, owed: bool) {
        self.plenary_list_mut().versions.owed = owed;
    }

    /// Is there room for one more version?
    ///
    /// # Errors
    /// `too-many-versions`.
    pub fn has_room_for_version(&self, limits: &VersionLimits) -> Result<(), Problem> {
        if self.plenary_list().versions.kept.len() < limits.versions_max {
            return Ok(());
        }
        let detail = format!("{} versions of the list are kept, and no more.", limits.versions_max);
        Err(Problem::because(Code::TooManyVersions, detail))
    }

    /// A version becomes one: its row and its words come with the event.
    #[must_use]
    pub fn decide_version(&self, version: StoredVersion) -> Outcome {
        let mut outcome = Outcome::plain(Event::VersionMade { number: version.number });
        keep_version(&mut outcome, version);
        outcome
    }

    /// Takes in a version, or, at load, that there is one.
    pub(in crate::consultation) fn take_version(
        &mut self,
        number: u32,
        made: &[Arc<StoredVersion>],
    ) -> Vec<Write> {
        self.plenary_list_mut().versions.owed = false;
        self.number_version(number);
        let on = self.list().frozen;
        let mut writes = vec![Write::Plenary(PlenaryWrite::Frozen { on, version: number })];
        writes.extend(self.take_versions(made));
        writes
    }

    /// Takes in versions that were made, or that lost words.
    pub(in crate::consultation) fn take_versions(&mut self, changed: &[Arc<StoredVersion>]) -> Vec<Write> {
        let kept = &mut self.plenary_list_mut().versions.kept;
        kept.extend(changed.iter().map(|version| (version.number, Arc::clone(version))));
        let newest = self.version_shown().filter(|_| !changed.is_empty());
        newest.map(|shown| Write::Plenary(PlenaryWrite::Version(shown))).into_iter().collect()
    }

    /// The row of a version, at load.
    pub(in crate::consultation) fn load_version(&mut self, number: u32, row: &str) {
        match serde_json::from_str::<StoredVersion>(row) {
            Ok(version) => drop(self.plenary_list_mut().versions.kept.insert(number, Arc::new(version))),
            Err(error) => tracing::error!(number, %error, "a version of the list cannot be read"),
        }
    }

    /// The versions that lose words by this event, as they are without them.
    #[must_use]
    pub fn versions_without(&self, event: &Event, now: Millis) -> Vec<Arc<StoredVersion>> {
        if self.plenary_list().versions.kept.is_empty() {
            return Vec::new();
        }
        let Some(deletion) = self.deletion_by(event) else { return Vec::new() };
        let kept = self.plenary_list().versions.kept.values();
        kept.filter_map(|version| version.without(&deletion.blank(), now).map(Arc::new)).collect()
    }

    /// What versions say of an idea, and no other idea says.
    pub(super) fn words_in_versions(&self, id: IdeaId) -> Vec<String> {
        let items = self.plenary_list().versions.kept.values().flat_map(|version| &version.view.items);
        let mut words: Vec<String> = items
            .flat_map(|item| {
                let sources = item.facts.sources.iter().filter(|source| source.idea == id);
                let anchored = (item.facts.anchor == id).then_some(&item.facts.text);
                sources.map(|source| &source.text).chain(anchored).cloned().collect::<Vec<String>>()
            })
            .collect();
        words.sort_unstable();
        words.dedup();
        let said =
            |text: &str| self.ideas().iter().any(|(other, idea)| *other != id && *idea.text() == *text);
        words.retain(|text| !is_empty(text) && !said(text));
        words
    }

    /// All bytes of versions, about.
    fn bytes_of_versions(&self) -> usize {
        self.plenary_list().versions.kept.values().map(|version| bytes_of(&version.view)).sum()
    }

    /// Does this version fit beside the others?
    ///
    /// # Errors
    /// `too-many-versions`, with the reason.
    pub fn fits_beside_versions(
        &self,
        version: &StoredVersion,
        limits: &VersionLimits,
    ) -> Result<(), Problem> {
        if self.bytes_of_versions() + bytes_of(&version.view) <= limits.bytes_max {
            return Ok(());
        }
        let detail = "The versions of this list are as large as may be.";
        Err(Problem::because(Code::TooManyVersions, detail))
    }
}

/// Lets a version come with what was decided.
pub fn keep_version(outcome: &mut Outcome, version: StoredVersion) {
    let row = TextRow::Version(version.number);
    outcome.texts.push(TextChange::Put(row, serde_json::to_string(&version).unwrap_or_default()));
    outcome.words.versions.push(Arc::new(version));
}

/// Lets versions without words that are deleted come with what was decided. Their old rows go first: they hold the words.
pub fn replace_versions(outcome: &mut Outcome, versions: Vec<Arc<StoredVersion>>) {
    for version in &versions {
        let row = TextRow::Version(version.number);
        outcome.texts.push(TextChange::Delete(row));
        outcome.texts.push(TextChange::Put(row, serde_json::to_string(&**version).unwrap_or_default()));
    }
    outcome.words.versions.extend(versions);
}
