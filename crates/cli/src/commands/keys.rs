//! The profile's keys, its recipients, and what was sealed to others before.

use std::path::PathBuf;
use std::sync::Arc;

use privicore_vault::{
    Error, File, FileId, PrivateKey, RecipientEntry, ResealError, SharedKeyEntry, TransferId,
    Unreceipted, Vault, counted,
};
use secrecy::SecretString;
use serde::Serialize;

use super::files::finish;
use super::finder::Finder;
use super::report::report_not_found;
use super::{lock, pins};
use crate::args::{ExportedKey, Keys, Recipients, SharedKeys};
use crate::exit::{self, Failure};
use crate::output::Output;
use crate::progress::Interrupt;
use crate::prompt::{self, Entry};
use crate::text::place;

#[derive(Serialize)]
struct ApplicationKeyLine<'a> {
    fingerprint: &'a str,
    newest: bool,
    files: usize,
    outdated: usize,
}

#[derive(Serialize)]
struct SharedKeyLine<'a> {
    name: &'a str,
    fingerprint: &'a str,
    made_at: String,
    files: usize,
    contexts: &'a [String],
}

#[derive(Serialize)]
struct RecipientLine<'a> {
    key: &'a str,
    fingerprint: &'a str,
    label: Option<&'a str>,
    context: Option<&'a str>,
}

pub(crate) async fn keys(vault: &Vault, keys: Keys, output: Output) -> Result<u8, Failure> {
    match keys {
        Keys::Export { key, output: file } => export(vault, key, file, output),
        Keys::Rotate => {
            let passphrase = passphrase_if_needed(vault)?;
            vault.rotate_application_key(passphrase).await?;
            list(vault, output).await
        }
        Keys::List => list(vault, output).await,
        Keys::Passphrase => lock::change_passphrase(vault, output).await,
        Keys::Protect { keyring: true, .. } => lock::protect_with_keyring(vault, output).await,
        Keys::Protect { .. } => lock::protect_with_passphrase(vault, output).await,
        Keys::Pins => pins::list(vault, output),
        Keys::Accept { fingerprint } => pins::accept(vault, &fingerprint, output).await,
        Keys::Shared(keys) => shared(vault, keys, output).await,
    }
}

fn export(vault: &Vault, key: ExportedKey, file: PathBuf, output: Output) -> Result<u8, Failure> {
    let key = match key {
        ExportedKey::Recovery => PrivateKey::Recovery,
        ExportedKey::Application => PrivateKey::Application,
    };
    vault.export_key(key, &file)?;
    output.remark("Whoever has this file can open everything you have stored. Keep it offline.");
    Ok(exit::DONE)
}

async fn list(vault: &Vault, output: Output) -> Result<u8, Failure> {
    let outdated = vault.outdated().await?.len();
    for key in vault.application_keys()? {
        if output.json {
            output.object(&ApplicationKeyLine {
                fingerprint: &key.fingerprint,
                newest: key.is_newest,
                files: key.files,
                outdated: if key.is_newest { outdated } else { 0 },
            });
        } else {
            let use_ = if key.is_newest { "seals" } else { "opens" };
            let files = counted(key.files, "file", "files");
            output.line(&format!("{}  {use_}  {files}", key.fingerprint));
        }
    }
    if outdated > 0 {
        output.remark(&outdated_words(outdated));
    }
    Ok(exit::DONE)
}

fn outdated_words(files: usize) -> String {
    format!(
        "{} encrypted to other keys or recipients than today: see `privicore reseal`.",
        counted(files, "file is", "files are")
    )
}

async fn shared(vault: &Vault, keys: SharedKeys, output: Output) -> Result<u8, Failure> {
    match keys {
        SharedKeys::Add { name, stdin } => {
            let key = prompt::shared_key(stdin)?;
            let passphrase = passphrase_if_needed(vault)?;
            vault.import_shared_key(&name, key, passphrase).await?;
        }
        SharedKeys::Make { name } => {
            let passphrase = passphrase_if_needed(vault)?;
            vault.generate_shared_key(&name, passphrase).await?;
        }
        SharedKeys::Rename { name, to } => {
            let passphrase = passphrase_if_needed(vault)?;
            vault.rename_shared_key(&name, &to, passphrase).await?;
        }
        SharedKeys::Remove { name } => {
            let passphrase = passphrase_if_needed(vault)?;
            vault.remove_shared_key(&name, passphrase).await?;
        }
        SharedKeys::Default { context, name } => {
            vault.set_context_key(&context, name.as_deref()).await?;
        }
        SharedKeys::Export { name, output: file } => {
            vault.export_shared_key(&name, &file).await?;
            output
                .remark("Whoever has this file can open everything that was stored with this key.");
            return Ok(exit::DONE);
        }
        SharedKeys::List => {}
    }
    for key in vault.shared_keys().await? {
        shared_key(&key, output);
    }
    Ok(exit::DONE)
}

