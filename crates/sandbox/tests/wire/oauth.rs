//! Rows 11 to 18: applications, codes, tokens.

use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use privicore_sandbox::{Dialect, Sandbox};
use serde_json::{Value, json};

use crate::http::{self, Reply, encode};
use crate::person::{Person, both_dialects, in_dialect, items, sandbox, start};
use crate::websocket::Line;

const REGISTER: &str = "/profile/oauth-application-register";
const CONFIGURATION: &str = "/profile/retrieve-oauth-application-configuration";
const REQUEST: &str = "/profile/oauth-application-request-authorization-code";
const RETRIEVE: &str = "/oauth-application/retrieve-authorization-code";
const OBTAIN: &str = "/oauth-application/obtain-access-token";
const SCOPE: &str = "/oauth-application/retrieve-oauth-application-scope";
const REFRESH: &str = "/oauth-application/refresh-access-token";

pub(crate) struct Application {
    api: String,
    client: String,
    basic: String,
}

impl Application {
    /// Registered by `owner` for `scopes`.
    pub(crate) async fn new(owner: &mut Person, scopes: &str) -> Self {
        let id = owner.done(REGISTER, &described(scopes)).await;
        let fields = [("applicationId", id.as_str())];
        let configuration = owner.post(CONFIGURATION, &fields).await.json();
        let client = configuration["clientId"].as_str().unwrap().to_owned();
        let secret = configuration["clientSecret"].as_str().unwrap();
        Self {
            api: owner.at.api.clone(),
            basic: STANDARD.encode(format!("{client}:{secret}")),
            client,
        }
    }

    /// What `person` grants: the id under which the code is fetched.
    async fn granted(&self, person: &mut Person, scopes: &[&str]) -> String {
        let reply = person.get(&self.asking(scopes)).await;
        let id = crate::person::command_id(&reply);
        assert_eq!(person.outcome(&id).await, (2, String::new()));
        id
    }

    fn asking(&self, scopes: &[&str]) -> String {
        let mut query = vec![("client_id", self.client.as_str()), ("nonce", "n-1")];
        query.extend(scopes.iter().map(|scope| ("scope[]", *scope)));
        format!("{REQUEST}?{}", encode(&query))
    }

    async fn retrieve(&self, id: &str, nonce: &str) -> Reply {
        let fields = [("id", id), ("nonce", nonce)];
        basic(&self.api, RETRIEVE, &self.basic, &fields).await
    }

