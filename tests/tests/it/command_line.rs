//! `privicore` as scripts use it, against a sandbox that was started by hand.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::Stdio;

use privicore_sandbox::Dialect;
use privicore_tests::command_line::{PASSPHRASE, Person, SECRET, SandboxProcess, complaint};
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

in_each_dialect!(
    a_file_is_put_listed_got_and_removed,
    keys_and_recipients_are_at_hand
);

async fn a_file_is_put_listed_got_and_removed(dialect: Dialect) {
    let sandbox = SandboxProcess::start(dialect).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    let status = ada.does(&["sign-up", "ada"]).await.unwrap();
    assert_eq!(status[0]["stage"], "signed_in");
    assert_eq!(status[0]["profile"], "ada");
    fs::write(ada.folder().join("small one.txt"), "small").unwrap();
    fs::write(ada.folder().join("large.bin"), random_bytes(1_000_000)).unwrap();

    let put = ada
        .does(&["put", "small one.txt", "large.bin", "--label", "tests"])
        .await
        .unwrap();
    assert_eq!(put.len(), 2);
    for line in &put {
        assert_eq!(line["context"], "tests");
        assert_eq!(line["state"], "stored");
        assert!(line["stored_size"].as_u64() > line["size"].as_u64());
    }
    let mut listed = ada.does(&["ls"]).await.unwrap();
    listed.sort_by_key(|line| line["size"].as_u64());
    assert_eq!(listed[0]["name"], "small one.txt");
    assert_eq!(listed[1]["name"], "large.bin");

    let by_id = listed[1]["id"].as_str().unwrap();
    ada.does(&["get", by_id, "-o", "back.bin"]).await.unwrap();
    let back = fs::read(ada.folder().join("back.bin")).unwrap();
    assert!(back == random_bytes(1_000_000));
    let by_token = listed[0]["token"].as_str().unwrap();
    let saved = ada
        .does(&["get", by_token, "-o", "back.txt"])
        .await
        .unwrap();
    assert_eq!(saved[0]["size"], 5);
    let back = fs::read(ada.folder().join("back.txt")).unwrap();
    assert_eq!(back, b"small");

    let removed = ada.does(&["rm", by_id]).await.unwrap();
    assert_eq!(removed[0]["state"], "accepted");
    assert_eq!(ada.does(&["ls"]).await.unwrap().len(), 1);
    let status = ada.does(&["sign-out"]).await.unwrap();
    assert_eq!(status[0]["stage"], "signed_out");
}

async fn keys_and_recipients_are_at_hand(dialect: Dialect) {
    const ANNA: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let sandbox = SandboxProcess::start(dialect).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    fs::write(ada.folder().join("a.txt"), "small").unwrap();

    let mut import = ada.privicore(&["keys", "shared", "add", "team"]).unwrap();
    import.env("PRIVICORE_SHARED_KEY", "00".repeat(32));
    assert!(import.output().await.unwrap().status.success());
    ada.does(&["keys", "shared", "make", "mine"]).await.unwrap();
    ada.does(&["keys", "shared", "rename", "team", "the team"])
        .await
        .unwrap();
    let put = ["put", "a.txt", "--shared-key", "the team"];
    let file = ada.does(&put).await.unwrap().remove(0);
    let id = file["id"].as_str().unwrap();
    assert_eq!(file["stored_size"], 5 + 28);
    let keys = ada.does(&["keys", "shared", "list"]).await.unwrap();
    assert_eq!(
        (&keys[0]["name"], &keys[0]["files"]),
        (&"the team".into(), &1.into())
    );
    let get = ["get", id, "-o", "b.txt", "--shared-key", "mine"];
    let (code, told) = ada.fails(&get).await.unwrap();
    assert_eq!((code, &told["error"]), (1, &"wrong_shared_key".into()));
    ada.does(&["get", id, "-o", "b.txt"]).await.unwrap();
    let export = ["keys", "shared", "export", "the team", "-o", "team.key"];
    ada.does(&export).await.unwrap();
    let exported = fs::read_to_string(ada.folder().join("team.key")).unwrap();
    assert_eq!(exported.trim(), "00".repeat(32));
    let default = ["keys", "shared", "default", "mine", "--context", "work"];
    ada.does(&default).await.unwrap();
    let stored = ada
        .does(&["put", "a.txt", "--context", "work"])
        .await
        .unwrap();
    assert_eq!(stored[0]["stored_size"], 5 + 28);
    ada.does(&["keys", "shared", "remove", "mine"])
        .await
        .unwrap();

    let stored = ada.does(&["put", "a.txt", "--age"]).await.unwrap();
    let id = stored[0]["id"].as_str().unwrap();
    let add = [
        "recipients",
        "add",
        ANNA,
        "--name",
        "Anna",
        "--for-label",
        "documents",
    ];
    let added = ada.does(&add).await.unwrap();
    assert_eq!(
        (&added[0]["label"], &added[0]["context"]),
        (&"Anna".into(), &"documents".into())
    );
    let (_, told) = ada
        .fails(&["recipients", "add", "ssh-ed25519 AAAA"])
        .await
        .unwrap();
    assert_eq!(told["error"], "bad_recipient");
    let resealed = ada.does(&["reseal", "--all"]).await.unwrap();
    assert_eq!(resealed.len(), 1, "{resealed:?}");
    assert_eq!(resealed[0]["id"], id);
    let remove = ["recipients", "remove", "Anna", "--context", "documents"];
    assert!(ada.does(&remove).await.unwrap().is_empty());
    assert_eq!(ada.does(&["reseal", id]).await.unwrap().len(), 1);
    assert!(ada.does(&["reseal", "--all"]).await.unwrap().is_empty());
    let unclear = ada.privicore(&["reseal"]).unwrap().output().await.unwrap();
    assert_eq!(unclear.status.code(), Some(2), "which files has to be said");
}

