//! The harness itself, on the browser that comes with the web view.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(2);

const PAGE: &[u8] = b"<!doctype html><meta charset=utf-8>
<input data-testid=name><p data-testid=seen>nothing yet, some words to look at</p><script>
const seen = document.querySelector('p');
const say = what => event => { event.preventDefault(); seen.textContent = what + [...event.dataTransfer.types]; };
document.addEventListener('dragover', say('over '));
document.addEventListener('drop', say('dropped '));
</script>";

#[tokio::test]
async fn a_page_is_driven_photographed_and_takes_a_real_drop() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Absent).await?;
        let file = desktop.write("Documents/plan für Ärzte.txt", b"hello")?;
        let page = desktop.write("page.html", PAGE)?;
        let window = Window::of(&desktop, &browser()?, &["--automation"]).await?;
        window
            .page()
            .goto(format!("file://{}", page.display()))
            .await?;

        window.fill("name", "Grüße").await?;
        assert_eq!(
            window.see("name").await?.value().await?.as_deref(),
            Some("Grüße")
        );
        window.screenshot(&desktop.home().join("page.png")).await?;

        let drag = window.carry(&[file]).await?;
        says(&window, "over text/uri-list").await?;
        drag.release().await?;
        says(&window, "dropped text/uri-list").await
    })
    .await?
}

#[tokio::test]
async fn a_screen_without_words_is_blank() -> Result<()> {
    let desktop = Desktop::start(Keyring::Absent).await?;
    let picture = desktop
        .display()
        .picture(&desktop.home().join("blank.png"), (640, 480))
        .await?;
    assert!(picture.is_blank(), "{picture:?}");
    Ok(())
}

#[tokio::test]
async fn a_desktop_has_a_keyring_only_if_it_was_asked_for() -> Result<()> {
    assert!(Desktop::start(Keyring::Open).await?.has_keyring());
    assert!(!Desktop::start(Keyring::Absent).await?.has_keyring());
    Ok(())
}

async fn says(window: &Window<'_>, text: &str) -> Result<()> {
    wait_for(text, SOON, async || {
        let seen = window.see("seen").await.ok()?.text().await.ok()?;
        seen.starts_with(text).then_some(())
    })
    .await
}

fn browser() -> Result<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib")?.flatten();
    let mut places = libraries.map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"));
    places
        .find(|path| path.is_file())
        .context("MiniBrowser comes with libwebkit2gtk-4.1-0")
}
