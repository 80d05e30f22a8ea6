//! How long a person waits for a window that can be used, and what memory the app and its web view take then.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use thirtyfour::prelude::*;
use tokio::time::sleep;

use crate::process::built;
use crate::wait::{SOON, within};
use crate::window::{open_page, start_driver};
use crate::{Desktop, Keyring};

/// What can be clicked on the page of the first start.
const FIRST: &str = "[data-testid=\"try-now\"]";
/// Much less than what is measured.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);
/// What `/proc` counts CPU time in.
const TICKS_PER_SECOND: f64 = 100.0;

#[derive(Debug, Clone, Copy)]
pub struct StartUp {
    /// Seconds from the start of the program to a page whose buttons can be seen and clicked.
    pub seconds: f64,
    /// CPU time that the app and the processes it started had taken by then, in seconds.
    pub cpu_seconds: f64,
    /// Memory of the app and the processes it started, in KiB; what several of them share is divided among them.
    pub memory_kib: u64,
}

impl StartUp {
    /// Starts the app of this build in a fresh home, as after its installation.
    ///
    /// # Errors
    /// When it does not start, or its first page does not come up.
    pub async fn measure() -> Result<Self> {
        let desktop = Desktop::start(Keyring::Absent).await?;
        let (driver, address) = start_driver(&desktop).await?;
        let program = built("privicore-desktop")?;
        let began = Instant::now();
        let page = open_page(&address, &program, &[]).await?;
        within("the first page", SOON, async {
            while !is_usable(&page).await {
                sleep(BETWEEN_LOOKS).await;
            }
        })
        .await?;
        let seconds = began.elapsed().as_secs_f64();
        let processes = below(driver.id())?;
        ensure!(!processes.is_empty(), "the app is not below its driver");
        let mut start_up = Self {
            seconds,
            cpu_seconds: 0.0,
            memory_kib: 0,
        };
        for (process, ticks) in processes {
            start_up.cpu_seconds += f64::from(ticks) / TICKS_PER_SECOND;
            start_up.memory_kib += proportional_kib(process)?;
        }
        Ok(start_up)
    }
}

async fn is_usable(page: &WebDriver) -> bool {
    let Ok(button) = page.find(By::Css(FIRST)).await else {
        return false;
    };
    button.is_displayed().await.unwrap_or(false) && button.is_enabled().await.unwrap_or(false)
}

/// Everything a process started, and what they started, with their CPU time.
fn below(root: u32) -> Result<BTreeMap<u32, u32>> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let process = name.to_str().and_then(|name| name.parse::<u32>().ok());
        // One that has ended meanwhile is none.
        let stat = process.and_then(|id| fs::read_to_string(format!("/proc/{id}/stat")).ok());
        if let (Some(process), Some(stat)) = (process, stat) {
            parents.insert(process, parent_and_ticks(&stat).context("an unknown stat")?);
        }
    }
    let is_below = |mut process| {
        while let Some((parent, _)) = parents.get(&process) {
            if *parent == root {
                return true;
            }
            process = *parent;
        }
        false
    };
    let found = parents.iter().filter(|(process, _)| is_below(**process));
    Ok(found
        .map(|(process, (_, ticks))| (*process, *ticks))
        .collect())
}

/// The 4th, 14th and 15th field of `/proc/PID/stat`; the 2nd, in brackets, may hold anything.
fn parent_and_ticks(stat: &str) -> Option<(u32, u32)> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let user: u32 = fields.nth(9)?.parse().ok()?;
    let kernel: u32 = fields.next()?.parse().ok()?;
    Some((parent, user + kernel))
}

fn proportional_kib(process: u32) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    let figure = line.and_then(|line| line.split_whitespace().next());
    Ok(figure.context("no Pss")?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_be_called_anything() {
        let stat = "12 (a) b (c)) S 7 12 12 0 -1 4194560 100 0 0 0 25 17 0 0 20 0 1 0 1 1 1";
        assert_eq!(parent_and_ticks(stat), Some((7, 42)));
    }

    #[test]
    fn this_test_is_below_whoever_started_it() {
        let this = std::process::id();
        let processes = below(std::os::unix::process::parent_id()).unwrap();
        assert!(processes.contains_key(&this));
        assert!(!below(this).unwrap().contains_key(&this));
        assert!(proportional_kib(this).unwrap() > 0);
    }
}
