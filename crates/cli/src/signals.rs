//! What a signal to end does to a command.
//!
//! One place listens. A command that follows transfers hears of Ctrl-C and stops them; everything else ends the process
//! at once, leaves the terminal as it found it, and removes what was half saved.

use std::sync::LazyLock;

use tokio::sync::watch;

/// The exit code is this and the number of the signal.
const SIGNALED: u8 = 128;

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
