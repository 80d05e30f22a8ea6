//! One failure at a time: the message, what is left behind, and that the rest of the batch goes on.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    Addresses, Code, Connection, ConnectionError, Error, Existing, File as StoredFile, Limits,
    Transfer, TransferState,
};

/// Large enough to travel as a stream.
const LARGE: usize = 3 << 20;

in_each_dialect!(
    an_upload_cut_off_on_its_way_leaves_nothing_and_the_batch_goes_on,
    a_refused_reservation_is_told_with_the_reason,
    a_download_cut_off_on_its_way_leaves_nothing,
    a_changed_byte_is_damage_and_is_not_saved,
    the_bytes_of_another_file_are_not_saved,
    an_expired_link_is_asked_for_again_once,
    a_server_error_is_told_and_the_next_try_succeeds,
);

async fn an_upload_cut_off_on_its_way_leaves_nothing_and_the_batch_goes_on(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    plan(&fixture, "upstream", Fault::UploadCut { after: 1 << 20 }, 1);
    let (large, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    let (small, _) = fixture.write("small.txt", b"small".to_vec());
    let ended = fixture.store(vec![large.clone(), small.clone()], "").await;
    assert_eq!(code(&ended[0]), Code::Interrupted);
    assert_eq!(ended[1].state, TransferState::Done);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names(), ["small.txt"]);
    let again = fixture.store(vec![large.clone()], "").await;
    assert_eq!(again[0].state, TransferState::Done);
    assert!(fixture.saved(&fixture.file_named(&large)).await.unwrap() == bytes);
}

async fn a_refused_reservation_is_told_with_the_reason(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let reason = "quota.exceeded".to_owned();
    plan(
        &fixture,
        "data-token/reserve-token-space",
        Fault::Reject { reason },
        1,
    );
    let (path, _) = fixture.write("a.txt", b"a".to_vec());
    let ended = fixture.store(vec![path], "").await;
    assert_eq!(code(&ended[0]), Code::Rejected);
    let message = &ended[0].error.as_ref().unwrap().message;
    assert!(message.contains("quota.exceeded"), "{message}");
    assert!(fixture.names().is_empty());
}

async fn a_download_cut_off_on_its_way_leaves_nothing(dialect: Dialect) {
    let (fixture, file, bytes) = with_a_large_file(dialect).await;
    plan(
        &fixture,
        "downstream",
        Fault::DownloadCut { after: 1 << 20 },
        1,
    );
    let (refused, _) = saved_over_another(&fixture, &file).await;
    assert_eq!(refused, Code::Interrupted);
    assert!(fixture.saved(&file).await.unwrap() == bytes);
}

async fn a_changed_byte_is_damage_and_is_not_saved(dialect: Dialect) {
    let (fixture, file, bytes) = with_a_large_file(dialect).await;
    plan(&fixture, "downstream", Fault::FlipByte { at: 2 << 20 }, 1);
    let (refused, _) = saved_over_another(&fixture, &file).await;
    assert_eq!(refused, Code::Damaged);
    assert!(fixture.saved(&file).await.unwrap() == bytes);
}

async fn the_bytes_of_another_file_are_not_saved(dialect: Dialect) {
    let (fixture, file, _) = with_a_large_file(dialect).await;
    let (other, _) = fixture.write("other.bin", random_bytes(LARGE + 1));
    fixture.store(vec![other], "").await;
    plan(&fixture, "downstream", Fault::OtherBytes, 1);
    let (refused, hint) = saved_over_another(&fixture, &file).await;
    assert_eq!(refused, Code::Swapped);
    assert!(hint.contains("not saved"), "{hint}");
}

async fn an_expired_link_is_asked_for_again_once(dialect: Dialect) {
    let (fixture, file, bytes) = with_a_large_file(dialect).await;
    plan(&fixture, "data-token/request-data", Fault::LinkExpired, 1);
    assert!(fixture.saved(&file).await.unwrap() == bytes);
    plan(&fixture, "data-token/request-data", Fault::LinkExpired, 2);
    let (refused, _) = saved_over_another(&fixture, &file).await;
    assert_eq!(refused, Code::LinkSpent);
}

