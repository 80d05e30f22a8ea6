//! The process is killed wherever a transfer can be, and started again: each file is stored once, with its receipt, and nothing
//! half done is left.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::Stdio;

use privicore_sandbox::{Dialect, Fault, Sandbox, Verdict};
use privicore_tests::command_line::Person;
use privicore_tests::house::random_bytes;
use privicore_tests::{in_each_dialect, wait_until};
use tokio::process::{Child, Command};

const RESERVE: &str = "data-token/reserve-token-space";
const TEMPORARY: &str = "data-token/retrieve-temporary-data-token";
const EXCHANGE: &str = "data-token/exchange-data-for-token";
const META: &str = "data-token/configure-file-meta";
const UPDATE: &str = "data-token/update-data";
const REQUEST: &str = "data-token/request-data";
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
    a_file_that_was_being_sealed_again_is_one_of_the_two_and_ends_as_the_new_one,
);

async fn an_upload_killed_at_any_step_is_stored_once(dialect: Dialect) {
    let scene = Scene::set(dialect).await;
    for (at, (step, size)) in UPLOAD_STEPS.into_iter().enumerate() {
        let name = format!("{at}.bin");
        scene.write(&name, size);
        scene.plan(step, Fault::AnswerWithheld);
        scene.kill(&["put", &name], step).await;
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
    scene.plan(UPSTREAM, slowly);
    scene.kill(&["put", "moving.bin"], UPSTREAM).await;
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
        scene.plan(step, Fault::HeldForVote);
        // Killed only when it knows under which command it waits: what it does not know it has to send again.
        let asked = async || scene.sandbox.control().calls("request-status") > 0;
        scene.kill_when(&["put", &name], asked).await;
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
        scene.holds_exactly((at + 1).min(2), step).await;
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
        scene.plan(step, fault.clone());
        scene
            .kill(&["get", id, "-o", "target/back.bin"], step)
            .await;
        assert!(!folder.join("back.bin").exists(), "{fault:?}");
        scene.ada.does(&["resume"]).await.unwrap();
        let back = fs::read(folder.join("back.bin")).unwrap();
        assert!(back == random_bytes(LARGE), "{fault:?}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "{fault:?}");
        fs::remove_dir_all(&folder).unwrap();
    }
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
        scene.plan(step, Fault::AnswerWithheld);
        scene.kill(&["reseal", id], step).await;
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

fn quietly(mut command: Command) -> Child {
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().unwrap()
}

/// A sandbox that can be told what goes wrong, and somebody who uses it by commands that can be killed.
struct Scene {
    sandbox: Sandbox,
    ada: Person,
}

impl Scene {
    async fn set(dialect: Dialect) -> Self {
        let sandbox = Sandbox::builder()
            .memory()
            .dialect(dialect)
            .auto_storage(3)
            .start()
            .await
            .unwrap();
        let at = sandbox.addresses();
        let service = [
            ["--server", &at.api],
            ["--websocket", &at.websocket],
            ["--upstream", &at.upstream],
            ["--downstream", &at.downstream],
        ];
        let ada = Person::with(&service.concat()).unwrap();
        ada.does(&["sign-up", "ada"]).await.unwrap();
        sandbox.control().forget_calls();
        Self { sandbox, ada }
    }

    fn write(&self, name: &str, size: usize) {
        fs::write(self.ada.folder().join(name), random_bytes(size)).unwrap();
    }

    fn plan(&self, operation: &str, fault: Fault) {
        self.sandbox.control().faults().plan(operation, fault, 1);
    }

    /// Starts a command and kills it as soon as it has asked the service for `step` once more.
    async fn kill(&self, command: &[&str], step: &str) {
        let before = self.sandbox.control().calls(step);
        let asked = async || self.sandbox.control().calls(step) > before;
        self.kill_when(command, asked).await;
        // The request may have been cut off before the fault struck.
        self.sandbox.control().faults().clear();
    }

    async fn kill_when(&self, command: &[&str], moment: impl AsyncFnMut() -> bool) {
        let mut child = quietly(self.ada.privicore(command).unwrap());
        wait_until(&format!("the moment to kill {command:?}"), moment).await;
        child.kill().await.unwrap();
    }

    /// The service has so many files, and each is listed here with a receipt.
    async fn holds_exactly(&self, files: usize, after: &str) {
        let tokens = self.sandbox.control().list_tokens("ada").await.unwrap();
        assert_eq!(tokens.len(), files, "killed at {after}: {tokens:?}");
        let listed = self.ada.does(&["ls"]).await.unwrap();
        assert_eq!(listed.len(), files, "killed at {after}: {listed:?}");
        for line in listed {
            assert_eq!(line["state"], "stored", "killed at {after}: {line}");
        }
    }

    async fn comes_back(&self, name: &str, size: usize) {
        let listed = self.ada.does(&["ls"]).await.unwrap();
        let line = listed.iter().find(|line| line["name"] == name).unwrap();
        let back = format!("{name}.back");
        let id = line["id"].as_str().unwrap();
        let get = ["get", id, "-o", &back, "--force"];
        self.ada.does(&get).await.unwrap();
        let back = fs::read(self.ada.folder().join(back)).unwrap();
        assert!(back == random_bytes(size), "{name}");
    }
}
