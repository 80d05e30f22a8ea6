//! Polls: rows 86 to 87a.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use crate::api::caller::Caller;
use crate::api::votes::configuration;
use crate::api::votes::verified_authenticator::accept;
use crate::commands::VotingWork;
use crate::state::voting::polls;
use crate::voting::{self, Asked};
use crate::wire::answer::Refusal;
use crate::wire::json_fields::{AnyFields, JsonFields};
use crate::world::Shared;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/voting/create", post(create))
        .route("/voting/cancel-pool", post(cancel))
        .route("/voting/check-pool-status/{id}", get(status))
}

/// Row 86 (documented). An express null as the voting configuration (assumed) stands for what the profile has set for
/// all its votes. The nonce says nothing: one that was sent before opens another poll.
async fn create(
    State(world): State<Shared>,
    caller: Caller,
    mut fields: JsonFields,
) -> Result<Response, Refusal> {
    let named = "votingConfigurationId";
    let skipped = "skipAuthenticatorDevices";
    let asked = Asked {
        profile: caller.profile.clone(),
        voting_configuration: configuration::named(&world, &caller, &mut fields, named).await?,
        question: fields.required("question"),
        title: fields.required("title"),
        left_out: fields.optional_texts(skipped),
    };
    fields.optional("nonce");
    let named = (skipped, asked.left_out.as_slice());
    configuration::check_authenticators(&world, &caller, &mut fields, named).await?;
    fields.done()?;
    let id = open(&world, asked).await?;
    voting::turn(&world).await?;
    Ok(world.dialect.value("voting/create", "poolId", &id))
}

async fn open(world: &Shared, asked: Asked) -> Result<String, Refusal> {
    let now = world.clock.now();
    let opened = world
        .state
        .write(move |db| voting::open_by_hand(db, asked, now))
        .await?;
    world.voting.stir();
    Ok(opened)
}

/// Row 87a (observed): cancels an open poll; its command is rejected.
async fn cancel(
    State(world): State<Shared>,
    caller: Caller,
    mut fields: AnyFields,
) -> Result<Response, Refusal> {
    let pool = fields.required(&["poolId", "poolIdentifier", "id"]);
    fields.0.done()?;
    voting::turn(&world).await?;
    let asked = pool.clone();
    world
        .state
        .read(move |db| polls::find(db, &asked))
        .await?
        .ok_or(Refusal::NotFound)?;
    accept(&world, &caller, VotingWork::CancelPool { pool }).await
}

/// Row 87 (observed path, assumed answer): the present attempt, and its ballots.
async fn status(
    State(world): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    voting::turn(&world).await?;
    let found = world
        .state
        .read(move |db| match polls::find(db, &id)? {
            Some(poll) if poll.profile == caller.profile => {
                let ballots = polls::ballots(db, &id)?;
                Ok(Some(poll.to_json(&ballots)))
            }
            _ => Ok(None),
        })
        .await?;
    Ok(Json(found.ok_or(Refusal::NotFound)?))
}
