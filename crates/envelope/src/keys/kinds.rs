//! Common to all keys: kinds, sizes, errors, and a `Debug` that prints no secret.

/// The length of an application key's modulus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeySize {
    /// The shortest that is accepted: 112 bits of strength. Quick to make, for tests.
    Rsa2048,
    /// About 128 bits of strength (NIST SP 800-57 part 1, table 2).
    #[default]
    Rsa3072,
    /// For those who must.
    Rsa4096,
}

impl KeySize {
    pub(crate) fn bits(self) -> usize {
        match self {
            Self::Rsa2048 => 2048,
            Self::Rsa3072 => 3072,
            Self::Rsa4096 => 4096,
        }
    }
}

/// A step in making the keys of a profile, told as it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStep {
    /// The key that is registered with the service.
    Engine,
    /// The RSA key, which takes the longest.
    Application,
    Recovery,
}

/// Why a key could not be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The operating system gave no random bytes, or no prime was found.
    #[error("the key could not be made")]
    NotMade,
    /// The text or the bytes are not a key of this kind.
    #[error("not a key of this kind")]
    Malformed,
    /// An RSA key that is too short to be safe or too long to be usable.
    #[error("an RSA key of {bits} bits is not accepted")]
    UnacceptedSize { bits: usize },
}

/// Gives types that hold secrets a `Debug` that prints their name only.
macro_rules! debug_prints_nothing {
    ($($secret:ident),+ $(,)?) => {
        $(impl std::fmt::Debug for $secret {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($secret), "(secret)"))
            }
        })+
    };
}

pub(crate) use debug_prints_nothing;
