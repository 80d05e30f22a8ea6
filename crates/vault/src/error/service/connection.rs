//! The choice of a service and the way to it.

use privicore_client::ProxyAddressError;
use privicore_client::ServerKind;

use crate::error::code::Code;
use crate::error::words::Words;

/// Why the app does not talk to a service.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(test, derive(strum::VariantNames, strum::IntoStaticStr))]
pub enum ConnectionError {
    /// No service was chosen yet.
    #[error("no service is chosen")]
    NotConnected,
    /// An address is not one this app may talk to.
    #[error("the {which:?} address is not acceptable")]
    BadAddress {
        /// Which of the four.
        which: ServerKind,
    },
    /// The address of a proxy is not one this app can use.
    #[error("the proxy's address cannot be used: {0}")]
    BadProxy(#[source] ProxyAddressError),
    /// The user name for a proxy is empty or has a colon in it.
    #[error("the user name for the proxy cannot be used")]
    BadProxyName,
    /// A client certificate's key was chosen without the certificate.
    #[error("a key without its certificate")]
    KeyWithoutCertificate,
    /// The embedded sandbox did not start.
    #[error("the embedded sandbox did not start")]
    Sandbox(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The phones that the embedded sandbox plays cannot be used.
    #[error("the simulated phones cannot be used")]
    Phones(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// This process plays no phones: the service is elsewhere, or another process hosts the sandbox.
    #[error("there are no simulated phones")]
    NoPhones,
}

impl ConnectionError {
    pub(crate) fn words(&self) -> Words {
        match self {
            Self::NotConnected => (
                Code::NotConnected,
                "No service is chosen.".into(),
                "Choose the local sandbox or connect to Privicore.",
            ),
            Self::BadAddress { which } => (
                Code::BadAddress,
                format!("The {} is not acceptable.", address_of(*which)),
                "Give a full address that starts with https:// (wss:// for the WebSocket). Plain http:// and ws:// \
                are allowed on this machine only.",
            ),
            Self::BadProxy(problem) => (
                Code::BadProxy,
                format!("The proxy's address cannot be used: {problem}."),
                "Give an address such as http://proxy.example.com:3128. SOCKS proxies are not supported.",
            ),
            Self::BadProxyName => (
                Code::BadProxyName,
                "The user name for the proxy is empty or has a colon in it.".into(),
                "Give the user name without the password, and the password on its own.",
            ),
            Self::KeyWithoutCertificate => (
                Code::KeyWithoutCertificate,
                "There is a key for a client certificate, but no certificate.".into(),
                "Choose the certificate as well, or remove the key.",
            ),
            Self::Sandbox(_) => (
                Code::Sandbox,
                "The local sandbox did not start.".into(),
                "Check that the app's data folder can be written to and that the disk is not full, then try again.",
            ),
            Self::Phones(_) => (
                Code::Phones,
                "The simulated phones cannot be used: the sandbox could not read or write its data."
                    .into(),
                "Check that the app's data folder can be written to and that the disk is not full, then try again.",
            ),
            Self::NoPhones => (
                Code::NoPhones,
                "There are no simulated phones here.".into(),
                "They belong to the local sandbox. With a service, vote on the devices themselves.",
            ),
        }
    }
}

fn address_of(which: ServerKind) -> &'static str {
    match which {
        ServerKind::Api => "API address",
        ServerKind::WebSocket => "WebSocket address",
        ServerKind::Upstream => "upstream address",
        ServerKind::Downstream => "downstream address",
    }
}

#[cfg(test)]
impl ConnectionError {
    /// One of each.
    pub(crate) fn every() -> Vec<Self> {
        let mut all = vec![
            Self::NotConnected,
            Self::BadProxyName,
            Self::KeyWithoutCertificate,
            Self::Sandbox("no port".into()),
            Self::Phones("no folder".into()),
            Self::NoPhones,
        ];
        let which = [
            ServerKind::Api,
            ServerKind::WebSocket,
            ServerKind::Upstream,
            ServerKind::Downstream,
        ];
        all.extend(which.map(|which| Self::BadAddress { which }));
        let proxies = [
            ProxyAddressError::NotAnAddress,
            ProxyAddressError::Unsupported,
            ProxyAddressError::HasCredentials,
        ];
        all.extend(proxies.map(Self::BadProxy));
        all
    }
}
