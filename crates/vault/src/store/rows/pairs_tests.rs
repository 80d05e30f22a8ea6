use std::path::PathBuf;

use rusqlite::Connection;

use super::*;

const KINDS: Kinds = [Kind::File, Kind::Receipt];

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
}

fn id(number: u32) -> RowId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    id
}

type Made = (RowId, Option<u32>, Option<String>);

async fn read(rows: &Rows, known: Option<Version>) -> Option<Pairs<Made>> {
    let make = |id, file: Option<u32>, receipt: Option<String>| {
        (file.is_some() || receipt.is_some()).then_some((id, file, receipt))
    };
    rows.pairs(KINDS, known, make).await.unwrap()
}

/// A row of the first kind for two of three, one of the second for every other.
fn expected(ids: u32) -> Vec<Made> {
    let all = (0..ids).map(|number| {
        let file = (number % 3 != 0).then_some(number);
        let receipt = (number % 2 == 0).then(|| "x".repeat(number as usize % 500));
        (id(number), file, receipt)
    });
    all.filter(|(_, file, receipt)| file.is_some() || receipt.is_some())
        .collect()
}

async fn filled(fixture: &Fixture, ids: u32) -> Rows {
    let rows = fixture.open();
    let mut changes = Vec::new();
    for (id, file, receipt) in expected(ids) {
        changes.extend(file.map(|file| rows.sealed(Kind::File, id, &file).unwrap()));
        changes.extend(receipt.map(|it| rows.sealed(Kind::Receipt, id, &it).unwrap()));
    }
    rows.write(changes).await.unwrap();
    rows
}

#[tokio::test]
async fn rows_of_two_kinds_come_together_in_their_order_however_many_there_are() {
    for ids in [0, 1, 5, 1_500, 6_000] {
        let fixture = Fixture::set();
        let rows = filled(&fixture, ids).await;
        let pairs = read(&rows, None).await.unwrap();
        assert_eq!(pairs.made, expected(ids));
        assert_eq!(pairs.damaged, [0, 0]);
        assert!(rows.take_damage().is_empty());
        assert!(read(&rows, Some(pairs.version)).await.is_none());
        drop(filled(&fixture, 5).await);
        let again = read(&rows, Some(pairs.version)).await;
        assert!(again.is_some(), "another process has written");
    }
}

#[tokio::test]
async fn a_damaged_row_among_many_is_set_aside_and_costs_no_other() {
    let fixture = Fixture::set();
    drop(filled(&fixture, 6_000).await);
    let damage = [
        (1, Kind::File, "body = zeroblob(length(body))"),
        (2, Kind::Receipt, "body = substr(body, 1, 20)"),
        (1_100, Kind::File, "body = 'text'"),
        (2_002, Kind::Receipt, "body = x''"),
        (3_001, Kind::File, "id = x'00'"),
        (3_002, Kind::Receipt, "id = 5"),
        (
            5_998,
            Kind::File,
            "body = (SELECT body FROM rows WHERE kind = 3 AND id > x'00000500')",
        ),
    ];
    for (number, kind, change) in damage {
        let (kind, id) = (kind as u8, hex::encode(id(number)));
        let update = format!("UPDATE rows SET {change} WHERE kind = {kind} AND id = x'{id}'");
        assert_eq!(fixture.sql(&update), 1, "{update}");
    }
    let mut left = expected(6_000);
    for made in &mut left {
        let is_damaged = |kind| damage.iter().any(|it| id(it.0) == made.0 && it.1 == kind);
        let (file, receipt) = (is_damaged(Kind::File), is_damaged(Kind::Receipt));
        made.1.take_if(|_| file);
        made.2.take_if(|_| receipt);
    }
    left.retain(|(_, file, receipt)| file.is_some() || receipt.is_some());
    let rows = fixture.open();
    let pairs = read(&rows, None).await.unwrap();
    assert_eq!(pairs.made, left);
    assert_eq!(pairs.damaged, [4, 3]);
    let told = Damage::from([(Kind::File, 4), (Kind::Receipt, 3)]);
    assert_eq!(rows.take_damage(), told);
    let again = read(&rows, None).await.unwrap();
    assert_eq!((again.made, again.damaged), (left, [0, 0]));
    assert!(rows.take_damage().is_empty(), "it is told once");
    let database = Connection::open(fixture.path()).unwrap();
    let kept: i64 = database
        .query_row("SELECT count(*) FROM set_aside", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 7);
}

#[tokio::test]
async fn who_cannot_make_anything_of_a_row_ends_the_reading_and_not_the_database() {
    let fixture = Fixture::set();
    let rows = filled(&fixture, 6_000).await;
    let reading = rows.clone();
    let ended = tokio::spawn(async move {
        let make = |_, _: Option<u32>, _: Option<String>| -> Option<()> { panic!("not this row") };
        reading.pairs(KINDS, None, make).await.map(drop)
    });
    assert!(ended.await.unwrap_err().is_panic());
    assert_eq!(read(&rows, None).await.unwrap().made, expected(6_000));
}
