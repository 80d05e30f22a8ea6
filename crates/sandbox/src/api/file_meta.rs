//! File meta: row 30.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;

use super::caller::Caller;
use super::data_token::own_space;
use crate::commands::{self, Command, FileDetails, Work};
use crate::data::describing::create_permanent;
use crate::faults::Stage;
use crate::state::commands as kept;
use crate::state::data::reservations::{self, Reservation};
use crate::voting;
use crate::wire::answer::{Broken, Refusal};
use crate::wire::fields::FormFields;
use crate::wire::settings::FileMetaForm;
use crate::wire::tokens::digest_of;
use crate::world::Shared;

const OPERATION: &str = "data-token/configure-file-meta";

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/data-token/configure-file-meta", post(file_meta))
}

/// Row 30 (observed): makes the data permanent. Asked again, it answers the same token.
///
/// Data that was exchanged has been voted on by then. Data that was streamed is voted on here, if a policy wants it:
/// the answer is 202 with a command id, always as an object so that nobody takes the id for a token, and once the
/// command has succeeded, asking again answers the token.
async fn file_meta(
    State(world): State<Shared>,
    caller: Caller,
    FormFields(mut fields): FormFields,
) -> Result<Response, Refusal> {
    let digest = digest_of(&fields.required("token"));
    let described = FileDetails {
        file_name: fields.required("fileName"),
        extension: fields.present("extension"),
        context: fields.required("context"),
        size: fields.required_number("size", 0..=i64::MAX.unsigned_abs()),
        path: fields.present("path"),
    };
    fields.done()?;
    let now = world.clock.now();
    let form = world.dialect.file_meta();
    let described = world
        .state
        .write(move |db| {
            let space = reservations::by_token(db, &digest, now)?;
            match own_space(space, &caller.profile) {
                Some(space) => describe(db, space, (described, form), now),
                None => Ok(Err(Refusal::NotFound)),
            }
        })
        .await??;
    match described {
        Permanence::Token(token) if form == FileMetaForm::Bare => {
            Ok(Json(json!(token)).into_response())
        }
        Permanence::Token(token) => Ok(Json(json!({ "token": token })).into_response()),
        Permanence::Pending(id) => Ok(pending(&id)),
        Permanence::Command(command) => {
            let id = command.id.clone();
            let fault = world.faults.take(OPERATION, Stage::Settling);
            commands::begin(&world, *command, fault, |_| Ok(())).await?;
            Ok(pending(&id))
        }
    }
}

fn pending(id: &str) -> Response {
    let header = [("x-dpt-cab-id", id.to_owned())];
    let body = Json(json!({ "commandId": id }));
    (StatusCode::ACCEPTED, header, body).into_response()
}

/// What describing data leads to.
enum Permanence {
    Token(String),
    /// This command is about it already.
    Pending(String),
    /// This command makes the data permanent.
    Command(Box<Command>),
}

fn describe(
    db: &Connection,
    mut space: Reservation,
    (described, form): (FileDetails, FileMetaForm),
    now: Timestamp,
) -> Result<Result<Permanence, Refusal>, Broken> {
    if let Some(token) = &space.data_token
        && form != FileMetaForm::Command
    {
        return Ok(Ok(Permanence::Token(token.clone())));
    }
    let Some(blob) = space.blob.take() else {
        return Ok(Err(Refusal::Invalid("data_token.no_data")));
    };
    if let Some(id) = pending_about(db, &space.id)? {
        return Ok(Ok(Permanence::Pending(id)));
    }
    let work = Work::DescribeStreamed {
        reservation: space.id.clone(),
        blob: Some(blob.clone()),
        described: described.clone(),
        was_exchanged: space.data_token.is_some() || reservations::is_exchanged(db, &space.id)?,
    };
    let command = Command::new(&space.profile, work);
    let is_command = matches!(form, FileMetaForm::Command | FileMetaForm::CommandThenToken);
    if is_command || voting::would_hold(db, &command)? {
        return Ok(Ok(Permanence::Command(Box::new(command))));
    }
    let token = create_permanent(db, space, blob, described, now)?;
    Ok(Ok(Permanence::Token(token)))
}

/// The command that is to make the data in the token space `reservation` permanent, if there is one.
fn pending_about(db: &Connection, reservation: &str) -> Result<Option<String>, Broken> {
    let mut pending = kept::pending(db, true)?;
    pending.extend(kept::pending(db, false)?);
    let found = pending.into_iter().find(|(command, _)| {
        matches!(&command.work, Work::DescribeStreamed { reservation: about, .. } if about == reservation)
    });
    Ok(found.map(|(command, _)| command.id))
}
