//! Keys of others, remembered at first sight: the engine's public key and the one the service has registered for the
//! profile.
//!
//! The service tells both without proof (their hash finds typing errors, it authenticates nothing), so all that can be
//! noticed is a change. One stops uploads until the user has compared the fingerprints and accepted.

use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::{Mutex, MutexGuard};
use privicore_envelope::SignedPublicKey;
use serde::{Deserialize, Serialize};

use crate::error::{Error, PinError};
use crate::service::pinned_key::PinnedKey;
use crate::store::rows::{Change, Kind, RowId, Rows, UNKNOWN};

/// A key that was seen before and is another one now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct PinAlarm {
    pub key: PinnedKey,
    /// The fingerprint that is remembered; `None` when the record of it is lost, so that nobody knows whether the key
    /// changed.
    pub pinned: Option<String>,
    /// Since when it is remembered. Says nothing when that record is lost.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    #[cfg_attr(feature = "page-types", specta(type = i64))]
    pub pinned_at: Timestamp,
    /// The fingerprint that was seen in its place.
    pub seen: String,
    /// When that was seen first.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    #[cfg_attr(feature = "page-types", specta(type = i64))]
    pub seen_at: Timestamp,
}

impl PinAlarm {
    /// That nothing is stored because of it. The service is not said to have changed what nobody remembers.
    pub fn error(&self) -> Error {
        let key = self.key;
        match self.pinned {
            None => Error::Pin(PinError::NotRemembered { key }),
            Some(_) => Error::Pin(PinError::Changed { key }),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Pin {
    pub key: PinnedKey,
    pub fingerprint: String,
    /// Since when it is remembered.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    #[cfg_attr(feature = "page-types", specta(type = i64))]
    pub pinned_at: Timestamp,
}

#[derive(Clone, Serialize, Deserialize)]
struct SeenKey {
    fingerprint: String,
    at: Timestamp,
}

/// A row: what is remembered, and what was seen in its place, if it was. So an alarm outlives the app.
#[derive(Clone, Serialize, Deserialize)]
struct PinRow {
    pinned: SeenKey,
    seen: Option<SeenKey>,
}

impl PinRow {
    /// A key was remembered, and its record is lost: whatever the service shows now is another one until it was
    /// compared.
    fn lost() -> Self {
        let pinned = SeenKey {
            fingerprint: LOST.to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
        Self { pinned, seen: None }
    }
}

/// What stands for the fingerprint of a key whose record is lost.
const LOST: &str = "";

/// What is remembered of both keys.
pub(crate) struct Pins {
    rows: Rows,
    engine: Mutex<Option<PinRow>>,
    profile: Mutex<Option<PinRow>>,
}

impl Pins {
    /// What an earlier run remembered.
    pub(crate) async fn load(rows: Rows) -> Result<Self, Error> {
        let pins = Self {
            rows,
            engine: Mutex::default(),
            profile: Mutex::default(),
        };
        let known: Vec<(RowId, PinRow)> = pins.rows.readable(Kind::Pin).await?;
        let lost = lost_pins(&pins.rows.missing().await?);
        for key in PinnedKey::ALL {
            let row = known.iter().find(|(id, _)| *id == key.row());
            *pins.lock(key) = match row {
                Some((_, row)) => Some(row.clone()),
                None => lost.contains(&key).then(PinRow::lost),
            };
        }
        Ok(pins)
    }

    /// Notes a key that the service told just now.
    ///
    /// # Errors
    /// When it cannot be written down; the key is then not remembered.
    pub(crate) async fn see(&self, key: PinnedKey, told: &SignedPublicKey) -> Result<(), Error> {
        let sight = SeenKey {
            fingerprint: told.fingerprint(),
            at: Timestamp::now(),
        };
        self.change(key, move |known| Ok(after_sight(known, &sight)))
            .await
    }

    /// Remembers a key that this app has registered itself: the change is its own.
    pub(crate) async fn adopt(&self, key: PinnedKey, own: &SignedPublicKey) -> Result<(), Error> {
        let pinned = SeenKey {
            fingerprint: own.fingerprint(),
            at: Timestamp::now(),
        };
        self.change(key, move |_| {
            Ok(Some(PinRow {
                pinned: pinned.clone(),
                seen: None,
            }))
        })
        .await
    }

    /// The user has compared: what is seen now is the one to remember. `seen` is the fingerprint that was shown;
    /// another one in its place has to be looked at again.
    ///
    /// # Errors
    /// [`PinError::Moved`].
    pub(crate) async fn accept(&self, key: PinnedKey, seen: &str) -> Result<(), Error> {
        let shown = seen.to_owned();
        self.change(key, move |known| {
            let sight = known.and_then(|row| row.seen.clone());
            let sight = sight.filter(|sight| sight.fingerprint == shown);
            let pinned = sight.ok_or(PinError::Moved)?;
            Ok(Some(PinRow { pinned, seen: None }))
        })
        .await
    }

    /// Nothing that is remembered has changed, or the user has accepted it.
    ///
    /// # Errors
    /// [`PinError::Changed`], [`PinError::NotRemembered`].
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.alarms().first() {
            None => Ok(()),
            Some(alarm) => Err(alarm.error()),
        }
    }

    /// Whether a key is remembered, or its record is lost.
    pub(crate) fn is_pinned(&self, key: PinnedKey) -> bool {
        self.row(key).is_some()
    }

    /// Whether another key than this one is remembered, or the record is lost of which one it was.
    pub(crate) fn is_another(&self, key: PinnedKey, own: &SignedPublicKey) -> bool {
        let row = self.row(key);
        row.is_some_and(|row| row.pinned.fingerprint != own.fingerprint())
    }

    /// What changed and was not accepted.
    pub(crate) fn alarms(&self) -> Vec<PinAlarm> {
        let alarm = |key| {
            let row = self.row(key)?;
            let seen = row.seen?;
            Some(PinAlarm {
                key,
                pinned: (row.pinned.fingerprint != LOST).then_some(row.pinned.fingerprint),
                pinned_at: row.pinned.at,
                seen: seen.fingerprint,
                seen_at: seen.at,
            })
        };
        PinnedKey::ALL.into_iter().filter_map(alarm).collect()
    }

    pub(crate) fn all(&self) -> Vec<Pin> {
        let pin = |key| {
            let pinned = self.row(key)?.pinned;
            (pinned.fingerprint != LOST).then_some(Pin {
                key,
                fingerprint: pinned.fingerprint,
                pinned_at: pinned.at,
            })
        };
        PinnedKey::ALL.into_iter().filter_map(pin).collect()
    }

    /// Changes what is remembered of a key as it is on the disk, where another process may have written since it was
    /// read. `change` answers nothing if it stays as it is.
    async fn change(
        &self,
        key: PinnedKey,
        change: impl Fn(Option<&PinRow>) -> Result<Option<PinRow>, Error> + Send + 'static,
    ) -> Result<(), Error> {
        let here = self.row(key);
        let outcome: Arc<Mutex<Option<PinRow>>> = Arc::default();
        let kept = Arc::clone(&outcome);
        let decide = Change::decide(move |disk| {
            // One that is lost is known here alone.
            let known = disk.row::<PinRow>(Kind::Pin, key.row())?;
            let known = known.or_else(|| here.clone());
            let Some(row) = change(known.as_ref())? else {
                *kept.lock() = known;
                return Ok(Vec::new());
            };
            let mut changes = vec![disk.sealed(Kind::Pin, key.row(), &row)?];
            let mut are_all_kept = is_kept(&row);
            for other in PinnedKey::ALL.into_iter().filter(|other| *other != key) {
                let other = disk.row::<PinRow>(Kind::Pin, other.row())?;
                are_all_kept &= other.as_ref().is_some_and(is_kept);
            }
            if are_all_kept {
                // No remembered key can be missing any more.
                changes.push(Change::Delete(Kind::Pin, UNKNOWN));
            }
            *kept.lock() = Some(row);
            Ok(changes)
        });
        self.rows.write(vec![decide]).await?;
        *self.lock(key) = outcome.lock().take();
        Ok(())
    }

    fn row(&self, key: PinnedKey) -> Option<PinRow> {
        self.lock(key).clone()
    }

    fn lock(&self, key: PinnedKey) -> MutexGuard<'_, Option<PinRow>> {
        let row = match key {
            PinnedKey::Engine => &self.engine,
            PinnedKey::Profile => &self.profile,
        };
        row.lock()
    }
}

fn is_kept(row: &PinRow) -> bool {
    row.pinned.fingerprint != LOST
}

/// What is remembered once a key was told; nothing if that is what it was.
fn after_sight(known: Option<&PinRow>, sight: &SeenKey) -> Option<PinRow> {
    let is_it = |known: &SeenKey| known.fingerprint == sight.fingerprint;
    let Some(row) = known else {
        return Some(PinRow {
            pinned: sight.clone(),
            seen: None,
        });
    };
    let seen = if is_it(&row.pinned) {
        row.seen.as_ref()?;
        None
    } else if row.seen.as_ref().is_some_and(is_it) {
        return None;
    } else {
        Some(sight.clone())
    };
    Some(PinRow {
        pinned: row.pinned.clone(),
        seen,
    })
}

/// The remembered keys that are lost: without their manifest, all that are not there.
pub(crate) fn lost_pins(missing: &[(Kind, RowId)]) -> Vec<PinnedKey> {
    let is_lost = |key: &PinnedKey| {
        missing.iter().any(|(kind, id)| match kind {
            Kind::Pin => *id == key.row() || *id == UNKNOWN,
            Kind::Manifest => true,
            Kind::Session
            | Kind::Trial
            | Kind::File
            | Kind::Receipt
            | Kind::Ticket
            | Kind::SealingChoice
            | Kind::FileKey
            | Kind::Poll
            | Kind::Forgotten
            | Kind::ListAlarm => false,
        })
    };
    PinnedKey::ALL.into_iter().filter(is_lost).collect()
}

#[cfg(test)]
mod tests {
    use crate::PinnedKey;
    use privicore_envelope::{EngineKey, RecordKey};

    use super::*;

    struct Fixture {
        dir: tempfile::TempDir,
        key: RecordKey,
    }

    impl Fixture {
        fn set() -> Self {
            Self {
                dir: tempfile::tempdir().unwrap(),
                key: RecordKey::generate(),
            }
        }

        async fn pins(&self) -> Pins {
            let path = self.dir.path().join("records.sqlite");
            Pins::load(Rows::open(&path, self.key.clone()).unwrap())
                .await
                .unwrap()
        }
    }

    fn key() -> SignedPublicKey {
        EngineKey::generate().public()
    }

    #[tokio::test]
    async fn the_first_key_is_remembered_and_seen_again_without_alarm() {
        let fixture = Fixture::set();
        let pins = fixture.pins().await;
        let first = key();
        pins.see(PinnedKey::Engine, &first).await.unwrap();
        pins.see(PinnedKey::Engine, &first).await.unwrap();
        assert!(pins.check().is_ok());
        assert_eq!(pins.all()[0].fingerprint, first.fingerprint());
    }

    #[tokio::test]
    async fn what_another_process_remembers_is_not_replaced_without_an_alarm() {
        let fixture = Fixture::set();
        let (one, other) = (fixture.pins().await, fixture.pins().await);
        let (first, second) = (key(), key());
        one.see(PinnedKey::Engine, &first).await.unwrap();
        other.see(PinnedKey::Engine, &second).await.unwrap();
        assert!(other.check().is_err(), "the first one came first");
        one.see(PinnedKey::Engine, &second).await.unwrap();
        let shown = second.fingerprint();
        other.accept(PinnedKey::Engine, &shown).await.unwrap();
        // It sees the accepted key, and takes nothing back.
        one.see(PinnedKey::Engine, &second).await.unwrap();
        one.check().unwrap();
        let kept = fixture.pins().await;
        kept.check().unwrap();
        assert_eq!(kept.all()[0].fingerprint, shown);
    }

    #[tokio::test]
    async fn another_key_is_an_alarm_that_outlives_the_app() {
        let fixture = Fixture::set();
        let (first, second) = (key(), key());
        let pins = fixture.pins().await;
        pins.see(PinnedKey::Engine, &first).await.unwrap();
        pins.see(PinnedKey::Engine, &second).await.unwrap();
        drop(pins);
        let alarms = fixture.pins().await.alarms();
        assert_eq!(alarms.len(), 1);
        assert_eq!(alarms[0].pinned, Some(first.fingerprint()));
        assert_eq!(alarms[0].seen, second.fingerprint());
    }

    #[tokio::test]
    async fn an_alarm_ends_when_the_remembered_key_is_back() {
        let fixture = Fixture::set();
        let pins = fixture.pins().await;
        let first = key();
        pins.see(PinnedKey::Profile, &first).await.unwrap();
        pins.see(PinnedKey::Profile, &key()).await.unwrap();
        assert!(pins.check().is_err());
        pins.see(PinnedKey::Profile, &first).await.unwrap();
        assert!(pins.check().is_ok());
    }

    #[tokio::test]
    async fn only_what_was_shown_can_be_accepted() {
        let fixture = Fixture::set();
        let pins = fixture.pins().await;
        let (second, third) = (key(), key());
        pins.see(PinnedKey::Engine, &key()).await.unwrap();
        pins.see(PinnedKey::Engine, &second).await.unwrap();
        pins.see(PinnedKey::Engine, &third).await.unwrap();
        let moved = pins.accept(PinnedKey::Engine, &second.fingerprint()).await;
        assert!(matches!(moved, Err(Error::Pin(PinError::Moved))));
        pins.accept(PinnedKey::Engine, &third.fingerprint())
            .await
            .unwrap();
        assert!(pins.check().is_ok());
        assert_eq!(pins.all()[0].fingerprint, third.fingerprint());
    }

    #[tokio::test]
    async fn a_remembered_key_whose_record_is_damaged_or_gone_has_to_be_compared_again() {
        for statement in [
            "UPDATE rows SET body = zeroblob(length(body)) WHERE kind = 6",
            "UPDATE rows SET body = x'00' WHERE kind = 6",
            "DELETE FROM rows WHERE kind = 6",
            "DELETE FROM rows WHERE kind IN (6, 13)",
        ] {
            let fixture = Fixture::set();
            let first = key();
            let pins = fixture.pins().await;
            pins.see(PinnedKey::Engine, &first).await.unwrap();
            let path = fixture.dir.path().join("records.sqlite");
            let database = rusqlite::Connection::open(path).unwrap();
            database.execute(statement, []).unwrap();
            let pins = fixture.pins().await;
            assert!(pins.check().is_ok(), "nothing was seen yet: {statement}");
            pins.see(PinnedKey::Engine, &first).await.unwrap();
            assert!(pins.check().is_err(), "{statement}");
            assert_eq!(pins.alarms()[0].pinned, None, "{statement}");
            let told = pins.check().unwrap_err();
            let is_lost = matches!(told, Error::Pin(PinError::NotRemembered { .. }));
            assert!(is_lost, "nobody is said to have changed it: {statement}");
            let shown = first.fingerprint();
            pins.accept(PinnedKey::Engine, &shown).await.unwrap();
            assert!(fixture.pins().await.check().is_ok(), "{statement}");
        }
    }

    #[tokio::test]
    async fn a_key_that_is_remembered_anew_does_not_hide_that_another_is_lost() {
        let fixture = Fixture::set();
        let (engine, profile) = (key(), key());
        let pins = fixture.pins().await;
        pins.see(PinnedKey::Engine, &engine).await.unwrap();
        pins.see(PinnedKey::Profile, &profile).await.unwrap();
        drop(pins);
        let path = fixture.dir.path().join("records.sqlite");
        let database = rusqlite::Connection::open(path).unwrap();
        let lost = "DELETE FROM rows WHERE kind IN (6, 13)";
        database.execute(lost, []).unwrap();
        let pins = fixture.pins().await;
        pins.see(PinnedKey::Engine, &engine).await.unwrap();
        let shown = engine.fingerprint();
        pins.accept(PinnedKey::Engine, &shown).await.unwrap();
        drop(pins);
        let pins = fixture.pins().await;
        pins.see(PinnedKey::Profile, &key()).await.unwrap();
        assert!(
            pins.check().is_err(),
            "the record of the profile's key is lost"
        );
        let shown = pins.alarms()[0].seen.clone();
        pins.accept(PinnedKey::Profile, &shown).await.unwrap();
        assert!(
            pins.rows
                .missing()
                .await
                .unwrap()
                .iter()
                .all(|(kind, _)| *kind != Kind::Pin)
        );
        assert!(fixture.pins().await.check().is_ok());
    }

    #[tokio::test]
    async fn the_two_keys_are_remembered_apart() {
        let fixture = Fixture::set();
        let pins = fixture.pins().await;
        pins.see(PinnedKey::Engine, &key()).await.unwrap();
        pins.see(PinnedKey::Profile, &key()).await.unwrap();
        assert!(pins.check().is_ok());
        assert_eq!(pins.all().len(), 2);
    }
}
