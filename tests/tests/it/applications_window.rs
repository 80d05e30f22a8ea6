//! OAuth applications in the real window: registered, the secret shown once, copied, saved and put away, and let in.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::journey::Theme;
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
const HELD: &str = "[data-testid=\"held-secret\"]";

#[tokio::test]
async fn an_application_is_registered_its_secret_saved_and_authorized() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.go_to("applications").await?;
        window.see("applications-none").await?;
        both_looks(&window, "empty").await?;
        register(&window, "Reports").await?;

        // Until it is asked for, the page does not have it.
        window.click("secret-copy").await?;
        says(&window, "secret-status", "Copied").await?;
        let secret = desktop.display().copied().await;
        ensure!(secret.len() > 20, "no secret was copied");
        ensure!(!page_of(&window).await?.contains(&secret));
        window.click("secret-show").await?;
        says(&window, "secret-text", &secret).await?;
        both_looks(&window, "secret").await?;

        let target = desktop.home().join("Documents/reports.json");
        let dialog = window.dialog(window.click("secret-save")).await?;
        dialog.save_as(&target).await?;
        window.see("secret-saved").await?;
        let kept: serde_json::Value = serde_json::from_slice(&fs::read(&target)?)?;
        ensure!(kept["clientSecret"] == secret.as_str());
        ensure!(fs::metadata(&target)?.permissions().mode() & 0o777 == 0o600);

        window.click("secret-done").await?;
        window.gone(HELD, SOON).await?;
        ensure!(
            !page_of(&window).await?.contains(&secret),
            "it is still there"
        );
        window.click("application-secret").await?;
        window.click("secret-form-submit").await?;
        says(&window, "alert", "told this application's secret already").await?;

        let client = kept["clientId"].as_str().context("a client id")?;
        window.click("grant-new").await?;
        window.fill("grant-client", client).await?;
        window.fill("grant-word", "word-1").await?;
        window.fill("grant-scopes", "device").await?;
        let question = window.dialog(window.click("grant-submit"));
        question.await?.agree("Authorize").await?;
        window.see("grant-id").await?;
        both_looks(&window, "granted").await
    })
    .await
}

#[tokio::test]
async fn a_secret_that_is_held_is_put_away_by_hand_or_by_the_lock() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let mut window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.go_to("applications").await?;
        register(&window, "Put away").await?;
        window.go_to("security").await?;
        window.go_to("applications").await?;
        window.see("held-secret").await?;
        window.click("secret-done").await?;
        window.click("secret-keep").await?;
        window.click("secret-done").await?;
        window.click("secret-forget").await?;
        window.gone(HELD, SOON).await?;

        register(&window, "Locked").await?;
        window.resize(Window::SMALL).await?;
        both_looks(&window, "small").await?;
        window.account("lock").await?;
        window.see("unlock-keyring").await?;
        window.click("unlock").await?;
        window.is_signed_in().await?;
        window.go_to("applications").await?;
        window.see("application").await?;
        ensure!(!window.shows("held-secret").await, "it outlived the lock");
        Ok(())
    })
    .await
}

/// Registers an application and waits until its secret is held.
async fn register(window: &Window<'_>, name: &str) -> Result<()> {
    window.click("application-new").await?;
    window.fill("application-name", name).await?;
    let back = "https://reports.example.com/back";
    window.fill("application-redirect", back).await?;
    window.fill("application-scopes", "device, storage").await?;
    window.click("application-submit").await?;
    window.see_within("held-secret", LONG).await.map(drop)
}

async fn says(window: &Window<'_>, test_id: &str, words: &str) -> Result<()> {
    wait_for(words, SOON, async || {
        let element = window.see(test_id).await.ok()?;
        element.text().await.ok()?.contains(words).then_some(())
    })
    .await
}

/// Pictures in light and dark.
async fn both_looks(window: &Window<'_>, name: &str) -> Result<()> {
    for (look, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        window.make(look).await?;
        let picture = pictures().join(format!("{name}-{word}.png"));
        // The time that a copy has left is counted down.
        window.snapshot(&picture).await?;
    }
    Ok(())
}

async fn page_of(window: &Window<'_>) -> Result<String> {
    let page = window
        .page()
        .execute("return document.documentElement.outerHTML", vec![]);
    Ok(page.await?.convert()?)
}

async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots/applications")
}
