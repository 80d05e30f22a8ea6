//! The log and the figures in the real window.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
const ENTRY: &str = "[data-testid=\"activity-entry\"][data-operation=\"device.request-identifier\"][data-state=\"done\"]";

#[tokio::test]
async fn commands_are_listed_opened_searched_counted_and_exported() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.go_to("devices").await?;
        window.click("device-new").await?;
        window.fill("device-name", "Attic NAS").await?;
        let question = window.dialog(window.click("device-request-submit"));
        question.await?.agree("Request device").await?;
        window.see("device-approve").await?;

        window.go_to("activity").await?;
        window.click("activity-log").await?;
        let entry = window.find_within(ENTRY, SOON).await?;
        entry.click().await?;
        let steps = window.see("activity-timeline").await?.text().await?;
        for step in ["Sent", "Accepted", "Done"] {
            ensure!(steps.contains(step), "{step} is missing: {steps}");
        }
        shoot(&window, "activity").await?;
        window.fill("activity-search", "no such operation").await?;
        window.see("activity-no-match").await?;
        window.click("activity-show-all").await?;
        window.find_within(ENTRY, SOON).await?;

        let target = desktop.home().join("Documents/activity.jsonl");
        fs::create_dir_all(target.parent().context("a folder")?)?;
        let dialog = window.dialog(window.click("activity-export")).await?;
        dialog.save_as(&target).await?;
        window.see("activity-exported").await?;
        let written = fs::read_to_string(&target)?;
        ensure!(written.contains("device.request-identifier"), "{written}");
        ensure!(!written.contains("Attic NAS"), "{written}");

        window.click("activity-figures").await?;
        window.see("figures-service").await?;
        shoot(&window, "figures").await?;

        window.account("sign-out").await?;
        window.click("try-now").await?;
        window.go_to("activity").await?;
        window.click("activity-log").await?;
        wait_for("the log of the last session to be gone", SOON, async || {
            let page = window.see("activity").await.ok()?.text().await.ok()?;
            (!page.contains("device.request-identifier")).then_some(())
        })
        .await
    })
    .await?
}

/// Both themes, whichever the system has.
async fn shoot(window: &Window<'_>, name: &str) -> Result<()> {
    for theme in ["light", "dark"] {
        let set = format!("document.documentElement.dataset.theme = '{theme}'");
        window.page().execute(&set, vec![]).await?;
        let picture = pictures().join(format!("{name}-{theme}.png"));
        window.screenshot(&picture).await?;
    }
    Ok(())
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
