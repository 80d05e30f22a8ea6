//! The main job from beginning to end, with a picture of every step and a report.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::journey::{Theme, holds};
use crate::{Desktop, Keyring, Window};

/// Large enough to go as a stream, with every byte value in it.
const PICTURE_LENGTH: usize = 3_000_000;
const PICTURE: &str = "Grüße aus Ærø ☀.jpg";

/// Plays the main job: a profile by one click, two files and a folder dropped, one of them saved again, bytes compared,
/// and the file list photographed light and dark, large and small.
///
/// # Errors
/// When a step fails; the report in `folder` says which, and holds a picture of that moment.
pub async fn main_job(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let desktop = Desktop::start(Keyring::Open).await?;
    let mut story = Story::new(folder);
    let outcome = play(&desktop, &mut story).await;
    if let Err(error) = &outcome {
        let picture = folder.join("failure.png");
        // The report is worth having without its last picture, too.
        let _ = desktop.display().picture(&picture, Window::LARGE).await;
        story.fail(error);
    }
    story.write()?;
    outcome
}

async fn play(desktop: &Desktop, story: &mut Story) -> Result<()> {
    let files = prepare(desktop)?;
    let mut window = Window::open(desktop).await?;
    window.see("try-now").await?;
    story.step(&window, "first start").await?;

    window.try_now().await?;
    story
        .step(&window, "a profile and its keys by one click")
        .await?;

    let drag = window.carry(&files).await?;
    window.see("drop-target").await?;
    story
        .step(&window, "two files and a folder over the window")
        .await?;
    drag.release().await?;
    // Those of all folders.
    window.go_to("recent").await?;
    for name in ["Quarterly report.txt", PICTURE, "Plan.md", "Schlüssel.txt"] {
        window.is_stored(name).await?;
    }
    story.step(&window, "all of them stored").await?;

    let dialog = window.ask_to_save(PICTURE).await?;
    story.step(&window, "where to save one of them").await?;
    let target = desktop.home().join("Documents/zurück von überall.jpg");
    dialog.save_as(&target).await?;
    dialog.closed().await?;
    holds(&target, &picture(), None).await?;
    story
        .step(&window, "saved, and the same bytes as before")
        .await?;

    window.go_to("files").await?;
    for look in [Theme::Light, Theme::Dark] {
        window.make(look).await?;
        for size in [Window::LARGE, Window::SMALL] {
            window.resize(size).await?;
            story
                .step(
                    &window,
                    &format!("{look:?} at {}×{}", size.0, size.1).to_lowercase(),
                )
                .await?;
        }
    }
    Ok(())
}

fn prepare(desktop: &Desktop) -> Result<Vec<PathBuf>> {
    let report = desktop.write(
        "Documents/Quarterly report.txt",
        b"Numbers nobody else should read.\n",
    )?;
    let photo = desktop.write(&format!("Documents/{PICTURE}"), &picture())?;
    desktop.write(
        "Documents/Umzug 2027/Plan.md",
        "# Plan\n\nKisten packen.\n".as_bytes(),
    )?;
    desktop.write(
        "Documents/Umzug 2027/Haus/Schlüssel.txt",
        b"under the third stone",
    )?;
    Ok(vec![
        report,
        photo,
        desktop.home().join("Documents/Umzug 2027"),
    ])
}

/// Bytes that look like nothing in particular and are the same every time.
fn picture() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(PICTURE_LENGTH).collect()
}

/// What happened so far, as it will stand in report.md.
struct Story {
    folder: PathBuf,
    start: Instant,
    steps: Vec<(String, String, Duration)>,
    failure: Option<String>,
}

impl Story {
    fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            start: Instant::now(),
            steps: Vec::new(),
            failure: None,
        }
    }

    async fn step(&mut self, window: &Window<'_>, what: &str) -> Result<()> {
        let after = self.start.elapsed();
        let file = format!("{:02} {what}.png", self.steps.len() + 1).replace([' ', ','], "-");
        window
            .screenshot(&self.folder.join(&file))
            .await
            .with_context(|| format!("after {what}"))?;
        println!("{:>6.1} s  {what}", after.as_secs_f64());
        self.steps.push((what.to_owned(), file, after));
        Ok(())
    }

    fn fail(&mut self, error: &anyhow::Error) {
        self.failure = Some(format!("{error:#}"));
    }

    fn write(&self) -> Result<()> {
        let mut report = String::from("# The main job, played through the real window\n\n");
        match &self.failure {
            None => report.push_str("Everything went as it should.\n\n"),
            Some(error) => write!(
                report,
                "**It failed:** {error}\n\n![the screen then](failure.png)\n\n"
            )?,
        }
        for (what, file, after) in &self.steps {
            write!(
                report,
                "## {what}\n\nafter {:.1} s\n\n![{what}]({file})\n\n",
                after.as_secs_f64()
            )?;
        }
        std::fs::write(self.folder.join("report.md"), report).context("writing report.md")
    }
}
