//! Host names to addresses, with an error of its own so that a wrong name can be told from a silent server.

use std::net::SocketAddr;

use url::{Host, Url};

use crate::transport::zone::Zone;

/// The name of a host has no address, or the name service cannot be asked.
#[derive(Debug, thiserror::Error)]
#[error("the host name has no known address")]
pub(crate) struct NoAddress;

pub(crate) async fn addresses(host: &str, port: u16) -> Result<Vec<SocketAddr>, NoAddress> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port))
        .await
        .map_err(|_| NoAddress)?
        .collect();
    if found.is_empty() {
        Err(NoAddress)
    } else {
        Ok(found)
    }
}

/// A name leads only to addresses that the service may not name.
#[derive(Debug, thiserror::Error)]
#[error("the host name leads to a network that the service is not in")]
pub(crate) struct TooNear;

/// The addresses of a host, which may be an address itself.
pub(crate) async fn addresses_of(url: &Url) -> Result<Vec<SocketAddr>, NoAddress> {
    let port = url.port_or_known_default().unwrap_or(443);
    match url.host() {
        Some(Host::Ipv4(address)) => Ok(vec![SocketAddr::from((address, port))]),
        Some(Host::Ipv6(address)) => Ok(vec![SocketAddr::from((address, port))]),
        Some(Host::Domain(name)) => addresses(name, port).await,
        None => Err(NoAddress),
    }
}

/// The zones of a host: none if its name is not known here.
pub(crate) async fn zones_of(url: &Url) -> Vec<Zone> {
    match url.host().and_then(|host| Zone::of_host(&host)) {
        Some(zone) => vec![zone],
        None => addresses_of(url).await.map_or_else(
            |_| Vec::new(),
            |found| found.iter().map(|at| Zone::of(at.ip())).collect(),
        ),
    }
}

/// Those of the addresses that a service in these zones may name.
pub(crate) fn namable(
    addresses: Vec<SocketAddr>,
    service: &[Zone],
) -> Result<Vec<SocketAddr>, TooNear> {
    let allowed: Vec<SocketAddr> = addresses
        .into_iter()
        .filter(|at| Zone::of(at.ip()).may_be_named_from(service))
        .collect();
    if allowed.is_empty() {
        Err(TooNear)
    } else {
        Ok(allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_addresses_of_a_name_only_those_as_far_as_the_service_are_left() {
        let all = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let mixed = [
            "127.0.0.1:1",
            "10.0.0.7:1",
            "[::ffff:10.0.0.8]:1",
            "93.184.216.34:1",
        ];
        let left = |service: Zone| namable(all(&mixed), &[service]).unwrap();
        assert_eq!(left(Zone::Public), all(&mixed[3..]));
        assert_eq!(left(Zone::Private), all(&mixed[1..]));
        assert_eq!(
            left(Zone::Loopback),
            [all(&mixed[..1]), all(&mixed[3..])].concat()
        );
        assert!(namable(all(&mixed[..3]), &[Zone::Public]).is_err());
        assert!(
            namable(all(&mixed[..3]), &[]).is_err(),
            "a service without an address"
        );
    }

    #[tokio::test]
    async fn finds_this_machine_and_nothing_reserved_as_invalid() {
        assert!(addresses("localhost", 80).await.is_ok());
        assert!(addresses("nowhere.invalid", 80).await.is_err());
    }
}
