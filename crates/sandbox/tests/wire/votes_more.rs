//! Attempts, several policies, other events, faults: what else may happen to a vote.

use std::time::Duration;

use privicore_sandbox::Vote::{No, Yes};
use privicore_sandbox::{Fault, Sandbox, Script};
use serde_json::json;

use crate::data_tokens::bytes;
use crate::directories::{directory, profile_of};
use crate::person::{Person, both_dialects, text};
use crate::voters::{AFFIRMATIVE, Held, LIMIT, UNANIMOUS, VotingFixture};

const DELETE: &str = "/data-token/delete-data";

async fn fixture() -> VotingFixture {
    VotingFixture::new(Sandbox::builder()).await
}

async fn set_attempts(fixture: &mut VotingFixture, attempts: &str) {
    let path = "/verified-authenticator/set-maximum-voting-attempts";
    let fields = [("numberOfAttempts", attempts)];
    fixture.ada.done(path, &fields).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_that_led_nowhere_is_repeated_with_fresh_ballots() {
    for held in Held::ALL {
        let mut fixture = fixture().await;
        set_attempts(&mut fixture, "3").await;
        let quorum = [("quorumSize", "2")];
        let path = "/verified-authenticator/set-quorum-size";
        fixture.ada.done(path, &quorum).await;
        let asked = fixture.ask(UNANIMOUS, held).await;
        assert!(fixture.cast(&asked, 0, No).await);
        fixture.control.clock().advance(LIMIT);
        let second = fixture.state(&asked.id).await;
        assert_eq!(
            (&second["attempt"], &second["attempts"]),
            (&json!(2), &json!(3))
        );
        assert_eq!(
            (&second["state"], &second["ballots"][0]["vote"]),
            (&json!("open"), &json!(null))
        );
        fixture.control.clock().advance(LIMIT);
        assert_eq!(fixture.state(&asked.id).await["attempt"], 3);
        assert_eq!(fixture.ballots().await[0].attempt, 3);
        fixture.cast_all(&asked, [Yes, Yes, Yes]).await;
        fixture.accepted(&asked).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_last_attempt_the_reason_is_how_it_ended() {
    for held in Held::ALL {
        let mut fixture = fixture().await;
        set_attempts(&mut fixture, "2").await;
        let asked = fixture.ask(UNANIMOUS, held).await;
        fixture.control.clock().advance(LIMIT);
        assert_eq!(fixture.state(&asked.id).await["attempt"], 2);
        fixture.control.clock().advance(LIMIT);
        fixture.refused(&asked, "timed_out").await;
        let said_no = fixture.ask(UNANIMOUS, held).await;
        fixture.cast(&said_no, 0, No).await;
        // Rejection is no end while there are attempts left.
        assert_eq!(fixture.state(&said_no.id).await["attempt"], 2);
        fixture.cast(&said_no, 0, No).await;
        fixture.refused(&said_no, "rejected").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserved_space_outlives_the_vote_about_it() {
    let mut fixture = fixture().await;
    set_attempts(&mut fixture, "20").await;
    let asked = fixture.ask(AFFIRMATIVE, Held::Exchange).await;
    // Much longer than the five minutes a space lives.
    for attempt in 2..=15 {
        fixture.control.clock().advance(LIMIT);
        assert_eq!(fixture.state(&asked.id).await["attempt"], attempt);
    }
    fixture.cast(&asked, 0, Yes).await;
    fixture.accepted(&asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_policies_must_be_content_one_after_the_other() {
    for (second, reason) in [(Yes, None), (No, Some("vote.rejected"))] {
        let mut fixture = fixture().await;
        let token = fixture.ada.store("kept", b"kept", true).await;
        let event = Held::Delete.event();
        let [one, two] = [fixture.phones[0].clone(), fixture.phones[1].clone()];
        for voter in [&one, &two] {
            fixture
                .guard_by(UNANIMOUS, ("data", &[event]), &[voter])
                .await;
        }
        let third = fixture.guard(UNANIMOUS, &[event]).await;
        let id = fixture.ada.command(DELETE, &[("token", &token)]).await;
        fixture.ada.held(&id).await;
        // Not asked yet, so it never will be.
        fixture.deactivate(&third).await;
        for (voter, vote) in [(&one, Yes), (&two, second)] {
            let ballots = fixture.ballots().await;
            assert_eq!(ballots.len(), 1);
            assert_eq!(
                (&ballots[0].poll_id, &ballots[0].device_identifier),
                (&id, voter)
            );
            assert!(fixture.control.cast(&id, voter, vote).await.unwrap());
        }
        let expected = reason.map_or((2, ""), |reason| (3, reason));
        let (status, body) = fixture.ada.outcome(&id).await;
        assert_eq!((status, body.as_str()), expected);
        assert!(fixture.ballots().await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streamed_data_is_voted_on_when_it_is_described() {
    for sandbox in both_dialects().await {
        let mut fixture = VotingFixture::of(sandbox).await;
        fixture.guard(AFFIRMATIVE, &[Held::Exchange.event()]).await;
        for vote in [Yes, No] {
            let stored = bytes(60_000);
            let (temporary, auth) = fixture.ada.space().await;
            let uploaded = fixture.ada.upload(&auth, &stored).await.unwrap();
            assert_eq!(uploaded.status, 200);
            let reply = fixture.ada.file_meta(&temporary, "large", 60_000).await;
            assert_eq!(reply.status, 202);
            let id = text(&reply.json(), "commandId");
            assert_eq!(reply.header("x-dpt-cab-id"), Some(id.as_str()));
            fixture.ada.held(&id).await;
            let again = fixture.ada.file_meta(&temporary, "large", 60_000).await;
            assert_eq!(
                (again.status, &again.json()["commandId"]),
                (202, &json!(id))
            );
            for phone in &fixture.phones {
                fixture.control.cast(&id, phone, vote).await.unwrap();
            }
            let reply = fixture.ada.file_meta(&temporary, "large", 60_000);
            if vote == Yes {
                assert_eq!(reply.await.status, 200);
                assert_eq!(fixture.ada.outcome(&id).await, (2, String::new()));
                let token = text(&fixture.ada.list(&[]).await[0], "token");
                assert!(fixture.ada.fetch(&token).await == stored);
            } else {
                assert_eq!(reply.await.status, 422);
                let outcome = fixture.ada.outcome(&id).await;
                assert_eq!(outcome, (3, "vote.rejected".to_owned()));
                assert_eq!(fixture.control.disk().await.unwrap().temporary, 0);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_holds_its_operation() {
    let mut fixture = fixture().await;
    let token = fixture.ada.store("kept", b"kept", true).await;
    let device = fixture.ada.device("Disk").await;
    let storage = fixture.ada.storage().await.remove(0);
    let keys = fixture.ada.get("/generate-keys").await.json();
    let key = text(&keys["public"], "");
    for (template, events) in [
        ("data", vec!["data_token.data_updated"]),
        (
            "profile",
            vec!["profile.password_changed", "profile.public_key_registered"],
        ),
        (
            "device",
            vec!["device.approved", "device.removed", "storage.removed"],
        ),
    ] {
        let all: Vec<&str> = events.clone();
        fixture.guard_by(AFFIRMATIVE, (template, &all), &[]).await;
    }
    let this = [("deviceIdentifier", device.as_str())];
    let passwords = [
        ("currentPassword", crate::person::PASSWORD),
        ("newPassword", "another"),
    ];
    let update = json!({ "dataToken": token, "data": "eA==" });
    let mut ids = Vec::new();
    for (path, fields) in [
        ("/profile/change-password", &passwords[..]),
        ("/public-key/register-public-key", &[("publicKey", &*key)]),
        ("/device/approve-device", &this),
        ("/storage/remove", &[("deviceIdentifier", &*storage)]),
        ("/device/remove", &this),
    ] {
        ids.push((path, fixture.ada.command(path, fields).await));
    }
    let reply = fixture
        .ada
        .post_json("/data-token/update-data", &update)
        .await;
    ids.push(("/data-token/update-data", crate::person::command_id(&reply)));
    for (path, id) in ids {
        fixture.ada.held(&id).await;
        let poll = fixture.state(&id).await;
        assert_eq!(poll["operation"], path.trim_start_matches('/'));
        assert!(
            poll["question"]
                .as_str()
                .unwrap()
                .starts_with("ada wants to ")
        );
        let phone = &fixture.phones[0];
        assert!(fixture.control.cast(&id, phone, Yes).await.unwrap());
        assert_eq!(fixture.ada.outcome(&id).await, (2, String::new()), "{path}");
    }
    assert_eq!(fixture.ada.fetch(&token).await, b"x");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_asks_before_somebody_is_let_in() {
    let mut fixture = fixture().await;
    let bob = Person::new(&fixture.sandbox, "bob").await;
    let bobs_profile = profile_of(&bob).await;
    let directory = directory(&mut fixture.ada, "engines").await;
    let events = ["directory.user_created", "directory.profile_invited"];
    fixture
        .guard_by(AFFIRMATIVE, ("directory", &events), &[])
        .await;
    let user = [
        ("directoryId", directory.as_str()),
        ("username", "grace"),
        ("password", crate::person::PASSWORD),
        ("givenName", "Grace"),
        ("familyName", "Hopper"),
    ];
    let invitation = [("directoryId", &*directory), ("profileId", &*bobs_profile)];
    for (path, fields, wanted) in [
        (
            "/directory/create-user",
            &user[..],
            "create the user “grace” in",
        ),
        ("/directory/invite-profile", &invitation, "invite bob to"),
    ] {
        let id = fixture.ada.command(path, fields).await;
        fixture.ada.held(&id).await;
        let question = fixture.state(&id).await["question"].clone();
        let expected = format!("ada wants to {wanted} the directory “Engines & Co.”.");
        assert!(
            question.as_str().unwrap().starts_with(&expected),
            "{question}"
        );
        let phone = &fixture.phones[0];
        assert!(fixture.control.cast(&id, phone, Yes).await.unwrap());
        assert_eq!(fixture.ada.outcome(&id).await, (2, String::new()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streamed_data_that_is_held_survives_a_restart() {
    let kept = tempfile::tempdir().unwrap();
    let builder = Sandbox::builder().data_dir(kept.path());
    let mut fixture = VotingFixture::new(builder.clone()).await;
    fixture.guard(AFFIRMATIVE, &[Held::Exchange.event()]).await;
    let (temporary, auth) = fixture.ada.space().await;
    fixture.ada.upload(&auth, &bytes(60_000)).await.unwrap();
    let reply = fixture.ada.file_meta(&temporary, "large", 60_000).await;
    let id = text(&reply.json(), "commandId");
    let mut fixture = fixture.restart(builder).await;
    assert!(
        fixture
            .control
            .cast(&id, &fixture.phones[0], Yes)
            .await
            .unwrap()
    );
    let reply = fixture.ada.file_meta(&temporary, "large", 60_000).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let token = text(&reply.json(), "token");
    assert!(fixture.ada.fetch(&token).await == bytes(60_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_says_what_is_wanted_and_why() {
    let mut fixture = fixture().await;
    let asked = fixture.ask(UNANIMOUS, Held::Request).await;
    let poll = fixture.state(&asked.id).await;
    assert_eq!(poll["poolId"], asked.id);
    assert_eq!(poll["title"], "Hand out data");
    let question =
        "ada wants to have the data “kept” of “tests”. Policy: policy-1. Four eyes see more.";
    assert_eq!(poll["question"], question);
    assert_eq!(poll["ballots"][1]["name"], "Two");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_anyway_is_not_voted_on() {
    let mut fixture = fixture().await;
    let mut bob = Person::new(&fixture.sandbox, "bob").await;
    let theirs = bob.store("theirs", b"secret", true).await;
    fixture.guard(UNANIMOUS, &[Held::Delete.event()]).await;
    let outcome = fixture.ada.settled(DELETE, &[("token", &theirs)]).await;
    assert_eq!(outcome, (3, "profile.not_an_owner".to_owned()));
    // Nor does a policy reach another's commands.
    assert_eq!(bob.settled(DELETE, &[("token", &theirs)]).await.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_authenticators_there_is_no_quorum() {
    let mut fixture = fixture().await;
    set_attempts(&mut fixture, "5").await;
    for phone in fixture.phones.clone() {
        let this = [("deviceIdentifier", phone.as_str())];
        let path = "/verified-authenticator/remove";
        fixture.ada.done(path, &this).await;
    }
    let token = fixture.ada.store("kept", b"kept", true).await;
    fixture.guard(UNANIMOUS, &[Held::Delete.event()]).await;
    let id = fixture.ada.command(DELETE, &[("token", &token)]).await;
    let outcome = fixture.ada.outcome(&id).await;
    assert_eq!(outcome, (3, "vote.no_quorum".to_owned()));
    assert_eq!(fixture.state(&id).await["attempt"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_strikes_when_the_vote_is_over() {
    let mut fixture = fixture().await;
    let control = fixture.control.clone();
    let fault = |fault| control.faults().plan(DELETE, fault, 1);
    fault(Fault::AckTwice);
    let asked = fixture.ask(AFFIRMATIVE, Held::Delete).await;
    fixture.cast(&asked, 0, Yes).await;
    assert_eq!(fixture.ada.outcome(&asked.id).await.0, 2);
    fixture.accepted(&asked).await;
    fixture.deactivate(&asked.policy).await;
    fault(Fault::AckLost);
    let asked = fixture.ask(AFFIRMATIVE, Held::Delete).await;
    fixture.cast(&asked, 0, Yes).await;
    assert_eq!(fixture.ada.poll(&asked.id).await, "succeeded");
    fixture.ada.space().await;
    assert_eq!(fixture.ada.line.shelved_about(&asked.id), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_ends_with_the_command_it_is_about() {
    let mut fixture = fixture().await;
    for verdict in [true, false] {
        let asked = fixture.ask(UNANIMOUS, Held::Delete).await;
        let how = if verdict {
            privicore_sandbox::Verdict::Approve
        } else {
            let reason = "vote.rejected".to_owned();
            privicore_sandbox::Verdict::Reject { reason }
        };
        assert!(fixture.control.release(&asked.id, how).await.unwrap());
        assert!(fixture.ballots().await.is_empty());
        if verdict {
            fixture.accepted(&asked).await;
        } else {
            fixture.refused(&asked, "rejected").await;
        }
        fixture.deactivate(&asked.policy).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_votes_its_own_way_where_a_policy_names_none() {
    let mut fixture = fixture().await;
    let base = "/verified-authenticator";
    for (path, fields) in [
        (
            "set-quorum-strategy",
            &[("strategy", "affirmative"), ("strategy_params", "1")][..],
        ),
        ("set-voting-time-limit", &[("timeLimit", "90")]),
    ] {
        fixture.ada.done(&format!("{base}/{path}"), fields).await;
    }
    let policy = json!({
        "name": "own way",
        "policyTemplateId": "data",
        "applyingEventIds": [Held::Delete.event()],
        "votingConfigurationId": null,
        "configuration": { "reason": "x" },
    });
    crate::voters::done_json(&mut fixture.ada, "/policy/register", &policy).await;
    let kept = fixture
        .ada
        .get("/policy/retrieve-policy/own%20way")
        .await
        .json();
    let id = text(&kept, "id");
    fixture
        .ada
        .done("/policy/activate", &[("policyId", &id)])
        .await;
    let token = fixture.ada.store("kept", b"kept", true).await;
    let id = fixture.ada.command(DELETE, &[("token", &token)]).await;
    fixture.ada.held(&id).await;
    fixture.control.clock().advance(Duration::from_secs(89));
    let script = Script::AlwaysYes;
    assert!(
        fixture
            .control
            .set_script(&fixture.phones[2], script)
            .await
            .unwrap()
    );
    assert_eq!(fixture.ada.outcome(&id).await, (2, String::new()));
}
