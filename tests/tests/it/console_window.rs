//! The console in the real window.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::journey::Theme;
use privicore_tests::wait::{SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};
use serde_json::json;

const LIMIT: Duration = Duration::from_mins(5);

#[tokio::test]
async fn an_operation_is_filled_in_sent_and_followed_to_its_outcome() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.go_to("console").await?;
        window.fill("console-search", "reserve").await?;
        let choice = "[data-operation-choice='data-token.reserve']";
        window.find_within(choice, SOON).await?.click().await?;
        window.fill("field-context", "letters").await?;
        let question = window.dialog(window.click("console-send")).await?;
        question.agree("Allow").await?;

        let request = window.see("console-request").await?.text().await?;
        ensure!(request.contains("context=letters"), "{request}");
        ensure!(request.contains("X-DPT-AUTHORIZATION: ***"), "{request}");
        let status = window.see("console-status").await?.text().await?;
        ensure!(status.contains("202"), "{status}");
        wait_for("the command to be done", SOON, async || {
            let outcome = window.see("console-outcome").await.ok()?;
            outcome.text().await.ok()?.contains("Done").then_some(())
        })
        .await?;
        let history = window.see("console-history").await?.text().await?;
        ensure!(history.contains("data-token.reserve"), "{history}");
        ensure!(!history.contains("letters"), "{history}");
        window.snapshot(&pictures().join("console.png")).await
    })
    .await?
}

#[tokio::test]
async fn requested_data_is_shown_when_it_comes_and_saved_as_it_is_stored() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        // The one comes with the message itself, the other by a link.
        let small = desktop.write("Documents/small.txt", b"nobody's business")?;
        let large = desktop.write("Documents/large.bin", &vec![7; 3_000_000])?;
        let mut window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[small, large]).await?;
        let mut tokens = Vec::new();
        for name in ["small.txt", "large.bin"] {
            window.is_stored(name).await?;
            tokens.push(token_of(&desktop, &window, name).await?);
        }
        window.go_to("console").await?;
        for (at, token) in tokens.iter().enumerate() {
            let choice = "[data-operation-choice='data-token.request']";
            window.find_within(choice, SOON).await?.click().await?;
            window.fill("field-token", token).await?;
            if at == 0 {
                let question = window.dialog(window.click("console-send")).await?;
                question.agree("Allow").await?;
            } else {
                window.click("console-send").await?;
            }
            window.see("console-download").await?;
            look_at_it(&mut window, ["inline", "link"][at]).await?;
            let target = desktop.home().join(format!("Documents/stored-{at}.age"));
            let dialog = window.dialog(window.click("console-download")).await?;
            dialog.save_as(&target).await?;
            window.see("console-saved").await?;
            let stored = std::fs::read(&target)?;
            ensure!(stored.starts_with(b"age-encryption.org/v1\n"), "{at}");
            ensure!(window.shows("console-download").await == (at == 0));
            let page = window.page().source().await?;
            ensure!(!page.contains(token.as_str()), "the token is on the page");
            look_at_it(&mut window, ["inline-saved", "link-saved"][at]).await?;
            window.go_to("files").await?;
            window.go_to("console").await?;
        }
        ensure!(
            std::fs::metadata(desktop.home().join("Documents/stored-1.age"))?.len() > 3_000_000
        );
        Ok(())
    })
    .await?
}

/// As a person gets it: by the clipboard.
async fn token_of(desktop: &Desktop, window: &Window<'_>, name: &str) -> Result<String> {
    let copy = "
        const [name, done] = arguments;
        const invoke = window.__TAURI_INTERNALS__.invoke;
        const everywhere = { folder: '', below: true, context: null, needsAttention: false, kind: null,
            modifiedSince: null, state: null };
        const query = { ...everywhere, search: name, sort: 'name', descending: false, offset: 0, limit: 10,
            follow: [] };
        invoke('query_rows', { query })
            .then((page) => invoke('copy_token', { id: page.rows[0].id }))
            .then(() => done('copied'), (error) => done(JSON.stringify(error)));
    ";
    let before = desktop.display().copied().await;
    let copied = window.page().execute_async(copy, vec![json!(name)]).await?;
    let copied: String = copied.convert()?;
    ensure!(copied == "copied", "{copied}");
    wait_for("the token on the clipboard", SOON, async || {
        let token = desktop.display().copied().await;
        (token != before && !token.is_empty()).then_some(token)
    })
    .await
}

/// Pictures of the screen, light and dark, in both sizes.
async fn look_at_it(window: &mut Window<'_>, name: &str) -> Result<()> {
    for (look, colours) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        window.make(look).await?;
        for size in [(720, 480), Window::LARGE] {
            window.resize(size).await?;
            window.see("console-data").await?.scroll_into_view().await?;
            let picture = format!("console/{name}-{colours}-{}.png", size.0);
            window.snapshot(&pictures().join(picture)).await?;
        }
    }
    Ok(())
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
