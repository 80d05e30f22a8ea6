//! A client as the vendor's sample is: it listens for an outcome only once the answer has named the command, reads
//! `{token}` where data becomes permanent, polls without a token before it has one, and knows one form of each answer.
//! What the sandbox does by itself is not asked for here: no storage device comes from anywhere but this client.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use privicore_sandbox::{Addresses, Sandbox};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::data_tokens::bytes;
use crate::http::{self, PATIENCE, Reply, authority};
use crate::websocket::Line;

type Listeners = Arc<Mutex<HashMap<String, UnboundedSender<Value>>>>;

struct Sample {
    at: Addresses,
    token: String,
    listeners: Listeners,
}

/// Messages about one id, from when it was named.
struct Messages(UnboundedReceiver<Value>);

impl Messages {
    async fn next(&mut self) -> Value {
        let next = tokio::time::timeout(PATIENCE, self.0.recv());
        next.await.expect("a message in time").expect("a listener")
    }
}

impl Sample {
    /// Registers, waits by polling, signs in, and joins.
    async fn sign_up(sandbox: &Sandbox, name: &str) -> Self {
        let at = sandbox.addresses().clone();
        let named = [("username", name), ("password", "sample")];
        let reply = http::post(&at.api, "/profile/register-profile", "", &named).await;
        let path = format!("/request-status/{}", command_id(&reply));
        loop {
            let told = http::post_json(&at.api, &path, "", &json!({})).await;
            assert_eq!(told.status, 200, "{told:?}");
            match told.json() {
                Value::String(word) if word == "succeeded" => break,
                Value::Array(words) if words == ["succeeded"] => break,
                _ => tokio::task::yield_now().await,
            }
        }
        let reply = http::post(&at.api, "/profile/authenticate", "", &named).await;
        let token = reply.json()["authorizationToken"]
            .as_str()
            .unwrap()
            .to_owned();
        let mut line = Line::joined(&at.websocket, &token).await;
        let listeners = Listeners::default();
        let heard_by = listeners.clone();
        tokio::spawn(async move {
            while let Some(message) = line.next().await {
                let data = &message["data"];
                let id = data["id"].as_str().or_else(|| data["requestId"].as_str());
                // What nobody listens for is gone.
                if let Some(listener) = heard_by.lock().get(id.unwrap_or_default()) {
                    let _ = listener.send(data.clone());
                }
            }
        });
        Self {
            at,
            token,
            listeners,
        }
    }

    fn headers(&self) -> String {
        format!("X-DPT-AUTHORIZATION: {}\r\n", self.token)
    }

    /// Listens for `id` from now on.
    fn listen(&self, id: &str) -> Messages {
        let (sender, messages) = mpsc::unbounded_channel();
        self.listeners.lock().insert(id.to_owned(), sender);
        Messages(messages)
    }

    async fn get(&self, path: &str) -> Value {
        let reply = http::get(&self.at.api, path, &self.headers()).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        reply.json()
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        http::post(&self.at.api, path, &self.headers(), fields).await
    }

    /// Gives a command that succeeds; its id.
    async fn done(&self, path: &str, fields: &[(&str, &str)]) -> String {
        self.settled(path, self.post(path, fields).await).await
    }

    async fn done_json(&self, path: &str, body: &Value) -> String {
        let reply = http::post_json(&self.at.api, path, &self.headers(), body).await;
        self.settled(path, reply).await
    }

    async fn settled(&self, path: &str, reply: Reply) -> String {
        let id = command_id(&reply);
        let told = self.listen(&id).next().await;
        assert_eq!(told["command_status"], 2, "{path}: {told}");
        id
    }

    async fn register_key(&self, device: Option<&str>) {
        let key = self.get("/generate-keys").await["public"].clone();
        let mut fields = vec![("publicKey", key.as_str().unwrap())];
        fields.extend(device.map(|device| ("deviceIdentifier", device)));
        self.done("/public-key/register-public-key", &fields).await;
    }

    /// A device in the vendor's order: identifier, configuration, key, approval, and then what it is for.
    async fn register_device(&self, name: &str) -> String {
        let path = "/device/request-unique-identifier";
        let id = self.done(path, &[("deviceName", name)]).await;
        let path = "/device/retrieve-unique-identifier";
        let device = self.post(path, &[("id", &id)]).await.json();
        let device = device.as_str().unwrap().to_owned();
        let this = [("deviceIdentifier", device.as_str())];
        let path = "/device/download-device-configuration";
        let bundle = self.post(path, &this).await.json();
        assert_eq!(bundle["device-identifier"], device);
        assert!(bundle["rabbit-vhost"].is_string() && bundle["routing-key"].is_string());
        self.register_key(Some(&device)).await;
        for path in [
            "/device/approve-device",
            "/storage/register",
            "/verified-authenticator/register",
        ] {
            self.done(path, &this).await;
        }
        device
    }

