//! Which waiter waits for which outcome. No socket and no clock: messages, waiters and `now` are arguments.

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;

use crate::answer::data_answer::Part;
use crate::configuration::UnclaimedLimits;
use crate::identifier::{CommandId, DataRequest};
use crate::inbox::message::{Message, Outcome};
use crate::link::Place;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    Command(CommandId),
    Data(DataRequest),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WaitEvent {
    /// The service prepares the data, or the command waits for approval.
    Pending,
    /// The command succeeded: final for a command. For a request for data: it was approved, the data follows.
    Succeeded,
    /// Where the data will be. The service has not announced that it is ready.
    Unannounced(Place),
    /// The command, or the request for data, failed for this reason. Final.
    Failed(String),
    /// Final.
    Data(Delivered),
    /// An outcome may have been lost with the connection: ask for it once.
    PollNow,
    /// The answer to the request for data was lost with the connection and will not come again. Final.
    Lost,
    /// The session ended. Final.
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivered {
    Inline(Bytes),
    Place(Place),
}

/// Identifies one waiter, to remove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

/// The number of broken connections so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Breaks(u64);

/// Waiters, and a bounded buffer for messages that came before their waiter.
pub(crate) struct Inbox<W> {
    limits: UnclaimedLimits,
    breaks: Breaks,
    waits: Vec<Wait<W>>,
    unclaimed: VecDeque<(Instant, Message)>,
    unclaimed_bytes: usize,
    tickets: u64,
}

struct Wait<W> {
    ticket: Ticket,
    waiter: W,
    awaited: Awaited,
    /// The connection broke since the wait began.
    may_have_missed: bool,
    /// What the service has said about the place of the data.
    place: Place,
    ready: bool,
}

impl<W: Clone> Inbox<W> {
    pub(crate) fn new(limits: UnclaimedLimits) -> Self {
        Self {
            limits,
            breaks: Breaks(0),
            waits: Vec::new(),
            unclaimed: VecDeque::new(),
            unclaimed_bytes: 0,
            tickets: 0,
        }
    }

    /// How many connections have broken so far.
    pub(crate) fn breaks(&self) -> Breaks {
        self.breaks
    }

    /// Registers a waiter for what was asked for when so many connections had broken; what the shelf holds for it is
    /// delivered at once. If another one broke since, the answer may have been on it.
    pub(crate) fn wait_for(
        &mut self,
        awaited: Awaited,
        asked: Breaks,
        waiter: W,
        now: Instant,
    ) -> (Ticket, Vec<(W, WaitEvent)>) {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.drop_aged(now);
        let (claimed, rest) = self
            .unclaimed
            .drain(..)
            .partition(|(_, message)| concerns(message, &awaited));
        self.unclaimed = rest;
        self.unclaimed_bytes = self
            .unclaimed
            .iter()
            .map(|(_, message)| message.bytes())
            .sum();
        self.waits.push(Wait {
            ticket,
            waiter,
            awaited,
            may_have_missed: false,
            place: Place::default(),
            ready: false,
        });
        let claimed: VecDeque<(Instant, Message)> = claimed;
        let mut events: Vec<_> = claimed
            .into_iter()
            .flat_map(|(_, message)| self.deliver(message, now))
            .collect();
        if asked != self.breaks {
            events.extend(self.may_have_missed(|wait| wait.ticket == ticket));
        }
        (ticket, events)
    }

    /// Takes a waiter off the list, whether or not it was told anything.
    pub(crate) fn forget(&mut self, ticket: Ticket) {
        self.waits.retain(|wait| wait.ticket != ticket);
    }

    /// Hands a message to everybody it concerns, or keeps it for a while.
    pub(crate) fn deliver(&mut self, message: Message, now: Instant) -> Vec<(W, WaitEvent)> {
        let mut claimed = false;
        let mut events = Vec::new();
        self.waits.retain_mut(|wait| {
            if !concerns(&message, &wait.awaited) {
                return true;
            }
            claimed = true;
            let event = wait.take_in(&message);
            let waits_on = match &event {
                None | Some(WaitEvent::Pending | WaitEvent::Unannounced(_)) => true,
                Some(WaitEvent::Succeeded) => !wait.is_command(),
                Some(_) => false,
            };
            events.extend(event.map(|event| (wait.waiter.clone(), event)));
            waits_on
        });
        if !claimed && says_something(&message) {
            self.keep(message, now);
        }
        events
    }

    pub(crate) fn disconnected(&mut self) -> Vec<(W, WaitEvent)> {
        self.breaks.0 += 1;
        self.may_have_missed(|_| true)
    }

    /// What these wait for may have been on a connection that broke. Outcomes of commands can be asked for later; data
    /// cannot and is given up.
    fn may_have_missed(&mut self, these: impl Fn(&Wait<W>) -> bool) -> Vec<(W, WaitEvent)> {
        for wait in self.waits.iter_mut().filter(|wait| these(wait)) {
            wait.may_have_missed = true;
        }
        self.waits
            .extract_if(.., |wait| these(wait) && !wait.is_command())
            .map(|wait| (wait.waiter, WaitEvent::Lost))
            .collect()
    }

    /// The channel is joined again: waiters that may have missed an outcome poll once.
    pub(crate) fn rejoined(&mut self) -> Vec<(W, WaitEvent)> {
        self.waits
            .iter_mut()
            .filter_map(|wait| {
                std::mem::take(&mut wait.may_have_missed)
                    .then(|| (wait.waiter.clone(), WaitEvent::PollNow))
            })
            .collect()
    }

    pub(crate) fn close(&mut self) -> Vec<(W, WaitEvent)> {
        self.unclaimed.clear();
        self.unclaimed_bytes = 0;
        self.waits
            .drain(..)
            .map(|wait| (wait.waiter, WaitEvent::Closed))
            .collect()
    }

    fn keep(&mut self, message: Message, now: Instant) {
        self.drop_aged(now);
        self.unclaimed_bytes += message.bytes();
        self.unclaimed.push_back((now, message));
        while self.unclaimed.len() > self.limits.count || self.unclaimed_bytes > self.limits.bytes {
            self.drop_oldest();
        }
    }

    /// They stand in the order in which they came.
    fn drop_aged(&mut self, now: Instant) {
        let is_aged = |since: &Instant| now.saturating_duration_since(*since) > self.limits.age;
        let aged = self
            .unclaimed
            .iter()
            .take_while(|(since, _)| is_aged(since));
        for _ in 0..aged.count() {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if let Some((_, message)) = self.unclaimed.pop_front() {
            self.unclaimed_bytes = self.unclaimed_bytes.saturating_sub(message.bytes());
        }
    }
}

impl<W> Wait<W> {
    /// Takes in a message; the event is final unless it is [`WaitEvent::Pending`].
    fn take_in(&mut self, message: &Message) -> Option<WaitEvent> {
        match message {
            Message::Ack {
                outcome: Outcome::Succeeded,
                ..
            } => Some(WaitEvent::Succeeded),
            Message::Ack {
                outcome: Outcome::Failed(reason),
                ..
            } => Some(WaitEvent::Failed(reason.clone())),
            Message::Ack {
                outcome: Outcome::Pending,
                ..
            } => Some(WaitEvent::Pending),
            Message::Data { part, .. } => self.take_in_part(part),
            _ => None,
        }
    }

    fn take_in_part(&mut self, part: &Part) -> Option<WaitEvent> {
        match part {
            Part::Inline(bytes) => return Some(WaitEvent::Data(Delivered::Inline(bytes.clone()))),
            Part::Failed(reason) => return Some(WaitEvent::Failed(reason.clone())),
            Part::Place(place) => self.place = place.clone().or(std::mem::take(&mut self.place)),
            Part::Ready(place) => {
                self.ready = true;
                self.place = place.clone().or(std::mem::take(&mut self.place));
            }
            Part::Preparing => return Some(WaitEvent::Pending),
        }
        if !self.place.is_complete() {
            return None;
        }
        let place = self.place.clone();
        if self.ready || place.is_address() {
            return Some(WaitEvent::Data(Delivered::Place(place)));
        }
        Some(WaitEvent::Unannounced(place))
    }

    fn is_command(&self) -> bool {
        matches!(self.awaited, Awaited::Command(_))
    }
}

/// Whether a waiter for `awaited` gets this message. The service answers a request for data that a policy rejects with
/// a failed acknowledgement under the id of the request.
fn concerns(message: &Message, awaited: &Awaited) -> bool {
    match (message, awaited) {
        (Message::Ack { command, .. }, Awaited::Command(id)) => command == id,
        (Message::Ack { command, .. }, Awaited::Data(request)) => request.has(command.as_str()),
        (Message::Data { ids, .. }, Awaited::Data(request)) => {
            ids.iter().any(|id| request.has(id.as_str()))
        }
        _ => false,
    }
}

/// Whether to keep a message for a later waiter.
fn says_something(message: &Message) -> bool {
    match message {
        Message::Ack { outcome, .. } => *outcome != Outcome::Pending,
        Message::Data { part, .. } => *part != Part::Preparing,
        _ => false,
    }
}

pub(crate) mod command_outcome;
pub(crate) mod mailbox;
pub(crate) mod message;
pub(crate) mod retrieval;
#[cfg(test)]
mod tests;
