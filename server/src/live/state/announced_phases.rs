//! What happens by itself when phases change: an announced change is carried out, and the texts of a board are read when its
//! vote opens.

use std::time::Duration;

use proto::ids::GroupId;

use super::batch::Batch;
use super::entry::CLOCK_LOOK;
use super::job::Job;
use super::{Env, Live};
use crate::clock::{Millis, Tick};
use crate::consultation::{Announced, Outcome, Stamp, VotedWords};

impl Live {
    /// When to look whether the next announced change happens: at the latest when it was said, sooner once nobody has anything
    /// unsent.
    pub(super) fn announced_due(&self, env: &Env<'_>) -> Option<Tick> {
        let changes = self.consultation.announcements();
        let due = changes.map(|(group, change)| self.happens_at(group, change, env)).min()?;
        Some(env.tick + Duration::from_millis(due.saturating_sub(env.now)).min(CLOCK_LOOK))
    }

    fn happens_at(&self, group: Option<GroupId>, change: &Announced, env: &Env<'_>) -> Millis {
        let least = Millis::try_from(env.limits.grace_least.as_millis()).unwrap_or(Millis::MAX);
        let began = self.connections.began();
        let latest = change.at.max(began.saturating_add(least).min(change.at.saturating_add(least)));
        if self.connections.unsent(&self.consultation, group) > 0 {
            return latest;
        }
        (change.since.max(began) + least).min(latest)
    }

    pub(super) fn carry_out_announced(&mut self, batch: &mut Batch, env: &Env<'_>) {
        let changes = self.consultation.announcements();
        let due = changes.filter(|(group, change)| self.happens_at(*group, change, env) <= env.now);
        let due: Vec<_> = due.map(|(group, change)| (group, change.by)).collect();
        for (group, by) in due {
            // A change for everybody that was carried out a moment ago ends what was announced for a group.
            let Some(event) = self.consultation.carry_out(group, env.decision()) else { continue };
            self.stamped(None, Some(Stamp::now(by, env.now)), event, batch, env);
        }
    }

    /// The boards whose vote opened and whose texts were not read yet.
    pub(super) fn texts_to_read(&self) -> impl Iterator<Item = Job> + use<> {
        self.consultation.unread().into_iter().map(|(group, opening)| Job::ReadTexts { group, opening })
    }

    pub(super) fn texts_were_read(
        &mut self,
        (group, opening): (GroupId, u32),
        texts: &VotedWords,
        batch: &mut Batch,
        env: &Env<'_>,
    ) {
        // The group went back meanwhile, or it was read twice: what was read then is not what is voted on.
        if !self.consultation.unread().contains(&(group, opening)) {
            return;
        }
        let Outcome { event, texts, words, .. } = self.consultation.read_words(group, opening, texts);
        batch.change_texts(texts);
        self.stamped(Some(words), None, event, batch, env);
    }
}
