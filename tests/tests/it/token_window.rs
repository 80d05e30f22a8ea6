//! A token on the real clipboard: there while it should be, gone afterwards, and nothing else is taken away.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::journey::Theme;
use privicore_tests::wait::{LONG, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);

#[tokio::test]
async fn a_copied_token_is_gone_after_its_time_and_when_the_app_locks() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/one.txt", b"one")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        clear_after(&window, 10).await?;
        window.is_stored("one.txt").await?.click().await?;

        let token = copy(&window, &desktop).await?;
        ensure!(token.len() >= 16, "{token} is no token");
        let page = window.page().source().await?;
        ensure!(!page.contains(&token), "the page has the token");
        is_empty(&desktop).await?;
        says(&window, "Cleared from the clipboard").await?;

        copy(&window, &desktop).await?;
        desktop.display().copy("something else").await?;
        says(&window, "something else").await?;
        ensure!(desktop.display().copied().await == "something else");

        window.click("token-show").await?;
        window.see("token-code").await?;
        for (look, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
            window.make(look).await?;
            let picture = pictures().join(format!("code-{name}.png"));
            window.screenshot(&picture).await?;
        }

        clear_after(&window, 180).await?;
        window.is_stored("one.txt").await?.click().await?;
        copy(&window, &desktop).await?;
        window.account("lock").await?;
        window.see("unlock-keyring").await?;
        is_empty(&desktop).await
    })
    .await?
}

/// Copies the token; answers what is on the clipboard.
async fn copy(window: &Window<'_>, desktop: &Desktop) -> Result<String> {
    let before = desktop.display().copied().await;
    let details = window.see("technical-details").await?;
    if details.attr("open").await?.is_none() {
        window.click("technical").await?;
    }
    window.click("token-copy").await?;
    says(window, "Copied").await?;
    wait_for("another text on the clipboard", LONG, async || {
        let now = desktop.display().copied().await;
        (now != before).then_some(now)
    })
    .await
}

async fn is_empty(desktop: &Desktop) -> Result<()> {
    let look = async || desktop.display().copied().await.is_empty().then_some(());
    wait_for("nothing on the clipboard", LONG, look).await
}

async fn clear_after(window: &Window<'_>, seconds: u32) -> Result<()> {
    window.go_to("security").await?;
    let choice = format!("[data-testid=clipboard-seconds] option[value=\"{seconds}\"]");
    let options = window.find_within(&choice, LONG).await?;
    options.click().await?;
    window.go_to("files").await
}

async fn says(window: &Window<'_>, words: &str) -> Result<()> {
    let look = async || {
        let status = window.see("token-status").await.ok()?;
        status.text().await.ok()?.contains(words).then_some(())
    };
    wait_for(words, LONG, look).await
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots/token")
}
