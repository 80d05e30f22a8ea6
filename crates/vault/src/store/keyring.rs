//! The operating system's keyring, where one 74-character secret per profile may live, and what a proxy is told.
//!
//! A keyring may be absent, locked behind a prompt, hang, or appear later. So it is probed by writing, reading and
//! deleting an item, every call runs on a thread of its own with a time limit, and one that failed is looked for anew.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry};
use parking_lot::{Mutex, MutexGuard};
use secrecy::{ExposeSecret, SecretString};

use crate::language::{Inserted, Language, Phrase, Texts};
use crate::system::stack::wipe_stack;

/// The name under which items are kept.
const SERVICE: &str = "com.privicore.desktop";
/// A prompt to unlock the keyring may need a person; a probe must not keep the app from starting.
const PROBE_LIMIT: Duration = Duration::from_secs(5);
const CALL_LIMIT: Duration = Duration::from_mins(1);

/// Whether this machine's keyring may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyringUse {
    /// Use it when the probe succeeds.
    #[default]
    System,
    /// Do not touch it; keys are protected by a passphrase.
    Off,
}

/// Secrets of earlier key files that are kept of a profile; each takes a key file that was lost.
const MAX_EARLIER: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// No keyring service runs on this machine.
    #[error("no keyring service is running on this machine")]
    Absent,
    /// The keyring is locked or refused the item.
    #[error("the keyring is locked or refused access")]
    Refused,
    /// The keyring did not answer in time.
    #[error("the keyring did not answer in time")]
    Hangs,
    /// The item that belongs to this profile is not there.
    #[error("the keyring has no item that opens this profile's keys")]
    Missing,
    /// It keeps too many secrets of earlier key files of this profile.
    #[error("the keyring keeps too many secrets of earlier keys of this profile")]
    Full,
    /// The keyring was switched off for this run.
    #[error("the keyring is switched off")]
    Off,
}

impl KeyringError {
    /// What is wrong with it, for the end of a sentence.
    pub(crate) fn phrase(self) -> Phrase {
        Phrase::new(match self {
            Self::Absent => "keyring_problem.absent",
            Self::Refused => "keyring_problem.refused",
            Self::Hangs => "keyring_problem.hangs",
            Self::Missing => "keyring_problem.missing",
            Self::Full => "keyring_problem.full",
            Self::Off => "keyring_problem.off",
        })
    }

    /// The same in one language.
    pub fn told_in(self, language: Language) -> String {
        let phrase = self.phrase();
        let told = phrase.render(Texts::errors(language), Inserted::Isolated);
        told.unwrap_or_else(|| self.to_string())
    }
}

/// The keyring, as far as it is allowed and answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyring {
    usage: KeyringUse,
}

impl Keyring {
    pub(crate) fn new(usage: KeyringUse) -> Self {
        Self { usage }
    }

    /// Proves that an item can be written, read and deleted.
    pub(crate) fn probe(self) -> Result<(), KeyringError> {
        let item = format!("probe-{}", uuid::Uuid::new_v4());
        self.run(PROBE_LIMIT, move || {
            let entry = Entry::new(SERVICE, &item)?;
            entry.set_password("probe")?;
            let read = entry.get_password();
            entry.delete_credential()?;
            read.map(drop)
        })
    }

    /// What the last call said of whether it can be used.
    pub(crate) fn state(self) -> Result<(), KeyringError> {
        match self.usage {
            KeyringUse::Off => Err(KeyringError::Off),
            KeyringUse::System => *last(),
        }
    }

    /// Whether an item is there. One that cannot be read is an error, not an absent one.
    pub(crate) fn has(self, item: &str) -> Result<bool, KeyringError> {
        Ok(self.find(item)?.is_some())
    }

