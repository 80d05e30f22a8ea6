//! OAuth applications: rows 11 to 18.

use std::time::Duration;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use rusqlite::Connection;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::basic::Basic;
use super::caller::Caller;
use crate::clock::later;
use crate::commands::{self, OAuthWork, Work};
use crate::state::oauth::{self, Application, Grant, Pair};
use crate::wire::answer::{Broken, Refusal};
use crate::wire::fields::{Fields, FormFields, QueryFields};
use crate::wire::scopes::Scopes;
use crate::wire::tokens::{Token, digest_of};
use crate::world::Shared;

const CODE_LIFE: Duration = Duration::from_mins(5);
const ACCESS_LIFE: Duration = Duration::from_hours(1);
const REFRESH_LIFE: Duration = Duration::from_hours(30 * 24);
/// A secret, a code: what is handed out once only is asked for again.
const ALREADY_RETRIEVED: Refusal = Refusal::Invalid("oauth.already_retrieved");

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/profile/oauth-application-register", post(register))
        .route(
            "/profile/retrieve-oauth-application-configuration",
            post(configuration),
        )
        .route(
            "/profile/oauth-application-request-authorization-code",
            get(request_code),
        )
        .route("/profile/retrieve-oauth-application-list", get(list))
        .route(
            "/oauth-application/retrieve-authorization-code",
            post(retrieve_code),
        )
        .route("/oauth-application/obtain-access-token", post(obtain))
        .route(
            "/oauth-application/retrieve-oauth-application-scope",
            get(scope),
        )
        .route("/oauth-application/refresh-access-token", post(refresh))
}

/// Row 11 (observed).
async fn register(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let name = fields.required("name");
    let redirect_uri = fields.required("redirectUri");
    if !redirect_uri.is_empty() && !may_be_redirected_to(&redirect_uri) {
        fields.wrong("redirectUri", "must be https, or http on loopback");
    }
    let scopes = fields.required("scopes");
    let scopes = known(&mut fields, "scopes", Scopes::read(&scopes));
    fields.done()?;
    let work = OAuthWork::RegisterApplication {
        name,
        redirect_uri,
        scopes: scopes.ok_or_else(|| Refusal::field("scopes", UNKNOWN_SCOPE))?,
    };
    commands::accept(&world, &caller.profile, Work::OAuth(work)).await
}

const UNKNOWN_SCOPE: &str = "must name known scopes";

fn known(fields: &mut Fields, name: &str, scopes: Option<Scopes>) -> Option<Scopes> {
    if scopes.is_none() && !fields.is_wrong(name) {
        fields.wrong(name, UNKNOWN_SCOPE);
    }
    scopes
}

fn may_be_redirected_to(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let is_loopback = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => !text.contains('#'),
        Some("http") => is_loopback && !text.contains('#'),
        _ => false,
    }
}

