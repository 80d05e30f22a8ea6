//! Network failures, told apart by walking the causes of a library's error.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError};
use url::Url;

use crate::error::{Error, Phase, ProxyProblem, TlsProblem};
use crate::server_urls::{ServerKind, shown_host};
use crate::transport::resolve::{NoAddress, TooNear};

/// Why bytes did not get through. Unlike [`Error`] it can be kept and told twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Offline(io::ErrorKind),
    UnknownHost,
    Tls(TlsProblem),
    TimedOut(Phase),
    /// The host and port of a proxy, and why it makes no connection.
    Proxy(String, ProxyProblem),
    /// The connection was there and broke.
    Interrupted,
    /// The server answered the handshake with this status.
    Refused(u16),
    /// The answer is longer than any answer is.
    TooLong,
    /// The service named a host in a network that it is not in itself.
    TooNear,
}

impl Failure {
    /// Classifies an error from before the connection stood.
    pub(crate) fn connecting(error: &(dyn StdError + 'static)) -> Self {
        let mut kind = None;
        let mut cause = Some(error);
        while let Some(error) = cause {
            if error.is::<NoAddress>() {
                return Self::UnknownHost;
            }
            if error.is::<TooNear>() {
                return Self::TooNear;
            }
            if let Some(tls) = error.downcast_ref::<rustls::Error>() {
                return Self::Tls(tls_problem(tls));
            }
            if let Some(io) = error.downcast_ref::<io::Error>() {
                kind = kind.or(Some(io.kind()).filter(|kind| *kind != io::ErrorKind::Other));
                // A wrapped error is not among the sources of its io::Error: look inside.
                cause = io.get_ref().map(|inner| inner as &(dyn StdError + 'static));
                continue;
            }
            cause = error.source();
        }
        match kind {
            Some(io::ErrorKind::TimedOut) => Self::TimedOut(Phase::Connect),
            kind => Self::Offline(kind.unwrap_or(io::ErrorKind::Other)),
        }
    }

    /// Classifies an error from after the connection stood. With TLS 1.3 (RFC 8446, 2) a server looks at the client's
    /// certificate only after the client counts the handshake as done; what was sent by then is thrown away.
    pub(crate) fn breaking(error: &(dyn StdError + 'static)) -> Self {
        match Self::connecting(error) {
            refused @ Self::Tls(TlsProblem::CertificateNeeded | TlsProblem::CertificateRefused) => {
                refused
            }
            _ => Self::Interrupted,
        }
    }

    pub(crate) fn at(&self, server: ServerKind, url: &Url) -> Error {
        let host = shown_host(url);
        match self {
            Self::Offline(kind) => Error::Offline {
                server,
                host,
                kind: *kind,
            },
            Self::UnknownHost => Error::UnknownHost {
                server,
                host: url.host_str().unwrap_or_default().to_owned(),
            },
            Self::Tls(problem) => Error::Tls {
                server,
                host,
                problem: *problem,
            },
            Self::TimedOut(phase) => Error::TimedOut {
                server,
                phase: *phase,
            },
            Self::Proxy(host, problem) => Error::Proxy {
                host: host.clone(),
                problem: *problem,
            },
            Self::Interrupted => Error::Interrupted { server },
            Self::Refused(401) => Error::Unauthorized,
            Self::Refused(status) => Error::Refused {
                status: *status,
                body: String::new(),
                retry_after: None,
            },
            Self::TooNear => Error::TooNear { server, host },
            Self::TooLong => {
                Error::unexpected("http", crate::answer::malformed::Malformed::TooLong)
            }
        }
    }

    /// Whether the server cannot have seen anything of the request.
    pub(crate) fn nothing_was_sent(&self) -> bool {
        matches!(
            self,
            Self::Offline(_)
                | Self::UnknownHost
                | Self::Tls(_)
                | Self::Proxy(..)
                | Self::TooNear
                | Self::TimedOut(Phase::Connect)
        )
    }
}

fn tls_problem(error: &rustls::Error) -> TlsProblem {
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => TlsProblem::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                TlsProblem::Expired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TlsProblem::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsProblem::WrongName
            }
            CertificateError::Revoked => TlsProblem::Revoked,
            _ => TlsProblem::Other,
        },
        rustls::Error::InvalidMessage(_) => TlsProblem::NotTls,
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired => TlsProblem::CertificateNeeded,
            AlertDescription::AccessDenied
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate => TlsProblem::CertificateRefused,
            _ => TlsProblem::Other,
        },
        _ => TlsProblem::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_cause_inside_wrapped_errors() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(
            Failure::connecting(&io::Error::other(refused)),
            Failure::Offline(io::ErrorKind::ConnectionRefused)
        );
        let unknown = io::Error::other(NoAddress);
        assert_eq!(Failure::connecting(&unknown), Failure::UnknownHost);
        let certificate = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let tls = io::Error::new(io::ErrorKind::InvalidData, certificate);
        assert_eq!(
            Failure::connecting(&io::Error::other(tls)),
            Failure::Tls(TlsProblem::UnknownIssuer)
        );
        assert_eq!(
            Failure::connecting(&io::Error::from(io::ErrorKind::TimedOut)),
            Failure::TimedOut(Phase::Connect)
        );
    }

    #[test]
    fn a_server_that_turns_a_certificate_away_later_is_told_from_a_broken_connection() {
        let alert = rustls::Error::AlertReceived(AlertDescription::CertificateRequired);
        let late = io::Error::new(io::ErrorKind::InvalidData, alert);
        assert_eq!(
            Failure::breaking(&io::Error::other(late)),
            Failure::Tls(TlsProblem::CertificateNeeded)
        );
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(Failure::breaking(&reset), Failure::Interrupted);
    }

    #[test]
    fn only_failures_of_connecting_prove_that_nothing_was_sent() {
        assert!(Failure::Offline(io::ErrorKind::ConnectionRefused).nothing_was_sent());
        assert!(Failure::TimedOut(Phase::Connect).nothing_was_sent());
        assert!(!Failure::TimedOut(Phase::Answer).nothing_was_sent());
        assert!(!Failure::Interrupted.nothing_was_sent());
    }

    #[test]
    fn an_error_shows_host_and_port_and_no_query() {
        let url = Url::parse("http://localhost:8010/?auth=secret").unwrap();
        let error =
            Failure::Offline(io::ErrorKind::ConnectionRefused).at(ServerKind::Upstream, &url);
        assert_eq!(
            error.to_string(),
            "the upstream server localhost:8010 cannot be reached (connection refused)"
        );
        assert!(!format!("{error:?}").contains("secret"));
    }
}
