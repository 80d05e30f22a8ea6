//! Renamings whose outcome nobody has told yet: a vote may hold them for days, or the app was ended while it waited.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use privicore_client::CommandId;
use privicore_client::operations::utility::{CommandState, CommandStatus};

use crate::error::Error;
use crate::events::Event;
use crate::files::commands::outcome::Outcome;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::refresh::SILENT_AT_MOST;
use crate::files::renaming::note::RenamingNote;
use crate::files::renaming::notices::not_renamed_notice;
use crate::files::renaming::plan::Plan;
use crate::files::service_list::name_digest::NameDigest;
use crate::store::process_lock::RunId;
use crate::system::blocking::blocking;
use crate::vault::{SignedIn, Vault};

impl Vault {
    /// Asks what became of renamings that nobody waits for any more. Answers those that are not decided yet, or that
    /// nobody could be asked about: a list that has the old name says nothing about them.
    pub(crate) async fn held_renamings(
        &self,
        signed_in: &SignedIn,
        files: &[Arc<File>],
    ) -> Result<HashSet<FileId>, Error> {
        let mut held = signed_in.being_renamed(files).await?;
        let is_open = |file: &&Arc<File>| {
            let renaming = file.at_service.open_renaming();
            !held.contains(&file.id) && renaming.is_some_and(|it| it.command.is_some())
        };
        let open = files.iter().filter(is_open).cloned().collect();
        let (due, left) = signed_in.open_renames.next(open);
        held.extend(left.iter().map(|file| file.id));
        let mut silent = 0;
        for file in due {
            if silent >= SILENT_AT_MOST {
                held.insert(file.id);
                continue;
            }
            silent = match self.ask_about_renaming(signed_in, &file).await? {
                Outcome::Open => {
                    held.insert(file.id);
                    0
                }
                Outcome::NotTold => {
                    held.insert(file.id);
                    silent + 1
                }
                Outcome::Done | Outcome::NotDone | Outcome::Unknown => {
                    signed_in.open_renames.decided(file.id);
                    0
                }
            };
        }
        Ok(held)
    }

    /// Asks about the command of a renaming, and takes down what became of it.
    async fn ask_about_renaming(
        &self,
        signed_in: &SignedIn,
        file: &File,
    ) -> Result<Outcome, Error> {
        let Some(renaming) = file.at_service.open_renaming() else {
            return Ok(Outcome::NotDone);
        };
        let sealed = renaming.to.sealed.clone().unwrap_or_default();
        let Some(command) = renaming.command.clone() else {
            return Ok(Outcome::Unknown);
        };
        let command_id = CommandId::from(command);
        let status = CommandStatus {
            command_id: command_id.clone(),
        };
        let told = signed_in.session.call(&status).await;
        signed_in.open_renames.asked(file.id);
        let outcome = Outcome::of(&told);
        match outcome {
            Outcome::Open | Outcome::NotTold | Outcome::Unknown => return Ok(outcome),
            Outcome::Done => {
                let to = Box::new(renaming.to.clone());
                let at = Timestamp::now();
                let note = RenamingNote::Done { to, at };
                signed_in.note_renaming(file.id, note).await?;
            }
            Outcome::NotDone => {
                let note = RenamingNote::NotDone { sealed };
                signed_in.note_renaming(file.id, note).await?;
                if let Ok(CommandState::Failed { reason }) = told {
                    let notice = not_renamed_notice(&file.name, command_id, reason);
                    self.emit(Event::Notice(notice));
                }
            }
        }
        self.emit(Event::FilesChanged);
        Ok(outcome)
    }

    /// Asks about earlier renamings of files that are to be renamed again.
    pub(super) async fn settle_known(
        &self,
        signed_in: &SignedIn,
        plan: &Plan,
    ) -> Result<(), Error> {
        let files: Vec<Arc<File>> = {
            let catalogue = signed_in.catalogue();
            let ids = plan.steps.iter().flat_map(|step| &step.files);
            ids.filter_map(|id| catalogue.get(*id)).collect()
        };
        self.held_renamings(signed_in, &files).await.map(drop)
    }
}

impl SignedIn {
    /// The files that are being renamed: by this process, or by another that still runs.
    async fn being_renamed(&self, files: &[Arc<File>]) -> Result<HashSet<FileId>, Error> {
        let sent: Vec<(FileId, RunId)> = files
            .iter()
            .filter_map(|file| Some((file.id, file.at_service.open_renaming()?.by?)))
            .collect();
        if sent.is_empty() {
            return Ok(HashSet::new());
        }
        let run = Arc::clone(&self.run);
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            sent.into_iter().partition(|(_, by)| *by == run.id);
        let mut renamed: HashSet<FileId> = here
            .into_iter()
            .map(|(id, _)| id)
            .filter(|id| self.open_renames.is_deciding(*id))
            .collect();
        let going_on = blocking(move || {
            let going_on = elsewhere.into_iter().filter(|(_, by)| !run.has_ended(by));
            Ok(going_on.map(|(id, _)| id).collect::<Vec<_>>())
        });
        renamed.extend(going_on.await?);
        Ok(renamed)
    }

    /// The renamings of which a list that is asked for from now on tells whether they were done.
    pub(crate) fn doubtful_renamings(
        files: &[Arc<File>],
        held: &HashSet<FileId>,
    ) -> HashMap<FileId, NameDigest> {
        let open = files.iter().filter(|file| !held.contains(&file.id));
        open.filter_map(|file| {
            let sealed = file.at_service.open_renaming()?.to.sealed.clone();
            Some((file.id, sealed.unwrap_or_default()))
        })
        .collect()
    }
}
