//! The commands of OAuth applications.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use super::command::{Command, Outcome};
use crate::clock::later;
use crate::commands::OAuthWork;
use crate::state::oauth::{self, Application, Grant};
use crate::wire::answer::Broken;
use crate::wire::tokens::generate_id;

/// How long an application may take to fetch the code for what it was granted.
const GRANT_LIFE: Duration = Duration::from_mins(10);

/// Does the work of `command`.
pub(super) fn perform(
    db: &Connection,
    command: &Command,
    work: &OAuthWork,
    now: Timestamp,
) -> Result<Outcome, Broken> {
    let (id, profile) = (command.id.clone(), command.profile.clone());
    match work.clone() {
        OAuthWork::RegisterApplication {
            name,
            redirect_uri,
            scopes,
        } => {
            let application = Application {
                id,
                profile,
                name,
                redirect_uri,
                scopes,
                client_id: generate_id(),
                made_at: now,
            };
            oauth::insert_application(db, &application)?;
        }
        OAuthWork::RequestCode {
            application,
            nonce,
            scopes,
        } => {
            let grant = Grant {
                application,
                profile,
                scopes,
            };
            oauth::insert_grant(db, &id, &grant, &nonce, later(now, GRANT_LIFE))?;
        }
    }
    Ok(Ok(()))
}
