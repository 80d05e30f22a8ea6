//! Files and folders are renamed, moved and labelled: the service, the receipt and a second process know the new name,
//! and what was not confirmed is never shown as done.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::{Record, TestVault, random_bytes};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{ChangeOutcome, Event, File, Sensitivity, Storing, TreeItem, TreePath};

const RENAME: &str = "data-token/update-data-token";
const LIST: &str = "data-token/list-data-tokens";

in_each_dialect!(
    a_renamed_file_has_its_name_here_at_the_service_and_in_its_receipt,
    a_folder_is_moved_with_all_versions_of_its_files,
    a_folder_stays_when_its_last_file_is_moved_out,
    another_label_is_what_the_service_shows,
    a_rejected_rename_leaves_the_name_and_says_why,
    a_held_rename_is_not_confirmed_until_the_vote_ends,
    a_rename_whose_answer_was_lost_is_found_in_the_list,
    a_rename_that_nobody_confirmed_keeps_the_name_until_a_list_has_the_other,
    a_file_is_classified,
);

fn clear(outcome: &ChangeOutcome) -> (usize, usize, usize) {
    let ChangeOutcome {
        done,
        not_confirmed,
        failed,
        kept: _,
    } = outcome;
    (*done, *not_confirmed, failed.len())
}

async fn stored(fixture: &TestVault, path: &str) -> Arc<File> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (source, _) = fixture.write(name, random_bytes(1000));
    let storing = Storing {
        into: TreePath::parse(folder),
        ..Storing::under("letters")
    };
    let ids = fixture
        .vault
        .store_with(vec![source], storing)
        .await
        .unwrap();
    fixture.ended(&ids).await;
    let listed = fixture.listed();
    let of_path = listed
        .into_iter()
        .filter(|it| it.path().to_string() == path);
    of_path.max_by_key(|file| file.stored_at).unwrap()
}

/// The path of each file, with its label, and whether something is asked about it.
fn paths(files: &[Arc<File>]) -> Vec<(String, String, bool)> {
    let mut paths: Vec<_> = files
        .iter()
        .map(|file| {
            let asked = file.needs_attention();
            (file.path().to_string(), file.context.to_string(), asked)
        })
        .collect();
    paths.sort();
    paths
}

fn is_named(fixture: &TestVault, path: &str) -> bool {
    let listed = fixture.listed();
    listed.iter().any(|it| it.path().to_string() == path)
}

/// It is called so here, after a look at the service, in another process and after a restart, and nobody is asked.
async fn is_everywhere(fixture: &mut TestVault, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(path, label)| ((*path).to_owned(), (*label).to_owned(), false))
        .collect();
    assert_eq!(paths(&fixture.listed()), expected, "here");
    fixture.vault.refresh().await.unwrap();
    assert_eq!(paths(&fixture.listed()), expected, "after a look");
    for file in fixture.listed() {
        let named = file.receipt.as_ref().unwrap().named.clone().unwrap();
        assert_eq!((&named.name, &named.context), (&file.name, &file.context));
        assert!(file.intended_name().is_none());
    }
    fixture.restart().await;
    let passphrase = Some(TestVault::passphrase());
    fixture.vault.unlock(passphrase).await.unwrap();
    assert_eq!(paths(&fixture.listed()), expected, "after a restart");
    fixture.vault.refresh().await.unwrap();
    assert_eq!(paths(&fixture.listed()), expected, "after another look");
}

async fn a_renamed_file_has_its_name_here_at_the_service_and_in_its_receipt(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "2025/a.pdf").await;
    let beside = fixture.beside().await;
    let item = TreeItem::File(file.id);
    let outcome = fixture
        .vault
        .rename(&item, "Zürich \"β\".pdf")
        .await
        .unwrap();
    assert_eq!(clear(&outcome), (1, 0, 0), "{outcome:?}");
    beside.refresh().await.unwrap();
    let there = beside.file(&file.id.to_string()).unwrap();
    assert_eq!(there.path().to_string(), "2025/Zürich \"β\".pdf");
    assert!(!there.needs_attention());
    beside.shut_down().await;
    is_everywhere(&mut fixture, &[("2025/Zürich \"β\".pdf", "letters")]).await;
    let renamed = fixture.listed().remove(0);
    assert!(fixture.saved(&renamed).await.unwrap() == random_bytes(1000));
    // A machine that has the keys alone reads the name from its record.
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    let read = fixture.listed().remove(0);
    assert_eq!(read.path(), renamed.path());
    assert_eq!(read.attributes, renamed.attributes);
    assert_eq!(read.size_bytes, Some(1000));
}

