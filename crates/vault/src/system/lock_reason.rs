//! Why the app was locked.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
