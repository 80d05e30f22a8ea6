//! What a person should know outside of what was asked for: told as soon as it is heard.

use privicore_vault::{Event, Explanation, Vault};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::output::Output;

/// Listens to one vault.
pub(crate) struct Notices {
    listening: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Notices {
    /// Subscribes; pending notices come first.
    pub(crate) fn of(vault: &Vault, output: Output) -> Self {
        let mut events = vault.events();
        let (stop, mut stopped) = oneshot::channel();
        let listening = tokio::spawn(async move {
            loop {
                let event = tokio::select! {
                    event = events.recv() => event,
                    _ = &mut stopped => break,
                };
                match event {
                    Ok(event) => print_notice(&event, output),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
            loop {
                match events.try_recv() {
                    Ok(event) => print_notice(&event, output),
                    Err(TryRecvError::Lagged(_)) => {}
                    Err(TryRecvError::Empty | TryRecvError::Closed) => return,
                }
            }
        });
        Self { listening, stop }
    }

    /// Tells the last ones.
    pub(crate) async fn end(self) {
        // Who does not listen any more has told all there was.
        let _ = self.stop.send(());
        if let Err(error) = self.listening.await {
            tracing::warn!(%error, "notices were not told");
        }
    }
}

/// Keys of the service that are not the remembered ones: while there is one nothing is stored, whatever the command was
/// about.
pub(crate) fn alarms(vault: &Vault) -> Vec<Explanation> {
    let alarms = vault.status().alarms.into_iter();
    alarms.map(|alarm| alarm.error().explain()).collect()
}

fn print_notice(event: &Event, output: Output) {
    if let Event::Notice(notice) = event {
        output.notice(notice);
    }
}
