//! Questions about where data goes: the service, and the way to it.

use privicore_vault as vault;

use crate::consent::Question;
use crate::consent::question::{LONGEST_ADDRESS, line, line_within};

impl Question {
    pub(crate) fn connect(addresses: &vault::Addresses) -> Self {
        Self {
            title: "Use this service?",
            message: format!(
                "Your user name, your password and your encrypted files go to these addresses:\n\n{}",
                named(addresses)
            ),
            agree: "Use service",
        }
    }

    pub(crate) fn test(addresses: &vault::Addresses) -> Self {
        Self {
            title: "Test these addresses?",
            message: format!(
                "Privicore connects to each of them. Continue only if they are the addresses you typed:\n\n{}",
                named(addresses)
            ),
            agree: "Test addresses",
        }
    }

    /// Nothing when the settings stay as they are.
    pub(crate) fn network(known: &vault::Network, wanted: &vault::Network) -> Option<Self> {
        let mut changes = Vec::new();
        if wanted.proxy != known.proxy {
            changes.push(match &wanted.proxy {
                vault::ProxyChoice::System => "The system's proxy is used.".to_owned(),
                vault::ProxyChoice::None => "No proxy is used.".to_owned(),
                vault::ProxyChoice::Explicit(address) => {
                    format!(
                        "Everything goes through the proxy {}.",
                        line_within(address, LONGEST_ADDRESS)
                    )
                }
            });
        }
        if wanted.ca_file != known.ca_file {
            changes.push(match &wanted.ca_file {
                Some(path) => format!(
                    "The certificates in {} are trusted. Whoever issued them can read your password and the session, but no file.",
                    line(&path.display().to_string())
                ),
                None => "Only the system's certificates are trusted.".to_owned(),
            });
        }
        let shown = |network: &vault::Network| {
            let files = (&network.client_certificate, &network.client_key);
            (files.0.clone(), files.1.clone())
        };
        if shown(wanted) != shown(known) {
            changes.push(match &wanted.client_certificate {
                Some(path) => format!(
                    "The certificate in {} is shown to the service.",
                    line(&path.display().to_string())
                ),
                None => "No certificate is shown to the service.".to_owned(),
            });
        }
        (!changes.is_empty()).then(|| Self {
            title: "Change the network settings?",
            message: changes.join("\n\n"),
            agree: "Change",
        })
    }
}

/// The addresses of a service, one a line.
fn named(addresses: &vault::Addresses) -> String {
    let all = [
        ("API", &addresses.api),
        ("Messages", &addresses.websocket),
        ("Uploads", &addresses.upstream),
        ("Downloads", &addresses.downstream),
    ];
    let all =
        all.map(|(what, address)| format!("{what}: {}", line_within(address, LONGEST_ADDRESS)));
    all.join("\n")
}
