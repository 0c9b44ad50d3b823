//! Does the input of a run give the list of a version? What `plenum merge --verify` says, on anybody's machine.
//!
//! Compared are the hash of the input and, entry by entry, what the rule decides: section, place, number, above or below the line, and
//! from which ideas. Wordings are people's work and are covered by the version's own hash.

use std::collections::BTreeMap;
use std::fmt;

use proto::api::versions::{Version, VersionEntry};
use proto::plenary::{Section, Status};

use crate::merge::{self, IdeaKey, Item, MergeError, Run, RunInput};
use crate::plenary::carried_over::{TAG_EXCLUDED, TAG_ORPHAN};

/// What the comparison came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The input gives this list.
    Equal,
    /// The input gives another list, or the list is not what its hash says.
    Differs(Vec<Difference>),
    /// Words were deleted since the version was made: what is left of it is whole, and no input gives it.
    Erased,
    /// They are of different consultations.
    OtherConsultation,
}

/// One thing that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Difference {
    /// The list was changed: its content has another hash than it says.
    Hash,
    /// The version comes from a run of another input.
    Input,
    /// The version was made by another rule or with other weights.
    Rule,
    /// An entry that the run does not make.
    NotMade(String),
    /// An entry of the run that is not in the version.
    NotThere(String),
    /// An entry that stands elsewhere, or comes from other ideas.
    Entry(String, &'static str),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash => f.write_str("the list was changed: its content has another hash than it says"),
            Self::Input => f.write_str("the list comes from a run of another input"),
            Self::Rule => f.write_str("the list was made by another rule or with other weights"),
            Self::NotMade(id) => write!(f, "entry {id}: the run does not make it"),
            Self::NotThere(id) => write!(f, "entry {id}: it is not in the list"),
            Self::Entry(id, what) => write!(f, "entry {id}: {what} differs"),
        }
    }
}

/// Recomputes the run of an input and compares it with a version.
///
/// # Errors
/// The input gives no run.
pub fn verify(input: &RunInput, version: &Version) -> Result<Verdict, MergeError> {
    let content = &version.content;
    if input.consultation != content.consultation.to_string() {
        return Ok(Verdict::OtherConsultation);
    }
    let mut found = Vec::new();
    if content.sha256() != version.sha256 && version.withheld == 0 {
        found.push(Difference::Hash);
    }
    if !version.erased.is_empty() {
        return Ok(if found.is_empty() { Verdict::Erased } else { Verdict::Differs(found) });
    }
    let run = merge::run(input)?;
    if content.run.sha256.as_deref() != Some(run.run.input_sha256.as_str()) {
        found.push(Difference::Input);
    }
    if (content.run.rule, content.run.weights) != (run.run.rule, run.run.weights) {
        found.push(Difference::Rule);
    }
    compare(&run, &content.entries, &mut found);
    Ok(if found.is_empty() { Verdict::Equal } else { Verdict::Differs(found) })
}

/// What the rule decides about an entry.
struct Decided<'a> {
    section: Section,
    place: usize,
    number: usize,
    listed: bool,
    item: &'a Item,
}

fn compare(run: &Run, entries: &[VersionEntry], found: &mut Vec<Difference>) {
    let below = |id: &IdeaKey| run.below_the_line.contains(id);
    let decided = run.items.iter().zip(run.places()).map(|(item, place)| {
        let listed = !below(&item.id);
        let decided = Decided { section: item.section, place, number: item.number, listed, item };
        (item.id.as_str().to_owned(), decided)
    });
    let mut decided: BTreeMap<String, Decided<'_>> = decided.collect();
    // What people worked on stays in the list when a run does not make it any more.
    let kept = |entry: &&VersionEntry| entry.tags.iter().any(|tag| tag == TAG_ORPHAN || tag == TAG_EXCLUDED);
    for entry in entries.iter().filter(|entry| !kept(entry)) {
        let id = entry.id.to_string();
        match decided.remove(&id) {
            None => found.push(Difference::NotMade(id)),
            Some(made) => found.extend(differs(&made, entry).map(|what| Difference::Entry(id, what))),
        }
    }
    found.extend(decided.into_keys().map(Difference::NotThere));
}

fn differs(made: &Decided<'_>, entry: &VersionEntry) -> Option<&'static str> {
    let named = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let ideas = made.item.members.iter().map(|member| member.idea.as_str().to_owned());
    let sources: Vec<String> = entry.sources.iter().map(|source| source.idea.to_string()).collect();
    if made.section != entry.section {
        Some("the section")
    } else if made.place != named(entry.rank) {
        Some("the place by the rule")
    } else if made.number != named(entry.number) {
        Some("the number")
    } else if made.listed != (entry.status == Status::Listed) {
        Some("whether it is on the list")
    } else if !ideas.collect::<Vec<_>>().starts_with(&sources) {
        // A list names the first ideas of an entry and counts the others.
        Some("the ideas that it comes from")
    } else {
        None
    }
}