    async fn code(&self, person: &mut Person, scopes: &[&str]) -> String {
        let id = self.granted(person, scopes).await;
        let reply = self.retrieve(&id, "n-1").await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["authorizationCode"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A pair of tokens that `person` granted, by the client's credentials.
    pub(crate) async fn pair(&self, person: &mut Person, scopes: &[&str]) -> Pair {
        let code = self.code(person, scopes).await;
        let reply = obtain(&self.api, &self.basic, &code).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        Pair::of(&reply.json())
    }
}

pub(crate) struct Pair {
    pub(crate) access: String,
    refresh: String,
}

impl Pair {
    fn of(json: &Value) -> Self {
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        Self {
            access: text("token"),
            refresh: text("refreshToken"),
        }
    }

    pub(crate) fn headers(&self) -> String {
        format!("X-DPT-AUTHORIZATION: {}\r\n", self.access)
    }
}

fn described(scopes: &str) -> [(&str, &str); 3] {
    let redirect = ("redirectUri", "https://app.example/back");
    [("name", "Reader"), redirect, ("scopes", scopes)]
}

async fn basic(api: &str, path: &str, text: &str, fields: &[(&str, &str)]) -> Reply {
    let headers = format!("Authorization: Basic {text}\r\n");
    http::post(api, path, &headers, fields).await
}

async fn obtain(api: &str, text: &str, code: &str) -> Reply {
    basic(api, OBTAIN, text, &[("authorization_code", code)]).await
}

async fn refresh(api: &str, access: &str, refresh: &str) -> Reply {
    basic(api, REFRESH, access, &[("refresh_token", refresh)]).await
}

async fn scope(api: &str, access: &str) -> Reply {
    let headers = format!("Authorization: Basic {access}\r\n");
    http::get(api, SCOPE, &headers).await
}

async fn sandbox_with(name: &str) -> (Sandbox, Person) {
    let sandbox = sandbox().await;
    let person = Person::new(&sandbox, name).await;
    (sandbox, person)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_that_registers_an_application_is_its_id() {
    for sandbox in both_dialects().await {
        let mut ada = Person::new(&sandbox, "ada").await;
        let id = ada.done(REGISTER, &described("device, data-token")).await;
        let listed = items(&ada.get("/profile/retrieve-oauth-application-list").await);
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["applicationId"], id);
        assert_eq!(listed[0]["name"], "Reader");
        assert_eq!(listed[0]["redirectUri"], "https://app.example/back");
        assert_eq!(listed[0]["scopes"], json!(["data-token", "device"]));
        assert!(listed[0]["clientSecret"].is_null());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_says_what_it_is_where_it_lives_and_what_it_wants() {
    let (_sandbox, ada) = sandbox_with("ada").await;
    let reply = ada.post(REGISTER, &[]).await;
    assert_eq!(reply.wrong_fields(), ["name", "redirectUri", "scopes"]);
    for redirect in ["nowhere", "http://app.example/", "https://app.example/#x"] {
        let fields = [("name", "x"), ("redirectUri", redirect), ("scopes", "all")];
        let wrong = ada.post(REGISTER, &fields).await.wrong_fields();
        assert_eq!(wrong, ["redirectUri"], "{redirect}");
    }
    let unknown = ada.post(REGISTER, &described("all,everything")).await;
    assert_eq!(unknown.wrong_fields(), ["scopes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_is_shown_once_to_its_owner() {
    let (sandbox, mut ada) = sandbox_with("ada").await;
    let bob = Person::new(&sandbox, "bob").await;
    let id = ada.done(REGISTER, &described("all")).await;
    let this = [("applicationId", id.as_str())];
    assert_eq!(bob.post(CONFIGURATION, &this).await.status, 404);
    let unknown = [("applicationId", "unknown")];
    assert_eq!(ada.post(CONFIGURATION, &unknown).await.status, 404);
    let missing = ada.post(CONFIGURATION, &[]).await;
    assert_eq!(missing.wrong_fields(), ["applicationId"]);
    let configuration = ada.post(CONFIGURATION, &this).await.json();
    assert_eq!(configuration["applicationId"], id);
    assert_eq!(configuration["redirectUri"], "https://app.example/back");
    assert_eq!(configuration["scopes"], json!(["all"]));
    assert!(configuration["clientSecret"].as_str().unwrap().len() > 40);
    let again = ada.post(CONFIGURATION, &this).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.json()["error"], "oauth.already_retrieved");
    assert!(items(&bob.get("/profile/retrieve-oauth-application-list").await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operations_of_a_profile_need_its_token_and_those_of_an_application_its_own() {
    let (_sandbox, ada) = sandbox_with("ada").await;
    let api = &ada.at.api;
    for path in [REGISTER, CONFIGURATION, RETRIEVE, OBTAIN, REFRESH] {
        assert_eq!(http::post(api, path, "", &[]).await.status, 401, "{path}");
    }
    for path in [REQUEST, SCOPE, "/profile/retrieve-oauth-application-list"] {
        assert_eq!(http::get(api, path, "").await.status, 401, "{path}");
    }
    for path in [RETRIEVE, OBTAIN, REFRESH] {
        let reply = http::post(api, path, &ada.headers(), &[]).await;
        assert_eq!(reply.status, 401, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_names_a_known_client_and_no_more_than_it_was_registered_for() {
    let (_sandbox, mut ada) = sandbox_with("ada").await;
    let application = Application::new(&mut ada, "device,storage").await;
    let wrong = async |path: String| ada.get(&path).await.wrong_fields();
    let all = ["client_id", "nonce", "scope[]"];
    assert_eq!(wrong(REQUEST.to_owned()).await, all);
    for scopes in [&[][..], &["device", "profile"], &["no-such"]] {
        assert_eq!(wrong(application.asking(scopes)).await, ["scope[]"]);
    }
    let unknown = format!("{REQUEST}?client_id=x&nonce=n&scope[]=device");
    assert_eq!(wrong(unknown).await, ["client_id"]);
    let elsewhere = application.asking(&["device"]) + "&redirect_uri=https://other.example/";
    assert_eq!(wrong(elsewhere).await, ["redirect_uri"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_all_is_granted_what_the_application_has() {
    let (_sandbox, mut ada) = sandbox_with("ada").await;
    for scopes in ["device,storage", "data-token:read,data-token:write"] {
        let application = Application::new(&mut ada, scopes).await;
        let pair = application.pair(&mut ada, &["all"]).await;
        let told = scope(&ada.at.api, &pair.access).await;
        let told = String::from_utf8(told.body).unwrap();
        for scope in scopes.split(',') {
            assert!(told.contains(scope), "{scopes}: {told}");
        }
        assert!(!told.contains("all"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_belongs_to_its_client_and_nonce_and_is_shown_once() {
    let (_sandbox, mut ada) = sandbox_with("ada").await;
    let application = Application::new(&mut ada, "all").await;
    let other = Application::new(&mut ada, "all").await;
    let id = application.granted(&mut ada, &["all"]).await;
    assert_eq!(other.retrieve(&id, "n-1").await.status, 404);
    assert_eq!(application.retrieve("unknown", "n-1").await.status, 404);
    let reply = application.retrieve(&id, "n-2").await;
    assert_eq!(reply.wrong_fields(), ["nonce"]);
    let answer = application.retrieve(&id, "n-1").await.json();
    assert_eq!(answer["clientId"], application.client);
    assert_eq!(answer["nonce"], "n-1");
    assert!(answer["expiresAt"].as_str().unwrap().ends_with('Z'));
    let again = application.retrieve(&id, "n-1").await;
    assert_eq!(again.json()["error"], "oauth.already_retrieved");
    let code = answer["authorizationCode"].as_str().unwrap();
    let stolen = obtain(&ada.at.api, &other.basic, code).await;
    assert_eq!(stolen.status, 401);
    let rightful = obtain(&ada.at.api, &application.basic, code).await;
    assert_eq!(rightful.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_unauthorized_and_missing_fields_named() {
    let (_sandbox, mut ada) = sandbox_with("ada").await;
    let application = Application::new(&mut ada, "all").await;
    let id = application.granted(&mut ada, &["all"]).await;
    let fields = [("id", id.as_str()), ("nonce", "n-1")];
    let wrong = STANDARD.encode(format!("{}:wrong", application.client));
    for text in [wrong.as_str(), "not base64!", ""] {
        let reply = basic(&ada.at.api, RETRIEVE, text, &fields).await;
        assert_eq!(reply.status, 401, "{text}");
    }
    let good = &application.basic;
    let reply = basic(&ada.at.api, RETRIEVE, good, &[]).await;
    assert_eq!(reply.wrong_fields(), ["id", "nonce"]);
    let reply = basic(&ada.at.api, OBTAIN, good, &[]).await;
    assert_eq!(reply.wrong_fields(), ["authorization_code"]);
    let reply = basic(&ada.at.api, REFRESH, "O-unknown", &[]).await;
    assert_eq!(reply.wrong_fields(), ["refresh_token"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_exchanged_once_in_the_way_of_the_dialect() {
    for (dialect, ways) in [
        (Dialect::Documented, [true, false]),
        (Dialect::Observed, [false, true]),
        (Dialect::Mixed, [true, true]),
    ] {
        let sandbox = in_dialect(dialect).await;
        let mut ada = Person::new(&sandbox, "ada").await;
        let application = Application::new(&mut ada, "all").await;
        for (by_code, is_served) in [true, false].into_iter().zip(ways) {
            let code = application.code(&mut ada, &["all"]).await;
            let text = if by_code { &code } else { &application.basic };
            let reply = obtain(&ada.at.api, text, &code).await;
            let expected = if is_served { 200 } else { 401 };
            assert_eq!(reply.status, expected, "{dialect:?}, by code: {by_code}");
            let again = obtain(&ada.at.api, text, &code).await;
            assert_eq!(again.status, 401);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_says_what_it_is_for_and_until_when() {
    let (_sandbox, mut ada) = sandbox_with("ada").await;
    let application = Application::new(&mut ada, "device,storage,profile").await;
    let code = application.code(&mut ada, &["storage", "device"]).await;
    let answer = obtain(&ada.at.api, &application.basic, &code).await.json();
    assert_eq!(answer["clientId"], application.client);
    assert_eq!(answer["scope"], json!(["device", "storage"]));
    for name in ["type", "expiresAt", "refreshTokenExpiresAt"] {
        assert!(answer[name].is_string(), "{name}");
    }
    let access = answer["token"].as_str().unwrap();
    let reply = scope(&ada.at.api, access).await;
    assert_eq!(reply.json(), json!({ "scope": ["device", "storage"] }));
    assert_eq!(scope(&ada.at.api, "O-unknown").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_and_tokens_expire() {
    let (sandbox, mut ada) = sandbox_with("ada").await;
    let clock = sandbox.control().clock().clone();
    let application = Application::new(&mut ada, "all").await;
    let (api, minutes) = (ada.at.api.clone(), Duration::from_mins);
    let code = application.code(&mut ada, &["all"]).await;
    let kept = application.granted(&mut ada, &["all"]).await;
    let pair = application.pair(&mut ada, &["all"]).await;
    clock.advance(minutes(5));
    let late = obtain(&api, &application.basic, &code).await;
    assert_eq!(late.status, 401);
    clock.advance(minutes(5));
    assert_eq!(application.retrieve(&kept, "n-1").await.status, 404);
    assert_eq!(scope(&api, &pair.access).await.status, 200);
    clock.advance(minutes(50));
    assert_eq!(scope(&api, &pair.access).await.status, 401);
    let renewed = refresh(&api, &pair.access, &pair.refresh).await;
    let renewed = Pair::of(&renewed.json());
    assert_eq!(scope(&api, &renewed.access).await.status, 200);
    clock.advance(minutes(31 * 24 * 60));
    let late = refresh(&api, &renewed.access, &renewed.refresh).await;
    assert_eq!(late.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn refreshing_kills_the_old_pair_and_keeps_the_scopes() {
    let (_sandbox, mut ada) = sandbox_with("ada").await;
    let application = Application::new(&mut ada, "device").await;
    let api = ada.at.api.clone();
    let old = application.pair(&mut ada, &["device"]).await;
    let other = application.pair(&mut ada, &["device"]).await;
    let crossed = refresh(&api, &old.access, &other.refresh).await;
    assert_eq!(crossed.status, 401);
    let mut line = Line::joined(&ada.at.websocket, &old.access).await;
    let reply = refresh(&api, &old.access, &old.refresh).await;
    assert_eq!(line.next().await, None);
    assert_eq!(reply.json()["scope"], json!(["device"]));
    let new = Pair::of(&reply.json());
    assert_eq!(scope(&api, &old.access).await.status, 401);
    let again = refresh(&api, &old.access, &old.refresh).await;
    assert_eq!(again.status, 401);
    assert_eq!(scope(&api, &new.access).await.status, 200);
    assert_eq!(scope(&api, &other.access).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_codes_and_tokens_are_kept_only_as_digests_and_outlive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let builder = Sandbox::builder().data_dir(directory.path());
    let sandbox = start(builder.clone()).await;
    let mut ada = Person::new(&sandbox, "ada").await;
    let application = Application::new(&mut ada, "all").await;
    let code = application.code(&mut ada, &["all"]).await;
    let pair = application.pair(&mut ada, &["all"]).await;
    let kept = everything_in(directory.path());
    let holds = |text: &str| kept.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds(&application.client));
    let credentials = STANDARD.decode(&application.basic).unwrap();
    let (_, secret) = str::from_utf8(&credentials)
        .unwrap()
        .split_once(':')
        .unwrap();
    for hidden in [secret, &code, &pair.access, &pair.refresh] {
        assert!(!holds(hidden));
    }
    sandbox.shutdown().await;

    let sandbox = start(builder).await;
    let api = &sandbox.addresses().api;
    assert_eq!(scope(api, &pair.access).await.status, 200);
    let reply = obtain(api, &application.basic, &code).await;
    assert_eq!(reply.status, 200);
}

/// The bytes of all files in a directory.
fn everything_in(directory: &Path) -> Vec<u8> {
    let files = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file())
        .flat_map(|path| fs::read(path).unwrap())
        .collect()
}
