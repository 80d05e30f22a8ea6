//! How the service is reached from this network: which proxy, which certificates.
//!
//! Addresses and paths are kept in the settings. What a proxy is told about who is there is not: it lives in the
//! keyring, or, without one, only as long as the app runs.

use privicore_client as client;
use privicore_client::ProxyCredentials;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::error::{ConnectionError, Error};
use crate::events::Event;
use crate::service::connection::{AddressCheck, Addresses, Connection, Link};
use crate::store::network_settings::NetworkSettings;
use crate::system::blocking::blocking;
use crate::vault::Vault;
use crate::{Network, ProxyChoice};

/// Where the name and the password for the proxy are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum ProxySecret {
    /// There are none.
    None,
    InKeyring,
    /// In memory: this machine has no usable keyring.
    UntilTheEnd,
}

/// What becomes of the name and the password for the proxy.
#[derive(Clone, Debug)]
pub enum ProxySecretChange {
    /// They stay as they are, unless another proxy is chosen: nobody else is told what was meant for the first.
    Keep,
    /// They are forgotten.
    Forget,
    /// These take their place.
    Set(ProxyCredentials),
}

/// The network settings as they are now.
#[derive(Clone, Debug)]
pub struct NetworkStatus {
    /// What was chosen.
    pub network: Network,
    /// Where the name and the password for the proxy are.
    pub secret: ProxySecret,
}

impl Vault {
    /// The network settings as they are now.
    pub fn network(&self) -> NetworkStatus {
        let state = self.state();
        let settings = &state.settings.network;
        let secret = match (&settings.proxy_item, &state.proxy_credentials) {
            (Some(_), _) => ProxySecret::InKeyring,
            (None, Some(_)) => ProxySecret::UntilTheEnd,
            (None, None) => ProxySecret::None,
        };
        NetworkStatus {
            network: settings.network.clone(),
            secret,
        }
    }

    /// Changes the network settings. They hold from now on: who is signed in stays signed in, and what is under way
    /// ends on the old way.
    ///
    /// # Errors
    /// [`ConnectionError::BadProxy`], [`ConnectionError::BadProxyName`], [`ConnectionError::KeyWithoutCertificate`], or
    /// the client's word on a file that cannot be used; nothing is changed then.
    pub async fn set_network(
        &self,
        network: Network,
        secret: ProxySecretChange,
    ) -> Result<(), Error> {
        let _guard = self.guard().await?;
        let network = network.in_plain_form()?;
        // Another process may have chosen another proxy meanwhile, with a password of its own.
        self.read_settings().await?;
        let is_same = self.state().settings.network.network.proxy == network.proxy;
        let secret = match (&network.proxy, secret) {
            (ProxyChoice::Explicit(_), ProxySecretChange::Keep) if !is_same => {
                ProxySecretChange::Forget
            }
            (ProxyChoice::Explicit(_), secret) => secret,
            _ => ProxySecretChange::Forget,
        };
        if let ProxySecretChange::Set(credentials) = &secret
            && (credentials.username.contains(':') || credentials.username.is_empty())
        {
            return Err(ConnectionError::BadProxyName.into());
        }
        let credentials = match &secret {
            ProxySecretChange::Keep => self.proxy_credentials().await,
            ProxySecretChange::Forget => None,
            ProxySecretChange::Set(credentials) => Some(credentials.clone()),
        };
        let way = network.for_client(credentials.clone())?;
        let checked = way.clone();
        blocking(move || Ok(checked.check()?)).await?;
        let new = self.keep_secret(&secret).await?;
        let keeps = matches!(secret, ProxySecretChange::Keep);
        let changing = self.change_settings(move |settings| {
            let mut before = settings.network.proxy_item.take();
            let is_same = settings.network.network.proxy == network.proxy;
            let kept = before.take_if(|_| keeps && is_same);
            settings.network = NetworkSettings {
                network,
                proxy_item: kept.or(new),
            };
            before
        });
        let before = changing.await?;
        // Only now is it needed no more.
        self.forget_secret(before).await;
        self.state().proxy_credentials = credentials;
        self.take_way(way).await?;
        self.emit(Event::StatusChanged);
        Ok(())
    }

    /// Tries four addresses without choosing them, in the way the network settings say.
    ///
    /// # Errors
    /// When an address cannot be parsed or a file of the settings cannot be used; what cannot be reached is in the
    /// answer.
    pub async fn check_addresses(&self, addresses: &Addresses) -> Result<Vec<AddressCheck>, Error> {
        self.require_not_locked()?;
        addresses.check_on(self.way().await?).await
    }

