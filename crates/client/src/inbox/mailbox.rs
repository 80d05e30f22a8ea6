//! The inbox, shared between the socket that fills it and the calls that wait on it.

use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::configuration::UnclaimedLimits;
use crate::inbox::message::Message;
use crate::inbox::{Awaited, Breaks, Inbox, Ticket, WaitEvent};

/// How many events may queue for one waiter. Repeatable ones (the service is still working on it) are dropped when the
/// queue is nearly full, so that the final event always finds room.
const MAX_WAITING_EVENTS: usize = 16;

/// Cheap to clone; clones share one inbox.
#[derive(Clone)]
pub(crate) struct Mailbox(Arc<Mutex<Inbox<Sender<WaitEvent>>>>);

/// One waiter's end. Dropping it ends the wait.
pub(crate) struct Waiter {
    mailbox: Mailbox,
    ticket: Ticket,
    events: Receiver<WaitEvent>,
}

impl Mailbox {
    pub(crate) fn new(limits: UnclaimedLimits) -> Self {
        Self(Arc::new(Mutex::new(Inbox::new(limits))))
    }

    pub(crate) fn breaks(&self) -> Breaks {
        self.lock().breaks()
    }

    pub(crate) fn wait_for(&self, awaited: Awaited) -> Waiter {
        let asked = self.breaks();
        self.wait_for_asked(awaited, asked)
    }

    /// Waits for what was requested when `asked` connections had broken.
    pub(crate) fn wait_for_asked(&self, awaited: Awaited, asked: Breaks) -> Waiter {
        let (sender, events) = channel(MAX_WAITING_EVENTS);
        let mut inbox = self.lock();
        let (ticket, missed) = inbox.wait_for(awaited, asked, sender, Instant::now());
        notify(missed);
        drop(inbox);
        Waiter {
            mailbox: self.clone(),
            ticket,
            events,
        }
    }

    pub(crate) fn deliver(&self, message: Message) {
        let mut inbox = self.lock();
        notify(inbox.deliver(message, Instant::now()));
    }

    pub(crate) fn disconnected(&self) {
        let mut inbox = self.lock();
        notify(inbox.disconnected());
    }

    pub(crate) fn rejoined(&self) {
        let mut inbox = self.lock();
        notify(inbox.rejoined());
    }

    pub(crate) fn close(&self) {
        let mut inbox = self.lock();
        notify(inbox.close());
    }

    fn lock(&self) -> MutexGuard<'_, Inbox<Sender<WaitEvent>>> {
        self.0.lock()
    }
}

/// Runs while the inbox is locked, so that events arrive in order.
fn notify(events: Vec<(Sender<WaitEvent>, WaitEvent)>) {
    for (waiter, event) in events {
        let may_be_repeated = matches!(
            event,
            WaitEvent::Pending | WaitEvent::PollNow | WaitEvent::Unannounced(_)
        );
        if may_be_repeated && waiter.capacity() <= 2 {
            continue;
        }
        // The waiter may be gone.
        let _ = waiter.try_send(event);
    }
}

impl Waiter {
    /// After a final event there is only [`WaitEvent::Closed`].
    pub(crate) async fn next_event(&mut self) -> WaitEvent {
        self.events.recv().await.unwrap_or(WaitEvent::Closed)
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.mailbox.lock().forget(self.ticket);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Configuration;
    use crate::identifier::CommandId;
    use crate::inbox::message::Outcome;
    use crate::server_urls::ServerUrls;

    #[tokio::test]
    async fn repeated_events_are_dropped_when_the_queue_is_full_and_the_final_one_is_kept() {
        let here = "http://127.0.0.1:1";
        let servers = ServerUrls::parse(here, "ws://127.0.0.1:1", here, here).unwrap();
        let mailbox = Mailbox::new(Configuration::new(servers).unclaimed);
        let command = CommandId::from("c-1");
        let mut waiter = mailbox.wait_for(Awaited::Command(command.clone()));
        let say = |outcome| {
            mailbox.deliver(Message::Ack {
                command: command.clone(),
                outcome,
            });
        };
        (0..10_000).for_each(|_| say(Outcome::Pending));
        say(Outcome::Succeeded);
        let mut heard = Vec::new();
        loop {
            match waiter.next_event().await {
                WaitEvent::Closed => break,
                event => heard.push(event),
            }
        }
        assert!(heard.len() <= MAX_WAITING_EVENTS);
        assert_eq!(heard.last(), Some(&WaitEvent::Succeeded));
    }
}
