//! Every operation of the catalog, called by its name as the console and `privicore call` do it: in each dialect of the
//! service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use privicore_client::operations::directory::{InviteProfile, OwnedDirectories, RegisterDirectory};
use privicore_client::operations::profile::Authenticate;
use privicore_client::{Client, Configuration, DataAnswer, DataToken, ServerUrls};
use privicore_sandbox::Dialect;
use privicore_tests::test_vault::TestVault;
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{OperationAnswer, Vault};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

in_each_dialect!(every_operation_succeeds);

/// Longer than what is handed out inline.
const LONG: usize = 200 * 1024;
const CALLBACK: &str = "https://reports.example.com/";

struct Walk {
    fixture: TestVault,
    called: BTreeSet<String>,
}

async fn every_operation_succeeds(dialect: Dialect) {
    let mut walk = Walk {
        fixture: TestVault::signed_up(dialect).await,
        called: BTreeSet::new(),
    };
    walk.utility_and_profiles().await;
    walk.applications().await;
    walk.data().await;
    let device = walk.devices().await;
    walk.votes(&device).await;
    walk.directories().await;
    walk.endings(&device).await;
    let all: BTreeSet<String> = Vault::operations()
        .map(|entry| entry.id.to_owned())
        .collect();
    // That one belongs to services that want a key before they let anybody in: `service_forms` has it.
    let elsewhere = "public-key.register-first";
    let left = all.difference(&walk.called).filter(|id| *id != elsewhere);
    let left: Vec<_> = left.collect();
    assert!(left.is_empty(), "not called: {left:?}");
}

impl Walk {
    async fn answer(&mut self, id: &str, values: &[(&str, &str)]) -> OperationAnswer {
        self.called.insert(id.to_owned());
        let values: Vec<(String, SecretString)> = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        let answer = self.fixture.vault.call_operation(id, &values).await;
        let answer = answer.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert!(
            (200..300).contains(&answer.status),
            "{id}: {} {:?}",
            answer.status,
            answer
                .body
                .as_ref()
                .map(secrecy::ExposeSecret::expose_secret)
        );
        answer
    }

    async fn read(&mut self, id: &str, values: &[(&str, &str)]) -> Value {
        let answer = self.answer(id, values).await;
        let body = answer.body.unwrap();
        serde_json::from_str(body.expose_secret()).unwrap_or(Value::Null)
    }

    /// Answers the id of the command, once it is done.
    async fn done(&mut self, id: &str, values: &[(&str, &str)]) -> String {
        let command = self.answer(id, values).await.command;
        let command = command.unwrap_or_else(|| panic!("{id} was accepted without an id"));
        let outcome = self.fixture.vault.confirm_operation(&command, || {}).await;
        outcome.unwrap_or_else(|error| panic!("{id}: {error}"));
        command
    }

    async fn utility_and_profiles(&mut self) {
        self.answer("utility.check-health", &[]).await;
        let bea = [("username", "bea"), ("password", "the password of bea")];
        self.answer("profile.register", &bea).await;
        let values = bea.map(|(name, value)| (name.to_owned(), SecretString::from(value)));
        let vault = self.fixture.vault.clone();
        wait_until("the profile can sign in", async || {
            let answer = vault.call_operation("profile.authenticate", &values).await;
            answer.is_ok_and(|answer| answer.status == 200)
        })
        .await;
        self.answer("profile.authenticate", &bea).await;
        self.answer("profile.retrieve-id", &[]).await;
        self.answer("profile.generate-qr-token", &[]).await;
        self.answer("profile.token-expiry", &[]).await;
        self.answer("profile.reauthorize", &[("ttl", "3600")]).await;
        let password = TestVault::right_credentials().password;
        let (old, new) = (password.expose_secret(), "another password");
        for (from, to) in [(old, new), (new, old)] {
            let values = [("currentPassword", from), ("newPassword", to)];
            self.done("profile.change-password", &values).await;
        }
    }

