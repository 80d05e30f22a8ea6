//! A virtual screen with a window manager, and its mouse, keyboard and clipboard.

use std::process::Stdio;

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

use crate::process::{Process, ask};
use crate::wait::{SOON, within};

/// Windows without frames, so that a window at 0,0 shows its content there.
const WINDOW_MANAGER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew></focus>
  <applications><application class="*"><decor>no</decor></application></applications>
</openbox_config>
"#;

/// An X11 server of its own on a free display.
#[derive(Debug)]
pub struct Display {
    name: String,
    _manager: Process,
    _server: Process,
    _configuration: TempDir,
}

/// A window on a [`Display`], by its X11 number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnScreen(String);

impl Display {
    /// Width and height in pixels: room beside the largest window for what is dragged from.
    pub const SIZE: (u32, u32) = (1600, 1000);

    /// Starts the server and, when it answers, the window manager.
    ///
    /// # Errors
    /// When one of them does not come up.
    pub async fn start() -> Result<Self> {
        let screen = format!("{}x{}x24", Self::SIZE.0, Self::SIZE.1);
        let mut server = Process::start("Xvfb", |command| {
            command.args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                &screen,
                "-nolisten",
                "tcp",
                "-noreset",
            ]);
            command.stderr(Stdio::null());
        })?;
        let name = format!(
            ":{}",
            server.line("the number of the virtual display").await?
        );
        let configuration = tempfile::tempdir()?;
        let file = configuration.path().join("rc.xml");
        std::fs::write(&file, WINDOW_MANAGER)?;
        let mut manager = Process::start("openbox", |command| {
            command
                .arg("--config-file")
                .arg(&file)
                .args(["--startup", "echo ready"]);
            command
                .env("DISPLAY", &name)
                .env("HOME", configuration.path())
                .stderr(Stdio::null());
        })?;
        manager.line("the window manager").await?;
        Ok(Self {
            name,
            _manager: manager,
            _server: server,
            _configuration: configuration,
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Lets xdotool do something; answers what it prints.
    ///
    /// # Errors
    /// When it fails.
    pub async fn xdotool(&self, arguments: &[&str]) -> Result<String> {
        ask("xdotool", |command| {
            command.args(arguments).env("DISPLAY", &self.name);
        })
        .await
    }

    /// The visible windows of a program, by its window class.
    pub async fn windows(&self, class: &str) -> Vec<OnScreen> {
        let found = self
            .xdotool(&["search", "--onlyvisible", "--class", class])
            .await;
        found
            .unwrap_or_default()
            .lines()
            .map(|id| OnScreen(id.to_owned()))
            .collect()
    }

    /// Those of them that there is something to see of: GTK has one of a single pixel beside the screen.
    pub async fn shown(&self, class: &str) -> Vec<OnScreen> {
        let mut shown = Vec::new();
        for window in self.windows(class).await {
            if self.size(&window).await.is_ok_and(|size| size != (1, 1)) {
                shown.push(window);
            }
        }
        shown
    }

    /// Whether keys pressed now go to this window.
    pub async fn is_active(&self, window: &OnScreen) -> bool {
        self.xdotool(&["getactivewindow"])
            .await
            .is_ok_and(|id| id == window.0)
    }

    /// What a window's title says.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn title(&self, window: &OnScreen) -> Result<String> {
        self.xdotool(&["getwindowname", &window.0]).await
    }

    /// A window's width and height in pixels.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn size(&self, window: &OnScreen) -> Result<(u32, u32)> {
        Ok(self.geometry(window).await?.1)
    }

    /// A window's upper left corner, and its width and height, in pixels.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn geometry(&self, window: &OnScreen) -> Result<((u32, u32), (u32, u32))> {
        let said = self
            .xdotool(&["getwindowgeometry", "--shell", &window.0])
            .await?;
        let of = |name: &str| {
            let mut lines = said.lines().filter_map(|line| line.split_once('='));
            let value = lines.find(|(known, _)| *known == name);
            value.and_then(|(_, value)| value.parse().ok())
        };
        let place = of("X").zip(of("Y"));
        let size = of("WIDTH").zip(of("HEIGHT"));
        place.zip(size).context("a window has a place and a size")
    }

    /// Brings a window to the front.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn activate(&self, window: &OnScreen) -> Result<()> {
        self.xdotool(&["windowactivate", &window.0]).await.map(drop)
    }

    /// Puts a window's content at 0,0 in the given size.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn place(&self, window: &OnScreen, size: (u32, u32)) -> Result<()> {
        self.put(window, (0, 0), size).await
    }

    /// Puts a window somewhere, in the given size.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn put(
        &self,
        window: &OnScreen,
        (x, y): (u32, u32),
        (width, height): (u32, u32),
    ) -> Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        let (width, height) = (width.to_string(), height.to_string());
        self.xdotool(&[
            "windowmove",
            &window.0,
            &x,
            &y,
            "windowsize",
            &window.0,
            &width,
            &height,
        ])
        .await
        .map(drop)
    }

    /// Presses keys, one combination after another, as xdotool names them (`ctrl+a`, `Return`).
    ///
    /// # Errors
    /// When xdotool fails.
    pub async fn press(&self, keys: &[&str]) -> Result<()> {
        self.xdotool(&[&["key", "--clearmodifiers"], keys].concat())
            .await
            .map(drop)
    }

    /// Puts text where the cursor is, by way of the clipboard: typing knows the keyboard's letters only.
    ///
    /// # Errors
    /// When the clipboard or the keyboard cannot be used.
    pub async fn paste(&self, text: &str) -> Result<()> {
        self.copy(text).await?;
        self.press(&["ctrl+v"]).await
    }

    /// What is on the clipboard as text; nothing when nobody offers any.
    pub async fn copied(&self) -> String {
        let asked = ask("xclip", |command| {
            command.args(["-selection", "clipboard", "-out"]);
            command.env("DISPLAY", &self.name).stderr(Stdio::null());
        });
        asked.await.unwrap_or_default()
    }

    /// Puts text on the clipboard.
    ///
    /// # Errors
    /// When xclip fails.
    pub async fn copy(&self, text: &str) -> Result<()> {
        // It stays behind to serve the clipboard until someone else copies, or the display ends.
        let mut copying = tokio::process::Command::new("xclip")
            .args(["-selection", "clipboard"])
            .env("DISPLAY", &self.name)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting xclip")?;
        let mut input = copying.stdin.take().context("xclip takes no input")?;
        input.write_all(text.as_bytes()).await?;
        drop(input);
        within("xclip", SOON, copying.wait()).await??;
        Ok(())
    }
}
