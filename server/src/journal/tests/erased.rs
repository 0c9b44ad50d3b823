//! Words that were deleted one by one from a growing file: no byte of the data folder holds them (rule C25).

use std::path::Path;
use std::time::Duration;

use proto::ids::{ConsultationId, GroupId, IdeaId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::config::{Limits, RewriteLimits};
use crate::journal::{
    Append, Journal, Keys, Record, SqliteJournal, Stream, StreamRecord, TextChange, TextRow,
};

/// Texts that are deleted, one after the other, when the file has grown around them.
const ERASES: u64 = 500;
/// Text changes in one append.
const TOGETHER: usize = 60;
/// What a deleted text repeats.
const MARKER: &str = "call-maria-";

const ID: ConsultationId = ConsultationId(Uuid::from_u128(1));

/// Numbers as random as real ids are, and the same in every run.
fn random(number: u64) -> [u8; 16] {
    let hash = Sha256::digest(number.to_le_bytes());
    std::array::from_fn(|at| hash[at])
}

fn idea(number: u64) -> TextRow {
    TextRow::Idea(IdeaId(Uuid::from_bytes(random(number))))
}

/// From 200 to 710 bytes: rows of such sizes do not fill a page evenly, and SQLite then leaves copies when it splits one.
fn length(number: u64) -> usize {
    200 + 2 * usize::from(random(number)[9])
}

fn at_once() -> Limits {
    let rewrite = RewriteLimits { quiet: Duration::ZERO, rest: 0, ..RewriteLimits::default() };
    Limits { rewrite, ..Limits::default() }
}

/// Every file counts as a large one, and there is no pause that is long enough.
fn never() -> Limits {
    let rewrite = RewriteLimits { bytes_max: 0, ..RewriteLimits::default() };
    Limits { rewrite, ..Limits::default() }
}

async fn append(journal: &SqliteJournal, texts: Vec<TextChange>, keys: Option<Keys>) {
    let board = Stream::Board(GroupId(Uuid::from_u128(2)));
    let entries = vec![StreamRecord { stream: board, record: Record::Updated(vec![7; 90]) }];
    let append = Append { consultation: ID, entries, texts, files: vec![], keys, scrubs: vec![] };
    journal.append(append).await.unwrap().unwrap();
}

/// Shares ideas, edits some of them, and deletes half of them one after the other.
async fn share_and_erase(journal: &SqliteJournal) {
    let keys = Keys { ballots: [1; 32], bindings: [2; 32], seats: [3; 32] };
    append(journal, vec![], Some(keys)).await;
    let mut changes = Vec::new();
    for number in 0..ERASES {
        let words = MARKER.repeat(70);
        changes.push(TextChange::Put(idea(number), words[..length(number)].to_owned()));
        changes.push(TextChange::Put(idea(ERASES + number), "x".repeat(length(ERASES + number))));
        for edit in [2 * ERASES + 2 * number, 2 * ERASES + 2 * number + 1] {
            let other = u64::from(u16::from_le_bytes([random(edit)[0], random(edit)[1]])) % (number + 1);
            changes.push(TextChange::Put(idea(ERASES + other), "y".repeat(length(edit))));
        }
    }
    changes.extend((0..ERASES).map(|number| TextChange::Delete(idea(number))));
    for together in changes.chunks(TOGETHER) {
        append(journal, together.to_vec(), None).await;
    }
}

/// How often the deleted words stand in any file, as UTF-8 or UTF-16.
fn left(folder: &Path) -> usize {
    let utf16: Vec<u8> = MARKER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files = std::fs::read_dir(folder).unwrap();
    let count = |bytes: &[u8]| {
        let found = |words: &[u8]| bytes.windows(words.len()).filter(|part| *part == words).count();
        found(MARKER.as_bytes()) + found(&utf16)
    };
    files.map(|file| count(&std::fs::read(file.unwrap().path()).unwrap())).sum()
}

#[tokio::test]
async fn c25_deletions_in_a_growing_file_leave_no_copy_and_without_a_rewriting_they_do() {
    let without = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(without.path(), &never()).unwrap();
    share_and_erase(&journal).await;
    // Answered when the log is empty.
    journal.set_server_value("a", b"b").unwrap();
    let copies = left(without.path());
    assert_ne!(copies, 0, "the search finds what SQLite leaves behind");
    drop(journal);
    assert_eq!(left(without.path()), copies, "nothing was done at the stop: as after a kill");
    let journal = SqliteJournal::open(without.path(), &never()).unwrap();
    assert_eq!(left(without.path()), 0, "the start does what was owed");
    assert_eq!(journal.texts(ID).unwrap().len() as u64, ERASES, "everything else is there");
}

#[tokio::test]
async fn c25_a_server_that_runs_rewrites_its_file_soon() {
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &at_once()).unwrap();
    share_and_erase(&journal).await;
    // Answered when what was due before is done.
    journal.set_server_value("a", b"b").unwrap();
    assert_eq!(left(folder.path()), 0);
}

#[tokio::test]
async fn c25_a_server_that_stops_rewrites_a_small_file() {
    let folder = tempfile::tempdir().unwrap();
    let hour = Duration::from_secs(3_600);
    let rewrite = RewriteLimits { quiet: hour, within: hour, ..RewriteLimits::default() };
    let journal = SqliteJournal::open(folder.path(), &Limits { rewrite, ..Limits::default() }).unwrap();
    share_and_erase(&journal).await;
    assert_ne!(left(folder.path()), 0);
    drop(journal);
    assert_eq!(left(folder.path()), 0);
}
