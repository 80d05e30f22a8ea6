//! Into a profile, out of it, and what state it is in.

use std::process::ExitCode;

use privicore_vault::{Credentials, Error, Stage, Vault};
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

pub(crate) async fn sign_up(
    vault: &Vault,
    who: &SignIn,
    output: Output,
) -> Result<ExitCode, Failure> {
    let credentials = credentials(who, Entry::New)?;
    let passphrase = match vault.status().keyring {
        Ok(()) => None,
        Err(_) => Some(prompt::passphrase(Entry::New)?),
    };
    vault.sign_up(credentials, passphrase).await?;
    status(vault, output)
}

pub(crate) async fn sign_in(
    vault: &Vault,
    who: &SignIn,
    output: Output,
) -> Result<ExitCode, Failure> {
    let credentials = credentials(who, Entry::Known)?;
    match vault.sign_in(credentials.clone(), None).await {
        Err(Error::PassphraseNeeded) => {
            let passphrase = prompt::passphrase(Entry::Known)?;
            vault.sign_in(credentials, Some(passphrase)).await?;
        }
        outcome => outcome?,
    }
    status(vault, output)
}

pub(crate) async fn sign_out(vault: &Vault, output: Output) -> Result<ExitCode, Failure> {
    vault.sign_out().await?;
    status(vault, output)
}

pub(crate) fn status(vault: &Vault, output: Output) -> Result<ExitCode, Failure> {
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
        output.object(&line)?;
    } else {
        output.line(&format!("state    {}", line.stage.replace('_', " ")))?;
        output.line(&format!(
            "service  {}",
            line.service.as_deref().unwrap_or("none chosen")
        ))?;
        output.line(&format!(
            "profile  {}",
            line.profile.as_deref().unwrap_or("–")
        ))?;
        let keyring = line.keyring_problem.as_deref().unwrap_or("in use");
        output.line(&format!("keyring  {keyring}"))?;
    }
    Ok(exit::success())
}

fn credentials(who: &SignIn, entry: Entry) -> Result<Credentials, Failure> {
    Ok(Credentials {
        username: who.username.clone(),
        password: prompt::password(who.password_stdin, entry)?,
    })
}
