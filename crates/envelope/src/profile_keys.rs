//! All private keys of a profile.

use crate::application_key::ApplicationKey;
use crate::engine_key::EngineKey;
use crate::keys::{KeyError, KeySize, KeyStep, debug_prints_nothing};
use crate::recipients::{Identities, Recipients};
use crate::recovery_key::RecoveryKey;
use crate::secret_bytes::{NameKey, RecordKey};

/// What a profile's key file holds.
pub struct ProfileKeys {
    /// Registered with the service.
    pub engine: EngineKey,
    /// Open what was stored; the newest is first and seals what is stored from now on. Never empty.
    pub application: Vec<ApplicationKey>,
    /// Opens everything without this program.
    pub recovery: RecoveryKey,
    /// Seals names.
    pub names: NameKey,
    /// Seals the rows on this machine.
    pub records: RecordKey,
}

debug_prints_nothing!(ProfileKeys);

impl ProfileKeys {
    /// Draws all keys; `progress` is told what is made next.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the system's random source fails.
    pub fn make(size: KeySize, mut progress: impl FnMut(KeyStep)) -> Result<Self, KeyError> {
        progress(KeyStep::Engine);
        let engine = EngineKey::make();
        progress(KeyStep::Application);
        let application = vec![ApplicationKey::make(size)?];
        progress(KeyStep::Recovery);
        Ok(Self {
            engine,
            application,
            recovery: RecoveryKey::make(),
            names: NameKey::make(),
            records: RecordKey::make(),
        })
    }

    /// The key that seals what is stored from now on.
    ///
    /// # Panics
    /// When `application` was emptied.
    pub fn newest_application_key(&self) -> &ApplicationKey {
        self.application
            .first()
            .expect("a profile has an application key")
    }

    /// The fingerprint of the newest application key.
    pub fn application_fingerprint(&self) -> String {
        self.newest_application_key().recipient().fingerprint()
    }

    /// Those every file is sealed to: the newest application key and the recovery key.
    pub fn recipients(&self) -> Recipients {
        Recipients {
            application: vec![self.newest_application_key().recipient()],
            x25519: vec![self.recovery.recipient()],
        }
    }

    /// Everything that opens a file of this profile.
    pub fn identities(&self) -> Identities {
        Identities {
            application: self.application.clone(),
            x25519: vec![self.recovery.clone()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_once::{other_application_key, profile_keys};

    #[test]
    fn making_tells_its_steps_in_order() {
        let mut steps = Vec::new();
        let keys = ProfileKeys::make(KeySize::Rsa3072, |step| steps.push(step)).unwrap();
        assert_eq!(
            steps,
            [KeyStep::Engine, KeyStep::Application, KeyStep::Recovery]
        );
        assert_eq!(keys.application.len(), 1);
    }

    #[test]
    fn new_files_are_sealed_to_the_newest_key_and_old_ones_still_open() {
        let mut keys = profile_keys();
        keys.application.insert(0, other_application_key());
        let newest = other_application_key().recipient();
        assert_eq!(keys.recipients().application, std::slice::from_ref(&newest));
        assert_eq!(keys.application_fingerprint(), newest.fingerprint());
        assert_eq!(keys.identities().application.len(), 2);
    }

    #[test]
    fn profile_keys_print_nothing() {
        assert_eq!(format!("{:?}", profile_keys()), "ProfileKeys(secret)");
    }
}
