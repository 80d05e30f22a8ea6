//! What a person should know outside of what was asked for: collected while a command runs, and shown with its results.

use privicore_vault::{Error, Event, Explanation, Vault};
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Listens to one vault.
pub(crate) struct Notices {
    listening: JoinHandle<Vec<Explanation>>,
    stop: oneshot::Sender<()>,
}

impl Notices {
    /// From now on, and first what nobody has heard yet.
    pub(crate) fn of(vault: &Vault) -> Self {
        let mut events = vault.events();
        let (stop, mut stopped) = oneshot::channel();
        let listening = tokio::spawn(async move {
            let mut heard = Vec::new();
            loop {
                let event = tokio::select! {
                    event = events.recv() => event,
                    _ = &mut stopped => break,
                };
                match event {
                    Ok(event) => keep(&mut heard, event),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return heard,
                }
            }
            loop {
                match events.try_recv() {
                    Ok(event) => keep(&mut heard, event),
                    Err(TryRecvError::Lagged(_)) => {}
                    Err(TryRecvError::Empty | TryRecvError::Closed) => return heard,
                }
            }
        });
        Self { listening, stop }
    }

    /// All that was heard.
    pub(crate) async fn heard(self) -> Vec<Explanation> {
        // Who does not listen any more has all there was.
        let _ = self.stop.send(());
        self.listening.await.unwrap_or_default()
    }
}

/// Keys of the service that are not the remembered ones: while there is one nothing is stored, whatever the command was about.
pub(crate) fn alarms(vault: &Vault) -> Vec<Explanation> {
    let alarms = vault.status().alarms.into_iter();
    alarms
        .map(|alarm| Error::KeyChanged { key: alarm.key }.explain())
        .collect()
}

fn keep(heard: &mut Vec<Explanation>, event: Event) {
    if let Event::Notice(notice) = event {
        heard.push(notice);
    }
}
