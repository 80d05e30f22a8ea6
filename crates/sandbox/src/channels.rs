//! Who listens on the WebSocket: the joined channels of each profile.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::tokens::{TokenDigest, make_id};

/// How many messages may wait for a slow listener before its connection is dropped.
const WAITING: usize = 1024;

/// The kind of message that says what became of a command; all others are about data.
pub(crate) const ACKNOWLEDGEMENT: &str = "X-DPT-CAB-ID";

/// All joined channels.
#[derive(Default)]
pub(crate) struct Channels(Mutex<HashMap<String, Vec<Seat>>>);

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
    /// Joins for whoever holds `authorization`; answers to data requests come only to those who may have the data.
    pub(crate) fn join(
        &self,
        profile: &str,
        authorization: TokenDigest,
        hears_data: bool,
    ) -> Joined {
        let (sender, messages) = mpsc::channel(WAITING);
        let channel = make_id();
        let seat = Seat {
            channel: channel.clone(),
            authorization,
            hears_data,
            messages: sender,
        };
        self.seats()
            .entry(profile.to_owned())
            .or_default()
            .push(seat);
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

    /// Sends `data` to every joined channel of `profile`; with none, it is lost, as on the service.
    pub(crate) fn send(&self, profile: &str, data: &Value) {
        let text = Utf8Bytes::from(json!({ "data": data }).to_string());
        let is_acknowledgement = data["type"] == ACKNOWLEDGEMENT;
        self.keep(profile, |seat| {
            !(seat.hears_data || is_acknowledgement) || seat.messages.try_send(text.clone()).is_ok()
        });
    }

    fn keep(&self, profile: &str, keep: impl FnMut(&mut Seat) -> bool) {
        let mut seats = self.seats();
        if let Some(joined) = seats.get_mut(profile) {
            joined.retain_mut(keep);
            if joined.is_empty() {
                seats.remove(profile);
            }
        }
    }

    fn seats(&self) -> MutexGuard<'_, HashMap<String, Vec<Seat>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
