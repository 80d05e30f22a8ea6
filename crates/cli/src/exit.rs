//! Exit codes, as `privicore --help` lists them.

use std::process::ExitCode;

use privicore_vault::{Code, Explanation};

pub(crate) const FAILED: u8 = 1;
const USAGE: u8 = 2;
const NOT_SIGNED_IN: u8 = 3;
const UNREACHABLE: u8 = 4;
const NOT_CONFIRMED: u8 = 5;
const TARGET_EXISTS: u8 = 6;
pub(crate) const KEPT_MISMATCH: u8 = 7;
pub(crate) const INTERRUPTED: u8 = 130;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is not understood.
    Usage(clap::Error),
    /// What a person reads.
    Explained(Explanation),
    /// A terminal or a file of this command cannot be read or written.
    Io(std::io::Error),
}

impl Failure {
    pub(crate) fn explanation(&self) -> Explanation {
        match self {
            Self::Explained(explanation) => explanation.clone(),
            Self::Usage(error) => Explanation {
                code: Code::Usage,
                message: error.to_string().trim().to_owned(),
                hint: "See `privicore --help`.".into(),
            },
            Self::Io(error) => Explanation {
                code: Code::Io,
                message: format!("Input or output failed: {error}."),
                hint: "Check the terminal, the pipe or the file.".into(),
            },
        }
    }

    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Io(_) => FAILED,
            Self::Explained(explanation) => code_of(explanation),
        }
    }
}

/// The exit code for an explained error.
#[expect(
    clippy::too_many_lines,
    reason = "one table, so that the compiler finds a code that is not in it"
)]
pub(crate) fn code_of(explanation: &Explanation) -> u8 {
    match explanation.code {
        Code::SignedOut
        | Code::Locked
        | Code::WrongPassword
        | Code::WrongPassphrase
        | Code::PassphraseNeeded
        | Code::NewPassphraseNeeded
        | Code::KeysElsewhere
        | Code::KeysMissing
        | Code::SessionEnded
        | Code::Unauthorized
        | Code::NotConnected
        | Code::Keyring
        | Code::KeyringItem => NOT_SIGNED_IN,
        Code::Offline
        | Code::UnknownHost
        | Code::Tls
        | Code::TimedOut
        | Code::NoStorageAnswered
        | Code::Interrupted
        | Code::ClientCertificate
        | Code::ProxyOffline
        | Code::ProxyCredentials
        | Code::ProxyRefused
        | Code::ProxyUnsupported => UNREACHABLE,
        Code::NotConfirmed => NOT_CONFIRMED,
        Code::TargetExists => TARGET_EXISTS,
        Code::KeptMismatch => KEPT_MISMATCH,
        Code::Canceled => INTERRUPTED,
        Code::Usage => USAGE,
        Code::NameTaken
        | Code::ProfileNotReady
        | Code::SignedIn
        | Code::Keys
        | Code::EmptyPassphrase
        | Code::WeakPassphrase
        | Code::EmptyPassword
        | Code::KeysNotSeen
        | Code::ProtectedOtherwise
        | Code::KeyFileDamaged
        | Code::KeyFileNewer
        | Code::KeyFile
        | Code::BadAddress
        | Code::BadProxy
        | Code::BadProxyName
        | Code::KeyWithoutCertificate
        | Code::Sandbox
        | Code::Phones
        | Code::NoPhones
        | Code::DataFolder
        | Code::Settings
        | Code::Records
        | Code::SourceUnreadable
        | Code::SourceChanged
        | Code::SourceInUse
        | Code::SourceLengthUntrue
        | Code::NameNotCarried
        | Code::PathTooLong
        | Code::TargetIsFolder
        | Code::TargetNotAFile
        | Code::TargetName
        | Code::TargetInUse
        | Code::EmptyFolder
        | Code::Skipped
        | Code::SavedNotSynced
        | Code::NotAFile
        | Code::TargetFolderMissing
        | Code::TargetReadOnly
        | Code::NoSpace
        | Code::Target
        | Code::Swapped
        | Code::Damaged
        | Code::CutShort
        | Code::NothingToKeep
        | Code::NoReceipt
        | Code::WrongKey
        | Code::NotSealed
        | Code::NoUploadLink
        | Code::UnknownFile
        | Code::Broken
        | Code::VerifySwapped
        | Code::VerifyDamaged
        | Code::VerifyCutShort
        | Code::OnlyQuorumSet
        | Code::SharedKeyName
        | Code::SharedKeyKnown
        | Code::UnknownSharedKey
        | Code::BadSharedKey
        | Code::SharedKeyMissing
        | Code::WrongSharedKey
        | Code::TooLongForSharedKey
        | Code::PrivateKey
        | Code::BadRecipient
        | Code::RecipientKnown
        | Code::UnknownRecipient
        | Code::TooManyRecipients
        | Code::TooLargeToReseal
        | Code::StaysShared
        | Code::Kit
        | Code::NoKit
        | Code::KitPicture
        | Code::KitNotConfirmed
        | Code::KitOfAnother
        | Code::KeysAreHere
        | Code::RecoveryKey
        | Code::KeyChanged
        | Code::PinMoved
        | Code::NotThePassword
        | Code::PairingCodeTooLong
        | Code::SecretToldAlready
        | Code::UnknownOperation
        | Code::UnknownField
        | Code::FieldMissing
        | Code::BadField
        | Code::NetworkFile
        | Code::NoTrust
        | Code::NotFound
        | Code::Conflict
        | Code::Invalid
        | Code::Refused
        | Code::Rejected
        | Code::VoteRejected
        | Code::VoteNoQuorum
        | Code::VoteTimedOut
        | Code::NotDelivered
        | Code::LinkSpent
        | Code::Insecure
        | Code::EndlessList
        | Code::TooMuch
        | Code::NoStorageDevice
        | Code::Source
        | Code::UnexpectedAnswer
        | Code::RecordsDamaged
        | Code::TicketDamaged
        | Code::OtherMachine
        | Code::Io
        | Code::Clipboard
        | Code::SecretPutAway
        | Code::Unknown => FAILED,
    }
}

pub(crate) fn success() -> ExitCode {
    ExitCode::SUCCESS
}

impl From<privicore_vault::Error> for Failure {
    fn from(error: privicore_vault::Error) -> Self {
        Self::Explained(error.explain())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}
