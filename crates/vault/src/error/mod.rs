//! What can go wrong, and what a person reads about it.
//!
//! [`Error`] names the state; [`Error::explain`] turns it into a pair, *what happened* and *what to do*, in one place.
//! Neither holds a secret, a token or a full path.

pub(crate) mod about;
pub(crate) mod code;
pub(crate) mod counted;
pub(crate) mod data_folder;
pub(crate) mod explain;
mod explanation;
pub(crate) mod files;
pub(crate) mod keys;
pub(crate) mod record;
pub(crate) mod retry;
pub(crate) mod service;
pub(crate) mod service_reasons;
pub(crate) mod service_words;
pub(crate) mod target;
pub(crate) mod words;
pub(crate) mod work;

use std::path::Path;

use privicore_client::{CallError, Error as ClientError};
use privicore_envelope::{KeyError, KitError};

pub use self::data_folder::DataFolderError;
pub use self::explanation::{Explanation, Rendered};
pub use self::files::content::ContentError;
pub use self::files::copy::CopyError;
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
pub use self::record::RecordError;
pub use self::service::account::AccountError;
pub use self::service::collaboration::CollaborationError;
pub use self::service::connection::ConnectionError;
pub use self::service::session::SessionError;
pub use self::words::Words;
pub use self::work::WorkError;
use crate::store::keyring::KeyringError;

/// A failed use case.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::EnumDiscriminants))]
#[cfg_attr(
    test,
    strum_discriminants(name(ErrorKind), vis(pub(crate)), derive(strum::EnumIter, Hash))
)]
pub enum Error {
    /// The service, or the way to it.
    #[error(transparent)]
    Service(#[from] ClientError),
    /// An operation cannot be called with what was given for it.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Why the app does not talk to a service.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// Why a session does not start, or does not allow something.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// Why the profile's account is not created or changed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Why a device, an application or a voting rule is not set up.
    #[error(transparent)]
    Collaboration(#[from] CollaborationError),
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
    /// Why a file or folder cannot be stored.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Why a file cannot be saved at its target.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Why what the service returned is not the file that was stored.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// Why there is no copy of a file for another application.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// Why something is not done with a file in the list.
    #[error(transparent)]
    File(#[from] FileError),
    /// Why a transfer does not begin, or does not count.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// Why a stored file is not encrypted again.
    #[error(transparent)]
    Reseal(#[from] ResealError),
    /// Why work ended before its outcome.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// Why the app's data folder or its settings cannot be used.
    #[error(transparent)]
    DataFolder(#[from] DataFolderError),
    /// Why a local record cannot be used.
    #[error(transparent)]
    Record(#[from] RecordError),
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

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        RecordError::from(error).into()
    }
}

/// The last part of a path, for a sentence.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
