//! Into a profile, out of it, and what state it is in.

use privicore_vault::{
    ConnectionError, Credentials, Error, Explanation, KeysError, ProtectionError, SessionError,
    Stage, Vault,
};
use serde::Serialize;

use crate::args::SignIn;
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::prompt::{self, Entry};

#[derive(Serialize)]
struct StatusLine {
    stage: &'static str,
    service: Option<String>,
    api: Option<String>,
    profile: Option<String>,
    keyring: bool,
    keyring_problem: Option<String>,
}

/// Reports what prevents signing in before it prompts for anything. The records say whether somebody is still signed
/// in. They may be lost, so they are opened with the secrets at hand, as in every other command.
pub(super) async fn require_signed_out(vault: &Vault) -> Result<(), Failure> {
    if vault.status().stage == Stage::Locked {
        let opened = match vault.unlock(None).await {
            Err(Error::Protection(ProtectionError::PassphraseNeeded)) => {
                match prompt::passphrase_at_hand()? {
                    Some(passphrase) => vault.unlock(Some(passphrase)).await,
                    None => Ok(()),
                }
            }
            opened => opened,
        };
        if let Err(error) = opened {
            tracing::info!(%error, "the keys stay closed: who is signed in stays so");
        }
    }
    Ok(match vault.status().stage {
        Stage::FirstStart => Err(Error::Connection(ConnectionError::NotConnected)),
        Stage::SignedOut => Ok(()),
        Stage::Locked | Stage::SignedIn => Err(Error::Session(SessionError::SignedInAlready)),
    }?)
}

pub(crate) async fn sign_up(vault: &Vault, who: &SignIn, output: Output) -> Result<u8, Failure> {
    require_signed_out(vault).await?;
    let credentials = credentials(who, Entry::New)?;
    let passphrase = match vault.status().keyring {
        Ok(()) => None,
        Err(_) => Some(prompt::new_keys_passphrase(&credentials, output)?),
    };
    prompt::remark(
        "password",
        &credentials.password,
        &[&credentials.username],
        output,
    );
    vault.sign_up(credentials, passphrase).await?;
    Ok(status(vault, output))
}

pub(crate) async fn sign_in(
    vault: &Vault,
    who: &SignIn,
    new_keys: bool,
    output: Output,
) -> Result<u8, Failure> {
    require_signed_out(vault).await?;
    let credentials = credentials(who, Entry::Known)?;
    let enter = async |passphrase| {
        let credentials = credentials.clone();
        if new_keys {
            vault.sign_in_with_new_keys(credentials, passphrase).await
        } else {
            vault.sign_in(credentials, passphrase).await
        }
    };
    let outcome = match enter(None).await {
        Err(Error::Protection(ProtectionError::PassphraseNeeded)) => {
            enter(Some(prompt::passphrase(Entry::Known)?)).await
        }
        Err(Error::Protection(ProtectionError::NewPassphraseNeeded)) => {
            let passphrase = prompt::new_keys_passphrase(&credentials, output)?;
            enter(Some(passphrase)).await
        }
        outcome => outcome,
    };
    match outcome {
        Err(error @ Error::Keys(KeysError::Elsewhere | KeysError::Missing)) => {
            return Err(Failure::Explained(with_commands(&error, &who.username)));
        }
        outcome => outcome?,
    }
    Ok(status(vault, output))
}

/// What to do, as the commands that do it.
fn with_commands(error: &Error, username: &str) -> Explanation {
    let explained = error.explain();
    let name = quoted(username);
    let hint = format!(
        "{}\n  privicore recovery restore {name} --kit FILE\n  privicore sign-in {name} --new-keys",
        explained.hint
    );
    Explanation::new(explained.code, explained.message, hint)
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@._+-".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Signs out even while the keys are locked: signing out needs no passphrase. The session at the service can be revoked
/// only with open keys, so a passphrase at hand is used.
pub(crate) async fn sign_out(vault: &Vault, output: Output) -> Result<u8, Failure> {
    if vault.status().stage == Stage::Locked
        && let Some(passphrase) = prompt::passphrase_at_hand()?
        && let Err(error) = vault.unlock(Some(passphrase)).await
    {
        tracing::info!(%error, "the keys stay closed, and the service is not told");
    }
    vault.sign_out().await?;
    Ok(status(vault, output))
}

pub(crate) fn status(vault: &Vault, output: Output) -> u8 {
    let status = vault.status();
    let line = StatusLine {
        stage: match status.stage {
            Stage::FirstStart => "first_start",
            Stage::SignedOut => "signed_out",
            Stage::Locked => "locked",
            Stage::SignedIn => "signed_in",
        },
        service: status
            .connection
            .map(|connection| connection.label().to_owned()),
        api: status.addresses.map(|addresses| addresses.api),
        profile: status.username,
        keyring: status.keyring.is_ok(),
        keyring_problem: status.keyring.err().map(|problem| problem.to_string()),
    };
    if output.json {
        output.object(&line);
    } else {
        let state = match status.stage {
            Stage::FirstStart => "no service chosen",
            Stage::SignedOut => "signed out",
            // No command leaves them open.
            Stage::Locked => "signed in, the keys are closed",
            Stage::SignedIn => "signed in",
        };
        output.line(&format!("state    {state}"));
        output.line(&format!(
            "service  {}",
            line.service.as_deref().unwrap_or("none chosen")
        ));
        output.line(&format!(
            "profile  {}",
            line.profile.as_deref().unwrap_or(match status.stage {
                Stage::FirstStart | Stage::SignedOut => "–",
                Stage::Locked | Stage::SignedIn => "its name is read with the keys",
            })
        ));
        let keyring = line.keyring_problem.as_deref().unwrap_or("in use");
        output.line(&format!("keyring  {keyring}"));
    }
    exit::DONE
}

fn credentials(who: &SignIn, entry: Entry) -> Result<Credentials, Failure> {
    Ok(Credentials {
        username: who.username.clone(),
        password: prompt::password(who.password_stdin, entry)?,
    })
}
