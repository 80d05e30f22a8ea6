//! Rows that are dragged out of the real window, and files that are opened from it in other applications.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, ensure};
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, DropTarget, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(5);
const NAME: &str = "Grüße an alle 100%.txt";
const FOLDER: &str = "[data-testid=folder-row]";

#[tokio::test]
async fn rows_that_are_dragged_to_another_program_arrive_there_as_the_files_they_were() -> Result<()>
{
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let bytes: Vec<u8> = (0..3_000_000_u32)
            .flat_map(u32::to_le_bytes)
            .take(9_000_000)
            .collect();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_234_567_890);
        for (name, bytes) in [
            (NAME, &bytes[..]),
            ("folder/first.txt", b"first"),
            ("folder/deep/second.txt", b"second"),
        ] {
            let file = desktop.write(&format!("Documents/{name}"), bytes)?;
            let file = fs::File::options().write(true).open(&file)?;
            file.set_modified(written)?;
        }
        let documents = desktop.home().join("Documents");
        fs::create_dir(documents.join("folder/empty"))?;
        let originals = [NAME, "folder"].map(|name| documents.join(name));
        window.drop_files(&originals).await?;
        window.is_stored(NAME).await?;
        all_are_stored(&window, 4).await?;
        let received = desktop.home().join("received");
        fs::create_dir(&received)?;
        let mut target = DropTarget::show(&desktop, &received).await?;

        // Twice: what the page thinks of the button must not be wrong after the first.
        window.page().execute(COUNT_PRESSES, vec![]).await?;
        for round in ["first", "second"] {
            let from = place_of(&window, &row(NAME)).await?;
            let took = target.take_from(from).await?;
            ensure!(took == 1, "{round}: {took} were taken");
            is_as_it_was(&received, NAME, &bytes, written).context(round)?;
            fs::remove_file(received.join(NAME))?;
        }

        let presses = window.page().execute("return window.presses", vec![]);
        let presses = presses.await?;
        ensure!(presses.json() == 2, "the page saw {:?}", presses.json());

        // The whole selection, when one of it is dragged.
        window.find_within(&row(NAME), SOON).await?.click().await?;
        window
            .find_within("[role=grid]", SOON)
            .await?
            .send_keys("\u{e009}a\u{e000}")
            .await?;
        let from = place_of(&window, FOLDER).await?;
        let took = target.take_from(from).await?;
        ensure!(took == 2, "{took} were taken");
        is_as_it_was(&received, NAME, &bytes, written)?;
        is_as_it_was(&received, "folder/first.txt", b"first", written)?;
        is_as_it_was(&received, "folder/deep/second.txt", b"second", written)?;
        ensure!(
            received.join("folder/empty").is_dir(),
            "an empty folder is missing"
        );

        ensure!(
            copies(&desktop, NAME) > 0,
            "a target that copies later finds the files"
        );
        window.page().execute(LOCK, vec![]).await?;
        window.see("unlock").await?;
        wait_for("the files to be gone", SOON, async || {
            (copies(&desktop, NAME) == 0).then_some(())
        })
        .await?;
        Ok(())
    })
    .await?
}

#[tokio::test]
async fn what_is_dragged_onto_its_own_window_is_not_stored_once_more() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let file = desktop.write("Documents/mine.txt", b"mine")?;
        window.drop_files(&[file]).await?;
        window.is_stored("mine.txt").await?;
        let received = desktop.home().join("received");
        fs::create_dir(&received)?;
        let mut target = DropTarget::show(&desktop, &received).await?;
        let before = transfers(&window).await?;

        // Out of the window and in again.
        let from = place_of(&window, &row("mine.txt")).await?;
        target.carry_from(from).await?;
        for step in 1..=10 {
            target
                .carry_on((1_300 - 60 * step, from.1 + 20 * step))
                .await?;
        }
        wait_for("the files to be there", LONG, async || {
            (copies(&desktop, "mine.txt") > 0).then_some(())
        })
        .await?;
        target.release().await?;
        wait_for("the drag to end", LONG, async || {
            (copies(&desktop, "mine.txt") == 0).then_some(())
        })
        .await?;
        // The next one is a drag like any other.
        let from = place_of(&window, &row("mine.txt")).await?;
        let took = target.take_from(from).await?;
        ensure!(took == 1, "{took} were taken");
        ensure!(
            transfers(&window).await? == before,
            "it was stored once more"
        );
        Ok(())
    })
    .await?
}