#[tokio::test]
async fn the_service_itself_is_asked_by_the_names_of_its_operations() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    let health = ada.does(&["call", "utility.check-health"]).await.unwrap();
    assert_eq!(health[0]["status"], 200, "nobody needs to be signed in");
    let (code, told) = ada.fails(&["call", "device.list"]).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"signed_out".into()));
    ada.does(&["sign-up", "ada"]).await.unwrap();

    let request = ["call", "device.request-identifier", "deviceName=attic"];
    let made = ada.does(&request).await.unwrap().remove(0);
    assert_eq!(
        (&made["status"], &made["outcome"]),
        (&202.into(), &"done".into())
    );
    let command = format!("id={}", made["command"].as_str().unwrap());
    let retrieve = ["call", "device.retrieve-identifier", &command];
    let device = ada.does(&retrieve).await.unwrap().remove(0);
    assert_eq!(device["status"], 200);
    assert!(!device["body"].is_null());

    let no_wait = [
        "call",
        "data-token.reserve",
        "context=a",
        "ttl=5",
        "--no-wait",
    ];
    let reserved = ada.does(&no_wait).await.unwrap().remove(0);
    assert_eq!(reserved["outcome"], "accepted");
    let (code, told) = ada
        .fails(&["call", "data-token.reserve", "context=a", "ttl=soon"])
        .await
        .unwrap();
    assert_eq!((code, &told["error"]), (1, &"bad_field".into()));
    assert!(told["message"].as_str().unwrap().contains("ttl"));

    let unknown = ["call", "data-token.request", "token=dtk-unknown"];
    let output = ada.privicore(&unknown).unwrap().output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["status"], 404, "a refusal is an answer to look at");
}

#[tokio::test]
async fn a_secret_value_is_read_from_standard_input_and_shown_nowhere() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    let sign_in = ["call", "profile.authenticate", "username=ada", "password=-"];
    let piped = async |arguments: &[&str]| {
        let mut command = ada.privicore(arguments).unwrap();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin
            .write_all(format!("{SECRET}\n").as_bytes())
            .await
            .unwrap();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        line
    };
    let answer = piped(&sign_in).await;
    assert_eq!(answer["status"], 200);
    assert!(answer["body"]["authorizationToken"].is_string());

    let shown = piped(&[&sign_in[..], &["--dry-run"]].concat()).await;
    assert_eq!(shown["body"], "username=ada&password=***");
    assert!(!shown.to_string().contains(SECRET));
    let curl = shown["curl"].as_str().unwrap();
    assert!(curl.contains("'password=<password>'"), "{curl}");
}

#[tokio::test]
async fn all_operations_are_listed_with_how_well_they_are_known() {
    let nobody = Person::with(&[]).unwrap();
    let operations = nobody.does(&["operations"]).await.unwrap();
    assert_eq!(operations.len(), 91);
    let of = |row: &str| operations.iter().find(|operation| operation["row"] == row);
    assert_eq!(of("4").unwrap()["provenance"], "documented");
    assert_eq!(of("25").unwrap()["provenance"], "observed");
    assert_eq!(
        of("68").unwrap()["provenance"],
        "not documented by the service; may be refused"
    );
    let voting = nobody.does(&["operations", "voting."]).await.unwrap();
    assert_eq!(voting.len(), 3);
    assert!(!nobody.data_dir().exists(), "something was begun");
}

#[tokio::test]
async fn exit_codes_tell_what_went_wrong() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    fs::write(ada.folder().join("a.txt"), "a").unwrap();
    let (code, complaint) = ada.fails(&["put", "a.txt"]).await.unwrap();
    assert_eq!((code, &complaint["error"]), (3, &"signed_out".into()));

    ada.does(&["sign-up", "ada"]).await.unwrap();
    let file = ada.does(&["put", "a.txt"]).await.unwrap().remove(0);
    let id = file["id"].as_str().unwrap();
    let (code, complaint) = ada.fails(&["get", id, "-o", "a.txt"]).await.unwrap();
    assert_eq!((code, &complaint["error"]), (6, &"target_exists".into()));
    ada.does(&["get", id, "-o", "a.txt", "--force"])
        .await
        .unwrap();

    let (code, complaint) = ada.fails(&["put", "a.txt", "missing.txt"]).await.unwrap();
    assert_eq!(
        (code, &complaint["error"]),
        (1, &"source_unreadable".into())
    );
    assert_eq!(complaint["name"], "missing.txt");
    assert_eq!(
        ada.does(&["ls"]).await.unwrap().len(),
        2,
        "the other file was stored"
    );

    drop(sandbox);
    let (code, complaint) = ada.fails(&["put", "a.txt"]).await.unwrap();
    assert_eq!((code, &complaint["error"]), (4, &"offline".into()));
}

