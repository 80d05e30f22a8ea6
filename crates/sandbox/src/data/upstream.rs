//! The upstream file server: `POST /?auth=…` takes the raw bytes of one reservation, once.

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use bytes::Bytes;
use futures_util::StreamExt;
use serde::Deserialize;
use tokio::sync::mpsc::{self, Sender};

use crate::data::landing::{self, Piece};
use crate::data::room::{EXCEEDED, Room};
use crate::faults::{BodyRate, Fault, FaultLayer, Stage, UPSTREAM, apply_faults, linger};
use crate::server::listener::Cut;
use crate::state::data::reservations::{self, Reservation};
use crate::state::data::streams::{self, Direction};
use crate::state::transactions;
use crate::wire::answer::{Broken, Refusal};
use crate::wire::tokens::digest_of;
use crate::world::{Shared, World};

/// How many pieces of a body may wait for the layers.
const WAITING: usize = 4;

/// The auth token in the query of an upload or download.
#[derive(Deserialize)]
pub(crate) struct Auth {
    pub(crate) auth: Option<String>,
}

pub(crate) fn router(world: Shared) -> Router {
    let faults = FaultLayer {
        world: world.clone(),
        operation: Some(UPSTREAM),
    };
    Router::new()
        .route("/", post(upload))
        .route_layer(from_fn_with_state(faults, apply_faults))
        .fallback(|| async { Refusal::NotFound })
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(world)
}

async fn upload(
    State(world): State<Shared>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Query(query): Query<Auth>,
    body: Body,
) -> Result<StatusCode, Refusal> {
    let reservation = match admit(&world, query).await {
        Ok(reservation) => reservation,
        Err(refusal) => {
            linger(body).await;
            return Err(refusal);
        }
    };
    let (sender, pieces) = mpsc::channel(WAITING);
    // Apart from the request: what has landed is kept or removed even if the client has gone.
    let storing = world.tasks.spawn(store(world.clone(), reservation, pieces));
    let fault = world.faults.take(UPSTREAM, Stage::Upload);
    let full = fault == Some(Fault::DiskFull);
    let mut room = Room::open(&world).await?;
    let fed = feed(&world, body, &sender, (fault.as_ref(), &mut room)).await?;
    match fed {
        Fed::Cut => cut.now(),
        Fed::Whole if !full => {
            // Nobody to take it means that storing has ended, and says why below.
            let _ = sender.send(Piece::End).await;
        }
        Fed::Whole | Fed::TooMuch => {}
    }
    drop(sender);
    let stored = storing.await.map_err(|_| Broken::Closed)?;
    if fed == Fed::TooMuch {
        return Err(EXCEEDED);
    }
    if full {
        return Err(Refusal::Full("storage.disk_full"));
    }
    stored
}

/// The reservation to store for, if there is anywhere to.
async fn admit(world: &Shared, query: Auth) -> Result<Reservation, Refusal> {
    let reservation = open_space(world, query).await?;
    let devices = landing::online_devices(world, &reservation.profile).await?;
    if devices.is_empty() {
        return Err(Refusal::Unavailable("storage.no_device"));
    }
    Ok(reservation)
}

/// The reservation the auth token is good for; the token is spent by this.
async fn open_space(world: &Shared, query: Auth) -> Result<Reservation, Refusal> {
    let digest = digest_of(&query.auth.ok_or(Refusal::Unauthorized)?);
    let now = world.clock.now();
    world
        .state
        .write(
            move |db| match streams::spend(db, &digest, Direction::Up, now)? {
                Some(reservation) => reservations::by_id(db, &reservation, now),
                None => Ok(None),
            },
        )
        .await?
        .filter(|reservation| reservation.blob.is_none())
        .ok_or(Refusal::Unauthorized)
}

/// What became of the body of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fed {
    Whole,
    Cut,
    /// It is more than there is room for.
    TooMuch,
}

/// Passes the body on.
async fn feed(
    world: &World,
    body: Body,
    sender: &Sender<Piece>,
    (fault, room): (Option<&Fault>, &mut Room<'_>),
) -> Result<Fed, Broken> {
    let mut rate = BodyRate::of(fault);
    let mut body = body.into_data_stream();
    let mut left = match fault {
        Some(Fault::UploadCut { after }) => Some(*after),
        _ => None,
    };
    loop {
        match body.next().await {
            None if left.is_none() => return Ok(Fed::Whole),
            None | Some(Err(_)) => return Ok(Fed::Cut),
            Some(Ok(bytes)) => {
                if !room.take(bytes.len() as u64).await? {
                    linger(Body::from_stream(body)).await;
                    return Ok(Fed::TooMuch);
                }
                if let Some(left) = &mut left {
                    *left = left.saturating_sub(bytes.len() as u64);
                }
                if left == Some(0) || !pass(world, &mut rate, bytes, sender).await {
                    return Ok(Fed::Cut);
                }
            }
        }
    }
}

/// Passes one piece of the body on at the given rate; `false` if the receiver is gone.
async fn pass(
    world: &World,
    rate: &mut BodyRate,
    mut bytes: Bytes,
    sender: &Sender<Piece>,
) -> bool {
    while !bytes.is_empty() {
        let Some(piece) = rate.next_piece(world, &mut bytes).await else {
            return false;
        };
        if sender.send(Piece::Bytes(piece)).await.is_err() {
            return false;
        }
    }
    true
}

async fn store(
    world: Shared,
    reservation: Reservation,
    pieces: mpsc::Receiver<Piece>,
) -> Result<StatusCode, Refusal> {
    let landed = landing::land(&world, &reservation.profile, pieces)
        .await?
        .ok_or(Refusal::Unavailable("storage.no_device"))?;
    let now = world.clock.now();
    let in_time = world
        .state
        .write(move |db| {
            landed.keep(db)?;
            let filled = reservations::fill(db, &reservation.id, &landed.blob.id, now)?;
            if filled {
                transactions::count(db, &reservation.profile, "stored")?;
            } else {
                crate::state::data::blobs::discard(db, &landed.blob.id)?;
            }
            Ok(filled)
        })
        .await?;
    if in_time {
        return Ok(StatusCode::OK);
    }
    crate::data::leftovers::remove(&world).await?;
    Err(Refusal::Unauthorized)
}
