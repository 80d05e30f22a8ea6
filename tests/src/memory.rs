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
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Sentinel {
    pub fn new(name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            bytes: bytes.into(),
        }
    }
}

/// The names of the sentinels, each with the place of one copy, that are in what the process may write to: heap,
/// stacks, data.
///
/// # Errors
/// When its memory cannot be read.
pub fn found_in(process: u32, sentinels: &[Sentinel]) -> Result<Vec<String>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let memory = File::open(format!("/proc/{process}/mem")).context("the memory of a child")?;
    let longest = sentinels.iter().map(|sentinel| sentinel.bytes.len()).max();
    let overlap = longest.unwrap_or_default();
    let mut found: Vec<Option<String>> = vec![None; sentinels.len()];
    let mut window = vec![0; WINDOW + overlap];
    for (from, to, of) in maps.lines().filter_map(writable) {
        let mut at = from;
        while at < to {
            let wanted =
                usize::try_from(to - at).map_or(window.len(), |left| left.min(window.len()));
            // What was unmapped meanwhile is not there any more.
            let Ok(read) = memory.read_at(&mut window[..wanted], at) else {
                break;
            };
            for (sentinel, found) in sentinels.iter().zip(&mut found) {
                if let Some(place) = memmem::find(&window[..read], &sentinel.bytes) {
                    let place = at + place as u64;
                    found.get_or_insert_with(|| format!("{} at {place:#x} in {of}", sentinel.name));
                }
            }
            if read == 0 {
                break;
            }
            at += (read.min(WINDOW)) as u64;
        }
    }
    Ok(found.into_iter().flatten().collect())
}

/// The addresses of a mapping and what it is of, if the process may write there.
fn writable(line: &str) -> Option<(u64, u64, String)> {
    let mut fields = line.split_ascii_whitespace();
    let (from, to) = fields.next()?.split_once('-')?;
    fields.next()?.starts_with("rw").then_some(())?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    let of = fields.nth(3).map_or(line, |of| of).to_owned();
    Some((number(from)?, number(to)?, of))
}
