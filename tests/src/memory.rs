//! What is in the memory of another process, byte for byte.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;

use anyhow::{Context, Result};
use memchr::memmem;

/// Read at a time; what lies across two reads is found by their overlap.
const WINDOW: usize = 4 << 20;

/// Something that must not be in memory, under the name a person knows it by.
#[derive(Clone)]
pub struct Sentinel {
    /// What it is.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Sentinel {
    /// Bytes with a name.
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.into(),
        }
    }
}

/// The names of the sentinels that are in what the process may write to: heap, stacks, data.
///
/// # Errors
/// When its memory cannot be read.
pub fn found_in(process: u32, sentinels: &[Sentinel]) -> Result<Vec<String>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let memory = File::open(format!("/proc/{process}/mem")).context("the memory of a child")?;
    let longest = sentinels.iter().map(|sentinel| sentinel.bytes.len()).max();
    let overlap = longest.unwrap_or_default();
    let mut found = vec![false; sentinels.len()];
    let mut window = vec![0; WINDOW + overlap];
    for (from, to) in maps.lines().filter_map(writable) {
        let mut at = from;
        while at < to {
            let wanted =
                usize::try_from(to - at).map_or(window.len(), |left| left.min(window.len()));
            // What was unmapped meanwhile is not there any more.
            let Ok(read) = memory.read_at(&mut window[..wanted], at) else {
                break;
            };
            for (sentinel, found) in sentinels.iter().zip(&mut found) {
                *found |= memmem::find(&window[..read], &sentinel.bytes).is_some();
            }
            if read == 0 {
                break;
            }
            at += (read.min(WINDOW)) as u64;
        }
    }
    let names = sentinels.iter().zip(found).filter(|(_, found)| *found);
    Ok(names.map(|(sentinel, _)| sentinel.name.clone()).collect())
}

/// The addresses of a mapping, if the process may write there.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut fields = line.split_ascii_whitespace();
    let (from, to) = fields.next()?.split_once('-')?;
    fields.next()?.starts_with("rw").then_some(())?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some((number(from)?, number(to)?))
}
