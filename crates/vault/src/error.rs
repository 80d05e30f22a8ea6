//! What can go wrong, and what a person reads about it.
//!
//! [`Error`] names the state; [`Error::explain`] turns it into a pair, *what happened* and *what to do*, in one place. Neither
//! holds a secret, a token or a full path.

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::time::Duration;

use privicore_client::{CallError, Error as ClientError, Phase, ProxyAddressError, Which};
use privicore_envelope::KeyFileError;
use serde::{Deserialize, Serialize};

use crate::account::explain_account;
use crate::applications::explain_applications;
use crate::key_words::explain_keys;
use crate::keyring::KeyringError;
use crate::operations::explain_call;
use crate::pins::{PinnedKey, explain_pins};
use crate::receipts::Mismatch;
use crate::recovery::explain_kit;
use crate::service_words::explain_service;

/// A failed use case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No service was chosen yet.
    #[error("no service is chosen")]
    NotConnected,
    /// An address is not one this app may talk to.
    #[error("the {which:?} address is not acceptable")]
    BadAddress {
        /// Which of the four.
        which: Which,
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
    ProfileNotReady,
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
    /// The passphrase does not open the key file.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// A new passphrase has no characters.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The keys are protected in another way than this is about.
    #[error("the keys are protected otherwise")]
    ProtectedOtherwise,
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
    /// This machine has keys of the profile already.
    #[error("the keys of the profile are here")]
    KeysAreHere,
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
    /// A file is larger than what the service replaces in place.
    #[error("{name} is too large to be sealed again in place")]
    TooLargeToReseal {
        /// The file's name.
        name: String,
    },
    /// A file in the shared-key form is not sealed again.
    #[error("{name} is sealed with a shared key")]
    StaysShared {
        /// The file's name.
        name: String,
    },

    /// A key that was remembered is another one now, and the user has not accepted it.
    #[error("the {key:?} key has changed")]
    KeyChanged {
        /// Whose key.
        key: PinnedKey,
    },
    /// The key to be accepted is not the one that is seen now.
    #[error("another key is there now")]
    PinMoved,

    /// A file to be stored cannot be read.
    #[error("{name} cannot be read")]
    SourceUnreadable {
        /// The file's name.
        name: String,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// A file changed while it was being read.
    #[error("{name} changed while it was read")]
    SourceChanged {
        /// The file's name.
        name: String,
    },
    /// A thing that is neither a file nor a folder.
    #[error("{name} is not a regular file")]
    NotAFile {
        /// Its name.
        name: String,
    },
    /// A file is already there and was not to be replaced.
    #[error("{name} exists already")]
    TargetExists {
        /// The file's name.
        name: String,
    },
    /// The folder to save to does not exist.
    #[error("the folder for {name} does not exist")]
    TargetFolderMissing {
        /// The file's name.
        name: String,
    },
    /// The folder to save to may not be written to.
    #[error("the folder for {name} is read-only")]
    TargetReadOnly {
        /// The file's name.
        name: String,
    },
    /// The disk is full.
    #[error("no space for {name}")]
    NoSpace {
        /// The file's name.
        name: String,
    },
    /// Saving failed for another reason.
    #[error("{name} cannot be saved")]
    Target {
        /// The file's name.
        name: String,
        /// What the system said.
        #[source]
        error: io::Error,
    },

    /// The stored bytes open, but they are not what was stored.
    #[error("swapped or rolled back")]
    Swapped,
    /// The stored bytes do not open.
    #[error("damaged")]
    Damaged,
    /// The stored bytes end too early.
    #[error("cut short")]
    CutShort,
    /// A file that was read back is not what was stored.
    #[error("read back, and not what was stored: {0:?}")]
    NotAsStored(Mismatch),
    /// Nothing of what came opens, so that there is nothing to keep.
    #[error("nothing of it opens")]
    NothingToKeep,
    /// There is nothing to compare a file with.
    #[error("this machine has no receipt for {name}")]
    NoReceipt {
        /// The file's name.
        name: String,
    },
    /// None of this profile's keys opens the file.
    #[error("no key of this profile opens it")]
    WrongKey,
    /// The stored bytes are in a form this app does not write.
    #[error("not sealed by this app")]
    NotSealed,

    /// The service reserved a place and did not say where the bytes go.
    #[error("no address to send the bytes to")]
    NoUploadLink,
    /// No such file in the list.
    #[error("no such file")]
    UnknownFile,
    /// Of two rules for votes the first holds, the second does not.
    #[error("the quorum was set, the number of attempts was not")]
    OnlyQuorumSet(#[source] Box<Error>),
    /// A part of the app broke.
    #[error("a part of the app broke")]
    Broken,
    /// The user, or the end of the app, stopped it.
    #[error("canceled")]
    Canceled,
    /// A file under the app's data folder cannot be read or written.
    #[error("the app's data folder cannot be used")]
    DataDir(#[source] io::Error),
    /// The settings file is not what this app wrote.
    #[error("the settings are damaged")]
    SettingsDamaged,
    /// The local records cannot be used.
    #[error("the local records cannot be used")]
    Rows(#[from] rusqlite::Error),
    /// A local record does not open with this profile's key.
    #[error("a local record is damaged")]
    RecordDamaged,
}

/// Whether doing the same again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It would end the same way.
    Never,
    /// It may pass; not before this time is over, if the service said so.
    Later(Duration),
    /// As soon as the service is within reach again.
    WhenReachable,
}

/// What a person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Short and stable, to look up or to branch on.
    pub code: Cow<'static, str>,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl Error {
    /// Sorts a failure to write `target` by what a person can do about it.
    pub(crate) fn target(target: &Path, error: io::Error) -> Self {
        let name = file_name(target);
        match error.kind() {
            io::ErrorKind::AlreadyExists => Self::TargetExists { name },
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Self::TargetFolderMissing { name }
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::TargetReadOnly { name }
            }
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::NoSpace { name },
            _ => Self::Target { name, error },
        }
    }

    /// Whether something was sent and its outcome is not known.
    pub fn is_not_confirmed(&self) -> bool {
        matches!(self, Self::Service(ClientError::NotConfirmed { .. }))
    }

    /// Whether doing the same again may help.
    pub(crate) fn again(&self) -> Again {
        match self {
            Self::Service(ClientError::Offline { .. } | ClientError::UnknownHost { .. }) => {
                Again::WhenReachable
            }
            Self::Service(ClientError::Proxy { problem, .. }) if problem.may_pass() => {
                Again::WhenReachable
            }
            Self::Service(ClientError::TimedOut { phase, .. }) if *phase == Phase::Connect => {
                Again::WhenReachable
            }
            Self::Service(ClientError::Refused {
                status: 429 | 500..,
                retry_after,
                ..
            }) => Again::Later(retry_after.unwrap_or_default()),
            Self::Service(
                ClientError::TimedOut { .. }
                | ClientError::Interrupted { .. }
                | ClientError::LinkSpent,
            )
            | Self::Canceled => Again::Later(Duration::ZERO),
            _ => Again::Never,
        }
    }

    /// The name of the file it is about, if it is about one.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::SourceUnreadable { name, .. }
            | Self::SourceChanged { name }
            | Self::NotAFile { name }
            | Self::TargetExists { name }
            | Self::TargetFolderMissing { name }
            | Self::TargetReadOnly { name }
            | Self::NoSpace { name }
            | Self::Target { name, .. }
            | Self::NoReceipt { name } => Some(name),
            _ => None,
        }
    }

    /// The pair a person reads, with its code.
    pub fn explain(&self) -> Explanation {
        let (code, message, hint) = match self {
            Self::Service(error) => return explain_service(error),
            Self::Call(error) => explain_call(error),
            Self::OnlyQuorumSet(reason) => (
                "only_quorum_set",
                format!(
                    "The quorum was set, the number of attempts was not. {}",
                    reason.explain().message
                ),
                "What is in force is shown. Try the attempts again.",
            ),
            Self::NotConnected
            | Self::BadAddress { .. }
            | Self::BadProxy(_)
            | Self::BadProxyName
            | Self::KeyWithoutCertificate
            | Self::Sandbox(_)
            | Self::Phones(_)
            | Self::NoPhones
            | Self::DataDir(_)
            | Self::SettingsDamaged
            | Self::Rows(_)
            | Self::RecordDamaged => explain_machine(self),
            Self::SourceUnreadable { .. }
            | Self::SourceChanged { .. }
            | Self::NotAFile { .. }
            | Self::TargetExists { .. }
            | Self::TargetFolderMissing { .. }
            | Self::TargetReadOnly { .. }
            | Self::NoSpace { .. }
            | Self::Target { .. } => explain_file(self),
            Self::Swapped
            | Self::Damaged
            | Self::CutShort
            | Self::NotAsStored(_)
            | Self::NothingToKeep
            | Self::NoReceipt { .. }
            | Self::WrongKey
            | Self::NotSealed
            | Self::NoUploadLink
            | Self::UnknownFile
            | Self::Broken
            | Self::Canceled => explain_stored(self),
            Self::SharedKeyName(_)
            | Self::SharedKeyKnown { .. }
            | Self::BadSharedKey
            | Self::SharedKeyMissing { .. }
            | Self::WrongSharedKey
            | Self::TooLongForSharedKey { .. }
            | Self::BadRecipient(_)
            | Self::RecipientKnown
            | Self::UnknownRecipient
            | Self::TooManyRecipients
            | Self::TooLargeToReseal { .. }
            | Self::StaysShared { .. } => explain_keys(self),
            Self::Kit(_)
            | Self::NoKit
            | Self::NoKitInPicture
            | Self::KitNotConfirmed
            | Self::KitOfAnother { .. }
            | Self::KeysAreHere
            | Self::RecoveryKeyNotKept => explain_kit(self),
            Self::PassphraseNeeded
            | Self::WrongPassphrase
            | Self::EmptyPassphrase
            | Self::ProtectedOtherwise
            | Self::Keyring(_)
            | Self::KeyFile(_) => explain_protection(self),
            Self::KeyChanged { .. } | Self::PinMoved => explain_pins(self),
            Self::NotThePassword | Self::CodeTooLong => explain_account(self),
            Self::SecretToldAlready => explain_applications(),
            _ => explain_session(self),
        };
        Explanation {
            code: code.into(),
            message,
            hint: hint.to_owned(),
        }
    }
}

