//! The use cases around the list of files: look, bring up to date, delete.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::Timestamp;
use privicore_client::operations::data_token::DeleteData;
use privicore_client::{BackOff, Error as ClientError};

use crate::catalogue::{Catalogue, File, FileId, FilePage, FileQuery, FileState, TokenAnswer};
use crate::deletions::{Deletion, DeletionId, UNDO_TIME};
use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::listing;
use crate::missing::{
    LOOKED_FOR_AT_MOST, deleted_notice, forgetting, look_for, missing_notice,
    not_looked_for_notice, renamed_notice,
};
use crate::receipts::Receipt;
use crate::reconcile::{Expected, Presence};
use crate::rows::{Change, Kind};
use crate::session::Session;
use crate::vault::{Inner, SignedIn, Vault};

/// Waits between questions for what became of a file.
const FIND_OUT: BackOff = BackOff {
    first: Duration::from_secs(2),
    longest: Duration::from_mins(1),
};

/// So many files in a row whose token gets no answer end the looking for this time.
const SILENT_AT_MOST: usize = 3;

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
        let doubtful = doubtful(&before);
        let mut listed = listing::fetch(&signed_in.session).await?;
        let ids: HashSet<FileId> = listed.iter().map(|file| file.id).collect();
        let Removed {
            mut changes,
            mut is_changed,
            elsewhere,
        } = signed_in.take_out_deleted(self, &before, &ids).await?;
        // The list may have been on its way when they were deleted.
        listed.retain(|file| !elsewhere.contains(&file.id));
        let known: Vec<Arc<File>> = before
            .into_iter()
            .filter_map(|file| signed_in.catalogue().get(file.id))
            .collect();
        let expected = Expected::of(&known, &ids);
        let now = Timestamp::now();
        let alarm = expected.alarm(now).filter(|_| most < usize::MAX);
        if signed_in.set_list_alarm(alarm).await? {
            self.tell(Event::StatusChanged);
        }
        let rows = &signed_in.session.profile.rows;
        if let Some(alarm) = alarm {
            rows.write(changes).await?;
            if is_changed {
                self.tell(Event::FilesChanged);
            }
            return Err(alarm.into());
        }
        changes.extend(signed_in.receipts_of_new(&known, &ids).await?);
        let looked = Looked::for_absent(&signed_in.session, &expected.absent, most, now).await;
        let renamed_before: HashSet<FileId> = known
            .iter()
            .filter(|file| file.at_service.renamed.is_some())
            .map(|file| file.id)
            .collect();
        let (posted, mut changed, missing) = {
            let mut catalogue = signed_in.catalogue();
            let last_seen = signed_in.listed_at();
            let mut touched = HashSet::new();
            let mut changed = Vec::new();
            let mut clear = |catalogue: &mut Catalogue, id| {
                if catalogue.settle_doubt(id, doubtful.get(&id).copied()) {
                    touched.insert(id);
                }
            };
            for file in listed.into_iter().chain(looked.found) {
                let id = file.id;
                changed.extend(catalogue.merge_listed(file));
                clear(&mut catalogue, id);
            }
            let unlisted = looked.answered.into_iter();
            changed
                .extend(unlisted.filter_map(|(id, answer)| {
                    catalogue.mark_unlisted(id, answer, last_seen, now)
                }));
            let missing: Vec<Arc<File>> = looked
                .unknown
                .into_iter()
                .filter_map(|id| catalogue.mark_missing(id, last_seen, now))
                .collect();
            touched.extend(changed.iter().chain(&missing).map(|file| file.id));
            is_changed |= !touched.is_empty();
            for id in touched {
                if let Some(file) = catalogue.get(id) {
                    changes.push(rows.sealed(Kind::File, id.0, &file.row())?);
                }
            }
            // Posted while nothing else can change a file: the last change is the last on the disk.
            let posted = (!changes.is_empty()).then(|| rows.post(changes));
            (posted, changed, missing)
        };
        signed_in
            .listed_at_ms
            .store(now.as_millisecond(), Ordering::Relaxed);
        let written = match posted {
            None => Ok(()),
            Some(posted) => posted.written().await,
        };
        if is_changed {
            self.tell(Event::FilesChanged);
        }
        written?;
        changed.retain(|file| !renamed_before.contains(&file.id));
        self.tell_of_list(&signed_in, &missing, &changed, looked.left);
        signed_in.tell_damage(self);
        Ok(())
    }

    /// Tells what a person has to know of a list that was taken over.
    fn tell_of_list(
        &self,
        signed_in: &SignedIn,
        missing: &[Arc<File>],
        changed: &[Arc<File>],
        not_looked_for: usize,
    ) {
        if !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|file| file.name.clone()).collect();
            self.tell(Event::Notice(missing_notice(&names)));
            self.tell(Event::FilesMissing(names.len()));
        }
        let known = &signed_in.not_looked_for;
        let before = known.swap(not_looked_for, Ordering::Relaxed);
        if not_looked_for > 0 && before != not_looked_for {
            self.tell(Event::Notice(not_looked_for_notice(not_looked_for)));
        }
        if let Some(notice) = renamed_notice(changed) {
            self.tell(Event::Notice(notice));
        }
    }

    /// How many files the last list left out that have not been looked for yet.
    ///
    /// # Errors
    /// [`Error::SignedOut`].
    pub fn not_looked_for(&self) -> Result<usize, Error> {
        Ok(self.signed_in()?.not_looked_for.load(Ordering::Relaxed))
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
        let file = signed_in.catalogue().with_token(id)?;
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

/// The files whose deletion was sent and has ended without a clear outcome, with how often it was sent: a list that is asked for
/// from now on tells whether they are still there.
fn doubtful(files: &[Arc<File>]) -> HashMap<FileId, u32> {
    let doubtful = files.iter().filter(|file| {
        file.state != FileState::Deleting
            && (file.at_service.deletion_sent || file.state == FileState::NotConfirmed)
    });
    doubtful
        .map(|file| (file.id, file.at_service.deletions))
        .collect()
}

/// What came of looking for files that a list left out.
#[derive(Default)]
struct Looked {
    found: Vec<File>,
    unknown: Vec<FileId>,
    answered: Vec<(FileId, TokenAnswer)>,
    /// How many could be asked for and were not.
    left: usize,
}

impl Looked {
    /// Those that were never asked for come first. A service that does not answer is not asked for all of them.
    async fn for_absent(
        session: &Session,
        absent: &[Arc<File>],
        most: usize,
        now: Timestamp,
    ) -> Self {
        let is_asked_by_user = most == usize::MAX;
        let mut looked = Self::default();
        let (mut due, waiting): (Vec<_>, Vec<_>) = absent
            .iter()
            .partition(|file| is_asked_by_user || file.at_service.may_ask(now));
        due.sort_by_key(|file| {
            file.at_service
                .unlisted
                .and_then(|unlisted| unlisted.asked_at)
        });
        let mut silent = 0;
        for file in due {
            if looked.asked() >= most || silent >= SILENT_AT_MOST {
                looked.left += 1;
                looked.answered.push((file.id, TokenAnswer::NotAsked));
                continue;
            }
            let presence = look_for(session, file).await;
            silent = match presence {
                Presence::NotTold if file.has_token() => silent + 1,
                Presence::NotTold => silent,
                Presence::Listed(_) | Presence::Unknown | Presence::Accepted => 0,
            };
            looked.take(file.id, presence);
        }
        let waiting = waiting.into_iter();
        looked
            .answered
            .extend(waiting.map(|file| (file.id, TokenAnswer::NotAsked)));
        looked
    }

    fn take(&mut self, id: FileId, presence: Presence) {
        match presence {
            Presence::Listed(file) => self.found.push(*file),
            Presence::Unknown => self.unknown.push(id),
            Presence::Accepted => self.answered.push((id, TokenAnswer::Accepted)),
            Presence::NotTold => self.answered.push((id, TokenAnswer::CouldNotAsk)),
        }
    }

    fn asked(&self) -> usize {
        self.found.len() + self.unknown.len() + self.answered.len() - self.left
    }
}

/// What is off the list since the service does not list it.
struct Removed {
    changes: Vec<Change>,
    is_changed: bool,
    /// Another process of this machine deleted them.
    elsewhere: HashSet<FileId>,
}

impl SignedIn {
    /// Notes whether the service was asked to delete a file. Durable when this returns.
    pub(crate) async fn note_deletion(&self, id: FileId, sent: bool) -> Result<(), Error> {
        let posted = {
            let mut catalogue = self.catalogue();
            let noted = catalogue.amend(id, |file| {
                file.at_service.deletion_sent = sent;
                file.at_service.deletions += u32::from(sent);
            });
            let Some(file) = noted else {
                return Ok(());
            };
            let rows = &self.session.profile.rows;
            rows.post(vec![rows.sealed(Kind::File, id.0, &file.row())?])
        };
        posted.written().await
    }

    /// Takes out what this machine deleted and the service lists no more: answers what is to be changed on the disk.
    async fn take_out_deleted(
        &self,
        vault: &Vault,
        before: &[Arc<File>],
        listed: &HashSet<FileId>,
    ) -> Result<Removed, Error> {
        let rows = &self.session.profile.rows;
        let mut on_disk = HashSet::new();
        // A row that is lost while its receipt is there was damaged, not deleted.
        for kind in [Kind::File, Kind::Receipt] {
            on_disk.extend(rows.ids(kind).await?);
        }
        let (mut changes, mut gone) = (Vec::new(), Vec::new());
        let mut elsewhere = HashSet::new();
        let mut is_changed = false;
        let mut catalogue = self.catalogue();
        for file in before {
            if !on_disk.contains(&file.id.0) {
                // Another process of this machine deleted it.
                catalogue.remove(file.id);
                elsewhere.insert(file.id);
                is_changed = true;
            } else if file.at_service.deletion_sent && !listed.contains(&file.id) {
                // That the service did it was never confirmed, so that the receipt may still be of use.
                changes.extend(self.moved_to_forgotten(file)?);
                catalogue.forget(file.id);
                is_changed = true;
                if file.state != FileState::Deleting {
                    gone.push(file.name.clone());
                }
            }
        }
        drop(catalogue);
        if !gone.is_empty() {
            vault.tell(Event::Notice(deleted_notice(&gone)));
        }
        Ok(Removed {
            changes,
            is_changed,
            elsewhere,
        })
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
            changes.push(Change::Delete(Kind::Forgotten, file.id.0));
            if let Some(receipt) = file.receipt {
                changes.push(rows.sealed(Kind::Receipt, file.id.0, &receipt)?);
                back.push((file.id, receipt));
            }
        }
        self.catalogue().keep_receipts(receipts.chain(back));
        Ok(changes)
    }
}
