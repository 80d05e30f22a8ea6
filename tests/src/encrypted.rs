//! TLS in front of a server on loopback, and the authority that issues its certificate.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// Issues certificates that are trusted by whoever has its file.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// Runs until it is dropped, with all its connections.
#[derive(Debug)]
pub struct Front {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guests {
    Anybody,
    /// Who shows a certificate of the same authority.
    Known,
}

impl Authority {
    /// Makes one.
    ///
    /// # Errors
    /// When no certificate can be made.
    pub fn new() -> Result<Self> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ok(Self(CertifiedIssuer::self_signed(
            params,
            KeyPair::generate()?,
        )?))
    }

    /// Writes its certificate down.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join("ca.pem");
        fs::write(&path, self.0.pem())?;
        Ok(path)
    }

    /// Issues a certificate for `name` and writes it down with its key, in one file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_issued(&self, name: &str, folder: &Path) -> Result<PathBuf> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new([name.to_owned()])?.signed_by(&key, &self.0)?;
        let path = folder.join(format!("{name}.pem"));
        let text = format!("{}{}", certificate.pem(), key.serialize_pem());
        fs::write(&path, text)?;
        Ok(path)
    }

    fn server(&self, name: &str, guests: Guests) -> Result<ServerConfig> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new([name.to_owned()])?.signed_by(&key, &self.0)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = match guests {
            Guests::Anybody => builder.with_no_client_auth(),
            Guests::Known => {
                let mut roots = RootCertStore::empty();
                roots.add(self.0.der().clone())?;
                builder.with_client_cert_verifier(
                    WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build()?,
                )
            }
        };
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Ok(builder.with_single_cert(vec![certificate.der().clone()], key.into())?)
    }
}

impl Front {
    /// Stands in front of the server at `behind`, with a certificate for `name`.
    ///
    /// # Errors
    /// When there is no port, or no certificate can be made.
    pub async fn of(
        behind: SocketAddr,
        name: &str,
        authority: &Authority,
        guests: Guests,
    ) -> Result<Self> {
        let acceptor = TlsAcceptor::from(Arc::new(authority.server(name, guests)?));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                connections.spawn(async move {
                    // Who does not trust it hangs up.
                    let _ = serve(acceptor, stream, behind).await;
                });
            }
        });
        Ok(Self { address, serving })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, behind: SocketAddr) -> Result<()> {
    let mut stream = match acceptor.accept(stream).into_fallible().await {
        Ok(stream) => stream,
        Err((error, mut refused)) => {
            // Unread bytes would make the end of the connection overtake the alert that says why.
            tokio::io::copy(&mut refused, &mut tokio::io::sink()).await?;
            return Err(error.into());
        }
    };
    let mut server = TcpStream::connect(behind).await?;
    copy_bidirectional(&mut stream, &mut server).await?;
    Ok(())
}
