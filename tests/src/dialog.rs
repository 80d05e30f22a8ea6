//! The native file dialogs, driven by the keyboard as a person does.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::Display;
use crate::display::OnScreen;
use crate::wait::{LONG, SOON, wait_for, within};

/// So long a question wants to be left alone before it can be agreed to.
pub const QUIET: Duration = Duration::from_secs(1);

/// A dialog that has come up over a window and has the keyboard.
#[derive(Debug)]
pub struct Dialog<'a> {
    display: &'a Display,
    class: String,
    window: OnScreen,
}

impl<'a> Dialog<'a> {
    /// The one that comes up beside the windows of the program that were there `before`.
    ///
    /// # Errors
    /// When none comes up.
    pub async fn opened(display: &'a Display, class: &str, before: &[OnScreen]) -> Result<Self> {
        let window = wait_for("a dialog with the keyboard", SOON, async || {
            let windows = display.windows(class).await;
            let dialog = windows
                .into_iter()
                .find(|window| !before.contains(window))?;
            if display.is_active(&dialog).await {
                return Some(dialog);
            }
            // The window manager may leave the keyboard where it was last used: a person clicks on the dialog then.
            display.activate(&dialog).await.ok()?;
            None
        })
        .await?;
        // Where something is counted down the screen never rests. The dialog has been there for long then.
        let _ = display.rest().await;
        Ok(Self {
            display,
            class: class.to_owned(),
            window,
        })
    }

    /// The one that comes up, as soon as it can be seen: it need not have the keyboard yet.
    ///
    /// # Errors
    /// When none comes up.
    pub(crate) async fn appeared(
        display: &'a Display,
        class: &str,
        before: &[OnScreen],
    ) -> Result<Self> {
        let window = wait_for("a dialog", SOON, async || {
            for window in display.shown(class).await {
                if !before.contains(&window) {
                    return Some(window);
                }
            }
            None
        })
        .await?;
        Ok(Self {
            display,
            class: class.to_owned(),
            window,
        })
    }

    /// Save dialog: a new name for the file, and Return.
    ///
    /// # Errors
    /// When the keyboard cannot be used.
    pub async fn save_as(&self, path: &Path) -> Result<()> {
        self.display.press(&["ctrl+a"]).await?;
        self.enter(path).await
    }

    /// Open and folder dialogs: the location field, the path, and Return until it is taken (for a folder the first one
    /// only goes into it).
    ///
    /// # Errors
    /// When the keyboard cannot be used or the dialog stays.
    pub async fn choose(self, path: &Path) -> Result<()> {
        self.display.press(&["ctrl+l"]).await?;
        self.display.rest().await?;
        self.display.press(&["ctrl+a"]).await?;
        self.enter(path).await?;
        for _ in 0..2 {
            self.display.rest().await?;
            // What comes up behind it must not be pressed: a button that opens the next dialog, for one.
            if self.is_open().await && self.display.is_active(&self.window).await {
                self.display.press(&["Return"]).await?;
            }
        }
        self.closed().await
    }

    /// What its title says: for a question, the question.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn title(&self) -> Result<String> {
        self.display.title(&self.window).await
    }

    /// Its width and height in pixels.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn size(&self) -> Result<(u32, u32)> {
        self.display.size(&self.window).await
    }

    /// Question: the button that agrees, by its letter, once nothing has been pressed for a while.
    ///
    /// # Errors
    /// When the keyboard cannot be used or the question stays.
    pub async fn agree(self, button: &str) -> Result<()> {
        let letter = button.chars().next().context("a button has a text")?;
        let key = format!("alt+{}", letter.to_ascii_lowercase());
        self.insist(async || self.display.press(&[&key]).await)
            .await
    }

    /// Question: the button that agrees, by the mouse.
    ///
    /// # Errors
    /// When the mouse cannot be used or the question stays.
    pub async fn agree_by_mouse(self) -> Result<()> {
        self.insist(async || self.click_where_it_agrees(1, Duration::ZERO).await)
            .await
    }

    /// Keys one after another, with at least this time between them and after the last, pressed by somebody who has not
    /// seen it.
    ///
    /// # Errors
    /// When the keyboard cannot be used.
    pub async fn type_on(&self, keys: &[&str], between: Duration) -> Result<()> {
        let delay = between.as_millis().to_string();
        let typed = [&["key", "--clearmodifiers", "--delay", &delay], keys].concat();
        self.display.xdotool(&typed).await.map(drop)
    }

    /// So many clicks on the place of the button that agrees: the left half at the foot.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn click_where_it_agrees(&self, clicks: usize, between: Duration) -> Result<()> {
        let ((left, top), (width, height)) = self.display.geometry(&self.window).await?;
        let x = (left + width / 4).to_string();
        let y = (top + height.saturating_sub(20)).to_string();
        let (clicks, delay) = (clicks.to_string(), between.as_millis().to_string());
        let click = [
            "mousemove",
            &x,
            &y,
            "click",
            "--repeat",
            &clicks,
            "--delay",
            &delay,
            "1",
        ];
        self.display.xdotool(&click).await.map(drop)
    }

    /// Presses something again and again until the question is closed by it. Each press that comes too soon begins the
    /// question's wait anew: on a machine that is busy it is left alone for longer and longer.
    async fn insist(&self, mut press: impl AsyncFnMut() -> Result<()>) -> Result<()> {
        let pressing = async {
            for longer in 1.. {
                let pause = QUIET + QUIET * longer / 4;
                let look = async || (!self.is_open().await).then_some(());
                if wait_for("the question to close", pause, look).await.is_ok() {
                    return Ok(());
                }
                if self.display.is_active(&self.window).await {
                    press().await?;
                }
            }
            Ok(())
        };
        within("the question to be agreed to", LONG, pressing).await?
    }

    /// Whether it is still there.
    pub async fn stays(&self) -> bool {
        self.is_open().await
    }

    /// A key that somebody presses who has not seen it yet.
    ///
    /// # Errors
    /// When the keyboard cannot be used or the dialog stays.
    pub async fn press(self, key: &str) -> Result<()> {
        self.display.press(&[key]).await?;
        self.closed().await
    }

    /// Escape.
    ///
    /// # Errors
    /// When the keyboard cannot be used or the dialog stays.
    pub async fn cancel(self) -> Result<()> {
        self.display.press(&["Escape"]).await?;
        self.closed().await
    }

    /// Waits until it is gone.
    ///
    /// # Errors
    /// When it stays.
    pub async fn closed(self) -> Result<()> {
        let look = async || (!self.is_open().await).then_some(());
        wait_for("the dialog to close", SOON, look).await
    }

    async fn is_open(&self) -> bool {
        self.display
            .windows(&self.class)
            .await
            .contains(&self.window)
    }

    async fn enter(&self, path: &Path) -> Result<()> {
        self.display
            .paste(path.to_str().context("a path that can be typed")?)
            .await?;
        self.display.rest().await?;
        self.display.press(&["Return"]).await
    }
}
