//! The files of the data folder are their owner's alone, whatever the umask says and whatever rights they had.
//!
//! SQLite gives its log the rights of the database file, so the database exists with the right ones before SQLite opens it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes the data folder, readable by nobody but its owner. One that exists keeps the rights it was given; if others may
/// read it the operator is told, because they see the names and times of its files.
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if std::fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
            tracing::warn!(
                "other accounts of this machine may look into the data folder; chmod 700 closes it"
            );
        }
    }
    Ok(())
}

/// Opens a file for writing, makes it if it is not there, and takes everybody else's rights to it away.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    close_to_others(path);
    Ok(file)
}

/// Takes everybody else's rights to a file away. A file system that knows no rights is the operator's choice.
pub(super) fn close_to_others(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let closed = std::fs::metadata(path).map(|found| found.permissions().mode() & 0o077 == 0);
        if let Ok(false) = closed
            && let Err(error) = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        {
            tracing::warn!(%error, "other accounts of this machine may read a file of the data folder");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use crate::config::Limits;
    use crate::journal::SqliteJournal;

    #[test]
    fn every_file_is_its_owners_alone_also_one_that_others_could_read_before() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
        let open = || SqliteJournal::open(folder.path(), &Limits::default()).unwrap();
        let set = |path: &std::path::Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        set(folder.path(), 0o755);
        for _ in 0..2 {
            let journal = open();
            for name in ["plenum.db", "plenum.db-wal", "plenum.db-shm", "plenum.lock"] {
                assert_eq!(mode(name), 0o600, "{name}");
            }
            drop(journal);
            for name in ["plenum.db", "plenum.lock"] {
                set(&folder.path().join(name), 0o644);
            }
        }
    }
}
