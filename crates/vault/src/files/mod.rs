//! The use cases around the list of files: look, bring up to date, delete.

pub(crate) mod catalogue;
pub(crate) mod deletions;
pub(crate) mod file;
pub(crate) mod file_id;
pub(crate) mod file_state;
pub(crate) mod list_pages;
pub(crate) mod listing;
pub(crate) mod on_disk;
pub(crate) mod order;
pub(crate) mod query;
pub(crate) mod token_code;

use std::collections::{HashMap, HashSet};
use std::future::ready;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::Timestamp;
use privicore_client::operations::data_token::DeleteData;
use privicore_client::operations::utility::{CommandState, CommandStatus};
use privicore_client::{BackOff, CommandId, Error as ClientError};

use crate::error::{Error, Explanation};
use crate::events::Event;
use crate::files::catalogue::Catalogue;
use crate::files::deletions::{Deletion, DeletionId, Sent, UNDO_TIME};
use crate::files::file::{File, TokenAnswer};
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk::{Since, forgetting};
use crate::files::query::{FilePage, FileQuery};
use crate::receipts::missing::{
    LOOKED_FOR_AT_MOST, deleted_notice, look_for, missing_notice, not_looked_for_notice,
    renamed_notice,
};
use crate::receipts::reconcile::{Expected, Presence, StandingAlarm};
use crate::session::Session;
use crate::store::rows::Change;
use crate::store::runs::RunId;
use crate::system::blocking::blocking;
use crate::vault::{Inner, SignedIn, Vault};

/// Waits between questions for what became of a file.
const FIND_OUT: BackOff = BackOff {
    first: Duration::from_secs(2),
    longest: Duration::from_mins(1),
};

/// So many files in a row whose token gets no answer end the looking for this time.
const SILENT_AT_MOST: usize = 3;

