//! The shape of the plenary's document: its keys, once; and the list as it is read over HTTP.
//!
//! Written by the server alone, except for the characters inside `wording`, `note`, `tr.*` and the statement's parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::translations::Translation;
use crate::command::Kind;
use crate::ids::{ConsultationId, Epoch, GroupId, IdeaId, ObjectionId, PointId};
use crate::text::letters::is_empty;

/// Root map: item-id → map of one item.
pub const ITEMS: &str = "items";
/// Root map: the statement's parts, each a `Y.Text`.
pub const STATEMENT: &str = "statement";
/// Keys of the statement, in the order in which they are read.
pub const STATEMENT_PARTS: [&str; 3] = ["opening", "summary", "closing"];

/// Keys of one item.
pub mod item {
    /// What people made of it, a `Y.Text`; empty: show `text`.
    pub const WORDING: &str = "wording";
    /// A note beside it that everybody reads, a `Y.Text`.
    pub const NOTE: &str = "note";
    /// Language → `Y.Text`. Nobody adds one any more: translations are those of the anchor.
    pub const TRANSLATIONS: &str = "tr";
    /// Language → the anchor's words in that language: `text`, `of`, `machine`, `n`. A map, which the server alone writes.
    pub const ANCHOR_TRANSLATIONS: &str = "translations";
    /// What it said when everybody began to vote on it, a string; absent: nobody did.
    pub const VOTED: &str = "voted";
    /// The responses to it: a map, there once somebody responded.
    pub const RESPONSES: &str = "responses";
}

/// Keys of the responses to an item.
pub mod responses {
    /// How many object to it.
    pub const OBJECT: &str = "object";
    /// Objection-id → its line.
    pub const LINES: &str = "lines";
}

/// The parts of the list, by the kind of the ideas.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// Challenges and opportunities.
    Challenges,
    /// Recommendations; only these are numbered.
    Recommendations,
    /// Partnerships and good practices.
    Partnerships,
    /// Everything, when no idea says its kind.
    Ideas,
}

impl Section {
    /// Where an idea of this kind belongs.
    #[must_use]
    pub const fn of(kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::Challenge | Kind::Opportunity) => Self::Challenges,
            Some(Kind::Recommendation) => Self::Recommendations,
            Some(Kind::Partnership | Kind::GoodPractice) => Self::Partnerships,
            None => Self::Ideas,
        }
    }

    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Challenges => "challenges",
            Self::Recommendations => "recommendations",
            Self::Partnerships => "partnerships",
            Self::Ideas => "ideas",
        }
    }
}

/// How many places a section has: one number for all, or one per section.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(untagged, expecting = "k is a number, or an object from section to number")]
pub enum Places {
    /// The same for every section.
    Same(usize),
    /// Per section; the others have their defaults.
    PerSection(BTreeMap<Section, usize>),
}

/// The rule by which a section is ranked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Sequential Phragmén: no crowd buys every place.
    #[default]
    Phragmen,
    /// Method of Equal Shares, completed by Phragmén.
    EqualShares,
    /// Plain count of supporters.
    Votes,
}

/// What a person weighs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Weights {
    /// A group weighs as the square root of its voters; nobody more than three times anybody else.
    #[default]
    Sqrt,
    /// Every person the same.
    Person,
    /// Every group the same.
    Group,
}

/// Above or below the cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// On the list.
    Listed,
    /// Below the line.
    Below,
}

/// `GET /api/plenary/{consultation-id}`: the list with the words that people gave it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct PlenaryView {
    pub consultation: ConsultationId,
    /// The document's epoch.
    pub epoch: Epoch,
    /// Number of the merge run; 0: none yet.
    pub run: u32,
    /// Hash of the run's input.
    pub sha256: Option<String>,
    /// The number of the newest version, once there is one (rule C37).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<u32>,
    /// When it was made, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub version_at: Option<u64>,
    /// Its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version_sha256: Option<String>,
    /// Is this something else than that version: the draft of the next one?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub draft: bool,
    /// Does the list stand still?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub frozen: bool,
    /// Is anybody under-represented? Absent before the first run, and while the vote is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub audit: Option<Representation>,
    /// The statement's parts.
    pub statement: Statement,
    /// All items: by section, listed before below, by number.
    pub items: Vec<PlenaryItem>,
}

