//! Calls against servers on loopback.

use super::*;
use crate::configuration::Configuration;
use crate::secret::AuthorizationToken;
use crate::server_urls::ServerUrls;
use crate::test_server::{Say, Seen, Server};

const NOWHERE: &str = "http://127.0.0.1:1";

fn client_at(api: &str, files: &str) -> Client {
    let servers = ServerUrls::parse(api, "ws://127.0.0.1:1", files, files).unwrap();
    let client = Client::new(Configuration::new(servers)).unwrap();
    client.authorize(AuthorizationToken::from("T-1".to_owned()));
    client
}

fn values(pairs: &[(&str, &str)]) -> Vec<(String, SecretString)> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).into()))
        .collect()
}

fn body(answer: &CallAnswer) -> &str {
    answer.body.as_ref().unwrap().expose_secret()
}

async fn perform(client: &Client, id: &str, pairs: &[(&str, &str)]) -> CallAnswer {
    let call = client.fill(id, &values(pairs)).unwrap();
    client.perform(&call).await.unwrap()
}

fn json(seen: &Seen) -> serde_json::Value {
    serde_json::from_slice(&seen.body).unwrap()
}

#[tokio::test]
async fn a_command_is_sent_and_answers_with_its_id() {
    let server = Server::start(|_| {
        let headers = vec![(COMMAND_ID, "c-1".to_owned())];
        Say::With(202, headers, b"\"accepted\"".to_vec())
    })
    .await;
    let client = client_at(&server.url, NOWHERE);
    let answer = perform(&client, "device.approve", &[("deviceIdentifier", "dev 1")]).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.command, Some(CommandId::from("c-1")));
    assert_eq!(answer.headers, [(COMMAND_ID, "c-1".to_owned())]);
    assert_eq!(body(&answer), "\"accepted\"");
    let seen = &server.seen()[0];
    assert_eq!(seen.line, "POST /device/approve-device");
    assert_eq!(seen.headers["x-dpt-authorization"], "T-1");
    assert_eq!(seen.body, b"deviceIdentifier=dev+1");
}

#[tokio::test]
async fn a_refusal_is_an_answer() {
    let server = Server::start(|_| {
        let headers = vec![("Retry-After", "7".to_owned())];
        Say::With(429, headers, b"slowly".to_vec())
    })
    .await;
    let client = client_at(&server.url, NOWHERE);
    let answer = perform(&client, "profile.retrieve-id", &[]).await;
    assert_eq!((answer.status, body(&answer)), (429, "slowly"));
    assert_eq!(answer.headers, [("Retry-After", "7".to_owned())]);
    assert_eq!(server.seen().len(), 1, "it was repeated");
}

