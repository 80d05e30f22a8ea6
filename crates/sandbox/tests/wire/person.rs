//! A person with a profile, who can do everything by raw bytes and reads every form of answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use privicore_sandbox::{Addresses, Builder, Dialect, Sandbox};
use serde_json::Value;

use crate::http::{self, Reply, encode};
use crate::websocket::Line;

pub(crate) const PASSWORD: &str = "correct horse";

/// An in-memory sandbox whose profiles have three storage devices.
pub(crate) async fn sandbox() -> Sandbox {
    in_dialect(Dialect::Observed).await
}

pub(crate) async fn in_dialect(dialect: Dialect) -> Sandbox {
    start(Sandbox::builder().dialect(dialect)).await
}

/// One sandbox in each dialect that has forms of its own.
pub(crate) async fn both_dialects() -> [Sandbox; 2] {
    [
        in_dialect(Dialect::Documented).await,
        in_dialect(Dialect::Observed).await,
    ]
}

pub(crate) async fn start(builder: Builder) -> Sandbox {
    builder.auto_storage(3).start().await.unwrap()
}

pub(crate) struct Person {
    pub(crate) at: Addresses,
    pub(crate) token: String,
    pub(crate) line: Line,
}

impl Person {
    /// Registers `name`, with a public key, and listens.
    pub(crate) async fn new(sandbox: &Sandbox, name: &str) -> Self {
        Self::registered(sandbox.addresses(), name).await
    }

    pub(crate) async fn registered(at: &Addresses, name: &str) -> Self {
        let fields = [("username", name), ("password", PASSWORD)];
        let reply = http::post(&at.api, "/profile/register-profile", "", &fields).await;
        assert_eq!(reply.status / 100, 2, "{reply:?}");
        let mut person = Self::sign_in(at, name).await;
        let keys = http::get(&at.api, "/generate-keys", "").await.json();
        let key = keys["public"].as_str().unwrap();
        person
            .done("/public-key/register-public-key", &[("publicKey", key)])
            .await;
        person
    }

    /// Signs in as soon as the profile is there.
    pub(crate) async fn sign_in(at: &Addresses, name: &str) -> Self {
        let token = loop {
            if let Some(token) = authenticate(at, name, PASSWORD).await {
                break token;
            }
        };
        let line = Line::joined(&at.websocket, &token).await;
        Self {
            at: at.clone(),
            token,
            line,
        }
    }

    /// Leaves the channel, by its id and nothing else; the answer.
    pub(crate) async fn leave(&mut self) -> Value {
        let channel = self.line.channel.clone();
        let leave =
            serde_json::json!({ "action": "leaveChannel", "data": { "channelId": channel } });
        self.line.say(&leave).await;
        self.line
            .heard(|message| !message["data"]["message"].is_null())
            .await
    }

    pub(crate) fn headers(&self) -> String {
        format!("X-DPT-AUTHORIZATION: {}\r\n", self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        http::get(&self.at.api, path, &self.headers()).await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        http::post(&self.at.api, path, &self.headers(), fields).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Reply {
        http::post_json(&self.at.api, path, &self.headers(), body).await
    }

    /// As [`Person::post`], where the connection may end without an answer.
    pub(crate) async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let headers = self.headers() + form;
        let body = encode(fields);
        http::send(&self.at.api, ("POST", path), &headers, body.as_bytes()).await
    }

    /// What polling for `id` says, by whichever method and in whichever form it is answered.
    pub(crate) async fn poll(&self, id: &str) -> &'static str {
        let path = format!("/request-status/{id}");
        let mut reply = self.get(&path).await;
        if reply.status == 405 {
            reply = self.post(&path, &[]).await;
        }
        let body = String::from_utf8(reply.body).unwrap();
        let said = ["started", "succeeded", "rejected"]
            .into_iter()
            .find(|word| body.contains(word));
        said.unwrap_or(match reply.status {
            200 => "succeeded",
            202 => "started",
            404 => "rejected",
            status => panic!("a poll is answered {status}"),
        })
    }