/// Row 12 (observed): the secret is made here and kept as a digest, so that it can be shown once only.
async fn configuration(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Json<Value>, Refusal> {
    let id = fields.required("applicationId");
    fields.done()?;
    let secret = Token::generate("");
    let digest = secret.digest();
    let application = world
        .state
        .write(move |db| {
            let found = oauth::application(db, &id)?;
            let Some(own) = found.filter(|found| found.profile == caller.profile) else {
                return Ok(Err(Refusal::NotFound));
            };
            let is_first = oauth::set_secret(db, &id, &digest)?;
            Ok(is_first.then_some(own).ok_or(ALREADY_RETRIEVED))
        })
        .await??;
    Ok(Json(json!({
        "applicationId": application.id,
        "clientId": application.client_id,
        "clientSecret": secret.reveal(),
        "redirectUri": application.redirect_uri,
        "scopes": application.scopes.names(),
    })))
}

/// Row 13 (documented): a profile grants an application some of the scopes it was registered with.
async fn request_code(
    State(world): State<Shared>,
    caller: Caller,
    QueryFields(mut fields): QueryFields,
) -> Result<Response, Refusal> {
    let client = fields.required("client_id");
    let nonce = fields.required("nonce");
    let redirect_uri = fields.optional("redirect_uri");
    let wanted: Vec<String> = std::iter::from_fn(|| fields.optional("scope[]")).collect();
    let wanted = Scopes::named(wanted.iter().map(String::as_str));
    let wanted = known(&mut fields, "scope[]", wanted);
    let application = world
        .state
        .read(move |db| oauth::by_client(db, &client))
        .await?;
    let granted = match (&application, wanted) {
        (None, _) if !fields.is_wrong("client_id") => {
            fields.wrong("client_id", "is not known");
            None
        }
        (Some(application), Some(wanted)) => {
            let granted = application.scopes.grant(wanted);
            if granted.is_none() {
                fields.wrong("scope[]", "must be among the application's scopes");
            }
            granted
        }
        _ => None,
    };
    let registered = application.as_ref().map(|found| &found.redirect_uri);
    if redirect_uri.is_some() && registered.is_some() && redirect_uri.as_ref() != registered {
        fields.wrong("redirect_uri", "must be the application's");
    }
    fields.done()?;
    let (Some(application), Some(scopes)) = (application, granted) else {
        return Err(Refusal::NotFound);
    };
    let work = OAuthWork::RequestCode {
        application: application.id,
        nonce,
        scopes,
    };
    commands::accept(&world, &caller.profile, Work::OAuth(work)).await
}

/// Row 14 (documented): the code for a grant, once, to the application it was granted to.
async fn retrieve_code(
    State(world): State<Shared>,
    basic: Basic,
    FormFields(mut fields): FormFields,
) -> Result<Json<Value>, Refusal> {
    let client = client(&world, &basic).await?;
    let client = client.ok_or(Refusal::Unauthorized)?;
    let id = fields.required("id");
    let nonce = fields.required("nonce");
    fields.done()?;
    let code = Token::generate("");
    let (digest, now) = (code.digest(), world.clock.now());
    let expires_at = later(now, CODE_LIFE);
    let (application, given) = (client.id, nonce.clone());
    world
        .state
        .write(move |db| {
            Ok(match oauth::granted(db, &id, &application, now)? {
                None => Err(Refusal::NotFound),
                Some((nonce, _)) if nonce != given => {
                    Err(Refusal::field("nonce", "must be the one of the request"))
                }
                Some((_, true)) => Err(ALREADY_RETRIEVED),
                Some((_, false)) => {
                    oauth::set_code(db, &id, &digest, expires_at)?;
                    Ok(())
                }
            })
        })
        .await??;
    Ok(Json(json!({
        "clientId": client.client_id,
        "nonce": nonce,
        "authorizationCode": code.reveal(),
        "expiresAt": expires_at.to_string(),
    })))
}

/// The application whose credentials were sent, if they are credentials.
async fn client(world: &Shared, basic: &Basic) -> Result<Option<Application>, Broken> {
    let Some((client, secret)) = basic.credentials() else {
        return Ok(None);
    };
    let secret = digest_of(&secret);
    world
        .state
        .read(move |db| oauth::by_credentials(db, &client, &secret))
        .await
}

/// Row 15 (observed: by the client's credentials, documented: by the code itself).
async fn obtain(
    State(world): State<Shared>,
    basic: Basic,
    FormFields(mut fields): FormFields,
) -> Result<Json<Value>, Refusal> {
    let code = Zeroizing::new(fields.required("authorization_code"));
    fields.done()?;
    let by_code = basic.raw() == *code;
    if !world.dialect.obtains_by(by_code) {
        return Err(Refusal::Unauthorized);
    }
    let application = match client(&world, &basic).await? {
        Some(client) => Some(client.id),
        None if by_code => None,
        None => return Err(Refusal::Unauthorized),
    };
    let (digest, now) = (digest_of(&code), world.clock.now());
    let spend = move |db: &Connection| oauth::spend_code(db, &digest, application.as_deref(), now);
    let (_, answer) = issue(&world, spend).await?;
    Ok(answer)
}

/// Row 17 (observed path, assumed answer).
async fn scope(State(world): State<Shared>, basic: Basic) -> Result<Json<Value>, Refusal> {
    let (digest, now) = (digest_of(basic.raw()), world.clock.now());
    let access = world
        .state
        .read(move |db| oauth::access(db, &digest, now))
        .await?
        .ok_or(Refusal::Unauthorized)?;
    Ok(Json(json!({ "scope": access.grant.scopes.names() })))
}

/// Row 18 (documented): the pair that is refreshed dies, whether the access token has expired or not.
async fn refresh(
    State(world): State<Shared>,
    basic: Basic,
    FormFields(mut fields): FormFields,
) -> Result<Json<Value>, Refusal> {
    let refresh = digest_of(&Zeroizing::new(fields.required("refresh_token")));
    fields.done()?;
    let (access, now) = (digest_of(basic.raw()), world.clock.now());
    let spend = move |db: &Connection| oauth::spend_pair(db, &access, &refresh, now);
    let (grant, answer) = issue(&world, spend).await?;
    world.channels.close(&grant.profile, &access);
    Ok(answer)
}

/// Spends what is good for a pair of tokens and makes the pair; 401 if there was nothing to spend.
async fn issue(
    world: &Shared,
    spend: impl FnOnce(&Connection) -> Result<Option<Grant>, Broken> + Send + 'static,
) -> Result<(Grant, Json<Value>), Refusal> {
    let (access, refresh) = (Token::generate("O-"), Token::generate("R-"));
    let now = world.clock.now();
    let pair = Pair {
        access: access.digest(),
        refresh: refresh.digest(),
        access_expires_at: later(now, ACCESS_LIFE),
        refresh_expires_at: later(now, REFRESH_LIFE),
    };
    let (grant, application) = world
        .state
        .write(move |db| {
            let Some(grant) = spend(db)? else {
                return Ok(None);
            };
            oauth::insert_pair(db, &pair, &grant)?;
            let application = oauth::application(db, &grant.application)?;
            Ok(application.map(|application| (grant, application)))
        })
        .await?
        .ok_or(Refusal::Unauthorized)?;
    let answer = json!({
        "clientId": application.client_id,
        "token": access.reveal(),
        "refreshToken": refresh.reveal(),
        "type": "Bearer",
        "scope": grant.scopes.names(),
        "expiresAt": pair.access_expires_at.to_string(),
        "refreshTokenExpiresAt": pair.refresh_expires_at.to_string(),
    });
    Ok((grant, Json(answer)))
}

/// Row 16 (observed).
async fn list(State(world): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| oauth::of_profile(db, &caller.profile))
        .await?;
    let items: Vec<Value> = found.iter().map(Application::to_json).collect();
    let count = items.len() as u64;
    let operation = "profile/retrieve-oauth-application-list";
    Ok(world.dialect.list(operation, items, (count, 1, count)))
}
