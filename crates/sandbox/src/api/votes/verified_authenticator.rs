//! Authenticators and what a profile sets for all its votes: rows 47 to 54.

use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;

use crate::api::caller::Caller;
use crate::api::device::on_device;
use crate::commands::{self, VotingWork, Work};
use crate::state::voting::authenticators::{self, Authenticator};
use crate::state::voting::settings;
use crate::voting::tally::Strategy;
use crate::wire::answer::Refusal;
use crate::wire::fields::FormFields;
use crate::world::Shared;

/// The most that can be asked to answer.
const LARGEST_QUORUM: u64 = 1000;
/// The longest a poll can take, in seconds: thirty days.
pub(crate) const LONGEST_TIME_LIMIT_SECONDS: u64 = 30 * 24 * 60 * 60;
const MOST_ATTEMPTS: u64 = 100;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/verified-authenticator/register", post(register))
        .route(
            "/verified-authenticator/list-verified-authenticators",
            get(list),
        )
        .route("/verified-authenticator/retrieve-strategy", get(strategy))
        .route(
            "/verified-authenticator/set-quorum-size",
            post(set_quorum_size),
        )
        .route(
            "/verified-authenticator/set-quorum-strategy",
            post(set_strategy),
        )
        .route(
            "/verified-authenticator/set-voting-time-limit",
            post(set_time_limit),
        )
        .route(
            "/verified-authenticator/set-maximum-voting-attempts",
            post(set_attempts),
        )
        .route("/verified-authenticator/remove", post(remove))
}

/// Row 47 (observed).
async fn register(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| {
        Work::Voting(VotingWork::RegisterAuthenticator { device })
    })
    .await
}

/// Row 48 (assumed).
async fn list(State(world): State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| authenticators::of_profile(db, &caller.profile))
        .await?;
    let items: Vec<Value> = found.iter().map(Authenticator::to_json).collect();
    let count = items.len() as u64;
    let operation = "verified-authenticator/list-verified-authenticators";
    Ok(world.dialect.list(operation, items, (count, 1, count)))
}

/// Row 49 (assumed): null is what was not set.
async fn strategy(State(world): State<Shared>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let settings = world
        .state
        .read(move |db| settings::of_profile(db, &caller.profile))
        .await?;
    Ok(Json(settings.to_json()))
}

/// Row 50 (assumed).
async fn set_quorum_size(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let size = fields.required_number("quorumSize", 1..=LARGEST_QUORUM);
    fields.done()?;
    accept(&world, &caller, VotingWork::SetQuorumSize { size }).await
}

/// Row 51. Documented: `strategy_params` is the percentage of `minimum_percentage`. Observed: every strategy has it.
async fn set_strategy(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let name = fields.required("strategy");
    let parameters = "strategy_params";
    let percent = if world.dialect.needs_strategy_parameters() {
        Some(fields.required_number(parameters, 0..=100))
    } else {
        fields.number(parameters, 0..=100)
    };
    let is_wrong = fields.is_wrong(parameters);
    let strategy = match chosen(&name, percent) {
        Ok(strategy) => Some(strategy),
        Err(Wrong::Strategy) => {
            if !name.is_empty() {
                fields.wrong("strategy", UNKNOWN_STRATEGY);
            }
            None
        }
        Err(Wrong::Percentage(should)) => {
            if !is_wrong {
                fields.wrong(parameters, should);
            }
            None
        }
    };
    fields.done()?;
    let strategy = strategy.ok_or(Refusal::Invalid("voting.strategy"))?;
    accept(&world, &caller, VotingWork::SetStrategy { strategy }).await
}

pub(crate) const UNKNOWN_STRATEGY: &str =
    "must be unanimous, consensus, affirmative or minimum_percentage";

/// What is wrong with a strategy and its percentage.
pub(crate) enum Wrong {
    Strategy,
    Percentage(&'static str),
}

/// The strategy of this name. A number beside one that takes none says nothing.
pub(crate) fn chosen(name: &str, percent: Option<u64>) -> Result<Strategy, Wrong> {
    if let Some(strategy) =
        Strategy::from_parts(name, None).or_else(|| Strategy::from_parts(name, percent))
    {
        return Ok(strategy);
    }
    if Strategy::from_parts(name, Some(0)).is_some() {
        return Err(Wrong::Percentage("is required with minimum_percentage"));
    }
    Err(Wrong::Strategy)
}

/// Row 52 (documented): seconds from a poll's creation.
async fn set_time_limit(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let seconds = fields.required_number("timeLimit", 1..=LONGEST_TIME_LIMIT_SECONDS);
    fields.done()?;
    accept(&world, &caller, VotingWork::SetTimeLimit { seconds }).await
}

/// Row 53 (documented): each attempt is a new poll.
async fn set_attempts(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let attempts = fields.required_number("numberOfAttempts", 1..=MOST_ATTEMPTS);
    fields.done()?;
    accept(&world, &caller, VotingWork::SetAttempts { attempts }).await
}

/// Row 54 (documented).
async fn remove(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_device(state, caller, form, |device| {
        Work::Voting(VotingWork::RemoveAuthenticator { device })
    })
    .await
}

/// Accepts a command about votes.
pub(crate) async fn accept(
    world: &Shared,
    caller: &Caller,
    work: VotingWork,
) -> Result<Response, Refusal> {
    commands::accept(world, &caller.profile, Work::Voting(work)).await
}