/// The last part of a path, for a sentence.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// A code with its pair.
pub(crate) type Words = (&'static str, String, &'static str);

fn explain_session(error: &Error) -> Words {
    match error {
        Error::WrongPassword => (
            "wrong_password",
            "The user name or the password is wrong.".into(),
            "Check both and try again. Nothing was changed.",
        ),
        Error::NameTaken => (
            "name_taken",
            "This user name is taken.".into(),
            "Choose another name, or sign in if the profile is yours.",
        ),
        Error::ProfileNotReady => (
            "profile_not_ready",
            "The profile was requested, but the service has not made it yet.".into(),
            "Wait a minute, then sign in with the same name and password.",
        ),
        Error::SignedOut => (
            "signed_out",
            "Nobody is signed in.".into(),
            "Sign in and try again.",
        ),
        Error::Locked => (
            "locked",
            "The app is locked.".into(),
            "Unlock it and try again.",
        ),
        Error::SignedInAlready => (
            "signed_in",
            "Another profile is signed in.".into(),
            "Sign out first.",
        ),
        Error::SessionEnded => (
            "session_ended",
            "The service has ended this session and did not renew it.".into(),
            "Sign in again. What was stored is still stored.",
        ),
        _ => (
            "keys",
            "The keys of this profile could not be made.".into(),
            "Try again. Nothing was stored.",
        ),
    }
}

