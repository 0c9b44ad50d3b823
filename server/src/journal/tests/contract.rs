//! What every journal promises, as tests that run against each implementation.

use bytes::Bytes;
use proto::ids::{ClientId, ConsultationId, Epoch, GroupId, IdeaId, MaterialId};
use uuid::Uuid;

use crate::config::Limits;
use crate::journal::{
    Append, Compaction, FileChange, Journal, JournalError, Keys, MemoryJournal, Record, Scrub, SeatKey,
    SnapshotRow, SqliteJournal, Stream, StreamRecord, TextChange, TextRow,
};

const FILE: MaterialId = MaterialId(Uuid::from_u128(4));
const KEYS: Keys = Keys { ballots: [1; 32], bindings: [2; 32], seats: [3; 32] };

fn id() -> ConsultationId {
    ConsultationId(Uuid::from_u128(1))
}

fn board() -> Stream {
    Stream::Board(GroupId(Uuid::from_u128(2)))
}

fn update(stream: Stream, bytes: &[u8]) -> StreamRecord {
    StreamRecord { stream, record: Record::Updated(bytes.to_vec()) }
}

fn append(entries: Vec<StreamRecord>) -> Append {
    Append { consultation: id(), entries, texts: vec![], files: vec![], keys: None, scrubs: vec![] }
}

async fn begin(journal: &dyn Journal) {
    let first = Append { keys: Some(KEYS), ..append(vec![]) };
    journal.append(first).await.unwrap().unwrap();
}

/// Runs a check against every implementation; SQLite's folder is opened anew where `reopen` is called.
async fn for_each_journal<F>(check: F)
where
    F: AsyncFn(&mut Opened),
{
    check(&mut Opened::Memory(MemoryJournal::default())).await;
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    check(&mut Opened::Sqlite(Some(journal), folder)).await;
}

enum Opened {
    Memory(MemoryJournal),
    Sqlite(Option<SqliteJournal>, tempfile::TempDir),
}

impl Opened {
    fn get(&self) -> &dyn Journal {
        match self {
            Self::Memory(journal) => journal,
            Self::Sqlite(journal, _) => journal.as_ref().unwrap(),
        }
    }

    /// A restart, where there is something to restart from.
    fn reopen(&mut self) {
        if let Self::Sqlite(journal, folder) = self {
            journal.take();
            *journal = Some(SqliteJournal::open(folder.path(), &Limits::default()).unwrap());
        }
    }
}

