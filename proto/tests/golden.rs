//! Golden bytes: each frame of both envelopes, each command with all of its fields, close codes; and the table of fields in `README.md`.
//!
//! `PLENUM_WRITE=1 cargo test -p plenum-proto --test golden` writes what is generated. The page (`web/test/golden.test.ts`) and a script
//! that knows only the specification (`tests/harness/golden.test.mjs`) read the same files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use proto::api::preparation::NewLink;
use proto::command::{Action, Command, Share};
use proto::wire::close::CloseReason;
use proto::wire::frame::{Envelope, Message, PONG, Scope, read_hocuspocus, read_y_websocket};
use proto::wire::stateless::ServerMessage;
use serde_json::{Value, json};
use ts_rs::{Config, TS};

const KEY: &str = "board/6f1c2d3e-0000-4000-8000-00000000000a\u{0}session";
const UPDATE: &[u8] = &[1, 1, 5, 0, 132, 1, 2, 3, 102, 111, 117, 114, 0];
const CONSULTATION: &str = "6f1c2d3e-0000-4000-8000-00000000000b";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The file says this, or is written when that is asked for.
fn holds(name: &str, now: &str) {
    if std::env::var_os("PLENUM_WRITE").is_some() {
        assert!(std::fs::write(path(name), now).is_ok(), "{name} cannot be written");
    }
    let committed = std::fs::read_to_string(path(name)).unwrap_or_default();
    assert!(
        committed == now,
        "{name} is not what is made now: PLENUM_WRITE=1 cargo test -p plenum-proto --test golden"
    );
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Messages of the server on the consultation's document, one of each type.
fn server_messages() -> BTreeMap<&'static str, Value> {
    let problem = json!({ "title": "No.", "status": 403, "code": "wrong-phase", "detail": "Not now." });
    let clock = json!({ "now": 3, "started_at": 1, "ends_at": null });
    let state = json!({ "type": "state", "state": {
        "id": CONSULTATION, "title": "Named", "phase": "lobby", "clock": clock, "points": [], "groups": [],
        "settings": serde_json::to_value(proto::api::settings::Settings::default()).unwrap_or_default(),
        "promoted_at_most": 7, "run": 0, "purge_at": 9, "programme": 1,
    } });
    let you = json!({ "role": "participant", "group": CONSULTATION, "approved": [], "confirm": [] });
    let curation = json!({ "run": 0, "live": true, "waiting": null, "suggestions": [], "passed_over": [], "ideas": {}, "decisions": {
        "assign": {}, "not_duplicate": [], "pins": [], "exclude": [], "k": null, "rule": "phragmen", "weights": "sqrt",
        "frozen": false, "version": 0,
    } });
    BTreeMap::from([
        ("welcome", json!({ "type": "welcome", "protocol": proto::PROTOCOL })),
        ("state", state),
        ("you", json!({ "type": "you", "you": you })),
        ("curation", json!({ "type": "curation", "curation": curation })),
        ("desk", json!({ "type": "desk", "desk": { "groups": [] } })),
        ("fates", json!({ "type": "fates", "group": CONSULTATION })),
        ("purged", json!({ "type": "purged", "consultation": CONSULTATION })),
        ("alerts", json!({ "type": "alerts", "alerts": [], "all": 0 })),
        ("answer", json!({ "type": "answer", "id": CONSULTATION, "ok": true, "seq": 7 })),
        ("problem", json!({ "type": "problem", "id": CONSULTATION, "problem": problem })),
        ("refused", json!({ "type": "refused", "document": "board/x", "problem": problem })),
    ])
}

/// A number below 128 and its bytes, a string with its length: enough of lib0 to write what only phones send.
fn of_a_phone(key: &str, kind: u8, rest: &[u8]) -> Vec<u8> {
    let mut out = vec![u8::try_from(key.len()).unwrap_or_default()];
    out.extend_from_slice(key.as_bytes());
    out.push(kind);
    out.extend_from_slice(rest);
    out
}

fn with_length(text: &str) -> Vec<u8> {
    let mut out = vec![u8::try_from(text.len()).unwrap_or_default()];
    out.extend_from_slice(text.as_bytes());
    out
}

