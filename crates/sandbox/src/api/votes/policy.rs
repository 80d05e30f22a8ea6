//! Policies: rows 59 to 67.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value};

use crate::api::caller::Caller;
use crate::api::votes::configuration;
use crate::api::votes::verified_authenticator::accept;
use crate::commands::VotingWork;
use crate::state::voting::policies::{self, Policy};
use crate::voting::templates::{Template, catalogue};
use crate::wire::answer::Refusal;
use crate::wire::fields::FormFields;
use crate::wire::json_fields::JsonFields;
use crate::wire::tokens::generate_id;
use crate::world::Shared;

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/policy/list-policy-templates", get(templates))
        .route("/policy/register", post(register))
        .route("/policy/list-active-policies", get(list_active))
        .route("/policy/list-inactive-policies", get(list_inactive))
        .route("/policy/activate", post(activate))
        .route("/policy/deactivate", post(deactivate))
        .route("/policy/delete", post(delete))
        .route("/policy/list-registered-policies", get(list_registered))
        .route("/policy/retrieve-policy/{name}", get(retrieve))
}

/// Row 59 (documented).
async fn templates(_: Caller) -> Json<Value> {
    Json(catalogue())
}

/// Row 60 (observed and documented, which call the voting configuration differently). An express null (assumed) stands
/// for what the profile has set for all its votes. Documented: name, voting configuration and configuration may be
/// absent; a policy without a name is called by its id.
async fn register(
    State(world): State<Shared>,
    caller: Caller,
    mut fields: JsonFields,
) -> Result<Response, Refusal> {
    let (id, is_bare) = (generate_id(), world.dialect.takes_bare_policies());
    let name = if fields.has("name") || !is_bare {
        fields.required("name")
    } else {
        id.clone()
    };
    let (template, events) = applying(&mut fields);
    let called = world.dialect.configuration_fields();
    let sent = called.iter().find(|called| fields.has(called));
    let voting_configuration = match sent {
        // One that is named in the observed way is not passed over: the policy would be voted on by others.
        None if is_bare && !fields.has("votingConfigurationId") => None,
        _ => {
            let called = sent.unwrap_or(&called[0]);
            configuration::named(&world, &caller, &mut fields, called).await?
        }
    };
    let configuration = if fields.has("configuration") || !is_bare {
        fields.object("configuration")
    } else {
        Map::new()
    };
    fields.done()?;
    if find(&world, &caller, &name).await?.is_some() {
        return Err(Refusal::Conflict("policy.name_taken"));
    }
    let policy = Policy {
        id,
        profile: caller.profile.clone(),
        name,
        template,
        events,
        voting_configuration,
        configuration,
        is_active: false,
        created_at: world.clock.now(),
    };
    accept(&world, &caller, VotingWork::RegisterPolicy { policy }).await
}

/// The template, and the events of it that the policy applies to.
fn applying(fields: &mut JsonFields) -> (String, Vec<String>) {
    let id = fields.required("policyTemplateId");
    let is_given = fields.has("applyingEventIds");
    let events = fields.texts("applyingEventIds");
    let template = Template::by_id(&id);
    if template.is_none() && !id.is_empty() {
        fields.wrong("policyTemplateId", "is unknown");
    }
    let known = |event: &String| template.is_none_or(|template| template.has_event(event));
    if is_given && (events.is_empty() || !events.iter().all(known)) {
        fields.wrong("applyingEventIds", "must name events of the template");
    }
    (id, events)
}

/// Row 61 (assumed).
async fn list_active(state: State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    list(state, caller, "policy/list-active-policies", |policy| {
        policy.is_active
    })
    .await
}

/// Row 62 (assumed).
async fn list_inactive(state: State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    list(state, caller, "policy/list-inactive-policies", |policy| {
        !policy.is_active
    })
    .await
}

/// Row 66 (assumed).
async fn list_registered(state: State<Shared>, caller: Caller) -> Result<Response, Refusal> {
    list(state, caller, "policy/list-registered-policies", |_| true).await
}

async fn list(
    State(world): State<Shared>,
    caller: Caller,
    operation: &str,
    wanted: impl Fn(&Policy) -> bool,
) -> Result<Response, Refusal> {
    let found = world
        .state
        .read(move |db| policies::of_profile(db, &caller.profile))
        .await?;
    let wanted = found.iter().filter(|policy| wanted(policy));
    let items: Vec<Value> = wanted.map(Policy::to_json).collect();
    let count = items.len() as u64;
    Ok(world.dialect.list(operation, items, (count, 1, count)))
}

/// Row 63 (observed).
async fn activate(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_policy(state, caller, form, |policy| VotingWork::ActivatePolicy {
        policy,
    })
    .await
}

/// Row 64 (observed). Polls that are open go on.
async fn deactivate(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_policy(state, caller, form, |policy| VotingWork::DeactivatePolicy {
        policy,
    })
    .await
}

/// Row 65 (assumed). Polls that are open go on.
async fn delete(
    state: State<Shared>,
    caller: Caller,
    form: FormFields,
) -> Result<Response, Refusal> {
    on_policy(state, caller, form, |policy| VotingWork::DeletePolicy {
        policy,
    })
    .await
}

/// Accepts a command about the policy named by `policyId`; 404 unless there is such a policy. Whose it is shows when
/// the command settles.
async fn on_policy(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
    work: impl FnOnce(String) -> VotingWork,
) -> Result<Response, Refusal> {
    let id = fields.required("policyId");
    fields.done()?;
    let asked = id.clone();
    world
        .state
        .read(move |db| policies::find(db, &asked))
        .await?
        .ok_or(Refusal::NotFound)?;
    accept(&world, &caller, work(id)).await
}

/// Row 67 (observed).
async fn retrieve(
    State(world): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let found = find(&world, &caller, &name).await?;
    Ok(Json(found.ok_or(Refusal::NotFound)?.to_json()))
}

/// The caller's policy of this name.
async fn find(world: &Shared, caller: &Caller, name: &str) -> Result<Option<Policy>, Refusal> {
    let (profile, name) = (caller.profile.clone(), name.to_owned());
    let found = world
        .state
        .read(move |db| policies::by_name(db, &profile, &name));
    Ok(found.await?)
}
