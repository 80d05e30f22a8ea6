//! Waits for requested data, which the service announces on the WebSocket only.

use std::future::{pending, ready};

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::answer::data_answer::DataAnswer;
use crate::client::Client;
use crate::error::{Error, Phase};
use crate::identifier::{CommandId, DataRequest};
use crate::inbox::{Awaited, Breaks, Delivered, WaitEvent};
use crate::link::{DownstreamLink, Place};
use crate::operation::Endpoint as _;
use crate::operations::data_token::RequestData;
use crate::operations::utility::{CommandState, CommandStatus};
use crate::secret::DataToken;
use crate::server_urls::ServerKind;
use crate::transport::failure::Failure;
use crate::transport::socket::SocketState;

/// So often the same data is requested when the connection breaks before the answer: each request may open another
/// vote.
const MOST_REQUESTS: u32 = 3;

/// Waits until a place may be gone to although nothing was said of it; for ever while there is none.
async fn passed(unannounced: Option<&(Place, Instant)>) {
    match unannounced {
        Some((_, until)) => sleep_until(*until).await,
        None => pending().await,
    }
}

impl Client {
    /// Asks for stored data and waits until it can be had, for as long as the service says that it is at it; `pending`
    /// is called each time it does. If the connection breaks meanwhile, asks again, a few times.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is unknown or deleted; [`Error::NotDelivered`] if the service refuses
    /// later; [`Error::NobodyAnswered`] if nothing comes; [`Error::Insecure`] for an unencrypted link.
    pub async fn retrieve(
        &self,
        token: &DataToken,
        mut pending: impl FnMut() + Send,
    ) -> Result<DataAnswer, Error> {
        let on_pending = |_: &DataRequest| {
            pending();
            ready(())
        };
        self.retrieve_from(token, None, on_pending).await
    }

    /// [`retrieve`](Self::retrieve), going on with a request that was made `earlier` if it is still being decided
    /// about: asking anew would open another vote. `pending` is told which request is, and what it answers is waited
    /// for before anything else is asked: it may write it down.
    ///
    /// # Errors
    /// Those of [`retrieve`](Self::retrieve).
    pub async fn retrieve_from<Written: Future<Output = ()> + Send>(
        &self,
        token: &DataToken,
        earlier: Option<DataRequest>,
        pending: impl FnMut(&DataRequest) -> Written + Send,
    ) -> Result<DataAnswer, Error> {
        let (delivered, is_announced) = self
            .request_until_delivered(token, earlier, pending)
            .await?;
        self.data_answer(delivered, is_announced)
    }

    fn data_answer(&self, delivered: Delivered, is_announced: bool) -> Result<DataAnswer, Error> {
        match delivered {
            Delivered::Inline(bytes) => Ok(DataAnswer::Inline(bytes)),
            Delivered::Place(place) => {
                DownstreamLink::resolve(&place, self.url(ServerKind::Downstream), is_announced)
                    .map(DataAnswer::Link)
                    .map_err(|problem| Error::unexpected(RequestData::SPEC.id, problem))
            }
        }
    }

    /// Answers what was delivered, and whether the service has said that it is there.
    async fn request_until_delivered<Written: Future<Output = ()> + Send>(
        &self,
        token: &DataToken,
        mut earlier: Option<DataRequest>,
        mut pending: impl FnMut(&DataRequest) -> Written + Send,
    ) -> Result<(Delivered, bool), Error> {
        for _ in 0..MOST_REQUESTS {
            let asked = self.mailbox().breaks();
            self.joined().await?;
            let request = self.request(token, earlier.take()).await?;
            if let Some(delivered) = self.delivered(&request, asked, &mut pending).await? {
                return Ok(delivered);
            }
        }
        Err(Error::NobodyAnswered)
    }

    /// Waits for what is answered to a request that was just made by its operation alone.
    ///
    /// # Errors
    /// Those of [`retrieve`](Self::retrieve).
    pub async fn await_data(&self, request: &DataRequest) -> Result<DataAnswer, Error> {
        let asked = self.mailbox().breaks();
        let delivered = self.delivered(request, asked, |_| ready(())).await?;
        let (delivered, is_announced) = delivered.ok_or(Error::NobodyAnswered)?;
        self.data_answer(delivered, is_announced)
    }

