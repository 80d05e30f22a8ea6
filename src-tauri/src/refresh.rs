//! When the list is asked for by itself: once for whoever comes in, and again when that failed.

use std::time::Duration;

use privicore_vault::{Phrase, Vault};
use tauri::AppHandle;
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use crate::events::Notice;
use crate::language;
use crate::view::ErrorView;

/// From the first failure on; doubled with each.
const FIRST_WAIT: Duration = Duration::from_secs(5);
const DOUBLED_AT_MOST: u32 = 6;

/// For whom the list was asked for, and when it is to be asked for again.
#[derive(Default)]
struct Plan {
    username: Option<String>,
    due: Option<Instant>,
    failures: u32,
}

impl Plan {
    /// Looks at who is there now.
    fn see(&mut self, username: Option<String>, now: Instant) {
        if self.username != username {
            *self = Self {
                due: username.is_some().then_some(now),
                username,
                failures: 0,
            };
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    fn succeeded(&mut self) {
        self.due = None;
    }

    /// Answers whether it is worth telling: not each time.
    fn failed(&mut self, now: Instant) -> bool {
        let doubled = self.failures.min(DOUBLED_AT_MOST);
        self.due = Some(now + FIRST_WAIT * 2_u32.pow(doubled));
        self.failures += 1;
        self.failures == 1
    }
}

/// Brings the list up to date whenever a profile comes in, until the vault is gone.
pub(crate) fn when_signed_in(app: AppHandle, vault: Vault) {
    let mut events = vault.events();
    tauri::async_runtime::spawn(async move {
        let mut plan = Plan::default();
        loop {
            plan.see(vault.status().username, Instant::now());
            if plan.is_due(Instant::now()) {
                refresh(&app, &vault, &mut plan).await;
                // Somebody else may be there by now.
                continue;
            }
            let due = plan.due;
            let wait = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                event = events.recv() => if let Err(RecvError::Closed) = event {
                    return;
                },
                () = wait => {}
            }
        }
    });
}

async fn refresh(app: &AppHandle, vault: &Vault, plan: &mut Plan) {
    let Err(error) = vault.refresh().await else {
        plan.succeeded();
        return;
    };
    tracing::info!(%error, "the list is as it was");
    let is_news = plan.failed(Instant::now());
    // Who has left meanwhile does not need the list.
    if is_news && vault.status().username == plan.username {
        let mut told = ErrorView::from(&error);
        let stale = Phrase::new("list.stale").text("reason", &told.message);
        told.message = language::say(&stale);
        let notice = Notice::warning(told);
        // A page that is not there any more need not know.
        let _ = notice.emit(app);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comes(plan: &mut Plan, username: &str, now: Instant) {
        plan.see(Some(username.to_owned()), now);
    }

    #[test]
    fn refreshes_once_for_concurrent_requests() {
        let (mut plan, now) = (Plan::default(), Instant::now());
        plan.see(None, now);
        assert!(!plan.is_due(now));
        comes(&mut plan, "ada", now);
        assert!(plan.is_due(now));
        plan.succeeded();
        comes(&mut plan, "ada", now);
        assert!(!plan.is_due(now));
        plan.see(None, now);
        comes(&mut plan, "ada", now);
        assert!(plan.is_due(now));
    }

    #[test]
    fn refreshes_again_for_a_request_that_arrives_during_a_refresh() {
        let (mut plan, now) = (Plan::default(), Instant::now());
        comes(&mut plan, "ada", now);
        plan.succeeded();
        comes(&mut plan, "bob", now);
        assert!(plan.is_due(now));
    }

    #[test]
    fn failures_are_retried_with_growing_waits_and_reported_once() {
        let (mut plan, mut now) = (Plan::default(), Instant::now());
        comes(&mut plan, "ada", now);
        let told: Vec<bool> = [5, 10, 20, 40]
            .into_iter()
            .map(|seconds| {
                let told = plan.failed(now);
                now += Duration::from_secs(seconds);
                assert!(!plan.is_due(now - Duration::from_millis(1)));
                assert!(plan.is_due(now));
                told
            })
            .collect();
        assert_eq!(told, [true, false, false, false]);
    }
}
