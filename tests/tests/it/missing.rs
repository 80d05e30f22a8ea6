//! What the service's list says is a claim: what it hides, shortens, exchanges or answers twice costs no file, no receipt, no name.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::house::{House, Record, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    AsStored, Error, Event, Existing, File, FileState, Stage, Transfer, TransferState, Unreceipted,
};

const DELETE: &str = "data-token/delete-data";

in_each_dialect!(
    a_file_that_the_service_lost_stays_and_is_missing,
    a_token_that_is_known_already_overwrites_nothing_and_the_list_tells_the_right_one,
    a_file_without_a_receipt_is_sealed_again_only_if_that_is_said,
);

async fn a_file_that_the_service_lost_stays_and_is_missing(dialect: Dialect) {
    let mut house = House::lied_to(dialect).await;
    let others = ["one.txt", "two.txt"].map(|name| house.write(name, name.into()).0);
    house.store(others.to_vec(), "").await;
    let [_, lost, hidden] = stored(&house).await;
    lose(&house, &lost);
    hide(&house, &hidden);
    house.vault.refresh().await.unwrap();
    assert_eq!(again(&house, &hidden).state, FileState::NotListed);
    let file = again(&house, &lost);
    assert_eq!(file.state, FileState::Missing);
    assert!(file.at_service.missing_since.is_some());
    assert!(file.receipt.is_some(), "its receipt is kept");
    assert_eq!(code(&save(&house, &lost).await), "missing");
    let ids = house.vault.verify(&[lost.id]).await.unwrap();
    assert_eq!(code(&house.ended(&ids).await[0]), "missing");
    assert_eq!(
        save(&house, &hidden).await.state,
        TransferState::Done,
        "the service has it all the same"
    );

    house.restart().await;
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    assert_eq!(again(&house, &lost).state, FileState::Missing);
    house.liar().repent();
    house.vault.refresh().await.unwrap();
    assert_eq!(again(&house, &lost).state, FileState::Stored);
    let refused = house.vault.forget(lost.id).await;
    assert!(matches!(refused, Err(Error::NotMissing { .. })));

    lose(&house, &lost);
    house.vault.refresh().await.unwrap();
    house.vault.forget(lost.id).await.unwrap();
    assert_eq!(house.listed().len(), 4);
    let lines = exported(&house, "after.jsonl").await;
    let forgotten: Vec<_> = lines
        .iter()
        .filter(|line| line["forgotten"] == true)
        .collect();
    assert_eq!((lines.len(), forgotten.len()), (5, 1));
    assert_eq!(forgotten[0]["token"], lost.token.reveal());
    house.liar().repent();
    house.vault.refresh().await.unwrap();
    assert!(
        again(&house, &lost).receipt.is_some(),
        "it is back, with its receipt"
    );
}

