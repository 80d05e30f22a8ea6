//! The pair that a person reads about each [`Error`]: what happened, what to do.
//!
//! All matches are exhaustive: an error without words of its own does not compile.

use privicore_client::Which;
use privicore_envelope::{KeyError, KeyFileError};

use crate::api::operations::explain_call;
use crate::error::code::Code;
use crate::error::counted::counted;
use crate::error::key_words::{bad_recipient, shared_key_name};
use crate::error::service_words::explain_service;
use crate::error::words::Words;
use crate::error::{Error, Explanation};
use crate::keys::recovery::explain_kit;
use crate::receipts::verdict::Mismatch;
use crate::service::pinned_key::PinnedKey;
use crate::session::first_key::FirstKey;
use crate::session::strength::{MIN_PASSPHRASE_CHARS, Strength};
use crate::store::keyring::KeyringError;
use crate::store::rows::{RecordsProblem, explain_records};

impl Error {
    /// The pair a person reads, with its code.
    pub fn explain(&self) -> Explanation {
        let (code, message, hint) = self.words();
        Explanation {
            code,
            message,
            hint: hint.to_owned(),
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one table, so that the compiler finds an error without words"
    )]
    fn words(&self) -> Words {
        match self {
            Self::WrongPassword => (
                Code::WrongPassword,
                "The user name or the password is wrong.".into(),
                "Check both and try again. Nothing was changed.",
            ),
            Self::NameTaken => (
                Code::NameTaken,
                "This user name is taken.".into(),
                "Choose another name, or sign in if the profile is yours.",
            ),
            Self::ProfileNotReady { first_key } => (
                Code::ProfileNotReady,
                match first_key {
                    FirstKey::Registered => "The profile was requested and its public key registered, but the service does not sign it in yet.".into(),
                    FirstKey::Refused => "The profile was requested, but the service does not sign it in yet, and takes no public key before.".into(),
                },
                "Wait a minute, then sign in with the same name and password.",
            ),
            Self::SignedOut => (
                Code::SignedOut,
                "Nobody is signed in.".into(),
                "Sign in and try again.",
            ),
            Self::Locked => (
                Code::Locked,
                "The app is locked.".into(),
                "Unlock it and try again.",
            ),
            Self::SignedInAlready => (
                Code::SignedIn,
                "A profile is signed in already.".into(),
                "Sign out first.",
            ),
            Self::SessionEnded => (
                Code::SessionEnded,
                "The service has ended this session and did not renew it.".into(),
                "Sign in again. What was stored is still stored.",
            ),
            Self::Keys(problem) => broken_key(*problem),
            Self::PassphraseNeeded => (
                Code::PassphraseNeeded,
                "This machine has no usable keyring, so the keys need a passphrase.".into(),
                "Enter a passphrase. It is asked for at each start and cannot be reset.",
            ),
            Self::WrongPassphrase => (
                Code::WrongPassphrase,
                "The passphrase does not open the keys.".into(),
                "Check it and try again. Nothing was changed.",
            ),
            Self::EmptyPassphrase => (
                Code::EmptyPassphrase,
                "The new passphrase is empty.".into(),
                "Choose one that others cannot guess. Nothing was changed.",
            ),
            Self::NewPassphraseNeeded => (
                Code::NewPassphraseNeeded,
                "This computer has no usable keyring, so new keys need a passphrase.".into(),
                "Choose a passphrase. It is asked for at each start and cannot be reset.",
            ),
            Self::WeakPassphrase { strength } => weak_passphrase(*strength),
            Self::EmptyPassword => (
                Code::EmptyPassword,
                "The new password is empty.".into(),
                "Choose one that others cannot guess. Nothing was changed.",
            ),
            Self::KeysElsewhere => (
                Code::KeysElsewhere,
                "This profile already has keys, and they are not on this computer.".into(),
                "Restore them from the recovery kit. Or start with new keys: files stored so far then stay encrypted on this computer, and the key of the other computer is no longer the registered one. Nothing was made or changed.",
            ),
            Self::KeysMissing => (
                Code::KeysMissing,
                "The keys of this profile were on this computer and are not in the app's data folder any more.".into(),
                "Connect the drive they are on or bring the folder back, and sign in again. Or restore them from the recovery kit, or start with new keys: files stored so far then stay encrypted. Nothing was made or changed.",
            ),
            Self::KeysNotSeen(error) => (
                Code::KeysNotSeen,
                format!("The app cannot check whether the keys of this profile are in its data folder: {error}."),
                "Make the folder readable, or connect the drive it is on, and sign in again. Nothing was made or changed.",
            ),
            Self::ProtectedOtherwise => (
                Code::ProtectedOtherwise,
                "The keys of this profile are not protected in the way that this would change.".into(),
                "Look under Security what protects them now. Nothing was changed.",
            ),
            Self::KeysNotDamaged => (
                Code::KeysNotDamaged,
                "The key file is not damaged.".into(),
                "Unlock without the copy: the key file may have keys that its copy does not have. Nothing was changed.",
            ),
            Self::Keyring(problem) => keyring(*problem),
            Self::KeyFile(problem) => key_file(problem),
            Self::BadAddress { which } => (
                Code::BadAddress,
                format!("The {} is not acceptable.", address_of(*which)),
                "Give a full address that starts with https:// (wss:// for the WebSocket). Plain http:// and ws:// are allowed on this machine only.",
            ),
            Self::BadProxy(problem) => (
                Code::BadProxy,
                format!("The proxy's address cannot be used: {problem}."),
                "Give an address such as http://proxy.example.com:3128. SOCKS proxies are not supported.",
            ),
            Self::BadProxyName => (
                Code::BadProxyName,
                "The user name for the proxy is empty or has a colon in it.".into(),
                "Give the user name without the password, and the password on its own.",
            ),
            Self::KeyWithoutCertificate => (
                Code::KeyWithoutCertificate,
                "There is a key for a client certificate, but no certificate.".into(),
                "Choose the certificate as well, or remove the key.",
            ),
            Self::Sandbox(_) => (
                Code::Sandbox,
                "The local sandbox did not start.".into(),
                "Check that the app's data folder can be written to and that the disk is not full, then try again.",
            ),
            Self::Phones(_) => (
                Code::Phones,
                "The simulated phones cannot be used: the sandbox could not read or write its data."
                    .into(),
                "Check that the app's data folder can be written to and that the disk is not full, then try again.",
            ),
            Self::NoPhones => (
                Code::NoPhones,
                "There are no simulated phones here.".into(),
                "They belong to the local sandbox. With a service, vote on the devices themselves.",
            ),
            Self::DataDir(error) => (
                Code::DataFolder,
                format!("The app's data folder cannot be used: {error}."),
                "Check that it can be written to and that the disk is not full.",
            ),
            Self::NoDataDir => (
                Code::NoDataFolder,
                "The folder for the app's data is not known: HOME is not set, or is not a complete path.".into(),
                "Set HOME to your home folder, or name a folder with --data-dir. Nothing was written.",
            ),
            Self::DataDirOpen => (
                Code::DataFolderOpen,
                "Everybody on this machine may write to the app's data folder and replace the keys in it.".into(),
                "Take that right away (`chmod go-w`), or choose another folder. Nothing was written.",
            ),
            Self::UnknownTransfer => (
                Code::UnknownTransfer,
                "No transfer that was left undone has this id.".into(),
                "Look for it in the list of `privicore transfers`.",
            ),
            Self::SettingsInUse => (
                Code::SettingsInUse,
                "Another Privicore program has held the settings for 10 seconds.".into(),
                "End it, or wait until it is done, then try again. Nothing was changed.",
            ),
            Self::SettingsDamaged => (
                Code::Settings,
                "The app's settings file is damaged.".into(),
                "Move settings.json out of the app's data folder, keep it, and start again: choose the service and sign in as before. Keys and files are not in it.",
            ),
            Self::Rows(error) => explain_records(RecordsProblem::of(error)),
            Self::RecordDamaged => (
                Code::RecordDamaged,
                "A record that this needs is damaged. It was set aside in records.sqlite.".into(),
                "Try again from the beginning. Everything else goes on.",
            ),
            Self::RecordKnown => (
                Code::RecordKnown,
                "There is a record of this already. It was not replaced.".into(),
                "Refresh the list and look whether it is what you expect.",
            ),
            Self::NotConnected => (
                Code::NotConnected,
                "No service is chosen.".into(),
                "Choose the local sandbox or connect to Privicore.",
            ),
            Self::SourceUnreadable { name, error } => (
                Code::SourceUnreadable,
                format!("“{name}” cannot be read: {error}."),
                "Check that it exists and that you may read it, then add it again. Nothing of it was stored.",
            ),
            Self::SourceChanged { name } => (
                Code::SourceChanged,
                format!("“{name}” changed while it was being read."),
                "Wait until the program that writes it has finished, then add it again. It was not stored.",
            ),
            Self::SourceInUse { name } => (
                Code::SourceInUse,
                format!("“{name}” is in use by another program."),
                "Close it there, then add it again. Nothing of it was stored.",
            ),
            Self::SourceLengthUntrue { name, bytes } => (
                Code::SourceLengthUntrue,
                format!("“{name}” does not have the length the system says ({bytes} B)."),
                "Copy it to an ordinary file and add that. Nothing of it was stored.",
            ),
            Self::NameNotCarried { name } => (
                Code::NameNotCarried,
                format!("The name of “{name}” is not valid UTF-8, and the desktop did not pass it on."),
                "Drop the folder it is in, or store it with the command line.",
            ),
            Self::PathTooLong { name, too_many } => (
                Code::PathTooLong,
                format!(
                    "The path of “{name}” is too long: its folders and its name are about {} over the limit.",
                    counted(*too_many, "byte", "bytes")
                ),
                "Add a folder further down, or shorten the names. Nothing of it was sent.",
            ),
            Self::NotAFile { name } => (
                Code::NotAFile,
                format!("“{name}” is not a regular file."),
                "Only files and folders can be stored.",
            ),
            Self::TargetExists { name } => (
                Code::TargetExists,
                format!("A file named “{name}” is already there."),
                "Choose another name or agree to replace it. It was not touched.",
            ),
            Self::TargetNotAsAgreed { name } => (
                Code::TargetExists,
                format!("“{name}” is not the file that you agreed to replace: it was changed, or another one is there now."),
                "Look at it. Then choose another name, or agree to replace it. It was not touched.",
            ),
            Self::TargetIsFolder { name } => (
                Code::TargetIsFolder,
                format!("“{name}” is a folder."),
                "Give the name of a file in it. It was not touched.",
            ),
            Self::TargetNotAFile { name } => (
                Code::TargetNotAFile,
                format!("“{name}” is not a regular file, so it is not replaced."),
                "Choose another name. It was not touched.",
            ),
            Self::TargetName { name } => (
                Code::TargetName,
                format!("“{name}” cannot be the name of a file on this system."),
                "Choose another name. Nothing was changed.",
            ),
            Self::TargetInUse { name } => (
                Code::TargetInUse,
                format!("“{name}” cannot be replaced: another program has it open."),
                "Close it there and try again, or choose another name. It was not touched.",
            ),
            Self::TargetFolderMissing { name } => (
                Code::TargetFolderMissing,
                format!("The folder for “{name}” does not exist."),
                "Choose another folder.",
            ),
            Self::TargetReadOnly { name } => (
                Code::TargetReadOnly,
                format!("“{name}” cannot be saved there: the folder, or the file in its place, may not be changed."),
                "Choose another folder. Nothing was changed.",
            ),
            Self::NoSpace { name } => (
                Code::NoSpace,
                format!("There is no space left to save “{name}”."),
                "Free some space or choose another disk. What was there is as it was.",
            ),
            Self::Target { name, error } => (
                Code::Target,
                format!("“{name}” could not be saved: {error}."),
                "Choose another folder. What was there is as it was.",
            ),
            Self::Swapped => (
                Code::Swapped,
                "The service returned something else than what was stored: swapped or rolled back."
                    .into(),
                "It was not saved. Try again; if it stays so, the stored file was replaced behind your back.",
            ),
            Self::Damaged => (
                Code::Damaged,
                "The stored bytes are damaged and do not open.".into(),
                "It was not saved. Try again: another storage device may hold a sound copy.",
            ),
            Self::CutShort => (
                Code::CutShort,
                "The stored bytes end too early.".into(),
                "It was not saved. Try again.",
            ),
            Self::NotAsStored(mismatch) => explain_verification(*mismatch),
            Self::NothingToKeep => (
                Code::NothingToKeep,
                "Nothing of what the service returned can be opened.".into(),
                "There is nothing to keep. Try again: another storage device may hold a sound copy.",
            ),
            Self::NoReceipt { name } => (
                Code::NoReceipt,
                format!(
                    "This machine has no receipt for “{name}”, so there is nothing to compare it with."
                ),
                "Verify it on the machine that stored it. It can be opened here all the same.",
            ),
            Self::MissingAtService { name } => (
                Code::Missing,
                format!("“{name}” is missing at the service: its token is not known there."),
                "Keep your original. Refresh the list and try again; if it stays so, ask the service's operator.",
            ),
            Self::ListShrunk { expected, listed } => (
                Code::ListShrunk,
                format!(
                    "The service lists only {listed} of the {} it had before.",
                    counted(*expected, "file", "files")
                ),
                "Nothing was changed. Look again in a moment. Accept the shorter list only if that is right.",
            ),
            Self::NotMissing { name } => (
                Code::NotMissing,
                format!("“{name}” is not missing at the service."),
                "Only what is missing can be forgotten. To delete a file at the service, use Delete.",
            ),
            Self::NotRenamed { name } => (
                Code::NotRenamed,
                format!("“{name}” has the same name at the service."),
                "There is nothing to take over.",
            ),
            Self::RenamedAgain { name } => (
                Code::RenamedAgain,
                format!("“{name}” has another name at the service by now, or is not listed any more."),
                "Nothing was taken over. Look at the name that the service lists now, and decide again.",
            ),
            Self::TokenKnown => (
                Code::TokenKnown,
                "The service answered with a token that is already known.".into(),
                "Nothing was overwritten, and it does not count as stored. The list may show the bytes without a receipt. If it happens again, store nothing with this service and tell its operator.",
            ),
            Self::WrongKey => (
                Code::WrongKey,
                "None of this machine's keys opens this file.".into(),
                "Open it on the machine that stored it, or with that profile's recovery key.",
            ),
            Self::NotSealed => (
                Code::NotSealed,
                "This file was not sealed in the form this app writes.".into(),
                "Open it with the program that stored it.",
            ),
            Self::NoUploadLink => (
                Code::NoUploadLink,
                "The service reserved a place but named no address to send the file to.".into(),
                "It was not stored. Try again; if it stays so, tell the service's operator.",
            ),
            Self::UnknownFile => (
                Code::UnknownFile,
                "There is no such file in the list.".into(),
                "Refresh the list and try again.",
            ),
            Self::Broken => (
                Code::Broken,
                "A part of the app broke while it worked on this.".into(),
                "Try again. If it stays so, tell whoever makes the app.",
            ),
            Self::Canceled => (Code::Canceled, "Canceled.".into(), "Nothing was left behind."),
            Self::SharedKeyName(problem) => shared_key_name(*problem),
            Self::SharedKeyKnown { name } => (
                Code::SharedKeyKnown,
                format!("This key is there already, as “{name}”."),
                "Use it under that name, or rename it.",
            ),
            Self::BadSharedKey => (
                Code::BadSharedKey,
                "This is not a shared key.".into(),
                "A shared key has 32 bytes: 64 hexadecimal digits, or 44 characters of base64.",
            ),
            Self::SharedKeyMissing { fingerprint } => (
                Code::SharedKeyMissing,
                format!("The shared key {fingerprint} is not on this machine."),
                "Import it under Security, then try again. Nothing was changed.",
            ),
            Self::WrongSharedKey => (
                Code::WrongSharedKey,
                "The shared key does not open this file, or the file is damaged: its form does not tell which.".into(),
                "Choose the shared key that it was stored with. Nothing was saved.",
            ),
            Self::TooLongForSharedKey { name } => (
                Code::TooLongForSharedKey,
                format!("“{name}” is too long for the shared-key form, which takes 64 GiB at the most."),
                "Store it as an age file. Nothing of it was stored.",
            ),
            Self::BadRecipient(problem) => bad_recipient(problem),
            Self::RecipientKnown => (
                Code::RecipientKnown,
                "This recipient is there already.".into(),
                "Files are sealed to them once. Nothing was changed.",
            ),
            Self::UnknownRecipient => (
                Code::UnknownRecipient,
                "There is no such recipient.".into(),
                "Look at the list for the key or the label. One of a context has to be removed there.",
            ),
            Self::TooLargeToReseal { name } => (
                Code::TooLargeToReseal,
                format!("“{name}” is too large to be replaced in place: the service takes about 50 KB this way."),
                "Save it, store it again and delete the old one. It is as it was, and the old keys still open it.",
            ),
            Self::ResealWithoutReceipt { name } => (
                Code::ResealWithoutReceipt,
                format!("This machine has no receipt for “{name}”: whether the service still has the original bytes cannot be checked."),
                "Open it and look whether it is right. Then encrypt it again with --without-receipt, or confirm it in the window. It is as it was.",
            ),
            Self::StaysShared { name } => (
                Code::StaysShared,
                format!("“{name}” is sealed with a shared key, which a new application key does not replace."),
                "To change its form, save it and store it again. It is as it was.",
            ),
            Self::TooManyRecipients => (
                Code::TooManyRecipients,
                "A file can be sealed to 40 recipients beside you.".into(),
                "Remove one that is not needed any more.",
            ),
            Self::Kit(problem) => explain_kit(*problem),
            Self::NoKit => (
                Code::NoKit,
                "No recovery kit was chosen.".into(),
                "Choose its file, or type its keys.",
            ),
            Self::NoKitInPicture => (
                Code::KitPicture,
                "No code can be read from this picture.".into(),
                "Take it again: flat, sharp, the whole code, in good light. Or type the two keys.",
            ),
            Self::KitNotConfirmed => (
                Code::KitNotConfirmed,
                "These are not the last characters of the recovery key in the newest kit.".into(),
                "Look at the kit you saved last, and type them again.",
            ),
            Self::KitOfAnother { user_name } => (
                Code::KitOfAnother,
                format!("This kit belongs to the profile “{user_name}”."),
                "Sign in with that name, or use the kit of your profile.",
            ),
            Self::KitNotSeenToFit => (
                Code::KitOfAnother,
                "Neither the profile's public key nor a name of a stored file shows that this kit belongs to the profile.".into(),
                "Use the newest whole kit of the profile. The keys on this machine were not touched.",
            ),
            Self::MadeAndNotSignedIn { user_name } => (
                Code::SignedIn,
                format!("The profile “{user_name}” was made, and its keys are on this machine. Another profile was signed in meanwhile, so that this one has to be signed in to later."),
                "Sign out, then sign in with this name.",
            ),
            Self::KeysAreHere => (
                Code::KeysAreHere,
                "This machine has the keys of this profile already.".into(),
                "Sign in. If nobody knows the passphrase, restore with the kit in place of these keys: they are kept under another name.",
            ),
            Self::RecoveryKeyNotKept => (
                Code::RecoveryKey,
                "The recovery key is not on this machine any more: only the recovery kit has it."
                    .into(),
                "Take it from the recovery kit, or make a new recovery key and a new kit.",
            ),
            Self::KeyChanged { key } => (
                Code::KeyChanged,
                match key {
                    PinnedKey::Engine => "The service shows another engine key than before.".into(),
                    PinnedKey::Profile => {
                        "The service has another public key registered for this profile.".into()
                    }
                },
                "Nothing is sent until you have compared the fingerprints under Security and accepted the new one.",
            ),
            Self::KeyNotRemembered { key } => (
                Code::KeyChanged,
                match key {
                    PinnedKey::Engine => "Which engine key this computer had remembered is lost: whether the service still shows the same one is not known.".into(),
                    PinnedKey::Profile => {
                        "Which public key of this profile this computer had remembered is lost: whether the service still has the same one is not known.".into()
                    }
                },
                "Nothing is sent until you have compared the fingerprint that the service shows, under Security, and accepted it.",
            ),
            Self::KeyNotTold { key } => (
                Code::KeyNotTold,
                match key {
                    PinnedKey::Engine => "The service does not tell its engine key any more.".into(),
                    PinnedKey::Profile => {
                        "The service does not tell the public key of this profile any more.".into()
                    }
                },
                "It cannot be compared with the one that is remembered, so nothing was sent. Try again later; if it stays so, ask the service's operator.",
            ),
            Self::PinMoved => (
                Code::PinMoved,
                "The service shows yet another key by now.".into(),
                "Compare the fingerprint that is shown now.",
            ),
            Self::NotThePassword => (
                Code::NotThePassword,
                "The current password is another one.".into(),
                "Type the one you sign in with, not the passphrase of this machine. Nothing was changed.",
            ),
            Self::CodeTooLong => (
                Code::PairingCodeTooLong,
                "The service's code is too long to be shown as a picture.".into(),
                "Tell the service's operator. The code expires by itself.",
            ),
            Self::SecretToldAlready => (
                Code::SecretToldAlready,
                "The service has told this application's secret already; it tells it once.".into(),
                "Use the copy that was made then. If there is none, register the application anew.",
            ),
            Self::OnlyQuorumSet(reason) => (
                Code::OnlyQuorumSet,
                format!(
                    "The quorum was set, the number of attempts was not. {}",
                    reason.explain().message
                ),
                "What is in force is shown. Try the attempts again.",
            ),
            Self::Call(problem) => explain_call(problem),
            Self::Service(problem) => explain_service(problem),
        }
    }
}

