//! The use cases around the list of files: look, bring up to date, delete.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::Timestamp;
use privicore_client::operations::data_token::DeleteData;
use privicore_client::{BackOff, Error as ClientError};

use crate::catalogue::{File, FileId, FilePage, FileQuery, FileState};
use crate::deletions::{Deletion, DeletionId, UNDO_TIME};
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::listing;
use crate::missing::{
    LOOKED_FOR_AT_MOST, deleted_notice, forgetting, look_for, missing_notice, renamed_notice,
};
use crate::receipts::Receipt;
use crate::reconcile::{Expected, ListAlarm, Presence};
use crate::rows::{Change, Kind, RowId};
use crate::vault::{Inner, SignedIn, Vault};

/// Waits between questions for what became of a file.
const FIND_OUT: BackOff = BackOff {
    first: Duration::from_secs(2),
    longest: Duration::from_mins(1),
};

/// Asks for the list, less and less often, until it tells what became of a file, or the vault is gone.
async fn find_out(vault: Weak<Inner>, id: FileId) {
    for failures in 0.. {
        let draw = getrandom::u32().unwrap_or(u32::MAX / 2);
        tokio::time::sleep(FIND_OUT.wait(failures, draw)).await;
        let Some(inner) = vault.upgrade() else {
            return;
        };
        let vault = Vault { inner };
        let told = vault.refresh().await;
        let is_clear = match vault.file(&id.to_string()) {
            Ok(file) => file.state != FileState::NotConfirmed,
            Err(_) => true,
        };
        if told.is_ok() && is_clear {
            return;
        }
    }
}

