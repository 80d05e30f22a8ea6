//! What the machine tells, and work that blocks.

pub(crate) mod blocking;
pub(crate) mod folder_names;
pub(crate) mod free_space;
pub(crate) mod hardening;
pub(crate) mod idle;
pub(crate) mod lock_reason;
pub(crate) mod os_path;
#[cfg(target_os = "linux")]
pub(crate) mod screen;
pub(crate) mod stack;
pub(crate) mod wake;
