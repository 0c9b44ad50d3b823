//! When a text has been quiet for a while, what it says is kept as a wording that can be restored.

use std::collections::BTreeMap;
use std::time::Duration;

use proto::ids::IdeaId;
use tokio::time::Instant;

/// What an idea says, now that nobody has written in it for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the name and the type of such a field say all; the others have a doc")]
pub struct IdleText {
    pub idea: IdeaId,
    /// Its words.
    pub text: String,
}

/// Ideas in which people write: since when, and when last.
#[derive(Debug, Default)]
pub struct IdleTimers {
    ideas: BTreeMap<IdeaId, (Instant, Instant)>,
}

impl IdleTimers {
    /// Somebody wrote in it now.
    pub fn wrote(&mut self, idea: IdeaId, now: Instant) {
        self.ideas.entry(idea).or_insert((now, now)).1 = now;
    }

    /// When the next one is due: quiet for `pause`, or written in for `pause_max`.
    pub fn due(&self, pause: Duration, pause_max: Duration) -> Option<Instant> {
        self.ideas.values().map(|(first, last)| (*last + pause).min(*first + pause_max)).min()
    }

    /// Those that are due.
    pub fn take_due(&mut self, now: Instant, pause: Duration, pause_max: Duration) -> Vec<IdeaId> {
        let due = |(first, last): &(Instant, Instant)| (*last + pause).min(*first + pause_max) <= now;
        let ideas: Vec<IdeaId> = self.ideas.iter().filter(|(_, at)| due(at)).map(|(id, _)| *id).collect();
        self.ideas.retain(|id, _| !ideas.contains(id));
        ideas
    }

    /// All of them.
    pub fn take_all(&mut self) -> Vec<IdeaId> {
        std::mem::take(&mut self.ideas).into_keys().collect()
    }
}
