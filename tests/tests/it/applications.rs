//! OAuth applications: registered, told their secret once, let in within their scopes. What an application does itself
//! is played by the operations as they are. In each dialect of the service.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use privicore_sandbox::{Dialect, Fault, Verdict};
use privicore_tests::test_vault::TestVault;
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{
    Application, ApplicationSecret, Code, CollaborationError, Error, NewApplication,
    OperationAnswer, SessionError, TargetError,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

const REGISTER: &str = "profile/oauth-application-register";
const CONFIGURATION: &str = "profile/retrieve-oauth-application-configuration";
const CALLBACK: &str = "https://reports.example.com/back";

in_each_dialect!(
    a_registered_application_is_listed_as_it_was_described,
    a_secret_is_told_once,
    a_secret_that_an_operation_called_by_name_tells_can_be_kept,
    a_secret_is_saved_for_this_user_only_and_over_nothing,
    an_application_acts_within_its_scopes_and_its_old_tokens_are_revoked,
    an_application_fetches_its_code_with_its_own_word_only,
    a_refused_field_is_named,
    the_secret_of_an_application_that_is_not_there_is_not_told,
    a_registration_held_for_a_vote_waits_for_its_end,
    a_registration_without_an_outcome_is_not_confirmed,
    a_secret_whose_answer_is_lost_is_said_to_be_unclear,
    without_anybody_signed_in_nothing_is_asked,
);

async fn a_registered_application_is_listed_as_it_was_described(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    assert_eq!(all(&fixture).await, []);
    let id = registered(&fixture, &[" device", "storage "]).await;
    let listed = all(&fixture).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].id, id);
    assert_eq!(listed[0].name.as_deref(), Some("Reports"));
    assert_eq!(listed[0].redirect_uri.as_deref(), Some(CALLBACK));
    assert_eq!(listed[0].scopes, ["device", "storage"]);
    assert!(listed[0].registered_at.is_some());
}

async fn a_secret_is_told_once(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = registered(&fixture, &["all"]).await;
    let secret = fixture.vault.application_secret(&id).await.unwrap();
    assert_eq!(secret.application, id);
    let text = secret.client_secret.expose_secret();
    assert!(text.len() > 20 && !format!("{secret:?}").contains(text));
    let again = fixture.vault.application_secret(&id).await.unwrap_err();
    assert!(matches!(
        again,
        Error::Collaboration(CollaborationError::SecretToldAlready)
    ));
    assert_eq!(again.explain().code, Code::SecretToldAlready);
}

async fn a_secret_that_an_operation_called_by_name_tells_can_be_kept(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let id = registered(&fixture, &["all"]).await;
    let operation = "configuration";
    let answer = call(&fixture, operation, &[("applicationId", &id)]).await;
    let named = "oauth-application.configuration";
    let secret = ApplicationSecret::from_answer(named, &answer).unwrap();
    assert_eq!(secret.application, id);
    let text = secret.client_secret.expose_secret();
    assert!(text.len() > 20);
    let shown = answer.shown_body().unwrap();
    assert!(!shown.expose_secret().contains(text), "a page may show it");
    let other = ApplicationSecret::from_answer("oauth-application.list", &answer);
    assert!(other.is_none());
    let again = call(&fixture, operation, &[("applicationId", &id)]).await;
    assert!(ApplicationSecret::from_answer(named, &again).is_none());
}

async fn a_secret_is_saved_for_this_user_only_and_over_nothing(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (_, secret) = with_secret(&fixture, &["all"]).await;
    let target = fixture.originals().join("reports.json");
    secret.save(&target).await.unwrap();
    let kept: Value = serde_json::from_slice(&fs::read(&target).unwrap()).unwrap();
    assert_eq!(kept["clientId"], secret.client_id.as_str());
    assert_eq!(kept["clientSecret"], secret.client_secret.expose_secret());
    assert_eq!(kept["redirectUri"], CALLBACK);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&target).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (taken, before) = fixture.write("taken.json", b"before".to_vec());
    let refused = secret.save(&taken).await;
    assert!(matches!(
        refused,
        Err(Error::Target(TargetError::Exists { .. }))
    ));
    assert_eq!(fs::read(&taken).unwrap(), before);
}

