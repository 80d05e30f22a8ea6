//! The app's real window: a program under `WebDriver`, and what a person does on its page.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::display::OnScreen;
use crate::process::{Process, built};
use crate::wait::{SOON, wait_for};
use crate::{Desktop, Dialog, Drag};

/// How long one `WebDriver` command may take.
const COMMAND: Duration = Duration::from_secs(30);

/// The places that the sidebar leads to; all others are pages of the settings.
const IN_SIDEBAR: [&str; 4] = ["files", "recent", "attention", "approvals"];

/// A started program whose window is up and whose page answers.
#[derive(Debug)]
pub struct Window<'a> {
    _driver: Process,
    page: WebDriver,
    desktop: &'a Desktop,
    class: String,
    place: OnScreen,
    size: (u32, u32),
}

impl<'a> Window<'a> {
    /// The size most pictures are taken in.
    pub const LARGE: (u32, u32) = (1280, 800);
    /// The smallest size the app is made for.
    pub const SMALL: (u32, u32) = (900, 600);

    /// Starts the app of this build on a desktop.
    ///
    /// # Errors
    /// When it is not built, does not start, or shows no window.
    pub async fn open(desktop: &'a Desktop) -> Result<Self> {
        wait_for("the window before it to be gone", SOON, async || {
            (!desktop.has_app().await).then_some(())
        })
        .await?;
        Self::of(desktop, &built("privicore-desktop")?, &[]).await
    }

    /// Starts any program with a `WebKit` page that can be driven.
    ///
    /// # Errors
    /// When it does not start, or shows no window.
    pub async fn of(desktop: &'a Desktop, program: &Path, arguments: &[&str]) -> Result<Self> {
        let (driver, address) = start_driver(desktop).await?;
        let page = open_page(&address, program, arguments).await?;
        let class = program
            .file_name()
            .and_then(|name| name.to_str())
            .context("a program has a name")?
            .to_owned();
        let place = wait_for("the window", SOON, async || {
            desktop.display().windows(&class).await.pop()
        })
        .await?;
        let mut this = Self {
            _driver: driver,
            page,
            desktop,
            class,
            place,
            size: Self::LARGE,
        };
        this.resize(Self::LARGE).await?;
        Ok(this)
    }

