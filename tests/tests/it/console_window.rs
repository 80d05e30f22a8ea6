//! The console in the real window.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);

#[tokio::test]
async fn an_operation_is_filled_in_sent_and_followed_to_its_outcome() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.click("place-console").await?;
        window.fill("console-search", "reserve").await?;
        let choice = "[data-operation-choice='data-token.reserve']";
        window.find_within(choice, SOON).await?.click().await?;
        window.fill("field-context", "letters").await?;
        let question = window.dialog(window.click("console-send")).await?;
        question.agree("Allow").await?;

        let request = window.see("console-request").await?.text().await?;
        ensure!(request.contains("context=letters"), "{request}");
        ensure!(request.contains("X-DPT-AUTHORIZATION: ***"), "{request}");
        let status = window.see("console-status").await?.text().await?;
        ensure!(status.contains("202"), "{status}");
        wait_for("the command to be done", SOON, async || {
            let outcome = window.see("console-outcome").await.ok()?;
            outcome.text().await.ok()?.contains("Done").then_some(())
        })
        .await?;
        let history = window.see("console-history").await?.text().await?;
        ensure!(history.contains("data-token.reserve"), "{history}");
        ensure!(!history.contains("letters"), "{history}");
        window.snapshot(&pictures().join("console.png")).await
    })
    .await?
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