    /// Waits for what is answered to a request; nothing if that was lost with the connection.
    async fn delivered<Written: Future<Output = ()> + Send>(
        &self,
        request: &DataRequest,
        asked: Breaks,
        mut pending: impl FnMut(&DataRequest) -> Written + Send,
    ) -> Result<Option<(Delivered, bool)>, Error> {
        let wait = self.configuration().outcome_timeout;
        let awaited = Awaited::Data(request.clone());
        let mut deadline = Instant::now() + wait;
        let mut waiter = self.mailbox().wait_for_asked(awaited.clone(), asked);
        let mut unannounced = None;
        let mut polls = 0;
        loop {
            let next_poll = Instant::now() + self.wait_before_poll(polls);
            let event = tokio::select! {
                biased;
                event = waiter.next_event() => event,
                () = passed(unannounced.as_ref()) => {
                    // Some services never say that a stream is ready.
                    let Some((place, _)) = unannounced else { continue };
                    return Ok(Some((Delivered::Place(place), false)));
                }
                () = sleep_until(deadline) => return Err(Error::NobodyAnswered),
                () = sleep_until(next_poll) => {
                    // A vote holds a request in silence, but tells who asks.
                    polls += 1;
                    match timeout_at(deadline, self.poll_request(request)).await {
                        Ok(Some(CommandState::Running | CommandState::Accepted)) => WaitEvent::Pending,
                        Ok(Some(CommandState::Failed { reason })) => WaitEvent::Failed(reason),
                        Ok(
                            Some(
                                CommandState::Succeeded
                                | CommandState::Unknown
                                | CommandState::Other { .. },
                            )
                            | None,
                        )
                        | Err(_) => continue,
                    }
                }
            };
            match event {
                WaitEvent::Pending => {
                    pending(request).await;
                    deadline = Instant::now() + wait;
                }
                WaitEvent::Succeeded => deadline = Instant::now() + wait,
                WaitEvent::Unannounced(place) => {
                    unannounced = Some((place, Instant::now() + self.configuration().ready_wait));
                }
                WaitEvent::Data(delivered) => return Ok(Some((delivered, true))),
                WaitEvent::Failed(reason) => return Err(Error::NotDelivered { reason }),
                WaitEvent::Closed => return Err(Error::Closed),
                WaitEvent::Lost => {
                    let asked = self.mailbox().breaks();
                    if !self.is_pending(request).await? {
                        return Ok(None);
                    }
                    waiter = self.mailbox().wait_for_asked(awaited.clone(), asked);
                }
                WaitEvent::PollNow => {}
            }
        }
    }

    /// The request that was made `earlier`, while it is being decided about; else a new one: what was answered when
    /// nobody listened will not be answered again.
    async fn request(
        &self,
        token: &DataToken,
        earlier: Option<DataRequest>,
    ) -> Result<DataRequest, Error> {
        if let Some(earlier) = earlier {
            match self.poll_request(&earlier).await {
                Some(
                    CommandState::Running | CommandState::Accepted | CommandState::Other { .. },
                ) => return Ok(earlier),
                Some(CommandState::Failed { reason }) => {
                    return Err(Error::NotDelivered { reason });
                }
                Some(CommandState::Succeeded | CommandState::Unknown) => {}
                // It may be held still: that is asked in a way that says why there is no answer.
                None => {
                    let command_id = CommandId::from(earlier.ids().next().unwrap_or_default());
                    match self.call(&CommandStatus { command_id }).await? {
                        CommandState::Running
                        | CommandState::Accepted
                        | CommandState::Other { .. } => return Ok(earlier),
                        CommandState::Failed { reason } => {
                            return Err(Error::NotDelivered { reason });
                        }
                        CommandState::Succeeded | CommandState::Unknown => {}
                    }
                }
            }
        }
        let token = token.clone();
        self.call(&RequestData { token }).await
    }

    /// Whether a request whose answer may have been lost is still being decided about: asking for the data anew would
    /// open another vote.
    async fn is_pending(&self, request: &DataRequest) -> Result<bool, Error> {
        self.joined().await?;
        let state = self.poll_request(request).await;
        Ok(state.is_some_and(|state| state.is_open()))
    }

    /// Waits until the channel is joined: data is answered nowhere else.
    pub(crate) async fn joined(&self) -> Result<(), Error> {
        let limit = Instant::now() + self.configuration().connect_timeout;
        let mut state = self.socket_states().ok_or(Error::Closed)?;
        let decided =
            |state: &SocketState| matches!(state, SocketState::Joined | SocketState::Unauthorized);
        if let Ok(Err(_)) =
            timeout_at(limit, async { state.wait_for(decided).await.map(|_| ()) }).await
        {
            return Err(Error::Closed);
        }
        let last = state.borrow().clone();
        let failed =
            |failure: &Failure| failure.at(ServerKind::WebSocket, self.url(ServerKind::WebSocket));
        match last {
            SocketState::Joined => Ok(()),
            SocketState::Unauthorized => Err(Error::Unauthorized),
            SocketState::Down(failure) => Err(failed(&failure)),
            SocketState::Connecting => Err(failed(&Failure::TimedOut(Phase::Connect))),
        }
    }
}
