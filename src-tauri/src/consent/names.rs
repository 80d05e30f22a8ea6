//! Whom and what a question is about, by name: the page tells ids, and could tell others than it shows.

use std::collections::{HashMap, HashSet};

use privicore_vault::{self as vault, Phrase, Value};

use crate::consent::question::{LONGEST, line, whole};
use crate::view::ErrorView;

/// More than these are counted, not named.
pub(super) const MOST_NAMED: usize = 12;

/// The names that the service tells.
#[derive(Debug, Default)]
pub(crate) struct Names {
    people: HashMap<String, String>,
    devices: HashMap<String, String>,
}

impl Names {
    pub(crate) fn in_directory(directory: &vault::OpenDirectory) -> Self {
        let people = directory.people.iter().flatten();
        let people =
            people.filter_map(|person| Some((person.id.clone(), person.username.clone()?)));
        let devices = directory.devices.iter().flatten();
        let devices = devices.filter_map(|device| Some((device.id.clone(), device.name.clone()?)));
        Self {
            people: people.collect(),
            devices: devices.collect(),
        }
    }

    pub(crate) fn of_devices(devices: Vec<vault::Device>) -> Self {
        let devices = devices
            .into_iter()
            .filter_map(|device| Some((device.id, device.name?)));
        Self {
            people: HashMap::new(),
            devices: devices.collect(),
        }
    }

    #[cfg(test)]
    pub(super) fn made_of(names: impl Iterator<Item = (String, String)> + Clone) -> Self {
        Self {
            people: names.clone().collect(),
            devices: names.collect(),
        }
    }

    /// A person's user name, or the id where the service tells none.
    pub(super) fn person<'a>(&'a self, id: &'a str) -> &'a str {
        self.people.get(id).map_or(id, String::as_str)
    }

    /// A device's name, or the id where the service tells none.
    pub(super) fn device<'a>(&'a self, id: &'a str) -> &'a str {
        self.devices.get(id).map_or(id, String::as_str)
    }

    /// Each of them once, one a line.
    pub(super) fn list_people(&self, ids: &[String]) -> Result<Value, ErrorView> {
        list(ids, &self.people)
    }

    /// Each of them once, one a line.
    pub(super) fn list_devices(&self, ids: &[String]) -> Result<Value, ErrorView> {
        list(ids, &self.devices)
    }
}

/// Each once.
pub(super) fn distinct(ids: &[String]) -> Vec<&str> {
    let mut seen = HashSet::new();
    let ids = ids.iter().map(String::as_str);
    ids.filter(|id| seen.insert(*id)).collect()
}

/// Those that the service does not name come first: a stranger does not hide among those that are only counted.
fn list(ids: &[String], names: &HashMap<String, String>) -> Result<Value, ErrorView> {
    let mut ids = distinct(ids);
    ids.sort_by_key(|id| names.contains_key(*id));
    let mut lines = Vec::new();
    for id in ids.iter().take(MOST_NAMED) {
        let name = match names.get(*id) {
            Some(name) => line(name),
            None => whole("what.id", id, LONGEST)?,
        };
        let quoted = Phrase::new("quoted").text("name", name);
        lines.push(Value::Phrase(quoted));
    }
    let more = ids.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        let more = Phrase::new("and_more").number("count", more);
        lines.push(Value::Phrase(more));
    }
    Ok(Value::Lines(lines))
}
