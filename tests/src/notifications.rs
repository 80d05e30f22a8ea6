//! What programs tell through the system, overheard on the bus of a desktop. Nobody has to be there to show it.

use anyhow::{Context as _, Result};

use crate::Desktop;
use crate::process::Process;

/// The call by which a notification is shown (Desktop Notifications Specification,
/// `org.freedesktop.Notifications.Notify`).
const NOTIFY: &str = "type='method_call',interface='org.freedesktop.Notifications',member='Notify'";
/// Which of the texts of such a call is its summary; its body comes next.
const SUMMARY: usize = 2;

/// Hears notifications from when it was made.
#[derive(Debug)]
pub struct Notifications {
    monitor: Process,
}

impl Notifications {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the bus does not let it.
    pub async fn hear(desktop: &Desktop) -> Result<Self> {
        let monitor = Process::start("dbus-monitor", |command| {
            desktop.enter(command);
            command.args(["--session", NOTIFY]);
        })?;
        let mut notifications = Self { monitor };
        // The bus says that it lost its name once it has become a monitor.
        notifications.line_with("NameLost").await?;
        Ok(notifications)
    }

    /// The next one: its summary and its body.
    ///
    /// # Errors
    /// When there is none for too long.
    pub async fn next(&mut self) -> Result<(String, String)> {
        self.line_with("member=Notify").await?;
        for _ in 0..SUMMARY {
            self.text().await?;
        }
        Ok((self.text().await?, self.text().await?))
    }

    async fn text(&mut self) -> Result<String> {
        let line = self.line_with("string \"").await?;
        let text = line.trim().strip_prefix("string \"");
        let text = text.and_then(|text| text.strip_suffix('"'));
        Ok(text.context("a text of one line")?.to_owned())
    }

    async fn line_with(&mut self, part: &str) -> Result<String> {
        loop {
            let line = self.monitor.line("a notification").await?;
            if line.contains(part) {
                return Ok(line);
            }
        }
    }
}
