//! Polls that a person started: remembered in sealed rows, so that they can be looked at after a lock or a restart.

use jiff::Timestamp;
use privicore_client::operations::voting::CreateVoting;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::store::rows::{Change, Kind, RowId, Rows};
use crate::vault::Vault;

/// So many are remembered; with one more the oldest is forgotten.
const REMEMBERED: usize = 50;

/// A poll that was started on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct StartedPoll {
    id: String,
    at: Timestamp,
}

impl Vault {
    /// Asks those of a voting configuration a question of one's own; answers the poll's id. That it cannot be
    /// remembered here does not undo it.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or what the service answered.
    pub async fn start_poll(
        &self,
        configuration: &str,
        title: &str,
        question: &str,
    ) -> Result<String, Error> {
        let signed_in = self.signed_in()?;
        let poll = CreateVoting {
            voting_configuration_id: configuration.to_owned(),
            question: question.trim().to_owned(),
            title: title.trim().to_owned(),
            skip_authenticator_devices: Vec::new(),
            nonce: None,
        };
        let id = signed_in.session.call(&poll).await?.as_str().to_owned();
        let started = StartedPoll {
            id: id.clone(),
            at: Timestamp::now(),
        };
        let remembering = async {
            let _guard = self.guard().await?;
            remember(&signed_in.session.profile.rows, started).await
        };
        if let Err(error) = remembering.await {
            tracing::warn!(%error, "a poll that was started is not remembered");
        }
        Ok(id)
    }

    /// The ids of the polls that were started on this machine, the first one first.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], or that the rows could not be read.
    pub async fn started_polls(&self) -> Result<Vec<String>, Error> {
        let signed_in = self.signed_in()?;
        let started = remembered(&signed_in.session.profile.rows).await?;
        Ok(started.into_iter().map(|poll| poll.id).collect())
    }
}

/// In the order in which they were started. A damaged row is no reason to hide the others.
async fn remembered(rows: &Rows) -> Result<Vec<StartedPoll>, Error> {
    let rows = rows.readable::<StartedPoll>(Kind::Poll).await?;
    let mut started: Vec<StartedPoll> = rows.into_iter().map(|(_, poll)| poll).collect();
    started.sort_by_key(|poll| poll.at);
    Ok(started)
}

async fn remember(rows: &Rows, started: StartedPoll) -> Result<(), Error> {
    let mut changes = vec![rows.sealed(Kind::Poll, row_id(&started.id), &started)?];
    let before = remembered(rows).await?;
    let too_many = (before.len() + 1).saturating_sub(REMEMBERED);
    let forgotten = before.iter().take(too_many);
    changes.extend(forgotten.map(|poll| Change::Delete(Kind::Poll, row_id(&poll.id))));
    rows.write(changes).await
}

fn row_id(poll: &str) -> RowId {
    let digest = blake3::derive_key("privicore desktop started poll id v1", poll.as_bytes());
    let mut id = RowId::default();
    id.copy_from_slice(&digest[..16]);
    id
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use privicore_envelope::RecordKey;

    use super::*;

    #[tokio::test]
    async fn the_oldest_is_forgotten_when_there_are_too_many() {
        let folder = tempfile::tempdir().unwrap();
        let rows = Rows::open(&folder.path().join("rows.db"), RecordKey::generate()).unwrap();
        for number in 0..REMEMBERED + 2 {
            let minutes = i64::try_from(number).unwrap();
            let poll = StartedPoll {
                id: format!("poll {number}"),
                at: Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes),
            };
            remember(&rows, poll).await.unwrap();
        }
        let kept = remembered(&rows).await.unwrap();
        assert_eq!(kept.len(), REMEMBERED);
        assert_eq!(kept[0].id, "poll 2");
        assert_eq!(kept[REMEMBERED - 1].id, format!("poll {}", REMEMBERED + 1));
    }
}
