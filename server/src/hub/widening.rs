//! Beside the list: a service that the operator chose is asked which ideas may mean the same, in whatever words or language.
//!
//! It is asked after a run, by a task of its own, one at a time for each consultation. A run never waits for it, and neither
//! does anybody else: what it finds is added to what staff are asked when it is there. Kept are vectors by the hash of
//! model and text, only of ideas that are on a board now, and only in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proto::api::curation::{NamedIdea, Suggestion};
use proto::ids::IdeaId;
use proto::plenary::Section;
use sha2::{Digest, Sha256};

use super::merging::Findings;
use super::task::Task;
use crate::config::Limits;
use crate::consultation::Idea;
use crate::embeddings::near::pairs;
use crate::embeddings::{Embedder, EmbeddingsError, Vector};

/// The hash of a model and a text.
type TextHash = [u8; 32];

/// What is known of what ideas mean.
#[derive(Default)]
pub struct Meanings {
    /// Every idea that the last run read, for the words of what is found.
    readable: BTreeMap<IdeaId, NamedIdea>,
    /// Idea → the hash of its text.
    prints: BTreeMap<IdeaId, TextHash>,
    vectors: HashMap<TextHash, Arc<Vector>>,
    /// Pairs that may mean the same.
    near: Vec<Suggestion>,
    /// A run came while the service was asked: it is asked again.
    again: bool,
}

/// What came of asking.
pub struct MeaningsFound {
    prints: BTreeMap<IdeaId, TextHash>,
    vectors: HashMap<TextHash, Arc<Vector>>,
    near: Vec<Suggestion>,
}

/// An idea on its way to the service.
struct Candidate {
    idea: IdeaId,
    section: Section,
    text: String,
    print: TextHash,
}

impl Meanings {
    /// Nothing is kept of an idea that was taken back or hidden.
    pub fn forget(&mut self, idea: IdeaId) {
        self.readable.remove(&idea);
        self.near.retain(|pair| pair.a != idea && pair.b != idea);
        if let Some(print) = self.prints.remove(&idea)
            && !self.prints.values().any(|other| *other == print)
        {
            self.vectors.remove(&print);
        }
    }

    /// Adds what may mean the same to what a run found; what is there already stays as it is.
    pub fn add_to(&self, found: &mut Findings) {
        for pair in &self.near {
            let known = found.suggestions.iter().any(|other| (other.a, other.b) == (pair.a, pair.b));
            let (Some(a), Some(b)) = (self.readable.get(&pair.a), self.readable.get(&pair.b)) else {
                continue;
            };
            if known || (a.item.is_some() && a.item == b.item) {
                continue;
            }
            found.suggestions.push(pair.clone());
            found.ideas.entry(pair.a).or_insert_with(|| a.clone());
            found.ideas.entry(pair.b).or_insert_with(|| b.clone());
        }
    }
}

impl Task {
    /// A run is there: the service is asked about its ideas, if there is a service.
    pub(super) fn find_meanings(&mut self, readable: BTreeMap<IdeaId, NamedIdea>) {
        let Some(embedder) = self.embedder.clone() else { return };
        self.curating.meanings.readable = readable;
        if !self.widenings.is_empty() {
            self.curating.meanings.again = true;
            return;
        }
        let ideas = self.consultation.ideas();
        let meanings = &self.curating.meanings;
        let known = meanings.readable.iter().filter_map(|(id, named)| Some((id, named, ideas.get(id)?)));
        let candidates = known
            .filter(|(.., idea)| idea.is_shown())
            .take(self.limits.embeddings_texts_max)
            .map(|(id, named, idea)| Candidate {
                idea: *id,
                section: Section::of(idea.kind),
                text: named.text.clone(),
                print: print_of(embedder.model(), &named.text),
            });
        let (candidates, vectors) = (candidates.collect(), meanings.vectors.clone());
        self.widenings.spawn(ask(embedder, candidates, vectors, Arc::clone(&self.limits)));
    }

    /// The service has answered, or not.
    pub(super) fn widened(&mut self, widened: Option<MeaningsFound>) {
        let meanings = &mut self.curating.meanings;
        if let Some(MeaningsFound { prints, vectors, near }) = widened {
            (meanings.prints, meanings.vectors, meanings.near) = (prints, vectors, near);
            // What was taken back or hidden meanwhile is not kept.
            let ideas = self.consultation.ideas();
            let shown = |idea: &IdeaId| ideas.get(idea).is_some_and(Idea::is_shown);
            let gone: Vec<IdeaId> = meanings.prints.keys().filter(|idea| !shown(idea)).copied().collect();
            for idea in gone {
                meanings.forget(idea);
            }
        }
        self.curating.add_near();
        self.push_curation();
        if std::mem::take(&mut self.curating.meanings.again) {
            let readable = std::mem::take(&mut self.curating.meanings.readable);
            self.find_meanings(readable);
        }
    }
}

/// Asks for what is not known, and compares.
async fn ask(
    embedder: Arc<Embedder>,
    candidates: Vec<Candidate>,
    mut vectors: HashMap<TextHash, Arc<Vector>>,
    limits: Arc<Limits>,
) -> MeaningsFound {
    let mut missing: Vec<&Candidate> =
        candidates.iter().filter(|one| !vectors.contains_key(&one.print)).collect();
    missing.sort_by_key(|candidate| candidate.print);
    missing.dedup_by_key(|candidate| candidate.print);
    let mut fresh = Vec::new();
    for batch in missing.chunks(limits.embeddings_batch) {
        let texts: Vec<&str> = batch.iter().map(|candidate| candidate.text.as_str()).collect();
        match embedder.vectors(&texts).await {
            Ok(answer) => {
                fresh.extend(batch.iter().map(|one| one.print).zip(answer.into_iter().map(Arc::new)))
            }
            Err(error) => {
                if error != EmbeddingsError::Resting {
                    tracing::warn!(%error, "what may mean the same is not known");
                }
                break;
            }
        }
    }
    vectors.extend(fresh);
    let prints: BTreeMap<IdeaId, TextHash> = candidates.iter().map(|one| (one.idea, one.print)).collect();
    vectors.retain(|print, _| prints.values().any(|known| known == print));
    // Off the runtime's threads: thousands of ideas are millions of pairs.
    let compared = tokio::task::spawn_blocking(move || {
        let near = compare(&candidates, &vectors, limits.suggestions_max);
        MeaningsFound { prints, vectors, near }
    });
    compared.await.unwrap_or_else(|_| MeaningsFound {
        prints: BTreeMap::new(),
        vectors: HashMap::new(),
        near: Vec::new(),
    })
}

fn compare(
    candidates: &[Candidate],
    vectors: &HashMap<TextHash, Arc<Vector>>,
    most: usize,
) -> Vec<Suggestion> {
    let (ids, texts): (Vec<IdeaId>, Vec<(Section, &Vector)>) = candidates
        .iter()
        .filter_map(|one| Some((one.idea, (one.section, &**vectors.get(&one.print)?))))
        .unzip();
    let suggestion = |(a, b, score): (usize, usize, f64)| {
        let (a, b) = (ids[a].min(ids[b]), ids[a].max(ids[b]));
        Suggestion { a, b, score, shared: Vec::new() }
    };
    pairs(&texts, most).into_iter().map(suggestion).collect()
}

fn print_of(model: &str, text: &str) -> TextHash {
    Sha256::new().chain_update(model).chain_update([0]).chain_update(text).finalize().into()
}
