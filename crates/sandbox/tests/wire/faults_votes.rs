//! Commands and requests for data that are held for a vote.

use privicore_sandbox::{Control, Dialect, Fault, Sandbox, Verdict};

use crate::data_tokens::bytes;
use crate::person::{Person, both_dialects, start};

const DELETE: &str = "data-token/delete-data";
const DELETE_PATH: &str = "/data-token/delete-data";
const REQUEST: &str = "data-token/request-data";

fn hold(control: &Control, operation: &str) {
    control.faults().plan(operation, Fault::HeldForVote, 1);
}

fn no(reason: &str) -> Verdict {
    let reason = reason.to_owned();
    Verdict::Reject { reason }
}

async fn held_ids(control: &Control) -> Vec<String> {
    let held = control.list_held().await.unwrap();
    held.into_iter().map(|held| held.id).collect()
}

/// A held command that deletes the data `name`.
async fn hold_delete(ada: &mut Person, control: &Control, name: &str) -> String {
    let token = ada.store(name, b"kept", true).await;
    hold(control, DELETE);
    ada.command(DELETE_PATH, &[("token", &token)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_command_is_pending_until_it_is_approved() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let id = hold_delete(&mut ada, &control, "doomed").await;
        ada.held(&id).await;
        assert!(control.remind(&id).await.unwrap());
        assert_eq!(ada.next_message(&id).await, (1, String::new()));
        let held = control.list_held().await.unwrap();
        assert_eq!((&*held[0].id, &*held[0].operation), (&*id, DELETE));
        assert_eq!(ada.list(&[]).await.len(), 1);

        assert!(control.release(&id, Verdict::Approve).await.unwrap());
        assert_eq!(ada.outcome(&id).await, (2, String::new()));
        assert_eq!(ada.poll(&id).await, "succeeded");
        assert!(ada.list(&[]).await.is_empty());
        assert!(!control.release(&id, Verdict::Approve).await.unwrap());
        assert!(!control.remind(&id).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_can_reject_a_command_for_a_reason() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        for reason in ["vote.rejected", "vote.no_quorum", "vote.timed_out"] {
            let id = hold_delete(&mut ada, &control, reason).await;
            ada.held(&id).await;
            assert!(control.release(&id, no(reason)).await.unwrap());
            assert_eq!(ada.outcome(&id).await, (3, reason.to_owned()));
            assert_eq!(ada.poll(&id).await, "rejected");
        }
        assert_eq!(ada.list(&[]).await.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_of_a_rejected_exchange_are_not_kept() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let (temporary, _) = ada.space().await;
        hold(&control, "data-token/exchange-data-for-token");
        let fields = [("temporaryTokenSpace", &*temporary), ("data", "eA==")];
        let path = "/data-token/exchange-data-for-token";
        let id = ada.command(path, &fields).await;
        ada.held(&id).await;
        assert_eq!(control.disk().await.unwrap().temporary, 1);
        assert_eq!(control.release_all(no("vote.rejected")).await.unwrap(), 1);
        assert_eq!(control.disk().await.unwrap().blobs, 0);
        assert_eq!(ada.file_meta(&temporary, "x", 1).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_request_is_answered_once_it_is_approved() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let stored = bytes(60_000);
        let token = ada.store("kept", &stored, false).await;
        hold(&control, REQUEST);
        let id = ada.request(&token).await;
        assert_eq!(held_ids(&control).await, std::slice::from_ref(&id));
        assert_eq!(ada.poll(&id).await, "started");
        ada.space().await;
        assert_eq!(ada.line.shelved_about(&id), 0);

        assert!(control.remind(&id).await.unwrap());
        assert_eq!(ada.line.about(&id).await["output_type"], 0);
        assert!(control.release(&id, Verdict::Approve).await.unwrap());
        let auth = ada.link_of(&id).await;
        assert!(ada.download(&auth).await.body == stored);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_request_fails_under_its_own_id() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let token = ada.store("kept", b"kept", true).await;
        hold(&control, REQUEST);
        let id = ada.request(&token).await;
        assert!(control.release(&id, no("vote.no_quorum")).await.unwrap());
        assert_eq!(ada.outcome(&id).await, (3, "vote.no_quorum".to_owned()));
        assert_eq!(ada.fetch(&token).await, b"kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_can_be_rejected_at_once_or_answered_twice_or_never() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let token = ada.store("kept", b"kept", true).await;
        let reason = "policy.rejected".to_owned();
        control.faults().plan(REQUEST, Fault::Reject { reason }, 1);
        let id = ada.request(&token).await;
        assert_eq!(ada.outcome(&id).await, (3, "policy.rejected".to_owned()));

        control.faults().plan(REQUEST, Fault::AckLost, 1);
        let lost = ada.request(&token).await;
        control.faults().plan(REQUEST, Fault::AckTwice, 1);
        let twice = ada.request(&token).await;
        for _ in 0..2 {
            assert_eq!(ada.fetch_of(&twice).await, b"kept");
        }
        while ada.poll(&lost).await != "succeeded" {}
        assert_eq!(ada.fetch(&token).await, b"kept");
        assert_eq!(ada.line.shelved_about(&lost), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_survives_a_restart() {
    for dialect in [Dialect::Documented, Dialect::Observed] {
        let directory = tempfile::tempdir().unwrap();
        let builder = Sandbox::builder()
            .data_dir(directory.path())
            .dialect(dialect);
        let sandbox = start(builder.clone()).await;
        let mut ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let deleting = hold_delete(&mut ada, &control, "doomed").await;
        let token = ada.store("asked for", b"asked for", true).await;
        hold(&control, REQUEST);
        let asking = ada.request(&token).await;
        sandbox.shutdown().await;

        let sandbox = start(builder).await;
        let control = sandbox.control();
        let mut ada = Person::sign_in(sandbox.addresses(), "ada").await;
        assert_eq!(held_ids(&control).await, [deleting.clone(), asking.clone()]);
        assert_eq!(ada.poll(&deleting).await, "started");
        assert_eq!(ada.list(&[]).await.len(), 2);
        assert_eq!(control.release_all(Verdict::Approve).await.unwrap(), 2);
        assert_eq!(ada.outcome(&deleting).await, (2, String::new()));
        assert_eq!(ada.fetch_of(&asking).await, b"asked for");
        assert_eq!(ada.list(&[]).await.len(), 1);
        assert_eq!(ada.poll(&deleting).await, "succeeded");
    }
}
