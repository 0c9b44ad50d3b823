//! Purging a consultation from the SQLite journal: its rows, its keys, and every byte that its pages leave behind.
//!
//! `secure_delete` overwrites a row that is deleted, but a page that was rebalanced earlier may still hold an old copy
//! of a row between its live ones. So a purge rewrites the whole file, empties the log, and is answered only then.
//! That it is owed stands in the database from the moment the rows are gone: a server that is killed in between
//! finishes it when it starts again. Words that are deleted one by one owe the same; `rewriting` says when it is done.

use proto::ids::ConsultationId;
use rusqlite::{Connection, Transaction, params};

use super::scrub::empty_log;
use super::{Certify, Purged};

/// The server's value that says that a rewriting is owed.
const OWED: &str = "purge-owed";

/// The file has to be written anew.
pub(super) fn owe_rewriting(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO server (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        )?
        .execute(params![OWED, [1_u8]])
        .map(drop)
}

/// Deletes all rows of a consultation, and keeps its certificate in the same transaction. `None`: it is not here.
pub(super) fn delete_rows(
    transaction: &Transaction<'_>,
    consultation: ConsultationId,
    certify: Option<Certify>,
) -> rusqlite::Result<Option<Purged>> {
    let id = consultation.0;
    let delete = |sql: &str| transaction.prepare_cached(sql)?.execute([id]).map(|rows| rows as u64);
    let purged = Purged {
        records: delete("DELETE FROM record WHERE consultation = ?1")?,
        snapshots: delete("DELETE FROM snapshot WHERE consultation = ?1")?,
        texts: delete("DELETE FROM text WHERE consultation = ?1")?,
        files: delete("DELETE FROM file WHERE consultation = ?1")?,
        keys: delete("DELETE FROM consultation WHERE id = ?1")? * u64::from(super::Keys::COUNT),
    };
    if purged.keys == 0 {
        return Ok(None);
    }
    delete("DELETE FROM scrub WHERE consultation = ?1")?;
    owe_rewriting(transaction)?;
    let mut keep = transaction.prepare_cached(
        "INSERT INTO server (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
    )?;
    if let Some(certify) = certify {
        for (name, value) in certify(&purged) {
            keep.execute(params![name, value])?;
        }
    }
    Ok(Some(purged))
}

/// Is a rewriting owed, because a stop came before it?
pub(super) fn is_owed(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM server WHERE name = ?1)", [OWED], |row| row.get(0))
}

/// Writes the file anew without what was deleted, and empties the log. False: a reader is in the way; try again.
pub(super) fn rewrite(connection: &Connection) -> rusqlite::Result<bool> {
    if crate::seeded_defects::is("purge-without-rewriting") {
        connection.execute("DELETE FROM server WHERE name = ?1", [OWED])?;
        return Ok(true);
    }
    // The copy that the rewriting makes on its way stays in memory: a file of it would be one more place to empty.
    connection.execute_batch("PRAGMA temp_store = MEMORY; VACUUM; PRAGMA temp_store = DEFAULT;")?;
    if !empty_log(connection)? {
        return Ok(false);
    }
    connection.execute("DELETE FROM server WHERE name = ?1", [OWED])?;
    Ok(true)
}