async fn a_server_error_is_told_and_the_next_try_succeeds(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    plan(
        &fixture,
        "data-token/reserve-token-space",
        Fault::InternalError,
        1,
    );
    let (path, _) = fixture.write("a.txt", b"a".to_vec());
    let ended = fixture.store(vec![path.clone()], "").await;
    assert_ne!(ended[0].state, TransferState::Done);
    assert!(ended[0].error.is_some());
    let again = fixture.store(vec![path], "").await;
    assert_eq!(again[0].state, TransferState::Done);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names(), ["a.txt"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_file_is_named_and_the_rest_of_the_batch_goes_on() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let (good, _) = fixture.write("good.txt", b"good".to_vec());
    let broken = fixture.originals().join("broken.txt");
    std::os::unix::fs::symlink("nowhere", &broken).unwrap();
    let ended = fixture.store(vec![broken, good], "").await;
    assert_eq!(code(&ended[0]), Code::SourceUnreadable);
    assert_eq!(ended[0].name, "broken.txt");
    assert_eq!(ended[1].state, TransferState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_grows_while_it_is_read_is_not_stored() {
    let ended = store_while(|path| fs::write(path, random_bytes(LARGE + 1)).unwrap()).await;
    assert_eq!(code(&ended), Code::SourceChanged);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_shrinks_while_it_is_read_is_not_stored() {
    let shrink = |path: &Path| {
        let file = File::options().write(true).open(path).unwrap();
        file.set_len(1000).unwrap();
    };
    assert_eq!(code(&store_while(shrink).await), Code::SourceChanged);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_may_not_be_written_to_is_named() {
    let (fixture, file, _) = with_a_large_file(Dialect::Observed).await;
    let refused = fixture
        .save(&file, Path::new("/sys/large.bin"), Existing::Keep)
        .await;
    assert_eq!(code(&refused), Code::TargetReadOnly);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_named() {
    let (fixture, file, _) = with_a_large_file(Dialect::Observed).await;
    let target = fixture.originals().join("no such folder/large.bin");
    let refused = fixture.save(&file, &target, Existing::Keep).await;
    assert_eq!(code(&refused), Code::TargetFolderMissing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_went_away_is_offline_and_nothing_is_lost() {
    let (mut fixture, file, _) = with_a_large_file(Dialect::Observed).await;
    fixture.stop_service().await;
    let (path, _) = fixture.write("later.txt", b"later".to_vec());
    let ended = fixture.store(vec![path.clone()], "").await;
    assert_eq!(code(&ended[0]), Code::Offline);
    let target = fixture.originals().join("back.bin");
    let refused = fixture.save(&file, &target, Existing::Keep).await;
    assert!(refused.error.is_some());
    assert!(!target.exists());
    assert_eq!(fs::read(&path).unwrap(), b"later");
    assert_eq!(fixture.names(), ["large.bin"], "the list is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_exist_is_named() {
    let told = first_complaint("https://no-such-host.invalid").await;
    assert_eq!(told.0, Code::UnknownHost);
    assert!(told.1.contains("no-such-host.invalid"), "{}", told.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_not_trusted() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let plain = fixture.sandbox().addresses().api.replace("http:", "https:");
    assert_eq!(first_complaint(&plain).await.0, Code::Tls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let server = privicore_tests::unknown::Server::start().await.unwrap();
    let (code, message) = first_complaint(&server.address()).await;
    assert_eq!(code, Code::Tls);
    assert!(message.contains("unknown issuer"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unencrypted_address_elsewhere_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let vault = TestVault::open(dir.path()).await;
    let refused = vault
        .connect(Connection::Service(all_at("http://privicore.example")))
        .await;
    assert!(matches!(
        refused,
        Err(Error::Connection(ConnectionError::BadAddress { .. }))
    ));
}

/// A file that was stored and travels as a stream.
async fn with_a_large_file(dialect: Dialect) -> (TestVault, Arc<StoredFile>, Vec<u8>) {
    let fixture = TestVault::signed_up(dialect).await;
    let (path, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    (fixture, file, bytes)
}

/// Saves over an existing file, which has to fail and to leave that file and its folder as they were; answers code and
/// hint.
async fn saved_over_another(fixture: &TestVault, file: &StoredFile) -> (Code, String) {
    let folder = fixture.originals().join("target");
    fs::create_dir_all(&folder).unwrap();
    let target = folder.join("precious.txt");
    fs::write(&target, b"precious").unwrap();
    let refused = fixture.save(file, &target, Existing::Replace).await;
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let error = refused.error.expect("it was refused");
    (error.code, error.hint)
}

/// Stores a file that is changed while it is read.
async fn store_while(change: impl FnOnce(&Path)) -> Transfer {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let limit = async |upload| {
        let limits = Limits {
            upload,
            download: None,
        };
        fixture.vault.set_limits(limits).await.unwrap();
    };
    // Slow enough to be met half-way.
    limit(Some(500_000)).await;
    let (path, _) = fixture.write("log.txt", random_bytes(LARGE));
    let ids = fixture.vault.store(vec![path.clone()], "").await.unwrap();
    wait_until("the file is being read", async || {
        let transfer = fixture.vault.transfer(ids[0]).unwrap().unwrap();
        transfer.done_bytes > 0
    })
    .await;
    change(&path);
    limit(None).await;
    let ended = fixture.ended(&ids).await.remove(0);
    fixture.vault.refresh().await.unwrap();
    assert!(fixture.names().is_empty());
    ended
}

fn plan(fixture: &TestVault, operation: &str, fault: Fault, times: u32) {
    fixture
        .sandbox()
        .control()
        .faults()
        .plan(operation, fault, times);
}

fn code(transfer: &Transfer) -> Code {
    assert_eq!(transfer.state, TransferState::Failed, "{transfer:?}");
    transfer.error.as_ref().unwrap().code
}

fn all_at(address: &str) -> Addresses {
    Addresses {
        api: address.to_owned(),
        websocket: address.replace("http", "ws"),
        upstream: address.to_owned(),
        downstream: address.to_owned(),
    }
}

/// What the test of the four addresses says about the first.
async fn first_complaint(address: &str) -> (Code, String) {
    let check = all_at(address).check().await.unwrap().remove(0);
    let problem = check.problem.expect("it is not reached");
    (problem.code, problem.message)
}
