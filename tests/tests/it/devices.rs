//! The devices of a profile from the first request to the last removal, and the profile itself: in each dialect of the
//! service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::time::Duration;

use privicore_sandbox::{DeviceKeys, Dialect, Fault, Settings, Verdict};
use privicore_tests::test_vault::TestVault;
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    AccountError, Code, Credentials, Device, DeviceChange, DeviceState, Error, SessionError,
    StorageState, TargetError, TransferState,
};
use secrecy::{ExposeSecret as _, SecretString};

const APPROVE: &str = "device/approve-device";
const CHANGE_PASSWORD: &str = "profile/change-password";

/// A signed public key.
const DEVICE_KEY: &str = "31420500000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fa9c98b8f85f06cb2f2e859f14b9aa2285ca668f4e73c4dd3d2c4d5db8c0d8c7db8844358d19979382a28fca25153e2efdd00fe0c1209c992bc21bfbaa9aa9dd3";

in_each_dialect!(
    a_device_goes_from_its_request_to_its_removal,
    a_device_is_rejected,
    a_device_that_needs_a_key_is_approved_when_it_has_one,
    a_device_that_stores_keeps_what_is_stored,
    a_storage_device_that_does_not_answer_is_seen,
    an_upload_without_a_storage_device_warns,
    a_file_deleted_elsewhere_is_named,
    a_rejection_by_the_service_is_told_with_its_reason,
    a_change_held_for_a_vote_waits_for_its_end,
    a_change_without_an_outcome_is_not_confirmed,
    the_configuration_is_kept_for_this_user_only,
    a_configuration_that_cannot_be_kept_is_not_asked_for,
    a_configuration_that_is_refused_leaves_nothing,
    the_session_says_how_long_it_lives_and_is_renewed,
    a_changed_password_is_the_one_to_sign_in_with,
    a_changed_password_renews_the_session,
    a_wrong_current_password_is_named,
    a_lost_answer_to_a_new_password_is_found_out_about,
    each_pairing_code_is_another_one,
);

async fn a_device_goes_from_its_request_to_its_removal(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = requested(&fixture, " Attic ").await;
    assert_eq!(device(&fixture, &id).await.state, DeviceState::Requested);
    change(&fixture, &id, DeviceChange::Approve).await;
    assert_eq!(device(&fixture, &id).await.state, DeviceState::Approved);
    assert_eq!(device(&fixture, &id).await.storage, None);
    change(
        &fixture,
        &id,
        DeviceChange::Rename {
            name: "Cellar".into(),
        },
    )
    .await;
    change(&fixture, &id, DeviceChange::RegisterStorage).await;
    change(&fixture, &id, DeviceChange::Synchronize).await;
    let storing = device(&fixture, &id).await;
    assert_eq!(storing.name.as_deref(), Some("Cellar"));
    assert_eq!(storing.storage, Some(StorageState::Online));
    change(&fixture, &id, DeviceChange::RemoveStorage).await;
    let kept = device(&fixture, &id).await;
    assert_eq!((kept.state, kept.storage), (DeviceState::Approved, None));
    change(&fixture, &id, DeviceChange::Remove).await;
    assert!(all(&fixture).await.iter().all(|device| device.id != id));
}

async fn an_upload_without_a_storage_device_warns(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    for device in all(&fixture).await {
        if device.storage.is_some() {
            change(&fixture, &device.id, DeviceChange::RemoveStorage).await;
        }
    }
    let events = parking_lot::Mutex::new(fixture.vault.events());
    let (path, _) = fixture.write("letter.txt", b"without a place".to_vec());
    fixture.vault.store(vec![path], "").await.unwrap();
    wait_until("the warning is there", async || {
        let mut events = events.lock();
        std::iter::from_fn(|| events.try_recv().ok()).any(|event| {
            matches!(event, privicore_vault::Event::Notice(notice) if notice.code == Code::NoStorageDevice)
        })
    })
    .await;
}

async fn a_device_that_needs_a_key_is_approved_when_it_has_one(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    fixture.sandbox().control().choose(Settings {
        device_keys: DeviceKeys::Required,
        ..Settings::default()
    });
    let id = requested(&fixture, "Attic").await;
    let refused = fixture
        .vault
        .change_device(&id, DeviceChange::Approve)
        .await;
    let told = refused.unwrap_err().explain();
    assert!(
        told.message.contains("no public key yet"),
        "{}",
        told.message
    );
    assert!(told.hint.contains("configuration"), "{}", told.hint);
    assert_eq!(device(&fixture, &id).await.state, DeviceState::Requested);
    change(&fixture, &id, DeviceChange::RegisterKey(DEVICE_KEY.into())).await;
    change(&fixture, &id, DeviceChange::Approve).await;
    assert_eq!(device(&fixture, &id).await.state, DeviceState::Approved);
    // The profile's own key is as it was.
    fixture.vault.sign_out().await.unwrap();
    fixture.sign_in().await.unwrap();
    assert!(fixture.vault.pin_alarms().unwrap().is_empty());
}

