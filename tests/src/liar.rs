//! A service that lies: it stands before the API of a sandbox and changes what that answers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use anyhow::{Context, Result};
use parking_lot::{Mutex, MutexGuard};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Liar {
    address: String,
    lies: Arc<Mutex<Lies>>,
    serving: JoinHandle<()>,
}

/// What it says instead of the truth.
#[derive(Debug, Default)]
pub struct Lies {
    /// Tokens that no list names.
    pub hidden: HashSet<String>,
    /// The only tokens that lists name, if there are such.
    pub listed_only: Option<HashSet<String>>,
    /// Tokens that it does not know when their data is requested.
    pub lost: HashSet<String>,
    /// The status of the answer to a request for the data of a hidden token.
    pub refused: Option<u16>,
    /// How often the data of a hidden token was requested.
    pub requests: usize,
    /// Pairs of tokens, each listed with what belongs to the other.
    pub exchanged: Vec<(String, String)>,
    /// What `configure-file-meta` answers, whatever was stored.
    pub permanent: Option<String>,
    /// The status of every answer to `configure-file-meta`, which is not passed on.
    pub place_gone: Option<u16>,
    /// `update-data` is passed on without what is said of the file.
    pub drops_meta: bool,
    /// Status and body of the answer about the engine's key.
    pub engine_key: Option<(u16, String)>,
    /// Status and body of the answer about the profile's own key.
    pub own_key: Option<(u16, String)>,
    /// The bodies of all `update-data` so far.
    pub updates: Vec<Value>,
    /// What each token was listed with first.
    known: HashMap<String, Value>,
}

impl Liar {
    /// Stands before `api`, an `http://` address.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn before(api: &str) -> Result<Self> {
        let truth = api.trim_start_matches("http://").trim_end_matches('/');
        let truth = truth.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let lies = Arc::new(Mutex::new(Lies::default()));
        let told = Arc::clone(&lies);
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (truth, told) = (truth.clone(), Arc::clone(&told));
                connections.spawn(async move {
                    // Who hangs up has what they want.
                    let _ = serve(stream, &truth, &told).await;
                });
            }
        });
        Ok(Self {
            address,
            lies,
            serving,
        })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it says from now on.
    pub fn lies(&self) -> MutexGuard<'_, Lies> {
        self.lies.lock()
    }

    /// Takes the truth for good again.
    pub fn repent(&self) {
        let mut lies = self.lies();
        let known = std::mem::take(&mut lies.known);
        *lies = Lies {
            known,
            ..Lies::default()
        };
    }
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// One request: the connection ends with its answer.
async fn serve(mut stream: TcpStream, truth: &str, lies: &Mutex<Lies>) -> Result<()> {
    let mut request = Vec::new();
    let (head_end, length) = loop {
        anyhow::ensure!(stream.read_buf(&mut request).await? > 0, "no request");
        if let Some(end) = end_of_head(&request) {
            break (end, content_length(&request[..end])?);
        }
    };
    while request.len() < head_end + length.unwrap_or_default() {
        anyhow::ensure!(stream.read_buf(&mut request).await? > 0, "half a request");
    }
    let head = String::from_utf8_lossy(&request[..head_end]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut body = request.split_off(head_end);
    let lie = instead(&path, &body, &mut lies.lock());
    let drops_meta = is_update(&path) && lies.lock().drops_meta;
    let head = if drops_meta {
        let mut update: Value = serde_json::from_slice(&body)?;
        update.as_object_mut().context("an update")?.remove("meta");
        body = serde_json::to_vec(&update)?;
        with_length(&head, body.len())
    } else {
        head
    };
    let answer = if let Some(answer) = lie {
        answer
    } else {
        let (head, body) = truth_about(&head, &body, truth).await?;
        let body = bend(&path, body, &mut lies.lock());
        with_body(&head, &body)
    };
    stream.write_all(&answer).await?;
    Ok(stream.shutdown().await?)
}

/// Passes the request on; answers head and body.
async fn truth_about(head: &str, body: &[u8], truth: &str) -> Result<(String, Vec<u8>)> {
    let mut lines: Vec<&str> = head.trim_end().split("\r\n").collect();
    lines.retain(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    lines.push("connection: close");
    let mut upstream = TcpStream::connect(truth).await?;
    let head = format!("{}\r\n\r\n", lines.join("\r\n"));
    upstream.write_all(head.as_bytes()).await?;
    upstream.write_all(body).await?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).await?;
    let end = end_of_head(&answer).context("an answer has a head")?;
    let body = answer.split_off(end);
    Ok((String::from_utf8_lossy(&answer).into_owned(), body))
}

/// What it answers without asking.
fn instead(path: &str, body: &[u8], lies: &mut Lies) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(body);
    if path.starts_with("/dptcab/public-key") {
        let (status, body) = lies.engine_key.as_ref()?;
        return Some(answer(*status, body));
    }
    if path.starts_with("/public-key/retrieve-public-key") {
        let (status, body) = lies.own_key.as_ref()?;
        return Some(answer(*status, body));
    }
    if path.starts_with("/data-token/configure-file-meta")
        && let Some(status) = lies.place_gone
    {
        return Some(answer(status, "{}"));
    }
    if path.starts_with("/data-token/request-data") {
        let is_hidden = |token: &String| text.contains(token.as_str());
        if lies.hidden.iter().any(is_hidden) {
            lies.requests += 1;
            if let Some(status) = lies.refused {
                return Some(answer(status, "{}"));
            }
        }
        let is_lost = lies.lost.iter().any(|token| text.contains(token.as_str()));
        return is_lost.then(|| answer(404, "{}"));
    }
    if is_update(path) {
        lies.updates.extend(serde_json::from_slice(body).ok());
    }
    None
}

