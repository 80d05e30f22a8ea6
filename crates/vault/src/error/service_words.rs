//! The pairs for what the client reports: what happened on the way to the service, and what to do.

use privicore_client::{Error, FileProblem, FileRole, Phase, ProxyProblem, ServerKind, TlsProblem};

use crate::error::code::Code;
use crate::error::counted::counted;
use crate::error::service_reasons::service_reason;
use crate::error::words::Words;

/// Something was sent, and it is not known what came of it.
pub(crate) fn not_confirmed() -> Words {
    (
        Code::NotConfirmed,
        "It was sent, but whether the service did it is not known.".into(),
        "Refresh the list to see. Do not send it again before.",
    )
}

/// What a link led to is no more.
pub(crate) fn link_spent() -> Words {
    (
        Code::LinkSpent,
        "The link to the data was used before or has expired.".into(),
        "Try again: a new link is made each time.",
    )
}

/// A server says nothing more.
pub(crate) fn silent(server: ServerKind) -> Words {
    (
        Code::TimedOut,
        format!("The {} stopped answering.", server_name(server)),
        "Try again when the connection is better.",
    )
}

/// What a person reads about an error of the client.
#[expect(
    clippy::too_many_lines,
    reason = "one table, so that the compiler finds an error without words"
)]
pub(crate) fn explain_service(error: &Error) -> Words {
    if let Some(words) = vote_words(error) {
        return words;
    }
    match error {
        Error::Offline { server, host, .. } => (
            Code::Offline,
            format!("The {} at {host} cannot be reached.", server_name(*server)),
            "Check the network connection and the address, then try again. Nothing was sent.",
        ),
        Error::UnknownHost { server, host } => (
            Code::UnknownHost,
            format!(
                "There is no host named “{host}” (the {}).",
                server_name(*server)
            ),
            "Check the address for typing errors and that this machine is online.",
        ),
        Error::Proxy { host, problem } => proxy_words(host, *problem),
        Error::File {
            role,
            name,
            problem,
        } => file_words(*role, name, *problem),
        Error::Tls {
            server,
            host,
            problem,
        } => tls_words(server_name(*server), host, *problem),
        Error::TimedOut {
            server,
            phase: Phase::Connect,
        } => (
            Code::TimedOut,
            format!("The {} did not answer in time.", server_name(*server)),
            "Check the network connection and the address, then try again. Nothing was sent.",
        ),
        Error::TimedOut {
            server,
            phase: Phase::Answer | Phase::Body,
        } => silent(*server),
        Error::Interrupted { server } => (
            Code::Interrupted,
            format!("The connection to the {} broke off.", server_name(*server)),
            "Try again. Nothing incomplete was kept.",
        ),
        Error::Unauthorized => (
            Code::Unauthorized,
            "The service no longer accepts this session.".into(),
            "Sign in again.",
        ),
        Error::NotFound { .. } => (
            Code::NotFound,
            "The service does not know this any more.".into(),
            "It may have been deleted elsewhere. Refresh the list.",
        ),
        Error::Conflict => (
            Code::Conflict,
            "The service has something by this name already.".into(),
            "Choose another name.",
        ),
        Error::Invalid { details } => reasoned(
            Code::Invalid,
            "The service refused the request",
            details,
            "Correct what it names and try again.",
        ),
        Error::Refused { status, body, .. } => reasoned(
            Code::Refused,
            &format!("The service could not do it (status {status})"),
            body,
            "Try again in a moment. If it stays so, the service has a problem of its own.",
        ),
        Error::Rejected { reason, .. } => reasoned(
            Code::Rejected,
            "The service rejected the command",
            reason,
            "Nothing was changed. Check that you may do this, then try again.",
        ),
        Error::NotDelivered { reason } => reasoned(
            Code::NotDelivered,
            "The service did not deliver the data",
            reason,
            "Nothing was saved. Try again, or check the storage devices.",
        ),
        Error::NotConfirmed { .. } => not_confirmed(),
        Error::OtherServer {
            server,
            host,
            status,
        } => other_server_words(*server, host, *status),
        Error::ClosedUnanswered { server, host } => (
            Code::Interrupted,
            format!("The server at {host} closed the connection without an answer."),
            match server {
                ServerKind::Api => {
                    "Try again. If it stays so, look at the address of the API: another server may be there."
                }
                ServerKind::WebSocket => {
                    "Try again. If it stays so, look at the address of the WebSocket: another server may be there."
                }
                ServerKind::Upstream => {
                    "Try again. If it stays so, look at the address for uploads: another server may be there."
                }
                ServerKind::Downstream => {
                    "Try again. If it stays so, look at the address for downloads: another server may be there."
                }
            },
        ),
        Error::NoTrust => (
            Code::NoTrust,
            "The certificates that this system trusts cannot be read.".into(),
            "Install the system's certificate authorities (ca-certificates), or choose a file of them in the network \
            settings.",
        ),
        Error::LinkSpent => link_spent(),
        Error::Insecure { host } => (
            Code::Insecure,
            format!("The service named an unencrypted address at {host}."),
            "Nothing was sent there. Tell the service's operator.",
        ),
        Error::TooNear { server, host } => (
            Code::Insecure,
            format!(
                "The service named {host} as the {}: on this computer, or in a network that the service is not in.",
                server_name(*server)
            ),
            "Nothing was sent there. Tell the service's operator.",
        ),
        Error::EndlessList { rows, bytes } => (
            Code::EndlessList,
            format!(
                "The list of the service does not end: {} in {} came.",
                counted(*rows, "entry", "entries"),
                counted(*bytes, "byte", "bytes")
            ),
            "The list stays as it was. Tell the service's operator.",
        ),
        Error::TooMuch { limit_bytes } => (
            Code::TooMuch,
            format!(
                "The service sent more than {}: more than it says are stored.",
                counted(*limit_bytes, "byte", "bytes")
            ),
            "Nothing was saved. Tell the service's operator.",
        ),
        Error::NobodyAnswered => (
            Code::NoStorageAnswered,
            "No storage device answered.".into(),
            "Check that a storage device is registered and online, then try again.",
        ),
        Error::Closed => (
            Code::SignedOut,
            "The session is closed.".into(),
            "Sign in and try again.",
        ),
        Error::Body(_) => (
            Code::Source,
            "The file could not be read to its end.".into(),
            "Add it again. It was not stored.",
        ),
        Error::UnexpectedAnswer { .. } => (
            Code::UnexpectedAnswer,
            "The service answered in a way this app does not understand.".into(),
            "Check that all four addresses belong to a Privicore service, and that this app is up to date.",
        ),
    }
}

