//! What the consultation's task does by itself when phases change: an announced change happens, and the words of a
//! board are read when its vote opens.

use std::time::Duration;

use proto::ids::{DocumentName, GroupId};
use proto::role::Role;
use tokio::time::Instant;

use super::batch::Batch;
use super::task::Task;
use crate::clock::Millis;
use crate::consultation::{Announced, NewWords, Stamp, VotedWords, fingerprint};
use crate::journal::JournalError;
use crate::room::SubscriptionId;

/// The words of a group's board, read when its vote opened.
pub(super) struct VotedWordsRead {
    group: GroupId,
    opening: u32,
    words: VotedWords,
}

impl Task {
    /// A phone says how many things it has not sent yet.
    pub(super) fn hear_sending(&mut self, id: SubscriptionId, n: u32) {
        let Some(subscriber) = self.subscribers.get_mut(&id) else { return };
        if std::mem::replace(&mut subscriber.sending, n) != n {
            self.desk_changed();
        }
    }

    /// How many phones of a group, or of all, have not sent everything yet.
    pub(super) fn sending(&self, group: Option<GroupId>) -> u32 {
        let seats = self.consultation.seats();
        let here = |subscriber: &&super::mailbox::Subscriber| {
            let place = seats.get(&subscriber.seat).filter(|place| place.role == Role::Participant);
            place.is_some_and(|place| group.is_none() || place.group == group)
        };
        let sending =
            self.subscribers.values().filter(|subscriber| subscriber.sending > 0).filter(here).count();
        u32::try_from(sending).unwrap_or(u32::MAX)
    }

    /// When the next announced change happens: at the latest when it was said, sooner once nobody is sending.
    pub(super) fn closing_due(&self) -> Option<Instant> {
        let due = self.consultation.announcements().map(|(group, change)| self.due(group, change)).min()?;
        Some(Instant::now() + Duration::from_millis(due.saturating_sub(self.clock.now())))
    }

    fn due(&self, group: Option<GroupId>, change: &Announced) -> Millis {
        let least = Millis::try_from(self.limits.grace_least.as_millis()).unwrap_or(Millis::MAX);
        let latest = change.at.max(self.began.saturating_add(least).min(change.at.saturating_add(least)));
        if self.sending(group) > 0 {
            return latest;
        }
        (change.since.max(self.began) + least).min(latest)
    }

    pub(super) async fn carry_out_announced(&mut self) -> Result<(), JournalError> {
        let now = self.clock.now();
        let changes = self.consultation.announcements();
        let due = changes.filter(|(group, change)| self.due(*group, change) <= now);
        let due: Vec<_> = due.map(|(group, change)| (group, change.by)).collect();
        let mut batch = Batch::default();
        for (group, by) in due {
            // A change for everybody that was carried out a moment ago ends what was announced for a group.
            let Some(event) = self.consultation.carry_out(group, self.context()) else { continue };
            let stamp = Some(Stamp { at: now - now % 60_000, by });
            self.stamped(None, stamp, event, &NewWords::default(), &mut batch);
        }
        self.commit(batch).await
    }

    /// Reads the boards whose vote opened: the rooms have locked them, so what is read is what is voted on.
    pub(super) fn read_words(&mut self) {
        for (group, opening) in self.consultation.unread() {
            let room = self.room(DocumentName::Board(group));
            self.readings.spawn(async move {
                let board = room.read_board(None).await;
                let ideas = board.iter().flat_map(|board| &board.ideas);
                let words = ideas.map(|idea| (idea.id, fingerprint(&idea.text))).collect();
                VotedWordsRead { group, opening, words }
            });
        }
    }

    pub(super) async fn words_were_read(
        &mut self,
        reading: Option<VotedWordsRead>,
    ) -> Result<(), JournalError> {
        let Some(VotedWordsRead { group, opening, words }) = reading else { return Ok(()) };
        // The group went back meanwhile, or it was read twice: what was read then is not what is voted on.
        if !self.consultation.unread().contains(&(group, opening)) {
            return Ok(());
        }
        let (event, texts, words) = self.consultation.read_words(group, opening, &words);
        let mut batch = Batch { texts, ..Batch::default() };
        if let crate::consultation::Event::VoteRead { changed, .. } = &event {
            let changed = changed.iter().copied().collect();
            batch.you_changed.extend(self.consultation.supporters(&changed));
        }
        self.stamped(None, None, event, &words, &mut batch);
        self.commit(batch).await
    }
}