/// Every frame: its name, what it says, its bytes.
fn frames() -> Vec<(String, Value, Vec<u8>)> {
    let mut all = Vec::new();
    let mut put = |name: &str, says: Value, bytes: &[u8]| all.push((name.to_owned(), says, bytes.to_vec()));
    for (wire, key, envelope) in [
        ("hocuspocus", json!(KEY), Envelope::Hocuspocus(KEY.into())),
        ("y-websocket", Value::Null, Envelope::YWebsocket),
    ] {
        let says = |kind: &str, payload: Value| json!({ "envelope": wire, "key": key, "kind": kind, "payload": payload });
        put(
            &format!("{wire}-step1"),
            says("step1", json!("0105ac02")),
            &envelope.sync_step1(&[1, 5, 0xac, 2]),
        );
        put(&format!("{wire}-step2"), says("step2", json!(hex(UPDATE))), &envelope.sync_step2(UPDATE));
        put(&format!("{wire}-update"), says("update", json!(hex(UPDATE))), &envelope.update(UPDATE));
        let awareness = [1, 5, 1, 4, b'n', b'u', b'l', b'l'];
        put(
            &format!("{wire}-awareness"),
            says("awareness", json!(hex(&awareness))),
            &envelope.awareness(&awareness),
        );
    }
    let says = |kind: &str, payload: Value| json!({ "envelope": "hocuspocus", "key": KEY, "kind": kind, "payload": payload });
    let envelope = Envelope::Hocuspocus(KEY.into());
    let mut put_some = |name: &str, says: Value, bytes: Option<bytes::Bytes>| {
        if let Some(bytes) = bytes {
            all.push((format!("hocuspocus-{name}"), says, bytes.to_vec()));
        }
    };
    put_some("status", says("status", json!(1)), envelope.sync_status());
    put_some(
        "authenticated",
        says("authenticated", json!("read-write")),
        envelope.authenticated(Scope::ReadWrite),
    );
    put_some("readonly", says("authenticated", json!("readonly")), envelope.authenticated(Scope::ReadOnly));
    put_some("denied", says("denied", json!("no")), envelope.permission_denied("no"));
    put_some("close", says("close", json!("gone")), envelope.close("gone"));
    for (kind, message) in server_messages() {
        let frame = envelope.stateless(&message.to_string());
        put_some(&format!("stateless-{kind}"), says("stateless", message), frame);
    }
    let command = r#"{"type":"command","id":"6f1c2d3e-0000-4000-8000-00000000000c","do":"merge"}"#;
    let unsent = r#"{"type":"unsent","count":3}"#;
    let token = [vec![0], with_length("a-token")].concat();
    let mut put =
        |name: &str, says: Value, bytes: Vec<u8>| all.push((format!("hocuspocus-{name}"), says, bytes));
    put("token", says("token", json!("a-token")), of_a_phone(KEY, 2, &token));
    put("query-awareness", says("query-awareness", Value::Null), of_a_phone(KEY, 3, &[]));
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    put("stateless-command", says("stateless", parsed(command)), of_a_phone(KEY, 5, &with_length(command)));
    put("stateless-unsent", says("stateless", parsed(unsent)), of_a_phone(KEY, 5, &with_length(unsent)));
    let single = |kind: &str| json!({ "envelope": "hocuspocus", "key": null, "kind": kind, "payload": null });
    put("ping", single("ping"), envelope.keep_alive().to_vec());
    put("pong", single("pong"), PONG.to_vec());
    all
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn w1_frames_are_these_bytes() {
    let frames = frames();
    for (name, says, bytes) in &frames {
        holds(&format!("golden/frames/{name}.hex"), &format!("{}\n", hex(bytes)));
        holds(&format!("golden/frames/{name}.json"), &pretty(says));
        let of_server_alone =
            ["status", "authenticated", "denied", "close"].contains(&says["kind"].as_str().unwrap());
        let read =
            if says["envelope"] == "hocuspocus" { read_hocuspocus(bytes) } else { read_y_websocket(bytes) };
        if of_server_alone {
            continue;
        }
        let message = read.unwrap_or_else(|error| panic!("{name}: {error}")).message;
        let kind = match message {
            Message::SyncStep1(_) => "step1",
            Message::SyncStep2(_) => "step2",
            Message::Update(_) => "update",
            Message::Awareness(_) => "awareness",
            Message::Token(_) => "token",
            Message::QueryAwareness => "query-awareness",
            Message::Stateless(_) => "stateless",
            Message::Close => "close",
            Message::Ping => "ping",
            Message::Pong => "pong",
        };
        assert_eq!(says["kind"], kind, "{name}");
    }
    let there = std::fs::read_dir(path("golden/frames")).unwrap().count();
    assert_eq!(there, frames.len() * 2, "no file is left over");
}

#[test]
fn w11_each_message_of_the_server_is_its_type_and_back() {
    for (kind, message) in server_messages() {
        let read: ServerMessage =
            serde_json::from_value(message.clone()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(serde_json::to_value(&read).unwrap(), message, "{kind}");
    }
}

#[test]
fn w10_close_codes_are_these() {
    let all: Vec<Value> = CloseReason::ALL
        .iter()
        .map(|reason| json!({ "code": reason.code(), "words": reason.words(), "again": reason.retriable() }))
        .collect();
    holds("golden/close-codes.json", &pretty(&Value::Array(all)));
}

#[test]
fn w12_the_hash_of_a_receipt_is_that_of_its_bytes() {
    let hash = serde_json::to_value(proto::ids::Receipt::from_bytes([0; 32]).hash()).unwrap();
    let hash = hash.as_str().unwrap();
    assert_eq!(hash, "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
    assert!(std::fs::read_to_string(path("README.md")).unwrap().contains(hash), "the page says so");
}

/// The declaration without comments, on one line.
fn bare(declaration: &str) -> String {
    let mut out = declaration.to_owned();
    while let Some((from, to)) =
        out.find("/**").and_then(|from| Some((from, out[from..].find("*/")? + from + 2)))
    {
        out.replace_range(from..to, "");
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The fields in the braces at the beginning of this, as name and type.
fn fields(text: &str) -> Vec<(String, String)> {
    let (mut depth, mut part, mut parts) = (0, String::new(), Vec::new());
    for letter in text.chars() {
        match letter {
            '{' | '[' | '(' | '<' => depth += 1,
            '}' | ']' | ')' | '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && letter == ',') {
            parts.push(std::mem::take(&mut part));
            if depth == 0 {
                break;
            }
        } else if !(depth == 1 && letter == '{') {
            part.push(letter);
        }
    }
    let pair = |part: String| {
        part.split_once(':').map(|(name, kind)| (name.trim().to_owned(), kind.trim().to_owned()))
    };
    parts.into_iter().filter_map(pair).filter(|(name, _)| name != "\"do\"").collect()
}

/// Every command with its fields.
fn commands() -> BTreeMap<String, Vec<(String, String)>> {
    let config = Config::new().with_large_int("number");
    let action = bare(&Action::decl(&config));
    let mut all = BTreeMap::new();
    for part in action.split("{ \"do\": \"").skip(1) {
        let Some((name, rest)) = part.split_once('"') else { continue };
        let flat = rest.trim_start().strip_prefix("} & ").map(|rest| rest.starts_with("Share"));
        let of = |declaration: String| {
            let bare = bare(&declaration);
            bare.find('{').map(|at| fields(&bare[at..])).unwrap_or_default()
        };
        let own = if flat == Some(true) {
            of(Share::decl(&config))
        } else if flat.is_some() && name == "add-link" {
            of(NewLink::decl(&config))
        } else {
            fields(&format!("{{{rest}"))
        };
        all.insert(name.to_owned(), own);
    }
    all
}

#[test]
fn c1_the_page_has_every_field_of_every_command() {
    let mut table = "| do | fields |\n|---|---|\n".to_owned();
    for (name, fields) in commands() {
        let fields = match name.as_str() {
            "create" => "those of `Create` (`bindings/proto.ts`)".to_owned(),
            "join" => "those of `Join` (`bindings/proto.ts`)".to_owned(),
            _ if fields.is_empty() => "–".to_owned(),
            _ => {
                let one = |(name, kind): &(String, String)| format!("`{name}: {}`", kind.replace('|', "\\|"));
                fields.iter().map(one).collect::<Vec<_>>().join(", ")
            }
        };
        table.push_str(&format!("| `{name}` | {fields} |\n"));
    }
    let page = std::fs::read_to_string(path("README.md")).unwrap();
    let (begin, end) = ("<!-- fields of commands: generated -->\n", "<!-- end of the fields -->");
    let from = page.find(begin).expect("the page has a place for the table") + begin.len();
    let to = page.find(end).expect("the table has an end");
    holds("README.md", &format!("{}{table}{}", &page[..from], &page[to..]));
}

#[test]
fn c1_each_command_with_all_its_fields_is_read_and_written_alike() {
    let golden = std::fs::read_to_string(path("golden/commands.json")).unwrap();
    let golden: BTreeMap<String, Value> = serde_json::from_str(&golden).unwrap();
    let known = commands();
    assert_eq!(golden.keys().collect::<Vec<_>>(), known.keys().collect::<Vec<_>>());
    for (name, command) in golden {
        let read = Command::from_json(&command.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.to_json(), command, "{name}");
        if name == "create" || name == "join" {
            continue;
        }
        let has: BTreeSet<&str> = command.as_object().unwrap().keys().map(String::as_str).collect();
        let may =
            known[&name].iter().map(|(field, _)| field.trim_end_matches('?')).chain(["id", "do"]).collect();
        assert_eq!(has, may, "{name} has all of its fields");
    }
}
