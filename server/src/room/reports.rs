//! What rooms report to their consultation, over one channel.
//!
//! Texts of hidden ideas must reach the consultation, so their room waits for a place. The other reports come again by
//! themselves: they are dropped when the channel is nearly full, and leave the reserve to the texts.

use std::collections::BTreeSet;

use proto::ids::{GroupId, IdeaId};
use tokio::sync::mpsc;

use super::StaffWrote;
use super::idle_texts::IdleText;
use crate::consultation::HiddenTexts;

/// A report of a room.
#[derive(Debug)]
pub enum RoomReport {
    /// Texts that the room took off its board: the consultation keeps them as long as their ideas may come back.
    TextsHidden(HiddenTexts),
    /// A text in which nobody has written for a while.
    TextIdle(IdleText),
    /// All ideas of a board that say nothing now.
    EmptyIdeas(GroupId, BTreeSet<IdeaId>),
    /// Somebody of the staff wrote in a text.
    StaffWrote(StaffWrote),
}

/// Where the rooms of one consultation report to.
#[derive(Clone, Debug)]
pub struct ReportSender {
    sender: mpsc::Sender<RoomReport>,
    reserve: usize,
}

impl ReportSender {
    /// A channel for `capacity` reports, of which `reserve` places are for hidden texts alone.
    #[must_use]
    pub fn new(capacity: usize, reserve: usize) -> (Self, mpsc::Receiver<RoomReport>) {
        let (sender, receiver) = mpsc::channel(capacity);
        (Self { sender, reserve }, receiver)
    }

    /// Reports hidden texts; waits for a place.
    pub async fn texts_hidden(&self, texts: HiddenTexts) {
        // A consultation that has ended reads them from the journal when it begins again.
        let _ = self.sender.send(RoomReport::TextsHidden(texts)).await;
    }

    /// Reports something that comes again if there is no place for it now; says whether there was.
    #[must_use]
    pub fn try_report(&self, report: RoomReport) -> bool {
        self.sender.capacity() > self.reserve && self.sender.try_send(report).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use proto::ids::IdeaId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn reports_that_come_again_leave_the_reserve_to_hidden_texts() {
        let (reports, mut received) = ReportSender::new(3, 2);
        let idle = || RoomReport::TextIdle(IdleText { idea: IdeaId(Uuid::nil()), text: String::new() });
        assert!(reports.try_report(idle()));
        assert!(!reports.try_report(idle()), "two places are left, and both are reserved");
        assert!(reports.sender.try_send(RoomReport::TextsHidden(HiddenTexts::default())).is_ok());
        assert!(received.try_recv().is_ok());
    }
}
