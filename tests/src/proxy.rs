//! An HTTP proxy on loopback that makes tunnels (`CONNECT`) to names that nobody else knows.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Runs until it is dropped, with all its tunnels.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    held: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The tunnels it made, each as `host:port`.
    pub tunnels: Vec<String>,
    /// How many requests it turned away for a lack of credentials.
    pub turned_away: usize,
    /// Requests that asked for no tunnel, each as its first line.
    pub others: Vec<String>,
}

struct Knowledge {
    names: HashMap<String, SocketAddr>,
    /// The value of `Proxy-Authorization` it wants to see.
    wanted: Option<String>,
}

impl Proxy {
    /// Starts it. `names` tells where each `host:port` really is; `wanted` the `Proxy-Authorization` to ask for.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(names: HashMap<String, SocketAddr>, wanted: Option<&str>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        let knowledge = Arc::new(Knowledge {
            names,
            wanted: wanted.map(str::to_owned),
        });
        let (held, holding) = watch::channel(false);
        let noted = Arc::clone(&seen);
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (knowledge, noted) = (Arc::clone(&knowledge), Arc::clone(&noted));
                let mut holding = holding.clone();
                connections.spawn(async move {
                    let serving = serve(stream, &knowledge, &noted);
                    tokio::pin!(serving);
                    tokio::select! {
                        // Who hangs up in the middle has its own reasons.
                        _ = &mut serving => {}
                        () = told_to_hold(&mut holding) => std::future::pending().await,
                    }
                });
            }
        });
        Ok(Self {
            address,
            seen,
            held,
            serving,
        })
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Passes nothing on any more, and lets nobody know.
    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    /// What it was asked for so far.
    pub fn seen(&self) -> Seen {
        self.seen.lock().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn told_to_hold(holding: &mut watch::Receiver<bool>) {
    // When nobody is left to tell, everything ends anyway.
    let _ = holding.wait_for(|held| *held).await;
}

async fn serve(mut stream: TcpStream, knowledge: &Knowledge, seen: &Mutex<Seen>) -> Result<()> {
    let head = read_head(&mut stream).await?;
    let mut lines = head.lines();
    let line = lines.next().context("a request has a first line")?;
    if let Some(wanted) = &knowledge.wanted
        && !lines.any(|line| is_authorization(line, wanted))
    {
        seen.lock().turned_away += 1;
        let asks = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic \
            realm=\"test\"\r\nContent-Length: 0\r\n\r\n";
        return Ok(stream.write_all(asks.as_bytes()).await?);
    }
    let target = line
        .strip_prefix("CONNECT ")
        .and_then(|rest| rest.split(' ').next());
    let Some(target) = target else {
        seen.lock().others.push(line.to_owned());
        return answer(&mut stream, "405 Method Not Allowed").await;
    };
    let Some(place) = knowledge.names.get(target) else {
        return answer(&mut stream, "502 Bad Gateway").await;
    };
    let mut server = TcpStream::connect(place).await?;
    seen.lock().tunnels.push(target.to_owned());
    stream
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    copy_bidirectional(&mut stream, &mut server).await?;
    Ok(())
}

async fn answer(stream: &mut TcpStream, status: &str) -> Result<()> {
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
    Ok(stream.write_all(answer.as_bytes()).await?)
}

async fn read_head(stream: &mut TcpStream) -> Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8(head)?)
}

fn is_authorization(line: &str, wanted: &str) -> bool {
    line.split_once(':').is_some_and(|(name, value)| {
        name.eq_ignore_ascii_case("proxy-authorization") && value.trim() == wanted
    })
}