async fn a_device_is_rejected(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = requested(&fixture, "Unknown laptop").await;
    change(&fixture, &id, DeviceChange::Reject).await;
    assert!(all(&fixture).await.iter().all(|device| device.id != id));
    let storing = fixture
        .vault
        .change_device(&id, DeviceChange::RegisterStorage);
    assert_eq!(storing.await.unwrap_err().explain().code, Code::NotFound);
}

async fn a_device_that_stores_keeps_what_is_stored(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let before: Vec<Device> = all(&fixture).await;
    let id = requested(&fixture, "The only one").await;
    change(&fixture, &id, DeviceChange::Approve).await;
    change(&fixture, &id, DeviceChange::RegisterStorage).await;
    for device in &before {
        change(&fixture, &device.id, DeviceChange::RemoveStorage).await;
    }
    let (path, bytes) = fixture.write("a.txt", b"kept by one".to_vec());
    let stored = fixture.store(vec![path.clone()], "").await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
    assert_eq!(
        fixture.saved(&fixture.file_named(&path)).await.unwrap(),
        bytes
    );
}

async fn a_storage_device_that_does_not_answer_is_seen(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = all(&fixture).await[0].id.clone();
    let control = fixture.sandbox().control();
    assert!(control.set_online(&id, false).await.unwrap());
    let offline = device(&fixture, &id).await;
    assert_eq!(offline.storage, Some(StorageState::Offline));
}

async fn a_file_deleted_elsewhere_is_named(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let gone = fixture
        .vault
        .change_device("no-such-device", DeviceChange::Approve);
    assert_eq!(gone.await.unwrap_err().explain().code, Code::NotFound);
}

async fn a_rejection_by_the_service_is_told_with_its_reason(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = requested(&fixture, "Attic").await;
    let reason = "policy.refused".into();
    let faults = fixture.sandbox().control();
    faults.faults().plan(APPROVE, Fault::Reject { reason }, 1);
    let refused = fixture
        .vault
        .change_device(&id, DeviceChange::Approve)
        .await;
    let told = refused.unwrap_err().explain();
    assert_eq!(told.code, Code::Rejected);
    assert!(told.message.contains("policy.refused"));
    assert_eq!(device(&fixture, &id).await.state, DeviceState::Requested);
}

