//! Stored files sealed again for other recipients: the old bytes stay until the new ones are seen to be there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{Code, TransferState, Unreceipted};

use super::encryption_keys::{
    AgeKey, LARGE, SHARED, SMALL, code, import, opened, resealed, rotate, stored_with, unlock,
};

in_each_dialect!(
    a_recipient_is_added_to_files_stored_before,
    a_file_too_large_to_replace_is_refused_and_unchanged,
    a_lost_answer_ends_with_the_new_bytes,
    a_lost_outcome_ends_with_the_new_bytes,
    a_rejected_replacement_leaves_the_old_bytes,
    a_vote_decides_over_a_replacement,
    a_replacement_that_was_cut_off_is_never_called_swapped
);

const UPDATE: &str = "data-token/update-data";

async fn a_recipient_is_added_to_files_stored_before(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let anna = AgeKey::generate("anna");
    let (path, bytes) = fixture.write("a.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "").await;
    let before = fixture.file_named(&path);
    fixture
        .vault
        .add_recipient(&anna.public, "", None)
        .await
        .unwrap();
    assert_eq!(fixture.vault.outdated().await.unwrap(), [before.id]);
    resealed(&fixture, &before).await;
    let stored = fixture.raw(&before).await;
    assert!(opened(&anna.file, &stored).unwrap() == bytes);
    fixture
        .vault
        .remove_recipient(&anna.public, None)
        .await
        .unwrap();
    resealed(&fixture, &fixture.file_named(&path)).await;
    assert!(opened(&anna.file, &fixture.raw(&before).await).is_none());
}

async fn a_file_too_large_to_replace_is_refused_and_unchanged(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes) = fixture.write("large.bin", random_bytes(LARGE));
    let (shared, _) = fixture.write("shared.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "").await;
    import(&fixture.vault, "team", SHARED).await;
    let shared = stored_with(&fixture, shared, "team").await;
    rotate(&fixture, dir.path()).await;
    let file = fixture.file_named(&path);
    assert_eq!(fixture.vault.outdated().await.unwrap(), [file.id]);
    let before = fixture.raw(&file).await;
    assert_eq!(
        code(&resealed(&fixture, &file).await),
        Code::TooLargeToReseal
    );
    assert_eq!(code(&resealed(&fixture, &shared).await), Code::StaysShared);
    assert!(fixture.raw(&file).await == before);
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
}

async fn a_lost_answer_ends_with_the_new_bytes(dialect: Dialect) {
    ends_with_the_new_bytes(dialect, Fault::AnswerLost).await;
}

async fn a_lost_outcome_ends_with_the_new_bytes(dialect: Dialect) {
    ends_with_the_new_bytes(dialect, Fault::AckLost).await;
}

async fn ends_with_the_new_bytes(dialect: Dialect, fault: Fault) {
    let fixture = TestVault::retrying(dialect).await;
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes) = fixture.write("a.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    let (old, new) = rotate(&fixture, dir.path()).await;
    fixture.sandbox().control().faults().plan(UPDATE, fault, 1);
    let ids = fixture
        .vault
        .reseal(&[file.id], Unreceipted::Refuse)
        .await
        .unwrap();
    fixture.settled(&ids).await;
    let ended = fixture.vault.transfer(ids[0]).unwrap().unwrap();
    assert_eq!(ended.state, TransferState::Done, "{ended:?}");
    let stored = fixture.raw(&file).await;
    assert!(opened(&new, &stored).unwrap() == bytes);
    assert!(opened(&old, &stored).is_none());
    assert_eq!(
        fixture.saved(&fixture.file_named(&path)).await.unwrap(),
        bytes
    );
    assert_eq!(
        fixture.sandbox().control().calls(UPDATE),
        1,
        "it was sent again"
    );
}

async fn a_rejected_replacement_leaves_the_old_bytes(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes) = fixture.write("a.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    let before = fixture.raw(&file).await;
    rotate(&fixture, dir.path()).await;
    let reject = Fault::Reject {
        reason: "vote.rejected".into(),
    };
    fixture.sandbox().control().faults().plan(UPDATE, reject, 1);
    assert_eq!(code(&resealed(&fixture, &file).await), Code::VoteRejected);
    assert!(fixture.raw(&file).await == before);
    assert_eq!(
        fixture.saved(&fixture.file_named(&path)).await.unwrap(),
        bytes
    );
    let ended = resealed(&fixture, &fixture.file_named(&path)).await;
    assert_eq!(ended.state, TransferState::Done, "{ended:?}");
}

async fn a_vote_decides_over_a_replacement(dialect: Dialect) {
    for approve in [true, false] {
        let fixture = TestVault::retrying(dialect).await;
        let dir = tempfile::tempdir().unwrap();
        let (path, bytes) = fixture.write("a.bin", random_bytes(SMALL));
        fixture.store(vec![path.clone()], "").await;
        let file = fixture.file_named(&path);
        let before = fixture.raw(&file).await;
        let (_, new) = rotate(&fixture, dir.path()).await;
        let control = fixture.sandbox().control();
        control.faults().plan(UPDATE, Fault::HeldForVote, 1);
        let ids = fixture
            .vault
            .reseal(&[file.id], Unreceipted::Refuse)
            .await
            .unwrap();
        let held = || fixture.vault.transfer(ids[0]).unwrap().unwrap().state == TransferState::Held;
        privicore_tests::wait_until("the vote holds it", async || held()).await;
        assert_eq!(
            fixture.saved(&fixture.file_named(&path)).await.unwrap(),
            bytes
        );
        let again = fixture
            .vault
            .reseal(&[file.id], Unreceipted::Refuse)
            .await
            .unwrap();
        assert!(again.is_empty(), "it is being sealed again already");
        let verdict = if approve {
            Verdict::Approve
        } else {
            Verdict::Reject {
                reason: "vote.rejected".into(),
            }
        };
        control.release_all(verdict).await.unwrap();
        let ended = fixture.ended(&ids).await.remove(0);
        let stored = fixture.raw(&file).await;
        if approve {
            assert_eq!(ended.state, TransferState::Done, "{ended:?}");
            assert!(opened(&new, &stored).unwrap() == bytes);
        } else {
            assert_eq!(code(&ended), Code::VoteRejected);
            assert!(stored == before);
        }
        assert_eq!(
            fixture.saved(&fixture.file_named(&path)).await.unwrap(),
            bytes
        );
    }
}

/// The service takes the new bytes in, its answer never comes, and the app ends: the receipt must know both.
async fn a_replacement_that_was_cut_off_is_never_called_swapped(dialect: Dialect) {
    let mut fixture = TestVault::retrying(dialect).await;
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes) = fixture.write("a.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    let (old, new) = rotate(&fixture, dir.path()).await;
    let control = fixture.sandbox().control();
    control.faults().plan(UPDATE, Fault::AnswerWithheld, 1);
    fixture
        .vault
        .reseal(&[file.id], Unreceipted::Refuse)
        .await
        .unwrap();
    privicore_tests::wait_until("the new bytes have been sent", async || {
        fixture.sandbox().control().calls(UPDATE) == 1
    })
    .await;
    let in_doubt = fixture.file_named(&path);
    assert_eq!(in_doubt.receipt.as_ref().unwrap().replacements.len(), 1);
    assert_eq!(fixture.saved(&in_doubt).await.unwrap(), bytes);
    fixture.restart().await;
    unlock(&fixture.vault).await;
    assert_eq!(
        fixture.saved(&fixture.file_named(&path)).await.unwrap(),
        bytes
    );
    privicore_tests::wait_until("the receipt has been replaced", async || {
        let file = fixture.file_named(&path);
        file.receipt.as_ref().unwrap().replacements.is_empty()
    })
    .await;
    let file = fixture.file_named(&path);
    let stored = fixture.raw(&file).await;
    assert_eq!(
        file.receipt.as_ref().unwrap().digest,
        blake3::hash(&stored).to_string()
    );
    assert!(opened(&new, &stored).unwrap() == bytes);
    assert!(opened(&old, &stored).is_none());
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_contradict_the_receipt_are_not_resealed() {
    let fixture = TestVault::signed_up(Dialect::Observed).await;
    let (path, _) = fixture.write("small.bin", random_bytes(1000));
    fixture.store(vec![path.clone()], "").await;
    let file = fixture.file_named(&path);
    for length in [500, 40_000] {
        fixture.replace(&file, random_bytes(length)).await;
        assert_eq!(code(&resealed(&fixture, &file).await), Code::Damaged);
    }
}