    async fn applications(&mut self) {
        let values = [
            ("name", "Reports"),
            ("redirectUri", CALLBACK),
            ("scopes", "all"),
        ];
        let id = self.done("oauth-application.register", &values).await;
        self.answer("oauth-application.list", &[]).await;
        let told = self
            .read("oauth-application.configuration", &[("applicationId", &id)])
            .await;
        let (client, secret) = (text(&told, "clientId"), text(&told, "clientSecret"));
        let values = [
            ("client_id", &*client),
            ("nonce", "n-1"),
            ("scope[]", "all"),
        ];
        let code = self.done("oauth-application.request-code", &values).await;
        let shows = [("clientId", &*client), ("clientSecret", &*secret)];
        let values = [("id", &*code), ("nonce", "n-1"), shows[0], shows[1]];
        let code = self.read("oauth-application.retrieve-code", &values).await;
        let code = text(&code, "authorizationCode");
        let values = [("authorization_code", &*code), shows[0], shows[1]];
        let pair = self.read("oauth-application.obtain-token", &values).await;
        let (token, refresh) = (text(&pair, "token"), text(&pair, "refreshToken"));
        let shows = ("accessToken", &*token);
        self.answer("oauth-application.scope", &[shows]).await;
        let values = [("refresh_token", &*refresh), shows];
        self.answer("oauth-application.refresh-token", &values)
            .await;
    }

    async fn reserved(&mut self) -> Value {
        let values = [("context", "documents"), ("ttl", "5")];
        let command = self.done("data-token.reserve", &values).await;
        let values = [("commandId", &*command)];
        self.answer("utility.command-status", &values).await;
        self.read("data-token.retrieve-temporary", &values).await
    }

    async fn configured(&mut self, temporary: &str, size: &str) -> String {
        let values = [
            ("token", temporary),
            ("fileName", "a"),
            ("extension", "txt"),
            ("context", "documents"),
            ("size", size),
            ("path", "/"),
        ];
        let answer = self.answer("data-token.configure-file-meta", &values);
        let answer = answer.await;
        if answer.status == 202 {
            let body = answer.body.unwrap();
            let told: Value = serde_json::from_str(body.expose_secret()).unwrap();
            let command = text(&told, "commandId");
            let outcome = self.fixture.vault.confirm_operation(&command, || {}).await;
            outcome.unwrap();
        }
        let told = self.read("data-token.configure-file-meta", &values).await;
        text(&told, "token")
    }

    async fn data(&mut self) {
        let place = text(&self.reserved().await, "token");
        let values = [("temporaryTokenSpace", &*place), ("data", "aGVsbG8=")];
        self.done("data-token.exchange", &values).await;
        let short = self.configured(&place, "5").await;
        let place = self.reserved().await;
        let long = "x".repeat(LONG);
        let values = [("link", &*text(&place, "stream")), ("data", &*long)];
        self.answer("data-token.send-upstream", &values).await;
        let long = self
            .configured(&text(&place, "token"), &LONG.to_string())
            .await;
        self.answer("data-token.list", &[("page", "1")]).await;
        self.answer("data-token.transaction-statistics", &[]).await;
        self.answer("data-token.request", &[("token", &short)])
            .await;
        let link = self.link(&long).await;
        let download = self.answer("data-token.download", &[("link", &link)]).await;
        assert_eq!(download.length_bytes, LONG as u64);
        let values = [
            ("token", &*short),
            ("classification", "c"),
            ("label", "l"),
            ("handling", "h"),
        ];
        self.done("data-token.configure-risk-meta", &values).await;
        let values = [("token", &*short), ("fileName", "b")];
        self.done("data-token.update-metadata", &values).await;
        let values = [("dataToken", &*short), ("data", "d29ybGQ=")];
        self.done("data-token.update-data", &values).await;
        self.done("data-token.delete", &[("token", &short)]).await;
    }

    async fn devices(&mut self) -> String {
        let mut made = Vec::new();
        for name in ["Attic", "Stranger"] {
            let values = [("deviceName", name)];
            let command = self.done("device.request-identifier", &values).await;
            let values = [("id", &*command)];
            let told = self.read("device.retrieve-identifier", &values).await;
            made.push(text(&told, "deviceIdentifier"));
        }
        let attic = [("deviceIdentifier", &*made[0])];
        let stranger = [("deviceIdentifier", &*made[1])];
        self.done("device.configure-meta", &[attic[0], ("name", "Cellar")])
            .await;
        self.done("device.approve", &attic).await;
        self.done("device.reject", &stranger).await;
        self.answer("device.configuration", &attic).await;
        self.answer("device.list", &[]).await;
        self.done("storage.register", &attic).await;
        self.answer("storage.list", &[]).await;
        self.done("storage.synchronize", &attic).await;
        made.swap_remove(0)
    }

