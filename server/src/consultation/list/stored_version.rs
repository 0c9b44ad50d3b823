//! One version of the list, as it is kept: the list, what stands around it, and its hash (rule C37). A pure value.

use proto::api::consultation::{LocalText, Point};
use proto::api::plenary_vote::PlenaryVoteState;
use proto::api::versions::{Erased, VersionContent, VersionEntry, VersionInfo, VersionReason, VersionRun};
use proto::ids::{GroupId, IdeaId};
use proto::phase::Phase;
use proto::plenary::{People, Places, PlenaryItem, PlenaryView, Responses, Rule, Status, Weights};
use proto::text::letters::is_empty;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::version_erasure::{Blank, blank};
use crate::clock::{Millis, day};
use crate::consultation::projection::VersionShown;

/// What a file says around the list: everything but the list itself and the ledger.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct ListContext {
    pub title: LocalText,
    pub points: Vec<Point>,
    pub phase: Phase,
    /// The language in which the list is authoritative, a BCP 47 tag.
    #[serde(default)]
    pub working_language: Option<String>,
    /// The vote of everybody, as everybody sees it.
    pub plenary_vote: Option<PlenaryVoteState>,
    /// The adoption of the version; none while it is not adopted, and of a draft.
    #[serde(skip)]
    pub adoption: Option<AdoptionFigures>,
    /// When the consultation was made.
    pub founded_at: Millis,
    pub groups: Vec<GroupFigures>,
    pub rule: Rule,
    pub weights: Weights,
    /// Places per section; none: the default.
    pub k: Option<Places>,
    /// Entries that staff put first, in order.
    pub pins: Vec<IdeaId>,
    /// Entries that staff keep off the list.
    pub kept_off: u32,
    /// What the run's audit says; null before the first run and while the vote is hidden.
    pub audit: serde_json::Value,
    /// Lines of the ledger that belong to it.
    pub ledger_lines: usize,
}

/// How a version was adopted.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct AdoptionFigures {
    /// Seats that stand by it.
    pub adopted: People,
    /// Seats that might say so.
    pub voters: u32,
    /// What is objected to which entry.
    pub objections: Vec<(IdeaId, Responses)>,
}

/// A group and how many took part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct GroupFigures {
    pub id: GroupId,
    pub name: String,
    /// Participants who have a seat in it.
    pub participants: u32,
    /// Seats that approve anything; none while the vote is hidden.
    pub voters: Option<u32>,
    /// Ideas on its board.
    pub ideas: u32,
    /// Seats that shared an idea.
    pub wrote: u32,
    /// Seats that said of the group's card: this is what we said.
    pub agreed: u32,
    /// What others said instead, without the lines that are hidden.
    pub notes: Vec<String>,
    /// How many ideas came after the lock of its board, and were not admitted.
    pub late: u32,
    /// What they say, with their languages.
    pub late_ideas: Vec<(String, String)>,
}

/// A version with all that its files say.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct StoredVersion {
    pub number: u32,
    pub made_at: Millis,
    pub reason: VersionReason,
    /// The list with people's words.
    pub view: PlenaryView,
    /// What stands around it.
    pub context: ListContext,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Deletions of words, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<Erased>,
}

impl StoredVersion {
    /// A version of this list, as it stands.
    #[must_use]
    pub fn new(
        (number, made_at, reason): (u32, Millis, VersionReason),
        list: &PlenaryView,
        context: ListContext,
    ) -> Self {
        let mut view = list.clone();
        // What is said of entries later belongs to no version, and what the document says of versions neither.
        view.items.iter_mut().for_each(|item| item.responses = Responses::default());
        (view.version, view.version_at, view.version_sha256) = (None, None, None);
        (view.frozen, view.draft) = (false, false);
        let mut version =
            Self { number, made_at, reason, view, context, sha256: String::new(), erased: Vec::new() };
        version.sha256 = version.content().sha256();
        version
    }

