//! Bringing the list up to date with what the service lists.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::Timestamp;

use crate::error::{Error, SessionError};
use crate::events::Event;
use crate::files::catalogue::Catalogue;
use crate::files::deletion::scheduled::{DeletionMark, Doubt};
use crate::files::file::{File, TokenAnswer};
use crate::files::file_id::FileId;
use crate::files::file_state::FileState;
use crate::files::on_disk;
use crate::files::on_disk::Since;
use crate::files::renaming::note::RenamingNote;
use crate::files::renaming::notices::lapsed_notice;
use crate::files::service_list::listing;
use crate::files::service_list::name_digest::NameDigest;
use crate::receipts::missing::{
    LOOKED_FOR_AT_MOST, deleted_notice, look_for, missing_notice, not_looked_for_notice,
    renamed_notice,
};
use crate::receipts::reconcile::{Expected, Presence, StandingAlarm};
use crate::session::Session;
use crate::store::rows::Change;
use crate::vault::{SignedIn, Vault};

/// The files whose deletion was sent and has ended without a clear outcome: a list that is asked for from now on tells
/// whether they are still there.
pub(super) fn doubtful(files: &[Arc<File>], deciding: &HashSet<FileId>) -> HashMap<FileId, Doubt> {
    let doubtful = files.iter().filter(|file| {
        !deciding.contains(&file.id)
            && (file.at_service.deletion_sent || file.state == FileState::NotConfirmed)
    });
    let doubt = |file: &Arc<File>| Doubt {
        deletions: file.at_service.deletions,
        mark: DeletionMark::of(&file.at_service),
    };
    doubtful.map(|file| (file.id, doubt(file))).collect()
}

/// So many files in a row whose token gets no answer end the looking for this time.
pub(super) const SILENT_AT_MOST: usize = 3;

/// The service's list, and what is known here when it is there.
struct Fetched {
    listed: Vec<File>,
    /// Of all files in the list.
    ids: HashSet<FileId>,
    known: Vec<Arc<File>>,
    /// The ids of those that are known.
    kept: HashSet<FileId>,
}

fn renamed_elsewhere(files: &[Arc<File>]) -> HashSet<FileId> {
    let renamed = files
        .iter()
        .filter(|file| file.at_service.renamed.is_some());
    renamed.map(|file| file.id).collect()
}

/// A list that was asked for after it was sent does not have the name that was sealed to this digest. Answers the file
/// if it was to have it.
fn lapse(
    catalogue: &mut Catalogue,
    id: FileId,
    sealed: Option<&NameDigest>,
    changes: &mut Vec<Change>,
) -> Option<Arc<File>> {
    let note = RenamingNote::Lapsed {
        sealed: sealed?.clone(),
    };
    catalogue.note_renaming(id, &note);
    changes.push(on_disk::noted_renaming(id, note));
    let lapsed = catalogue.get(id);
    lapsed.filter(|file| file.at_service.renaming.is_some())
}

/// What came of looking for files that a list left out.
#[derive(Default)]
pub(super) struct Looked {
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

/// Files that are merged under one lock: a question about the list waits for no more than these.
const AT_A_TIME: usize = 10_000;

/// A list that is believed, on its way into the one that is known here.
struct TakingOver<'a> {
    signed_in: &'a SignedIn,
    now: Timestamp,
    /// How often the catalogue had been closed when this began.
    times_closed: u32,
    /// When the whole list was seen before.
    last_seen: Option<Timestamp>,
    /// The ids of the files that were known.
    kept: HashSet<FileId>,
    doubtful: HashMap<FileId, Doubt>,
    /// The digests of the names that were sent and not seen, of which it is not known whether the service has them.
    renamings: HashMap<FileId, NameDigest>,
    seen: Seen,
}

/// What is another than before.
#[derive(Default)]
struct Seen {
    changed: Vec<Arc<File>>,
    missing: Vec<Arc<File>>,
    not_renamed: Vec<Arc<File>>,
    is_changed: bool,
}

