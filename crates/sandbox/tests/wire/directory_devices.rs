//! Rows 81 to 83: devices that a directory makes for its members.

use privicore_sandbox::Sandbox;
use serde_json::Value;

use crate::directories::{directory, profile_of, user};
use crate::http;
use crate::person::{Person, items};

const CREATE: &str = "/directory/create-profile-device";
const ADD: &str = "/directory/add-storage-device";

/// Ada with a directory in which Grace has no device yet.
async fn ada_and_grace() -> (Sandbox, Person, String, String) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut ada = Person::new(&sandbox, "ada").await;
    let directory = directory(&mut ada, "engines").await;
    let grace = user(&mut ada, &directory, "grace").await;
    (sandbox, ada, directory, grace)
}

async fn listed(person: &Person, directory: &str) -> Vec<Value> {
    let path = format!("/directory/list-devices/{directory}");
    items(&person.get(&path).await)
}

/// A device that `owner` makes for `profile`.
async fn made(owner: &mut Person, directory: &str, profile: &str) -> String {
    let fields = [
        ("directoryId", directory),
        ("profileId", profile),
        ("deviceName", "Disk"),
    ];
    owner.done(CREATE, &fields).await;
    let devices = listed(owner, directory).await;
    let last = devices.last().unwrap();
    last["deviceIdentifier"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_made_for_a_member_is_the_members() {
    let (_sandbox, mut ada, directory, profile) = ada_and_grace().await;
    let device = made(&mut ada, &directory, &profile).await;
    let devices = listed(&ada, &directory).await;
    assert_eq!(devices.len(), 1);
    assert_eq!(devices[0]["name"], "Disk");
    assert_eq!(devices[0]["status"], "approved");
    assert_eq!(devices[0]["profileId"], profile);
    let grace = Person::sign_in(&ada.at, "grace").await;
    let own = items(&grace.get("/device/retrieve-profile-devices").await);
    assert_eq!(own[0]["deviceIdentifier"], device);
    let this = [("deviceIdentifier", device.as_str())];
    let path = "/device/download-device-configuration";
    assert_eq!(grace.post(path, &this).await.status, 200);
    assert_eq!(ada.post(path, &this).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn storage_added_to_a_member_keeps_what_the_member_stores() {
    let (_sandbox, mut ada, directory, profile) = ada_and_grace().await;
    let device = made(&mut ada, &directory, &profile).await;
    let fields = [
        ("directoryId", directory.as_str()),
        ("profileId", &profile),
        ("deviceIdentifier", &device),
    ];
    ada.done(ADD, &fields).await;
    let twice = ada.settled(ADD, &fields).await;
    assert_eq!(twice, (3, "storage.already_registered".to_owned()));
    let mut grace = Person::sign_in(&ada.at, "grace").await;
    assert_eq!(grace.storage().await, [device]);
    let keys = http::get(&ada.at.api, "/generate-keys", "").await.json();
    let key = [("publicKey", keys["public"].as_str().unwrap())];
    grace.done("/public-key/register-public-key", &key).await;
    let token = grace.store("kept", b"kept", false).await;
    assert_eq!(grace.fetch(&token).await, b"kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn storage_is_a_device_of_that_member_and_not_rejected() {
    let (_sandbox, mut ada, directory, profile) = ada_and_grace().await;
    let foreign = ada.device("Mine").await;
    let add = |device| {
        [
            ("directoryId", directory.as_str()),
            ("profileId", profile.as_str()),
            ("deviceIdentifier", device),
        ]
    };
    let outcome = ada.settled(ADD, &add(foreign.as_str())).await;
    assert_eq!(outcome, (3, "device.not_of_profile".to_owned()));
    assert_eq!(ada.post(ADD, &add("unknown")).await.status, 404);
    let device = made(&mut ada, &directory, &profile).await;
    let mut grace = Person::sign_in(&ada.at, "grace").await;
    let this = [("deviceIdentifier", device.as_str())];
    grace.done("/device/reject-device", &this).await;
    assert_eq!(ada.post(ADD, &add(device.as_str())).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_an_invited_profile_are_not_the_directorys_business_yet() {
    let (sandbox, mut ada, directory, _) = ada_and_grace().await;
    let mut bob = Person::new(&sandbox, "bob").await;
    bob.device("Own phone").await;
    let id = profile_of(&bob).await;
    let invite = [("directoryId", directory.as_str()), ("profileId", &id)];
    ada.done("/directory/invite-profile", &invite).await;
    assert!(listed(&ada, &directory).await.is_empty());
    let fields = [invite[0], invite[1], ("deviceName", "Disk")];
    let outcome = ada.settled(CREATE, &fields).await;
    assert_eq!(outcome, (3, "directory.not_a_member".to_owned()));
    let accept = [("directoryId", directory.as_str()), ("accept", "true")];
    bob.done("/directory/process-invitation", &accept).await;
    assert_eq!(listed(&ada, &directory).await.len(), 1);
    let path = format!("/directory/list-devices/{directory}");
    assert_eq!(bob.get(&path).await.status, 404);
}
