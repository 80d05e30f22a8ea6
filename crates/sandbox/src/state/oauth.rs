//! OAuth applications, what profiles granted them, and their tokens. Secrets, codes and tokens are kept as digests.

use jiff::Timestamp;
use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::{all, change, moment, ms, one};
use crate::wire::answer::Broken;
use crate::wire::scopes::Scopes;
use crate::wire::tokens::TokenDigest;

/// One application, named by the command that registered it.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) id: String,
    /// Who registered it.
    pub(crate) profile: String,
    pub(crate) name: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
    pub(crate) client_id: String,
    pub(crate) made_at: Timestamp,
}

impl Application {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "applicationId": self.id,
            "name": self.name,
            "redirectUri": self.redirect_uri,
            "scopes": self.scopes.names(),
            "createdAt": self.made_at.to_string(),
        })
    }
}

/// What a profile lets an application do.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) application: String,
    pub(crate) profile: String,
    pub(crate) scopes: Scopes,
}

/// An access token that has not expired.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) grant: Grant,
    pub(crate) expires_at: Timestamp,
}

/// An access token and the refresh token that belongs to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) access: TokenDigest,
    pub(crate) refresh: TokenDigest,
    pub(crate) access_expires_at: Timestamp,
    pub(crate) refresh_expires_at: Timestamp,
}

const APPLICATION: &str = "id, profile, name, redirect_uri, scopes, client_id, made_at";

fn read_application(row: &Row<'_>) -> rusqlite::Result<Application> {
    Ok(Application {
        id: row.get(0)?,
        profile: row.get(1)?,
        name: row.get(2)?,
        redirect_uri: row.get(3)?,
        scopes: read_scopes(row, 4)?,
        client_id: row.get(5)?,
        made_at: moment(row.get(6)?),
    })
}

/// The application, the profile and the scopes in the first three columns.
fn read_grant(row: &Row<'_>) -> rusqlite::Result<Grant> {
    Ok(Grant {
        application: row.get(0)?,
        profile: row.get(1)?,
        scopes: read_scopes(row, 2)?,
    })
}

fn read_scopes(row: &Row<'_>, column: usize) -> rusqlite::Result<Scopes> {
    let text: String = row.get(column)?;
    let name = || {
        row.as_ref()
            .column_name(column)
            .unwrap_or_default()
            .to_owned()
    };
    Scopes::read(&text).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(column, name(), rusqlite::types::Type::Text)
    })
}

