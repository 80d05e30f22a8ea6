//! A database gets another name, with the last commits that lie in its journal.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use privicore_envelope::whole_file::{self, is_there};
use rusqlite::{Connection, OpenFlags};

const WAL: &str = "-wal";
/// How long another process may keep the journal from being written back.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
const SHARED_MEMORY: &str = "-shm";

/// Whether a database, or the journal of one, has this name.
pub(crate) fn is_taken(path: &Path) -> io::Result<bool> {
    Ok(is_there(path)? || is_there(&with_suffix(path, WAL))?)
}

/// Gives a database another name. At each moment it has its journal beside it; when this fails it is where it was, with
/// its journal.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    // What cannot be written back into the database is renamed with it.
    let _ = empty_journal(from);
    let (journal, new_journal) = (with_suffix(from, WAL), with_suffix(to, WAL));
    let has_journal = is_there(&journal)?;
    if has_journal {
        whole_file::keep_as(&journal, &new_journal)?;
    }
    if let Err(error) = rename_new(from, to) {
        if has_journal {
            restore(&journal, &new_journal);
        }
        return Err(error);
    }
    // The database has its journal under the new name. SQLite makes the shared memory anew, and removes the journal of
    // an empty database.
    let _ = whole_file::remove(&journal);
    let _ = whole_file::remove(&with_suffix(from, SHARED_MEMORY));
    Ok(())
}

/// Writes the journal back into the database. That needs no key.
fn empty_journal(database: &Path) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(database, flags)?;
    database.busy_timeout(BUSY_TIMEOUT)?;
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    if is_there(to)? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    whole_file::rename_over(from, to)
}

/// The journal has its old name again, alone. Where it has both, the new one is removed.
fn restore(journal: &Path, new_journal: &Path) {
    let _ = match is_there(journal) {
        Ok(true) => whole_file::remove(new_journal),
        Ok(false) | Err(_) => whole_file::rename_over(new_journal, journal),
    };
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A database as a killed process has left it: its only row lies in the journal.
    fn left_by_a_crash(folder: &Path) -> PathBuf {
        let alive = tempfile::tempdir().unwrap();
        let database = alive.path().join("records.sqlite");
        let open = Connection::open(&database).unwrap();
        open.execute_batch(
            "PRAGMA journal_mode = WAL; CREATE TABLE t (a); PRAGMA wal_checkpoint(TRUNCATE);
             INSERT INTO t VALUES (7);",
        )
        .unwrap();
        for suffix in ["", WAL] {
            let name = format!("records.sqlite{suffix}");
            fs::copy(alive.path().join(&name), folder.join(&name)).unwrap();
        }
        folder.join("records.sqlite")
    }

    fn rows(database: &Path) -> i64 {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let open = Connection::open_with_flags(database, flags).unwrap();
        let count = "SELECT count(*) FROM t WHERE a = 7";
        open.query_row(count, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn the_last_commits_go_with_a_database_that_is_renamed() {
        let dir = tempfile::tempdir().unwrap();
        let from = left_by_a_crash(dir.path());
        let to = dir.path().join("aside.sqlite");
        rename(&from, &to).unwrap();
        assert!(!is_taken(&from).unwrap());
        assert_eq!(rows(&to), 1);
    }

    /// Whoever reads keeps the journal from being written back.
    fn reader(database: &Path) -> Connection {
        let reader = Connection::open(database).unwrap();
        reader.execute_batch("BEGIN").unwrap();
        let count = "SELECT count(*) FROM t";
        reader
            .query_row(count, [], |row| row.get::<_, i64>(0))
            .unwrap();
        let writer = Connection::open(database).unwrap();
        writer.execute_batch("INSERT INTO t VALUES (7)").unwrap();
        reader
    }

    #[test]
    fn a_database_that_another_process_reads_is_renamed_with_its_journal() {
        let dir = tempfile::tempdir().unwrap();
        let from = left_by_a_crash(dir.path());
        let to = dir.path().join("aside.sqlite");
        let reader = reader(&from);
        rename(&from, &to).unwrap();
        assert!(!is_taken(&from).unwrap());
        assert!(fs::metadata(with_suffix(&to, WAL)).unwrap().len() > 0);
        assert_eq!(rows(&to), 2);
        drop(reader);
    }

    #[test]
    fn a_database_that_cannot_be_renamed_keeps_its_journal() {
        let dir = tempfile::tempdir().unwrap();
        let from = left_by_a_crash(dir.path());
        let to = dir.path().join("aside.sqlite");
        fs::create_dir(&to).unwrap();
        let reader = reader(&from);
        rename(&from, &to).unwrap_err();
        assert!(!with_suffix(&to, WAL).exists());
        assert!(fs::metadata(with_suffix(&from, WAL)).unwrap().len() > 0);
        assert_eq!(rows(&from), 2);
        drop(reader);
    }

    #[test]
    fn a_journal_is_beside_its_database_at_whatever_step_a_process_is_killed() {
        let dir = tempfile::tempdir().unwrap();
        let from = left_by_a_crash(dir.path());
        let to = dir.path().join("aside.sqlite");
        let (journal, new_journal) = (with_suffix(&from, WAL), with_suffix(&to, WAL));
        // Killed after the journal has got its second name: that name is taken, and the database is whole.
        whole_file::keep_as(&journal, &new_journal).unwrap();
        assert!(is_taken(&to).unwrap());
        // Killed after the database has got its new name.
        whole_file::rename_over(&from, &to).unwrap();
        assert!(is_there(&journal).unwrap());
        let new = Connection::open(&from).unwrap();
        new.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE other (b)")
            .unwrap();
        assert!(new.prepare("SELECT * FROM t").is_err());
        assert_eq!(rows(&to), 1);
    }

    #[test]
    fn what_is_no_database_is_renamed_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("records.sqlite"), dir.path().join("aside"));
        for (suffix, bytes) in [("", "no database"), (WAL, "no journal")] {
            fs::write(with_suffix(&from, suffix), bytes).unwrap();
        }
        rename(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "no database");
    }
}
