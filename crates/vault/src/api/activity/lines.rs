//! The log on its way out, as JSON Lines: one object an entry.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::log::ActivityEntry;
use crate::download::destination::Existing;
use crate::error::Error;
use crate::receipts::lines::export_lines;
use crate::vault::Vault;

/// What each line says it is.
const FORMAT: &str = "privicore-activity-v1";

#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    operation: &'static str,
    description: &'static str,
    command: Option<&'a str>,
    state: &'static str,
    reason: Option<&'a str>,
    steps: Vec<StepPart>,
}

#[derive(Serialize)]
struct StepPart {
    state: &'static str,
    at: Timestamp,
}

impl Vault {
    /// Writes the log to `target`, the oldest entry first, for this user alone; answers how many entries there are.
    /// They hold no token, no name of a file and nothing of what was sent.
    ///
    /// # Errors
    /// [`crate::SessionError::SignedOut`], [`crate::TargetError::Exists`], or the file cannot be written; the target is
    /// then as it was.
    pub async fn export_activity(&self, target: &Path, existing: Existing) -> Result<usize, Error> {
        let signed_in = self.signed_in()?;
        let lines = {
            let log = signed_in.session.activity.log();
            log.entries().map(line).collect::<Result<Vec<_>, _>>()
        };
        let lines = lines.map_err(|error| Error::target(target, error.into()))?;
        export_lines(self, target, existing, lines).await
    }
}

fn line(entry: &ActivityEntry) -> serde_json::Result<String> {
    let steps = entry.steps.iter();
    serde_json::to_string(&Line {
        format: FORMAT,
        operation: entry.operation,
        description: entry.doc,
        command: entry.command.as_deref(),
        state: entry.state().word(),
        reason: entry.reason.as_deref(),
        steps: steps
            .map(|step| StepPart {
                state: step.state.word(),
                at: step.at,
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use privicore_client::Entry;

    use super::*;
    use crate::api::activity::ActivityState;
    use crate::api::activity::log::Log;

    /// What the documentation shows.
    const DOCUMENTED: &str = include_str!("../../../../../docs/activity.md");

    #[test]
    fn a_line_is_as_it_is_documented() {
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let mut log = Log::default();
        let spec = &Entry::find("device.approve").unwrap().spec;
        let id = log.begin(spec, at("2026-11-26T02:30:00Z"));
        log.accepted(id, "7c1f0d2e", at("2026-11-26T02:30:00.04Z"));
        let done = at("2026-11-26T02:30:00.4Z");
        log.ended(id, ActivityState::Done, None, done);
        let line = line(log.entries().next().unwrap()).unwrap();
        assert!(DOCUMENTED.lines().any(|shown| shown == line), "{line}");
    }
}
