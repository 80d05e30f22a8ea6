//! What asks the process to end: Ctrl-C, and on Unix TERM, QUIT and HUP.
//!
//! One place listens. A command that follows transfers hears of Ctrl-C and stops them; everything else ends the process at once,
//! leaves the terminal as it found it, and removes what was half saved.

use std::sync::LazyLock;

use tokio::sync::watch;

/// The exit code is this and the number of the signal.
const SIGNALED: u8 = 128;
/// The number of the signal that Ctrl-C sends.
pub(crate) const INTERRUPT: u8 = 2;

/// How often the process was asked to end while a command waited to hear of it.
static ASKED: LazyLock<watch::Sender<u32>> = LazyLock::new(|| watch::channel(0).0);

/// Hears, for one command, that the process is asked to end.
pub(crate) struct Interrupts(watch::Receiver<u32>);

impl Interrupts {
    /// From now on a signal is this command's to obey.
    pub(crate) fn listen() -> Self {
        Self(ASKED.subscribe())
    }

    pub(crate) async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            // The sender is static; this is never reached.
            std::future::pending::<()>().await;
        }
    }
}

/// Has the commands that listen know; whether there is one.
pub(crate) fn pass_on() -> bool {
    let is_heard = ASKED.receiver_count() > 0;
    ASKED.send_modify(|times| *times += 1);
    is_heard
}

/// Ends the process with the exit code that stands for this signal.
pub(crate) fn end(number: u8) -> ! {
    crate::terminal::restore();
    privicore_vault::remove_half_saved();
    std::process::exit((SIGNALED + number).into())
}

#[cfg(unix)]
pub(crate) struct Signals(Vec<(u8, tokio::signal::unix::Signal)>);

#[cfg(unix)]
impl Signals {
    /// Listens to all of them that are not ignored, as `nohup` and shells have it for commands in the background.
    pub(crate) fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let ignored = ignored();
        let mut all = Vec::new();
        for (number, kind) in [
            (1, SignalKind::hangup()),
            (INTERRUPT, SignalKind::interrupt()),
            (3, SignalKind::quit()),
            (15, SignalKind::terminate()),
        ] {
            if ignored & (1 << (number - 1)) == 0 {
                all.push((number, signal(kind)?));
            }
        }
        Ok(Self(all))
    }

    /// The number of the next one.
    pub(crate) async fn next(&mut self) -> u8 {
        use std::task::Poll;

        std::future::poll_fn(|context| {
            for (number, signal) in &mut self.0 {
                if let Poll::Ready(Some(())) = signal.poll_recv(context) {
                    return Poll::Ready(*number);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// The signals that whoever started this process has it ignore, one bit each. Only Linux tells.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

#[cfg(windows)]
pub(crate) struct Signals;

#[cfg(windows)]
impl Signals {
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    pub(crate) async fn next(&mut self) -> u8 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        INTERRUPT
    }
}
