//! The pair that a person reads about each [`Error`]: what happened, what to do.
//!
//! All matches are exhaustive: an error without words of its own does not compile.

mod keys;

use privicore_client::ServerKind;

use crate::api::operations::explain_call;
use crate::error::code::Code;
use crate::error::key_words::{bad_recipient, shared_key_name};
use crate::error::service_words::explain_service;
use crate::error::words::Words;
use crate::error::{Error, Explanation};
use crate::keys::recovery::explain_kit;
use crate::session::first_key::FirstKey;
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
            Self::Reseal(error) => error.words(),
            Self::Work(error) => error.words(),
            Self::Transfer(error) => error.words(),
            Self::File(error) => error.words(),
            Self::Content(error) => error.words(),
            Self::Target(error) => error.words(),
            Self::Source(error) => error.words(),
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
            Self::Keys(problem) => keys::broken_key(*problem),
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
            Self::WeakPassphrase { strength } => keys::weak_passphrase(*strength),
            Self::EmptyPassword => (
                Code::EmptyPassword,
                "The new password is empty.".into(),
                "Choose one that others cannot guess. Nothing was changed.",
            ),
            Self::KeysElsewhere => keys::keys_elsewhere(),
            Self::KeysMissing => keys::keys_missing(),
            Self::KeysNotSeen(error) => keys::keys_not_seen(error),
            Self::ProtectedOtherwise => keys::protected_otherwise(),
            Self::KeysNotDamaged => keys::keys_not_damaged(),
            Self::Keyring(problem) => keys::keyring(*problem),
            Self::KeyFile(problem) => keys::key_file(problem),
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
            Self::SharedKeyName(problem) => shared_key_name(*problem),
            Self::SharedKeyKnown { name } => keys::shared_key_known(name),
            Self::BadSharedKey => keys::bad_shared_key(),
            Self::SharedKeyMissing { fingerprint } => keys::shared_key_missing(fingerprint),
            Self::WrongSharedKey => keys::wrong_shared_key(),
            Self::TooLongForSharedKey { name } => keys::too_long_for_shared_key(name),
            Self::BadRecipient(problem) => bad_recipient(problem),
            Self::RecipientKnown => keys::recipient_known(),
            Self::UnknownRecipient => keys::unknown_recipient(),
            Self::TooManyRecipients => keys::too_many_recipients(),
            Self::Kit(problem) => explain_kit(*problem),
            Self::NoKit => keys::no_kit(),
            Self::NoKitInPicture => keys::no_kit_in_picture(),
            Self::KitNotConfirmed => keys::kit_not_confirmed(),
            Self::KitOfAnother { user_name } => keys::kit_of_another(user_name),
            Self::KitNotSeenToFit => keys::kit_not_seen_to_fit(),
            Self::MadeAndNotSignedIn { user_name } => (
                Code::SignedIn,
                format!("The profile “{user_name}” was made, and its keys are on this machine. Another profile was signed in meanwhile, so that this one has to be signed in to later."),
                "Sign out, then sign in with this name.",
            ),
            Self::KeysAreHere => keys::keys_are_here(),
            Self::RecoveryKeyNotKept => keys::recovery_key_not_kept(),
            Self::KeyChanged { key } => keys::key_changed(*key),
            Self::KeyNotRemembered { key } => keys::key_not_remembered(*key),
            Self::KeyNotTold { key } => keys::key_not_told(*key),
            Self::PinMoved => keys::pin_moved(),
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

fn address_of(which: ServerKind) -> &'static str {
    match which {
        ServerKind::Api => "API address",
        ServerKind::WebSocket => "WebSocket address",
        ServerKind::Upstream => "upstream address",
        ServerKind::Downstream => "downstream address",
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod tests;
