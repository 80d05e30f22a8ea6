//! The pair that a person reads about each [`Error`]: what happened, what to do.
//!
//! All matches are exhaustive: an error without words of its own does not compile.

use privicore_client::ServerKind;

use crate::api::operations::explain_call;
use crate::error::code::Code;
use crate::error::service_words::explain_service;
use crate::error::words::Words;
use crate::error::{Error, Explanation};
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
            Self::Pin(error) => error.words(),
            Self::Sharing(error) => error.words(),
            Self::Recovery(error) => error.words(),
            Self::Keys(error) => error.words(),
            Self::Protection(error) => error.words(),
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
            Self::EmptyPassword => (
                Code::EmptyPassword,
                "The new password is empty.".into(),
                "Choose one that others cannot guess. Nothing was changed.",
            ),
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
            Self::MadeAndNotSignedIn { user_name } => (
                Code::SignedIn,
                format!("The profile “{user_name}” was made, and its keys are on this machine. Another profile was signed in meanwhile, so that this one has to be signed in to later."),
                "Sign out, then sign in with this name.",
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
