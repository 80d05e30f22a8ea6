//! The use cases around files that the service does not list any more, or lists as something else: look, accept,
//! forget.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use parking_lot::MutexGuard;
use privicore_client::Error as ClientError;
use privicore_client::operations::data_token::RequestData;

use crate::error::code::Code;
use crate::error::{Error, Explanation, FileError};
use crate::events::Event;
use crate::files::deletion::scheduled::{DeletionMark, Sent};
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk::{self, FilesOnDisk, Since};
use crate::files::service_list::listing;
use crate::receipts::forgotten::Forgotten;
use crate::receipts::reconcile::{ListAlarm, Presence, StandingAlarm};
use crate::session::Session;
use crate::store::rows::{Change, Kind, SINGLE};
use crate::vault::{SignedIn, Vault};

/// So many files are looked for by their tokens after one list; the others wait for the next.
pub(crate) const LOOKED_FOR_AT_MOST: usize = 64;

impl Vault {
    /// Why the service's list was not taken over, if it was not.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn list_alarm(&self) -> Result<Option<ListAlarm>, Error> {
        Ok(self.signed_in()?.list_alarm())
    }

    /// The user has looked: of `expected` files only `listed` are in the service's list. Each of those that are not is
    /// looked for by its token.
    ///
    /// # Errors
    /// [`FileError::ListShrunk`] when these are not the figures of the last list, or when the list lacks other files by
    /// now: what it is then has to be looked at again. What the service answered.
    pub async fn accept_list(&self, expected: usize, listed: usize) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let Some(standing) = signed_in.standing_alarm().await? else {
            return self.refresh().await;
        };
        let alarm = standing.alarm;
        if (alarm.expected, alarm.listed) != (expected, listed) {
            return Err(alarm.into());
        }
        self.bring_up_to_date(usize::MAX, Some(&standing)).await
    }

    /// Takes a file off the list that is missing at the service. It goes on being exported, with its receipt if it has
    /// one.
    ///
    /// # Errors
    /// [`FileError::Unknown`], [`FileError::NotMissing`], [`FileError::ListShrunk`] while the whole list is in doubt,
    /// or the records cannot be written.
    pub async fn forget(&self, id: FileId) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        let file = signed_in.catalogue().get(id).ok_or(FileError::Unknown)?;
        if let Some(alarm) = signed_in.standing_alarm().await? {
            return Err(alarm.alarm.into());
        }
        if file.at_service.missing_since.is_none() {
            return Err(FileError::NotMissing {
                name: file.name.clone(),
            }
            .into());
        }
        signed_in.forget_missing(&file).await?;
        self.emit(Event::FilesChanged);
        Ok(())
    }

    /// Takes over the name, folder, label and length under which the service lists a file by now. `shown` is the
    /// [`mark`](crate::Named::mark) of what was looked at; what the service says instead by now has to be looked at
    /// again.
    ///
    /// # Errors
    /// [`FileError::Unknown`], [`FileError::NotRenamed`], [`FileError::RenamedAgain`], what the service answered, or
    /// the records cannot be written.
    pub async fn accept_name(&self, id: FileId, shown: &str) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        let known = signed_in.catalogue().get(id).ok_or(FileError::Unknown)?;
        let name = known.name.clone();
        if known.at_service.renamed.is_none() {
            return Err(FileError::NotRenamed { name }.into());
        }
        let listed = listing::find(&signed_in.session, &known.token).await?;
        let is_listed = listed.is_some();
        if let Some(listed) = listed {
            let changed = signed_in.catalogue().merge_listed(listed, Timestamp::now());
            signed_in.keep(changed).await;
        }
        let posted = {
            // Posted while nothing else can change the file: the last change is the last on the disk.
            let mut catalogue = signed_in.catalogue();
            let known = catalogue.get(id).ok_or(FileError::Unknown)?;
            let Some(mut named) = known.at_service.renamed.clone() else {
                return Err(FileError::NotRenamed { name }.into());
            };
            if !is_listed || named.mark() != shown {
                return Err(FileError::RenamedAgain { name }.into());
            }
            // The length is a fact about the stored bytes: no name changes it.
            named.size_bytes = known.size_bytes.or(named.size_bytes);
            let mut file = File::clone(&known);
            file.at_service.renamed = None;
            file.take_name(named.clone());
            if let Some(receipt) = &mut file.receipt {
                receipt.named = Some(named);
            }
            let changes = on_disk::named(&file);
            catalogue.put(file);
            signed_in.session.profile.rows.post(changes)
        };
        posted.written().await?;
        self.emit(Event::FilesChanged);
        Ok(())
    }
}

