//! What tests can count: tokens, what is on the disk, calls.

use privicore_sandbox::{DOWNSTREAM, DiskState, UPSTREAM};

use crate::data_tokens::bytes;
use crate::person::{Person, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn the_permanent_tokens_of_a_profile_are_listed_oldest_first() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let mut bob = Person::new(&sandbox, "bob").await;
    let control = sandbox.control();
    let first = ada.store("first", b"first", true).await;
    bob.store("another's", b"x", true).await;
    let (temporary, auth) = ada.space().await;
    ada.upload(&auth, &bytes(300_000)).await.unwrap();
    assert_eq!(control.list_tokens("ada").await.unwrap().len(), 1);
    ada.file_meta(&temporary, "second", 7).await;
    let tokens = control.list_tokens("ada").await.unwrap();
    assert_eq!((&*tokens[0].token, &*tokens[0].context), (&*first, "tests"));
    let second = &tokens[1];
    assert_eq!(
        (&*second.file_name, second.stated_bytes, second.stored_bytes),
        ("second", 7, 300_000)
    );
    assert!(control.list_tokens("nobody").await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_disk_tells_permanent_from_temporary() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    ada.store("kept", b"kept", true).await;
    let (temporary, auth) = ada.space().await;
    ada.upload(&auth, b"not yet").await.unwrap();
    let expected = DiskState {
        blobs: 2,
        temporary: 1,
        copies: 6,
        unfinished: 0,
    };
    assert_eq!(control.disk().await.unwrap(), expected);
    ada.file_meta(&temporary, "now", 7).await;
    assert_eq!(control.disk().await.unwrap().temporary, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_by_operation_refused_ones_too() {
    let sandbox = sandbox().await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let control = sandbox.control();
    let token = ada.store("kept", &bytes(60_000), false).await;
    ada.fetch(&token).await;
    ada.poll("unknown").await;
    let meta = "data-token/configure-file-meta";
    assert_eq!(ada.post(&format!("/{meta}"), &[]).await.status, 422);
    assert_eq!(control.calls(meta), 2);
    assert_eq!(control.calls(UPSTREAM), 1);
    assert_eq!(control.calls(DOWNSTREAM), 1);
    assert!(control.list_calls().contains_key("request-status"));
    control.forget_calls();
    assert_eq!(control.calls(meta), 0);
}