fn is_update(path: &str) -> bool {
    path.starts_with("/data-token/update-data") && !path.contains("update-data-token")
}

/// A head that announces so many bytes.
fn with_length(head: &str, length: usize) -> String {
    let lines = head.trim_end().split("\r\n");
    let mut lines: Vec<&str> = lines
        .filter(|line| !line.to_ascii_lowercase().starts_with("content-length:"))
        .collect();
    let length = format!("content-length: {length}");
    lines.push(&length);
    lines.join("\r\n")
}

/// The truth, bent.
fn bend(path: &str, body: Vec<u8>, lies: &mut Lies) -> Vec<u8> {
    let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else {
        return body;
    };
    if path.starts_with("/data-token/configure-file-meta") {
        if let Some(token) = &lies.permanent {
            match &mut answer {
                Value::String(told) => told.clone_from(token),
                Value::Object(told) if told.contains_key("token") => {
                    told.insert("token".into(), token.as_str().into());
                }
                _ => {}
            }
        }
    } else if path.starts_with("/data-token/list-data-tokens") {
        let items = match &mut answer {
            Value::Array(items) => Some(items),
            Value::Object(page) => page.get_mut("items").and_then(Value::as_array_mut),
            _ => None,
        };
        if let Some(items) = items {
            bend_list(items, lies);
        }
    }
    serde_json::to_vec(&answer).unwrap_or(body)
}

fn bend_list(items: &mut Vec<Value>, lies: &mut Lies) {
    let token_of = |item: &Value| item["token"].as_str().unwrap_or_default().to_owned();
    for item in &*items {
        lies.known.insert(token_of(item), item.clone());
    }
    items.retain(|item| {
        let token = token_of(item);
        let only = lies.listed_only.as_ref();
        !lies.hidden.contains(&token) && only.is_none_or(|only| only.contains(&token))
    });
    for item in items {
        let token = token_of(item);
        let other = lies.exchanged.iter().find_map(|(one, other)| {
            let others = [(one, other), (other, one)];
            others
                .into_iter()
                .find_map(|(mine, other)| (*mine == token).then_some(other))
        });
        if let Some(known) = other.and_then(|other| lies.known.get(other)) {
            *item = known.clone();
            item["token"] = token.into();
        }
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    end.map(|at| at + 4)
}

fn content_length(head: &[u8]) -> Result<Option<usize>> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    Ok(length.map(|length| length.trim().parse()).transpose()?)
}

fn answer(status: u16, body: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Lie\r\ncontent-type: application/json\r\n\r\n");
    with_body(&head, body.as_bytes())
}

fn with_body(head: &str, body: &[u8]) -> Vec<u8> {
    let mut lines: Vec<String> = head.trim_end().split("\r\n").map(str::to_owned).collect();
    lines.retain(|line| {
        let line = line.to_ascii_lowercase();
        !["content-length:", "transfer-encoding:", "connection:"]
            .iter()
            .any(|name| line.starts_with(name))
    });
    lines.push(format!("content-length: {}", body.len()));
    lines.push("connection: close".into());
    let mut whole = format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes();
    whole.extend_from_slice(body);
    whole
}
