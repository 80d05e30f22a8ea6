//! An untrusted list: hidden, cut, exchanged or repeated entries cost no file, receipt or name.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    AsStored, Error, Event, Existing, File, FileError, FileState, ResealError, Stage, Transfer,
    TransferState, Unreceipted,
};

const DELETE: &str = "data-token/delete-data";

in_each_dialect!(
    a_file_that_the_service_lost_stays_and_is_missing,
    a_token_that_is_known_already_overwrites_nothing_and_the_list_tells_the_right_one,
    a_file_without_a_receipt_is_sealed_again_only_if_that_is_said,
);

async fn a_file_that_the_service_lost_stays_and_is_missing(dialect: Dialect) {
    let mut fixture = TestVault::lied_to(dialect).await;
    let others = ["one.txt", "two.txt"].map(|name| fixture.write(name, name.into()).0);
    fixture.store(others.to_vec(), "").await;
    let [_, lost, hidden] = stored(&fixture).await;
    lose(&fixture, &lost);
    hide(&fixture, &hidden);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(again(&fixture, &hidden).state, FileState::NotListed);
    let file = again(&fixture, &lost);
    assert_eq!(file.state, FileState::Missing);
    assert!(file.at_service.missing_since.is_some());
    assert!(file.receipt.is_some(), "its receipt is kept");
    assert_eq!(code(&save(&fixture, &lost).await), "missing");
    let ids = fixture.vault.verify(&[lost.id]).await.unwrap();
    assert_eq!(code(&fixture.ended(&ids).await[0]), "missing");
    assert_eq!(
        save(&fixture, &hidden).await.state,
        TransferState::Done,
        "the service has it all the same"
    );

    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    assert_eq!(again(&fixture, &lost).state, FileState::Missing);
    fixture.liar().repent();
    fixture.vault.refresh().await.unwrap();
    assert_eq!(again(&fixture, &lost).state, FileState::Stored);
    let refused = fixture.vault.forget(lost.id).await;
    assert!(matches!(
        refused,
        Err(Error::File(FileError::NotMissing { .. }))
    ));

    lose(&fixture, &lost);
    fixture.vault.refresh().await.unwrap();
    fixture.vault.forget(lost.id).await.unwrap();
    assert_eq!(fixture.listed().len(), 4);
    let lines = exported(&fixture, "after.jsonl").await;
    let forgotten: Vec<_> = lines
        .iter()
        .filter(|line| line["forgotten"] == true)
        .collect();
    assert_eq!((lines.len(), forgotten.len()), (5, 1));
    assert_eq!(forgotten[0]["token"], lost.token.reveal());
    fixture.liar().repent();
    fixture.vault.refresh().await.unwrap();
    assert!(
        again(&fixture, &lost).receipt.is_some(),
        "it is back, with its receipt"
    );
}

