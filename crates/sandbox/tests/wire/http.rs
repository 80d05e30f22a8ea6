//! HTTP/1.1 as text: one connection a request.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than anything here takes; a test that hangs fails instead.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the connection ended before the body was whole.
    pub(crate) cut: bool,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// The names of the fields a 422 complains about, in order.
    pub(crate) fn wrong_fields(&self) -> Vec<String> {
        assert_eq!(self.status, 422, "{self:?}");
        let json = self.json();
        json["errors"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    }

    fn parse(mut raw: Vec<u8>) -> Option<Self> {
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(raw[..end].to_vec()).unwrap();
        raw.drain(..end + 4);
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers
            .iter()
            .find(|(name, _)| name == "content-length")
            .and_then(|(_, length)| length.parse::<usize>().ok());
        Some(Self {
            status,
            headers,
            cut: length.is_some_and(|length| raw.len() < length),
            body: raw,
        })
    }
}

/// The part of an address after its scheme.
pub(crate) fn authority(address: &str) -> &str {
    let rest = address.split_once("://").unwrap().1;
    rest.split('/').next().unwrap()
}

/// Sends `request` as it is and reads until the server closes. `None`: it closed without an answer.
pub(crate) async fn raw(address: &str, request: &[u8]) -> Option<Reply> {
    let exchange = async {
        let mut stream = TcpStream::connect(authority(address)).await.unwrap();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        Reply::parse(answer)
    };
    tokio::time::timeout(PATIENCE, exchange)
        .await
        .expect("an answer in time")
}

/// A request with `headers` (each line with its end) and a body.
pub(crate) async fn send(
    address: &str,
    (method, path): (&str, &str),
    headers: &str,
    body: &[u8],
) -> Option<Reply> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        authority(address),
        body.len(),
    );
    raw(address, &[head.as_bytes(), body].concat()).await
}

pub(crate) async fn get(address: &str, path: &str, headers: &str) -> Reply {
    send(address, ("GET", path), headers, b"")
        .await
        .expect("an answer")
}

/// A form; `fields` are encoded here.
pub(crate) async fn post(
    address: &str,
    path: &str,
    headers: &str,
    fields: &[(&str, &str)],
) -> Reply {
    let headers = format!("{headers}Content-Type: application/x-www-form-urlencoded\r\n");
    send(address, ("POST", path), &headers, encode(fields).as_bytes())
        .await
        .expect("an answer")
}

pub(crate) async fn post_json(address: &str, path: &str, headers: &str, body: &Value) -> Reply {
    let headers = format!("{headers}Content-Type: application/json\r\n");
    send(
        address,
        ("POST", path),
        &headers,
        body.to_string().as_bytes(),
    )
    .await
    .expect("an answer")
}

/// `application/x-www-form-urlencoded`; also good for queries.
pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
