//! Waits for the outcome of an accepted command: on the WebSocket, or by polling while nothing arrives there.

use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::client::Client;
use crate::error::{Error, NO_REASON};
use crate::identifier::{CommandId, DataRequest};
use crate::inbox::{Awaited, WaitEvent};
use crate::operation::Endpoint as _;
use crate::operations::utility::{CommandState, CommandStatus};
use crate::transport::socket::SocketState;

/// A command counts as failed after this many polls in a row answered 404, and only if the service reported this very
/// command by HTTP status alone before. Older services have no words for states and report a failure as 404. All
/// services answer 404 for a command that they have not registered yet; for those with a word for failures, 404 means
/// that they do not know it.
const UNKNOWN_MEANS_FAILED: u32 = 3;

impl Client {
    /// Waits for the outcome of a command that was accepted, now or earlier, for as long as the service reports it as
    /// pending: it may wait for approval. `pending` is called on each report and awaited before the next poll, so that
    /// it can write the command down.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the command failed; [`Error::NotConfirmed`] if no report arrives within
    /// `outcome_timeout`, or the session ended.
    pub async fn await_command<Written: Future<Output = ()> + Send>(
        &self,
        command: &CommandId,
        mut pending: impl FnMut() -> Written + Send,
    ) -> Result<(), Error> {
        let not_confirmed = || Error::NotConfirmed {
            command: Some(command.clone()),
        };
        let wait = self.configuration().outcome_timeout;
        let mut waiter = self.mailbox().wait_for(Awaited::Command(command.clone()));
        let mut deadline = Instant::now() + wait;
        let mut unknown = 0;
        let mut tells_by_status = false;
        let mut polls = 0;
        loop {
            let next_poll = Instant::now() + self.wait_before_poll(polls);
            tokio::select! {
                biased;
                event = waiter.next_event() => match event {
                    WaitEvent::Pending => {
                        unknown = 0;
                        pending().await;
                        deadline = Instant::now() + wait;
                        continue;
                    }
                    WaitEvent::Succeeded => return Ok(()),
                    WaitEvent::Failed(reason) => return Err(rejected(command, reason)),
                    WaitEvent::PollNow => {}
                    WaitEvent::Closed | WaitEvent::Lost | WaitEvent::Data(_) | WaitEvent::Unannounced(_) => {
                        return Err(not_confirmed());
                    }
                },
                () = sleep_until(deadline) => return Err(not_confirmed()),
                () = sleep_until(next_poll) => {}
            }
            polls += 1;
            let state = timeout_at(deadline, self.poll(command)).await;
            match state.map_err(|_| not_confirmed())? {
                Some(CommandState::Succeeded) => return Ok(()),
                Some(CommandState::Failed { reason }) => return Err(rejected(command, reason)),
                Some(CommandState::Unknown) => unknown += 1,
                Some(state @ (CommandState::Running | CommandState::Accepted)) => {
                    unknown = 0;
                    tells_by_status = state == CommandState::Accepted;
                    pending().await;
                    deadline = Instant::now() + wait;
                }
                // An unknown word may be a final state: keep waiting, but do not extend the deadline.
                Some(CommandState::Other { word }) => {
                    tracing::debug!(%word, "a command has a state that is not known");
                }
                None => {}
            }
            if tells_by_status && unknown >= UNKNOWN_MEANS_FAILED {
                return Err(rejected(command, String::new()));
            }
        }
    }

    /// Polls rarely while the socket delivers outcomes, and often without it.
    pub(crate) fn wait_before_poll(&self, polls: u32) -> std::time::Duration {
        let mut back_off = self.configuration().poll_back_off;
        if self.socket_state() != Some(SocketState::Joined) {
            back_off.first /= 10;
        }
        back_off.jittered_wait(polls)
    }

    /// Polls once. A failed poll says nothing about the command.
    pub(crate) async fn poll(&self, command: &CommandId) -> Option<CommandState> {
        let asked = self
            .call_once(&CommandStatus {
                command_id: command.clone(),
            })
            .await;
        asked
            .inspect_err(|error| {
                tracing::debug!(operation = CommandStatus::SPEC.id, %error, "could not ask for an outcome");
            })
            .ok()
    }

    /// Polls once under every id of a request for data. A decision about any of them counts.
    pub(crate) async fn poll_request(&self, request: &DataRequest) -> Option<CommandState> {
        let mut known: Option<CommandState> = None;
        for id in request.ids() {
            let state = self.poll(&CommandId::from(id)).await;
            let is_open = known.as_ref().is_some_and(CommandState::is_open);
            match state {
                Some(CommandState::Failed { .. }) => return state,
                Some(CommandState::Running | CommandState::Accepted) => known = state,
                Some(CommandState::Succeeded) if !is_open => known = state,
                Some(CommandState::Unknown) if known.is_none() => known = state,
                Some(
                    CommandState::Succeeded | CommandState::Unknown | CommandState::Other { .. },
                )
                | None => {}
            }
        }
        known
    }

    /// Waits until the socket delivers outcomes, up to `join_wait`: earlier ones would be lost. Without a socket the
    /// client polls.
    pub(crate) async fn wait_for_join(&self) {
        let Some(mut state) = self.socket_states() else {
            return;
        };
        let decided = |state: &SocketState| *state != SocketState::Connecting;
        // Commands are sent either way.
        let _ = timeout(self.configuration().join_wait, state.wait_for(decided)).await;
    }
}

fn rejected(command: &CommandId, reason: String) -> Error {
    let reason = if reason.is_empty() {
        NO_REASON.to_owned()
    } else {
        reason
    };
    Error::Rejected {
        command: command.clone(),
        reason,
    }
}
