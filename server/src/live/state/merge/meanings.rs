//! Which ideas may mean the same, in whatever words or language, as a service that the operator chose told.
//!
//! It is asked after a run, by a job of its own, one at a time for each consultation. A run never waits for it, and neither does
//! anybody else: what it finds is added to what staff are asked when it is there. Kept are vectors by the hash of model and
//! text, only of ideas that are on a board now, and only in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proto::api::curation::{NamedIdea, Suggestion};
use proto::ids::IdeaId;
use sha2::{Digest, Sha256};

use super::suggestions::Suggested;
use crate::consultation::Idea;
use crate::embeddings::Vector;
use crate::live::state::batch::Batch;
use crate::live::state::job::{Candidate, Candidates, Job, Meanings, TextHash};
use crate::live::state::{Env, Live};
use crate::merge::MergeIdea;

/// What is known of what ideas mean.
#[derive(Debug, Default)]
pub(in crate::live::state) struct KnownMeanings {
    /// Every idea that the last run read, for the words of what is found.
    readable: BTreeMap<IdeaId, NamedIdea>,
    /// Idea → the hash of its text.
    hashes: BTreeMap<IdeaId, TextHash>,
    vectors: HashMap<TextHash, Arc<Vector>>,
    /// Pairs that may mean the same.
    near: Vec<Suggestion>,
    /// Is the service being asked?
    asking: bool,
    /// A run came while the service was asked: it is asked again.
    again: bool,
}

impl KnownMeanings {
    /// Nothing is kept of an idea that was taken back or hidden.
    pub(in crate::live::state) fn forget(&mut self, idea: IdeaId) {
        self.readable.remove(&idea);
        self.near.retain(|pair| pair.a != idea && pair.b != idea);
        if let Some(hash) = self.hashes.remove(&idea)
            && !self.hashes.values().any(|other| *other == hash)
        {
            self.vectors.remove(&hash);
        }
    }

    /// What may mean the same, for the next run.
    pub(super) fn near(&self) -> &[Suggestion] {
        &self.near
    }

    /// Adds what may mean the same to what a run found, the nearest first.
    pub(super) fn add_to(&self, found: &mut Suggested) {
        for pair in &self.near {
            let (Some(a), Some(b)) = (self.readable.get(&pair.a), self.readable.get(&pair.b)) else {
                continue;
            };
            let known = found.suggestions.iter_mut().find(|other| (other.a, other.b) == (pair.a, pair.b));
            if let Some(known) = known {
                (known.score, known.mark) = (pair.score, known.mark.or(pair.mark));
                continue;
            }
            if a.item.is_some() && a.item == b.item {
                continue;
            }
            found.suggestions.push(pair.clone());
            found.ideas.entry(pair.a).or_insert_with(|| a.clone());
            found.ideas.entry(pair.b).or_insert_with(|| b.clone());
        }
        found.suggestions.sort_by(|x, y| y.score.total_cmp(&x.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    }
}

impl Live {
    /// A run is there: the service is asked about its ideas, if there is a service.
    pub(in crate::live::state) fn find_meanings(
        &mut self,
        readable: BTreeMap<IdeaId, NamedIdea>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let Some(model) = env.embedding_model else { return };
        let known = &mut self.merges.meanings;
        known.readable = readable;
        if known.asking {
            known.again = true;
            return;
        }
        known.asking = true;
        let ideas = self.consultation.ideas();
        let named = known.readable.iter().filter_map(|(id, named)| Some((id, named, ideas.get(id)?)));
        let candidates = named
            .filter(|(.., idea)| idea.is_shown())
            .take(env.limits.embeddings_texts_max)
            .map(|(id, named, idea)| Candidate {
                id: *id,
                idea: MergeIdea {
                    id: (*id).into(),
                    group: named.group.into(),
                    text: named.text.clone(),
                    lang: named.lang.clone(),
                    promoted: false,
                    kind: idea.kind().or_else(|| Some(self.consultation.proposed_kind(idea.point()))),
                    point: Some(idea.point().into()),
                    tr: BTreeMap::new(),
                },
                hash: hash_of(model, &named.text),
            });
        let candidates = Candidates { ideas: candidates.collect(), vectors: known.vectors.clone() };
        batch.told().jobs.push(Job::FindMeanings(candidates));
    }

    /// The service has answered, or not.
    pub(in crate::live::state) fn meanings_found(
        &mut self,
        found: Option<Meanings>,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        let known = &mut self.merges.meanings;
        known.asking = false;
        let mut changed = false;
        if let Some(Meanings { hashes, vectors, near }) = found {
            changed = near != known.near;
            (known.hashes, known.vectors, known.near) = (hashes, vectors, near);
            // What was taken back or hidden meanwhile is not kept.
            let ideas = self.consultation.ideas();
            let shown = |idea: &IdeaId| ideas.get(idea).is_some_and(Idea::is_shown);
            let gone: Vec<IdeaId> = known.hashes.keys().filter(|idea| !shown(idea)).copied().collect();
            for idea in gone {
                known.forget(idea);
            }
        }
        let again = std::mem::take(&mut known.again);
        let readable = if again { std::mem::take(&mut known.readable) } else { BTreeMap::new() };
        self.merges.add_near();
        if changed && self.is_live() {
            // What is held back from the list depends on the pairs.
            self.put_off_merge(env);
        }
        batch.told().curation = true;
        if again {
            self.find_meanings(readable, batch, env);
        }
    }
}

fn hash_of(model: &str, text: &str) -> TextHash {
    Sha256::new().chain_update(model).chain_update([0]).chain_update(text).finalize().into()
}
