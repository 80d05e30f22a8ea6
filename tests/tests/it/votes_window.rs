//! Votes and policies in the real window.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::notifications::Notifications;
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
/// A held transfer is said to be held after some seconds only.
const HELD: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_download_that_a_policy_holds_is_allowed_on_the_phone_and_saved() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/deed.txt", b"only by a vote")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        window.is_stored("deed.txt").await?;

        window.go_to("votes").await?;
        window.click("phone-new").await?;
        window.fill("phone-name", "My phone").await?;
        window.click("phone-pair").await?;
        window.see("phone").await?;
        window.see("authenticator").await?;
        window.go_to("policies").await?;
        window.click("configuration-new").await?;
        window.fill("configuration-name", "family").await?;
        let question = window.dialog(window.click("configuration-save"));
        question.await?.agree("Change").await?;
        window.see("configuration").await?;
        hold_downloads(&window).await?;
        window.screenshot(&pictures().join("policies.png")).await?;

        window.go_to("files").await?;
        let mut told = Notifications::hear(&desktop).await?;
        let target = desktop.home().join("Documents/saved.txt");
        let dialog = window.ask_to_save("deed.txt").await?;
        dialog.save_as(&target).await?;
        window.go_to("approvals").await?;
        window.see_within("ballot", SOON).await?;
        window.see_within("poll", HELD).await?;
        let (summary, body) = told.next().await?;
        ensure!(summary == "A vote decides", "{summary:?}: {body:?}");
        ensure!(body.starts_with("1 transfer waits"), "{body:?}");
        let line = window.see("poll-line").await?.text().await?;
        ensure!(line.contains("0 yes") && line.contains("left"), "{line:?}");
        ensure!(!target.exists(), "it was saved before anybody allowed it");
        window.snapshot(&pictures().join("votes.png")).await?;
        window.click("ballot-yes").await?;
        wait_for("the file to be saved", SOON, async || {
            (fs::read(&target).ok()? == b"only by a vote").then_some(())
        })
        .await?;
        let (summary, body) = told.next().await?;
        ensure!(summary == "The vote has ended", "{summary:?}: {body:?}");
        ensure!(body == "1 transfer goes on.", "{body:?}");
        Ok(())
    })
    .await
}

async fn hold_downloads(window: &Window<'_>) -> Result<()> {
    window.click("policy-new").await?;
    window.fill("policy-name", "Four eyes").await?;
    window.click("event-data_token.data_requested").await?;
    let preview = window.see("policy-preview").await?.text().await?;
    ensure!(preview.contains("downloading a file"), "{preview:?}");
    window.click("policy-submit").await?;
    window.click("policy-activate").await?;
    window
        .find_within("[data-testid=policy][data-state=active]", SOON)
        .await
        .context("the policy comes into force")?;
    Ok(())
}

async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
