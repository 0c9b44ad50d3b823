//! The list as a file: everything that is needed to read it, and nothing about single people.
//!
//! A figure that rests on fewer than five people reads *some*, and so does whatever it could be worked out from. No
//! author, no time finer than the day. Checking the run's hash needs the input of the run, which staff alone have.
//!
//! The way through: [`Export`] → `page` (what is said, block by block, with `words` of the reader's language, `explanation`,
//! and `small_counts`) → [`markdown`] or [`docx`]. [`csv`] and [`json`] are for machines. `sanitize` decides what of
//! people's texts is let out, `escape` and `docx::runs` how.

pub mod csv;
pub mod docx;
mod escape;
mod explanation;
pub mod json;
pub mod language;
mod line;
pub mod markdown;
mod page;
mod sanitize;
pub mod small_counts;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use proto::api::ledger::LedgerEntry;
use proto::api::plenary_vote::{PlenaryVoteStage, PlenaryVoteState};
use proto::api::translations::Translation;
use proto::api::versions::Erased;
use proto::ids::{GroupId, IdeaId, PointId};
use proto::phase::Phase;
use proto::plenary::{People, PlenaryItem, PlenaryView, Responses, Section, Status};
use proto::text::letters::is_empty;

use crate::clock::day;
use crate::merge::output::Audit;
use crate::merge::{Rule, Weights};
use language::Language;

/// What leaves the house.
#[derive(Clone, PartialEq, Debug)]
pub struct Export {
    /// The consultation's title.
    pub title: String,
    /// The day, for example `2027-03-15`.
    pub date: String,
    /// The discussion points, in order.
    pub points: Vec<ExportPoint>,
    /// The groups, in order.
    pub groups: Vec<ExportGroup>,
    /// Which version it is of, or of which one it is the draft.
    pub edition: Edition,
    /// The list, with the words that people gave it.
    pub plenary: PlenaryView,
    /// The language in which it is read.
    pub language: Language,
    /// The language in which the list is authoritative, a BCP 47 tag.
    pub working_language: Option<String>,
    /// How it was made.
    pub rule: Rule,
    /// What a person weighed.
    pub weights: Weights,
    /// What the run says about itself; `None` before the first run and while the vote is hidden.
    pub audit: Option<Audit>,
    /// Did people vote on entries of other groups?
    pub across_groups: AcrossGroups,
    /// What staff did, oldest first.
    pub ledger: Vec<LedgerEntry>,
    /// How the version was adopted, if it was.
    pub adoption: Option<ExportAdoption>,
}

/// How a version was adopted.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct ExportAdoption {
    /// Seats that stand by it.
    pub adopted: People,
    /// Seats that might say so.
    pub voters: u32,
    /// What is objected to which entry.
    pub objections: Vec<(IdeaId, Responses)>,
}

/// Is a file one of a version, or of the draft of the next one (rule C37)?
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edition {
    /// Of a version.
    Version {
        /// Its number.
        number: u32,
        /// The day on which it was made.
        date: String,
        /// Its hash.
        sha256: String,
        /// Deletions of words since then.
        erased: Vec<Erased>,
        /// Texts that are left out because staff hide them.
        withheld: u32,
    },
    /// Of the draft of this version.
    Draft(u32),
}

impl Edition {
    /// What the list shows now.
    #[must_use]
    pub fn of(plenary: &PlenaryView) -> Self {
        let version = plenary.version.filter(|_| !plenary.draft);
        match (version, plenary.version_at, &plenary.version_sha256) {
            (Some(number), Some(at), Some(sha256)) => Self::Version {
                number,
                date: day(at),
                sha256: sha256.clone(),
                erased: Vec::new(),
                withheld: 0,
            },
            _ => Self::Draft(plenary.version.unwrap_or(0) + 1),
        }
    }

    /// What a file's name says of it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Version { number, .. } => format!("v{number}"),
            Self::Draft(number) => format!("draft-v{number}"),
        }
    }

    const fn version(&self) -> Option<u32> {
        match self {
            Self::Version { number, .. } => Some(*number),
            Self::Draft(_) => None,
        }
    }
}

