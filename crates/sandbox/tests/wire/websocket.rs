//! RFC 6455 by hand: a plain handshake, masked text frames out, unmasked frames in.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::http::{PATIENCE, authority};

const TEXT: u8 = 1;
const CLOSE: u8 = 8;

pub(crate) struct Line {
    stream: TcpStream,
    /// Messages that came while another was awaited.
    shelf: Vec<Value>,
    pub(crate) channel: Value,
}

impl Line {
    pub(crate) async fn open(address: &str) -> Self {
        let mut stream = TcpStream::connect(authority(address)).await.unwrap();
        let request = format!(
            "GET / HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            authority(address)
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 101"), "{head}");
        // The example of RFC 6455, section 1.3.
        assert!(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="));
        Self {
            stream,
            shelf: Vec::new(),
            channel: Value::Null,
        }
    }

    /// Opens, joins the channel of `token`, and checks that it worked.
    pub(crate) async fn joined(address: &str, token: &str) -> Self {
        let mut line = Self::open(address).await;
        let answer = line.join(token).await;
        assert_eq!(answer["status"], 200, "{answer}");
        line.channel = answer["data"]["channelId"].clone();
        line
    }

    pub(crate) async fn join(&mut self, token: &str) -> Value {
        self.say(&json!({
            "action": "joinChannel",
            "correlationId": "c-1",
            "data": { "authorizationToken": token, "correlationId": "c-1" },
        }))
        .await;
        self.heard(|message| message["correlationId"] == "c-1")
            .await
    }

    pub(crate) async fn say(&mut self, message: &Value) {
        self.send(TEXT, message.to_string().as_bytes()).await;
    }

    pub(crate) async fn send(&mut self, opcode: u8, payload: &[u8]) {
        let mask = [1, 2, 3, 4];
        let mut frame = vec![0x80 | opcode];
        match u8::try_from(payload.len()) {
            Ok(short) if short < 126 => frame.push(0x80 | short),
            _ => {
                frame.push(0x80 | 0x7E);
                frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
            }
        }
        frame.extend(mask);
        frame.extend(
            payload
                .iter()
                .zip(mask.iter().cycle())
                .map(|(byte, mask)| byte ^ mask),
        );
        self.stream.write_all(&frame).await.unwrap();
    }

    /// The next message `wanted` is true of; others are kept for later.
    pub(crate) async fn heard(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.shelf.iter().position(&wanted) {
            return self.shelf.remove(at);
        }
        loop {
            let message = self.next().await.expect("the connection is open");
            if wanted(&message) {
                return message;
            }
            self.shelf.push(message);
        }
    }

    /// The next `data` about `id`.
    pub(crate) async fn about(&mut self, id: &str) -> Value {
        let message = self
            .heard(|message| message["data"]["id"] == id || message["data"]["requestId"] == id)
            .await;
        message["data"].clone()
    }

    /// The next message, or `None` once the server has closed.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        tokio::time::timeout(PATIENCE, self.frame())
            .await
            .expect("a message in time")
    }

    async fn frame(&mut self) -> Option<Value> {
        let opcode = self.stream.read_u8().await.ok()?;
        let length = match self.stream.read_u8().await.ok()? {
            126 => u64::from(self.stream.read_u16().await.ok()?),
            127 => self.stream.read_u64().await.ok()?,
            short => u64::from(short),
        };
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.stream.read_exact(&mut payload).await.ok()?;
        match opcode & 0x0f {
            TEXT => Some(serde_json::from_slice(&payload).expect("a message is JSON")),
            CLOSE => None,
            other => panic!("a frame of kind {other}"),
        }
    }

    /// Messages that came while others were awaited, about `id`.
    pub(crate) fn shelved_about(&self, id: &str) -> usize {
        let about = |message: &&Value| message["data"]["id"] == id;
        self.shelf.iter().filter(about).count()
    }
}
