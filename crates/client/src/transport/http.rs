//! HTTP/1.1 (RFC 9112). Only this file and `probe` name the HTTP library.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self};
use futures_util::{Stream, StreamExt};
use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER,
};
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use crate::Download;
use crate::answer::Reply;
use crate::configuration::Configuration;
use crate::error::{Error, Phase};
use crate::link::{DownstreamLink, UpstreamLink};
use crate::operation::Method;
use crate::request::Request;
use crate::secret::AuthorizationToken;
use crate::server_urls::{ServerKind, ServerUrls};
use crate::transport::download::zeroized;
use crate::transport::failure::Failure;
use crate::transport::named_host::may_be_named;
use crate::transport::proxy::Proxies;
use crate::transport::{resolve, tls, tunnel, upload};

/// Carries the authorization token of the session.
pub(crate) const SESSION: &str = "X-DPT-AUTHORIZATION";
/// Carries the id of an accepted command.
pub(crate) const COMMAND_ID: &str = "X-DPT-CAB-ID";
/// Carries the id of a request for data.
pub(crate) const REQUEST_ID: &str = "X-DPT-CAB-REQUEST-ID";

/// No answer of the API is longer. File bytes come from the downstream server.
const LONGEST_ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// Nobody is left alone for longer because a service asks for it.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Between two attempts to reach the successor of a host.
const SUCCESSION_STEP: Duration = Duration::from_millis(100);

/// Kept short so that a command is rarely sent on a connection the server is about to close.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// Sends requests. Follows no redirects: what a request carries is for one host.
pub(crate) struct Http {
    /// For the hosts that the user has named.
    pub(crate) client: reqwest::Client,
    /// For the hosts that the service names: it shows them no client certificate, and follows their names to no address
    /// that is nearer than the service.
    elsewhere: reqwest::Client,
    proxies: Proxies,
    pub(crate) servers: Arc<ServerUrls>,
    connect_timeout: Duration,
    succession: Duration,
    pub(super) answer_timeout: Duration,
    idle_timeout: Duration,
}

impl Http {
    pub(crate) fn new(
        configuration: &Configuration,
        proxies: Proxies,
        tls: rustls::ClientConfig,
    ) -> Result<Self, Failure> {
        let servers = Arc::new(configuration.servers.clone());
        let restricted = Restricted {
            servers: Arc::clone(&servers),
            proxies: proxies.clone(),
        };
        let without_certificate = tls::without_certificate(&tls);
        let client = |tls, resolver: Arc<dyn reqwest::dns::Resolve>| {
            build(configuration, &proxies, tls, resolver)
        };
        let elsewhere = client(without_certificate, Arc::new(restricted))?;
        let client = client(tls, Arc::new(Resolver))?;
        Ok(Self {
            client,
            elsewhere,
            proxies,
            servers,
            connect_timeout: configuration.connect_timeout,
            succession: configuration.succession,
            answer_timeout: configuration.answer_timeout,
            idle_timeout: configuration.idle_timeout,
        })
    }

    /// Who goes to where the service says: it may not lead to this computer or its network from elsewhere.
    async fn client_for(&self, url: &Url) -> Result<&reqwest::Client, Failure> {
        if !self.servers.has_place(url) {
            let is_proxied = self.proxies.of(url)?.is_some();
            let named = may_be_named(&self.servers, is_proxied, url);
            let late = |_| Failure::TimedOut(Phase::Connect);
            timeout(self.connect_timeout, named).await.map_err(late)??;
        }
        Ok(if self.servers.has_host(url) {
            &self.client
        } else {
            &self.elsewhere
        })
    }

