//! How many jobs wait for the writer, and long work that gives way to them.
//!
//! Rewriting a large file takes seconds, in which nobody could write. It begins when nothing was written for a while, and ends without
//! effect as soon as a job comes; it is tried again in the next pause. SQLite interrupts whatever runs on the connection, so a job
//! interrupts only between the beginning and the end of that work, under one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, InterruptHandle};

/// Jobs on their way to the writer.
pub(super) struct WriterQueue {
    jobs: Mutex<Jobs>,
    interrupt: InterruptHandle,
}

#[derive(Default)]
struct Jobs {
    waiting: usize,
    gives_way: bool,
}

impl WriterQueue {
    /// Nobody waits yet for the writer with this connection.
    pub fn new(connection: &Connection) -> Self {
        Self { jobs: Mutex::default(), interrupt: connection.get_interrupt_handle() }
    }

    /// A job is about to be queued.
    pub fn came(&self) {
        let mut jobs = self.lock();
        jobs.waiting += 1;
        if jobs.gives_way {
            self.interrupt.interrupt();
        }
    }

    /// So many jobs are not queued any more.
    pub fn taken(&self, count: usize) {
        let mut jobs = self.lock();
        jobs.waiting = jobs.waiting.saturating_sub(count);
    }

    /// Works until a job comes; nothing when one waits already.
    pub fn while_nobody_waits<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        {
            let mut jobs = self.lock();
            if jobs.waiting > 0 {
                return None;
            }
            jobs.gives_way = true;
        }
        let done = work();
        self.lock().gives_way = false;
        Some(done)
    }

    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// Ends when it is interrupted only, by one of the jobs that come meanwhile.
    fn endless_work(waiting: &WriterQueue, connection: &Connection) -> rusqlite::Result<i64> {
        let endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        std::thread::scope(|scope| {
            let (done, is_done) = mpsc::sync_channel(1);
            scope.spawn(move || {
                while is_done.recv_timeout(Duration::from_millis(1)).is_err() {
                    waiting.came();
                    waiting.taken(1);
                }
            });
            let ended = connection.query_row(endless, [], |row| row.get(0));
            done.send(()).unwrap();
            ended
        })
    }

    #[test]
    fn c25_long_work_of_the_writer_gives_way_to_a_job_and_no_job_is_interrupted() {
        let connection = Connection::open_in_memory().unwrap();
        let waiting = WriterQueue::new(&connection);
        let ended = waiting.while_nobody_waits(|| endless_work(&waiting, &connection));
        let error = ended.unwrap().unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::OperationInterrupted));
        waiting.came();
        assert!(waiting.while_nobody_waits(|| ()).is_none(), "somebody waits");
        // Works for who waits, in which others come.
        let hundred = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100) SELECT count(*) FROM n";
        let mut statement = connection.prepare(hundred).unwrap();
        let mut rows = statement.query([]).unwrap();
        waiting.came();
        assert_eq!(rows.next().unwrap().unwrap().get::<_, i64>(0), Ok(100));
        waiting.taken(2);
        assert_eq!(waiting.while_nobody_waits(|| ()), Some(()));
    }
}