impl SignedIn {
    pub(crate) fn list_alarm(&self) -> Option<ListAlarm> {
        self.alarm().as_ref().map(|standing| standing.alarm)
    }

    /// Raises or ends the alarm, also for other processes and the next start; answers whether it is another one than
    /// before.
    pub(crate) async fn set_list_alarm(
        &self,
        alarm: Option<ListAlarm>,
        absent: &HashSet<FileId>,
    ) -> Result<bool, Error> {
        let standing = alarm.map(|alarm| StandingAlarm {
            alarm,
            absent: absent.clone(),
        });
        let known = std::mem::replace(&mut *self.alarm(), standing.clone());
        let figures = |it: &StandingAlarm| (it.alarm.expected, it.alarm.listed);
        let rows = &self.session.profile.rows;
        let is_kept = !rows.ids(Kind::ListAlarm).await?.is_empty();
        let is_other = known.as_ref().map(figures) != standing.as_ref().map(figures);
        let are_others =
            known.as_ref().map(|it| &it.absent) != standing.as_ref().map(|it| &it.absent);
        match standing {
            Some(standing) if is_other || are_others || !is_kept => {
                let change = rows.sealed(Kind::ListAlarm, SINGLE, &standing)?;
                rows.write(vec![change]).await?;
            }
            None if is_kept => {
                let change = Change::Delete(Kind::ListAlarm, SINGLE);
                rows.write(vec![change]).await?;
            }
            Some(_) | None => {}
        }
        Ok(is_other)
    }

    /// The alarm, also one that another process of this machine raised.
    async fn standing_alarm(&self) -> Result<Option<StandingAlarm>, Error> {
        if let Some(standing) = self.alarm().clone() {
            return Ok(Some(standing));
        }
        self.session.profile.rows.single(Kind::ListAlarm).await
    }

    /// When the service's whole list was seen last.
    pub(crate) fn listed_at(&self) -> Option<Timestamp> {
        let at = self.listed_at_ms.load(Ordering::Relaxed);
        (at != 0)
            .then(|| Timestamp::from_millisecond(at).ok())
            .flatten()
    }

    pub(crate) async fn forget_missing(&self, file: &File) -> Result<(), Error> {
        let change = on_disk::moved_to_forgotten(file);
        self.session.profile.rows.write(vec![change]).await?;
        self.catalogue().forget(file.id);
        Ok(())
    }

    /// Takes in what other processes of this machine have written about files since they were read.
    pub(crate) async fn take_in_others(&self) -> Result<(), Error> {
        let (before, known) = {
            let catalogue = self.catalogue();
            if catalogue.is_closed() {
                return Ok(());
            }
            (catalogue.all(), catalogue.read_at())
        };
        let rows = &self.session.profile.rows;
        if let Some(read) = FilesOnDisk::read(rows, known).await?
            && self.catalogue().take_in_others(&before, read)
        {
            self.emit(Event::FilesChanged);
        }
        Ok(())
    }

    /// Files that were forgotten, with their receipts.
    pub(crate) async fn forgotten(&self) -> Result<Vec<File>, Error> {
        let rows = &self.session.profile.rows;
        let forgotten = rows.readable::<Forgotten>(Kind::Forgotten).await?;
        let files = forgotten.into_iter().map(|(id, forgotten)| {
            let Forgotten { file, receipt } = forgotten;
            File::from_row(FileId(id), file, receipt)
        });
        Ok(files.collect())
    }

    /// The service refused the token of a file that was asked for as unknown: the list tells whether the file is
    /// missing.
    pub(crate) async fn not_found(&self, file: &File, refused: ClientError) -> Error {
        match listing::find(&self.session, &file.token).await {
            Ok(None) => {}
            // The list has it, so that this refusal proves nothing.
            Ok(Some(_)) => return refused.into(),
            Err(error) => return error,
        }
        // While the whole list is in doubt nothing is changed.
        if matches!(self.standing_alarm().await, Ok(None)) {
            let changed =
                self.catalogue()
                    .mark_missing(file.id, self.listed_at(), Timestamp::now());
            self.keep(changed).await;
        }
        Error::File(FileError::MissingAtService {
            name: file.name.clone(),
        })
    }

