//! View models: what the page is shown. No path, no key, no token.

mod app;
mod copies;
mod error;
mod files;
#[cfg(test)]
mod hidden_tests;
mod preview;
mod row_acts;
mod rows;
mod transfers;

use std::time::Duration;

pub(crate) use self::app::*;
pub(crate) use self::copies::OpenedFile;
pub(crate) use self::error::{ErrorView, shown};
pub(crate) use self::files::*;
pub(crate) use self::preview::FilePreview;
pub(crate) use self::row_acts::*;
pub(crate) use self::rows::*;
pub(crate) use self::transfers::*;

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
