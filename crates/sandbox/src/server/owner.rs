//! A sandbox only for processes that can read its data directory.
//!
//! Any user of a machine can connect to a port of loopback, and can take a port that a killed process held. So the
//! sandbox and its clients prove to each other that they have the file in the data directory: by TLS, before a
//! password, a token or a byte of data is sent, on each connection.

use std::fs;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::clock::later;

const FILE: &str = "owner.pem";
const DAY: Duration = Duration::from_hours(24);
/// Certificates are good for no more than 397 days, the most that some systems take, and made anew before that.
const LIFE: Duration = Duration::from_hours(24 * 395);
const MADE_ANEW_AFTER: Duration = Duration::from_hours(24 * 300);

/// Where the sandbox of a data directory keeps what proves that one may use it: a certificate, that of its issuer, and
/// the private key (PEM). Both sides show the certificate and trust the issuer.
pub fn owner_file(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}

/// What the servers show and ask for; the file is made if need be.
pub(crate) fn acceptor(data_dir: &Path, host: IpAddr, now: Timestamp) -> io::Result<TlsAcceptor> {
    let path = owner_file(data_dir);
    if is_young(&path, now)?
        && let Ok(kept) = configuration(&path)
    {
        return Ok(TlsAcceptor::from(Arc::new(kept)));
    }
    write(&path, &make(host, now).map_err(io::Error::other)?)?;
    Ok(TlsAcceptor::from(Arc::new(configuration(&path)?)))
}

fn is_young(path: &Path, now: Timestamp) -> io::Result<bool> {
    let made = match fs::metadata(path) {
        Ok(found) => Timestamp::try_from(found.modified()?).map_err(io::Error::other)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let age = Duration::try_from(made.duration_until(now));
    Ok(age.is_ok_and(|age| age < MADE_ANEW_AFTER))
}

fn configuration(path: &Path) -> io::Result<ServerConfig> {
    let text = Zeroizing::new(fs::read(path)?);
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_slice(&text).map_err(io::Error::other)?;
    let issuer = chain.last().cloned().ok_or(io::ErrorKind::InvalidData)?;
    let mut trusted = RootCertStore::empty();
    trusted.add(issuer).map_err(io::Error::other)?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(trusted), Arc::clone(&provider))
            .build()
            .map_err(io::Error::other)?;
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(io::Error::other)
}

/// A certificate for loopback by an issuer whose key is not kept, with both.
fn make(host: IpAddr, now: Timestamp) -> Result<Zeroizing<String>, rcgen::Error> {
    let date = |moment: Timestamp| {
        let day = TimeZone::UTC.to_datetime(moment).date();
        let number = |number: i8| u8::try_from(number).unwrap_or(1);
        rcgen::date_time_ymd(day.year().into(), number(day.month()), number(day.day()))
    };
    // Whole days: it begins a day ago whatever the time of day.
    let (first, last) = (now - DAY, later(now, LIFE));
    let mut issuer = CertificateParams::default();
    issuer.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    issuer.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let mut own = CertificateParams::new(vec!["localhost".to_owned(), host.to_string()])?;
    own.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ServerAuth,
        ExtendedKeyUsagePurpose::ClientAuth,
    ];
    for params in [&mut issuer, &mut own] {
        (params.not_before, params.not_after) = (date(first), date(last));
    }
    let issuer = CertifiedIssuer::self_signed(issuer, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let own = own.signed_by(&key, &issuer)?;
    let private = Zeroizing::new(key.serialize_pem());
    let all = [&own.pem(), &issuer.pem(), private.as_str()].concat();
    Ok(Zeroizing::new(all))
}

/// Puts the whole file in its place, readable by its owner alone.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn the_file_is_kept_while_it_is_young_and_its_owners_alone() {
        let directory = tempfile::tempdir().unwrap();
        let (host, now) = (Ipv4Addr::LOCALHOST.into(), Timestamp::now());
        let path = owner_file(directory.path());
        let made = |now| {
            acceptor(directory.path(), host, now).unwrap();
            fs::read(&path).unwrap()
        };
        let first = made(now);
        assert_eq!(made(later(now, Duration::from_hours(24 * 299))), first);
        assert_ne!(made(later(now, Duration::from_hours(24 * 301))), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_file_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let path = owner_file(directory.path());
        fs::write(&path, "-----BEGIN CERTIFICATE-----\nx").unwrap();
        let now = Timestamp::now();
        acceptor(directory.path(), Ipv4Addr::LOCALHOST.into(), now).unwrap();
        assert!(configuration(&path).is_ok());
    }
}
