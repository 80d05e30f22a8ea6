//! A kit that a person has at hand: a file, a picture of its code, or what was typed.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use privicore_client::operations::data_token::{ListDataTokens, TokenFilter};
use privicore_client::operations::profile::Authorization;
use privicore_client::operations::public_key::RetrievePublicKey;
use privicore_client::{Client, Error as ClientError};
use privicore_envelope::{KeySize, KeyStep, ParsedKit, ProfileKeys, RestoredKeys, open_name};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::picture;
use crate::error::code::Code;
use crate::error::{Error, Explanation, KeysError, RecoveryError, SourceError, file_name};
use crate::events::{Event, KeyProgress};
use crate::language::{Phrase, Value};
use crate::session::found_profile::FoundProfile;
use crate::session::registration::Registration;
use crate::session::sign_in::given_up_on_error;
use crate::session::{Credentials, authenticate};
use crate::store::profile::{KeysHere, Profile};
use crate::system::blocking::blocking;
use crate::vault::Vault;

/// What becomes of keys of the profile that are here already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeysThere {
    /// They stay, and nothing is restored.
    Stay,
    /// They get other names: nobody knows what opens them.
    GiveWay,
}

/// No text of a kit is longer.
const MAX_TEXT_BYTES: u64 = 4 * 1024 * 1024;
/// Whether a name of so many stored files opens shows whose a kit is.
const NAMES_TRIED: u32 = 100;
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
    /// [`RecoveryError::Kit`] names the part that is wrong.
    pub fn parse(text: &SecretString) -> Result<Self, Error> {
        Ok(Self(Arc::new(ParsedKit::parse(text.expose_secret())?)))
    }

    /// Reads the text file, the page, or a picture (PNG, JPEG) of the code. Blocks.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`], [`RecoveryError::NoKitInPicture`], [`RecoveryError::Kit`].
    pub fn read(file: &Path) -> Result<Self, Error> {
        let bytes = Zeroizing::new(read_bounded(file)?);
        if picture::is_picture(&bytes) {
            let code = picture::read_code(&bytes).ok().flatten();
            return Self::parse(&code.ok_or(RecoveryError::NoKitInPicture)?);
        }
        if bytes.len() as u64 > MAX_TEXT_BYTES {
            return Err(RecoveryError::Kit(privicore_envelope::KitError::NoRecoveryKey).into());
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
    /// Signs in on a machine that has no keys of the profile, with those of its kit. Names, list and files are there
    /// afterwards; receipts stay where the files were stored from.
    ///
    /// # Errors
    /// [`KeysError::AreHere`] when this machine has keys of the profile; [`RecoveryError::KitOfAnother`];
    /// [`crate::SessionError::WrongPassword`];
    /// [`crate::ProtectionError::PassphraseNeeded`] when there is no keyring.
    pub async fn restore(
        &self,
        kit: &Kit,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.restore_over(kit, credentials, passphrase, KeysThere::Stay)
            .await
    }

    /// The same on a machine that has keys of the profile, which nobody can open any more: they and their records are
    /// kept under other names, which a notice tells. Nothing is moved before the password was accepted and the kit was
    /// seen to be this profile's.
    ///
    /// # Errors
    /// Those of [`restore`](Self::restore); [`RecoveryError::KitNotSeenToFit`] when nothing shows whose the kit is.
    pub async fn restore_in_place_of_keys(
        &self,
        kit: &Kit,
        credentials: Credentials,
        passphrase: Option<SecretString>,
    ) -> Result<(), Error> {
        self.restore_over(kit, credentials, passphrase, KeysThere::GiveWay)
            .await
    }

    async fn restore_over(
        &self,
        kit: &Kit,
        credentials: Credentials,
        passphrase: Option<SecretString>,
        there: KeysThere,
    ) -> Result<(), Error> {
        let _guard = self.guard().await?;
        self.require_signed_out().await?;
        self.require_protection(passphrase.as_ref(), &credentials)?;
        let found = self.find_profile(&credentials.username).await?;
        let credentials = Credentials {
            username: found.username.clone(),
            ..credentials
        };
        if let Some(user_name) = kit.user_name()
            && user_name.trim() != credentials.username.trim()
        {
            let user_name = user_name.to_owned();
            return Err(RecoveryError::KitOfAnother { user_name }.into());
        }
        if found.keys == KeysHere::Yes && there == KeysThere::Stay {
            return Err(KeysError::AreHere.into());
        }
        let client = self.client().await?;
        let authorization = authenticate(&client, &credentials).await?;
        let kept = self.profile_of(&found, kit, passphrase, &client, &authorization);
        let profile = given_up_on_error(&client, &authorization, kept.await).await?;
        // Whose public key is registered does not matter here: the kit opens what any of them has stored.
        let registration = Registration::IfNone;
        self.let_in(client, profile, credentials, authorization, registration)
            .await?;
        Ok(())
    }

    /// The profile with the keys of the kit, in the place of any that are here.
    async fn profile_of(
        &self,
        found: &FoundProfile,
        kit: &Kit,
        passphrase: Option<SecretString>,
        client: &Client,
        authorization: &Authorization,
    ) -> Result<Arc<Profile>, Error> {
        let files = self.files_of(&found.dir);
        let (vault, of, size) = (self.clone(), kit.clone(), files.cost.key_size());
        let restored = blocking(move || {
            Ok(of.restore(size, |step| {
                vault.emit(Event::KeyProgress(KeyProgress::Making(step)));
            })?)
        })
        .await?;
        let gives_way = found.keys == KeysHere::Yes;
        if gives_way {
            client.authorize(authorization.token.clone());
            require_fitting(client, kit, &restored.keys).await?;
        }
        self.emit(Event::KeyProgress(KeyProgress::Saving));
        let keyring = self.inner.keyring;
        let (profile, aside) = blocking(move || {
            if gives_way {
                files.keep_in_place(keyring, passphrase.as_ref(), restored.keys)
            } else {
                let kept = files.keep(keyring, passphrase.as_ref(), restored.keys)?;
                Ok((kept, Vec::new()))
            }
        })
        .await?;
        if !aside.is_empty() {
            self.emit(Event::Notice(set_aside(&aside)));
        }
        Ok(Arc::new(profile))
    }
}

/// Makes sure that these keys are the profile's: the service has their public key, or a name in its list opens.
async fn require_fitting(client: &Client, kit: &Kit, keys: &ProfileKeys) -> Result<(), Error> {
    match client.call(&RetrievePublicKey).await {
        Ok(told) if told.public_key.parse() == Ok(keys.engine.public()) => return Ok(()),
        Ok(_) | Err(ClientError::NotFound { .. } | ClientError::UnexpectedAnswer { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let Some(names) = kit.0.name_key() else {
        return Err(RecoveryError::KitNotSeenToFit.into());
    };
    let page = ListDataTokens {
        page: Some(1),
        per_page: Some(NAMES_TRIED),
        filter: TokenFilter::default(),
    };
    let listed = client.call(&page).await?;
    let mut stored = listed
        .items
        .iter()
        .filter_map(|entry| entry.file_name.as_deref());
    if stored.any(|name| open_name(names, name).is_ok()) {
        return Ok(());
    }
    Err(RecoveryError::KitNotSeenToFit.into())
}

fn set_aside(places: &[PathBuf]) -> Explanation {
    let places = places.iter().map(|path| {
        let quoted = Phrase::new("quoted").text("name", path.display());
        Value::Phrase(quoted)
    });
    let places = Value::List(places.collect());
    (Code::KeysSetAside.words())
        .value("places", places)
        .explain()
}

fn read_bounded(file: &Path) -> Result<Vec<u8>, Error> {
    use std::io::Read as _;
    let unreadable = |error| {
        Error::Source(SourceError::Unreadable {
            name: file_name(file),
            error,
        })
    };
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(MAX_PICTURE_BYTES).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    Ok(bytes)
}
