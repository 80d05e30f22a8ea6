//! Errors of the client. Variants name a state; none contains a token, a password or the query of an address.

use std::fmt;
use std::io;
use std::time::Duration;

use crate::answer::Reply;
use crate::answer::malformed::Malformed;
use crate::identifier::CommandId;
use crate::operation::Spec;
use crate::server_urls::ServerKind;

/// Why something did not happen, or why it is not known whether it did.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server cannot be reached. Nothing was sent: trying again is safe.
    #[error("the {server} server {host} cannot be reached ({kind})")]
    Offline {
        server: ServerKind,
        host: String,
        kind: io::ErrorKind,
    },
    /// The name of the host has no address, or names cannot be resolved now. Nothing was sent.
    #[error("the host {host} of the {server} server is not known")]
    UnknownHost { server: ServerKind, host: String },
    /// No trusted encrypted connection could be made. Nothing was sent.
    #[error("no trusted connection to the {server} server {host}: {problem}")]
    Tls {
        server: ServerKind,
        host: String,
        problem: TlsProblem,
    },
    /// The proxy on the way does not make a connection. Nothing was sent.
    #[error("the proxy {host} {problem}")]
    Proxy { host: String, problem: ProxyProblem },
    /// A file that the network settings name cannot be used.
    #[error("{role} {name} {problem}")]
    File {
        role: FileRole,
        /// Its name, without its folders.
        name: String,
        problem: FileProblem,
    },
    /// Another server answers at a tested address. Nothing but the probe was sent.
    #[error(
        "{host} is not the {server} server{}",
        status.map_or_else(String::new, |status| format!(" (status {status})"))
    )]
    OtherServer {
        /// Which server belongs there.
        server: ServerKind,
        host: String,
        /// The HTTP status, if it was one by which it was known.
        status: Option<u16>,
    },
    /// Whoever is at an address that is tried closed the connection without an answer. Nothing but the question was
    /// sent.
    #[error("{host} closed the connection without an answer")]
    ClosedUnanswered {
        /// Which server belongs there.
        server: ServerKind,
        host: String,
    },
    /// The service named a host for a transfer that is nearer to this computer than the service itself: on this
    /// computer or in its network. Nothing was sent.
    #[error(
        "the service names {host} for the {server} server, in a network that the service is not in"
    )]
    TooNear {
        server: ServerKind,
        /// The host and port it named.
        host: String,
    },
    /// A list does not come to its end, or is longer than any is: what is known of it stays as it was.
    #[error("the list of the service does not end: {rows} entries in {bytes} bytes")]
    EndlessList {
        /// How many entries had come.
        rows: usize,
        /// In how many bytes.
        bytes: usize,
    },
    /// More bytes came than the service says are stored, and nothing else tells how many there are.
    #[error("more than {limit_bytes} bytes came")]
    TooMuch {
        /// How many were taken in.
        limit_bytes: u64,
    },
    /// No answer to a request for data.
    #[error("no storage device answered")]
    NobodyAnswered,
    /// The certificates that the system trusts cannot be read.
    #[error("the system's certificates cannot be read")]
    NoTrust,
    /// A time limit of the configuration passed.
    #[error("the {server} server took too long ({phase})")]
    TimedOut { server: ServerKind, phase: Phase },
    /// The connection broke in the middle of an exchange.
    #[error("the connection to the {server} server broke")]
    Interrupted { server: ServerKind },
    /// The authorization is missing, unknown, expired or revoked; or a password is wrong.
    #[error("the service does not accept the authorization")]
    Unauthorized,
    /// The service does not know what was asked for.
    #[error("not found ({operation})")]
    NotFound {
        /// The operation's id in the catalogue.
        operation: &'static str,
        details: String,
    },
    /// The name is taken.
    #[error("already exists")]
    Conflict,
    /// The service refused the values that were sent.
    #[error("the service refused the request: {details}")]
    Invalid { details: String },
    /// Another HTTP status than success.
    #[error("the service answered with status {status}: {body}")]
    Refused {
        status: u16,
        body: String,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// The service accepted the command and then rejected it.
    #[error("the service rejected the command: {reason}")]
    Rejected {
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
    Insecure { host: String },
    /// The answer has not the form it must have.
    #[error("unexpected answer to {operation}: {problem}")]
    UnexpectedAnswer {
        /// The operation's id in the catalogue.
        operation: &'static str,
        problem: Malformed,
    },
    /// There is no authorization: none was given, or the session was ended.
    #[error("the session is closed")]
    Closed,
    /// The bytes to be sent could not be produced.
    #[error("the data to send could not be read: {0}")]
    Body(#[source] io::Error),
}

/// What a command is called rejected for when the service says no more than that.
pub(crate) const NO_REASON: &str = "the service gave no reason";

impl Error {
    /// Whether nothing reached the service, so that even a command may be sent again.
    pub fn nothing_was_sent(&self) -> bool {
        match self {
            Self::Offline { .. }
            | Self::UnknownHost { .. }
            | Self::Tls { .. }
            | Self::Proxy { .. }
            | Self::File { .. }
            | Self::NoTrust
            | Self::TooNear { .. }
            | Self::Closed => true,
            Self::TimedOut { phase, .. } => *phase == Phase::Connect,
            _ => false,
        }
    }

    /// Whether a command counts as failed because the service no longer knows it, or tells no more than that it failed.
    pub fn is_forgotten(&self) -> bool {
        matches!(self, Self::Rejected { reason, .. } if reason == NO_REASON)
    }

    /// The error for an answer whose status is not a success.
    pub(crate) fn from_refusal(spec: &Spec, reply: &Reply) -> Self {
        let details = reply.details();
        match reply.status {
            401 => Self::Unauthorized,
            // Gone for good, or not known: either way there is nothing to be had under it.
            404 | 410 => Self::NotFound {
                operation: spec.id,
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
    Answer,
    /// Progress of a body on its way.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Answer => "answering",
            Self::Body => "transferring",
        })
    }
}

/// Why an encrypted connection is not trusted or not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsProblem {
    /// The issuer of the certificate is not trusted by this system.
    UnknownIssuer,
    WrongName,
    /// The certificate has expired, or the clock of this machine is wrong.
    Expired,
    /// The certificate is not valid yet, or the clock of this machine is wrong.
    NotYetValid,
    Revoked,
    /// The server does not speak TLS.
    NotTls,
    /// The server wants a client certificate, and there is none.
    CertificateNeeded,
    /// The server does not accept the client certificate.
    CertificateRefused,
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
            Self::CertificateNeeded => "it asks for a client certificate",
            Self::CertificateRefused => "it does not accept the client certificate",
            Self::Other => "the TLS handshake failed",
        })
    }
}

