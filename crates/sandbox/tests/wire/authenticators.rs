//! Rows 47 to 58.

use privicore_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::http;
use crate::person::{Person, both_dialects, items, sandbox};
use crate::voters::{done_json, settled_json};

const REGISTER: &str = "/verified-authenticator/register";
const REMOVE: &str = "/verified-authenticator/remove";
const LIST: &str = "/verified-authenticator/list-verified-authenticators";
const STRATEGY: &str = "/verified-authenticator/retrieve-strategy";
const CONFIGURE: &str = "/verified-authenticator/voting-configuration/register";
const UPDATE: &str = "/verified-authenticator/voting-configuration/update";
const CONFIGURATIONS: &str = "/verified-authenticator/voting-configuration/list";

async fn phone(person: &mut Person) -> String {
    let device = person.device("Phone").await;
    let this = [("deviceIdentifier", device.as_str())];
    person.done("/device/approve-device", &this).await;
    person.done(REGISTER, &this).await;
    device
}

fn fixture(devices: &[&str]) -> Value {
    json!({
        "name": "house",
        "timeLimit": 60,
        "strategy": "minimum_percentage",
        "percentageRequired": 75,
        "deviceIdentifiers": devices,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_device_becomes_an_authenticator_and_stops_being_one() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let device = ada.device("Phone").await;
        let this = [("deviceIdentifier", device.as_str())];
        let early = ada.settled(REGISTER, &this).await;
        assert_eq!(early, (3, "device.not_approved".to_owned()));
        ada.done("/device/approve-device", &this).await;
        ada.done(REGISTER, &this).await;
        let again = ada.settled(REGISTER, &this).await;
        let taken = "verified_authenticator.already_registered".to_owned();
        assert_eq!(again, (3, taken));
        let expected = json!({ "deviceIdentifier": device, "name": "Phone", "status": "approved" });
        assert_eq!(items(&ada.get(LIST).await), [expected]);
        ada.done(REMOVE, &this).await;
        assert!(items(&ada.get(LIST).await).is_empty());
        let again = ada.settled(REMOVE, &this).await;
        assert_eq!(again, (3, "verified_authenticator.unknown".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_rejected_or_removed_is_no_authenticator() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    for path in ["/device/reject-device", "/device/remove"] {
        let device = phone(&mut ada).await;
        let this = [("deviceIdentifier", device.as_str())];
        ada.done(path, &this).await;
        assert!(items(&ada.get(LIST).await).is_empty(), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_sets_how_it_votes() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let bob = Person::new(&sandbox, "bob").await;
    let unset = json!({
        "strategy": null, "percentageRequired": null, "quorumSize": null,
        "timeLimit": null, "maximumAttempts": null,
    });
    assert_eq!(ada.get(STRATEGY).await.json(), unset);
    let percentage = [
        ("strategy", "minimum_percentage"),
        ("strategy_params", "60"),
    ];
    for (path, fields) in [
        ("set-quorum-size", &[("quorumSize", "2")][..]),
        ("set-quorum-strategy", &percentage),
        ("set-voting-time-limit", &[("timeLimit", "90")]),
        ("set-maximum-voting-attempts", &[("numberOfAttempts", "3")]),
    ] {
        let path = format!("/verified-authenticator/{path}");
        ada.done(&path, fields).await;
    }
    let set = json!({
        "strategy": "minimum_percentage", "percentageRequired": 60, "quorumSize": 2,
        "timeLimit": 90, "maximumAttempts": 3,
    });
    assert_eq!(ada.get(STRATEGY).await.json(), set);
    let strategy = [("strategy", "affirmative"), ("strategy_params", "1")];
    let path = "/verified-authenticator/set-quorum-strategy";
    ada.done(path, &strategy).await;
    assert_eq!(
        ada.get(STRATEGY).await.json()["percentageRequired"],
        Value::Null
    );
    assert_eq!(bob.get(STRATEGY).await.json(), unset);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_make_no_sense_are_refused_by_name() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let wrong = [("strategy", "unanimous"), ("strategy_params", "101")];
    let lots = [("strategy", "lots"), ("strategy_params", "1")];
    for (path, fields, expected) in [
        ("set-quorum-size", &[][..], "quorumSize"),
        ("set-quorum-size", &[("quorumSize", "0")], "quorumSize"),
        (
            "set-quorum-strategy",
            &[("strategy_params", "1")],
            "strategy",
        ),
        ("set-quorum-strategy", &lots, "strategy"),
        (
            "set-quorum-strategy",
            &[("strategy", "unanimous")],
            "strategy_params",
        ),
        ("set-quorum-strategy", &wrong, "strategy_params"),
        ("set-voting-time-limit", &[], "timeLimit"),
        ("set-voting-time-limit", &[("timeLimit", "0")], "timeLimit"),
        ("set-maximum-voting-attempts", &[], "numberOfAttempts"),
        (
            "set-maximum-voting-attempts",
            &[("numberOfAttempts", "x")],
            "numberOfAttempts",
        ),
        ("register", &[], "deviceIdentifier"),
        ("remove", &[], "deviceIdentifier"),
    ] {
        let path = format!("/verified-authenticator/{path}");
        let reply = ada.post(&path, fields).await;
        assert_eq!(reply.wrong_fields(), [expected], "{path} {fields:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voting_configuration_is_registered_listed_and_replaced() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let device = phone(&mut ada).await;
        let everybody = json!({
            "name": "everybody", "timeLimit": 30, "strategy": "unanimous", "deviceIdentifiers": [],
        });
        done_json(&mut ada, CONFIGURE, &fixture(&[&device])).await;
        done_json(&mut ada, CONFIGURE, &everybody).await;
        let listed = items(&ada.get(CONFIGURATIONS).await);
        assert_eq!(listed[0], fixture(&[&device]));
        assert_eq!((listed.len(), &listed[1]["name"]), (2, &json!("everybody")));
        assert_eq!(listed[1]["percentageRequired"], Value::Null);
        let again = ada.post_json(CONFIGURE, &fixture(&[])).await;
        assert_eq!(again.status, 409);
        done_json(&mut ada, UPDATE, &fixture(&[])).await;
        let path = "/verified-authenticator/voting-configuration/retrieve/house";
        assert_eq!(ada.get(path).await.json(), fixture(&[]));
        let mut unknown = fixture(&[]);
        unknown["name"] = json!("unknown");
        assert_eq!(ada.post_json(UPDATE, &unknown).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voting_configuration_names_the_fields_that_are_wrong() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut bob = Person::new(&sandbox, "bob").await;
    let theirs = phone(&mut bob).await;
    let unregistered = ada.device("Tablet").await;
    for path in [CONFIGURE, UPDATE] {
        for (field, value) in [
            ("name", json!("")),
            ("timeLimit", json!(0)),
            ("timeLimit", json!("soon")),
            ("strategy", json!("lots")),
            ("strategy", json!(7)),
            ("percentageRequired", json!(101)),
            ("percentageRequired", json!(null)),
            ("deviceIdentifiers", json!(["unknown"])),
            ("deviceIdentifiers", json!([theirs])),
            ("deviceIdentifiers", json!([unregistered])),
            ("deviceIdentifiers", json!("all")),
        ] {
            let mut body = fixture(&[]);
            body[field] = value;
            let reply = ada.post_json(path, &body).await;
            assert_eq!(reply.wrong_fields(), [field], "{path} {body}");
        }
        let reply = ada.post_json(path, &json!({})).await;
        let all = ["deviceIdentifiers", "name", "strategy", "timeLimit"];
        let mut missed = reply.wrong_fields();
        missed.sort_unstable();
        assert_eq!(missed, all);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn authenticators_and_configurations_are_their_owners_alone() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut bob = Person::new(&sandbox, "bob").await;
    let device = phone(&mut ada).await;
    done_json(&mut ada, CONFIGURE, &fixture(&[&device])).await;
    let theirs = [("deviceIdentifier", device.as_str())];
    for path in [REGISTER, REMOVE] {
        let outcome = bob.settled(path, &theirs).await;
        assert_eq!(outcome, (3, "profile.not_an_owner".to_owned()), "{path}");
        let unknown = [("deviceIdentifier", "unknown")];
        assert_eq!(bob.post(path, &unknown).await.status, 404, "{path}");
    }
    assert!(items(&bob.get(LIST).await).is_empty());
    assert!(items(&bob.get(CONFIGURATIONS).await).is_empty());
    let path = "/verified-authenticator/voting-configuration/retrieve/house";
    assert_eq!(bob.get(path).await.status, 404);
    assert_eq!(bob.post_json(UPDATE, &fixture(&[])).await.status, 404);
    // The same name is free for another.
    assert_eq!(settled_json(&mut bob, CONFIGURE, &fixture(&[])).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn votes_need_a_token() {
    let sandbox = sandbox().await;
    let api = &sandbox.addresses().api;
    for path in [
        LIST,
        STRATEGY,
        CONFIGURATIONS,
        "/verified-authenticator/voting-configuration/retrieve/x",
        "/policy/list-policy-templates",
        "/policy/list-active-policies",
        "/policy/list-inactive-policies",
        "/policy/list-registered-policies",
        "/policy/retrieve-policy/x",
        "/voting/check-pool-status/x",
    ] {
        assert_eq!(http::get(api, path, "").await.status, 401, "{path}");
    }
    for path in [
        REGISTER,
        REMOVE,
        CONFIGURE,
        UPDATE,
        "/verified-authenticator/set-quorum-size",
        "/verified-authenticator/set-quorum-strategy",
        "/verified-authenticator/set-voting-time-limit",
        "/verified-authenticator/set-maximum-voting-attempts",
        "/policy/register",
        "/policy/activate",
        "/policy/deactivate",
        "/policy/delete",
        "/voting/create",
    ] {
        assert_eq!(http::post(api, path, "", &[]).await.status, 401, "{path}");
    }
}