async fn a_folder_is_moved_with_all_versions_of_its_files(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    for path in ["x/a", "x/a", "x/deep/b", "y/other"] {
        stored(&fixture, path).await;
    }
    let folder = TreeItem::Folder(TreePath::parse("x"));
    let to = TreePath::parse("y");
    let outcome = fixture.vault.move_to(&[folder], &to).await.unwrap();
    assert_eq!(clear(&outcome), (2, 0, 0), "{outcome:?}");
    let expected = ["y/other", "y/x/a", "y/x/a", "y/x/deep/b"];
    is_everywhere(&mut fixture, &expected.map(|path| (path, "letters"))).await;
    let at = fixture.vault.entries_at(&TreePath::parse("y/x/a")).unwrap();
    assert_eq!(at[0].files().len(), 2);
    // A file that is taken there gets a number, and a name that is taken is refused.
    let other = fixture.listed().into_iter().find(|it| it.name == "other");
    let other = TreeItem::File(other.unwrap().id);
    let refused = fixture.vault.rename(&other, "x").await.unwrap_err();
    assert_eq!(refused.explain().code.as_str(), "path_taken");
    stored(&fixture, "other").await;
    let second = fixture.listed().into_iter().find(|it| it.folder.is_empty());
    let second = TreeItem::File(second.unwrap().id);
    let outcome = fixture.vault.move_to(&[second], &to).await.unwrap();
    assert_eq!(clear(&outcome), (1, 0, 0), "{outcome:?}");
    assert!(is_named(&fixture, "y/other (2)"));
}

async fn a_folder_stays_when_its_last_file_is_moved_out(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "x/deep/a").await;
    let folder = TreeItem::Folder(TreePath::parse("x/deep"));
    let to = TreePath::parse("y");
    let moved = [TreeItem::File(file.id)];
    let outcome = fixture.vault.move_to(&moved, &to).await.unwrap();
    assert_eq!(clear(&outcome), (1, 0, 0), "{outcome:?}");
    fixture.ended(&outcome.kept).await;
    fixture.vault.refresh().await.unwrap();
    let is_there = |path: &str| {
        let listed = fixture.vault.list_folder(&TreePath::parse(path)).unwrap();
        listed.map(|entries| entries.len())
    };
    assert_eq!((is_there("x/deep"), is_there("y")), (Some(0), Some(1)));
    // The folder above one that is moved away stays as well.
    let outcome = fixture.vault.move_to(&[folder], &to).await.unwrap();
    fixture.ended(&outcome.kept).await;
    fixture.vault.refresh().await.unwrap();
    assert_eq!((is_there("x"), is_there("y/deep")), (Some(0), Some(0)));
    assert_eq!(is_there("x/deep"), None);
}

async fn another_label_is_what_the_service_shows(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "a").await;
    let items = [TreeItem::File(file.id)];
    let outcome = fixture.vault.label(&items, " taxes ").await.unwrap();
    assert_eq!(clear(&outcome), (1, 0, 0), "{outcome:?}");
    is_everywhere(&mut fixture, &[("a", "taxes")]).await;
    let username = TestVault::right_credentials().username;
    let control = fixture.sandbox().control();
    let tokens = control.list_tokens(&username).await.unwrap();
    assert_eq!(tokens.len(), 1);
    assert!(format!("{tokens:?}").contains("taxes"), "{tokens:?}");
}

async fn a_rejected_rename_leaves_the_name_and_says_why(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "a").await;
    let reason = "policy.not_allowed".to_owned();
    plan(&fixture, Fault::Reject { reason });
    let item = TreeItem::File(file.id);
    let outcome = fixture.vault.rename(&item, "b").await.unwrap();
    assert_eq!(clear(&outcome), (0, 0, 1), "{outcome:?}");
    assert_eq!(outcome.failed[0].0, "a");
    let why = outcome.failed[0].1.explain();
    assert!(why.message.contains("policy.not_allowed"), "{why:?}");
    is_everywhere(&mut fixture, &[("a", "letters")]).await;
    let outcome = fixture.vault.rename(&item, "b").await.unwrap();
    assert_eq!(clear(&outcome), (1, 0, 0), "{outcome:?}");
}

