//! Frames as a phone sees them: what the server sends is read here; what phones send is written by `proto`, except for
//! the token.

use bytes::{BufMut, Bytes, BytesMut};

/// What the server says about one document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FromServer<'a> {
    /// The token was accepted.
    Authenticated,
    /// The token was not accepted.
    Denied(&'a str),
    /// Its state vector: it wants what we have.
    Step1(&'a [u8]),
    /// The answer to our state vector.
    Step2(&'a [u8]),
    /// Edits of somebody else, or of the server, which are durable.
    Update(&'a [u8]),
    /// The oldest of our updates is durable.
    Recorded,
    /// JSON beside the document.
    Stateless(&'a str),
    /// The document ends on this connection.
    Closed(&'a str),
    /// Are you there? To be answered with [`proto::wire::frame::PONG`].
    Ping,
    /// Awareness and the like, which simulated phones don't look at.
    Other,
}

/// The key and the message of a frame; `None` for bytes that are no frame.
pub(super) fn read(frame: &[u8]) -> Option<(&str, FromServer<'_>)> {
    match frame {
        [9] => return Some(("", FromServer::Ping)),
        [10] => return Some(("", FromServer::Other)),
        _ => {}
    }
    let (key, rest) = text(frame)?;
    let (kind, rest) = number(rest)?;
    let message = match kind {
        0 => {
            let (step, rest) = number(rest)?;
            let (payload, _) = payload(rest)?;
            match step {
                0 => FromServer::Step1(payload),
                1 => FromServer::Step2(payload),
                _ => FromServer::Update(payload),
            }
        }
        2 => match number(rest)? {
            (1, rest) => FromServer::Denied(text(rest)?.0),
            (2, _) => FromServer::Authenticated,
            _ => FromServer::Other,
        },
        5 => FromServer::Stateless(text(rest)?.0),
        7 => FromServer::Closed(text(rest)?.0),
        8 => FromServer::Recorded,
        _ => FromServer::Other,
    };
    Some((key, message))
}

/// The first message of a document: who asks.
pub(super) fn token(document: &str, token: &str) -> Bytes {
    let mut out = BytesMut::with_capacity(document.len() + token.len() + 8);
    put_text(&mut out, document);
    out.put_slice(&[2, 0]);
    put_text(&mut out, token);
    out.freeze()
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (position, byte) in bytes.iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * position);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[position + 1..]));
        }
    }
    None
}

fn payload(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = number(bytes)?;
    rest.split_at_checked(usize::try_from(length).ok()?)
}

fn text(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (text, rest) = payload(bytes)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

fn put_text(out: &mut BytesMut, text: &str) {
    let mut length = text.len();
    while length >= 0x80 {
        out.put_u8((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.put_u8(length as u8);
    out.put_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::wire::frame::{Envelope, Message, Scope, read_hocuspocus};

    #[test]
    fn w1_what_the_server_writes_is_what_a_phone_reads() {
        let server = Envelope::Hocuspocus("board/x".into());
        let frames = [
            (server.sync_step1(b"\0"), FromServer::Step1(b"\0")),
            (server.sync_step2(b"ab"), FromServer::Step2(b"ab")),
            (server.update(b"ab"), FromServer::Update(b"ab")),
            (server.awareness(b"\0"), FromServer::Other),
            (server.sync_status().unwrap(), FromServer::Recorded),
            (server.authenticated(Scope::ReadOnly).unwrap(), FromServer::Authenticated),
            (server.permission_denied("no").unwrap(), FromServer::Denied("no")),
            (server.stateless("{}").unwrap(), FromServer::Stateless("{}")),
            (server.close("bye").unwrap(), FromServer::Closed("bye")),
        ];
        for (frame, message) in frames {
            assert_eq!(read(&frame), Some(("board/x", message)));
            assert_eq!(read(&frame[..4]), None);
        }
        assert_eq!(read(&server.keep_alive()), Some(("", FromServer::Ping)));
    }

    #[test]
    fn w3_the_token_is_read_by_the_server() {
        let long = "t".repeat(300);
        let frame = token("consultation/x", &long);
        let read = read_hocuspocus(&frame).unwrap();
        assert_eq!((read.key, read.message), ("consultation/x", Message::Token(&long)));
    }
}