#[tokio::test]
async fn a_row_that_is_dragged_onto_a_folder_of_its_window_is_moved_into_it() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let file = desktop.write("Documents/mine.txt", b"mine")?;
        desktop.write("Documents/letters/first.txt", b"first")?;
        let letters = desktop.home().join("Documents/letters");
        window.drop_files(&[file, letters]).await?;
        window.is_stored("mine.txt").await?;
        all_are_stored(&window, 2).await?;
        let received = desktop.home().join("received");
        fs::create_dir(&received)?;
        let mut target = DropTarget::show(&desktop, &received).await?;
        let before = transfers(&window).await?;

        let from = place_of(&window, &row("mine.txt")).await?;
        let onto = place_of(&window, FOLDER).await?;
        target.carry_from(from).await?;
        for step in (0..=10).rev() {
            target.carry_on((onto.0 + 60 * step, onto.1)).await?;
        }
        let told = window.see("move-target").await?.text().await?;
        ensure!(told.contains("letters"), "it says {told:?}");
        target.release().await?;
        window.gone(&row("mine.txt"), LONG).await?;
        window.find_within(FOLDER, SOON).await?.click().await?;
        desktop.display().press(&["Return"]).await?;
        window.is_stored("mine.txt").await?;
        ensure!(
            transfers(&window).await? == before,
            "it was stored once more"
        );
        Ok(())
    })
    .await?
}

#[tokio::test]
async fn a_file_is_opened_read_only_in_its_application_and_its_copy_goes_with_the_lock()
-> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let opened = viewer(&desktop)?;
        let window = Window::open(&desktop).await?;
        window.try_now().await?;
        let note = desktop.write("Documents/note.txt", b"Dear diary")?;
        let program = desktop.write("Documents/program.sh", b"#!/bin/sh\ntouch ran\n")?;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        window.drop_files(&[note, program]).await?;
        window.is_stored("note.txt").await?;
        window.is_stored("program.sh").await?;

        let copy = open(&desktop, &window, &opened, "note.txt").await?;
        ensure!(fs::read(&copy)? == b"Dear diary", "another content");
        let mode = fs::metadata(&copy)?.permissions().mode() & 0o777;
        ensure!(mode == 0o400, "mode {mode:o}");
        ensure!(
            copy.starts_with(desktop.home().join(".run")),
            "it is not in memory: {copy:?}"
        );

        // A page that opens files by itself opens none.
        let open_it = "const id = document.querySelector('[data-name=\"note.txt\"]').dataset.id; \
             const done = arguments[arguments.length - 1]; \
             window.__TAURI_INTERNALS__.invoke('open_file', { id })\
               .then(() => done('opened'), (error) => done(error.code))";
        let answer = window.page().execute_async(open_it, vec![]).await?;
        ensure!(answer.json() == "not_asked", "{:?}", answer.json());

        window
            .find_within(&row("program.sh"), SOON)
            .await?
            .click()
            .await?;
        let dialog = window
            .dialog(press(&desktop, &window, "open-outside"))
            .await?;
        drop(dialog);
        desktop.display().press(&["Escape"]).await?;
        let page = window.page().source().await?;
        ensure!(
            page.contains("is a program or a script"),
            "it is not said why"
        );
        ensure!(
            fs::read_to_string(&opened)?.lines().count() == 1,
            "a script was opened"
        );

        window.page().execute(LOCK, vec![]).await?;
        window.see("unlock").await?;
        wait_for("the copy to be gone", SOON, async || {
            (!copy.exists()).then_some(())
        })
        .await?;
        Ok(())
    })
    .await?
}