fn shared_key(key: &SharedKeyEntry, output: Output) {
    if output.json {
        return output.object(&SharedKeyLine {
            name: &key.name,
            fingerprint: &key.fingerprint,
            made_at: key.made_at.to_string(),
            files: key.files,
            contexts: &key.contexts,
        });
    }
    output.line(&format!(
        "{}  {}  {}",
        key.fingerprint,
        key.name,
        counted(key.files, "file", "files")
    ));
}

pub(crate) async fn recipients(
    vault: &Vault,
    recipients: Recipients,
    output: Output,
) -> Result<u8, Failure> {
    match recipients {
        Recipients::Add {
            key,
            label,
            context,
        } => {
            let label = label.unwrap_or_default();
            let key = key.join(" ");
            let added = vault.add_recipient(&key, &label, context.as_deref());
            added.await?;
        }
        Recipients::Remove { key, context } => {
            let key = key.join(" ");
            vault.remove_recipient(&key, context.as_deref()).await?;
        }
        Recipients::List => {}
    }
    for entry in vault.recipients().await? {
        recipient(&entry, output);
    }
    Ok(exit::DONE)
}

fn recipient(entry: &RecipientEntry, output: Output) {
    if output.json {
        return output.object(&RecipientLine {
            key: &entry.key,
            fingerprint: &entry.fingerprint,
            label: entry.label.as_deref(),
            context: entry.context.as_deref(),
        });
    }
    let label = entry.label.as_deref().unwrap_or("–");
    let context = entry.context.as_deref().unwrap_or("all files");
    output.line(&format!("{}  {label}  {context}", entry.fingerprint));
}

pub(crate) async fn reseal(
    vault: &Vault,
    files: Vec<String>,
    without_receipt: bool,
    output: Output,
) -> Result<u8, Failure> {
    let all = files.is_empty();
    let files = prompt::files(files)?;
    let (mut finder, mut code) = (Finder::new(vault), exit::DONE);
    let mut ids: Vec<FileId> = Vec::with_capacity(files.len());
    for wanted in &files {
        match finder.find(wanted).await {
            Ok(file) => ids.push(file.id),
            // The others are sealed again all the same.
            Err(error) => code = code.max(report_not_found(wanted, &error, output)),
        }
    }
    if all {
        vault.refresh().await?;
        ids = vault.outdated().await?;
    }
    let mut proven = Vec::with_capacity(ids.len());
    let mut unproven = Vec::new();
    for id in ids {
        let file = vault.file(&id.to_string())?;
        if file.receipt.is_some() {
            proven.push(id);
        } else {
            unproven.push(file);
        }
    }
    let mut transfers: Vec<TransferId> = vault.reseal(&proven, Unreceipted::Refuse).await?;
    if unproven.is_empty() || without_receipt || may_reseal(&unproven)? {
        let ids: Vec<FileId> = unproven.iter().map(|file| file.id).collect();
        transfers.extend(vault.reseal(&ids, Unreceipted::Reseal).await?);
    } else {
        for file in &unproven {
            let name = file.name.clone();
            let problem = Error::Reseal(ResealError::WithoutReceipt { name }).explain();
            output.problem_in(&file.folder, Some(&file.name), &problem);
            code = code.max(exit::code_of(&problem));
        }
    }
    Ok(code.max(finish(vault, &transfers, Interrupt::Leaves, output).await?))
}

/// Asks about files of which nothing on this machine says what was stored.
fn may_reseal(unproven: &[Arc<File>]) -> Result<bool, Failure> {
    let names: Vec<String> = unproven
        .iter()
        .map(|file| place(&file.folder, &file.name))
        .collect();
    prompt::may_go_on(&match names.as_slice() {
        [name] => format!(
            "“{name}” has no receipt on this machine: whether it is what was stored cannot be checked. Encrypt it \
            again?"
        ),
        names => format!(
            "{} no receipt on this machine: whether they are what was stored cannot be checked ({}). Encrypt them \
            again?",
            counted(names.len(), "file has", "files have"),
            names.join(", ")
        ),
    })
}

/// The key file is written anew: without a keyring that needs its passphrase once more.
pub(super) fn passphrase_if_needed(vault: &Vault) -> Result<Option<SecretString>, Failure> {
    if !vault.keys_need_passphrase()? {
        return Ok(None);
    }
    prompt::passphrase(Entry::Known).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_is_and_several_are_to_be_sealed_again() {
        for (files, beginning) in [(1, "1 file is encrypted"), (2, "2 files are encrypted")] {
            assert!(outdated_words(files).starts_with(beginning));
        }
    }
}
