//! The service's own list, merged into the catalogue: what is new is added, what has gone is taken out.

use privicore_client::operations::data_token::{TokenEntry, TokenFilter};
use privicore_envelope::{NameKey, NameRecord, open_name};

use crate::catalogue::{File, FileId, FileState};
use crate::error::Error;
use crate::list_pages::all_entries;
use crate::session::Session;

/// Everything the service lists for this profile.
pub(crate) async fn fetch(session: &Session) -> Result<Vec<File>, Error> {
    let keys = session.profile.keys()?;
    let entries = all_entries(session, &TokenFilter::default()).await?;
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
}

impl From<NameRecord> for Opened {
    fn from(record: NameRecord) -> Self {
        Self {
            name: record.name,
            folder: record.path,
            is_escaped: record.is_escaped,
            size_bytes: Some(record.size),
        }
    }
}

fn from_entry(entry: TokenEntry, names: &NameKey) -> File {
    let sealed_name = entry.file_name.clone().unwrap_or_default();
    let record = open_name(names, &sealed_name).ok().map(Opened::from);
    let id = FileId::derive(&entry.token);
    let record = record.unwrap_or_else(|| Opened {
        name: visible_name(&entry, &sealed_name, id),
        ..Opened::default()
    });
    File {
        id,
        token: entry.token,
        name: record.name,
        folder: record.folder,
        is_escaped: record.is_escaped,
        context: entry.context.unwrap_or_default(),
        size_bytes: record.size_bytes,
        stored_size_bytes: entry.size,
        stored_at: entry.created_at,
        state: FileState::MissingReceipt,
        receipt: None,
    }
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
