//! Both ways between this crate and Debian's age tool, with the recovery key and the application key.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use privicore_envelope::{
    ApplicationKey, Identities, KeySize, Recipients, RecoveryKey, Sealing, open,
};
use secrecy::ExposeSecret as _;

const LENGTHS: [usize; 6] = [
    0,
    1,
    64 * 1024 - 1,
    64 * 1024,
    64 * 1024 + 1,
    10 * 1024 * 1024,
];

/// Both keys, in memory and as the identity files that the tool reads.
struct Keys {
    recovery: RecoveryKey,
    application: ApplicationKey,
    folder: tempfile::TempDir,
}

#[test]
fn the_age_tool_opens_what_is_sealed_here() {
    let keys = Keys::make();
    let recipients = Recipients {
        application: vec![keys.application.recipient()],
        x25519: vec![keys.recovery.recipient()],
    };
    for plaintext in LENGTHS.map(plaintext) {
        let length = plaintext.len() as u64;
        let mut reader = Sealing::begin(&recipients)
            .unwrap()
            .into_reader(plaintext.as_slice(), length);
        let (mut stored, mut piece) = (Vec::new(), Vec::new());
        while reader.next_piece(&mut piece).unwrap() {
            stored.extend_from_slice(&piece);
        }
        let sealed = keys.file("sealed.age", &stored);
        for identity in [keys.recovery_file(), keys.application_file()] {
            let opened = age(&["--decrypt", "--identity"], &[&identity, &sealed]);
            assert!(opened == plaintext, "{} bytes", plaintext.len());
        }
    }
}

#[test]
fn what_the_age_tool_seals_opens_here() {
    let keys = Keys::make();
    let to_recovery = Identities {
        application: vec![],
        x25519: vec![keys.recovery.clone()],
    };
    let to_application = Identities {
        application: vec![keys.application.clone()],
        x25519: vec![],
    };
    let recovery = keys.recovery.recipient().to_string();
    let application = keys.application.recipient().to_string();
    for plaintext in LENGTHS.map(plaintext) {
        let file = keys.file("plaintext", &plaintext);
        for (recipient, identities) in [(&recovery, &to_recovery), (&application, &to_application)]
        {
            let sealed = age(&["--encrypt", "--recipient", recipient], &[&file]);
            let mut opened = Vec::new();
            let mut reader = open(identities, sealed.as_slice()).unwrap();
            reader.read_to_end(&mut opened).unwrap();
            assert!(
                opened == plaintext,
                "{} bytes, {recipient}",
                plaintext.len()
            );
        }
    }
}

impl Keys {
    fn make() -> Self {
        Self {
            recovery: RecoveryKey::make(),
            application: ApplicationKey::make(KeySize::Rsa3072).unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn recovery_file(&self) -> PathBuf {
        let text = self.recovery.to_text();
        self.file("recovery.txt", text.expose_secret().as_bytes())
    }

    fn application_file(&self) -> PathBuf {
        let pem = self.application.to_pkcs1_pem();
        self.file("application.pem", pem.expose_secret().as_bytes())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

fn plaintext(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 7).to_le_bytes()[0]).collect()
}

fn age(arguments: &[&str], files: &[&Path]) -> Vec<u8> {
    let output = Command::new("age")
        .args(arguments)
        .args(files)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}
