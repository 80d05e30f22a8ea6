//! A sandbox in a corporate network: its host name resolves at the proxy only, and its certificates are from a private
//! authority.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use privicore_client::{Proxy, ProxyAddress};
use privicore_sandbox::{Addresses as Listening, Dialect, Sandbox};
use privicore_vault::{Addresses, Network, ProxyChoice};
use tempfile::TempDir;

use crate::encrypted::{Authority, Front, Guests};
use crate::proxy::Proxy as Tunnels;

const NAME: &str = "service.test";
/// The ports of the four servers, as the proxy knows them.
const PORTS: [u16; 4] = [9009, 9083, 9010, 9011];

/// Ends with its owner.
pub struct CorporateNetwork {
    pub sandbox: Sandbox,
    pub proxy: Tunnels,
    authority: Authority,
    dir: TempDir,
    _fronts: Vec<Front>,
}

impl CorporateNetwork {
    /// Opens one. The proxy asks for `wanted` as `Proxy-Authorization`, the service for a client certificate if its
    /// guests have to be known.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn open(wanted: Option<&str>, guests: Guests) -> Result<Self> {
        let addresses = Self::addresses();
        let sandbox = Sandbox::builder()
            .memory()
            .dialect(Dialect::Observed)
            .auto_storage(3)
            .announce(Listening {
                api: addresses.api,
                websocket: addresses.websocket,
                upstream: addresses.upstream,
                downstream: addresses.downstream,
            })
            .start()
            .await?;
        let authority = Authority::new()?;
        let (mut names, mut fronts) = (HashMap::new(), Vec::new());
        let behind = sandbox.addresses();
        let behind = [
            &behind.api,
            &behind.websocket,
            &behind.upstream,
            &behind.downstream,
        ];
        for (port, behind) in PORTS.into_iter().zip(behind) {
            let front = Front::of(place(behind)?, NAME, &authority, guests).await?;
            names.insert(format!("{NAME}:{port}"), front.address());
            fronts.push(front);
        }
        Ok(Self {
            sandbox,
            proxy: Tunnels::start(names, wanted).await?,
            authority,
            dir: tempfile::tempdir()?,
            _fronts: fronts,
        })
    }

    /// The addresses of the service, as people there know them.
    pub fn addresses() -> Addresses {
        let [api, websocket, upstream, downstream] = PORTS;
        Addresses {
            api: format!("https://{NAME}:{api}"),
            websocket: format!("wss://{NAME}:{websocket}"),
            upstream: format!("https://{NAME}:{upstream}"),
            downstream: format!("https://{NAME}:{downstream}"),
        }
    }

    /// Through the proxy, trusting what the system trusts.
    pub fn through_the_proxy(&self) -> Network {
        Network {
            proxy: ProxyChoice::Explicit(self.proxy.address()),
            ..Network::default()
        }
    }

    /// Through the proxy, trusting the office's authority as well.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn trusted(&self) -> Result<Network> {
        Ok(Network {
            ca_file: Some(self.authority.write(self.dir.path())?),
            ..self.through_the_proxy()
        })
    }

    /// The same for a client without a vault.
    ///
    /// # Errors
    /// When its file cannot be written.
    pub fn trusted_by_client(&self) -> Result<privicore_client::Network> {
        Ok(privicore_client::Network {
            proxy: Proxy::Explicit {
                address: ProxyAddress::parse(&self.proxy.address())?,
                credentials: None,
            },
            ca_file: Some(self.authority.write(self.dir.path())?),
            client_certificate: None,
        })
    }

    /// A client certificate with its key, in one file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn client_certificate(&self) -> Result<PathBuf> {
        self.authority.write_issued("me.test", self.dir.path())
    }

    /// Where the test's own files are.
    pub fn folder(&self) -> PathBuf {
        self.dir.path().to_owned()
    }
}

/// Where a server of the sandbox listens.
fn place(address: &str) -> Result<SocketAddr> {
    let (_, place) = address
        .split_once("://")
        .context("an address has a scheme")?;
    Ok(place.parse()?)
}
