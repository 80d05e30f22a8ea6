//! What opens the keys on this machine.

use privicore_vault::{Error, KeyProtection, ProtectionError, Vault};
use serde::Serialize;

use super::session;
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::prompt::{self, Entry};

const NOTHING_TO_LOCK: &str = "Nothing to lock: each command opens the keys anew and lets go of them when it ends. \
    With a passphrase the next one asks for it; with the keyring, lock that. The window is locked in the window.";

#[derive(Serialize)]
struct ProtectionLine {
    protection: &'static str,
}

pub(crate) fn lock(output: Output) -> u8 {
    if output.json {
        output.object(&serde_json::json!({ "locked": false, "message": NOTHING_TO_LOCK }));
    } else {
        output.line(NOTHING_TO_LOCK);
    }
    exit::DONE
}

pub(crate) async fn restore_previous(vault: &Vault, output: Output) -> Result<u8, Failure> {
    match vault.restore_previous_keys(None).await {
        Err(Error::Protection(ProtectionError::PassphraseNeeded)) => {
            let passphrase = prompt::passphrase(Entry::Known)?;
            vault.restore_previous_keys(Some(passphrase)).await?;
        }
        outcome => outcome?,
    }
    Ok(session::status(vault, output))
}

pub(crate) async fn change_passphrase(vault: &Vault, output: Output) -> Result<u8, Failure> {
    if vault.key_protection()? == KeyProtection::Keyring {
        return Err(Error::Protection(ProtectionError::ProtectedOtherwise).into());
    }
    let old = prompt::passphrase(Entry::Known)?;
    vault
        .change_passphrase(old, prompt::new_passphrase(output)?)
        .await?;
    print_state(vault, output)
}

pub(crate) async fn protect_with_keyring(vault: &Vault, output: Output) -> Result<u8, Failure> {
    if vault.key_protection()? == KeyProtection::Keyring {
        return print_state(vault, output);
    }
    let passphrase = prompt::passphrase(Entry::Known)?;
    vault.protect_with_keyring(passphrase).await?;
    print_state(vault, output)
}

pub(crate) async fn protect_with_passphrase(vault: &Vault, output: Output) -> Result<u8, Failure> {
    if vault.key_protection()? == KeyProtection::Passphrase {
        return print_state(vault, output);
    }
    vault
        .protect_with_passphrase(prompt::new_passphrase(output)?)
        .await?;
    print_state(vault, output)
}

fn print_state(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let protection = match vault.key_protection()? {
        KeyProtection::Keyring => "keyring",
        KeyProtection::Passphrase => "passphrase",
    };
    if output.json {
        output.object(&ProtectionLine { protection });
    } else {
        output.line(&format!("keys     opened by the {protection}"));
    }
    Ok(exit::DONE)
}
