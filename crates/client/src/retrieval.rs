//! How requested data is waited for: it is answered on the WebSocket and nowhere else.

use std::future::ready;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::answer::Malformed;
use crate::client::Client;
use crate::data_answer::DataAnswer;
use crate::endpoints::Which;
use crate::error::{Error, Phase};
use crate::failure::Failure;
use crate::identifier::{CommandId, RequestId};
use crate::inbox::{Awaited, Delivered, News};
use crate::link::DownstreamLink;
use crate::operation::Described as _;
use crate::operations::data_token::RequestData;
use crate::operations::utility::{CommandState, CommandStatus};
use crate::secret::DataToken;
use crate::socket::SocketState;

impl Client {
    /// Asks for stored data and waits until it can be had, for as long as the service says that it is at it; `pending` is
    /// called each time it does. If the connection breaks meanwhile, asks again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is unknown or deleted; [`Error::NotDelivered`] if the service refuses later;
    /// [`Error::TimedOut`] if nothing comes; [`Error::Insecure`] for an unencrypted link.
    pub async fn retrieve(
        &self,
        token: &DataToken,
        mut pending: impl FnMut() + Send,
    ) -> Result<DataAnswer, Error> {
        let told = |_: &RequestId| {
            pending();
            ready(())
        };
        self.retrieve_from(token, None, told).await
    }

    /// [`retrieve`](Self::retrieve), going on with a request that was made `earlier` if it is still being decided about: asking
    /// anew would open another vote. `pending` is told which request is, and what it answers is waited for before anything else is
    /// asked: it may write it down.
    ///
    /// # Errors
    /// Those of [`retrieve`](Self::retrieve).
    pub async fn retrieve_from<Told: Future<Output = ()> + Send>(
        &self,
        token: &DataToken,
        earlier: Option<RequestId>,
        pending: impl FnMut(&RequestId) -> Told + Send,
    ) -> Result<DataAnswer, Error> {
        let delivered = self
            .request_until_delivered(token, earlier, pending)
            .await?;
        match delivered {
            Delivered::Inline(bytes) => Ok(DataAnswer::Inline(bytes)),
            Delivered::Bare(token) => Ok(DataAnswer::Link(DownstreamLink::bare(
                &token,
                &self.configuration().endpoints.downstream,
            ))),
            Delivered::Complete(address) => {
                DownstreamLink::complete(&address, self.url(Which::Downstream))
                    .unwrap_or(Err(Malformed::NotALink))
                    .map(DataAnswer::Link)
                    .map_err(|problem| Error::unexpected(RequestData::ABOUT.id, problem))
            }
        }
    }

    async fn request_until_delivered<Told: Future<Output = ()> + Send>(
        &self,
        token: &DataToken,
        mut earlier: Option<RequestId>,
        mut pending: impl FnMut(&RequestId) -> Told + Send,
    ) -> Result<Delivered, Error> {
        let patience = self.configuration().settle_timeout;
        let late = || Error::TimedOut {
            server: Which::WebSocket,
            phase: Phase::Delivery,
        };
        let mut deadline = Instant::now() + patience;
        loop {
            let mut asked = self.mailbox().breaks();
            self.joined().await?;
            let request = self.request(token, earlier.take()).await?;
            // A vote holds a request in silence, but tells who asks.
            let command = CommandId::from(request.as_str());
            let awaited = Awaited::Data(request.clone());
            let mut waiter = self.mailbox().wait_for_asked(awaited.clone(), asked);
            let mut polls = 0;
            loop {
                let next_poll = Instant::now() + self.wait_before_poll(polls);
                let news = tokio::select! {
                    biased;
                    news = waiter.news() => news,
                    () = sleep_until(deadline) => return Err(late()),
                    () = sleep_until(next_poll) => {
                        polls += 1;
                        match timeout_at(deadline, self.poll(&command)).await {
                            Ok(Some(CommandState::Running)) => News::Pending,
                            Ok(Some(CommandState::Failed { reason })) => News::Failed(reason),
                            _ => continue,
                        }
                    }
                };
                match news {
                    News::Pending => {
                        pending(&request).await;
                        deadline = Instant::now() + patience;
                    }
                    News::Data(delivered) => return Ok(delivered),
                    News::Failed(reason) => return Err(Error::NotDelivered { reason }),
                    News::Closed => return Err(Error::Closed),
                    News::Lost => {
                        asked = self.mailbox().breaks();
                        if !self.is_pending(&command).await? {
                            break;
                        }
                        waiter = self.mailbox().wait_for_asked(awaited.clone(), asked);
                    }
                    News::PollNow | News::Succeeded => {}
                }
            }
        }
    }

    /// The request that was made `earlier`, while it is being decided about; else a new one: what was answered when nobody listened
    /// will not be answered again.
    async fn request(
        &self,
        token: &DataToken,
        earlier: Option<RequestId>,
    ) -> Result<RequestId, Error> {
        if let Some(earlier) = earlier {
            let command_id = CommandId::from(earlier.as_str());
            match self.call(&CommandStatus { command_id }).await? {
                CommandState::Running => return Ok(earlier),
                CommandState::Failed { reason } => return Err(Error::NotDelivered { reason }),
                CommandState::Succeeded | CommandState::Unknown => {}
            }
        }
        let token = token.clone();
        self.call(&RequestData { token }).await
    }

    /// Whether a request whose answer may have been lost is still being decided about: asking for the data anew would open
    /// another vote.
    async fn is_pending(&self, request: &CommandId) -> Result<bool, Error> {
        self.joined().await?;
        Ok(self.poll(request).await == Some(CommandState::Running))
    }

    /// Waits until the channel is joined: data is answered nowhere else.
    pub(crate) async fn joined(&self) -> Result<(), Error> {
        let limit = Instant::now() + self.configuration().connect_timeout;
        let mut state = self.socket_states().ok_or(Error::Closed)?;
        let settled =
            |state: &SocketState| matches!(state, SocketState::Joined | SocketState::Unauthorized);
        if let Ok(Err(_)) =
            timeout_at(limit, async { state.wait_for(settled).await.map(|_| ()) }).await
        {
            return Err(Error::Closed);
        }
        let last = state.borrow().clone();
        let failed = |failure: &Failure| failure.at(Which::WebSocket, self.url(Which::WebSocket));
        match last {
            SocketState::Joined => Ok(()),
            SocketState::Unauthorized => Err(Error::Unauthorized),
            SocketState::Down(failure) => Err(failed(&failure)),
            SocketState::Connecting => Err(failed(&Failure::TimedOut(Phase::Connect))),
        }
    }
}
