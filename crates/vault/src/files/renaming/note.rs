//! What is taken down of a renaming. No disk, no service, no clock.

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, FileError};
use crate::files::file::{AtService, File};
use crate::files::renaming::sent_name::{EarlierName, Renaming};
use crate::files::service_list::name_digest::NameDigest;
use crate::receipts::Named;

/// For so long a list may still have the name that a file had before.
const LAGS_AT_MOST: SignedDuration = SignedDuration::from_mins(10);

/// So many earlier names are remembered.
const EARLIER_AT_MOST: usize = 8;

/// How far a renaming is. The digest of the sealed name says which one.
#[derive(Clone, Debug)]
pub(crate) enum RenamingNote {
    /// `over` is the one that it may take the place of.
    Begin {
        renaming: Box<Renaming>,
        over: Option<Box<Renaming>>,
    },
    Accepted {
        sealed: NameDigest,
        command: String,
    },
    /// It was sent, and nobody waits for its outcome any more.
    Open {
        sealed: NameDigest,
    },
    Lapsed {
        sealed: NameDigest,
    },
    Done {
        to: Box<Named>,
        at: Timestamp,
    },
    NotDone {
        sealed: NameDigest,
    },
}

impl AtService {
    /// A renaming that the service may still do.
    pub(crate) fn open_renaming(&self) -> Option<&Renaming> {
        self.renaming.as_deref().filter(|it| it.is_open())
    }

    /// Whether this is the name that was sent.
    pub(crate) fn awaits(&self, named: &Named) -> bool {
        self.renaming.as_ref().is_some_and(|renaming| {
            renaming.to.sealed == named.sealed && renaming.to.says_the_same(named)
        })
    }

    /// Whether a list may say this because it is not up to date.
    pub(crate) fn had_name(&self, named: &Named, now: Timestamp) -> bool {
        self.earlier_names.iter().any(|earlier| {
            earlier.sealed == named.sealed
                && earlier.context == named.context
                && now < earlier.until
        })
    }
}

impl File {
    /// What it is to be called once the service confirms that, if another name was sent.
    pub fn intended_name(&self) -> Option<&Named> {
        self.at_service.open_renaming().map(|it| &it.to)
    }

    /// Whether what the service lists was made for this very file, by who has its keys, later than the known name.
    pub(crate) fn takes_name(&self, seen: &Named) -> bool {
        let known = self.named();
        let size_fits = match (known.size_bytes, seen.size_bytes) {
            (Some(known), Some(seen)) => known == seen,
            _ => true,
        };
        size_fits && (seen.renames() > known.renames() || self.at_service.awaits(seen))
    }

    /// It is called so from now on, also in its receipt.
    pub(crate) fn rename_to(&mut self, mut named: Named, at: Timestamp) {
        let before = self.named();
        // The length is a fact about the stored bytes: no name changes it.
        named.size_bytes = self.size_bytes.or(named.size_bytes);
        let earlier = &mut self.at_service.earlier_names;
        earlier.retain(|earlier| earlier.until > at);
        if earlier.len() >= EARLIER_AT_MOST {
            earlier.remove(0);
        }
        if before.sealed.is_some() {
            earlier.push(EarlierName {
                sealed: before.sealed,
                context: before.context,
                until: at.saturating_add(LAGS_AT_MOST).unwrap_or(Timestamp::MAX),
            });
        }
        self.at_service.renamed = None;
        self.take_name(named.clone());
        if let Some(receipt) = &mut self.receipt {
            receipt.named = Some(named);
        }
        self.settle_renaming();
    }

    /// Drops the renaming that has led to the name it has.
    pub(crate) fn settle_renaming(&mut self) {
        let named = self.named();
        let is_over = self.at_service.renaming.as_ref().is_some_and(|renaming| {
            let sent = renaming.to.renames();
            (sent > 0 && sent <= named.renames()) || self.at_service.awaits(&named)
        });
        if is_over {
            self.at_service.renaming = None;
        }
    }

    /// Takes down how far a renaming is. What is said of another one than the one that is known changes nothing.
    ///
    /// # Errors
    /// [`FileError::RenamePending`] for one that begins while another one may still be done.
    pub(crate) fn note_renaming(&mut self, note: &RenamingNote) -> Result<(), Error> {
        let known = &mut self.at_service.renaming;
        match note {
            RenamingNote::Begin { renaming, over } => {
                if known.is_some() && known != over {
                    return Err(FileError::RenamePending {
                        name: self.name.clone(),
                    }
                    .into());
                }
                *known = Some(renaming.clone());
            }
            RenamingNote::Accepted { sealed, command } => {
                if let Some(known) = known.as_mut().filter(|it| it.is(sealed)) {
                    known.command = Some(command.clone());
                }
            }
            RenamingNote::Open { sealed } => {
                if let Some(known) = known.as_mut().filter(|it| it.is(sealed)) {
                    known.by = None;
                }
            }
            RenamingNote::Lapsed { sealed } => {
                if let Some(known) = known.as_mut().filter(|it| it.is(sealed)) {
                    (known.by, known.command, known.is_lapsed) = (None, None, true);
                }
            }
            RenamingNote::Done { to, at } => {
                if self.takes_name(to) {
                    self.rename_to(Named::clone(to), *at);
                }
            }
            RenamingNote::NotDone { sealed } => {
                if known.as_ref().is_some_and(|it| it.is(sealed)) {
                    *known = None;
                }
            }
        }
        Ok(())
    }
}
