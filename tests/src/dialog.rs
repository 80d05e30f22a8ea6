//! The native file dialogs, driven by the keyboard as a person does.

use std::path::Path;

use anyhow::{Context, Result};

use crate::Display;
use crate::display::OnScreen;
use crate::wait::{SOON, wait_for};

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
        display.rest().await?;
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

    /// Question: the button that agrees, by its letter, as soon as it can be pressed.
    ///
    /// # Errors
    /// When the keyboard cannot be used or the question stays.
    pub async fn agree(self, button: &str) -> Result<()> {
        let letter = button.chars().next().context("a button has a text")?;
        let key = format!("alt+{}", letter.to_ascii_lowercase());
        wait_for("the question to be agreed to", SOON, async || {
            if !self.is_open().await {
                return Some(());
            }
            if self.display.is_active(&self.window).await {
                self.display.press(&[&key]).await.ok()?;
            }
            None
        })
        .await
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
