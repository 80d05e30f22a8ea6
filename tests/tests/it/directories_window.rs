//! A directory in the real window: two profiles with their devices, from the invitation to the pool.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::journey::Theme;
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

/// Four times somebody signs in, and twice keys are made.
const LIMIT: Duration = Duration::from_mins(8);
const ADA: (&str, &str) = ("ada", "the password of ada");
const BOB: (&str, &str) = ("bob", "the password of bob");

#[tokio::test]
async fn two_profiles_and_two_devices_play_a_directory_through() -> Result<()> {
    limited(async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let mut window = Window::open(&desktop).await?;
        window.create_profile(BOB.0, BOB.1).await?;
        window.go_to("devices").await?;
        approved_device(&window, "Phone of Bob").await?;
        approved_device(&window, "Attic NAS").await?;
        window.go_to("profile").await?;
        let bob = window.see("profile-id").await?.text().await?;
        window.account("sign-out").await?;

        second_profile(&window).await?;
        window.go_to("directories").await?;
        window.see("directories-none").await?;
        pictures(&window, "directories-empty").await?;
        window.click("directory-new").await?;
        window.fill("directory-name", "Engines & Co.").await?;
        window.fill("directory-short-name", "engines").await?;
        let question = window.dialog(window.click("directory-make"));
        question.await?.agree("Make directory").await?;
        window.click("directory-open").await?;
        window.click("invite-new").await?;
        window.fill("invite-id", &bob).await?;
        let question = window.dialog(window.click("invite-submit"));
        question.await?.agree("Invite").await?;
        says(&window, "person", "Invited").await?;
        window.account("sign-out").await?;

        window.sign_in(BOB.0, BOB.1).await?;
        window.is_signed_in().await?;
        window.go_to("directories").await?;
        let invitation = window.see("invitation").await?.text().await?;
        ensure!(invitation.contains("Engines & Co."), "{invitation:?}");
        pictures(&window, "directories-invited").await?;
        let question = window.dialog(window.click("invitation-accept")).await?;
        ensure!(question.title().await? == "Join this directory?");
        pictures(&window, "directories-join").await?;
        question.agree("Join").await?;
        window.gone("[data-testid=\"invitation\"]", SOON).await?;
        window.click("directory-open").await?;
        says(&window, "own-person", "bob").await?;
        ensure!(!window.shows("invite-new").await, "only the owner invites");
        window.account("sign-out").await?;

        window.sign_in(ADA.0, ADA.1).await?;
        window.is_signed_in().await?;
        window.go_to("directories").await?;
        window.click("directory-open").await?;
        says(&window, "person", "Member").await?;
        ensure!(!window.shows("directory-done").await, "nothing was done");
        pictures(&window, "directory-people").await?;
        device_stores(&window, "Attic NAS").await?;
        window.click("pool-new").await?;
        window.fill("pool-name", "Board").await?;
        window.click("pool-person").await?;
        let question = window.dialog(window.click("pool-submit"));
        question.await?.agree("Make pool").await?;
        says(&window, "pool", "bob").await?;
        pictures(&window, "directory").await?;
        window.resize(Window::SMALL).await?;
        pictures(&window, "directory-small").await
    })
    .await
}

async fn approved_device(window: &Window<'_>, name: &str) -> Result<()> {
    window.click("device-new").await?;
    window.fill("device-name", name).await?;
    let question = window.dialog(window.click("device-request-submit"));
    question.await?.agree("Request device").await?;
    let question = window.dialog(window.click("device-approve"));
    question.await?.agree("Approve").await?;
    window.gone("[data-testid=\"device-approve\"]", SOON).await
}

async fn second_profile(window: &Window<'_>) -> Result<()> {
    window.click("mode-create").await?;
    window.fill("username", ADA.0).await?;
    window.fill("password", ADA.1).await?;
    window.fill("password-again", ADA.1).await?;
    window.click("submit-create").await?;
    window.is_signed_in().await
}

/// The owner has a device of a member store, and the member has one storage device more.
async fn device_stores(window: &Window<'_>, name: &str) -> Result<()> {
    let row = format!("[data-testid=\"directory-device\"][data-name=\"{name}\"]");
    let device = window.find_within(&row, SOON).await?;
    ensure!(device.text().await?.contains("Approved"));
    let store = format!("{row} [data-testid=\"device-store\"]");
    let store = window.find_within(&store, SOON).await?;
    let question = window.dialog(async { Ok(store.click().await?) });
    question.await?.agree("Store there").await?;
    says(window, "person", "4 of them store").await
}

/// Waits until the first element with this test id says so.
async fn says(window: &Window<'_>, test_id: &str, words: &str) -> Result<()> {
    let what = format!("{test_id} to say {words:?}");
    wait_for(&what, SOON, async || {
        let text = window.see(test_id).await.ok()?.text().await.ok()?;
        text.contains(words).then_some(())
    })
    .await
}

/// One in light and one in dark.
async fn pictures(window: &Window<'_>, name: &str) -> Result<()> {
    for (look, word) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        window.make(look).await?;
        let path = folder().join(format!("{name}-{word}.png"));
        window.snapshot(&path).await?;
    }
    Ok(())
}

async fn limited(test: impl Future<Output = Result<()>>) -> Result<()> {
    within("the whole test", LIMIT, test).await?
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
