//! The codes of what can go wrong: to branch on, to look up, to print.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which problem it is. Its text (`wrong_password`) is stable: scripts read it, records keep it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the texts of the explanations say what each is"
)]
pub enum Code {
    // Who is signed in.
    WrongPassword,
    NameTaken,
    ProfileNotReady,
    SignedOut,
    Locked,
    SignedIn,
    SessionEnded,
    Keys,
    // What protects the keys on this machine.
    PassphraseNeeded,
    WrongPassphrase,
    NewPassphraseNeeded,
    EmptyPassphrase,
    WeakPassphrase,
    EmptyPassword,
    KeysElsewhere,
    KeysMissing,
    KeysNotSeen,
    ProtectedOtherwise,
    KeysNotDamaged,
    KeyringItem,
    Keyring,
    KeyFileDamaged,
    KeyFileNewer,
    KeyFile,
    // This machine: addresses, settings, records.
    NotConnected,
    BadAddress,
    BadProxy,
    BadProxyName,
    KeyWithoutCertificate,
    Sandbox,
    Phones,
    NoPhones,
    DataFolder,
    NoDataFolder,
    DataFolderOpen,
    KeysNotSynced,
    Settings,
    SettingsInUse,
    Records,
    RecordsFull,
    RecordsBusy,
    RecordsIo,
    RecordsReadOnly,
    RecordsNoAccess,
    RecordsCorrupt,
    RecordsNotDatabase,
    RecordsMemory,
    RecordDamaged,
    RecordKnown,
    // Files on this machine.
    SourceUnreadable,
    SourceChanged,
    SourceInUse,
    SourceLengthUntrue,
    NameNotCarried,
    PathTooLong,
    NotAFile,
    TargetExists,
    TargetIsFolder,
    TargetNotAFile,
    TargetName,
    TargetInUse,
    TargetFolderMissing,
    TargetReadOnly,
    NoSpace,
    Target,
    EmptyFolder,
    Skipped,
    Numbered,
    SavedNotSynced,
    SavedElsewhere,
    // What is stored.
    Swapped,
    Damaged,
    CutShort,
    NothingToKeep,
    NoReceipt,
    Missing,
    ListShrunk,
    NotMissing,
    NotRenamed,
    RenamedAgain,
    RenamePending,
    NameNotOurs,
    PathTaken,
    IntoItself,
    BadName,
    NoFolder,
    TokenKnown,
    WrongKey,
    NotSealed,
    NoUploadLink,
    UnknownFile,
    FolderGone,
    UnknownTransfer,
    Broken,
    Canceled,
    VerifySwapped,
    VerifyDamaged,
    VerifyCutShort,
    OnlyQuorumSet,
    // Copies for other applications.
    ProgramNotOpened,
    NoApplication,
    OpeningForbidden,
    NoRoomForCopy,
    TooManyDragged,
    NotDragged,
    CopyFolder,
    ChangedElsewhere,
    ChangeNotKept,
    // Shared keys and recipients.
    SharedKeyName,
    SharedKeyKnown,
    UnknownSharedKey,
    BadSharedKey,
    SharedKeyMissing,
    WrongSharedKey,
    TooLongForSharedKey,
    PrivateKey,
    BadRecipient,
    RecipientKnown,
    UnknownRecipient,
    TooManyRecipients,
    TooLargeToReseal,
    ResealWithoutReceipt,
    StaysShared,
    // The recovery kit.
    Kit,
    NoKit,
    KitPicture,
    KitNotConfirmed,
    KitOfAnother,
    KeysAreHere,
    /// Keys gave way to others and are kept under another name.
    KeysSetAside,
    RecoveryKey,
    // Keys of the service, the account.
    KeyChanged,
    PinMoved,
    KeyNotTold,
    NotThePassword,
    #[serde(rename = "code_too_long")]
    #[strum(serialize = "code_too_long")]
    PairingCodeTooLong,
    SecretToldAlready,
    // Operations that are called by name.
    UnknownOperation,
    UnknownField,
    FieldMissing,
    BadField,
    // The service and the way to it.
    Offline,
    UnknownHost,
    TimedOut,
    Interrupted,
    Tls,
    ClientCertificate,
    ProxyOffline,
    ProxyCredentials,
    ProxyRefused,
    ProxyUnsupported,
    NetworkFile,
    NoTrust,
    Unauthorized,
    NotFound,
    Conflict,
    Invalid,
    Refused,
    Rejected,
    VoteRejected,
    VoteNoQuorum,
    VoteTimedOut,
    NotDelivered,
    NotConfirmed,
    LinkSpent,
    Insecure,
    EndlessList,
    TooMuch,
    NoStorageAnswered,
    NoStorageDevice,
    Source,
    UnexpectedAnswer,
    // What a person is told without having asked.
    RecordsDamaged,
    TicketDamaged,
    SessionDamaged,
    ChoicesMissing,
    RecordsMissing,
    RenamedElsewhere,
    OtherMachine,
    // The command line and the window.
    Usage,
    NoPassword,
    OutputLost,
    TransfersKept,
    Io,
    KeptMismatch,
    Clipboard,
    SecretPutAway,
    TooLongToShow,
    NotAsked,
    Declined,

    /// A code that another version of the app wrote down.
    #[serde(other)]
    Unknown,
}

impl Code {
    /// The text by which scripts know it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether a vote, or the want of one, stopped it.
    pub fn is_end_of_vote(self) -> bool {
        matches!(
            self,
            Self::VoteRejected | Self::VoteNoQuorum | Self::VoteTimedOut
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn a_code_is_printed_as_it_is_recorded() {
        for code in Code::iter() {
            let recorded = serde_json::to_value(code).unwrap();
            assert_eq!(recorded, code.as_str());
            assert_eq!(serde_json::from_value::<Code>(recorded).unwrap(), code);
        }
    }

    #[test]
    fn a_code_of_another_version_is_read_as_unknown() {
        let read: Code = serde_json::from_str("\"from_the_future\"").unwrap();
        assert_eq!(read, Code::Unknown);
    }
}
