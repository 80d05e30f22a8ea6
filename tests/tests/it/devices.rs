//! The devices of a profile from the first request to the last removal, and the profile itself: in each dialect of the service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::time::Duration;

use privicore_sandbox::{DeviceKeys, Dialect, Fault, Settings, Verdict};
use privicore_tests::house::House;
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    Code, Credentials, Device, DeviceChange, DeviceState, Error, StorageState, TargetError,
    TransferState,
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
    who_stores_without_a_storage_device_is_warned,
    what_was_removed_elsewhere_is_named,
    a_rejection_by_the_service_is_told_with_its_reason,
    a_change_held_for_a_vote_waits_for_its_end,
    a_change_nobody_confirms_is_said_to_be_unclear,
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
    let house = House::signed_up(dialect).await;
    let id = requested(&house, " Attic ").await;
    assert_eq!(device(&house, &id).await.state, DeviceState::Requested);
    change(&house, &id, DeviceChange::Approve).await;
    assert_eq!(device(&house, &id).await.state, DeviceState::Approved);
    assert_eq!(device(&house, &id).await.storage, None);
    change(&house, &id, DeviceChange::Rename("Cellar".into())).await;
    change(&house, &id, DeviceChange::RegisterStorage).await;
    change(&house, &id, DeviceChange::Synchronize).await;
    let storing = device(&house, &id).await;
    assert_eq!(storing.name.as_deref(), Some("Cellar"));
    assert_eq!(storing.storage, Some(StorageState::Online));
    change(&house, &id, DeviceChange::RemoveStorage).await;
    let kept = device(&house, &id).await;
    assert_eq!((kept.state, kept.storage), (DeviceState::Approved, None));
    change(&house, &id, DeviceChange::Remove).await;
    assert!(all(&house).await.iter().all(|device| device.id != id));
}

async fn who_stores_without_a_storage_device_is_warned(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    for device in all(&house).await {
        if device.storage.is_some() {
            change(&house, &device.id, DeviceChange::RemoveStorage).await;
        }
    }
    let events = parking_lot::Mutex::new(house.vault.events());
    let (path, _) = house.write("letter.txt", b"without a place".to_vec());
    house.vault.store(vec![path], "").await.unwrap();
    wait_until("the warning is there", async || {
        let mut events = events.lock();
        std::iter::from_fn(|| events.try_recv().ok()).any(|event| {
            matches!(event, privicore_vault::Event::Notice(notice) if notice.code == Code::NoStorageDevice)
        })
    })
    .await;
}

async fn a_device_that_needs_a_key_is_approved_when_it_has_one(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    house.sandbox().control().choose(Settings {
        device_keys: DeviceKeys::Required,
        ..Settings::default()
    });
    let id = requested(&house, "Attic").await;
    let refused = house.vault.change_device(&id, DeviceChange::Approve).await;
    let told = refused.unwrap_err().explain();
    assert!(
        told.message.contains("no public key yet"),
        "{}",
        told.message
    );
    assert!(told.hint.contains("configuration"), "{}", told.hint);
    assert_eq!(device(&house, &id).await.state, DeviceState::Requested);
    change(&house, &id, DeviceChange::RegisterKey(DEVICE_KEY.into())).await;
    change(&house, &id, DeviceChange::Approve).await;
    assert_eq!(device(&house, &id).await.state, DeviceState::Approved);
    // The profile's own key is as it was.
    house.vault.sign_out().await.unwrap();
    house.sign_in().await.unwrap();
    assert!(house.vault.pin_alarms().unwrap().is_empty());
}

async fn a_device_is_rejected(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let id = requested(&house, "Unknown laptop").await;
    change(&house, &id, DeviceChange::Reject).await;
    assert!(all(&house).await.iter().all(|device| device.id != id));
    let storing = house
        .vault
        .change_device(&id, DeviceChange::RegisterStorage);
    assert_eq!(storing.await.unwrap_err().explain().code, Code::NotFound);
}