async fn a_token_that_is_known_already_overwrites_nothing_and_the_list_tells_the_right_one(
    dialect: Dialect,
) {
    let house = House::lied_to(dialect).await;
    let (path, _) = house.write("first.bin", random_bytes(900));
    house.store(vec![path.clone()], "").await;
    let first = house.file_named(&path);
    house.liar().lies().permanent = Some(first.token.reveal().to_owned());
    let (second, _) = house.write("second.bin", random_bytes(901));
    let stored = house.store(vec![second.clone()], "").await.remove(0);
    assert_eq!(stored.state, TransferState::Done, "{stored:?}");
    let second = house.file_named(&second);
    assert_ne!(second.token.reveal(), first.token.reveal());
    assert_eq!(again(&house, &first).receipt, first.receipt);
    house.vault.refresh().await.unwrap();
    assert_eq!(house.listed().len(), 2);
    let ids = house.vault.verify(&[first.id, second.id]).await.unwrap();
    for verified in house.ended(&ids).await {
        assert_eq!(verified.state, TransferState::Done, "{verified:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_known_already_is_refused_where_the_list_does_not_tell_another() {
    let house = House::lied_to(Dialect::Observed).await;
    let (path, _) = house.write("first.bin", random_bytes(900));
    house.store(vec![path.clone()], "").await;
    let first = house.file_named(&path);
    let token = first.token.reveal().to_owned();
    house.liar().lies().permanent = Some(token.clone());
    house.liar().lies().listed_only = Some([token].into());
    let (second, _) = house.write("second.bin", random_bytes(901));
    let refused = house.store(vec![second], "").await.remove(0);
    assert_eq!(code(&refused), "token_known");
    assert_eq!(again(&house, &first).receipt, first.receipt);
    assert_eq!(house.names(), ["first.bin"]);
    house.liar().repent();
    house.vault.retry(refused.id).unwrap();
    let stored = house.ended(&[refused.id]).await.remove(0);
    assert_eq!(stored.state, TransferState::Done, "{stored:?}");
    assert_eq!(house.listed().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_uploads_that_are_answered_with_one_token_get_one_each() {
    let house = House::lied_to(Dialect::Observed).await;
    house.liar().lies().permanent = Some("dtk-one-for-all".into());
    let paths = (0_usize..3).map(|at| house.write(&format!("{at}.bin"), random_bytes(900 + at)).0);
    let ended = house.store(paths.collect(), "").await;
    let done = ended.iter().filter(|one| one.state == TransferState::Done);
    assert_eq!(done.count(), 3, "{ended:?}");
    let tokens: HashSet<String> = house
        .listed()
        .iter()
        .map(|file| file.token.reveal().to_owned())
        .collect();
    assert_eq!(tokens.len(), 3, "each has a token of its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_suddenly_empty_or_half_as_long_changes_nothing_until_it_is_accepted() {
    let house = House::lied_to(Dialect::Observed).await;
    let files = stored(&house).await;
    for file in &files[1..] {
        lose(&house, file);
    }
    for _ in 0..2 {
        let shrunk = house.vault.refresh().await;
        let told = matches!(
            shrunk,
            Err(Error::ListShrunk {
                expected: 3,
                listed: 1
            })
        );
        assert!(told, "{shrunk:?}");
        let alarm = house.vault.status().list_alarm.unwrap();
        assert_eq!((alarm.expected, alarm.listed), (3, 1));
        assert!(
            house
                .listed()
                .iter()
                .all(|file| file.state == FileState::Stored)
        );
    }
    house.liar().repent();
    house.vault.refresh().await.unwrap();
    assert_eq!(
        house.vault.status().list_alarm,
        None,
        "it was the service's mistake"
    );

    for file in &files {
        lose(&house, file);
    }
    house.vault.refresh().await.unwrap_err();
    house.vault.accept_list(3, 0).await.unwrap();
    assert_eq!(house.vault.status().list_alarm, None);
    assert!(
        house
            .listed()
            .iter()
            .all(|file| file.state == FileState::Missing)
    );
    house.vault.refresh().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanged_names_are_shown_and_not_taken_over() {
    let house = House::lied_to(Dialect::Observed).await;
    let [one, other, _] = stored(&house).await;
    exchange(&house, &one, &other);
    hide(&house, &one);
    house.vault.refresh().await.unwrap();
    house.liar().lies().hidden.clear();
    house.vault.refresh().await.unwrap();
    for (file, shown) in [(&one, &other), (&other, &one)] {
        let now = again(&house, file);
        assert_eq!(now.name, file.name);
        assert_eq!(now.at_service.renamed.as_ref().unwrap().name, shown.name);
        let saved = save(&house, file).await;
        assert_eq!(saved.as_stored, Some(AsStored::Yes));
        let ids = house.vault.verify(&[file.id]).await.unwrap();
        assert_eq!(house.ended(&ids).await[0].state, TransferState::Done);
        assert!(again(&house, file).at_service.renamed.is_some());
    }
    let mark = again(&house, &one)
        .at_service
        .renamed
        .as_ref()
        .unwrap()
        .mark();
    let stale = house.vault.accept_name(one.id, "another").await;
    assert!(matches!(stale, Err(Error::RenamedAgain { .. })));
    house.vault.accept_name(one.id, &mark).await.unwrap();
    assert_eq!(again(&house, &one).name, other.name);
    let refused = house.vault.accept_name(one.id, &mark).await;
    assert!(matches!(refused, Err(Error::NotRenamed { .. })));
    assert_eq!(save(&house, &one).await.state, TransferState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_receipts_finds_exchanged_names_by_the_length_that_is_sealed_in_them() {
    let mut house = House::lied_to(Dialect::Observed).await;
    let [one, other, third] = stored(&house).await;
    exchange(&house, &one, &other);
    house.forget_records().await;
    house.sign_in().await.unwrap();
    house.vault.refresh().await.unwrap();
    assert_eq!(
        again(&house, &one).name,
        other.name,
        "nobody here knows better"
    );
    let refused = save(&house, &one).await;
    assert_eq!(code(&refused), "swapped");
    assert_eq!(refused.as_stored, Some(AsStored::No));
    let saved = save(&house, &third).await;
    assert_eq!(saved.as_stored, Some(AsStored::NotComparable));
    let refused = house
        .vault
        .reseal(&[one.id], Unreceipted::Reseal)
        .await
        .unwrap();
    assert_eq!(code(&house.ended(&refused).await[0]), "swapped");
}

async fn a_file_without_a_receipt_is_sealed_again_only_if_that_is_said(dialect: Dialect) {
    let mut house = House::lied_to(dialect).await;
    let [file, ..] = stored(&house).await;
    house.forget_records().await;
    house.sign_in().await.unwrap();
    house.vault.refresh().await.unwrap();
    let refused = house.vault.reseal(&[file.id], Unreceipted::Refuse).await;
    assert!(matches!(refused, Err(Error::ResealWithoutReceipt { .. })));
    let ids = house
        .vault
        .reseal(&[file.id], Unreceipted::Reseal)
        .await
        .unwrap();
    assert_eq!(house.ended(&ids).await[0].state, TransferState::Done);
    let resealed = again(&house, &file);
    assert!(resealed.receipt.as_ref().unwrap().from_unproven);
    assert_eq!(
        (&resealed.name, &resealed.at_service.renamed),
        (&file.name, &None)
    );
    let lines = exported(&house, "resealed.jsonl").await;
    assert_eq!(lines[0]["resealed_without_receipt"], true);
    let sent = house.liar().lies().updates.remove(0);
    let sealed_name = sent["meta"]["file"]["fileName"].as_str().unwrap();
    assert!(
        sealed_name.starts_with("pv1."),
        "what is said of it is sent along"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_does_not_tell_its_key_any_more_stops_what_is_stored() {
    let mut house = House::lied_to(Dialect::Observed).await;
    let [file, ..] = stored(&house).await;
    let engine_key = file.receipt.as_ref().unwrap().engine_key.clone();
    assert!(engine_key.is_some(), "the receipt says which key it was");
    for (status, body) in [
        (404, "{}"),
        (500, "{}"),
        (200, r#"{"publicKey":"nonsense"}"#),
    ] {
        house.restart().await;
        house.vault.unlock(Some(House::passphrase())).await.unwrap();
        house.liar().lies().engine_key = Some((status, body.to_owned()));
        let (path, _) = house.write("late.bin", random_bytes(500));
        let stopped = house.store(vec![path], "").await.remove(0);
        assert_eq!(code(&stopped), "key_not_told", "{status}");
        assert_eq!(save(&house, &file).await.state, TransferState::Done);
        house.liar().repent();
        house.vault.retry(stopped.id).unwrap();
        assert_eq!(
            house.ended(&[stopped.id]).await[0].state,
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
        let mut house = House::signed_up(Dialect::Observed).await;
        let [file, ..] = stored(&house).await;
        let anna = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        house.vault.add_recipient(anna, "Anna", None).await.unwrap();
        house.vault.shut_down().await;
        house.damage(record);
        house.restart().await;
        house.vault.unlock(Some(House::passphrase())).await.unwrap();
        if record as u8 == Record::Session as u8 {
            assert_eq!(house.vault.status().stage, Stage::SignedOut);
            house.sign_in().await.unwrap();
        }
        let notice = house.vault.events().try_recv();
        assert!(
            matches!(notice, Ok(Event::Notice(_))),
            "{record:?}: {notice:?}"
        );
        house.vault.refresh().await.unwrap();
        assert_eq!(house.listed().len(), 3, "{record:?}");
        assert_eq!(save(&house, &file).await.state, TransferState::Done);
        house.vault.sign_out().await.unwrap();
        house.sign_in().await.unwrap();
        assert_eq!(house.listed().len(), 3, "{record:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_deletion_never_happened_is_missed_and_one_in_doubt_keeps_its_receipt() {
    let mut house = House::lied_to(Dialect::Observed).await;
    let [kept, doubtful, _] = stored(&house).await;
    delete_in_doubt(&mut house, &kept).await;
    // What a vote has rejected is a file like any other; of the other deletion nobody tells anything.
    house.vault.refresh().await.unwrap();
    delete_in_doubt(&mut house, &doubtful).await;
    lose(&house, &kept);
    lose(&house, &doubtful);
    let control = house.sandbox().control();
    let field = "commandId".to_owned();
    let untold = Fault::Invalid { field };
    control.faults().plan("request-status", untold, 100);
    house.vault.refresh().await.unwrap();
    assert_eq!(again(&house, &kept).state, FileState::Missing);
    let tokens: Vec<_> = exported(&house, "doubtful.jsonl").await;
    let tokens: Vec<&str> = tokens
        .iter()
        .filter_map(|line| line["token"].as_str())
        .collect();
    assert!(tokens.contains(&doubtful.token.reveal()), "{tokens:?}");
    house.liar().repent();
    house.vault.refresh().await.unwrap();
    assert!(again(&house, &doubtful).receipt.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_in_doubt_is_over_once_the_file_is_listed_again() {
    let mut house = House::lied_to(Dialect::Observed).await;
    let [file, ..] = stored(&house).await;
    delete_in_doubt(&mut house, &file).await;
    house.vault.refresh().await.unwrap();
    assert_eq!(again(&house, &file).state, FileState::Stored);
    lose(&house, &file);
    house.vault.refresh().await.unwrap();
    assert_eq!(
        again(&house, &file).state,
        FileState::Missing,
        "nobody deleted it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_whose_record_is_damaged_is_expected_by_its_receipt() {
    let mut house = House::lied_to(Dialect::Observed).await;
    let files = stored(&house).await;
    let damaged = files.iter().min_by_key(|file| file.id).unwrap();
    house.vault.shut_down().await;
    house.damage(Record::File);
    house.restart().await;
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    lose(&house, damaged);
    house.vault.refresh().await.unwrap();
    for _ in 0..2 {
        let missed = again(&house, damaged);
        assert_eq!(missed.state, FileState::Missing);
        assert_eq!(missed.name, damaged.name, "its receipt tells the name");
        assert_eq!(missed.token.reveal(), damaged.token.reveal());
        let ids = house.vault.verify(&[damaged.id]).await.unwrap();
        assert_eq!(code(&house.ended(&ids).await[0]), "missing");
        house.restart().await;
        house.vault.unlock(Some(House::passphrase())).await.unwrap();
    }
    house.liar().repent();
    house.vault.refresh().await.unwrap();
    let back = again(&house, damaged);
    assert_eq!(back.state, FileState::Stored);
    assert_eq!(back.receipt, damaged.receipt);
    assert_eq!(house.count(Record::File), 3, "its record is made again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_listed_is_called_what_the_service_answers_about_its_token() {
    let house = House::lied_to(Dialect::Observed).await;
    let [file, ..] = stored(&house).await;
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
        hide(&house, &file);
        house.liar().lies().refused = status;
        house.vault.refresh().await.unwrap();
        let unlisted = again(&house, &file);
        assert_eq!(unlisted.state, state, "{status:?}");
        assert!(unlisted.receipt.is_some());
        assert!(unlisted.at_service.last_seen.is_some(), "{status:?}");
        let asked = house.liar().lies().requests;
        assert!(asked > 0, "{status:?}");
        house.vault.refresh().await.unwrap();
        assert_eq!(again(&house, &file).state, state, "{status:?}");
        assert_eq!(
            house.liar().lies().requests,
            asked,
            "{status:?}: a vote may hold each"
        );
        house.liar().repent();
        house.vault.refresh().await.unwrap();
        assert_eq!(again(&house, &file).state, FileState::Stored, "{status:?}");
    }
    // What was handed out was seen, whatever the list says.
    hide(&house, &file);
    house.vault.refresh().await.unwrap();
    let ids = house.vault.verify(&[file.id]).await.unwrap();
    assert_eq!(house.ended(&ids).await[0].state, TransferState::Done);
    house.vault.refresh().await.unwrap();
    assert_eq!(again(&house, &file).state, FileState::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_were_not_looked_for_are_counted_and_not_called_stored() {
    let house = House::lied_to(Dialect::Observed).await;
    let paths: Vec<_> = (0_usize..11)
        .map(|at| house.write(&format!("{at}.bin"), random_bytes(500 + at)).0)
        .collect();
    house.store(paths.clone(), "").await;
    house.vault.refresh().await.unwrap();
    let hidden: Vec<_> = paths[..5]
        .iter()
        .map(|path| house.file_named(path))
        .collect();
    for file in &hidden {
        hide(&house, file);
    }
    house.liar().lies().refused = Some(403);
    let mut events = house.vault.events();
    house.vault.refresh().await.unwrap();
    assert_eq!(house.vault.not_looked_for().unwrap(), 2);
    let mut told = String::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Notice(notice) = event {
            told.push_str(&notice.message);
        }
    }
    assert!(told.contains("2 files are not listed"), "{told}");
    for file in &hidden {
        assert_eq!(again(&house, file).state, FileState::Unanswered);
    }
    house.vault.refresh().await.unwrap();
    assert_eq!(
        house.vault.not_looked_for().unwrap(),
        0,
        "the others are next"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_whole_list_is_in_doubt_nothing_is_forgotten_also_after_a_restart() {
    let mut house = House::lied_to(Dialect::Observed).await;
    let [missing, one, other] = stored(&house).await;
    lose(&house, &missing);
    house.vault.refresh().await.unwrap();
    lose(&house, &one);
    lose(&house, &other);
    house.vault.refresh().await.unwrap_err();
    for _ in 0..2 {
        let alarm = house.vault.status().list_alarm.unwrap();
        assert_eq!((alarm.expected, alarm.listed), (2, 0));
        let refused = house.vault.forget(missing.id).await;
        assert!(
            matches!(refused, Err(Error::ListShrunk { .. })),
            "{refused:?}"
        );
        assert_eq!(code(&save(&house, &one).await), "missing");
        assert_eq!(again(&house, &one).state, FileState::Stored);
        house.restart().await;
        house.vault.unlock(Some(House::passphrase())).await.unwrap();
    }
    house.vault.accept_list(2, 0).await.unwrap();
    house.restart().await;
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
    assert_eq!(house.vault.status().list_alarm, None);
    house.vault.forget(missing.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_no_list_ever_had_is_not_said_to_have_been_seen() {
    let house = House::lied_to(Dialect::Observed).await;
    let known = stored(&house).await;
    let tokens = known.iter().map(|file| file.token.reveal().to_owned());
    house.liar().lies().listed_only = Some(tokens.collect());
    let (path, _) = house.write("new.bin", random_bytes(500));
    house.store(vec![path.clone()], "").await;
    let new = house.file_named(&path);
    house.vault.refresh().await.unwrap();
    let at = again(&house, &new).at_service.clone();
    assert!(at.unlisted.is_some());
    assert_eq!((at.last_seen, at.ever_listed), (None, Some(false)));
    house.liar().repent();
    house.vault.refresh().await.unwrap();
    assert_eq!(again(&house, &new).at_service.ever_listed, Some(true));
    hide(&house, &new);
    house.vault.refresh().await.unwrap();
    assert!(again(&house, &new).at_service.last_seen.is_some());
}

/// Deletes a file; the app ends before the vote that holds it, and the vote refuses.
async fn delete_in_doubt(house: &mut House, file: &File) {
    let control = house.sandbox().control();
    control.faults().plan(DELETE, Fault::HeldForVote, 1);
    let (vault, id) = (house.vault.clone(), file.id);
    let deleting = tokio::spawn(async move { vault.delete_now(id).await });
    wait_until("a vote to hold the deletion", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    deleting.abort();
    house.restart().await;
    let control = house.sandbox().control();
    let refused = Verdict::Reject {
        reason: "vote.rejected".into(),
    };
    control.release_all(refused).await.unwrap();
    house.vault.unlock(Some(House::passphrase())).await.unwrap();
}

/// Three files of different lengths.
async fn stored(house: &House) -> [Arc<File>; 3] {
    let paths = [700, 800, 900].map(|length| {
        let name = format!("{length}.bin");
        house.write(&name, random_bytes(length)).0
    });
    for ended in house.store(paths.to_vec(), "").await {
        assert_eq!(ended.state, TransferState::Done, "{ended:?}");
    }
    house.vault.refresh().await.unwrap();
    paths.map(|path| house.file_named(&path))
}

fn hide(house: &House, file: &File) {
    let token = file.token.reveal().to_owned();
    house.liar().lies().hidden.insert(token);
}

fn lose(house: &House, file: &File) {
    hide(house, file);
    let token = file.token.reveal().to_owned();
    house.liar().lies().lost.insert(token);
}

fn exchange(house: &House, one: &File, other: &File) {
    let tokens = (
        one.token.reveal().to_owned(),
        other.token.reveal().to_owned(),
    );
    house.liar().lies().exchanged.push(tokens);
}

fn again(house: &House, file: &File) -> Arc<File> {
    house.vault.file(&file.id.to_string()).unwrap()
}

async fn save(house: &House, file: &File) -> Transfer {
    let target = house.originals().join("saved");
    let saved = house.save(file, &target, Existing::Replace).await;
    if saved.state == TransferState::Done {
        let length = u64::try_from(fs::read(&target).unwrap().len()).unwrap();
        assert_eq!(again(house, file).size_bytes, Some(length));
    }
    saved
}

fn code(transfer: &Transfer) -> &str {
    let error = transfer.error.as_ref();
    error.map_or("", |error| error.code.as_str())
}

async fn exported(house: &House, name: &str) -> Vec<serde_json::Value> {
    let target = house.originals().join(name);
    let exported = house.vault.export_receipts(&target, Existing::Keep).await;
    exported.unwrap();
    let lines = fs::read_to_string(&target).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
