//! The end of the process by a signal: what was half saved goes with it.

/// Waits for a signal that ends the process, removes what was half saved under a temporary name, and ends it with the exit code
/// that shells know it by. A signal that the process was told to ignore stays ignored.
///
/// An interrupt from the keyboard is left to the program itself when it `handles_interrupt`.
#[cfg(unix)]
pub async fn end_at_signal(handles_interrupt: bool) {
    use tokio::signal::unix::{SignalKind, signal};

    let mut ending = vec![SignalKind::terminate(), SignalKind::quit()];
    if !is_hangup_ignored() {
        ending.push(SignalKind::hangup());
    }
    if !handles_interrupt {
        ending.push(SignalKind::interrupt());
    }
    let mut waiting = futures_util::stream::FuturesUnordered::new();
    for kind in ending {
        // A signal that cannot be heard ends the process by itself.
        if let Ok(mut heard) = signal(kind) {
            waiting.push(async move {
                heard.recv().await;
                kind.as_raw_value()
            });
        }
    }
    if let Some(number) = futures_util::StreamExt::next(&mut waiting).await {
        super::parts::remove_all();
        std::process::exit(128 + number);
    }
}

/// Removes what was half saved under a temporary name, for a program that ends itself at a signal.
pub fn remove_half_saved() {
    super::parts::remove_all();
}

/// `nohup` has it ignored; only Linux tells.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    const HANGUP: u64 = 1;
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return true;
    };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    ignored.is_some_and(|ignored| ignored & HANGUP != 0)
}

/// Windows ends processes without asking them.
#[cfg(not(unix))]
pub async fn end_at_signal(_handles_interrupt: bool) {
    std::future::pending().await
}
