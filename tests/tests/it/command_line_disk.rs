//! What `privicore` does when the disk is full or cuts it off, and what it says of what is stored.

use std::fs;

use privicore_sandbox::Dialect;
use privicore_tests::command_line::{PASSPHRASE, Person, SECRET, SandboxProcess};
use privicore_tests::test_vault::random_bytes;
use tokio::process::Command;

#[tokio::test]
async fn a_full_disk_is_named_and_nothing_is_left_on_it() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    fs::write(ada.folder().join("large.bin"), random_bytes(4 << 20)).unwrap();
    let put = ada.does(&["put", "large.bin"]).await.unwrap();
    fs::create_dir(ada.folder().join("small disk")).unwrap();

    let id = put[0]["id"].as_str().unwrap();
    let get = ada
        .privicore(&["get", id, "-o", "small disk/large.bin"])
        .unwrap();
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "--", "sh", "-c"])
        .arg(
            "mount -t tmpfs -o size=1m tmpfs \"small disk\" || exit 99
             \"$@\"; code=$?; ls -A \"small disk\"; exit $code",
        )
        .arg("sh")
        .arg(get.as_std().get_program())
        .args(get.as_std().get_args())
        .current_dir(ada.folder())
        .env("PRIVICORE_PASSPHRASE", PASSPHRASE);
    let output = command.output().await.unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let complaint: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(complaint["error"], "no_space");
    assert_eq!(output.stdout, b"", "something was left behind");
}

#[tokio::test]
async fn full_records_are_named_and_nothing_is_stored_unrecorded() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    fs::create_dir(ada.data_dir()).unwrap();
    fs::write(ada.folder().join("a.txt"), "a").unwrap();
    let words = |command: &[&str]| {
        let privicore = ada.privicore(command).unwrap();
        let words = std::iter::once(privicore.as_std().get_program().to_owned());
        let words = words.chain(privicore.as_std().get_args().map(ToOwned::to_owned));
        let quoted = words.map(|word| format!("'{}'", word.to_string_lossy()));
        quoted.collect::<Vec<_>>().join(" ")
    };
    let script = format!(
        "mount -t tmpfs -o size=2m tmpfs data || exit 99
         {} >&2 || exit 98
         dd if=/dev/zero of=data/filler bs=4k >/dev/null 2>&1
         {}; echo \"code $?\"
         rm data/filler
         {}; {}",
        words(&["sign-up", "ada"]),
        words(&["put", "a.txt"]),
        words(&["put", "a.txt"]),
        words(&["ls"]),
    );
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "--", "sh", "-c", &script])
        .current_dir(ada.folder())
        .envs([
            ("PRIVICORE_PASSWORD", SECRET),
            ("PRIVICORE_PASSPHRASE", PASSPHRASE),
        ])
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let complaints = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "code 1", "{said}{complaints}");
    assert_eq!(
        lines.len(),
        3,
        "one was stored, and one is listed: {said}{complaints}"
    );
    assert!(
        complaints.contains("\"error\":\"records_full\""),
        "{complaints}"
    );
}

/// After a power cut there is either the whole file under its name or none: its bytes are durable before it has its
/// name, and its name before the transfer counts as done.
#[tokio::test]
async fn a_saved_file_is_durable_before_it_has_its_name() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    fs::write(ada.folder().join("a.bin"), random_bytes(1_000_000)).unwrap();
    let put = ada.does(&["put", "a.bin"]).await.unwrap();
    let id = put[0]["id"].as_str().unwrap();
    let get = ada.privicore(&["get", id, "-o", "back.bin"]).unwrap();
    let output = Command::new("strace")
        .args(["--follow-forks", "--decode-fds=path", "--quiet=all"])
        .args(["--trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat"])
        .arg(get.as_std().get_program())
        .args(get.as_std().get_args())
        .current_dir(ada.folder())
        .env("PRIVICORE_PASSPHRASE", PASSPHRASE)
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let trace = String::from_utf8_lossy(&output.stderr);
    let calls: Vec<&str> = trace.lines().collect();
    let first = |what: &dyn Fn(&str) -> bool, from: usize| {
        let found = calls[from..].iter().position(|call| what(call));
        from + found.unwrap_or_else(|| panic!("not in {trace}"))
    };
    let is_sync = |call: &str| call.contains("sync(");
    // A file without a name is shown by its number.
    let nameless = format!("{}/#", ada.folder().to_str().unwrap());
    let is_part = |call: &str| call.contains(".part") || call.contains(&nameless);
    let synced = first(&|call| is_sync(call) && is_part(call), 0);
    let is_naming = |call: &str| call.contains(".part") || call.contains("linkat(");
    let named = first(&|call| call.contains("back.bin") && is_naming(call), synced);
    let folder = ada.folder().to_str().unwrap().to_owned() + ">";
    let folder_synced = first(&|call| is_sync(call) && call.contains(&folder), named);
    first(
        &|call| is_sync(call) && call.contains("records.sqlite"),
        folder_synced,
    );
}

#[tokio::test]
async fn files_are_verified_and_receipts_exported() {
    let sandbox = SandboxProcess::start(Dialect::Observed).await.unwrap();
    let ada = Person::at(&sandbox).unwrap();
    ada.does(&["sign-up", "ada"]).await.unwrap();
    fs::write(ada.folder().join("a.txt"), "a").unwrap();
    fs::write(ada.folder().join("b.txt"), "bb").unwrap();
    let stored = ada.does(&["put", "a.txt"]).await.unwrap().remove(0);
    assert_eq!(stored["state"], "stored");
    let put = ada.does(&["put", "--verify", "b.txt"]).await.unwrap();
    assert_eq!((put.len(), &put[0]["state"]), (1, &"verified".into()));
    let verified = ada.does(&["verify", "--all"]).await.unwrap();
    assert_eq!(verified.len(), 2);
    assert!(verified.iter().all(|line| line["state"] == "verified"));
    let id = stored["id"].as_str().unwrap();
    let twice = ada.does(&["verify", id, id]).await.unwrap();
    assert_eq!(twice.len(), 1, "one file is read back once: {twice:?}");
    let one = ada.does(&["verify", id]).await.unwrap().remove(0);
    assert_eq!(one["name"], "a.txt");

    let exported = ada
        .does(&["receipts", "export", "-o", "receipts.jsonl"])
        .await
        .unwrap();
    assert_eq!(exported[0]["receipts"], 2);
    let lines = fs::read_to_string(ada.folder().join("receipts.jsonl")).unwrap();
    assert!(lines.lines().all(|line| line.contains("\"verified\"")));
    let again = ["receipts", "export", "-o", "receipts.jsonl"];
    let (code, complaint) = ada.fails(&again).await.unwrap();
    assert_eq!((code, &complaint["error"]), (6, &"target_exists".into()));

    let wish = ["get", id, "--keep-mismatch", "-o", "back.txt"];
    let saved = ada.does(&wish).await.unwrap();
    assert_eq!(saved[0]["as_stored"], true);
    assert_eq!(fs::read(ada.folder().join("back.txt")).unwrap(), b"a");
}
