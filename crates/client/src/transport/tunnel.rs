//! Connections: straight to a server, or through the tunnel a proxy makes (`CONNECT`, RFC 9110, 9.3.6).

use std::io;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::error::{Phase, ProxyProblem};
use crate::transport::failure::Failure;
use crate::transport::proxy::Via;
use crate::transport::resolve;

/// An address without an answer, such as an unroutable IPv6 one, leaves time for the next.
const NEXT_AFTER: Duration = Duration::from_secs(2);
/// No answer of a proxy is longer.
const LONGEST_HEAD_BYTES: usize = 8 * 1024;

/// Connects to the host and port of an address.
pub(crate) async fn straight(url: &Url) -> Result<TcpStream, Failure> {
    let addresses = resolve::addresses_of(url)
        .await
        .map_err(|_| Failure::UnknownHost)?;
    let mut failure = Failure::UnknownHost;
    let last = addresses.len().saturating_sub(1);
    for (at, address) in addresses.into_iter().enumerate() {
        // The last one may take what is left of the time.
        let limit = if at < last { NEXT_AFTER } else { Duration::MAX };
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Only a matter of speed: small messages go out at once.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => failure = Failure::connecting(&error),
            Err(_) => failure = Failure::TimedOut(Phase::Connect),
        }
    }
    Err(failure)
}

/// Has the proxy connect to the host and port of an address. Every failure is the proxy's; `limit` is how long it may
/// take to be reached.
pub(crate) async fn through(via: &Via, url: &Url, limit: Duration) -> Result<TcpStream, Failure> {
    let reached = timeout(limit, straight(via.url())).await;
    let reached = reached.unwrap_or(Err(Failure::TimedOut(Phase::Connect)));
    let mut stream = reached.map_err(|failure| match failure {
        Failure::Offline(kind) => via.failed(ProxyProblem::Unreachable(kind)),
        Failure::TimedOut(_) => via.failed(ProxyProblem::Unreachable(io::ErrorKind::TimedOut)),
        Failure::UnknownHost => via.failed(ProxyProblem::UnknownHost),
        // Connecting alone does not fail like this.
        Failure::Tls(_)
        | Failure::Proxy(..)
        | Failure::Interrupted
        | Failure::Refused(_)
        | Failure::TooNear
        | Failure::TooLong => failure,
    })?;
    let broke = |_| via.failed(ProxyProblem::NotAProxy);
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(443);
    let mut head = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some(authorization) = via.authorization() {
        let header = format!("Proxy-Authorization: {}\r\n", authorization.expose_secret());
        head.push_str(&header);
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.map_err(broke)?;
    let head = read_head(&mut stream).await.map_err(broke)?;
    match status(&head) {
        Some(200..=299) => Ok(stream),
        Some(407) if via.has_credentials() => Err(via.failed(ProxyProblem::WrongCredentials)),
        Some(407) => Err(via.failed(ProxyProblem::CredentialsNeeded)),
        Some(status) => Err(via.failed(ProxyProblem::Refused(status))),
        None => Err(via.failed(ProxyProblem::NotAProxy)),
    }
}

/// Reads up to the empty line and nothing of what follows: that belongs to the server behind the proxy.
async fn read_head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD_BYTES {
        head.push(stream.read_u8().await?);
    }
    Ok(head)
}

/// The status of a status line (RFC 9112, 4), if it is one.
fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let mut words = str::from_utf8(line).ok()?.split(' ');
    words.next().filter(|word| word.starts_with("HTTP/1."))?;
    words.next().filter(|word| word.len() == 3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_server::{Say, Server, closed_address};
    use crate::transport::proxy::{Proxies, Proxy, ProxyAddress, ProxyCredentials};

    fn via(address: &str, credentials: Option<ProxyCredentials>) -> Via {
        let proxies = Proxies::new(&Proxy::Explicit {
            address: ProxyAddress::parse(address).unwrap(),
            credentials,
        });
        proxies.of(&service()).unwrap().unwrap()
    }

    const LIMIT: Duration = Duration::from_secs(30);

    fn service() -> Url {
        Url::parse("wss://[2001:db8::1]/socket").unwrap()
    }

    async fn problem(say: fn() -> Say, credentials: Option<ProxyCredentials>) -> ProxyProblem {
        let proxy = Server::start(move |_| say()).await;
        match through(&via(&proxy.url, credentials), &service(), LIMIT).await {
            Err(Failure::Proxy(_, problem)) => problem,
            other => panic!("{other:?}"),
        }
    }

    fn credentials() -> ProxyCredentials {
        ProxyCredentials {
            username: "anna".to_owned(),
            password: "pw".into(),
        }
    }

    #[tokio::test]
    async fn asks_for_host_and_port_and_says_who_asks() {
        let proxy = Server::start(|_| Say::Raw(b"HTTP/1.1 200 OK\r\n\r\nserver".to_vec())).await;
        let mut tunnel = through(&via(&proxy.url, Some(credentials())), &service(), LIMIT)
            .await
            .unwrap();
        let mut first = String::new();
        tunnel.read_to_string(&mut first).await.unwrap();
        assert_eq!(first, "server");
        let seen = proxy.seen().remove(0);
        assert_eq!(seen.line, "CONNECT [2001:db8::1]:443");
        assert_eq!(seen.headers["host"], "[2001:db8::1]:443");
        assert_eq!(seen.headers["proxy-authorization"], "Basic YW5uYTpwdw==");
    }

    #[tokio::test]
    async fn tells_apart_what_a_proxy_refuses() {
        let asks = || Say::Answer(407, "");
        assert_eq!(problem(asks, None).await, ProxyProblem::CredentialsNeeded);
        assert_eq!(
            problem(asks, Some(credentials())).await,
            ProxyProblem::WrongCredentials
        );
        let lost = || Say::Answer(502, "");
        assert_eq!(problem(lost, None).await, ProxyProblem::Refused(502));
        let other = || Say::Raw(b"SSH-2.0-x\r\n\r\n".to_vec());
        assert_eq!(problem(other, None).await, ProxyProblem::NotAProxy);
        assert_eq!(problem(|| Say::Cut, None).await, ProxyProblem::NotAProxy);
    }

    #[tokio::test]
    async fn a_proxy_that_is_not_there_is_not_a_service_that_is_not_there() {
        let nobody = via(&closed_address().await, None);
        assert_eq!(
            through(&nobody, &service(), LIMIT).await.unwrap_err(),
            nobody.failed(ProxyProblem::Unreachable(io::ErrorKind::ConnectionRefused))
        );
        let unknown = via("nowhere.invalid", None);
        assert_eq!(
            through(&unknown, &service(), LIMIT).await.unwrap_err(),
            unknown.failed(ProxyProblem::UnknownHost)
        );
    }
}
