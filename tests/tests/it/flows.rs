//! The use cases over the vault, against the sandbox, in each dialect.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use privicore_sandbox::Dialect;
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{
    AccountError, Code, Error, Existing, FileError, FileState, SessionError, Stage, TransferState,
};

const SIZES: [usize; 7] = [0, 1, 39, 48 * 1024, 64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1];

in_each_dialect!(
    files_of_all_sizes_come_back_byte_for_byte,
    names_come_back_as_they_were,
    a_second_machine_with_the_keys_lists_the_names,
    a_deleted_file_is_gone_here_and_there,
    an_undone_deletion_sends_nothing,
    a_wrong_password_is_named,
    a_taken_name_is_named,
    a_session_survives_a_restart,
    an_ended_session_is_renewed,
    signing_out_revokes_and_keeps_the_keys,
);

async fn files_of_all_sizes_come_back_byte_for_byte(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let sizes = SIZES.into_iter().chain([10 * 1024 * 1024]);
    let originals: Vec<(PathBuf, Vec<u8>)> = sizes
        .map(|size| fixture.write(&format!("{size}.bin"), random_bytes(size)))
        .collect();
    let paths = originals.iter().map(|(path, _)| path.clone()).collect();
    let stored = fixture.store(paths, "sizes").await;
    assert!(
        stored.iter().all(|t| t.state == TransferState::Done),
        "{stored:?}"
    );
    for (path, bytes) in &originals {
        let file = fixture.file_named(path);
        assert_eq!(file.state, FileState::Stored);
        assert_eq!(file.size_bytes, Some(bytes.len() as u64));
        let saved = fixture.saved(&file).await.unwrap();
        assert!(saved == *bytes, "{} came back different", path.display());
    }
}

async fn names_come_back_as_they_were(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let longest = format!("{}.txt", "n".repeat(251));
    let names = [
        "with a space.txt",
        "Skann – kvittering nr. 4471 ☃.jpg",
        &longest,
    ];
    for name in names {
        fixture.write(&format!("folder/inner/{name}"), name.as_bytes().to_vec());
    }
    fixture
        .store(vec![fixture.originals().join("folder")], "names")
        .await;
    fixture.vault.refresh().await.unwrap();
    for name in names {
        let file = fixture.file_named(Path::new(name));
        assert_eq!(file.folder, "folder/inner");
        assert_eq!(fixture.saved(&file).await.unwrap(), name.as_bytes());
    }
}

async fn a_second_machine_with_the_keys_lists_the_names(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    let (path, bytes) = fixture.write("ledger.csv", random_bytes(1000));
    fixture.store(vec![path.clone()], "").await;
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    let file = fixture.file_named(&path);
    assert_eq!(file.state, FileState::MissingReceipt);
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
}

async fn a_deleted_file_is_gone_here_and_there(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (path, _) = fixture.write("old.txt", b"old".to_vec());
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    fixture.vault.delete_now(file.id).await.unwrap();
    fixture.vault.refresh().await.unwrap();
    assert!(matches!(
        fixture.vault.file(&file.id.to_string()),
        Err(Error::File(FileError::Unknown))
    ));
}

async fn an_undone_deletion_sends_nothing(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (path, bytes) = fixture.write("kept.txt", b"kept".to_vec());
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    let deletion = fixture.vault.delete_later(&[file.id]).unwrap();
    assert_eq!(fixture.file_named(&path).state, FileState::Deleting);
    assert!(fixture.vault.undo_deletion(deletion.id).unwrap());
    let file = fixture.file_named(&path);
    assert_eq!(file.state, FileState::Stored);
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
}

async fn a_wrong_password_is_named(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    fixture.vault.sign_out().await.unwrap();
    let wrong = TestVault::credentials("not the password");
    let refused = fixture
        .vault
        .sign_in(wrong, Some(TestVault::passphrase()))
        .await;
    assert!(matches!(
        refused,
        Err(Error::Session(SessionError::WrongPassword))
    ));
    fixture.sign_in().await.unwrap();
}

async fn a_taken_name_is_named(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    fixture.vault.sign_out().await.unwrap();
    let taken = TestVault::credentials("another password");
    let refused = fixture
        .vault
        .sign_up(taken, Some(TestVault::passphrase()))
        .await;
    assert!(matches!(
        refused,
        Err(Error::Account(AccountError::NameTaken))
    ));
}

async fn a_session_survives_a_restart(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    let (path, bytes) = fixture.write("here.txt", random_bytes(70_000));
    fixture.store(vec![path.clone()], "").await;
    fixture.restart().await;
    assert_eq!(fixture.vault.status().stage, Stage::Locked);
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let file = fixture.file_named(&path);
    assert_eq!(file.state, FileState::Stored);
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
}

async fn an_ended_session_is_renewed(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let day = std::time::Duration::from_hours(24);
    fixture.sandbox().control().clock().advance(day);
    let (path, _) = fixture.write("later.txt", b"later".to_vec());
    let stored = fixture.store(vec![path], "").await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
}

async fn signing_out_revokes_and_keeps_the_keys(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (path, bytes) = fixture.write("mine.txt", b"mine".to_vec());
    fixture.store(vec![path.clone()], "").await;
    fixture.vault.sign_out().await.unwrap();
    assert_eq!(fixture.vault.status().stage, Stage::SignedOut);
    assert!(matches!(
        fixture.vault.transfers(),
        Err(Error::Session(SessionError::SignedOut))
    ));
    fixture.sign_in().await.unwrap();
    let file = fixture.file_named(&path);
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
}

/// The embedded sandbox of one data directory is shared by the processes that use it, and outlives the first of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_vault_joins_the_embedded_sandbox_and_takes_it_over() {
    let dir = tempfile::tempdir().unwrap();
    let first = TestVault::trial(dir.path()).await;
    let second = TestVault::open(dir.path()).await;
    second.unlock(Some(TestVault::passphrase())).await.unwrap();
    second.refresh().await.unwrap();
    first.shut_down().await;
    privicore_tests::wait_until("the second vault hosts the sandbox", async || {
        second.refresh().await.is_ok()
    })
    .await;
    second.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trial_profile_is_the_same_after_signing_out() {
    let dir = tempfile::tempdir().unwrap();
    let vault = TestVault::trial(dir.path()).await;
    let name = vault.status().username;
    vault.sign_out().await.unwrap();
    vault.try_now(Some(TestVault::passphrase())).await.unwrap();
    assert_eq!(vault.status().username, name);
    vault.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_target_is_replaced_only_on_request() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let (path, bytes) = fixture.write("a.txt", b"new".to_vec());
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    let target = fixture.originals().join("target.txt");
    fs::write(&target, b"before").unwrap();
    let refused = fixture.save(&file, &target, Existing::Keep).await;
    assert_eq!(refused.error.unwrap().code, Code::TargetExists);
    assert_eq!(fs::read(&target).unwrap(), b"before");
    let replaced = fixture.save(&file, &target, Existing::Replace).await;
    assert_eq!(replaced.state, TransferState::Done);
    assert_eq!(fs::read(&target).unwrap(), bytes);
}
