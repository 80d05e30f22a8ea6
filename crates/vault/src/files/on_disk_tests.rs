use jiff::Timestamp;
use privicore_envelope::RecordKey;

use super::*;
use crate::files::file::{AtService, TokenAnswer, Unlisted};
use crate::files::file_state::FileState;
use crate::files::renaming::sent_name::Renaming;
use crate::receipts::Named;
use crate::store::process_lock::RunId;
use crate::{FileError, RecordError};

const ID: FileId = FileId([7; 16]);

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

    /// One process of the machine.
    fn process(&self) -> Rows {
        let path = self.dir.path().join("records.sqlite");
        Rows::open(&path, self.key.clone()).unwrap()
    }

    async fn file(&self) -> Option<File> {
        let read = FilesOnDisk::read(&self.process(), None).await.unwrap();
        read.unwrap().files.pop().map(Arc::unwrap_or_clone)
    }
}

fn receipt(digest: &str) -> Receipt {
    Receipt {
        digest: digest.into(),
        stored_size: 100,
        named: Some(Named {
            name: "name".into(),
            ..Named::default()
        }),
        ..Receipt::default()
    }
}

/// As it is stored with this receipt.
fn stored(digest: &str) -> File {
    let receipt = Receipt {
        token: Some("dtk-1".into()),
        ..receipt(digest)
    };
    File::from_receipt(ID, receipt)
}

async fn write(rows: &Rows, file: &File) {
    let mut changes = vec![rows.sealed(Kind::File, ID.0, &file.row()).unwrap()];
    if let Some(receipt) = &file.receipt {
        changes.push(rows.sealed(Kind::Receipt, ID.0, receipt).unwrap());
    }
    rows.write(changes).await.unwrap();
}

#[tokio::test]
async fn what_one_process_writes_of_a_file_leaves_what_another_wrote_of_it() {
    let run: RunId = [9; 16];
    let found = Verification {
        at: Timestamp::UNIX_EPOCH,
        mismatch: None,
        storage_devices: None,
    };
    // All of these were read when the receipt was the first one.
    let first = stored("first");
    let bare = File {
        receipt: None,
        ..first.clone()
    };
    let renamed = {
        let mut file = first.clone();
        file.take_name(Named {
            name: "other".into(),
            ..Named::default()
        });
        file
    };
    let judged = first.receipt.clone().unwrap();
    let writes = || {
        [
            ("kept", vec![kept(&first, Since::Before, None)]),
            (
                "kept without a receipt",
                vec![kept(&bare, Since::Before, None)],
            ),
            ("named", named(&renamed)),
            ("noted", vec![noted(ID, Sent::Deciding(run), Noted::Newest)]),
            ("verified", vec![verified(ID, &judged, found)]),
            ("repaired", vec![repaired(ID.0)]),
        ]
    };
    for (at, (what, _)) in writes().into_iter().enumerate() {
        let fixture = Fixture::set();
        let (one, other) = (fixture.process(), fixture.process());
        write(&one, &first).await;
        write(&other, &stored("second")).await;
        let changes = writes().into_iter().nth(at).unwrap().1;
        one.write(changes).await.unwrap();
        let now = fixture.file().await.unwrap();
        let receipt = now.receipt.clone().unwrap();
        assert_eq!(receipt.digest, "second", "{what}");
        assert!(receipt.verification.is_none(), "{what}");
        assert!(!now.receipt_lost, "{what}");
        // What another process has taken off stays off.
        other.write(forgetting(ID)).await.unwrap();
        let changes = writes().into_iter().nth(at).unwrap().1;
        one.write(changes).await.unwrap();
        assert!(fixture.file().await.is_none(), "{what}");
    }
}

#[tokio::test]
async fn a_file_that_is_forgotten_takes_the_receipt_along_that_is_on_the_disk() {
    let fixture = Fixture::set();
    let (one, other) = (fixture.process(), fixture.process());
    let first = stored("first");
    write(&one, &first).await;
    write(&other, &stored("second")).await;
    one.write(vec![moved_to_forgotten(&first)]).await.unwrap();
    assert!(fixture.file().await.is_none());
    // Who forgets it a second time changes nothing.
    let again = vec![moved_to_forgotten(&first)];
    other.write(again).await.unwrap();
    other.write(vec![back_from_forgotten(ID)]).await.unwrap();
    let back = fixture.file().await.unwrap();
    assert_eq!(back.receipt.unwrap().digest, "second");
}