/// How a vote ended that stopped something.
fn vote_words(error: &Error) -> Option<Words> {
    let (reason, is_delivery) = match error {
        Error::Rejected { reason, .. } => (reason, false),
        Error::NotDelivered { reason } => (reason, true),
        _ => return None,
    };
    let (code, message, changed, saved) = match reason.as_str() {
        "vote.rejected" => (
            Code::VoteRejected,
            "It was rejected by a vote.",
            "Nothing was changed. Talk to those who voted before you try again.",
            "Nothing was saved. Talk to those who voted before you try again.",
        ),
        "vote.no_quorum" => (
            Code::VoteNoQuorum,
            "Too few voted: the quorum was not reached.",
            "Nothing was changed. See that enough of the devices that vote are at hand, then try again.",
            "Nothing was saved. See that enough of the devices that vote are at hand, then try again.",
        ),
        "vote.timed_out" => (
            Code::VoteTimedOut,
            "Nobody voted before the time was over.",
            "Nothing was changed. See that the devices that vote are at hand, then try again.",
            "Nothing was saved. See that the devices that vote are at hand, then try again.",
        ),
        _ => return None,
    };
    let hint = if is_delivery { saved } else { changed };
    Some((code, message.into(), hint))
}

fn tls_words(server: &str, host: &str, problem: TlsProblem) -> Words {
    match problem {
        TlsProblem::CertificateNeeded => (
            Code::ClientCertificate,
            format!("The {server} at {host} asks for a client certificate."),
            "Choose the certificate and its key in the network settings. Whoever runs the service hands them out.",
        ),
        TlsProblem::CertificateRefused => (
            Code::ClientCertificate,
            format!("The {server} at {host} does not accept the client certificate."),
            "Choose the certificate for this service in the network settings, and check that it has not expired.",
        ),
        TlsProblem::UnknownIssuer
        | TlsProblem::WrongName
        | TlsProblem::Expired
        | TlsProblem::NotYetValid
        | TlsProblem::Revoked
        | TlsProblem::NotTls
        | TlsProblem::Other => (
            Code::Tls,
            format!("The connection to the {server} at {host} is not trustworthy: {problem}."),
            tls_hint(problem),
        ),
    }
}

