//! Transfers that a run of the app left undone: looked at, and given up, without going on with them.

use std::path::PathBuf;
use std::sync::Arc;

use crate::download::destination::remove_leftover;
use crate::error::{Error, Explanation, TransferError};
use crate::store::rows::{Change, Kind, TicketId};
use crate::system::blocking::blocking;
use crate::transfers::Direction;
use crate::transfers::tickets::{Job, Rest, Ticket};
use crate::vault::{SignedIn, Vault};

/// A transfer that was left undone, and that [`Vault::resume_interrupted`] goes on with.
#[derive(Clone, Debug)]
pub struct InterruptedTransfer {
    /// Names it for as long as it is kept.
    pub id: String,
    pub direction: Direction,
    pub name: String,
    /// The folder it has in the list; empty for none.
    pub folder: String,
    /// The label it is stored under.
    pub context: String,
    /// Where it is being saved.
    pub target: Option<PathBuf>,
    /// How it failed, if it was left because of that.
    pub error: Option<Explanation>,
}

impl Vault {
    /// The transfers that runs of the app left undone, in their order. Those of a run that goes on are not among them.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or the local records cannot be read.
    pub async fn interrupted(&self) -> Result<Vec<InterruptedTransfer>, Error> {
        let signed_in = self.signed_in()?;
        let mut left = signed_in.left_undone().await?;
        left.sort_by_key(|(_, ticket)| ticket.order);
        Ok(left.into_iter().map(shown).collect())
    }

    /// Gives up a transfer that was left undone: it is not gone on with, and what it left half written is removed. What
    /// the service has of it already stays there.
    ///
    /// # Errors
    /// [`TransferError::Unknown`], [`crate::SessionError::SignedOut`], or the local records cannot be written.
    pub async fn drop_interrupted(&self, id: &str) -> Result<InterruptedTransfer, Error> {
        let signed_in = self.signed_in()?;
        let run = Arc::clone(&signed_in.run);
        // Nobody takes it over meanwhile.
        let guard = blocking(move || run.guard()).await?;
        let left = signed_in.left_undone().await?;
        let mut named = left
            .into_iter()
            .filter(|(ticket, _)| hex::encode(ticket) == id);
        let (ticket_id, ticket) = named.next().ok_or(TransferError::Unknown)?;
        let rows = &signed_in.session.profile.rows;
        rows.write(vec![Change::Delete(Kind::Ticket, ticket_id)])
            .await?;
        blocking(move || {
            if let Job::Download(download) = &ticket.job {
                remove_leftover(&download.target, &ticket_id);
            }
            drop(guard);
            Ok(shown((ticket_id, ticket)))
        })
        .await
    }
}

impl SignedIn {
    async fn left_undone(&self) -> Result<Vec<(TicketId, Ticket)>, Error> {
        let rows = &self.session.profile.rows;
        let mut tickets: Vec<(TicketId, Ticket)> = rows.readable(Kind::Ticket).await?;
        let run = Arc::clone(&self.run);
        blocking(move || {
            tickets.retain(|(_, ticket)| run.has_ended(&ticket.run));
            Ok(tickets)
        })
        .await
    }
}

fn shown((id, ticket): (TicketId, Ticket)) -> InterruptedTransfer {
    InterruptedTransfer {
        id: hex::encode(id),
        direction: ticket.job.direction(),
        target: ticket.job.target(),
        name: ticket.name,
        folder: ticket.folder,
        context: ticket.context,
        error: match ticket.rest {
            Rest::None | Rest::Paused => None,
            Rest::Failed(error) => Some(error),
        },
    }
}
