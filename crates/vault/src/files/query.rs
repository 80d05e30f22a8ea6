//! What is asked of the list, and the answer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::files::file::File;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileQuery {
    /// Words that name, folder or context must contain, in any case.
    pub search: String,
    /// Only this context, if given.
    pub context: Option<String>,
    /// Only files that need attention.
    pub needs_attention: bool,
    pub sort: Sort,
    /// Largest, latest or last first.
    pub descending: bool,
    /// Rows to leave out at the start.
    pub offset: usize,
    /// Rows to answer at the most.
    pub limit: usize,
}

/// All files, by name.
impl Default for FileQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            context: None,
            needs_attention: false,
            sort: Sort::Name,
            descending: false,
            offset: 0,
            limit: usize::MAX,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sort {
    /// By name, ignoring case.
    Name,
    /// By length of the plaintext.
    Size,
    /// By the time of storing.
    StoredAt,
    /// By context, then name.
    Context,
    /// By state, then name.
    State,
}

impl Sort {
    /// The smallest first.
    pub(crate) fn sort(self, files: &mut [Arc<File>]) {
        files.sort_by_cached_key(|file| (file.name.to_lowercase(), file.id));
        match self {
            Self::Name => {}
            Self::Size => files.sort_by_key(|file| file.size_bytes),
            Self::StoredAt => files.sort_by_key(|file| file.stored_at),
            Self::Context => files.sort_by(|a, b| a.context.cmp(&b.context)),
            Self::State => files.sort_by_key(|file| file.state),
        }
    }
}

#[derive(Clone, Debug)]
pub struct FilePage {
    pub rows: Vec<Arc<File>>,
    /// Rows that match the query.
    pub total: usize,
    /// Bytes of the plaintexts that match the query, as far as known.
    pub total_bytes: u64,
    /// Rows in the whole list.
    pub all_files: usize,
    /// Contexts with the number of files in each, by name.
    pub contexts: Vec<(String, usize)>,
    /// Files in the whole list that need attention.
    pub need_attention: usize,
}