async fn an_application_acts_within_its_scopes_and_its_old_tokens_are_revoked(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (_, secret) = with_secret(&fixture, &["device", "storage"]).await;
    let id = let_in(&fixture, &secret, &["device"]).await.unwrap();
    let code = read(&fetch(&fixture, &secret, &id, "word-1").await);
    let code = text(&code, "authorizationCode");
    let shows = shown(&secret);
    let code = [("authorization_code", &*code), shows[0], shows[1]];
    let old = read(&call(&fixture, "obtain-token", &code).await);
    assert_eq!(old["scope"], json!(["device"]));
    let (old, refresh) = (text(&old, "token"), text(&old, "refreshToken"));
    assert_eq!(
        call(&fixture, "obtain-token", &code).await.status,
        401,
        "a code is good once"
    );
    let scope = call(&fixture, "scope", &[("accessToken", &old)]).await;
    assert_eq!(read(&scope), json!({ "scope": ["device"] }));

    let pair = [("refresh_token", &*refresh), ("accessToken", &*old)];
    let new = read(&call(&fixture, "refresh-token", &pair).await);
    let new = text(&new, "token");
    assert_eq!(call(&fixture, "refresh-token", &pair).await.status, 401);
    let status = async |token: &str| {
        let values = [("accessToken", token)];
        call(&fixture, "scope", &values).await.status
    };
    assert_eq!((status(&old).await, status(&new).await), (401, 200));
}

async fn an_application_fetches_its_code_with_its_own_word_only(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let (_, secret) = with_secret(&fixture, &["all"]).await;
    let (_, other) = with_secret(&fixture, &["all"]).await;
    let id = let_in(&fixture, &secret, &["all"]).await.unwrap();
    assert_eq!(fetch(&fixture, &other, &id, "word-1").await.status, 404);
    assert_eq!(fetch(&fixture, &secret, &id, "word-2").await.status, 422);
    assert_eq!(fetch(&fixture, &secret, &id, "word-1").await.status, 200);
    assert_eq!(fetch(&fixture, &secret, &id, "word-1").await.status, 422);
}

async fn a_refused_field_is_named(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    for (wrong, field) in [
        (
            described("http://nowhere.example/", &["all"]),
            "redirectUri",
        ),
        (described(CALLBACK, &["everything"]), "scopes"),
        (described(CALLBACK, &[]), "scopes"),
    ] {
        let refused = fixture.vault.register_application(wrong).await;
        let told = refused.unwrap_err().explain();
        assert_eq!(told.code, Code::Invalid);
        assert!(told.message.contains(field), "{}", told.message);
    }
    assert_eq!(all(&fixture).await, []);
    let (_, secret) = with_secret(&fixture, &["device"]).await;
    let too_much = let_in(&fixture, &secret, &["storage"]).await;
    assert_eq!(too_much.unwrap_err().explain().code, Code::Invalid);
    let scopes = ["all".to_owned()];
    let unknown = fixture
        .vault
        .let_application_in("nobody", "word-1", &scopes);
    let told = unknown.await.unwrap_err().explain();
    assert!(told.message.contains("client_id"), "{}", told.message);
}

async fn the_secret_of_an_application_that_is_not_there_is_not_told(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let refused = fixture
        .vault
        .application_secret("no-such-application")
        .await;
    assert_eq!(refused.unwrap_err().explain().code, Code::NotFound);
}

async fn a_registration_held_for_a_vote_waits_for_its_end(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(REGISTER, Fault::HeldForVote, 1);
    let vault = fixture.vault.clone();
    let waiting = tokio::spawn(async move {
        vault
            .register_application(described(CALLBACK, &["all"]))
            .await
    });
    wait_until("the registration is held", async || {
        !control.list_held().await.unwrap().is_empty()
    })
    .await;
    assert!(!waiting.is_finished());
    assert_eq!(all(&fixture).await, []);
    control.release_all(Verdict::Approve).await.unwrap();
    let id = waiting.await.unwrap().unwrap();
    assert_eq!(all(&fixture).await[0].id, id);
}

