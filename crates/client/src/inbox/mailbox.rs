//! The inbox, shared between the socket that fills it and the calls that wait on it.

use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::configuration::ShelfLimits;
use crate::inbox::message::Message;
use crate::inbox::{Awaited, Breaks, Inbox, News, Ticket};

/// So much news may wait for one who waits. What is told again and again (that the service is still at it) is left out when it is not
/// taken in; the last word always finds room.
const MOST_NEWS: usize = 16;

/// Cheap to clone; all clones are one mailbox.
#[derive(Clone)]
pub(crate) struct Mailbox(Arc<Mutex<Inbox<Sender<News>>>>);

/// One waiter's end. Dropping it ends the wait.
pub(crate) struct Waiter {
    mailbox: Mailbox,
    ticket: Ticket,
    news: Receiver<News>,
}

impl Mailbox {
    pub(crate) fn new(limits: ShelfLimits) -> Self {
        Self(Arc::new(Mutex::new(Inbox::new(limits))))
    }

    pub(crate) fn breaks(&self) -> Breaks {
        self.lock().breaks()
    }

    pub(crate) fn wait_for(&self, awaited: Awaited) -> Waiter {
        let asked = self.breaks();
        self.wait_for_asked(awaited, asked)
    }

    /// Waits for what was asked for when so many connections had broken.
    pub(crate) fn wait_for_asked(&self, awaited: Awaited, asked: Breaks) -> Waiter {
        let (sender, news) = channel(MOST_NEWS);
        let mut inbox = self.lock();
        let (ticket, told) = inbox.wait_for(awaited, asked, sender, Instant::now());
        tell(told);
        drop(inbox);
        Waiter {
            mailbox: self.clone(),
            ticket,
            news,
        }
    }

    pub(crate) fn deliver(&self, message: Message) {
        let mut inbox = self.lock();
        tell(inbox.deliver(message, Instant::now()));
    }

    pub(crate) fn disconnected(&self) {
        let mut inbox = self.lock();
        tell(inbox.disconnected());
    }

    pub(crate) fn rejoined(&self) {
        let mut inbox = self.lock();
        tell(inbox.rejoined());
    }

    pub(crate) fn close(&self) {
        let mut inbox = self.lock();
        tell(inbox.close());
    }

    fn lock(&self) -> MutexGuard<'_, Inbox<Sender<News>>> {
        self.0.lock()
    }
}

/// Is done while the inbox is held, so that news arrives in its order.
fn tell(told: Vec<(Sender<News>, News)>) {
    for (waiter, news) in told {
        let may_be_repeated = matches!(news, News::Pending | News::PollNow | News::Unannounced(_));
        if may_be_repeated && waiter.capacity() <= 2 {
            continue;
        }
        // A waiter that is gone no longer wants to know.
        let _ = waiter.try_send(news);
    }
}

impl Waiter {
    /// The next news. After a last word there is only [`News::Closed`].
    pub(crate) async fn news(&mut self) -> News {
        self.news.recv().await.unwrap_or(News::Closed)
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
    use crate::endpoints::Endpoints;
    use crate::identifier::CommandId;
    use crate::inbox::message::Outcome;

    #[tokio::test]
    async fn news_without_end_is_left_out_and_the_last_word_is_not() {
        let here = "http://127.0.0.1:1";
        let endpoints = Endpoints::parse(here, "ws://127.0.0.1:1", here, here).unwrap();
        let mailbox = Mailbox::new(Configuration::new(endpoints).shelf);
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
            match waiter.news().await {
                News::Closed => break,
                news => heard.push(news),
            }
        }
        assert!(heard.len() <= MOST_NEWS);
        assert_eq!(heard.last(), Some(&News::Succeeded));
    }
}
