//! The rows of the SQLite journal: how records, snapshots and keys are written and read, each with its checksum.

use bytes::Bytes;
use proto::ids::{ClientId, ConsultationId, Epoch, MaterialId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::scrub::{done, owe};
use super::{
    Append, Compaction, FileChange, Keys, LoadedStream, Record, SeatKey, Seq, SnapshotRow, Stream, TextChange,
};

/// Writes an append. `None`: there is no such consultation any more, and nothing was written.
pub(super) fn write_append(transaction: &Transaction<'_>, append: &Append) -> rusqlite::Result<Option<Seq>> {
    let id = append.consultation.0;
    if let Some(keys) = &append.keys {
        transaction
            .prepare_cached("INSERT INTO consultation (id, last_seq, keys) VALUES (?1, 0, ?2)")?
            .execute(params![id, encode_keys(keys)])?;
    }
    let last = transaction
        .prepare_cached("SELECT last_seq FROM consultation WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(mut last): Option<i64> = last else { return Ok(None) };
    owe(transaction, append.consultation, &append.scrubs, last)?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO record (consultation, stream, seq, kind, body, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for entry in &append.entries {
        last += 1;
        let stream = entry.stream.name();
        let (kind, body) = entry.record.encode();
        let sum = checksum(append.consultation, &stream, last, kind, &body);
        insert.execute(params![id, stream, last, kind, body, sum])?;
    }
    transaction
        .prepare_cached("UPDATE consultation SET last_seq = ?2 WHERE id = ?1")?
        .execute(params![id, last])?;
    for change in &append.texts {
        match change {
            TextChange::Put(key, text) => transaction
                .prepare_cached(
                    "INSERT INTO text (consultation, name, body) VALUES (?1, ?2, ?3)
                     ON CONFLICT (consultation, name) DO UPDATE SET body = ?3",
                )?
                .execute(params![id, key.name(), text])?,
            TextChange::Delete(key) => transaction
                .prepare_cached("DELETE FROM text WHERE consultation = ?1 AND name = ?2")?
                .execute(params![id, key.name()])?,
        };
    }
    for change in &append.files {
        write_file(transaction, append.consultation, change)?;
    }
    Ok(Some(u64::try_from(last).unwrap_or(0)))
}

fn write_file(
    transaction: &Transaction<'_>,
    consultation: ConsultationId,
    change: &FileChange,
) -> rusqlite::Result<()> {
    match change {
        FileChange::Put(file, bytes) => {
            let sum = checksum(consultation, &file.to_string(), 0, 0, bytes);
            transaction
                .prepare_cached(
                    "INSERT INTO file (consultation, id, body, sum) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (consultation, id) DO UPDATE SET body = ?3, sum = ?4",
                )?
                .execute(params![consultation.0, file.0, bytes.as_ref(), sum])?
        }
        FileChange::Delete(file) => transaction
            .prepare_cached("DELETE FROM file WHERE consultation = ?1 AND id = ?2")?
            .execute(params![consultation.0, file.0])?,
    };
    Ok(())
}

pub(super) fn read_file(
    connection: &Connection,
    consultation: ConsultationId,
    file: MaterialId,
) -> Result<Option<Vec<u8>>, ReadError> {
    let row: Option<(Vec<u8>, i64)> = connection
        .query_row(
            "SELECT body, sum FROM file WHERE consultation = ?1 AND id = ?2",
            params![consultation.0, file.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((body, sum)) = row else { return Ok(None) };
    if sum != checksum(consultation, &file.to_string(), 0, 0, &body) {
        return Err(ReadError::Content(format!("the uploaded file {file} is not what was written")));
    }
    Ok(Some(body))
}

#[derive(Serialize, Deserialize)]
struct SnapshotHead {
    epoch: Epoch,
    server: ClientId,
    bindings: Vec<(ClientId, SeatKey)>,
}

/// Writes a compaction. `None`: there is no such consultation any more, and nothing was written.
pub(super) fn write_compaction(
    transaction: &Transaction<'_>,
    compaction: &Compaction,
) -> rusqlite::Result<Option<Seq>> {
    let known: bool = transaction
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM consultation WHERE id = ?1)")?
        .query_row([compaction.consultation.0], |row| row.get(0))?;
    if !known {
        return Ok(None);
    }
    let SnapshotRow { seq, epoch, server, bindings, state } = &compaction.snapshot;
    let head = SnapshotHead { epoch: *epoch, server: *server, bindings: bindings.clone() };
    let head = serde_json::to_vec(&head).unwrap_or_default();
    let stream = compaction.stream.name();
    let at = i64::try_from(*seq).unwrap_or(i64::MAX);
    let sum = checksum(compaction.consultation, &stream, at, 0, &[head.as_slice(), state].concat());
    transaction
        .prepare_cached(
            "INSERT INTO snapshot (consultation, stream, seq, head, state, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (consultation, stream) DO UPDATE SET seq = ?3, head = ?4, state = ?5, sum = ?6",
        )?
        .execute(params![compaction.consultation.0, stream, at, head, &state[..], sum])?;
    transaction
        .prepare_cached("DELETE FROM record WHERE consultation = ?1 AND stream = ?2 AND seq <= ?3")?
        .execute(params![compaction.consultation.0, stream, at])?;
    done(transaction, compaction.consultation, &stream, compaction.decided)?;
    Ok(Some(*seq))
}

/// Why a stream could not be read.
pub(super) enum ReadError {
    /// SQLite says so.
    Sqlite(rusqlite::Error),
    /// What was read is not what was written.
    Content(String),
}

impl From<rusqlite::Error> for ReadError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

pub(super) fn read_stream(
    connection: &Connection,
    id: ConsultationId,
    stream: Stream,
) -> Result<LoadedStream, ReadError> {
    let name = stream.name();
    let wrong = |seq: i64| ReadError::Content(format!("record {seq} of {name} is not what was written"));
    // One read transaction, so that a compaction between the two queries cannot hide records.
    let connection = connection.unchecked_transaction()?;
    let row: Option<(i64, Vec<u8>, Vec<u8>, i64)> = connection
        .query_row(
            "SELECT seq, head, state, sum FROM snapshot WHERE consultation = ?1 AND stream = ?2",
            params![id.0, name],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()?;
    let snapshot = match row {
        None => None,
        Some((seq, head, state, sum)) => {
            if sum != checksum(id, &name, seq, 0, &[head.as_slice(), &state].concat()) {
                return Err(wrong(seq));
            }
            let head: SnapshotHead = serde_json::from_slice(&head).map_err(|_| wrong(seq))?;
            let SnapshotHead { epoch, server, bindings } = head;
            let state = Bytes::from(state);
            Some(SnapshotRow { seq: u64::try_from(seq).unwrap_or(0), epoch, server, bindings, state })
        }
    };
    let mut rows = connection.prepare(
        "SELECT seq, kind, body, sum FROM record WHERE consultation = ?1 AND stream = ?2 ORDER BY seq",
    )?;
    let mut rows = rows.query(params![id.0, name])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let (seq, kind, body, sum): (i64, i64, Vec<u8>, i64) =
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        if sum != checksum(id, &name, seq, kind, &body) {
            return Err(wrong(seq));
        }
        let record = Record::decode(kind, &body).map_err(|error| ReadError::Content(error.to_string()))?;
        records.push((u64::try_from(seq).unwrap_or(0), record));
    }
    Ok(LoadedStream { snapshot, records })
}

pub(super) fn checksum(id: ConsultationId, stream: &str, seq: i64, kind: i64, body: &[u8]) -> i64 {
    let mut hash = Sha256::new();
    hash.update(id.0.as_bytes());
    hash.update(stream.as_bytes());
    hash.update(seq.to_le_bytes());
    hash.update(kind.to_le_bytes());
    hash.update(body);
    let hash = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    i64::from_le_bytes(first)
}

fn encode_keys(keys: &Keys) -> Vec<u8> {
    [keys.ballots, keys.bindings, keys.seats].concat()
}

pub(super) fn decode_keys(bytes: &[u8]) -> Option<Keys> {
    let (ballots, rest) = bytes.split_first_chunk()?;
    let (bindings, rest) = rest.split_first_chunk()?;
    let seats = rest.try_into().ok()?;
    Some(Keys { ballots: *ballots, bindings: *bindings, seats })
}
