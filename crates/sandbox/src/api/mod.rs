//! The API server.

mod basic;
mod caller;
mod control;
mod data_token;
mod device;
mod directory;
mod file_meta;
mod oauth_application;
mod profile;
mod public_key;
mod storage;
mod utility;
mod votes;

use axum::Router;
use axum::middleware::from_fn_with_state;

use votes::{configuration, phones, policy, verified_authenticator, voting};

use crate::control::Control;
use crate::faults::{FaultLayer, apply_faults};
use crate::wire::answer::Refusal;
use crate::world::Shared;

/// All operations, and with `control` the sandbox's own paths under `/__sandbox/`.
pub(crate) fn router(world: Shared, control: Option<Control>) -> Router {
    let faults = FaultLayer {
        world: world.clone(),
        operation: None,
    };
    let operations = Router::new()
        .merge(utility::routes())
        .merge(profile::routes())
        .merge(public_key::routes())
        .merge(data_token::routes())
        .merge(device::routes())
        .merge(storage::routes())
        .merge(oauth_application::routes())
        .merge(directory::routes())
        .merge(file_meta::routes())
        .merge(verified_authenticator::routes())
        .merge(configuration::routes())
        .merge(policy::routes())
        .merge(voting::routes())
        .route_layer(from_fn_with_state(faults, apply_faults))
        .with_state(world);
    let router = match control {
        Some(control) => operations.nest(
            "/__sandbox",
            control::routes(control.clone()).merge(phones::routes(control)),
        ),
        None => operations,
    };
    router.fallback(|| async { Refusal::NotFound })
}