/// A key that is not as a key has to be: one that cannot be made, or one that was kept and cannot be read.
fn broken_key(problem: KeyError) -> Words {
    match problem {
        KeyError::NotMade => (
            Code::Keys,
            "The keys of this profile could not be made.".into(),
            "Try again. Nothing was stored.",
        ),
        KeyError::Malformed => (
            Code::Keys,
            "A key of this profile or of the service cannot be read.".into(),
            "Keep the app's data folder as it is. Try again; if it stays so, restore the profile from its recovery kit.",
        ),
        KeyError::UnacceptedSize { bits } => (
            Code::Keys,
            format!("A key of {bits} bits is not accepted."),
            "Nothing was stored. Tell the service's operator which key this is.",
        ),
    }
}

fn weak_passphrase(strength: Strength) -> Words {
    match strength {
        Strength::Empty | Strength::TooShort => (
            Code::WeakPassphrase,
            format!("The new passphrase has fewer than {MIN_PASSPHRASE_CHARS} characters."),
            "Choose a longer one. Several random words are best. Nothing was changed.",
        ),
        Strength::Guessable | Strength::Weak | Strength::Good => (
            Code::WeakPassphrase,
            "The new passphrase is too easy to guess.".into(),
            "Choose another, neither your user name nor your password. Several random words are best. Nothing was changed.",
        ),
    }
}