impl TakingOver<'_> {
    /// Every part is on the disk before the next is taken over.
    async fn take_over(
        &mut self,
        listed: Vec<File>,
        looked: Looked,
        back: Vec<Change>,
    ) -> Result<(), Error> {
        let Looked {
            found,
            unknown,
            answered,
            ..
        } = looked;
        self.write(|_, _, changes| changes.extend(back)).await?;
        let mut there = listed;
        there.extend(found);
        if there.len() > AT_A_TIME {
            // As their rows lie on the disk: each part is written to one place there and not all over it.
            there.sort_unstable_by_key(|file| file.id);
        }
        let mut there = there.into_iter().peekable();
        while there.peek().is_some() {
            let part: Vec<File> = there.by_ref().take(AT_A_TIME).collect();
            self.write(|it, catalogue, changes| it.take_listed(catalogue, part, changes))
                .await?;
        }
        self.write(|it, catalogue, changes| {
            let (last_seen, now) = (it.last_seen, it.now);
            let unlisted = answered
                .into_iter()
                .filter_map(|(id, answer)| catalogue.mark_unlisted(id, answer, last_seen, now));
            let unlisted: Vec<Arc<File>> = unlisted.collect();
            let missing = unknown.into_iter();
            let missing = missing.filter_map(|id| catalogue.mark_missing(id, last_seen, now));
            let missing: Vec<Arc<File>> = missing.collect();
            for file in unlisted.iter().chain(&missing) {
                it.keep(file, false, changes);
            }
            it.seen.changed.extend(unlisted);
            it.seen.missing = missing;
        })
        .await
    }

    /// Posted while nothing else can change a file: the last change is the last on the disk.
    async fn write(
        &mut self,
        change: impl FnOnce(&mut Self, &mut Catalogue, &mut Vec<Change>),
    ) -> Result<(), Error> {
        let signed_in = self.signed_in;
        let posted = {
            let mut catalogue = signed_in.catalogue();
            // Locked meanwhile, and perhaps unlocked: what is here now was not compared with this list.
            if catalogue.times_closed() != self.times_closed {
                return Err(SessionError::Locked.into());
            }
            let mut changes = Vec::new();
            change(self, &mut catalogue, &mut changes);
            (!changes.is_empty()).then(|| signed_in.session.profile.rows.post(changes))
        };
        match posted {
            None => Ok(()),
            Some(posted) => posted.written().await,
        }
    }

    fn take_listed(
        &mut self,
        catalogue: &mut Catalogue,
        files: Vec<File>,
        changes: &mut Vec<Change>,
    ) {
        for file in files {
            let id = file.id;
            let changed = catalogue.merge_listed(file, self.now);
            let is_settled = catalogue.settle_doubt(id, self.doubtful.get(&id));
            let lapsed = lapse(catalogue, id, self.renamings.get(&id), changes);
            self.seen.is_changed |= lapsed.is_some();
            self.seen.not_renamed.extend(lapsed);
            if (changed.is_some() || is_settled)
                && let Some(now) = catalogue.get(id)
            {
                self.keep(&now, is_settled, changes);
            }
            self.seen.changed.extend(changed);
        }
    }

    fn keep(&mut self, file: &File, is_settled: bool, changes: &mut Vec<Change>) {
        self.seen.is_changed = true;
        let since = Since::of(self.kept.contains(&file.id));
        let ended = self.doubtful.get(&file.id).filter(|_| is_settled);
        changes.push(on_disk::kept(file, since, ended));
    }
}

