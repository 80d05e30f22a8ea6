//! The one TLS configuration, shared by HTTP and WebSocket: rustls over aws-lc-rs, trusting what the system trusts and
//! the certificates of a file, and showing a client certificate if there is one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, SignatureScheme};
use rustls_platform_verifier::Verifier;
use secrecy::zeroize::Zeroizing;

use crate::error::{Error, FileProblem, FileRole};
use crate::transport::network::{ClientCertificate, Network};

impl Network {
    /// Reads the files it names, as a client would that is made from it.
    ///
    /// # Errors
    /// [`Error::File`] names the file that cannot be used, and why.
    pub fn check(&self) -> Result<(), Error> {
        configuration(self).map(drop)
    }
}

/// Builds the configuration. Costs tens of milliseconds: done once for a client.
///
/// # Errors
/// [`Error::File`] names the file that cannot be used; [`Error::NoTrust`] if the system's certificates cannot be read.
pub(crate) fn configuration(network: &Network) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = verifier(network, Arc::clone(&provider))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| Error::NoTrust)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    match &network.client_certificate {
        None => Ok(builder.with_no_client_auth()),
        Some(files) => {
            let (chain, key) = read_client_certificate(files)?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| unusable(files, &error))
        }
    }
}

/// Without a file the system verifies as it does for every other program: on Windows a list of extra roots, if only an
/// empty one, makes a chain engine of its own.
fn verifier(network: &Network, provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
    let Some(path) = &network.ca_file else {
        return Verifier::new(provider).map_err(|_| Error::NoTrust);
    };
    let extra = read_chain(FileRole::Ca, path)?;
    Verifier::new_with_extra_roots(extra, provider)
        .map_err(|_| bad(FileRole::Ca, path, FileProblem::Malformed))
}

/// The same without the client certificate: for servers that the service names and the user does not. Their sessions
/// are kept apart.
pub(crate) fn without_certificate(configuration: &ClientConfig) -> ClientConfig {
    let mut configuration = configuration.clone();
    configuration.client_auth_cert_resolver = Arc::new(ShowsNothing);
    configuration.resumption = Resumption::default();
    configuration
}

#[derive(Debug)]
struct ShowsNothing;

impl ResolvesClientCert for ShowsNothing {
    fn resolve(
        &self,
        _issuers: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

fn unusable(files: &ClientCertificate, error: &rustls::Error) -> Error {
    let key = files.key.as_ref().unwrap_or(&files.chain);
    match error {
        rustls::Error::InconsistentKeys(_) => bad(FileRole::ClientKey, key, FileProblem::OtherKey),
        rustls::Error::InvalidCertificate(_) => bad(
            FileRole::ClientCertificate,
            &files.chain,
            FileProblem::Malformed,
        ),
        _ => bad(FileRole::ClientKey, key, FileProblem::Malformed),
    }
}

type ChainAndKey = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn read_client_certificate(files: &ClientCertificate) -> Result<ChainAndKey, Error> {
    let chain = read_chain(FileRole::ClientCertificate, &files.chain)?;
    let key = read_key(files.key.as_ref().unwrap_or(&files.chain))?;
    Ok((chain, key))
}

fn read_chain(role: FileRole, path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = read(role, path)?;
    let chain = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| bad(role, path, FileProblem::Malformed))?;
    if chain.is_empty() {
        return Err(bad(role, path, FileProblem::NoCertificate));
    }
    Ok(chain)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    let role = FileRole::ClientKey;
    let text = read(role, path)?;
    // RFC 7468, 11, and RFC 1421, 4.6.1.1, which older tools still write.
    let marks: [&[u8]; 2] = [
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----",
        b"Proc-Type: 4,ENCRYPTED",
    ];
    let is_encrypted = |mark: &&[u8]| text.windows(mark.len()).any(|part| part == *mark);
    if marks.iter().any(is_encrypted) {
        return Err(bad(role, path, FileProblem::EncryptedKey));
    }
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(key) => Ok(key),
        Err(rustls::pki_types::pem::Error::NoItemsFound) => {
            Err(bad(role, path, FileProblem::NoKey))
        }
        Err(_) => Err(bad(role, path, FileProblem::Malformed)),
    }
}

fn read(role: FileRole, path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
    fs::read(path)
        .map(Zeroizing::new)
        .map_err(|error| bad(role, path, FileProblem::Unreadable(error.kind())))
}

/// Names the file without its folders.
fn bad(role: FileRole, path: &Path, problem: FileProblem) -> Error {
    let name = path.file_name().unwrap_or(path.as_os_str());
    Error::File {
        role,
        name: name.to_string_lossy().into_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests;
