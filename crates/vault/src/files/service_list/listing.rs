//! The service's own list: all of it, or what it says of one token.

use futures_util::FutureExt as _;
use privicore_client::DataToken;
use privicore_client::operations::data_token::{TokenEntry, TokenFilter};
use privicore_envelope::{NameKey, NameRecord, open_name};

use crate::error::Error;
use crate::files::attributes::Attributes;
use crate::files::file::{AtService, File};
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::service_list::pages::{all_entries, find_one};
use crate::session::Session;

/// Everything the service lists for this profile.
pub(crate) async fn fetch(session: &Session) -> Result<Vec<File>, Error> {
    let keys = session.profile.keys()?;
    let everything = TokenFilter::default();
    // What many callers wait for would otherwise be part of each of their futures.
    let entries = all_entries(session, &everything).boxed().await?;
    let files = entries.into_iter();
    Ok(files.map(|entry| from_entry(entry, &keys.names)).collect())
}

/// What the name of a file says.
#[derive(Default)]
struct Opened {
    name: String,
    folder: String,
    is_escaped: bool,
    size_bytes: Option<u64>,
    attributes: Option<Attributes>,
}

impl From<NameRecord> for Opened {
    fn from(record: NameRecord) -> Self {
        Self {
            attributes: Some(Attributes::from(&record)),
            name: record.name,
            folder: record.path,
            is_escaped: record.is_escaped,
            size_bytes: Some(record.size),
        }
    }
}

/// What the service says of one token, if it lists it.
pub(crate) async fn find(session: &Session, token: &DataToken) -> Result<Option<File>, Error> {
    let entry = find_entry(session, token).await?;
    let keys = session.profile.keys()?;
    Ok(entry.map(|entry| from_entry(entry, &keys.names)))
}

/// The same as the service has it.
pub(crate) async fn find_entry(
    session: &Session,
    token: &DataToken,
) -> Result<Option<TokenEntry>, Error> {
    let filter = TokenFilter {
        token: Some(token.clone()),
        ..TokenFilter::default()
    };
    let is_it = |entry: &TokenEntry| entry.token.reveal() == token.reveal();
    find_one(session, filter, is_it).boxed().await
}

/// What no other sealed name has.
pub(crate) fn digest_of_name(sealed: &str) -> String {
    hex::encode(&blake3::hash(sealed.as_bytes()).as_bytes()[..16])
}

pub(crate) fn from_entry(entry: TokenEntry, names: &NameKey) -> File {
    let sealed_name = entry.file_name.clone().unwrap_or_default();
    let id = FileId::derive(&entry.token);
    let record = open_name(names, &sealed_name).ok().map(|record| {
        let renames = renames_of(&record, id, entry.context.as_deref());
        let mut opened = Opened::from(record);
        if let Some(attributes) = &mut opened.attributes {
            attributes.renames = renames;
        }
        opened
    });
    let record = record.unwrap_or_else(|| Opened {
        name: visible_name(&entry, &sealed_name, id),
        ..Opened::default()
    });
    File {
        id,
        token: entry.token,
        name: record.name,
        folder: record.folder.into(),
        is_escaped: record.is_escaped,
        context: entry.context.unwrap_or_default().into(),
        size_bytes: record.size_bytes,
        attributes: record.attributes,
        stored_size_bytes: entry.size,
        stored_at: entry.created_at,
        state: FileState::MissingReceipt,
        receipt: None,
        at_service: AtService {
            sealed_name: Some(digest_of_name(&sealed_name).into()),
            ever_listed: Some(true),
            ..AtService::default()
        },
        receipt_lost: false,
    }
}

/// How often the file had been renamed when the record was made; 0 of one that was made for another file or label.
fn renames_of(record: &NameRecord, id: FileId, context: Option<&str>) -> u64 {
    let renamed = record.renamed.as_ref();
    let of_this = renamed.filter(|renamed| {
        renamed.file == id.to_string() && Some(renamed.label.as_str()) == context
    });
    of_this.map_or(0, |renamed| renamed.count)
}

/// What to call a file whose name this profile's key does not open: the name another program gave it, or a made-up one.
fn visible_name(entry: &TokenEntry, name: &str, id: FileId) -> String {
    if name.is_empty() || name.starts_with("pv1.") {
        return format!("sealed-{}", &id.to_string()[..8]);
    }
    match entry.extension.as_deref() {
        Some(extension) if !extension.is_empty() && !name.ends_with(&format!(".{extension}")) => {
            format!("{name}.{extension}")
        }
        _ => name.to_owned(),
    }
}
