//! An untrusted list: hidden, cut, exchanged or repeated entries cost no file, receipt or name.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;

use privicore_sandbox::Dialect;
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_vault::{
    AsStored, Error, Event, Existing, File, FileError, FileState, ResealError, Stage, Transfer,
    TransferState, Unreceipted,
};

pub(crate) const DELETE: &str = "data-token/delete-data";

in_each_dialect!(
    a_file_that_the_service_lost_stays_and_is_missing,
    a_token_that_is_known_already_overwrites_nothing_and_the_list_tells_the_right_one,
    a_file_without_a_receipt_is_sealed_again_only_if_that_is_said
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

/// Three files of different lengths.
pub(crate) async fn stored(fixture: &TestVault) -> [Arc<File>; 3] {
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

pub(crate) fn hide(fixture: &TestVault, file: &File) {
    let token = file.token.reveal().to_owned();
    fixture.liar().lies().hidden.insert(token);
}

pub(crate) fn lose(fixture: &TestVault, file: &File) {
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

pub(crate) fn again(fixture: &TestVault, file: &File) -> Arc<File> {
    fixture.vault.file(&file.id.to_string()).unwrap()
}

pub(crate) async fn save(fixture: &TestVault, file: &File) -> Transfer {
    let target = fixture.originals().join("saved");
    let saved = fixture.save(file, &target, Existing::Replace).await;
    if saved.state == TransferState::Done {
        let length = u64::try_from(fs::read(&target).unwrap().len()).unwrap();
        assert_eq!(again(fixture, file).size_bytes, Some(length));
    }
    saved
}

pub(crate) fn code(transfer: &Transfer) -> &str {
    let error = transfer.error.as_ref();
    error.map_or("", |error| error.code.as_str())
}

pub(crate) async fn exported(fixture: &TestVault, name: &str) -> Vec<serde_json::Value> {
    let target = fixture.originals().join(name);
    let exported = fixture.vault.export_receipts(&target, Existing::Keep).await;
    exported.unwrap();
    let lines = fs::read_to_string(&target).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