async fn a_change_held_for_a_vote_waits_for_its_end(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = requested(&fixture, "Attic").await;
    let control = fixture.sandbox().control();
    control.faults().plan(APPROVE, Fault::HeldForVote, 1);
    let (vault, held) = (fixture.vault.clone(), id.clone());
    let waiting =
        tokio::spawn(async move { vault.change_device(&held, DeviceChange::Approve).await });
    wait_until("the approval is held", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    assert_eq!(device(&fixture, &id).await.state, DeviceState::Requested);
    assert!(!waiting.is_finished());
    control.release_all(Verdict::Approve).await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(device(&fixture, &id).await.state, DeviceState::Approved);
}

/// The answer to the request is lost: no id, so nothing to ask about.
async fn a_change_without_an_outcome_is_not_confirmed(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let id = requested(&fixture, "Attic").await;
    let control = fixture.sandbox().control();
    control.faults().plan(APPROVE, Fault::AnswerLost, 1);
    let unclear = fixture
        .vault
        .change_device(&id, DeviceChange::Approve)
        .await;
    let error = unclear.unwrap_err();
    assert!(error.is_not_confirmed());
    assert_eq!(error.explain().code, Code::NotConfirmed);
    wait_until("the list shows what became of it", async || {
        device(&fixture, &id).await.state == DeviceState::Approved
    })
    .await;
}

async fn the_configuration_is_kept_for_this_user_only(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = requested(&fixture, "Attic").await;
    let target = fixture.originals().join("attic.json");
    let vault = &fixture.vault;
    vault.save_device_configuration(&id, &target).await.unwrap();
    let kept: serde_json::Value = serde_json::from_slice(&fs::read(&target).unwrap()).unwrap();
    assert_eq!(kept["device-identifier"], id.as_str());
    assert!(
        kept["client-secret"]
            .as_str()
            .is_some_and(|secret| !secret.is_empty())
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&target).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// The fault would strike if the service were asked.
async fn a_configuration_that_cannot_be_kept_is_not_asked_for(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = requested(&fixture, "Attic").await;
    let control = fixture.sandbox().control();
    control.faults().plan("*", Fault::Unauthorized, 9);
    let outstanding = control.faults().outstanding();
    let (target, before) = fixture.write("taken.json", b"before".to_vec());
    let refused = fixture.vault.save_device_configuration(&id, &target).await;
    assert!(matches!(
        refused,
        Err(Error::Target(TargetError::Exists { .. }))
    ));
    assert_eq!(fs::read(&target).unwrap(), before);
    assert_eq!(control.faults().outstanding(), outstanding);
}

async fn a_configuration_that_is_refused_leaves_nothing(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let target = fixture.originals().join("nothing.json");
    let refused = fixture
        .vault
        .save_device_configuration("no-such-device", &target);
    assert_eq!(refused.await.unwrap_err().explain().code, Code::NotFound);
    assert!(!target.exists());
}

async fn the_session_says_how_long_it_lives_and_is_renewed(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let before = fixture.vault.account().await.unwrap();
    assert!(!before.profile_id.is_empty());
    let day = Duration::from_hours(24);
    fixture.vault.renew_session(day).await.unwrap();
    let after = fixture.vault.account().await.unwrap();
    assert_eq!(after.profile_id, before.profile_id);
    assert!(after.expires_at > before.expires_at);
    // The renewed session is the one that is used: it outlives the first.
    fixture.sandbox().control().clock().advance(day / 2);
    assert_eq!(fixture.vault.account().await.unwrap(), after);
}

async fn a_changed_password_is_the_one_to_sign_in_with(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    change_password(&fixture, "another one").await.unwrap();
    fixture.vault.sign_out().await.unwrap();
    assert!(matches!(
        fixture.sign_in().await,
        Err(Error::Session(SessionError::WrongPassword))
    ));
    let now = with_password("another one");
    let keys = Some(TestVault::passphrase());
    fixture.vault.sign_in(now, keys).await.unwrap();
}

async fn a_changed_password_renews_the_session(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    change_password(&fixture, "another one").await.unwrap();
    let day = Duration::from_hours(24);
    fixture.sandbox().control().clock().advance(day);
    fixture.vault.account().await.unwrap();
    // Also by what was remembered.
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    fixture.sandbox().control().clock().advance(day);
    fixture.vault.account().await.unwrap();
}

async fn a_wrong_current_password_is_named(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let refused = fixture
        .vault
        .change_password("not the password".into(), "another one".into());
    assert!(matches!(
        refused.await,
        Err(Error::Account(AccountError::NotThePassword))
    ));
    fixture.vault.sign_out().await.unwrap();
    fixture.sign_in().await.unwrap();
}

async fn a_lost_answer_to_a_new_password_is_found_out_about(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(CHANGE_PASSWORD, Fault::AnswerLost, 1);
    change_password(&fixture, "another one").await.unwrap();
    let day = Duration::from_hours(24);
    control.clock().advance(day);
    fixture.vault.account().await.unwrap();
}

async fn each_pairing_code_is_another_one(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let first = fixture.vault.pairing_code().await.unwrap();
    let second = fixture.vault.pairing_code().await.unwrap();
    let path = |path: &SecretString| path.expose_secret().to_owned();
    assert_ne!(path(&first.picture.path), path(&second.picture.path));
    assert!(second.expires_at >= first.expires_at);
}

async fn all(fixture: &TestVault) -> Vec<Device> {
    fixture.vault.devices().await.unwrap()
}

async fn device(fixture: &TestVault, id: &str) -> Device {
    let found = all(fixture)
        .await
        .into_iter()
        .find(|device| device.id == id);
    found.unwrap()
}

async fn requested(fixture: &TestVault, name: &str) -> String {
    let before = all(fixture).await;
    let id = fixture.vault.request_device(name).await.unwrap().unwrap();
    assert!(before.iter().all(|device| device.id != id));
    assert_eq!(
        device(fixture, &id).await.name.as_deref(),
        Some(name.trim())
    );
    id
}

async fn change(fixture: &TestVault, id: &str, change: DeviceChange) {
    fixture.vault.change_device(id, change).await.unwrap();
}

async fn change_password(fixture: &TestVault, new: &str) -> Result<(), Error> {
    let current = TestVault::right_credentials().password;
    fixture.vault.change_password(current, new.into()).await
}

fn with_password(password: &str) -> Credentials {
    Credentials {
        password: password.into(),
        ..TestVault::right_credentials()
    }
}
