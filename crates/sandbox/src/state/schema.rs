//! The tables. Secrets that are only compared are kept as digests; moments are milliseconds since 1970.

use rusqlite::Connection;

use crate::wire::answer::Broken;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS profiles (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    public_key TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS authorizations (
    digest BLOB PRIMARY KEY,
    profile TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS qr_tokens (
    digest BLOB PRIMARY KEY,
    profile TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS engine_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    private BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS commands (
    id TEXT PRIMARY KEY,
    profile TEXT,
    operation TEXT NOT NULL,
    work TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS pending_commands ON commands (status) WHERE status = 1;
CREATE TABLE IF NOT EXISTS held (
    command TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reservations (
    id TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    context TEXT NOT NULL,
    meta TEXT,
    expires_at INTEGER NOT NULL,
    blob TEXT,
    data_token TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS temporary_tokens (
    digest BLOB PRIMARY KEY,
    reservation TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS tokens_of_reservation ON temporary_tokens (reservation);
CREATE TABLE IF NOT EXISTS streams (
    digest BLOB PRIMARY KEY,
    direction TEXT NOT NULL,
    subject TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS blobs (
    id TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    engine_key INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    size INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS blobs_of_profile ON blobs (profile);
CREATE TABLE IF NOT EXISTS versions (
    blob TEXT PRIMARY KEY,
    older TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS copies (
    blob TEXT NOT NULL,
    device TEXT NOT NULL,
    PRIMARY KEY (blob, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leftovers (
    device TEXT NOT NULL,
    blob TEXT NOT NULL,
    PRIMARY KEY (device, blob)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS data_tokens (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    blob TEXT NOT NULL,
    context TEXT NOT NULL,
    file_name TEXT NOT NULL,
    extension TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    data_type TEXT,
    risk TEXT,
    meta TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS data_tokens_of_profile ON data_tokens (profile, number);
CREATE TABLE IF NOT EXISTS devices (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    name TEXT NOT NULL,
    standing TEXT NOT NULL,
    secrets TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS devices_of_profile ON devices (profile);
CREATE TABLE IF NOT EXISTS device_keys (
    device TEXT PRIMARY KEY,
    public_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS storage (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    key BLOB NOT NULL,
    online INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX IF NOT EXISTS storage_of_profile ON storage (profile);
CREATE TABLE IF NOT EXISTS transactions (
    profile TEXT NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (profile, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS oauth_applications (
    id TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    name TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scopes TEXT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    secret BLOB,
    made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS oauth_grants (
    id TEXT PRIMARY KEY,
    application TEXT NOT NULL,
    profile TEXT NOT NULL,
    scopes TEXT NOT NULL,
    nonce TEXT NOT NULL,
    code BLOB UNIQUE,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS oauth_tokens (
    access BLOB PRIMARY KEY,
    refresh BLOB NOT NULL UNIQUE,
    application TEXT NOT NULL,
    profile TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    refresh_expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS directories (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL UNIQUE,
    meta TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS directories_of_owner ON directories (owner);
CREATE TABLE IF NOT EXISTS directory_members (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    directory TEXT NOT NULL,
    profile TEXT NOT NULL,
    given_name TEXT,
    family_name TEXT,
    status TEXT NOT NULL,
    is_created INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    UNIQUE (directory, profile)
) STRICT;
CREATE INDEX IF NOT EXISTS directories_of_member ON directory_members (profile);
CREATE TABLE IF NOT EXISTS directory_pools (
    id TEXT PRIMARY KEY,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    profiles TEXT NOT NULL,
    UNIQUE (directory, name)
) STRICT;
";

/// Votes: who may vote and how, what is voted on, and what is being voted on.
const VOTING_TABLES: &str = "
CREATE TABLE IF NOT EXISTS authenticators (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    script TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS authenticators_of_profile ON authenticators (profile);
CREATE TABLE IF NOT EXISTS voting_settings (
    profile TEXT PRIMARY KEY,
    strategy TEXT,
    quorum INTEGER,
    time_limit INTEGER,
    attempts INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS voting_configurations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    name TEXT NOT NULL,
    strategy TEXT NOT NULL,
    time_limit INTEGER NOT NULL,
    devices TEXT NOT NULL,
    UNIQUE (profile, name)
) STRICT;
CREATE TABLE IF NOT EXISTS policies (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    profile TEXT NOT NULL,
    name TEXT NOT NULL,
    template TEXT NOT NULL,
    events TEXT NOT NULL,
    voting_configuration TEXT,
    configuration TEXT NOT NULL,
    active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (profile, name)
) STRICT;
CREATE TABLE IF NOT EXISTS polls (
    id TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    title TEXT NOT NULL,
    question TEXT NOT NULL,
    operation TEXT,
    rule TEXT NOT NULL,
    time_limit INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    voters TEXT NOT NULL,
    left_out TEXT NOT NULL,
    waiting TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS open_polls ON polls (created_at) WHERE state = 'open';
CREATE TABLE IF NOT EXISTS ballots (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    poll TEXT NOT NULL,
    device TEXT NOT NULL,
    name TEXT NOT NULL,
    vote INTEGER,
    voted_at INTEGER,
    UNIQUE (poll, device)
) STRICT;
DROP TABLE IF EXISTS poll_nonces;
CREATE TABLE IF NOT EXISTS exchanged (
    reservation TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
";

/// Write-ahead logging, and the tables if they are not there yet.
pub(super) fn prepare(db: &Connection) -> Result<(), Broken> {
    db.pragma_update(None, "journal_mode", "WAL")?;
    // With WAL, what was committed outlives the process; a power failure may take the last moments, never the order.
    db.pragma_update(None, "synchronous", "NORMAL")?;
    db.set_prepared_statement_cache_capacity(128);
    db.execute_batch(TABLES)?;
    db.execute_batch(VOTING_TABLES)?;
    Ok(())
}
