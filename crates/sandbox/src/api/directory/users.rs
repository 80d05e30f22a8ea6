//! Users of a directory: rows 72 to 75 and 77.

use axum::extract::State;
use axum::response::Response;

use super::{accept, must_exist};
use crate::api::caller::Caller;
use crate::commands::{DirectoryWork, NewUser};
use crate::state::profiles;
use crate::wire::answer::Refusal;
use crate::wire::fields::FormFields;
use crate::world::Shared;

/// Row 72: a profile like any other, which signs in and registers its public key itself.
pub(super) async fn create(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let username = fields.required("username");
    let password = fields.password("password");
    let given_name = fields.required("givenName");
    let family_name = fields.required("familyName");
    fields.done()?;
    must_exist(&world, &directory, None).await?;
    let wanted = username.clone();
    let is_taken = world
        .state
        .read(move |db| profiles::is_taken(db, &wanted))
        .await?;
    if is_taken {
        return Err(Refusal::Conflict("profile.username_taken"));
    }
    let user = NewUser {
        directory,
        username,
        password_hash: world.passwords.hash(password).await?,
        given_name,
        family_name,
    };
    accept(&world, &caller, DirectoryWork::CreateUser(user)).await
}

/// Row 73.
pub(super) async fn update(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let profile = fields.required("profileId");
    let given_name = fields.optional("givenName");
    let family_name = fields.optional("familyName");
    fields.done()?;
    must_exist(&world, &directory, Some(&profile)).await?;
    let work = DirectoryWork::UpdateUser {
        directory,
        profile,
        given_name,
        family_name,
    };
    accept(&world, &caller, work).await
}

/// Row 74.
pub(super) async fn invite(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let profile = fields.required("profileId");
    fields.done()?;
    must_exist(&world, &directory, Some(&profile)).await?;
    let work = DirectoryWork::InviteProfile { directory, profile };
    accept(&world, &caller, work).await
}

/// Row 75: only for profiles the directory made. Tokens stay valid, as after row 6.
pub(super) async fn set_password(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let profile = fields.required("profileId");
    let password = fields.password("password");
    fields.done()?;
    must_exist(&world, &directory, Some(&profile)).await?;
    let work = DirectoryWork::SetPassword {
        directory,
        profile,
        password_hash: world.passwords.hash(password).await?,
    };
    accept(&world, &caller, work).await
}

/// Row 77: by the profile that is invited.
pub(super) async fn process(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let directory = fields.required("directoryId");
    let answer = fields.required("accept");
    if !matches!(answer.as_str(), "" | "true" | "false") {
        fields.wrong("accept", "must be true or false");
    }
    fields.done()?;
    must_exist(&world, &directory, None).await?;
    let work = DirectoryWork::ProcessInvitation {
        directory,
        accept: answer == "true",
    };
    accept(&world, &caller, work).await
}