    /// The way to the chosen service. The sandbox on this machine has its own.
    pub(crate) async fn way_to_service(&self) -> Result<client::Network, Error> {
        let (connection, own) = {
            let state = self.state();
            let own = state.link.as_ref().and_then(Link::network);
            (state.settings.connection.clone(), own)
        };
        match connection {
            Some(Connection::Service(_)) => self.way().await,
            Some(Connection::Sandbox) | None => Ok(own.unwrap_or_default()),
        }
    }

    async fn way(&self) -> Result<client::Network, Error> {
        let network = self.state().settings.network.network.clone();
        network.for_client(self.proxy_credentials().await)
    }

    /// Has the signed-in profile's client go another way, with its session.
    async fn take_way(&self, way: client::Network) -> Result<(), Error> {
        let is_service = matches!(
            self.state().settings.connection,
            Some(Connection::Service(_))
        );
        let Some(signed_in) = self.state().signed_in.clone().filter(|_| is_service) else {
            return Ok(());
        };
        blocking(move || Ok(signed_in.session.client.adopt(way)?)).await?;
        self.retry_now();
        Ok(())
    }

    /// What the proxy is told. That the keyring does not answer is no reason to stop: the proxy then says what it
    /// misses.
    async fn proxy_credentials(&self) -> Option<ProxyCredentials> {
        let (known, item) = {
            let state = self.state();
            let item = state.settings.network.proxy_item.clone();
            (state.proxy_credentials.clone(), item)
        };
        let Some(item) = item.filter(|_| known.is_none()) else {
            return known;
        };
        let keyring = self.inner.keyring;
        let read = blocking(move || Ok(keyring.read(&item)?)).await;
        let credentials = read
            .inspect_err(|error| tracing::warn!(%error, "the proxy's password cannot be read"))
            .ok()
            .and_then(|text| from_text(&text))?;
        self.state().proxy_credentials = Some(credentials.clone());
        Some(credentials)
    }

    /// Puts a new secret into the keyring, beside the one that is in force; answers the name of its item.
    async fn keep_secret(&self, secret: &ProxySecretChange) -> Result<Option<String>, Error> {
        let keyring = self.inner.keyring;
        match secret {
            ProxySecretChange::Set(credentials) if keyring.state().is_ok() => {
                let item = format!("proxy-{}", uuid::Uuid::new_v4());
                let (name, text) = (item.clone(), to_text(credentials));
                blocking(move || Ok(keyring.write(&name, &text)?)).await?;
                Ok(Some(item))
            }
            ProxySecretChange::Keep | ProxySecretChange::Forget | ProxySecretChange::Set(_) => {
                Ok(None)
            }
        }
    }

    async fn forget_secret(&self, item: Option<String>) {
        let Some(item) = item else {
            return;
        };
        let keyring = self.inner.keyring;
        // An item that is left behind is of use to nobody who does not have the keyring anyway.
        if let Err(error) = blocking(move || Ok(keyring.delete(&item)?)).await {
            tracing::warn!(%error, "the proxy's password stays in the keyring");
        }
    }
}

/// A name has no colon (RFC 7617, 2), so the first one ends it.
fn to_text(credentials: &ProxyCredentials) -> SecretString {
    let password = credentials.password.expose_secret();
    format!("{}:{password}", credentials.username).into()
}

