//! Rows 59 to 67.

use privicore_sandbox::Dialect;
use serde_json::{Value, json};

use crate::person::{Person, both_dialects, in_dialect, items, sandbox, text};
use crate::voters::done_json;

const CONFIGURE: &str = "/verified-authenticator/voting-configuration/register";
const REGISTER: &str = "/policy/register";
const ACTIVE: &str = "/policy/list-active-policies";
const INACTIVE: &str = "/policy/list-inactive-policies";
const ALL: &str = "/policy/list-registered-policies";

/// Ada, with a voting configuration called `fixture`.
async fn ada(sandbox: &privicore_sandbox::Sandbox) -> Person {
    let mut ada = Person::new(sandbox, "ada").await;
    let fixture = json!({
        "name": "house", "timeLimit": 60, "strategy": "consensus", "deviceIdentifiers": [],
    });
    done_json(&mut ada, CONFIGURE, &fixture).await;
    ada
}

fn policy(called: &str) -> Value {
    json!({
        "name": "four eyes",
        "policyTemplateId": "data",
        "applyingEventIds": ["data_token.data_requested", "data_token.deleted"],
        called: "house",
        "configuration": { "reason": "Why not?", "own": [1, 2] },
    })
}

async fn names(ada: &Person, path: &str) -> Vec<String> {
    let listed = items(&ada.get(path).await);
    listed
        .iter()
        .map(|policy| text(&policy["name"], ""))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_keyed_by_id_and_so_are_their_events() {
    let sandbox = sandbox().await;
    let ada = Person::new(&sandbox, "ada").await;
    let templates = ada.get("/policy/list-policy-templates").await.json();
    let events = |template: &str| -> Vec<String> {
        let events = templates[template]["events"].as_object().unwrap();
        assert!(events.values().all(|event| event["eventName"].is_string()));
        let mut ids: Vec<String> = events.keys().cloned().collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(
        events("data"),
        [
            "data_token.data_exchanged",
            "data_token.data_requested",
            "data_token.data_updated",
            "data_token.deleted",
        ]
    );
    let profile = ["profile.password_changed", "profile.public_key_registered"];
    assert_eq!(events("profile"), profile);
    assert_eq!(
        events("device"),
        ["device.approved", "device.removed", "storage.removed"]
    );
    let directory = ["directory.profile_invited", "directory.user_created"];
    assert_eq!(events("directory"), directory);
    for template in templates.as_object().unwrap().values() {
        assert!(template["name"].is_string() && template["description"].is_string());
        assert!(template["configuration"].is_array() && template["votingAttributes"].is_array());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_registered_activated_deactivated_and_deleted() {
    for (dialect, called) in [
        (Dialect::Documented, "configurationId"),
        (Dialect::Observed, "votingConfigurationId"),
        (Dialect::Mixed, "configurationId"),
        (Dialect::Mixed, "votingConfigurationId"),
    ] {
        let sandbox = in_dialect(dialect).await;
        let mut ada = ada(&sandbox).await;
        done_json(&mut ada, REGISTER, &policy(called)).await;
        let kept = ada.get("/policy/retrieve-policy/four%20eyes").await.json();
        let expected = json!({
            "id": kept["id"],
            "name": "four eyes",
            "policyTemplateId": "data",
            "applyingEventIds": ["data_token.data_requested", "data_token.deleted"],
            "votingConfigurationId": "house",
            "configuration": { "reason": "Why not?", "own": [1, 2] },
            "status": "inactive",
            "createdAt": kept["createdAt"],
        });
        assert_eq!(kept, expected);
        let id = text(&kept, "id");
        let this = [("policyId", id.as_str())];
        assert_eq!(names(&ada, INACTIVE).await, ["four eyes"]);
        assert!(names(&ada, ACTIVE).await.is_empty());
        ada.done("/policy/activate", &this).await;
        assert_eq!(names(&ada, ACTIVE).await, ["four eyes"]);
        assert!(names(&ada, INACTIVE).await.is_empty());
        ada.done("/policy/deactivate", &this).await;
        assert_eq!(names(&ada, INACTIVE).await, ["four eyes"]);
        assert_eq!(names(&ada, ALL).await, ["four eyes"]);
        ada.done("/policy/delete", &this).await;
        assert!(names(&ada, ALL).await.is_empty());
        let gone = ada.get("/policy/retrieve-policy/four%20eyes").await;
        assert_eq!(gone.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_dialect_wants_its_own_name_for_the_voting_configuration() {
    for (dialect, other, own) in [
        (
            Dialect::Documented,
            "votingConfigurationId",
            "configurationId",
        ),
        (
            Dialect::Observed,
            "configurationId",
            "votingConfigurationId",
        ),
    ] {
        let sandbox = in_dialect(dialect).await;
        let ada = ada(&sandbox).await;
        let reply = ada.post_json(REGISTER, &policy(other)).await;
        assert_eq!(reply.wrong_fields(), [own]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_names_the_fields_that_are_wrong() {
    let sandbox = sandbox().await;
    let ada = ada(&sandbox).await;
    let called = "votingConfigurationId";
    for (field, value) in [
        ("name", json!("")),
        ("policyTemplateId", json!("unknown")),
        ("applyingEventIds", json!([])),
        ("applyingEventIds", json!(["data_token.unknown"])),
        ("applyingEventIds", json!(["device.removed"])),
        ("applyingEventIds", json!("data_token.deleted")),
        (called, json!("unknown")),
        (called, json!("")),
        ("configuration", json!({})),
        ("configuration", json!([])),
        ("configuration", json!(null)),
    ] {
        let mut body = policy(called);
        body[field] = value;
        let reply = ada.post_json(REGISTER, &body).await;
        assert_eq!(reply.wrong_fields(), [field], "{body}");
    }
    let mut missed = ada.post_json(REGISTER, &json!({})).await.wrong_fields();
    missed.sort_unstable();
    let all = [
        "applyingEventIds",
        "configuration",
        "name",
        "policyTemplateId",
        called,
    ];
    assert_eq!(missed, all);
    for path in ["/policy/activate", "/policy/deactivate", "/policy/delete"] {
        assert_eq!(ada.post(path, &[]).await.wrong_fields(), ["policyId"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_its_owners_alone() {
    for sandbox in both_dialects().await {
        let mut ada = ada(&sandbox).await;
        let mut bob = Person::new(&sandbox, "bob").await;
        let mut body = policy("configurationId");
        body["votingConfigurationId"] = json!("house");
        // Ada's voting configuration is unknown to bob.
        assert_eq!(bob.post_json(REGISTER, &body).await.status, 422);
        done_json(&mut ada, REGISTER, &body).await;
        assert_eq!(ada.post_json(REGISTER, &body).await.status, 409);
        let kept = ada.get("/policy/retrieve-policy/four%20eyes").await.json();
        let id = text(&kept, "id");
        for path in ["/policy/activate", "/policy/deactivate", "/policy/delete"] {
            let outcome = bob.settled(path, &[("policyId", &id)]).await;
            assert_eq!(outcome, (3, "profile.not_an_owner".to_owned()), "{path}");
            let unknown = [("policyId", "unknown")];
            assert_eq!(bob.post(path, &unknown).await.status, 404, "{path}");
        }
        for path in [ACTIVE, INACTIVE, ALL] {
            assert!(names(&bob, path).await.is_empty());
        }
        let theirs = bob.get("/policy/retrieve-policy/four%20eyes").await;
        assert_eq!(theirs.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_policy_holds_nothing() {
    let sandbox = sandbox().await;
    let mut ada = ada(&sandbox).await;
    let token = ada.store("kept", b"kept", true).await;
    done_json(&mut ada, REGISTER, &policy("votingConfigurationId")).await;
    assert_eq!(ada.fetch(&token).await, b"kept");
    ada.done("/data-token/delete-data", &[("token", &token)])
        .await;
}
