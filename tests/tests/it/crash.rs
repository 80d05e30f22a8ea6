//! The process is killed wherever a transfer can be, and started again: each file is stored once, with its receipt, and
//! nothing half done is left.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::Stdio;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::cli_fixture::CliFixture;
use privicore_tests::test_vault::random_bytes;
use privicore_tests::{in_each_dialect, wait_until};
use tokio::process::{Child, Command};

const RESERVE: &str = "data-token/reserve-token-space";
const TEMPORARY: &str = "data-token/retrieve-temporary-data-token";
const EXCHANGE: &str = "data-token/exchange-data-for-token";
const META: &str = "data-token/configure-file-meta";
const UPDATE: &str = "data-token/update-data";
const REQUEST: &str = "data-token/request-data";
const STATUS: &str = "request-status";
const UPSTREAM: &str = "upstream";
const DOWNSTREAM: &str = "downstream";

/// Sizes that travel inside a command and as a stream.
const SMALL: usize = 1000;
const LARGE: usize = 3 << 20;

/// The service does what it is asked, and its answer never comes: the process is killed while it waits.
const UPLOAD_STEPS: [(&str, usize); 7] = [
    (RESERVE, SMALL),
    (TEMPORARY, SMALL),
    (EXCHANGE, SMALL),
    (META, SMALL),
    (TEMPORARY, LARGE),
    (UPSTREAM, LARGE),
    (META, LARGE),
];

in_each_dialect!(
    an_upload_killed_at_any_step_is_stored_once,
    an_upload_killed_while_its_bytes_move_is_stored_once,
    an_upload_killed_while_a_vote_holds_it_ends_with_the_vote,
    a_download_killed_at_any_step_is_saved_whole,
    a_download_killed_while_a_vote_holds_it_ends_with_the_vote,
    a_file_that_was_being_sealed_again_is_one_of_the_two_and_ends_as_the_new_one,
);

async fn an_upload_killed_at_any_step_is_stored_once(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    for (at, (step, size)) in UPLOAD_STEPS.into_iter().enumerate() {
        let name = format!("{at}.bin");
        fixture.write(&name, size);
        plan(&fixture, step, Fault::AnswerWithheld);
        kill(&fixture, &["put", &name], step).await;
        let resumed = fixture.ada.does(&["resume"]).await.unwrap();
        assert_eq!(resumed.len(), 1, "killed at {step}: {resumed:?}");
        fixture.holds_exactly(at + 1, step).await;
        fixture.comes_back(&name, size).await;
    }
}

async fn an_upload_killed_while_its_bytes_move_is_stored_once(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    fixture.write("moving.bin", LARGE);
    let slowly = Fault::SlowBody {
        bytes: 1 << 20,
        milliseconds: 3_600_000,
    };
    plan(&fixture, UPSTREAM, slowly);
    kill(&fixture, &["put", "moving.bin"], UPSTREAM).await;
    fixture.ada.does(&["resume"]).await.unwrap();
    fixture.holds_exactly(1, "the bytes").await;
    fixture.comes_back("moving.bin", LARGE).await;
}

async fn an_upload_killed_while_a_vote_holds_it_ends_with_the_vote(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    for (at, (step, approve)) in [(RESERVE, true), (EXCHANGE, true), (EXCHANGE, false)]
        .into_iter()
        .enumerate()
    {
        let name = format!("{at}.bin");
        fixture.write(&name, SMALL);
        plan(&fixture, step, Fault::HeldForVote);
        // Killed only when it has written down under which command it waits: what it does not know it has to send
        // again.
        let asked = async || fixture.sandbox.control().calls(STATUS) > 0;
        kill_when(&fixture, &["put", &name], async || has_noted(&fixture)).await;
        fixture.sandbox.control().forget_calls();
        let resumed = quietly(fixture.ada.privicore(&["resume"]).unwrap());
        wait_until("the outcome is asked for again", asked).await;
        let verdict = if approve {
            Verdict::Approve
        } else {
            Verdict::Reject {
                reason: "vote.rejected".into(),
            }
        };
        fixture
            .sandbox
            .control()
            .release_all(verdict)
            .await
            .unwrap();
        let ended = resumed.wait_with_output().await.unwrap();
        assert_eq!(ended.status.success(), approve, "{step}");
        assert_eq!(
            fixture.sandbox.control().calls(step),
            0,
            "it was sent again"
        );
        // What was refused keeps its ticket: a person may try it again.
        fixture.holds_files((at + 1).min(2), step).await;
        fixture.sandbox.control().forget_calls();
    }
}

