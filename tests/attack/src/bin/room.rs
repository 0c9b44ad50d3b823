//! A live board on a pipe, for stock Yjs in Node (`tests/legal`): requests as JSON lines, answers as JSON lines.
//!
//! | request | answer |
//! |---|---|
//! | `{"do": "begin", "texts": […]}` | a new board; none |
//! | `{"do": "open", "phone", "seat"}`, `{"do": "leave", "phone"}` | a connection with the board open comes, goes; none |
//! | `{"do": "frame", "phone", "bytes"}` | a frame arrives; none |
//! | `{"do": "put", "text"}`, `{"do": "tally", "idea", "votes"}`, `{"do": "text", "idea", "text"}` | the server writes; none |
//! | `{"do": "flush"}` | one batch is taken: `[[phone, kind, payload], …]` in the order in which each phone heard it |
//! | `{"do": "end"}` | the snapshot was compared with the board: `{"texts", "snapshot", "accepted"}` |
//!
//! Bytes are base64. A frame that is no message about the board ends the process, as does whatever `LiveRoom` checks.

#![expect(clippy::unwrap_used, reason = "all of this is a test: what is not as it must be is a panic")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufWriter, Write, stdin, stdout};

use attack::room::{Connection, Heard, LiveRoom, texts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use proto::ids::IdeaId;
use serde_json::{Value, json};
use server::consultation::BoardWrite;

/// The board and who is connected.
struct Stage {
    room: LiveRoom,
    phones: BTreeMap<u64, Connection>,
}

fn main() {
    let mut out = BufWriter::new(stdout().lock());
    let mut stage = Stage { room: LiveRoom::new(&[]), phones: BTreeMap::new() };
    for line in stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line.unwrap()).unwrap();
        if let Some(answer) = stage.take(&request) {
            writeln!(out, "{answer}").unwrap();
            out.flush().unwrap();
        }
    }
}

impl Stage {
    fn take(&mut self, request: &Value) -> Option<Value> {
        let word = |name: &str| request[name].as_str().unwrap();
        let number = |name: &str| request[name].as_u64().unwrap();
        let idea = || IdeaId(word("idea").parse().unwrap());
        match word("do") {
            "begin" => {
                let texts = request["texts"].as_array().unwrap();
                let texts: Vec<&str> = texts.iter().map(|text| text.as_str().unwrap()).collect();
                *self = Self { room: LiveRoom::new(&texts), phones: BTreeMap::new() };
            }
            "open" => {
                let connection = self.room.connect(number("seat").try_into().unwrap());
                self.phones.insert(number("phone"), connection);
            }
            "leave" => self.room.leave(&self.phones.remove(&number("phone")).unwrap()),
            "frame" => {
                let frame = Bytes::from(STANDARD.decode(word("bytes")).unwrap());
                assert!(self.room.say(&self.phones[&number("phone")], &frame), "no message about the board");
            }
            "put" => self.room.put_idea(word("text")),
            "tally" => {
                let votes = u32::try_from(number("votes")).unwrap();
                self.room.write(BoardWrite::Tally(idea(), Some(votes)));
            }
            "text" => self.room.write(BoardWrite::SetText(idea(), word("text").into())),
            "flush" => return Some(self.flush()),
            "end" => return Some(self.end()),
            other => panic!("unknown: {other}"),
        }
        None
    }

    fn flush(&mut self) -> Value {
        self.room.flush();
        let mut told = Vec::new();
        for (phone, connection) in &mut self.phones {
            for heard in connection.heard() {
                told.push(match heard {
                    Heard::Step1(state) => json!([phone, "step1", STANDARD.encode(state)]),
                    Heard::Update(update) => json!([phone, "update", STANDARD.encode(update)]),
                    Heard::Acknowledged => json!([phone, "acknowledged"]),
                    Heard::Refused(code, detail) => json!([phone, "refused", format!("{code}: {detail}")]),
                    Heard::Awareness => json!([phone, "awareness"]),
                    Heard::Behind(theirs) => {
                        self.room.behind(connection, theirs);
                        continue;
                    }
                });
            }
        }
        told.into()
    }

    fn end(&mut self) -> Value {
        self.room.check();
        let board = self.room.board();
        let snapshot = STANDARD.encode(self.room.snapshot());
        json!({ "texts": texts(&board), "snapshot": snapshot, "accepted": self.room.accepted })
    }
}