async fn a_device_that_stores_keeps_what_is_stored(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let before: Vec<Device> = all(&house).await;
    let id = requested(&house, "The only one").await;
    change(&house, &id, DeviceChange::Approve).await;
    change(&house, &id, DeviceChange::RegisterStorage).await;
    for device in &before {
        change(&house, &device.id, DeviceChange::RemoveStorage).await;
    }
    let (path, bytes) = house.write("a.txt", b"kept by one".to_vec());
    let stored = house.store(vec![path.clone()], "").await;
    assert_eq!(stored[0].state, TransferState::Done, "{stored:?}");
    assert_eq!(house.saved(&house.file_named(&path)).await.unwrap(), bytes);
}

async fn a_storage_device_that_does_not_answer_is_seen(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let id = all(&house).await[0].id.clone();
    let control = house.sandbox().control();
    assert!(control.set_online(&id, false).await.unwrap());
    let offline = device(&house, &id).await;
    assert_eq!(offline.storage, Some(StorageState::Offline));
}

async fn what_was_removed_elsewhere_is_named(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let gone = house
        .vault
        .change_device("no-such-device", DeviceChange::Approve);
    assert_eq!(gone.await.unwrap_err().explain().code, Code::NotFound);
}

async fn a_rejection_by_the_service_is_told_with_its_reason(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let id = requested(&house, "Attic").await;
    let reason = "policy.refused".into();
    let faults = house.sandbox().control();
    faults.faults().plan(APPROVE, Fault::Reject { reason }, 1);
    let refused = house.vault.change_device(&id, DeviceChange::Approve).await;
    let told = refused.unwrap_err().explain();
    assert_eq!(told.code, Code::Rejected);
    assert!(told.message.contains("policy.refused"));
    assert_eq!(device(&house, &id).await.state, DeviceState::Requested);
}

