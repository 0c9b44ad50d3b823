//! Asks the encoder or the embedding service for vectors that are not known, and compares all of them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use proto::api::curation::Suggestion;
use proto::ids::IdeaId;
use proto::plenary::Section;

use crate::config::Limits;
use crate::embeddings::near::{Meant, pairs};
use crate::embeddings::{Embedder, EmbeddingsError, Vector};
use crate::live::state::job::{Candidate, Candidates, Meanings, TextHash};

/// Asks for what is not known, and compares.
pub async fn find(embedder: Arc<Embedder>, candidates: Candidates, limits: Arc<Limits>) -> Meanings {
    let Candidates { ideas: candidates, mut vectors } = candidates;
    let mut missing: Vec<&Candidate> =
        candidates.iter().filter(|one| !vectors.contains_key(&one.hash)).collect();
    missing.sort_by_key(|candidate| candidate.hash);
    missing.dedup_by_key(|candidate| candidate.hash);
    let mut fresh = Vec::new();
    for batch in missing.chunks(limits.embeddings_batch) {
        let texts: Vec<&str> = batch.iter().map(|candidate| candidate.text.as_str()).collect();
        match embedder.vectors(&texts).await {
            Ok(answer) => {
                fresh.extend(batch.iter().map(|one| one.hash).zip(answer.into_iter().map(Arc::new)))
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
    let hashes: BTreeMap<IdeaId, TextHash> = candidates.iter().map(|one| (one.idea, one.hash)).collect();
    let known: HashSet<&TextHash> = hashes.values().collect();
    vectors.retain(|hash, _| known.contains(hash));
    // Off the runtime's threads: thousands of ideas are millions of pairs.
    let compared = tokio::task::spawn_blocking(move || {
        let near = compare(&candidates, &vectors, limits.suggestions_max);
        Meanings { hashes, vectors, near }
    });
    compared.await.unwrap_or_default()
}

fn compare<'a>(
    candidates: &'a [Candidate],
    vectors: &'a HashMap<TextHash, Arc<Vector>>,
    most: usize,
) -> Vec<Suggestion> {
    let meant = |one: &'a Candidate| -> Option<(IdeaId, Meant<'a, Section>)> {
        let vector = vectors.get(&one.hash)?;
        Some((one.idea, Meant { section: one.section, language: &one.language, text: &one.text, vector }))
    };
    let (ids, texts): (Vec<IdeaId>, Vec<Meant<'_, Section>>) = candidates.iter().filter_map(meant).unzip();
    let suggestion = |(a, b, score): (usize, usize, f64)| {
        let (a, b) = (ids[a].min(ids[b]), ids[a].max(ids[b]));
        Suggestion { a, b, score, shared: Vec::new() }
    };
    pairs(&texts, most).into_iter().map(suggestion).collect()
}
