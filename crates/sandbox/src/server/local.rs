//! Pages of the web stay out. A browser on this machine sends requests here for any page whose host name it was made to
//! look up as loopback (DNS rebinding); such a request names the page's host, not this one.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::faults::linger;
use crate::server::addresses::Addresses;
use crate::wire::answer::Refusal;
use crate::world::Shared;

/// Serves requests that are for this machine and come from no page, or from a page of this machine.
pub(crate) async fn only_local(
    State(world): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    match check(request.uri(), request.headers(), world.announced.as_ref()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            linger(request.into_body()).await;
            refusal.into_response()
        }
    }
}

fn check(uri: &Uri, headers: &HeaderMap, announced: Option<&Addresses>) -> Result<(), Refusal> {
    let is_ours = |host: &str| is_loopback(host) || is_announced(announced, host);
    let mut hosts = headers.get_all(header::HOST).iter();
    let is_for_us = hosts.all(|host| {
        let host = host.to_str().ok().and_then(|host| host.parse().ok());
        host.is_some_and(|host: Authority| is_ours(host.host()))
    });
    if !is_for_us || uri.host().is_some_and(|host| !is_ours(host)) {
        return Err(Refusal::Misdirected);
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let is_from_us = origins.all(|origin| {
        let origin = origin.to_str().ok().and_then(|origin| origin.parse().ok());
        origin.is_some_and(|origin: Uri| origin.host().is_some_and(is_ours))
    });
    if !is_from_us {
        return Err(Refusal::Forbidden("origin.foreign"));
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether links are made with this host.
fn is_announced(announced: Option<&Addresses>, host: &str) -> bool {
    announced.is_some_and(|at| {
        [&at.api, &at.websocket, &at.upstream, &at.downstream]
            .into_iter()
            .any(|address| Addresses::place(address).0.eq_ignore_ascii_case(host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: header::HeaderName, value: &str) -> bool {
        let headers = HeaderMap::from_iter([(name, value.parse().unwrap())]);
        check(&Uri::from_static("/"), &headers, None).is_ok()
    }

    #[test]
    fn only_names_of_this_machine_are_hosts() {
        for host in [
            "localhost",
            "LOCALHOST:1",
            "127.0.0.1:8009",
            "127.9.9.9",
            "[::1]:1",
        ] {
            assert!(checked(header::HOST, host), "{host}");
        }
        for host in [
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org:8009",
            "127.0.0.1@example.org",
            "10.0.0.1",
            "0.0.0.0",
            "[::2]",
            "",
        ] {
            assert!(!checked(header::HOST, host), "{host}");
        }
    }

    #[test]
    fn only_pages_of_this_machine_are_origins() {
        for origin in [
            "http://localhost:3000",
            "https://127.0.0.1",
            "http://[::1]:1",
        ] {
            assert!(checked(header::ORIGIN, origin), "{origin}");
        }
        for origin in [
            "null",
            "https://example.org",
            "http://localhost.example.org",
            "file://",
        ] {
            assert!(!checked(header::ORIGIN, origin), "{origin}");
        }
    }

    #[test]
    fn the_host_of_an_absolute_target_counts_too() {
        let uri = Uri::from_static("http://example.org/health");
        assert!(check(&uri, &HeaderMap::new(), None).is_err());
    }
}
