//! The page as it grows: a line for each message, with its meaning and its bytes in hex.

use std::fmt::Write as _;

use bytes::Bytes;

use super::phone::{Phone, read};

const HEAD: &str = "# A transcript

One phone, from opening its socket to its end, byte by byte. Everything here went over a socket between a phone and a real
server: `server/tests/transcript/` plays it, compares every byte with this page, and writes the page anew when it is
run with `PLENUM_WRITE=1`. Nothing is edited by hand. Rules in brackets are those of `README.md`, where its encodings are as well.

Each line says who sends the bytes and what they mean; below it is one WebSocket message in hex. Messages are binary, but for the
last: that is the payload of the WebSocket's own close frame.

Before it begins, the organizer made a consultation with one group over HTTP and moved it to *brainstorm*; somebody of
this group, called the neighbour here, shared one idea and opened the board on another socket. The phone got its seat and
its token from `POST /api/join`. The server's clock stands still at 1800000000000, and its ids and secrets are drawn from a counter.

";

/// The page as it grows.
pub struct Transcript {
    page: String,
    lines: usize,
}

impl Transcript {
    /// What stands above the first line.
    pub fn new() -> Self {
        Self { page: HEAD.to_owned(), lines: 0 }
    }

    pub fn line(&mut self, who: &str, bytes: &[u8], meaning: &str) {
        self.lines += 1;
        let digits = hex::encode(bytes);
        let rows: Vec<&str> =
            digits.as_bytes().chunks(120).map(|row| std::str::from_utf8(row).unwrap()).collect();
        let (line, hex) = (self.lines, rows.join("\n"));
        write!(self.page, "{line}. **{who}**: {meaning}\n\n```\n{hex}\n```\n\n").unwrap();
    }

    /// The same, and in words what stands in a stateless message.
    fn frame(&mut self, who: &str, frame: &[u8], meaning: &str) {
        self.line(who, frame, meaning);
        let (_, kind, payload) = read(frame);
        if kind.starts_with("stateless") {
            write!(self.page, "```json\n{}\n```\n\n", std::str::from_utf8(payload).unwrap()).unwrap();
        }
    }

    pub async fn says(&mut self, phone: &mut Phone, frame: Bytes, meaning: &str) {
        self.frame("phone", &frame, meaning);
        phone.say(frame).await;
    }

    pub async fn hears(&mut self, phone: &mut Phone, document: &str, kind: &str, meaning: &str) -> Bytes {
        let frame = phone.hear(document, kind).await;
        self.frame("server", &frame, meaning);
        frame
    }

    /// The page in the repository says this, or is written when that is asked for.
    pub fn holds(&self) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../proto/transcript.md");
        let now = format!("{}\n", self.page.trim_end());
        if std::env::var_os("PLENUM_WRITE").is_some() {
            std::fs::write(path, &now).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        let first = now.lines().zip(committed.lines()).find(|(now, committed)| now != committed);
        assert!(
            committed == now,
            "{first:?}: PLENUM_WRITE=1 cargo test -p plenum-server --test transcript writes {path}"
        );
    }
}
