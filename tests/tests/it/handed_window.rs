//! Files that the window is started with, and those of a second start while it is open.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::process::{Process, built};
use privicore_tests::wait::{LONG, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};
use serde_json::json;

use crate::trees_window::ask;

const LIMIT: Duration = Duration::from_mins(4);

#[tokio::test]
async fn a_file_that_the_window_is_started_with_is_stored_once_somebody_signed_in_and_agreed()
-> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/letter.txt", b"Dear Ada")?;
        let file = file.to_str().expect("a path of this test is text");
        let program = built("privicore-desktop")?;
        let window = Window::of(&desktop, &program, &[file]).await?;
        let dialog = window.dialog(window.click("try-now")).await?;
        ensure!(dialog.title().await? == "Store this with Privicore?");
        let stored = stored_names(&window).await?;
        ensure!(stored.is_empty(), "before it is agreed to: {stored:?}");
        dialog.agree("s").await?;
        window.is_stored("letter.txt").await?;
        Ok(())
    })
    .await?
}

#[tokio::test]
async fn paths_of_a_second_start_arrive_whatever_they_are_called() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let folder = desktop.home().join("handed");
        fs::create_dir(&folder)?;
        let names: [&[u8]; 6] = [
            b"-rf",
            b"100% a b.txt",
            b"line\nbreak",
            "Grüße ☀".as_bytes(),
            b"not text \xff",
            b"file:",
        ];
        let names = names.map(|name| OsStr::from_bytes(name).to_owned());
        for name in &names {
            fs::write(folder.join(name), name.as_bytes())?;
        }
        let starting = async {
            let _second = Process::start(built("privicore-desktop")?, |command| {
                desktop.enter(command);
                command.current_dir(&folder).arg("--").args(&names);
            })?;
            wait_for("the question", LONG, async || {
                (window.windows().await > 1).then_some(())
            })
            .await
        };
        let dialog = window.dialog(starting).await?;
        dialog.agree("s").await?;
        let expected = names.len();
        wait_for("all of them to be stored", LONG, async || {
            let stored = stored_names(&window).await.ok()?;
            (stored.len() == expected).then_some(())
        })
        .await?;
        let stored = stored_names(&window).await?;
        for name in ["-rf", "100% a b.txt", "Grüße ☀", "file:"] {
            ensure!(stored.iter().any(|stored| stored == name), "{stored:?}");
        }
        Ok(())
    })
    .await?
}

#[tokio::test]
async fn what_is_handed_over_and_declined_is_not_stored() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let file = desktop.write("Documents/letter.txt", b"Dear Ada")?;
        for round in ["first", "second"] {
            let starting = async {
                let _second = Process::start(built("privicore-desktop")?, |command| {
                    desktop.enter(command);
                    command.arg(&file);
                })?;
                wait_for("the question", LONG, async || {
                    (window.windows().await > 1).then_some(())
                })
                .await
            };
            let dialog = window.dialog(starting).await?;
            dialog.cancel().await?;
            let stored = stored_names(&window).await?;
            ensure!(stored.is_empty(), "{round}: {stored:?}");
        }
        Ok(())
    })
    .await?
}

/// The names of what was sent, as the page has them.
async fn stored_names(window: &Window<'_>) -> Result<Vec<String>> {
    let transfers = ask(window, "transfers", &json!({})).await?;
    let items = transfers["items"].as_array().cloned().unwrap_or_default();
    let done = items.iter().filter(|item| item["state"] == "done");
    Ok(done
        .filter_map(|item| item["name"].as_str().map(str::to_owned))
        .collect())
}
