//! The use cases around the profile's own keys: a new application key, and the shared keys.
//!
//! The key file is changed as it is on disk, then what it holds is taken over: another process of this machine may have
//! changed it meanwhile. Without a keyring the passphrase has to be given for each change: it is not kept in memory.

pub(crate) mod export;
pub(crate) mod key_cost;
pub(crate) mod passphrases;
pub(crate) mod protection;
pub(crate) mod qr_picture;
pub(crate) mod recipients;
pub(crate) mod recovery;
pub(crate) mod sealing_policy;
pub(crate) mod shared_keys;
pub(crate) mod strength;

use std::path::Path;

use jiff::Timestamp;
use privicore_envelope::{ProfileKeys, ProtectionKind, SharedKey};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::error::{Error, SharingError};
use crate::events::Event;
use crate::keys::sealing_policy::{Encryption, SealingPolicy};
use crate::receipts::Receipt;
use crate::store::private_file::write_private;
use crate::store::profile::PreviousKeyFile;
use crate::system::blocking::blocking;
use crate::vault::Vault;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationKeyEntry {
    /// `SHA256:…`
    pub fingerprint: String,
    /// Whether it seals what is stored from now on. The others open what was stored before.
    pub is_newest: bool,
    /// How many files in the list were sealed to it.
    pub files: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SharedKeyEntry {
    /// What the user calls it.
    pub name: String,
    /// 16 hexadecimal digits to tell keys apart by.
    pub fingerprint: String,
    /// When it was made or imported.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    #[cfg_attr(feature = "page-types", specta(type = i64))]
    pub made_at: Timestamp,
    /// How many files in the list were sealed with it.
    pub files: usize,
    /// The contexts whose files are stored with it unless something else is said.
    pub contexts: Vec<String>,
}

impl Vault {
    /// Whether changing a key needs the passphrase: without a keyring it does.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::KeysError::File`].
    pub fn keys_need_passphrase(&self) -> Result<bool, Error> {
        let signed_in = self.signed_in()?;
        let files = self.files_of(&signed_in.session.profile.dir);
        Ok(files.protection()? == ProtectionKind::Passphrase)
    }

    /// The application keys, the newest first.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn application_keys(&self) -> Result<Vec<ApplicationKeyEntry>, Error> {
        let signed_in = self.signed_in()?;
        let keys = signed_in.session.profile.keys()?;
        let receipts = signed_in.catalogue().receipts();
        let entries = keys.application.iter().enumerate().map(|(place, key)| {
            let fingerprint = key.recipient().fingerprint();
            ApplicationKeyEntry {
                is_newest: place == 0,
                files: count(&receipts, |receipt| receipt.application_key == fingerprint),
                fingerprint,
            }
        });
        Ok(entries.collect())
    }

    /// Makes a new application key, which seals what is stored from now on; the others go on opening. Takes a moment.
    ///
    /// # Errors
    /// [`crate::ProtectionError::PassphraseNeeded`], [`crate::ProtectionError::WrongPassphrase`],
    /// [`crate::ProtectionError::Keyring`], [`crate::KeysError::File`], [`crate::KeysError::Key`].
    pub async fn rotate_application_key(
        &self,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let size = self.inner.key_cost.key_size();
        self.change_keys(passphrase, move |keys| {
            Ok(keys.rotate_application_key(size)?)
        })
        .await
    }

    /// The shared keys, in the order they were added.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or the local records cannot be used.
    pub async fn shared_keys(&self) -> Result<Vec<SharedKeyEntry>, Error> {
        let signed_in = self.signed_in()?;
        let profile = &signed_in.session.profile;
        let choices = SealingPolicy::all(&profile.rows).await?;
        let receipts = signed_in.catalogue().receipts();
        let keys = profile.keys()?;
        let entries = keys.shared_keys().iter().map(|named| {
            let fingerprint = named.key.fingerprint();
            let is_it = |receipt: &Receipt| receipt.shared_key.as_deref() == Some(&fingerprint);
            SharedKeyEntry {
                name: named.name.clone(),
                made_at: moment(named.made_at),
                files: count(&receipts, is_it),
                contexts: contexts_with(&choices, &fingerprint),
                fingerprint,
            }
        });
        Ok(entries.collect())
    }

    /// Draws a shared key and keeps it under a name.
    ///
    /// # Errors
    /// [`SharingError::SharedKeyName`], or those of [`rotate_application_key`](Self::rotate_application_key).
    pub async fn generate_shared_key(
        &self,
        name: &str,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.keep_shared_key(name, SharedKey::generate(), passphrase)
            .await
    }

    /// Keeps a shared key that somebody else made: 64 hexadecimal digits, or base64.
    ///
    /// # Errors
    /// [`SharingError::BadSharedKey`], [`SharingError::SharedKeyKnown`], [`SharingError::SharedKeyName`], or those of
    /// [`rotate_application_key`](Self::rotate_application_key).
    pub async fn import_shared_key(
        &self,
        name: &str,
        text: SecretString,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let key: SharedKey = text
            .expose_secret()
            .parse()
            .map_err(|_| SharingError::BadSharedKey)?;
        self.keep_shared_key(name, key, passphrase).await
    }

    async fn keep_shared_key(
        &self,
        name: &str,
        key: SharedKey,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let name = name.to_owned();
        let made_at = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
        self.change_keys(passphrase, move |keys| {
            let fingerprint = key.fingerprint();
            if let Some(known) = named(keys, &fingerprint) {
                return Err(SharingError::SharedKeyKnown {
                    name: known.to_owned(),
                }
                .into());
            }
            let added = keys.add_shared_key(&name, key, made_at);
            added.map_err(|error| SharingError::SharedKeyName(error).into())
        })
        .await
    }

    /// Gives a shared key another name. Files and contexts go on with it.
    ///
    /// # Errors
    /// [`SharingError::SharedKeyName`], or those of [`rotate_application_key`](Self::rotate_application_key).
    pub async fn rename_shared_key(
        &self,
        from: &str,
        to: &str,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let (from, to) = (from.to_owned(), to.to_owned());
        self.change_keys(passphrase, move |keys| {
            let renamed = keys.rename_shared_key(&from, &to);
            renamed.map_err(|error| SharingError::SharedKeyName(error).into())
        })
        .await
    }

    /// Lets go of a shared key. What was stored with it does not open here any more; contexts that used it go back to
    /// age.
    ///
    /// # Errors
    /// [`SharingError::SharedKeyName`], or those of [`rotate_application_key`](Self::rotate_application_key).
    pub async fn remove_shared_key(
        &self,
        name: &str,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let fingerprint = self.shared_key(name)?.fingerprint();
        let name = name.to_owned();
        self.change_keys(passphrase, move |keys| {
            let removed = keys.remove_shared_key(&name);
            removed.map_err(|error| SharingError::SharedKeyName(error).into())
        })
        .await?;
        let signed_in = self.signed_in()?;
        let rows = &signed_in.session.profile.rows;
        let removed = Encryption::Shared(fingerprint);
        for choice in SealingPolicy::all(rows).await? {
            let removed = removed.clone();
            SealingPolicy::change(rows, choice.context.as_deref(), move |choice| {
                if choice.form == removed {
                    choice.form = Encryption::Age;
                }
                Ok(())
            })
            .await?;
        }
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Writes a shared key to `file`, which must not exist yet, as 64 hexadecimal digits. Blocks for a moment.
    ///
    /// # Errors
    /// [`SharingError::SharedKeyName`], [`crate::TargetError::Exists`], or the file cannot be written; nothing is then
    /// left behind.
    pub async fn export_shared_key(&self, name: &str, file: &Path) -> Result<(), Error> {
        let text = self.shared_key(name)?.to_hex();
        let file = file.to_owned();
        let remark = blocking(move || write_private(&file, &text)).await?;
        self.remark(remark);
        Ok(())
    }

    /// Stores the files of a context with this shared key from now on unless something else is said, or as age files
    /// again.
    ///
    /// # Errors
    /// [`SharingError::SharedKeyName`], [`crate::SessionError::SignedOut`].
    pub async fn set_context_key(&self, context: &str, name: Option<&str>) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let form = match name {
            Some(name) => self.form_of(name)?,
            None => Encryption::Age,
        };
        let rows = &signed_in.session.profile.rows;
        let _guard = self.guard().await?;
        SealingPolicy::change(rows, Some(context), move |choice| {
            choice.form = form.clone();
            Ok(())
        })
        .await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    pub(crate) fn form_of(&self, name: &str) -> Result<Encryption, Error> {
        Ok(Encryption::Shared(self.shared_key(name)?.fingerprint()))
    }

    fn shared_key(&self, name: &str) -> Result<SharedKey, Error> {
        let keys = self.signed_in()?.session.profile.keys()?;
        let key = keys.shared_key(name).cloned();
        key.ok_or(Error::Sharing(SharingError::SharedKeyName(
            privicore_envelope::SharedKeyError::NotFound,
        )))
    }

    pub(crate) async fn change_keys(
        &self,
        passphrase: Option<SecretString>,
        change: impl FnOnce(&mut ProfileKeys) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        self.change_keys_and(PreviousKeyFile::Kept, passphrase, change)
            .await
    }

    pub(crate) async fn change_keys_and(
        &self,
        before: PreviousKeyFile,
        passphrase: Option<SecretString>,
        change: impl FnOnce(&mut ProfileKeys) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let _guard = self.guard().await?;
        let signed_in = self.signed_in()?;
        let profile = &signed_in.session.profile;
        let (files, keyring) = (self.files_of(&profile.dir), self.inner.keyring);
        let run = std::sync::Arc::clone(&signed_in.run);
        let (keys, durability) = blocking(move || {
            let _guard = run.guard()?;
            files.change_keys(keyring, passphrase.as_ref(), before, change)
        })
        .await?;
        profile.replace_keys(keys)?;
        self.tell_durability(durability);
        self.emit(Event::StatusChanged);
        Ok(())
    }
}

fn named<'a>(keys: &'a ProfileKeys, fingerprint: &str) -> Option<&'a str> {
    let mut known = keys.shared_keys().iter();
    let known = known.find(|named| named.key.fingerprint() == fingerprint);
    known.map(|named| named.name.as_str())
}

fn contexts_with(choices: &[SealingPolicy], fingerprint: &str) -> Vec<String> {
    let with_it = choices
        .iter()
        .filter(|choice| matches!(&choice.form, Encryption::Shared(key) if key == fingerprint));
    with_it
        .filter_map(|choice| choice.context.clone())
        .collect()
}

fn count<T>(all: &[T], is_wanted: impl Fn(&T) -> bool) -> usize {
    all.iter().filter(|one| is_wanted(one)).count()
}

fn moment(seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or_default();
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
