//! Files and folders that are changed in the real window: renamed, moved, labelled, an older version made the newest.
//! The command line says the same on the same computer.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use privicore_tests::process::{ask, built};
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};
use serde_json::Value;
use thirtyfour::WebElement;

const LIMIT: Duration = Duration::from_mins(5);
const F2: &str = "\u{e032}";
const ENTER: &str = "\u{e007}";

#[tokio::test]
async fn what_is_renamed_moved_and_labelled_in_the_window_is_so_for_the_command_line() -> Result<()>
{
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let plan = desktop.write("Documents/plan.txt", b"by train")?;
        desktop.write("Documents/letters/draft.txt", b"Dear Ada")?;
        let letters = desktop.home().join("Documents/letters");
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[plan, letters]).await?;
        window.is_stored("plan.txt").await?;
        listed(&desktop, &["letters/draft.txt", "plan.txt"]).await?;

        // The extension is not selected, and stays.
        rename(&window, "plan.txt", "agenda", "agenda.txt").await?;
        rename(&window, "letters", "post", "post").await?;
        listed(&desktop, &["agenda.txt", "post/draft.txt"]).await?;

        choose(&window, "agenda.txt", "row-move").await?;
        let folder = "[data-testid=move-folder][data-name=post]";
        window.find_within(folder, SOON).await?.click().await?;
        window.click("move-here").await?;
        window.is_not_listed("agenda.txt").await?;
        listed(&desktop, &["post/agenda.txt", "post/draft.txt"]).await?;

        choose(&window, "post", "row-label").await?;
        window.fill("label-field", "taxes").await?;
        window.click("label-apply").await?;
        window.gone("[data-testid=label-sheet]", LONG).await?;
        wait_for("the label at the service", LONG, async || {
            let files = files(&desktop).await.ok()?;
            let mut labels = files.iter().map(|file| &file["context"]);
            labels.all(|label| label == "taxes").then_some(())
        })
        .await?;

        window.click("add-more").await?;
        window.click("new-folder").await?;
        name(&window, "empty").await?;
        row(&window, "empty").await?;
        wait_for("the folder for the command line", LONG, async || {
            let all = privicore(&desktop, &["ls", "-R"]).await.ok()?;
            all.iter().any(|it| it["path"] == "empty").then_some(())
        })
        .await?;
        let got = run(&desktop, &["get", "post/agenda.txt", "-o", "-"]).await?;
        ensure!(got == "by train", "it holds {got:?}");
        Ok(())
    })
    .await?
}

#[tokio::test]
async fn an_older_version_that_is_restored_in_the_window_is_the_newest() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        for (count, text) in [(1, "first"), (2, "second")] {
            let note = desktop.write("Documents/note.txt", text.as_bytes())?;
            window.drop_files(&[note]).await?;
            versions(&desktop, count).await?;
        }
        newest_is(&desktop, "second").await?;
        row(&window, "note.txt").await?.click().await?;
        window.click("version-restore").await?;
        versions(&desktop, 3).await?;
        newest_is(&desktop, "first").await
    })
    .await?
}

/// The row of a file or a folder.
async fn row(window: &Window<'_>, name: &str) -> Result<WebElement> {
    let row = format!("[role=row][data-name=\"{name}\"]");
    window.find_within(&row, LONG).await
}

/// Gives what has a name another one, by the key for that.
async fn rename(window: &Window<'_>, old: &str, typed: &str, new: &str) -> Result<()> {
    row(window, old).await?.click().await?;
    let grid = window.find_within("[role=grid]", SOON).await?;
    grid.send_keys(F2).await?;
    name(window, typed).await?;
    row(window, new).await.map(drop)
}

/// Writes a name over the one that is there.
async fn name(window: &Window<'_>, name: &str) -> Result<()> {
    let field = window.see("rename-field").await?;
    field.send_keys(format!("{name}{ENTER}")).await?;
    window.gone("[data-testid=rename-field]", LONG).await
}

/// Chooses from the menu of a row.
async fn choose(window: &Window<'_>, name: &str, item: &str) -> Result<()> {
    let row = row(window, name).await?;
    let chain = window.page().action_chain();
    chain.context_click_element(&row).perform().await?;
    window.click(item).await
}

/// Waits until the command line lists files at these paths and no others.
async fn listed(desktop: &Desktop, paths: &[&str]) -> Result<()> {
    wait_for(
        &format!("{paths:?} for the command line"),
        LONG,
        async || {
            let files = files(desktop).await.ok()?;
            let mut found: Vec<&str> = files.iter().filter_map(|it| it["path"].as_str()).collect();
            found.sort_unstable();
            (found == paths).then_some(())
        },
    )
    .await
}

async fn files(desktop: &Desktop) -> Result<Vec<Value>> {
    let mut all = privicore(desktop, &["ls"]).await?;
    all.retain(|it| it["kind"] != "folder");
    Ok(all)
}

async fn versions(desktop: &Desktop, count: usize) -> Result<()> {
    wait_for(&format!("{count} versions"), LONG, async || {
        let versions = privicore(desktop, &["versions", "note.txt"]).await.ok()?;
        (versions.len() == count).then_some(())
    })
    .await
}

async fn newest_is(desktop: &Desktop, text: &str) -> Result<()> {
    let got = run(desktop, &["get", "note.txt", "-o", "-"]).await?;
    ensure!(got == text, "it holds {got:?}");
    Ok(())
}

/// What the command line answers beside the window, a line at a time.
async fn privicore(desktop: &Desktop, arguments: &[&str]) -> Result<Vec<Value>> {
    let told = run(desktop, &[&["--json"], arguments].concat()).await?;
    let lines = told.lines();
    Ok(lines.map(serde_json::from_str).collect::<Result<_, _>>()?)
}

async fn run(desktop: &Desktop, arguments: &[&str]) -> Result<String> {
    let program = built("privicore")?;
    let program = program.to_str().context("its path is a text")?;
    ask(program, |command| {
        desktop.enter(command.as_std_mut());
        command.args(arguments);
    })
    .await
}
