//! Asks the encoder or the embedding service for vectors that are not known, and compares all ideas by words and meaning.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use proto::ids::IdeaId;

use crate::config::Limits;
use crate::embeddings::{Embedder, EmbeddingsError, Vector};
use crate::live::state::job::{Candidate, Candidates, Meanings, TextHash};
use crate::live::state::merge::run::suggestion;
use crate::merge::{IdeaKey, MergeIdea, candidates};

/// Asks for what is not known, and compares.
pub async fn find(embedder: Arc<Embedder>, asked: Candidates, limits: Arc<Limits>) -> Meanings {
    let Candidates { ideas, mut vectors } = asked;
    let mut missing: Vec<&Candidate> = ideas.iter().filter(|one| !vectors.contains_key(&one.hash)).collect();
    missing.sort_by_key(|candidate| candidate.hash);
    missing.dedup_by_key(|candidate| candidate.hash);
    let mut fresh = Vec::new();
    for batch in missing.chunks(limits.embeddings_batch) {
        let texts: Vec<&str> = batch.iter().map(|candidate| candidate.idea.text.as_str()).collect();
        match embedder.vectors(&texts).await {
            Ok(answer) => {
                let known = batch.iter().zip(answer).filter_map(|(one, vector)| Some((one.hash, vector?)));
                fresh.extend(known.map(|(hash, vector)| (hash, Arc::new(vector))));
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
    let hashes: BTreeMap<IdeaId, TextHash> = ideas.iter().map(|one| (one.id, one.hash)).collect();
    let known: HashSet<&TextHash> = hashes.values().collect();
    vectors.retain(|hash, _| known.contains(hash));
    if vectors.is_empty() {
        return Meanings { hashes, vectors, near: Vec::new() };
    }
    // Off the runtime's threads: thousands of ideas are millions of pairs.
    let compared = tokio::task::spawn_blocking(move || {
        let near =
            compare(ideas, &vectors).iter().take(limits.suggestions_max).filter_map(suggestion).collect();
        Meanings { hashes, vectors, near }
    });
    compared.await.unwrap_or_default()
}

fn compare(
    ideas: Vec<Candidate>,
    vectors: &HashMap<TextHash, Arc<Vector>>,
) -> Vec<crate::merge::CandidatePair> {
    let meant: HashMap<IdeaKey, Arc<Vector>> = ideas
        .iter()
        .filter_map(|one| Some((one.idea.id.clone(), Arc::clone(vectors.get(&one.hash)?))))
        .collect();
    let ideas: Vec<MergeIdea> = ideas.into_iter().map(|one| one.idea).collect();
    candidates(&ideas, |idea| meant.get(&idea.id).map(|vector| vector.as_slice())).pairs
}
