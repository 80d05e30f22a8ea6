//! Key pinning: a changed key of the service stops uploads until the user compares and accepts it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::Dialect;
use privicore_tests::test_vault::TestVault;
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{Code, Error, PinError, PinnedKey, TransferState};

in_each_dialect!(
    a_changed_engine_key_stops_uploads_until_it_is_accepted,
    a_changed_engine_key_does_not_stop_downloads,
    only_the_key_that_was_shown_can_be_accepted,
);

async fn a_changed_engine_key_stops_uploads_until_it_is_accepted(dialect: Dialect) {
    let fixture = with_a_changed_engine_key(dialect).await;
    let (path, bytes) = fixture.write("second.txt", b"second".to_vec());
    let stopped = fixture.store(vec![path.clone()], "").await.remove(0);
    assert_eq!(stopped.state, TransferState::Failed);
    assert_eq!(stopped.error.unwrap().code, Code::KeyChanged);
    let alarms = fixture.vault.status().alarms;
    assert_eq!(alarms.len(), 1);
    assert_eq!(alarms[0].key, PinnedKey::Engine);
    assert_ne!(alarms[0].pinned.as_ref(), Some(&alarms[0].seen));
    fixture
        .vault
        .accept_key(PinnedKey::Engine, &alarms[0].seen)
        .await
        .unwrap();
    assert!(fixture.vault.status().alarms.is_empty());
    wait_until("what had stopped is stored", async || {
        let transfer = fixture.vault.transfer(stopped.id).unwrap().unwrap();
        transfer.state == TransferState::Done
    })
    .await;
    assert!(fixture.saved(&fixture.file_named(&path)).await.unwrap() == bytes);
}

async fn a_changed_engine_key_does_not_stop_downloads(dialect: Dialect) {
    let fixture = with_a_changed_engine_key(dialect).await;
    let (path, _) = fixture.write("second.txt", b"second".to_vec());
    fixture.store(vec![path], "").await;
    assert!(!fixture.vault.status().alarms.is_empty());
    let first = fixture.file_named("first.txt".as_ref());
    assert_eq!(fixture.saved(&first).await.unwrap(), b"first");
}

async fn only_the_key_that_was_shown_can_be_accepted(dialect: Dialect) {
    let fixture = with_a_changed_engine_key(dialect).await;
    let (path, _) = fixture.write("second.txt", b"second".to_vec());
    fixture.store(vec![path], "").await;
    let pinned = fixture.vault.status().alarms[0].pinned.clone().unwrap();
    let refused = fixture.vault.accept_key(PinnedKey::Engine, &pinned).await;
    assert!(matches!(refused, Err(Error::Pin(PinError::Moved))));
    assert_eq!(fixture.vault.status().alarms.len(), 1);
}

/// A file was stored, then the engine's key was exchanged and the app started again.
async fn with_a_changed_engine_key(dialect: Dialect) -> TestVault {
    let mut fixture = TestVault::signed_up(dialect).await;
    let (path, _) = fixture.write("first.txt", b"first".to_vec());
    fixture.store(vec![path], "").await;
    fixture
        .sandbox()
        .control()
        .rotate_engine_key()
        .await
        .unwrap();
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    fixture
}