#[tokio::test]
async fn i5_what_was_appended_is_there_in_order_after_a_restart() {
    for_each_journal(async |opened| {
        begin(opened.get()).await;
        let first = opened.get().append(append(vec![update(board(), b"a"), update(Stream::Plenary, b"p")]));
        let second = opened.get().append(append(vec![update(board(), b"b")]));
        assert_eq!(first.await.unwrap().unwrap(), 2);
        assert_eq!(second.await.unwrap().unwrap(), 3);
        opened.reopen();
        assert_eq!(opened.get().consultations().unwrap(), vec![id()]);
        let loaded = opened.get().load(id(), board()).unwrap();
        assert_eq!(
            loaded.records,
            vec![(1, Record::Updated(b"a".to_vec())), (3, Record::Updated(b"b".to_vec()))]
        );
        assert_eq!(opened.get().keys(id()).unwrap(), KEYS);
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_replaces_what_it_covers_and_nothing_else() {
    for_each_journal(async |opened| {
        begin(opened.get()).await;
        let entries = vec![update(board(), b"a"), update(Stream::Plenary, b"p"), update(board(), b"b")];
        opened.get().append(append(entries)).await.unwrap().unwrap();
        let snapshot = SnapshotRow {
            seq: 1,
            epoch: Epoch(Uuid::from_u128(9)),
            server: ClientId(ClientId::SERVER_FIRST),
            bindings: vec![(ClientId(5), SeatKey([7; 16]))],
            state: Bytes::from_static(b"state"),
        };
        let compaction = Compaction {
            consultation: id(),
            stream: board(),
            snapshot: snapshot.clone(),
            scrub: Scrub::Now,
            decided: 0,
        };
        opened.get().compact(compaction).await.unwrap().unwrap();
        opened.reopen();
        let loaded = opened.get().load(id(), board()).unwrap();
        assert_eq!(loaded.snapshot, Some(snapshot));
        assert_eq!(loaded.records, vec![(3, Record::Updated(b"b".to_vec()))]);
        assert_eq!(opened.get().load(id(), Stream::Plenary).unwrap().records.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn texts_are_put_replaced_and_deleted_with_their_append() {
    for_each_journal(async |opened| {
        begin(opened.get()).await;
        let key = TextRow::Idea(IdeaId(Uuid::from_u128(3)));
        for (texts, expected) in [
            (vec![TextChange::Put(key, "one".to_owned())], vec![(key, "one".to_owned())]),
            (vec![TextChange::Put(key, "two".to_owned())], vec![(key, "two".to_owned())]),
            (vec![TextChange::Delete(key)], vec![]),
        ] {
            opened.get().append(Append { texts, ..append(vec![]) }).await.unwrap().unwrap();
            opened.reopen();
            assert_eq!(opened.get().texts(id()).unwrap(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn files_are_put_replaced_and_deleted_with_their_append() {
    for_each_journal(async |opened| {
        begin(opened.get()).await;
        for (files, expected) in [
            (vec![], None),
            (vec![FileChange::Put(FILE, vec![1; 100_000].into())], Some(vec![1; 100_000])),
            (vec![FileChange::Put(FILE, vec![2].into())], Some(vec![2])),
            (vec![FileChange::Delete(FILE)], None),
        ] {
            opened.get().append(Append { files, ..append(vec![]) }).await.unwrap().unwrap();
            opened.reopen();
            assert_eq!(opened.get().file(id(), FILE).unwrap(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn a_database_of_the_first_format_is_brought_up_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    begin(&journal).await;
    journal.append(append(vec![update(board(), b"a")])).await.unwrap().unwrap();
    drop(journal);
    let database = rusqlite::Connection::open(folder.path().join("plenum.db")).unwrap();
    database.execute_batch("DROP TABLE file; DROP TABLE scrub; PRAGMA user_version = 1;").unwrap();
    drop(database);
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    assert_eq!(journal.load(id(), board()).unwrap().records, vec![(1, Record::Updated(b"a".to_vec()))]);
    let files = vec![FileChange::Put(FILE, vec![1].into())];
    journal.append(Append { files, ..append(vec![]) }).await.unwrap().unwrap();
    assert_eq!(journal.file(id(), FILE).unwrap(), Some(vec![1]));
}

#[tokio::test]
async fn values_of_the_server_are_kept() {
    for_each_journal(async |opened| {
        assert_eq!(opened.get().server_value("x").unwrap(), None);
        opened.get().set_server_value("x", b"1").unwrap();
        opened.get().set_server_value("x", b"2").unwrap();
        opened.reopen();
        assert_eq!(opened.get().server_value("x").unwrap().as_deref(), Some(&b"2"[..]));
        opened.get().set_server_value("xy", b"3").unwrap();
        opened.get().set_server_value("ax", b"4").unwrap();
        assert_eq!(opened.get().server_names("x").unwrap(), vec!["x", "xy"]);
    })
    .await;
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let _first = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    let error = SqliteJournal::open(folder.path(), &Limits::default()).err().unwrap();
    assert!(error.to_string().contains("another server"), "{error}");
}

#[tokio::test]
async fn a_flipped_bit_in_a_record_is_found_at_load() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    begin(&journal).await;
    journal.append(append(vec![update(board(), b"a sentence that somebody wrote")])).await.unwrap().unwrap();
    drop(journal);
    let database = rusqlite::Connection::open(folder.path().join("plenum.db")).unwrap();
    database.execute("UPDATE record SET body = CAST('a sentence that nobody wrote!!' AS BLOB)", []).unwrap();
    drop(database);
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    let error = journal.load(id(), board()).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");
}

/// A consultation with something in every table.
async fn begin_full(journal: &dyn Journal, id: ConsultationId, words: &str) {
    let text = TextChange::Put(TextRow::Idea(IdeaId(Uuid::from_u128(3))), words.to_owned());
    let first = Append {
        consultation: id,
        entries: vec![update(board(), words.as_bytes()), update(Stream::Plenary, words.as_bytes())],
        texts: vec![text],
        files: vec![FileChange::Put(FILE, words.as_bytes().to_vec().into())],
        keys: Some(KEYS),
        scrubs: vec![],
    };
    journal.append(first).await.unwrap().unwrap();
    journal.compact(snapshot_of(id, words)).await.unwrap().unwrap();
}

fn snapshot_of(id: ConsultationId, words: &str) -> Compaction {
    let snapshot = SnapshotRow {
        seq: 1,
        epoch: Epoch(Uuid::from_u128(9)),
        server: ClientId(ClientId::SERVER_FIRST),
        bindings: vec![],
        state: Bytes::from(words.as_bytes().to_vec()),
    };
    Compaction { consultation: id, stream: board(), snapshot, scrub: Scrub::Later, decided: 0 }
}

#[tokio::test]
async fn a_purge_deletes_all_of_one_consultation_and_nothing_of_another() {
    for_each_journal(async |opened| {
        let other = ConsultationId(Uuid::from_u128(77));
        begin_full(opened.get(), id(), "gone").await;
        begin_full(opened.get(), other, "stays").await;
        let certify: crate::journal::Certify =
            Box::new(|purged| vec![("certificate".to_owned(), purged.records.to_string().into_bytes())]);
        let purged = opened.get().purge(id(), Some(certify)).await.unwrap().unwrap();
        assert_eq!((purged.records, purged.snapshots, purged.texts, purged.keys), (1, 1, 1, 3));
        assert_eq!(purged.files, 1);
        for _ in 0..2 {
            let journal = opened.get();
            assert_eq!(journal.consultations().unwrap(), vec![other]);
            assert!(journal.keys(id()).is_err(), "its keys are destroyed");
            assert!(journal.texts(id()).unwrap().is_empty());
            assert_eq!(journal.file(id(), FILE).unwrap(), None);
            assert!(journal.file(other, FILE).unwrap().is_some());
            let loaded = journal.load(id(), board()).unwrap();
            assert!(loaded.snapshot.is_none() && loaded.records.is_empty());
            assert_eq!(journal.load(other, Stream::Plenary).unwrap().records.len(), 1);
            assert_eq!(journal.texts(other).unwrap().len(), 1);
            assert_eq!(journal.server_value("certificate").unwrap().as_deref(), Some(&b"1"[..]));
            opened.reopen();
        }
    })
    .await;
}

#[tokio::test]
async fn what_comes_after_a_purge_is_refused_and_harms_nobody_else() {
    for_each_journal(async |opened| {
        let other = ConsultationId(Uuid::from_u128(77));
        begin_full(opened.get(), id(), "gone").await;
        begin_full(opened.get(), other, "stays").await;
        opened.get().purge(id(), None).await.unwrap().unwrap();
        let journal = opened.get();
        let late = journal.append(append(vec![update(board(), b"late")]));
        let snapshot = journal.compact(snapshot_of(id(), "late"));
        let again = journal.purge(id(), None);
        let elsewhere = Append { consultation: other, ..append(vec![update(board(), b"on")]) };
        let elsewhere = journal.append(elsewhere);
        assert!(matches!(late.await.unwrap(), Err(JournalError::Purged)));
        assert!(matches!(snapshot.await.unwrap(), Err(JournalError::Purged)));
        assert!(matches!(again.await.unwrap(), Err(JournalError::Purged)));
        elsewhere.await.unwrap().unwrap();
        opened.reopen();
        assert!(opened.get().load(id(), board()).unwrap().snapshot.is_none());
    })
    .await;
}

#[tokio::test]
async fn c25_what_a_document_owes_is_kept_until_a_snapshot_covers_it_also_over_a_restart() {
    for_each_journal(async |opened| {
        begin(opened.get()).await;
        let entries = || vec![update(Stream::Plenary, b"one"), update(Stream::Plenary, b"two")];
        let scrubs = vec![(board(), 0), (Stream::Plenary, 1)];
        opened.get().append(Append { scrubs, ..append(entries()) }).await.unwrap().unwrap();
        opened.reopen();
        assert_eq!(opened.get().owed_scrubs(id()).unwrap(), vec![(board(), 1), (Stream::Plenary, 2)]);
        for (decided, owed) in [(0, 2), (1, 1)] {
            let compaction = Compaction { decided, ..snapshot_of(id(), "state") };
            opened.get().compact(compaction).await.unwrap().unwrap();
            assert_eq!(opened.get().owed_scrubs(id()).unwrap().len(), owed, "after decision {decided}");
        }
        opened.get().purge(id(), None).await.unwrap().unwrap();
        assert_eq!(opened.get().owed_scrubs(id()).unwrap(), vec![]);
    })
    .await;
}

/// How often some bytes stand in the files of a folder.
fn count_in_files(folder: &std::path::Path, needle: &[u8]) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.map(|bytes| bytes.windows(needle.len()).filter(|window| *window == needle).count()).sum()
}

/// Two consultations whose rows come in turns, with records, texts and snapshots that grow and shrink, so that pages
/// are split, filled again and left.
async fn fill_in_turns(journal: &dyn Journal) {
    let other = ConsultationId(Uuid::from_u128(77));
    for (id, words) in [(id(), "marker-of-the-purged"), (other, "marker-of-the-other")] {
        begin_full(journal, id, words).await;
    }
    for round in 0..120_u128 {
        for (id, words) in [(id(), "marker-of-the-purged"), (other, "marker-of-the-other")] {
            let long = words.repeat(usize::try_from(round % 40).unwrap() + 1);
            let key = |n| TextRow::Idea(IdeaId(Uuid::from_u128(n)));
            let texts = vec![TextChange::Put(key(round), long.clone()), TextChange::Delete(key(round / 2))];
            let entries = vec![update(board(), long.as_bytes()), update(Stream::Plenary, long.as_bytes())];
            let files = vec![FileChange::Put(FILE, long.into_bytes().into())];
            let turn = Append { consultation: id, entries, texts, files, keys: None, scrubs: vec![] };
            journal.append(turn).await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn no_byte_of_a_purged_consultation_is_left_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    fill_in_turns(&journal).await;
    assert!(count_in_files(folder.path(), b"marker-of-the-purged") > 0, "the check finds what is there");
    let reader = rusqlite::Connection::open(folder.path().join("plenum.db")).unwrap();
    journal.purge(id(), None).await.unwrap().unwrap();
    assert_eq!(count_in_files(folder.path(), b"marker-of-the-purged"), 0);
    assert!(count_in_files(folder.path(), b"marker-of-the-other") > 0);
    drop(reader);
}

#[tokio::test]
async fn c25_words_that_were_deleted_just_before_a_crash_leave_the_log_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    begin(&journal).await;
    drop(journal);
    // As after a kill between the commit and the checkpoint: the connection is leaked, so nobody empties the log.
    let database = rusqlite::Connection::open(folder.path().join("plenum.db")).unwrap();
    database.execute_batch("PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0;").unwrap();
    database.execute_batch("INSERT INTO text VALUES (x'01', 'a', 'marker-of-the-deleted')").unwrap();
    database.execute_batch("DELETE FROM text").unwrap();
    std::mem::forget(database);
    assert!(count_in_files(folder.path(), b"marker-of-the-deleted") > 0, "the check finds what is there");
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    assert_eq!(count_in_files(folder.path(), b"marker-of-the-deleted"), 0);
    drop(journal);
}

#[tokio::test]
async fn a_purge_waits_for_a_reader_and_is_answered_only_when_its_bytes_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    fill_in_turns(&journal).await;
    let reader = rusqlite::Connection::open(folder.path().join("plenum.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM record;").unwrap();
    let purge = journal.purge(id(), None);
    let ended = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        drop(reader);
    });
    purge.await.unwrap().unwrap();
    assert!(ended.is_finished(), "it was not answered before the reader had ended");
    ended.join().unwrap();
    assert_eq!(count_in_files(folder.path(), b"marker-of-the-purged"), 0);
}

#[tokio::test]
async fn a_purge_that_a_stop_interrupted_is_finished_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    fill_in_turns(&journal).await;
    drop(journal);
    // As after a kill between the deletion and the rewriting.
    let database = rusqlite::Connection::open(folder.path().join("plenum.db")).unwrap();
    database.execute_batch("PRAGMA secure_delete = OFF; PRAGMA wal_autocheckpoint = 0;").unwrap();
    for table in ["record", "snapshot", "text", "file"] {
        let sql = format!("DELETE FROM {table} WHERE consultation = ?1");
        database.execute(&sql, [id().0]).unwrap();
    }
    database.execute("DELETE FROM consultation WHERE id = ?1", [id().0]).unwrap();
    database.execute("INSERT INTO server (name, value) VALUES ('purge-owed', x'01')", []).unwrap();
    drop(database);
    assert!(count_in_files(folder.path(), b"marker-of-the-purged") > 0, "a plain deletion leaves it");
    let journal = SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
    assert_eq!(count_in_files(folder.path(), b"marker-of-the-purged"), 0);
    drop(journal);
}
