//! A file that was forgotten, with its receipt.

use serde::{Deserialize, Serialize};

use crate::files::file::FileRow;
use crate::receipts::Receipt;

/// A file that was forgotten. It is still exported, with its receipt if it had one, and its token is known if the
/// service uses it once more.
#[derive(Serialize, Deserialize)]
pub(crate) struct Forgotten {
    pub file: FileRow,
    pub receipt: Option<Receipt>,
}
