//! Single-use links from the service. They carry their own authority and are never printed.

use std::fmt;

use serde_json::{Map, Value};
use url::Url;

use crate::answer::malformed::Malformed;
use crate::server_urls::{is_loopback, shown_host};

/// Where one upload goes. Single-use, expires.
#[derive(Clone, PartialEq, Eq)]
pub struct UpstreamLink(Url);

/// Where one download comes from. Single-use, expires.
#[derive(Clone, PartialEq, Eq)]
pub struct DownstreamLink {
    url: Url,
    is_announced: bool,
}

/// What the service says of where a transfer goes, in whichever of its fields.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// An address, an address without its scheme, or a bare value that authorizes.
    pub(crate) text: Option<String>,
    /// The address of the server, with or without what authorizes.
    pub(crate) url: Option<String>,
    /// The server that takes the place of the configured one.
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place(…)")
    }
}

/// Longer texts are no link and no name of a server.
const LONGEST_LINK_BYTES: usize = 16 * 1024;

impl Place {
    pub(crate) fn of(text: &str) -> Self {
        Self {
            text: Some(text.to_owned()),
            ..Self::default()
        }
    }

    /// Reads the fields in which a place has been seen, in a temporary token, in the answer to a request for data, and
    /// when a stream is ready.
    pub(crate) fn read(object: &Map<String, Value>, texts: &[&str]) -> Self {
        let text = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| match object.get(*name)? {
                Value::String(text) => Some(text.trim().to_owned()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            });
            found.find(|text| !text.is_empty())
        };
        let port = text(&[
            "stream_server_port",
            "download_server_port",
            "streamServerPort",
            "downloadServerPort",
        ]);
        Self {
            text: text(texts),
            url: text(&["streamUrl", "stream_url", "downloadUrl", "download_url"]),
            host: text(&[
                "stream_server_id",
                "download_server_id",
                "streamServerId",
                "downloadServerId",
            ]),
            port: port.and_then(|port| port.parse().ok()),
        }
    }

    /// What two messages say of one place; `other` fills in what is missing here.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            text: self.text.or(other.text),
            url: self.url.or(other.url),
            host: self.host.or(other.host),
            port: self.port.or(other.port),
        }
    }

    /// Whether there is enough in it to go there.
    pub(crate) fn is_complete(&self) -> bool {
        let authorizes = |text: &String| is_address(text);
        self.text.is_some() || self.url.as_ref().is_some_and(authorizes)
    }

    /// Whether it is an address as it stands: it needs nothing that is still to come.
    pub(crate) fn is_address(&self) -> bool {
        let texts = [&self.text, &self.url];
        texts.into_iter().flatten().any(|text| is_address(text))
    }

    /// How many bytes it takes up.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [&self.text, &self.url, &self.host];
        texts.into_iter().flatten().map(String::len).sum()
    }

    /// The address, on the configured server where the service names no other.
    fn resolve(&self, configured: &Url) -> Result<Url, Malformed> {
        if self.bytes() > LONGEST_LINK_BYTES {
            return Err(Malformed::NotALink);
        }
        let texts = [&self.text, &self.url];
        for text in texts.into_iter().flatten() {
            if is_address(text) {
                return safe(address(text, configured)?, configured);
            }
        }
        let auth = self.text.as_deref().ok_or(Malformed::NotALink)?;
        let server = match &self.url {
            Some(server) => server_at(server, configured)?,
            None => relocated(configured, self.host.as_deref(), self.port)?,
        };
        safe(with_auth(&server, auth), configured)
    }
}

impl UpstreamLink {
    /// Resolves the `stream` of a temporary token: a complete address, or a bare value for the configured server
    /// whose host and port the service may replace.
    pub(crate) fn resolve(place: &Place, configured: &Url) -> Result<Self, Malformed> {
        place.resolve(configured).map(Self)
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

impl DownstreamLink {
    /// Resolves where requested data can be fetched. `is_announced` tells that the service has said that it is ready
    /// there.
    pub(crate) fn resolve(
        place: &Place,
        configured: &Url,
        is_announced: bool,
    ) -> Result<Self, Malformed> {
        Ok(Self {
            url: place.resolve(configured)?,
            is_announced,
        })
    }

    /// The address with what it authorizes with: a secret until it is used.
    pub fn reveal(&self) -> &str {
        self.url().as_str()
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Whether the service has said that the data is ready there. Else being refused does not mean that the link is
    /// spent.
    pub(crate) fn is_announced(&self) -> bool {
        self.is_announced
    }
}

/// Whether a text says where to go and not only what authorizes: `https://…`, `host:port/?auth=…`, `/?auth=…`.
fn is_address(text: &str) -> bool {
    text.contains("://") || text.contains("?auth=") || text.contains("&auth=")
}

fn address(text: &str, configured: &Url) -> Result<Url, Malformed> {
    let text = text.trim();
    if text.contains("://") {
        return Url::parse(text).map_err(|_| Malformed::NotALink);
    }
    if text.starts_with("//") || !text.starts_with(['/', '?']) {
        return without_scheme(text.trim_start_matches('/'), configured);
    }
    configured.join(text).map_err(|_| Malformed::NotALink)
}

/// An address that the service wrote without its scheme: encrypted, unless it and the service are on this computer and
/// the service is not encrypted.
fn without_scheme(text: &str, configured: &Url) -> Result<Url, Malformed> {
    let text = match text.parse::<std::net::Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => text.to_owned(),
    };
    let parse = |scheme| Url::parse(&format!("{scheme}://{text}"));
    let url = parse("https").map_err(|_| Malformed::NotALink)?;
    if configured.scheme() == "http" && is_loopback(&url) {
        return parse("http").map_err(|_| Malformed::NotALink);
    }
    Ok(url)
}

/// A server as the service names it: an address, or a host with or without a port.
fn server_at(text: &str, configured: &Url) -> Result<Url, Malformed> {
    if text.contains("://") {
        return Url::parse(text).map_err(|_| Malformed::NotALink);
    }
    without_scheme(text, configured)
}

fn relocated(configured: &Url, host: Option<&str>, port: Option<u16>) -> Result<Url, Malformed> {
    let mut url = configured.clone();
    if let Some(host) = host {
        let named = server_at(host, configured)?;
        if host.contains("://") {
            url = named;
        } else {
            url.set_host(named.host_str())
                .map_err(|_| Malformed::NotALink)?;
            if let Some(named_port) = named.port() {
                url.set_port(Some(named_port))
                    .map_err(|()| Malformed::NotALink)?;
            }
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

/// Only a service on this machine may send to this machine unencrypted: to one elsewhere, the ports here are none of
/// its business. Whether the host may be named at all is decided when it is gone to: its name has to be asked for.
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
                write!(
                    f,
                    concat!(stringify!($name), "({}/…)"),
                    shown_host(self.url())
                )
            }
        }
    };
}

prints_its_host!(UpstreamLink);
prints_its_host!(DownstreamLink);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn configured() -> Url {
        Url::parse("http://localhost:8010").unwrap()
    }