async fn a_registration_without_an_outcome_is_not_confirmed(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(REGISTER, Fault::AnswerLost, 1);
    let new = described(CALLBACK, &["all"]);
    let error = fixture.vault.register_application(new).await.unwrap_err();
    assert!(error.is_not_confirmed());
    wait_until("the list shows what became of it", async || {
        all(&fixture).await.len() == 1
    })
    .await;
}

async fn a_secret_whose_answer_is_lost_is_said_to_be_unclear(dialect: Dialect) {
    let fixture = TestVault::with_short_limits(dialect).await;
    let id = registered(&fixture, &["all"]).await;
    let control = fixture.sandbox().control();
    control.faults().plan(CONFIGURATION, Fault::AnswerLost, 1);
    let lost = fixture.vault.application_secret(&id).await.unwrap_err();
    assert!(lost.is_not_confirmed());
    let again = fixture.vault.application_secret(&id).await;
    assert!(matches!(
        again,
        Err(Error::Collaboration(CollaborationError::SecretToldAlready))
    ));
}

async fn without_anybody_signed_in_nothing_is_asked(dialect: Dialect) {
    let fixture = TestVault::signed_up(dialect).await;
    let vault = &fixture.vault;
    vault.sign_out().await.unwrap();
    let listed = vault.applications().await;
    assert!(matches!(
        listed,
        Err(Error::Session(SessionError::SignedOut))
    ));
    let new = described(CALLBACK, &["all"]);
    let made = vault.register_application(new).await;
    assert!(matches!(made, Err(Error::Session(SessionError::SignedOut))));
    let told = vault.application_secret("a").await;
    assert!(matches!(told, Err(Error::Session(SessionError::SignedOut))));
    let came_in = vault.let_application_in("a", "word-1", &[]).await;
    assert!(matches!(
        came_in,
        Err(Error::Session(SessionError::SignedOut))
    ));
}

fn described(redirect_uri: &str, scopes: &[&str]) -> NewApplication {
    NewApplication {
        name: " Reports ".into(),
        redirect_uri: redirect_uri.into(),
        scopes: owned(scopes),
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

async fn all(fixture: &TestVault) -> Vec<Application> {
    fixture.vault.applications().await.unwrap()
}

async fn registered(fixture: &TestVault, scopes: &[&str]) -> String {
    let new = described(CALLBACK, scopes);
    fixture.vault.register_application(new).await.unwrap()
}

async fn with_secret(fixture: &TestVault, scopes: &[&str]) -> (String, ApplicationSecret) {
    let id = registered(fixture, scopes).await;
    let secret = fixture.vault.application_secret(&id).await.unwrap();
    (id, secret)
}

async fn let_in(
    fixture: &TestVault,
    to: &ApplicationSecret,
    scopes: &[&str],
) -> Result<String, Error> {
    let scopes = owned(scopes);
    let vault = &fixture.vault;
    vault
        .let_application_in(&to.client_id, "word-1", &scopes)
        .await
}

fn shown(secret: &ApplicationSecret) -> [(&str, &str); 2] {
    let text = secret.client_secret.expose_secret();
    [("clientId", &secret.client_id), ("clientSecret", text)]
}

async fn fetch(
    fixture: &TestVault,
    by: &ApplicationSecret,
    id: &str,
    word: &str,
) -> OperationAnswer {
    let shows = shown(by);
    let values = [("id", id), ("nonce", word), shows[0], shows[1]];
    call(fixture, "retrieve-code", &values).await
}

async fn call(fixture: &TestVault, operation: &str, values: &[(&str, &str)]) -> OperationAnswer {
    let values: Vec<(String, SecretString)> = values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).into()))
        .collect();
    let id = format!("oauth-application.{operation}");
    fixture.vault.call_operation(&id, &values).await.unwrap()
}

fn read(answer: &OperationAnswer) -> Value {
    assert_eq!(answer.status, 200);
    let body = answer.body.as_ref().unwrap();
    serde_json::from_str(body.expose_secret()).unwrap()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}
