//! How the servers are reached and what is trusted on the way: what differs from one network to the next.

use std::path::PathBuf;

use crate::transport::proxy::Proxy;

/// The choices of one network. The default is what the system says, with nothing added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// Through which proxy, if any.
    pub proxy: Proxy,
    /// Certificates (PEM, RFC 7468) that are trusted beside those the system trusts.
    pub ca_file: Option<PathBuf>,
    /// What this side shows to a server that asks who it is.
    pub client_certificate: Option<ClientCertificate>,
}

/// A certificate with its private key, in one file or in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The certificate and those between it and its issuer (PEM, RFC 7468).
    pub chain: PathBuf,
    /// The private key (PEM); without it, the key is in the same file.
    pub key: Option<PathBuf>,
}