fn tls_hint(problem: TlsProblem) -> &'static str {
    match problem {
        TlsProblem::UnknownIssuer => {
            "Do not go on in a network you do not trust. If the service has a certificate authority of its own, \
            choose its file in the network settings. Nothing was sent."
        }
        TlsProblem::WrongName
        | TlsProblem::Expired
        | TlsProblem::NotYetValid
        | TlsProblem::Revoked
        | TlsProblem::NotTls
        | TlsProblem::CertificateNeeded
        | TlsProblem::CertificateRefused
        | TlsProblem::Other => {
            "Do not go on in a network you do not trust. Check the address and this machine's clock. Nothing was sent."
        }
    }
}

fn proxy_words(host: &str, problem: ProxyProblem) -> Words {
    match problem {
        ProxyProblem::Unreachable(_) => (
            Code::ProxyOffline,
            format!("The proxy at {host} cannot be reached."),
            "Check the network connection and the proxy in the network settings, then try again. Nothing was sent.",
        ),
        ProxyProblem::UnknownHost => (
            Code::ProxyOffline,
            format!("There is no proxy named “{host}”."),
            "Check the proxy in the network settings for typing errors and that this machine is online.",
        ),
        ProxyProblem::CredentialsNeeded => (
            Code::ProxyCredentials,
            format!("The proxy at {host} asks for a name and a password."),
            "Enter them in the network settings. Nothing was sent to the service.",
        ),
        ProxyProblem::WrongCredentials => (
            Code::ProxyCredentials,
            format!("The proxy at {host} does not accept the name and the password."),
            "Correct them in the network settings. Nothing was sent to the service.",
        ),
        ProxyProblem::Refused(status) if problem.may_pass() => (
            Code::ProxyRefused,
            format!("The proxy at {host} cannot reach the service (status {status})."),
            "Check the address of the service, then try again. Nothing was sent.",
        ),
        ProxyProblem::Refused(status) => (
            Code::ProxyRefused,
            format!("The proxy at {host} does not connect to the service (status {status})."),
            "Ask whoever runs the proxy to allow the four addresses of the service.",
        ),
        ProxyProblem::Unsupported => (
            Code::ProxyUnsupported,
            format!("The system names a proxy of a kind this app does not support, at {host}."),
            "Choose an http:// proxy or none in the network settings. SOCKS proxies are not supported.",
        ),
        ProxyProblem::NotAProxy => (
            Code::ProxyRefused,
            format!("What is at {host} does not answer as an HTTP proxy."),
            "Check the proxy's address and port in the network settings.",
        ),
    }
}

