//! What every journal promises, as tests that run against each implementation.

use proto::ids::{ClientId, ConsultationId, Epoch, GroupId, IdeaId};
use uuid::Uuid;

use super::{
    Append, Compaction, Entry, Journal, Keys, MemoryJournal, Record, Scrub, SeatKey, SnapshotRow,
    SqliteJournal, Stream, TextChange, TextKey,
};
use crate::config::Limits;

const KEYS: Keys = Keys { ballots: [1; 32], bindings: [2; 32], seats: [3; 32] };

fn id() -> ConsultationId {
    ConsultationId(Uuid::from_u128(1))
}

fn board() -> Stream {
    Stream::Board(GroupId(Uuid::from_u128(2)))
}

fn update(stream: Stream, bytes: &[u8]) -> Entry {
    Entry { stream, record: Record::Updated(bytes.to_vec()) }
}

fn append(entries: Vec<Entry>) -> Append {
    Append { consultation: id(), entries, texts: vec![], keys: None }
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
            state: b"state".to_vec(),
        };
        let compaction =
            Compaction { consultation: id(), stream: board(), snapshot: snapshot.clone(), scrub: Scrub::Now };
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
        let key = TextKey::Idea(IdeaId(Uuid::from_u128(3)));
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
async fn values_of_the_server_are_kept() {
    for_each_journal(async |opened| {
        assert_eq!(opened.get().server_value("x").unwrap(), None);
        opened.get().set_server_value("x", b"1").unwrap();
        opened.get().set_server_value("x", b"2").unwrap();
        opened.reopen();
        assert_eq!(opened.get().server_value("x").unwrap().as_deref(), Some(&b"2"[..]));
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
