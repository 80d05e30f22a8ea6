//! A real drag out of the app's window, onto a program that copies what is dropped on it.

use std::path::Path;
use std::pin::pin;

use anyhow::{Context as _, Result, ensure};

use crate::process::Process;
use crate::{Desktop, Display};

/// Where the files are dropped: right of the largest window.
const PLACE: (i32, i32) = (1440, 60);

/// A window that takes files as a file manager does.
#[derive(Debug)]
pub struct DropTarget<'a> {
    desktop: &'a Desktop,
    program: Process,
    presses: i32,
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
        Ok(Self {
            desktop,
            program,
            presses: 0,
        })
    }

    /// Presses the button at a point of the screen and carries what is there over the target, until the target is
    /// offered it. The button stays down.
    ///
    /// # Errors
    /// When the target is offered nothing.
    pub async fn carry_from(&mut self, from: (i32, i32)) -> Result<()> {
        let to = (PLACE.0 + 60, PLACE.1 + 40);
        self.carry(from, to).await?;
        let display = self.desktop.display();
        let mut offered = pin!(self.program.line("the target to be offered files"));
        loop {
            // A drag that begins late is not seen by a pointer at rest.
            let moving = async {
                point(display, (to.0 + 2, to.1 + 2)).await?;
                point(display, to).await
            };
            tokio::select! {
                said = &mut offered => {
                    let said = said?;
                    ensure!(said == "over", "the target says: {said}");
                    return Ok(());
                }
                moved = moving => moved?,
            }
        }
    }

    /// Carries what is at a point of the screen to the target and drops it there; answers how many it took.
    ///
    /// # Errors
    /// When it is offered nothing, or does not take what is dropped.
    pub async fn take_from(&mut self, from: (i32, i32)) -> Result<usize> {
        self.carry_from(from).await?;
        self.release().await?;
        let dropped = self.says().await?;
        ensure!(dropped == "drop", "the target says: {dropped}");
        let took = self.says().await?;
        let count = took.strip_prefix("took ").map(str::parse);
        count
            .with_context(|| format!("the target says: {took}"))?
            .map_err(Into::into)
    }

    /// Presses the button at a point of the screen and carries what is there to another. The button stays down.
    ///
    /// # Errors
    /// When the pointer cannot be moved.
    async fn carry(&mut self, from: (i32, i32), to: (i32, i32)) -> Result<()> {
        let display = self.desktop.display();
        // Two presses in a row at one point are a double click, which drags nothing.
        self.presses += 1;
        let from = (from.0 + 12 * (self.presses % 4), from.1);
        point(display, from).await?;
        display.xdotool(&["mousedown", "1"]).await?;
        // A drag begins once the pointer has moved far enough with the button down.
        for step in 1..=6 {
            point(display, (from.0 + 8 * step, from.1)).await?;
        }
        let from = (from.0 + 48, from.1);
        for step in 1..=10 {
            let between = |from: i32, to: i32| from + (to - from) * step / 10;
            point(display, (between(from.0, to.0), between(from.1, to.1))).await?;
        }
        Ok(())
    }

    /// Moves on with the button down.
    ///
    /// # Errors
    /// When the pointer cannot be moved.
    pub async fn carry_on(&self, to: (i32, i32)) -> Result<()> {
        point(self.desktop.display(), to).await
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
    async fn says(&mut self) -> Result<String> {
        self.program.line("what became of the drop").await
    }
}

async fn point(display: &Display, (x, y): (i32, i32)) -> Result<()> {
    // Not `--sync`: it waits for ever for a pointer that is there already.
    let moved = ["mousemove", &x.to_string(), &y.to_string()];
    display.xdotool(&moved).await.map(drop)
}
