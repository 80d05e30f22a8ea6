//! Turns stored bytes and the client's metadata into a permanent token.

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::commands::FileDetails;
use crate::state::data::data_tokens::{self, DataToken};
use crate::state::data::reservations::{self, Reservation};
use crate::wire::answer::Broken;
use crate::wire::tokens::generate_id;

/// Makes the data in `space`, which is `blob`, permanent; its token.
pub(crate) fn create_permanent(
    db: &Connection,
    space: Reservation,
    blob: String,
    described: FileDetails,
    now: Timestamp,
) -> Result<String, Broken> {
    let meta = space.meta.map(|text| read_meta(&text));
    let token = DataToken {
        token: format!("dtk-{}", generate_id()),
        profile: space.profile,
        blob,
        context: described.context,
        file_name: described.file_name,
        extension: described.extension,
        path: described.path,
        size: described.size,
        data_type: meta.as_ref().and_then(data_type),
        risk: None,
        meta,
        created_at: now,
    };
    data_tokens::insert(db, &token)?;
    reservations::set_data_token(db, &space.id, &token.token)?;
    Ok(token.token)
}

/// Meta comes as text; as JSON if it is some.
fn read_meta(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

fn data_type(meta: &Value) -> Option<String> {
    let kind = meta.get("data")?.get("type")?.as_str()?;
    Some(kind.to_owned())
}