    /// What its hash is taken over.
    #[must_use]
    pub fn content(&self) -> VersionContent {
        let Self { number, made_at, reason, view, context, .. } = self;
        let ListContext { title, rule, weights, k, pins, kept_off, .. } = context;
        VersionContent {
            consultation: view.consultation,
            number: *number,
            made_at: *made_at,
            reason: *reason,
            title: title.clone(),
            run: VersionRun {
                number: view.run,
                sha256: view.sha256.clone(),
                rule: *rule,
                weights: *weights,
                k: k.clone(),
                pins: pins.clone(),
                kept_off: *kept_off,
            },
            statement: view.statement.clone(),
            entries: view.items.iter().map(entry).collect(),
        }
    }

    pub(super) fn info(&self) -> VersionInfo {
        let listed = self.view.items.iter().filter(|item| item.facts.status == Status::Listed).count();
        VersionInfo {
            number: self.number,
            made_at: self.made_at,
            reason: self.reason,
            sha256: self.sha256.clone(),
            listed: u32::try_from(listed).unwrap_or(u32::MAX),
            erased: self.erased.clone(),
        }
    }

    pub(super) fn shown(&self, vote_is_open: bool) -> VersionShown {
        VersionShown {
            voted: self.reason == VersionReason::PlenaryVote && !vote_is_open,
            number: self.number,
            made_at: self.made_at,
            sha256: self.sha256.clone(),
            words: words_hash(&self.view),
        }
    }

    /// Without what these words say; none if it says nothing of it.
    pub(super) fn without(&self, gone: &Blank<'_>, now: Millis) -> Option<Self> {
        let mut version = self.clone();
        let texts = blank(&mut version.view, &mut version.context, gone);
        if texts == 0 {
            return None;
        }
        // The hash of the run's input would confirm a guess of the words that were in it.
        version.view.sha256 = None;
        version.sha256 = version.content().sha256();
        version.erased.push(Erased { day: day(now), texts, sha256: self.sha256.clone() });
        Some(version)
    }
}

fn entry(item: &PlenaryItem) -> VersionEntry {
    let facts = &item.facts;
    let words = item.words();
    VersionEntry {
        id: item.id,
        section: facts.section,
        status: facts.status,
        number: facts.number,
        rank: facts.rank,
        rank_by_votes: facts.rank_by_votes,
        text: words.to_owned(),
        lang: if is_empty(&item.wording) { facts.lang.clone() } else { String::new() },
        tr: facts.translations.iter().map(|(lang, of)| (lang.clone(), of.text.clone())).collect(),
        machine: facts
            .translations
            .iter()
            .filter(|(_, of)| of.machine)
            .map(|(lang, _)| lang.clone())
            .collect(),
        note: item.note.clone(),
        voted: item.reworded_from().map(str::to_owned),
        points: facts.points.clone(),
        support: facts.support.clone(),
        because: facts.because.clone(),
        sources: facts.sources.clone(),
        more: facts.more,
        tags: facts.tags.clone(),
    }
}

/// A hash of everything that a list says, by which a room knows whether it shows a version or the draft of the next one.
#[must_use]
pub fn words_hash(view: &PlenaryView) -> String {
    let context = (view.run, &view.statement);
    let items: Vec<_> = view
        .items
        .iter()
        .map(|item| (item.id, &item.wording, &item.note, &item.facts.text, item.facts.number))
        .collect();
    let bytes = serde_json::to_vec(&(context, items)).unwrap_or_default();
    hex::encode(Sha256::digest(bytes))
}

/// Bytes of the words of a list.
pub(super) fn bytes_of(view: &PlenaryView) -> usize {
    let item = |item: &PlenaryItem| {
        let sources = item.facts.sources.iter().map(|source| source.text.len() + 128).sum::<usize>();
        let tr = item.facts.translations.values().map(|of| of.text.len()).sum::<usize>();
        item.wording.len() + item.note.len() + item.facts.text.len() + sources + tr + 512
    };
    view.items.iter().map(item).sum()
}
