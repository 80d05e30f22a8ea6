//! View models of the network settings, and the files chosen for them. The page hears a file's name, never its path.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use privicore_vault::{self as vault, ProxySecret};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::view::ErrorView;

/// Which proxy is used.
#[derive(Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ProxyKind {
    System,
    None,
    Explicit,
}

/// The network settings as they are now; files by their names.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkView {
    pub proxy: ProxyKind,
    /// Empty unless one was chosen.
    pub proxy_address: String,
    pub proxy_secret: ProxySecret,
    pub ca_file: Option<String>,
    pub client_certificate: Option<String>,
    pub client_key: Option<String>,
}

/// What a file is chosen for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum NetworkFile {
    Ca,
    ClientCertificate,
    ClientKey,
}

/// What becomes of a file.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileWish {
    /// It stays as it is.
    Keep,
    /// The one that was chosen last takes its place.
    Chosen,
    /// It is no longer used.
    Remove,
}

/// A name and a password for the proxy. Wiped when the command has taken it.
#[derive(Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProxyLogin {
    username: String,
    password: String,
}

/// How the network settings should be.
#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkWish {
    proxy: ProxyKind,
    proxy_address: String,
    /// Takes the place of what the proxy is told now.
    login: Option<ProxyLogin>,
    /// Without a new login, forgets the one that is known.
    forget_login: bool,
    ca_file: FileWish,
    client_certificate: FileWish,
    client_key: FileWish,
}

/// The files that were chosen and are not in use yet.
#[derive(Default)]
pub(crate) struct ChosenFiles(Mutex<HashMap<NetworkFile, PathBuf>>);

impl ChosenFiles {
    /// Keeps a file; answers its name.
    pub(crate) fn keep(&self, file: NetworkFile, path: PathBuf) -> String {
        let name = name(&path);
        let mut chosen = self.0.lock();
        chosen.insert(file, path);
        name
    }

    fn get(&self, file: NetworkFile) -> Option<PathBuf> {
        let chosen = self.0.lock();
        chosen.get(&file).cloned()
    }

    fn wished(&self, wish: FileWish, file: NetworkFile, known: Option<PathBuf>) -> Option<PathBuf> {
        match wish {
            FileWish::Keep => known,
            FileWish::Chosen => self.get(file),
            FileWish::Remove => None,
        }
    }
}

impl NetworkWish {
    /// The settings as wished for, from those that are `known`.
    pub(crate) fn split(
        mut self,
        chosen: &ChosenFiles,
        known: vault::Network,
    ) -> Result<(vault::Network, vault::ProxySecretChange), ErrorView> {
        let proxy = match self.proxy {
            ProxyKind::System => vault::ProxyChoice::System,
            ProxyKind::None => vault::ProxyChoice::None,
            ProxyKind::Explicit => vault::ProxyChoice::at(&self.proxy_address)?,
        };
        let network = vault::Network {
            proxy,
            ca_file: chosen.wished(self.ca_file, NetworkFile::Ca, known.ca_file),
            client_certificate: chosen.wished(
                self.client_certificate,
                NetworkFile::ClientCertificate,
                known.client_certificate,
            ),
            client_key: chosen.wished(self.client_key, NetworkFile::ClientKey, known.client_key),
        };
        let secret = match self.login.take() {
            Some(login) => vault::ProxySecretChange::Set(login.into()),
            None if self.forget_login => vault::ProxySecretChange::Forget,
            None => vault::ProxySecretChange::Keep,
        };
        Ok((network, secret))
    }
}

impl From<ProxyLogin> for vault::ProxyCredentials {
    fn from(mut login: ProxyLogin) -> Self {
        Self {
            username: std::mem::take(&mut login.username),
            password: SecretString::from(std::mem::take(&mut login.password)),
        }
    }
}

impl From<&vault::NetworkStatus> for NetworkView {
    fn from(status: &vault::NetworkStatus) -> Self {
        let network = &status.network;
        let (proxy, address) = match &network.proxy {
            vault::ProxyChoice::System => (ProxyKind::System, ""),
            vault::ProxyChoice::None => (ProxyKind::None, ""),
            vault::ProxyChoice::Explicit(address) => (ProxyKind::Explicit, address.as_str()),
        };
        Self {
            proxy,
            proxy_address: address.to_owned(),
            proxy_secret: status.secret,
            ca_file: network.ca_file.as_deref().map(name),
            client_certificate: network.client_certificate.as_deref().map(name),
            client_key: network.client_key.as_deref().map(name),
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> NetworkWish {
        NetworkWish {
            proxy: ProxyKind::System,
            proxy_address: String::new(),
            login: None,
            forget_login: false,
            ca_file: FileWish::Keep,
            client_certificate: FileWish::Chosen,
            client_key: FileWish::Remove,
        }
    }

    #[test]
    fn files_are_kept_replaced_and_removed_without_the_page_knowing_their_paths() {
        let chosen = ChosenFiles::default();
        let shown = chosen.keep(NetworkFile::ClientCertificate, "/secret/me.pem".into());
        assert_eq!(shown, "me.pem");
        let known = vault::Network {
            ca_file: Some("/etc/ca.pem".into()),
            client_certificate: Some("/old.pem".into()),
            client_key: Some("/old.key".into()),
            ..vault::Network::default()
        };
        let (network, _) = wish().split(&chosen, known).map_err(|_| ()).unwrap();
        assert_eq!(network.ca_file, Some("/etc/ca.pem".into()));
        assert_eq!(network.client_certificate, Some("/secret/me.pem".into()));
        assert_eq!(network.client_key, None);
        let status = vault::NetworkStatus {
            network,
            secret: ProxySecret::None,
        };
        let view = NetworkView::from(&status);
        assert_eq!(view.ca_file.as_deref(), Some("ca.pem"));
        assert_eq!(view.client_certificate.as_deref(), Some("me.pem"));
    }

    #[test]
    fn an_address_that_cannot_be_used_is_refused() {
        let socks = NetworkWish {
            proxy: ProxyKind::Explicit,
            proxy_address: "socks5://proxy.test".into(),
            ..wish()
        };
        let refused = socks.split(&ChosenFiles::default(), vault::Network::default());
        assert_eq!(refused.err().unwrap().code, vault::Code::BadProxy);
    }
}
