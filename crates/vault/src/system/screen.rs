//! Hears on the buses of a Linux desktop that the screen is locked, or that the machine is about to sleep.
//!
//! Any program of the user can say so on their session bus: what that does is to lock.

use std::sync::Weak;
use std::thread;

use tokio::runtime::Handle;
use zbus::blocking::{Connection, MessageIterator};

use crate::system::lock_reason::LockReason;
use crate::vault::{Inner, Vault};

/// A signal that something is to be locked for.
#[derive(Clone, Copy)]
struct Signal {
    bus: fn() -> zbus::Result<Connection>,
    rule: &'static str,
    /// Whether it says with `true` that it begins, and with `false` that it ends.
    says_whether: bool,
    means: LockReason,
}

/// `ActiveChanged` is told by screen savers under names of their own; GNOME's, KDE's and others have it in common.
const SIGNALS: [Signal; 3] = [
    Signal {
        bus: Connection::session,
        rule: "type='signal',member='ActiveChanged'",
        says_whether: true,
        means: LockReason::ScreenLocked,
    },
    Signal {
        bus: Connection::system,
        rule: "type='signal',interface='org.freedesktop.login1.Session',member='Lock'",
        says_whether: false,
        means: LockReason::ScreenLocked,
    },
    Signal {
        bus: Connection::system,
        rule: "type='signal',interface='org.freedesktop.login1.Manager',member='PrepareForSleep'",
        says_whether: true,
        means: LockReason::Slept,
    },
];

/// Listens until the vault is gone, on threads of their own. Without a bus nothing is heard.
pub(crate) fn watch(vault: &Weak<Inner>) {
    let tasks = Handle::current();
    for signal in SIGNALS {
        let (vault, tasks) = (vault.clone(), tasks.clone());
        let listening = thread::Builder::new().name("screen".into()).spawn(move || {
            if let Err(error) = listen(signal, &vault, &tasks) {
                tracing::debug!(%error, rule = signal.rule, "not heard on this system");
            }
        });
        if let Err(error) = listening {
            tracing::warn!(%error, "the screen is not watched");
        }
    }
}

fn listen(signal: Signal, vault: &Weak<Inner>, tasks: &Handle) -> zbus::Result<()> {
    let connection = (signal.bus)()?;
    for message in MessageIterator::for_match_rule(signal.rule, &connection, None)? {
        let message = message?;
        let header = message.header();
        let from = header.interface().map(zbus::names::InterfaceName::as_str);
        let is_on = !signal.says_whether || message.body().deserialize::<bool>().unwrap_or(false);
        let Some(inner) = vault.upgrade() else {
            return Ok(());
        };
        if is_on && tells(signal, from.unwrap_or_default()) {
            let _in_tasks = tasks.enter();
            Vault { inner }.lock_when(signal.means);
        }
    }
    Ok(())
}

/// Other things than screen savers become active as well.
fn tells(signal: Signal, interface: &str) -> bool {
    signal.means != LockReason::ScreenLocked
        || interface.ends_with(".ScreenSaver")
        || interface == "org.freedesktop.login1.Session"
}
