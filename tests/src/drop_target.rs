//! A real drag out of the app's window, onto a program that copies what is dropped on it.

use std::path::Path;

use anyhow::Result;

use crate::Desktop;
use crate::process::Process;

/// Where the files are dropped: right of the largest window.
const PLACE: (i32, i32) = (1440, 60);

/// A window that takes files as a file manager does.
#[derive(Debug)]
pub struct DropTarget<'a> {
    desktop: &'a Desktop,
    program: Process,
}

impl<'a> DropTarget<'a> {
    /// Shows the window; what is dropped on it is copied into `folder`.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn show(desktop: &'a Desktop, folder: &Path) -> Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drop-target.py");
        let mut program = Process::start("/usr/bin/python3", |command| {
            command
                .arg(script)
                .args([PLACE.0.to_string(), PLACE.1.to_string()])
                .arg(folder);
            desktop.enter(command);
        })?;
        program.line("the window to drop on").await?;
        Ok(Self { desktop, program })
    }

    /// Presses the button at a point of the screen and carries what is there over the target. The button stays down.
    ///
    /// # Errors
    /// When the pointer cannot be moved.
    pub async fn carry_from(&self, from: (i32, i32)) -> Result<()> {
        self.carry(from, (PLACE.0 + 60, PLACE.1 + 40)).await
    }

    /// The same to another point.
    ///
    /// # Errors
    /// When the pointer cannot be moved.
    pub async fn carry(&self, from: (i32, i32), to: (i32, i32)) -> Result<()> {
        self.point(from).await?;
        self.desktop.display().xdotool(&["mousedown", "1"]).await?;
        // A drag begins once the pointer has moved far enough with the button down.
        for step in 1..=6 {
            self.point((from.0 + 8 * step, from.1)).await?;
        }
        self.glide((from.0 + 48, from.1), to).await
    }

    /// Moves what is in mid-air.
    ///
    /// # Errors
    /// When the pointer cannot be moved.
    pub async fn glide(&self, from: (i32, i32), to: (i32, i32)) -> Result<()> {
        for step in 1..=10 {
            let between = |from: i32, to: i32| from + (to - from) * step / 10;
            self.point((between(from.0, to.0), between(from.1, to.1)))
                .await?;
        }
        // A last small move: the target answers to movement, not to presence.
        self.point((to.0 + 2, to.1 + 2)).await
    }

    /// Lets go.
    ///
    /// # Errors
    /// When the button cannot be released.
    pub async fn release(&self) -> Result<()> {
        self.desktop.display().xdotool(&["mouseup", "1"]).await?;
        Ok(())
    }

    /// What the target says next.
    ///
    /// # Errors
    /// When it says nothing for too long.
    pub async fn says(&mut self) -> Result<String> {
        self.program.line("what became of the drop").await
    }

    async fn point(&self, (x, y): (i32, i32)) -> Result<()> {
        let moved = ["mousemove", "--sync", &x.to_string(), &y.to_string()];
        self.desktop.display().xdotool(&moved).await.map(drop)
    }
}
