//! Who waits for which outcome. No socket and no clock: messages, waiters and `now` are arguments.

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;

use crate::answer::data_answer::Part;
use crate::configuration::ShelfLimits;
use crate::identifier::{CommandId, DataRequest};
use crate::inbox::message::{Message, Outcome};
use crate::link::Place;

/// What somebody waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    Command(CommandId),
    Data(DataRequest),
}

/// What a waiter is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The service is still at it: it prepares data, or a vote holds the command.
    Pending,
    /// The command succeeded: the last word for who waits for it. A request for data was let through; the data follows.
    Succeeded,
    /// Where the data will be. That it is there has not been said.
    Unannounced(Place),
    /// The command, or the request for data, failed for this reason. Last word.
    Failed(String),
    /// The data is here. Last word.
    Data(Delivered),
    /// An outcome may have been lost with the connection: ask for it once.
    PollNow,
    /// The answer to the request for data was lost with the connection and will not come again. Last word.
    Lost,
    /// The session is over. Last word.
    Closed,
}

/// Data that can be had now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivered {
    Inline(Bytes),
    Place(Place),
}

/// Names one waiter, so that it can be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

/// How many connections had broken at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Breaks(u64);

/// Waiters, and a bounded shelf for messages that came before their waiter.
pub(crate) struct Inbox<W> {
    limits: ShelfLimits,
    breaks: Breaks,
    waits: Vec<Wait<W>>,
    shelf: VecDeque<(Instant, Message)>,
    shelf_bytes: usize,
    tickets: u64,
}

struct Wait<W> {
    ticket: Ticket,
    waiter: W,
    awaited: Awaited,
    /// The connection broke since the wait began.
    may_have_missed: bool,
    /// What has been said of where the data is.
    place: Place,
    ready: bool,
}

impl<W: Clone> Inbox<W> {
    pub(crate) fn new(limits: ShelfLimits) -> Self {
        Self {
            limits,
            breaks: Breaks(0),
            waits: Vec::new(),
            shelf: VecDeque::new(),
            shelf_bytes: 0,
            tickets: 0,
        }
    }

    /// How many connections have broken so far.
    pub(crate) fn breaks(&self) -> Breaks {
        self.breaks
    }

    /// Registers a waiter for what was asked for when so many connections had broken; what the shelf holds for it is delivered at
    /// once. If another one broke since, the answer may have been on it.
    pub(crate) fn wait_for(
        &mut self,
        awaited: Awaited,
        asked: Breaks,
        waiter: W,
        now: Instant,
    ) -> (Ticket, Vec<(W, News)>) {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.drop_aged(now);
        let (claimed, rest) = self
            .shelf
            .drain(..)
            .partition(|(_, message)| concerns(message, &awaited));
        self.shelf = rest;
        self.shelf_bytes = self.shelf.iter().map(|(_, message)| message.bytes()).sum();
        self.waits.push(Wait {
            ticket,
            waiter,
            awaited,
            may_have_missed: false,
            place: Place::default(),
            ready: false,
        });
        let claimed: VecDeque<(Instant, Message)> = claimed;
        let mut news: Vec<_> = claimed
            .into_iter()
            .flat_map(|(_, message)| self.deliver(message, now))
            .collect();
        if asked != self.breaks {
            news.extend(self.may_have_missed(|wait| wait.ticket == ticket));
        }
        (ticket, news)
    }

    /// Takes a waiter off the list, whether or not it was told anything.
    pub(crate) fn forget(&mut self, ticket: Ticket) {
        self.waits.retain(|wait| wait.ticket != ticket);
    }

    /// Hands a message to everybody it concerns, or keeps it for a while.
    pub(crate) fn deliver(&mut self, message: Message, now: Instant) -> Vec<(W, News)> {
        let mut claimed = false;
        let mut told = Vec::new();
        self.waits.retain_mut(|wait| {
            if !concerns(&message, &wait.awaited) {
                return true;
            }
            claimed = true;
            let news = wait.take_in(&message);
            let waits_on = match &news {
                None | Some(News::Pending | News::Unannounced(_)) => true,
                Some(News::Succeeded) => !wait.is_command(),
                Some(_) => false,
            };
            told.extend(news.map(|news| (wait.waiter.clone(), news)));
            waits_on
        });
        if !claimed && says_something(&message) {
            self.keep(message, now);
        }
        told
    }

