//! A vault in a process of its own, so that its memory can be looked at. It does what it reads on standard input, one
//! word a line, with what is in the files of the folder it is given: nothing secret passes through its arguments or its
//! input.
//!
//! It is not hardened: whoever started it may read its memory without being root.

use std::fs;
use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use privicore_vault::{
    Addresses, Connection, Credentials, FileQuery, KeyCost, KeyringUse, LockReason, Options,
    PrivateKey, RetryPolicy, Vault,
};
use secrecy::SecretString;

#[global_allocator]
static WIPING: privicore_vault::Wiping = privicore_vault::WIPING;

#[tokio::main]
async fn main() -> Result<()> {
    let folder: PathBuf = std::env::args_os().nth(1).context("a folder")?.into();
    let options = Options {
        data_dir: folder.join("data"),
        keyring: KeyringUse::Off,
        retry_policy: RetryPolicy::UntilDone,
        key_cost: KeyCost::least(),
    };
    let vault = Vault::open(options).await?;
    for line in stdin().lock().lines() {
        let answer = match perform(&vault, &folder, line?.trim()).await {
            Ok(()) => "done".to_owned(),
            Err(error) => format!("failed: {error:#}"),
        };
        writeln!(stdout(), "{answer}")?;
        stdout().flush()?;
    }
    vault.shut_down().await;
    Ok(())
}

async fn perform(vault: &Vault, folder: &Path, what: &str) -> Result<()> {
    match what {
        "sign-up" => {
            let addresses = fs::read_to_string(folder.join("addresses"))?;
            let mut addresses = addresses.lines().map(str::to_owned);
            let mut next = || addresses.next().context("four addresses");
            let service = Connection::Service(Addresses {
                api: next()?,
                websocket: next()?,
                upstream: next()?,
                downstream: next()?,
            });
            vault.connect(service).await?;
            let credentials = Credentials {
                username: fs::read_to_string(folder.join("username"))?,
                password: secret(folder, "password")?,
            };
            let passphrase = secret(folder, "passphrase")?;
            vault.sign_up(credentials, Some(passphrase)).await?;
        }
        "export" => {
            vault.export_key(PrivateKey::Application, &folder.join("application"))?;
            vault.export_key(PrivateKey::Recovery, &folder.join("recovery"))?;
        }
        "store" => {
            let path = PathBuf::from(fs::read_to_string(folder.join("path"))?);
            let context = fs::read_to_string(folder.join("context"))?;
            vault.store(vec![path], &context).await?;
        }
        "is-stored" => {
            let page = vault.query(&FileQuery {
                limit: 10,
                ..FileQuery::default()
            })?;
            if page.all_files == 0 {
                bail!("not yet");
            }
        }
        "lock" => drop(vault.lock(LockReason::Asked)),
        "unlock" => vault.unlock(Some(secret(folder, "passphrase")?)).await?,
        "sign-out" => vault.sign_out().await?,
        other => bail!("{other} is not understood"),
    }
    Ok(())
}

fn secret(folder: &Path, name: &str) -> Result<SecretString> {
    Ok(fs::read_to_string(folder.join(name))?.into())
}