fn explain_protection(error: &Error) -> Words {
    match error {
        Error::PassphraseNeeded => (
            "passphrase_needed",
            "This machine has no usable keyring, so the keys need a passphrase.".into(),
            "Enter a passphrase. It is asked for at each start and cannot be reset.",
        ),
        Error::WrongPassphrase => (
            "wrong_passphrase",
            "The passphrase does not open the keys.".into(),
            "Check it and try again. Nothing was changed.",
        ),
        Error::EmptyPassphrase => (
            "empty_passphrase",
            "The new passphrase is empty.".into(),
            "Choose one that others cannot guess. Nothing was changed.",
        ),
        Error::ProtectedOtherwise => (
            "protected_otherwise",
            "The keys of this profile are not protected in the way that this would change.".into(),
            "Look under Security what protects them now. Nothing was changed.",
        ),
        Error::Keyring(KeyringError::Missing) => (
            "keyring_item",
            "The system's keyring has no item that opens this profile's keys.".into(),
            "If another keyring was in use before, unlock that one and try again. If it is lost, the keys on this machine are lost with it: get the profile back with its recovery kit.",
        ),
        Error::Keyring(reason) => (
            "keyring",
            format!("The keys are locked: {reason}."),
            "Unlock or start the system's keyring, then try again.",
        ),
        Error::KeyFile(KeyFileError::Damaged | KeyFileError::Missing) => (
            "key_file_damaged",
            "The key file of this profile is damaged or missing.".into(),
            "Go back to the copy that was kept of it. If that does not open either, get the profile back with its recovery kit.",
        ),
        Error::KeyFile(KeyFileError::UnknownVersion { .. }) => (
            "key_file_newer",
            "The key file of this profile was written by a newer version of the app.".into(),
            "Update the app. Nothing was changed.",
        ),
        _ => (
            "key_file",
            "The key file of this profile cannot be read.".into(),
            "The previous copy, keys.age.previous, lies beside it in the app's data folder. Keep both before you change anything.",
        ),
    }
}