fn file_words(role: FileRole, name: &str, problem: FileProblem) -> Words {
    let what = match role {
        FileRole::Ca => "trusted certificates",
        FileRole::ClientCertificate => "the client certificate",
        FileRole::ClientKey => "the client certificate's key",
    };
    let (happened, hint) = match problem {
        FileProblem::Unreadable(kind) => (
            format!("cannot be read ({kind})"),
            "Check that it is there and that you may read it, or choose another in the network settings.",
        ),
        FileProblem::NoCertificate => (
            "holds no certificate in PEM form".to_owned(),
            "Choose a file with “BEGIN CERTIFICATE” in it. Tools such as openssl turn other forms into PEM.",
        ),
        FileProblem::NoKey => (
            "holds no private key in PEM form".to_owned(),
            "Choose a file with “BEGIN PRIVATE KEY” in it, or one that holds certificate and key.",
        ),
        FileProblem::EncryptedKey => (
            "holds an encrypted key, which this app cannot open".to_owned(),
            "Have the key written without a passphrase, to a file that only you can read.",
        ),
        FileProblem::OtherKey => (
            "holds the key of another certificate".to_owned(),
            "Choose the key that was made with the client certificate.",
        ),
        FileProblem::Malformed => (
            "is damaged or of a kind that is not supported".to_owned(),
            "Get it anew from the service's operator.",
        ),
    };
    (
        Code::NetworkFile,
        format!("The file “{name}” for {what} {happened}."),
        hint,
    )
}

/// What happened with the reason that was given, and what to do about it, or else `hint`.
fn reasoned(code: Code, what: &str, reason: &str, hint: &'static str) -> Words {
    if reason.is_empty() {
        return (code, format!("{what}."), hint);
    }
    let told = service_reason(reason);
    let message = format!("{what}: {}.", told.words);
    (code, message, told.hint.unwrap_or(hint))
}

/// Somebody answers at an address that is tried, but not who belongs there.
fn other_server_words(server: ServerKind, host: &str, status: Option<u16>) -> Words {
    let status = status.map_or_else(String::new, |status| format!(" (status {status})"));
    let (what, hint) = match server {
        ServerKind::Api => (
            "the API of a Privicore service",
            "Check the API address. The service's operator knows it. Nothing was changed.",
        ),
        ServerKind::WebSocket => (
            "a message server",
            "Check the WebSocket address. The service's operator knows it. Nothing was changed.",
        ),
        ServerKind::Upstream => (
            "an upload server",
            "Check the upstream address. The service's operator knows it. Nothing was changed.",
        ),
        ServerKind::Downstream => (
            "a download server",
            "Check the downstream address. The service's operator knows it. Nothing was changed.",
        ),
    };
    (
        Code::UnexpectedAnswer,
        format!("Another web server answers at {host}{status}: it is not {what}."),
        hint,
    )
}

fn server_name(server: ServerKind) -> &'static str {
    match server {
        ServerKind::Api => "service",
        ServerKind::WebSocket => "message server",
        ServerKind::Upstream => "upload server",
        ServerKind::Downstream => "download server",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_server_is_named_with_what_to_do() {
        let (_, message, hint) = explain_service(&Error::Offline {
            server: ServerKind::Api,
            host: "localhost:8009".into(),
            kind: std::io::ErrorKind::ConnectionRefused,
        });
        assert_eq!(message, "The service at localhost:8009 cannot be reached.");
        assert!(hint.contains("Nothing was sent"));
    }

    #[test]
    fn the_ends_of_a_vote_are_told_apart() {
        for (reason, expected) in [
            ("vote.rejected", Code::VoteRejected),
            ("vote.no_quorum", Code::VoteNoQuorum),
            ("vote.timed_out", Code::VoteTimedOut),
            ("policy.refused", Code::NotDelivered),
        ] {
            let reason = reason.to_owned();
            let (code, _, hint) = explain_service(&Error::NotDelivered { reason });
            assert_eq!(code, expected);
            assert!(hint.starts_with("Nothing was saved."));
        }
    }

    #[test]
    fn a_long_answer_is_cut() {
        let (_, message, _) = explain_service(&Error::Invalid {
            details: "x".repeat(5000),
        });
        assert!(message.len() < 300);
    }
}
