//! The pairs for what the client reports: what happened on the way to the service, and what to do.

use privicore_client::{Error, FileProblem, FileRole, Phase, ProxyProblem, ServerKind, TlsProblem};

use crate::error::code::Code;
use crate::error::service_reasons::service_reason;
use crate::error::words::Words;
use crate::language::{Phrase, Value};

/// Something was sent, and it is not known what came of it.
pub(crate) fn not_confirmed() -> Words {
    Code::NotConfirmed.words()
}

/// What a link led to is no more.
pub(crate) fn link_spent() -> Words {
    Code::LinkSpent.words()
}

/// A server says nothing more.
pub(crate) fn silent(server: ServerKind) -> Words {
    (Code::TimedOut.words_of("silent")).phrase("server", server_phrase(server))
}

/// What a person reads about an error of the client.
pub(crate) fn explain_service(error: &Error) -> Words {
    if let Some(words) = vote_words(error) {
        return words;
    }
    match error {
        Error::Offline { server, host, .. } => at(Code::Offline.words(), *server, host),
        Error::UnknownHost { server, host } => at(Code::UnknownHost.words(), *server, host),
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
        } => at(tls_words(*problem), *server, host),
        Error::TimedOut {
            server,
            phase: Phase::Connect,
        } => (Code::TimedOut.words_of("connecting")).phrase("server", server_phrase(*server)),
        Error::TimedOut {
            server,
            phase: Phase::Answer | Phase::Body,
        } => silent(*server),
        Error::Interrupted { server } => {
            (Code::Interrupted.words_of("broken")).phrase("server", server_phrase(*server))
        }
        Error::Unauthorized => Code::Unauthorized.words(),
        Error::NotFound { .. } => Code::NotFound.words(),
        Error::Conflict => Code::Conflict.words(),
        Error::Invalid { details } => reasoned(Code::Invalid, details),
        Error::Refused { status, body, .. } => reasoned(Code::Refused, body).text("status", status),
        Error::Rejected { reason, .. } => reasoned(Code::Rejected, reason),
        Error::NotDelivered { reason } => reasoned(Code::NotDelivered, reason),
        Error::NotConfirmed { .. } => not_confirmed(),
        Error::OtherServer {
            server,
            host,
            status,
        } => other_server_words(*server, host, *status),
        Error::ClosedUnanswered { server, host } => (Code::Interrupted.words_of("unanswered"))
            .hint(match server {
                ServerKind::Api => "interrupted.unanswered.api.hint",
                ServerKind::WebSocket => "interrupted.unanswered.websocket.hint",
                ServerKind::Upstream => "interrupted.unanswered.upstream.hint",
                ServerKind::Downstream => "interrupted.unanswered.downstream.hint",
            })
            .text("host", host),
        Error::NoTrust => Code::NoTrust.words(),
        Error::LinkSpent => link_spent(),
        Error::Insecure { host } => Code::Insecure.words_of("unencrypted").text("host", host),
        Error::TooNear { server, host } => at(Code::Insecure.words_of("too_near"), *server, host),
        Error::EndlessList { rows, bytes } => Code::EndlessList
            .words()
            .phrase("entries", Phrase::new("entries").number("count", *rows))
            .phrase("bytes", Phrase::new("bytes").number("count", *bytes)),
        Error::TooMuch { limit_bytes } => Code::TooMuch.words().number("count", *limit_bytes),
        Error::NobodyAnswered => Code::NoStorageAnswered.words(),
        Error::Closed => Code::SignedOut.words_of("closed"),
        Error::Body(_) => Code::Source.words(),
        Error::UnexpectedAnswer { .. } => Code::UnexpectedAnswer.words_of("answer"),
    }
}

fn at(words: Words, server: ServerKind, host: &str) -> Words {
    words
        .phrase("server", server_phrase(server))
        .text("host", host)
}

/// How a vote ended that stopped something.
fn vote_words(error: &Error) -> Option<Words> {
    let (reason, is_delivery) = match error {
        Error::Rejected { reason, .. } => (reason, false),
        Error::NotDelivered { reason } => (reason, true),
        _ => return None,
    };
    let code = match reason.as_str() {
        "vote.rejected" => Code::VoteRejected,
        "vote.no_quorum" => Code::VoteNoQuorum,
        "vote.timed_out" => Code::VoteTimedOut,
        _ => return None,
    };
    let words = code.words();
    Some(if is_delivery {
        words.hint(format!("{code}.not_saved.hint"))
    } else {
        words
    })
}

