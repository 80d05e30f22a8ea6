//! The four addresses of a service, and the rule which addresses are safe to talk to.

use std::fmt;

use serde::Serialize;
use url::{Host, Url};

use crate::transport::zone::same_host;

/// One of the four servers of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "lowercase")]
pub enum ServerKind {
    Api,
    /// The WebSocket on which outcomes arrive.
    WebSocket,
    /// The file server that takes uploads.
    Upstream,
    /// The file server that serves downloads.
    Downstream,
}

impl fmt::Display for ServerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Api => "API",
            Self::WebSocket => "WebSocket",
            Self::Upstream => "upstream",
            Self::Downstream => "downstream",
        })
    }
}

/// The addresses of one service, each checked to be encrypted or on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrls {
    /// `https`, or `http` on loopback.
    pub api: Url,
    /// `wss`, or `ws` on loopback.
    pub websocket: Url,
    /// `https`, or `http` on loopback.
    pub upstream: Url,
    /// `https`, or `http` on loopback.
    pub downstream: Url,
}

impl ServerUrls {
    /// Reads four addresses as a person typed them; spaces around them are ignored.
    ///
    /// # Errors
    /// [`ServerUrlError`] names the first address that cannot be used, and why.
    pub fn parse(
        api: &str,
        websocket: &str,
        upstream: &str,
        downstream: &str,
    ) -> Result<Self, ServerUrlError> {
        Ok(Self {
            api: parse_one(ServerKind::Api, api)?,
            websocket: parse_one(ServerKind::WebSocket, websocket)?,
            upstream: parse_one(ServerKind::Upstream, upstream)?,
            downstream: parse_one(ServerKind::Downstream, downstream)?,
        })
    }

    /// Checks one address the way [`ServerUrls::parse`] does.
    ///
    /// # Errors
    /// [`ServerUrlError`] says why the address cannot be used.
    pub fn parse_one(server: ServerKind, text: &str) -> Result<Url, ServerUrlError> {
        parse_one(server, text)
    }

    /// Whether an address is on a host that the user has named: what is for the service alone may be shown there.
    pub(crate) fn has_host(&self, url: &Url) -> bool {
        let all = [&self.api, &self.websocket, &self.upstream, &self.downstream];
        all.into_iter().any(|known| same_host(known, url))
    }

    /// Whether an address is on a host and port that the user has named.
    pub(crate) fn has_place(&self, url: &Url) -> bool {
        let all = [&self.api, &self.websocket, &self.upstream, &self.downstream];
        let port = Url::port_or_known_default;
        all.into_iter()
            .any(|known| same_host(known, url) && port(known) == port(url))
    }

    /// An address as the one text in which it is compared and shown. A slash at its end means nothing, except in the
    /// path of a WebSocket.
    pub fn text_of(server: ServerKind, url: &Url) -> String {
        let text = url.as_str();
        match server {
            ServerKind::WebSocket if url.path() != "/" => text.to_owned(),
            _ => text.trim_end_matches('/').to_owned(),
        }
    }

    /// The address of one of the servers.
    pub fn of(&self, server: ServerKind) -> &Url {
        match server {
            ServerKind::Api => &self.api,
            ServerKind::WebSocket => &self.websocket,
            ServerKind::Upstream => &self.upstream,
            ServerKind::Downstream => &self.downstream,
        }
    }
}