impl Vault {
    /// A window of the list, from memory.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn query(&self, query: &FileQuery) -> Result<FilePage, Error> {
        Ok(self.signed_in()?.catalogue().query(query))
    }

    /// [`Vault::query`], and where some files are in the whole answer: who shows a window of the list can keep it where it is
    /// although rows come and go before it.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn query_and_follow(
        &self,
        query: &FileQuery,
        ids: &[FileId],
    ) -> Result<(FilePage, Vec<Option<usize>>), Error> {
        let signed_in = self.signed_in()?;
        let mut catalogue = signed_in.catalogue();
        Ok((catalogue.query(query), catalogue.places(query, ids)))
    }

    /// The file with this id, or with this token.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
    pub fn file(&self, id_or_token: &str) -> Result<Arc<File>, Error> {
        let signed_in = self.signed_in()?;
        let catalogue = signed_in.catalogue();
        let by_token = FileId::derive(&id_or_token.to_owned().into());
        FileId::parse(id_or_token)
            .and_then(|id| catalogue.get(id))
            .or_else(|| catalogue.get(by_token))
            .ok_or(Error::UnknownFile)
    }

    /// Asks the service for its list and compares it with what is known: files of other machines appear, those that the service
    /// does not know any more are missing. Only what this app deleted goes.
    ///
    /// # Errors
    /// [`Error::ListShrunk`] when the list is suddenly empty or at most half as long, or what the service answered; the list is
    /// then as it was.
    pub async fn refresh(&self) -> Result<(), Error> {
        self.bring_up_to_date(LOOKED_FOR_AT_MOST).await
    }

    /// Looks for `most` files by their tokens; a list of any length is taken over if all may be looked for.
    pub(crate) async fn bring_up_to_date(&self, most: usize) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let before = signed_in.catalogue().all();
        let listed = listing::fetch(&signed_in.session).await?;
        let ids: HashSet<FileId> = listed.iter().map(|file| file.id).collect();
        let mut changes = signed_in.take_out_deleted(self, &before, &ids).await?;
        let known: Vec<Arc<File>> = before
            .into_iter()
            .filter_map(|file| signed_in.catalogue().get(file.id))
            .collect();
        let expected = Expected::of(&known, &ids);
        let now = Timestamp::now();
        let alarm = expected.alarm(now).filter(|_| most < usize::MAX);
        if signed_in.set_list_alarm(alarm) {
            self.tell(Event::StatusChanged);
        }
        let rows = &signed_in.session.profile.rows;
        if let Some(ListAlarm {
            expected, listed, ..
        }) = alarm
        {
            rows.write(changes).await?;
            return Err(Error::ListShrunk { expected, listed });
        }
        changes.extend(signed_in.receipts_of_new(&known, &ids).await?);
        let mut changed = Vec::new();
        let mut found = listed;
        let mut unknown = Vec::new();
        for file in expected.absent.iter().take(most) {
            match look_for(&signed_in.session, file).await {
                Presence::Listed(listed) => found.push(*listed),
                Presence::Unknown => unknown.push(file.id),
                Presence::Known | Presence::NotTold => {}
            }
        }
        let renamed_before: HashSet<FileId> = known
            .iter()
            .filter(|file| file.at_service.renamed.is_some())
            .map(|file| file.id)
            .collect();
        let mut missing = Vec::new();
        {
            let mut catalogue = signed_in.catalogue();
            changed.extend(
                found
                    .into_iter()
                    .filter_map(|file| catalogue.merge_listed(file)),
            );
            let last_seen = signed_in.listed_at();
            let marked = unknown
                .into_iter()
                .filter_map(|id| catalogue.mark_missing(id, last_seen, now));
            missing.extend(marked);
        }
        signed_in
            .listed_at_ms
            .store(now.as_millisecond(), Ordering::Relaxed);
        for file in changed.iter().chain(&missing) {
            changes.push(rows.sealed(Kind::File, file.id.0, &file.row())?);
        }
        if !changes.is_empty() {
            rows.write(changes).await?;
            self.tell(Event::FilesChanged);
        }
        if !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|file| file.name.clone()).collect();
            self.tell(Event::Notice(missing_notice(&names)));
            self.tell(Event::FilesMissing(names.len()));
        }
        changed.retain(|file| !renamed_before.contains(&file.id));
        if let Some(notice) = renamed_notice(&changed) {
            self.tell(Event::Notice(notice));
        }
        self.settle_doubts(&signed_in);
        signed_in.tell_damage(self);
        Ok(())
    }

    /// What was not confirmed and is still listed, is there. Should it go later after all, it is this app that deleted it.
    fn settle_doubts(&self, signed_in: &SignedIn) {
        let mut catalogue = signed_in.catalogue();
        let all = catalogue.all().into_iter();
        let doubtful: Vec<Arc<File>> = all
            .filter(|file| file.state == FileState::NotConfirmed)
            .collect();
        for file in &doubtful {
            catalogue.set_state(file.id, settled_state(file));
        }
        drop(catalogue);
        if !doubtful.is_empty() {
            self.tell(Event::FilesChanged);
        }
    }

    /// Deletes files when the time to undo has passed. Until then nothing is sent.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::UnknownFile`].
    pub fn delete_later(&self, ids: &[FileId]) -> Result<Deletion, Error> {
        let signed_in = self.signed_in()?;
        let files: Option<Vec<Arc<File>>> = {
            let catalogue = signed_in.catalogue();
            ids.iter().map(|id| catalogue.get(*id)).collect()
        };
        let files = files.ok_or(Error::UnknownFile)?;
        self.show(&signed_in, ids, |_| FileState::Deleting);
        let (id, undone) = self.inner.deletions.add(ids.to_vec());
        let vault = self.clone();
        tokio::spawn(async move {
            let in_time = undone.run_until_cancelled(tokio::time::sleep(UNDO_TIME));
            if in_time.await.is_some() {
                vault.send_deletion(id).await;
            }
        });
        Ok(Deletion {
            id,
            count: files.len(),
            name: (files.len() == 1).then(|| files[0].name.clone()),
            undo_time: UNDO_TIME,
        })
    }

    /// Keeps the files after all; answers whether it was in time.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn undo_deletion(&self, id: DeletionId) -> Result<bool, Error> {
        let signed_in = self.signed_in()?;
        let Some(files) = self.inner.deletions.undo(id) else {
            return Ok(false);
        };
        self.show(&signed_in, &files, settled_state);
        Ok(true)
    }

    /// Deletes one file now. "Deleted" means that the service has accepted it; devices delete in their own time.
    ///
    /// # Errors
    /// What the service answered; the file then stays in the list, not confirmed if the answer was lost.
    pub async fn delete_now(&self, id: FileId) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let file = signed_in.catalogue().get(id).ok_or(Error::UnknownFile)?;
        self.show(&signed_in, &[id], |_| FileState::Deleting);
        // On the disk before it is sent: when the file is not listed any more, it is this app that deleted it.
        if let Err(error) = signed_in.note_deletion(id, true).await {
            self.show(&signed_in, &[id], settled_state);
            return Err(error);
        }
        let command = DeleteData {
            token: file.token.clone(),
        };
        match signed_in.session.settle(&command).await {
            Ok(_) => {
                signed_in.session.profile.rows.write(forgetting(id)).await?;
                signed_in.catalogue().forget_deleted(id);
                self.tell(Event::FilesChanged);
                Ok(())
            }
            // It was gone before: what the receipt proves is still of use.
            Err(Error::Service(ClientError::NotFound { .. })) => {
                signed_in.forget_missing(&file).await?;
                self.tell(Event::FilesChanged);
                Ok(())
            }
            Err(error) => {
                let doubtful = error.is_not_confirmed();
                if !doubtful && let Err(kept) = signed_in.note_deletion(id, false).await {
                    // What the service said comes first; the next list that has the file puts this right.
                    tracing::warn!(error = %kept, "that a file was not deleted could not be written down");
                }
                self.show(&signed_in, &[id], |file| {
                    if doubtful {
                        FileState::NotConfirmed
                    } else {
                        settled_state(file)
                    }
                });
                if doubtful {
                    let vault = Arc::downgrade(&self.inner);
                    signed_in.transfers.beside(find_out(vault, id));
                }
                Err(error)
            }
        }
    }

    async fn send_deletion(&self, id: DeletionId) {
        let mut first_error: Option<Explanation> = None;
        for file in self.inner.deletions.take(id).unwrap_or_default() {
            if let Err(error) = self.delete_now(file).await {
                first_error.get_or_insert_with(|| error.explain());
            }
        }
        self.tell(Event::DeletionEnded {
            id,
            error: first_error,
        });
    }

    fn show(&self, signed_in: &SignedIn, ids: &[FileId], state: impl Fn(&File) -> FileState) {
        let mut catalogue = signed_in.catalogue();
        for id in ids {
            if let Some(file) = catalogue.get(*id) {
                catalogue.set_state(*id, state(&file));
            }
        }
        drop(catalogue);
        self.tell(Event::FilesChanged);
    }
}

