//! Polls and their ballots. A poll is kept as its present attempt; a further one takes its place.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use crate::state::{all, change, json, moment, ms, one};
use crate::voting::tally::{self, Count, Rule};
use crate::wire::answer::Broken;

#[derive(Clone, Debug)]
pub(crate) struct Poll {
    /// The id of the command that is held for it; one of its own when it was asked for by hand.
    pub(crate) id: String,
    pub(crate) profile: String,
    pub(crate) title: String,
    pub(crate) question: String,
    /// What is held, by its path.
    pub(crate) operation: Option<String>,
    pub(crate) rule: Rule,
    pub(crate) time_limit_seconds: u64,
    pub(crate) attempt: u64,
    pub(crate) attempts: u64,
    /// `None` while it is open.
    pub(crate) result: Option<tally::Result>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// Those who may vote; none named is every authenticator.
    pub(crate) voters: Vec<String>,
    pub(crate) left_out: Vec<String>,
    /// The policies that are asked after this one.
    pub(crate) waiting: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Ballot {
    pub(crate) device: String,
    pub(crate) name: String,
    /// Yes or no, if it was cast, and when.
    pub(crate) vote: Option<(bool, Timestamp)>,
}

const OPEN: &str = "open";

/// The word for a state on the wire, which is also the one it is kept by.
pub(crate) fn word(result: Option<tally::Result>) -> &'static str {
    match result {
        None => OPEN,
        Some(tally::Result::Accepted) => "accepted",
        Some(tally::Result::Rejected) => "rejected",
        Some(tally::Result::NoQuorum) => "no_quorum",
        Some(tally::Result::TimedOut) => "timed_out",
        Some(tally::Result::Canceled) => "canceled",
    }
}

fn result_of(word: &str) -> Option<tally::Result> {
    let all = [
        tally::Result::Accepted,
        tally::Result::Rejected,
        tally::Result::NoQuorum,
        tally::Result::TimedOut,
        tally::Result::Canceled,
    ];
    all.into_iter()
        .find(|result| self::word(Some(*result)) == word)
}

