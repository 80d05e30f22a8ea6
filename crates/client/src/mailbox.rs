//! The inbox, shared between the socket that fills it and the calls that wait on it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::configuration::ShelfLimits;
use crate::inbox::{Awaited, Breaks, Inbox, News, Ticket};
use crate::message::Message;

/// Cheap to clone; all clones are one mailbox.
#[derive(Clone)]
pub(crate) struct Mailbox(Arc<Mutex<Inbox<UnboundedSender<News>>>>);

/// One waiter's end. Dropping it ends the wait.
pub(crate) struct Waiter {
    mailbox: Mailbox,
    ticket: Ticket,
    news: UnboundedReceiver<News>,
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
        let (sender, news) = unbounded_channel();
        let (ticket, told) = self.lock().wait_for(awaited, asked, sender, Instant::now());
        tell(told);
        Waiter {
            mailbox: self.clone(),
            ticket,
            news,
        }
    }

    pub(crate) fn deliver(&self, message: Message) {
        let told = self.lock().deliver(message, Instant::now());
        tell(told);
    }

    pub(crate) fn disconnected(&self) {
        let told = self.lock().disconnected();
        tell(told);
    }

    pub(crate) fn rejoined(&self) {
        let told = self.lock().rejoined();
        tell(told);
    }

    pub(crate) fn close(&self) {
        let told = self.lock().close();
        tell(told);
    }

    fn lock(&self) -> MutexGuard<'_, Inbox<UnboundedSender<News>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(told: Vec<(UnboundedSender<News>, News)>) {
    for (waiter, news) in told {
        // A waiter that is gone no longer wants to know.
        let _ = waiter.send(news);
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