#[tokio::test]
async fn the_name_that_the_service_knows_is_found_and_kept() {
    let server = Server::start(|seen| match json(seen).get("configurationId") {
        Some(_) => Say::Answer(202, "\"c-1\""),
        None => Say::Answer(422, r#"{"configurationId":"missing"}"#),
    })
    .await;
    let client = client_at(&server.url, NOWHERE);
    let policy = [
        ("name", "four eyes"),
        ("policyTemplateId", "t-1"),
        ("applyingEventIds", "e-1,e-2"),
        ("votingConfigurationId", "board"),
        ("configuration", r#"{"limit":1}"#),
    ];
    let call = client.fill("policy.register", &values(&policy)).unwrap();
    assert!(call.shown().curl.contains("votingConfigurationId"));
    let answer = client.perform(&call).await.unwrap();
    assert_eq!(answer.command, Some(CommandId::from("c-1")));
    let sent = json(&server.seen()[1]);
    assert_eq!(sent["configurationId"], "board");
    assert_eq!(sent["applyingEventIds"], serde_json::json!(["e-1", "e-2"]));
    assert_eq!(sent.get("votingConfigurationId"), None);
    let call = client.fill("policy.register", &values(&policy)).unwrap();
    assert!(!call.shown().curl.contains("votingConfigurationId"));
    client.perform(&call).await.unwrap();
    assert_eq!(server.seen().len(), 3, "the name was not remembered");
}

#[tokio::test]
async fn refused_alike_under_both_names_the_first_refusal_counts() {
    let server = Server::start(|seen| match json(seen).get("configurationId") {
        Some(_) => Say::Answer(422, "\"second\""),
        None => Say::Answer(422, "\"first\""),
    })
    .await;
    let client = client_at(&server.url, NOWHERE);
    let policy = [
        ("name", "four eyes"),
        ("policyTemplateId", "t-1"),
        ("applyingEventIds", "e-1"),
        ("votingConfigurationId", "board"),
        ("configuration", r#"{"limit":1}"#),
    ];
    let answer = perform(&client, "policy.register", &policy).await;
    assert_eq!((answer.status, body(&answer)), (422, "\"first\""));
    assert_eq!(answer.command, None);
}

#[tokio::test]
async fn an_application_shows_itself_and_not_the_session() {
    let server = Server::start(|seen| {
        if seen.headers["authorization"] == "Basic AC-1" {
            Say::Answer(200, r#"{"token":"A-1","refreshToken":"R-1"}"#)
        } else {
            Say::Answer(401, "")
        }
    })
    .await;
    let client = client_at(&server.url, NOWHERE);
    let obtain = [
        ("authorization_code", "AC-1"),
        ("clientId", "cl-1"),
        ("clientSecret", "hush"),
    ];
    let answer = perform(&client, "oauth-application.obtain-token", &obtain).await;
    assert_eq!(answer.status, 200);
    assert!(!format!("{answer:?}").contains("A-1"));
    let seen = server.seen();
    assert_eq!(seen[0].headers["authorization"], "Basic Y2wtMTpodXNo");
    for request in seen {
        assert!(!request.headers.contains_key("x-dpt-authorization"));
        assert_eq!(request.body, b"authorization_code=AC-1");
    }
}

#[tokio::test]
async fn bytes_go_to_a_link_and_come_from_one_without_the_session() {
    let server = Server::start(|seen| match seen.line.as_str() {
        "POST /?auth=up" => Say::Answer(201, ""),
        "GET /?auth=text" => Say::Answer(200, "stored"),
        "GET /?auth=bytes" => Say::With(200, Vec::new(), vec![0xff; 3]),
        "GET /?auth=long" => {
            let text = "é".repeat(LONGEST_BODY_BYTES);
            Say::With(200, Vec::new(), format!("a{text}").into_bytes())
        }
        _ => Say::Answer(404, ""),
    })
    .await;
    let client = client_at(NOWHERE, &server.url);
    let up = perform(
        &client,
        "data-token.send-upstream",
        &[("link", "up"), ("data", "hello")],
    )
    .await;
    assert_eq!((up.status, up.length_bytes), (201, 0));
    assert_eq!(server.seen()[0].body, b"hello");
    let complete = format!("{}/?auth=text", server.url);
    let text = perform(&client, "data-token.download", &[("link", &complete)]).await;
    assert_eq!(
        (body(&text), text.length_bytes, text.is_cut),
        ("stored", 6, false)
    );
    let bytes = perform(&client, "data-token.download", &[("link", "bytes")]).await;
    assert!(bytes.body.is_none());
    assert_eq!(bytes.length_bytes, 3);
    let long = perform(&client, "data-token.download", &[("link", "long")]).await;
    assert!(long.is_cut && body(&long).len() == LONGEST_BODY_BYTES - 1);
    assert_eq!(long.length_bytes, 2 * LONGEST_BODY_BYTES as u64 + 1);
    let spent = client.fill("data-token.download", &values(&[("link", "spent")]));
    let spent = client.perform(&spent.unwrap()).await;
    assert!(matches!(spent, Err(Error::LinkSpent)));
    for request in server.seen() {
        assert!(!request.headers.contains_key("x-dpt-authorization"));
    }
}

#[tokio::test]
async fn a_link_to_another_host_is_refused() {
    link_is_refused(
        "https://u.example.com/?auth=hush",
        "link: a link leads to u.example.com, which is not this service",
    );
}

#[tokio::test]
async fn a_link_to_an_unencrypted_address_elsewhere_is_refused() {
    link_is_refused(
        "http://u.example.com/?auth=hush",
        "link: a link to u.example.com is not encrypted",
    );
}

fn link_is_refused(link: &str, with: &str) {
    let client = client_at(NOWHERE, NOWHERE);
    let fields = [("link", link), ("data", "x")];
    for (id, given) in [
        ("data-token.download", &fields[..1]),
        ("data-token.send-upstream", &fields),
    ] {
        let refused = client.fill(id, &values(given)).unwrap_err();
        assert_eq!(refused.to_string(), with, "{id}");
    }
}

#[tokio::test]
async fn an_operation_that_does_not_exist_is_not_sent() {
    let client = client_at(NOWHERE, NOWHERE);
    let unknown = client.fill("voting.rig", &[]).unwrap_err();
    assert_eq!(unknown.to_string(), "there is no operation voting.rig");
}
