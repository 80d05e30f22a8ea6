//! Questions about where data goes: the service, and the way to it.

use std::path::Path;

use privicore_vault::{self as vault, Phrase, Value};

use crate::consent::Question;
use crate::consent::question::{LONGEST_ADDRESS, line, whole};
use crate::language::say;
use crate::view::ErrorView;

impl Question {
    pub(crate) fn connect(addresses: &vault::Addresses) -> Result<Self, ErrorView> {
        let message = Phrase::new("ask.connect").value("addresses", named(addresses)?);
        Ok(Self::of(&message))
    }

    pub(crate) fn test(addresses: &vault::Addresses) -> Result<Self, ErrorView> {
        let message = Phrase::new("ask.test").value("addresses", named(addresses)?);
        Ok(Self::of(&message))
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
                vault::ProxyChoice::System => Phrase::new("network.system_proxy"),
                vault::ProxyChoice::None => Phrase::new("network.no_proxy"),
                vault::ProxyChoice::Explicit(address) => Phrase::new("network.proxy")
                    .text("address", whole("what.proxy", address, LONGEST_ADDRESS)?),
            });
        }
        if wanted.ca_file != known.ca_file {
            changes.push(match &wanted.ca_file {
                Some(path) => with_path("network.trusted_file", path),
                None => Phrase::new("network.trusted_system"),
            });
        }
        let shown = |network: &vault::Network| {
            let files = (&network.client_certificate, &network.client_key);
            (files.0.clone(), files.1.clone())
        };
        if shown(wanted) != shown(known) {
            changes.push(match &wanted.client_certificate {
                Some(path) => with_path("network.certificate", path),
                None => Phrase::new("network.no_certificate"),
            });
        }
        if changes.is_empty() {
            return Ok(None);
        }
        let changes: Vec<String> = changes.iter().map(say).collect();
        let message = Phrase::new("ask.network").text("changes", changes.join("\n\n"));
        Ok(Some(Self::of(&message)))
    }
}

fn with_path(key: &str, path: &Path) -> Phrase {
    Phrase::new(key).text("file", line(&path.display().to_string()))
}

/// The addresses of a service, one a line.
fn named(addresses: &vault::Addresses) -> Result<Value, ErrorView> {
    let all = [
        ("server.api", &addresses.api),
        ("server.messages", &addresses.websocket),
        ("server.uploads", &addresses.upstream),
        ("server.downloads", &addresses.downstream),
    ];
    let lines: Result<Vec<Value>, ErrorView> = all
        .into_iter()
        .map(|(what, address)| {
            let address = whole("what.address", address, LONGEST_ADDRESS)?;
            let named = Phrase::new(what).text("address", address);
            Ok(Value::Phrase(named))
        })
        .collect();
    Ok(Value::Lines(lines?))
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