    /// Gives a command and answers its id.
    pub(crate) async fn command(&self, path: &str, fields: &[(&str, &str)]) -> String {
        command_id(&self.post(path, fields).await)
    }

    /// Gives a command and waits for its outcome: status and body.
    pub(crate) async fn settled(&mut self, path: &str, fields: &[(&str, &str)]) -> (u64, String) {
        let id = self.command(path, fields).await;
        self.outcome(&id).await
    }

    /// How a command ends; pending messages are skipped.
    pub(crate) async fn outcome(&mut self, id: &str) -> (u64, String) {
        loop {
            let outcome = self.next_message(id).await;
            if outcome.0 != 1 {
                return outcome;
            }
        }
    }

    /// Checks that a command is accepted and not settled.
    pub(crate) async fn held(&self, id: &str) {
        assert_eq!(self.poll(id).await, "started");
    }

    /// The next message about a command.
    pub(crate) async fn next_message(&mut self, id: &str) -> (u64, String) {
        let data = self.line.about(id).await;
        assert_eq!(data["type"], "X-DPT-CAB-ID");
        let status = data["command_status"].as_u64().unwrap();
        (status, data["body"].as_str().unwrap().to_owned())
    }

    /// Gives a command that succeeds; its id.
    pub(crate) async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let id = self.command(path, fields).await;
        assert_eq!(self.outcome(&id).await, (2, String::new()), "{path}");
        id
    }

    /// Reserves a token space: the temporary token and the auth value to stream with.
    pub(crate) async fn space(&mut self) -> (String, String) {
        let id = self
            .done("/data-token/reserve-token-space", &[("context", "tests")])
            .await;
        self.space_of(&id).await
    }

    pub(crate) async fn space_of(&self, id: &str) -> (String, String) {
        let path = format!("/data-token/retrieve-temporary-data-token/{id}");
        let reply = self.get(&path).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let space = reply.json();
        let stream = space["stream"].as_str().unwrap();
        let auth = stream.rsplit("auth=").next().unwrap();
        (space["token"].as_str().unwrap().to_owned(), auth.to_owned())
    }

    pub(crate) async fn upload(&self, auth: &str, bytes: &[u8]) -> Option<Reply> {
        let path = format!("/?auth={auth}");
        let headers = "Content-Type: application/octet-stream\r\n";
        http::send(&self.at.upstream, ("POST", &path), headers, bytes).await
    }

    pub(crate) async fn download(&self, auth: &str) -> Reply {
        http::get(&self.at.downstream, &format!("/?auth={auth}"), "").await
    }

    pub(crate) async fn file_meta(&self, temporary: &str, name: &str, size: usize) -> Reply {
        let size = size.to_string();
        let fields = [
            ("token", temporary),
            ("fileName", name),
            ("extension", "bin"),
            ("context", "tests"),
            ("size", &size),
            ("path", "/"),
        ];
        self.post("/data-token/configure-file-meta", &fields).await
    }

    /// Stores `bytes`: exchanged when `inline`, otherwise streamed. The permanent token.
    pub(crate) async fn store(&mut self, name: &str, bytes: &[u8], inline: bool) -> String {
        let (temporary, auth) = self.space().await;
        if inline {
            assert_eq!(self.exchange(&temporary, bytes).await, (2, String::new()));
        } else {
            assert_eq!(self.upload(&auth, bytes).await.unwrap().status, 200);
        }
        self.permanent(&temporary, name, bytes.len()).await
    }

    /// Makes what was stored permanent, by asking twice where it is a command. The token.
    pub(crate) async fn permanent(&mut self, temporary: &str, name: &str, size: usize) -> String {
        let mut reply = self.file_meta(temporary, name, size).await;
        if reply.status == 202 {
            let id = command_id(&reply);
            assert_eq!(self.outcome(&id).await, (2, String::new()));
            reply = self.file_meta(temporary, name, size).await;
        }
        assert_eq!(reply.status, 200, "{reply:?}");
        text(&reply.json(), "token")
    }

    /// Exchanges `bytes` for a temporary token: the outcome.
    pub(crate) async fn exchange(&mut self, temporary: &str, bytes: &[u8]) -> (u64, String) {
        let data = STANDARD.encode(bytes);
        let fields = [("temporaryTokenSpace", temporary), ("data", &data)];
        self.settled("/data-token/exchange-data-for-token", &fields)
            .await
    }

    /// Asks for the data of `token`: the request's id.
    pub(crate) async fn request(&self, token: &str) -> String {
        let reply = self
            .post("/data-token/request-data", &[("token", token)])
            .await;
        assert_eq!(reply.status, 202, "{reply:?}");
        reply.header("x-dpt-cab-request-id").unwrap().to_owned()
    }

    /// Asks for the data of `token` until there is a link; its auth value.
    pub(crate) async fn link(&mut self, token: &str) -> String {
        let id = self.request(token).await;
        self.link_of(&id).await
    }

    pub(crate) async fn link_of(&mut self, id: &str) -> String {
        loop {
            let data = self.line.about(id).await;
            if data["output_type"] == 1 {
                let body = data["body"].as_str().unwrap();
                return body.rsplit("auth=").next().unwrap().to_owned();
            }
        }
    }

    /// The data of `token`, by whichever road it is handed out.
    pub(crate) async fn fetch(&mut self, token: &str) -> Vec<u8> {
        let id = self.request(token).await;
        self.fetch_of(&id).await
    }

    pub(crate) async fn fetch_of(&mut self, id: &str) -> Vec<u8> {
        loop {
            let data = self.line.about(id).await;
            let body = data["body"].as_str().unwrap().to_owned();
            if data["output_type"] == 1 {
                let reply = self.download(body.rsplit("auth=").next().unwrap()).await;
                assert_eq!((reply.status, reply.cut), (200, false));
                return reply.body;
            }
            if let Ok(bytes) = STANDARD.decode(&body) {
                return bytes;
            }
        }
    }

    /// What the list holds, narrowed by `query`.
    pub(crate) async fn list(&self, query: &[(&str, &str)]) -> Vec<Value> {
        let path = format!("/data-token/list-data-tokens?{}", encode(query));
        items(&self.get(&path).await)
    }

    pub(crate) async fn storage(&self) -> Vec<String> {
        let listed = items(&self.get("/storage/list-storage-devices").await);
        listed
            .iter()
            .map(|device| text(device, "deviceIdentifier"))
            .collect()
    }

    /// A new device, not yet approved.
    pub(crate) async fn device(&mut self, name: &str) -> String {
        let id = self
            .done("/device/request-unique-identifier", &[("deviceName", name)])
            .await;
        let reply = self
            .post("/device/retrieve-unique-identifier", &[("id", &id)])
            .await;
        text(&reply.json(), "deviceIdentifier")
    }
}

pub(crate) async fn authenticate(at: &Addresses, name: &str, password: &str) -> Option<String> {
    let fields = [("username", name), ("password", password)];
    let reply = http::post(&at.api, "/profile/authenticate", "", &fields).await;
    (reply.status == 200).then(|| text(&reply.json(), "authorizationToken"))
}

/// The id an accepted command names, in whichever of the four forms.
pub(crate) fn command_id(reply: &Reply) -> String {
    assert!(matches!(reply.status, 200 | 202), "{reply:?}");
    let json: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let found = json
        .as_str()
        .or_else(|| json[0].as_str())
        .or_else(|| json["commandId"].as_str())
        .or_else(|| reply.header("x-dpt-cab-id"));
    found.expect("an id").to_owned()
}

/// A value, bare or under its name.
pub(crate) fn text(json: &Value, name: &str) -> String {
    json.as_str()
        .or_else(|| json[name].as_str())
        .expect("a text")
        .to_owned()
}

/// A list, bare or under `items`.
pub(crate) fn items(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.status, 200, "{reply:?}");
    let json = reply.json();
    json.as_array()
        .or_else(|| json["items"].as_array())
        .expect("a list")
        .clone()
}
