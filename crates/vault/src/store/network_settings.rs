//! The part of the settings that is about the network.

use std::path::PathBuf;

use privicore_client as client;
use privicore_client::{ClientCertificate, ProxyAddress, ProxyCredentials};
use serde::{Deserialize, Serialize};

use crate::error::{ConnectionError, Error};

/// The part of the settings file that is about the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NetworkSettings {
    #[serde(flatten)]
    pub network: Network,
    /// The keyring's item with the name and the password for the proxy, if it has them.
    pub proxy_item: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Network {
    /// Which proxy. Addresses on this machine are always reached without one.
    pub proxy: ProxyChoice,
    /// A file with certificates to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// A file with the certificate to show to a service that asks for one.
    pub client_certificate: Option<PathBuf>,
    /// A file with its key; without it, the key is in the same file.
    pub client_key: Option<PathBuf>,
}

impl Network {
    /// With the proxy's address as it is kept, so that two ways to write it are the same.
    pub(crate) fn in_plain_form(mut self) -> Result<Self, Error> {
        if let ProxyChoice::Explicit(address) = &self.proxy {
            self.proxy = ProxyChoice::at(address)?;
        }
        Ok(self)
    }

    pub(crate) fn for_client(
        &self,
        credentials: Option<ProxyCredentials>,
    ) -> Result<client::Network, Error> {
        let proxy = match &self.proxy {
            ProxyChoice::System => client::Proxy::System,
            ProxyChoice::None => client::Proxy::None,
            ProxyChoice::Explicit(address) => client::Proxy::Explicit {
                address: ProxyAddress::parse(address).map_err(ConnectionError::BadProxy)?,
                credentials,
            },
        };
        let client_certificate = match (&self.client_certificate, &self.client_key) {
            (Some(chain), key) => Some(ClientCertificate {
                chain: chain.clone(),
                key: key.clone(),
            }),
            (None, Some(_)) => return Err(ConnectionError::KeyWithoutCertificate.into()),
            (None, None) => None,
        };
        Ok(client::Network {
            proxy,
            ca_file: self.ca_file.clone(),
            client_certificate,
        })
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "address")]
pub enum ProxyChoice {
    /// The one that the environment or the operating system names, if any.
    #[default]
    System,
    None,
    /// The HTTP proxy at this address.
    Explicit(String),
}

impl ProxyChoice {
    /// The HTTP proxy at an address as a person types it: `http://` may be left out.
    ///
    /// # Errors
    /// [`ConnectionError::BadProxy`] says why it cannot be used.
    pub fn at(address: &str) -> Result<Self, Error> {
        let address = ProxyAddress::parse(address).map_err(ConnectionError::BadProxy)?;
        Ok(Self::Explicit(address.as_str().to_owned()))
    }
}