#[tokio::test]
async fn bytes_of_two_processes_are_both_right_after_both_sealed_a_file_again() {
    let fixture = Fixture::set();
    let (one, other) = (fixture.process(), fixture.process());
    let first = stored("first");
    write(&one, &first).await;
    let known = || first.receipt.as_deref().cloned();
    let resealed_as = |digest: &str| {
        let file = stored(digest);
        let receipt = *file.receipt.clone().unwrap();
        resealed(&file, receipt, known())
    };
    one.write(resealed_as("second")).await.unwrap();
    other.write(resealed_as("third")).await.unwrap();
    let kept = fixture.file().await.unwrap().receipt.unwrap();
    assert_eq!(kept.digest, "third");
    let others: Vec<_> = kept.replacements.iter().map(|it| &it.digest).collect();
    assert_eq!(others, ["second"], "the first bytes are right no more");
    let before = known();
    let refused = one.write(vec![Change::decide(move |disk| {
        require_receipt(disk, ID, before.as_ref()).map(|()| Vec::new())
    })]);
    assert!(matches!(
        refused.await,
        Err(Error::Record(RecordError::Known))
    ));
}

#[tokio::test]
async fn nothing_is_sent_for_a_file_that_another_process_has_taken_off() {
    let fixture = Fixture::set();
    let (one, other) = (fixture.process(), fixture.process());
    let first = stored("first");
    let look = || {
        let known = first.receipt.as_deref().cloned();
        one.write(vec![Change::decide(move |disk| {
            require_receipt(disk, ID, known.as_ref()).map(|()| Vec::new())
        })])
    };
    write(&one, &first).await;
    look().await.unwrap();
    // A damaged receipt is set aside, and the file stays.
    other
        .write(vec![Change::Delete(Kind::Receipt, ID.0)])
        .await
        .unwrap();
    look().await.unwrap();
    for taken_off in [forgetting(ID), vec![moved_to_forgotten(&first)]] {
        write(&one, &first).await;
        other.write(taken_off).await.unwrap();
        assert!(matches!(look().await, Err(Error::File(FileError::Unknown))));
        assert!(fixture.file().await.is_none());
    }
}

#[tokio::test]
async fn a_token_is_new_only_if_nothing_else_is_known_of_it() {
    let listed = |sealed: &str| {
        let mut file = File {
            receipt: None,
            ..stored("first")
        };
        file.at_service.sealed_name = Some(sealed.into());
        file
    };
    let lost = File {
        receipt_lost: true,
        ..listed("mine")
    };
    for (what, file, is_new) in [
        ("nothing", None, true),
        ("listed meanwhile", Some(listed("mine")), true),
        ("listed as another", Some(listed("other")), false),
        ("lost its receipt", Some(lost), false),
        ("stored", Some(stored("first")), false),
    ] {
        let fixture = Fixture::set();
        let rows = fixture.process();
        if let Some(file) = &file {
            write(&rows, file).await;
        }
        let checked = rows.write(vec![require_new(ID, "mine")]).await;
        assert_eq!(checked.is_ok(), is_new, "{what}");
        if let Some(file) = &file {
            rows.write(vec![moved_to_forgotten(file)]).await.unwrap();
            let checked = rows.write(vec![require_new(ID, "mine")]).await;
            assert!(checked.is_err(), "{what}: forgotten");
        }
    }
}

#[tokio::test]
async fn what_nobody_else_has_written_is_not_read_again() {
    let fixture = Fixture::set();
    let (one, other) = (fixture.process(), fixture.process());
    write(&one, &stored("first")).await;
    let read = FilesOnDisk::read(&one, None).await.unwrap().unwrap();
    write(&one, &stored("own")).await;
    let again = FilesOnDisk::read(&one, Some(read.version)).await.unwrap();
    assert!(again.is_none());
    write(&other, &stored("second")).await;
    let again = FilesOnDisk::read(&one, Some(read.version)).await.unwrap();
    let receipt = again.unwrap().files.remove(0).receipt.clone().unwrap();
    assert_eq!(receipt.digest, "second");
}

#[tokio::test]
async fn a_receipt_of_an_older_version_is_made_good_and_one_that_came_since_is_left() {
    let fixture = Fixture::set();
    let (one, other) = (fixture.process(), fixture.process());
    let old = File {
        receipt: Some(Box::new(receipt("first"))),
        ..stored("first")
    };
    write(&one, &old).await;
    let read = FilesOnDisk::read(&one, None).await.unwrap().unwrap();
    assert_eq!(read.repairs.len(), 1);
    write(&other, &stored("second")).await;
    one.write(read.repairs).await.unwrap();
    let kept = fixture.file().await.unwrap().receipt.unwrap();
    assert_eq!(kept, stored("second").receipt.unwrap());
    write(&one, &old).await;
    let read = FilesOnDisk::read(&other, None).await.unwrap().unwrap();
    other.write(read.repairs).await.unwrap();
    assert_eq!(
        fixture.file().await.unwrap().receipt,
        stored("first").receipt
    );
}

