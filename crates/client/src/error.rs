//! Everything that can come of talking to the service. Variants name a state; none carries a token, a password or the
//! query of an address.

use std::fmt;
use std::io;
use std::time::Duration;

use crate::answer::{Malformed, Reply};
use crate::endpoints::Which;
use crate::identifier::CommandId;
use crate::operation::About;
use crate::settlement::NO_REASON;

/// Why something did not happen, or why it is not known whether it did.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server cannot be reached. Nothing was sent: trying again is safe.
    #[error("the {server} server {host} cannot be reached ({kind})")]
    Offline {
        /// Which server.
        server: Which,
        /// Its host and port.
        host: String,
        /// What the system said.
        kind: io::ErrorKind,
    },
    /// The name of the host has no address, or names cannot be resolved now. Nothing was sent.
    #[error("the host {host} of the {server} server is not known")]
    UnknownHost {
        /// Which server.
        server: Which,
        /// The name.
        host: String,
    },
    /// No trusted encrypted connection could be made. Nothing was sent.
    #[error("no trusted connection to the {server} server {host}: {problem}")]
    Tls {
        /// Which server.
        server: Which,
        /// Its host and port.
        host: String,
        /// What was wrong.
        problem: TlsProblem,
    },
    /// A time limit of the configuration passed.
    #[error("the {server} server took too long ({phase})")]
    TimedOut {
        /// Which server.
        server: Which,
        /// What was waited for.
        phase: Phase,
    },
    /// The connection broke in the middle of an exchange.
    #[error("the connection to the {server} server broke")]
    Interrupted {
        /// Which server.
        server: Which,
    },
    /// The authorization is missing, unknown, expired or revoked; or a password is wrong.
    #[error("the service does not accept the authorization")]
    Unauthorized,
    /// The service does not know what was asked for.
    #[error("not found ({operation})")]
    NotFound {
        /// The operation's id in the catalogue.
        operation: &'static str,
        /// What the service said.
        details: String,
    },
    /// The name is taken.
    #[error("already exists")]
    Conflict,
    /// The service refused the values that were sent.
    #[error("the service refused the request: {details}")]
    Invalid {
        /// What the service said.
        details: String,
    },
    /// Another HTTP status than success.
    #[error("the service answered with status {status}: {body}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the service said.
        body: String,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The command was carried out by nobody: its outcome is a failure.
    #[error("the service rejected the command: {reason}")]
    Rejected {
        /// The command.
        command: CommandId,
        /// The service's reason, usually a machine key.
        reason: String,
    },
    /// The request for data was answered by a failure.
    #[error("the service did not deliver the data: {reason}")]
    NotDelivered {
        /// The service's reason, usually a machine key.
        reason: String,
    },
    /// It is not known whether the change was made. Must be reconciled, not repeated.
    #[error("it is not known whether the service carried out the command")]
    NotConfirmed {
        /// The command, if its id was learnt.
        command: Option<CommandId>,
    },
    /// A single-use link was used before or has expired: ask for a new one.
    #[error("the link was used before or has expired")]
    LinkSpent,
    /// The service named an address that is not encrypted and not on this machine.
    #[error("the service named an unencrypted address at {host}")]
    Insecure {
        /// Where it leads.
        host: String,
    },
    /// The answer has not the form it must have.
    #[error("unexpected answer to {operation}: {problem}")]
    UnexpectedAnswer {
        /// The operation's id in the catalogue.
        operation: &'static str,
        /// What was wrong with it.
        problem: Malformed,
    },
    /// There is no authorization: none was given, or the session was ended.
    #[error("the session is closed")]
    Closed,
    /// The bytes to be sent could not be produced.
    #[error("the data to send could not be read: {0}")]
    Body(#[source] io::Error),
}

impl Error {
    /// Whether nothing reached the service, so that even a command may be sent again.
    pub fn nothing_was_sent(&self) -> bool {
        match self {
            Self::Offline { .. } | Self::UnknownHost { .. } | Self::Tls { .. } | Self::Closed => {
                true
            }
            Self::TimedOut { phase, .. } => *phase == Phase::Connect,
            _ => false,
        }
    }

    /// Whether a command counts as failed because the service no longer knows it, or tells no more than that it failed.
    pub fn is_forgotten(&self) -> bool {
        matches!(self, Self::Rejected { reason, .. } if reason == NO_REASON)
    }

    /// The error for an answer whose status is not a success.
    pub(crate) fn from_refusal(about: &About, reply: &Reply) -> Self {
        let details = reply.details();
        match reply.status {
            401 => Self::Unauthorized,
            404 => Self::NotFound {
                operation: about.id,
                details,
            },
            409 => Self::Conflict,
            400 | 422 => Self::Invalid { details },
            status => Self::Refused {
                status,
                body: details,
                retry_after: reply.retry_after,
            },
        }
    }

    pub(crate) fn unexpected(operation: &'static str, problem: Malformed) -> Self {
        match problem {
            Malformed::Insecure { host } => Self::Insecure { host },
            problem => Self::UnexpectedAnswer { operation, problem },
        }
    }
}

/// What was waited for when time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The connection. Nothing was sent.
    Connect,
    /// The answer to a request.
    Answer,
    /// Progress of a body on its way.
    Body,
    /// Data that was requested and not delivered.
    Delivery,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Answer => "answering",
            Self::Body => "transferring",
            Self::Delivery => "delivering the data",
        })
    }
}

/// Why an encrypted connection is not trusted or not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsProblem {
    /// The certificate was issued by nobody this system trusts.
    UnknownIssuer,
    /// The certificate is for another name.
    WrongName,
    /// The certificate has expired, or the clock of this machine is wrong.
    Expired,
    /// The certificate is not valid yet, or the clock of this machine is wrong.
    NotYetValid,
    /// The certificate was revoked.
    Revoked,
    /// The server does not speak TLS.
    NotTls,
    /// Anything else.
    Other,
}

impl fmt::Display for TlsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownIssuer => "its certificate comes from an unknown issuer",
            Self::WrongName => "its certificate is for another name",
            Self::Expired => "its certificate has expired",
            Self::NotYetValid => "its certificate is not valid yet",
            Self::Revoked => "its certificate was revoked",
            Self::NotTls => "it does not speak TLS",
            Self::Other => "the TLS handshake failed",
        })
    }
}
