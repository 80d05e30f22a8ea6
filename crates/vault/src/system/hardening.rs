//! What the process asks of the operating system so that its memory stays its own.

use serde::Serialize;

/// Wipes all memory that is given back, so that nothing of keys, names and plaintext is left in it. To be declared by
/// each program:
///
/// ```
/// #[global_allocator]
/// static WIPING: privicore_vault::Wiping = privicore_vault::WIPING;
/// ```
pub type Wiping = zeroizing_alloc::ZeroAlloc<std::alloc::System>;

/// The only one there is.
pub const WIPING: Wiping = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// What keeps the memory of this process from being written to disk or read by others of the same user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Hardening {
    /// Whether a crash leaves no image of the memory behind.
    pub core_dumps: Guard,
    /// Whether other processes of the same user are kept from reading the memory.
    pub debugging: Guard,
}

/// Whether a protection holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Guard {
    /// It does.
    On,
    /// The system was asked and refused.
    Refused,
    /// This program cannot ask this system for it.
    Unavailable,
}

/// Switches core dumps off (`RLIMIT_CORE`, on Linux also `PR_SET_DUMPABLE`) and keeps debuggers of the same user away
/// (Linux). To be called first thing; what cannot be had is told by the answer.
#[must_use]
pub fn harden_process() -> Hardening {
    Hardening {
        core_dumps: forbid_core_dumps(),
        debugging: forbid_debugging(),
    }
}

/// How this process stands now.
pub fn hardening() -> Hardening {
    Hardening {
        core_dumps: core_dumps(),
        debugging: debugging(),
    }
}

#[cfg(unix)]
fn forbid_core_dumps() -> Guard {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    Guard::of(setrlimit(Resource::Core, none).is_ok())
}

#[cfg(unix)]
fn core_dumps() -> Guard {
    use rustix::process::{Resource, getrlimit};
    Guard::of(getrlimit(Resource::Core).current == Some(0))
}

#[cfg(target_os = "linux")]
fn forbid_debugging() -> Guard {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    Guard::of(set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok())
}

#[cfg(target_os = "linux")]
fn debugging() -> Guard {
    use rustix::process::{DumpableBehavior, dumpable_behavior};
    Guard::of(matches!(
        dumpable_behavior(),
        Ok(DumpableBehavior::NotDumpable)
    ))
}

#[cfg(not(unix))]
fn forbid_core_dumps() -> Guard {
    Guard::Unavailable
}

#[cfg(not(unix))]
fn core_dumps() -> Guard {
    Guard::Unavailable
}

#[cfg(not(target_os = "linux"))]
fn forbid_debugging() -> Guard {
    Guard::Unavailable
}

#[cfg(not(target_os = "linux"))]
fn debugging() -> Guard {
    Guard::Unavailable
}

#[cfg(unix)]
impl Guard {
    fn of(holds: bool) -> Self {
        if holds { Self::On } else { Self::Refused }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_hardened_process_leaves_no_core_and_is_not_debugged() {
        let hardened = harden_process();
        assert_eq!(hardened.core_dumps, Guard::On);
        assert_eq!(hardened.debugging, Guard::On);
        assert_eq!(hardening(), hardened);
    }
}