fn explain_machine(error: &Error) -> Words {
    match error {
        Error::BadAddress { which } => (
            "bad_address",
            format!("The {} is not acceptable.", address_of(*which)),
            "Give a full address that starts with https:// (wss:// for the WebSocket). Plain http:// and ws:// are allowed on this machine only.",
        ),
        Error::BadProxy(problem) => (
            "bad_proxy",
            format!("The proxy's address cannot be used: {problem}."),
            "Give an address such as http://proxy.example.com:3128. SOCKS proxies are not supported.",
        ),
        Error::BadProxyName => (
            "bad_proxy_name",
            "The user name for the proxy is empty or has a colon in it.".into(),
            "Give the user name without the password, and the password on its own.",
        ),
        Error::KeyWithoutCertificate => (
            "key_without_certificate",
            "There is a key for a client certificate, but no certificate.".into(),
            "Choose the certificate as well, or remove the key.",
        ),
        Error::Sandbox(_) => (
            "sandbox",
            "The local sandbox did not start.".into(),
            "Check that the app's data folder can be written to and that the disk is not full, then try again.",
        ),
        Error::Phones(_) => (
            "phones",
            "The simulated phones cannot be used: the sandbox could not read or write its data."
                .into(),
            "Check that the app's data folder can be written to and that the disk is not full, then try again.",
        ),
        Error::NoPhones => (
            "no_phones",
            "There are no simulated phones here.".into(),
            "They belong to the local sandbox. With a service, vote on the devices themselves.",
        ),
        Error::DataDir(error) => (
            "data_folder",
            format!("The app's data folder cannot be used: {error}."),
            "Check that it can be written to and that the disk is not full.",
        ),
        Error::SettingsDamaged => (
            "settings",
            "The app's settings file is damaged.".into(),
            "Move settings.json out of the app's data folder and start again. Keys and files are not in it.",
        ),
        Error::Rows(_) | Error::RecordDamaged => (
            "records",
            "The app's local records cannot be read.".into(),
            "Move records.sqlite out of the profile's folder; the list is fetched again from the service, receipts are lost.",
        ),
        _ => (
            "not_connected",
            "No service is chosen.".into(),
            "Choose the local sandbox or connect to Privicore.",
        ),
    }
}

