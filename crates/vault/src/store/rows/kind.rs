//! What rows are about, and what they are called by.

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::FromRepr)]
#[cfg_attr(test, derive(strum::EnumIter))]
#[repr(u8)]
pub(crate) enum Kind {
    /// Who is signed in, and with what.
    Session = 1,
    /// The sign-in of the profile that "Try it now" made.
    Trial = 2,
    File = 3,
    /// What was stored for a token.
    Receipt = 4,
    /// What a transfer needs to go on after a crash.
    Ticket = 5,
    /// A key of others that is remembered.
    Pin = 6,
    /// How files are sealed from now on: to whom beside the profile, and in which form.
    SealingChoice = 10,
    /// The shared key that opened a file without a receipt.
    FileKey = 11,
    /// A poll that was started on this machine.
    Poll = 12,
    /// Which rows of the tracked kinds there are, so that a missing one is noticed.
    Manifest = 13,
    /// A file that was forgotten, with its receipt if it had one.
    Forgotten = 14,
    /// The service's list was not taken over: why.
    ListAlarm = 15,
}

impl Kind {
    /// Kinds whose rows are listed in the manifest: without one of them the app would do something else than was
    /// chosen.
    pub(crate) const TRACKED: [Self; 2] = [Self::Pin, Self::SealingChoice];

    pub(super) fn is_tracked(self) -> bool {
        Self::TRACKED.contains(&self)
    }
}

/// The id of a row within its kind.
pub(crate) type RowId = [u8; 16];

/// Stands in the manifest for rows of a tracked kind that an earlier, lost manifest may have listed. A deletion clears
/// it.
pub(crate) const UNKNOWN: RowId = [0xff; 16];

/// The id of the row of a kind that has only one.
pub(crate) const SINGLE: RowId = [0; 16];

/// The id of a ticket's row.
pub(crate) type TicketId = RowId;
