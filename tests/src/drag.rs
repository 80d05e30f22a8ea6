//! A real drag of files from another program onto a window.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::Desktop;
use crate::process::Process;

/// Where the files are dragged from: right of the largest window.
const SOURCE: (i32, i32) = (1440, 60);

/// Files in mid-air: the mouse button is down and the pointer over the target.
#[derive(Debug)]
pub struct Drag<'a> {
    desktop: &'a Desktop,
    source: Process,
}

impl<'a> Drag<'a> {
    /// Takes hold of files and carries them to a point of the screen.
    ///
    /// # Errors
    /// When the source does not come up or the drag does not begin.
    pub async fn carry(desktop: &'a Desktop, files: &[PathBuf], to: (i32, i32)) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drag-source.py");
        let mut source = Process::start("/usr/bin/python3", |command| {
            command
                .arg(script)
                .args([SOURCE.0.to_string(), SOURCE.1.to_string()])
                .args(files);
            desktop.enter(command);
        })?;
        source.line("the window to drag from").await?;
        let mut drag = Self { desktop, source };
        drag.grab().await?;
        drag.glide(to).await?;
        Ok(drag)
    }

    /// Lets go.
    ///
    /// # Errors
    /// When the target did not take the files.
    pub async fn release(mut self) -> Result<()> {
        self.desktop.display().xdotool(&["mouseup", "1"]).await?;
        let outcome = self.source.line("the end of the drag").await?;
        ensure!(outcome == "end", "the drop was not taken: {outcome}");
        Ok(())
    }

    async fn grab(&mut self) -> Result<()> {
        let display = self.desktop.display();
        point(display, (SOURCE.0 + 60, SOURCE.1 + 40)).await?;
        display.xdotool(&["mousedown", "1"]).await?;
        // A drag begins once the pointer has moved far enough with the button down.
        for step in 1..=6 {
            point(display, (SOURCE.0 + 60 - 8 * step, SOURCE.1 + 40)).await?;
        }
        self.source.line("the drag to begin").await.map(drop)
    }

    async fn glide(&self, to: (i32, i32)) -> Result<()> {
        for step in 1..=10 {
            let between = |from: i32, to: i32| from + (to - from) * step / 10;
            let (x, y) = (between(SOURCE.0, to.0), between(SOURCE.1 + 40, to.1));
            point(self.desktop.display(), (x, y)).await?;
        }
        // A last small move: the target answers to movement, not to presence.
        point(self.desktop.display(), (to.0 + 2, to.1 + 2)).await
    }
}

async fn point(display: &crate::Display, (x, y): (i32, i32)) -> Result<()> {
    display
        .xdotool(&["mousemove", "--sync", &x.to_string(), &y.to_string()])
        .await
        .map(drop)
}
