//! Rows 86 and 87: polls that are asked for by hand.

use privicore_sandbox::Sandbox;
use privicore_sandbox::Vote::{No, Yes};
use serde_json::{Value, json};

use crate::person::{Person, both_dialects, text};
use crate::voters::{LIMIT, VotingFixture, done_json};

const CREATE: &str = "/voting/create";

async fn fixture(sandbox: Sandbox) -> VotingFixture {
    let mut fixture = VotingFixture::of(sandbox).await;
    let configuration = json!({
        "name": "house",
        "timeLimit": LIMIT.as_secs(),
        "strategy": "consensus",
        "deviceIdentifiers": [],
    });
    let path = "/verified-authenticator/voting-configuration/register";
    done_json(&mut fixture.ada, path, &configuration).await;
    fixture
}

fn question() -> Value {
    json!({ "votingConfigurationId": "house", "title": "Lunch", "question": "Shall we eat?" })
}

async fn create(person: &Person, body: &Value) -> String {
    let reply = person.post_json(CREATE, body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    text(&reply.json(), "poolId")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_by_hand_is_voted_on_and_watched() {
    for sandbox in both_dialects().await {
        let fixture = fixture(sandbox).await;
        let id = create(&fixture.ada, &question()).await;
        let poll = fixture.state(&id).await;
        assert_eq!(
            (&poll["poolId"], &poll["title"]),
            (&json!(id), &json!("Lunch"))
        );
        assert_eq!(poll["question"], "Shall we eat?");
        assert_eq!(
            (&poll["operation"], &poll["state"]),
            (&Value::Null, &json!("open"))
        );
        assert_eq!(
            (&poll["attempt"], &poll["attempts"]),
            (&json!(1), &json!(1))
        );
        assert!(poll["createdAt"].is_string() && poll["expiresAt"].is_string());
        let votes = |poll: &Value| -> Vec<Value> {
            let ballots = poll["ballots"].as_array().unwrap();
            ballots
                .iter()
                .map(|ballot| ballot["vote"].clone())
                .collect()
        };
        assert_eq!(votes(&poll), [Value::Null, Value::Null, Value::Null]);
        for (phone, vote) in [(0, No), (2, Yes)] {
            let phone = &fixture.phones[phone];
            assert!(fixture.control.cast(&id, phone, vote).await.unwrap());
        }
        let poll = fixture.state(&id).await;
        assert_eq!(votes(&poll), [json!("no"), Value::Null, json!("yes")]);
        assert!(poll["ballots"][0]["votedAt"].is_string());
        assert!(
            fixture
                .control
                .cast(&id, &fixture.phones[1], Yes)
                .await
                .unwrap()
        );
        assert_eq!(fixture.state(&id).await["state"], "accepted");
        assert!(fixture.ballots().await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_can_be_left_out_and_time_runs_out() {
    for sandbox in both_dialects().await {
        let fixture = fixture(sandbox).await;
        let mut body = question();
        body["skipAuthenticatorDevices"] = json!([fixture.phones[0], fixture.phones[2]]);
        let id = create(&fixture.ada, &body).await;
        let ballots = fixture.ballots().await;
        assert_eq!(ballots.len(), 1);
        assert_eq!(ballots[0].device_identifier, fixture.phones[1]);
        assert_eq!(
            (&*ballots[0].title, &ballots[0].operation),
            ("Lunch", &None)
        );
        fixture.control.clock().advance(LIMIT);
        assert_eq!(fixture.state(&id).await["state"], "timed_out");
        body["skipAuthenticatorDevices"] = json!(fixture.phones);
        let id = create(&fixture.ada, &body).await;
        assert_eq!(fixture.state(&id).await["state"], "no_quorum");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_that_was_sent_before_opens_another_poll() {
    for sandbox in both_dialects().await {
        let fixture = fixture(sandbox).await;
        let mut body = question();
        body["nonce"] = json!("n-1");
        let first = create(&fixture.ada, &body).await;
        assert_ne!(create(&fixture.ada, &body).await, first);
        assert_eq!(fixture.ballots().await.len(), 6);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_names_the_fields_that_are_wrong() {
    for sandbox in both_dialects().await {
        let fixture = fixture(sandbox).await;
        for (field, value) in [
            ("votingConfigurationId", json!("unknown")),
            ("title", json!("")),
            ("question", json!(7)),
            ("skipAuthenticatorDevices", json!(["unknown"])),
            ("skipAuthenticatorDevices", json!("all")),
        ] {
            let mut body = question();
            body[field] = value;
            let reply = fixture.ada.post_json(CREATE, &body).await;
            assert_eq!(reply.wrong_fields(), [field], "{body}");
        }
        let mut missed = fixture
            .ada
            .post_json(CREATE, &json!({}))
            .await
            .wrong_fields();
        missed.sort_unstable();
        assert_eq!(missed, ["question", "title", "votingConfigurationId"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_is_its_owners_alone() {
    for sandbox in both_dialects().await {
        let fixture = fixture(sandbox).await;
        let bob = Person::new(&fixture.sandbox, "bob").await;
        let id = create(&fixture.ada, &question()).await;
        let path = format!("/voting/check-pool-status/{id}");
        assert_eq!(bob.get(&path).await.status, 404);
        let unknown = bob.get("/voting/check-pool-status/unknown").await;
        assert_eq!(unknown.status, 404);
        assert_eq!(bob.post_json(CREATE, &question()).await.status, 422);
        assert!(
            fixture
                .control
                .list_ballots("bob")
                .await
                .unwrap()
                .is_empty()
        );
    }
}
