//! Simulated phones: by the library and under `/__sandbox/`.

use privicore_sandbox::{Sandbox, Script, Vote};
use serde_json::{Value, json};

use crate::http;
use crate::person::items;
use crate::voters::{AFFIRMATIVE, Held, LIMIT, UNANIMOUS, VotingFixture};

async fn fixture() -> VotingFixture {
    VotingFixture::new(Sandbox::builder().control(true)).await
}

async fn get(fixture: &VotingFixture, path: &str) -> Value {
    let path = format!("/__sandbox{path}");
    let reply = http::get(&fixture.ada.at.api, &path, "").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

async fn post(fixture: &VotingFixture, path: &str, body: &Value) -> http::Reply {
    let path = format!("/__sandbox{path}");
    http::post_json(&fixture.ada.at.api, &path, "", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paired_phone_is_an_approved_authenticator_that_votes_by_hand() {
    let fixture = fixture().await;
    let paired = post(&fixture, "/profiles/ada/phones", &json!({ "name": "Four" })).await;
    let device = paired.json()["deviceIdentifier"].clone();
    let path = "/verified-authenticator/list-verified-authenticators";
    let listed = items(&fixture.ada.get(path).await);
    let expected = json!({ "deviceIdentifier": device, "name": "Four", "status": "approved" });
    assert_eq!(listed[3], expected);
    let phones = get(&fixture, "/profiles/ada/phones").await;
    let expected = json!({ "deviceIdentifier": device, "deviceName": "Four", "script": "by-hand" });
    assert_eq!(phones[3], expected);
    let nobody = post(&fixture, "/profiles/nobody/phones", &json!({ "name": "x" })).await;
    assert_eq!(nobody.status, 404);
    assert_eq!(get(&fixture, "/profiles/nobody/phones").await, json!([]));
    assert_eq!(get(&fixture, "/profiles/nobody/ballots").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn ballots_are_listed_and_cast_by_http() {
    let mut fixture = fixture().await;
    let asked = fixture.ask(UNANIMOUS, Held::Delete).await;
    let ballots = get(&fixture, "/profiles/ada/ballots").await;
    let poll = fixture.state(&asked.id).await;
    let expected = json!({
        "pollId": asked.id,
        "deviceIdentifier": fixture.phones[1],
        "deviceName": "Two",
        "title": "Delete data",
        "question": poll["question"],
        "operation": "data-token/delete-data",
        "attempt": 1,
        "attempts": 1,
        "expiresAt": poll["expiresAt"],
    });
    assert_eq!(ballots[1], expected);
    for phone in &fixture.phones {
        let path = format!("/ballots/{}/{phone}", asked.id);
        let yes = json!({ "vote": "yes" });
        assert_eq!(
            post(&fixture, &path, &json!({ "vote": "x" })).await.status,
            422
        );
        assert_eq!(post(&fixture, &path, &yes).await.status, 204);
        assert_eq!(post(&fixture, &path, &yes).await.status, 404);
    }
    fixture.accepted(&asked).await;
    let path = format!("/ballots/unknown/{}", fixture.phones[0]);
    assert_eq!(
        post(&fixture, &path, &json!({ "vote": "no" })).await.status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_vote_by_script() {
    let mut fixture = fixture().await;
    for (script, reason) in [
        (json!({ "script": "always-yes" }), None),
        (json!({ "script": "always-no" }), Some("rejected")),
        (json!({ "script": "silent" }), Some("timed_out")),
        (
            json!({ "script": "delayed", "seconds": 60, "vote": "yes" }),
            Some("timed_out"),
        ),
        (
            json!({ "script": "delayed", "seconds": 9, "vote": "yes" }),
            None,
        ),
        (
            json!({ "script": "delayed", "seconds": 9, "vote": "no" }),
            Some("rejected"),
        ),
    ] {
        for phone in &fixture.phones {
            let path = format!("/phones/{phone}/script");
            assert_eq!(post(&fixture, &path, &script).await.status, 204);
        }
        let phones = get(&fixture, "/profiles/ada/phones").await;
        assert_eq!(phones[0]["script"], script["script"]);
        for held in Held::ALL {
            let asked = fixture.ask(UNANIMOUS, held).await;
            if !script["script"].as_str().unwrap().starts_with("always") {
                fixture.control.clock().advance(LIMIT);
            }
            match reason {
                None => fixture.accepted(&asked).await,
                Some(reason) => fixture.refused(&asked, reason).await,
            }
            fixture.deactivate(&asked.policy).await;
        }
    }
    let path = "/phones/unknown/script";
    let script = json!({ "script": "silent" });
    assert_eq!(post(&fixture, path, &script).await.status, 404);
    assert_eq!(
        post(&fixture, path, &json!({ "script": "x" })).await.status,
        422
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_is_set_in_mid_vote_counts_at_once() {
    let mut fixture = fixture().await;
    let asked = fixture.ask(AFFIRMATIVE, Held::Request).await;
    let phone = fixture.phones[0].clone();
    let silent = fixture.control.set_script(&phone, Script::Silent).await;
    assert!(silent.unwrap());
    assert!(!fixture.cast(&asked, 0, Vote::Yes).await);
    let yes = fixture.control.set_script(&phone, Script::AlwaysYes).await;
    assert!(yes.unwrap());
    fixture.accepted(&asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_hears_of_every_change() {
    let mut fixture = fixture().await;
    let mut changes = fixture.control.watch_votes();
    let asked = fixture.ask(UNANIMOUS, Held::Delete).await;
    while fixture.ballots().await.len() < 3 {
        changes.changed().await.unwrap();
    }
    for number in 0..3 {
        changes.mark_unchanged();
        assert!(fixture.cast(&asked, number, Vote::Yes).await);
        assert!(changes.has_changed().unwrap());
    }
    fixture.accepted(&asked).await;
    changes.mark_unchanged();
    let phone = [("deviceIdentifier", fixture.phones[0].as_str())];
    fixture.ada.done("/device/remove", &phone).await;
    changes.changed().await.unwrap();
    assert_eq!(fixture.control.list_phones("ada").await.unwrap().len(), 2);
    changes.mark_unchanged();
    fixture.control.pair_phone("ada", "Four").await.unwrap();
    assert!(changes.has_changed().unwrap());
}
