//! A large journal is rewritten without deleted words in little memory (rule C25); a process of its own, so that its memory is this.
//!
//! `PLENUM_JOURNAL_MIB=1024 cargo nextest run -p plenum-server --test rewriting --no-capture` is the long form.

#![expect(clippy::unwrap_used, reason = "a test may unwrap; clippy knows only functions marked as tests")]

use std::time::Duration;

use proto::ids::{ConsultationId, GroupId, IdeaId};
use server::clock::{Clock, tick};
use server::config::{Limits, RewriteLimits};
use server::journal::{
    Append, Journal, Keys, Record, SqliteJournal, Stream, StreamRecord, TextChange, TextRow,
};
use uuid::Uuid;

const ID: ConsultationId = ConsultationId(Uuid::from_u128(1));
const MIB: u64 = 1024 * 1024;

/// Every file is a large one, and rewritten as soon as nobody writes.
fn limits() -> Limits {
    let rewrite = RewriteLimits { bytes_max: 0, large_quiet: Duration::ZERO, ..RewriteLimits::default() };
    Limits { rewrite, ..Limits::default() }
}

/// The most memory that this process ever had, in bytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

async fn append(journal: &SqliteJournal, records: usize, texts: Vec<TextChange>, keys: Option<Keys>) {
    let stream = Stream::Board(GroupId(Uuid::from_u128(2)));
    let record = |n: usize| Record::Updated(vec![n as u8; 250 + n % 60]);
    let entries = (0..records).map(|n| StreamRecord { stream, record: record(n) }).collect();
    let append = Append { consultation: ID, entries, texts, files: vec![], keys, scrubs: vec![] };
    journal.append(append).await.unwrap().unwrap();
}

fn file_bytes(folder: &std::path::Path) -> u64 {
    std::fs::metadata(folder.join("plenum.db")).unwrap().len()
}

#[tokio::test]
async fn c25_a_large_file_is_rewritten_without_memory_for_all_of_it() {
    let mib: u64 = std::env::var("PLENUM_JOURNAL_MIB").ok().and_then(|n| n.parse().ok()).unwrap_or(48);
    let folder = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(folder.path(), &limits()).unwrap();
    let keys = Keys { ballots: [1; 32], bindings: [2; 32], seats: [3; 32] };
    let idea = TextRow::Idea(IdeaId(Uuid::from_u128(3)));
    append(&journal, 1, vec![TextChange::Put(idea, "call maria".to_owned())], Some(keys)).await;
    while file_bytes(folder.path()) < mib * MIB {
        append(&journal, 1_000, vec![], None).await;
    }
    let (before, bytes, clock) = (most_memory(), file_bytes(folder.path()), Clock::default());
    let began = clock.running();
    append(&journal, 1, vec![TextChange::Delete(idea)], None).await;
    let end = tick() + Duration::from_secs(120);
    while journal.server_value("purge-owed").unwrap().is_some() {
        assert!(tick() < end, "it was not rewritten");
        tokio::task::yield_now().await;
    }
    let more = most_memory().saturating_sub(before);
    println!(
        "{} MiB: rewritten in {} ms with {} MiB of memory",
        bytes / MIB,
        clock.running() - began,
        more / MIB
    );
    assert!(more < bytes / 4, "{more} bytes of memory for a file of {bytes}");
    let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["plenum.db", "plenum.db-shm", "plenum.db-wal", "plenum.lock"], "its copy is gone");
}