/// Asks for the list, less and less often, until it is clear what became of some files, or the vault is gone.
pub(crate) async fn find_out(vault: Weak<Inner>, ids: Vec<FileId>) {
    for failures in 0.. {
        let draw = getrandom::u32().unwrap_or(u32::MAX / 2);
        tokio::time::sleep(FIND_OUT.wait(failures, draw)).await;
        let Some(inner) = vault.upgrade() else {
            return;
        };
        let vault = Vault { inner };
        let told = vault.refresh().await;
        let is_clear = |id: &FileId| match vault.file(&id.to_string()) {
            Ok(file) => {
                let is_open = file.at_service.open_deletion().is_some();
                file.state != FileState::NotConfirmed && !is_open
            }
            Err(_) => true,
        };
        if told.is_ok() && ids.iter().all(is_clear) {
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
        self.bring_up_to_date(LOOKED_FOR_AT_MOST, None).await
    }

    /// Looks for `most` files by their tokens. A list that is suddenly shorter is taken over if only files that the `accepted`
    /// alarm tells are not in it.
    pub(crate) async fn bring_up_to_date(
        &self,
        most: usize,
        accepted: Option<&StandingAlarm>,
    ) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others(self).await?;
        let before = signed_in.catalogue().all();
        let mut deciding = signed_in.deciding(&before).await?;
        deciding.extend(self.held_deletions(&signed_in, &before, &deciding).await?);
        let doubtful = doubtful(&before, &deciding);
        let mut listed = listing::fetch(&signed_in.session).await?;
        let ids: HashSet<FileId> = listed.iter().map(|file| file.id).collect();
        signed_in.take_in_others(self).await?;
        let known: Vec<Arc<File>> = {
            let catalogue = signed_in.catalogue();
            let known = before.iter().filter_map(|file| catalogue.get(file.id));
            known.collect()
        };
        let kept: HashSet<FileId> = known.iter().map(|file| file.id).collect();
        let mut gone: HashSet<FileId> = before.iter().map(|file| file.id).collect();
        gone.retain(|id| !kept.contains(id));
        // The list may have been on its way when another process deleted them.
        listed.retain(|file| !gone.contains(&file.id));
        let expected = Expected::of(&known, &ids);
        let now = Timestamp::now();
        let alarm = expected.alarm(now, accepted);
        if signed_in
            .set_list_alarm(alarm, &expected.newly_absent)
            .await?
        {
            self.tell(Event::StatusChanged);
        }
        if let Some(alarm) = alarm {
            return Err(alarm.into());
        }
        deciding.extend(signed_in.deciding(&known).await?);
        let taking_out = signed_in.take_out_deleted(self, &known, &ids, &deciding);
        taking_out.await?;
        let mut is_changed = false;
        let mut changes = signed_in.back_from_forgotten(&kept, &ids).await?;
        let rows = &signed_in.session.profile.rows;
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
            let mut settled = HashSet::new();
            let mut changed = Vec::new();
            let mut clear = |catalogue: &mut Catalogue, id| {
                if catalogue.settle_doubt(id, doubtful.get(&id).copied()) {
                    settled.insert(id);
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
            touched.extend(&settled);
            touched.extend(changed.iter().chain(&missing).map(|file| file.id));
            is_changed |= !touched.is_empty();
            for file in touched.into_iter().filter_map(|id| catalogue.get(id)) {
                let since = if kept.contains(&file.id) {
                    Since::Before
                } else {
                    Since::Now
                };
                let ends_doubt = settled.contains(&file.id);
                changes.push(on_disk::kept(&file, since, ends_doubt));
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
        let deciding = Sent::Deciding(signed_in.run.id);
        if let Err(error) = signed_in.note_deletion(id, deciding).await {
            self.show(&signed_in, &[id], settled_state);
            return Err(error);
        }
        let command = DeleteData {
            token: file.token.clone(),
        };
        let settled = async {
            let accepted = signed_in.session.accept(&command).await?;
            // A vote may hold it for longer than the app is open.
            let sent = Sent::Accepted(signed_in.run.id, accepted.as_str().to_owned());
            if let Err(error) = signed_in.note_deletion(id, sent).await {
                tracing::warn!(%error, "the command of a deletion could not be written down");
            }
            let session = &signed_in.session;
            session.await_outcome(&accepted, || ready(())).await
        };
        match settled.await {
            Ok(()) => {
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
                let sent = if doubtful { Sent::InDoubt } else { Sent::Not };
                if let Err(kept) = signed_in.note_deletion(id, sent).await {
                    // What the service said comes first; the next list that has the file puts this right.
                    tracing::warn!(error = %kept, "what became of a deletion could not be written down");
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
                    signed_in.transfers.beside(find_out(vault, vec![id]));
                }
                Err(error)
            }
        }
    }

    /// Asks what became of deletions that an earlier run of the app, or the time before a lock, has left open. Answers those that
    /// are not decided yet: a list that has their files does not say that they will stay.
    async fn held_deletions(
        &self,
        signed_in: &SignedIn,
        files: &[Arc<File>],
        deciding: &HashSet<FileId>,
    ) -> Result<HashSet<FileId>, Error> {
        let mut held = HashSet::new();
        let left = files.iter().filter(|file| !deciding.contains(&file.id));
        for file in left {
            let Some(command) = file.at_service.open_deletion() else {
                continue;
            };
            let command_id = CommandId::from(command.clone());
            match signed_in.session.call(&CommandStatus { command_id }).await {
                Ok(CommandState::Running | CommandState::Accepted) => {
                    self.show(signed_in, &[file.id], |_| FileState::NotConfirmed);
                    held.insert(file.id);
                }
                Ok(CommandState::Succeeded) => {
                    let changes = forgetting(file.id);
                    signed_in.session.profile.rows.write(changes).await?;
                    signed_in.catalogue().forget_deleted(file.id);
                    self.tell(Event::FilesChanged);
                }
                Ok(CommandState::Failed { .. }) => {
                    signed_in.note_deletion(file.id, Sent::Not).await?;
                    self.show(signed_in, &[file.id], settled_state);
                }
                // The list decides, as for a deletion whose answer was lost.
                Ok(CommandState::Unknown)
                | Err(Error::Service(
                    ClientError::Invalid { .. }
                    | ClientError::NotFound { .. }
                    | ClientError::Refused {
                        status: 400..=499 | 501,
                        ..
                    },
                )) => {}
                // It is asked again with the next list.
                Err(_) => {
                    held.insert(file.id);
                }
            }
        }
        Ok(held)
    }

    /// Follows the deletions that were left open until it is clear what became of them.
    pub(crate) fn follow_deletions(&self, signed_in: &SignedIn) {
        let files = signed_in.catalogue().all();
        let is_open = |file: &&Arc<File>| file.at_service.open_deletion().is_some();
        let open: Vec<FileId> = files.iter().filter(is_open).map(|file| file.id).collect();
        if !open.is_empty() {
            let vault = Arc::downgrade(&self.inner);
            signed_in.transfers.beside(find_out(vault, open));
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
fn doubtful(files: &[Arc<File>], deciding: &HashSet<FileId>) -> HashMap<FileId, u32> {
    let doubtful = files.iter().filter(|file| {
        !deciding.contains(&file.id)
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

impl SignedIn {
    /// Notes how far the deletion of a file is, also while the list is not in memory. Durable when this returns.
    pub(crate) async fn note_deletion(&self, id: FileId, sent: Sent) -> Result<(), Error> {
        let posted = {
            let mut catalogue = self.catalogue();
            catalogue.amend(id, |file| {
                sent.note(&mut file.at_service);
                file.at_service.deletions += u32::from(matches!(sent, Sent::Deciding(_)));
            });
            let rows = &self.session.profile.rows;
            rows.post(vec![on_disk::noted(id, sent)])
        };
        posted.written().await
    }

    /// The files whose deletion is not decided yet: by this process, or by another that still runs. No list says anything about
    /// them.
    pub(crate) async fn deciding(&self, files: &[Arc<File>]) -> Result<HashSet<FileId>, Error> {
        let mut deciding: HashSet<FileId> = files
            .iter()
            .filter(|file| file.state == FileState::Deleting)
            .map(|file| file.id)
            .collect();
        let sent: Vec<(FileId, RunId)> = files
            .iter()
            .filter_map(|file| Some((file.id, file.at_service.deletion_by?)))
            .collect();
        if !sent.is_empty() {
            let run = Arc::clone(&self.run);
            let going_on = blocking(move || {
                let going_on = sent.into_iter().filter(|(_, by)| !run.has_ended(by));
                Ok(going_on.map(|(id, _)| id).collect::<Vec<_>>())
            });
            deciding.extend(going_on.await?);
        }
        Ok(deciding)
    }

    /// Takes out what this machine deleted and the service lists no more: off the disk first, so that who reads it meanwhile does
    /// not bring it back.
    async fn take_out_deleted(
        &self,
        vault: &Vault,
        known: &[Arc<File>],
        listed: &HashSet<FileId>,
        deciding: &HashSet<FileId>,
    ) -> Result<(), Error> {
        let gone: Vec<&Arc<File>> = known
            .iter()
            .filter(|file| file.at_service.deletion_sent)
            .filter(|file| !listed.contains(&file.id) && !deciding.contains(&file.id))
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        // That the service did it was never confirmed, so that the receipt may still be of use.
        let changes = gone.iter().map(|file| on_disk::moved_to_forgotten(file));
        let rows = &self.session.profile.rows;
        rows.write(changes.collect()).await?;
        {
            let mut catalogue = self.catalogue();
            for file in &gone {
                catalogue.forget(file.id);
            }
        }
        let names: Vec<String> = gone.iter().map(|file| file.name.clone()).collect();
        vault.tell(Event::Notice(deleted_notice(&names)));
        vault.tell(Event::FilesChanged);
        Ok(())
    }

    /// Files that had been forgotten and are listed again get their receipts back. Answers what is to be changed on the disk.
    async fn back_from_forgotten(
        &self,
        known: &HashSet<FileId>,
        listed: &HashSet<FileId>,
    ) -> Result<Vec<Change>, Error> {
        if listed.is_subset(known) {
            return Ok(Vec::new());
        }
        let mut changes = Vec::new();
        let mut back = Vec::new();
        for file in self.forgotten().await? {
            if listed.contains(&file.id) {
                changes.push(on_disk::back_from_forgotten(file.id));
                back.extend(file.receipt.map(|receipt| (file.id, receipt)));
            }
        }
        self.catalogue().keep_receipts(back);
        Ok(changes)
    }
}
