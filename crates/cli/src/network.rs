//! How the service is reached: options that are remembered like the service itself.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use privicore_vault::{Network, ProxyChoice, ProxyCredentials, ProxySecretChange, Vault};
use secrecy::ExposeSecret as _;

use crate::exit::Failure;
use crate::prompt;

/// The value that removes a remembered file.
const NONE: &str = "none";

/// Proxy and certificates; remembered.
#[derive(Debug, ClapArgs)]
#[group(id = "network")]
pub(crate) struct NetworkOptions {
    /// The HTTP proxy: its URL, "system" for the setting of the environment or the system, or "none".
    #[arg(long, global = true, value_name = "URL|system|none")]
    pub proxy: Option<String>,
    /// Certificates (PEM) to trust beside the system's, or "none".
    #[arg(long, global = true, value_name = "FILE|none")]
    pub ca_file: Option<PathBuf>,
    /// The certificate (PEM) to show to a service that asks for one, or "none".
    #[arg(long, global = true, value_name = "FILE|none")]
    pub client_certificate: Option<PathBuf>,
    /// Its key (PEM), if it is not in the same file, or "none".
    #[arg(long, global = true, value_name = "FILE|none")]
    pub client_key: Option<PathBuf>,
}

impl NetworkOptions {
    /// Has the vault take up what was asked for, and the proxy's name and password from the environment.
    pub(crate) async fn apply(&self, vault: &Vault) -> Result<(), Failure> {
        let known = vault.network().network;
        let network = self.changed(known.clone())?;
        let secret = credentials()?.map_or(ProxySecretChange::Keep, ProxySecretChange::Set);
        let is_proxied = matches!(network.proxy, ProxyChoice::Explicit(_));
        let tells = matches!(secret, ProxySecretChange::Set(_)) && is_proxied;
        if network != known || tells {
            vault.set_network(network, secret).await?;
        }
        Ok(())
    }

    fn changed(&self, mut network: Network) -> Result<Network, Failure> {
        if let Some(proxy) = &self.proxy {
            network.proxy = match proxy.as_str() {
                "system" => ProxyChoice::System,
                NONE => ProxyChoice::None,
                address => ProxyChoice::at(address)?,
            };
        }
        change(&mut network.ca_file, self.ca_file.as_deref())?;
        let certificate = self.client_certificate.as_deref();
        if certificate.is_some() && self.client_key.is_none() {
            // A key that belonged to another certificate is not asked for again.
            network.client_key = None;
        }
        change(&mut network.client_certificate, certificate)?;
        change(&mut network.client_key, self.client_key.as_deref())?;
        Ok(network)
    }
}

/// Remembered paths are complete: the next call may come from another folder.
fn change(known: &mut Option<PathBuf>, asked: Option<&Path>) -> Result<(), Failure> {
    match asked {
        None => {}
        Some(path) if path == Path::new(NONE) => *known = None,
        Some(path) => *known = Some(std::path::absolute(path)?),
    }
    Ok(())
}

fn credentials() -> Result<Option<ProxyCredentials>, Failure> {
    let Some(text) = prompt::proxy_credentials()? else {
        return Ok(None);
    };
    let (username, password) = text
        .expose_secret()
        .split_once(':')
        .unwrap_or((text.expose_secret(), ""));
    Ok(Some(ProxyCredentials {
        username: username.to_owned(),
        password: password.into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> NetworkOptions {
        NetworkOptions {
            proxy: None,
            ca_file: None,
            client_certificate: None,
            client_key: None,
        }
    }

    #[test]
    fn what_is_not_named_stays_and_none_takes_it_back() {
        let known = Network {
            proxy: ProxyChoice::Explicit("http://proxy.test:3128".into()),
            ca_file: Some("/etc/ca.pem".into()),
            ..Network::default()
        };
        let same = options().changed(known.clone()).unwrap();
        assert_eq!(same, known);
        let asked = NetworkOptions {
            proxy: Some("system".into()),
            ca_file: Some("none".into()),
            ..options()
        };
        assert_eq!(asked.changed(known).unwrap(), Network::default());
    }

    #[test]
    fn files_are_remembered_by_complete_paths_and_a_key_goes_with_its_certificate() {
        let known = Network {
            client_certificate: Some("/old.pem".into()),
            client_key: Some("/old.key".into()),
            ..Network::default()
        };
        let asked = NetworkOptions {
            client_certificate: Some("new.pem".into()),
            ..options()
        };
        let network = asked.changed(known).unwrap();
        assert!(network.client_certificate.unwrap().is_absolute());
        assert_eq!(network.client_key, None);
    }
}
