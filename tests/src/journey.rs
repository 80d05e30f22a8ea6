//! What a person does with the app, in the words of the app.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use thirtyfour::prelude::*;

use crate::wait::{LONG, SOON, wait_for};
use crate::{Dialog, Window};

/// How a row or a transfer is found on the page.
fn row(test_id: &str, name: &str, state: &str) -> String {
    format!("[data-testid=\"{test_id}\"][data-name=\"{name}\"][data-state=\"{state}\"]")
}

impl<'a> Window<'a> {
    /// First start: one click makes a profile on the embedded sandbox, with its keys.
    ///
    /// # Errors
    /// When the file list does not come up.
    pub async fn try_now(&self) -> Result<()> {
        self.click("try-now").await?;
        self.is_signed_in().await
    }

    /// First start: a profile with a name and a password of one's own, on the embedded sandbox.
    ///
    /// # Errors
    /// When the file list does not come up.
    pub async fn create_profile(&self, username: &str, password: &str) -> Result<()> {
        self.click("connect-sandbox").await?;
        self.click("mode-create").await?;
        self.fill("username", username).await?;
        self.fill("password", password).await?;
        self.fill("password-again", password).await?;
        self.click("submit-create").await?;
        self.is_signed_in().await
    }

    /// Signing in; whether it worked is for the caller to see.
    ///
    /// # Errors
    /// When the form is not there.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<()> {
        if self.shows("mode-sign-in").await {
            self.click("mode-sign-in").await?;
        }
        self.fill("username", username).await?;
        self.fill("password", password).await?;
        self.click("submit-sign-in").await
    }

    /// Waits for the file list.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn is_signed_in(&self) -> Result<()> {
        self.see_within("add-files", LONG).await.map(drop)
    }

    /// What the page complains about, as soon as it does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn complaint(&self) -> Result<String> {
        Ok(self.see_within("alert", LONG).await?.text().await?)
    }

    /// Drags files onto the window, sees that it takes them, and lets go.
    ///
    /// # Errors
    /// When the window does not take them.
    pub async fn drop_files(&self, files: &[PathBuf]) -> Result<()> {
        let drag = self.carry(files).await?;
        self.see("drop-target").await?;
        drag.release().await
    }

    /// Opens the list of the transfers, which closes when something beside it is pressed.
    ///
    /// # Errors
    /// When there are no transfers.
    pub async fn show_transfers(&self) -> Result<()> {
        self.see_within("transfers-strip", LONG).await?;
        if !self.shows("transfers-popover").await {
            self.click("transfers-show").await?;
        }
        self.see("transfers-popover").await.map(drop)
    }

    /// Waits until a file's row says that it is stored.
    ///
    /// # Errors
    /// When it does not.
    pub async fn is_stored(&self, name: &str) -> Result<WebElement> {
        self.find_within(&row("file-row", name, "stored"), LONG)
            .await
    }

    /// Waits until there is no row for a file.
    ///
    /// # Errors
    /// When it stays.
    pub async fn is_not_listed(&self, name: &str) -> Result<()> {
        self.gone(
            &format!("[data-testid=\"file-row\"][data-name=\"{name}\"]"),
            LONG,
        )
        .await
    }

    /// How many files are in the list, seen or not.
    ///
    /// # Errors
    /// When there is no list.
    pub async fn listed(&self) -> Result<usize> {
        let count = "return (document.querySelector('[role=grid]')?.ariaRowCount ?? 1) - 1";
        let count: u32 = self.page().execute(count, vec![]).await?.convert()?;
        Ok(usize::try_from(count)?)
    }

    /// Selects a file and asks for it back; answers the system's dialog for where to.
    ///
    /// # Errors
    /// When the row or the dialog does not appear.
    pub async fn ask_to_save(&self, name: &str) -> Result<Dialog<'a>> {
        self.is_stored(name).await?.click().await?;
        self.dialog(self.click("save")).await
    }

    /// Selects a file and deletes it. Its row says so as long as that can be undone.
    ///
    /// # Errors
    /// When the row does not change.
    pub async fn delete(&self, name: &str) -> Result<()> {
        self.is_stored(name).await?.click().await?;
        self.click("delete").await?;
        self.see("undo").await?;
        self.gone(&row("file-row", name, "stored"), SOON).await
    }

    /// Presses the theme item of the account menu until the page is dark, or light.
    ///
    /// # Errors
    /// When no press makes it so.
    pub async fn make(&self, look: Theme) -> Result<()> {
        if self.look().await? == look {
            return Ok(());
        }
        for _ in 0..3 {
            self.change_theme().await?;
            if self.look().await? == look {
                break;
            }
        }
        // The button that opened the menu closes it, unless it has closed by itself.
        wait_for("the account menu to close", SOON, async || {
            if !self.shows("menu").await {
                return Some(());
            }
            self.click("account").await.ok()?;
            None
        })
        .await?;
        ensure!(self.look().await? == look, "no theme is {look:?}");
        Ok(())
    }

    async fn change_theme(&self) -> Result<()> {
        let before = self.theme_item().await?;
        wait_for("another theme", SOON, async || {
            if self.theme_item().await.ok()? != before {
                return Some(());
            }
            // By the page: the menu closes with the look, and a click there would be on what is below it.
            let press = "document.querySelector('[data-testid=theme]')?.click()";
            self.page().execute(press, vec![]).await.ok()?;
            None
        })
        .await
    }

    /// What the theme item of the account menu says. The menu closes when the window takes another theme.
    async fn theme_item(&self) -> Result<String> {
        wait_for("the theme in the account menu", SOON, async || {
            if !self.shows("theme").await {
                self.click("account").await.ok()?;
            }
            let item = self
                .page()
                .find(By::Css("[data-testid=theme]"))
                .await
                .ok()?;
            item.prop("textContent").await.ok()?
        })
        .await
    }

    async fn look(&self) -> Result<Theme> {
        let colour = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)";
        let [red, green, blue]: [u32; 3] = self.page().execute(colour, vec![]).await?.convert()?;
        Ok(if red + green + blue < 384 {
            Theme::Dark
        } else {
            Theme::Light
        })
    }
}

/// How the page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// Waits until a file holds exactly these bytes. The app puts a file in its place only when it is complete, so any
/// other content that was not there `before` is a failure.
///
/// # Errors
/// When it does not come to hold them, or something else.
pub async fn holds(path: &Path, bytes: &[u8], before: Option<&[u8]>) -> Result<()> {
    let what = format!("{} to be written", path.display());
    let written = wait_for(&what, LONG, async || {
        std::fs::read(path)
            .ok()
            .filter(|content| Some(&content[..]) != before)
    })
    .await?;
    ensure!(
        written == bytes,
        "{} holds other bytes than were stored",
        path.display()
    );
    let folder = path.parent().context("a file is in a folder")?;
    let stem = path
        .file_name()
        .and_then(|name| name.to_str())
        .context("a file has a name")?;
    for entry in std::fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        ensure!(
            name == stem || !name.contains(stem),
            "{name} was left behind"
        );
    }
    Ok(())
}
