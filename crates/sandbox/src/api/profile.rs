//! Profiles and their authorization tokens: rows 3 to 10.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::caller::Caller;
use crate::clock::later;
use crate::commands::{self, Command, Work};
use crate::state::{authorizations, oauth, profiles};
use crate::wire::answer::{Broken, Refusal};
use crate::wire::fields::FormFields;
use crate::wire::settings::KeyOrder;
use crate::wire::tokens::{Token, generate_id};
use crate::world::Shared;

/// How long an authorization token lives unless reauthorizing says otherwise.
const AUTHORIZATION_LIFE: Duration = Duration::from_hours(1);
/// The longest life reauthorizing grants, in seconds: thirty days.
const LONGEST_LIFE_SECONDS: u64 = 30 * 24 * 60 * 60;
const QR_LIFE: Duration = Duration::from_mins(5);

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/profile/register-profile", post(register))
        .route("/profile/authenticate", post(authenticate))
        .route("/profile/retrieve-profile-id", get(profile_id))
        .route("/profile/change-password", post(change_password))
        .route("/profile/generate-token-qr", post(qr_token))
        .route(
            "/profile/reauthorize-authorization-token",
            post(reauthorize),
        )
        .route("/profile/revoke-authorization-token", post(revoke))
        .route("/profile/authorization-token/expiry", post(expiry))
}

/// Row 3 (documented).
async fn register(
    State(world): State<Shared>,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let username = fields.required("username");
    let password = fields.password("password");
    fields.done()?;
    let wanted = username.clone();
    if world
        .state
        .read(move |db| profiles::is_taken(db, &wanted))
        .await?
    {
        return Err(Refusal::Conflict("profile.username_taken"));
    }
    let password_hash = world.passwords.hash(password).await?;
    let work = Work::RegisterProfile {
        username,
        password_hash,
    };
    let command = Command::new(&generate_id(), work);
    commands::accept_with(&world, command, |_| Ok(())).await
}

/// Row 4 (documented).
async fn authenticate(
    State(world): State<Shared>,
    FormFields(mut fields): FormFields,
) -> Result<Json<Value>, Refusal> {
    let username = fields.required("username");
    let password = fields.password("password");
    fields.done()?;
    let profile = identify(&world, username, password).await?;
    if world.dialect.settings().key_order == KeyOrder::BeforeAuthenticate {
        let owner = profile.clone();
        let key = world.state.read(move |db| profiles::public_key(db, &owner));
        key.await?.ok_or(Refusal::Unauthorized)?;
    }
    Ok(authorize(&world, profile, AUTHORIZATION_LIFE).await?)
}

/// The profile of this name and password.
pub(super) async fn identify(
    world: &Shared,
    username: String,
    password: Zeroizing<String>,
) -> Result<String, Refusal> {
    let (profile, kept) = world
        .state
        .read(move |db| profiles::by_username(db, &username))
        .await?
        .ok_or(Refusal::Unauthorized)?;
    if !matches(world, &profile, (password, kept)).await? {
        return Err(Refusal::Unauthorized);
    }
    Ok(profile)
}

/// Whether `password` is the one behind `kept`; 429 when it was tried too often.
async fn matches(
    world: &Shared,
    profile: &str,
    (password, kept): (Zeroizing<String>, String),
) -> Result<bool, Refusal> {
    let now = world.clock.now();
    world.guesses.count(profile, now).map_err(|until| {
        let seconds = until.duration_since(now).as_secs();
        Refusal::TooMany(u64::try_from(seconds).unwrap_or_default() + 1)
    })?;
    let is_right = world.passwords.matches(password, kept).await?;
    if is_right {
        world.guesses.forget(profile);
    }
    Ok(is_right)
}

async fn authorize(world: &Shared, profile: String, life: Duration) -> Result<Json<Value>, Broken> {
    let token = Token::generate("T-");
    let (digest, expires_at) = (token.digest(), later(world.clock.now(), life));
    world
        .state
        .write(move |db| authorizations::insert(db, &digest, &profile, expires_at))
        .await?;
    Ok(Json(json!({
        "authorizationToken": token.reveal(),
        "expiresAt": iso(expires_at),
    })))
}

/// Row 5 (observed).
async fn profile_id(caller: Caller) -> Json<Value> {
    Json(json!({ "profileId": caller.profile }))
}

/// Row 6 (observed).
async fn change_password(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let current = fields.password("currentPassword");
    let new = fields.password("newPassword");
    fields.done()?;
    let profile = caller.profile.clone();
    let kept = world
        .state
        .read(move |db| profiles::password_hash(db, &profile))
        .await?
        .ok_or(Refusal::Unauthorized)?;
    if !matches(&world, &caller.profile, (current, kept)).await? {
        return Err(Refusal::field("currentPassword", "is not the password"));
    }
    let password_hash = world.passwords.hash(new).await?;
    commands::accept(
        &world,
        &caller.profile,
        Work::ChangePassword { password_hash },
    )
    .await
}

/// Row 7 (observed).
async fn qr_token(State(world): State<Shared>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let token = Token::generate("");
    let (digest, expires_at) = (token.digest(), later(world.clock.now(), QR_LIFE));
    world
        .state
        .write(move |db| authorizations::insert_qr(db, &digest, &caller.profile, expires_at))
        .await?;
    let answer = json!({ "qrToken": token.reveal(), "expiresAt": iso(expires_at) });
    Ok(Json(answer))
}

/// Row 8 (observed): a new token at once, or a command that lets the token at hand live on. An application would leave
/// its scopes behind by this; it refreshes (row 18).
async fn reauthorize(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    if caller.is_application {
        return Err(Refusal::Forbidden("oauth.refresh_instead"));
    }
    let ttl = fields.required_number("ttl", 1..=LONGEST_LIFE_SECONDS);
    fields.done()?;
    let life = Duration::from_secs(ttl);
    if world.dialect.reauthorizes_by_command() {
        let work = Work::Reauthorize {
            digest: hex::encode(caller.digest),
            expires_at: later(world.clock.now(), life),
        };
        return commands::accept(&world, &caller.profile, work).await;
    }
    Ok(authorize(&world, caller.profile, life)
        .await?
        .into_response())
}

/// Row 9 (observed).
async fn revoke(State(world): State<Shared>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let digest = caller.digest;
    world
        .state
        .write(move |db| {
            authorizations::remove(db, &digest)?;
            oauth::revoke(db, &digest)
        })
        .await?;
    world.channels.close(&caller.profile, &caller.digest);
    Ok(Json(json!({ "revoked": true })))
}

/// Row 10 (observed).
async fn expiry(caller: Caller) -> Json<Value> {
    Json(json!({ "expiresAt": iso(caller.expires_at) }))
}

/// ISO 8601 in UTC.
fn iso(moment: Timestamp) -> String {
    moment.to_string()
}