impl Poll {
    /// As row 87 answers it.
    pub(crate) fn to_json(&self, ballots: &[Ballot]) -> Value {
        json!({
            "poolId": self.id,
            "title": self.title,
            "question": self.question,
            "state": word(self.result),
            "attempt": self.attempt,
            "attempts": self.attempts,
            "createdAt": self.created_at.to_string(),
            "expiresAt": self.expires_at.to_string(),
            "operation": self.operation,
            "ballots": ballots.iter().map(Ballot::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Ballot {
    fn to_json(&self) -> Value {
        let vote = self.vote.map(|(yes, _)| if yes { "yes" } else { "no" });
        json!({
            "deviceIdentifier": self.device,
            "name": self.name,
            "vote": vote,
            "votedAt": self.vote.map(|(_, at)| at.to_string()),
        })
    }
}

pub(crate) fn count(ballots: &[Ballot]) -> Count {
    let mut count = Count::default();
    for ballot in ballots {
        match ballot.vote {
            Some((true, _)) => count.yes += 1,
            Some((false, _)) => count.no += 1,
            None => count.open += 1,
        }
    }
    count
}

const COLUMNS: &str =
    "id, profile, title, question, operation, rule, time_limit, attempt, attempts,
    state, created_at, expires_at, voters, left_out, waiting";

fn read(row: &Row<'_>) -> rusqlite::Result<Poll> {
    Ok(Poll {
        id: row.get(0)?,
        profile: row.get(1)?,
        title: row.get(2)?,
        question: row.get(3)?,
        operation: row.get(4)?,
        rule: json(row, 5)?,
        time_limit_seconds: row.get(6)?,
        attempt: row.get(7)?,
        attempts: row.get(8)?,
        result: result_of(&row.get::<_, String>(9)?),
        created_at: moment(row.get(10)?),
        expires_at: moment(row.get(11)?),
        voters: json(row, 12)?,
        left_out: json(row, 13)?,
        waiting: json(row, 14)?,
    })
}

/// Keeps a poll, instead of the one of the same id if there is one, with fresh ballots for `voters`: device and name.
pub(crate) fn put(db: &Connection, poll: &Poll, voters: &[(String, String)]) -> Result<(), Broken> {
    let sql = format!(
        "INSERT OR REPLACE INTO polls ({COLUMNS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    );
    let row = (
        &poll.id,
        &poll.profile,
        &poll.title,
        &poll.question,
        &poll.operation,
        serde_json::to_string(&poll.rule)?,
        poll.time_limit_seconds,
        poll.attempt,
        poll.attempts,
        word(poll.result),
        ms(poll.created_at),
        ms(poll.expires_at),
        serde_json::to_string(&poll.voters)?,
        serde_json::to_string(&poll.left_out)?,
        serde_json::to_string(&poll.waiting)?,
    );
    change(db, &sql, row)?;
    change(db, "DELETE FROM ballots WHERE poll = ?1", [&poll.id])?;
    let sql = "INSERT INTO ballots (poll, device, name) VALUES (?1, ?2, ?3)";
    voters
        .iter()
        .try_for_each(|(device, name)| change(db, sql, (&poll.id, device, name)).map(drop))
}

pub(crate) fn find(db: &Connection, id: &str) -> Result<Option<Poll>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM polls WHERE id = ?1");
    one(db, &sql, [id], read)
}

/// The polls that are open, in the order they were opened.
pub(crate) fn open(db: &Connection) -> Result<Vec<Poll>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM polls WHERE state = 'open' ORDER BY created_at, id");
    all(db, &sql, [], read)
}

/// The ballots of a poll, in the order its authenticators were registered.
pub(crate) fn ballots(db: &Connection, poll: &str) -> Result<Vec<Ballot>, Broken> {
    let sql = "SELECT device, name, vote, voted_at FROM ballots WHERE poll = ?1 ORDER BY number";
    all(db, sql, [poll], |row| {
        let (vote, at): (Option<bool>, Option<i64>) = (row.get(2)?, row.get(3)?);
        Ok(Ballot {
            device: row.get(0)?,
            name: row.get(1)?,
            vote: vote.zip(at.map(moment)),
        })
    })
}

/// Casts the ballot of `device`, if it has one that was not cast yet.
pub(crate) fn cast(
    db: &Connection,
    poll: &str,
    device: &str,
    (yes, at): (bool, Timestamp),
) -> Result<bool, Broken> {
    let sql = "UPDATE ballots SET vote = ?3, voted_at = ?4
               WHERE poll = ?1 AND device = ?2 AND vote IS NULL";
    change(db, sql, (poll, device, yes, ms(at))).map(|changed| changed == 1)
}

pub(crate) fn close(db: &Connection, id: &str, result: tally::Result) -> Result<(), Broken> {
    let sql = "UPDATE polls SET state = ?2 WHERE id = ?1";
    change(db, sql, (id, word(Some(result)))).map(drop)
}

/// The polls that are decided while the command they decide about is still to be told.
pub(crate) fn untold(db: &Connection) -> Result<Vec<(String, tally::Result)>, Broken> {
    let sql = "SELECT p.id, p.state FROM polls p JOIN commands c ON c.id = p.id
               WHERE p.state <> 'open' AND c.status = 1 ORDER BY c.made_at, c.rowid";
    let rows: Vec<(String, String)> = all(db, sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let told = rows
        .into_iter()
        .filter_map(|(id, word)| Some((id, result_of(&word)?)));
    Ok(told.collect())
}

/// Takes the ballots of `device` out of all open polls, cast ones too.
pub(crate) fn forget_device(db: &Connection, device: &str) -> Result<(), Broken> {
    let sql = "DELETE FROM ballots WHERE device = ?1
               AND poll IN (SELECT id FROM polls WHERE state = 'open')";
    change(db, sql, [device]).map(drop)
}

/// Forgets closed polls that were to end before `moment`.
pub(crate) fn sweep(db: &Connection, before: Timestamp) -> Result<(), Broken> {
    let old = "SELECT id FROM polls WHERE state <> 'open' AND expires_at < ?1";
    let sql = format!("DELETE FROM ballots WHERE poll IN ({old})");
    change(db, &sql, [ms(before)])?;
    let sql = format!("DELETE FROM polls WHERE id IN ({old})");
    change(db, &sql, [ms(before)]).map(drop)
}
