//! What the page shows of a file's content.

use serde::Serialize;
use specta::Type;

/// What a file holds, as far as it can be shown.
#[derive(Clone, Serialize, Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub(crate) enum FilePreview {
    /// That nothing is ever shown is set.
    Hidden,
    Picture {
        /// Good for one image element, once.
        address: String,
        /// Of the original, in pixels.
        width: u32,
        height: u32,
    },
    Text {
        text: String,
        /// Whether nothing follows.
        is_whole: bool,
    },
    OtherKind,
    TooLarge,
    NotReadable,
}