#[tokio::test]
async fn an_outcome_changes_nothing_of_a_deletion_that_another_process_has_sent_since() {
    let (first, newer): (RunId, RunId) = ([2; 16], [3; 16]);
    let fixture = Fixture::set();
    let rows = fixture.process();
    write(&rows, &stored("digest")).await;
    let accepted = Sent::Accepted(first, "c-1".to_owned());
    let note = |sent, which| rows.write(vec![noted(ID, sent, which)]);
    note(accepted.clone(), Noted::Newest).await.unwrap();
    let asked = fixture.file().await.unwrap();
    assert_eq!(asked.state, FileState::NotConfirmed, "also after a start");
    let mark = DeletionMark::of(&asked.at_service).unwrap();
    note(Sent::Deciding(newer), Noted::Newest).await.unwrap();
    let outcome = Noted::Outcome(mark.clone());
    note(Sent::Not, outcome.clone()).await.unwrap();
    let doubt = Doubt {
        deletions: 0,
        mark: Some(mark),
    };
    let ended = kept(&asked, Since::Before, Some(&doubt));
    rows.write(vec![ended]).await.unwrap();
    let left = fixture.file().await.unwrap().at_service;
    assert!(left.deletion_sent && left.deletion_by == Some(newer));
    note(accepted, Noted::Newest).await.unwrap();
    note(Sent::Not, outcome).await.unwrap();
    assert!(!fixture.file().await.unwrap().at_service.deletion_sent);
}

#[test]
fn a_row_leaves_out_what_says_nothing_and_earlier_versions_wrote_it() {
    let earlier = concat!(
        r#"{"token":"dtk-1","name":"a","folder":"","is_escaped":false,"context":"c","size_bytes":null,"#,
        r#""attributes":null,"stored_size_bytes":7,"stored_at":"2026-01-02T12:00:01Z","at_service":{"#,
        r#""ever_listed":true,"sealed_name":null,"last_seen":null,"missing_since":null,"unlisted":null,"#,
        r#""renamed":null,"deletion_sent":false,"deletion_by":null},"has_receipt":false,"receipt_lost":false}"#,
    );
    let row: FileRow = serde_json::from_str(earlier).unwrap();
    let now = concat!(
        r#"{"token":"dtk-1","name":"a","folder":"","context":"c","stored_size_bytes":7,"#,
        r#""stored_at":"2026-01-02T12:00:01Z","at_service":{"ever_listed":true}}"#,
    );
    assert_eq!(serde_json::to_string(&row).unwrap(), now);
    let row: FileRow = serde_json::from_str(now).unwrap();
    assert_eq!(serde_json::to_string(&row).unwrap(), now);
}

#[test]
fn whatever_is_unusual_of_a_file_is_in_its_row() {
    let at = Some(Timestamp::UNIX_EPOCH);
    let named = stored("digest").named();
    let mut at_service = AtService {
        ever_listed: Some(false),
        sealed_name: Some("sealed".into()),
        ..AtService::default()
    };
    at_service.last_seen = at;
    at_service.missing_since = at;
    at_service.unlisted = Some(Unlisted {
        since: Timestamp::UNIX_EPOCH,
        asked_at: at,
        answer: TokenAnswer::Accepted,
    });
    at_service.renamed = Some(named.clone());
    at_service.renaming = Some(Box::new(Renaming {
        to: named,
        by: Some([1; 16]),
        command: Some("command".into()),
        is_lapsed: true,
    }));
    at_service.deletion_sent = true;
    at_service.deletion_by = Some([2; 16]);
    at_service.deletion_command = Some("another".into());
    let json = serde_json::to_string(&at_service).unwrap();
    let mut read: AtService = serde_json::from_str(&json).unwrap();
    assert_eq!(read, at_service);
    // Names of the last minutes have times of their own.
    let mut file = stored("digest");
    file.at_service.sealed_name = Some("sealed".into());
    file.rename_to(stored("digest").named(), Timestamp::UNIX_EPOCH);
    assert_eq!(file.at_service.earlier_names.len(), 1);
    let json = serde_json::to_string(&file.at_service).unwrap();
    read = serde_json::from_str(&json).unwrap();
    assert_eq!(read, file.at_service);
}
