//! The place for a file at the service: reserved for a while, and how long that is.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use privicore_client::operations::data_token::{ReserveTokenSpace, RetrieveTemporaryToken};
use privicore_client::{CommandId, Error as ClientError, Largest, step_down};

use crate::error::Error;
use crate::session::Session;
use crate::store::rows::Posted;
use crate::transfers::Attempt;
use crate::transfers::await_command::await_command;
use crate::transfers::outcome::Unfinished;
use crate::transfers::tickets::UploadStep;
use crate::upload::step::set_step;
use crate::upload::uploading::Uploading;

/// A reservation's life in minutes: long enough for the upload, small enough for the service, which refuses large
/// figures.
pub(super) const RESERVATION_MINUTES: std::ops::RangeInclusive<u32> = 5..=60;

/// The slowest upload a reservation is made for.
pub(super) const SLOWEST_BYTES_PER_MINUTE: u64 = 60 * 1024 * 1024;

pub(super) struct Place {
    pub(super) reservation: CommandId,
    /// The life that was asked for.
    asked: Option<u32>,
    since: Instant,
    /// What the service counts its life in, going by when it says that it ends.
    told: Option<Unit>,
}

impl Place {
    /// Asks for a place for the bytes, and waits until it is there.
    pub(super) async fn reserve(
        uploading: &Uploading<'_>,
        sealed_len: u64,
    ) -> Result<Self, Unfinished> {
        let (session, attempt) = (uploading.session, uploading.attempt);
        let Asked {
            reservation,
            life,
            noted,
        } = ask(session, attempt, sealed_len).await?;
        reserved_place(session, attempt, &reservation, Some(noted)).await?;
        Ok(Self::there(reservation, life))
    }

    /// The place that an earlier attempt has asked for. Since when it is there is not known: its end shows no unit.
    pub(super) async fn of_earlier(
        uploading: &Uploading<'_>,
        reservation: CommandId,
    ) -> Result<Self, Unfinished> {
        reserved_place(uploading.session, uploading.attempt, &reservation, None).await?;
        Ok(Self::there(reservation, None))
    }

    fn there(reservation: CommandId, asked: Option<u32>) -> Self {
        Self {
            reservation,
            asked,
            since: Instant::now(),
            told: None,
        }
    }

    /// The service says when it ends.
    ///
    /// # Errors
    /// [`Unfinished::Gone`] when that shows that its life was asked for in another unit than the service counts in.
    pub(super) fn ends(
        &mut self,
        session: &Session,
        expires_at: Option<Timestamp>,
    ) -> Result<(), Unfinished> {
        self.told = shown_unit(self.asked, Timestamp::now(), expires_at);
        let in_seconds = session.client.habits().counts_life_in_seconds;
        match self.told {
            Some(Unit::Seconds) if !in_seconds => {
                learn_seconds(session);
                return Err(Unfinished::Gone);
            }
            Some(Unit::Minutes) if in_seconds => unlearn_seconds(session),
            Some(_) | None => {}
        }
        Ok(())
    }

    /// Whether it has been there for longer than it would in seconds.
    pub(super) fn outlives_seconds(&self) -> bool {
        outlives(self.asked, self.since.elapsed())
    }

    /// It takes nothing any more: whether it has expired so soon that the service counts its life in seconds. A link is
    /// refused for many reasons: only a place that is no more has expired.
    pub(super) async fn learns_unit(&self, session: &Session) -> bool {
        let is_known = session.client.habits().counts_life_in_seconds;
        let lived = self.since.elapsed();
        let is_soon = self.asked.is_some_and(|asked| lasts_seconds(asked, lived));
        if is_known || self.told == Some(Unit::Minutes) || !is_soon {
            return false;
        }
        let reservation = self.reservation.clone();
        let asked = session.call(&RetrieveTemporaryToken { reservation }).await;
        let has_expired = matches!(asked, Err(Error::Service(ClientError::NotFound { .. })));
        if has_expired {
            learn_seconds(session);
        }
        has_expired
    }
}

/// What the life of a place is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Minutes,
}

/// A place that was asked for.
struct Asked {
    reservation: CommandId,
    life: Option<u32>,
    /// The command is being written down: a vote may hold it for longer than the app runs.
    noted: Posted,
}

