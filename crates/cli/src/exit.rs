//! Exit codes, as `privicore --help` lists them.

use std::fmt::Write as _;

use privicore_vault::{Code, Explanation};

pub(crate) const DONE: u8 = 0;
pub(crate) const FAILED: u8 = 1;
pub(crate) const USAGE: u8 = 2;
const NOT_SIGNED_IN: u8 = 3;
pub(crate) const UNREACHABLE: u8 = 4;
pub(crate) const NOT_CONFIRMED: u8 = 5;
const TARGET_EXISTS: u8 = 6;
pub(crate) const KEPT_MISMATCH: u8 = 7;
pub(crate) const NOT_AS_STORED: u8 = 8;
pub(crate) const OUTPUT_LOST: u8 = 9;
pub(crate) const INTERRUPTED: u8 = 130;
pub(crate) const CLOSED_PIPE: u8 = 141;

/// All of them, as `--help` lists them.
const CODES: [(u8, &str); 12] = [
    (DONE, "done"),
    (FAILED, "failed, or at least one file failed"),
    (USAGE, "usage error"),
    (
        NOT_SIGNED_IN,
        "not signed in, a password or passphrase is missing or wrong, or the keys of the profile are elsewhere",
    ),
    (UNREACHABLE, "the service cannot be reached"),
    (NOT_CONFIRMED, "sent, but not confirmed"),
    (TARGET_EXISTS, "the target exists and was not replaced"),
    (
        KEPT_MISMATCH,
        "the file is not what was stored, and was kept under another name",
    ),
    (
        NOT_AS_STORED,
        "something stored is missing at the service, or not as it was stored",
    ),
    (
        OUTPUT_LOST,
        "done, but the results could not be written to standard output",
    ),
    (
        INTERRUPTED,
        "interrupted by Ctrl-C (129, 131, 143: by the signals HUP, QUIT, TERM)",
    ),
    (CLOSED_PIPE, "done, but standard output was closed"),
];

/// The list of exit codes in `--help`.
pub(crate) fn help() -> String {
    let mut text = String::from("Exit codes:");
    for (code, meaning) in CODES {
        // Writing to a text does not fail.
        let _ = write!(text, "\n  {code:<3}  {meaning}");
    }
    text
}

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line is not understood.
    Usage(clap::Error),
    /// What a person reads.
    Explained(Explanation),
    /// A secret is required, and there is no terminal to ask for it.
    NothingGiven(Secret),
    /// A terminal or a file of this command cannot be read or written.
    Io(std::io::Error),
}

/// A secret that a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    Password,
    Passphrase,
    FirstPassphrase,
    NewPassphrase,
    SharedKey,
}

impl Secret {
    /// The environment variable it can be given in.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Password => "PRIVICORE_PASSWORD",
            Self::Passphrase | Self::FirstPassphrase => "PRIVICORE_PASSPHRASE",
            Self::NewPassphrase => "PRIVICORE_NEW_PASSPHRASE",
            Self::SharedKey => "PRIVICORE_SHARED_KEY",
        }
    }

    fn explanation(self) -> Explanation {
        let variable = self.variable();
        let (code, message, hint) = match self {
            Self::Password => (
                Code::NoPassword,
                "No password was given.",
                format!(
                    "Type it on a terminal, pipe it in with --password-stdin, or set {variable}."
                ),
            ),
            Self::Passphrase => (
                Code::PassphraseNeeded,
                "No passphrase was given for the keys on this machine.",
                format!("Type it on a terminal, or set {variable}."),
            ),
            Self::FirstPassphrase => (
                Code::NewPassphraseNeeded,
                "No passphrase was given for the new keys on this machine.",
                format!("Type it on a terminal, or set {variable}. Nothing was made."),
            ),
            Self::NewPassphrase => (
                Code::NewPassphraseNeeded,
                "No new passphrase was given for the keys on this machine.",
                format!("Type it on a terminal, or set {variable}. Nothing was changed."),
            ),
            Self::SharedKey => (
                Code::BadSharedKey,
                "No shared key was given.",
                format!("Type it on a terminal, pipe it in with --stdin, or set {variable}."),
            ),
        };
        Explanation::new(code, message, hint)
    }
}

