//! Through which proxy an address is reached. Decided here, once for HTTP and WebSocket alike.

use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::answer::base64_text;
use crate::error::ProxyProblem;
use crate::server_urls::{is_loopback, shown_host};
use crate::transport::failure::Failure;

/// Which proxy is used. Addresses on this machine are always reached without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// What the environment says (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`), else the settings of macOS or Windows.
    #[default]
    System,
    /// None, whatever the system says.
    None,
    Explicit {
        address: ProxyAddress,
        /// The credentials, if the proxy requires them.
        credentials: Option<ProxyCredentials>,
    },
}

/// Where an HTTP proxy is. SOCKS and proxies that are themselves reached over TLS are not supported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyAddress(Url);

/// A name and a password for a proxy (RFC 7617).
#[derive(Clone)]
pub struct ProxyCredentials {
    /// Must not contain a colon.
    pub username: String,
    pub password: SecretString,
}

/// What is wrong with the address of a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyAddressError {
    /// It has no host, or more than a host and a port.
    #[error("it is no address such as http://proxy.example.com:3128")]
    NotAnAddress,
    /// It is a proxy of another kind.
    #[error("only http:// proxies are supported")]
    Unsupported,
    /// It carries a user name or password.
    #[error("it must not contain a user name or password")]
    HasCredentials,
}

impl ProxyAddress {
    /// Reads an address as a person typed it; `http://` may be left out.
    ///
    /// # Errors
    /// [`ProxyAddressError`] says why it cannot be used.
    pub fn parse(text: &str) -> Result<Self, ProxyAddressError> {
        let text = text.trim();
        let complete = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&complete).map_err(|_| ProxyAddressError::NotAnAddress)?;
        if url.scheme() != "http" {
            return Err(ProxyAddressError::Unsupported);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ProxyAddressError::HasCredentials);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(ProxyAddressError::NotAnAddress);
        }
        Ok(Self(url))
    }

    /// The address as it is kept and shown.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

impl fmt::Debug for ProxyCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyCredentials(…)")
    }
}

impl PartialEq for ProxyCredentials {
    fn eq(&self, other: &Self) -> bool {
        self.username == other.username
            && self.password.expose_secret() == other.password.expose_secret()
    }
}

impl Eq for ProxyCredentials {}

/// The decision for every address.
#[derive(Clone)]
pub(crate) struct Proxies(Arc<Rule>);

enum Rule {
    Matched(Matcher),
    Never,
    Always(Via),
}

/// One proxy, as one connection uses it.
#[derive(Clone)]
pub(crate) struct Via {
    url: Url,
    credentials: Option<ProxyCredentials>,
}

impl Proxies {
    pub(crate) fn new(proxy: &Proxy) -> Self {
        Self(Arc::new(match proxy {
            Proxy::System => Rule::Matched(Matcher::from_system()),
            Proxy::None => Rule::Never,
            Proxy::Explicit {
                address,
                credentials,
            } => Rule::Always(Via {
                url: address.0.clone(),
                credentials: credentials.clone(),
            }),
        }))
    }

    /// The proxy for an address (`http`, `https`, `ws` or `wss`), if it is reached through one.
    ///
    /// # Errors
    /// [`ProxyProblem::Unsupported`] for a proxy of another kind than HTTP: going past it would break the system's
    /// rule.
    pub(crate) fn of(&self, url: &Url) -> Result<Option<Via>, Failure> {
        if stays_here(url) {
            return Ok(None);
        }
        match &*self.0 {
            Rule::Never => Ok(None),
            Rule::Always(via) => Ok(Some(via.clone())),
            Rule::Matched(matcher) => matched(matcher, url),
        }
    }
}

fn matched(matcher: &Matcher, url: &Url) -> Result<Option<Via>, Failure> {
    let scheme = if matches!(url.scheme(), "ws" | "http") {
        "http"
    } else {
        "https"
    };
    // Rules are about hosts; the rest of an address may be secret.
    let asked = format!("{scheme}://{}/", shown_host(url));
    let Some(found) = asked.parse().ok().and_then(|uri| matcher.intercept(&uri)) else {
        return Ok(None);
    };
    let url: Url = found
        .uri()
        .to_string()
        .parse()
        .map_err(|_| unsupported("?"))?;
    if url.scheme() != "http" {
        return Err(unsupported(&shown_host(&url)));
    }
    let header = found.basic_auth().and_then(|value| value.to_str().ok());
    Ok(Some(Via {
        url,
        credentials: header.and_then(credentials_of),
    }))
}

fn unsupported(host: &str) -> Failure {
    Failure::Proxy(host.to_owned(), ProxyProblem::Unsupported)
}

fn credentials_of(header: &str) -> Option<ProxyCredentials> {
    let decoded = base64_text::decode(header.strip_prefix("Basic ")?)?;
    let (username, password) = str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some(ProxyCredentials {
        username: username.to_owned(),
        password: password.into(),
    })
}

/// Whether an address leads to this machine (RFC 6761, 6.3), where no proxy can reach it.
fn stays_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv6(address)) => {
            let mapped = address.to_ipv4_mapped();
            is_loopback(url) || mapped.is_some_and(|address| address.is_loopback())
        }
        _ => is_loopback(url),
    }
}

impl Via {
    /// Where the proxy is.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Its host and port: what may be printed.
    pub(crate) fn host(&self) -> String {
        shown_host(&self.url)
    }

    pub(crate) fn failed(&self, problem: ProxyProblem) -> Failure {
        Failure::Proxy(self.host(), problem)
    }

    /// Whether there are credentials for it.
    pub(crate) fn has_credentials(&self) -> bool {
        self.credentials.is_some()
    }

    /// The value of `Proxy-Authorization` (RFC 9110, 11.7.2).
    pub(crate) fn authorization(&self) -> Option<SecretString> {
        let credentials = self.credentials.as_ref()?;
        let pair = SecretString::from(format!(
            "{}:{}",
            credentials.username,
            credentials.password.expose_secret()
        ));
        let encoded = base64_text::encode(pair.expose_secret().as_bytes());
        Some(SecretString::from(format!("Basic {encoded}")))
    }

    /// The address with the credentials in it, as the HTTP library wants it.
    pub(crate) fn url_with_credentials(&self) -> Url {
        let mut url = self.url.clone();
        if let Some(credentials) = &self.credentials {
            // A percent sign is taken for the beginning of an escape, and not escaped by itself.
            let escaped = |text: &str| text.replace('%', "%25");
            let password = escaped(credentials.password.expose_secret());
            // The address of a proxy has a host, so both can be set.
            let _ = url.set_username(&escaped(&credentials.username));
            let _ = url.set_password(Some(&password));
        }
        url
    }
}

impl fmt::Debug for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Via({})", self.host())
    }
}

#[cfg(test)]
mod tests;
