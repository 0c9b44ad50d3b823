//! Purging a consultation from the SQLite journal: its rows, its keys, and every byte that its pages leave behind.
//!
//! `secure_delete` overwrites a row that is deleted, but a page that was rebalanced earlier may still hold an old copy
//! of a row between its live ones. So a purge rewrites the whole file, empties the log, and is answered only then.
//! That it is owed stands in the database from the moment the rows are gone: a server that is killed in between
//! finishes it when it starts again. Words that are deleted one by one owe the same; `rewriting` says when it is done.

use std::path::Path;

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

/// The size of the file in bytes; unknown counts as large.
pub(super) fn bytes(connection: &Connection) -> u64 {
    let number = |pragma| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let pages = number("PRAGMA page_count").ok().and_then(|pages| u64::try_from(pages).ok());
    let size = number("PRAGMA page_size").ok().and_then(|size| u64::try_from(size).ok());
    pages.zip(size).map_or(u64::MAX, |(pages, size)| pages.saturating_mul(size))
}

/// Writes the file anew without what was deleted, and empties the log. False: a reader is in the way; try again.
///
/// The copy that SQLite makes on its way holds what is not deleted. Of a file of at most `in_memory_max` bytes it stays in memory; of a
/// larger one it would take as much memory, so it is a file in the data folder that has no name and goes with the connection.
pub(super) fn rewrite(connection: &Connection, in_memory_max: u64) -> rusqlite::Result<bool> {
    if crate::seeded_defects::is("purge-without-rewriting") {
        connection.execute("DELETE FROM server WHERE name = ?1", [OWED])?;
        return Ok(true);
    }
    if bytes(connection) <= in_memory_max {
        connection.execute_batch("PRAGMA temp_store = MEMORY")?;
    } else {
        copy_beside(connection)?;
    }
    let vacuumed = connection.execute_batch("VACUUM");
    connection.execute_batch("PRAGMA temp_store = DEFAULT")?;
    vacuumed?;
    if !empty_log(connection)? {
        return Ok(false);
    }
    connection.execute("DELETE FROM server WHERE name = ?1", [OWED])?;
    Ok(true)
}

/// Lets SQLite make its copy in the folder of the database: words that are nowhere else stay on its disk.
fn copy_beside(connection: &Connection) -> rusqlite::Result<()> {
    if let Some(folder) = connection.path().and_then(|path| Path::new(path).parent()?.to_str()) {
        let quoted = folder.replace('\'', "''");
        connection.execute_batch(&format!("PRAGMA temp_store_directory = '{quoted}'"))?;
    }
    connection.execute_batch("PRAGMA temp_store = FILE")
}
