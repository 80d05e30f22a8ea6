//! How the outcome of an accepted command is learnt: from the WebSocket, or by asking when it says nothing.

use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use crate::client::Client;
use crate::error::{Error, NO_REASON};
use crate::identifier::{CommandId, DataRequest};
use crate::inbox::{Awaited, News};
use crate::operation::Described as _;
use crate::operations::utility::{CommandState, CommandStatus};
use crate::transport::socket::SocketState;

/// So many polls in a row must not know a command before it counts as failed, and only if the service has told by the HTTP status alone
/// that it is at this very command: older services, which have no words for states, say by 404 that a command failed. All say so of a
/// command they have not registered yet, and those that do have a word for failures mean by it that they do not know.
const UNKNOWN_MEANS_FAILED: u32 = 3;

impl Client {
    /// Waits for the outcome of a command that was accepted, now or earlier, for as long as the service says that it is
    /// pending: a vote may hold it. `pending` is called each time it says so, and what it answers is waited for before anything
    /// else is asked: it may write the command down.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the command failed; [`Error::NotConfirmed`] if nothing is heard of it for the settle
    /// timeout, or the session ended.
    pub async fn confirm<Told: Future<Output = ()> + Send>(
        &self,
        command: &CommandId,
        mut pending: impl FnMut() -> Told + Send,
    ) -> Result<(), Error> {
        let not_confirmed = || Error::NotConfirmed {
            command: Some(command.clone()),
        };
        let patience = self.configuration().settle_timeout;
        let mut waiter = self.mailbox().wait_for(Awaited::Command(command.clone()));
        let mut deadline = Instant::now() + patience;
        let mut unknown = 0;
        let mut tells_by_status = false;
        let mut polls = 0;
        loop {
            let next_poll = Instant::now() + self.wait_before_poll(polls);
            tokio::select! {
                biased;
                news = waiter.news() => match news {
                    News::Pending => {
                        unknown = 0;
                        pending().await;
                        deadline = Instant::now() + patience;
                        continue;
                    }
                    News::Succeeded => return Ok(()),
                    News::Failed(reason) => return Err(rejected(command, reason)),
                    News::PollNow => {}
                    News::Closed | News::Lost | News::Data(_) | News::Unannounced(_) => {
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
                    deadline = Instant::now() + patience;
                }
                None => {}
            }
            if tells_by_status && unknown >= UNKNOWN_MEANS_FAILED {
                return Err(rejected(command, String::new()));
            }
        }
    }

    /// While outcomes are being delivered there is time; without a joined socket polling is the only way.
    pub(crate) fn wait_before_poll(&self, polls: u32) -> std::time::Duration {
        let mut back_off = self.configuration().poll_back_off;
        if self.socket_state() != Some(SocketState::Joined) {
            back_off.first /= 10;
        }
        back_off.draw_wait(polls)
    }

    /// Asks once. That asking fails says nothing about the command.
    pub(crate) async fn poll(&self, command: &CommandId) -> Option<CommandState> {
        let asked = self
            .call_once(&CommandStatus {
                command_id: command.clone(),
            })
            .await;
        asked
            .inspect_err(|error| tracing::debug!(operation = CommandStatus::ABOUT.id, %error, "could not ask for an outcome"))
            .ok()
    }

    /// Asks once, under every id that a request for data has. What is decided about one of them counts.
    pub(crate) async fn poll_request(&self, request: &DataRequest) -> Option<CommandState> {
        let mut told: Option<CommandState> = None;
        for id in request.ids() {
            let state = self.poll(&CommandId::from(id)).await;
            let is_open = told.as_ref().is_some_and(CommandState::is_open);
            match state {
                Some(CommandState::Failed { .. }) => return state,
                Some(CommandState::Running | CommandState::Accepted) => told = state,
                Some(CommandState::Succeeded) if !is_open => told = state,
                Some(CommandState::Unknown) if told.is_none() => told = state,
                Some(CommandState::Succeeded | CommandState::Unknown) | None => {}
            }
        }
        told
    }

    /// Waits a little until outcomes are delivered: what is told before is told to nobody. A service whose socket cannot be had is
    /// asked for them instead.
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
