//! Sends one name: written down, sent, waited for.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use privicore_client::operations::data_token::UpdateTokenMetadata;
use privicore_client::{CommandId, Error as ClientError};
use privicore_envelope::seal_name;
use tokio::sync::Notify;

use crate::api::activity::subject::about_file;
use crate::error::{Error, FileError, SourceError, WorkError};
use crate::events::Event;
use crate::files::attributes::Attributes;
use crate::files::commands::deciding::Deciding;
use crate::files::file::File;
use crate::files::file_id::FileId;
use crate::files::on_disk;
use crate::files::renaming::note::RenamingNote;
use crate::files::renaming::plan::Change;
use crate::files::renaming::sent_name::Renaming;
use crate::files::service_list::listing::digest_of_name;
use crate::upload::sealable::bytes_too_many;
use crate::upload::step::may_have_arrived;
use crate::vault::{SignedIn, Vault};

/// A command that the service still reports as pending after so long waits for a vote. It is followed from then on, and
/// nobody waits for it.
const HELD_AFTER: Duration = Duration::from_secs(3);

/// How one file came out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Done,
    /// It may be done yet: the file keeps its name until that is known.
    NotConfirmed,
}

/// A name that is ready to be sent.
struct Prepared {
    renaming: Box<Renaming>,
    over: Option<Box<Renaming>>,
    command: UpdateTokenMetadata,
}

impl Vault {
    /// Gives one stored file another path or label.
    pub(super) async fn change_one(
        &self,
        signed_in: &Arc<SignedIn>,
        id: FileId,
        change: &Change,
    ) -> Result<Sent, Error> {
        let file = signed_in.catalogue().with_token(id)?;
        if file.attributes.is_none() && file.is_name_opened() {
            // An older version did not note what the record says beside the name, and it must not be lost.
            Box::pin(signed_in.check_name(&file)).await;
        }
        let deciding = Deciding::alone(signed_in, id, |signed_in| &signed_in.open_renames)
            .ok_or_else(|| pending(&file))?;
        let Some(prepared) = signed_in.prepare(id, change)? else {
            return Ok(Sent::Done);
        };
        signed_in
            .note_renaming(
                id,
                RenamingNote::Begin {
                    renaming: prepared.renaming.clone(),
                    over: prepared.over,
                },
            )
            .await?;
        self.emit(Event::FilesChanged);
        // What was sent is written down, also if who asked for it waits no longer.
        let (vault, sending) = (self.clone(), Arc::clone(signed_in));
        let (renaming, command) = (prepared.renaming, prepared.command);
        let sent = tokio::spawn(async move {
            let sending_it = Box::pin(sending.send_renaming(&file, &renaming, command));
            let sent = about_file(Some(id), sending_it).await;
            drop(deciding);
            if matches!(sent, Ok(Sent::NotConfirmed)) {
                vault.follow(&sending, &[id]);
            }
            vault.emit(Event::FilesChanged);
            sent
        });
        sent.await.map_err(|_| WorkError::Canceled)?
    }
}

impl SignedIn {
    /// What is to be sent; nothing when the file is called so already.
    fn prepare(&self, id: FileId, change: &Change) -> Result<Option<Prepared>, Error> {
        let known = self.catalogue().with_token(id)?;
        if known.at_service.missing_since.is_some() {
            return Err(FileError::MissingAtService {
                name: known.name.clone(),
            }
            .into());
        }
        let over = known.at_service.renaming.clone();
        // Whose outcome is not known yet may still come after what is sent now.
        if over
            .as_ref()
            .is_some_and(|it| it.is_open() && it.command.is_some())
        {
            return Err(pending(&known));
        }
        let mut file = File::clone(&known);
        let is_sealed = known.is_name_opened() && known.size_bytes.is_some();
        match change {
            Change::Path(path) if is_sealed => {
                let (folder, name, is_escaped) = path.written();
                (file.folder, file.name, file.is_escaped) = (folder.into(), name, is_escaped);
            }
            Change::Path(_) => {
                return Err(FileError::NameNotOurs {
                    name: known.name.clone(),
                }
                .into());
            }
            Change::Label(label) => file.context = label.into(),
        }
        if file.named().says_the_same(&known.named()) && known.at_service.renamed.is_none() {
            return Ok(None);
        }
        let mut file_name = None;
        if is_sealed {
            let sent = over.as_ref().map_or(0, |it| it.to.renames());
            let renames = known.named().renames().max(sent) + 1;
            file.attributes = Some(Attributes {
                renames,
                ..known.attributes.unwrap_or_default()
            });
            let keys = self.session.profile.keys()?;
            let sealed = seal_name(&keys.names, &file.name_record());
            if let Some(too_many) = bytes_too_many(&sealed) {
                let name = file.name;
                return Err(SourceError::PathTooLong { name, too_many }.into());
            }
            file.at_service.sealed_name = Some(digest_of_name(&sealed).into());
            file_name = Some(sealed);
        }
        let renaming = Box::new(Renaming {
            to: file.named(),
            by: Some(self.run.id),
            command: None,
            is_lapsed: false,
        });
        Ok(Some(Prepared {
            renaming,
            over,
            command: UpdateTokenMetadata {
                token: file.token,
                file_name,
                extension: None,
                context: Some(file.context.into()),
            },
        }))
    }

