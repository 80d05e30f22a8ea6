use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ffi};
use strum::IntoEnumIterator as _;

use super::*;
use crate::RecordError;

struct Fixture {
    dir: tempfile::TempDir,
    key: RecordKey,
}

impl Fixture {
    fn set() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            key: RecordKey::generate(),
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("records.sqlite")
    }

    fn open(&self) -> Rows {
        Rows::open(&self.path(), self.key.clone()).unwrap()
    }

    /// What is on the disk, past the app.
    fn sql(&self, statement: &str) -> usize {
        let database = Connection::open(self.path()).unwrap();
        database.execute(statement, []).unwrap()
    }

    fn count(&self, table: &str) -> i64 {
        let database = Connection::open(self.path()).unwrap();
        let count = format!("SELECT count(*) FROM {table}");
        database.query_row(&count, [], |row| row.get(0)).unwrap()
    }
}

fn id(byte: u8) -> RowId {
    [byte; 16]
}

async fn put(rows: &Rows, kind: Kind, byte: u8, text: &str) {
    let change = rows.sealed(kind, id(byte), &text).unwrap();
    rows.write(vec![change]).await.unwrap();
}

async fn texts(rows: &Rows, kind: Kind) -> Vec<(RowId, String)> {
    rows.readable(kind).await.unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let fixture = Fixture::set();
    let rows = fixture.open();
    put(&rows, Kind::File, 7, "invoice.pdf").await;
    drop(rows);
    let kept = texts(&fixture.open(), Kind::File).await;
    assert_eq!(kept, [(id(7), "invoice.pdf".to_owned())]);
}

#[tokio::test]
async fn a_row_moved_to_another_id_does_not_open() {
    let fixture = Fixture::set();
    let rows = fixture.open();
    let Change::Put(kind, _, body) = rows.sealed(Kind::File, id(1), &"a").unwrap() else {
        unreachable!("sealing makes a row to put")
    };
    let moved = Change::Put(kind, id(2), body);
    rows.write(vec![moved]).await.unwrap();
    put(&rows, Kind::File, 3, "sound").await;
    let kept = texts(&rows, Kind::File).await;
    assert_eq!(kept, [(id(3), "sound".to_owned())]);
    assert_eq!(rows.take_damage(), Damage::from([(Kind::File, 1)]));
}

#[tokio::test]
async fn a_row_of_any_kind_that_is_damaged_is_kept_aside_and_the_others_go_on() {
    for (what, statement) in [
        ("flipped", "UPDATE rows SET body = zeroblob(length(body))"),
        ("cut short", "UPDATE rows SET body = substr(body, 1, 20)"),
        ("emptied", "UPDATE rows SET body = x''"),
        ("another type", "UPDATE rows SET body = 'text'"),
        ("under a shorter id", "UPDATE rows SET id = x'00'"),
        ("under a number", "UPDATE rows SET id = 5"),
    ] {
        for kind in Kind::iter() {
            let fixture = Fixture::set();
            let rows = fixture.open();
            put(&rows, kind, 1, "damaged").await;
            put(&rows, kind, 2, "sound").await;
            let one = format!(
                "{statement} WHERE kind = {} AND id = x'{}'",
                kind as u8,
                hex::encode(id(1))
            );
            assert_eq!(fixture.sql(&one), 1, "{what} {kind:?}");
            let kept = texts(&rows, kind).await;
            let sound = kept.iter().filter(|(_, text)| text == "sound").count();
            assert_eq!((kept.len(), sound), (1, 1), "{what} {kind:?}");
            assert_eq!(rows.take_damage(), Damage::from([(kind, 1)]));
            assert_eq!(fixture.count("set_aside"), 1, "it is kept");
            assert_eq!(texts(&rows, kind).await.len(), 1, "{what} {kind:?}");
            assert!(rows.take_damage().is_empty(), "it is told once");
        }
    }
}

