//! A message about an open document: what it says to the document's room, read by the gate.
//!
//! Bytes end here (invariant I1): a room is told a small typed value, or that the gate refused. The consultation's own document
//! has no room; it is empty and stays so.

use bytes::Bytes;
use proto::gate::{AwarenessUpdate, StateVector, TextEdit};
use proto::wire::frame::{Envelope, Message};

use crate::config::Limits;
use crate::room::{Outbox, RoomInput};

/// What a message about a document says to its room, read by the gate: this is where bytes end. Nothing for messages
/// that are not about a document's content. `message` borrows from `frame`.
#[must_use]
pub fn said(message: Message<'_>, frame: &Bytes, limits: &Limits) -> Option<RoomInput> {
    // A step 2 repeats the whole delete set; the room's index says what of it is new.
    let wide = limits.gate.for_sync_step2(limits.step2_ranges_max);
    let limits = &limits.gate;
    let edit = |bytes: &[u8], limits| TextEdit::read(frame.slice_ref(bytes), limits);
    let said = match message {
        Message::SyncStep1(bytes) => StateVector::read(bytes, limits).map(RoomInput::Step1),
        Message::SyncStep2(bytes) => edit(bytes, &wide).map(RoomInput::Step2),
        Message::Update(bytes) => edit(bytes, limits).map(RoomInput::Update),
        Message::Awareness(bytes) => AwarenessUpdate::read(bytes, limits).map(RoomInput::Awareness),
        Message::QueryAwareness => Ok(RoomInput::QueryAwareness),
        Message::Token(_) | Message::Stateless(_) | Message::Close | Message::Ping | Message::Pong => {
            return None;
        }
    };
    Some(said.unwrap_or_else(RoomInput::Refused))
}

/// Answers a message about the consultation's own document: its content is empty, and an update ends it on this connection.
pub(super) fn say_to_empty(envelope: &Envelope, outbox: &Outbox, message: Message<'_>) {
    const EMPTY_STATE_VECTOR: &[u8] = &[0];
    const EMPTY_UPDATE: &[u8] = &[0, 0];
    match message {
        Message::SyncStep1(_) => {
            outbox.frame(envelope.sync_step1(EMPTY_STATE_VECTOR));
            outbox.frame(envelope.sync_step2(EMPTY_UPDATE));
        }
        Message::SyncStep2(update) | Message::Update(update) => {
            let frame = if update == EMPTY_UPDATE {
                envelope.sync_status()
            } else {
                envelope.close("this document is empty and stays so")
            };
            if let Some(frame) = frame {
                outbox.frame(frame);
            }
        }
        Message::Awareness(_)
        | Message::QueryAwareness
        | Message::Token(_)
        | Message::Stateless(_)
        | Message::Close
        | Message::Ping
        | Message::Pong => {}
    }
}
