//! Records of this machine that are damaged or missing: what becomes of them, and what a person is told.
//!
//! Nothing is deleted for being damaged. Rows that do not open are set aside and kept; the list is the service's and
//! comes again from there; what is this machine's alone – receipts, keys that were remembered, choices – is told of
//! when it is lost.

use crate::error::code::Code;
use crate::error::{Error, Explanation};
use crate::events::{Event, Watchers};
use crate::files::catalogue::Catalogue;
use crate::files::on_disk::FilesOnDisk;
use crate::keys::sealing_policy::SealingPolicy;
use crate::service::pins::lost_pins;
use crate::store::profile::Profile;
use crate::store::rows::{Change, Damage, Kind, RowId, Rows, SINGLE, UNKNOWN};
use crate::system::blocking::blocking;
use crate::vault::SignedIn;

/// Reads the list with its receipts, as they are at one moment.
pub(crate) async fn load_catalogue(profile: &Profile) -> Result<Catalogue, Error> {
    let rows = &profile.rows;
    let Some(read) = FilesOnDisk::read(rows, None).await? else {
        return Ok(Catalogue::default());
    };
    let (files, version) = (read.files, read.version);
    let catalogue = blocking(move || Ok(Catalogue::of(files, version))).await?;
    if read.lost_receipts > 0 {
        rows.note_missing(Kind::Receipt, read.lost_receipts);
    }
    note(rows, read.repairs);
    Ok(catalogue)
}

/// Nobody waits: if it is not written, it is found out at the next start once more.
fn note(rows: &Rows, changes: Vec<Change>) {
    if !changes.is_empty() {
        drop(rows.post(changes));
    }
}

impl SignedIn {
    /// Tells of records that were found damaged since the last time.
    pub(crate) fn tell_damage(&self) {
        tell_damage(&self.watchers, &self.session.profile.rows);
    }

    /// Tells of records that must be there and are not. They are told of at each start until they are made anew.
    pub(crate) async fn tell_missing(&self) -> Result<(), Error> {
        let profile = &self.session.profile;
        tell_lost_records(&self.watchers, profile);
        // Those that do not open are set aside first, and are missing then.
        SealingPolicy::all(&profile.rows).await?;
        let missing = profile.rows.missing().await?;
        profile.rows.drop_damage(&Kind::TRACKED);
        if let Some(notice) = explain_missing(&missing) {
            self.emit(Event::Notice(notice));
        }
        Ok(())
    }
}

/// Tells that there are no records of a profile that was here.
pub(crate) fn tell_lost_records(watchers: &Watchers, profile: &Profile) {
    if profile.records_missing {
        watchers.emit(Event::Notice(no_records()));
    }
}

/// Tells of records that were found damaged since the last time.
pub(crate) fn tell_damage(watchers: &Watchers, rows: &Rows) {
    for notice in explain_damage(&rows.take_damage()) {
        watchers.emit(Event::Notice(notice));
    }
}

/// What a person is told of damage of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Tickets,
    Records,
    Choices,
    SignIn,
}

impl Group {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Ticket => Self::Tickets,
            Kind::File
            | Kind::Receipt
            | Kind::Forgotten
            | Kind::FileKey
            | Kind::Poll
            | Kind::ListAlarm => Self::Records,
            Kind::Pin | Kind::SealingChoice | Kind::Manifest => Self::Choices,
            Kind::Session | Kind::Trial => Self::SignIn,
        }
    }
}

fn explain_damage(damage: &Damage) -> Vec<Explanation> {
    let count = |kind| damage.get(&kind).copied().unwrap_or_default();
    let mut notices = Vec::new();
    let is_damaged = |group: Group| {
        let mut kinds = damage.iter().filter(|(_, count)| **count > 0);
        kinds.any(|(kind, _)| Group::of(*kind) == group)
    };
    if is_damaged(Group::Records) {
        let receipts = count(Kind::Receipt) + count(Kind::Forgotten);
        notices.push(damaged_records(receipts));
    }
    if is_damaged(Group::Tickets) {
        notices.insert(0, damaged_tickets(count(Kind::Ticket)));
    }
    if is_damaged(Group::Choices) {
        let damaged: Vec<(Kind, RowId)> = Kind::TRACKED
            .into_iter()
            .chain([Kind::Manifest])
            .filter(|kind| count(*kind) > 0)
            .map(|kind| {
                (
                    kind,
                    if kind == Kind::Manifest {
                        SINGLE
                    } else {
                        UNKNOWN
                    },
                )
            })
            .collect();
        notices.extend(explain_missing(&damaged));
    }
    if is_damaged(Group::SignIn) {
        notices.push(Code::SessionDamaged.words().explain());
    }
    notices
}

fn damaged_tickets(count: usize) -> Explanation {
    let words = Code::TicketDamaged.words();
    words.number("count", count).explain()
}

fn damaged_records(receipts: usize) -> Explanation {
    let words = Code::RecordsDamaged.words();
    let words = match receipts {
        0 => words,
        lost => (words.hint("records_damaged.receipts.hint")).number("count", lost),
    };
    words.explain()
}

fn explain_missing(missing: &[(Kind, RowId)]) -> Option<Explanation> {
    let choices = missing
        .iter()
        .any(|(kind, _)| matches!(kind, Kind::SealingChoice | Kind::Manifest));
    let pins = !lost_pins(missing).is_empty();
    // Without its list nobody can say what else was there.
    let receipts = missing.iter().any(|(kind, _)| *kind == Kind::Manifest);
    let lost = match (choices, pins) {
        (false, false) => return None,
        _ if receipts => "anything",
        (true, false) => "choices",
        (false, true) => "pins",
        (true, true) => "choices_and_pins",
    };
    let words = Code::ChoicesMissing.words_of(lost);
    Some(words.hint("choices_missing.hint").explain())
}

fn no_records() -> Explanation {
    Code::RecordsMissing.words().explain()
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;
    use crate::error::counted::miscounted;
    use crate::service::pinned_key::PinnedKey;
    use crate::service::pins::lost_pins;

    #[test]
    fn damage_of_any_kind_is_told_with_what_is_lost() {
        let codes = |kind| -> Vec<Code> {
            let notices = explain_damage(&Damage::from([(kind, 2)]));
            notices.iter().map(|it| it.code).collect()
        };
        for kind in Kind::iter() {
            let code = match kind {
                Kind::Ticket => Code::TicketDamaged,
                Kind::Session | Kind::Trial => Code::SessionDamaged,
                Kind::Pin | Kind::SealingChoice | Kind::Manifest => Code::ChoicesMissing,
                Kind::File
                | Kind::Receipt
                | Kind::FileKey
                | Kind::Poll
                | Kind::Forgotten
                | Kind::ListAlarm => Code::RecordsDamaged,
            };
            assert_eq!(codes(kind), [code], "{kind:?}");
        }
        assert!(damaged_records(2).hint.contains("2 files have lost"));
        for count in 1..=2 {
            for told in [damaged_records(count), damaged_tickets(count)] {
                assert_eq!(miscounted(&told.message), None);
                assert_eq!(miscounted(&told.hint), None);
            }
        }
    }

    #[test]
    fn without_the_manifest_every_remembered_key_counts_as_lost() {
        assert!(lost_pins(&[]).is_empty());
        let one = lost_pins(&[(Kind::Pin, PinnedKey::Engine.row())]);
        assert_eq!(one, [PinnedKey::Engine]);
        let all = lost_pins(&[(Kind::Manifest, SINGLE)]);
        assert_eq!(all, PinnedKey::ALL);
    }
}
