//! What asks the process to end: Ctrl-C, and on Unix TERM, QUIT, HUP and others.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The number of the signal that Ctrl-C sends.
pub const INTERRUPT: u8 = 2;

/// Removes what was half saved under a temporary name, and copies for other applications, for a program that ends
/// itself at a signal.
pub fn remove_half_saved() {
    super::parts::remove_all();
    crate::copies::private_folder::remove_all();
}

/// Waits for a signal that ends the process, removes what was half saved, and ends it with the exit code that shells
/// know.
pub async fn end_at_signal() {
    // Signals that cannot be heard end the process by themselves.
    let Ok(mut signals) = EndingSignals::usual() else {
        return;
    };
    let number = signals.next().await;
    remove_half_saved();
    std::process::exit(128 + i32::from(number));
}

/// The signals that end this process, heard from [`listen`](Self::listen) on.
#[cfg(unix)]
pub struct EndingSignals {
    heard: Vec<(u8, Signal)>,
    /// A file that is longer than this user may write is an error, not the end: it is told.
    _too_long: Option<Signal>,
}

#[cfg(unix)]
impl EndingSignals {
    /// All of them, but for those that stay ignored: whoever started the process had it ignore them, as `nohup` and
    /// shells do for commands in the background.
    ///
    /// # Errors
    /// The system refuses to have them heard.
    pub fn listen() -> std::io::Result<Self> {
        let usual = Self::usual()?;
        let others = Self::of(&[
            SignalKind::alarm(),
            SignalKind::user_defined1(),
            SignalKind::user_defined2(),
            SignalKind::from_raw(XCPU),
            SignalKind::from_raw(VTALRM),
            SignalKind::from_raw(PROF),
        ])?;
        let too_long = signal(SignalKind::from_raw(XFSZ))?;
        Ok(Self {
            heard: usual.heard.into_iter().chain(others.heard).collect(),
            _too_long: Some(too_long),
        })
    }

    /// Those that people and systems end programs by. Libraries of the window use some of the others among themselves.
    fn usual() -> std::io::Result<Self> {
        Self::of(&[
            SignalKind::hangup(),
            SignalKind::interrupt(),
            SignalKind::quit(),
            SignalKind::terminate(),
        ])
    }

    fn of(kinds: &[SignalKind]) -> std::io::Result<Self> {
        let left_alone = ignored().unwrap_or(UNKNOWN);
        let mut heard = Vec::new();
        for kind in kinds {
            let number = u8::try_from(kind.as_raw_value()).unwrap_or_default();
            if left_alone & (1 << number.saturating_sub(1)) == 0 {
                heard.push((number, signal(*kind)?));
            }
        }
        Ok(Self {
            heard,
            _too_long: None,
        })
    }

    /// The number of the next one.
    pub async fn next(&mut self) -> u8 {
        use std::task::Poll;

        std::future::poll_fn(|context| {
            for (number, signal) in &mut self.heard {
                if let Poll::Ready(Some(())) = signal.poll_recv(context) {
                    return Poll::Ready(*number);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// The numbers of signals that the library has no name for; they are the same on Linux and macOS.
#[cfg(unix)]
const XCPU: i32 = 24;
#[cfg(unix)]
const XFSZ: i32 = 25;
#[cfg(unix)]
const VTALRM: i32 = 26;
#[cfg(unix)]
const PROF: i32 = 27;

/// Where the system does not tell what is ignored, HUP alone may be: `nohup` must hold, and a hang-up that is not
/// ignored ends the process by itself.
#[cfg(unix)]
const UNKNOWN: u64 = 1;

/// The signals that this process ignores, one bit each. Only Linux tells.
#[cfg(unix)]
fn ignored() -> Option<u64> {
    ignored_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// See proc(5), `SigIgn`.
#[cfg(unix)]
fn ignored_in(status: &str) -> Option<u64> {
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(mask.trim(), 16).ok()
}

/// Windows ends processes without asking them, but for Ctrl-C.
#[cfg(windows)]
pub struct EndingSignals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl EndingSignals {
    /// # Errors
    /// The system refuses to have Ctrl-C heard.
    pub fn listen() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    fn usual() -> std::io::Result<Self> {
        Self::listen()
    }

    /// The number of the next one.
    pub async fn next(&mut self) -> u8 {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
        INTERRUPT
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::ignored_in;

    #[test]
    fn the_signals_a_parent_had_ignored_are_read_from_the_status() {
        assert_eq!(
            Some(0b101),
            ignored_in("Name:\tx\nSigIgn:\t0000000000000005\nSigCgt:\t7\n")
        );
        assert_eq!(None, ignored_in("Name:\tx\n"), "not told");
        assert_eq!(None, ignored_in("SigIgn:\tmany\n"), "not a number");
    }
}
