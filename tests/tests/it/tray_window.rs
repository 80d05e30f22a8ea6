//! The icon in the system's tray, beside the real window.

use std::fs::File;
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::panel::Panel;
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
/// Bytes of the slow upload: it is there for as long as the test looks.
const LARGE: u64 = 400 << 20;

#[tokio::test]
async fn the_tray_tells_how_far_transfers_are_and_locks() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let small = desktop.write("Documents/small.bin", b"small")?;
        let large = desktop.write("Documents/large.bin", b"")?;
        File::options().write(true).open(&large)?.set_len(LARGE)?;
        let panel = Panel::open(&desktop).await?;
        let window = Window::open(&desktop).await?;
        panel.says("Nobody is signed in").await?;
        ensure!(!can_lock(&panel).await?, "there is nothing to lock");
        window.try_now().await?;
        panel.says("Nothing is being transferred").await?;
        ensure!(can_lock(&panel).await?, "what is open can be locked");
        let (_, resting) = panel.picture().await?;

        window.drop_files(&[small]).await?;
        window.is_stored("small.bin").await?;
        window.go_to("network").await?;
        window.fill("limit-upload", "1").await?;
        window.click("limits-save").await?;
        window.go_to("files").await?;
        window.drop_files(&[large]).await?;
        let moving = |said: &str| said.contains(" transferred, ");
        let said = panel.says_what("a transfer", moving).await?;
        ensure!(
            !said.contains("large"),
            "the name of a file is told: {said:?}"
        );
        let (_, moving) = panel.picture().await?;
        ensure!(resting != moving, "the icon shows no progress");

        panel.choose("Lock now").await?;
        window.see("unlock-keyring").await?;
        panel
            .says_what("locked", |said| said.starts_with("Locked"))
            .await?;
        ensure!(!can_lock(&panel).await?, "it is locked already");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tray_that_comes_later_is_found_and_the_app_can_be_left_from_it() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.see("try-now").await?;
        let panel = Panel::open(&desktop).await?;
        window.try_now().await?;
        panel.says("Nothing is being transferred").await?;
        panel.choose("Quit").await?;
        wait_for("the app to end", SOON, async || {
            (!desktop.has_app().await).then_some(())
        })
        .await
    })
    .await
}

async fn can_lock(panel: &Panel) -> Result<bool> {
    let lines = panel.menu().await?;
    Ok(lines
        .iter()
        .any(|line| line.label == "Lock now" && line.is_enabled))
}

async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}
