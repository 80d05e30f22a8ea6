//! A kit that a person has at hand: a file, a picture of its code, or what was typed.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use privicore_envelope::{KeySize, KeyStep, ParsedKit, ProfileKeys, RestoredKeys};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::picture;
use crate::blocking::blocking;
use crate::error::{Error, file_name};
use crate::events::{Event, KeyProgress};
use crate::profile::KeysHere;
use crate::session::{Credentials, authenticate};
use crate::sign_in::{Registration, given_up_on_error};
use crate::vault::Vault;

/// No text of a kit is longer.
const MAX_TEXT_BYTES: u64 = 4 * 1024 * 1024;
/// No picture of a code is larger.
const MAX_PICTURE_BYTES: u64 = 64 * 1024 * 1024;

/// A recovery kit that was read. Holds secrets; prints nothing of them.
#[derive(Clone)]
pub struct Kit(Arc<ParsedKit>);

impl fmt::Debug for Kit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kit(secret)")
    }
}

impl Kit {
    /// Reads what was typed, or the text of a kit.
    ///
    /// # Errors
    /// [`Error::Kit`] names the part that is wrong.
    pub fn parse(text: &SecretString) -> Result<Self, Error> {
        Ok(Self(Arc::new(ParsedKit::parse(text.expose_secret())?)))
    }

    /// Reads the text file, the page, or a picture (PNG, JPEG) of the code. Blocks.
    ///
    /// # Errors
    /// [`Error::SourceUnreadable`], [`Error::NoKitInPicture`], [`Error::Kit`].
    pub fn read(file: &Path) -> Result<Self, Error> {
        let bytes = Zeroizing::new(read_bounded(file)?);
        if picture::is_picture(&bytes) {
            let code = picture::read_code(&bytes).ok().flatten();
            return Self::parse(&code.ok_or(Error::NoKitInPicture)?);
        }
        if bytes.len() as u64 > MAX_TEXT_BYTES {
            return Err(Error::Kit(privicore_envelope::KitError::NoRecoveryKey));
        }
        let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
        Ok(Self(Arc::new(ParsedKit::parse(&text)?)))
    }

    /// Whose it is, if it says so.
    pub fn user_name(&self) -> Option<&str> {
        self.0.user_name()
    }

    /// Which server it is for, if it says so.
    pub fn server(&self) -> Option<&str> {
        self.0.server()
    }

    /// Whether it holds all keys of the profile; otherwise new ones are made beside the recovery key.
    pub fn has_all_keys(&self) -> bool {
        self.0.has_all_keys()
    }

    /// Whether names of stored files will be readable.
    pub fn opens_names(&self) -> bool {
        self.0.name_key().is_some()
    }

    pub(crate) fn restore(
        &self,
        size: KeySize,
        progress: impl FnMut(KeyStep),
    ) -> Result<RestoredKeys, privicore_envelope::KeyError> {
        ProfileKeys::from_kit(&self.0, size, progress)
    }
}

impl Vault {
    /// Signs in on a machine that has no keys of the profile, with those of its kit. Names, list and files are there afterwards;
    /// receipts stay where the files were stored from.
    ///
    /// # Errors
    /// [`Error::KeysAreHere`] when this machine has keys of the profile; [`Error::KitOfAnother`]; [`Error::WrongPassword`];
    /// [`Error::PassphraseNeeded`] when there is no keyring.
    pub async fn restore(
        &self,
        kit: &Kit,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        let _turn = self.turn().await?;
        self.require_signed_out().await?;
        self.require_protection(passphrase.as_ref(), &credentials)?;
        let found = self.find_profile(&credentials.username).await?;
        let credentials = Credentials {
            username: found.username,
            ..credentials
        };
        if let Some(user_name) = kit.user_name()
            && user_name.trim() != credentials.username.trim()
        {
            let user_name = user_name.to_owned();
            return Err(Error::KitOfAnother { user_name });
        }
        if found.keys == KeysHere::Yes {
            return Err(Error::KeysAreHere);
        }
        let client = self.client().await?;
        let authorization = authenticate(&client, &credentials).await?;
        let files = self.files_of(&found.dir);
        let keyring = self.inner.keyring;
        let (vault, kit) = (self.clone(), kit.clone());
        let restored = blocking(move || {
            let restored = kit.restore(files.cost.key_size(), |step| {
                vault.tell(Event::KeyProgress(KeyProgress::Making(step)));
            })?;
            vault.tell(Event::KeyProgress(KeyProgress::Saving));
            files.keep(keyring, passphrase.as_ref(), restored.keys)
        })
        .await;
        let profile = given_up_on_error(&client, &authorization, restored).await?;
        // Whose public key is registered does not matter here: the kit opens what any of them has stored.
        let registration = Registration::IfNone;
        self.let_in(
            client,
            Arc::new(profile),
            credentials,
            authorization,
            registration,
        )
        .await?;
        Ok(())
    }
}

fn read_bounded(file: &Path) -> Result<Vec<u8>, Error> {
    use std::io::Read as _;
    let unreadable = |error| Error::SourceUnreadable {
        name: file_name(file),
        error,
    };
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(MAX_PICTURE_BYTES).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    Ok(bytes)
}
