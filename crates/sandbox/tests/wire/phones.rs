//! Simulated phones: by the library and under `/__sandbox/`.

use privicore_sandbox::{Sandbox, Script, Vote};
use serde_json::{Value, json};

use crate::http;
use crate::person::items;
use crate::voters::{AFFIRMATIVE, Held, House, LIMIT, UNANIMOUS};

async fn house() -> House {
    House::new(Sandbox::builder().control(true)).await
}

async fn get(house: &House, path: &str) -> Value {
    let path = format!("/__sandbox{path}");
    let reply = http::get(&house.ada.at.api, &path, "").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

async fn post(house: &House, path: &str, body: &Value) -> http::Reply {
    let path = format!("/__sandbox{path}");
    http::post_json(&house.ada.at.api, &path, "", body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paired_phone_is_an_approved_authenticator_that_votes_by_hand() {
    let house = house().await;
    let paired = post(&house, "/profiles/ada/phones", &json!({ "name": "Four" })).await;
    let device = paired.json()["deviceIdentifier"].clone();
    let path = "/verified-authenticator/list-verified-authenticators";
    let listed = items(&house.ada.get(path).await);
    let expected = json!({ "deviceIdentifier": device, "name": "Four", "status": "approved" });
    assert_eq!(listed[3], expected);
    let phones = get(&house, "/profiles/ada/phones").await;
    let expected = json!({ "deviceIdentifier": device, "deviceName": "Four", "script": "by-hand" });
    assert_eq!(phones[3], expected);
    let nobody = post(&house, "/profiles/nobody/phones", &json!({ "name": "x" })).await;
    assert_eq!(nobody.status, 404);
    assert_eq!(get(&house, "/profiles/nobody/phones").await, json!([]));
    assert_eq!(get(&house, "/profiles/nobody/ballots").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn ballots_are_listed_and_cast_by_http() {
    let mut house = house().await;
    let asked = house.ask(UNANIMOUS, Held::Delete).await;
    let ballots = get(&house, "/profiles/ada/ballots").await;
    let poll = house.state(&asked.id).await;
    let expected = json!({
        "pollId": asked.id,
        "deviceIdentifier": house.phones[1],
        "deviceName": "Two",
        "title": "Delete data",
        "question": poll["question"],
        "operation": "data-token/delete-data",
        "attempt": 1,
        "attempts": 1,
        "expiresAt": poll["expiresAt"],
    });
    assert_eq!(ballots[1], expected);
    for phone in &house.phones {
        let path = format!("/ballots/{}/{phone}", asked.id);
        let yes = json!({ "vote": "yes" });
        assert_eq!(
            post(&house, &path, &json!({ "vote": "x" })).await.status,
            422
        );
        assert_eq!(post(&house, &path, &yes).await.status, 204);
        assert_eq!(post(&house, &path, &yes).await.status, 404);
    }
    house.accepted(&asked).await;
    let path = format!("/ballots/unknown/{}", house.phones[0]);
    assert_eq!(
        post(&house, &path, &json!({ "vote": "no" })).await.status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_vote_by_script() {
    let mut house = house().await;
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
        for phone in &house.phones {
            let path = format!("/phones/{phone}/script");
            assert_eq!(post(&house, &path, &script).await.status, 204);
        }
        let phones = get(&house, "/profiles/ada/phones").await;
        assert_eq!(phones[0]["script"], script["script"]);
        for held in Held::ALL {
            let asked = house.ask(UNANIMOUS, held).await;
            if !script["script"].as_str().unwrap().starts_with("always") {
                house.control.clock().advance(LIMIT);
            }
            match reason {
                None => house.accepted(&asked).await,
                Some(reason) => house.refused(&asked, reason).await,
            }
            house.deactivate(&asked.policy).await;
        }
    }
    let path = "/phones/unknown/script";
    let script = json!({ "script": "silent" });
    assert_eq!(post(&house, path, &script).await.status, 404);
    assert_eq!(
        post(&house, path, &json!({ "script": "x" })).await.status,
        422
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_is_set_in_mid_vote_counts_at_once() {
    let mut house = house().await;
    let asked = house.ask(AFFIRMATIVE, Held::Request).await;
    let phone = house.phones[0].clone();
    let silent = house.control.set_script(&phone, Script::Silent).await;
    assert!(silent.unwrap());
    assert!(!house.cast(&asked, 0, Vote::Yes).await);
    let yes = house.control.set_script(&phone, Script::AlwaysYes).await;
    assert!(yes.unwrap());
    house.accepted(&asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_hears_of_every_change() {
    let mut house = house().await;
    let mut changes = house.control.watch_votes();
    let asked = house.ask(UNANIMOUS, Held::Delete).await;
    while house.ballots().await.len() < 3 {
        changes.changed().await.unwrap();
    }
    for number in 0..3 {
        changes.mark_unchanged();
        assert!(house.cast(&asked, number, Vote::Yes).await);
        assert!(changes.has_changed().unwrap());
    }
    house.accepted(&asked).await;
    changes.mark_unchanged();
    let phone = [("deviceIdentifier", house.phones[0].as_str())];
    house.ada.done("/device/remove", &phone).await;
    changes.changed().await.unwrap();
    assert_eq!(house.control.list_phones("ada").await.unwrap().len(), 2);
    changes.mark_unchanged();
    house.control.pair_phone("ada", "Four").await.unwrap();
    assert!(changes.has_changed().unwrap());
}
