//! The recovery kit, for scripts and terminals.

use std::io::{self, Read as _};
use std::path::Path;

use privicore_vault::{
    Credentials, Error, KIT_CONFIRMATION_CHARS, KeysError, Kit, RecoveryState, Vault,
};
use secrecy::SecretString;
use serde::Serialize;
use zeroize::Zeroize as _;

use super::keys::passphrase_if_needed;
use super::session;
use crate::args::{Recovery, Restore};
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::prompt::{self, Entry};
use crate::text::exact;

const REPLACE_KEYS: &str = "This computer has keys of this profile. Who knows their passphrase signs in instead. Keep \
    them under another name, and restore in their place?";

#[derive(Serialize)]
struct SavedLine {
    page: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_escaped: Option<String>,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_escaped: Option<String>,
}

#[derive(Serialize)]
struct StateLine {
    confirmed: bool,
}

pub(crate) async fn recovery(
    vault: &Vault,
    recovery: &Recovery,
    output: Output,
) -> Result<u8, Failure> {
    match recovery {
        Recovery::Create { output: folder } => create(vault, folder, output).await,
        Recovery::Confirm => confirm(vault, output).await,
        Recovery::Renew => {
            vault
                .renew_recovery_key(passphrase_if_needed(vault)?)
                .await?;
            state(vault, output)
        }
        Recovery::Status => state(vault, output),
        Recovery::Restore(restore) => self::restore(vault, restore, output).await,
    }
}

async fn create(vault: &Vault, folder: &Path, output: Output) -> Result<u8, Failure> {
    let saved = vault.save_recovery_kit(folder).await?;
    let line = SavedLine {
        page: saved.page.display().to_string(),
        page_escaped: exact(&saved.page),
        text: saved.text.display().to_string(),
        text_escaped: exact(&saved.text),
    };
    if output.json {
        output.object(&line);
    } else {
        output.line(&line.page);
        output.line(&line.text);
        output.remark("Whoever has one of these files can open everything you have stored. Keep them off this \
            machine, then run `privicore recovery confirm`.");
    }
    Ok(exit::DONE)
}

async fn confirm(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let what = format!("The last {KIT_CONFIRMATION_CHARS} characters of the recovery key");
    let typed = prompt::line(&what)?.ok_or_else(|| nothing_typed(&what))?;
    let passphrase = passphrase_if_needed(vault)?;
    vault.confirm_recovery_kit(&typed, passphrase).await?;
    state(vault, output)
}

fn nothing_typed(what: &str) -> Failure {
    let problem = format!("{what} were not given: type them on a terminal, or pipe them in\n");
    clap::Error::raw(clap::error::ErrorKind::ValueValidation, problem).into()
}

fn state(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let confirmed = vault.recovery_state()? == RecoveryState::Confirmed;
    if output.json {
        output.object(&StateLine { confirmed });
    } else if confirmed {
        output.line("The recovery kit is confirmed: only the kit has the recovery key.");
    } else {
        output.line("No recovery kit is confirmed: if this machine is lost, so are the files.");
    }
    Ok(exit::DONE)
}

/// Signs in on a machine without the profile's keys, with those of a kit.
async fn restore(vault: &Vault, restore: &Restore, output: Output) -> Result<u8, Failure> {
    session::require_signed_out(vault).await?;
    let kit = read_kit(&restore.kit)?;
    let credentials = Credentials {
        username: restore.who.username.clone(),
        password: prompt::password(restore.who.password_stdin, Entry::Known)?,
    };
    let passphrase = match vault.status().keyring {
        Ok(()) => None,
        Err(_) => Some(prompt::new_keys_passphrase(&credentials, output)?),
    };
    let may_replace = || -> Result<bool, Failure> {
        Ok(restore.replace_keys || prompt::may_go_on(REPLACE_KEYS)?)
    };
    let restored = vault.restore(&kit, credentials.clone(), passphrase.clone());
    match restored.await {
        Err(Error::Keys(KeysError::AreHere)) if may_replace()? => {
            let restored = vault.restore_in_place_of_keys(&kit, credentials, passphrase);
            restored.await?;
        }
        restored => restored?,
    }
    if !kit.has_all_keys() {
        output.remark("New keys were made beside the recovery key, which stays on this machine: it opens the older \
            files.");
    }
    Ok(session::status(vault, output))
}

/// A file of the kit or a picture of its code; `-` is what is typed or piped in.
fn read_kit(kit: &Path) -> Result<Kit, Failure> {
    if kit.as_os_str() != "-" {
        return Ok(Kit::read(kit)?);
    }
    if let Some(typed) = prompt::on_terminal("Recovery key, then the name key")? {
        return Ok(Kit::parse(&typed)?);
    }
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text)?;
    let kit = Kit::parse(&SecretString::from(text.as_str()));
    text.zeroize();
    Ok(kit?)
}
