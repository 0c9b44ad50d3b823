//! The encoding that a room keeps for whoever asks what they are missing, and what an answer costs (rules W15, W16).

use bytes::Bytes;
use proto::gate::StateVector;

use super::RoomState;
use crate::room::document_parts::Sending;

impl RoomState {
    /// What an answer to somebody with this state vector costs, in steps of the gate.
    pub(super) fn steps_of_answer(&self, theirs: &StateVector) -> u64 {
        let (work, limits) = (&self.limits.work, &self.limits.delivery);
        let bytes = self.sending.bytes_to_encode(theirs, self.edition, limits) as u64;
        let structs = self.sending.structs() as u64;
        work.read_steps + bytes / work.encoded_bytes_of_a_step + structs / work.structs_of_a_step
    }

    /// Keeps this encoding of the whole document, cut for who asks; nothing was written since it was made.
    pub fn keep_encoding(&mut self, encoding: Sending) {
        self.sending.renew(encoding, &self.limits.delivery);
    }

    /// Keeps what the document was loaded from: its snapshot, and so many bytes after it.
    pub(in crate::room) fn keep_loaded(&mut self, snapshot: Option<&Bytes>, since: usize) {
        match snapshot.map(|snapshot| Sending::of(snapshot, &self.limits.delivery)) {
            Some(Ok(encoding)) => self.keep_encoding(encoding),
            Some(Err(error)) => {
                tracing::error!(document = %self.document.name, %error, "a document cannot be kept in parts");
            }
            None => {}
        }
        self.keep_piece(since);
    }

    /// So many bytes were written: when they are many, they are encoded now and kept for who asks (rule W15).
    pub(super) fn keep_piece(&mut self, bytes: usize) {
        let (document, limits) = (&self.document, &self.limits.delivery);
        if let Err(error) = self.sending.wrote(bytes, limits, |theirs| document.missing(theirs)) {
            tracing::error!(document = %self.document.name, %error, "a document cannot be kept in parts");
        }
    }
}
