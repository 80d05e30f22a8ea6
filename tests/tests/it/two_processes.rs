//! Two processes of one machine on the same data, as the window and the command line are: neither takes back what the
//! other wrote.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::sync::Arc;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_tests::wait_until;
use privicore_vault::{
    ActivityEntry, ActivityQuery, ActivityState, AsStored, Code, Error, Existing, File, FileError,
    FileState, LockReason, Receipt, RecipientEntry, Transfer, TransferId, TransferState,
    Unreceipted, Vault,
};

const ANNA: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const BOB: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
const RESERVE: &str = "data-token/reserve-token-space";
const DELETE: &str = "data-token/delete-data";

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_taken_over_leaves_the_receipt_of_another_process() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, other] = stored(&fixture).await;
    let beside = fixture.beside().await;
    exchange(&fixture, &one, &other);
    fixture.vault.refresh().await.unwrap();
    let mark = again(&fixture.vault, &one).at_service.renamed.clone();
    let mark = mark.unwrap().mark();
    resealed(&beside, &one, Unreceipted::Refuse).await;
    fixture.vault.accept_name(one.id, &mark).await.unwrap();
    for vault in [&fixture.vault, &beside, &fixture.beside().await] {
        assert_eq!(saved(vault, &fixture, &one).await.0, Some(AsStored::Yes));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_listed_before_its_receipt_was_written_gets_it_from_another_process() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, _] = stored(&fixture).await;
    let receipt = one.receipt.clone();
    for use_case in ["verify", "forget", "reseal", "save", "export"] {
        let reader = fixture.beside().await;
        let row = fixture.take_row(Record::Receipt, &one);
        let file_row = fixture.take_row(Record::File, &one);
        reader.refresh().await.unwrap();
        assert!(again(&reader, &one).receipt.is_none(), "{use_case}");
        fixture.put_row(Record::File, &one, &file_row);
        fixture.put_row(Record::Receipt, &one, &row);
        match use_case {
            "verify" => {
                let ids = reader.verify(&[one.id]).await.unwrap();
                let verified = ended(&reader, &ids).await.remove(0);
                assert_eq!(verified.state, TransferState::Done, "{verified:?}");
            }
            "save" => {
                let (as_stored, _) = saved(&reader, &fixture, &one).await;
                assert_eq!(as_stored, Some(AsStored::Yes));
            }
            "reseal" => {
                resealed(&reader, &one, Unreceipted::Reseal).await;
                let resealed = again(&fixture.beside().await, &one).receipt.clone();
                assert!(!resealed.unwrap().from_unproven);
            }
            "forget" => {
                lose(&fixture, &one);
                reader.refresh().await.unwrap();
                reader.forget(one.id).await.unwrap();
                fixture.liar().repent();
                reader.refresh().await.unwrap();
                let back = again(&reader, &one).receipt.clone();
                assert_eq!(
                    digest(back.as_deref()),
                    digest(receipt.as_deref()),
                    "it came back"
                );
            }
            _ => {
                let target = fixture.originals().join("receipts.jsonl");
                let lines = reader.export_receipts(&target, Existing::Replace).await;
                assert_eq!(lines.unwrap(), 2);
            }
        }
        let kept = again(&fixture.beside().await, &one).receipt.clone();
        assert!(kept.is_some(), "{use_case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_deleted_by_another_process_stays_deleted() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, other] = stored(&fixture).await;
    let beside = fixture.beside().await;
    beside.delete_now(one.id).await.unwrap();
    fixture.vault.refresh().await.unwrap();
    for vault in [&fixture.vault, &fixture.beside().await] {
        assert!(vault.file(&one.id.to_string()).is_err());
        assert_eq!(again(vault, &other).state, FileState::Stored);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_waiting_for_approval_stays_open_if_the_list_lacks_the_file() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, other] = stored(&fixture).await;
    let before = fixture.beside().await;
    let deleting = held_deletion(&fixture, &one).await;
    let after = fixture.beside().await;
    hide(&fixture, &one);
    for vault in [&fixture.vault, &before, &after] {
        vault.refresh().await.unwrap();
        vault.file(&one.id.to_string()).unwrap();
    }
    reject(&fixture).await;
    deleting.await.unwrap().unwrap_err();
    for vault in [&fixture.vault, &before, &after] {
        vault.refresh().await.unwrap();
        assert_eq!(again(vault, &one).state, FileState::NotListed);
    }
    let lines = exported(&fixture).await;
    assert!(lines.iter().all(|line| line["forgotten"] != true));
    assert_eq!(again(&after, &other).state, FileState::Stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_is_rejected_while_the_app_is_locked_is_no_deletion() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, _] = stored(&fixture).await;
    let deleting = held_deletion(&fixture, &one).await;
    keep_the_session(&fixture).await;
    assert!(fixture.vault.lock(LockReason::Asked));
    release_deletions(&fixture, &rejected()).await;
    let refused = deleting.await.unwrap();
    assert!(matches!(refused, Err(error) if error.explain().code != Code::NotConfirmed));
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    lose(&fixture, &one);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(again(&fixture.vault, &one).state, FileState::Missing);
}

/// What became of the deletion is asked for after the lock, whether the session ended with it or a transfer kept it.
#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_a_vote_holds_while_the_app_is_locked_is_settled_after_it() {
    for (verdict, is_session_kept) in [
        (Verdict::Approve, false),
        (Verdict::Approve, true),
        (rejected(), false),
        (rejected(), true),
    ] {
        let fixture = TestVault::lied_to(Dialect::Observed).await;
        let [one, _] = stored(&fixture).await;
        let deleting = held_deletion(&fixture, &one).await;
        wait_until("the deletion to be known as held", async || {
            let query = ActivityQuery {
                text: "data-token.delete".into(),
                limit: 1,
                ..ActivityQuery::default()
            };
            let page = fixture.vault.activity(&query).unwrap();
            let state = page.entries.first().map(ActivityEntry::state);
            matches!(state, Some(ActivityState::Pending | ActivityState::Held))
        })
        .await;
        if is_session_kept {
            keep_the_session(&fixture).await;
        }
        assert!(fixture.vault.lock(LockReason::Asked));
        deleting.abort();
        let _ = deleting.await;
        fixture
            .vault
            .unlock(Some(TestVault::passphrase()))
            .await
            .unwrap();
        for _ in 0..2 {
            fixture.vault.refresh().await.unwrap();
            // The list has it, and that says nothing: the vote is open.
            let state = again(&fixture.vault, &one).state;
            let is_open = matches!(state, FileState::NotConfirmed | FileState::Deleting);
            assert!(is_open, "{state:?}");
        }
        release_deletions(&fixture, &verdict).await;
        wait_until("the deletion to be settled", async || {
            fixture.vault.refresh().await.unwrap();
            let file = fixture.vault.file(&one.id.to_string());
            match verdict {
                Verdict::Approve => matches!(file, Err(Error::File(FileError::Unknown))),
                Verdict::Reject { .. } => file.is_ok_and(|file| file.state == FileState::Stored),
            }
        })
        .await;
        let lines = exported(&fixture).await;
        assert!(lines.iter().all(|line| line["forgotten"] != true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_succeeds_leaves_no_forgotten_file() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, _] = stored(&fixture).await;
    let deleting = held_deletion(&fixture, &one).await;
    let after = fixture.beside().await;
    hide(&fixture, &one);
    after.refresh().await.unwrap();
    let control = fixture.sandbox().control();
    control.release_all(Verdict::Approve).await.unwrap();
    deleting.await.unwrap().unwrap();
    let lines = exported(&fixture).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_in_doubt_is_not_taken_for_done_while_the_whole_list_is_in_doubt() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, other] = stored(&fixture).await;
    let (path, _) = fixture.write("900.bin", random_bytes(900));
    fixture.store(vec![path.clone()], "").await;
    let third = fixture.file_named(&path);
    let mut beside = fixture.beside().await;
    let deleting = {
        let (vault, id) = (beside.clone(), one.id);
        let control = fixture.sandbox().control();
        control.faults().plan(DELETE, Fault::HeldForVote, 1);
        let deleting = tokio::spawn(async move { vault.delete_now(id).await });
        wait_until("a vote to hold the deletion", async || {
            !control.list_held().await.unwrap().is_empty()
        })
        .await;
        deleting
    };
    // The process ends before the vote does.
    deleting.abort();
    let _ = deleting.await;
    beside.shut_down().await;
    beside = fixture.beside().await;
    for file in [&one, &other, &third] {
        hide(&fixture, file);
    }
    for vault in [&fixture.vault, &beside] {
        let shrunk = vault.refresh().await;
        assert!(
            matches!(shrunk, Err(Error::File(FileError::ListShrunk { .. }))),
            "{shrunk:?}"
        );
        assert!(vault.file(&one.id.to_string()).is_ok());
    }
    assert_eq!(exported(&fixture).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_accepted_only_as_it_was_shown() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let paths: Vec<_> = (0_usize..6)
        .map(|at| {
            fixture
                .write(&format!("{at}.bin"), random_bytes(500 + at))
                .0
        })
        .collect();
    fixture.store(paths.clone(), "").await;
    fixture.vault.refresh().await.unwrap();
    let files: Vec<_> = paths.iter().map(|path| fixture.file_named(path)).collect();
    let figures = |refused: Result<(), Error>| match refused {
        Err(Error::File(FileError::ListShrunk { expected, listed })) => (expected, listed),
        other => panic!("{other:?}"),
    };
    for file in &files[..3] {
        lose(&fixture, file);
    }
    assert_eq!(figures(fixture.vault.refresh().await), (6, 3));
    // Fewer by now: what was looked at is not what would be accepted.
    lose(&fixture, &files[3]);
    assert_eq!(figures(fixture.vault.accept_list(6, 3).await), (6, 2));
    assert_eq!(figures(fixture.vault.accept_list(6, 3).await), (6, 2));
    // As many, but others.
    fixture.liar().repent();
    for file in &files[2..] {
        lose(&fixture, file);
    }
    assert_eq!(figures(fixture.vault.accept_list(6, 2).await), (6, 2));
    let states = files.iter().map(|file| again(&fixture.vault, file).state);
    assert!(states.into_iter().all(|state| state == FileState::Stored));
    fixture.vault.accept_list(6, 2).await.unwrap();
    let missing = files.iter().map(|file| again(&fixture.vault, file).state);
    let missing = missing.filter(|state| *state == FileState::Missing);
    assert_eq!(missing.count(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn recipients_that_two_processes_change_at_once_are_all_as_chosen() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let beside = fixture.beside().await;
    fixture
        .vault
        .add_recipient(ANNA, "Anna", None)
        .await
        .unwrap();
    for round in 0..10 {
        let (removed, added) = tokio::join!(
            beside.remove_recipient("Anna", None),
            fixture.vault.add_recipient(BOB, "Bob", None),
        );
        removed.unwrap();
        added.unwrap();
        let names = |recipients: Vec<RecipientEntry>| {
            let labels = recipients.into_iter().filter_map(|entry| entry.label);
            labels.collect::<Vec<String>>()
        };
        assert_eq!(
            names(beside.recipients().await.unwrap()),
            ["Bob"],
            "{round}"
        );
        let (added, removed) = tokio::join!(
            beside.add_recipient(ANNA, "Anna", None),
            fixture.vault.remove_recipient("Bob", None),
        );
        added.unwrap();
        removed.unwrap();
        assert_eq!(
            names(beside.recipients().await.unwrap()),
            ["Anna"],
            "{round}"
        );
    }
}

/// Two files of different lengths.
async fn stored(fixture: &TestVault) -> [Arc<File>; 2] {
    let paths = [700, 800].map(|length| {
        let name = format!("{length}.bin");
        fixture.write(&name, random_bytes(length)).0
    });
    for ended in fixture.store(paths.to_vec(), "").await {
        assert_eq!(ended.state, TransferState::Done, "{ended:?}");
    }
    fixture.vault.refresh().await.unwrap();
    paths.map(|path| fixture.file_named(&path))
}

/// Deletes a file; a vote holds that.
async fn held_deletion(
    fixture: &TestVault,
    file: &File,
) -> tokio::task::JoinHandle<Result<(), Error>> {
    let control = fixture.sandbox().control();
    control.faults().plan(DELETE, Fault::HeldForVote, 1);
    let (vault, id) = (fixture.vault.clone(), file.id);
    let deleting = tokio::spawn(async move { vault.delete_now(id).await });
    wait_until("a vote to hold the deletion", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    deleting
}

/// Starts an upload that a vote holds: the session lives on while the app is locked.
async fn keep_the_session(fixture: &TestVault) {
    let control = fixture.sandbox().control();
    control.faults().plan(RESERVE, Fault::HeldForVote, 1);
    let (path, _) = fixture.write("held.bin", random_bytes(900));
    fixture.vault.store(vec![path], "").await.unwrap();
    wait_until("a vote to hold the upload", async || {
        control.list_held().await.unwrap().len() == 2
    })
    .await;
}

async fn release_deletions(fixture: &TestVault, verdict: &Verdict) {
    let control = fixture.sandbox().control();
    for held in control.list_held().await.unwrap() {
        if held.operation == DELETE {
            control.release(&held.id, verdict.clone()).await.unwrap();
        }
    }
}

async fn reject(fixture: &TestVault) {
    let control = fixture.sandbox().control();
    control.release_all(rejected()).await.unwrap();
}

fn rejected() -> Verdict {
    Verdict::Reject {
        reason: "vote.rejected".into(),
    }
}

async fn resealed(vault: &Vault, file: &File, unreceipted: Unreceipted) {
    let ids = vault.reseal(&[file.id], unreceipted).await.unwrap();
    let resealed = ended(vault, &ids).await.remove(0);
    assert_eq!(resealed.state, TransferState::Done, "{resealed:?}");
}

async fn saved(vault: &Vault, fixture: &TestVault, file: &File) -> (Option<AsStored>, Transfer) {
    let target = fixture.originals().join("saved");
    let id = vault.save(file.id, &target, Existing::Replace).await;
    let saved = ended(vault, &[id.unwrap()]).await.remove(0);
    assert_eq!(saved.state, TransferState::Done, "{saved:?}");
    (saved.as_stored, saved)
}

async fn ended(vault: &Vault, ids: &[TransferId]) -> Vec<Transfer> {
    let all = || {
        let all = ids.iter().map(|id| vault.transfer(*id).unwrap().unwrap());
        all.collect::<Vec<Transfer>>()
    };
    wait_until("the transfers have ended", async || {
        all().iter().all(|transfer| transfer.state.has_ended())
    })
    .await;
    all()
}

fn digest(receipt: Option<&Receipt>) -> Option<&str> {
    receipt.map(|receipt| receipt.digest.as_str())
}

fn hide(fixture: &TestVault, file: &File) {
    let token = file.token.reveal().to_owned();
    fixture.liar().lies().hidden.insert(token);
}

fn lose(fixture: &TestVault, file: &File) {
    hide(fixture, file);
    let token = file.token.reveal().to_owned();
    fixture.liar().lies().lost.insert(token);
}

fn exchange(fixture: &TestVault, one: &File, other: &File) {
    let tokens = [one, other].map(|file| file.token.reveal().to_owned());
    fixture.liar().lies().exchanged.push(tokens.into());
}

fn again(vault: &Vault, file: &File) -> Arc<File> {
    vault.file(&file.id.to_string()).unwrap()
}

async fn exported(fixture: &TestVault) -> Vec<serde_json::Value> {
    let target = fixture.originals().join("receipts.jsonl");
    let exported = fixture.vault.export_receipts(&target, Existing::Replace);
    exported.await.unwrap();
    let lines = fs::read_to_string(&target).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
