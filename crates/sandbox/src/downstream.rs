//! The downstream file server: `GET /?auth=…` brings stored bytes, once.

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{StreamExt as _, stream};

use crate::answer::Refusal;
use crate::faults::{DOWNSTREAM, Door, at_the_door};
use crate::listener::Cut;
use crate::retrieving::{self, Reading};
use crate::state::streams::{self, Direction};
use crate::tokens::digest_of;
use crate::upstream::Auth;
use crate::world::Shared;

pub(crate) fn router(world: Shared) -> Router {
    let door = Door {
        world: world.clone(),
        operation: Some(DOWNSTREAM),
    };
    Router::new()
        .route("/", get(download))
        .route_layer(from_fn_with_state(door, at_the_door))
        .fallback(|| async { Refusal::NotFound })
        .with_state(world)
}

async fn download(
    State(world): State<Shared>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Query(query): Query<Auth>,
) -> Result<Response, Refusal> {
    let digest = digest_of(&query.auth.ok_or(Refusal::Unauthorized)?);
    let now = world.clock.now();
    let blob = world
        .state
        .write(move |db| streams::spend(db, &digest, Direction::Down, now))
        .await?
        .ok_or(Refusal::Unauthorized)?;
    let reading = retrieving::read(&world, &blob)
        .await?
        .ok_or(Refusal::Unavailable("storage.no_healthy_copy"))?;
    Ok(answer(world.tongue.download_type(), reading, cut))
}

fn answer(kind: &'static str, reading: Reading, cut: Cut) -> Response {
    let Reading { size, first, rest } = reading;
    let rest = stream::unfold((rest, cut), |(mut rest, cut)| async move {
        let chunk = rest.recv().await?;
        if chunk.is_err() {
            // The error ends the connection; what came before it still arrives.
            cut.flushed().await;
        }
        Some((chunk, (rest, cut)))
    });
    let body = stream::iter([Ok(first)]).chain(rest);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
    ];
    (headers, Body::from_stream(body)).into_response()
}
