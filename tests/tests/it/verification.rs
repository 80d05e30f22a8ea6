//! Verification of stored files, mismatches kept beside the target, export of receipts.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use privicore_sandbox::{DOWNSTREAM, Dialect, Fault};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    Code, Error, Existing, File, FileError, FileState, Mismatch, TargetError, Transfer,
    TransferState,
};

/// Large enough to travel as a stream.
const LARGE: usize = 300_000;

in_each_dialect!(
    a_matching_file_is_verified_and_stays_verified,
    a_mismatch_remains_until_the_file_matches_again,
    a_mismatch_can_be_kept_beside_the_target_as_such,
    a_download_that_verifies_on_the_second_try_is_saved,
);

async fn a_matching_file_is_verified_and_stays_verified(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    for length in [100, LARGE] {
        let file = stored(&fixture, &format!("{length}.bin"), length).await;
        let before = files_below(&fixture.originals());
        let ended = verified(&fixture, &file).await;
        assert_eq!(ended.state, TransferState::Done, "{ended:?}");
        assert_eq!(ended.done_bytes, length as u64);
        assert_eq!(files_below(&fixture.originals()), before);
        let found = again(&fixture, &file).receipt.clone().unwrap().verification;
        let found = found.unwrap();
        assert_eq!((found.mismatch, found.storage_devices), (None, Some(3)));
        assert_eq!(again(&fixture, &file).state, FileState::Verified);
    }
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    fixture.vault.refresh().await.unwrap();
    let states: Vec<FileState> = fixture.listed().iter().map(|file| file.state).collect();
    assert_eq!(states, [FileState::Verified; 2]);
}

async fn a_mismatch_remains_until_the_file_matches_again(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "report.pdf", LARGE).await;
    plan(&fixture, Fault::FlipByte { at: 200_000 }, 1);
    let ended = verified(&fixture, &file).await;
    assert_eq!(ended.error.as_ref().unwrap().code, Code::VerifyDamaged);
    assert_eq!(ended.mismatch_name, None, "nothing was to be saved");
    assert_eq!(again(&fixture, &file).state, FileState::Mismatch);
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let file = again(&fixture, &file);
    assert_eq!(file.state, FileState::Mismatch);
    let found = file.receipt.as_ref().unwrap().verification.unwrap();
    assert_eq!(found.mismatch, Some(Mismatch::Damaged));
    assert_eq!(
        verified(&fixture, &file).await.state,
        TransferState::Done,
        "nothing is wrong any more"
    );
    assert_eq!(again(&fixture, &file).state, FileState::Verified);
}

async fn a_mismatch_can_be_kept_beside_the_target_as_such(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "report.pdf", LARGE).await;
    let raw = fixture.raw(&file).await;
    let other = stored(&fixture, "other.pdf", 1000).await;
    let other = fixture.raw(&other).await;
    let mut flipped = raw.clone();
    flipped[200_000] ^= 1;
    let cut = raw[..200_000].to_vec();
    let folder = fixture.originals().join("kept");
    fs::create_dir_all(&folder).unwrap();
    let target = folder.join("report.pdf");
    for (bytes, code, name) in [
        (other, "swapped", "report (NOT WHAT WAS STORED).pdf"),
        (flipped, "damaged", "report (DAMAGED).pdf"),
        (cut.clone(), "cut_short", "report (CUT SHORT).pdf"),
        (cut, "cut_short", "report (CUT SHORT) (2).pdf"),
    ] {
        fs::write(&target, b"precious").unwrap();
        plan(&fixture, Fault::Instead { bytes }, 2);
        let refused = fixture.save(&file, &target, Existing::Replace).await;
        assert_eq!(refused.error.as_ref().unwrap().code.as_str(), code);
        assert!(!folder.join(name).exists(), "it was not asked for yet");
        fixture.vault.keep_anyway(refused.id).unwrap();
        let kept = fixture.ended(&[refused.id]).await.remove(0);
        assert_eq!(kept.state, TransferState::Done, "{kept:?}");
        assert_eq!(kept.mismatch_name.as_deref(), Some(name));
        assert_eq!(fs::read(&target).unwrap(), b"precious");
        let bytes = fs::read(folder.join(name)).unwrap();
        let was_stored = random_bytes(if code == "swapped" { 1000 } else { LARGE });
        assert!(
            !bytes.is_empty() && was_stored.starts_with(&bytes),
            "{name}"
        );
        assert_eq!(bytes.len() == was_stored.len(), code == "swapped");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 5, "nothing else");
}