    /// The service handed a file out: it is there.
    pub(crate) async fn found(&self, file: &File) {
        let at = &file.at_service;
        if at.missing_since.is_some() || at.unlisted.is_some() {
            let changed = self.catalogue().mark_present(file.id, Timestamp::now());
            self.keep(changed).await;
        }
        // A deletion that was sent once and never confirmed did not happen.
        if let Some(mark) = DeletionMark::of(&file.at_service)
            && file.state != FileState::Deleting
            // A vote may hold it: its command is asked about instead.
            && file.at_service.open_deletion().is_none()
            && let Ok(deciding) = self.deciding(&[Arc::new(file.clone())]).await
            && deciding.is_empty()
            && let Err(error) = self.note_outcome(file.id, mark, Sent::Not).await
        {
            tracing::warn!(%error, "that a file is still there could not be written down");
        }
    }

    /// Looks whether the service still lists a file under its name.
    pub(crate) async fn check_name(&self, file: &File) {
        match listing::find(&self.session, &file.token).await {
            Ok(Some(listed)) => {
                let changed = self.catalogue().merge_listed(listed, Timestamp::now());
                self.keep(changed).await;
            }
            Ok(None) => {}
            Err(error) => tracing::info!(%error, "the name of a file could not be looked up"),
        }
    }

    /// Writes down what became of a file and tells watchers.
    async fn keep(&self, changed: Option<Arc<File>>) {
        let Some(file) = changed else {
            return;
        };
        self.emit(Event::FilesChanged);
        let posted = {
            // As it is by now, and posted before it can change again.
            let since = Since::Before;
            let catalogue = self.catalogue();
            let rows = &self.session.profile.rows;
            let now = catalogue.get(file.id);
            now.map(|now| rows.post(vec![on_disk::kept(&now, since, None)]))
        };
        let Some(posted) = posted else {
            return;
        };
        if let Err(error) = posted.written().await {
            // It is found out anew by the next list.
            tracing::warn!(%error, "what became of a file could not be written down");
        }
    }

    fn alarm(&self) -> MutexGuard<'_, Option<StandingAlarm>> {
        self.list_alarm.lock()
    }
}

/// Looks for a file that the list left out: by its token alone, then by asking for its bytes.
pub(crate) async fn look_for(session: &Session, file: &File) -> Presence {
    if !file.has_token() {
        return Presence::NotTold;
    }
    match listing::find(session, &file.token).await {
        Ok(Some(listed)) => return Presence::Listed(Box::new(listed)),
        Ok(None) => {}
        Err(_) => return Presence::NotTold,
    }
    let request = RequestData {
        token: file.token.clone(),
    };
    answer_of(&session.call(&request).await)
}

/// What an answer to a request for the bytes says of their file.
fn answer_of<T>(answer: &Result<T, Error>) -> Presence {
    match answer {
        Ok(_) => Presence::Accepted,
        Err(Error::Service(ClientError::NotFound { .. })) => Presence::Unknown,
        Err(_) => Presence::NotTold,
    }
}

/// What a person is told of files that are not listed and have not been looked for.
pub(crate) fn not_looked_for_notice(count: usize) -> Explanation {
    let words = Code::Missing.words_of("not_looked_for");
    words.number("count", count).explain()
}

/// What a person is told of files that are missing.
pub(crate) fn missing_notice(names: &[String]) -> Explanation {
    match names {
        [name] => Code::Missing.words_of("one").name(name),
        names => Code::Missing.words_of("many").number("count", names.len()),
    }
    .explain()
}

/// What a person is told of files that are gone after a deletion whose outcome nobody told.
pub(crate) fn deleted_notice(names: &[String]) -> Explanation {
    match names {
        [name] => Code::Missing.words_of("deleted").name(name),
        names => (Code::Missing.words_of("many_deleted")).number("count", names.len()),
    }
    .explain()
}

/// What a person is told of files that have another name at the service.
pub(crate) fn renamed_notice(files: &[Arc<File>]) -> Option<Explanation> {
    let (first, renamed) = files
        .iter()
        .find_map(|file| Some((file, file.at_service.renamed.as_ref()?)))?;
    let count = files
        .iter()
        .filter(|file| file.at_service.renamed.is_some())
        .count();
    let words = if count == 1 {
        (Code::RenamedElsewhere.words_of("one"))
            .name(&first.name)
            .text("listed", &renamed.name)
    } else {
        (Code::RenamedElsewhere.words_of("many")).number("count", count)
    };
    Some(words.explain())
}
