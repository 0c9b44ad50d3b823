//! What the fuzzers call, one function per target: bytes in, a panic when something is not as it must be.

use bytes::Bytes;
use proto::command::Command;
use proto::gate::{AwarenessUpdate, GateLimits, StateVector, TextEdit, TextIndex, write_awareness};
use proto::wire::frame::{Frame, FrameError, read_hocuspocus, read_y_websocket};
use server::config::Limits;
use server::socket::said;

use crate::Chance;
use crate::siege::Siege;

/// Steps of one sequence.
const STEPS_MAX: usize = 96;

/// Takes bytes, and panics when something is not as it must be.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 8] = [
    ("update", update),
    ("state_vector", state_vector),
    ("awareness", awareness),
    ("hocuspocus", hocuspocus),
    ("y_websocket", y_websocket),
    ("command", command),
    ("sequence", sequence),
    ("cost", cost),
];

/// An update from outside, and the trusted reader on the same bytes.
pub fn update(bytes: &[u8]) {
    let limits = GateLimits::default();
    if let Ok(edit) = TextEdit::read(Bytes::copy_from_slice(bytes), &limits) {
        assert!(edit.client_ids().all(|client| !client.is_server()), "a section of the server was read");
    }
    let _ = TextIndex::default().learn(bytes);
}

/// A state vector: ids in rising order, each once.
pub fn state_vector(bytes: &[u8]) {
    if let Ok(state) = StateVector::read(bytes, &GateLimits::default()) {
        assert!(state.entries().windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

/// Awareness: what was read and is written reads the same again.
pub fn awareness(bytes: &[u8]) {
    let limits = GateLimits::default();
    if let Ok(awareness) = AwarenessUpdate::read(bytes, &limits) {
        let again = AwarenessUpdate::read(&write_awareness(awareness.entries()), &limits);
        assert_eq!(again, Ok(awareness));
    }
}

/// A frame of `/sync`, down to what its room would be told.
pub fn hocuspocus(bytes: &[u8]) {
    frame(bytes, read_hocuspocus);
}

/// A frame of `/sync/{document}`.
pub fn y_websocket(bytes: &[u8]) {
    frame(bytes, read_y_websocket);
}

fn frame(bytes: &[u8], read: fn(&[u8]) -> Result<Frame<'_>, FrameError>) {
    let bytes = Bytes::copy_from_slice(bytes);
    if let Ok(frame) = read(&bytes) {
        let _ = said(frame.message, &bytes, &Limits::default());
    }
}

/// A command: what was read has one content, however often it is read.
///
/// # Panics
/// When it has two.
pub fn command(bytes: &[u8]) {
    let Ok(json) = std::str::from_utf8(bytes) else { return };
    if let Ok(command) = Command::from_json(json) {
        let again = Command::from_json(json).unwrap();
        assert_eq!(again.action.content_hash(), command.action.content_hash());
    }
}

/// A board, fed frames that make as much work as these choices say.
pub fn cost(bytes: &[u8]) {
    crate::cost::attack(Chance::of_bytes(bytes));
}

/// A live board, fed as these choices say.
pub fn sequence(bytes: &[u8]) {
    Siege::new(Chance::of_bytes(bytes)).run(STEPS_MAX);
}