async fn a_token_that_is_known_already_overwrites_nothing_and_the_list_tells_the_right_one(
    dialect: Dialect,
) {
    let fixture = TestVault::lied_to(dialect).await;
    let (path, _) = fixture.write("first.bin", random_bytes(900));
    fixture.store(vec![path.clone()], "").await;
    let first = fixture.file_named(&path);
    fixture.liar().lies().permanent = Some(first.token.reveal().to_owned());
    let (second, _) = fixture.write("second.bin", random_bytes(901));
    let stored = fixture.store(vec![second.clone()], "").await.remove(0);
    assert_eq!(stored.state, TransferState::Done, "{stored:?}");
    let second = fixture.file_named(&second);
    assert_ne!(second.token.reveal(), first.token.reveal());
    assert_eq!(again(&fixture, &first).receipt, first.receipt);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.listed().len(), 2);
    let ids = fixture.vault.verify(&[first.id, second.id]).await.unwrap();
    for verified in fixture.ended(&ids).await {
        assert_eq!(verified.state, TransferState::Done, "{verified:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_known_already_is_refused_where_the_list_does_not_tell_another() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let (path, _) = fixture.write("first.bin", random_bytes(900));
    fixture.store(vec![path.clone()], "").await;
    let first = fixture.file_named(&path);
    let token = first.token.reveal().to_owned();
    fixture.liar().lies().permanent = Some(token.clone());
    fixture.liar().lies().listed_only = Some([token].into());
    let (second, _) = fixture.write("second.bin", random_bytes(901));
    let refused = fixture.store(vec![second], "").await.remove(0);
    assert_eq!(code(&refused), "token_known");
    assert_eq!(again(&fixture, &first).receipt, first.receipt);
    assert_eq!(fixture.names(), ["first.bin"]);
    fixture.liar().repent();
    fixture.vault.retry(refused.id).unwrap();
    let stored = fixture.ended(&[refused.id]).await.remove(0);
    assert_eq!(stored.state, TransferState::Done, "{stored:?}");
    assert_eq!(fixture.listed().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_uploads_that_are_answered_with_one_token_get_one_each() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    fixture.liar().lies().permanent = Some("dtk-one-for-all".into());
    let paths = (0_usize..3).map(|at| {
        fixture
            .write(&format!("{at}.bin"), random_bytes(900 + at))
            .0
    });
    let ended = fixture.store(paths.collect(), "").await;
    let done = ended.iter().filter(|one| one.state == TransferState::Done);
    assert_eq!(done.count(), 3, "{ended:?}");
    let tokens: HashSet<String> = fixture
        .listed()
        .iter()
        .map(|file| file.token.reveal().to_owned())
        .collect();
    assert_eq!(tokens.len(), 3, "each has a token of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_suddenly_empty_or_half_as_long_changes_nothing_until_it_is_accepted() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let files = stored(&fixture).await;
    for file in &files[1..] {
        lose(&fixture, file);
    }
    for _ in 0..2 {
        let shrunk = fixture.vault.refresh().await;
        let told = matches!(
            shrunk,
            Err(Error::File(FileError::ListShrunk {
                expected: 3,
                listed: 1
            }))
        );
        assert!(told, "{shrunk:?}");
        let alarm = fixture.vault.status().list_alarm.unwrap();
        assert_eq!((alarm.expected, alarm.listed), (3, 1));
        assert!(
            fixture
                .listed()
                .iter()
                .all(|file| file.state == FileState::Stored)
        );
    }
    fixture.liar().repent();
    fixture.vault.refresh().await.unwrap();
    assert_eq!(
        fixture.vault.status().list_alarm,
        None,
        "it was the service's mistake"
    );

    for file in &files {
        lose(&fixture, file);
    }
    fixture.vault.refresh().await.unwrap_err();
    fixture.vault.accept_list(3, 0).await.unwrap();
    assert_eq!(fixture.vault.status().list_alarm, None);
    assert!(
        fixture
            .listed()
            .iter()
            .all(|file| file.state == FileState::Missing)
    );
    fixture.vault.refresh().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanged_names_are_shown_and_not_taken_over() {
    let fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, other, _] = stored(&fixture).await;
    exchange(&fixture, &one, &other);
    hide(&fixture, &one);
    fixture.vault.refresh().await.unwrap();
    fixture.liar().lies().hidden.clear();
    fixture.vault.refresh().await.unwrap();
    for (file, shown) in [(&one, &other), (&other, &one)] {
        let now = again(&fixture, file);
        assert_eq!(now.name, file.name);
        assert_eq!(now.at_service.renamed.as_ref().unwrap().name, shown.name);
        let saved = save(&fixture, file).await;
        assert_eq!(saved.as_stored, Some(AsStored::Yes));
        let ids = fixture.vault.verify(&[file.id]).await.unwrap();
        assert_eq!(fixture.ended(&ids).await[0].state, TransferState::Done);
        assert!(again(&fixture, file).at_service.renamed.is_some());
    }
    let mark = again(&fixture, &one)
        .at_service
        .renamed
        .as_ref()
        .unwrap()
        .mark();
    let stale = fixture.vault.accept_name(one.id, "another").await;
    assert!(matches!(
        stale,
        Err(Error::File(FileError::RenamedAgain { .. }))
    ));
    fixture.vault.accept_name(one.id, &mark).await.unwrap();
    assert_eq!(again(&fixture, &one).name, other.name);
    let refused = fixture.vault.accept_name(one.id, &mark).await;
    assert!(matches!(
        refused,
        Err(Error::File(FileError::NotRenamed { .. }))
    ));
    assert_eq!(save(&fixture, &one).await.state, TransferState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_receipts_finds_exchanged_names_by_the_length_that_is_sealed_in_them() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let [one, other, third] = stored(&fixture).await;
    exchange(&fixture, &one, &other);
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    assert_eq!(
        again(&fixture, &one).name,
        other.name,
        "nobody here knows better"
    );
    let refused = save(&fixture, &one).await;
    assert_eq!(code(&refused), "swapped");
    assert_eq!(refused.as_stored, Some(AsStored::No));
    let saved = save(&fixture, &third).await;
    assert_eq!(saved.as_stored, Some(AsStored::NotComparable));
    let refused = fixture
        .vault
        .reseal(&[one.id], Unreceipted::Reseal)
        .await
        .unwrap();
    assert_eq!(code(&fixture.ended(&refused).await[0]), "swapped");
}

async fn a_file_without_a_receipt_is_sealed_again_only_if_that_is_said(dialect: Dialect) {
    let mut fixture = TestVault::lied_to(dialect).await;
    let [file, ..] = stored(&fixture).await;
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    let refused = fixture.vault.reseal(&[file.id], Unreceipted::Refuse).await;
    assert!(matches!(
        refused,
        Err(Error::Reseal(ResealError::WithoutReceipt { .. }))
    ));
    let ids = fixture
        .vault
        .reseal(&[file.id], Unreceipted::Reseal)
        .await
        .unwrap();
    assert_eq!(fixture.ended(&ids).await[0].state, TransferState::Done);
    let resealed = again(&fixture, &file);
    assert!(resealed.receipt.as_ref().unwrap().from_unproven);
    assert_eq!(
        (&resealed.name, &resealed.at_service.renamed),
        (&file.name, &None)
    );
    let lines = exported(&fixture, "resealed.jsonl").await;
    assert_eq!(lines[0]["resealed_without_receipt"], true);
    let sent = fixture.liar().lies().updates.remove(0);
    let sealed_name = sent["meta"]["file"]["fileName"].as_str().unwrap();
    assert!(
        sealed_name.starts_with("pv1."),
        "what is said of it is sent along"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_no_longer_reports_its_key_stops_uploads() {
    let mut fixture = TestVault::lied_to(Dialect::Observed).await;
    let [file, ..] = stored(&fixture).await;
    let engine_key = file.receipt.as_ref().unwrap().engine_key.clone();
    assert!(engine_key.is_some(), "the receipt says which key it was");
    for (status, body) in [
        (404, "{}"),
        (500, "{}"),
        (200, r#"{"publicKey":"nonsense"}"#),
    ] {
        fixture.restart().await;
        fixture
            .vault
            .unlock(Some(TestVault::passphrase()))
            .await
            .unwrap();
        fixture.liar().lies().engine_key = Some((status, body.to_owned()));
        let (path, _) = fixture.write("late.bin", random_bytes(500));
        let stopped = fixture.store(vec![path], "").await.remove(0);
        assert_eq!(code(&stopped), "key_not_told", "{status}");
        assert_eq!(save(&fixture, &file).await.state, TransferState::Done);
        fixture.liar().repent();
        fixture.vault.retry(stopped.id).unwrap();
        assert_eq!(
            fixture.ended(&[stopped.id]).await[0].state,
            TransferState::Done
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_of_any_kind_locks_nobody_out() {
    for record in [
        Record::Session,
        Record::File,
        Record::Receipt,
        Record::Pin,
        Record::SealingChoice,
    ] {
        let mut fixture = TestVault::signed_up(Dialect::Observed).await;
        let [file, ..] = stored(&fixture).await;
        let anna = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        fixture
            .vault
            .add_recipient(anna, "Anna", None)
            .await
            .unwrap();
        fixture.vault.shut_down().await;
        fixture.damage(record);
        fixture.restart().await;
        fixture
            .vault
            .unlock(Some(TestVault::passphrase()))
            .await
            .unwrap();
        if record as u8 == Record::Session as u8 {
            assert_eq!(fixture.vault.status().stage, Stage::SignedOut);
            fixture.sign_in().await.unwrap();
        }
        let notice = fixture.vault.events().try_recv();
        assert!(
            matches!(notice, Ok(Event::Notice(_))),
            "{record:?}: {notice:?}"
        );
        fixture.vault.refresh().await.unwrap();
        assert_eq!(fixture.listed().len(), 3, "{record:?}");
        assert_eq!(save(&fixture, &file).await.state, TransferState::Done);
        fixture.vault.sign_out().await.unwrap();
        fixture.sign_in().await.unwrap();
        assert_eq!(fixture.listed().len(), 3, "{record:?}");
    }
}

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

/// Three files of different lengths.
async fn stored(fixture: &TestVault) -> [Arc<File>; 3] {
    let paths = [700, 800, 900].map(|length| {
        let name = format!("{length}.bin");
        fixture.write(&name, random_bytes(length)).0
    });
    for ended in fixture.store(paths.to_vec(), "").await {
        assert_eq!(ended.state, TransferState::Done, "{ended:?}");
    }
    fixture.vault.refresh().await.unwrap();
    paths.map(|path| fixture.file_named(&path))
}

fn hide(fixture: &TestVault, file: &File) {
    let token = file.token.reveal().to_owned();
    fixture.liar().lies().hidden.insert(token);
}

fn lose(fixture: &TestVault, file: &File) {
    hide(fixture, file);
    let token = file.token.reveal().to_owned();
    fixture.liar().lies().lost.insert(token);
}

fn exchange(fixture: &TestVault, one: &File, other: &File) {
    let tokens = (
        one.token.reveal().to_owned(),
        other.token.reveal().to_owned(),
    );
    fixture.liar().lies().exchanged.push(tokens);
}

fn again(fixture: &TestVault, file: &File) -> Arc<File> {
    fixture.vault.file(&file.id.to_string()).unwrap()
}

async fn save(fixture: &TestVault, file: &File) -> Transfer {
    let target = fixture.originals().join("saved");
    let saved = fixture.save(file, &target, Existing::Replace).await;
    if saved.state == TransferState::Done {
        let length = u64::try_from(fs::read(&target).unwrap().len()).unwrap();
        assert_eq!(again(fixture, file).size_bytes, Some(length));
    }
    saved
}

fn code(transfer: &Transfer) -> &str {
    let error = transfer.error.as_ref();
    error.map_or("", |error| error.code.as_str())
}

async fn exported(fixture: &TestVault, name: &str) -> Vec<serde_json::Value> {
    let target = fixture.originals().join(name);
    let exported = fixture.vault.export_receipts(&target, Existing::Keep).await;
    exported.unwrap();
    let lines = fs::read_to_string(&target).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