    /// The item, if it is there. One that cannot be read is an error, not an absent one.
    pub(crate) fn find(self, item: &str) -> Result<Option<SecretString>, KeyringError> {
        match self.read(item) {
            Ok(secret) => Ok(Some(secret)),
            Err(KeyringError::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes an item and makes sure that it is there. What the item held before opens something else: it is kept
    /// beside it first, see [`earlier`](Self::earlier).
    pub(crate) fn write_new(self, item: &str, secret: &SecretString) -> Result<(), KeyringError> {
        if let Some(before) = self.find(item)? {
            self.keep_earlier(item, &before)?;
        }
        self.write_surely(item, secret)
    }

    fn keep_earlier(self, item: &str, before: &SecretString) -> Result<(), KeyringError> {
        for number in 1..=MAX_EARLIER {
            let name = earlier_name(item, number);
            match self.find(&name)? {
                None => return self.write_surely(&name, before),
                Some(kept) if kept.expose_secret() == before.expose_secret() => return Ok(()),
                Some(_) => {}
            }
        }
        Err(KeyringError::Full)
    }

    fn write_surely(self, item: &str, secret: &SecretString) -> Result<(), KeyringError> {
        self.write(item, secret)?;
        if self.read(item)?.expose_secret() == secret.expose_secret() {
            Ok(())
        } else {
            Err(KeyringError::Refused)
        }
    }

    /// What an item held before, the oldest first, with the names under which it is kept.
    pub(crate) fn earlier(
        self,
        item: &str,
    ) -> impl Iterator<Item = Result<(String, SecretString), KeyringError>> {
        let names = (1..=MAX_EARLIER).map(move |number| earlier_name(item, number));
        let found = names.map(move |name| Ok(self.find(&name)?.map(|secret| (name, secret))));
        found.map_while(Result::transpose)
    }

    pub(crate) fn write(self, item: &str, secret: &SecretString) -> Result<(), KeyringError> {
        let (item, secret) = (item.to_owned(), secret.clone());
        self.run(CALL_LIMIT, move || {
            Entry::new(SERVICE, &item)?.set_password(secret.expose_secret())
        })
    }

    pub(crate) fn read(self, item: &str) -> Result<SecretString, KeyringError> {
        let item = item.to_owned();
        self.run(CALL_LIMIT, move || {
            let secret = Entry::new(SERVICE, &item)?.get_password()?;
            Ok(SecretString::from(secret))
        })
    }

    pub(crate) fn delete(self, item: &str) -> Result<(), KeyringError> {
        let item = item.to_owned();
        self.run(CALL_LIMIT, move || {
            Entry::new(SERVICE, &item)?.delete_credential()
        })
    }

    fn run<T: Send + 'static>(
        self,
        limit: Duration,
        call: impl Fn() -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, KeyringError> {
        if self.usage == KeyringUse::Off {
            return Err(KeyringError::Off);
        }
        let called = within(limit, move || {
            let was_known = keyring_core::get_default_store().is_some();
            choose_store()?;
            match call() {
                // The one that is known may have ended, and another begun.
                Err(keyring_core::Error::PlatformFailure(_)) if was_known => {
                    keyring_core::unset_default_store();
                    choose_store()?;
                    call()
                }
                outcome => outcome,
            }
        });
        let outcome = called.and_then(|called| called.map_err(KeyringError::from));
        *last() = match &outcome {
            // It answered: that an item is not there says nothing against it.
            Ok(_) | Err(KeyringError::Missing) => Ok(()),
            Err(error) => {
                keyring_core::unset_default_store();
                Err(*error)
            }
        };
        outcome
    }
}

fn earlier_name(item: &str, number: usize) -> String {
    format!("{item}.{number}")
}

/// There is one keyring in a process, whoever asks.
fn last() -> MutexGuard<'static, Result<(), KeyringError>> {
    static LAST: Mutex<Result<(), KeyringError>> = Mutex::new(Err(KeyringError::Absent));
    LAST.lock()
}

/// Looks for the system's keyring unless it is known: one that appears later is found then.
fn choose_store() -> keyring_core::Result<()> {
    if keyring_core::get_default_store().is_none() {
        let store = system_store().map_err(|_| keyring_core::Error::NoDefaultStore)?;
        keyring_core::set_default_store(store);
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

impl From<keyring_core::Error> for KeyringError {
    fn from(error: keyring_core::Error) -> Self {
        match error {
            keyring_core::Error::NoDefaultStore => Self::Absent,
            keyring_core::Error::NoEntry => Self::Missing,
            _ => Self::Refused,
        }
    }
}

/// Runs a call that may block for ever on a thread of its own; past the limit the thread is left to itself.
fn within<T: Send + 'static>(
    limit: Duration,
    call: impl FnOnce() -> T + Send + 'static,
) -> Result<T, KeyringError> {
    let (answer, answered) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("keyring".into())
        .spawn(move || {
            // Whoever asked has given up if nobody listens.
            let _ = answer.send(call());
            wipe_stack();
        })
        .map_err(|_| KeyringError::Absent)?;
    answered
        .recv_timeout(limit)
        .map_err(|_| KeyringError::Hangs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_does_not_return_is_given_up() {
        let (_never, wait) = mpsc::channel::<()>();
        let outcome = within(Duration::from_millis(20), move || wait.recv().is_ok());
        assert_eq!(outcome, Err(KeyringError::Hangs));
    }

    #[test]
    fn a_keyring_that_is_switched_off_is_not_touched() {
        assert_eq!(
            Keyring::new(KeyringUse::Off).probe(),
            Err(KeyringError::Off)
        );
    }
}
