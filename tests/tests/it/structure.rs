//! Checks the allowed dependencies between crates on the source files.
#![expect(
    clippy::unwrap_used,
    reason = "a check that cannot read what it checks has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use privicore_tests::source_files::files_below;

/// Crates that encrypt, or hash and hold keys for that.
const CIPHERS: &[&str] = &[
    "age",
    "rsa",
    "aes-gcm",
    "aws-lc-rs",
    "ring",
    "openssl",
    "chacha20poly1305",
    "x25519-dalek",
    "blake2",
    "blake3",
    "scrypt",
    "argon2",
];

#[test]
fn envelope_knows_no_runtime_no_network_and_no_database() {
    refuses(
        "crates/envelope",
        &[
            "tokio",
            "tokio-util",
            "reqwest",
            "tokio-tungstenite",
            "rusqlite",
        ],
    );
    refuses(
        "crates/envelope",
        &["privicore-client", "privicore-vault", "privicore-sandbox"],
    );
}

#[test]
fn client_knows_no_cipher_and_no_other_crate() {
    refuses("crates/client", CIPHERS);
    refuses(
        "crates/client",
        &["privicore-envelope", "privicore-vault", "privicore-sandbox"],
    );
    refuses("crates/client", &["rusqlite", "tauri"]);
}

#[test]
fn vault_knows_no_window_and_no_http() {
    refuses(
        "crates/vault",
        &["tauri", "reqwest", "tokio-tungstenite", "axum"],
    );
}

#[test]
fn sandbox_depends_on_no_other_crate() {
    let found = dependencies("crates/sandbox");
    let ours: Vec<_> = found
        .iter()
        .filter(|name| name.starts_with("privicore-"))
        .collect();
    assert!(
        ours.is_empty(),
        "the sandbox plays the service by itself, but depends on {ours:?}"
    );
}

#[test]
fn shell_and_command_line_reach_the_service_through_the_vault() {
    for package in ["src-tauri", "crates/cli"] {
        refuses(
            package,
            &[
                "privicore-client",
                "privicore-envelope",
                "reqwest",
                "tokio-tungstenite",
                "rusqlite",
            ],
        );
    }
}

#[test]
fn the_http_library_is_named_in_two_files_of_the_client_and_the_socket_library_in_one() {
    named_only_in("crates/client/src", "reqwest::", &["http.rs", "probe.rs"]);
    // peer.rs is the far end that tests play.
    let sockets = ["socket.rs", "peer.rs"];
    named_only_in("crates/client/src", "tokio_tungstenite::", &sockets);
}

#[test]
fn the_page_speaks_to_the_shell_in_one_file() {
    let allowed = ["ipc.ts", "bindings.ts"];
    named_only_in("ui/src", "@tauri-apps", &allowed);
    named_only_in("ui/src", "__TAURI", &allowed);
    named_only_in("ui/src", "invoke(", &allowed);
    let files = files_below(&root().join("ui/src"))
        .into_iter()
        .filter(|file| !is_one_of(file, &allowed));
    let callers: Vec<_> = files
        .filter(|file| takes_more_than_types(&read(file)))
        .collect();
    assert!(
        callers.is_empty(),
        "only types may be taken from the bindings outside ipc.ts: {callers:?}"
    );
}

#[test]
fn an_import_of_values_is_distinguished_from_one_of_types() {
    assert!(takes_more_than_types(
        "import { commands } from \"./bindings\";"
    ));
    assert!(takes_more_than_types(
        "import type { A } from './a';\nimport {\n  events,\n} from '../bindings'"
    ));
    assert!(!takes_more_than_types(
        "import { a } from './a';\nimport type {\n  FileView,\n} from \"./bindings\";"
    ));
}

#[test]
fn packages_come_from_the_public_registries_only() {
    let lock = read(&root().join("Cargo.lock"));
    let sources = lock.lines().filter(|line| line.starts_with("source = "));
    let crates_io = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let others: Vec<_> = sources.filter(|line| *line != crates_io).collect();
    assert!(
        others.is_empty(),
        "Cargo.lock names other sources: {others:?}"
    );
    let lock = read(&root().join("ui/package-lock.json"));
    let sources = lock.lines().filter(|line| line.contains("\"resolved\":"));
    let others: Vec<_> = sources
        .filter(|line| !line.contains("\"https://registry.npmjs.org/"))
        .collect();
    assert!(
        others.is_empty(),
        "package-lock.json names other sources: {others:?}"
    );
    for file in [".npmrc", "ui/.npmrc", ".cargo/config.toml"] {
        let settings = fs::read_to_string(root().join(file)).unwrap_or_default();
        assert!(!settings.contains("registry"), "{file} names a registry");
    }
}

/// Asserts that a package does not depend on any of these, its tests aside.
fn refuses(package: &str, refused: &[&str]) {
    let dependencies = dependencies(package);
    let found: Vec<_> = refused
        .iter()
        .filter(|name| dependencies.iter().any(|found| found == *name))
        .collect();
    assert!(found.is_empty(), "{package} must not depend on {found:?}");
}

/// The direct dependencies of a package under their own names, without those of its tests.
fn dependencies(package: &str) -> Vec<String> {
    let manifest = root().join(package).join("Cargo.toml");
    let metadata = output(
        Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--no-deps",
                "--format-version",
                "1",
                "--manifest-path",
            ])
            .arg(&manifest),
    );
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let this = packages
        .iter()
        .find(|package| Path::new(package["manifest_path"].as_str().unwrap()) == manifest);
    let all = this.expect("the package is in the workspace")["dependencies"]
        .as_array()
        .unwrap();
    let normal = all.iter().filter(|dependency| dependency["kind"] != "dev");
    normal
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Asserts that words appear in no file below a folder but the ones that are meant to have them.
fn named_only_in(folder: &str, words: &str, allowed: &[&str]) {
    let files = files_below(&root().join(folder));
    assert!(!files.is_empty(), "there is nothing in {folder}");
    let others: Vec<_> = files
        .iter()
        .filter(|file| !is_one_of(file, allowed) && read(file).contains(words))
        .collect();
    assert!(
        others.is_empty(),
        "{words} belongs in {allowed:?} only, found in {others:?}"
    );
}

fn takes_more_than_types(source: &str) -> bool {
    let mut before = source;
    while let Some((statement, _)) = before.rsplit_once("/bindings") {
        let import = statement.rsplit("import").next().unwrap_or_default();
        if !import.trim_start().starts_with("type ") {
            return true;
        }
        before = statement;
    }
    false
}

fn is_one_of(file: &Path, names: &[&str]) -> bool {
    file.file_name()
        .is_some_and(|name| names.iter().any(|allowed| name == *allowed))
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn read(file: &Path) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}