async fn a_held_rename_is_not_confirmed_until_the_vote_ends(dialect: Dialect) {
    for is_approved in [true, false] {
        let mut fixture = TestVault::retrying(dialect).await;
        let file = stored(&fixture, "a").await;
        plan(&fixture, Fault::HeldForVote);
        let item = TreeItem::File(file.id);
        let outcome = fixture.vault.rename(&item, "b").await.unwrap();
        assert_eq!(clear(&outcome), (0, 1, 0), "{outcome:?}");
        fixture.vault.refresh().await.unwrap();
        let waiting = fixture.listed().remove(0);
        assert_eq!(
            (waiting.name.as_str(), waiting.needs_attention()),
            ("a", false)
        );
        assert_eq!(waiting.intended_name().unwrap().name, "b");
        let second = fixture.vault.rename(&item, "c").await.unwrap();
        let why = second.failed[0].1.explain();
        assert_eq!(why.code.as_str(), "rename_pending");
        // The next start goes on with it.
        fixture.restart().await;
        let passphrase = Some(TestVault::passphrase());
        fixture.vault.unlock(passphrase).await.unwrap();
        let mut events = fixture.vault.events();
        let verdict = if is_approved {
            Verdict::Approve
        } else {
            Verdict::Reject {
                reason: "vote.rejected".into(),
            }
        };
        let control = fixture.sandbox().control();
        control.release_all(verdict).await.unwrap();
        wait_until("the outcome is known", async || {
            fixture.listed()[0].intended_name().is_none()
        })
        .await;
        let name = if is_approved { "b" } else { "a" };
        if !is_approved {
            wait_until("a notice tells of it", async || {
                let mut told = std::iter::from_fn(|| events.try_recv().ok());
                told.any(|event| match event {
                    Event::Notice(notice) => notice.message.contains("keeps its name"),
                    _ => false,
                })
            })
            .await;
        }
        is_everywhere(&mut fixture, &[(name, "letters")]).await;
    }
}

async fn a_rename_whose_answer_was_lost_is_found_in_the_list(dialect: Dialect) {
    for fault in [Fault::AnswerLost, Fault::AnswerWithheld, Fault::AckLost] {
        let mut fixture = TestVault::with_short_limits(dialect).await;
        let file = stored(&fixture, "a").await;
        plan(&fixture, fault.clone());
        let item = TreeItem::File(file.id);
        let outcome = fixture.vault.rename(&item, "b").await.unwrap();
        assert_eq!(outcome.failed.len(), 0, "{fault:?}: {outcome:?}");
        fixture.vault.refresh().await.unwrap();
        is_everywhere(&mut fixture, &[("b", "letters")]).await;
    }
}

async fn a_rename_that_nobody_confirmed_keeps_the_name_until_a_list_has_the_other(
    dialect: Dialect,
) {
    let mut fixture = TestVault::with_short_limits(dialect).await;
    let file = stored(&fixture, "a").await;
    // It is done much later, and nobody tells of it. Nor can the list be asked meanwhile.
    plan(&fixture, Fault::AnswerLost);
    let control = fixture.sandbox().control();
    control.faults().plan(LIST, Fault::InternalError, 8);
    let item = TreeItem::File(file.id);
    let outcome = fixture.vault.rename(&item, "b").await.unwrap();
    assert_eq!(clear(&outcome), (0, 1, 0), "{outcome:?}");
    let waiting = fixture.listed().remove(0);
    assert_eq!(waiting.name, "a");
    assert_eq!(waiting.intended_name().unwrap().name, "b");
    let kept = fixture.count(Record::Receipt);
    control.faults().clear();
    wait_until("the list has it", async || {
        fixture.vault.refresh().await.is_ok() && is_named(&fixture, "b")
    })
    .await;
    assert_eq!(fixture.count(Record::Receipt), kept);
    is_everywhere(&mut fixture, &[("b", "letters")]).await;
}

async fn a_file_is_classified(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let file = stored(&fixture, "a").await;
    let sensitivity = Sensitivity {
        classification: "secret".into(),
        label: "red".into(),
        handling: "do not print".into(),
    };
    fixture.vault.classify(file.id, &sensitivity).await.unwrap();
    let operation = "data-token/configure-information-security-risk-meta";
    let reason = "policy.not_allowed".to_owned();
    let control = fixture.sandbox().control();
    control
        .faults()
        .plan(operation, Fault::Reject { reason }, 1);
    let refused = fixture.vault.classify(file.id, &sensitivity).await;
    let why = refused.unwrap_err().explain();
    assert!(why.message.contains("policy.not_allowed"), "{why:?}");
}

fn plan(fixture: &TestVault, fault: Fault) {
    fixture.sandbox().control().faults().plan(RENAME, fault, 1);
}
