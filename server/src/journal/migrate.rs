//! From format 2 to 3: decisions lose the hashes over commands, because those hashes held people's words.
//!
//! A hash of words confirms a guess of them: whoever holds the file could still find out what was deleted. The fields go
//! from every decision that has them; a command of those days that is sent again is recognised by its id alone. The
//! rewriting of the file that a purge owes as well takes what their rows leave behind.

use proto::ids::ConsultationId;
use rusqlite::{Transaction, params};
use serde_json::Value;

use super::purge::owe_rewriting;
use super::rows::checksum;

/// Rows that are read at once.
const PAGE: i64 = 1_000;
/// The kind and the stream of decisions.
const DECIDED: i64 = 1;
const STREAM: &str = "consultation";

/// Takes the hashes out of all decisions.
pub(super) fn forget_hashes(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let ids: Vec<ConsultationId> = {
        let mut rows = transaction.prepare("SELECT id FROM consultation")?;
        rows.query_map([], |row| row.get(0).map(ConsultationId))?.collect::<rusqlite::Result<_>>()?
    };
    for id in ids {
        let mut last = 0;
        loop {
            let page = read_page(transaction, id, last)?;
            let Some((end, _)) = page.last() else { break };
            last = *end;
            for (seq, body) in page {
                if let Some(body) = without_hashes(&body) {
                    let sum = checksum(id, STREAM, seq, DECIDED, &body);
                    transaction
                        .prepare_cached(
                            "UPDATE record SET body = ?4, sum = ?5 WHERE consultation = ?1 AND stream = ?2 AND seq = ?3",
                        )?
                        .execute(params![id.0, STREAM, seq, body, sum])?;
                }
            }
        }
        note_activity(transaction, id)?;
    }
    owe_rewriting(transaction)
}

/// Nobody noted in format 2 when something happened last: a consultation that nobody closed is kept from today on.
fn note_activity(transaction: &Transaction<'_>, id: ConsultationId) -> rusqlite::Result<()> {
    let (last, today): (i64, i64) = transaction.query_row(
        "SELECT last_seq, CAST(strftime('%s', 'now', 'start of day') AS INTEGER) * 1000 FROM consultation WHERE id = ?1",
        [id.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let seq = last + 1;
    let body = format!("{{\"event\":{{\"event\":\"active\",\"day\":{today}}}}}").into_bytes();
    let sum = checksum(id, STREAM, seq, DECIDED, &body);
    transaction.execute(
        "INSERT INTO record (consultation, stream, seq, kind, body, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![id.0, STREAM, seq, DECIDED, body, sum],
    )?;
    transaction.execute("UPDATE consultation SET last_seq = ?2 WHERE id = ?1", params![id.0, seq]).map(drop)
}

fn read_page(
    transaction: &Transaction<'_>,
    id: ConsultationId,
    last: i64,
) -> rusqlite::Result<Vec<(i64, Vec<u8>)>> {
    let mut rows = transaction.prepare_cached(
        "SELECT seq, body, sum FROM record WHERE consultation = ?1 AND stream = ?2 AND kind = ?3 AND seq > ?4
         ORDER BY seq LIMIT ?5",
    )?;
    let rows = rows.query_map(params![id.0, STREAM, DECIDED, last, PAGE], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, i64>(2)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    // A row that is damaged stays as it is: with a new checksum nobody would see that it is.
    let body = |seq, body: Vec<u8>, sum| {
        if sum == checksum(id, STREAM, seq, DECIDED, &body) { body } else { Vec::new() }
    };
    Ok(rows.into_iter().map(|(seq, found, sum)| (seq, body(seq, found, sum))).collect())
}

/// The decision without its hashes; nothing if it has none.
fn without_hashes(body: &[u8]) -> Option<Vec<u8>> {
    let mut decision: Value = serde_json::from_slice(body).ok()?;
    let mut gone = false;
    if let Some(command) = decision.get_mut("command").and_then(Value::as_object_mut) {
        gone |= command.remove("content").is_some();
    }
    if let Some(event) = decision.get_mut("event").and_then(Value::as_object_mut) {
        let hash = match event.get("event").and_then(Value::as_str) {
            Some("shared") => Some("content"),
            Some("merged") => Some("sha256"),
            _ => None,
        };
        gone |= hash.is_some_and(|hash| event.remove(hash).is_some());
    }
    if gone { serde_json::to_vec(&decision).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_words_go_and_everything_else_stays() {
        let before = br#"{"command":{"id":"7","content":"ab"},"event":{"event":"shared","idea":"1","content":"cd","order":3}}"#;
        let after: Value = serde_json::from_slice(&without_hashes(before).unwrap()).unwrap();
        let expected = serde_json::json!({ "command": { "id": "7" }, "event": { "event": "shared", "idea": "1", "order": 3 } });
        assert_eq!(after, expected);
        let file = br#"{"event":{"event":"file-stored","content":{"sha256":"ab"}}}"#;
        assert_eq!(without_hashes(file), None, "a file is no idea");
    }
}
