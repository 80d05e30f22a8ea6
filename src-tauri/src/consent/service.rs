//! Questions about where data goes: the service, and the way to it.

use privicore_vault as vault;

use crate::consent::Question;
use crate::consent::question::{LONGEST_ADDRESS, line, whole};
use crate::view::ErrorView;

impl Question {
    pub(crate) fn connect(addresses: &vault::Addresses) -> Result<Self, ErrorView> {
        Ok(Self {
            title: "Use this service?",
            message: format!(
                "Your user name, your password and your encrypted files go to these addresses:\n\n{}",
                named(addresses)?
            ),
            agree: "Use service",
        })
    }

    pub(crate) fn test(addresses: &vault::Addresses) -> Result<Self, ErrorView> {
        Ok(Self {
            title: "Test these addresses?",
            message: format!(
                "Privicore connects to each of them. Continue only if they are the addresses you typed:\n\n{}",
                named(addresses)?
            ),
            agree: "Test addresses",
        })
    }

    /// Nothing when the settings stay as they are.
    ///
    /// # Errors
    /// When the proxy's address is longer than what is shown.
    pub(crate) fn network(
        known: &vault::Network,
        wanted: &vault::Network,
    ) -> Result<Option<Self>, ErrorView> {
        let mut changes = Vec::new();
        if wanted.proxy != known.proxy {
            changes.push(match &wanted.proxy {
                vault::ProxyChoice::System => "The system's proxy is used.".to_owned(),
                vault::ProxyChoice::None => "No proxy is used.".to_owned(),
                vault::ProxyChoice::Explicit(address) => {
                    format!(
                        "Everything goes through the proxy {}.",
                        whole("The address of the proxy", address, LONGEST_ADDRESS)?
                    )
                }
            });
        }
        if wanted.ca_file != known.ca_file {
            changes.push(match &wanted.ca_file {
                Some(path) => format!(
                    "The certificates in {} are trusted. Whoever issued them can read your password and the session, \
                    but no file.",
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
        Ok((!changes.is_empty()).then(|| Self {
            title: "Change the network settings?",
            message: changes.join("\n\n"),
            agree: "Change",
        }))
    }
}

/// The addresses of a service, one a line.
fn named(addresses: &vault::Addresses) -> Result<String, ErrorView> {
    let all = [
        ("API", &addresses.api),
        ("Messages", &addresses.websocket),
        ("Uploads", &addresses.upstream),
        ("Downloads", &addresses.downstream),
    ];
    let lines: Result<Vec<String>, ErrorView> = all
        .into_iter()
        .map(|(what, address)| {
            let address = whole("An address", address, LONGEST_ADDRESS)?;
            Ok(format!("{what}: {address}"))
        })
        .collect();
    Ok(lines?.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_longer_than_the_dialog_shows_is_refused_without_a_question() {
        const BEGIN: &str = "https://service.test/";
        for length in [LONGEST_ADDRESS, LONGEST_ADDRESS + 1] {
            let address = format!("{BEGIN}{}", "x".repeat(length - BEGIN.len()));
            let others = vault::Addresses {
                api: "https://api.test".to_owned(),
                websocket: "wss://messages.test".to_owned(),
                upstream: "https://up.test".to_owned(),
                downstream: address.clone(),
            };
            let known = vault::Network::default();
            let proxy = vault::Network {
                proxy: vault::ProxyChoice::Explicit(address.clone()),
                ..known.clone()
            };
            for asked in [
                Question::connect(&others),
                Question::test(&others),
                Question::network(&known, &proxy).map(|asked| asked.expect("it is asked about")),
            ] {
                match asked {
                    Ok(asked) => assert!(asked.message.contains(&address), "{asked:?}"),
                    Err(refused) => {
                        assert_eq!(refused.code, vault::Code::TooLongToShow);
                        assert!(length > LONGEST_ADDRESS, "{}", refused.message);
                        continue;
                    }
                }
                assert!(length <= LONGEST_ADDRESS, "{length} is asked about");
            }
        }
    }
}