/// The state of a file that nothing is being done to.
fn settled_state(file: &File) -> FileState {
    file.settled_state()
}

impl SignedIn {
    /// Notes whether the service was asked to delete a file. Durable when this returns.
    pub(crate) async fn note_deletion(&self, id: FileId, sent: bool) -> Result<(), Error> {
        let noted = self
            .catalogue()
            .amend(id, |file| file.at_service.deletion_sent = sent);
        let Some(file) = noted else {
            return Ok(());
        };
        let rows = &self.session.profile.rows;
        let change = rows.sealed(Kind::File, id.0, &file.row())?;
        rows.write(vec![change]).await
    }

    /// Takes out what this machine deleted and the service lists no more: answers what is to be changed on the disk.
    async fn take_out_deleted(
        &self,
        vault: &Vault,
        before: &[Arc<File>],
        listed: &HashSet<FileId>,
    ) -> Result<Vec<Change>, Error> {
        let absent: Vec<&Arc<File>> = before
            .iter()
            .filter(|file| !listed.contains(&file.id))
            .collect();
        if absent.is_empty() {
            return Ok(Vec::new());
        }
        let on_disk: HashSet<RowId> = self
            .session
            .profile
            .rows
            .ids(Kind::File)
            .await?
            .into_iter()
            .collect();
        let (mut changes, mut gone) = (Vec::new(), Vec::new());
        let mut catalogue = self.catalogue();
        for file in absent {
            if !on_disk.contains(&file.id.0) {
                // Another process of this machine deleted it.
                catalogue.remove(file.id);
            } else if file.at_service.deletion_sent {
                // That the service did it was never confirmed, so that the receipt may still be of use.
                changes.extend(self.moved_to_forgotten(file)?);
                catalogue.forget(file.id);
                if file.state != FileState::Deleting {
                    gone.push(file.name.clone());
                }
            }
        }
        drop(catalogue);
        if !gone.is_empty() {
            vault.tell(Event::Notice(deleted_notice(&gone)));
        }
        Ok(changes)
    }

    /// Takes in the receipts of files that appear: another process of this machine may have stored them, or they had been
    /// forgotten. Answers what is to be changed on the disk.
    async fn receipts_of_new(
        &self,
        known: &[Arc<File>],
        listed: &HashSet<FileId>,
    ) -> Result<Vec<Change>, Error> {
        let known: HashSet<FileId> = known.iter().map(|file| file.id).collect();
        if listed.is_subset(&known) {
            return Ok(Vec::new());
        }
        let rows = &self.session.profile.rows;
        let receipts = rows.readable::<Receipt>(Kind::Receipt).await?;
        let receipts = receipts
            .into_iter()
            .map(|(id, receipt)| (FileId(id), receipt));
        let receipts = receipts.filter(|(id, _)| !known.contains(id));
        let forgotten = self.forgotten().await?;
        let mut changes = Vec::new();
        let mut back = Vec::new();
        for file in forgotten
            .into_iter()
            .filter(|file| listed.contains(&file.id))
        {
            if let Some(receipt) = file.receipt {
                changes.push(rows.sealed(Kind::Receipt, file.id.0, &receipt)?);
                changes.push(Change::Delete(Kind::Forgotten, file.id.0));
                back.push((file.id, receipt));
            }
        }
        self.catalogue().keep_receipts(receipts.chain(back));
        Ok(changes)
    }
}
