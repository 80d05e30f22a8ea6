//! Figures: what was stored, by the receipts on this machine; what was asked for, by the log; and what the service
//! counts itself.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use privicore_client::operations::data_token::TransactionStatistics;
use serde::Serialize;

use crate::api::activity::{ActivityEntry, ActivityOutcome};
use crate::collaboration::votes::supported_or_none;
use crate::error::{Error, Explanation};
use crate::vault::Vault;

/// So many days are looked back, this one included.
const DAYS: i64 = 14;

/// What was stored on one day and is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct StoredDay {
    /// The day, in this machine's time.
    #[cfg_attr(feature = "page-types", specta(type = String))]
    pub day: Date,
    pub files: u64,
    /// How many bytes, as they are stored.
    pub bytes: u64,
}

/// Figures about a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// What was stored on the last days and is still there, by the receipts; the oldest day first.
    pub days: Vec<StoredDay>,
    /// How many entries of the log ended how.
    pub outcomes: BTreeMap<ActivityOutcome, usize>,
    /// How many entries of the log are of which group.
    pub groups: BTreeMap<&'static str, usize>,
    /// What the service counts, by its own words; nothing if it does not tell.
    pub service: Option<BTreeMap<String, u64>>,
    /// Why it could not be asked.
    pub service_error: Option<Explanation>,
}

impl Vault {
    /// Figures about the profile. What the service counts (row 34) is not documented: one that does not tell is not an
    /// error.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`] or [`crate::SessionError::Locked`].
    pub async fn statistics(&self) -> Result<Statistics, Error> {
        let signed_in = self.signed_in()?;
        let counted = supported_or_none(signed_in.session.call(&TransactionStatistics).await);
        let (service, service_error) = match counted {
            Ok(service) => (service, None),
            Err(error) => (None, Some(error.explain())),
        };
        let files = signed_in.catalogue().all();
        let receipts = files.iter().filter_map(|file| file.receipt.as_ref());
        let stored = receipts.map(|receipt| (receipt.stored_at, receipt.stored_size));
        let log = signed_in.session.activity.log();
        Ok(Statistics {
            days: by_day(stored, Timestamp::now(), &TimeZone::system()),
            outcomes: counts(log.entries(), |entry| entry.state().outcome()),
            groups: counts(log.entries(), |entry| entry.group),
            service,
            service_error,
        })
    }
}

fn counts<'a, Key: Ord>(
    entries: impl Iterator<Item = &'a ActivityEntry>,
    key: impl Fn(&ActivityEntry) -> Key,
) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for entry in entries {
        *counts.entry(key(entry)).or_default() += 1;
    }
    counts
}

/// Days on which nothing was stored are there too.
fn by_day(
    stored: impl Iterator<Item = (Timestamp, u64)>,
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<StoredDay> {
    let day_of = |at: Timestamp| zone.to_datetime(at).date();
    let today = day_of(now);
    let mut days: BTreeMap<Date, StoredDay> = (0..DAYS)
        .map(|back| today.saturating_sub(back.days()))
        .map(|day| {
            let nothing = StoredDay {
                day,
                files: 0,
                bytes: 0,
            };
            (day, nothing)
        })
        .collect();
    for (at, bytes) in stored {
        if let Some(day) = days.get_mut(&day_of(at)) {
            day.files += 1;
            day.bytes = day.bytes.saturating_add(bytes);
        }
    }
    days.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_machine_and_empty_ones_are_there() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let stored = [
            (at("2026-11-25T23:30:00Z"), 10),
            (at("2026-11-26T11:00:00Z"), 5),
            (at("2026-11-20T12:00:00Z"), 7),
            (at("2026-01-01T12:00:00Z"), 1_000),
        ];
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let days = by_day(stored.into_iter(), at("2026-11-26T12:00:00Z"), &zone);
        assert_eq!(days.len(), 14);
        let today = days[13];
        assert_eq!((today.files, today.bytes), (2, 15));
        assert_eq!(today.day.to_string(), "2026-11-26");
        assert_eq!((days[7].files, days[7].bytes), (1, 7));
        assert_eq!(days.iter().map(|day| day.files).sum::<u64>(), 3);
    }
}
