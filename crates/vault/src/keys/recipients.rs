//! The use cases around recipients: who can open what is stored from now on, and who can open what is stored already.

use jiff::Timestamp;
use privicore_envelope::{MAX_EXTRA_RECIPIENTS, ProfileKeys, Recipient, RecipientError};
use serde::Serialize;

use crate::error::{Error, FileError, SharingError};
use crate::events::Event;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::keys::sealing_policy::{EncryptedFor, KeptRecipient, SealingPolicy, recipients_for};
use crate::receipts::Receipt;
use crate::vault::Vault;

/// Somebody whom files are sealed to beside the profile itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RecipientEntry {
    /// Only files of this context; nothing stands for all files.
    pub context: Option<String>,
    /// `age1…` or `ssh-rsa AAAA…`.
    pub key: String,
    /// What two people compare.
    pub fingerprint: String,
    /// Enough of it to tell keys apart in a list.
    pub short: String,
    /// Whose it is.
    pub label: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum AccessKeyKind {
    ApplicationKey,
    RecoveryKey,
    /// A recipient that the user had added.
    Recipient,
    SharedKey,
}

/// A key that opens a file, as its receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AccessKey {
    pub kind: AccessKeyKind,
    /// Its name or label, if it has one.
    pub name: Option<String>,
    pub fingerprint: String,
    /// Enough of it to tell keys apart in a list.
    pub short: String,
    /// Whether it is what would be used today.
    pub is_current: bool,
}

/// Who can open a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct FileAccess {
    /// Each of them can alone. Empty when this machine has no receipt.
    pub keys: Vec<AccessKey>,
    /// Whether sealing it again would change that.
    pub is_outdated: bool,
    /// Since when, if it is known.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::optional")]
    #[cfg_attr(feature = "page-types", specta(type = Option<i64>))]
    pub sealed_at: Option<Timestamp>,
}

impl Vault {
    /// Whom files are sealed to beside the profile itself.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or the local records cannot be used.
    pub async fn recipients(&self) -> Result<Vec<RecipientEntry>, Error> {
        let signed_in = self.signed_in()?;
        let choices = SealingPolicy::all(&signed_in.session.profile.rows).await?;
        let mut entries: Vec<RecipientEntry> = choices.iter().flat_map(entries_of).collect();
        entries.sort_by(|a, b| (&a.context, &a.label).cmp(&(&b.context, &b.label)));
        Ok(entries)
    }

    /// Seals what is stored from now on to one more: all files, or those of a context. `text` is `age1…` or `ssh-rsa
    /// AAAA…`; an empty label leaves the one that follows the key.
    ///
    /// # Errors
    /// [`SharingError::BadRecipient`], [`SharingError::RecipientKnown`], [`SharingError::TooManyRecipients`],
    /// [`crate::SessionError::SignedOut`].
    pub async fn add_recipient(
        &self,
        text: &str,
        label: &str,
        context: Option<&str>,
    ) -> Result<RecipientEntry, Error> {
        let signed_in = self.signed_in()?;
        let mut recipient: Recipient = text.parse().map_err(SharingError::BadRecipient)?;
        if !label.trim().is_empty() {
            recipient = recipient.with_label(label);
        }
        let rows = &signed_in.session.profile.rows;
        let _guard = self.guard().await?;
        let added = recipient.clone();
        SealingPolicy::change(rows, context, move |choice| {
            if choice.recipients.iter().any(|kept| is(kept, &added)) {
                return Err(SharingError::RecipientKnown.into());
            }
            if choice.recipients.len() >= MAX_EXTRA_RECIPIENTS {
                return Err(SharingError::TooManyRecipients.into());
            }
            choice.recipients.push(KeptRecipient::from(&added));
            Ok(())
        })
        .await?;
        self.emit(Event::StatusChanged);
        Ok(entry(context.map(str::to_owned), &recipient))
    }

