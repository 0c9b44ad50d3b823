//! What was answered is in the journal, and will be answered in the same way (I4, I7).

use server::consultation::EventRecord;
use server::journal::{Journal, Record, Stream};

use super::World;

impl World {
    /// Each answered command is remembered with its place. That no command has two events is checked when they are appended.
    pub(in super::super) fn check_promises(&self) {
        let consultation = self.live();
        for (id, seq) in &self.answered {
            let known = consultation.done().get(*id).map(|(_, seq)| seq);
            assert_eq!(known, Some(*seq), "{id} was answered with {seq}");
        }
    }

    /// The events of the journal.
    pub(super) fn records(&self) -> Vec<EventRecord> {
        let stream = self.ground.journal.load(self.ground.id, Stream::Consultation).unwrap();
        let decided = stream.records.into_iter().filter_map(|(_, record)| match record {
            Record::Decided(bytes) => Some(EventRecord::from_bytes(&bytes).unwrap()),
            Record::Born { .. } | Record::Bound { .. } | Record::Updated(_) => None,
        });
        decided.collect()
    }
}
