//! What the observed dialect does beyond its forms: when it says something, and to whom.

use std::time::Duration;

use privicore_sandbox::{Dialect, Fault, Sandbox, Settings};
use serde_json::json;

use crate::http;
use crate::person::{Person, command_id, in_dialect, items, sandbox, start};
use crate::voters::{Held, UNANIMOUS, VotingFixture};
use crate::websocket::Line;

const RESERVE: &str = "/data-token/reserve-token-space";

/// Outcomes wait an hour, which no test does.
fn patient() -> Settings {
    Settings {
        acknowledge_after: Some(3_600_000),
        ..Settings::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_waits_until_a_while_after_the_answer() {
    let sandbox = sandbox().await;
    let control = sandbox.control();
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("x", b"bytes", true).await;
    control.choose(patient());
    let id = ada.command(RESERVE, &[("context", "x")]).await;
    let request = ada.request(&token).await;
    while ada.poll(&id).await != "succeeded" {}
    assert_eq!(control.undelivered(), 2);
    control.choose(Settings::default());
    ada.done(RESERVE, &[("context", "x")]).await;
    for id in [&id, &request] {
        assert_eq!(ada.line.shelved_about(id), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_is_said_although_its_answer_is_lost() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    for fault in [Fault::AnswerLost, Fault::AnswerWithheld] {
        control.faults().plan(RESERVE, fault, 1);
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let (api, headers) = (ada.at.api.clone(), ada.headers() + form);
        let asking = tokio::spawn(async move {
            http::send(&api, ("POST", RESERVE), &headers, b"context=x").await
        });
        let message = ada.line.next().await.unwrap();
        assert_eq!(message["data"]["command_status"], 2);
        asking.abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_before_a_join_comes_with_it() {
    let sandbox = sandbox().await;
    let at = sandbox.addresses();
    let mut ada = Person::new(&sandbox, "ada").await;
    let (token, headers) = (ada.token.clone(), ada.headers());
    ada.leave().await;
    let reply = http::post(&at.api, RESERVE, &headers, &[("context", "x")]).await;
    let id = command_id(&reply);
    settled(&sandbox, &id).await;
    let mut late = Line::joined(&at.websocket, &token).await;
    assert_eq!(late.about(&id).await["command_status"], 2);
    // It is said once.
    let mut later = Line::joined(&at.websocket, &token).await;
    let other = http::post(&at.api, RESERVE, &headers, &[("context", "x")]).await;
    later.about(&command_id(&other)).await;
    assert_eq!(later.shelved_about(&id), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_long_before_a_join_is_lost() {
    let sandbox = sandbox().await;
    let at = sandbox.addresses();
    let mut ada = Person::new(&sandbox, "ada").await;
    let (token, headers) = (ada.token.clone(), ada.headers());
    ada.leave().await;
    let fields = [("context", "x")];
    let id = command_id(&http::post(&at.api, RESERVE, &headers, &fields).await);
    settled(&sandbox, &id).await;
    sandbox.control().clock().advance(Duration::from_secs(30));
    let mut late = Line::joined(&at.websocket, &token).await;
    let other = command_id(&http::post(&at.api, RESERVE, &headers, &fields).await);
    late.about(&other).await;
    assert_eq!(late.shelved_about(&id), 0);
}

/// Waits until `id` is settled and what is said about it has been said.
async fn settled(sandbox: &Sandbox, id: &str) {
    let path = format!("/request-status/{id}");
    loop {
        let reply = http::post(&sandbox.addresses().api, &path, "", &[]).await;
        if String::from_utf8_lossy(&reply.body).contains("succeeded") {
            break;
        }
    }
    while sandbox.control().undelivered() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_left_by_its_id_alone() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let answer = ada.leave().await;
    assert_eq!(answer["status"], 200, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_vote_holds_a_command_is_seen_by_asking() {
    let mut fixture = VotingFixture::new(Sandbox::builder()).await;
    let asked = fixture.ask(UNANIMOUS, Held::Delete).await;
    fixture.ada.held(&asked.id).await;
    // Whatever is said next of another command: nothing was said of this one.
    fixture.ada.done(RESERVE, &[("context", "x")]).await;
    assert_eq!(fixture.ada.line.shelved_about(&asked.id), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_vote_holds_a_command_is_said_when_documented() {
    let mut fixture = VotingFixture::new(Sandbox::builder().dialect(Dialect::Documented)).await;
    let asked = fixture.ask(UNANIMOUS, Held::Delete).await;
    assert_eq!(
        fixture.ada.next_message(&asked.id).await,
        (1, String::new())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn risk_meta_takes_any_fields_when_observed() {
    let path = "/data-token/configure-information-security-risk-meta";
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let token = ada.store("x", b"x", true).await;
    let fields = [
        ("token", token.as_str()),
        ("classification", "secret"),
        ("retentionDays", "30"),
    ];
    ada.done(path, &fields).await;
    let listed = ada.list(&[]).await.remove(0);
    let risk = json!({ "classification": "secret", "retentionDays": "30" });
    assert_eq!(listed["meta"]["information_security_risk"], risk);
    sandbox.control().set_dialect(Dialect::Documented);
    let mut missed = ada.post(path, &fields).await.wrong_fields();
    missed.sort_unstable();
    assert_eq!(missed, ["handling", "label"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn strategy_parameters_go_with_every_strategy() {
    let path = "/verified-authenticator/set-quorum-strategy";
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let strategies = [
        ("unanimous", "100"),
        ("consensus", "51"),
        ("affirmative", "1"),
        ("minimum_percentage", "60"),
    ];
    for dialect in [Dialect::Observed, Dialect::Documented] {
        sandbox.control().set_dialect(dialect);
        for (strategy, parameters) in strategies {
            let fields = [("strategy", strategy), ("strategy_params", parameters)];
            ada.done(path, &fields).await;
        }
    }
    ada.done(path, &[("strategy", "consensus")]).await;
    sandbox.control().set_dialect(Dialect::Observed);
    for (strategy, _) in strategies {
        let reply = ada.post(path, &[("strategy", strategy)]).await;
        assert_eq!(reply.wrong_fields(), ["strategy_params"], "{strategy}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_needs_only_template_and_events_when_documented() {
    let bare = json!({
        "policyTemplateId": "data",
        "applyingEventIds": [Held::Delete.event()],
    });
    let sandbox = in_dialect(Dialect::Documented).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let reply = ada.post_json("/policy/register", &bare).await;
    assert_eq!(ada.outcome(&command_id(&reply)).await, (2, String::new()));
    let listed = items(&ada.get("/policy/list-registered-policies").await);
    assert_eq!((listed.len(), &listed[0]["name"]), (1, &listed[0]["id"]));
    sandbox.control().set_dialect(Dialect::Observed);
    let mut missed = ada
        .post_json("/policy/register", &bare)
        .await
        .wrong_fields();
    missed.sort_unstable();
    assert_eq!(missed, ["configuration", "name", "votingConfigurationId"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_is_canceled_rejects_what_it_holds() {
    let path = "/voting/cancel-pool";
    let mut fixture = VotingFixture::new(Sandbox::builder()).await;
    let mut bob = Person::new(&fixture.sandbox, "bob").await;
    let asked = fixture.ask(UNANIMOUS, Held::Delete).await;
    let body = json!({ "poolId": asked.id });
    let reply = bob.post_json(path, &body).await;
    let refused = bob.outcome(&command_id(&reply)).await;
    assert_eq!(refused, (3, "profile.not_an_owner".to_owned()));
    let reply = fixture.ada.post_json(path, &body).await;
    let canceling = command_id(&reply);
    assert_eq!(fixture.ada.outcome(&canceling).await, (2, String::new()));
    let outcome = fixture.ada.outcome(&asked.id).await;
    assert_eq!(outcome, (3, "vote.canceled".to_owned()));
    assert_eq!(fixture.state(&asked.id).await["state"], "canceled");
    // As a form, and too late.
    let again = fixture.ada.settled(path, &[("poolId", &asked.id)]).await;
    assert_eq!(again, (3, "voting.not_open".to_owned()));
    let unknown = json!({ "poolId": "unknown" });
    assert_eq!(fixture.ada.post_json(path, &unknown).await.status, 404);
    let missed = fixture.ada.post_json(path, &json!({})).await.wrong_fields();
    assert_eq!(missed, ["poolId"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voting_configuration_is_deleted_unless_a_policy_names_it() {
    let base = "/verified-authenticator/voting-configuration";
    let sandbox = start(Sandbox::builder()).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let delete = format!("{base}/delete");
    let configuration = json!({
        "name": "board",
        "timeLimit": 60,
        "strategy": "unanimous",
        "deviceIdentifiers": [],
    });
    let named = json!({ "name": "board" });
    assert_eq!(ada.post_json(&delete, &named).await.status, 404);
    let reply = ada
        .post_json(&format!("{base}/register"), &configuration)
        .await;
    assert_eq!(ada.outcome(&command_id(&reply)).await.0, 2);
    let policy = json!({
        "name": "asks",
        "policyTemplateId": "data",
        "applyingEventIds": [Held::Delete.event()],
        "votingConfigurationId": "board",
        "configuration": { "reason": "x" },
    });
    let reply = ada.post_json("/policy/register", &policy).await;
    assert_eq!(ada.outcome(&command_id(&reply)).await.0, 2);
    let reply = ada.post_json(&delete, &named).await;
    let refused = ada.outcome(&command_id(&reply)).await;
    assert_eq!(refused, (3, "voting_configuration.in_use".to_owned()));
    let listed = items(&ada.get("/policy/list-registered-policies").await);
    let id = listed[0]["id"].as_str().unwrap();
    ada.done("/policy/delete", &[("policyId", id)]).await;
    let reply = ada.post_json(&delete, &named).await;
    assert_eq!(ada.outcome(&command_id(&reply)).await.0, 2);
    assert!(items(&ada.get(&format!("{base}/list")).await).is_empty());
}
