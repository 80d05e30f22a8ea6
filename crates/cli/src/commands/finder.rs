//! Which file a command is about.

use std::sync::Arc;

use privicore_vault::{Code, Error, Explanation, File, FileError, TreeEntry, TreePath, Vault};

use crate::exit::Failure;

/// What a command is about.
pub(super) enum Found {
    /// One file, by its id or token: one version of its path.
    File(Arc<File>),
    /// What is at a path, or matches a pattern.
    Entries(Vec<TreeEntry>),
}

/// Why it is not known what a command is about.
pub(super) enum NotFound {
    Failed(Error),
    /// It is written like the path of more than one thing.
    Ambiguous(Explanation),
}

impl From<Error> for NotFound {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<NotFound> for Failure {
    fn from(problem: NotFound) -> Self {
        match problem {
            NotFound::Failed(error) => error.into(),
            NotFound::Ambiguous(problem) => Self::Explained(problem),
        }
    }
}

/// Finds the files that a command is about. The list is asked for once, however many there are.
pub(super) struct Finder<'a> {
    vault: &'a Vault,
    is_refreshed: bool,
    /// Why the list could not be asked for, where a command goes on with what is known here.
    stale: Option<Error>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(vault: &'a Vault) -> Self {
        Self {
            vault,
            is_refreshed: false,
            stale: None,
        }
    }

    /// For a list that was asked for, or could not be.
    pub(super) fn known(vault: &'a Vault) -> Self {
        Self {
            is_refreshed: true,
            ..Self::new(vault)
        }
    }

    pub(super) async fn refresh(&mut self) -> Result<(), Error> {
        self.vault.refresh().await?;
        self.is_refreshed = true;
        Ok(())
    }

    /// Asks for the list unless `wanted` is the id or token of a file that is known here: what is at a path, other
    /// computers decide, too.
    pub(super) async fn refresh_for(&mut self, wanted: &str) -> Result<(), Error> {
        if self.is_refreshed || self.by_id(wanted)?.is_some() {
            return Ok(());
        }
        self.refresh().await
    }

    /// What an id, a token, a path or a pattern stands for, by the newest list that there is.
    pub(super) async fn newest(&mut self, wanted: &str) -> Result<Found, Error> {
        if let Err(error) = self.refresh_for(wanted).await {
            self.is_refreshed = true;
            self.stale = Some(error);
        }
        self.look(wanted)
    }

    /// Why the list is not the newest.
    pub(super) fn take_stale(&mut self) -> Option<Error> {
        self.stale.take()
    }

    /// The file as this machine knows it, or as the service lists it: by its id, its token or its path. Of a path it is
    /// the newest version.
    pub(super) async fn find(&mut self, wanted: &str) -> Result<Arc<File>, NotFound> {
        match self.one(wanted) {
            Err(NotFound::Failed(Error::File(FileError::Unknown))) if !self.is_refreshed => {
                self.refresh().await?;
                self.one(wanted)
            }
            known => known,
        }
    }

    fn one(&self, wanted: &str) -> Result<Arc<File>, NotFound> {
        match self.literal(wanted)? {
            Found::File(file) => Ok(file),
            Found::Entries(entries) if entries.len() > 1 => Err(ambiguous(wanted, &entries)),
            Found::Entries(entries) => {
                let newest = entries.iter().find_map(TreeEntry::newest);
                newest.cloned().ok_or_else(|| unknown().into())
            }
        }
    }

    /// What an id, a token or a path stands for as it is known here. No pattern is one: what is changed was named.
    pub(super) fn literal(&self, wanted: &str) -> Result<Found, NotFound> {
        if let Some(file) = self.by_id(wanted)? {
            return Ok(Found::File(file));
        }
        let [plain, escaped] = self.at_path(wanted)?;
        only(wanted, plain, escaped).map(Found::Entries)
    }

    /// What an id, a token, a path or a pattern stands for as it is known here. What is written like a pattern can be a
    /// path.
    pub(super) fn look(&self, wanted: &str) -> Result<Found, Error> {
        if let Some(file) = self.by_id(wanted)? {
            return Ok(Found::File(file));
        }
        for entries in self.at_path(wanted)? {
            if !entries.is_empty() {
                return Ok(Found::Entries(entries));
            }
        }
        let all = self.vault.list_below(&TreePath::default())?;
        let matching = matching(wanted, all.unwrap_or_default());
        if matching.is_empty() {
            return Err(unknown());
        }
        Ok(Found::Entries(matching))
    }

