//! Where and when it was measured.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

use crate::run::program::output;

/// Where and when.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: u64,
    pub(crate) system: String,
    pub(crate) date: String,
    pub(crate) commit: String,
    /// Processes that wanted to run in the minute before: above one, somebody else was at work.
    pub(crate) load: f64,
    /// The other tools.
    pub(crate) tools: String,
}

impl Machine {
    pub(crate) fn here() -> Self {
        let unknown = || "unknown".to_owned();
        let say = |program: &str, arguments: &[&str]| {
            let said = output(Command::new(program).args(arguments));
            said.unwrap_or_else(|_| unknown())
        };
        let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
        let word = |text: String| text.split(' ').nth(1).unwrap_or_default().to_owned();
        let memory_kib = field("/proc/meminfo", "MemTotal")
            .and_then(|text| text.strip_suffix("kB")?.trim().parse::<u64>().ok());
        let changed = say("git", &["status", "--porcelain", "--untracked-files=no"]);
        Self {
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_gib: memory_kib.unwrap_or_default().div_ceil(1 << 20),
            system: say("uname", &["-sr"]),
            load: load().unwrap_or_default(),
            date: Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
            commit: format!(
                "{}{}",
                say("git", &["rev-parse", "--short", "HEAD"]),
                if changed.is_empty() { "" } else { ", changed" }
            ),
            tools: format!(
                "curl {}, age {}, rclone {}",
                word(first(say("curl", &["--version"]))),
                first(say("age", &["--version"])),
                word(first(say("rclone", &["version"])))
            ),
        }
    }
}

fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// Makes a virtual machine take memory from its host before anything is measured: the first touch is slow.
pub(crate) fn touch_memory() -> Result<()> {
    const PIECES: usize = 4096;
    let folder = Path::new("/dev/shm");
    if !folder.is_dir() {
        return Ok(());
    }
    let mut file: File = tempfile::tempfile_in(folder)?;
    let piece = vec![1; 1 << 20];
    for _ in 0..PIECES {
        file.write_all(&piece)?;
    }
    Ok(())
}