fn keyring(problem: KeyringError) -> Words {
    match problem {
        KeyringError::Missing => (
            Code::KeyringItem,
            "The system's keyring has no item that opens this profile's keys.".into(),
            "If another keyring was in use before, unlock that one and try again. If it is lost, the keys on this machine are lost with it: get the profile back with its recovery kit.",
        ),
        KeyringError::Absent
        | KeyringError::Refused
        | KeyringError::Hangs
        | KeyringError::Full
        | KeyringError::Off => (
            Code::Keyring,
            format!("The keys are locked: {problem}."),
            "Unlock or start the system's keyring, then try again.",
        ),
    }
}

fn key_file(problem: &KeyFileError) -> Words {
    match problem {
        KeyFileError::Damaged => (
            Code::KeyFileDamaged,
            "The key file of this profile is damaged.".into(),
            "Go back to the copy that was kept of it. If that does not open either, get the profile back with its recovery kit.",
        ),
        KeyFileError::Missing => (
            Code::KeyFileDamaged,
            "The key file of this profile is missing.".into(),
            "Go back to the copy that was kept of it. If that does not open either, get the profile back with its recovery kit.",
        ),
        KeyFileError::UnknownVersion { .. } => (
            Code::KeyFileNewer,
            "The key file of this profile was written by a newer version of the app.".into(),
            "Update the app. Nothing was changed.",
        ),
        KeyFileError::Exists => (
            Code::KeysAreHere,
            "This computer has a key file of this profile already.".into(),
            "Sign in: nothing has to be made.",
        ),
        KeyFileError::WrongSecret => (
            Code::KeyFile,
            "The secret that is kept for this profile does not open its key file.".into(),
            "Keep it, and keys.age.previous if that lies beside it in the app's data folder, before you change anything.",
        ),
        KeyFileError::ExcessiveWork => (
            Code::KeyFile,
            "The key file of this profile asks for more work than this app does.".into(),
            "It was not written by this app. Keep it, and restore the profile from its recovery kit.",
        ),
        KeyFileError::NotSynced(error) => (
            Code::KeyFile,
            format!(
                "The disk did not confirm that the key file of this profile is saved: {error}."
            ),
            "Nothing was changed: the keys and what opens them are as they were. Check the disk of the app's data folder, then try again. If you were changing the passphrase, keep both until that has worked: after a power cut it may be the new one.",
        ),
        KeyFileError::NotPutBack(error) => (
            Code::KeyFile,
            format!(
                "The key file of this profile was changed, but the disk failed in the middle of it: {error}."
            ),
            "The changed keys are in the file, and a new passphrase is the one that opens it. Keep the old one for keys.age.previous. Check the disk of the app's data folder, then lock and unlock.",
        ),
        KeyFileError::Io(error) => (
            Code::KeyFile,
            format!("The key file of this profile cannot be read or written: {error}."),
            "Keep it, and keys.age.previous if that lies beside it in the app's data folder, before you change anything.",
        ),
    }
}

fn explain_verification(mismatch: Mismatch) -> Words {
    match mismatch {
        Mismatch::Swapped => (
            Code::VerifySwapped,
            "Read back, it opens, but it is not what was stored: swapped or rolled back.".into(),
            "Keep your original. Verify again; if it stays so, the stored file was replaced behind your back: store it anew.",
        ),
        Mismatch::Damaged => (
            Code::VerifyDamaged,
            "Read back, it is damaged and does not open.".into(),
            "Keep your original. Verify again: another storage device may hold a sound copy. If it stays so, store it anew.",
        ),
        Mismatch::CutShort => (
            Code::VerifyCutShort,
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

#[cfg(test)]
#[path = "explain_tests.rs"]
mod tests;