#[tokio::test]
async fn what_other_keys_could_not_open_is_back_when_the_right_ones_are() {
    let fixture = Fixture::set();
    put(&fixture.open(), Kind::Receipt, 1, "mine").await;
    let others = Rows::open(&fixture.path(), RecordKey::generate()).unwrap();
    assert!(texts(&others, Kind::Receipt).await.is_empty());
    drop(others);
    let kept = texts(&fixture.open(), Kind::Receipt).await;
    assert_eq!(kept, [(id(1), "mine".to_owned())]);
    assert_eq!(fixture.count("set_aside"), 0);
}

#[tokio::test]
async fn a_missing_row_of_a_tracked_kind_is_noticed_until_it_is_written_or_removed() {
    for kind in Kind::TRACKED {
        let fixture = Fixture::set();
        let rows = fixture.open();
        put(&rows, kind, 1, "first").await;
        put(&rows, kind, 2, "second").await;
        assert_eq!(rows.missing().await.unwrap(), []);
        fixture.sql(&format!(
            "DELETE FROM rows WHERE kind = {} AND id = x'{}'",
            kind as u8,
            hex::encode(id(1))
        ));
        assert_eq!(fixture.open().missing().await.unwrap(), [(kind, id(1))]);
        put(&rows, kind, 2, "third").await;
        assert_eq!(rows.missing().await.unwrap(), [(kind, id(1))]);
        let removed = vec![Change::Delete(kind, id(1))];
        rows.write(removed).await.unwrap();
        assert_eq!(rows.missing().await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_missing_manifest_is_noticed_and_that_of_an_older_version_is_made() {
    let fixture = Fixture::set();
    let rows = fixture.open();
    put(&rows, Kind::Pin, 1, "pin").await;
    let gone = format!("DELETE FROM rows WHERE kind = {}", Kind::Manifest as u8);
    fixture.sql(&gone);
    let noticed = rows.missing().await.unwrap();
    assert_eq!(noticed, [(Kind::Manifest, SINGLE)]);
    let database = Connection::open(fixture.path()).unwrap();
    database.execute_batch("PRAGMA user_version = 0").unwrap();
    assert_eq!(
        rows.missing().await.unwrap(),
        [],
        "written before manifests"
    );
    fixture.sql(&format!(
        "DELETE FROM rows WHERE kind = {}",
        Kind::Pin as u8
    ));
    assert_eq!(rows.missing().await.unwrap(), [(Kind::Pin, id(1))]);
}

#[tokio::test]
async fn what_is_written_after_the_manifest_was_lost_does_not_make_it_look_complete() {
    for kind in Kind::TRACKED {
        let fixture = Fixture::set();
        let rows = fixture.open();
        put(&rows, Kind::Pin, 1, "pin").await;
        put(&rows, Kind::SealingChoice, 1, "choice").await;
        fixture.sql("DELETE FROM rows WHERE kind IN (6, 10, 13)");
        put(&rows, kind, 2, "new").await;
        let missing = rows.missing().await.unwrap();
        assert!(missing.contains(&(Kind::Pin, UNKNOWN)), "{kind:?}");
        // Who chooses anew has looked; a key that is remembered anew says nothing of the other.
        let is_open = missing.contains(&(Kind::SealingChoice, UNKNOWN));
        assert_eq!(is_open, kind == Kind::Pin, "{kind:?}");
        rows.write(vec![Change::Delete(Kind::Pin, UNKNOWN)])
            .await
            .unwrap();
        assert!(
            !rows
                .missing()
                .await
                .unwrap()
                .contains(&(Kind::Pin, UNKNOWN))
        );
    }
}

#[tokio::test]
async fn a_row_that_opens_and_cannot_be_read_is_told_once_and_not_at_each_start() {
    for kind in Kind::iter() {
        let fixture = Fixture::set();
        put(&fixture.open(), kind, 1, "text where a number belongs").await;
        for start in 0..3 {
            let rows = fixture.open();
            let read: Vec<(RowId, u32)> = rows.readable(kind).await.unwrap();
            assert!(read.is_empty());
            let told = rows.take_damage().get(&kind).copied();
            assert_eq!(told, (start == 0).then_some(1), "{kind:?}, start {start}");
        }
        assert_eq!(fixture.count("set_aside"), 1, "it is kept");
    }
}

#[tokio::test]
async fn a_row_that_must_be_new_replaces_none() {
    let fixture = Fixture::set();
    let rows = fixture.open();
    put(&rows, Kind::Receipt, 1, "first").await;
    let receipt = rows.sealed(Kind::Receipt, id(1), &"second").unwrap();
    let file = rows.sealed(Kind::File, id(1), &"second").unwrap();
    let refused = rows.write(vec![file, receipt.into_new()]).await;
    assert!(
        matches!(refused, Err(Error::Record(RecordError::Known))),
        "{refused:?}"
    );
    assert_eq!(texts(&rows, Kind::Receipt).await[0].1, "first");
    assert!(texts(&rows, Kind::File).await.is_empty(), "all or none");
}

#[tokio::test]
async fn the_file_shows_no_name() {
    let fixture = Fixture::set();
    // Open until the end: closing takes files of the journal away.
    let rows = fixture.open();
    put(&rows, Kind::File, 7, "planted-name").await;
    for entry in fs::read_dir(&fixture.dir).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(12).any(|window| window == b"planted-name"));
    }
}

/// The problem that an outcome is about.
fn problem<T>(outcome: Result<T, Error>) -> RecordsProblem {
    match outcome.err() {
        Some(Error::Record(RecordError::Rows(error))) => RecordsProblem::of(&error),
        other => panic!("not about the records: {other:?}"),
    }
}

#[test]
fn a_full_disk_is_told_as_such_and_nothing_is_lost() {
    let fixture = Fixture::set();
    let mut database = open_database(&fixture.path()).unwrap();
    let pages: i64 = database
        .query_row("PRAGMA page_count", [], |row| row.get(0))
        .unwrap();
    let limit = format!("PRAGMA max_page_count = {}", pages + 1);
    database.query_row(&limit, [], |_| Ok(())).unwrap();
    let receipt = |byte, length| Change::Put(Kind::Receipt, id(byte), vec![7; length]);
    let write = |database: &mut Connection, change| {
        database::apply(database, &fixture.key, [change].iter())
    };
    write(&mut database, receipt(1, 100)).unwrap();
    let full = write(&mut database, receipt(2, 100_000));
    assert_eq!(problem(full), RecordsProblem::Full);
    assert_eq!(fixture.count("rows"), 1);
    write(&mut database, receipt(3, 100)).unwrap();
    assert_eq!(fixture.count("rows"), 2);
}

#[test]
fn a_database_that_another_program_keeps_is_busy() {
    let fixture = Fixture::set();
    let mut database = open_database(&fixture.path()).unwrap();
    database.busy_timeout(Duration::ZERO).unwrap();
    let other = Connection::open(fixture.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let change = Change::Delete(Kind::File, id(1));
    let busy = database::apply(&mut database, &fixture.key, [change].iter());
    assert_eq!(problem(busy), RecordsProblem::Busy);
}

#[test]
fn what_cannot_be_written_what_is_damaged_and_what_is_no_database_are_told_apart() {
    let fixture = Fixture::set();
    let mut database = open_database(&fixture.path()).unwrap();
    database.execute_batch("PRAGMA query_only = ON").unwrap();
    let change = Change::Delete(Kind::File, id(1));
    let read_only = database::apply(&mut database, &fixture.key, [change].iter());
    assert_eq!(problem(read_only), RecordsProblem::ReadOnly);
    drop(database);

    let mut bytes = fs::read(fixture.path()).unwrap();
    bytes[100..200].fill(0xff);
    fs::write(fixture.path(), &bytes).unwrap();
    let opened = open_database(&fixture.path());
    assert_eq!(problem(opened), RecordsProblem::Corrupt);

    fs::write(fixture.path(), vec![b'x'; 4096]).unwrap();
    let opened = open_database(&fixture.path());
    assert_eq!(problem(opened), RecordsProblem::NotADatabase);
    assert_eq!(fs::read(fixture.path()).unwrap(), vec![b'x'; 4096]);

    let folder = fixture.dir.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let rights = fs::metadata(&folder).unwrap().permissions();
    let opened = open_database(&folder);
    assert_eq!(problem(opened), RecordsProblem::CannotOpen);
    let after = fs::metadata(&folder).unwrap().permissions();
    assert_eq!(after, rights, "a folder is never closed to others");
}

#[test]
fn each_error_of_the_database_is_explained_for_what_it_is_and_none_advises_to_give_receipts_up() {
    use RecordsProblem as P;
    let expected = |code| match code {
        ffi::SQLITE_FULL => P::Full,
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => P::Busy,
        ffi::SQLITE_IOERR | ffi::SQLITE_PROTOCOL => P::Io,
        ffi::SQLITE_READONLY => P::ReadOnly,
        ffi::SQLITE_CANTOPEN | ffi::SQLITE_PERM => P::CannotOpen,
        ffi::SQLITE_CORRUPT => P::Corrupt,
        ffi::SQLITE_NOTADB => P::NotADatabase,
        ffi::SQLITE_NOMEM => P::OutOfMemory,
        _ => P::Other,
    };
    let mut codes = std::collections::HashMap::new();
    for primary in ffi::SQLITE_ERROR..=ffi::SQLITE_NOTADB {
        for extended in 0..40 {
            let failure = ffi::Error::new(primary | (extended << 8));
            let error = rusqlite::Error::SqliteFailure(failure, None);
            let found = P::of(&error);
            let wanted = if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE {
                P::Full
            } else {
                expected(primary)
            };
            assert_eq!(found, wanted, "{primary}, {extended}");
            let told = Error::Record(RecordError::Rows(error)).explain();
            let text = format!("{} {}", told.message, told.hint).to_lowercase();
            for advice in ["move records", "delete", "remove", "are lost"] {
                assert!(!text.contains(advice), "{primary}: {text}");
            }
            codes.insert(told.code, found);
        }
    }
    assert_eq!(codes.len(), 9, "one code for each problem: {codes:?}");
}

#[tokio::test]
async fn a_database_of_a_known_profile_that_is_gone_or_blank_is_a_loss_until_it_was_looked_into() {
    type Loss = fn(&Path);
    let losses: [Loss; 3] = [
        |path| fs::remove_file(path).unwrap(),
        |path| fs::write(path, "").unwrap(),
        |path| {
            fs::remove_file(path).unwrap();
            let blank = Connection::open(path).unwrap();
            blank
                .execute_batch("CREATE TABLE t (a); DROP TABLE t")
                .unwrap();
        },
    ];
    for lose in losses {
        let fixture = Fixture::set();
        let open = || Rows::open_known(&fixture.path(), fixture.key.clone()).unwrap();
        drop(Rows::make(&fixture.path(), fixture.key.clone()).unwrap());
        closed(&fixture);
        let (rows, is_lost) = open();
        assert!(!is_lost, "new keys have no records yet");
        assert_eq!(rows.missing().await.unwrap(), []);
        put(&rows, Kind::Pin, 1, "pin").await;
        drop(rows);
        closed(&fixture);
        lose(&fixture.path());
        // Whoever opens it in between, to sign out, say, takes no notice of it.
        drop(fixture.open());
        assert!(open().1);
        let (rows, is_lost) = open();
        assert!(!is_lost, "it is told once, and stays missing");
        assert_eq!(rows.missing().await.unwrap(), [(Kind::Manifest, SINGLE)]);
        put(&rows, Kind::Pin, 1, "pin").await;
        let missing = rows.missing().await.unwrap();
        assert!(missing.contains(&(Kind::Pin, UNKNOWN)), "{missing:?}");
    }
}

/// Nobody has the database open any more: its journals are gone.
fn closed(fixture: &Fixture) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while fs::exists(fixture.dir.path().join("records.sqlite-wal")).unwrap() {
        assert!(Instant::now() < deadline, "the database is still open");
        thread::yield_now();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_records_whatever_folder_they_lie_in() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::set();
    let everybody = fs::Permissions::from_mode(0o755);
    fs::set_permissions(fixture.dir.path(), everybody).unwrap();
    let rows = fixture.open();
    put(&rows, Kind::Pin, 1, "pin").await;
    for entry in fs::read_dir(fixture.dir.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
    }
}
