//! Saving on limited file systems, under signals, and over existing files.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};

use privicore_sandbox::Dialect;
use privicore_tests::cli_fixture::CliFixture;
use privicore_tests::command_line::complaint;
use rustix::process::Signal;

use crate::power::{SIZE, SYNC, Target, signal_when, stored, strace};

/// What file systems answer that have no hard links, no nameless files and no rename that replaces nothing.
const REFUSALS: [&str; 5] = ["EIO", "EINVAL", "EPERM", "ENOSYS", "EOPNOTSUPP"];
const TARGET_EXISTS: i32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_saved_where_the_file_system_has_no_links_and_no_careful_rename() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    for refusal in REFUSALS {
        let poor = format!("inject=linkat,renameat2:error={refusal}");
        let options = ["-e", poor.as_str(), "-o", "/dev/null"];
        let get = ["get", id.as_str(), "-o", "target/back.bin"];
        let target = Target::new(&fixture);
        let refused = strace(&fixture, &options, &get).status().await.unwrap();
        assert_eq!(refused.code(), Some(TARGET_EXISTS), "{refusal}");
        assert_eq!(fs::read(target.path()).unwrap(), b"before");
        let forced = [&get[..], &["--force"]].concat();
        let saved = strace(&fixture, &options, &forced).status().await.unwrap();
        assert!(saved.success() && target.is_after(), "{refusal}: {saved}");
        fs::remove_file(target.path()).unwrap();
        let saved = strace(&fixture, &options, &get).status().await.unwrap();
        assert!(saved.success() && target.is_after(), "{refusal}: {saved}");
        target.is_alone();
    }
}

/// All exports are written by one function; this is one that holds a private key.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_exported_where_the_file_system_has_no_links() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    for refusal in REFUSALS {
        let poor = format!("inject=linkat,renameat2:error={refusal}");
        let options = ["-e", poor.as_str(), "-o", "/dev/null"];
        let export = ["keys", "export", "application", "-o", "key.pem"];
        let saved = strace(&fixture, &options, &export).status().await.unwrap();
        assert!(saved.success(), "{refusal}: {saved}");
        let file = fixture.ada.folder().join("key.pem");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_file(file).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_saved_where_folders_cannot_be_synced() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    let target = Target::new(&fixture);
    let folder = target.path().parent().unwrap().to_owned();
    fs::remove_file(target.path()).unwrap();
    // Nobody may list it, so nobody can sync it; an administrator can, and then nothing is remarked.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o333)).unwrap();
    let saved = fixture
        .ada
        .does(&["get", &id, "-o", "target/back.bin"])
        .await;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    saved.unwrap();
    assert!(target.is_after());
    target.is_alone();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_saved_if_a_step_after_the_rename_fails() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    let target = Target::new(&fixture);
    let folder = target.path().parent().unwrap().to_owned();
    let failing = [
        "-P",
        folder.to_str().unwrap(),
        "-e",
        "inject=fsync:error=EINVAL",
    ];
    let options = [&failing[..], &["-o", "/dev/null"]].concat();
    let get = ["get", id.as_str(), "-o", "target/back.bin", "--force"];
    let saved = strace(&fixture, &options, &get).status().await.unwrap();
    assert!(saved.success(), "{saved}");
    assert!(target.is_after());
    target.is_alone();
}

/// The file system gives no names to nameless files here, so that there is one to be seen: it is private, and gone with
/// the process.
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_leaves_no_partial_file() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    for signal in [
        Signal::TERM,
        Signal::QUIT,
        Signal::HUP,
        Signal::ALARM,
        Signal::USR1,
        Signal::XCPU,
    ] {
        let target = Target::new(&fixture);
        let part = || {
            let names = target.names().into_iter();
            let mut paths = names.map(|name| target.path().with_file_name(name));
            paths.find(|path| {
                *path != target.path()
                    && path.metadata().is_ok_and(|part| part.len() == SIZE as u64)
            })
        };
        let slowly = format!("inject={SYNC}:delay_enter=700ms");
        let options = ["-e", "inject=linkat:error=EPERM", "-e", &slowly];
        let get = ["get", &id, "-o", "target/back.bin", "--force"];
        signal_when(&fixture, &options, &get, signal, || {
            let Some(part) = part() else {
                return false;
            };
            let Ok(seen) = part.metadata() else {
                return false;
            };
            assert_eq!(seen.permissions().mode() & 0o077, 0);
            true
        })
        .await;
        target.is_alone();
        fixture.ada.does(&["resume"]).await.unwrap();
        assert!(target.is_after());
        target.is_alone();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_no_file_is_refused_before_any_request() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    let at = |name: &str| fixture.ada.folder().join(name);
    rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RUSR).unwrap();
    std::os::unix::fs::symlink("pipe", at("link")).unwrap();
    fs::write(at("file"), b"before").unwrap();
    let refusals = [
        ("pipe", "target_not_a_file"),
        ("link", "target_not_a_file"),
        ("new/", "target_folder_missing"),
        ("none/new", "target_folder_missing"),
        ("file/new", "target_folder_missing"),
    ];
    fixture.sandbox.control().forget_calls();
    for (target, code) in refusals {
        let (_, problem) = fixture
            .ada
            .fails(&["get", &id, "-o", target, "--force"])
            .await
            .unwrap();
        assert_eq!(problem["error"], code, "{target}");
    }
    let existing = fixture.ada.privicore(&["get", &id, "-o", "file"]).unwrap();
    let (exit, _) = complaint(existing).await.unwrap();
    assert_eq!(exit, TARGET_EXISTS);
    let calls = fixture.sandbox.control().list_calls();
    let asked = calls.keys().find(|name| name.contains("request-data"));
    assert!(asked.is_none(), "{calls:?}");
    assert!(at("pipe").symlink_metadata().unwrap().file_type().is_fifo());
    assert_eq!(fs::read(at("file")).unwrap(), b"before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_may_be_replaced_stays_a_link_and_a_replaced_file_stays_private() {
    let fixture = CliFixture::set(Dialect::Observed).await;
    let id = stored(&fixture).await;
    let target = Target::new(&fixture);
    fs::set_permissions(target.path(), fs::Permissions::from_mode(0o600)).unwrap();
    let link = fixture.ada.folder().join("link");
    std::os::unix::fs::symlink("target/back.bin", &link).unwrap();
    fixture
        .ada
        .does(&["get", &id, "-o", "link", "--force"])
        .await
        .unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(target.is_after());
    let mode = target.path().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    target.is_alone();
}
