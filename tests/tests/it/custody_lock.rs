//! Lock and unlock: what is gone, what goes on, what waits; and what protects the keys.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::Poll;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::house::{House, Record, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    AutoLock, Code, Error, Event, FileState, KeyProtection, Limits, LockReason, Stage, TransferId,
    TransferState, TransferSummary,
};
use secrecy::SecretString;

/// Large enough to travel as a stream, two at a time.
const LARGE: usize = 5 << 20;
/// Bytes a second: a large file takes some seconds, which is time enough to lock. A limit cannot be lifted while locked.
const STEADILY: u64 = 1_000_000;
/// Bytes a second: a large file is not through before the limit is lifted.
const SLOWLY: u64 = 20_000;
const RESERVE: &str = "data-token/reserve-token-space";
const META: &str = "data-token/configure-file-meta";
const EXCHANGE: &str = "data-token/exchange-data-for-token";
const AUTHENTICATE: &str = "profile/authenticate";
const REVOKE: &str = "profile/revoke-authorization-token";

in_each_dialect!(
    what_runs_ends_while_locked_and_what_waits_goes_on_when_unlocked,
    who_unlocks_early_finds_everything_as_it_was,
    a_vote_is_waited_for_again_when_unlocked,
);

async fn what_runs_ends_while_locked_and_what_waits_goes_on_when_unlocked(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let ids = three_of_which_two_run(&house, STEADILY).await;
    assert!(house.vault.lock(LockReason::Asked));
    assert_locked(&house, LockReason::Asked);
    assert_eq!(house.vault.unfinished_transfers(), 2);
    wait_until("the two that ran are stored", async || {
        tokens(&house).await == 2
    })
    .await;
    assert_locked(&house, LockReason::Asked);
    assert_eq!(house.sandbox().control().calls(RESERVE), 2, "of {ids:?}");
    unlock(&house).await;
    wait_until("all three are listed", async || house.names().len() == 3).await;
    come_back_once(&house).await;
}

async fn who_unlocks_early_finds_everything_as_it_was(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let (before, _) = house.write("before.txt", b"before".to_vec());
    house.store(vec![before], "").await;
    three_of_which_two_run(&house, SLOWLY).await;
    house.vault.lock(LockReason::Asked);
    let wrong = house.vault.unlock(Some("a guess".into())).await;
    assert!(matches!(wrong, Err(Error::WrongPassphrase)));
    assert_locked(&house, LockReason::Asked);
    unlock(&house).await;
    assert_eq!(house.names(), ["before.txt"]);
    let (transfers, _) = house.vault.transfers().unwrap();
    assert_eq!(transfers.len(), 3, "{transfers:?}");
    lift_limit(&house).await;
    let ids: Vec<TransferId> = transfers.iter().map(|transfer| transfer.id).collect();
    let ended = house.ended(&ids).await;
    let done = |state| state == TransferState::Done;
    assert!(ended.iter().all(|one| done(one.state)), "{ended:?}");
    assert_eq!(house.names().len(), 4);
    assert_eq!(tokens(&house).await, 4);
}