impl Vault {
    /// Asks the service for its list and compares it with what is known: files of other machines appear, those that the
    /// service does not know any more are missing. Only what this app deleted goes.
    ///
    /// # Errors
    /// [`crate::FileError::ListShrunk`] when the list is suddenly empty or at most half as long, or what the service
    /// answered; the list is then as it was.
    pub async fn refresh(&self) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        let done = self.bring_up_to_date(LOOKED_FOR_AT_MOST, None).await;
        if signed_in.saw_whether_reached(done.as_ref().err()) {
            self.emit(Event::StatusChanged);
        }
        done
    }

    /// Looks for `most` files by their tokens. A list that is suddenly shorter is taken over if only files that the
    /// `accepted` alarm tells are not in it.
    pub(crate) async fn bring_up_to_date(
        &self,
        most: usize,
        accepted: Option<&StandingAlarm>,
    ) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        signed_in.take_in_others().await?;
        let (before, times_closed) = {
            let catalogue = signed_in.catalogue();
            (catalogue.all(), catalogue.times_closed())
        };
        let mut deciding = signed_in.deciding(&before).await?;
        deciding.extend(self.held_deletions(&signed_in, &before, &deciding).await?);
        let doubtful = doubtful(&before, &deciding);
        let renaming = self.held_renamings(&signed_in, &before).await?;
        let renamings = SignedIn::doubtful_renamings(&before, &renaming);
        let Fetched {
            listed,
            ids,
            known,
            kept,
        } = signed_in.fetch_list(&before).await?;
        let expected = Expected::of(&known, &ids);
        let now = Timestamp::now();
        let alarm = expected.alarm(now, accepted);
        if signed_in
            .set_list_alarm(alarm, &expected.newly_absent)
            .await?
        {
            self.emit(Event::StatusChanged);
        }
        if let Some(alarm) = alarm {
            return Err(alarm.into());
        }
        deciding.extend(signed_in.deciding(&known).await?);
        let taking_out = signed_in.take_out_deleted(&known, &ids, &deciding);
        taking_out.await?;
        let back = signed_in.back_from_forgotten(&kept, &ids).await?;
        let looked = Looked::for_absent(&signed_in.session, &expected.absent, most, now).await;
        let renamed_before = renamed_elsewhere(&known);
        let not_looked_for = looked.left;
        let mut taking_over = TakingOver {
            signed_in: &signed_in,
            now,
            times_closed,
            last_seen: signed_in.listed_at(),
            kept,
            doubtful,
            renamings,
            seen: Seen::default(),
        };
        let taken_over = taking_over.take_over(listed, looked, back).await;
        let Seen {
            mut changed,
            missing,
            not_renamed,
            is_changed,
        } = taking_over.seen;
        if is_changed {
            self.emit(Event::FilesChanged);
        }
        taken_over?;
        // Not after a part of it: what is missing from the rest was not marked.
        signed_in
            .listed_at_ms
            .store(now.as_millisecond(), Ordering::Relaxed);
        changed.retain(|file| !renamed_before.contains(&file.id));
        self.remark(lapsed_notice(&not_renamed));
        self.tell_of_list(&signed_in, &missing, &changed, not_looked_for);
        signed_in.tell_damage();
        Ok(())
    }

    /// Tells what a person has to know of a list that was taken over.
    pub(crate) fn tell_of_list(
        &self,
        signed_in: &SignedIn,
        missing: &[Arc<File>],
        changed: &[Arc<File>],
        not_looked_for: usize,
    ) {
        if !missing.is_empty() {
            let names: Vec<String> = missing.iter().map(|file| file.name.clone()).collect();
            self.emit(Event::Notice(missing_notice(&names)));
            self.emit(Event::FilesMissing(names.len()));
        }
        let known = &signed_in.not_looked_for;
        let before = known.swap(not_looked_for, Ordering::Relaxed);
        if not_looked_for > 0 && before != not_looked_for {
            self.emit(Event::Notice(not_looked_for_notice(not_looked_for)));
        }
        if let Some(notice) = renamed_notice(changed) {
            self.emit(Event::Notice(notice));
        }
    }

    /// How many files the last list left out that have not been looked for yet.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`].
    pub fn not_looked_for(&self) -> Result<usize, Error> {
        Ok(self.signed_in()?.not_looked_for.load(Ordering::Relaxed))
    }
}

impl SignedIn {
    async fn fetch_list(&self, before: &[Arc<File>]) -> Result<Fetched, Error> {
        let mut listed = listing::fetch(&self.session).await?;
        let ids: HashSet<FileId> = listed.iter().map(|file| file.id).collect();
        self.take_in_others().await?;
        let known: Vec<Arc<File>> = {
            let catalogue = self.catalogue();
            let known = before.iter().filter_map(|file| catalogue.get(file.id));
            known.collect()
        };
        let kept: HashSet<FileId> = known.iter().map(|file| file.id).collect();
        let mut gone: HashSet<FileId> = before.iter().map(|file| file.id).collect();
        gone.retain(|id| !kept.contains(id));
        // The list may have been on its way when another process deleted them.
        listed.retain(|file| !gone.contains(&file.id));
        Ok(Fetched {
            listed,
            ids,
            known,
            kept,
        })
    }

    /// Takes out what this machine deleted and the service lists no more: off the disk first, so that who reads it
    /// meanwhile does not bring it back.
    pub(crate) async fn take_out_deleted(
        &self,
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
        self.emit(Event::Notice(deleted_notice(&names)));
        self.emit(Event::FilesChanged);
        Ok(())
    }

    /// Files that had been forgotten and are listed again get their receipts back. Answers what is to be changed on the
    /// disk.
    pub(crate) async fn back_from_forgotten(
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
                back.extend(file.receipt.map(|receipt| (file.id, *receipt)));
            }
        }
        self.catalogue().keep_receipts(back);
        Ok(changes)
    }
}
