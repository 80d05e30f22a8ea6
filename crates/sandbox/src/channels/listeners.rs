//! The joined WebSocket channels of each profile.

use std::collections::{HashMap, VecDeque};

use axum::extract::ws::Utf8Bytes;
use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::wire::tokens::{TokenDigest, generate_id};

/// How many messages may wait for a slow listener before its connection is dropped.
const WAITING: usize = 1024;

/// How many undelivered messages are kept.
const UNDELIVERED: usize = 256;

/// The type of the messages with the outcome of a command; all others are about data.
pub(crate) const ACKNOWLEDGEMENT: &str = "X-DPT-CAB-ID";

/// All joined channels, and the undelivered messages for channels that join soon.
#[derive(Default)]
pub(crate) struct Channels(Mutex<Registry>);

#[derive(Default)]
struct Registry {
    subscribers: HashMap<String, Vec<Subscriber>>,
    /// Oldest first.
    undelivered: VecDeque<Undelivered>,
}

/// A message that was sent while no channel was joined.
struct Undelivered {
    profile: String,
    is_acknowledgement: bool,
    text: Utf8Bytes,
    kept_until: Timestamp,
}

struct Subscriber {
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
    /// Joins with `authorization`; answers to data requests are sent only if `hears_data`. Undelivered messages for the
    /// profile come first.
    pub(crate) fn join(
        &self,
        profile: &str,
        authorization: TokenDigest,
        hears_data: bool,
        now: Timestamp,
    ) -> Joined {
        let (sender, messages) = mpsc::channel(WAITING);
        let channel = generate_id();
        let subscriber = Subscriber {
            channel: channel.clone(),
            authorization,
            hears_data,
            messages: sender,
        };
        let mut registry = self.registry();
        registry.take_undelivered(profile, &subscriber, now);
        registry
            .subscribers
            .entry(profile.to_owned())
            .or_default()
            .push(subscriber);
        Joined {
            profile: profile.to_owned(),
            channel,
            messages,
        }
    }

    pub(crate) fn leave(&self, profile: &str, channel: &str) {
        self.keep(profile, |subscriber| subscriber.channel != channel);
    }

    /// Closes the channels that were joined with a token that is no longer valid.
    pub(crate) fn close(&self, profile: &str, authorization: &TokenDigest) {
        self.keep(profile, |subscriber| {
            subscriber.authorization != *authorization
        });
    }

    /// Sends `data` to every joined channel of `profile`. Without any, it is kept until `kept_until`, or lost.
    pub(crate) fn send(&self, profile: &str, data: &Value, kept_until: Option<Timestamp>) {
        let text = Utf8Bytes::from(json!({ "data": data }).to_string());
        let is_acknowledgement = data["type"] == ACKNOWLEDGEMENT;
        let mut registry = self.registry();
        match (registry.subscribers.contains_key(profile), kept_until) {
            (false, Some(kept_until)) => registry.keep_undelivered(Undelivered {
                profile: profile.to_owned(),
                is_acknowledgement,
                text,
                kept_until,
            }),
            _ => registry.keep(profile, |subscriber| {
                !subscriber.hears(is_acknowledgement)
                    || subscriber.messages.try_send(text.clone()).is_ok()
            }),
        }
    }

    fn keep(&self, profile: &str, keep: impl FnMut(&mut Subscriber) -> bool) {
        self.registry().keep(profile, keep);
    }

    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.lock()
    }
}

impl Registry {
    fn keep(&mut self, profile: &str, keep: impl FnMut(&mut Subscriber) -> bool) {
        if let Some(joined) = self.subscribers.get_mut(profile) {
            joined.retain_mut(keep);
            if joined.is_empty() {
                self.subscribers.remove(profile);
            }
        }
    }

    fn keep_undelivered(&mut self, message: Undelivered) {
        if self.undelivered.len() == UNDELIVERED {
            self.undelivered.pop_front();
        }
        self.undelivered.push_back(message);
    }

    fn take_undelivered(&mut self, profile: &str, subscriber: &Subscriber, now: Timestamp) {
        self.undelivered.retain(|message| {
            let is_theirs =
                message.profile == profile && subscriber.hears(message.is_acknowledgement);
            if is_theirs && now <= message.kept_until {
                // A new seat has room for all that is kept.
                let _ = subscriber.messages.try_send(message.text.clone());
            }
            !is_theirs && now <= message.kept_until
        });
    }
}

impl Subscriber {
    fn hears(&self, is_acknowledgement: bool) -> bool {
        self.hears_data || is_acknowledgement
    }
}
