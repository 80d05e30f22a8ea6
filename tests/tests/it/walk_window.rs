//! What a person does with it in the real window, from the first start to another computer.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};
use serde_json::json;

use crate::preview_window::{close, look_at};
use crate::recovery_window::{PASSWORD, confirm_kit, page_in, restore, save_kit};
use crate::trees::{Tree, seen};
use crate::trees_window::{ask, comes_back};

const LIMIT: Duration = Duration::from_mins(8);
const SAVE: &str = "\u{e009}s\u{e000}";
const ESCAPE: &str = "\u{e00c}";
const TRIP: &str = "[data-testid=folder-row][data-name=trip]";

#[tokio::test]
async fn a_folder_is_stored_found_renamed_and_saved_and_comes_back_on_another_computer()
-> Result<()> {
    within("the whole test", LIMIT, async {
        let kept = tempfile::tempdir()?;
        let (kit, service) = (kept.path().join("kit"), kept.path().join("service"));
        fs::create_dir(&kit)?;
        let before = on_the_first_computer(&kit, &service).await?;
        on_another_computer(&kit, &service, &before).await
    })
    .await?
}

/// Answers what is stored in the end. The kit is saved, and what the service has is kept.
async fn on_the_first_computer(kit: &Path, service: &Path) -> Result<Tree> {
    let desktop = Desktop::start(Keyring::Open).await?;
    let trip = desktop.home().join("Documents/trip");
    for (name, text) in [
        ("plan.txt", "by train"),
        ("notes/lake.txt", "The lake was cold.\n"),
        ("notes/hills.txt", "The hills were not.\n"),
    ] {
        desktop.write(&format!("Documents/trip/{name}"), text.as_bytes())?;
    }
    let window = Window::open(&desktop).await?;
    window.create_profile("ada", PASSWORD).await?;
    window.drop_files(std::slice::from_ref(&trip)).await?;
    wait_for("the folder to be stored", LONG, async || {
        let shown = ask(&window, "transfers", &json!({})).await.ok()?;
        let items = shown["items"].as_array()?;
        let done = items.iter().filter(|item| item["state"] == "done");
        (done.count() == 3).then_some(())
    })
    .await?;

    let search = window.see("search").await?;
    search.send_keys("lake").await?;
    window.is_stored("lake.txt").await?;
    window.gone(TRIP, SOON).await?;
    let (sheet, _) = look_at(&window, "lake.txt", "text").await?;
    let text = sheet.text().await?;
    ensure!(text.contains("The lake was cold."), "it shows {text:?}");
    close(&window).await?;
    rename(&window, "lake.txt", "sea.txt").await?;
    fs::rename(trip.join("notes/lake.txt"), trip.join("notes/sea.txt"))?;
    let before = seen(&trip);
    let search = window.see("search").await?;
    search.send_keys(ESCAPE).await?;
    save_trip(&window, &desktop, &before).await?;

    save_kit(&window, kit).await?;
    confirm_kit(&window, kit).await?;
    window.account("lock").await?;
    window.click("unlock").await?;
    window.is_signed_in().await?;
    window.go_to("files").await?;
    window.find_within(TRIP, SOON).await?;
    drop(window);
    copy(&app_folder(&desktop).join("sandbox"), service)?;
    Ok(before)
}

/// It has nothing but the kit. The service has the files.
async fn on_another_computer(kit: &Path, service: &Path, before: &Tree) -> Result<()> {
    let desktop = Desktop::start(Keyring::Open).await?;
    copy(service, &app_folder(&desktop).join("sandbox"))?;
    let window = Window::open(&desktop).await?;
    window.click("connect-sandbox").await?;
    restore(&window, &page_in(kit)?).await?;
    save_trip(&window, &desktop, before).await
}

/// Saves the folder by the native dialog: it is as it was.
async fn save_trip(window: &Window<'_>, desktop: &Desktop, before: &Tree) -> Result<()> {
    let saved = desktop.home().join("Saved");
    fs::create_dir(&saved)?;
    window.find_within(TRIP, LONG).await?.click().await?;
    let grid = window.find_within("[role=grid]", SOON).await?;
    grid.send_keys(SAVE).await?;
    let dialog = window.dialog(window.click("save-choose")).await?;
    dialog.choose(&saved).await?;
    comes_back(before, &saved.join("trip")).await
}

async fn rename(window: &Window<'_>, name: &str, to: &str) -> Result<()> {
    let row = format!("[data-testid=file-row][data-name='{name}']");
    let row = window.find_within(&row, SOON).await?;
    let id = row.attr("data-id").await?.context("a row has an id")?;
    let renaming = json!({ "row": { "file": id }, "name": to });
    let outcome = ask(window, "rename_row", &renaming).await?;
    ensure!(outcome["done"] == 1, "{outcome}");
    window.is_not_listed(name).await
}

fn app_folder(desktop: &Desktop) -> PathBuf {
    desktop.data_home().join("com.privicore.desktop")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