/// An address that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {server} address {problem}")]
pub struct ServerUrlError {
    pub server: ServerKind,
    pub problem: ServerUrlProblem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServerUrlProblem {
    /// It is no address with a scheme and a host.
    #[error("is not a complete address such as {example}")]
    NotAnAddress {
        /// An address of the right form.
        example: &'static str,
    },
    /// It has the scheme of something else.
    #[error("must start with {expected}://")]
    WrongScheme {
        /// The scheme it must have.
        expected: &'static str,
    },
    /// It is not encrypted and leaves this machine.
    #[error("must start with {expected}:// because it is not on this computer")]
    NotEncrypted {
        /// The encrypted scheme.
        expected: &'static str,
    },
    /// It carries a user name or password.
    #[error("must not contain a user name or password")]
    HasCredentials,
    /// It carries a query or fragment.
    #[error("must end before any ? or #")]
    HasQuery,
}

fn parse_one(server: ServerKind, text: &str) -> Result<Url, ServerUrlError> {
    let (secure, plain, example) = match server {
        ServerKind::WebSocket => ("wss", "ws", "wss://sandbox.privicore.com:9083"),
        _ => ("https", "http", "https://sandbox.privicore.com:9009"),
    };
    let refuse = |problem| ServerUrlError { server, problem };
    let text = text.trim();
    let mut url = Url::parse(text)
        .ok()
        .filter(|_| text.contains("://"))
        .ok_or(refuse(ServerUrlProblem::NotAnAddress { example }))?;
    one_name(&mut url);
    if url.scheme() != secure && url.scheme() != plain {
        return Err(refuse(ServerUrlProblem::WrongScheme { expected: secure }));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(refuse(ServerUrlProblem::NotAnAddress { example }));
    }
    if url.scheme() == plain && !is_loopback(&url) {
        return Err(refuse(ServerUrlProblem::NotEncrypted { expected: secure }));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(ServerUrlProblem::HasCredentials));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse(ServerUrlProblem::HasQuery));
    }
    Ok(url)
}

/// Gives a host that has several names the usual one: without the dot of the root, and IPv4 not dressed as IPv6.
fn one_name(url: &mut Url) {
    match url.host().map(|host| host.to_owned()) {
        Some(Host::Domain(name)) if name.len() > 1 && name.ends_with('.') => {
            let _ = url.set_host(name.strip_suffix('.'));
        }
        Some(Host::Ipv6(address)) => {
            if let Some(address) = address.to_ipv4_mapped() {
                let _ = url.set_ip_host(address.into());
            }
        }
        _ => {}
    }
}

/// Whether the host of an address is this machine: the one name and the addresses that cannot be anything else.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The host and port of an address and nothing else of it: what may be printed.
pub(crate) fn shown_host(url: &Url) -> String {
    let host = url.host_str().unwrap_or("?");
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(server: ServerKind, text: &str) -> Option<ServerUrlProblem> {
        parse_one(server, text).err().map(|error| error.problem)
    }

    #[test]
    fn takes_the_published_and_the_local_addresses() {
        for text in [
            "https://sandbox.privicore.com:9009",
            " http://localhost:8009/ ",
            "http://127.0.0.1:1",
            "http://[::1]:8009",
        ] {
            assert_eq!(problem(ServerKind::Api, text), None, "{text}");
        }
        assert_eq!(problem(ServerKind::WebSocket, "ws://localhost:8083"), None);
        assert_eq!(
            problem(ServerKind::WebSocket, "wss://example.com/socket"),
            None
        );
    }

    #[test]
    fn refuses_an_unencrypted_address_elsewhere() {
        assert_eq!(
            problem(ServerKind::Api, "http://example.com"),
            Some(ServerUrlProblem::NotEncrypted { expected: "https" })
        );
        assert_eq!(
            problem(ServerKind::WebSocket, "ws://10.0.0.1"),
            Some(ServerUrlProblem::NotEncrypted { expected: "wss" })
        );
        assert_eq!(
            problem(ServerKind::Upstream, "http://localhost.example.com"),
            Some(ServerUrlProblem::NotEncrypted { expected: "https" })
        );
    }

    #[test]
    fn refuses_what_is_not_such_an_address() {
        assert!(matches!(
            problem(ServerKind::Api, "localhost:8009"),
            Some(ServerUrlProblem::NotAnAddress { .. })
        ));
        assert!(matches!(
            problem(ServerKind::Api, ""),
            Some(ServerUrlProblem::NotAnAddress { .. })
        ));
        assert!(matches!(
            problem(ServerKind::Api, "wss://example.com"),
            Some(ServerUrlProblem::WrongScheme { .. })
        ));
        assert!(matches!(
            problem(ServerKind::WebSocket, "https://example.com"),
            Some(ServerUrlProblem::WrongScheme { .. })
        ));
        assert_eq!(
            problem(ServerKind::Api, "https://me:pw@example.com"),
            Some(ServerUrlProblem::HasCredentials)
        );
        assert_eq!(
            problem(ServerKind::Downstream, "https://example.com/?auth=x"),
            Some(ServerUrlProblem::HasQuery)
        );
    }

    #[test]
    fn says_which_address_and_why() {
        let error = ServerUrls::parse("http://example.com", "", "", "").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the API address must start with https:// because it is not on this computer"
        );
    }
}