    /// Seals nothing more to a recipient. What was stored already stays readable for them until it is sealed again.
    ///
    /// # Errors
    /// [`SharingError::UnknownRecipient`], [`crate::SessionError::SignedOut`].
    pub async fn remove_recipient(&self, key: &str, context: Option<&str>) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let rows = &signed_in.session.profile.rows;
        let _guard = self.guard().await?;
        let key = key.to_owned();
        SealingPolicy::change(rows, context, move |choice| {
            let before = choice.recipients.len();
            choice.recipients.retain(|kept| !is_named(kept, &key));
            if choice.recipients.len() == before {
                return Err(SharingError::UnknownRecipient.into());
            }
            Ok(())
        })
        .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Who can open a file, as its receipt says.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`].
    pub async fn openers(&self, id: FileId) -> Result<FileAccess, Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        let file = signed_in.catalogue().get(id).ok_or(FileError::Unknown)?;
        let profile = &signed_in.session.profile;
        let keys = profile.keys()?;
        let choices = SealingPolicy::all(&profile.rows).await?;
        let openers = file.receipt.as_ref().map(|receipt| {
            let today = recipients_for(&choices, &file.context);
            openers_of(receipt, &keys, &today)
        });
        Ok(FileAccess {
            keys: openers.unwrap_or_default(),
            is_outdated: is_outdated(&file, &keys, &choices),
            sealed_at: file.receipt.as_ref().map(|receipt| receipt.stored_at),
        })
    }
}

/// Whether sealing a file again would change who can open it. A file in the shared-key form has one key, which stays.
pub(crate) fn is_outdated(file: &File, keys: &ProfileKeys, choices: &[SealingPolicy]) -> bool {
    let Some(receipt) = &file.receipt else {
        return true;
    };
    let now = EncryptedFor::age(keys, &recipients_for(choices, &file.context));
    receipt.shared_key.is_none() && !is_same(&receipt.sealed_with(), &now)
}

/// Labels make no difference, nor does the order.
fn is_same(a: &EncryptedFor, b: &EncryptedFor) -> bool {
    let keys = |with: &EncryptedFor| {
        let mut keys: Vec<String> = with
            .recipients
            .iter()
            .map(|kept| kept.key.clone())
            .collect();
        keys.sort_unstable();
        keys
    };
    a.application_key == b.application_key
        && a.recovery_recipient == b.recovery_recipient
        && keys(a) == keys(b)
}

fn openers_of(receipt: &Receipt, keys: &ProfileKeys, today: &[Recipient]) -> Vec<AccessKey> {
    if let Some(fingerprint) = &receipt.shared_key {
        let known = keys.shared_keys().iter();
        let known = known
            .clone()
            .find(|named| *fingerprint == named.key.fingerprint());
        return vec![AccessKey {
            kind: AccessKeyKind::SharedKey,
            name: known.map(|named| named.name.clone()),
            fingerprint: fingerprint.to_string(),
            short: fingerprint.to_string(),
            is_current: known.is_some(),
        }];
    }
    let recovery = receipt.recovery_recipient.parse::<Recipient>().ok();
    let mut openers = vec![
        AccessKey {
            kind: AccessKeyKind::ApplicationKey,
            name: None,
            short: receipt
                .application_key
                .chars()
                .take(19)
                .chain(['…'])
                .collect(),
            is_current: receipt.application_key == keys.application_fingerprint(),
            fingerprint: receipt.application_key.to_string(),
        },
        AccessKey {
            kind: AccessKeyKind::RecoveryKey,
            name: None,
            short: recovery.map(|key| key.short()).unwrap_or_default(),
            is_current: receipt.recovery_recipient == keys.recovery_recipient().to_string(),
            fingerprint: receipt.recovery_recipient.to_string(),
        },
    ];
    openers.extend(receipt.recipients.iter().filter_map(|kept| {
        let recipient = kept.parsed()?;
        Some(AccessKey {
            kind: AccessKeyKind::Recipient,
            name: kept.label.clone(),
            fingerprint: recipient.fingerprint(),
            short: recipient.short(),
            is_current: today.contains(&recipient),
        })
    }));
    openers
}

fn entries_of(choice: &SealingPolicy) -> Vec<RecipientEntry> {
    choice
        .recipients
        .iter()
        .filter_map(KeptRecipient::parsed)
        .map(|recipient| entry(choice.context.clone(), &recipient))
        .collect()
}

/// Reads a key that somebody typed, to show whose it is before it is added.
///
/// # Errors
/// [`SharingError::BadRecipient`].
pub fn parse_recipient(text: &str) -> Result<RecipientEntry, Error> {
    let recipient: Recipient = text.parse().map_err(SharingError::BadRecipient)?;
    Ok(entry(None, &recipient))
}

fn entry(context: Option<String>, recipient: &Recipient) -> RecipientEntry {
    RecipientEntry {
        context,
        key: recipient.to_string(),
        fingerprint: recipient.fingerprint(),
        short: recipient.short(),
        label: recipient.label().map(str::to_owned),
    }
}

fn is(kept: &KeptRecipient, recipient: &Recipient) -> bool {
    kept.parsed().is_some_and(|known| known == *recipient)
}

/// Whether somebody means this one: by the key, its fingerprint, or the label.
fn is_named(kept: &KeptRecipient, name: &str) -> bool {
    let name = name.trim();
    let parsed = kept.parsed();
    let wanted: Result<Recipient, RecipientError> = name.parse();
    kept.label.as_deref() == Some(name)
        || parsed.is_some_and(|known| {
            known.fingerprint() == name || wanted.is_ok_and(|wanted| wanted == known)
        })
}