fn tls_words(problem: TlsProblem) -> Words {
    let certificate = |cause| Code::ClientCertificate.words_of(cause);
    let untrusted = |cause| Code::Tls.words_of(cause).hint("tls.hint");
    match problem {
        TlsProblem::CertificateNeeded => certificate("needed"),
        TlsProblem::CertificateRefused => certificate("refused"),
        TlsProblem::UnknownIssuer => Code::Tls.words_of("unknown_issuer"),
        TlsProblem::WrongName => untrusted("wrong_name"),
        TlsProblem::Expired => untrusted("expired"),
        TlsProblem::NotYetValid => untrusted("not_yet_valid"),
        TlsProblem::Revoked => untrusted("revoked"),
        TlsProblem::NotTls => untrusted("not_tls"),
        TlsProblem::Other => untrusted("other"),
    }
}

fn proxy_words(host: &str, problem: ProxyProblem) -> Words {
    let words = match problem {
        ProxyProblem::Unreachable(_) => Code::ProxyOffline.words_of("unreachable"),
        ProxyProblem::UnknownHost => Code::ProxyOffline.words_of("unknown_host"),
        ProxyProblem::CredentialsNeeded => Code::ProxyCredentials.words_of("needed"),
        ProxyProblem::WrongCredentials => Code::ProxyCredentials.words_of("wrong"),
        ProxyProblem::Refused(status) => {
            let cause = if problem.may_pass() {
                "unreachable"
            } else {
                "refused"
            };
            Code::ProxyRefused.words_of(cause).text("status", status)
        }
        ProxyProblem::Unsupported => Code::ProxyUnsupported.words(),
        ProxyProblem::NotAProxy => Code::ProxyRefused.words_of("not_a_proxy"),
    };
    words.text("host", host)
}

fn file_words(role: FileRole, name: &str, problem: FileProblem) -> Words {
    let words = |cause| Code::NetworkFile.words_of(cause);
    let words = match problem {
        FileProblem::Unreadable(kind) => {
            words("unreadable").value("reason", Value::cause_of_kind(kind))
        }
        FileProblem::NoCertificate => words("no_certificate"),
        FileProblem::NoKey => words("no_key"),
        FileProblem::EncryptedKey => words("encrypted_key"),
        FileProblem::OtherKey => words("other_key"),
        FileProblem::Malformed => words("malformed"),
    };
    let role = Phrase::new(match role {
        FileRole::Ca => "file_role.ca",
        FileRole::ClientCertificate => "file_role.client_certificate",
        FileRole::ClientKey => "file_role.client_key",
    });
    words.name(name).phrase("role", role)
}

/// What happened with the reason that was given. What to do about it is said of the reason, if it is known.
fn reasoned(code: Code, reason: &str) -> Words {
    if reason.is_empty() {
        return code.words();
    }
    let reason = service_reason(reason);
    let words = code.words_of("because").value("reason", reason.words);
    words.hint(reason.hint.unwrap_or_else(|| format!("{code}.hint")))
}

/// Somebody answers at an address that is tried, but not who belongs there.
fn other_server_words(server: ServerKind, host: &str, status: Option<u16>) -> Words {
    let words = Code::UnexpectedAnswer.words_of(match server {
        ServerKind::Api => "not_api",
        ServerKind::WebSocket => "not_websocket",
        ServerKind::Upstream => "not_upstream",
        ServerKind::Downstream => "not_downstream",
    });
    let seen = match status {
        None => Phrase::new("seen_at"),
        Some(status) => Phrase::new("seen_at.status").text("status", status),
    };
    words.phrase("seen", seen.text("host", host))
}

pub(crate) fn server_phrase(server: ServerKind) -> Phrase {
    Phrase::new(match server {
        ServerKind::Api => "server.api",
        ServerKind::WebSocket => "server.websocket",
        ServerKind::Upstream => "server.upstream",
        ServerKind::Downstream => "server.downstream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_server_is_named_with_what_to_do() {
        let told = explain_service(&Error::Offline {
            server: ServerKind::Api,
            host: "localhost:8009".into(),
            kind: std::io::ErrorKind::ConnectionRefused,
        });
        let told = told.explain();
        assert_eq!(
            told.message,
            "The service at localhost:8009 cannot be reached."
        );
        assert!(told.hint.contains("Nothing was sent"));
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
            let told = explain_service(&Error::NotDelivered { reason }).explain();
            assert_eq!(told.code, expected);
            assert!(told.hint.starts_with("Nothing was saved."));
        }
    }

    #[test]
    fn a_long_answer_is_cut() {
        let told = explain_service(&Error::Invalid {
            details: "x".repeat(5000),
        });
        assert!(told.explain().message.len() < 300);
    }
}
