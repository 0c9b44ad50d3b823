//! What is asked without a token: certificates of purges, and what became of ideas, by their receipts.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use proto::api::ending::Certificate;
use proto::api::idea_outcome::{Follow, Followed, IdeaOutcome, Listed, Owned, Whereabouts};
use proto::ids::{CertificateId, ConsultationId, DocumentName, IdeaId};
use proto::plenary::PlenaryView;
use proto::problem::{Code, Problem};
use proto::text::letters::is_empty;

use super::Hub;
use crate::consultation::{Consultation, RunFacts};
use crate::journal::JournalError;
use crate::live::{CERTIFICATE, PURGED};

/// Ideas that their entry does not name: entry → ideas, with the words that they were shared with.
type Beyond = BTreeMap<IdeaId, Vec<(IdeaId, Arc<str>)>>;

impl Hub {
    /// The consultations that were purged.
    pub(super) fn purged(&self) -> Result<Vec<ConsultationId>, JournalError> {
        let names = self.node.journal.server_names(PURGED)?;
        Ok(names.iter().filter_map(|name| name.strip_prefix(PURGED)?.parse().ok()).collect())
    }

    /// The certificate of a purge.
    ///
    /// # Errors
    /// `not-found` when there is none with this id.
    pub fn certificate(&self, id: CertificateId) -> Result<Certificate, Problem> {
        let value = self.node.journal.server_value(&format!("{CERTIFICATE}{id}")).map_err(|error| {
            tracing::error!(%error, "a certificate could not be read");
            Problem::new(Code::Unavailable)
        })?;
        let certificate = value.and_then(|value| serde_json::from_slice(&value).ok());
        certificate.ok_or_else(|| Problem::new(Code::NotFound))
    }

    /// What became of ideas, for whoever holds their receipts.
    ///
    /// # Errors
    /// `malformed` when there are too many or one is named twice, `not-found` when there is no such consultation, `purged` when it was
    /// deleted.
    pub async fn follow(&self, follow: Follow) -> Result<Followed, Problem> {
        let Follow { consultation, ideas } = follow;
        let most = self.node.limits.records.followed_max;
        if ideas.len() > most {
            return Err(Problem::because(Code::Malformed, format!("At most {most} ideas at once.")));
        }
        // Each answer looks through what is combined: the holder of one receipt may ask for that once, not two hundred times.
        let mut asked = BTreeSet::new();
        if !ideas.iter().all(|owned| asked.insert(owned.idea)) {
            return Err(Problem::because(Code::Malformed, "Each idea is asked about once."));
        }
        if self.node.directory.is_purged(consultation) {
            return Err(Problem::new(Code::Purged));
        }
        let handle = self.node.directory.handle(consultation).ok_or_else(|| Problem::new(Code::NotFound))?;
        let (fates, beyond) = handle.read(move |view| outcomes_of(view.consultation(), &ideas)).await?;
        let Some(beyond) = beyond else { return Ok(Followed { ideas: fates }) };
        let room = handle.room(DocumentName::Plenary(consultation)).await?;
        let plenary = room.read_plenary().await.map_err(|_| Problem::new(Code::Unavailable))?;
        Ok(Followed { ideas: on_the_list(fates, &plenary, &beyond) })
    }
}

/// The outcomes as far as the consultation knows them; with what its entries do not name, if one of the ideas is on the list.
fn outcomes_of(consultation: &Consultation, ideas: &[Owned]) -> (Vec<IdeaOutcome>, Option<Beyond>) {
    let fates: Vec<IdeaOutcome> = ideas.iter().map(|owned| consultation.followed(owned)).collect();
    let run = consultation.run_facts().filter(|run| lists(run, &fates));
    let beyond = run.map(|run| beyond(consultation, run, &fates));
    (fates, beyond)
}

fn beyond(consultation: &Consultation, run: &RunFacts, fates: &[IdeaOutcome]) -> Beyond {
    let mut beyond = Beyond::new();
    for fate in fates.iter().filter(|fate| is_shown(fate)) {
        let idea = consultation.ideas().get(&fate.idea);
        if let (Some(item), Some(idea)) = (run.beyond.get(&fate.idea), idea) {
            beyond.entry(*item).or_default().push((fate.idea, idea.text_handle()));
        }
    }
    beyond
}

/// Is one of these on the list?
fn lists(run: &RunFacts, fates: &[IdeaOutcome]) -> bool {
    let shown: HashSet<IdeaId> = fates.iter().filter(|fate| is_shown(fate)).map(|fate| fate.idea).collect();
    run.sources().any(|source| shown.contains(&source.idea))
        || shown.iter().any(|idea| run.beyond.contains_key(idea))
}

fn is_shown(fate: &IdeaOutcome) -> bool {
    fate.place == Whereabouts::Shown
}

/// Tells of each idea where it stands: also of one that was not promoted itself, but says the same as one that was.
fn on_the_list(mut fates: Vec<IdeaOutcome>, plenary: &PlenaryView, beyond: &Beyond) -> Vec<IdeaOutcome> {
    let wanted: BTreeMap<IdeaId, usize> = fates
        .iter()
        .enumerate()
        .filter(|(_, fate)| is_shown(fate))
        .map(|(at, fate)| (fate.idea, at))
        .collect();
    let kept_off = |tags: &[String]| tags.iter().any(|tag| tag == "excluded" || tag == "orphan");
    for item in plenary.items.iter().filter(|item| !kept_off(&item.facts.tags)) {
        let named = item.facts.sources.iter().map(|source| (source.idea, source.text.as_str()));
        let others = beyond.get(&item.id).into_iter().flatten().map(|(idea, text)| (*idea, &**text));
        for (idea, text) in named.chain(others) {
            let fate = wanted.get(&idea).and_then(|at| fates.get_mut(*at));
            let Some(fate) = fate.filter(|fate| fate.listed.is_none()) else { continue };
            let worded = item.wording.trim();
            let wording = if is_empty(worded) { item.facts.text.as_str() } else { worded };
            fate.listed = Some(Listed {
                item: item.id,
                section: item.facts.section,
                status: item.facts.status,
                number: item.facts.number,
                reworded: wording != text.trim(),
                wording: wording.to_owned(),
            });
        }
    }
    fates
}