    async fn send_renaming(
        &self,
        file: &File,
        renaming: &Renaming,
        command: UpdateTokenMetadata,
    ) -> Result<Sent, Error> {
        let id = file.id;
        let sealed = renaming.to.sealed.clone().unwrap_or_default();
        let outcome = match self.session.submit(&command).await {
            Ok(accepted) => {
                let note = RenamingNote::Accepted {
                    sealed: sealed.clone(),
                    command: accepted.to_string(),
                };
                if let Err(error) = self.note_renaming(id, note).await {
                    tracing::warn!(%error, "the command of a renaming could not be written down");
                }
                self.await_unless_held(&accepted).await
            }
            refused => refused.map(drop),
        };
        match outcome {
            Ok(()) => {
                let to = Box::new(renaming.to.clone());
                let at = Timestamp::now();
                self.note_renaming(id, RenamingNote::Done { to, at })
                    .await?;
                Ok(Sent::Done)
            }
            Err(error) if is_doubtful(&error) => {
                self.note_renaming(id, RenamingNote::Open { sealed })
                    .await?;
                // A list that shows it settles it.
                Box::pin(self.check_name(file)).await;
                let now = self.catalogue().get(id);
                let is_done = now.is_some_and(|now| now.named().says_the_same(&renaming.to));
                Ok(if is_done {
                    Sent::Done
                } else {
                    Sent::NotConfirmed
                })
            }
            Err(error) => {
                self.note_renaming(id, RenamingNote::NotDone { sealed })
                    .await?;
                match error {
                    Error::Service(refused @ ClientError::NotFound { .. }) => {
                        Err(Box::pin(self.not_found(file, refused)).await)
                    }
                    error => Err(error),
                }
            }
        }
    }

    /// Waits for the outcome of a command, but not for a vote.
    async fn await_unless_held(&self, command: &CommandId) -> Result<(), Error> {
        let is_pending = Notify::new();
        let outcome = self.session.await_outcome(command, || {
            is_pending.notify_one();
            ready(())
        });
        let held = async {
            is_pending.notified().await;
            tokio::time::sleep(HELD_AFTER).await;
        };
        tokio::select! {
            biased;
            outcome = outcome => outcome,
            () = held => Err(ClientError::NotConfirmed { command: Some(command.clone()) }.into()),
        }
    }

    /// Notes how far a renaming is, also while the list is not in memory. Durable when this returns.
    pub(super) async fn note_renaming(&self, id: FileId, note: RenamingNote) -> Result<(), Error> {
        let written = {
            let rows = &self.session.profile.rows;
            let posted = rows.post(vec![on_disk::noted_renaming(id, note.clone())]);
            if !matches!(note, RenamingNote::Begin { .. }) {
                self.catalogue().note_renaming(id, &note);
            }
            posted.written()
        };
        written.await?;
        if matches!(note, RenamingNote::Begin { .. }) {
            self.catalogue().note_renaming(id, &note);
        }
        Ok(())
    }
}

/// Whether the service may have done it, or may do it yet.
fn is_doubtful(error: &Error) -> bool {
    match error {
        Error::Service(error) => error.is_forgotten() || may_have_arrived(error),
        _ => false,
    }
}

fn pending(file: &File) -> Error {
    FileError::RenamePending {
        name: file.name.clone(),
    }
    .into()
}
