//! Both envelopes: Hocuspocus (`/sync`) and y-websocket (`/sync/{document}`).
//!
//! A frame is read once, here, into a [`Frame`] that borrows from it; what it carries (an update, a state vector,
//! awareness) is read by [`crate::gate`]. Nothing here allocates by a count that came from outside.
//!
//! Facts of the formats: `@hocuspocus/provider` 4 (message types 0, 1, 2, 3, 5, 7, 8, 9, 10) and `y-websocket` 3
//! (0, 1, 2, 3), both with lib0 variable-length integers.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};

/// What one message is about, without the document name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Message<'a> {
    /// Sync step 1: a state vector; the other side answers with what is missing.
    SyncStep1(&'a [u8]),
    /// Sync step 2: the answer, an update.
    SyncStep2(&'a [u8]),
    /// An edit of the document as an update of Yjs version 1, not read yet.
    Update(&'a [u8]),
    /// An awareness update.
    Awareness(&'a [u8]),
    /// Hocuspocus: the token, sent once per document.
    Token(&'a str),
    /// Ask for the awareness of everybody.
    QueryAwareness,
    /// Hocuspocus: JSON beside the document.
    Stateless(&'a str),
    /// Hocuspocus: this document is not wanted on this connection any more.
    Close,
    /// Hocuspocus: are you there? (one byte, no document)
    Ping,
    /// Hocuspocus: yes. (one byte, no document)
    Pong,
}

/// A message with the document it is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame<'a> {
    /// The name as the client spelled it, with its `\0session` if it has one; empty for ping and pong.
    pub key: &'a str,
    /// What it says.
    pub message: Message<'a>,
}

impl<'a> Frame<'a> {
    /// The document's name: the key up to the first `\0`.
    #[must_use]
    pub fn document(&self) -> &'a str {
        document_of(self.key)
    }
}

/// The document's name in a key: everything up to the first `\0`.
#[must_use]
pub fn document_of(key: &str) -> &str {
    key.split_once('\0').map_or(key, |(name, _)| name)
}

/// Bytes that are no message of the envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FrameError {
    /// The frame ends before the message does.
    #[error("the message is cut off")]
    Cut,
    /// Something follows the message.
    #[error("something follows the message")]
    Trailing,
    /// A number that is too large or not in its shortest form.
    #[error("a number in the message is malformed")]
    Number,
    /// Text that is not UTF-8.
    #[error("a text in the message is not UTF-8")]
    Text,
    /// A document name that is longer than any of ours.
    #[error("the document name is too long")]
    Name,
    /// A type that phones do not send.
    #[error("message type {0} is not known")]
    Type(u64),
}

/// Type, step and length before a payload.
const HEAD_BYTES: usize = 16;

/// A document name with session: `consultation/` + UUID + `\0` + session id.
const KEY_BYTES_MAX: usize = 128;

mod kind {
    pub const SYNC: u64 = 0;
    pub const AWARENESS: u64 = 1;
    pub const AUTH: u64 = 2;
    pub const QUERY_AWARENESS: u64 = 3;
    pub const STATELESS: u64 = 5;
    pub const CLOSE: u64 = 7;
    pub const SYNC_STATUS: u64 = 8;
    pub const PING: u64 = 9;
    pub const PONG: u64 = 10;
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn number(&mut self) -> Result<u64, FrameError> {
        let mut value = 0u64;
        for position in 0..8 {
            let (&byte, rest) = self.rest.split_first().ok_or(FrameError::Cut)?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << (7 * position);
            if byte & 0x80 == 0 {
                let shortest = position == 0 || byte != 0;
                return if shortest { Ok(value) } else { Err(FrameError::Number) };
            }
        }
        Err(FrameError::Number)
    }

    fn bytes(&mut self) -> Result<&'a [u8], FrameError> {
        let length = usize::try_from(self.number()?).map_err(|_| FrameError::Number)?;
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(FrameError::Cut)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str, FrameError> {
        std::str::from_utf8(self.bytes()?).map_err(|_| FrameError::Text)
    }

    fn end<T>(&self, value: T) -> Result<T, FrameError> {
        if self.rest.is_empty() { Ok(value) } else { Err(FrameError::Trailing) }
    }
}

/// Reads a frame of `/sync`.
///
/// # Errors
/// When it is not exactly one message that a client sends.
pub fn read_hocuspocus(bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    if let [byte] = bytes {
        return match u64::from(*byte) {
            kind::PING => Ok(Frame { key: "", message: Message::Ping }),
            kind::PONG => Ok(Frame { key: "", message: Message::Pong }),
            other => Err(FrameError::Type(other)),
        };
    }
    let mut cursor = Cursor { rest: bytes };
    let key = cursor.text()?;
    if key.len() > KEY_BYTES_MAX {
        return Err(FrameError::Name);
    }
    let message = match cursor.number()? {
        kind::SYNC => read_sync(&mut cursor)?,
        kind::AWARENESS => Message::Awareness(cursor.bytes()?),
        kind::AUTH => read_token(&mut cursor)?,
        kind::QUERY_AWARENESS => Message::QueryAwareness,
        kind::STATELESS => Message::Stateless(cursor.text()?),
        kind::CLOSE => Message::Close,
        other => return Err(FrameError::Type(other)),
    };
    cursor.end(Frame { key, message })
}

/// Reads a frame of `/sync/{document}`; its key is empty, the address has the name.
///
/// # Errors
/// When it is not exactly one message that a client sends.
pub fn read_y_websocket(bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    let mut cursor = Cursor { rest: bytes };
    let message = match cursor.number()? {
        kind::SYNC => read_sync(&mut cursor)?,
        kind::AWARENESS => Message::Awareness(cursor.bytes()?),
        kind::QUERY_AWARENESS => Message::QueryAwareness,
        other => return Err(FrameError::Type(other)),
    };
    cursor.end(Frame { key: "", message })
}

fn read_sync<'a>(cursor: &mut Cursor<'a>) -> Result<Message<'a>, FrameError> {
    match cursor.number()? {
        0 => Ok(Message::SyncStep1(cursor.bytes()?)),
        1 => Ok(Message::SyncStep2(cursor.bytes()?)),
        2 => Ok(Message::Update(cursor.bytes()?)),
        other => Err(FrameError::Type(other)),
    }
}