/// What a run says about itself, as everybody may read it; in the document under `about.audit`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct Representation {
    /// By heads and by the votes that the list is made of: is nobody owed more than they have, and have about as many people
    /// something on the list as could have?
    pub represented: bool,
    /// Where one is: a finding, not an error.
    pub shortfalls: Vec<Shortfall>,
    /// Groups that promoted nothing, and came in with their ideas that have the most votes.
    pub promoted_nothing: Vec<GroupId>,
    /// How many people have something on the list, section by section.
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    /// Listed items whose place a single vote decides; none where not every such vote could be tried.
    #[serde(default)]
    pub close: Vec<IdeaId>,
    /// Groups with ideas, none of which is on the list.
    #[serde(default)]
    pub groups_without: Vec<GroupId>,
}

/// How many people have an approved entry among the listed ones of a section. Numbers under five are not told, nor what would
/// tell them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Coverage {
    pub section: Section,
    /// People who approve an entry of the section.
    pub voters: People,
    /// Those of them who approve a listed one.
    pub covered: People,
    /// Is that at least nine tenths of what a list of the same length could reach?
    pub enough: bool,
}

/// People who agree on an entry below the line, and whose votes are worth more places than any of them has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Shortfall {
    pub item: IdeaId,
    pub section: Section,
    /// The places that their number is worth.
    pub places: u32,
    /// How many they are.
    pub people: People,
    /// How many of each group.
    pub by_group: BTreeMap<GroupId, People>,
}

/// The smallest number of people that is written as a number; nobody at all is one, too. Privacy rests on it.
pub const PEOPLE_MIN: u32 = 5;

/// A number of people as it may be told: fewer than [`PEOPLE_MIN`] are *some*.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum People {
    /// Nobody, or at least five.
    Number(u32),
    /// One to four.
    Few(Few),
}

impl People {
    /// So many people, as they may be told.
    #[must_use]
    pub const fn of(count: u32) -> Self {
        if count == 0 || count >= PEOPLE_MIN { Self::Number(count) } else { Self::Few(Few::Some) }
    }

    /// Numbers of people that are parts of a total, as they may be told beside it: a small one must not come out by subtraction,
    /// so those that are not told are together at least five people, and the smallest others are hidden with them until that is so.
    #[must_use]
    pub fn parts<Key: Ord + Copy>(counts: &BTreeMap<Key, u32>) -> BTreeMap<Key, Self> {
        let mut told: BTreeMap<Key, Self> =
            counts.iter().map(|(&key, &count)| (key, Self::of(count))).collect();
        let mut hidden: u32 = counts.values().filter(|&&count| matches!(Self::of(count), Self::Few(_))).sum();
        let mut shown: Vec<(u32, Key)> = counts
            .iter()
            .filter(|&(_, &count)| count >= PEOPLE_MIN)
            .map(|(&key, &count)| (count, key))
            .collect();
        shown.sort_unstable();
        for (count, key) in shown {
            if hidden == 0 || hidden >= PEOPLE_MIN {
                break;
            }
            told.insert(key, Self::Few(Few::Some));
            hidden += count;
        }
        told
    }
}

/// The word for a number that is not told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Few {
    /// A small count: fewer than five, or a number from which such a count would come out.
    Some,
}

/// The words around the list.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Statement {
    /// What is read before the list.
    pub opening: String,
    /// Read before the list.
    pub summary: String,
    /// What is read after the list.
    pub closing: String,
}

/// One entry of the list. The fields beside `wording` and `note` stand in the document under the same names.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct PlenaryItem {
    /// Its id: made of the id of its first anchor and the section. Items of old lists have the id of that idea itself.
    pub id: IdeaId,
    /// What people made of it; empty: show `text`.
    pub wording: String,
    /// A note beside it, for everybody.
    pub note: String,
    /// What it said when everybody began to vote on it; absent: nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub voted: Option<String>,
    /// The responses to it; absent: nobody responded.
    #[serde(default, skip_serializing_if = "Responses::is_empty")]
    #[ts(optional, as = "Option<Responses>")]
    pub responses: Responses,
    /// What the server knows of it.
    #[serde(flatten)]
    pub facts: ItemFacts,
}

/// The responses of people in the plenary to an item: their objections. They never change its place.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Responses {
    /// How many object to it, those included whose words were deleted.
    pub object: u32,
    /// Why they object, in an order that does not tell who; a bounded number of them.
    pub lines: Vec<ObjectionLine>,
}

impl Responses {
    /// Does nobody object?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.object == 0
    }
}

/// The line of an objection.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct ObjectionLine {
    /// Its id, drawn by lot.
    pub id: ObjectionId,
    pub text: String,
}

