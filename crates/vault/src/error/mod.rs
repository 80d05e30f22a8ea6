//! What can go wrong, and what a person reads about it.
//!
//! [`Error`] names the state; [`Error::explain`] turns it into a pair, *what happened* and *what to do*, in one place. Neither
//! holds a secret, a token or a full path.

pub(crate) mod about;
pub(crate) mod again;
pub(crate) mod code;
pub(crate) mod counted;
pub(crate) mod explain;
mod explanation;
pub(crate) mod files;
pub(crate) mod key_words;
pub(crate) mod service_reasons;
pub(crate) mod service_words;
pub(crate) mod target;
pub(crate) mod words;
pub(crate) mod work;

use std::io;
use std::path::Path;

use privicore_client::{CallError, Error as ClientError, ProxyAddressError, ServerKind};
use privicore_envelope::KeyFileError;

pub use self::explanation::Explanation;
pub use self::files::content::ContentError;
pub use self::files::listed::FileError;
pub use self::files::reseal::ResealError;
pub use self::files::source::SourceError;
pub use self::files::target::TargetError;
pub use self::files::transfer::TransferError;
pub use self::work::WorkError;
use crate::keys::strength::Strength;
use crate::service::pinned_key::PinnedKey;
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
    /// Without a keyring the keys need a passphrase.
    #[error("a passphrase is needed")]
    PassphraseNeeded,
    /// New keys need a passphrase, which is yet to be chosen.
    #[error("a new passphrase is needed")]
    NewPassphraseNeeded,
    /// The passphrase does not open the key file.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// A new passphrase has no characters.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// A new passphrase is too easy to guess.
    #[error("the passphrase is too easy to guess")]
    WeakPassphrase {
        /// Why.
        strength: Strength,
    },
    /// A new password has no characters.
    #[error("the password is empty")]
    EmptyPassword,
    /// The keys are protected in another way than this is about.
    #[error("the keys are protected otherwise")]
    ProtectedOtherwise,
    /// A key file that opens does not give way to the generation before it.
    #[error("the key file is not damaged")]
    KeysNotDamaged,
    /// The keyring that holds this profile's secret cannot be used.
    #[error("the keyring cannot be used: {0}")]
    Keyring(#[from] KeyringError),
    /// The key file cannot be read.
    #[error("the key file cannot be used")]
    KeyFile(#[source] KeyFileError),
    /// Keys could not be made.
    #[error("keys could not be made")]
    Keys(#[from] privicore_envelope::KeyError),
    /// What was typed or chosen is not a recovery kit.
    #[error("not a recovery kit: {0}")]
    Kit(#[from] privicore_envelope::KitError),
    /// No kit was chosen.
    #[error("no recovery kit was chosen")]
    NoKit,
    /// The picture shows no code that can be read.
    #[error("no code in the picture")]
    NoKitInPicture,
    /// What was typed is not the end of the recovery key.
    #[error("not the end of the recovery key")]
    KitNotConfirmed,
    /// The kit belongs to another profile.
    #[error("the kit belongs to another profile")]
    KitOfAnother {
        /// Whose it is.
        user_name: String,
    },
    /// Nothing shows that the kit is of the profile whose keys would give way to it.
    #[error("the kit was not seen to be the profile's")]
    KitNotSeenToFit,
    /// A profile was made, and another process has signed another one in meanwhile.
    #[error("the profile was made, and another one is signed in")]
    MadeAndNotSignedIn {
        /// Its user name.
        user_name: String,
    },
    /// This machine has keys of the profile already.
    #[error("the keys of the profile are here")]
    KeysAreHere,
    /// The profile has keys, and none of them are on this computer.
    #[error("the keys of the profile are elsewhere")]
    KeysElsewhere,
    /// This computer had keys of the profile, and they are not where they belong.
    #[error("the keys of the profile are missing")]
    KeysMissing,
    /// It cannot be told whether there are keys of the profile here.
    #[error("it cannot be told whether the keys of the profile are here")]
    KeysNotSeen(#[source] io::Error),
    /// The secret half of the recovery key is in the recovery kit only.
    #[error("the recovery key is not kept on this machine")]
    RecoveryKeyNotKept,

    /// The name of a shared key cannot be used, or is not known.
    #[error("the shared key's name: {0}")]
    SharedKeyName(#[source] privicore_envelope::SharedKeyError),
    /// A shared key is kept already.
    #[error("the shared key is known as {name}")]
    SharedKeyKnown {
        /// Under which name.
        name: String,
    },
    /// A text is no shared key.
    #[error("not a shared key")]
    BadSharedKey,
    /// The shared key that is needed is not kept here.
    #[error("the shared key {fingerprint} is missing")]
    SharedKeyMissing {
        /// Which one.
        fingerprint: String,
    },
    /// No shared key opens the stored bytes, or they are damaged.
    #[error("the shared key does not open the stored bytes")]
    WrongSharedKey,
    /// A file is longer than the shared-key form allows.
    #[error("{name} is too long for the shared-key form")]
    TooLongForSharedKey {
        /// The file's name.
        name: String,
    },
    /// A text is no public key that files can be sealed to.
    #[error("not a recipient: {0}")]
    BadRecipient(#[source] privicore_envelope::RecipientError),
    /// Files are sealed to this recipient already.
    #[error("the recipient is known")]
    RecipientKnown,
    /// There is no such recipient.
    #[error("no such recipient")]
    UnknownRecipient,
    /// A file cannot be sealed to so many.
    #[error("too many recipients")]
    TooManyRecipients,

    /// A key that was remembered is another one now, and the user has not accepted it.
    #[error("the {key:?} key has changed")]
    KeyChanged {
        /// Whose key.
        key: PinnedKey,
    },
    /// A key was remembered, which one is lost, and the user has not accepted the one that is seen.
    #[error("which {key:?} key was remembered is lost")]
    KeyNotRemembered {
        /// Whose key.
        key: PinnedKey,
    },
    /// The key to be accepted is not the one that is seen now.
    #[error("another key is there now")]
    PinMoved,

    /// The service does not tell a key any more that was remembered.
    #[error("the {key:?} key is not told any more")]
    KeyNotTold {
        /// Whose key.
        key: PinnedKey,
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
}

/// The last part of a path, for a sentence.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
