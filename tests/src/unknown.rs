//! A server on loopback with a certificate that it made itself.

use std::sync::Arc;

use anyhow::Result;
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// Shakes hands with whoever trusts it; runs until it is dropped.
#[derive(Debug)]
pub struct Server {
    port: u16,
    serving: JoinHandle<()>,
}

impl Server {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// When there is no port, or no certificate can be made.
    pub async fn start() -> Result<Self> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let configuration = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())?;
        let acceptor = TlsAcceptor::from(Arc::new(configuration));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Who does not trust it hangs up, which is the point.
                let _ = acceptor.accept(stream).await;
            }
        });
        Ok(Self { port, serving })
    }

    pub fn address(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
