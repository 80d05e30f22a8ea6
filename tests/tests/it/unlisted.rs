//! What a file is called that no list has any more: missing, gone by a wish, or not looked for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_tests::wait_until;
use privicore_vault::{Error, Event, File, FileError, FileState, TransferState};

use super::missing::{DELETE, again, code, exported, hide, lose, save, stored};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_deletion_never_happened_is_missed_and_one_in_doubt_keeps_its_receipt() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let [kept, doubtful, _] = stored(&fixture).await;
    delete_in_doubt(&mut fixture, &kept).await;
    // What a vote has rejected is a file like any other; of the other deletion nobody tells anything.
    fixture.vault.refresh().await.unwrap();
    delete_in_doubt(&mut fixture, &doubtful).await;
    lose(&fixture, &kept);
    lose(&fixture, &doubtful);
    let control = fixture.sandbox().control();
    let field = "commandId".to_owned();
    let untold = Fault::Invalid { field };
    control.faults().plan("request-status", untold, 100);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(again(&fixture, &kept).state, FileState::Missing);
    let tokens: Vec<_> = exported(&fixture, "doubtful.jsonl").await;
    let tokens: Vec<&str> = tokens
        .iter()
        .filter_map(|line| line["token"].as_str())
        .collect();
    assert!(tokens.contains(&doubtful.token.reveal()), "{tokens:?}");
    fixture.liar().repent();
    fixture.vault.refresh().await.unwrap();
    assert!(again(&fixture, &doubtful).receipt.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_deletion_is_dropped_once_the_file_is_listed_again() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let [file, ..] = stored(&fixture).await;
    delete_in_doubt(&mut fixture, &file).await;
    fixture.vault.refresh().await.unwrap();
    assert_eq!(again(&fixture, &file).state, FileState::Stored);
    lose(&fixture, &file);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(
        again(&fixture, &file).state,
        FileState::Missing,
        "nobody deleted it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_record_is_damaged_is_expected_by_its_receipt() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let files = stored(&fixture).await;
    let damaged = files.iter().min_by_key(|file| file.id).unwrap();
    fixture.vault.shut_down().await;
    fixture.damage(Record::File);
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    lose(&fixture, damaged);
    fixture.vault.refresh().await.unwrap();
    for _ in 0..2 {
        let missed = again(&fixture, damaged);
        assert_eq!(missed.state, FileState::Missing);
        assert_eq!(missed.name, damaged.name, "its receipt tells the name");
        assert_eq!(missed.token.reveal(), damaged.token.reveal());
        let ids = fixture.vault.verify(&[damaged.id]).await.unwrap();
        assert_eq!(code(&fixture.ended(&ids).await[0]), "missing");
        fixture.restart().await;
        fixture
            .vault
            .unlock(Some(TestVault::passphrase()))
            .await
            .unwrap();
    }
    fixture.liar().repent();
    fixture.vault.refresh().await.unwrap();
    let back = again(&fixture, damaged);
    assert_eq!(back.state, FileState::Stored);
    assert_eq!(back.receipt, damaged.receipt);
    assert_eq!(fixture.count(Record::File), 3, "its record is made again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlisted_file_gets_the_state_that_the_service_reports_for_its_token() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [file, ..] = stored(&fixture).await;
    for (status, state) in [
        (None, FileState::NotListed),
        (Some(400), FileState::Unanswered),
        (Some(403), FileState::Unanswered),
        (Some(404), FileState::Missing),
        (Some(409), FileState::Unanswered),
        (Some(410), FileState::Missing),
        (Some(422), FileState::Unanswered),
        (Some(500), FileState::Unanswered),
    ] {
        hide(&fixture, &file);
        fixture.liar().lies().refused = status;
        fixture.vault.refresh().await.unwrap();
        let unlisted = again(&fixture, &file);
        assert_eq!(unlisted.state, state, "{status:?}");
        assert!(unlisted.receipt.is_some());
        assert!(unlisted.at_service.last_seen.is_some(), "{status:?}");
        let asked = fixture.liar().lies().requests;
        assert!(asked > 0, "{status:?}");
        fixture.vault.refresh().await.unwrap();
        assert_eq!(again(&fixture, &file).state, state, "{status:?}");
        assert_eq!(
            fixture.liar().lies().requests,
            asked,
            "{status:?}: a vote may hold each"
        );
        fixture.liar().repent();
        fixture.vault.refresh().await.unwrap();
        assert_eq!(
            again(&fixture, &file).state,
            FileState::Stored,
            "{status:?}"
        );
    }
    // What was handed out was seen, whatever the list says.
    hide(&fixture, &file);
    fixture.vault.refresh().await.unwrap();
    let ids = fixture.vault.verify(&[file.id]).await.unwrap();
    assert_eq!(fixture.ended(&ids).await[0].state, TransferState::Done);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(again(&fixture, &file).state, FileState::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_were_not_looked_for_are_counted_and_not_called_stored() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let paths: Vec<_> = (0_usize..11)
        .map(|at| {
            fixture
                .write(&format!("{at}.bin"), random_bytes(500 + at))
                .0
        })
        .collect();
    fixture.store(paths.clone(), "").await;
    fixture.vault.refresh().await.unwrap();
    let hidden: Vec<_> = paths[..5]
        .iter()
        .map(|path| fixture.file_named(path))
        .collect();
    for file in &hidden {
        hide(&fixture, file);
    }
    fixture.liar().lies().refused = Some(403);
    let mut events = fixture.vault.events();
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.vault.not_looked_for().unwrap(), 2);
    let mut told = String::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Notice(notice) = event {
            told.push_str(&notice.message);
        }
    }
    assert!(told.contains("2 files are not listed"), "{told}");
    for file in &hidden {
        assert_eq!(again(&fixture, file).state, FileState::Unanswered);
    }
    fixture.vault.refresh().await.unwrap();
    assert_eq!(
        fixture.vault.not_looked_for().unwrap(),
        0,
        "the others are next"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_whole_list_is_in_doubt_nothing_is_forgotten_also_after_a_restart() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let [missing, one, other] = stored(&fixture).await;
    lose(&fixture, &missing);
    fixture.vault.refresh().await.unwrap();
    lose(&fixture, &one);
    lose(&fixture, &other);
    fixture.vault.refresh().await.unwrap_err();
    for _ in 0..2 {
        let alarm = fixture.vault.status().list_alarm.unwrap();
        assert_eq!((alarm.expected, alarm.listed), (2, 0));
        let refused = fixture.vault.forget(missing.id).await;
        assert!(
            matches!(refused, Err(Error::File(FileError::ListShrunk { .. }))),
            "{refused:?}"
        );
        assert_eq!(code(&save(&fixture, &one).await), "missing");
        assert_eq!(again(&fixture, &one).state, FileState::Stored);
        fixture.restart().await;
        fixture
            .vault
            .unlock(Some(TestVault::passphrase()))
            .await
            .unwrap();
    }
    fixture.vault.accept_list(2, 0).await.unwrap();
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert_eq!(fixture.vault.status().list_alarm, None);
    fixture.vault.forget(missing.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_no_list_ever_had_is_not_said_to_have_been_seen() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let known = stored(&fixture).await;
    let tokens = known.iter().map(|file| file.token.reveal().to_owned());
    fixture.liar().lies().listed_only = Some(tokens.collect());
    let (path, _) = fixture.write("new.bin", random_bytes(500));
    fixture.store(vec![path.clone()], "").await;
    let new = fixture.file_named(&path);
    fixture.vault.refresh().await.unwrap();
    let at = again(&fixture, &new).at_service.clone();
    assert!(at.unlisted.is_some());
    assert_eq!((at.last_seen, at.ever_listed), (None, Some(false)));
    fixture.liar().repent();
    fixture.vault.refresh().await.unwrap();
    assert_eq!(again(&fixture, &new).at_service.ever_listed, Some(true));
    hide(&fixture, &new);
    fixture.vault.refresh().await.unwrap();
    assert!(again(&fixture, &new).at_service.last_seen.is_some());
}

/// Deletes a file; the app ends before the vote that holds it, and the vote refuses.
async fn delete_in_doubt(fixture: &mut TestVault, file: &File) {
    let control = fixture.sandbox().control();
    control.faults().plan(DELETE, Fault::HeldForVote, 1);
    let (vault, id) = (fixture.vault.clone(), file.id);
    let deleting = tokio::spawn(async move { vault.delete_now(id).await });
    wait_until("a vote to hold the deletion", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    deleting.abort();
    fixture.restart().await;
    let control = fixture.sandbox().control();
    let refused = Verdict::Reject {
        reason: "vote.rejected".into(),
    };
    control.release_all(refused).await.unwrap();
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
}