    async fn votes(&mut self, device: &str) {
        let voter = [("deviceIdentifier", device)];
        self.done("verified-authenticator.register", &voter).await;
        self.answer("verified-authenticator.list", &[]).await;
        let strategy = [("strategy", "affirmative"), ("strategy_params", "1")];
        for (id, values) in [
            ("set-quorum-size", &[("quorumSize", "1")][..]),
            ("set-quorum-strategy", &strategy),
            ("set-voting-time-limit", &[("timeLimit", "60")]),
            ("set-maximum-attempts", &[("numberOfAttempts", "1")]),
        ] {
            let id = format!("verified-authenticator.{id}");
            self.done(&id, values).await;
        }
        self.answer("verified-authenticator.retrieve-strategy", &[])
            .await;
        let values = [
            ("name", "board"),
            ("timeLimit", "60"),
            ("strategy", "affirmative"),
        ];
        let values_of_board = values;
        for id in ["register-configuration", "update-configuration"] {
            let id = format!("verified-authenticator.{id}");
            self.done(&id, &values).await;
        }
        self.answer("verified-authenticator.list-configurations", &[])
            .await;
        self.answer(
            "verified-authenticator.retrieve-configuration",
            &values[..1],
        )
        .await;
        self.policies().await;
        let values = [
            ("votingConfigurationId", "board"),
            ("question", "Shall we?"),
            ("title", "Office"),
        ];
        let pool = self.read("voting.create", &values).await;
        let pool = text(&pool, "poolId");
        self.answer("voting.status", &[("poolId", &pool)]).await;
        self.done("voting.cancel", &[("poolId", &pool)]).await;
        let spare = [("name", "spare"), values_of_board[1], values_of_board[2]];
        let id = "verified-authenticator.register-configuration";
        self.done(id, &spare).await;
        let id = "verified-authenticator.delete-configuration";
        self.done(id, &spare[..1]).await;
    }