    /// One request to the API and its whole answer, whatever its status.
    pub(crate) async fn exchange(
        &self,
        request: &Request,
        token: Option<&AuthorizationToken>,
    ) -> Result<Reply, Failure> {
        match timeout(self.answer_timeout, self.answer(request, token)).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::TimedOut(Phase::Answer)),
        }
    }

    fn build(
        &self,
        request: &Request,
        token: Option<&AuthorizationToken>,
    ) -> reqwest::RequestBuilder {
        let url = request.url(&self.servers.api);
        let mut builder = match request.method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url),
        };
        if let Some(token) = token {
            builder = with_secret(builder, SESSION, token.reveal());
        }
        if let Some(basic) = &request.basic {
            let value = Zeroizing::new(format!("Basic {}", basic.expose_secret()));
            builder = with_secret(builder, AUTHORIZATION.as_str(), &value);
        }
        match request.encoded_body() {
            Some((media_type, body)) => builder
                .header(CONTENT_TYPE, media_type)
                .body(zeroized(body)),
            None => builder,
        }
    }

    async fn answer(
        &self,
        request: &Request,
        token: Option<&AuthorizationToken>,
    ) -> Result<Reply, Failure> {
        let api = &self.servers.api;
        let mut response = self.send_again(api, || self.build(request, token)).await?;
        let mut body = BytesMut::new();
        while let Some(piece) = response.chunk().await.map_err(|error| classify(&error))? {
            if body.len() + piece.len() > LONGEST_ANSWER_BYTES {
                return Err(Failure::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        let headers = response.headers();
        let retry_after = retry_after(headers);
        Ok(Reply {
            status: response.status().as_u16(),
            command_header: text(headers, COMMAND_ID),
            request_header: text(headers, REQUEST_ID),
            retry_after,
            body: body.freeze(),
            servers: Arc::clone(&self.servers),
        })
    }

    /// Sends a request to `url`'s host, once more if that host has no successor yet.
    async fn send_again(
        &self,
        url: &Url,
        request: impl Fn() -> reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, Failure> {
        let deadline = Instant::now() + self.succession;
        loop {
            match self.send(url, request()).await {
                Err(Failure::Offline(_)) if Instant::now() < deadline => {
                    sleep(SUCCESSION_STEP).await;
                }
                sent => return sent,
            }
        }
    }

    /// Waits for the successor of `url`'s host before a body is sent that exists only once.
    async fn await_successor(&self, url: &Url) {
        let deadline = Instant::now() + self.succession;
        let Some(port) = url.port_or_known_default() else {
            return;
        };
        while Instant::now() < deadline {
            let host = url.host_str().unwrap_or_default();
            if TcpStream::connect((host, port)).await.is_ok() {
                return;
            }
            sleep(SUCCESSION_STEP).await;
        }
    }

    /// Sends a request to `url`'s host.
    pub(super) async fn send(
        &self,
        url: &Url,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, Failure> {
        self.proxies.of(url)?;
        match request.send().await {
            Ok(response) => Ok(response),
            Err(error) => Err(self.failure_at(url, &error).await),
        }
    }

    /// Why a request was not answered. The library does not say what a proxy said, so the proxy is asked again.
    async fn failure_at(&self, url: &Url, error: &reqwest::Error) -> Failure {
        let failure = classify(error);
        if error.is_connect()
            && !matches!(failure, Failure::Tls(_) | Failure::TimedOut(_))
            && let Ok(Some(via)) = self.proxies.of(url)
            && let Ok(Err(problem)) = timeout(
                self.connect_timeout,
                tunnel::through(&via, url, self.connect_timeout),
            )
            .await
        {
            return problem;
        }
        failure
    }

    /// Sends a body upstream and answers with the HTTP status. The link alone authorizes; nothing of the session goes
    /// with it.
    pub(crate) async fn send_upstream<S>(
        &self,
        link: &UpstreamLink,
        length: Option<u64>,
        source: S,
    ) -> Result<u16, Error>
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let (body, progress) = upload::watch(source, length);
        let failed = |failure: &Failure| failure.at(ServerKind::Upstream, link.url());
        let client = self
            .client_for(link.url())
            .await
            .map_err(|failure| failed(&failure))?;
        self.await_successor(link.url()).await;
        let mut request = client
            .post(link.url().clone())
            .header(CONTENT_TYPE, "application/octet-stream");
        if let Some(length) = length {
            request = request.header(CONTENT_LENGTH, length);
        }
        let sending = self.send(link.url(), request.body(reqwest::Body::wrap_stream(body)));
        let sent = tokio::select! {
            sent = sending => sent,
            () = progress.stalled(self.idle_timeout, self.answer_timeout) => {
                return Err(failed(&Failure::TimedOut(Phase::Body)));
            }
        };
        match sent {
            Ok(response) => {
                let response = self.accepted(response).await?;
                if !progress.has_passed() {
                    // It answered before it had everything.
                    return Err(Error::Interrupted {
                        server: ServerKind::Upstream,
                    });
                }
                Ok(response.status().as_u16())
            }
            Err(failure) => Err(match progress.take_error() {
                Some(source) => Error::Body(source),
                None => failed(&failure),
            }),
        }
    }

    /// Opens a download. Every piece has the idle limit to arrive.
    pub(crate) async fn fetch_downstream(&self, link: &DownstreamLink) -> Result<Download, Error> {
        let failed = |failure: &Failure| failure.at(ServerKind::Downstream, link.url());
        let client = self
            .client_for(link.url())
            .await
            .map_err(|failure| failed(&failure))?;
        let response = timeout(
            self.idle_timeout.max(self.answer_timeout),
            self.send_again(link.url(), || client.get(link.url().clone())),
        )
        .await
        .map_err(|_| failed(&Failure::TimedOut(Phase::Answer)))?
        .map_err(|failure| failed(&failure))?;
        let response = self.accepted(response).await?;
        let status = response.status().as_u16();
        let length = response.content_length();
        let idle = self.idle_timeout;
        let body = stream::try_unfold(response, move |mut response| async move {
            let Ok(piece) = timeout(idle, response.chunk()).await else {
                return Err(Error::TimedOut {
                    server: ServerKind::Downstream,
                    phase: Phase::Body,
                });
            };
            match piece {
                Ok(piece) => Ok(piece.map(|piece| (piece, response))),
                Err(_) => Err(Error::Interrupted {
                    server: ServerKind::Downstream,
                }),
            }
        });
        Ok(Download {
            status,
            length,
            body: body.boxed(),
        })
    }

    /// Turns the status of a file server into an error. Links are good once: refusing one means that it is spent.
    async fn accepted(&self, response: reqwest::Response) -> Result<reqwest::Response, Error> {
        match response.status().as_u16() {
            200..=299 => Ok(response),
            401 | 403 | 404 | 410 => Err(Error::LinkSpent),
            status => {
                let retry_after = retry_after(response.headers());
                let body = timeout(self.answer_timeout, read_some(response))
                    .await
                    .unwrap_or_default();
                Err(Error::Refused {
                    status,
                    body,
                    retry_after,
                })
            }
        }
    }
}

fn build(
    configuration: &Configuration,
    proxies: &Proxies,
    tls: rustls::ClientConfig,
    resolver: Arc<dyn reqwest::dns::Resolve>,
) -> Result<reqwest::Client, Failure> {
    let decision = proxies.clone();
    let proxy = reqwest::Proxy::custom(move |url| {
        // A proxy that is not supported is refused before anything is sent.
        let via = decision.of(url).ok().flatten();
        via.map(|via| via.url_with_credentials())
    });
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(resolver)
        .http1_only()
        .redirect(Policy::none())
        .referer(false)
        .proxy(proxy)
        .tcp_nodelay(true)
        .connect_timeout(configuration.connect_timeout)
        .pool_idle_timeout(POOL_IDLE)
        .user_agent(concat!("privicore-desktop/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Failure::connecting(&error))
}

/// A secret that is no header value was not made by the service: sent without, the request is answered by 401.
fn with_secret(
    builder: reqwest::RequestBuilder,
    name: &str,
    secret: &str,
) -> reqwest::RequestBuilder {
    let Ok(mut value) = HeaderValue::from_str(secret) else {
        return builder;
    };
    value.set_sensitive(true);
    builder.header(name, value)
}

/// `Retry-After` as a number of seconds (RFC 9110, 10.2.3); its form as a date is not used by services like this one.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = text(headers, RETRY_AFTER.as_str())?;
    let wait = seconds.trim().parse().ok().map(Duration::from_secs)?;
    Some(wait.min(LONGEST_WAIT))
}

/// The beginning of an error's body.
async fn read_some(mut response: reqwest::Response) -> String {
    const ENOUGH: usize = 1000;
    let mut text = Vec::new();
    while let Ok(Some(piece)) = response.chunk().await {
        text.extend_from_slice(&piece);
        if text.len() > ENOUGH {
            break;
        }
    }
    text.truncate(ENOUGH);
    String::from_utf8_lossy(&text).trim().to_owned()
}

/// Says whether the connection never stood, or broke. The library's error holds the whole address: it ends here.
fn classify(error: &reqwest::Error) -> Failure {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Failure::TimedOut(Phase::Connect),
        (true, false) => Failure::connecting(error),
        (false, true) => Failure::TimedOut(Phase::Answer),
        (false, false) => Failure::breaking(error),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// Resolves names as the WebSocket does, with an error that can be told apart.
struct Resolver;

impl reqwest::dns::Resolve for Resolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = resolve::addresses(name.as_str(), 0).await?;
            Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

/// Resolves names that the service has given, at the moment of connecting: what was looked at before may have changed
/// since.
struct Restricted {
    servers: Arc<ServerUrls>,
    proxies: Proxies,
}

impl Restricted {
    /// Whether a name is that of a proxy, which the user or the system has chosen.
    fn is_proxy(&self, name: &str) -> bool {
        let anywhere = Url::parse("https://example.com/").ok();
        let via = anywhere.and_then(|url| self.proxies.of(&url).ok().flatten());
        via.is_some_and(|via| via.url().host_str() == Some(name))
    }
}

impl reqwest::dns::Resolve for Restricted {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let is_proxy = self.is_proxy(name.as_str());
        let servers = Arc::clone(&self.servers);
        Box::pin(async move {
            let mut addresses: Vec<SocketAddr> = resolve::addresses(name.as_str(), 0).await?;
            if !is_proxy {
                let service = resolve::zones_of(&servers.api).await;
                addresses = resolve::namable(addresses, &service)?;
            }
            Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs)
        })
    }
}
