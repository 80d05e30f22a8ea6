//! What we want to reach, and whether it was.

use serde::Serialize;

use crate::run::contestant::Contestant;
use crate::run::row::{Direction, Row};

/// Whether more or less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Bound {
    AtLeast,
    AtMost,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    bound: Bound,
    wanted: f64,
    unit: &'static str,
    /// Nothing when it was not measured.
    measured: Option<f64>,
}

impl Goal {
    pub(crate) fn wanted(&self) -> String {
        let sign = match self.bound {
            Bound::AtLeast => "≥",
            Bound::AtMost => "≤",
        };
        format!("{sign} {}{}", self.wanted, self.unit)
    }

    pub(crate) fn measured(&self) -> String {
        match self.measured {
            Some(measured) if measured >= 100.0 => format!("{measured:.0}{}", self.unit),
            Some(measured) => format!("{measured:.2}{}", self.unit),
            None => "–".into(),
        }
    }

    pub(crate) fn verdict(&self) -> &'static str {
        let met = self.measured.map(|measured| match self.bound {
            Bound::AtLeast => measured >= self.wanted,
            Bound::AtMost => measured <= self.wanted,
        });
        match met {
            Some(true) => "met",
            Some(false) => "not met",
            None => "not measured",
        }
    }
}

const DISCARDED: &str = "HTTP, discarded";
const FROM_MEMORY: &str = "HTTP, from memory";

/// All of them, against what was measured.
pub(crate) fn goals(rows: &[Row]) -> Vec<Goal> {
    use Bound::{AtLeast, AtMost};
    use Contestant::{Age, Curl, Plain, Rclone, Vault};
    let goal = |what, bound, wanted, unit, measured| Goal {
        what,
        bound,
        wanted,
        unit,
        measured,
    };
    let find = |scene: &str, contestant: Contestant, way| {
        rows.iter()
            .find(|row| row.scene == scene && row.contestant == contestant.name() && row.way == way)
    };
    let faster = |scene: &str, way, than: (&str, Contestant)| {
        let (ours, other) = (find(scene, Vault, way)?, find(than.0, than.1, way)?);
        Some(other.seconds / ours.seconds)
    };
    let up = |than| faster(DISCARDED, Direction::Up, (DISCARDED, than));
    let down = |than| faster(FROM_MEMORY, Direction::Down, (FROM_MEMORY, than));
    let cpu = || {
        let ours = find(DISCARDED, Vault, Direction::Up)?;
        Some(ours.cpu_seconds / find(DISCARDED, Plain, Direction::Up)?.cpu_seconds)
    };
    let encrypted_up = faster("HTTPS, discarded", Direction::Up, (DISCARDED, Vault));
    let encrypted_down = faster("HTTPS, from memory", Direction::Down, (FROM_MEMORY, Vault));
    let small = rows
        .iter()
        .find(|row| row.scene == "small files" && row.contestant == "8 in flight");
    vec![
        goal("upload, to unsealed", AtLeast, 0.8, "", up(Plain)),
        goal("upload, to age and curl", AtLeast, 3.0, "", up(Age)),
        goal("upload, to rclone crypt", AtLeast, 5.0, "", up(Rclone)),
        goal("download, to curl and sync", AtLeast, 0.8, "", down(Curl)),
        goal("download, to curl and age", AtLeast, 2.0, "", down(Age)),
        goal("download, to rclone crypt", AtLeast, 2.0, "", down(Rclone)),
        goal("CPU of an upload, to unsealed", AtMost, 2.0, "", cpu()),
        goal("upload, HTTPS to HTTP", AtLeast, 0.6, "", encrypted_up),
        goal("download, HTTPS to HTTP", AtLeast, 0.6, "", encrypted_down),
        goal(
            "small files a second, 8 in flight",
            AtLeast,
            500.0,
            "",
            small.map(Row::files_per_second),
        ),
        goal(
            "memory above idle, any size",
            AtMost,
            64.0,
            " MiB",
            above_idle(rows).map(|(_, most)| most),
        ),
        goal(
            "memory between sizes, ±",
            AtMost,
            8.0,
            " MiB",
            above_idle(rows).map(|(least, most)| (most - least) / 2.0),
        ),
    ]
}

/// The least and the most, in MiB, that a transfer of any size took above what was there before.
fn above_idle(rows: &[Row]) -> Option<(f64, f64)> {
    let sizes = rows.iter().filter(|row| row.scene == "memory by size");
    sizes
        .map(Row::above_idle_mib)
        .fold(None, |range, mib| match range {
            None => Some((mib, mib)),
            Some((least, most)) => Some((f64::min(least, mib), f64::max(most, mib))),
        })
}
