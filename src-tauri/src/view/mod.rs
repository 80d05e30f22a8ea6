//! View models: what the page is shown. No path, no key, no token.

mod app;
mod error;
mod files;
mod number;
mod transfers;

pub(crate) use self::app::*;
pub(crate) use self::error::{ErrorView, shown};
pub(crate) use self::files::*;
pub(crate) use self::number::{Number, count, moment, number};
pub(crate) use self::transfers::*;
