//! Files that the service lost, in the real window: they are told, found with one click, and forgotten only after a
//! question.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::journey::Theme;
use privicore_tests::notifications::Notifications;
use privicore_tests::wait::{LONG, SOON, within};
use privicore_tests::{Desktop, Keyring, Window};
use rusqlite::Connection;

const LIMIT: Duration = Duration::from_mins(5);
const BADGE: &str = "[data-testid=place-attention] .badge";
const MISSING: &str = "[data-testid=file-row][data-name='deed.txt'][data-state=missing]";

#[tokio::test]
async fn a_missing_file_is_reported_found_by_one_click_and_forgotten_after_a_question() -> Result<()>
{
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let names = ["deed.txt", "letter.txt", "photo.txt"];
        let mut window = Window::open(&desktop).await?;
        window.try_now().await?;
        for name in names {
            let file = desktop.write(&format!("Documents/{name}"), name.as_bytes())?;
            window.drop_files(&[file]).await?;
            window.is_stored(name).await?;
        }
        lose_the_first(&desktop)?;
        let mut told = Notifications::hear(&desktop).await?;
        window
            .page()
            .execute("document.querySelector('.refresh').click()", vec![])
            .await?;
        window.find_within(MISSING, LONG).await?;
        let (summary, body) = told.next().await?;
        ensure!(summary == "Files are missing", "{summary:?}: {body:?}");
        ensure!(
            body.starts_with("1 file is missing at the service."),
            "{body:?}"
        );

        window.find_within(BADGE, SOON).await?;
        window.go_to("attention").await?;
        let row = window.find_within(MISSING, SOON).await?;
        ensure!(window.listed().await? == 1, "other files are listed too");
        row.click().await?;
        window.see("forget").await?;
        for look in [Theme::Light, Theme::Dark] {
            window.make(look).await?;
            for size in [Window::LARGE, Window::SMALL, (720, 480)] {
                window.resize(size).await?;
                let name = format!("missing-{look:?}-{}.png", size.0).to_lowercase();
                window.screenshot(&pictures().join(name)).await?;
            }
        }
        window.resize(Window::LARGE).await?;

        let question = window.dialog(window.click("forget")).await?;
        let title = question.title().await?;
        ensure!(title == "Forget this file?", "{title:?}");
        window.snapshot(&pictures().join("forget.png")).await?;
        question.cancel().await?;
        window.find_within(MISSING, SOON).await?;
        let question = window.dialog(window.click("forget")).await?;
        question.agree("Forget").await?;
        window.is_not_listed("deed.txt").await?;
        window.go_to("files").await?;
        window.is_stored("letter.txt").await?;
        window.gone(BADGE, SOON).await
    })
    .await?
}

/// Has the sandbox lose the file that was stored first, as a service that lost a disk.
fn lose_the_first(desktop: &Desktop) -> Result<()> {
    let sandbox = desktop.data_home().join("com.privicore.desktop/sandbox");
    let database = std::fs::read_dir(&sandbox)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|it| it == "sqlite"))
        .context("the sandbox has a database")?;
    let lost = Connection::open(database)?.execute(
        "DELETE FROM data_tokens WHERE token = (SELECT token FROM data_tokens ORDER BY created_at LIMIT 1)",
        [],
    )?;
    ensure!(lost == 1, "{lost} files were lost");
    Ok(())
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