impl Failure {
    pub(crate) fn explanation(&self) -> Explanation {
        match self {
            Self::Explained(explanation) => explanation.clone(),
            Self::Usage(error) => usage(&error.to_string()),
            Self::NothingGiven(secret) => secret.explanation(),
            Self::Io(error) => Explanation::new(
                Code::Io,
                format!("Input or output failed: {error}."),
                "Check the terminal, the pipe or the file.",
            ),
        }
    }

    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::NothingGiven(_) => NOT_SIGNED_IN,
            Self::Io(_) => FAILED,
            Self::Explained(explanation) => code_of(explanation),
        }
    }
}

/// A usage error as JSON.
pub(crate) fn usage(rendered: &str) -> Explanation {
    let message = rendered.split("\n\nUsage:").next().unwrap_or(rendered);
    let message = message.strip_prefix("error: ").unwrap_or(message).trim();
    Explanation::new(Code::Usage, message.to_owned(), "See `privicore --help`.")
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
        | Code::KeyringItem
        | Code::NoPassword => NOT_SIGNED_IN,
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
        Code::Missing
        | Code::ListShrunk
        | Code::RenamedElsewhere
        | Code::Swapped
        | Code::Damaged
        | Code::CutShort
        | Code::NothingToKeep
        | Code::VerifySwapped
        | Code::VerifyDamaged
        | Code::VerifyCutShort => NOT_AS_STORED,
        Code::Canceled => INTERRUPTED,
        Code::OutputLost => OUTPUT_LOST,
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
        | Code::KeysNotDamaged
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
        | Code::RecordsFull
        | Code::RecordsBusy
        | Code::RecordsIo
        | Code::RecordsReadOnly
        | Code::RecordsNoAccess
        | Code::RecordsCorrupt
        | Code::RecordsNotDatabase
        | Code::RecordsMemory
        | Code::RecordDamaged
        | Code::RecordKnown
        | Code::NotMissing
        | Code::NotRenamed
        | Code::RenamedAgain
        | Code::RenamePending
        | Code::NameNotOurs
        | Code::PathTaken
        | Code::IntoItself
        | Code::BadName
        | Code::NoFolder
        | Code::TokenKnown
        | Code::ResealWithoutReceipt
        | Code::KeyNotTold
        | Code::SessionDamaged
        | Code::ChoicesMissing
        | Code::RecordsMissing
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
        | Code::Numbered
        | Code::SavedNotSynced
        | Code::SavedElsewhere
        | Code::NotAFile
        | Code::TargetFolderMissing
        | Code::TargetReadOnly
        | Code::NoSpace
        | Code::Target
        | Code::NoReceipt
        | Code::WrongKey
        | Code::NotSealed
        | Code::NoUploadLink
        | Code::UnknownFile
        | Code::FolderGone
        | Code::UnknownTransfer
        | Code::TransfersKept
        | Code::NoDataFolder
        | Code::DataFolderOpen
        | Code::SettingsInUse
        | Code::KeysNotSynced
        | Code::Broken
        | Code::OnlyQuorumSet
        | Code::ProgramNotOpened
        | Code::NoApplication
        | Code::OpeningForbidden
        | Code::NoRoomForCopy
        | Code::TooManyDragged
        | Code::NotDragged
        | Code::CopyFolder
        | Code::ChangedElsewhere
        | Code::ChangeNotKept
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
        | Code::KeysSetAside
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
        | Code::TooLongToShow
        | Code::NotAsked
        | Code::Declined
        | Code::Unknown => FAILED,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_lists_each_exit_code_once_and_in_order() {
        assert!(CODES.is_sorted_by(|(one, _), (next, _)| one < next));
        let help = help();
        for code in [
            DONE,
            FAILED,
            USAGE,
            NOT_SIGNED_IN,
            UNREACHABLE,
            NOT_CONFIRMED,
            TARGET_EXISTS,
            KEPT_MISMATCH,
            NOT_AS_STORED,
            OUTPUT_LOST,
            INTERRUPTED,
            CLOSED_PIPE,
        ] {
            assert!(help.contains(&format!("\n  {code:<3}  ")), "{code}");
        }
    }

    #[test]
    fn a_password_that_was_not_given_is_not_a_wrong_one() {
        let none = Failure::NothingGiven(Secret::Password);
        assert_eq!(none.explanation().code, Code::NoPassword);
        assert_eq!(none.code(), NOT_SIGNED_IN);
    }
}
