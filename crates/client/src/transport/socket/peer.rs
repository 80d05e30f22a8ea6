//! The far end of a WebSocket, played by a test.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, accept_async};

/// Listens on loopback; the test takes connections one by one.
pub(crate) struct Exchange {
    listener: TcpListener,
}

/// One connection.
pub(crate) struct Peer(WebSocketStream<TcpStream>);

impl Exchange {
    pub(crate) async fn open() -> Self {
        Self::open_at("127.0.0.1:0").await
    }

    pub(crate) async fn open_at(address: &str) -> Self {
        Self {
            listener: TcpListener::bind(address).await.unwrap(),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.listener.local_addr().unwrap())
    }

    pub(crate) async fn accept(&self) -> Peer {
        let (stream, _) = self.listener.accept().await.unwrap();
        Peer(accept_async(stream).await.unwrap())
    }

    /// Takes the next connection and lets it join; returns the token it joined with.
    pub(crate) async fn join(&self) -> (Peer, String) {
        let mut peer = self.accept().await;
        let join = peer.hear().await.unwrap();
        assert_eq!(join["action"], "joinChannel");
        let correlation = &join["correlationId"];
        peer.say(&format!(r#"{{"correlationId":{correlation},"status":200,"data":{{"channelId":"ch-1","message":"Joined"}}}}"#)).await;
        let token = join["data"]["authorizationToken"]
            .as_str()
            .unwrap()
            .to_owned();
        (peer, token)
    }
}

impl Peer {
    pub(crate) async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Tells the outcome of a command.
    pub(crate) async fn acknowledge(&mut self, command: &str, status: u8, body: &str) {
        let ack = format!(
            r#"{{"data":{{"type":"X-DPT-CAB-ID","id":"{command}","command_status":{status},"body":"{body}"}}}}"#
        );
        self.say(&ack).await;
    }

    pub(crate) async fn answer(&mut self, request: &str, output_type: u8, body: &str) {
        let answer = format!(
            r#"{{"data":{{"type":"X-DPT-CAB-REQUEST-ID","id":"{request}","data_context":"c","output_type":{output_type},"body":"{body}"}}}}"#
        );
        self.say(&answer).await;
    }

    /// The next message; `None` at the end of the connection.
    pub(crate) async fn hear(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}