    async fn policies(&mut self) {
        let templates = self.read("policy.list-templates", &[]).await;
        let (template, about) = templates.as_object().unwrap().iter().next().unwrap();
        let (event, _) = about["events"].as_object().unwrap().iter().next().unwrap();
        let name = ("name", "two of three");
        let values = [
            name,
            ("policyTemplateId", template),
            ("applyingEventIds", event),
            ("votingConfigurationId", "board"),
            ("configuration", r#"{"note":"a test"}"#),
        ];
        self.done("policy.register", &values).await;
        for id in ["policy.list", "policy.list-inactive"] {
            self.answer(id, &[]).await;
        }
        let policy = text(&self.read("policy.retrieve", &[name]).await, "id");
        let policy = [("policyId", &*policy)];
        self.done("policy.activate", &policy).await;
        self.answer("policy.list-active", &[]).await;
        self.done("policy.deactivate", &policy).await;
        self.done("policy.delete", &policy).await;
    }

    async fn directories(&mut self) {
        let values = [
            ("directoryName", "Office"),
            ("directoryShortName", "office"),
        ];
        self.done("directory.register", &values).await;
        let owned = self.read("directory.list-owned", &[]).await;
        let id = text(&items(&owned)[0], "directoryId");
        let directory = ("directoryId", &*id);
        self.answer("directory.retrieve", &[directory]).await;
        let values = [
            directory,
            ("username", "cyd"),
            ("password", "the password of cyd"),
            ("givenName", "Cyd"),
            ("familyName", "Ray"),
        ];
        self.done("directory.create-user", &values).await;
        let users = self.read("directory.list-users", &[directory]).await;
        let users = items(&users);
        let cyd = users.iter().find(|user| user["username"] == "cyd").unwrap();
        let cyd = text(cyd, "profileId");
        let person = [directory, ("profileId", &*cyd)];
        for id in ["directory.retrieve-profile", "directory.profiles-info"] {
            let taken = if id.ends_with("profile") { 2 } else { 1 };
            self.answer(id, &person[..taken]).await;
        }
        let more = |name, value| [person[0], person[1], (name, value)];
        self.done("directory.update-user", &more("givenName", "Sid"))
            .await;
        self.done(
            "directory.set-profile-password",
            &more("password", "new one here"),
        )
        .await;
        self.done(
            "directory.create-profile-device",
            &more("deviceName", "Desk"),
        )
        .await;
        let devices = self.read("directory.list-devices", &[directory]).await;
        let devices = items(&devices);
        let desk = devices.iter().find(|device| device["name"] == "Desk");
        let desk = text(desk.unwrap(), "deviceIdentifier");
        self.done(
            "directory.add-storage-device",
            &more("deviceIdentifier", &desk),
        )
        .await;
        let values = [directory, ("name", "board"), ("profileIds", &*cyd)];
        self.done("directory.create-voting-pool", &values).await;
        let values = [directory, ("meta", r#"{"floor":2}"#)];
        self.done("directory.store-meta", &values).await;
        self.invitations(&id).await;
    }

    async fn invitations(&mut self, own: &str) {
        let bea = self.client("bea", "the password of bea").await;
        let told = self.read("profile.retrieve-id", &[]).await;
        let us = text(&told, "profileId");
        let register = RegisterDirectory {
            name: "Club".into(),
            short_name: "club".into(),
        };
        bea.run_command(&register).await.unwrap();
        let club = bea.call(&OwnedDirectories).await.unwrap().items.remove(0);
        let invite = InviteProfile {
            directory_id: club.id.clone(),
            profile_id: us.as_str().into(),
        };
        bea.run_command(&invite).await.unwrap();
        self.answer("directory.list-invites", &[]).await;
        let values = [("directoryId", club.id.as_str()), ("accept", "true")];
        self.done("directory.process-invitation", &values).await;
        self.answer("directory.list-assigned", &[]).await;
        let id = privicore_client::operations::profile::RetrieveProfileId;
        let bea_id = bea.call(&id).await.unwrap();
        let values = [("directoryId", own), ("profileId", bea_id.as_str())];
        self.done("directory.invite-profile", &values).await;
        bea.deauthorize().await;
    }

    async fn endings(&mut self, device: &str) {
        let device = [("deviceIdentifier", device)];
        for id in [
            "verified-authenticator.remove",
            "storage.remove",
            "device.remove",
        ] {
            self.done(id, &device).await;
        }
        self.answer("public-key.retrieve", &[]).await;
        self.answer("public-key.retrieve-engine", &[]).await;
        let keys = self.read("public-key.generate", &[]).await;
        let values = [("publicKey", &*text(&keys, "public"))];
        self.done("public-key.register", &values).await;
        self.answer("profile.revoke", &[]).await;
    }

    /// Where the service hands out the data of a token; told on the channel, past the operations.
    async fn link(&self, token: &str) -> String {
        let own = TestVault::right_credentials();
        let client = self.client(&own.username, own.password.expose_secret());
        let client = client.await;
        let answer = client
            .retrieve(&DataToken::from(token.to_owned()), || {})
            .await;
        client.deauthorize().await;
        match answer.unwrap() {
            DataAnswer::Link(link) => link.reveal().to_owned(),
            DataAnswer::Inline(_) => panic!("it was handed out inline"),
        }
    }

    async fn client(&self, username: &str, password: &str) -> Client {
        let at = self.fixture.sandbox().addresses();
        let servers = ServerUrls::parse(&at.api, &at.websocket, &at.upstream, &at.downstream);
        let servers = servers.unwrap();
        let client = Client::new(Configuration::new(servers)).unwrap();
        let attempt = Authenticate {
            username: username.to_owned(),
            password: password.into(),
        };
        client.authorize(client.call(&attempt).await.unwrap().token);
        client
    }
}

/// A field of an answer, or the answer itself where it is a bare text.
fn text(answer: &Value, field: &str) -> String {
    let found = answer.as_str().or_else(|| answer[field].as_str());
    let found = found.unwrap_or_else(|| panic!("no {field} in {answer}"));
    found.to_owned()
}

fn items(answer: &Value) -> Vec<Value> {
    let list = answer.as_array().or_else(|| answer["items"].as_array());
    list.unwrap().clone()
}
