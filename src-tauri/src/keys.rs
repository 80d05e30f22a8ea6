//! View models of keys and recipients: names, public halves and fingerprints.

use privicore_vault as vault;
use serde::{Deserialize, Serialize};
use specta::Type;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::view::{Number, count, moment};

/// An application key.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationKeyView {
    pub fingerprint: String,
    pub newest: bool,
    /// How many files were sealed to it.
    pub files: u32,
}

/// A shared key.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SharedKeyView {
    pub name: String,
    pub fingerprint: String,
    pub made_at: Number,
    /// How many files were sealed with it.
    pub files: u32,
    /// Contexts whose files are stored with it.
    pub contexts: Vec<String>,
}

/// Somebody whom files are sealed to.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecipientView {
    pub key: String,
    pub fingerprint: String,
    pub short: String,
    pub label: Option<String>,
    /// Nothing stands for all files.
    pub context: Option<String>,
}

/// All of them.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeysView {
    pub application: Vec<ApplicationKeyView>,
    pub shared: Vec<SharedKeyView>,
    pub recipients: Vec<RecipientView>,
    /// How many files are sealed to others than they would be today.
    pub outdated: u32,
    /// Whether a change needs the passphrase.
    pub needs_passphrase: bool,
}

/// A change of the key file. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum KeyChange {
    Rotate,
    Make { name: String },
    Import { name: String, key: String },
    Rename { from: String, to: String },
    Remove { name: String },
}

/// What opens a file.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AccessKeyKind {
    Application,
    Recovery,
    Recipient,
    Shared,
}

/// A key that opens a file.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenerView {
    pub kind: AccessKeyKind,
    pub name: Option<String>,
    pub fingerprint: String,
    pub short: String,
    /// Whether it is what would be used today.
    pub current: bool,
}

/// Who can open a file.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenersView {
    /// Empty when this machine has no receipt.
    pub keys: Vec<OpenerView>,
    /// Whether sealing it again would change that.
    pub outdated: bool,
}

impl KeysView {
    /// All keys and recipients of a vault.
    pub(crate) async fn of(vault: &vault::Vault) -> Result<Self, vault::Error> {
        Ok(Self {
            application: vault
                .application_keys()?
                .into_iter()
                .map(Into::into)
                .collect(),
            shared: vault
                .shared_keys()
                .await?
                .into_iter()
                .map(Into::into)
                .collect(),
            recipients: vault
                .recipients()
                .await?
                .into_iter()
                .map(Into::into)
                .collect(),
            outdated: count(vault.outdated().await?.len()),
            needs_passphrase: vault.keys_need_passphrase()?,
        })
    }
}

impl From<vault::ApplicationKeyEntry> for ApplicationKeyView {
    fn from(key: vault::ApplicationKeyEntry) -> Self {
        Self {
            fingerprint: key.fingerprint,
            newest: key.is_newest,
            files: count(key.files),
        }
    }
}

impl From<vault::SharedKeyEntry> for SharedKeyView {
    fn from(key: vault::SharedKeyEntry) -> Self {
        Self {
            name: key.name,
            fingerprint: key.fingerprint,
            made_at: moment(key.made_at),
            files: count(key.files),
            contexts: key.contexts,
        }
    }
}

impl From<vault::RecipientEntry> for RecipientView {
    fn from(entry: vault::RecipientEntry) -> Self {
        Self {
            key: entry.key,
            fingerprint: entry.fingerprint,
            short: entry.short,
            label: entry.label,
            context: entry.context,
        }
    }
}

impl From<vault::AccessKey> for OpenerView {
    fn from(opener: vault::AccessKey) -> Self {
        Self {
            kind: match opener.kind {
                vault::AccessKeyKind::ApplicationKey => AccessKeyKind::Application,
                vault::AccessKeyKind::RecoveryKey => AccessKeyKind::Recovery,
                vault::AccessKeyKind::Recipient => AccessKeyKind::Recipient,
                vault::AccessKeyKind::SharedKey => AccessKeyKind::Shared,
            },
            name: opener.name,
            fingerprint: opener.fingerprint,
            short: opener.short,
            current: opener.is_current,
        }
    }
}

impl From<vault::FileAccess> for OpenersView {
    fn from(openers: vault::FileAccess) -> Self {
        Self {
            keys: openers.keys.into_iter().map(Into::into).collect(),
            outdated: openers.is_outdated,
        }
    }
}