fn read_token<'a>(cursor: &mut Cursor<'a>) -> Result<Message<'a>, FrameError> {
    match cursor.number()? {
        0 => {
            let token = cursor.text()?;
            // The provider's version follows since its version 4; older ones end here.
            if !cursor.rest.is_empty() {
                cursor.text()?;
            }
            Ok(Message::Token(token))
        }
        other => Err(FrameError::Type(other)),
    }
}

/// How the frames of one subscription are written: which envelope, under which name.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Envelope {
    /// `/sync`; the key is spelled as the client spelled it.
    Hocuspocus(Arc<str>),
    /// The wire of `/sync/{document}`: no key, one document per socket.
    YWebsocket,
}

/// A message without the name of its document: encoded once for everybody, under whatever keys they opened it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Body(Bytes);

impl Body {
    /// The body of an update, shared by all who are sent it.
    #[must_use]
    pub fn update(update: &[u8]) -> Self {
        Self::sync(2, update)
    }

    /// Sync step 2 with this update.
    #[must_use]
    pub fn sync_step2(update: &[u8]) -> Self {
        Self::sync(1, update)
    }

    /// An awareness update.
    #[must_use]
    pub fn awareness(awareness: &[u8]) -> Self {
        let mut out = BytesMut::with_capacity(awareness.len() + HEAD_BYTES);
        put_number(&mut out, kind::AWARENESS);
        put_bytes(&mut out, awareness);
        Self(out.freeze())
    }

    fn sync(step: u64, payload: &[u8]) -> Self {
        let mut out = BytesMut::with_capacity(payload.len() + HEAD_BYTES);
        put_number(&mut out, kind::SYNC);
        put_number(&mut out, step);
        put_bytes(&mut out, payload);
        Self(out.freeze())
    }

    /// Bytes that it holds.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.0.len()
    }
}

