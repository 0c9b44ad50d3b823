//! When the plenary shows what is said in the room: a moment after it, so that a thousand phones are one change.

use tokio::time::Instant;

use super::task::Task;
use crate::consultation::Event;

impl Task {
    /// An event was taken in.
    pub(super) fn note_room(&mut self, event: &Event) {
        let told = matches!(event, Event::Stood { .. } | Event::Merged { .. });
        if told && self.room_due.is_none() && self.consultation.room_waits() {
            self.room_due = Some(Instant::now() + self.limits.in_room.pause);
        }
    }

    /// Shows all that was said since the last time.
    pub(super) async fn show_room(&mut self) {
        self.room_due = None;
        let writes = self.consultation.take_room();
        self.project(writes, None).await;
    }
}