async fn a_download_killed_at_any_step_is_saved_whole(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    fixture.write("original.bin", LARGE);
    let put = fixture.ada.does(&["put", "original.bin"]).await.unwrap();
    let id = put[0]["id"].as_str().unwrap();
    let stalled = Fault::DownloadStalled { after: 1 << 20 };
    for (step, fault) in [
        (REQUEST, Fault::AnswerWithheld),
        (DOWNSTREAM, Fault::AnswerWithheld),
        (DOWNSTREAM, stalled),
    ] {
        let folder = fixture.ada.folder().join("target");
        fs::create_dir_all(&folder).unwrap();
        plan(&fixture, step, fault.clone());
        kill(&fixture, &["get", id, "-o", "target/back.bin"], step).await;
        assert!(!folder.join("back.bin").exists(), "{fault:?}");
        fixture.ada.does(&["resume"]).await.unwrap();
        let back = fs::read(folder.join("back.bin")).unwrap();
        assert!(back == random_bytes(LARGE), "{fault:?}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "{fault:?}");
        fs::remove_dir_all(&folder).unwrap();
    }
}

async fn a_download_killed_while_a_vote_holds_it_ends_with_the_vote(dialect: Dialect) {
    let fixture = CliFixture::set(dialect).await;
    fixture.write("original.bin", SMALL);
    let put = fixture.ada.does(&["put", "original.bin"]).await.unwrap();
    let id = put[0]["id"].as_str().unwrap();
    let back = fixture.ada.folder().join("back.bin");
    plan(&fixture, REQUEST, Fault::HeldForVote);
    let control = fixture.sandbox.control();
    // Killed only when it has written down under which request it waits.
    let get = ["get", id, "-o", "back.bin"];
    // What was asked about the upload does not count.
    control.forget_calls();
    kill_when(&fixture, &get, async || has_noted(&fixture)).await;
    assert!(!back.exists());
    control.forget_calls();
    let resumed = quietly(fixture.ada.privicore(&["resume"]).unwrap());
    let asked = async || control.calls(STATUS) > 0;
    wait_until("the outcome is asked for again", asked).await;
    assert_eq!(control.release_all(Verdict::Approve).await.unwrap(), 1);
    let ended = resumed.wait_with_output().await.unwrap();
    assert!(ended.status.success());
    assert_eq!(control.calls(REQUEST), 0, "another vote was opened");
    assert!(fs::read(back).unwrap() == random_bytes(SMALL));
}

async fn a_file_that_was_being_sealed_again_is_one_of_the_two_and_ends_as_the_new_one(
    dialect: Dialect,
) {
    let fixture = CliFixture::set(dialect).await;
    fixture.write("a.bin", SMALL);
    let put = fixture.ada.does(&["put", "a.bin"]).await.unwrap();
    let id = put[0]["id"].as_str().unwrap();
    for step in [REQUEST, UPDATE] {
        fixture.ada.does(&["keys", "rotate"]).await.unwrap();
        plan(&fixture, step, Fault::AnswerWithheld);
        kill(&fixture, &["reseal", id], step).await;
        fixture.comes_back("a.bin", SMALL).await;
        let resumed = fixture.ada.does(&["resume"]).await.unwrap();
        assert_eq!(resumed.len(), 1, "killed at {step}: {resumed:?}");
        fixture.holds_exactly(1, step).await;
        fixture.comes_back("a.bin", SMALL).await;
        let keys = fixture.ada.does(&["keys", "list"]).await.unwrap();
        assert_eq!(
            (&keys[0]["files"], &keys[0]["outdated"]),
            (&1.into(), &0.into()),
            "{step}"
        );
    }
}

/// What waits for a vote is written down before the service is asked about it a second time. The first question may be
/// asked in both forms.
fn has_noted(fixture: &CliFixture) -> bool {
    fixture.sandbox.control().calls(STATUS) > 2
}

fn quietly(mut command: Command) -> Child {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().unwrap()
}

/// Starts a command and kills it as soon as it has asked the service for `step` once more.
async fn kill(fixture: &CliFixture, command: &[&str], step: &str) {
    let before = fixture.sandbox.control().calls(step);
    let asked = async || fixture.sandbox.control().calls(step) > before;
    kill_when(fixture, command, asked).await;
    // The request may have been cut off before the fault struck.
    fixture.sandbox.control().faults().clear();
}

async fn kill_when(fixture: &CliFixture, command: &[&str], moment: impl AsyncFnMut() -> bool) {
    let mut child = quietly(fixture.ada.privicore(command).unwrap());
    wait_until(&format!("the moment to kill {command:?}"), moment).await;
    child.kill().await.unwrap();
}

fn plan(fixture: &CliFixture, operation: &str, fault: Fault) {
    fixture.sandbox.control().faults().plan(operation, fault, 1);
}
