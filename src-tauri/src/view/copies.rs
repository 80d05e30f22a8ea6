//! What the page is told of copies for other applications: no path.

use serde::Serialize;
use specta::Type;

/// A file of which another application has a copy until the app is locked.
#[derive(Clone, Serialize, Type)]
pub(crate) struct OpenedFile {
    pub name: String,
}
