//! The terminal while a secret is typed: it does not show what is typed, and shows it again whatever ends the prompt.

#[cfg(unix)]
pub(crate) use self::unix::{Silenced, restore};

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::Write as _;

    use parking_lot::{Mutex, MutexGuard};
    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    /// The terminal as it was before the prompt.
    static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

    /// A prompt for a secret.
    pub(crate) struct Silenced;

    impl Silenced {
        pub(crate) fn begin() -> Self {
            *before() = File::options()
                .read(true)
                .write(true)
                .open("/dev/tty")
                .ok()
                .and_then(|tty| {
                    let attributes = tcgetattr(&tty).ok()?;
                    Some((tty, attributes))
                });
            Self
        }
    }

    impl Drop for Silenced {
        fn drop(&mut self) {
            *before() = None;
        }
    }

    /// Ends a prompt that was under way.
    pub(crate) fn restore() {
        if let Some((mut tty, attributes)) = before().take() {
            // The process ends: there is nothing else to try.
            let _ = tcsetattr(&tty, OptionalActions::Now, &attributes);
            let _ = writeln!(tty);
        }
    }

    fn before() -> MutexGuard<'static, Option<(File, Termios)>> {
        BEFORE.lock()
    }
}

/// The console of Windows belongs to the process that reads from it, and is as it was when that ends.
#[cfg(windows)]
pub(crate) struct Silenced;

#[cfg(windows)]
impl Silenced {
    pub(crate) fn begin() -> Self {
        Self
    }
}

#[cfg(windows)]
pub(crate) fn restore() {}