impl Envelope {
    /// The frame of a message under this envelope's key.
    #[must_use]
    pub fn frame(&self, body: &Body) -> Bytes {
        match self {
            Self::Hocuspocus(key) => {
                let mut out = BytesMut::with_capacity(body.0.len() + key.len() + HEAD_BYTES);
                put_bytes(&mut out, key.as_bytes());
                out.put_slice(&body.0);
                out.freeze()
            }
            Self::YWebsocket => body.0.clone(),
        }
    }

    fn start(&self, kind: u64, capacity: usize) -> BytesMut {
        let mut out = BytesMut::with_capacity(capacity + KEY_BYTES_MAX);
        if let Self::Hocuspocus(key) = self {
            put_bytes(&mut out, key.as_bytes());
        }
        put_number(&mut out, kind);
        out
    }

    fn sync(&self, step: u64, payload: &[u8]) -> Bytes {
        let mut out = self.start(kind::SYNC, payload.len());
        put_number(&mut out, step);
        put_bytes(&mut out, payload);
        out.freeze()
    }

    /// Sync step 1 with this state vector.
    #[must_use]
    pub fn sync_step1(&self, state_vector: &[u8]) -> Bytes {
        self.sync(0, state_vector)
    }

    /// Sync step 2 with this update.
    #[must_use]
    pub fn sync_step2(&self, update: &[u8]) -> Bytes {
        self.sync(1, update)
    }

    /// The body of an update, shared by all who are sent it.
    #[must_use]
    pub fn update(&self, update: &[u8]) -> Bytes {
        self.sync(2, update)
    }

    /// An awareness update.
    #[must_use]
    pub fn awareness(&self, awareness: &[u8]) -> Bytes {
        let mut out = self.start(kind::AWARENESS, awareness.len());
        put_bytes(&mut out, awareness);
        out.freeze()
    }

    /// The acknowledgement of one update: it is durable. Nothing on the y-websocket wire, which has none.
    #[must_use]
    pub fn sync_status(&self) -> Option<Bytes> {
        match self {
            Self::Hocuspocus(_) => {
                let mut out = self.start(kind::SYNC_STATUS, 1);
                put_number(&mut out, 1);
                Some(out.freeze())
            }
            Self::YWebsocket => None,
        }
    }

    /// The token was accepted. Nothing on the y-websocket wire.
    #[must_use]
    pub fn authenticated(&self, may_write: Scope) -> Option<Bytes> {
        match self {
            Self::Hocuspocus(_) => {
                let mut out = self.start(kind::AUTH, 16);
                put_number(&mut out, 2);
                put_bytes(&mut out, may_write.as_str().as_bytes());
                Some(out.freeze())
            }
            Self::YWebsocket => None,
        }
    }

    /// The token was not accepted. On the y-websocket wire the connection is closed instead.
    #[must_use]
    pub fn permission_denied(&self, reason: &str) -> Option<Bytes> {
        match self {
            Self::Hocuspocus(_) => {
                let mut out = self.start(kind::AUTH, reason.len());
                put_number(&mut out, 1);
                put_bytes(&mut out, reason.as_bytes());
                Some(out.freeze())
            }
            Self::YWebsocket => None,
        }
    }

    /// JSON beside the document. Nothing on the y-websocket wire.
    #[must_use]
    pub fn stateless(&self, json: &str) -> Option<Bytes> {
        match self {
            Self::Hocuspocus(_) => {
                let mut out = self.start(kind::STATELESS, json.len());
                put_bytes(&mut out, json.as_bytes());
                Some(out.freeze())
            }
            Self::YWebsocket => None,
        }
    }

    /// This document ends on this connection. On the y-websocket wire the connection is closed instead.
    #[must_use]
    pub fn close(&self, reason: &str) -> Option<Bytes> {
        match self {
            Self::Hocuspocus(_) => {
                let mut out = self.start(kind::CLOSE, reason.len());
                put_bytes(&mut out, reason.as_bytes());
                Some(out.freeze())
            }
            Self::YWebsocket => None,
        }
    }