#[tokio::test]
async fn a_wrong_password_is_distinguished_from_a_wrong_passphrase() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    let mut command = ada.privicore(&["ls"]).unwrap();
    command.env("PRIVICORE_PASSPHRASE", "not this one");
    let (code, told) = complaint(command).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"wrong_passphrase".into()));

    ada.does(&["sign-out"]).await.unwrap();
    let mut command = ada.privicore(&["sign-in", "ada"]).unwrap();
    command.env("PRIVICORE_PASSWORD", "not this one");
    let (code, told) = complaint(command).await.unwrap();
    assert_eq!((code, &told["error"]), (3, &"wrong_password".into()));
    ada.does(&["sign-in", "ada"]).await.unwrap();
}

#[tokio::test]
async fn a_usage_error_is_reported_in_the_requested_format() {
    let ada = Person::with(&["--sandbox"]).unwrap();
    for arguments in [
        &["nosuch"][..],
        &["put"],
        &["put", "-"],
        &["put", "a", "--name", "b"],
        &["get", "id", "-o", ""],
        &["receipts", "export", "-o", "-"],
        &["keys", "export", "recovery", "-o", "-"],
        &["recovery", "create", "-o", "-"],
    ] {
        let (code, told) = ada.fails(arguments).await.unwrap();
        assert_eq!(
            (code, &told["error"]),
            (2, &"usage".into()),
            "{arguments:?}"
        );
        let message = told["message"].as_str().unwrap();
        assert!(!message.contains("Usage:") && !message.starts_with("error:"));
    }
    assert!(!ada.folder().join("-").exists());
}

#[tokio::test]
async fn sign_in_reports_problems_before_it_asks_for_a_secret() {
    let nowhere = Person::with(&[]).unwrap();
    let ada = Person::with(&["--sandbox"]).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    let restore = ["recovery", "restore", "ada", "--kit", "none"];
    for arguments in [&["sign-up", "ada"][..], &["sign-in", "ada"], &restore] {
        for (person, error) in [(&nowhere, "not_connected"), (&ada, "signed_in")] {
            let mut command = person.privicore(arguments).unwrap();
            command.env_remove("PRIVICORE_PASSWORD");
            let (_, told) = complaint(command).await.unwrap();
            assert_eq!(told["error"], error, "{arguments:?}");
            assert!(told["hint"].as_str().unwrap().contains("--sandbox") || error == "signed_in");
        }
    }
}

#[tokio::test]
async fn no_secret_is_taken_as_an_argument() {
    let ada = Person::with(&["--sandbox"]).unwrap();
    let mut command = ada
        .privicore(&["sign-up", "ada", "--password", SECRET])
        .unwrap();
    let output = command.output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(!ada.data_dir().exists(), "something was begun");
    let password = format!("password={SECRET}");
    let sign_in = ["call", "profile.authenticate", "username=ada", &password];
    let (code, told) = ada.fails(&sign_in).await.unwrap();
    assert_eq!((code, &told["error"]), (2, &"usage".into()));
    assert!(!told.to_string().contains(SECRET));
}

#[tokio::test]
async fn without_a_keyring_the_passphrase_is_used_unasked() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    let given = ada.privicore(&["sign-up", "ada"]).unwrap();
    let mut command = Command::new(given.as_std().get_program());
    let without = given
        .as_std()
        .get_args()
        .filter(|word| *word != "--no-keyring");
    command
        .args(without)
        .current_dir(ada.folder())
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("XDG_RUNTIME_DIR", ada.folder())
        .env("PRIVICORE_PASSWORD", SECRET)
        .env("PRIVICORE_PASSPHRASE", PASSPHRASE);
    let output = command.output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let status: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(status["keyring"], false);
    assert_eq!(status["stage"], "signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_uses_the_sandbox_that_runs() {
    let ada = Person::with(&["--sandbox"]).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    let window = TestVault::open(&ada.data_dir()).await;
    window.unlock(Some(PASSPHRASE.into())).await.unwrap();
    fs::write(ada.folder().join("from a script.txt"), "script").unwrap();
    let put = ada.does(&["put", "from a script.txt"]).await.unwrap();
    window.refresh().await.unwrap();
    let file = window.file(put[0]["id"].as_str().unwrap()).unwrap();
    assert_eq!(file.name, "from a script.txt");
    window.shut_down().await;
}
