//! Locking in the real window: by hand, with the screen, and what opens it again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::key_work::{LEAST_WORK, key_work_below};
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
const PASSPHRASE: &str = "a passphrase of several words";

#[tokio::test]
async fn a_window_that_was_locked_shows_nothing_and_opens_again() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/kept to myself.txt", b"kept to myself")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        window.is_stored("kept to myself.txt").await?;
        window.account("lock").await?;
        window.see("unlock-keyring").await?;
        shows_no_name(&window).await?;
        window
            .screenshot(&pictures().join("locked-by-hand.png"))
            .await?;
        window.click("unlock").await?;
        window.is_signed_in().await?;
        window.is_stored("kept to myself.txt").await.map(drop)
    })
    .await
}

#[tokio::test]
async fn a_passphrase_takes_the_keyrings_place_and_the_screen_locks_the_app() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.go_to("security").await?;
        window.click("to-passphrase").await?;
        window.fill("protection-new", PASSPHRASE).await?;
        window.fill("protection-new-again", PASSPHRASE).await?;
        window
            .screenshot(&pictures().join("to-passphrase.png"))
            .await?;
        let question = window.dialog(window.click("protection-form-submit"));
        question.await?.agree("Use passphrase").await?;
        window
            .find_within(
                "[data-testid=\"protection\"][data-kind=\"passphrase\"]",
                LONG,
            )
            .await?;
        window
            .screenshot(&pictures().join("security-protection.png"))
            .await?;
        wait_for(
            "the app to hear that the screen is locked",
            SOON,
            async || {
                desktop.lock_screen().await.ok()?;
                window.shows("unlock").await.then_some(())
            },
        )
        .await?;
        window
            .screenshot(&pictures().join("locked-with-the-screen.png"))
            .await?;
        window.fill("passphrase", "not the passphrase").await?;
        window.click("unlock").await?;
        let complaint = window.complaint().await?;
        ensure!(complaint.contains("passphrase"), "{complaint:?}");
        window.fill("passphrase", PASSPHRASE).await?;
        window.click("unlock").await?;
        window.is_signed_in().await
    })
    .await
}

#[tokio::test]
async fn a_keyring_that_appears_later_is_found_and_one_that_lost_its_item_is_named() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Absent).await?;
        let window = Window::open(&desktop).await?;
        window.fill("passphrase", PASSPHRASE).await?;
        window.fill("passphrase-again", PASSPHRASE).await?;
        window.try_now().await?;
        window.go_to("security").await?;
        window.see("look-for-keyring").await?;
        let keyring = desktop.open_keyring().await?;
        window.click("look-for-keyring").await?;
        window.click("to-keyring").await?;
        window.fill("protection-old", PASSPHRASE).await?;
        window.click("protection-form-submit").await?;
        window
            .find_within("[data-testid=\"protection\"][data-kind=\"keyring\"]", LONG)
            .await?;
        window.account("lock").await?;
        window.see("unlock-keyring").await?;
        window.click("unlock").await?;
        window.is_signed_in().await?;

        window.account("lock").await?;
        window.see("unlock-keyring").await?;
        drop(keyring);
        std::fs::remove_dir_all(desktop.data_home().join("keyrings"))?;
        let _another = desktop.open_keyring().await?;
        window.click("unlock").await?;
        let complaint = window.complaint().await?;
        ensure!(complaint.contains("no item"), "{complaint:?}");
        window
            .screenshot(&pictures().join("keyring-lost-its-item.png"))
            .await
    })
    .await
}

#[tokio::test]
async fn a_passphrase_of_the_window_has_its_full_work() -> Result<()> {
    let desktop = Desktop::start(Keyring::Absent).await?.with_full_key_cost();
    let window = Window::open(&desktop).await?;
    for field in ["passphrase", "passphrase-again"] {
        window.fill(field, "ochre lantern quarrel meadow").await?;
    }
    window.try_now().await?;
    let data = desktop.data_home().join("com.privicore.desktop");
    ensure!(key_work_below(&data) >= LEAST_WORK);
    Ok(())
}

async fn shows_no_name(window: &Window<'_>) -> Result<()> {
    let page: String = window
        .page()
        .execute("return document.documentElement.outerHTML", vec![])
        .await?
        .convert()?;
    ensure!(!page.contains("kept to myself"), "a name is on the page");
    Ok(())
}

async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