fn from_text(text: &SecretString) -> Option<ProxyCredentials> {
    let (username, password) = text.expose_secret().split_once(':')?;
    Some(ProxyCredentials {
        username: username.to_owned(),
        password: password.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Network;
    use crate::ProxyChoice;
    use crate::error::code::Code;
    use crate::keys::key_cost::KeyCost;
    use crate::store::keyring::KeyringUse;
    use crate::store::network_settings::NetworkSettings;
    use crate::transfers::RetryPolicy;
    use crate::vault::Options;

    async fn open(dir: &std::path::Path) -> Vault {
        let options = Options {
            data_dir: dir.to_owned(),
            keyring: KeyringUse::Off,
            retry_policy: RetryPolicy::Never,
            key_cost: KeyCost::Full,
        };
        Vault::open(options).await.unwrap()
    }

    fn proxied() -> Network {
        Network {
            proxy: ProxyChoice::Explicit("proxy.test:3128".into()),
            ..Network::default()
        }
    }

    fn credentials() -> ProxyCredentials {
        ProxyCredentials {
            username: "anna".into(),
            password: "p:w".into(),
        }
    }

    #[tokio::test]
    async fn without_a_keyring_the_password_lives_as_long_as_the_app() {
        let dir = tempfile::tempdir().unwrap();
        let vault = open(dir.path()).await;
        let set = ProxySecretChange::Set(credentials());
        vault.set_network(proxied(), set).await.unwrap();
        assert_eq!(vault.network().secret, ProxySecret::UntilTheEnd);
        let way = vault.way().await.unwrap();
        let client::Proxy::Explicit { credentials, .. } = way.proxy else {
            panic!("{way:?}");
        };
        assert_eq!(credentials, Some(self::credentials()));
        let kept = std::fs::read_to_string(dir.path().join("settings.json")).unwrap();
        assert!(kept.contains("http://proxy.test:3128"), "{kept}");
        assert!(!kept.contains("anna") && !kept.contains("p:w"), "{kept}");
        vault.shut_down().await;
        let again = open(dir.path()).await;
        assert_eq!(again.network().secret, ProxySecret::None);
        assert_eq!(
            again.network().network.proxy,
            ProxyChoice::Explicit("http://proxy.test:3128".into())
        );
    }

    #[tokio::test]
    async fn a_password_goes_with_its_proxy() {
        let dir = tempfile::tempdir().unwrap();
        let vault = open(dir.path()).await;
        let set = ProxySecretChange::Set(credentials());
        vault.set_network(proxied(), set).await.unwrap();
        let kept = vault.set_network(proxied(), ProxySecretChange::Keep).await;
        kept.unwrap();
        assert_eq!(vault.network().secret, ProxySecret::UntilTheEnd);
        let other = Network {
            proxy: ProxyChoice::at("other.test").unwrap(),
            ..Network::default()
        };
        for elsewhere in [other, Network::default()] {
            let set = ProxySecretChange::Set(credentials());
            vault.set_network(proxied(), set).await.unwrap();
            let kept = vault.set_network(elsewhere, ProxySecretChange::Keep).await;
            kept.unwrap();
            assert_eq!(vault.network().secret, ProxySecret::None);
        }
    }

    #[tokio::test]
    async fn the_password_for_the_proxy_that_another_process_has_chosen_is_not_kept_for_this_one() {
        let dir = tempfile::tempdir().unwrap();
        let vault = open(dir.path()).await;
        let set = ProxySecretChange::Set(credentials());
        vault.set_network(proxied(), set).await.unwrap();
        let elsewhere = Network {
            proxy: ProxyChoice::at("other.test").unwrap(),
            ..Network::default()
        };
        let other_process = open(dir.path()).await;
        let set = ProxySecretChange::Set(credentials());
        other_process.set_network(elsewhere, set).await.unwrap();
        let kept = vault.set_network(proxied(), ProxySecretChange::Keep).await;
        kept.unwrap();
        assert_eq!(vault.network().secret, ProxySecret::None);
    }

    #[tokio::test]
    async fn what_cannot_be_used_is_named_and_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let vault = open(dir.path()).await;
        let code = async |network: Network, secret| {
            let refused = vault.set_network(network, secret).await.unwrap_err();
            refused.explain().code
        };
        let socks = Network {
            proxy: ProxyChoice::Explicit("socks5://proxy.test".into()),
            ..Network::default()
        };
        assert_eq!(code(socks, ProxySecretChange::Keep).await, Code::BadProxy);
        let gone = Network {
            ca_file: Some(dir.path().join("gone.pem")),
            ..Network::default()
        };
        assert_eq!(code(gone, ProxySecretChange::Keep).await, Code::NetworkFile);
        let alone = Network {
            client_key: Some(dir.path().join("key.pem")),
            ..Network::default()
        };
        assert_eq!(
            code(alone, ProxySecretChange::Keep).await,
            Code::KeyWithoutCertificate
        );
        let colon = ProxyCredentials {
            username: "a:b".into(),
            ..credentials()
        };
        let set = ProxySecretChange::Set(colon);
        assert_eq!(code(proxied(), set).await, Code::BadProxyName);
        assert_eq!(vault.network().network, Network::default());
    }

    #[test]
    fn settings_of_an_older_version_mean_the_system() {
        let settings: crate::store::settings::Settings = serde_json::from_str("{}").unwrap();
        assert_eq!(settings.network, NetworkSettings::default());
        assert_eq!(settings.network.network.proxy, ProxyChoice::System);
    }
}