    fn by_id(&self, wanted: &str) -> Result<Option<Arc<File>>, Error> {
        match self.vault.file(wanted) {
            Err(Error::File(FileError::Unknown)) => Ok(None),
            known => known.map(Some),
        }
    }

    /// What is at a path as it is written, and at the one whose names that are no text are written like this.
    fn at_path(&self, wanted: &str) -> Result<[Vec<TreeEntry>; 2], Error> {
        let path = TreePath::parse(wanted);
        let unescaped = path.unescaped();
        let escaped = if unescaped == path {
            Vec::new()
        } else {
            self.vault.entries_at(&unescaped)?
        };
        Ok([self.vault.entries_at(&path)?, escaped])
    }

    /// The file, if it can be compared with its receipt. Whether one without a receipt is missing is asked anew.
    pub(super) async fn verifiable(&mut self, wanted: &str) -> Result<Arc<File>, NotFound> {
        let mut file = self.find(wanted).await?;
        if file.receipt.is_none() && !self.is_refreshed {
            self.refresh().await?;
            file = self.vault.file(&file.id.to_string())?;
        }
        file.require_verifiable()?;
        Ok(file)
    }
}

fn unknown() -> Error {
    FileError::Unknown.into()
}

/// What is at one of two paths that are written alike, unless something is at both.
fn only(
    wanted: &str,
    plain: Vec<TreeEntry>,
    escaped: Vec<TreeEntry>,
) -> Result<Vec<TreeEntry>, NotFound> {
    match (plain.is_empty(), escaped.is_empty()) {
        (true, true) => Err(unknown().into()),
        (false, true) => Ok(plain),
        (true, false) => Ok(escaped),
        (false, false) => Err(ambiguous(wanted, &[plain, escaped].concat())),
    }
}

fn ambiguous(wanted: &str, entries: &[TreeEntry]) -> NotFound {
    let each = entries.iter().map(|entry| match entry.files().first() {
        Some(file) if entry.newest().is_some() => format!("the file {}", file.id),
        Some(file) => format!("the folder {}", file.id),
        None => "a folder".to_owned(),
    });
    let each: Vec<String> = each.collect();
    NotFound::Ambiguous(Explanation::new(
        Code::Usage,
        format!(
            "“{wanted}” stands for more than one thing: {}.",
            each.join(" and ")
        ),
        "Name what you mean by its id.",
    ))
}

/// What matches a pattern; nothing for what is none.
fn matching(pattern: &str, mut entries: Vec<TreeEntry>) -> Vec<TreeEntry> {
    if !pattern.contains(['*', '?', '[']) {
        return Vec::new();
    }
    let Ok(pattern) = glob::Pattern::new(pattern.trim_matches('/')) else {
        return Vec::new();
    };
    let options = glob::MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    entries.retain(|entry| pattern.matches_with(&entry.path.to_string(), options));
    entries
}

#[cfg(test)]
mod tests {
    use privicore_vault::EntryKind;

    use super::*;

    fn at(path: &str) -> TreeEntry {
        TreeEntry {
            path: TreePath::parse(path),
            kind: EntryKind::Folder {
                records: Vec::new(),
            },
        }
    }

    fn paths(entries: &[TreeEntry]) -> Vec<String> {
        entries.iter().map(|entry| entry.path.to_string()).collect()
    }

    #[test]
    fn a_pattern_matches_within_one_folder_and_a_plain_path_is_none() {
        let all = || {
            ["photo1.jpg", "a/photo1.jpg", "photo[1].jpg"]
                .map(at)
                .to_vec()
        };
        assert_eq!(paths(&matching("photo[1].jpg", all())), ["photo1.jpg"]);
        assert_eq!(paths(&matching("*/*.jpg", all())), ["a/photo1.jpg"]);
        assert!(matching("photo1.jpg", all()).is_empty());
        assert!(matching("photo[", all()).is_empty());
    }

    #[test]
    fn two_paths_that_are_written_alike_are_not_chosen_from() {
        let plain = || vec![at(r"a\xff")];
        let escaped = || vec![at("other")];
        let found = only("x", plain(), Vec::new()).ok();
        assert_eq!(paths(&found.unwrap()), [r"a\xff"]);
        let found = only("x", Vec::new(), escaped()).ok();
        assert_eq!(paths(&found.unwrap()), ["other"]);
        assert!(matches!(
            only("x", plain(), escaped()),
            Err(NotFound::Ambiguous(problem)) if problem.message.contains("more than one")
        ));
        assert!(matches!(
            only("x", Vec::new(), Vec::new()),
            Err(NotFound::Failed(Error::File(FileError::Unknown)))
        ));
    }
}
