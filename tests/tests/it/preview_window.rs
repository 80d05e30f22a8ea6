//! Files that are looked at in the real window: shown, and gone with the lock.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use privicore_tests::journey::Theme;
use privicore_tests::wait::{LONG, SOON, within};
use privicore_tests::{Desktop, Keyring, Window};
use thirtyfour::WebElement;

const LIMIT: Duration = Duration::from_mins(5);
const DRAWN: &str = "const img = document.querySelector('[data-testid=preview] img'); \
     return img !== null && img.complete && img.naturalWidth > 0";
/// What a page that has gone wrong could do with the address of a picture.
const READ: &str = "const done = arguments[arguments.length - 1]; \
     const address = document.querySelector('[data-testid=preview] img').src; \
     const canvas = document.createElement('canvas'); \
     const read = fetch(address).then((answer) => answer.arrayBuffer()).then(() => 'fetched'); \
     const drawn = () => { \
       const brush = canvas.getContext('2d'); \
       brush.drawImage(document.querySelector('[data-testid=preview] img'), 0, 0); \
       try { canvas.toDataURL(); return 'drawn'; } catch { return 'kept'; } \
     }; \
     read.catch(drawn).then(done, () => done('kept'))";

#[tokio::test]
async fn a_picture_and_a_text_are_shown_and_nothing_of_them_is_left_after_the_lock() -> Result<()> {
    within("the whole test", LIMIT, async {
        let desktop = Desktop::start(Keyring::Open).await?;
        let mut window = Window::open(&desktop).await?;
        window.try_now().await?;
        let text = "Dear diary, nobody reads this.\n".repeat(2_000);
        for (name, bytes) in [
            ("photo.bmp", bitmap(700, 500)),
            ("diary.txt", text.into_bytes()),
            ("archive.zip", vec![0; 1_000]),
        ] {
            let file = desktop.write(&format!("Documents/{name}"), &bytes)?;
            window.drop_files(&[file]).await?;
            window.is_stored(name).await?;
        }

        for look in [Theme::Light, Theme::Dark] {
            window.make(look).await?;
            let (_, took) = look_at(&window, "photo.bmp", "picture").await?;
            println!("a picture of 1 MiB was there after {took:?}");
            is_drawn(&window).await?;
            let read = window.page().execute_async(READ, vec![]).await?;
            ensure!(read.json() == "kept", "a script got it: {:?}", read.json());
            take_pictures(&mut window, "picture", look).await?;
            close(&window).await?;

            let (sheet, took) = look_at(&window, "diary.txt", "text").await?;
            println!("a text was there after {took:?}");
            ensure!(sheet.text().await?.contains("Dear diary"), "another text");
            take_pictures(&mut window, "text", look).await?;
            close(&window).await?;

            look_at(&window, "archive.zip", "otherKind").await?;
            take_pictures(&mut window, "other-kind", look).await?;
            close(&window).await?;
        }

        look_at(&window, "diary.txt", "text").await?;
        window.page().execute(LOCK, vec![]).await?;
        window.see("unlock").await?;
        let page = window.page().source().await?;
        ensure!(!page.contains("Dear diary"), "the text outlives the lock");
        Ok(())
    })
    .await?
}

/// The lock from the menu of the desktop, or by the clock, comes as well while a sheet is open.
const LOCK: &str = "window.__TAURI_INTERNALS__.invoke('lock')";

/// Opens the preview of a file by a double click; answers what is shown and how long that took.
pub(crate) async fn look_at(
    window: &Window<'_>,
    name: &str,
    kind: &str,
) -> Result<(WebElement, Duration)> {
    let row = format!("[data-testid=file-row][data-name='{name}']");
    let row = window.find_within(&row, SOON).await?;
    let begun = Instant::now();
    let chain = window.page().action_chain();
    chain.double_click_element(&row).perform().await?;
    let sheet = format!("[data-testid=preview][data-kind={kind}]");
    let sheet = window.find_within(&sheet, LONG).await?;
    Ok((sheet, begun.elapsed()))
}

async fn is_drawn(window: &Window<'_>) -> Result<()> {
    let begun = Instant::now();
    loop {
        let drawn = window.page().execute(DRAWN, vec![]).await?;
        if drawn.json().as_bool() == Some(true) {
            return Ok(());
        }
        ensure!(begun.elapsed() < LONG, "the picture is not drawn");
    }
}

pub(crate) async fn close(window: &Window<'_>) -> Result<()> {
    window.click("preview-close").await?;
    window.gone("[data-testid=preview]", SOON).await
}

async fn take_pictures(window: &mut Window<'_>, what: &str, look: Theme) -> Result<()> {
    for size in [Window::LARGE, Window::SMALL, (720, 480)] {
        window.resize(size).await?;
        let name = format!("preview-{what}-{look:?}-{}.png", size.0).to_lowercase();
        window.screenshot(&pictures().join(name)).await?;
    }
    window.resize(Window::LARGE).await
}

fn pictures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots")
}

/// A picture with a slope of colours, 24 bits a pixel (BITMAPINFOHEADER).
fn bitmap(width: u32, height: u32) -> Vec<u8> {
    let row = (width * 3).next_multiple_of(4);
    let size = row * height;
    let mut bytes = b"BM".to_vec();
    for field in [
        54 + size,
        0,
        54,
        40,
        width,
        height,
        1 | 24 << 16,
        0,
        size,
        0,
        0,
        0,
        0,
    ] {
        bytes.extend(field.to_le_bytes());
    }
    let byte = |at: u32| u8::try_from(at * 255 / size).unwrap_or(255);
    bytes.extend((0..size).map(byte));
    bytes.truncate((54 + size) as usize);
    bytes
}
