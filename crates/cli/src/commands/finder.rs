//! Which file a command is about.

use std::sync::Arc;

use privicore_vault::{Error, File, FileError, TreeEntry, TreePath, Vault};

/// What a command is about.
pub(super) enum Found {
    /// One file, by its id or token: one version of its path.
    File(Arc<File>),
    /// What is at a path, or matches a pattern.
    Entries(Vec<TreeEntry>),
}

/// Finds the files that a command is about. The list is asked for once, however many there are.
pub(super) struct Finder<'a> {
    vault: &'a Vault,
    is_refreshed: bool,
}

impl<'a> Finder<'a> {
    pub(super) fn new(vault: &'a Vault) -> Self {
        Self {
            vault,
            is_refreshed: false,
        }
    }

    /// For a list that was asked for, or could not be.
    pub(super) fn known(vault: &'a Vault) -> Self {
        Self {
            vault,
            is_refreshed: true,
        }
    }

    pub(super) async fn refresh(&mut self) -> Result<(), Error> {
        self.vault.refresh().await?;
        self.is_refreshed = true;
        Ok(())
    }

    /// The file as this machine knows it, or as the service lists it: by its id, its token or its path. Of a path it is the newest
    /// version.
    pub(super) async fn find(&mut self, wanted: &str) -> Result<Arc<File>, Error> {
        match self.wanted(wanted).await? {
            Found::File(file) => Ok(file),
            Found::Entries(entries) => {
                let newest = entries.iter().find_map(TreeEntry::newest);
                newest.cloned().ok_or_else(|| FileError::Unknown.into())
            }
        }
    }

    /// What an id, a token, a path or a pattern stands for.
    pub(super) async fn wanted(&mut self, wanted: &str) -> Result<Found, Error> {
        match self.look(wanted) {
            Err(Error::File(FileError::Unknown)) if !self.is_refreshed => {
                self.refresh().await?;
                self.look(wanted)
            }
            known => known,
        }
    }

    /// The same as it is known here.
    pub(super) fn look(&self, wanted: &str) -> Result<Found, Error> {
        match self.vault.file(wanted) {
            Err(Error::File(FileError::Unknown)) => {}
            known => return known.map(Found::File),
        }
        let path = TreePath::parse(wanted);
        for path in [path.unescaped(), path] {
            let entries = self.vault.entries_at(&path)?;
            if !entries.is_empty() {
                return Ok(Found::Entries(entries));
            }
        }
        let entries = self.matching(wanted)?;
        if entries.is_empty() {
            return Err(FileError::Unknown.into());
        }
        Ok(Found::Entries(entries))
    }

    /// What matches a pattern; nothing for what is none.
    fn matching(&self, pattern: &str) -> Result<Vec<TreeEntry>, Error> {
        if !pattern.contains(['*', '?', '[']) {
            return Ok(Vec::new());
        }
        let Ok(pattern) = glob::Pattern::new(pattern.trim_matches('/')) else {
            return Ok(Vec::new());
        };
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        let all = self.vault.list_below(&TreePath::default())?;
        let mut matching = all.unwrap_or_default();
        matching.retain(|entry| pattern.matches_with(&entry.path.to_string(), options));
        Ok(matching)
    }

    /// The file, if it can be compared with its receipt. Whether one without a receipt is missing is asked anew.
    pub(super) async fn verifiable(&mut self, wanted: &str) -> Result<Arc<File>, Error> {
        let mut file = self.find(wanted).await?;
        if file.receipt.is_none() && !self.is_refreshed {
            self.refresh().await?;
            file = self.vault.file(&file.id.to_string())?;
        }
        file.require_verifiable()?;
        Ok(file)
    }
}
