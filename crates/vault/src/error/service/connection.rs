//! The choice of a service and the way to it.

use privicore_client::ProxyAddressError;
use privicore_client::ServerKind;

use crate::error::code::Code;
use crate::error::words::Words;
use crate::language::Phrase;

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
            Self::NotConnected => Code::NotConnected.words(),
            Self::BadAddress { which } => Code::BadAddress
                .words()
                .phrase("address", address_phrase(*which)),
            Self::BadProxy(problem) => Code::BadProxy
                .words()
                .phrase("problem", proxy_phrase(*problem)),
            Self::BadProxyName => Code::BadProxyName.words(),
            Self::KeyWithoutCertificate => Code::KeyWithoutCertificate.words(),
            Self::Sandbox(_) => Code::Sandbox.words(),
            Self::Phones(_) => Code::Phones.words(),
            Self::NoPhones => Code::NoPhones.words(),
        }
    }
}

fn address_phrase(which: ServerKind) -> Phrase {
    Phrase::new(match which {
        ServerKind::Api => "address.api",
        ServerKind::WebSocket => "address.websocket",
        ServerKind::Upstream => "address.upstream",
        ServerKind::Downstream => "address.downstream",
    })
}

fn proxy_phrase(problem: ProxyAddressError) -> Phrase {
    match problem {
        ProxyAddressError::NotAnAddress => Phrase::new("proxy_address.not_an_address"),
        ProxyAddressError::Unsupported => Phrase::new("proxy_address.unsupported"),
        ProxyAddressError::HasCredentials => Phrase::new("proxy_address.has_credentials"),
        problem => Phrase::new("proxy_address.other").text("problem", problem),
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
