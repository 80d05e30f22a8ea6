//! The process is killed wherever a transfer can be, and started again: each file is stored once, with its receipt, and nothing
//! half done is left.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::Stdio;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::house::random_bytes;
use privicore_tests::scene::Scene;
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
    let scene = Scene::set(dialect).await;
    for (at, (step, size)) in UPLOAD_STEPS.into_iter().enumerate() {
        let name = format!("{at}.bin");
        scene.write(&name, size);
        plan(&scene, step, Fault::AnswerWithheld);
        kill(&scene, &["put", &name], step).await;
        let resumed = scene.ada.does(&["resume"]).await.unwrap();
        assert_eq!(resumed.len(), 1, "killed at {step}: {resumed:?}");
        scene.holds_exactly(at + 1, step).await;
        scene.comes_back(&name, size).await;
    }
}

async fn an_upload_killed_while_its_bytes_move_is_stored_once(dialect: Dialect) {
    let scene = Scene::set(dialect).await;
    scene.write("moving.bin", LARGE);
    let slowly = Fault::SlowBody {
        bytes: 1 << 20,
        milliseconds: 3_600_000,
    };
    plan(&scene, UPSTREAM, slowly);
    kill(&scene, &["put", "moving.bin"], UPSTREAM).await;
    scene.ada.does(&["resume"]).await.unwrap();
    scene.holds_exactly(1, "the bytes").await;
    scene.comes_back("moving.bin", LARGE).await;
}

async fn an_upload_killed_while_a_vote_holds_it_ends_with_the_vote(dialect: Dialect) {
    let scene = Scene::set(dialect).await;
    for (at, (step, approve)) in [(RESERVE, true), (EXCHANGE, true), (EXCHANGE, false)]
        .into_iter()
        .enumerate()
    {
        let name = format!("{at}.bin");
        scene.write(&name, SMALL);
        plan(&scene, step, Fault::HeldForVote);
        // Killed only when it has written down under which command it waits: what it does not know it has to send again.
        let asked = async || scene.sandbox.control().calls(STATUS) > 0;
        kill_when(&scene, &["put", &name], async || has_noted(&scene)).await;
        scene.sandbox.control().forget_calls();
        let resumed = quietly(scene.ada.privicore(&["resume"]).unwrap());
        wait_until("the outcome is asked for again", asked).await;
        let verdict = if approve {
            Verdict::Approve
        } else {
            Verdict::Reject {
                reason: "vote.rejected".into(),
            }
        };
        scene.sandbox.control().release_all(verdict).await.unwrap();
        let ended = resumed.wait_with_output().await.unwrap();
        assert_eq!(ended.status.success(), approve, "{step}");
        assert_eq!(scene.sandbox.control().calls(step), 0, "it was sent again");
        // What was refused keeps its ticket: a person may try it again.
        scene.holds_files((at + 1).min(2), step).await;
        scene.sandbox.control().forget_calls();
    }
}

async fn a_download_killed_at_any_step_is_saved_whole(dialect: Dialect) {
    let scene = Scene::set(dialect).await;
    scene.write("original.bin", LARGE);
    let put = scene.ada.does(&["put", "original.bin"]).await.unwrap();
    let id = put[0]["id"].as_str().unwrap();
    let stalled = Fault::DownloadStalled { after: 1 << 20 };
    for (step, fault) in [
        (REQUEST, Fault::AnswerWithheld),
        (DOWNSTREAM, Fault::AnswerWithheld),
        (DOWNSTREAM, stalled),
    ] {
        let folder = scene.ada.folder().join("target");
        fs::create_dir_all(&folder).unwrap();
        plan(&scene, step, fault.clone());
        kill(&scene, &["get", id, "-o", "target/back.bin"], step).await;
        assert!(!folder.join("back.bin").exists(), "{fault:?}");
        scene.ada.does(&["resume"]).await.unwrap();
        let back = fs::read(folder.join("back.bin")).unwrap();
        assert!(back == random_bytes(LARGE), "{fault:?}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "{fault:?}");
        fs::remove_dir_all(&folder).unwrap();
    }
}

async fn a_download_killed_while_a_vote_holds_it_ends_with_the_vote(dialect: Dialect) {
    let scene = Scene::set(dialect).await;
    scene.write("original.bin", SMALL);
    let put = scene.ada.does(&["put", "original.bin"]).await.unwrap();
    let id = put[0]["id"].as_str().unwrap();
    let back = scene.ada.folder().join("back.bin");
    plan(&scene, REQUEST, Fault::HeldForVote);
    let control = scene.sandbox.control();
    // Killed only when it has written down under which request it waits.
    let get = ["get", id, "-o", "back.bin"];
    // What was asked about the upload does not count.
    control.forget_calls();
    kill_when(&scene, &get, async || has_noted(&scene)).await;
    assert!(!back.exists());
    control.forget_calls();
    let resumed = quietly(scene.ada.privicore(&["resume"]).unwrap());
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
    let scene = Scene::set(dialect).await;
    scene.write("a.bin", SMALL);
    let put = scene.ada.does(&["put", "a.bin"]).await.unwrap();
    let id = put[0]["id"].as_str().unwrap();
    for step in [REQUEST, UPDATE] {
        scene.ada.does(&["keys", "rotate"]).await.unwrap();
        plan(&scene, step, Fault::AnswerWithheld);
        kill(&scene, &["reseal", id], step).await;
        scene.comes_back("a.bin", SMALL).await;
        let resumed = scene.ada.does(&["resume"]).await.unwrap();
        assert_eq!(resumed.len(), 1, "killed at {step}: {resumed:?}");
        scene.holds_exactly(1, step).await;
        scene.comes_back("a.bin", SMALL).await;
        let keys = scene.ada.does(&["keys", "list"]).await.unwrap();
        assert_eq!(
            (&keys[0]["files"], &keys[0]["outdated"]),
            (&1.into(), &0.into()),
            "{step}"
        );
    }
}

/// What waits for a vote is written down before the service is asked about it a second time. The first question may be asked in
/// both forms.
fn has_noted(scene: &Scene) -> bool {
    scene.sandbox.control().calls(STATUS) > 2
}

fn quietly(mut command: Command) -> Child {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().unwrap()
}

/// Starts a command and kills it as soon as it has asked the service for `step` once more.
async fn kill(scene: &Scene, command: &[&str], step: &str) {
    let before = scene.sandbox.control().calls(step);
    let asked = async || scene.sandbox.control().calls(step) > before;
    kill_when(scene, command, asked).await;
    // The request may have been cut off before the fault struck.
    scene.sandbox.control().faults().clear();
}

async fn kill_when(scene: &Scene, command: &[&str], moment: impl AsyncFnMut() -> bool) {
    let mut child = quietly(scene.ada.privicore(command).unwrap());
    wait_until(&format!("the moment to kill {command:?}"), moment).await;
    child.kill().await.unwrap();
}

fn plan(scene: &Scene, operation: &str, fault: Fault) {
    scene.sandbox.control().faults().plan(operation, fault, 1);
}
