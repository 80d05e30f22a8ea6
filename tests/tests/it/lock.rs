//! Lock and unlock: sessions, transfers, verification, and the protection of the keys.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::Poll;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    AutoLock, Error, Event, FileState, Limits, LockReason, ProtectionError, SessionError, Stage,
    TransferId, TransferState, TransferSummary,
};

/// Large enough to travel as a stream, two at a time.
const LARGE: usize = 5 << 20;
/// Bytes a second: a large file takes some seconds, which is time enough to lock. A limit cannot be lifted while
/// locked.
const STEADILY: u64 = 1_000_000;
/// Bytes a second: a large file is not through before the limit is lifted.
const SLOWLY: u64 = 20_000;
const RESERVE: &str = "data-token/reserve-token-space";
const META: &str = "data-token/configure-file-meta";
const EXCHANGE: &str = "data-token/exchange-data-for-token";
const AUTHENTICATE: &str = "profile/authenticate";
const REVOKE: &str = "profile/revoke-authorization-token";

in_each_dialect!(
    running_transfers_finish_while_locked_and_waiting_ones_resume_after_unlock,
    an_early_unlock_restores_the_previous_state,
    a_vote_is_waited_for_again_when_unlocked
);

async fn running_transfers_finish_while_locked_and_waiting_ones_resume_after_unlock(
    dialect: Dialect,
) {
    let fixture = TestVault::retrying(dialect).await;
    let ids = three_of_which_two_run(&fixture, STEADILY).await;
    assert!(fixture.vault.lock(LockReason::Asked));
    assert_locked(&fixture, LockReason::Asked);
    assert_eq!(fixture.vault.unfinished_transfers(), 2);
    wait_until("the two that ran are stored", async || {
        tokens(&fixture).await == 2
    })
    .await;
    assert_locked(&fixture, LockReason::Asked);
    assert_eq!(fixture.sandbox().control().calls(RESERVE), 2, "of {ids:?}");
    unlock(&fixture).await;
    wait_until("all three are listed", async || fixture.names().len() == 3).await;
    come_back_once(&fixture).await;
}

async fn an_early_unlock_restores_the_previous_state(dialect: Dialect) {
    let fixture = TestVault::retrying(dialect).await;
    let (before, _) = fixture.write("before.txt", b"before".to_vec());
    fixture.store(vec![before], "").await;
    three_of_which_two_run(&fixture, SLOWLY).await;
    fixture.vault.lock(LockReason::Asked);
    let wrong = fixture.vault.unlock(Some("a guess".into())).await;
    assert!(matches!(
        wrong,
        Err(Error::Protection(ProtectionError::WrongPassphrase))
    ));
    assert_locked(&fixture, LockReason::Asked);
    unlock(&fixture).await;
    assert_eq!(fixture.names(), ["before.txt"]);
    let (transfers, _) = fixture.vault.transfers().unwrap();
    assert_eq!(transfers.len(), 3, "{transfers:?}");
    lift_limit(&fixture).await;
    let ids: Vec<TransferId> = transfers.iter().map(|transfer| transfer.id).collect();
    let ended = fixture.ended(&ids).await;
    let done = |state| state == TransferState::Done;
    assert!(ended.iter().all(|one| done(one.state)), "{ended:?}");
    assert_eq!(fixture.names().len(), 4);
    assert_eq!(tokens(&fixture).await, 4);
}