    /// The connection broke.
    pub(crate) fn disconnected(&mut self) -> Vec<(W, News)> {
        self.breaks.0 += 1;
        self.may_have_missed(|_| true)
    }

    /// What these wait for may have been on a connection that broke. Outcomes of commands can be asked for later; data cannot and is
    /// given up.
    fn may_have_missed(&mut self, these: impl Fn(&Wait<W>) -> bool) -> Vec<(W, News)> {
        for wait in self.waits.iter_mut().filter(|wait| these(wait)) {
            wait.may_have_missed = true;
        }
        self.waits
            .extract_if(.., |wait| these(wait) && !wait.is_command())
            .map(|wait| (wait.waiter, News::Lost))
            .collect()
    }

    /// The channel is joined again: everybody who may have missed an outcome is told to ask once.
    pub(crate) fn rejoined(&mut self) -> Vec<(W, News)> {
        self.waits
            .iter_mut()
            .filter_map(|wait| {
                std::mem::take(&mut wait.may_have_missed)
                    .then(|| (wait.waiter.clone(), News::PollNow))
            })
            .collect()
    }

    /// The session is over.
    pub(crate) fn close(&mut self) -> Vec<(W, News)> {
        self.shelf.clear();
        self.shelf_bytes = 0;
        self.waits
            .drain(..)
            .map(|wait| (wait.waiter, News::Closed))
            .collect()
    }

    fn keep(&mut self, message: Message, now: Instant) {
        self.drop_aged(now);
        self.shelf_bytes += message.bytes();
        self.shelf.push_back((now, message));
        while self.shelf.len() > self.limits.count || self.shelf_bytes > self.limits.bytes {
            self.drop_oldest();
        }
    }

    /// They stand in the order in which they came.
    fn drop_aged(&mut self, now: Instant) {
        let is_aged = |since: &Instant| now.saturating_duration_since(*since) > self.limits.age;
        let aged = self.shelf.iter().take_while(|(since, _)| is_aged(since));
        for _ in 0..aged.count() {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        if let Some((_, message)) = self.shelf.pop_front() {
            self.shelf_bytes = self.shelf_bytes.saturating_sub(message.bytes());
        }
    }
}

impl<W> Wait<W> {
    /// Takes in a message; what it answers is the last word unless it is [`News::Pending`].
    fn take_in(&mut self, message: &Message) -> Option<News> {
        match message {
            Message::Ack {
                outcome: Outcome::Succeeded,
                ..
            } => Some(News::Succeeded),
            Message::Ack {
                outcome: Outcome::Failed(reason),
                ..
            } => Some(News::Failed(reason.clone())),
            Message::Ack {
                outcome: Outcome::Pending,
                ..
            } => Some(News::Pending),
            Message::Data { part, .. } => self.take_in_part(part),
            _ => None,
        }
    }

    fn take_in_part(&mut self, part: &Part) -> Option<News> {
        match part {
            Part::Inline(bytes) => return Some(News::Data(Delivered::Inline(bytes.clone()))),
            Part::Failed(reason) => return Some(News::Failed(reason.clone())),
            Part::Place(place) => self.place = place.clone().or(std::mem::take(&mut self.place)),
            Part::Ready(place) => {
                self.ready = true;
                self.place = place.clone().or(std::mem::take(&mut self.place));
            }
            Part::Preparing => return Some(News::Pending),
        }
        if !self.place.is_complete() {
            return None;
        }
        let place = self.place.clone();
        if self.ready || place.is_address() {
            return Some(News::Data(Delivered::Place(place)));
        }
        Some(News::Unannounced(place))
    }

    fn is_command(&self) -> bool {
        matches!(self.awaited, Awaited::Command(_))
    }
}

/// Whether a message is for who waits for this. A request for data that a policy stops is answered by a failed
/// acknowledgement under the id of the request.
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

/// Whether a message is worth keeping for who may ask for it later.
fn says_something(message: &Message) -> bool {
    match message {
        Message::Ack { outcome, .. } => *outcome != Outcome::Pending,
        Message::Data { part, .. } => *part != Part::Preparing,
        _ => false,
    }
}

pub(crate) mod mailbox;
pub(crate) mod message;
pub(crate) mod retrieval;
pub(crate) mod settlement;
#[cfg(test)]
mod tests;
