//! A long list in the real window: it can be scrolled, and stays where it is while files come.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use privicore_tests::journey::Theme;
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};
use rusqlite::Connection;
use serde_json::json;

const LIMIT: Duration = Duration::from_mins(10);
const STORED: usize = 500;
/// Where the mouse is: over the list.
const MOUSE: (u32, u32) = (600, 500);

/// A row of the list: which file, and where on the screen.
#[derive(Debug)]
struct Row {
    id: String,
    place: u32,
    top: f64,
}

#[tokio::test]
async fn a_list_of_twenty_thousand_scrolls_and_stays_where_it_is_while_five_hundred_files_come()
-> Result<()> {
    scrolls_and_stays(20_000).await
}

#[tokio::test]
#[ignore = "takes a minute or more: `cargo xtask test --long` runs it"]
async fn a_list_of_a_hundred_thousand_scrolls_and_stays_where_it_is_while_five_hundred_files_come()
-> Result<()> {
    scrolls_and_stays(100_000).await
}

/// Opens the window on a service that lists so many files, works with the list, and stores 500 files meanwhile.
async fn scrolls_and_stays(listed: usize) -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        for at in 0..STORED {
            desktop.write(&format!("Documents/many/{at:03}.txt"), b"one of many")?;
        }
        let first = desktop.write("Documents/first.txt", b"the first")?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[first]).await?;
        window.is_stored("first.txt").await?;
        drop(window);
        list_many(&desktop, listed)?;

        let window = Window::open(&desktop).await?;
        window.is_signed_in().await?;
        lists(&window, listed + 1).await?;
        let keyboard = desktop.display();

        // The list has the focus from the start: nothing is clicked.
        wait_for("the list to have the focus", LONG, async || {
            let look = "return document.activeElement?.closest('[role=grid]') != null";
            let has_focus = window.page().execute(look, vec![]).await.ok()?;
            has_focus.convert::<bool>().ok()?.then_some(())
        })
        .await?;
        // The newest first, whatever folder they are in.
        window.go_to("recent").await?;
        lists(&window, listed + 1).await?;
        let focus = "document.querySelector('[role=grid]').focus()";
        window.page().execute(focus, vec![]).await?;
        keyboard.press(&["End"]).await?;
        shows_and_selects(&window, listed + 1).await?;
        keyboard.press(&["Home"]).await?;
        shows_and_selects(&window, 1).await?;
        for _ in 0..5 {
            keyboard.press(&["Next"; 10]).await?;
        }
        wait_for("fifty pages down to be far down", SOON, async || {
            (selected(&window).await.ok()? > 400).then_some(())
        })
        .await?;
        for look in [Theme::Light, Theme::Dark] {
            window.make(look).await?;
            let name = format!("long-list-{look:?}.png").to_lowercase();
            window.screenshot(&pictures().join(name)).await?;
        }

        // The wheel, with the mouse over the list.
        let (x, y) = (MOUSE.0.to_string(), MOUSE.1.to_string());
        keyboard.xdotool(&["mousemove", &x, &y]).await?;
        let before = under_the_mouse(&window).await?;
        keyboard
            .xdotool(&["click", "--repeat", "10", "--delay", "20", "5"])
            .await?;
        wait_for("the wheel to scroll", SOON, async || {
            let now = under_the_mouse(&window).await.ok()?;
            (now.place > before.place + 5).then_some(())
        })
        .await?;
        keyboard.rest().await?;

        // Files come at the top of the list: what is under the mouse stays there.
        let held = under_the_mouse(&window).await?;
        ensure!(!held.id.is_empty(), "{held:?}");
        window
            .drop_files(&[desktop.home().join("Documents/many")])
            .await?;
        keyboard.xdotool(&["mousemove", &x, &y]).await?;
        for share in 1..=5 {
            let wanted = listed + 1 + STORED * share / 5;
            wait_for("more files to be stored", LONG, async || {
                (window.listed().await.ok()? >= wanted).then_some(())
            })
            .await?;
            let now = under_the_mouse(&window).await?;
            ensure!(
                now.id == held.id && (now.top - held.top).abs() < 1.0,
                "{held:?} was under the mouse, and now {now:?}"
            );
        }
        let now = under_the_mouse(&window).await?;
        let moved = now.place - held.place;
        ensure!(
            moved == u32::try_from(STORED)?,
            "{moved} files came above the one under the mouse"
        );
        // The window that the files were dragged from has the keyboard.
        keyboard.xdotool(&["click", "1"]).await?;
        keyboard.press(&["End"]).await?;
        shows_and_selects(&window, listed + 1 + STORED).await
    })
    .await?
}

/// Gives the sandbox so many files of the profile as if another program had stored them, older than everything else.
fn list_many(desktop: &Desktop, listed: usize) -> Result<()> {
    const COPY: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO data_tokens (token, profile, blob, context, file_name, extension, path, size, created_at)
        SELECT 'dtk-' || lower(hex(randomblob(16))), profile, blob, context, 'from elsewhere ' || i, 'txt', '', size,
            created_at - i * 1000
        FROM (SELECT * FROM data_tokens LIMIT 1), n";
    let sandbox = desktop.data_home().join("com.privicore.desktop/sandbox");
    let database = std::fs::read_dir(&sandbox)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "sqlite")
        })
        .context("the sandbox has a database")?;
    let made = Connection::open(database)?.execute(COPY, [listed])?;
    ensure!(made == listed, "{made} files were listed");
    Ok(())
}

async fn lists(window: &Window<'_>, files: usize) -> Result<()> {
    wait_for("all files to be listed", LONG, async || {
        (window.listed().await.ok()? == files).then_some(())
    })
    .await
}

/// The row at this place, counted from 1, is in view and the only one that is selected.
async fn shows_and_selects(window: &Window<'_>, place: usize) -> Result<()> {
    let look = "
        const grid = document.querySelector('[role=grid]').getBoundingClientRect();
        const selected = [...document.querySelectorAll('[role=row][aria-selected=true]')];
        const box = selected[0]?.getBoundingClientRect();
        return selected.length === 1 && selected[0].ariaRowIndex === String(arguments[0] + 1)
            && box.top >= grid.top && box.bottom <= grid.bottom + 1;
    ";
    wait_for(
        &format!("row {place} to be in view and selected"),
        SOON,
        async || {
            let shown = window.page().execute(look, vec![json!(place)]).await.ok()?;
            shown.convert::<bool>().ok()?.then_some(())
        },
    )
    .await
}

/// The place of the row that is selected, counted from 1.
async fn selected(window: &Window<'_>) -> Result<u32> {
    let look = "return Number(document.querySelector('[role=row][aria-selected=true]')?.ariaRowIndex ?? 0) - 1";
    wait_for("a row to be selected", SOON, async || {
        let place = window.page().execute(look, vec![]).await.ok()?;
        place.convert::<u32>().ok().filter(|place| *place > 0)
    })
    .await
}

async fn under_the_mouse(window: &Window<'_>) -> Result<Row> {
    let look = "
        const row = document.elementFromPoint(arguments[0], arguments[1]).closest('[role=row]');
        return [row.dataset.id ?? '', Number(row.ariaRowIndex), row.getBoundingClientRect().top];
    ";
    let at = vec![json!(MOUSE.0), json!(MOUSE.1)];
    wait_for("a row under the mouse", SOON, async || {
        let seen = window.page().execute(look, at.clone()).await.ok()?;
        let (id, place, top) = seen.convert().ok()?;
        Some(Row { id, place, top })
    })
    .await
}

fn pictures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}