/// Why a proxy makes no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyProblem {
    #[error("cannot be reached ({0})")]
    Unreachable(io::ErrorKind),
    /// Its name has no address.
    #[error("has a name that is not known")]
    UnknownHost,
    /// It asks for a name and a password (407), and there are none.
    #[error("asks for a name and a password")]
    CredentialsNeeded,
    /// It does not accept the name and the password (407).
    #[error("does not accept the name and the password")]
    WrongCredentials,
    /// It answered with another status than success: it may not, or cannot, reach the server.
    #[error("answered with status {0}")]
    Refused(u16),
    /// It does not speak HTTP.
    #[error("does not answer as an HTTP proxy")]
    NotAProxy,
    /// The system names a proxy of another kind than HTTP.
    #[error("is of a kind that is not supported")]
    Unsupported,
}

impl ProxyProblem {
    /// Whether it may be another time: the proxy, or the server behind it, is not there now.
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            Self::Unreachable(_) | Self::UnknownHost | Self::Refused(500..)
        )
    }
}

/// What a file of the network settings was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRole {
    Ca,
    ClientCertificate,
    ClientKey,
}

impl fmt::Display for FileRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ca => "the file of trusted certificates",
            Self::ClientCertificate => "the file of the client certificate",
            Self::ClientKey => "the file of the client certificate's key",
        })
    }
}

/// Why a file of the network settings cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    #[error("cannot be read ({0})")]
    Unreadable(io::ErrorKind),
    /// No certificate in PEM is in it.
    #[error("holds no certificate in PEM form")]
    NoCertificate,
    /// No private key in PEM is in it.
    #[error("holds no private key in PEM form")]
    NoKey,
    /// The private key in it is encrypted.
    #[error("holds an encrypted key")]
    EncryptedKey,
    /// The private key in it belongs to another certificate.
    #[error("holds the key of another certificate")]
    OtherKey,
    /// What is in it is damaged, or of a kind that is not supported.
    #[error("is damaged or of an unsupported kind")]
    Malformed,
}