pub(crate) fn insert_application(db: &Connection, kept: &Application) -> Result<(), Broken> {
    let sql = format!(
        "INSERT INTO oauth_applications ({APPLICATION}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    );
    let row = (
        &kept.id,
        &kept.profile,
        &kept.name,
        &kept.redirect_uri,
        kept.scopes.to_text(),
        &kept.client_id,
        ms(kept.made_at),
    );
    change(db, &sql, row).map(drop)
}

pub(crate) fn application(db: &Connection, id: &str) -> Result<Option<Application>, Broken> {
    let sql = format!("SELECT {APPLICATION} FROM oauth_applications WHERE id = ?1");
    one(db, &sql, [id], read_application)
}

pub(crate) fn by_client(db: &Connection, client: &str) -> Result<Option<Application>, Broken> {
    let sql = format!("SELECT {APPLICATION} FROM oauth_applications WHERE client_id = ?1");
    one(db, &sql, [client], read_application)
}

/// The application whose credentials these are.
pub(crate) fn by_credentials(
    db: &Connection,
    client: &str,
    secret: &TokenDigest,
) -> Result<Option<Application>, Broken> {
    let sql = format!(
        "SELECT {APPLICATION} FROM oauth_applications WHERE client_id = ?1 AND secret = ?2"
    );
    one(db, &sql, (client, secret), read_application)
}

pub(crate) fn of_profile(db: &Connection, profile: &str) -> Result<Vec<Application>, Broken> {
    let sql =
        format!("SELECT {APPLICATION} FROM oauth_applications WHERE profile = ?1 ORDER BY rowid");
    all(db, &sql, [profile], read_application)
}

/// Gives an application its secret; `false` if it has one already.
pub(crate) fn set_secret(db: &Connection, id: &str, secret: &TokenDigest) -> Result<bool, Broken> {
    let sql = "UPDATE oauth_applications SET secret = ?2 WHERE id = ?1 AND secret IS NULL";
    change(db, sql, (id, secret)).map(|changed| changed == 1)
}

/// Keeps what the command `id` granted, until an application has fetched a code for it.
pub(crate) fn insert_grant(
    db: &Connection,
    id: &str,
    grant: &Grant,
    nonce: &str,
    expires_at: Timestamp,
) -> Result<(), Broken> {
    let sql = "INSERT INTO oauth_grants (id, application, profile, scopes, nonce, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let scopes = grant.scopes.to_text();
    let row = (
        id,
        &grant.application,
        &grant.profile,
        scopes,
        nonce,
        ms(expires_at),
    );
    change(db, sql, row).map(drop)
}

/// The nonce of a grant to `application` that has not expired, and whether it has a code.
pub(crate) fn granted(
    db: &Connection,
    id: &str,
    application: &str,
    now: Timestamp,
) -> Result<Option<(String, bool)>, Broken> {
    let sql = "SELECT nonce, code IS NOT NULL FROM oauth_grants
               WHERE id = ?1 AND application = ?2 AND expires_at > ?3";
    one(db, sql, (id, application, ms(now)), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

pub(crate) fn set_code(
    db: &Connection,
    id: &str,
    code: &TokenDigest,
    expires_at: Timestamp,
) -> Result<(), Broken> {
    let sql = "UPDATE oauth_grants SET code = ?2, expires_at = ?3 WHERE id = ?1";
    change(db, sql, (id, code, ms(expires_at))).map(drop)
}

/// Uses a code up: what was granted, once, until it expires; with `application`, to that one only.
pub(crate) fn spend_code(
    db: &Connection,
    code: &TokenDigest,
    application: Option<&str>,
    now: Timestamp,
) -> Result<Option<Grant>, Broken> {
    let sql = "DELETE FROM oauth_grants
               WHERE code = ?1 AND expires_at > ?2 AND application = ifnull(?3, application)
               RETURNING application, profile, scopes";
    one(db, sql, (code, ms(now), application), read_grant)
}

pub(crate) fn insert_pair(db: &Connection, pair: &Pair, grant: &Grant) -> Result<(), Broken> {
    let sql = "INSERT INTO oauth_tokens
               (access, refresh, application, profile, scopes, expires_at, refresh_expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = (
        &pair.access,
        &pair.refresh,
        &grant.application,
        &grant.profile,
        grant.scopes.to_text(),
        ms(pair.access_expires_at),
        ms(pair.refresh_expires_at),
    );
    change(db, sql, row).map(drop)
}

pub(crate) fn access(
    db: &Connection,
    digest: &TokenDigest,
    now: Timestamp,
) -> Result<Option<Access>, Broken> {
    let sql = "SELECT application, profile, scopes, expires_at FROM oauth_tokens
               WHERE access = ?1 AND expires_at > ?2";
    one(db, sql, (digest, ms(now)), |row| {
        Ok(Access {
            grant: read_grant(row)?,
            expires_at: moment(row.get(3)?),
        })
    })
}

/// Ends a pair whose refresh token has not expired; the access token may have.
pub(crate) fn spend_pair(
    db: &Connection,
    access: &TokenDigest,
    refresh: &TokenDigest,
    now: Timestamp,
) -> Result<Option<Grant>, Broken> {
    let sql = "DELETE FROM oauth_tokens
               WHERE access = ?1 AND refresh = ?2 AND refresh_expires_at > ?3
               RETURNING application, profile, scopes";
    one(db, sql, (access, refresh, ms(now)), read_grant)
}

/// Ends the pair of an access token, if it is one.
pub(crate) fn revoke(db: &Connection, access: &TokenDigest) -> Result<(), Broken> {
    change(db, "DELETE FROM oauth_tokens WHERE access = ?1", [access]).map(drop)
}

/// Forgets grants and pairs that can be used no more.
pub(crate) fn sweep(db: &Connection, now: Timestamp) -> Result<(), Broken> {
    change(
        db,
        "DELETE FROM oauth_grants WHERE expires_at <= ?1",
        [ms(now)],
    )?;
    let sql = "DELETE FROM oauth_tokens WHERE refresh_expires_at <= ?1";
    change(db, sql, [ms(now)]).map(drop)
}