async fn a_change_held_for_a_vote_waits_for_its_end(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let id = requested(&house, "Attic").await;
    let control = house.sandbox().control();
    control.faults().plan(APPROVE, Fault::HeldForVote, 1);
    let (vault, held) = (house.vault.clone(), id.clone());
    let waiting =
        tokio::spawn(async move { vault.change_device(&held, DeviceChange::Approve).await });
    wait_until("the approval is held", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    assert_eq!(device(&house, &id).await.state, DeviceState::Requested);
    assert!(!waiting.is_finished());
    control.release_all(Verdict::Approve).await.unwrap();
    waiting.await.unwrap().unwrap();
    assert_eq!(device(&house, &id).await.state, DeviceState::Approved);
}

/// The answer to the request is lost: no id, so nothing to ask about.
async fn a_change_nobody_confirms_is_said_to_be_unclear(dialect: Dialect) {
    let house = House::hurried(dialect).await;
    let id = requested(&house, "Attic").await;
    let control = house.sandbox().control();
    control.faults().plan(APPROVE, Fault::AnswerLost, 1);
    let unclear = house.vault.change_device(&id, DeviceChange::Approve).await;
    let error = unclear.unwrap_err();
    assert!(error.is_not_confirmed());
    assert_eq!(error.explain().code, Code::NotConfirmed);
    wait_until("the list shows what became of it", async || {
        device(&house, &id).await.state == DeviceState::Approved
    })
    .await;
}

async fn the_configuration_is_kept_for_this_user_only(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let id = requested(&house, "Attic").await;
    let target = house.originals().join("attic.json");
    let vault = &house.vault;
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
    let house = House::signed_up(dialect).await;
    let id = requested(&house, "Attic").await;
    let control = house.sandbox().control();
    control.faults().plan("*", Fault::Unauthorized, 9);
    let outstanding = control.faults().outstanding();
    let (target, before) = house.write("taken.json", b"before".to_vec());
    let refused = house.vault.save_device_configuration(&id, &target).await;
    assert!(matches!(
        refused,
        Err(Error::Target(TargetError::Exists { .. }))
    ));
    assert_eq!(fs::read(&target).unwrap(), before);
    assert_eq!(control.faults().outstanding(), outstanding);
}

async fn a_configuration_that_is_refused_leaves_nothing(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let target = house.originals().join("nothing.json");
    let refused = house
        .vault
        .save_device_configuration("no-such-device", &target);
    assert_eq!(refused.await.unwrap_err().explain().code, Code::NotFound);
    assert!(!target.exists());
}

async fn the_session_says_how_long_it_lives_and_is_renewed(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let before = house.vault.account().await.unwrap();
    assert!(!before.profile_id.is_empty());
    let day = Duration::from_hours(24);
    house.vault.renew_session(day).await.unwrap();
    let after = house.vault.account().await.unwrap();
    assert_eq!(after.profile_id, before.profile_id);
    assert!(after.expires_at > before.expires_at);
    // The renewed session is the one that is used: it outlives the first.
    house.sandbox().control().clock().advance(day / 2);
    assert_eq!(house.vault.account().await.unwrap(), after);
}

async fn a_changed_password_is_the_one_to_sign_in_with(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    change_password(&house, "another one").await.unwrap();
    house.vault.sign_out().await.unwrap();
    assert!(matches!(house.sign_in().await, Err(Error::WrongPassword)));
    let now = with_password("another one");
    let keys = Some(House::passphrase());
    house.vault.sign_in(now, keys).await.unwrap();
}

async fn a_changed_password_renews_the_session(dialect: Dialect) {
    let mut house = House::signed_up(dialect).await;
    change_password(&house, "another one").await.unwrap();
    let day = Duration::from_hours(24);
    house.sandbox().control().clock().advance(day);
    house.vault.account().await.unwrap();
    // Also by what was remembered.
    house.restart().await;
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    house.sandbox().control().clock().advance(day);
    house.vault.account().await.unwrap();
}

async fn a_wrong_current_password_is_named(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let refused = house
        .vault
        .change_password("not the password".into(), "another one".into());
    assert!(matches!(refused.await, Err(Error::NotThePassword)));
    house.vault.sign_out().await.unwrap();
    house.sign_in().await.unwrap();
}

async fn a_lost_answer_to_a_new_password_is_found_out_about(dialect: Dialect) {
    let house = House::hurried(dialect).await;
    let control = house.sandbox().control();
    control.faults().plan(CHANGE_PASSWORD, Fault::AnswerLost, 1);
    change_password(&house, "another one").await.unwrap();
    let day = Duration::from_hours(24);
    control.clock().advance(day);
    house.vault.account().await.unwrap();
}

async fn each_pairing_code_is_another_one(dialect: Dialect) {
    let house = House::signed_up(dialect).await;
    let first = house.vault.pairing_code().await.unwrap();
    let second = house.vault.pairing_code().await.unwrap();
    let path = |path: &SecretString| path.expose_secret().to_owned();
    assert_ne!(path(&first.picture.path), path(&second.picture.path));
    assert!(second.expires_at >= first.expires_at);
}

async fn all(house: &House) -> Vec<Device> {
    house.vault.devices().await.unwrap()
}

async fn device(house: &House, id: &str) -> Device {
    let found = all(house).await.into_iter().find(|device| device.id == id);
    found.unwrap()
}

async fn requested(house: &House, name: &str) -> String {
    let before = all(house).await;
    let id = house.vault.request_device(name).await.unwrap().unwrap();
    assert!(before.iter().all(|device| device.id != id));
    assert_eq!(device(house, &id).await.name.as_deref(), Some(name.trim()));
    id
}

async fn change(house: &House, id: &str, change: DeviceChange) {
    house.vault.change_device(id, change).await.unwrap();
}

async fn change_password(house: &House, new: &str) -> Result<(), Error> {
    let current = House::right_credentials().password;
    house.vault.change_password(current, new.into()).await
}

fn with_password(password: &str) -> Credentials {
    Credentials {
        password: password.into(),
        ..House::right_credentials()
    }
}