async fn ask(session: &Session, attempt: &Attempt, sealed_len: u64) -> Result<Asked, Error> {
    let mut request = ReserveTokenSpace {
        context: attempt.ticket.context.clone(),
        ttl: life_to_ask(session, attempt, sealed_len),
        meta: None,
    };
    let mut refused = None;
    let reservation = loop {
        match (session.submit(&request).await, request.ttl) {
            // It may be the life that is refused: shorter ones are tried, then none.
            (Err(error @ Error::Service(ClientError::Invalid { .. })), Some(life)) => {
                refused.get_or_insert(error);
                request.ttl = step_down(life);
            }
            (Err(error @ Error::Service(ClientError::Invalid { .. })), None) => {
                return Err(refused.unwrap_or(error));
            }
            (answer, _) => break answer?,
        }
    };
    // A shorter life than that may be the sign of a moment: the next reservation finds out anew.
    let is_habit = request
        .ttl
        .is_none_or(|life| life >= *RESERVATION_MINUTES.start());
    if refused.is_some() && is_habit {
        let accepted = Largest::accepted(request.ttl);
        session
            .client
            .learn(|habits| habits.reservation_life = accepted);
    }
    let command = reservation.to_string();
    let noted = attempt.post(|job| set_step(job, UploadStep::Reserving { command }))?;
    Ok(Asked {
        reservation,
        life: request.ttl,
        noted,
    })
}

/// The life of a place that is asked for, in the service's unit. With a limit on the speed of uploads nobody can tell
/// how long it takes.
pub(super) fn life_to_ask(session: &Session, attempt: &Attempt, sealed_len: u64) -> Option<u32> {
    let minutes = match attempt.rate_limiters().upload.bytes_per_second() {
        Some(_) => *RESERVATION_MINUTES.end(),
        None => reservation_minutes(sealed_len),
    };
    let habits = session.client.habits();
    let unit = if habits.counts_life_in_seconds { 60 } else { 1 };
    habits.reservation_life.of(minutes * unit)
}

/// Waits until a place is reserved. Of a reservation of which nothing was heard the place itself tells: what is not
/// there is asked for anew.
pub(super) async fn reserved_place(
    session: &Session,
    attempt: &Attempt,
    reservation: &CommandId,
    noted: Option<Posted>,
) -> Result<(), Error> {
    match await_command(session, attempt, reservation, noted).await {
        Err(Error::Service(ClientError::NotConfirmed { command: Some(_) })) => {
            let reservation = reservation.clone();
            session
                .call(&RetrieveTemporaryToken { reservation })
                .await
                .map(drop)
        }
        outcome => outcome,
    }
}

pub(super) fn learn_seconds(session: &Session) {
    session.client.learn(|habits| {
        habits.counts_life_in_seconds = true;
        habits.reservation_life = Largest::Any;
    });
}

/// A place lives longer than it would in seconds.
pub(super) fn unlearn_seconds(session: &Session) {
    session.client.learn(|habits| {
        if std::mem::take(&mut habits.counts_life_in_seconds) {
            habits.reservation_life = Largest::Any;
        }
    });
}

/// Whether a place that was asked for with this number and had expired after so long lived for seconds, not for
/// minutes.
pub(super) fn lasts_seconds(asked: u32, lived: Duration) -> bool {
    let asked = u64::from(asked);
    (asked..asked * 60).contains(&lived.as_secs())
}

/// Whether a place that was asked for with this number had its bytes after so long that its life is not counted in
/// seconds.
pub(super) fn outlives(asked: Option<u32>, lived: Duration) -> bool {
    asked.is_some_and(|asked| lived > Duration::from_secs(u64::from(asked) + 60))
}

/// What the life of a place that was asked for with this number is counted in, by when it ends. Clocks may differ: only
/// what fits one unit and not the other counts.
pub(super) fn shown_unit(
    asked: Option<u32>,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Option<Unit> {
    let (asked, expires_at) = (i64::from(asked?), expires_at?);
    let left = expires_at.as_second() - now.as_second();
    let in_minutes = 60 * asked;
    if (0..=asked + 2).contains(&left) {
        return Some(Unit::Seconds);
    }
    (in_minutes / 2..=in_minutes + 120)
        .contains(&left)
        .then_some(Unit::Minutes)
}

pub(super) fn reservation_minutes(sealed_len: u64) -> u32 {
    let (least, most) = RESERVATION_MINUTES.into_inner();
    let minutes = sealed_len / SLOWEST_BYTES_PER_MINUTE;
    u32::try_from(minutes).map_or(most, |minutes| least.saturating_add(minutes).min(most))
}