async fn a_vote_is_waited_for_again_when_unlocked(dialect: Dialect) {
    let fixture = TestVault::retrying(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(EXCHANGE, Fault::HeldForVote, 1);
    let (path, bytes) = fixture.write("voted.txt", b"to be voted on".to_vec());
    let id = fixture.vault.store(vec![path.clone()], "").await.unwrap()[0];
    wait_until("the vote holds it", async || {
        fixture.vault.transfer(id).unwrap().unwrap().state == TransferState::Held
    })
    .await;
    fixture.vault.lock(LockReason::Asked);
    assert_eq!(control.release_all(Verdict::Approve).await.unwrap(), 1);
    unlock(&fixture).await;
    wait_until("it is listed", async || fixture.names() == ["voted.txt"]).await;
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
    assert_eq!(control.calls(EXCHANGE), 1, "it was sent once");
}

#[tokio::test(flavor = "multi_thread")]
async fn unfinished_transfers_survive_a_sign_out_while_locked() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    let ids = three_of_which_two_run(&fixture, SLOWLY).await;
    fixture.vault.lock(LockReason::Asked);
    fixture.vault.sign_out().await.unwrap();
    lift_limit(&fixture).await;
    fixture.sign_in().await.unwrap();
    let (transfers, _) = fixture.vault.transfers().unwrap();
    assert_eq!(transfers.len(), ids.len(), "{transfers:?}");
    wait_until("all three are listed", async || fixture.names().len() == 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_interrupted_by_a_lock_finishes_after_unlock() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    let (path, _) = fixture.write("large.bin", random_bytes(LARGE));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    limit_downloads(&fixture, Some(STEADILY)).await;
    let id = fixture.vault.verify(&[file.id]).await.unwrap()[0];
    wait_until("it is under way", async || {
        fixture.vault.transfer(id).unwrap().unwrap().done_bytes > 0
    })
    .await;
    verified_when_unlocked(&fixture, &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_finished_while_locked_is_verified_after_unlock() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    fixture.vault.set_verify_uploads(true).await.unwrap();
    let (path, _) = fixture.write("large.bin", random_bytes(LARGE));
    limit(&fixture, Some(STEADILY)).await;
    let id = fixture.vault.store(vec![path.clone()], "").await.unwrap()[0];
    wait_until("it is under way", async || {
        fixture.vault.transfer(id).unwrap().unwrap().done_bytes > 0
    })
    .await;
    verified_when_unlocked(&fixture, &path).await;
}

/// Locks, lets what runs come to its end, and unlocks.
async fn verified_when_unlocked(fixture: &TestVault, path: &Path) {
    fixture.vault.lock(LockReason::Asked);
    wait_until("nothing runs any more", async || {
        fixture.vault.unfinished_transfers() == 0
    })
    .await;
    unlock(fixture).await;
    wait_until("it is verified", async || {
        fixture.file_named(path).state == FileState::Verified
    })
    .await;
    let (_, summary) = fixture.vault.transfers().unwrap();
    assert_eq!(summary.failed, 0, "{summary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_during_sign_out_starts_no_new_session() {
    let fixture = TestVault::with_short_limits(Dialect::Observed).await;
    let control = fixture.sandbox().control();
    control.faults().plan(REVOKE, Fault::AnswerWithheld, 1);
    let before = control.calls(AUTHENTICATE);
    let asking = async {
        wait_until("the session is over at the service", async || {
            control.calls(REVOKE) == 1 && fixture.vault.refresh().await.is_err()
        })
        .await;
    };
    let (_, ()) = tokio::join!(fixture.vault.sign_out(), asking);
    assert_eq!(control.calls(AUTHENTICATE), before);
    assert_eq!(fixture.count(Record::Session), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_reports_that_no_transfer_is_running() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    let mut events = fixture.vault.events();
    let (path, _) = fixture.write("a.txt", b"a".to_vec());
    fixture.store(vec![path], "").await;
    fixture.vault.lock(LockReason::Asked);
    wait_until("the last word is that there is nothing", async || {
        let mut last = None;
        while let Ok(event) = events.try_recv() {
            if let Event::TransfersChanged(report) = event {
                last = Some(report.summary.clone());
            }
        }
        last == Some(TransferSummary::default())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_check_does_not_interrupt_an_unlock() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    assert!(fixture.vault.lock(LockReason::Idle));
    let mut unlocking = pin!(fixture.vault.unlock(Some(TestVault::passphrase())));
    // It has begun, and is not at its end.
    let begun = poll_fn(|context| Poll::Ready(unlocking.as_mut().poll(context)));
    assert!(begun.await.is_pending());
    assert!(
        !fixture.vault.lock(LockReason::Idle),
        "it is locked already"
    );
    unlocking.await.unwrap();
    assert_eq!(fixture.vault.status().stage, Stage::SignedIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_locked_does_nothing_but_unlock() {
    let fixture = TestVault::retrying(Dialect::Observed).await;
    let (path, _) = fixture.write("a.txt", b"a".to_vec());
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    assert!(fixture.vault.lock(LockReason::ScreenLocked));
    assert!(
        !fixture.vault.lock(LockReason::Idle),
        "it is locked already"
    );
    assert_locked(&fixture, LockReason::ScreenLocked);
    let vault = &fixture.vault;
    assert!(matches!(
        vault.file(&file.id.to_string()),
        Err(Error::Session(SessionError::Locked))
    ));
    assert!(matches!(
        vault.delete_later(&[file.id]),
        Err(Error::Session(SessionError::Locked))
    ));
    assert!(matches!(
        vault.application_keys(),
        Err(Error::Session(SessionError::Locked))
    ));
    assert!(matches!(
        vault.refresh().await,
        Err(Error::Session(SessionError::Locked))
    ));
    let stored = vault.store(vec![path.clone()], "").await;
    assert!(matches!(stored, Err(Error::Session(SessionError::Locked))));
    let settings = [
        vault.set_limits(Limits::default()).await,
        vault.set_auto_lock(AutoLock::default()).await,
        vault.set_clipboard_seconds(vault.status().clipboard).await,
        vault.set_verify_uploads(true).await,
        vault.set_notifications(false).await,
    ];
    for set in settings {
        assert!(
            matches!(set, Err(Error::Session(SessionError::Locked))),
            "{set:?}"
        );
    }
    let addresses = vault.status().addresses.unwrap();
    let checked = vault.check_addresses(&addresses).await;
    assert!(
        matches!(checked, Err(Error::Session(SessionError::Locked))),
        "{checked:?}"
    );
    let shown = vault.show_operation("utility.check-health", &[]).await;
    assert!(
        matches!(shown, Err(Error::Session(SessionError::Locked))),
        "{shown:?}"
    );
    let called = vault.call_operation("utility.check-health", &[]).await;
    assert!(
        matches!(called, Err(Error::Session(SessionError::Locked))),
        "{called:?}"
    );
    assert!(matches!(
        vault.unlock(None).await,
        Err(Error::Protection(ProtectionError::PassphraseNeeded))
    ));
    unlock(&fixture).await;
    assert_eq!(fixture.names(), ["a.txt"]);
    assert_eq!(
        fixture.saved(&fixture.file_named(&path)).await.unwrap(),
        b"a"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_out_while_locked_leaves_no_session_on_the_disk() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    fixture.restart().await;
    assert_locked(&fixture, LockReason::Start);
    assert_eq!(fixture.count(Record::Session), 1);
    fixture.vault.sign_out().await.unwrap();
    assert_eq!(fixture.vault.status().stage, Stage::SignedOut);
    assert_eq!(fixture.count(Record::Session), 0);
    fixture.sign_in().await.unwrap();
    assert_eq!(fixture.vault.status().stage, Stage::SignedIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_for_locking_are_remembered() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    assert_eq!(fixture.vault.status().auto_lock.idle_minutes, Some(15));
    let rules = AutoLock {
        idle_minutes: None,
        on_sleep: false,
        on_screen_lock: true,
    };
    fixture.vault.set_auto_lock(rules).await.unwrap();
    fixture.restart().await;
    assert_eq!(fixture.vault.status().auto_lock, rules);
}

async fn three_of_which_two_run(fixture: &TestVault, bytes_per_second: u64) -> Vec<TransferId> {
    limit(fixture, Some(bytes_per_second)).await;
    let paths: Vec<PathBuf> = (0..3)
        .map(|at| {
            fixture
                .write(&format!("{at}.bin"), random_bytes(LARGE + at))
                .0
        })
        .collect();
    fixture.sandbox().control().forget_calls();
    let ids = fixture.vault.store(paths, "").await.unwrap();
    wait_until("two of them are under way", async || {
        let (all, _) = fixture.vault.transfers().unwrap();
        let moving = all.iter().filter(|transfer| transfer.done_bytes > 0);
        moving.count() == 2
    })
    .await;
    ids
}

async fn come_back_once(fixture: &TestVault) {
    assert_eq!(fixture.names(), ["0.bin", "1.bin", "2.bin"]);
    assert_eq!(tokens(fixture).await, 3);
    assert_eq!(fixture.sandbox().control().calls(META), 3);
    for (at, file) in fixture.listed().iter().enumerate() {
        assert!(file.receipt.is_some());
        assert!(fixture.saved(file).await.unwrap() == random_bytes(LARGE + at));
    }
}

fn assert_locked(fixture: &TestVault, reason: LockReason) {
    let status = fixture.vault.status();
    assert_eq!(status.stage, Stage::Locked);
    assert_eq!(status.locked_for, Some(reason));
    assert_eq!(status.username, None);
    assert!(matches!(
        fixture.vault.transfers(),
        Err(Error::Session(SessionError::Locked))
    ));
}

pub(crate) async fn unlock(fixture: &TestVault) {
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let status = fixture.vault.status();
    assert_eq!((status.stage, status.locked_for), (Stage::SignedIn, None));
}

async fn lift_limit(fixture: &TestVault) {
    limit(fixture, None).await;
}

async fn limit(fixture: &TestVault, upload: Option<u64>) {
    let limits = Limits {
        upload,
        download: None,
    };
    fixture.vault.set_limits(limits).await.unwrap();
}

async fn limit_downloads(fixture: &TestVault, download: Option<u64>) {
    let limits = Limits {
        upload: None,
        download,
    };
    fixture.vault.set_limits(limits).await.unwrap();
}

async fn tokens(fixture: &TestVault) -> usize {
    let control = fixture.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await;
    tokens.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_during_an_unlock_is_not_lost() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.restart().await;
    let lock = async || fixture.vault.lock(LockReason::ScreenLocked);
    let unlock = || fixture.vault.unlock(Some(TestVault::passphrase()));
    let (unlocked, _) = tokio::join!(unlock(), lock());
    unlocked.unwrap();
    assert_eq!(fixture.vault.status().stage, Stage::Locked);
    // What came before concerns nobody who unlocks now.
    fixture.vault.lock(LockReason::ScreenLocked);
    unlock().await.unwrap();
    assert_eq!(fixture.vault.status().stage, Stage::SignedIn);
    let control = fixture.sandbox().control();
    let reserve = "data-token/reserve-token-space";
    control.faults().plan(reserve, Fault::HeldForVote, 1);
    let (path, _) = fixture.write("held.bin", random_bytes(900));
    fixture.vault.store(vec![path], "").await.unwrap();
    wait_until("a vote to hold it", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    assert!(lock().await, "it goes on with what a vote holds");
    let (unlocked, _) = tokio::join!(unlock(), lock());
    unlocked.unwrap();
    assert_eq!(fixture.vault.status().stage, Stage::Locked);
    assert!(fixture.vault.recipients().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_could_be_undone_is_not_sent_by_a_lock_and_that_is_told() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let (path, _) = fixture.write("kept.bin", random_bytes(900));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    fixture.vault.delete_later(&[file.id]).unwrap();
    let mut events = fixture.vault.events();
    assert!(fixture.vault.lock(LockReason::Asked));
    let mut told = String::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Notice(notice) = event {
            told.push_str(&notice.message);
        }
    }
    assert!(told.contains("One file was not deleted"), "{told}");
    assert!(!told.contains("kept.bin"));
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert_eq!(fixture.file_named(&path).state, FileState::Stored);
}
