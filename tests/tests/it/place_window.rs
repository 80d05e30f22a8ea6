//! Where the window is: it opens where it was closed, or where it can be seen; and what is told covers none of it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use privicore_tests::display::{Display, OnScreen};
use privicore_tests::process::{Process, built};
use privicore_tests::wait::{LONG, SOON, wait_for, within};
use privicore_tests::{Desktop, Keyring, Window};

const LIMIT: Duration = Duration::from_mins(3);
/// What the frame of the window manager takes.
const FRAME: u32 = 40;

type Geometry = ((u32, u32), (u32, u32));

#[tokio::test]
async fn the_window_opens_where_it_was_and_as_large_as_it_was() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let display = desktop.display();
        let (_app, window) = opened(&desktop).await?;
        let (place, size) = ((330, 140), (1010, 640));
        display.put(&window, place, size).await?;
        comes_to(display, &window, "its new place", |(at, is)| {
            is == size && at.0.abs_diff(place.0) < FRAME
        })
        .await?;
        let left = display.geometry(&window).await?;
        closed(&desktop, &window).await?;

        let (_app, window) = opened(&desktop).await?;
        comes_to(display, &window, "where it was", |(at, is)| {
            is == size && at.0.abs_diff(left.0.0) < FRAME && at.1.abs_diff(left.0.1) < FRAME
        })
        .await
    })
    .await?
}

#[tokio::test]
async fn a_window_whose_screen_is_gone_opens_on_one_that_is_there() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let display = desktop.display();
        for remembered in [
            state((5000, 3000), (4000, 3000), false),
            state((1500, 900), (1200, 700), false),
            state((5000, 3000), (1200, 700), true),
        ] {
            let file = remembered_in(&desktop);
            fs::create_dir_all(file.parent().unwrap_or(&file))?;
            fs::write(&file, &remembered)?;
            let (app, window) = opened(&desktop).await?;
            let (width, height) = Display::SIZE;
            comes_to(display, &window, "the screen", |(at, size)| {
                at.0 + size.0 <= width + FRAME && at.1 + size.1 <= height + FRAME && size.0 >= 720
            })
            .await
            .map_err(|error| error.context(remembered))?;
            drop(app);
            gone(&desktop).await?;
        }
        Ok(())
    })
    .await?
}

#[tokio::test]
async fn in_a_small_window_a_notice_covers_nothing_that_can_be_pressed() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let file = desktop.write("Documents/letter.txt", b"letter")?;
        let mut window = Window::open(&desktop).await?;
        window.try_now().await?;
        window.drop_files(&[file]).await?;
        window.is_stored("letter.txt").await?.click().await?;
        window.resize((720, 480)).await?;
        window.click("delete").await?;
        window.see("undo").await?;
        let covered: String = window.page().execute(COVERED, vec![]).await?.convert()?;
        ensure!(covered.is_empty(), "the notice covers:\n{covered}");
        Ok(())
    })
    .await?
}

/// What the notices lie over, of all that can be pressed and is in view.
const COVERED: &str = "
    const notices = document.querySelector('.toasts');
    const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
    const isSeen = (element) => {
        const [x, y] = middle(element.getBoundingClientRect());
        const box = element.parentElement.closest('[role=grid], nav, aside, main');
        const around = (box ?? document.body).getBoundingClientRect();
        return x > around.left && x < around.right && y > around.top && y < around.bottom;
    };
    return [...document.querySelectorAll('button, input, [role=row]')]
        .filter((element) => !notices.contains(element) && isSeen(element))
        .filter((element) => notices.contains(document.elementFromPoint(...middle(element.getBoundingClientRect()))))
        .map((element) => element.outerHTML.slice(0, 100))
        .join('\\n')";

/// What an earlier run remembered.
fn state((x, y): (i32, i32), (width, height): (u32, u32), maximized: bool) -> String {
    serde_json::json!({ "main": {
        "width": width, "height": height, "x": x, "y": y, "prev_x": x, "prev_y": y,
        "maximized": maximized, "visible": true, "decorated": true, "fullscreen": false,
    } })
    .to_string()
}

fn remembered_in(desktop: &Desktop) -> PathBuf {
    desktop
        .home()
        .join(".config/com.privicore.desktop/window.json")
}

async fn opened(desktop: &Desktop) -> Result<(Process, OnScreen)> {
    let app = Process::start(built("privicore-desktop")?, |command| {
        desktop.enter(command);
    })?;
    let window = wait_for("the window", LONG, async || {
        desktop.display().shown("privicore-desktop").await.pop()
    })
    .await?;
    Ok((app, window))
}

async fn comes_to(
    display: &Display,
    window: &OnScreen,
    what: &str,
    is_it: impl Fn(Geometry) -> bool,
) -> Result<()> {
    wait_for(&format!("the window to come to {what}"), SOON, async || {
        let geometry = display.geometry(window).await.ok()?;
        is_it(geometry).then_some(())
    })
    .await
}

/// Closes the window as a person does.
async fn closed(desktop: &Desktop, window: &OnScreen) -> Result<()> {
    desktop.display().activate(window).await?;
    desktop.display().press(&["alt+F4"]).await?;
    gone(desktop).await?;
    ensure!(
        remembered_in(desktop).is_file(),
        "the place of the window was not remembered"
    );
    Ok(())
}

async fn gone(desktop: &Desktop) -> Result<()> {
    wait_for("the app to be gone", LONG, async || {
        (!desktop.has_app().await).then_some(())
    })
    .await
}
