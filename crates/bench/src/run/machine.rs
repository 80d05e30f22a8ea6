//! Where and when it was measured.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

use crate::run::program::output;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: u64,
    pub(crate) system: String,
    pub(crate) date: String,
    pub(crate) commit: String,
    /// The load of the minute before: above one, the machine was busy.
    pub(crate) load: f64,
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
        let changed = say("git", &["status", "--porcelain", "--untracked-files=no"]);
        Self {
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_gib: kib("MemTotal").unwrap_or_default().div_ceil(1 << 20),
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

/// Makes a virtual machine take so much memory from its host, or most of what is free, just before it is needed. The
/// first touch is many times slower than the next, and free memory may go back to the host within seconds: without this
/// a transfer that writes a file takes one time or three, by chance.
pub(crate) fn touch_memory(bytes: u64) -> Result<()> {
    const PIECE_BYTES: usize = 1 << 20;
    let folder = Path::new("/dev/shm");
    if !folder.is_dir() {
        return Ok(());
    }
    // More than what is free would push files out of the page cache.
    let free = kib("MemFree").unwrap_or_default() * 1024 / 4 * 3;
    let mut file: File = tempfile::tempfile_in(folder)?;
    let piece = vec![1; PIECE_BYTES];
    for _ in 0..bytes.min(free) / PIECE_BYTES as u64 {
        file.write_all(&piece)?;
    }
    Ok(())
}

fn kib(name: &str) -> Option<u64> {
    let text = field("/proc/meminfo", name)?;
    text.strip_suffix("kB")?.trim().parse().ok()
}
