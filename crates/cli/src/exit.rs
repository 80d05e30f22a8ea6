//! Exit codes, as `privicore --help` lists them.

use std::process::ExitCode;

use privicore_vault::Explanation;

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
                code: "usage".into(),
                message: error.to_string().trim().to_owned(),
                hint: "See `privicore --help`.".into(),
            },
            Self::Io(error) => Explanation {
                code: "io".into(),
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
pub(crate) fn code_of(explanation: &Explanation) -> u8 {
    match &*explanation.code {
        "signed_out" | "locked" | "wrong_password" | "wrong_passphrase" | "passphrase_needed"
        | "session_ended" | "unauthorized" | "not_connected" | "keyring" | "keyring_item" => {
            NOT_SIGNED_IN
        }
        "offline" | "unknown_host" | "tls" | "timed_out" | "interrupted" | "client_certificate"
        | "proxy_offline" | "proxy_credentials" | "proxy_refused" | "proxy_unsupported" => {
            UNREACHABLE
        }
        "not_confirmed" => NOT_CONFIRMED,
        "target_exists" => TARGET_EXISTS,
        "canceled" => INTERRUPTED,
        _ => FAILED,
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