/// An application for texts that writes down what it is given to open; answers where.
fn viewer(desktop: &Desktop) -> Result<PathBuf> {
    let opened = desktop.home().join("opened");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n",
        opened.display()
    );
    let script = desktop.write("viewer", script.as_bytes())?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Viewer\nExec={} %f\nMimeType=text/plain;application/x-shellscript;\n",
        script.display()
    );
    desktop.write(".local/share/applications/viewer.desktop", entry.as_bytes())?;
    let defaults = "[Default Applications]\ntext/plain=viewer.desktop\napplication/x-shellscript=viewer.desktop\n";
    desktop.write(".config/mimeapps.list", defaults.as_bytes())?;
    Ok(opened)
}

/// Opens a file by the button of its details; answers the path that its application was given.
async fn open(
    desktop: &Desktop,
    window: &Window<'_>,
    opened: &Path,
    name: &str,
) -> Result<PathBuf> {
    window.find_within(&row(name), SOON).await?.click().await?;
    press(desktop, window, "open-outside").await?;
    let told = wait_for("an application to be given the file", LONG, async || {
        let told = fs::read_to_string(opened).ok()?;
        told.ends_with('\n').then_some(told)
    })
    .await?;
    let last = told.lines().last().context("no path")?;
    Ok(PathBuf::from(last))
}

const LOCK: &str = "window.__TAURI_INTERNALS__.invoke('lock')";
const COUNT_PRESSES: &str = "window.presses = 0; \
     document.addEventListener('pointerdown', () => { window.presses += 1; }, true)";
const TRANSFERS_DONE: &str = "const done = arguments[arguments.length - 1]; \
     window.__TAURI_INTERNALS__.invoke('transfers').then((shown) => \
       done(shown.items.filter((item) => item.state === 'done').length))";
const TRANSFERS: &str = "const done = arguments[arguments.length - 1]; \
     window.__TAURI_INTERNALS__.invoke('transfers').then((shown) => done(shown.items.length))";

/// Presses a button as a person does: the app sees nothing of what is pressed by WebDriver.
async fn press(desktop: &Desktop, window: &Window<'_>, test_id: &str) -> Result<()> {
    let place = window.see(test_id).await?.rect().await?;
    #[expect(clippy::cast_possible_truncation, reason = "a point of a screen")]
    let (x, y) = (
        (place.x + place.width / 2.0) as i32,
        (place.y + place.height / 2.0) as i32,
    );
    let (x, y) = (x.to_string(), y.to_string());
    desktop
        .display()
        .xdotool(&["mousemove", &x, &y, "click", "1"])
        .await?;
    Ok(())
}

/// How many transfers there are.
async fn transfers(window: &Window<'_>) -> Result<u64> {
    let count = window.page().execute_async(TRANSFERS, vec![]).await?;
    count.json().as_u64().context("no number")
}

fn row(name: &str) -> String {
    format!("[data-testid=file-row][data-name=\"{name}\"]")
}

/// Waits until nothing is on its way and so many files and folders are there.
async fn all_are_stored(window: &Window<'_>, count: u64) -> Result<()> {
    wait_for("everything to be stored", LONG, async || {
        let answer = window.page().execute_async(TRANSFERS_DONE, vec![]).await;
        (answer.ok()?.json().as_u64()? == count).then_some(())
    })
    .await
}

/// A point of the screen in the row that a CSS selector finds.
async fn place_of(window: &Window<'_>, css: &str) -> Result<(i32, i32)> {
    let place = window.find_within(css, SOON).await?.rect().await?;
    #[expect(clippy::cast_possible_truncation, reason = "points of a screen")]
    let point = (place.x as i32 + 60, (place.y + place.height / 2.0) as i32);
    Ok(point)
}

fn is_as_it_was(folder: &Path, name: &str, bytes: &[u8], written: SystemTime) -> Result<()> {
    let path = folder.join(name);
    ensure!(fs::read(&path)? == bytes, "{name}: other bytes");
    let modified = fs::metadata(&path)?.modified()?;
    ensure!(modified == written, "{name}: another time");
    Ok(())
}

/// How many copies of a file there are for other programs.
fn copies(desktop: &Desktop, name: &str) -> usize {
    let run = desktop.home().join(".run/privicore-desktop");
    let files = files_below(&run).into_iter();
    files.filter(|path| path.ends_with(name)).count()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}
