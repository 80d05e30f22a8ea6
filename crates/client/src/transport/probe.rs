//! Checks which kind of server answers at an address.

use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;

use crate::error::{Error, Phase};
use crate::operation::Endpoint as _;
use crate::operations::utility::CheckHealth;
use crate::server_urls::ServerKind;
use crate::transport::failure::Failure;
use crate::transport::http::Http;

impl Http {
    /// Whether a file server is there: without a link it refuses whoever asks, and it knows the method of its own
    /// transfers only. Nothing is sent but the question.
    pub(crate) async fn probe(&self, server: ServerKind) -> Result<(), Error> {
        let url = self.servers.of(server);
        let request = match server {
            ServerKind::Upstream => self.client.post(url.clone()).body(Vec::new()),
            ServerKind::Api | ServerKind::WebSocket | ServerKind::Downstream => {
                self.client.get(url.clone())
            }
        };
        let (status, is_page) = self.status_of(server, request).await?;
        let is_right = match status {
            // A message server says that as well to who asks for no WebSocket.
            400 => !self.opens_sockets(server).await?,
            401 | 403 | 410 | 411 | 422 => true,
            // Some file servers refuse links like this, but so do most servers: it is none if it shows what it is
            // instead.
            404 => {
                !is_page
                    && !self.opens_sockets(server).await?
                    && !self.answers_health(server).await?
            }
            _ => false,
        };
        if is_right {
            return Ok(());
        }
        Err(Failure::Refused(status).at(server, url))
    }

    /// Whether it is the API that answers.
    pub(crate) async fn answers_health(&self, server: ServerKind) -> Result<bool, Error> {
        let url = CheckHealth.request().url(self.servers.of(server));
        let (status, _) = self.status_of(server, self.client.get(url)).await?;
        Ok((200..300).contains(&status))
    }

    /// Whether a server takes a WebSocket's handshake (RFC 6455, 4.1).
    pub(crate) async fn opens_sockets(&self, server: ServerKind) -> Result<bool, Error> {
        let url = self.servers.of(server);
        let handshake = [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let request = handshake
            .into_iter()
            .fold(self.client.get(url.clone()), |request, (name, value)| {
                request.header(name, value)
            });
        let (status, _) = self.status_of(server, request).await?;
        Ok(status == 101)
    }

    /// The status of an answer, and whether it is a page for a browser.
    pub(crate) async fn status_of(
        &self,
        server: ServerKind,
        request: reqwest::RequestBuilder,
    ) -> Result<(u16, bool), Error> {
        let url = self.servers.of(server);
        match timeout(self.answer_timeout, self.send(url, request)).await {
            Ok(Ok(response)) => {
                let media_type = response.headers().get(CONTENT_TYPE);
                let is_page = media_type.is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
                Ok((response.status().as_u16(), is_page))
            }
            Ok(Err(failure)) => Err(failure.at(server, url)),
            Err(_) => Err(Failure::TimedOut(Phase::Answer).at(server, url)),
        }
    }
}
