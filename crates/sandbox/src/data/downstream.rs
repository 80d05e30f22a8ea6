//! The downstream file server: `GET /?auth=…` serves stored bytes, once.

use std::io;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::mpsc::Receiver;

use crate::data::retrieving::{self, Reading};
use crate::data::upstream::Auth;
use crate::faults::{BodyRate, DOWNSTREAM, Fault, FaultLayer, Stage, apply_faults};
use crate::server::listener::Cut;
use crate::state::data::streams::{self, Direction};
use crate::wire::answer::Refusal;
use crate::wire::tokens::digest_of;
use crate::world::Shared;

pub(crate) fn router(world: Shared) -> Router {
    let faults = FaultLayer {
        world: world.clone(),
        operation: Some(DOWNSTREAM),
    };
    Router::new()
        .route("/", get(download))
        .route_layer(from_fn_with_state(faults, apply_faults))
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
    Ok(answer(world, reading, cut))
}

fn answer(world: Shared, reading: Reading, cut: Cut) -> Response {
    let media_type = world.dialect.download_type().to_owned();
    let mut headers = vec![(header::CONTENT_TYPE, media_type)];
    let fault = world.faults.take(DOWNSTREAM, Stage::Sending);
    let is_endless = fault == Some(Fault::Endless);
    if !is_endless {
        headers.push((header::CONTENT_LENGTH, reading.size.to_string()));
    }
    let sending = Sending {
        world,
        is_endless,
        cut,
        rate: BodyRate::of(fault.as_ref()),
        chunk: reading.first,
        rest: reading.rest,
    };
    let body = Body::from_stream(stream::unfold(sending, Sending::next));
    (AppendHeaders(headers), body).into_response()
}

/// A download on its way over the connection.
struct Sending {
    world: Shared,
    cut: Cut,
    rate: BodyRate,
    /// What is left of the chunk being sent.
    chunk: Bytes,
    rest: Receiver<io::Result<Bytes>>,
    /// Whether it goes on after its end.
    is_endless: bool,
}

impl Sending {
    async fn next(mut self) -> Option<(io::Result<Bytes>, Self)> {
        if self.chunk.is_empty() {
            match self.rest.recv().await {
                None if self.is_endless => self.chunk = Bytes::from_static(&[b'+'; 8192]),
                None => return None,
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(error)) => {
                    // The error ends the connection; what came before it still arrives.
                    self.cut.flushed().await;
                    return Some((Err(error), self));
                }
            }
        }
        let piece = self.rate.next_piece(&self.world, &mut self.chunk).await;
        Some((piece.ok_or(io::ErrorKind::ConnectionReset.into()), self))
    }
}
