//! What making keys and opening them with a passphrase costs.

use std::sync::OnceLock;

use privicore_envelope::{KeySize, measure_work_factor};

/// The size of new application keys and the scrypt work (RFC 7914) of a passphrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyCost {
    /// RSA of 3072 bits, and scrypt work for about a second on this machine.
    #[default]
    Full,
    /// RSA of 2048 bits and next to no scrypt work, so that hundreds of tests can have a profile each. Optimised builds
    /// do not have it.
    #[cfg(all(feature = "cheap-keys", debug_assertions))]
    Cheap,
}

impl KeyCost {
    /// [`KeyCost::Full`], unless this build is for tests and `PRIVICORE_CHEAP_KEYS` is set.
    pub fn from_environment() -> Self {
        #[cfg(all(feature = "cheap-keys", debug_assertions))]
        if std::env::var_os("PRIVICORE_CHEAP_KEYS").is_some() {
            return Self::Cheap;
        }
        Self::Full
    }

    /// The least that this build can do.
    #[cfg(any(test, feature = "cheap-keys"))]
    pub fn least() -> Self {
        #[cfg(all(feature = "cheap-keys", debug_assertions))]
        return Self::Cheap;
        #[cfg(not(all(feature = "cheap-keys", debug_assertions)))]
        Self::Full
    }

    pub(crate) fn key_size(self) -> KeySize {
        match self {
            Self::Full => KeySize::default(),
            #[cfg(all(feature = "cheap-keys", debug_assertions))]
            Self::Cheap => KeySize::Rsa2048,
        }
    }

    /// log₂ of scrypt's N.
    pub(crate) fn work_factor(self) -> u8 {
        static MEASURED: OnceLock<u8> = OnceLock::new();
        match self {
            Self::Full => *MEASURED.get_or_init(measure_work_factor),
            #[cfg(all(feature = "cheap-keys", debug_assertions))]
            Self::Cheap => 10,
        }
    }
}
