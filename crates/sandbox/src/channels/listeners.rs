//! Who listens on the WebSocket: the joined channels of each profile.

use std::collections::{HashMap, VecDeque};

use axum::extract::ws::Utf8Bytes;
use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::wire::tokens::{TokenDigest, make_id};

/// How many messages may wait for a slow listener before its connection is dropped.
const WAITING: usize = 1024;

/// How many messages that nobody hears are kept.
const UNHEARD: usize = 256;

/// The kind of message that says what became of a command; all others are about data.
pub(crate) const ACKNOWLEDGEMENT: &str = "X-DPT-CAB-ID";

/// All joined channels, and what is kept for those that are about to join.
#[derive(Default)]
pub(crate) struct Channels(Mutex<Hall>);

#[derive(Default)]
struct Hall {
    seats: HashMap<String, Vec<Seat>>,
    /// Oldest first.
    unheard: VecDeque<Unheard>,
}

/// A message that was sent while nobody listened.
struct Unheard {
    profile: String,
    is_acknowledgement: bool,
    text: Utf8Bytes,
    kept_until: Timestamp,
}

struct Seat {
    channel: String,
    authorization: TokenDigest,
    hears_data: bool,
    messages: Sender<Utf8Bytes>,
}

/// A joined channel: its messages end when the channel is closed by the sandbox.
pub(crate) struct Joined {
    pub(crate) profile: String,
    pub(crate) channel: String,
    pub(crate) messages: Receiver<Utf8Bytes>,
}

impl Channels {
    /// Joins for whoever holds `authorization`; answers to data requests come only to those who may have the data. What
    /// was kept for the profile comes first.
    pub(crate) fn join(
        &self,
        profile: &str,
        authorization: TokenDigest,
        hears_data: bool,
        now: Timestamp,
    ) -> Joined {
        let (sender, messages) = mpsc::channel(WAITING);
        let channel = make_id();
        let seat = Seat {
            channel: channel.clone(),
            authorization,
            hears_data,
            messages: sender,
        };
        let mut hall = self.hall();
        hall.take_unheard(profile, &seat, now);
        hall.seats.entry(profile.to_owned()).or_default().push(seat);
        Joined {
            profile: profile.to_owned(),
            channel,
            messages,
        }
    }

    pub(crate) fn leave(&self, profile: &str, channel: &str) {
        self.keep(profile, |seat| seat.channel != channel);
    }

    /// Closes the channels that were joined with a token that is good no more.
    pub(crate) fn close(&self, profile: &str, authorization: &TokenDigest) {
        self.keep(profile, |seat| seat.authorization != *authorization);
    }

    /// Sends `data` to every joined channel of `profile`. With none, it is lost, unless it is kept for a while.
    pub(crate) fn send(&self, profile: &str, data: &Value, kept_until: Option<Timestamp>) {
        let text = Utf8Bytes::from(json!({ "data": data }).to_string());
        let is_acknowledgement = data["type"] == ACKNOWLEDGEMENT;
        let mut hall = self.hall();
        match (hall.seats.contains_key(profile), kept_until) {
            (false, Some(kept_until)) => hall.keep_unheard(Unheard {
                profile: profile.to_owned(),
                is_acknowledgement,
                text,
                kept_until,
            }),
            _ => hall.keep(profile, |seat| {
                !seat.hears(is_acknowledgement) || seat.messages.try_send(text.clone()).is_ok()
            }),
        }
    }

    fn keep(&self, profile: &str, keep: impl FnMut(&mut Seat) -> bool) {
        self.hall().keep(profile, keep);
    }

    fn hall(&self) -> MutexGuard<'_, Hall> {
        self.0.lock()
    }
}

impl Hall {
    fn keep(&mut self, profile: &str, keep: impl FnMut(&mut Seat) -> bool) {
        if let Some(joined) = self.seats.get_mut(profile) {
            joined.retain_mut(keep);
            if joined.is_empty() {
                self.seats.remove(profile);
            }
        }
    }

    fn keep_unheard(&mut self, message: Unheard) {
        if self.unheard.len() == UNHEARD {
            self.unheard.pop_front();
        }
        self.unheard.push_back(message);
    }

    fn take_unheard(&mut self, profile: &str, seat: &Seat, now: Timestamp) {
        self.unheard.retain(|message| {
            let is_theirs = message.profile == profile && seat.hears(message.is_acknowledgement);
            if is_theirs && now <= message.kept_until {
                // A new seat has room for all that is kept.
                let _ = seat.messages.try_send(message.text.clone());
            }
            !is_theirs && now <= message.kept_until
        });
    }
}

impl Seat {
    fn hears(&self, is_acknowledgement: bool) -> bool {
        self.hears_data || is_acknowledgement
    }
}
