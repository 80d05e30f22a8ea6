//! The recovery kit in the real window: made, confirmed, and used on a machine that has lost the keys.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::journey::{Theme, holds};
use privicore_tests::wait::{LONG, SOON, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
pub(crate) const PASSWORD: &str = "correct horse battery staple";

#[tokio::test]
async fn a_kit_is_saved_and_confirmed_and_brings_everything_back() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/only copy.txt", b"my only copy")?;
        let folder = desktop.home().join("Kit");
        fs::create_dir(&folder)?;

        let mut window = Window::open(&desktop).await?;
        window.create_profile("ada", PASSWORD).await?;
        window.drop_files(&[file]).await?;
        window.is_stored("only copy.txt").await?;
        window.screenshot(&pictures().join("reminder.png")).await?;
        save_kit(&window, &folder).await?;
        window.screenshot(&pictures().join("kit.png")).await?;
        confirm_kit(&window, &folder).await?;
        look_at_it(&mut window).await?;
        window.screenshot(&pictures().join("confirmed.png")).await?;
        // What comes next is looked at in the dark: the app remembers the look.
        window.make(Theme::Dark).await?;
        window.account("sign-out").await?;
        window.see("submit-sign-in").await?;
        drop(window);

        lose_the_keys(&desktop)?;
        let window = Window::open(&desktop).await?;
        restore(&window, &page_in(&folder)?).await?;
        // The receipt is on the machine that was lost.
        let row = "[data-testid=file-row][data-name=\"only copy.txt\"][data-state=missingReceipt]";
        window.find_within(row, LONG).await?.click().await?;
        window.screenshot(&pictures().join("restored.png")).await?;
        let target = desktop.home().join("Documents/back.txt");
        let dialog = window.dialog(window.click("save")).await?;
        dialog.save_as(&target).await?;
        holds(&target, b"my only copy", None).await
    })
    .await?
}

pub(crate) async fn save_kit(window: &Window<'_>, folder: &Path) -> Result<()> {
    window.click("kit-make").await?;
    let dialog = window.dialog(window.click("kit-save")).await?;
    dialog.choose(folder).await?;
    window.see("kit-saved").await.map(drop)
}

/// Pictures of the screen with everything on it, light and dark, in both sizes.
async fn look_at_it(window: &mut Window<'_>) -> Result<()> {
    for (look, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        window.make(look).await?;
        for size in [(900, 600), (1280, 800)] {
            window.resize(size).await?;
            let picture = format!("security-{name}-{}.png", size.0);
            window.screenshot(&pictures().join(picture)).await?;
        }
    }
    Ok(())
}

pub(crate) async fn confirm_kit(window: &Window<'_>, folder: &Path) -> Result<()> {
    let key = recovery_key(folder)?;
    window.fill("kit-confirmation", "QQQQQQQQ").await?;
    window.click("kit-confirm").await?;
    let complaint = window.complaint().await?;
    ensure!(complaint.contains("last characters"), "{complaint}");
    window
        .fill("kit-confirmation", &key[key.len() - 8..])
        .await?;
    window.click("kit-confirm").await?;
    window.see_within("kit-confirmed", LONG).await?;
    window.click("kit-done").await?;
    window.go_to("security").await?;
    window.see("kit-renew").await.map(drop)
}

pub(crate) async fn restore(window: &Window<'_>, page: &Path) -> Result<()> {
    window.click("mode-restore").await?;
    window.screenshot(&pictures().join("restore.png")).await?;
    let dialog = window.dialog(window.click("kit-choose")).await?;
    dialog.choose(page).await?;
    window.see("kit-read").await?;
    window.fill("password", PASSWORD).await?;
    window
        .screenshot(&pictures().join("restore-with-a-kit.png"))
        .await?;
    window.click("submit-restore").await?;
    window.is_signed_in().await?;
    window.gone("[data-testid=kit-reminder]", SOON).await
}

/// As on a new machine: no profile, while the service still has everything.
fn lose_the_keys(desktop: &Desktop) -> Result<()> {
    let data = desktop.data_home().join("com.privicore.desktop");
    fs::remove_dir_all(data.join("profiles")).context("the profile had a folder")
}

fn recovery_key(folder: &Path) -> Result<String> {
    let text = fs::read_to_string(page_in(folder)?.with_extension("txt"))?;
    let mut lines = text.lines();
    let key = lines.find(|line| line.starts_with("AGE-SECRET-KEY-1"));
    Ok(key.context("the kit has a recovery key")?.to_owned())
}

pub(crate) fn page_in(folder: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    files
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "html")
        })
        .context("the kit has a page")
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots/recovery")
}
