//! Data requests: accepted at once, answered on the WebSocket.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::clock::later;
use crate::data::retrieving;
use crate::faults::{Fault, Stage};
use crate::server::addresses::Addresses;
use crate::state::data::blobs;
use crate::state::data::data_tokens::{self, DataToken};
use crate::state::data::streams::{self, Direction};
use crate::wire::answer::Broken;
use crate::wire::dialect::{Delivery, link};
use crate::wire::settings::LinkForm;
use crate::wire::tokens::Token;
use crate::world::Shared;

/// The most that is exchanged or handed out inline.
pub(crate) const INLINE_BYTES: u64 = 50 * 1024;
/// How long a link or auth token is good for.
pub(crate) const LINK_LIFE: Duration = Duration::from_mins(5);

const STATUS_TEXT: &str = "The data is being prepared.";

/// Answers the request `id` for the data behind `token`.
pub(crate) async fn answer(world: Shared, id: String, token: DataToken) {
    if let Err(error) = hand_out(&world, &id, &token).await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "data request broke"
        );
    }
}

/// Answers a request that was kept as a command; nothing is said about a token that is gone since.
pub(crate) async fn answer_kept(world: &Shared, id: &str, token: &str) -> Result<(), Broken> {
    match find(world, token).await? {
        Some(token) => hand_out(world, id, &token).await,
        None => Ok(()),
    }
}

/// Says that the data is being prepared.
pub(crate) async fn say_preparing(world: &Shared, id: &str, token: &str) -> Result<(), Broken> {
    if let Some(token) = find(world, token).await? {
        let status = wording(id, &token.context, (0, STATUS_TEXT));
        world.say(id, &token.profile, status);
    }
    Ok(())
}

async fn find(world: &Shared, token: &str) -> Result<Option<DataToken>, Broken> {
    let token = token.to_owned();
    world
        .state
        .read(move |db| data_tokens::find(db, &token))
        .await
}

async fn hand_out(world: &Shared, id: &str, token: &DataToken) -> Result<(), Broken> {
    let say = |data: Value| world.say(id, &token.profile, data);
    let answer = |kind: u8, body: &str| say(wording(id, &token.context, (kind, body)));
    let delivery = world.dialect.delivery();
    match delivery {
        Delivery::Inline => {
            if let Some(bytes) = small(world, &token.blob).await? {
                answer(0, &STANDARD.encode(bytes));
                return Ok(());
            }
        }
        Delivery::UrlAfterStatus => answer(0, STATUS_TEXT),
        Delivery::Link(_) => {}
    }
    let (auth, fault) = create_link(world, &token.blob).await?;
    if let Some(Fault::LinkTo { address }) = fault {
        answer(1, &address);
        return Ok(());
    }
    let form = match delivery {
        Delivery::UrlAfterStatus => LinkForm::Url,
        Delivery::Inline => LinkForm::Token,
        Delivery::Link(form) => form,
    };
    let downstream = &world.announced().downstream;
    let linked = link(form, downstream, auth.reveal());
    let mut message = wording(id, &token.context, (1, &linked));
    if form == LinkForm::Placed {
        let (host, port) = Addresses::place(downstream);
        message["download_server_id"] = json!(host);
        message["download_server_port"] = json!(port);
    }
    say(message);
    let is_bare = matches!(form, LinkForm::Token | LinkForm::Placed);
    let address = link(LinkForm::Url, downstream, auth.reveal());
    if is_bare && let Some(ready) = world.dialect.ready(id, &address) {
        say(ready);
    }
    Ok(())
}

fn wording(id: &str, context: &str, (kind, body): (u8, &str)) -> Value {
    json!({
        "type": "X-DPT-CAB-REQUEST-ID",
        "id": id,
        "data_context": context,
        "output_type": kind,
        "body": body,
    })
}

/// The bytes, if they are few and healthy.
async fn small(world: &Shared, blob: &str) -> Result<Option<Vec<u8>>, Broken> {
    let id = blob.to_owned();
    let known = world.state.read(move |db| blobs::by_id(db, &id)).await?;
    match known {
        Some(known) if known.size <= INLINE_BYTES => retrieving::read_whole(world, blob).await,
        _ => Ok(None),
    }
}

async fn create_link(world: &Shared, blob: &str) -> Result<(Token, Option<Fault>), Broken> {
    let auth = Token::generate("");
    let (digest, blob, now) = (auth.digest(), blob.to_owned(), world.clock.now());
    let fault = world.faults.take("data-token/request-data", Stage::Link);
    let expires_at = later(now, LINK_LIFE);
    let spoiling = fault.clone();
    world
        .state
        .write(move |db| {
            streams::insert(db, &digest, Direction::Down, &blob, expires_at)?;
            streams::spoil(db, &digest, spoiling.as_ref(), now)
        })
        .await?;
    Ok((auth, fault))
}
