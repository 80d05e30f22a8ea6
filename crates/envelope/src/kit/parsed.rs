//! Parses a recovery kit from its file, page, QR code or typed text.

use zeroize::Zeroizing;

use crate::keys::application_key::ApplicationKey;
use crate::keys::engine_key::EngineKey;
use crate::keys::kinds::{KeyError, KeySize, KeyStep, debug_prints_nothing};
use crate::keys::profile_keys::ProfileKeys;
use crate::keys::recovery_key::RecoveryKey;
use crate::keys::secret_bytes::{NameKey, RecordKey};
use crate::kit::bundle;
use crate::kit::bundle::KitBundle;
use crate::kit::error::{KitError, KitPart};
use crate::kit::text::{
    ACCOUNT, Found, Mark, NAME_KEY, RECOVERY_KEY, compact, decode, find_key, find_text, plain,
};

pub struct ParsedKit {
    recovery: RecoveryKey,
    names: Option<NameKey>,
    bundle: Option<KitBundle>,
    account: Option<(String, String)>,
}

/// The keys of a profile, back from a kit.
#[derive(Debug)]
pub struct RestoredKeys {
    /// The keys; the record key is a new one.
    pub keys: ProfileKeys,
    /// Whether engine and application keys are those of the kit. Otherwise they are new ones, and the recovery key is
    /// kept here as what opens older files.
    pub all_came_back: bool,
    /// Whether the kit had no name key, so that a new one was made and the sealed names of stored files do not open any
    /// more.
    pub names_are_lost: bool,
}

debug_prints_nothing!(ParsedKit);

impl ParsedKit {
    /// Reads the text file, an HTML page with the same text, what the QR code holds, or keys as they were typed: in any
    /// case, with spaces and line breaks wherever they are.
    ///
    /// # Errors
    /// [`KitError`] says which part is wrong. Without the part that is wrong the rest reads: only the recovery key is
    /// needed.
    pub fn parse(text: &str) -> Result<Self, KitError> {
        let plain = plain(text);
        let compact = compact(&plain);
        let key = find(&compact, RECOVERY_KEY, KitPart::RecoveryKey)?;
        let recovery: RecoveryKey = key
            .ok_or(KitError::NoRecoveryKey)?
            .parse()
            .map_err(|_| mistyped(KitPart::RecoveryKey))?;
        let names = match find(&compact, NAME_KEY, KitPart::NameKey)? {
            Some(text) => Some(text.parse().map_err(|_| mistyped(KitPart::NameKey))?),
            None => None,
        };
        let bundle = bundle::find_and_open(&plain, &recovery).transpose()?;
        let account = match bundle {
            // It says the same, and is not as easily mistyped.
            Some(_) => None,
            None => find_account(&compact)?,
        };
        let kit = Self {
            recovery,
            names,
            bundle,
            account,
        };
        kit.is_one_kit()
            .then_some(kit)
            .ok_or(KitError::DifferentKits)
    }

    pub fn recovery_key(&self) -> &RecoveryKey {
        &self.recovery
    }

    pub fn name_key(&self) -> Option<&NameKey> {
        let bundled = self.bundle.as_ref().map(|bundle| &bundle.keys.names);
        bundled.or(self.names.as_ref())
    }

    /// Whether it holds all keys of the profile.
    pub fn has_all_keys(&self) -> bool {
        self.bundle.is_some()
    }

    /// The user name, unless only keys were typed.
    pub fn user_name(&self) -> Option<&str> {
        match (&self.bundle, &self.account) {
            (Some(bundle), _) => Some(&bundle.account.user_name),
            (None, Some((user_name, _))) => Some(user_name),
            (None, None) => None,
        }
    }

    /// What the server is called, unless only keys were typed.
    pub fn server(&self) -> Option<&str> {
        match (&self.bundle, &self.account) {
            (Some(bundle), _) => Some(&bundle.account.server),
            (None, Some((_, server))) => Some(server),
            (None, None) => None,
        }
    }

    /// When the kit was made, in seconds since 1970 (UTC), if it is a whole one.
    pub fn made_at(&self) -> Option<u64> {
        self.bundle.as_ref().map(|bundle| bundle.account.made_at)
    }

    fn is_one_kit(&self) -> bool {
        match (&self.bundle, &self.names) {
            (Some(bundle), Some(names)) => bundle.keys.names.expose() == names.expose(),
            _ => true,
        }
    }
}

impl ProfileKeys {
    /// The keys of a profile from its kit. From a whole kit they are the same, but for the record key, and the secret
    /// half of the recovery key is not kept: the kit has it. From a typed recovery key alone, engine and application
    /// key are new ones of this `size`, and it is kept as what opens older files.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the system's random source fails.
    pub fn from_kit(
        kit: &ParsedKit,
        size: KeySize,
        progress: impl FnMut(KeyStep),
    ) -> Result<RestoredKeys, KeyError> {
        match &kit.bundle {
            Some(bundle) => Ok(RestoredKeys {
                keys: ProfileKeys {
                    records: RecordKey::generate(),
                    ..bundle.keys.clone()
                },
                all_came_back: true,
                names_are_lost: false,
            }),
            None => from_typed(kit, size, progress),
        }
    }
}

fn from_typed(
    kit: &ParsedKit,
    size: KeySize,
    mut progress: impl FnMut(KeyStep),
) -> Result<RestoredKeys, KeyError> {
    progress(KeyStep::Engine);
    let engine = EngineKey::generate();
    progress(KeyStep::Application);
    let application = vec![ApplicationKey::generate(size)?];
    let keys = ProfileKeys {
        engine,
        application,
        recovery: kit.recovery.clone().into(),
        // Older files open with nothing else: it stays also when a new kit is confirmed.
        retired: vec![kit.recovery.clone()],
        shared: vec![],
        names: kit.names.clone().unwrap_or_else(NameKey::generate),
        records: RecordKey::generate(),
    };
    Ok(RestoredKeys {
        keys,
        all_came_back: false,
        names_are_lost: kit.names.is_none(),
    })
}

fn find(compact: &str, mark: Mark, part: KitPart) -> Result<Option<Zeroizing<String>>, KitError> {
    match find_key(compact, mark) {
        Found::Nothing => Ok(None),
        Found::Whole(text) => Ok(Some(text)),
        Found::Mistyped => Err(mistyped(part)),
        Found::Incomplete { chars } => Err(KitError::Incomplete {
            part,
            expected: mark.key_chars(),
            found: chars,
        }),
    }
}

fn find_account(compact: &str) -> Result<Option<(String, String)>, KitError> {
    let text = match find_text(compact, ACCOUNT) {
        Found::Nothing => return Ok(None),
        Found::Whole(text) => text,
        Found::Mistyped | Found::Incomplete { .. } => return Err(mistyped(KitPart::Account)),
    };
    let account = decode(ACCOUNT, &text).and_then(|bytes| {
        let account = str::from_utf8(&bytes).ok()?;
        let (user_name, server) = account.split_once('\0')?;
        Some((user_name.to_owned(), server.to_owned()))
    });
    account.map(Some).ok_or(mistyped(KitPart::Account))
}

fn mistyped(part: KitPart) -> KitError {
    KitError::Mistyped { part }
}

#[cfg(test)]
#[path = "parsed_tests.rs"]
mod tests;
