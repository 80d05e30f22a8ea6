//! What the vault offers: rename, move, label.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use privicore_client::Error as ClientError;
use privicore_client::operations::data_token::ConfigureRiskMeta;

use crate::error::{Error, FileError};
use crate::files::catalogue::Catalogue;
use crate::files::file_id::FileId;
use crate::files::renaming::plan::{Plan, Step, TreeItem};
use crate::files::renaming::send::Sent;
use crate::transfers::TransferId;
use crate::tree::path::TreePath;
use crate::vault::{SignedIn, Vault};

/// So many files are renamed at a time.
const AT_A_TIME: usize = 8;

/// What came of changing files. A file counts once, however many versions it has.
#[derive(Debug, Default)]
pub struct ChangeOutcome {
    pub done: usize,
    /// The command was sent, and its outcome is not known yet: the connection broke, or a vote holds it. These files
    /// keep their names until the service confirms the others.
    pub not_confirmed: usize,
    /// By their paths, with what happened.
    pub failed: Vec<(String, Error)>,
    /// Folders that nothing is left in are stored as empty ones by these transfers.
    pub kept: Vec<TransferId>,
}

/// How sensitive a file is, in a person's own words.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    pub classification: String,
    pub label: String,
    pub handling: String,
}

impl Vault {
    /// Gives a file with all its versions, or a folder, another name. One command for each stored file.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::BadName`], [`FileError::PathTaken`],
    /// [`FileError::NoFolder`], [`FileError::Unknown`]; nothing was sent then.
    pub async fn rename(&self, item: &TreeItem, name: &str) -> Result<ChangeOutcome, Error> {
        self.change_planned(|catalogue| Plan::rename(catalogue, item, name))
            .await
    }

    /// Gives a file with all its versions, or a folder, this path.
    ///
    /// # Errors
    /// Those of [`rename`](Self::rename), and [`FileError::IntoItself`].
    pub async fn move_as(&self, item: &TreeItem, to: &TreePath) -> Result<ChangeOutcome, Error> {
        self.change_planned(|catalogue| Plan::move_as(catalogue, item, to))
            .await
    }

    /// Moves files and folders into a folder. A file whose name is taken there gets a number; a folder is refused.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::NoFolder`], [`FileError::Unknown`]; nothing was sent then.
    pub async fn move_to(
        &self,
        items: &[TreeItem],
        folder: &TreePath,
    ) -> Result<ChangeOutcome, Error> {
        self.change_planned(|catalogue| Plan::move_to(catalogue, items, folder))
            .await
    }

    /// Gives files, and everything below folders, another label. The service can see it.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::BadName`] for a blank label, [`FileError::NoFolder`],
    /// [`FileError::Unknown`]; nothing was sent then.
    pub async fn label(&self, items: &[TreeItem], label: &str) -> Result<ChangeOutcome, Error> {
        let label = label.trim();
        if label.is_empty() {
            let name = label.to_owned();
            return Err(FileError::BadName { name }.into());
        }
        self.change_planned(|catalogue| Plan::label(catalogue, items, label))
            .await
    }

    /// Tells the service how sensitive a file is (protocol row 29), and waits for the outcome. The service can read
    /// what it is told.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`FileError::Unknown`], [`FileError::MissingAtService`]; what the service
    /// answered, [`Error::is_not_confirmed`] when its outcome is not known.
    pub async fn classify(&self, id: FileId, sensitivity: &Sensitivity) -> Result<(), Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        let file = signed_in.catalogue().with_token(id)?;
        let command = ConfigureRiskMeta {
            token: file.token.clone(),
            classification: sensitivity.classification.clone(),
            label: sensitivity.label.clone(),
            handling: sensitivity.handling.clone(),
        };
        match signed_in.session.run_command(&command).await {
            Err(Error::Service(refused @ ClientError::NotFound { .. })) => {
                Err(signed_in.not_found(&file, refused).await)
            }
            outcome => outcome.map(drop),
        }
    }

    async fn change_planned(
        &self,
        plan: impl FnOnce(&mut Catalogue) -> Result<Plan, Error>,
    ) -> Result<ChangeOutcome, Error> {
        let signed_in = self.signed_in()?;
        self.seen();
        signed_in.take_in_others().await?;
        let plan = plan(&mut signed_in.catalogue())?;
        self.settle_known(&signed_in, &plan).await?;
        let mut outcome = ChangeOutcome {
            failed: plan.refused,
            ..ChangeOutcome::default()
        };
        let mut changing = stream::iter(plan.steps)
            .map(|step| self.change_step(&signed_in, step))
            .buffer_unordered(AT_A_TIME);
        while let Some((shown, changed)) = changing.next().await {
            match changed {
                Ok(Sent::Done) => outcome.done += 1,
                Ok(Sent::NotConfirmed) => outcome.not_confirmed += 1,
                Err(error) => outcome.failed.push((shown, error)),
            }
        }
        let gone = gone(&signed_in, &plan.left);
        match self.queue_folders(&signed_in, &gone).await {
            Ok(kept) => outcome.kept = kept,
            Err(error) => {
                let gone: Vec<String> = gone.iter().map(TreePath::to_string).collect();
                outcome.failed.push((gone.join(", "), error));
            }
        }
        Ok(outcome)
    }

    /// All versions, the oldest first: the path has the newest version until all are renamed.
    async fn change_step(
        &self,
        signed_in: &Arc<SignedIn>,
        step: Step,
    ) -> (String, Result<Sent, Error>) {
        let mut all = Ok(Sent::Done);
        for id in step.files.iter().rev() {
            // Boxed: what it waits for is deep.
            match Box::pin(self.change_one(signed_in, *id, &step.change)).await {
                Ok(Sent::Done) => {}
                Ok(Sent::NotConfirmed) => all = all.and(Ok(Sent::NotConfirmed)),
                Err(error) => return (step.shown, Err(error)),
            }
        }
        (step.shown, all)
    }
}

/// Those of the folders that are not there any more: a folder does not vanish with what was in it.
fn gone(signed_in: &SignedIn, left: &BTreeSet<TreePath>) -> Vec<TreePath> {
    let mut catalogue = signed_in.catalogue();
    let tree = catalogue.tree();
    let gone = left.iter().filter(|path| !tree.has_folder(path));
    let mut gone: Vec<TreePath> = gone.cloned().collect();
    // A folder is there with what is in it.
    let all = gone.clone();
    gone.retain(|path| !all.iter().any(|it| it != path && it.is_below(path)));
    gone
}