fn explain_file(error: &Error) -> Words {
    match error {
        Error::SourceUnreadable { name, error } => (
            "source_unreadable",
            format!("“{name}” cannot be read: {error}."),
            "Check that it exists and that you may read it, then add it again. Nothing of it was stored.",
        ),
        Error::SourceChanged { name } => (
            "source_changed",
            format!("“{name}” changed while it was being read."),
            "Wait until the program that writes it has finished, then add it again. It was not stored.",
        ),
        Error::NotAFile { name } => (
            "not_a_file",
            format!("“{name}” is not a regular file."),
            "Only files and folders can be stored.",
        ),
        Error::TargetExists { name } => (
            "target_exists",
            format!("A file named “{name}” is already there."),
            "Choose another name or agree to replace it. It was not touched.",
        ),
        Error::TargetFolderMissing { name } => (
            "target_folder_missing",
            format!("The folder for “{name}” does not exist."),
            "Choose another folder.",
        ),
        Error::TargetReadOnly { name } => (
            "target_read_only",
            format!("“{name}” cannot be saved there: the folder may not be written to."),
            "Choose another folder. Nothing was changed.",
        ),
        Error::NoSpace { name } => (
            "no_space",
            format!("There is no space left to save “{name}”."),
            "Free some space or choose another disk. Nothing was left behind.",
        ),
        Error::Target { name, error } => (
            "target",
            format!("“{name}” could not be saved: {error}."),
            "Choose another folder. Nothing was left behind.",
        ),
        _ => explain_stored(error),
    }
}

fn explain_stored(error: &Error) -> Words {
    match error {
        Error::Swapped => (
            "swapped",
            "The service returned something else than what was stored: swapped or rolled back."
                .into(),
            "It was not saved. Try again; if it stays so, the stored file was replaced behind your back.",
        ),
        Error::Damaged => (
            "damaged",
            "The stored bytes are damaged and do not open.".into(),
            "It was not saved. Try again: another storage device may hold a sound copy.",
        ),
        Error::CutShort => (
            "cut_short",
            "The stored bytes end too early.".into(),
            "It was not saved. Try again.",
        ),
        Error::NotAsStored(mismatch) => explain_verification(*mismatch),
        Error::NothingToKeep => (
            "nothing_to_keep",
            "Nothing of what the service returned can be opened.".into(),
            "There is nothing to keep. Try again: another storage device may hold a sound copy.",
        ),
        Error::NoReceipt { name } => (
            "no_receipt",
            format!(
                "This machine has no receipt for “{name}”, so there is nothing to compare it with."
            ),
            "Verify it on the machine that stored it. It can be opened here all the same.",
        ),
        Error::WrongKey => (
            "wrong_key",
            "None of this machine's keys opens this file.".into(),
            "Open it on the machine that stored it, or with that profile's recovery key.",
        ),
        Error::NotSealed => (
            "not_sealed",
            "This file was not sealed in the form this app writes.".into(),
            "Open it with the program that stored it.",
        ),
        Error::NoUploadLink => (
            "no_upload_link",
            "The service reserved a place but named no address to send the file to.".into(),
            "It was not stored. Try again; if it stays so, tell whoever runs the service.",
        ),
        Error::UnknownFile => (
            "unknown_file",
            "There is no such file in the list.".into(),
            "Refresh the list and try again.",
        ),
        Error::Broken => (
            "broken",
            "A part of the app broke while it worked on this.".into(),
            "Try again. If it stays so, tell whoever makes the app.",
        ),
        _ => ("canceled", "Canceled.".into(), "Nothing was left behind."),
    }
}

fn explain_verification(mismatch: Mismatch) -> Words {
    match mismatch {
        Mismatch::Swapped => (
            "verify_swapped",
            "Read back, it opens, but it is not what was stored: swapped or rolled back.".into(),
            "Keep your original. Verify again; if it stays so, the stored file was replaced behind your back: store it anew.",
        ),
        Mismatch::Damaged => (
            "verify_damaged",
            "Read back, it is damaged and does not open.".into(),
            "Keep your original. Verify again: another storage device may hold a sound copy. If it stays so, store it anew.",
        ),
        Mismatch::CutShort => (
            "verify_cut_short",
            "Read back, it ends too early.".into(),
            "Keep your original. Verify again; if it stays so, store it anew.",
        ),
    }
}

fn address_of(which: Which) -> &'static str {
    match which {
        Which::Api => "API address",
        Which::WebSocket => "WebSocket address",
        Which::Upstream => "upstream address",
        Which::Downstream => "downstream address",
    }
}
