//! What keys cost for people. Every other test has keys that cost next to nothing.

use std::fs;

use privicore_tests::key_work::{LEAST_WORK, key_work_below};
use privicore_tests::test_vault::TestVault;
use privicore_vault::{KeyCost, KeyringUse, Options, RetryPolicy, Vault};

#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_has_its_full_work_at_sign_up_and_after_a_change() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        data_dir: folder.path().to_owned(),
        keyring: KeyringUse::Off,
        retry_policy: RetryPolicy::Never,
        key_cost: KeyCost::Full,
    };
    let vault = Vault::open(options).await.unwrap();
    vault.try_now(Some(TestVault::passphrase())).await.unwrap();
    assert!(key_work_below(folder.path()) >= LEAST_WORK);
    let key = folder.path().join("application.pem");
    vault
        .export_key(privicore_vault::PrivateKey::Application, &key)
        .unwrap();
    // An RSA key of 3072 bits takes about 2,400 characters of base64, of 2048 bits 1,700.
    assert!(fs::metadata(&key).unwrap().len() > 2200);

    let new = "another passphrase of alice";
    vault
        .change_passphrase(TestVault::passphrase(), new.into())
        .await
        .unwrap();
    assert!(key_work_below(folder.path()) >= LEAST_WORK);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_passphrase_of_the_command_line_has_its_full_work() {
    use privicore_tests::command_line::{Person, SandboxProcess};

    let sandbox = SandboxProcess::start(privicore_sandbox::Dialect::Observed)
        .await
        .unwrap();
    let ada = Person::at(&sandbox).unwrap();
    let mut sign_up = ada.privicore(&["sign-up", "ada"]).unwrap();
    sign_up.env_remove("PRIVICORE_CHEAP_KEYS");
    assert!(sign_up.status().await.unwrap().success());
    assert!(key_work_below(&ada.data_dir()) >= LEAST_WORK);
}