async fn a_vote_is_waited_for_again_when_unlocked(dialect: Dialect) {
    let house = House::patient(dialect).await;
    let control = house.sandbox().control();
    control.faults().plan(EXCHANGE, Fault::HeldForVote, 1);
    let (path, bytes) = house.write("voted.txt", b"to be voted on".to_vec());
    let id = house.vault.store(vec![path.clone()], "").await.unwrap()[0];
    wait_until("the vote holds it", async || {
        house.vault.transfer(id).unwrap().unwrap().state == TransferState::Held
    })
    .await;
    house.vault.lock(LockReason::Asked);
    assert_eq!(control.release_all(Verdict::Approve).await.unwrap(), 1);
    unlock(&house).await;
    wait_until("it is listed", async || house.names() == ["voted.txt"]).await;
    assert!(house.saved(&house.file_named(&path)).await.unwrap() == bytes);
    assert_eq!(control.calls(EXCHANGE), 1, "it was sent once");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_while_locked_finds_what_is_unfinished_when_signing_in_again() {
    let house = House::patient(Dialect::Observed).await;
    let ids = three_of_which_two_run(&house, SLOWLY).await;
    house.vault.lock(LockReason::Asked);
    house.vault.sign_out().await.unwrap();
    lift_limit(&house).await;
    house.sign_in().await.unwrap();
    let (transfers, _) = house.vault.transfers().unwrap();
    assert_eq!(transfers.len(), ids.len(), "{transfers:?}");
    wait_until("all three are listed", async || house.names().len() == 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_back_while_it_is_locked_is_read_back_when_it_is_unlocked() {
    let house = House::patient(Dialect::Observed).await;
    let (path, _) = house.write("large.bin", random_bytes(LARGE));
    house.store(vec![path.clone()], "").await;
    let file = house.file_named(&path);
    limit_downloads(&house, Some(STEADILY)).await;
    let id = house.vault.verify(&[file.id]).await.unwrap()[0];
    wait_until("it is under way", async || {
        house.vault.transfer(id).unwrap().unwrap().done_bytes > 0
    })
    .await;
    verified_when_unlocked(&house, &path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_while_it_is_locked_is_read_back_when_it_is_unlocked() {
    let house = House::patient(Dialect::Observed).await;
    house.vault.set_verify_uploads(true).await.unwrap();
    let (path, _) = house.write("large.bin", random_bytes(LARGE));
    limit(&house, Some(STEADILY)).await;
    let id = house.vault.store(vec![path.clone()], "").await.unwrap()[0];
    wait_until("it is under way", async || {
        house.vault.transfer(id).unwrap().unwrap().done_bytes > 0
    })
    .await;
    verified_when_unlocked(&house, &path).await;
}

/// Locks, lets what runs come to its end, and unlocks.
async fn verified_when_unlocked(house: &House, path: &Path) {
    house.vault.lock(LockReason::Asked);
    wait_until("nothing runs any more", async || {
        house.vault.unfinished_transfers() == 0
    })
    .await;
    unlock(house).await;
    wait_until("it is verified", async || {
        house.file_named(path).state == FileState::Verified
    })
    .await;
    let (_, summary) = house.vault.transfers().unwrap();
    assert_eq!(summary.failed, 0, "{summary:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_while_somebody_signs_out_begins_no_session_anew() {
    let house = House::hurried(Dialect::Observed).await;
    let control = house.sandbox().control();
    control.faults().plan(REVOKE, Fault::AnswerWithheld, 1);
    let before = control.calls(AUTHENTICATE);
    let asking = async {
        wait_until("the session is over at the service", async || {
            control.calls(REVOKE) == 1 && house.vault.refresh().await.is_err()
        })
        .await;
    };
    let (_, ()) = tokio::join!(house.vault.sign_out(), asking);
    assert_eq!(control.calls(AUTHENTICATE), before);
    assert_eq!(house.count(Record::Session), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_locked_out_is_told_that_nothing_moves_any_more() {
    let house = House::patient(Dialect::Observed).await;
    let mut events = house.vault.events();
    let (path, _) = house.write("a.txt", b"a".to_vec());
    house.store(vec![path], "").await;
    house.vault.lock(LockReason::Asked);
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
async fn a_look_that_finds_nobody_there_does_not_lock_what_is_being_unlocked() {
    let house = House::patient(Dialect::Observed).await;
    assert!(house.vault.lock(LockReason::Idle));
    let mut unlocking = pin!(house.vault.unlock(Some(House::passphrase())));
    // It has begun, and is not at its end.
    let begun = poll_fn(|context| Poll::Ready(unlocking.as_mut().poll(context)));
    assert!(begun.await.is_pending());
    assert!(!house.vault.lock(LockReason::Idle), "it is locked already");
    unlocking.await.unwrap();
    assert_eq!(house.vault.status().stage, Stage::SignedIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_locked_does_nothing_but_unlock() {
    let house = House::patient(Dialect::Observed).await;
    let (path, _) = house.write("a.txt", b"a".to_vec());
    house.store(vec![path.clone()], "").await;
    let file = house.file_named(&path);
    assert!(house.vault.lock(LockReason::ScreenLocked));
    assert!(!house.vault.lock(LockReason::Idle), "it is locked already");
    assert_locked(&house, LockReason::ScreenLocked);
    let vault = &house.vault;
    assert!(matches!(
        vault.file(&file.id.to_string()),
        Err(Error::Locked)
    ));
    assert!(matches!(vault.delete_later(&[file.id]), Err(Error::Locked)));
    assert!(matches!(vault.application_keys(), Err(Error::Locked)));
    assert!(matches!(vault.refresh().await, Err(Error::Locked)));
    let stored = vault.store(vec![path.clone()], "").await;
    assert!(matches!(stored, Err(Error::Locked)));
    let settings = [
        vault.set_limits(Limits::default()).await,
        vault.set_auto_lock(AutoLock::default()).await,
        vault.set_clipboard_seconds(vault.status().clipboard).await,
        vault.set_verify_uploads(true).await,
        vault.set_notifications(false).await,
    ];
    for set in settings {
        assert!(matches!(set, Err(Error::Locked)), "{set:?}");
    }
    let addresses = vault.status().addresses.unwrap();
    let checked = vault.check_addresses(&addresses).await;
    assert!(matches!(checked, Err(Error::Locked)), "{checked:?}");
    let shown = vault.show_operation("utility.check-health", &[]).await;
    assert!(matches!(shown, Err(Error::Locked)), "{shown:?}");
    let called = vault.call_operation("utility.check-health", &[]).await;
    assert!(matches!(called, Err(Error::Locked)), "{called:?}");
    assert!(matches!(
        vault.unlock(None).await,
        Err(Error::PassphraseNeeded)
    ));
    unlock(&house).await;
    assert_eq!(house.names(), ["a.txt"]);
    assert_eq!(house.saved(&house.file_named(&path)).await.unwrap(), b"a");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_locked_out_can_still_sign_out_and_leaves_no_session_on_the_disk() {
    let mut house = House::patient(Dialect::Observed).await;
    house.restart().await;
    assert_locked(&house, LockReason::Start);
    assert_eq!(house.count(Record::Session), 1);
    house.vault.sign_out().await.unwrap();
    assert_eq!(house.vault.status().stage, Stage::SignedOut);
    assert_eq!(house.count(Record::Session), 0);
    house.sign_in().await.unwrap();
    assert_eq!(house.vault.status().stage, Stage::SignedIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_for_locking_are_remembered() {
    let mut house = House::patient(Dialect::Observed).await;
    assert_eq!(house.vault.status().auto_lock.idle_minutes, Some(15));
    let rules = AutoLock {
        idle_minutes: None,
        on_sleep: false,
        on_screen_lock: true,
    };
    house.vault.set_auto_lock(rules).await.unwrap();
    house.restart().await;
    assert_eq!(house.vault.status().auto_lock, rules);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_passphrase_is_the_only_one() {
    let mut house = House::patient(Dialect::Observed).await;
    let new = || SecretString::from("a new and better one");
    let vault = &house.vault;
    let change =
        async |old: &str, new: SecretString| vault.change_passphrase(old.into(), new).await;
    assert!(matches!(
        change("a guess", new()).await,
        Err(Error::WrongPassphrase)
    ));
    let right = "correct horse battery staple";
    assert!(matches!(
        change(right, "".into()).await,
        Err(Error::EmptyPassphrase)
    ));
    change(right, new()).await.unwrap();
    assert_eq!(vault.key_protection().unwrap(), KeyProtection::Passphrase);
    house.restart().await;
    let vault = &house.vault;
    let old = vault.unlock(Some(House::passphrase())).await;
    assert!(matches!(old, Err(Error::WrongPassphrase)));
    let previous = vault.restore_previous_keys(Some(House::passphrase())).await;
    assert!(matches!(previous, Err(Error::WrongPassphrase)));
    vault.unlock(Some(new())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_key_file_gives_way_to_the_generation_before() {
    let mut house = House::patient(Dialect::Observed).await;
    let (path, bytes) = house.write("a.bin", random_bytes(1000));
    house.store(vec![path.clone()], "").await;
    for damage in [flip_last_byte as fn(&Path), cut_to_nothing, remove] {
        house.vault.shut_down().await;
        damage(&key_file(&house));
        house.restart().await;
        let vault = &house.vault;
        let told = vault.unlock(Some(House::passphrase())).await.unwrap_err();
        assert_eq!(told.explain().code, Code::KeyFileDamaged);
        assert!(vault.has_previous_keys());
        let wrong = vault.restore_previous_keys(Some("a guess".into())).await;
        assert!(matches!(wrong, Err(Error::WrongPassphrase)));
        let restored = vault.restore_previous_keys(Some(House::passphrase())).await;
        restored.unwrap();
        assert!(house.saved(&house.file_named(&path)).await.unwrap() == bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_file_that_opens_does_not_give_way_to_the_generation_before() {
    let mut house = House::patient(Dialect::Observed).await;
    let passphrase = || Some(House::passphrase());
    let made = house.vault.make_shared_key("team", passphrase()).await;
    made.unwrap();
    let before = fs::read(key_file(&house)).unwrap();
    house.restart().await;
    let vault = &house.vault;
    assert!(vault.has_previous_keys());
    let refused = vault.restore_previous_keys(passphrase()).await;
    assert!(matches!(refused, Err(Error::KeysNotDamaged)), "{refused:?}");
    assert!(fs::read(key_file(&house)).unwrap() == before);
    vault.unlock(passphrase()).await.unwrap();
    let keys = vault.shared_keys().await.unwrap();
    assert!(keys.iter().any(|key| key.name == "team"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_file_is_not_taken_for_a_new_profile() {
    let house = House::patient(Dialect::Observed).await;
    house.vault.sign_out().await.unwrap();
    fs::remove_file(key_file(&house)).unwrap();
    let told = house.sign_in().await.unwrap_err();
    assert_eq!(told.explain().code, Code::KeyFileDamaged);
    let previous = key_file(&house).with_extension("age.previous");
    assert!(
        previous.is_file(),
        "what is left of the keys was not replaced"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_keys_stay_where_they_are() {
    let house = House::patient(Dialect::Observed).await;
    let moved = house.vault.protect_with_keyring(House::passphrase()).await;
    assert!(matches!(moved, Err(Error::Keyring(_))));
    let again = house.vault.protect_with_passphrase("x".into()).await;
    assert!(matches!(again, Err(Error::ProtectedOtherwise)));
    house.vault.lock(LockReason::Asked);
    unlock(&house).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_changes_what_opens_the_keys_and_goes_back_to_the_copy() {
    use privicore_tests::command_line::{Person, SandboxProcess, complaint};
    const NEW: &str = "a new and better one";
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    assert_eq!(ada.does(&["lock"]).await.unwrap()[0]["locked"], false);
    let mut change = ada.privicore(&["keys", "passphrase"]).unwrap();
    change.env("PRIVICORE_NEW_PASSPHRASE", NEW);
    assert!(change.status().await.unwrap().success());
    let (code, told) = ada.fails(&["unlock"]).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"wrong_passphrase".into()));
    let with_new = |arguments: &[&str]| {
        let mut command = ada.privicore(arguments).unwrap();
        command.env("PRIVICORE_PASSPHRASE", NEW);
        command
    };
    assert!(with_new(&["unlock"]).status().await.unwrap().success());
    let keyring = with_new(&["keys", "protect", "--keyring"]);
    let (code, told) = complaint(keyring).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"keyring".into()));

    let profiles = fs::read_dir(ada.data_dir().join("profiles")).unwrap();
    let key_file = profiles.flatten().next().unwrap().path().join("keys.age");
    flip_last_byte(&key_file);
    let (code, told) = complaint(with_new(&["ls"])).await.unwrap();
    assert_eq!((code, &told["error"]), (1, &"key_file_damaged".into()));
    let restored = with_new(&["unlock", "--previous"]).status().await;
    assert!(restored.unwrap().success());
    assert!(with_new(&["ls"]).status().await.unwrap().success());
    assert!(key_file.with_extension("age.damaged").is_file());
}

async fn three_of_which_two_run(house: &House, bytes_per_second: u64) -> Vec<TransferId> {
    limit(house, Some(bytes_per_second)).await;
    let paths: Vec<PathBuf> = (0..3)
        .map(|at| {
            house
                .write(&format!("{at}.bin"), random_bytes(LARGE + at))
                .0
        })
        .collect();
    house.sandbox().control().forget_calls();
    let ids = house.vault.store(paths, "").await.unwrap();
    wait_until("two of them are under way", async || {
        let (all, _) = house.vault.transfers().unwrap();
        let moving = all.iter().filter(|transfer| transfer.done_bytes > 0);
        moving.count() == 2
    })
    .await;
    ids
}

async fn come_back_once(house: &House) {
    assert_eq!(house.names(), ["0.bin", "1.bin", "2.bin"]);
    assert_eq!(tokens(house).await, 3);
    assert_eq!(house.sandbox().control().calls(META), 3);
    for (at, file) in house.listed().iter().enumerate() {
        assert!(file.receipt.is_some());
        assert!(house.saved(file).await.unwrap() == random_bytes(LARGE + at));
    }
}

fn assert_locked(house: &House, reason: LockReason) {
    let status = house.vault.status();
    assert_eq!(status.stage, Stage::Locked);
    assert_eq!(status.locked_for, Some(reason));
    assert_eq!(status.username, None);
    assert!(matches!(house.vault.transfers(), Err(Error::Locked)));
}

async fn unlock(house: &House) {
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    let status = house.vault.status();
    assert_eq!((status.stage, status.locked_for), (Stage::SignedIn, None));
}

async fn lift_limit(house: &House) {
    limit(house, None).await;
}

async fn limit(house: &House, upload: Option<u64>) {
    let limits = Limits {
        upload,
        download: None,
    };
    house.vault.set_limits(limits).await.unwrap();
}

async fn limit_downloads(house: &House, download: Option<u64>) {
    let limits = Limits {
        upload: None,
        download,
    };
    house.vault.set_limits(limits).await.unwrap();
}

async fn tokens(house: &House) -> usize {
    let control = house.sandbox().control();
    let tokens = control.list_tokens("alice@example.com").await;
    tokens.unwrap().len()
}

fn key_file(house: &House) -> PathBuf {
    let profiles = fs::read_dir(house.data_dir().join("profiles")).unwrap();
    let profile = profiles.flatten().next().unwrap().path();
    profile.join("keys.age")
}

fn flip_last_byte(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path, bytes).unwrap();
}

fn cut_to_nothing(path: &Path) {
    fs::write(path, b"").unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_comes_while_it_is_being_unlocked_is_not_lost() {
    let mut house = House::signed_up(Dialect::Observed).await;
    house.restart().await;
    let lock = async || house.vault.lock(LockReason::ScreenLocked);
    let unlock = || house.vault.unlock(Some(House::passphrase()));
    let (unlocked, _) = tokio::join!(unlock(), lock());
    unlocked.unwrap();
    assert_eq!(house.vault.status().stage, Stage::Locked);
    // What came before concerns nobody who unlocks now.
    house.vault.lock(LockReason::ScreenLocked);
    unlock().await.unwrap();
    assert_eq!(house.vault.status().stage, Stage::SignedIn);
    let control = house.sandbox().control();
    let reserve = "data-token/reserve-token-space";
    control.faults().plan(reserve, Fault::HeldForVote, 1);
    let (path, _) = house.write("held.bin", random_bytes(900));
    house.vault.store(vec![path], "").await.unwrap();
    wait_until("a vote to hold it", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    assert!(lock().await, "it goes on with what a vote holds");
    let (unlocked, _) = tokio::join!(unlock(), lock());
    unlocked.unwrap();
    assert_eq!(house.vault.status().stage, Stage::Locked);
    assert!(house.vault.recipients().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_could_be_undone_is_not_sent_by_a_lock_and_that_is_told() {
    let house = House::signed_up(Dialect::Observed).await;
    let (path, _) = house.write("kept.bin", random_bytes(900));
    house.store(vec![path.clone()], "").await;
    let file = house.file_named(&path);
    house.vault.delete_later(&[file.id]).unwrap();
    let mut events = house.vault.events();
    assert!(house.vault.lock(LockReason::Asked));
    let mut told = String::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Notice(notice) = event {
            told.push_str(&notice.message);
        }
    }
    assert!(told.contains("One file was not deleted"), "{told}");
    assert!(!told.contains("kept.bin"));
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    assert_eq!(house.file_named(&path).state, FileState::Stored);
}