    /// Starts the app once more on the same desktop, as a person does who forgot that it is open.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start_again(&self) -> Result<Process> {
        Process::start(built("privicore-desktop")?, |command| {
            self.desktop.enter(command);
        })
    }

    /// Gives it another size, at the upper left of the screen.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn resize(&mut self, size: (u32, u32)) -> Result<()> {
        self.size = size;
        self.desktop.display().place(&self.place, size).await?;
        wait_for("the page to take the window's width", SOON, async || {
            let width = self.page.execute("return innerWidth", vec![]).await.ok()?;
            (width.convert::<u32>().ok()? == size.0).then_some(())
        })
        .await
    }

    /// The page itself, for what the other functions do not offer.
    pub fn page(&self) -> &WebDriver {
        &self.page
    }

    /// The element with this test id, as soon as it can be seen.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn see(&self, test_id: &str) -> Result<WebElement> {
        self.see_within(test_id, SOON).await
    }

    /// Like [`Window::see`], with a limit of its own.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn see_within(&self, test_id: &str, limit: Duration) -> Result<WebElement> {
        let css = format!("[data-testid=\"{test_id}\"]");
        self.find_within(&css, limit).await
    }

    /// The first visible element a CSS selector finds, as soon as there is one.
    ///
    /// # Errors
    /// When none appears.
    pub async fn find_within(&self, css: &str, limit: Duration) -> Result<WebElement> {
        wait_for(&format!("{css} on the page"), limit, async || {
            self.visible(css).await
        })
        .await
    }

    /// Waits until nothing a CSS selector finds can be seen.
    ///
    /// # Errors
    /// When something stays.
    pub async fn gone(&self, css: &str, limit: Duration) -> Result<()> {
        let look = async || self.visible(css).await.is_none().then_some(());
        wait_for(&format!("{css} to go from the page"), limit, look).await
    }

    /// Whether an element with this test id can be seen now.
    pub async fn shows(&self, test_id: &str) -> bool {
        self.visible(&format!("[data-testid=\"{test_id}\"]"))
            .await
            .is_some()
    }

    /// Clicks the element with this test id as soon as it can be clicked.
    ///
    /// # Errors
    /// When it does not appear, or stays disabled.
    pub async fn click(&self, test_id: &str) -> Result<()> {
        wait_for(&format!("{test_id} to be clicked"), SOON, async || {
            let element = self
                .visible(&format!("[data-testid=\"{test_id}\"]"))
                .await?;
            let ready = element.is_enabled().await.ok()?;
            (ready && element.click().await.is_ok()).then_some(())
        })
        .await
    }

    /// Shows a place of the app.
    ///
    /// # Errors
    /// When nothing leads there.
    pub async fn go_to(&self, place: &str) -> Result<()> {
        let entry = format!("place-{place}");
        let is_in_settings = !IN_SIDEBAR.contains(&place);
        if is_in_settings && !self.shows(&entry).await {
            self.account("settings").await?;
        }
        self.click(&entry).await
    }

    /// Chooses from the account menu.
    ///
    /// # Errors
    /// When the menu does not open, or has no such item.
    pub async fn account(&self, item: &str) -> Result<()> {
        // A menu that is open may be about to close by itself.
        wait_for(&format!("{item} in the account menu"), SOON, async || {
            if !self.shows("menu").await {
                self.click("account").await.ok()?;
            }
            let element = self.visible(&format!("[data-testid=\"{item}\"]")).await?;
            let ready = element.is_enabled().await.ok()?;
            (ready && element.click().await.is_ok()).then_some(())
        })
        .await
    }

    /// Replaces what is in a field.
    ///
    /// # Errors
    /// When the field does not appear or cannot be written.
    pub async fn fill(&self, test_id: &str, text: &str) -> Result<()> {
        wait_for(&format!("{test_id} to be filled in"), SOON, async || {
            let field = self
                .visible(&format!("[data-testid=\"{test_id}\"]"))
                .await?;
            field.clear().await.ok()?;
            field.send_keys(text).await.ok()
        })
        .await
    }

    /// Carries files over the middle of the window; they are dropped with [`Drag::release`].
    ///
    /// # Errors
    /// When the drag does not begin.
    pub async fn carry(&self, files: &[PathBuf]) -> Result<Drag<'a>> {
        let half = |length: u32| i32::try_from(length / 2);
        Drag::carry(
            self.desktop,
            files,
            (half(self.size.0)?, half(self.size.1)?),
        )
        .await
    }

    /// Does something that opens a native dialog; answers the dialog.
    ///
    /// # Errors
    /// When none comes up.
    pub async fn dialog(&self, open: impl Future<Output = Result<()>>) -> Result<Dialog<'a>> {
        let display = self.desktop.display();
        let before = display.windows(&self.class).await;
        open.await?;
        Dialog::opened(display, &self.class, &before).await
    }

    /// The dialog over the window, as soon as it can be seen: before anybody has looked at it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn dialog_at_once(&self) -> Result<Dialog<'a>> {
        let own = std::slice::from_ref(&self.place);
        Dialog::appeared(self.desktop.display(), &self.class, own).await
    }

    /// How many windows of the program can be seen, with menus and tooltips.
    pub async fn windows(&self) -> usize {
        self.desktop.display().shown(&self.class).await.len()
    }

    /// A picture of the window and what is over it.
    ///
    /// # Errors
    /// When the screen is blank or never rests.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        self.painted().await?;
        self.desktop.display().screenshot(path, self.size).await
    }

    /// A picture of a window on which something keeps moving: as it is, once there is something on it.
    ///
    /// # Errors
    /// When the screen stays blank.
    pub async fn snapshot(&self, path: &Path) -> Result<()> {
        self.painted().await?;
        let display = self.desktop.display();
        let look = async || {
            let picture = display.picture(path, self.size).await.ok()?;
            (!picture.is_blank()).then_some(())
        };
        wait_for("something on the screen", SOON, look).await
    }

    /// Waits until what the page is now has been painted: a frame for it, and one after it.
    async fn painted(&self) -> Result<()> {
        let frames = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))";
        self.page.execute_async(frames, vec![]).await?;
        Ok(())
    }

    async fn visible(&self, css: &str) -> Option<WebElement> {
        for element in self.page.find_all(By::Css(css)).await.ok()? {
            if element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }
}

/// Lets a driver start a program; answers its page.
pub(crate) async fn open_page(
    address: &str,
    program: &Path,
    arguments: &[&str],
) -> Result<WebDriver> {
    let capabilities =
        json!({ "webkitgtk:browserOptions": { "binary": program, "args": arguments } });
    let capabilities = capabilities
        .as_object()
        .cloned()
        .context("capabilities are an object")?;
    let page = WebDriver::builder(address, Capabilities::from(capabilities))
        .request_timeout(COMMAND)
        .await?;
    // It ends with the driver's process group: asking a driver that is gone would only take time.
    page.clone().leak()?;
    Ok(page)
}

pub(crate) async fn start_driver(desktop: &Desktop) -> Result<(Process, String)> {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port();
    let driver = Process::start("WebKitWebDriver", |command| {
        command.arg(format!("--port={port}"));
        desktop.enter(command);
        // What tells the app's web view to let itself be driven.
        command.envs([
            ("TAURI_AUTOMATION", "true"),
            ("TAURI_WEBVIEW_AUTOMATION", "true"),
        ]);
        command.stdout(Stdio::inherit());
    })?;
    wait_for("the WebDriver server", SOON, async || {
        tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .ok()
    })
    .await?;
    Ok((driver, format!("http://127.0.0.1:{port}")))
}
