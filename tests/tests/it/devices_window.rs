//! Devices and the profile in the real window.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
/// The device that was requested last is the last of the list.
const NEWEST: &str = "[data-testid=\"device\"]:last-child";

#[tokio::test]
async fn a_device_is_requested_approved_stores_and_gets_its_configuration() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.go_to("devices").await?;
        window.click("device-new").await?;
        window.fill("device-name", "Attic NAS").await?;
        let question = window.dialog(window.click("device-request-submit"));
        question.await?.agree("Request device").await?;
        let question = window.dialog(window.click("device-approve"));
        question.await?.agree("Approve").await?;
        let question = window.dialog(window.click("device-registerStorage"));
        question.await?.agree("Store there").await?;
        let newest = window.find_within(NEWEST, SOON).await?;
        wait_for("the new device to store", SOON, async || {
            let words = newest.text().await.ok()?;
            (words.contains("Attic NAS") && words.contains("Stores")).then_some(())
        })
        .await?;

        press(&window, "device-more").await?;
        window.click("device-configuration").await?;
        let target = desktop.home().join("Documents/attic.json");
        fs::create_dir_all(target.parent().context("a folder")?)?;
        let dialog = window.dialog(window.click("device-form-submit")).await?;
        dialog.save_as(&target).await?;
        window.see("configuration-saved").await?;
        let kept: serde_json::Value = serde_json::from_slice(&fs::read(&target)?)?;
        let secret = kept["client-secret"].as_str().context("a secret")?;
        ensure!(
            !page_of(&window).await?.contains(secret),
            "it is on the page"
        );
        ensure!(fs::metadata(&target)?.permissions().mode() & 0o777 == 0o600);
        window.screenshot(&pictures().join("devices.png")).await?;

        window.click("device-remove").await?;
        let question = window.dialog(window.click("device-form-submit"));
        question.await?.agree("Remove device").await?;
        wait_for("the device to go", SOON, async || {
            let page = page_of(&window).await.ok()?;
            (!page.contains(">Attic NAS<")).then_some(())
        })
        .await
    })
    .await
}

#[tokio::test]
async fn a_profile_renews_its_session_changes_its_password_and_shows_a_code() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.create_profile("ada", "the first password").await?;
        window.is_signed_in().await?;
        window.go_to("profile").await?;
        window.see("profile-id").await?;
        window.click("copy-profile-id").await?;
        wait_for("the id to be copied", SOON, async || {
            let button = window.see("copy-profile-id").await.ok()?;
            (button.text().await.ok()? == "Copied").then_some(())
        })
        .await?;
        window.click("renew-session").await?;
        wait_for("the session to live longer", SOON, async || {
            let left = window.see("session-left").await.ok()?.text().await.ok()?;
            left.contains("hours left").then_some(())
        })
        .await?;

        window.click("change-password").await?;
        window
            .fill("password-current", "the first password")
            .await?;
        window.fill("password-new", "the second password").await?;
        window
            .fill("password-new-again", "the second password")
            .await?;
        window.click("password-submit").await?;
        window.see("password-changed").await?;
        let question = window.dialog(window.click("show-code"));
        question.await?.agree("Show code").await?;
        window.see("pairing-code").await?;
        window.snapshot(&pictures().join("pairing.png")).await?;
        window.click("hide-code").await?;
        window.gone("[data-testid=\"pairing-code\"]", SOON).await?;

        window.click("profile-sign-out").await?;
        window.sign_in("ada", "the second password").await?;
        window.is_signed_in().await
    })
    .await
}

async fn press(window: &Window<'_>, test_id: &str) -> Result<()> {
    let css = format!("{NEWEST} [data-testid=\"{test_id}\"]");
    let element = window.find_within(&css, SOON).await?;
    Ok(element.click().await?)
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
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
