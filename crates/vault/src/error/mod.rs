//! What can go wrong, and what a person reads about it.
//!
//! [`Error`] names the state; [`Error::explain`] turns it into a pair, *what happened* and *what to do*, in one place. Neither
//! holds a secret, a token or a full path.

pub(crate) mod about;
pub(crate) mod code;
pub(crate) mod counted;
pub(crate) mod explain;
mod explanation;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod retry;
pub(crate) mod service_reasons;
pub(crate) mod service_words;
pub(crate) mod target;
pub(crate) mod words;
pub(crate) mod work;

use std::io;
use std::path::Path;

use privicore_client::{CallError, Error as ClientError, ProxyAddressError, ServerKind};
use privicore_envelope::{KeyError, KitError};

pub use self::explanation::Explanation;
pub use self::files::content::ContentError;
pub use self::files::listed::FileError;
pub use self::files::reseal::ResealError;
pub use self::files::source::SourceError;
pub use self::files::target::TargetError;
pub use self::files::transfer::TransferError;
pub use self::keys::pin::PinError;
pub use self::keys::profile_keys::KeysError;
pub use self::keys::protection::ProtectionError;
pub use self::keys::recovery::RecoveryError;
pub use self::keys::sharing::SharingError;
pub use self::work::WorkError;
use crate::session::first_key::FirstKey;
use crate::store::keyring::KeyringError;

/// A failed use case.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::EnumDiscriminants))]
#[cfg_attr(
    test,
    strum_discriminants(name(ErrorKind), vis(pub(crate)), derive(strum::EnumIter, Hash))
)]
pub enum Error {
    /// No service was chosen yet.
    #[error("no service is chosen")]
    NotConnected,
    /// An address is not one this app may talk to.
    #[error("the {which:?} address is not acceptable")]
    BadAddress {
        /// Which of the four.
        which: ServerKind,
    },
    /// The address of a proxy is not one this app can use.
    #[error("the proxy's address cannot be used: {0}")]
    BadProxy(#[source] ProxyAddressError),
    /// The user name for a proxy is empty or has a colon in it.
    #[error("the user name for the proxy cannot be used")]
    BadProxyName,
    /// A client certificate's key was chosen without the certificate.
    #[error("a key without its certificate")]
    KeyWithoutCertificate,
    /// The service, or the way to it.
    #[error(transparent)]
    Service(#[from] ClientError),
    /// An operation cannot be called with what was given for it.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The embedded sandbox did not start.
    #[error("the embedded sandbox did not start")]
    Sandbox(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The phones that the embedded sandbox plays cannot be used.
    #[error("the simulated phones cannot be used")]
    Phones(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// This process plays no phones: the service is elsewhere, or another process hosts the sandbox.
    #[error("there are no simulated phones")]
    NoPhones,

    /// The service does not know this user name with this password.
    #[error("wrong user name or password")]
    WrongPassword,
    /// What was typed as the current password is not it.
    #[error("not the current password")]
    NotThePassword,
    /// The code for a device does not fit into a picture.
    #[error("the code is too long")]
    CodeTooLong,
    /// The service has told the secret of an application before, and tells it once.
    #[error("the application's secret was told already")]
    SecretToldAlready,
    /// Another profile has this user name.
    #[error("the user name is taken")]
    NameTaken,
    /// The new profile did not become usable in time.
    #[error("the new profile is not ready")]
    ProfileNotReady {
        /// What came of registering its public key first.
        first_key: FirstKey,
    },
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// Somebody is signed in, but the keys are not open.
    #[error("locked")]
    Locked,
    /// Somebody is signed in already.
    #[error("signed in already")]
    SignedInAlready,
    /// The session ended and could not be renewed with the password in use.
    #[error("the session has ended")]
    SessionEnded,
    /// A new password has no characters.
    #[error("the password is empty")]
    EmptyPassword,
    /// A profile was made, and another process has signed another one in meanwhile.
    #[error("the profile was made, and another one is signed in")]
    MadeAndNotSignedIn {
        /// Its user name.
        user_name: String,
    },

    /// Of two rules for votes the first holds, the second does not.
    #[error("the quorum was set, the number of attempts was not")]
    OnlyQuorumSet(#[source] Box<Error>),
    /// Nothing names a folder of this user for the app's data.
    #[error("the data folder is not known")]
    NoDataDir,
    /// Everybody may replace what is in the data folder.
    #[error("the data folder is open to everybody")]
    DataDirOpen,
    /// A file under the app's data folder cannot be read or written.
    #[error("the app's data folder cannot be used")]
    DataDir(#[source] io::Error),
    /// Another process has held the settings for too long.
    #[error("another process holds the settings")]
    SettingsInUse,
    /// The settings file is not what this app wrote.
    #[error("the settings are damaged")]
    SettingsDamaged,
    /// The local records cannot be used.
    #[error("the local records cannot be used")]
    Rows(#[from] rusqlite::Error),
    /// A local record does not open with this profile's key.
    #[error("a local record is damaged")]
    RecordDamaged,
    /// A local record that had to be new is there already.
    #[error("a local record is there already")]
    RecordKnown,
    /// Why a file or folder cannot be stored.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Why a file cannot be saved at its target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Why what the service returned is not the file that was stored.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// Why something is not done with a file in the list.
    #[error(transparent)]
    File(#[from] FileError),
    /// Why a transfer does not begin, or does not count.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// Why work ended before its outcome.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// Why a stored file is not encrypted again.
    #[error(transparent)]
    Reseal(#[from] ResealError),
    /// Why keys cannot be protected or unlocked.
    #[error(transparent)]
    Protection(#[from] ProtectionError),
    /// Why the profile's keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Why a recovery kit is not accepted.
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
    /// Why a shared key or a recipient cannot be used.
    #[error(transparent)]
    Sharing(#[from] SharingError),
    /// Why a public key needs the user's attention.
    #[error(transparent)]
    Pin(#[from] PinError),
}

// What `?` meets below the vault finds its topic by itself.
impl From<KeyringError> for Error {
    fn from(error: KeyringError) -> Self {
        ProtectionError::from(error).into()
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        KeysError::from(error).into()
    }
}

impl From<KitError> for Error {
    fn from(error: KitError) -> Self {
        RecoveryError::from(error).into()
    }
}

/// The last part of a path, for a sentence.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
