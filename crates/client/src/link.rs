//! Single-use addresses handed out by the service. They carry their own authority and are never printed.

use std::fmt;

use url::Url;

use crate::answer::Malformed;
use crate::endpoints::{is_loopback, shown_host};

/// Where one upload goes. Single-use, expires.
#[derive(Clone, PartialEq, Eq)]
pub struct UpstreamLink(Url);

/// Where one download comes from. Single-use, expires.
#[derive(Clone, PartialEq, Eq)]
pub struct DownstreamLink(Url);

impl UpstreamLink {
    /// Resolves the `stream` of a temporary token: a complete address, or a bare value for the configured server
    /// whose host and port the service may replace.
    pub(crate) fn resolve(
        stream: &str,
        configured: &Url,
        host: Option<&str>,
        port: Option<u16>,
    ) -> Result<Self, Malformed> {
        if let Some(url) = complete(stream) {
            return safe(url?, configured).map(Self);
        }
        let server = relocated(configured, host, port)?;
        safe(with_auth(&server, stream), configured).map(Self)
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

impl DownstreamLink {
    /// A complete download address, if `body` is one.
    pub(crate) fn complete(body: &str, configured: &Url) -> Option<Result<Self, Malformed>> {
        complete(body).map(|url| safe(url?, configured).map(Self))
    }

    /// The address for a bare downstream token on the configured server.
    pub(crate) fn bare(token: &str, configured: &Url) -> Self {
        Self(with_auth(configured, token))
    }

    /// The address with what it authorizes with: a secret until it is used.
    pub fn reveal(&self) -> &str {
        self.url().as_str()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

fn complete(text: &str) -> Option<Result<Url, Malformed>> {
    text.contains("://")
        .then(|| Url::parse(text.trim()).map_err(|_| Malformed::NotALink))
}

fn relocated(configured: &Url, host: Option<&str>, port: Option<u16>) -> Result<Url, Malformed> {
    let mut url = configured.clone();
    if let Some(host) = host {
        if let Some(elsewhere) = complete(host) {
            url = elsewhere?;
        } else {
            url.set_host(Some(host)).map_err(|_| Malformed::NotALink)?;
        }
    }
    if port.is_some() {
        url.set_port(port).map_err(|()| Malformed::NotALink)?;
    }
    Ok(url)
}

/// Appends `?auth=` with the value percent-encoded.
fn with_auth(server: &Url, auth: &str) -> Url {
    let mut url = server.clone();
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", server.path()));
    }
    url.query_pairs_mut().clear().append_pair("auth", auth);
    url
}

/// Only a service on this machine may send to this machine unencrypted: to one elsewhere, the ports here are none of its business.
fn safe(url: Url, configured: &Url) -> Result<Url, Malformed> {
    let stays_here = is_loopback(&url) && is_loopback(configured);
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && stays_here);
    if !is_safe {
        return Err(Malformed::Insecure {
            host: shown_host(&url),
        });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Malformed::NotALink);
    }
    Ok(url)
}

macro_rules! prints_its_host {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({}/…)"), shown_host(&self.0))
            }
        }
    };
}

prints_its_host!(UpstreamLink);
prints_its_host!(DownstreamLink);

#[cfg(test)]
mod tests {
    use super::*;

    fn configured() -> Url {
        Url::parse("http://localhost:8010").unwrap()
    }

    fn resolve(stream: &str, host: Option<&str>, port: Option<u16>) -> Result<String, Malformed> {
        UpstreamLink::resolve(stream, &configured(), host, port).map(|link| link.url().to_string())
    }

    #[test]
    fn takes_a_complete_address_as_it_is() {
        assert_eq!(
            resolve("https://u.example.com:9010/x?auth=a%2Fb", None, None).unwrap(),
            "https://u.example.com:9010/x?auth=a%2Fb"
        );
    }

    #[test]
    fn puts_a_bare_value_on_the_configured_server() {
        assert_eq!(
            resolve("a/b+c==", None, None).unwrap(),
            "http://localhost:8010/?auth=a%2Fb%2Bc%3D%3D"
        );
    }

    #[test]
    fn the_service_may_name_another_host_and_port() {
        assert_eq!(
            resolve("v", Some("127.0.0.1"), Some(9999)).unwrap(),
            "http://127.0.0.1:9999/?auth=v"
        );
        assert_eq!(
            resolve("v", None, Some(7)).unwrap(),
            "http://localhost:7/?auth=v"
        );
        assert_eq!(
            resolve("v", Some("https://u2.example.com"), None).unwrap(),
            "https://u2.example.com/?auth=v"
        );
    }

    #[test]
    fn refuses_an_unencrypted_address_elsewhere() {
        assert_eq!(
            resolve("http://u.example.com/?auth=secret", None, None),
            Err(Malformed::Insecure {
                host: "u.example.com".to_owned()
            })
        );
        assert!(matches!(
            resolve("v", Some("u.example.com"), None),
            Err(Malformed::Insecure { .. })
        ));
        assert!(matches!(
            resolve("ftp://u.example.com/", None, None),
            Err(Malformed::Insecure { .. })
        ));
    }

    #[test]
    fn a_service_elsewhere_names_no_unencrypted_port_of_this_machine() {
        let elsewhere = Url::parse("https://service.example.com").unwrap();
        let here = "http://127.0.0.1:6379/?auth=x";
        let insecure = |refused| matches!(refused, Err(Malformed::Insecure { .. }));
        let resolved = UpstreamLink::resolve(here, &elsewhere, None, None);
        assert!(insecure(resolved.map(drop)));
        let complete = DownstreamLink::complete(here, &elsewhere).unwrap();
        assert!(insecure(complete.map(drop)));
        assert!(
            DownstreamLink::complete(here, &configured())
                .unwrap()
                .is_ok()
        );
    }

    #[test]
    fn links_print_their_host_only() {
        let link = UpstreamLink::resolve(
            "https://u.example.com/p?auth=secret",
            &configured(),
            None,
            None,
        )
        .unwrap();
        assert_eq!(format!("{link:?}"), "UpstreamLink(u.example.com/…)");
        assert_eq!(
            format!("{:?}", DownstreamLink::bare("secret", &configured())),
            "DownstreamLink(localhost:8010/…)"
        );
    }
}
