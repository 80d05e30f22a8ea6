//! Recipients, shared keys, a new application key, and files that were stored before it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use privicore_sandbox::Dialect;
use privicore_tests::in_each_dialect;
use privicore_tests::test_vault::{TestVault, random_bytes};
use privicore_vault::{
    AccessKeyKind, Code, Existing, File, PrivateKey, StoreAs, Transfer, TransferState, Unreceipted,
    Vault,
};
use secrecy::SecretString;

/// Sizes that travel inside a command, and as a stream.
pub(crate) const SMALL: usize = 2000;
pub(crate) const LARGE: usize = 3_000_000;
pub(crate) const SHARED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff";
const OTHER: &str = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";

in_each_dialect!(
    a_recipient_opens_what_was_stored_for_them_with_the_age_tool,
    a_recipient_of_a_context_opens_its_files_only,
    files_with_a_shared_key_come_back,
    a_context_has_its_form,
    a_wrong_shared_key_leaves_nothing,
    a_removed_shared_key_is_named_by_its_fingerprint,
    a_file_without_a_receipt_finds_its_shared_key,
    a_resealed_file_needs_no_old_key
);

async fn a_recipient_opens_what_was_stored_for_them_with_the_age_tool(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let anna = AgeKey::generate("anna");
    let rsa = SshKey::generate();
    let vault = &fixture.vault;
    vault
        .add_recipient(&anna.public, "Anna", None)
        .await
        .unwrap();
    vault.add_recipient(&rsa.public, "", None).await.unwrap();
    let again = vault.add_recipient(&anna.public, "", None).await;
    assert_eq!(again.unwrap_err().explain().code, Code::RecipientKnown);
    for size in [SMALL, LARGE] {
        let (path, bytes) = fixture.write(&format!("{size}.bin"), random_bytes(size));
        fixture.store(vec![path.clone()], "").await;
        let file = fixture.file_named(&path);
        let stored = fixture.raw(&file).await;
        for identity in [&anna.file, &rsa.file] {
            assert!(opened(identity, &stored).unwrap() == bytes, "{size} bytes");
        }
        assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
        let openers = vault.openers(file.id).await.unwrap();
        let added: Vec<_> = openers
            .keys
            .iter()
            .filter(|key| key.kind == AccessKeyKind::Recipient)
            .collect();
        assert_eq!(added.len(), 2);
        assert_eq!(added[0].name.as_deref(), Some("Anna"));
        assert_eq!(added[0].fingerprint, anna.public);
        assert!(!openers.is_outdated);
    }
    vault.remove_recipient("Anna", None).await.unwrap();
    let (path, _) = fixture.write("after.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "").await;
    let stored = fixture.raw(&fixture.file_named(&path)).await;
    assert!(opened(&anna.file, &stored).is_none());
    assert!(opened(&rsa.file, &stored).is_some());
}

async fn a_recipient_of_a_context_opens_its_files_only(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    let anna = AgeKey::generate("anna");
    let added = fixture
        .vault
        .add_recipient(&anna.public, "", Some("work"))
        .await;
    added.unwrap();
    fixture.restart().await;
    unlock(&fixture.vault).await;
    let secret = fixture.vault.add_recipient(&anna.secret(), "", None).await;
    assert_eq!(secret.unwrap_err().explain().code, Code::PrivateKey);
    for (context, is_hers) in [("work", true), ("home", false)] {
        let (path, _) = fixture.write(&format!("{context}.bin"), random_bytes(SMALL));
        fixture.store(vec![path.clone()], context).await;
        let stored = fixture.raw(&fixture.file_named(&path)).await;
        assert_eq!(opened(&anna.file, &stored).is_some(), is_hers, "{context}");
    }
}

async fn files_with_a_shared_key_come_back(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    import(&fixture.vault, "team", SHARED).await;
    for size in [0, 1, SMALL, 256 * 1024, LARGE] {
        let (path, bytes) = fixture.write(&format!("{size}.bin"), random_bytes(size));
        let file = stored_with(&fixture, path, "team").await;
        let stored = fixture.raw(&file).await;
        assert_eq!(stored.len(), size + 28, "IV and tag are all that is added");
        // A few bytes are among any others by chance.
        assert!(size < SMALL || !stored.windows(bytes.len()).any(|seen| seen == bytes));
        assert!(fixture.saved(&file).await.unwrap() == bytes, "{size} bytes");
        let openers = fixture.vault.openers(file.id).await.unwrap();
        assert_eq!(openers.keys.len(), 1);
        assert_eq!(openers.keys[0].kind, AccessKeyKind::SharedKey);
        assert_eq!(openers.keys[0].name.as_deref(), Some("team"));
    }
    let keys = fixture.vault.shared_keys().await.unwrap();
    assert_eq!((keys[0].name.as_str(), keys[0].files), ("team", 5));
    let exported = fixture.originals().join("team.key");
    fixture
        .vault
        .export_shared_key("team", &exported)
        .await
        .unwrap();
    assert_eq!(fs::read_to_string(&exported).unwrap().trim(), SHARED);
    let mode = std::os::unix::fs::PermissionsExt::mode(&exported.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

async fn a_context_has_its_form(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    import(&fixture.vault, "team", SHARED).await;
    fixture
        .vault
        .set_context_key("work", Some("team"))
        .await
        .unwrap();
    let (path, bytes) = fixture.write("shared.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "work").await;
    let file = fixture.file_named(&path);
    assert_eq!(file.receipt.as_ref().unwrap().form, "shared");
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
    let (path, _) = fixture.write("own.bin", random_bytes(SMALL));
    let ids = fixture
        .vault
        .store_as(vec![path.clone()], "work", StoreAs::Age)
        .await;
    fixture.ended(&ids.unwrap()).await;
    assert_eq!(
        fixture.file_named(&path).receipt.as_ref().unwrap().form,
        "age"
    );
    let removed = fixture
        .vault
        .remove_shared_key("team", Some(TestVault::passphrase()))
        .await;
    removed.unwrap();
    let (path, _) = fixture.write("after.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "work").await;
    assert_eq!(
        fixture.file_named(&path).receipt.as_ref().unwrap().form,
        "age"
    );
}

async fn a_wrong_shared_key_leaves_nothing(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    import(&fixture.vault, "team", SHARED).await;
    import(&fixture.vault, "other", OTHER).await;
    for size in [SMALL, LARGE] {
        let (path, _) = fixture.write(&format!("{size}.bin"), random_bytes(size));
        let file = stored_with(&fixture, path, "team").await;
        let folder = fixture.originals().join(format!("target-{size}"));
        fs::create_dir(&folder).unwrap();
        let target = folder.join("saved");
        let saving = fixture
            .vault
            .save_with_key(file.id, &target, Existing::Keep, "other");
        let ended = fixture.ended(&[saving.await.unwrap()]).await.remove(0);
        assert_eq!(code(&ended), Code::WrongSharedKey);
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            0,
            "something was left"
        );
    }
}

async fn a_removed_shared_key_is_named_by_its_fingerprint(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    import(&fixture.vault, "team", SHARED).await;
    let (path, bytes) = fixture.write("a.bin", random_bytes(SMALL));
    let file = stored_with(&fixture, path, "team").await;
    let fingerprint = fixture.vault.shared_keys().await.unwrap()[0]
        .fingerprint
        .clone();
    let passphrase = || Some(TestVault::passphrase());
    let removed = fixture.vault.remove_shared_key("team", passphrase()).await;
    removed.unwrap();
    let told = fixture.saved(&file).await.unwrap_err();
    assert_eq!(told.code, Code::SharedKeyMissing);
    assert!(told.message.contains(&fingerprint), "{told:?}");
    import(&fixture.vault, "the same again", SHARED).await;
    assert_eq!(fixture.saved(&file).await.unwrap(), bytes);
    let wrong: SecretString = "wrong".into();
    let refused = fixture.vault.generate_shared_key("more", Some(wrong)).await;
    assert_eq!(refused.unwrap_err().explain().code, Code::WrongPassphrase);
    let refused = fixture.vault.generate_shared_key("more", None).await;
    assert_eq!(refused.unwrap_err().explain().code, Code::PassphraseNeeded);
    assert_eq!(fixture.vault.shared_keys().await.unwrap().len(), 1);
}

async fn a_file_without_a_receipt_finds_its_shared_key(dialect: Dialect) {
    let mut fixture = TestVault::signed_up(dialect).await;
    import(&fixture.vault, "other", OTHER).await;
    import(&fixture.vault, "team", SHARED).await;
    let (small, small_bytes) = fixture.write("small.bin", random_bytes(SMALL));
    let (large, large_bytes) = fixture.write("large.bin", random_bytes(LARGE));
    stored_with(&fixture, small.clone(), "team").await;
    stored_with(&fixture, large.clone(), "team").await;
    fixture.forget_records().await;
    fixture.sign_in().await.unwrap();
    fixture.vault.refresh().await.unwrap();
    for (path, bytes) in [(small, small_bytes), (large, large_bytes)] {
        let file = fixture.file_named(&path);
        assert!(file.receipt.is_none());
        assert!(fixture.saved(&file).await.unwrap() == bytes);
        // The second time it is remembered, so that a wrong one is not even tried.
        let passphrase = Some(TestVault::passphrase());
        let _ = fixture.vault.remove_shared_key("other", passphrase).await;
        assert!(fixture.saved(&file).await.unwrap() == bytes);
    }
}

async fn a_resealed_file_needs_no_old_key(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let dir = tempfile::tempdir().unwrap();
    let (path, bytes) = fixture.write("a.bin", random_bytes(SMALL));
    fixture.store(vec![path.clone()], "").await;
    let before = fixture.file_named(&path);
    let (old, new) = rotate(&fixture, dir.path()).await;
    assert_eq!(fixture.saved(&before).await.unwrap(), bytes);
    assert_eq!(fixture.vault.outdated().await.unwrap(), [before.id]);
    let ended = resealed(&fixture, &before).await;
    assert_eq!(ended.state, TransferState::Done, "{ended:?}");
    let after = fixture.file_named(&path);
    assert_eq!(after.token, before.token);
    let stored = fixture.raw(&after).await;
    assert!(opened(&new, &stored).unwrap() == bytes);
    assert!(
        opened(&old, &stored).is_none(),
        "the old key still opens it"
    );
    let receipt = after.receipt.as_ref().unwrap();
    assert_ne!(receipt, before.receipt.as_ref().unwrap());
    assert_eq!(receipt.digest, blake3::hash(&stored).to_string());
    assert!(receipt.replacements.is_empty());
    assert_eq!(fixture.saved(&after).await.unwrap(), bytes);
    assert!(fixture.vault.outdated().await.unwrap().is_empty());
}

pub(crate) async fn import(vault: &Vault, name: &str, key: &str) {
    let passphrase = Some(TestVault::passphrase());
    let imported = vault.import_shared_key(name, key.into(), passphrase).await;
    imported.unwrap();
}

pub(crate) async fn unlock(vault: &Vault) {
    vault.unlock(Some(TestVault::passphrase())).await.unwrap();
}

pub(crate) async fn stored_with(fixture: &TestVault, path: PathBuf, key: &str) -> Arc<File> {
    let form = StoreAs::SharedKey(key.to_owned());
    let ids = fixture.vault.store_as(vec![path.clone()], "", form).await;
    let ended = fixture.ended(&ids.unwrap()).await;
    assert_eq!(ended[0].state, TransferState::Done, "{ended:?}");
    fixture.file_named(&path)
}

/// Makes a new application key; answers files with the old and the new one.
pub(crate) async fn rotate(fixture: &TestVault, dir: &Path) -> (PathBuf, PathBuf) {
    let exported = |name: &str| {
        let file = dir.join(name);
        fixture
            .vault
            .export_key(PrivateKey::Application, &file)
            .unwrap();
        file
    };
    let old = exported("old.pem");
    let passphrase = Some(TestVault::passphrase());
    fixture
        .vault
        .rotate_application_key(passphrase)
        .await
        .unwrap();
    (old, exported("new.pem"))
}

pub(crate) async fn resealed(fixture: &TestVault, file: &File) -> Transfer {
    let ids = fixture
        .vault
        .reseal(&[file.id], Unreceipted::Refuse)
        .await
        .unwrap();
    fixture.ended(&ids).await.remove(0)
}

pub(crate) fn code(transfer: &Transfer) -> Code {
    assert_eq!(transfer.state, TransferState::Failed, "{transfer:?}");
    transfer.error.as_ref().unwrap().code
}

/// What the stock tool makes of stored bytes, if the key opens them.
pub(crate) fn opened(identity: &Path, stored: &[u8]) -> Option<Vec<u8>> {
    let dir = tempfile::tempdir().unwrap();
    let sealed = dir.path().join("sealed");
    fs::write(&sealed, stored).unwrap();
    let output = Command::new("age")
        .args(["--decrypt", "--identity"])
        .args([identity, &sealed])
        .output()
        .unwrap();
    output.status.success().then_some(output.stdout)
}

/// A key of somebody else, made by the stock tool.
pub(crate) struct AgeKey {
    pub(crate) public: String,
    pub(crate) file: PathBuf,
    _dir: tempfile::TempDir,
}

impl AgeKey {
    pub(crate) fn generate(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(name);
        let made = Command::new("age-keygen")
            .arg("--output")
            .arg(&file)
            .output();
        assert!(made.unwrap().status.success());
        let text = fs::read_to_string(&file).unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("# public key: "));
        Self {
            public: line.unwrap().to_owned(),
            file,
            _dir: dir,
        }
    }

    fn secret(&self) -> String {
        fs::read_to_string(&self.file).unwrap()
    }
}

/// An RSA key of somebody else, made by ssh-keygen.
struct SshKey {
    public: String,
    file: PathBuf,
    _dir: tempfile::TempDir,
}

impl SshKey {
    fn generate() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("id_rsa");
        let made = Command::new("ssh-keygen")
            .args([
                "-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "bob@desk", "-f",
            ])
            .arg(&file)
            .output();
        assert!(made.unwrap().status.success());
        Self {
            public: fs::read_to_string(file.with_extension("pub")).unwrap(),
            file,
            _dir: dir,
        }
    }
}