    /// Stores `stored`, by exchange if it is small; the permanent token.
    async fn store(&self, name: &str, stored: &[u8]) -> String {
        let fields = [("context", "sample"), ("ttl", "5")];
        let id = self.done("/data-token/reserve-token-space", &fields).await;
        let path = format!("/data-token/retrieve-temporary-data-token/{id}");
        let space = self.get(&path).await;
        let temporary = space["token"].as_str().unwrap();
        if stored.len() <= 50 * 1024 {
            let data = STANDARD.encode(stored);
            let fields = [("temporaryTokenSpace", temporary), ("data", &data)];
            self.done("/data-token/exchange-data-for-token", &fields)
                .await;
        } else {
            let (address, path) = split(space["stream"].as_str().unwrap());
            let kind = "Content-Type: application/octet-stream\r\n";
            let reply = http::send(&address, ("POST", &path), kind, stored).await;
            assert_eq!(reply.unwrap().status, 200);
        }
        let size = stored.len().to_string();
        let fields = [
            ("token", temporary),
            ("fileName", name),
            ("extension", "bin"),
            ("context", "sample"),
            ("size", &size),
            ("path", "/"),
        ];
        let reply = self.post("/data-token/configure-file-meta", &fields).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["token"].as_str().unwrap().to_owned()
    }

    async fn fetch(&self, token: &str) -> Vec<u8> {
        let reply = self
            .post("/data-token/request-data", &[("token", token)])
            .await;
        assert_eq!(reply.status, 202);
        let id = reply.header("x-dpt-cab-request-id").unwrap();
        let mut messages = self.listen(id);
        let answer = messages.next().await;
        let body = answer["body"].as_str().unwrap();
        if answer["output_type"] == 0 {
            return STANDARD.decode(body).unwrap();
        }
        assert_eq!(messages.next().await["type"], "STREAM-READY");
        let reply = http::get(&self.at.downstream, &format!("/?auth={body}"), "").await;
        assert_eq!((reply.status, reply.cut), (200, false));
        reply.body
    }
}

/// The id in the body, in each of its three shapes and in no header.
fn command_id(reply: &Reply) -> String {
    assert!(matches!(reply.status, 200 | 202), "{reply:?}");
    let id = match reply.json() {
        Value::String(id) => id,
        Value::Array(ids) => ids[0].as_str().unwrap().to_owned(),
        body => body["commandId"].as_str().unwrap().to_owned(),
    };
    assert!(!id.is_empty());
    id
}

/// An address as a server and a path.
fn split(address: &str) -> (String, String) {
    let place = authority(address);
    let path = address.split_once(place).unwrap().1;
    (format!("http://{place}"), path.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_client_stores_and_fetches() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let sample = Sample::sign_up(&sandbox, "sample").await;
    sample.register_key(None).await;
    for name in ["one", "two", "three"] {
        sample.register_device(name).await;
    }
    for size in [1, 1000, 50_000, 51_200, 60_000, 300_000, 1 << 20, 3_000_000] {
        let stored = bytes(size);
        let token = sample.store(&size.to_string(), &stored).await;
        assert!(sample.fetch(&token).await == stored, "{size}");
    }
    let listed = sample.get("/data-token/list-data-tokens").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_client_describes_replaces_and_deletes() {
    let sandbox = Sandbox::builder().auto_storage(3).start().await.unwrap();
    let sample = Sample::sign_up(&sandbox, "sample").await;
    sample.register_key(None).await;
    let token = sample.store("x", b"first").await;
    let fields = [
        ("token", token.as_str()),
        ("classification", "internal"),
        ("retentionDays", "30"),
    ];
    let path = "/data-token/configure-information-security-risk-meta";
    sample.done(path, &fields).await;
    let body = json!({ "dataToken": token, "data": STANDARD.encode("second") });
    sample.done_json("/data-token/update-data", &body).await;
    assert_eq!(sample.fetch(&token).await, b"second");
    let fields = [("token", token.as_str())];
    sample.done("/data-token/delete-data", &fields).await;
    let gone = sample.post("/data-token/request-data", &fields).await;
    assert_eq!(gone.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_client_sets_up_votes() {
    let base = "/verified-authenticator";
    let sandbox = Sandbox::builder().start().await.unwrap();
    let sample = Sample::sign_up(&sandbox, "sample").await;
    sample.register_key(None).await;
    let device = sample.register_device("phone").await;
    for (strategy, parameters) in [
        ("unanimous", "100"),
        ("consensus", "51"),
        ("affirmative", "1"),
    ] {
        let fields = [("strategy", strategy), ("strategy_params", parameters)];
        sample
            .done(&format!("{base}/set-quorum-strategy"), &fields)
            .await;
    }
    let configuration = json!({
        "name": "board",
        "timeLimit": 60,
        "strategy": "affirmative",
        "deviceIdentifiers": [device],
    });
    let path = format!("{base}/voting-configuration/register");
    sample.done_json(&path, &configuration).await;
    let poll = json!({
        "votingConfigurationId": "board",
        "title": "Office",
        "question": "Shall we?",
        "nonce": "n-1",
    });
    let mut pools = Vec::new();
    for _ in 0..2 {
        let headers = sample.headers();
        let reply = http::post_json(&sample.at.api, "/voting/create", &headers, &poll).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        pools.push(reply.json().as_str().unwrap().to_owned());
    }
    for pool in pools {
        sample
            .done_json("/voting/cancel-pool", &json!({ "poolId": pool }))
            .await;
        let state = sample
            .get(&format!("/voting/check-pool-status/{pool}"))
            .await;
        assert_eq!(state["state"], "canceled");
    }
    let path = format!("{base}/voting-configuration/delete");
    sample.done_json(&path, &json!({ "name": "board" })).await;
}