    /// A data frame that keeps a stock client from reconnecting after 30 s of silence.
    #[must_use]
    pub fn keep_alive(&self) -> Bytes {
        match self {
            Self::Hocuspocus(_) => Bytes::from_static(&[9]),
            // An awareness update about nobody.
            Self::YWebsocket => Bytes::from_static(&[1, 1, 0]),
        }
    }
}

/// What a token allows on a document, as the provider names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// May write, as far as role and phase allow.
    ReadWrite,
    /// The seat may read the document and never write in it.
    ReadOnly,
}

impl Scope {
    const fn as_str(self) -> &'static str {
        match self {
            Self::ReadWrite => "read-write",
            Self::ReadOnly => "readonly",
        }
    }
}

/// The answer to [`Message::Ping`].
pub const PONG: Bytes = Bytes::from_static(&[10]);

fn put_number(out: &mut BytesMut, mut value: u64) {
    while value >= 0x80 {
        out.put_u8((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.put_u8(value as u8);
}

fn put_bytes(out: &mut BytesMut, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.put_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hocuspocus() -> Envelope {
        Envelope::Hocuspocus("board/x\0s1".into())
    }

    #[test]
    fn w1_a_frame_reads_back_with_its_full_key_and_its_document_name() {
        let bytes = hocuspocus().update(b"abc");
        let frame = read_hocuspocus(&bytes).unwrap();
        assert_eq!(frame.key, "board/x\0s1");
        assert_eq!(frame.document(), "board/x");
        assert_eq!(frame.message, Message::Update(b"abc"));
    }

    #[test]
    fn w1_a_body_that_is_encoded_once_makes_the_same_frame_under_every_key() {
        for envelope in [hocuspocus(), Envelope::Hocuspocus("plenary/y".into()), Envelope::YWebsocket] {
            assert_eq!(envelope.frame(&Body::update(b"abc")), envelope.update(b"abc"));
            assert_eq!(envelope.frame(&Body::sync_step2(b"abc")), envelope.sync_step2(b"abc"));
            assert_eq!(envelope.frame(&Body::awareness(b"abc")), envelope.awareness(b"abc"));
        }
    }

    #[test]
    fn w1_the_y_websocket_envelope_has_no_name() {
        let bytes = Envelope::YWebsocket.sync_step1(b"\0");
        assert_eq!(&bytes[..], &[0, 0, 1, 0]);
        assert_eq!(read_y_websocket(&bytes).unwrap().message, Message::SyncStep1(b"\0"));
    }

    #[test]
    fn w1_a_token_may_be_followed_by_the_version_of_the_provider() {
        let mut bytes = b"\x01a\x02\x00\x03tok".to_vec();
        assert_eq!(read_hocuspocus(&bytes).unwrap().message, Message::Token("tok"));
        bytes.extend_from_slice(b"\x054.8.0");
        assert_eq!(read_hocuspocus(&bytes).unwrap().message, Message::Token("tok"));
        bytes.push(0);
        assert_eq!(read_hocuspocus(&bytes), Err(FrameError::Trailing));
    }

    #[test]
    fn w1_one_byte_is_ping_or_pong_and_nothing_else() {
        assert_eq!(read_hocuspocus(&[9]).unwrap().message, Message::Ping);
        assert_eq!(read_hocuspocus(&[10]).unwrap().message, Message::Pong);
        assert_eq!(read_hocuspocus(&[0]), Err(FrameError::Type(0)));
        assert_eq!(read_hocuspocus(&[]), Err(FrameError::Cut));
    }

    #[test]
    fn w1_cut_overlong_and_lying_frames_are_refused() {
        let whole = hocuspocus().update(b"abc");
        for cut in 2..whole.len() {
            assert!(read_hocuspocus(&whole[..cut]).is_err(), "{cut}");
        }
        assert_eq!(read_hocuspocus(b"\xff\xff\xff\xff\x0f"), Err(FrameError::Cut));
        assert_eq!(read_hocuspocus(b"\x81\x00a"), Err(FrameError::Number));
        assert_eq!(read_hocuspocus(b"\x01\xff\x07"), Err(FrameError::Text));
        assert_eq!(read_hocuspocus(b"\x01a\x08\x01"), Err(FrameError::Type(8)));
    }
}
