//! Why the app was locked.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum LockReason {
    /// It has just started, and the keys could not be opened by themselves.
    Start,
    /// The user wanted it.
    Asked,
    /// Nobody did anything for the time that is set.
    Idle,
    /// The machine slept.
    Slept,
    ScreenLocked,
}
