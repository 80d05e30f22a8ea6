//! Copies of files for other applications: verified, for their user alone, and gone with the lock.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{Code, CopyError, Error, File, LockReason, RowRef};

const REQUEST: &str = "data-token/request-data";

in_each_dialect!(a_copy_to_be_opened_is_whole_and_read_only_in_a_folder_of_its_user);

async fn a_copy_to_be_opened_is_whole_and_read_only_in_a_folder_of_its_user(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (path, bytes) = fixture.write("report.pdf", random_bytes(2_000_000));
    let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let original = fs::File::options().write(true).open(&path).unwrap();
    original.set_modified(written).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    let copy = fixture.vault.copy_to_open(file.id).await.unwrap();
    assert_eq!(copy.path.file_name().unwrap(), "report.pdf");
    assert_eq!(fs::read(&copy.path).unwrap(), bytes);
    let metadata = fs::metadata(&copy.path).unwrap();
    assert_eq!(
        metadata.permissions().mode() & 0o777,
        0o400,
        "nobody runs it"
    );
    assert_eq!(metadata.modified().unwrap(), written);
    for folder in copy.path.ancestors().skip(1).take(3) {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    assert!(fixture.vault.is_copy(&copy.path));
    fixture.sandbox().control().forget_calls();
    let again = fixture.vault.copy_to_open(file.id).await.unwrap();
    assert_eq!(again.path, copy.path);
    assert_eq!(fixture.sandbox().control().calls(REQUEST), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_copy_is_left_by_lock_sign_out_and_exit() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    let opened = fixture.vault.copy_to_open(file.id).await.unwrap();
    let dragged = fixture
        .vault
        .copies_to_drag(&[RowRef::File(file.id)])
        .await
        .unwrap();
    let dragged_path = dragged.paths[0].clone();
    fixture.vault.prepare_dragged(dragged).await.unwrap();
    assert!(opened.path.exists() && dragged_path.exists());
    assert!(fixture.vault.lock(LockReason::Asked));
    wait_until("the copies to be gone", async || {
        !opened.path.exists() && !dragged_path.exists()
    })
    .await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();

    let opened = fixture.vault.copy_to_open(file.id).await.unwrap();
    fixture.restart().await;
    assert!(!opened.path.exists(), "the end of the app leaves none");

    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let opened = fixture.vault.copy_to_open(file.id).await.unwrap();
    fixture.vault.sign_out().await.unwrap();
    assert!(!opened.path.exists(), "sign-out leaves none");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_crash_left_goes_at_the_next_start() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    let copy = fixture.vault.copy_to_open(file.id).await.unwrap();
    let base = copy.path.ancestors().nth(3).unwrap();
    let left = base.join("00112233445566778899aabbccddeeff");
    fs::create_dir_all(left.join("1")).unwrap();
    fs::write(left.join("1/secret.txt"), b"secret").unwrap();
    let beside = fixture.beside().await;
    assert!(!left.exists(), "another process has the folder");
    assert!(copy.path.exists(), "a process that lives keeps its copies");
    beside.shut_down().await;
    fs::create_dir_all(left.join("1")).unwrap();
    fixture.restart().await;
    assert!(!left.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_on_its_way_ends_with_the_lock_and_leaves_nothing() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    let before = fixture.vault.copy_to_open(file.id).await.unwrap().path;
    let run = before.ancestors().nth(2).unwrap().to_owned();
    let other = stored(&fixture, "other.txt", b"other".to_vec()).await;
    let control = fixture.sandbox().control();
    let held = control.list_held().await.unwrap().len();
    control.faults().plan(REQUEST, Fault::HeldForVote, 1);
    let (vault, id) = (fixture.vault.clone(), other.id);
    let copying = tokio::spawn(async move { vault.copy_to_open(id).await });
    wait_until("a vote to hold the request", async || {
        control.list_held().await.unwrap().len() > held
    })
    .await;
    assert!(fixture.vault.lock(LockReason::Asked));
    let ended = copying.await.unwrap().unwrap_err();
    assert_eq!(ended.explain().code, Code::Canceled);
    wait_until("the copies to be gone", async || !run.exists()).await;
    let locked = fixture.vault.copy_to_open(file.id).await.unwrap_err();
    assert_eq!(locked.explain().code, Code::Locked);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_stored_is_not_opened_and_not_dragged() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let good = stored(&fixture, "good.txt", b"good".to_vec()).await;
    let mine = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    let other = stored(&fixture, "other.txt", b"else".to_vec()).await;
    let swapped = fixture.raw(&other).await;
    fixture.replace(&mine, swapped).await;
    let opened = fixture.vault.copy_to_open(mine.id).await.unwrap_err();
    assert_eq!(opened.explain().code, Code::Swapped);
    let dragged = fixture
        .vault
        .copies_to_drag(&[good.id, mine.id].map(RowRef::File))
        .await
        .unwrap();
    let paths = dragged.paths.clone();
    let dragged = fixture.vault.prepare_dragged(dragged).await.unwrap_err();
    assert_eq!(dragged.explain().code, Code::Swapped);
    for path in paths {
        assert!(!path.ancestors().nth(2).unwrap().exists(), "all or nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_never_opened_whatever_they_are_called() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    for (name, bytes) in [
        ("setup.exe", &b"MZ"[..]),
        ("run.desktop", b"[Desktop Entry]\nExec=true\n"),
        ("run.sh", b"true\n"),
        ("tool", b"\x7fELF\x02\x01\x01\0\0"),
        ("script", b"#!/bin/sh\ntrue\n"),
    ] {
        let file = stored(&fixture, name, bytes.to_vec()).await;
        let refused = fixture.vault.copy_to_open(file.id).await;
        assert!(
            matches!(&refused, Err(Error::Copy(CopyError::Program { name: told })) if told == name),
            "{name}: {refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_copy_is_made_where_that_is_set() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "mine.txt", b"mine".to_vec()).await;
    let before = fixture.vault.copy_to_open(file.id).await.unwrap();
    fixture.vault.set_never_opens_elsewhere(true).await.unwrap();
    assert!(!before.path.exists());
    fixture.sandbox().control().forget_calls();
    let opened = fixture.vault.copy_to_open(file.id).await.unwrap_err();
    assert_eq!(opened.explain().code, Code::OpeningForbidden);
    let dragged = fixture
        .vault
        .copies_to_drag(&[RowRef::File(file.id)])
        .await
        .unwrap_err();
    assert_eq!(dragged.explain().code, Code::OpeningForbidden);
    assert_eq!(fixture.sandbox().control().calls(REQUEST), 0);
    fixture.restart().await;
    assert!(fixture.vault.status().never_opens_elsewhere);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_dragged_appear_together_each_under_its_own_name() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let first = stored(&fixture, "a/same.txt", b"first".to_vec()).await;
    let (path, _) = fixture.write("b/same.txt", b"second".to_vec());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    fixture
        .store(vec![path.parent().unwrap().to_owned()], "")
        .await;
    let listed = fixture.listed();
    let second = listed
        .iter()
        .find(|file| file.name == "same.txt" && file.id != first.id);
    let rows = [first.id, second.unwrap().id].map(RowRef::File);
    let dragged = fixture.vault.copies_to_drag(&rows).await.unwrap();
    let paths = dragged.paths.clone();
    assert!(
        paths.iter().all(|path| !path.exists()),
        "not before they are whole"
    );
    let folder = fixture.vault.prepare_dragged(dragged).await.unwrap();
    assert_eq!(paths[0].file_name().unwrap(), "same.txt");
    assert_eq!(paths[1].file_name().unwrap(), "same (2).txt");
    assert_eq!(fs::read(&paths[0]).unwrap(), b"first");
    assert_eq!(fs::read(&paths[1]).unwrap(), b"second");
    assert_eq!(
        (mode(&paths[0]), mode(&paths[1])),
        (0o600, 0o700),
        "as they would be saved"
    );
    fixture.vault.forget_dragged(folder).await;
    assert!(paths.iter().all(|path| !path.exists()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_application_saves_is_stored_as_a_new_version() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "report.txt", b"first".to_vec()).await;
    let copy = fixture.vault.copy_to_open(file.id).await.unwrap();
    save_as_an_editor_does(&copy.path, b"second");
    versions(&fixture, "report.txt", &[b"first", b"second"]).await;
    let beside = copy.path.with_file_name("report 2.txt");
    fs::write(&beside, b"beside").unwrap();
    versions(&fixture, "report 2.txt", &[b"beside"]).await;
    versions(&fixture, "report.txt", &[b"first", b"second"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_just_before_the_lock_is_not_lost_and_not_readable_after_it() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    let file = stored(&fixture, "report.txt", b"first".to_vec()).await;
    for (round, words) in [&b"these words are new"[..], b"these words are newer"]
        .into_iter()
        .enumerate()
    {
        let copy = fixture.vault.copy_to_open(file.id).await.unwrap();
        save_as_an_editor_does(&copy.path, words);
        if round == 0 {
            assert!(fixture.vault.lock(LockReason::Asked));
            wait_until("the copy to be gone", async || !copy.path.exists()).await;
        } else {
            fixture.vault.shut_down().await;
            assert!(!copy.path.exists());
        }
        assert!(
            !holds(&fixture.data_dir(), words),
            "it can be read on the disk"
        );
        if round == 1 {
            fixture.restart().await;
        }
        fixture
            .vault
            .unlock(Some(TestVault::passphrase()))
            .await
            .unwrap();
        let mut expected = vec![
            &b"first"[..],
            b"these words are new",
            b"these words are newer",
        ];
        expected.truncate(round + 2);
        versions(&fixture, "report.txt", &expected).await;
    }
}

/// A new file takes the place of the old one, which cannot be written to.
fn save_as_an_editor_does(path: &Path, bytes: &[u8]) {
    let new = path.with_file_name(".new");
    fs::write(&new, bytes).unwrap();
    fs::rename(new, path).unwrap();
}

/// Waits until the versions of a file are these, in whatever order.
async fn versions(fixture: &TestVault, name: &str, expected: &[&[u8]]) {
    let of_name = || {
        let listed = fixture.listed().into_iter();
        listed.filter(|file| file.name == name).collect::<Vec<_>>()
    };
    wait_until("the versions to be stored", async || {
        of_name().len() >= expected.len()
    })
    .await;
    let mut found = Vec::new();
    for file in of_name() {
        found.push(fixture.saved(&file).await.unwrap());
    }
    found.sort();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn holds(folder: &Path, words: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, words);
        }
        fs::read(&path).is_ok_and(|bytes| bytes.windows(words.len()).any(|window| window == words))
    })
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn stored(fixture: &TestVault, name: &str, bytes: Vec<u8>) -> Arc<File> {
    let (path, _) = fixture.write(name, bytes);
    fixture.store(vec![path.clone()], "").await;
    fixture.file_named(&path)
}
