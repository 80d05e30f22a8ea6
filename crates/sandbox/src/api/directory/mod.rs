//! Directories: rows 68 to 85 (all assumed). What is unknown is answered 404, what is somebody else's too where it is
//! read; a command on somebody else's settles with `directory.not_an_owner`.

mod reading;
mod users;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};

use super::caller::Caller;
use crate::commands::{self, DirectoryWork, Work};
use crate::state::{devices, directories, profiles};
use crate::wire::answer::Refusal;
use crate::wire::fields::FormFields;
use crate::wire::json_fields::JsonFields;
use crate::world::Shared;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/directory/register", post(register))
        .route("/directory/retrieve-owned-directories", get(reading::owned))
        .route(
            "/directory/retrieve-assigned-directories",
            get(reading::assigned),
        )
        .route("/directory/retrieve-directory/{id}", get(reading::one))
        .route("/directory/create-user", post(users::create))
        .route("/directory/update-user", post(users::update))
        .route("/directory/invite-profile", post(users::invite))
        .route("/directory/set-profile-password", post(users::set_password))
        .route("/directory/list-invites", get(reading::invites))
        .route("/directory/process-invitation", post(users::process))
        .route(
            "/directory/retrieve-profile/{id}/{profile}",
            get(reading::profile),
        )
        .route("/directory/list-users/{id}", get(reading::users))
        .route("/directory/profiles-info/{id}", get(reading::infos))
        .route("/directory/create-profile-device", post(create_device))
        .route("/directory/add-storage-device", post(add_storage))
        .route("/directory/list-devices/{id}", get(reading::devices))
        .route("/directory/create-voting-pool", post(create_pool))
        .route("/directory/store-meta", post(store_meta))
}

/// Row 68.
async fn register(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let name = fields.required("directoryName");
    let short_name = fields.required("directoryShortName");
    fields.done()?;
    let wanted = short_name.clone();
    let is_taken = world
        .state
        .read(move |db| directories::is_short_name_taken(db, &wanted))
        .await?;
    if is_taken {
        return Err(Refusal::Conflict("directory.short_name_taken"));
    }
    accept(
        &world,
        &caller,
        DirectoryWork::Register { name, short_name },
    )
    .await
}

/// Row 81: the device is approved at once.
async fn create_device(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let profile = fields.required("profileId");
    let name = fields.required("deviceName");
    fields.done()?;
    must_exist(&world, &directory, Some(&profile)).await?;
    let work = DirectoryWork::CreateDevice {
        directory,
        profile,
        name,
    };
    accept(&world, &caller, work).await
}

/// Row 82.
async fn add_storage(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let profile = fields.required("profileId");
    let device = fields.required("deviceIdentifier");
    fields.done()?;
    must_exist(&world, &directory, Some(&profile)).await?;
    let asked = device.clone();
    world
        .state
        .read(move |db| devices::find(db, &asked))
        .await?
        .ok_or(Refusal::NotFound)?;
    let work = DirectoryWork::AddStorage {
        directory,
        profile,
        device,
    };
    accept(&world, &caller, work).await
}

/// Row 84.
async fn create_pool(
    State(world): State<Shared>,
    caller: Caller,
    mut fields: JsonFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let name = fields.required("name");
    let profiles = fields.texts("profileIds");
    fields.done()?;
    must_exist(&world, &directory, None).await?;
    let named = (directory.clone(), name.clone());
    let is_taken = world
        .state
        .read(move |db| directories::is_pool_taken(db, (&named.0, &named.1)))
        .await?;
    if is_taken {
        return Err(Refusal::Conflict("directory.pool_name_taken"));
    }
    let work = DirectoryWork::CreatePool {
        directory,
        name,
        profiles,
    };
    accept(&world, &caller, work).await
}

/// Row 85: replaces what was stored before.
async fn store_meta(
    State(world): State<Shared>,
    caller: Caller,
    mut fields: JsonFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let meta = fields.any_object("meta").into();
    fields.done()?;
    must_exist(&world, &directory, None).await?;
    accept(
        &world,
        &caller,
        DirectoryWork::StoreMeta { directory, meta },
    )
    .await
}

async fn accept(world: &Shared, caller: &Caller, work: DirectoryWork) -> Result<Response, Refusal> {
    commands::accept(world, &caller.profile, Work::Directory(work)).await
}

/// 404 unless there are such a directory and profile. Whose they are shows when the command settles.
async fn must_exist(world: &Shared, directory: &str, profile: Option<&str>) -> Result<(), Refusal> {
    let (directory, profile) = (directory.to_owned(), profile.map(str::to_owned));
    let exist = world
        .state
        .read(move |db| {
            Ok(directories::find(db, &directory)?.is_some()
                && match profile {
                    Some(profile) => profiles::password_hash(db, &profile)?.is_some(),
                    None => true,
                })
        })
        .await?;
    exist.then_some(()).ok_or(Refusal::NotFound)
}
