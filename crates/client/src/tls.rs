//! The one TLS configuration, shared by HTTP and WebSocket: rustls over aws-lc-rs, trusting what the system trusts.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls_platform_verifier::BuilderVerifierExt;

/// Builds the configuration. Costs tens of milliseconds: done once for a client.
pub(crate) fn configuration() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    Ok(configuration)
}