/// Did people vote on entries of other groups?
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum AcrossGroups {
    /// Nobody did.
    Nobody,
    /// That is not known yet: the vote of everybody may still be opened, or is open.
    #[default]
    NotYet,
    /// They did, and the result is known.
    Voted {
        /// Seats that might vote.
        voters: u32,
        /// How many of them did.
        voted: u32,
        /// How many approve each entry that was voted on.
        entries: Vec<(IdeaId, People)>,
    },
}

impl AcrossGroups {
    /// As the consultation says it.
    #[must_use]
    pub fn of(phase: Phase, plenary_vote: Option<&PlenaryVoteState>) -> Self {
        match plenary_vote {
            None if phase >= Phase::Plenary => Self::Nobody,
            None => Self::NotYet,
            Some(vote) => match vote.stage {
                PlenaryVoteStage::Waiting if phase == Phase::Closed => Self::Nobody,
                PlenaryVoteStage::Waiting | PlenaryVoteStage::Open => Self::NotYet,
                PlenaryVoteStage::Closed => {
                    let entries = vote.paper.iter().filter_map(|entry| Some((entry.item, entry.approvals?)));
                    Self::Voted { voters: vote.voters, voted: vote.voted, entries: entries.collect() }
                }
            },
        }
    }
}

/// A discussion point.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct ExportPoint {
    pub id: PointId,
    pub title: String,
}

/// A group and how many took part.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct ExportGroup {
    pub id: GroupId,
    pub name: String,
    /// Participants who have a seat in it.
    pub participants: u32,
    /// Seats that approve anything; `None` while the vote is hidden.
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
    /// What they say, with their languages; nothing where a moderator looks at ideas first.
    pub late_ideas: Vec<(String, String)>,
}

/// The sections in the order in which they are read.
const SECTIONS: [Section; 4] =
    [Section::Challenges, Section::Recommendations, Section::Partnerships, Section::Ideas];

impl Export {
    /// The items of a section, above or below the line, in their order.
    fn items(&self, section: Section, status: Status) -> impl Iterator<Item = &PlenaryItem> {
        let of = move |item: &&PlenaryItem| item.facts.section == section && item.facts.status == status;
        self.plenary.items.iter().filter(of).filter(|item| !is_kept_off(item))
    }

    /// Points that something on the list answers.
    fn answered_points(&self) -> BTreeSet<PointId> {
        let listed = self.plenary.items.iter().filter(|item| item.facts.status == Status::Listed);
        let listed = listed.filter(|item| !is_kept_off(item));
        listed.flat_map(|item| item.facts.points.iter().copied()).collect()
    }

    fn group_names(&self) -> BTreeMap<GroupId, &str> {
        self.groups.iter().map(|group| (group.id, group.name.as_str())).collect()
    }
}

/// Did staff keep it off the list? The document may still hold the words that people gave it.
fn is_kept_off(item: &PlenaryItem) -> bool {
    item.facts.tags.iter().any(|tag| tag == "excluded")
}

/// What an item says: people's wording, else its anchor's.
fn wording(item: &PlenaryItem) -> &str {
    if is_empty(&item.wording) { &item.facts.text } else { &item.wording }
}

/// What an entry says in another language than its own.
struct Translated<'a> {
    text: &'a str,
    machine: bool,
    /// Were the words changed since?
    earlier: bool,
}

impl<'a> Translated<'a> {
    fn of(item: &PlenaryItem, translation: &'a Translation) -> Self {
        let earlier = !translation.is_of(wording(item));
        Self { text: &translation.text, machine: translation.machine, earlier }
    }
}

/// What an entry says in the language of the file, if that is not its own and somebody translated it.
fn translated<'a>(item: &'a PlenaryItem, language: Language) -> Option<Translated<'a>> {
    if Language::of_tag(&item.facts.lang) == Some(language) {
        return None;
    }
    let mut all = item.facts.translations.iter();
    let (_, found) = all.find(|(tag, _)| Language::of_tag(tag) == Some(language))?;
    (!is_empty(&found.text)).then(|| Translated::of(item, found))
}

/// Is this section numbered? Recommendations are; and a list without kinds, which is nothing else.
const fn is_numbered(section: Section) -> bool {
    match section {
        Section::Recommendations | Section::Ideas => true,
        Section::Challenges | Section::Partnerships => false,
    }
}
