//! Words that must leave the files: which documents still hold them, and the log that still has them.
//!
//! A decision that deletes words names the documents that hold a copy, in the same transaction; the compaction of such a
//! document takes its name off again. What a crash left in between is owed: whoever starts the consultation again does it.
//! The log needs no mark, because it is emptied at every start, whatever happened before.

use proto::ids::ConsultationId;
use rusqlite::{Connection, Transaction, params};

use super::{Seq, Stream};

/// Names documents that hold words which an entry deletes; `before` is the last record before the append.
pub(super) fn owe(
    transaction: &Transaction<'_>,
    consultation: ConsultationId,
    streams: &[(Stream, usize)],
    before: i64,
) -> rusqlite::Result<()> {
    for (stream, at) in streams {
        let seq = before.saturating_add(i64::try_from(*at).unwrap_or(i64::MAX)).saturating_add(1);
        transaction
            .prepare_cached(
                "INSERT INTO scrub (consultation, stream, seq) VALUES (?1, ?2, ?3)
                 ON CONFLICT (consultation, stream) DO UPDATE SET seq = ?3",
            )?
            .execute(params![consultation.0, stream.name(), seq])?;
    }
    Ok(())
}

/// A document was compacted that shows every decision up to `decided`.
pub(super) fn done(
    transaction: &Transaction<'_>,
    consultation: ConsultationId,
    stream: &str,
    decided: Seq,
) -> rusqlite::Result<()> {
    let decided = i64::try_from(decided).unwrap_or(i64::MAX);
    transaction
        .prepare_cached("DELETE FROM scrub WHERE consultation = ?1 AND stream = ?2 AND seq <= ?3")?
        .execute(params![consultation.0, stream, decided])
        .map(drop)
}

/// The documents of a consultation that still hold deleted words.
pub(super) fn owed(
    connection: &Connection,
    consultation: ConsultationId,
) -> rusqlite::Result<Vec<(Stream, Seq)>> {
    let mut rows = connection.prepare("SELECT stream, seq FROM scrub WHERE consultation = ?1")?;
    let rows =
        rows.query_map([consultation.0], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let known = |(stream, seq): (String, i64)| Some((Stream::parse(&stream)?, u64::try_from(seq).ok()?));
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Moves the log into the database and empties it. False: a reader is in the way.
pub(super) fn empty_log(connection: &Connection) -> rusqlite::Result<bool> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