async fn a_download_that_verifies_on_the_second_try_is_saved(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "report.pdf", LARGE).await;
    let target = fixture.originals().join("back.pdf");
    plan(&fixture, Fault::FlipByte { at: 200_000 }, 1);
    let refused = fixture.save(&file, &target, Existing::Keep).await;
    fixture.vault.keep_anyway(refused.id).unwrap();
    let saved = fixture.ended(&[refused.id]).await.remove(0);
    assert_eq!(saved.state, TransferState::Done);
    assert_eq!(saved.mismatch_name, None);
    assert!(fs::read(&target).unwrap() == random_bytes(LARGE));
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_do_not_decrypt_are_not_kept() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let file = stored(&fixture, "report.pdf", LARGE).await;
    let bytes = b"<!doctype html>".to_vec();
    plan(&fixture, Fault::Instead { bytes }, 1);
    let target = fixture.originals().join("back.pdf");
    let id = fixture.vault.save_anyway(file.id, &target, Existing::Keep);
    let id = id.await.unwrap();
    let ended = fixture.ended(&[id]).await.remove(0);
    assert_eq!(ended.error.unwrap().code, Code::NothingToKeep);
    assert_eq!(files_below(&fixture.originals()), ["report.pdf"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_are_verified_if_the_setting_is_on() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    fixture.vault.set_verify_uploads(true).await.unwrap();
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert!(fixture.vault.status().verify_uploads);
    let file = stored(&fixture, "report.pdf", LARGE).await;
    wait_until("it is read back", async || {
        again(&fixture, &file).state == FileState::Verified
    })
    .await;
    fixture.vault.set_verify_uploads(false).await.unwrap();
    let calls = fixture.sandbox().control().calls(DOWNSTREAM);
    let next = stored(&fixture, "next.pdf", LARGE).await;
    assert_eq!(again(&fixture, &next).state, FileState::Stored);
    assert_eq!(fixture.sandbox().control().calls(DOWNSTREAM), calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verification_that_was_paused_goes_on_after_a_restart() {
    let mut fixture = TestVault::retrying(Dialect::Observed).await;
    let file = stored(&fixture, "report.pdf", LARGE).await;
    let stalled = Fault::DownloadStalled { after: 100_000 };
    plan(&fixture, stalled, 1);
    let id = fixture.vault.verify(&[file.id]).await.unwrap()[0];
    let twice = fixture.vault.verify(&[file.id]).await.unwrap();
    assert_eq!(twice, [id], "once is enough");
    let is = |state| fixture.vault.transfer(id).unwrap().unwrap().state == state;
    wait_until("it is under way", async || is(TransferState::Running)).await;
    fixture.vault.pause(id).unwrap();
    wait_until("it is paused", async || is(TransferState::Paused)).await;
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    fixture.vault.resume_all().unwrap();
    wait_until("it is read back", async || {
        again(&fixture, &file).state == FileState::Verified
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_receipt_there_is_nothing_to_compare() {
    let mut fixture = TestVault::signed_up(Dialect::Observed).await;
    stored(&fixture, "report.pdf", 100).await;
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    let file = fixture.listed().remove(0);
    let refused = fixture.vault.verify(&[file.id]).await;
    assert!(matches!(
        refused,
        Err(Error::File(FileError::NoReceipt { .. }))
    ));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn receipts_are_exported_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let first = stored(&fixture, "first.pdf", 100).await;
    let second = stored(&fixture, "second.pdf", LARGE).await;
    verified(&fixture, &second).await;
    let target = fixture.originals().join("receipts.jsonl");
    let count = fixture.vault.export_receipts(&target, Existing::Keep).await;
    assert_eq!(count.unwrap(), 2);
    let mode = fs::metadata(&target).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let lines = fs::read_to_string(&target).unwrap();
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for (line, file) in lines.iter().zip([first, second]) {
        let raw = fixture.raw(&file).await;
        assert_eq!(line["token"], file.token.reveal());
        assert_eq!(line["name"], *file.name);
        assert_eq!(line["stored_size_bytes"], raw.len());
        assert_eq!(line["stored_blake3"], blake3::hash(&raw).to_hex().as_str());
    }
    assert_eq!(lines[0]["verification"], serde_json::Value::Null);
    assert_eq!(lines[1]["verification"]["outcome"], "verified");
    let refused = fixture.vault.export_receipts(&target, Existing::Keep).await;
    assert!(matches!(
        refused,
        Err(Error::Target(TargetError::Exists { .. }))
    ));
}

async fn stored(fixture: &TestVault, name: &str, length: usize) -> Arc<File> {
    let (path, _) = fixture.write(name, random_bytes(length));
    fixture.store(vec![path.clone()], "").await;
    fixture.file_named(&path)
}

async fn verified(fixture: &TestVault, file: &File) -> Transfer {
    let ids = fixture.vault.verify(&[file.id]).await.unwrap();
    fixture.ended(&ids).await.remove(0)
}

fn again(fixture: &TestVault, file: &File) -> Arc<File> {
    fixture.vault.file(&file.id.to_string()).unwrap()
}

fn files_below(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn plan(fixture: &TestVault, fault: Fault, times: u32) {
    let control = fixture.sandbox().control();
    control.faults().plan(DOWNSTREAM, fault, times);
}