    fn resolve(stream: &str, host: Option<&str>, port: Option<u16>) -> Result<String, Malformed> {
        let place = Place {
            host: host.map(str::to_owned),
            port,
            ..Place::of(stream)
        };
        UpstreamLink::resolve(&place, &configured()).map(|link| link.url().to_string())
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

    /// Every form in which a place has been seen, with where it leads.
    #[test]
    fn takes_every_form_of_a_link() {
        let local = configured();
        let remote = Url::parse("https://files.example.com:9010/base").unwrap();
        let read = |json: Value| Place::read(json.as_object().unwrap(), &["stream"]);
        for (configured, said, expected) in [
            (
                &local,
                json!({"stream": "localhost:8444/?auth=v%2F1"}),
                "http://localhost:8444/?auth=v%2F1",
            ),
            (
                &remote,
                json!({"stream": "d.example.com:8444/?auth=v"}),
                "https://d.example.com:8444/?auth=v",
            ),
            (
                &remote,
                json!({"stream": "//d.example.com/x?auth=v"}),
                "https://d.example.com/x?auth=v",
            ),
            (
                &remote,
                json!({"stream": "[2606:2800::1]:81/?auth=v"}),
                "https://[2606:2800::1]:81/?auth=v",
            ),
            (
                &local,
                json!({"stream": "/?auth=v"}),
                "http://localhost:8010/?auth=v",
            ),
            (
                &remote,
                json!({"stream": "v", "download_server_id": "d.example.com", "download_server_port": 81}),
                "https://d.example.com:81/base/?auth=v",
            ),
            (
                &remote,
                json!({"stream": "v", "stream_server_id": "d.example.com:82"}),
                "https://d.example.com:82/base/?auth=v",
            ),
            (
                &local,
                json!({"stream": "v", "stream_server_id": "::1", "stream_server_port": "83"}),
                "http://[::1]:83/?auth=v",
            ),
            (
                &local,
                json!({"streamUrl": "http://127.0.0.1:84/?auth=w"}),
                "http://127.0.0.1:84/?auth=w",
            ),
            (
                &local,
                json!({"stream": "v", "streamUrl": "127.0.0.1:85"}),
                "http://127.0.0.1:85/?auth=v",
            ),
            (
                &local,
                json!({"stream": "v", "stream_server_id": "", "stream_server_port": null}),
                "http://localhost:8010/?auth=v",
            ),
        ] {
            let link = DownstreamLink::resolve(&read(said.clone()), configured, false);
            assert_eq!(link.unwrap().reveal(), expected, "{said}");
        }
        let endless = Place::of(&"v".repeat(LONGEST_LINK_BYTES + 1));
        assert_eq!(
            DownstreamLink::resolve(&endless, &local, false),
            Err(Malformed::NotALink)
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
        let place = Place::of(here);
        let resolved = UpstreamLink::resolve(&place, &elsewhere);
        assert!(insecure(resolved.map(drop)));
        let complete = DownstreamLink::resolve(&place, &elsewhere, true);
        assert!(insecure(complete.map(drop)));
        assert!(DownstreamLink::resolve(&place, &configured(), true).is_ok());
    }

    #[test]
    fn links_print_their_host_only() {
        let place = Place::of("https://u.example.com/p?auth=secret");
        let link = UpstreamLink::resolve(&place, &configured()).unwrap();
        assert_eq!(format!("{link:?}"), "UpstreamLink(u.example.com/…)");
        assert_eq!(
            format!(
                "{:?}",
                DownstreamLink::resolve(&Place::of("secret"), &configured(), true).unwrap()
            ),
            "DownstreamLink(localhost:8010/…)"
        );
        assert_eq!(format!("{place:?}"), "Place(…)");
    }
}