/// What a seat says of an item in the plenary; told to that seat alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(tag = "response", rename_all = "lowercase")]
pub enum OwnResponse {
    /// It objects, with or without a line.
    Object {
        /// Why; absent: the words were deleted by staff.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        line: Option<String>,
    },
}

/// What the merge says of an item; written by the server.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, TS)]
pub struct ItemFacts {
    /// Its part of the list.
    pub section: Section,
    /// The discussion points of its sources.
    pub points: Vec<PointId>,
    /// Place in its section by the rule, from 1.
    pub rank: u32,
    /// The number that people see and quote, in its section from 1: among the entries that have a place, and below the line, more
    /// people come first.
    #[serde(default)]
    pub number: u32,
    /// The load at which its supporters bought it; `null`: no votes, or not shown while the vote is hidden.
    pub t: Option<f64>,
    /// Listed or below.
    pub status: Status,
    /// Who supports it; `null` while the vote is hidden.
    pub support: Option<Support>,
    /// What each group paid for its place; sums to 1.
    pub paid_by_group: BTreeMap<GroupId, f64>,
    /// Its place by plain count.
    pub rank_by_votes: u32,
    /// Why it is where it is; empty while the vote is hidden.
    #[serde(default)]
    pub because: Because,
    /// The idea whose words it has.
    pub anchor: IdeaId,
    /// The anchor's words.
    pub text: String,
    /// The anchor's language.
    pub lang: String,
    /// Language → the anchor's words in that language (rule C36).
    #[serde(default)]
    pub translations: BTreeMap<String, Translation>,
    /// The ideas it came from, the anchor first: the first of them, if there are very many (rule B9).
    pub sources: Vec<Source>,
    /// How many more there are.
    #[serde(default)]
    pub more: u32,
    /// `heard`, `shared-concern`, `no-votes`, `best-by-tally`, `pinned`; `orphan`: its ideas are elsewhere by now.
    pub tags: Vec<String>,
}

impl PlenaryItem {
    /// What it says: people's wording, else its anchor's words.
    #[must_use]
    pub fn words(&self) -> &str {
        if is_empty(&self.wording) { &self.facts.text } else { &self.wording }
    }

    /// What it said when everybody began to vote on it, if that was something else than what it says now (rule C37).
    #[must_use]
    pub fn reworded_from(&self) -> Option<&str> {
        self.voted.as_deref().filter(|voted| voted.trim() != self.words().trim())
    }
}

impl ItemFacts {
    /// Gives an item its number that was written before numbers were: its place by the rule.
    pub const fn number_from_rank(&mut self) {
        if self.number == 0 {
            self.number = self.rank;
        }
    }
}

/// Why an item is where it is, counted in people who vote in its section.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Because {
    /// Of a listed item: people who approve it and nothing else on the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub alone: Option<u32>,
    /// Of a listed item: do more people approve it than any item below the line?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub most: bool,
    /// Of a listed item: with so many fewer people it would lose its place, those with nothing else on the list taken first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub margin: Option<u32>,
    /// Of an item below the line: people who approve it and one of the entries in `served_by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub served: Option<u32>,
    /// The numbers of at most three listed items that many who approve this one approve.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<u32>>")]
    pub served_by: Vec<u32>,
}

/// Support of an item, in people.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct Support {
    /// Seats that approve at least one of its sources.
    pub seats: u32,
    /// Groups they belong to.
    pub groups: u32,
    /// Seats per group.
    pub by_group: BTreeMap<GroupId, u32>,
}

/// The link from an item to an idea that it came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct Source {
    pub idea: IdeaId,
    pub group: GroupId,
    /// Its words when the run was made.
    pub text: String,
    /// BCP 47 tag of its words, or empty when it is not known.
    pub lang: String,
    /// Its tally; `null` while the vote is hidden.
    pub votes: Option<u32>,
    /// How it came to this item: `anchor`, `identical`, `assigned`, `combined`; `similar` in lists that an older version made.
    pub via: String,
}

/// A text of the list that was taken off, because it says something like words that were deleted: for staff alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
pub struct DoubtfulText {
    /// Its name in `about.doubtful`: `wording/ID`, `note/ID`, `tr/ID/LANGUAGE`, `statement/PART`.
    pub text: String,
    /// What it says.
    pub words: String,
}

/// What the staff of the list have to settle.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, TS)]
pub struct DoubtfulTexts {
    /// Each with its words.
    pub texts: Vec<DoubtfulText>,
}
