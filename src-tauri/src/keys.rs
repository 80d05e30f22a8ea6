//! View models of keys and recipients: names, public halves and fingerprints.

use privicore_vault::{ApplicationKeyEntry, Error, RecipientEntry, SharedKeyEntry, Vault};
use serde::{Deserialize, Serialize};
use specta::Type;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// All of them.
#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeysView {
    pub application: Vec<ApplicationKeyEntry>,
    pub shared: Vec<SharedKeyEntry>,
    pub recipients: Vec<RecipientEntry>,
    /// How many files are sealed to others than they would be today.
    pub outdated: usize,
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

impl KeysView {
    /// All keys and recipients of a vault.
    pub(crate) async fn of(vault: &Vault) -> Result<Self, Error> {
        Ok(Self {
            application: vault.application_keys()?,
            shared: vault.shared_keys().await?,
            recipients: vault.recipients().await?,
            outdated: vault.outdated().await?.len(),
            needs_passphrase: vault.keys_need_passphrase()?,
        })
    }
}
