//! Pictures of the screen, taken when it has come to rest, and refused when there is nothing on them.

use std::path::Path;

use anyhow::{Context, Result};

use crate::Display;
use crate::process::ask;
use crate::wait::{SOON, wait_for};

/// Fewer colours than any text with smooth edges has.
const BLANK: u32 = 24;

/// So many pictures in a row have to show the same: a page that is being painted rests for a moment between two parts.
const ALIKE: usize = 4;

/// What a picture shows, as far as it can be told by counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    signature: String,
    colours: u32,
}

impl Picture {
    /// Whether there is no text on it.
    pub fn is_blank(&self) -> bool {
        self.colours < BLANK
    }
}

impl Display {
    /// Saves the upper left `size` of the screen as soon as [`ALIKE`] pictures in a row are the same and not blank.
    ///
    /// # Errors
    /// When the screen stays blank or never rests.
    pub async fn screenshot(&self, path: &Path, size: (u32, u32)) -> Result<()> {
        let mut alike: Vec<Picture> = Vec::new();
        wait_for("a screen at rest with something on it", SOON, async || {
            let now = self.picture(path, size).await.ok()?;
            alike.retain(|before| *before == now && !now.is_blank());
            alike.push(now);
            (alike.len() >= ALIKE).then_some(())
        })
        .await
    }

    /// Waits until nothing moves on the screen any more.
    ///
    /// # Errors
    /// When something keeps moving.
    pub async fn rest(&self) -> Result<()> {
        let folder = tempfile::tempdir()?;
        self.screenshot(&folder.path().join("rest.png"), Self::SIZE)
            .await
    }

    /// Saves the upper left of the screen as it is at this moment. The folder is made.
    ///
    /// # Errors
    /// When no picture can be taken.
    pub async fn picture(&self, path: &Path, (width, height): (u32, u32)) -> Result<Picture> {
        std::fs::create_dir_all(path.parent().context("a picture is in a folder")?)?;
        let crop = format!("{width}x{height}+0+0");
        ask("import", |command| {
            command
                .args(["-silent", "-window", "root", "-crop", &crop, "+repage"])
                .arg(path);
            command.env("DISPLAY", self.name());
        })
        .await?;
        let answer = ask("identify", |command| {
            command.args(["-format", "%# %k"]).arg(path);
        })
        .await?;
        let (signature, colours) = answer.split_once(' ').context("no signature")?;
        Ok(Picture {
            signature: signature.to_owned(),
            colours: colours.parse()?,
        })
    }
}
