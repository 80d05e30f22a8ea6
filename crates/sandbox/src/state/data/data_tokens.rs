//! Permanent data tokens and the metadata of their data.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::{Value, json};

use crate::state::{all, change, moment, ms, one};
use crate::wire::answer::Broken;

#[derive(Clone, Debug)]
pub(crate) struct DataToken {
    pub(crate) token: String,
    pub(crate) profile: String,
    pub(crate) blob: String,
    pub(crate) context: String,
    pub(crate) file_name: String,
    pub(crate) extension: String,
    pub(crate) path: String,
    /// What the client said at `configure-file-meta`.
    pub(crate) size: u64,
    pub(crate) data_type: Option<String>,
    pub(crate) risk: Option<Value>,
    pub(crate) meta: Option<Value>,
    pub(crate) created_at: Timestamp,
}

impl DataToken {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "token": self.token,
            "context": self.context,
            "fileName": self.file_name,
            "extension": self.extension,
            "size": self.size,
            "createdAt": self.created_at.to_string(),
            "meta": {
                "file": {
                    "fileName": self.file_name,
                    "extension": self.extension,
                    "size": self.size,
                    "path": self.path,
                },
                "data": { "type": self.data_type },
                "information_security_risk": self.risk,
                "reserved": self.meta,
            },
        })
    }
}

/// What a list may be narrowed to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) file_name: Option<String>,
    pub(crate) extension: Option<String>,
    pub(crate) data_type: Option<String>,
    pub(crate) context: Option<String>,
    pub(crate) token: Option<String>,
}

const COLUMNS: &str = "token, profile, blob, context, file_name, extension, path, size, data_type, risk, meta, \
    created_at";

fn read(row: &Row<'_>) -> rusqlite::Result<DataToken> {
    let kept = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(DataToken {
        token: row.get(0)?,
        profile: row.get(1)?,
        blob: row.get(2)?,
        context: row.get(3)?,
        file_name: row.get(4)?,
        extension: row.get(5)?,
        path: row.get(6)?,
        size: row.get(7)?,
        data_type: row.get(8)?,
        risk: kept(row.get(9)?),
        meta: kept(row.get(10)?),
        created_at: moment(row.get(11)?),
    })
}

pub(crate) fn insert(db: &Connection, token: &DataToken) -> Result<(), Broken> {
    let sql = format!(
        "INSERT INTO data_tokens ({COLUMNS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    );
    let row = (
        &token.token,
        &token.profile,
        &token.blob,
        &token.context,
        &token.file_name,
        &token.extension,
        &token.path,
        token.size,
        &token.data_type,
        token.risk.as_ref().map(Value::to_string),
        token.meta.as_ref().map(Value::to_string),
        ms(token.created_at),
    );
    change(db, &sql, row).map(drop)
}

pub(crate) fn find(db: &Connection, token: &str) -> Result<Option<DataToken>, Broken> {
    let sql = format!("SELECT {COLUMNS} FROM data_tokens WHERE token = ?1");
    one(db, &sql, [token], read)
}

/// All tokens of `profile` with how many bytes are stored behind each, oldest first.
pub(crate) fn of_profile(db: &Connection, profile: &str) -> Result<Vec<(DataToken, u64)>, Broken> {
    let sql = format!(
        "SELECT {COLUMNS}, (SELECT b.size FROM blobs b WHERE b.id = blob)
         FROM data_tokens WHERE profile = ?1 ORDER BY number"
    );
    all(db, &sql, [profile], |row| {
        let stored: Option<u64> = row.get(12)?;
        Ok((read(row)?, stored.unwrap_or_default()))
    })
}

/// One page of the tokens of `profile`, newest first, and how many there are in all.
pub(crate) fn list(
    db: &Connection,
    profile: &str,
    filter: &Filter,
    (page, per_page): (u64, u64),
) -> Result<(Vec<DataToken>, u64), Broken> {
    let (condition, mut values) = condition(profile, filter);
    let sql = format!("SELECT count(*) FROM data_tokens WHERE {condition}");
    let total = one(db, &sql, params_from_iter(&values), |row| row.get(0))?.unwrap_or(0);
    let sql = format!(
        "SELECT {COLUMNS} FROM data_tokens WHERE {condition} ORDER BY number DESC LIMIT ? OFFSET ?"
    );
    let offset = (page - 1).saturating_mul(per_page);
    for number in [per_page, offset] {
        values.push(Sql::Integer(i64::try_from(number).unwrap_or(i64::MAX)));
    }
    let items = all(db, &sql, params_from_iter(&values), read)?;
    Ok((items, total))
}

fn condition(profile: &str, filter: &Filter) -> (String, Vec<Sql>) {
    let narrowed = [
        ("file_name", &filter.file_name),
        ("extension", &filter.extension),
        ("data_type", &filter.data_type),
        ("context", &filter.context),
        ("token", &filter.token),
    ];
    let mut condition = "profile = ?".to_owned();
    let mut values = vec![Sql::Text(profile.to_owned())];
    for (column, wanted) in narrowed {
        if let Some(wanted) = wanted {
            condition.push_str(" AND ");
            condition.push_str(column);
            condition.push_str(" = ?");
            values.push(Sql::Text(wanted.clone()));
        }
    }
    (condition, values)
}

/// Changes what is given and keeps the rest.
pub(crate) fn describe(
    db: &Connection,
    token: &str,
    (file_name, extension, context): (Option<&str>, Option<&str>, Option<&str>),
) -> Result<(), Broken> {
    let sql = "UPDATE data_tokens SET file_name = coalesce(?2, file_name),
               extension = coalesce(?3, extension), context = coalesce(?4, context)
               WHERE token = ?1";
    change(db, sql, (token, file_name, extension, context)).map(drop)
}

/// Forgets all that is known of the data besides its size.
pub(crate) fn clear_meta(db: &Connection, token: &str) -> Result<(), Broken> {
    let sql = "UPDATE data_tokens SET file_name = '', extension = '', path = '', context = '',
               data_type = NULL, risk = NULL, meta = NULL WHERE token = ?1";
    change(db, sql, [token]).map(drop)
}

pub(crate) fn set_path(db: &Connection, token: &str, path: &str) -> Result<(), Broken> {
    let sql = "UPDATE data_tokens SET path = ?2 WHERE token = ?1";
    change(db, sql, (token, path)).map(drop)
}

pub(crate) fn set_risk(db: &Connection, token: &str, risk: &Value) -> Result<(), Broken> {
    let sql = "UPDATE data_tokens SET risk = ?2 WHERE token = ?1";
    change(db, sql, (token, risk.to_string())).map(drop)
}

pub(crate) fn set_data_type(db: &Connection, token: &str, data_type: &str) -> Result<(), Broken> {
    let sql = "UPDATE data_tokens SET data_type = ?2 WHERE token = ?1";
    change(db, sql, (token, data_type)).map(drop)
}

pub(crate) fn set_blob(db: &Connection, token: &str, blob: &str, size: u64) -> Result<(), Broken> {
    let sql = "UPDATE data_tokens SET blob = ?2, size = ?3 WHERE token = ?1";
    change(db, sql, (token, blob, size)).map(drop)
}

pub(crate) fn remove(db: &Connection, token: &str) -> Result<(), Broken> {
    change(db, "DELETE FROM data_tokens WHERE token = ?1", [token]).map(drop)
}
