//! Both ways between this crate and Debian's age tool: every kind of key, one recipient and five, and the promise of
//! the kit.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use privicore_envelope::{
    ApplicationKey, Identities, KeySize, ProfileKeys, Recipient, Recipients, RecoveryKey,
    RecoveryKit, Sealing, SharedKey, open,
};
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

const LENGTHS: [usize; 6] = [
    0,
    1,
    64 * 1024 - 1,
    64 * 1024,
    64 * 1024 + 1,
    10 * 1024 * 1024,
];

/// Three X25519 keys and two RSA keys, in memory and as the identity files that the tool reads.
struct Keys {
    identities: Identities,
    files: Vec<PathBuf>,
    folder: TempDir,
}

#[test]
fn the_age_tool_opens_what_is_sealed_to_one_of_us_or_to_five() {
    let keys = Keys::generate();
    for plaintext in LENGTHS.map(plaintext) {
        let to_all = keys.file("all.age", &seal(&keys.recipients(), &plaintext));
        for (recipient, identity) in keys.recipients().iter().zip(&keys.files) {
            let to_one = seal(std::slice::from_ref(recipient), &plaintext);
            let to_one = keys.file("one.age", &to_one);
            for sealed in [&to_one, &to_all] {
                let opened = age(&["--decrypt", "--identity"], &[identity, sealed]);
                assert!(opened == plaintext, "{} bytes", plaintext.len());
            }
        }
    }
}

#[test]
fn what_the_age_tool_seals_to_one_of_us_or_to_five_opens_here() {
    let keys = Keys::generate();
    let recipients: Vec<String> = keys.recipients().iter().map(Recipient::to_string).collect();
    let everyone: Vec<&str> = recipients.iter().flat_map(|at| ["-r", at]).collect();
    for plaintext in LENGTHS.map(plaintext) {
        let file = keys.file("plaintext", &plaintext);
        let to_all = age(&everyone, &[&file]);
        for (recipient, identity) in recipients.iter().zip(keys.each()) {
            let to_one = age(&["--encrypt", "--recipient", recipient], &[&file]);
            assert!(opened(&identity, &to_one) == plaintext);
            assert!(opened(&identity, &to_all) == plaintext);
        }
    }
}

#[test]
fn a_colleague_opens_with_the_key_that_ssh_keygen_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("id_rsa");
    ssh_keygen(&["-t", "rsa", "-b", "2048", "-N", "", "-q", "-f"], &path);
    let private = fs::read_to_string(&path).unwrap();
    assert!(private.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"));
    let line = fs::read_to_string(path.with_extension("pub")).unwrap();
    let colleague: Recipient = line.parse().unwrap();
    let listed = ssh_keygen(&["-l", "-f"], &path);
    let Recipients { application, .. } = all(std::slice::from_ref(&colleague));
    assert!(listed.contains(&application[0].fingerprint()), "{listed}");
    for plaintext in LENGTHS.map(plaintext) {
        let sealed = folder.path().join("sealed.age");
        fs::write(&sealed, seal(std::slice::from_ref(&colleague), &plaintext)).unwrap();
        let opened = age(&["--decrypt", "--identity"], &[&path, &sealed]);
        assert!(opened == plaintext, "{} bytes", plaintext.len());
    }
}

#[test]
fn the_kit_and_the_age_tool_bring_a_file_and_all_keys_back() {
    let mut keys = ProfileKeys::generate(KeySize::Rsa3072, |_| {}).unwrap();
    keys.add_shared_key("office", SharedKey::generate(), 7)
        .unwrap();
    let kit = RecoveryKit::of(&keys, "ada", "privicore.example", 1_795_608_000).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("kit.txt"), kit.to_text().expose_secret()).unwrap();
    for plaintext in LENGTHS.map(plaintext) {
        let stored = seal_to(&keys.recipients(), &plaintext);
        fs::write(at("stored.age"), stored).unwrap();
        let opened = at(&plaintext.len().to_string());
        with_kit(&[&at("kit.txt"), &at("stored.age"), &opened]);
        assert!(fs::read(opened).unwrap() == plaintext);
    }
    let block = with_kit(&[&at("kit.txt"), Path::new("all-keys")]);
    let block: serde_json::Value = serde_json::from_slice(&block).unwrap();
    assert_eq!(block["user"], "ada");
    assert_eq!(block["shared"][0]["name"], "office");
    assert!(!block.to_string().contains("AGE-SECRET-KEY"));
}

impl Keys {
    fn generate() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let application: Vec<ApplicationKey> = [KeySize::Rsa3072, KeySize::Rsa4096]
            .map(|size| ApplicationKey::generate(size).unwrap())
            .into();
        let x25519: Vec<RecoveryKey> = std::iter::repeat_with(RecoveryKey::generate)
            .take(3)
            .collect();
        let pems = application.iter().map(ApplicationKey::to_pkcs1_pem);
        let texts = pems.chain(x25519.iter().map(RecoveryKey::to_text));
        let files = texts.enumerate().map(|(at, text)| {
            let path = folder.path().join(format!("identity-{at}"));
            fs::write(&path, text.expose_secret()).unwrap();
            path
        });
        Self {
            files: files.collect(),
            identities: Identities {
                application,
                x25519,
            },
            folder,
        }
    }

    /// In the order of the identity files.
    fn recipients(&self) -> Vec<Recipient> {
        let application = self.identities.application.iter();
        let application = application.map(|key| Recipient::from(key.recipient()));
        let x25519 = self.identities.x25519.iter();
        application
            .chain(x25519.map(|key| Recipient::from(key.recipient())))
            .collect()
    }

    /// Each key alone, in the same order.
    fn each(&self) -> Vec<Identities> {
        let application = self.identities.application.iter().map(|key| Identities {
            application: vec![key.clone()],
            x25519: vec![],
        });
        let x25519 = self.identities.x25519.iter().map(|key| Identities {
            application: vec![],
            x25519: vec![key.clone()],
        });
        application.chain(x25519).collect()
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

fn all(recipients: &[Recipient]) -> Recipients {
    let mut all = Recipients::default();
    all.add(recipients).unwrap();
    all
}

fn seal(recipients: &[Recipient], plaintext: &[u8]) -> Vec<u8> {
    seal_to(&all(recipients), plaintext)
}

fn seal_to(recipients: &Recipients, plaintext: &[u8]) -> Vec<u8> {
    let sealing = Sealing::begin(recipients).unwrap();
    let mut reader = sealing.into_reader(plaintext, plaintext.len() as u64);
    let (mut stored, mut piece) = (Vec::new(), Vec::new());
    while reader.next_piece(&mut piece).unwrap() {
        stored.extend_from_slice(&piece);
    }
    stored
}

fn opened(identities: &Identities, sealed: &[u8]) -> Vec<u8> {
    let mut opened = Vec::new();
    let mut reader = open(identities, sealed).unwrap();
    reader.read_to_end(&mut opened).unwrap();
    opened
}

fn plaintext(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 7).to_le_bytes()[0]).collect()
}

fn age(arguments: &[&str], files: &[&Path]) -> Vec<u8> {
    run(Command::new("age").args(arguments).args(files))
}

fn ssh_keygen(arguments: &[&str], path: &Path) -> String {
    let output = run(Command::new("ssh-keygen").args(arguments).arg(path));
    String::from_utf8(output).unwrap()
}

fn with_kit(arguments: &[&Path]) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/open-with-kit.sh");
    run(Command::new("sh").arg(script).args(arguments))
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    output.stdout
}
