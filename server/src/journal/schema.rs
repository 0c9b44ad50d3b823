//! The tables of the SQLite journal, and how a database of an earlier format becomes one of this.

/// The format that this version writes, kept in `user_version`.
pub const FORMAT: i64 = 3;

/// Opening: durable, and what is deleted is overwritten.
pub const PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 4194304;
";

/// The tables of [`FORMAT`]. `sum` is the first eight bytes of a SHA-256 over the row's place and body: a flipped bit
/// is found at load instead of becoming a wrong board.
pub const TABLES: &str = "
    CREATE TABLE consultation (
        id BLOB PRIMARY KEY NOT NULL,
        last_seq INTEGER NOT NULL,
        keys BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE record (
        consultation BLOB NOT NULL,
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        body BLOB NOT NULL,
        sum INTEGER NOT NULL,
        PRIMARY KEY (consultation, stream, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE snapshot (
        consultation BLOB NOT NULL,
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        head BLOB NOT NULL,
        state BLOB NOT NULL,
        sum INTEGER NOT NULL,
        PRIMARY KEY (consultation, stream)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE text (
        consultation BLOB NOT NULL,
        name TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (consultation, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE file (
        consultation BLOB NOT NULL,
        id BLOB NOT NULL,
        body BLOB NOT NULL,
        sum INTEGER NOT NULL,
        PRIMARY KEY (consultation, id)
    ) STRICT;
    CREATE TABLE scrub (
        consultation BLOB NOT NULL,
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (consultation, stream)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE server (
        name TEXT PRIMARY KEY NOT NULL,
        value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// What makes a database of the format before this one of the next: the first step turns format 1 into 2.
///
/// Format 2 has a table for uploaded files. Format 3 has a table for documents from which words have to go, and its
/// decisions hold no hash of words (`migrate`).
pub const STEPS: [&str; 2] = [
    "
    CREATE TABLE file (
        consultation BLOB NOT NULL,
        id BLOB NOT NULL,
        body BLOB NOT NULL,
        sum INTEGER NOT NULL,
        PRIMARY KEY (consultation, id)
    ) STRICT;
",
    "
    CREATE TABLE scrub (
        consultation BLOB NOT NULL,
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (consultation, stream)
    ) STRICT, WITHOUT ROWID;
",
];
