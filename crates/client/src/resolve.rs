//! Host names to addresses, with an error of its own so that a wrong name can be told from a silent server.

use std::net::SocketAddr;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn finds_this_machine_and_nothing_reserved_as_invalid() {
        assert!(addresses("localhost", 80).await.is_ok());
        assert!(addresses("nowhere.invalid", 80).await.is_err());
    }
}
