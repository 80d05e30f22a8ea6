//! What is left in the memory of a process that was locked, or signed out.
//!
//! What cannot be wiped, and is not looked for here, is listed in SECURITY.md.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write as _;
use std::process::{ChildStdin, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use privicore_sandbox::{Dialect, Sandbox};
use privicore_tests::memory::{Sentinel, found_in};
use privicore_tests::process::Process;
use privicore_tests::wait::{SOON, wait_for};
use privicore_tests::wait_until;
use tempfile::TempDir;

const NAME: &str = "planted-name-4b1d9e07.txt";
const CONTEXT: &str = "planted-context-77aa31";
const PASSWORD: &str = "planted password 9c02f1d4 of alice";
const PASSPHRASE: &str = "planted passphrase 31e8b6a5 here";
const PLAINTEXT: &str = "planted plaintext 6de0c3a9 in the middle of a file";

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_process_has_nothing_to_tell() {
    let mut vault_process = VaultProcess::start().await;
    let sentinels = vault_process.sentinels().await;
    vault_process.has_some_of(&sentinels);
    vault_process.does("lock").await;
    vault_process.forgets(&sentinels).await;
    vault_process.does("unlock").await;
    vault_process.does("is-stored").await;
    vault_process.has_some_of(&sentinels);
    vault_process.does("lock").await;
    vault_process.forgets(&sentinels).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_was_signed_out_has_nothing_to_tell() {
    let mut vault_process = VaultProcess::start().await;
    let sentinels = vault_process.sentinels().await;
    vault_process.does("sign-out").await;
    vault_process.forgets(&sentinels).await;
}

/// A process with a vault in it, signed in, that has stored a file.
struct VaultProcess {
    process: Process,
    input: ChildStdin,
    folder: TempDir,
    sandbox: Sandbox,
}

impl VaultProcess {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::builder()
            .data_dir(folder.path().join("service"))
            .dialect(Dialect::Observed)
            .auto_storage(3)
            .start()
            .await
            .unwrap();
        let addresses = sandbox.addresses();
        let lines = [
            &addresses.api,
            &addresses.websocket,
            &addresses.upstream,
            &addresses.downstream,
        ];
        let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
        let original = folder.path().join(NAME);
        let content = [vec![b'.'; 200_000], PLAINTEXT.into(), vec![b'.'; 200_000]].concat();
        fs::write(&original, content).unwrap();
        for (name, text) in [
            ("addresses", lines.join("\n")),
            ("username", "alice".to_owned()),
            ("password", PASSWORD.to_owned()),
            ("passphrase", PASSPHRASE.to_owned()),
            ("context", CONTEXT.to_owned()),
            ("path", original.to_string_lossy().into_owned()),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut process = Process::start(env!("CARGO_BIN_EXE_vault-process"), |command| {
            command.arg(folder.path()).stdin(Stdio::piped());
        })
        .unwrap();
        let input = process.stdin().unwrap();
        let mut vault_process = Self {
            process,
            input,
            folder,
            sandbox,
        };
        vault_process.does("sign-up").await;
        vault_process.does("export").await;
        vault_process.does("store").await;
        wait_until("the file is stored", async || {
            vault_process.asked("is-stored").await == "done"
        })
        .await;
        vault_process
    }

    async fn asked(&mut self, what: &str) -> String {
        writeln!(self.input, "{what}").unwrap();
        self.process.line(what).await.unwrap()
    }

    async fn does(&mut self, what: &str) {
        assert_eq!(self.asked(what).await, "done", "{what}");
    }

    /// Everything secret there is.
    async fn sentinels(&self) -> Vec<Sentinel> {
        let read = |name| fs::read_to_string(self.folder.path().join(name)).unwrap();
        let recovery = read("recovery");
        let recovery = recovery
            .lines()
            .find(|line| line.starts_with("AGE-"))
            .unwrap();
        let tokens = self.sandbox.control().list_tokens("alice").await.unwrap();
        assert_eq!(tokens.len(), 1);
        let mut sentinels = vec![
            Sentinel::new("the recovery key as text", recovery),
            Sentinel::new("the recovery key", bech32_bytes(recovery)),
            Sentinel::new("the password", PASSWORD),
            Sentinel::new("the passphrase", PASSPHRASE),
            Sentinel::new("the plaintext", PLAINTEXT),
            Sentinel::new("the name of the file", &NAME[..20]),
            Sentinel::new("the context", CONTEXT),
        ];
        for (name, bytes) in private_parts(&read("application")) {
            let middle = &bytes[64..96];
            let backwards: Vec<u8> = middle.iter().rev().copied().collect();
            sentinels.push(Sentinel::new(&format!("{name}, first byte first"), middle));
            sentinels.push(Sentinel::new(
                &format!("{name}, last byte first"),
                backwards,
            ));
        }
        sentinels
    }

    /// What is looked for can be found, or looking for it would prove nothing.
    fn has_some_of(&self, sentinels: &[Sentinel]) {
        let found = found_in(self.process.id(), sentinels).unwrap();
        for wanted in [
            "the name of the file",
            "prime 1, last byte first",
            "the password",
        ] {
            assert!(
                found.iter().any(|found| found.starts_with(wanted)),
                "{wanted}: {found:?}"
            );
        }
    }

    async fn forgets(&self, sentinels: &[Sentinel]) {
        let mut left = Vec::new();
        let look = async || {
            left = found_in(self.process.id(), sentinels).unwrap();
            left.is_empty().then_some(())
        };
        let gone = wait_for("nothing to be left", SOON, look).await;
        assert!(gone.is_ok(), "still in memory: {left:?}");
    }
}

/// The private numbers of a PKCS#1 key (RFC 8017, A.1.2).
fn private_parts(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let der = STANDARD.decode(lines.collect::<String>()).unwrap();
    let mut numbers = Vec::new();
    let mut rest = &der[4..];
    while let [2, tail @ ..] = rest {
        let (length, from) = match tail {
            [0x82, high, low, ..] => (usize::from(*high) << 8 | usize::from(*low), 3),
            [0x81, low, ..] => (usize::from(*low), 2),
            [low, ..] => (usize::from(*low), 1),
            [] => break,
        };
        numbers.push(tail[from..from + length].to_vec());
        rest = &tail[from + length..];
    }
    assert_eq!(numbers.len(), 9, "a key has nine numbers");
    let names = [
        "exponent",
        "prime 1",
        "prime 2",
        "exponent 1",
        "exponent 2",
        "coefficient",
    ];
    names.into_iter().zip(numbers.into_iter().skip(3)).collect()
}

/// The bytes of an `AGE-SECRET-KEY-1…` (BIP 173, without looking at the checksum).
fn bech32_bytes(text: &str) -> Vec<u8> {
    const CHARSET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let data = text.trim().to_lowercase();
    let data = data.rsplit('1').next().unwrap();
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for character in data[..data.len() - 6].chars() {
        let value = u32::try_from(CHARSET.find(character).unwrap()).unwrap();
        (bits, held) = (bits << 5 | value, held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    assert_eq!(bytes.len(), 32);
    bytes
}
