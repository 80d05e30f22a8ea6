//! One row of the table.

use serde::Serialize;

use crate::measure::Measured;

pub(crate) const MIB: u64 = 1024 * 1024;

/// Which way the bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Direction {
    Up,
    Down,
    /// No bytes go anywhere.
    Open,
}

/// One contestant in one scene: medians, and the highest peak.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) scene: String,
    pub(crate) contestant: String,
    pub(crate) way: Direction,
    bytes: u64,
    files: usize,
    pub(crate) seconds: f64,
    pub(crate) cpu_seconds: f64,
    peak_kib: u64,
    idle_kib: u64,
    runs: Vec<Measured>,
}

impl Row {
    pub(crate) fn new(scene: &str, contestant: &str, way: Direction, runs: Vec<Measured>) -> Self {
        let highest = runs.iter().max_by_key(|run| run.peak_kib);
        Self {
            scene: scene.to_owned(),
            contestant: contestant.to_owned(),
            way,
            bytes: highest.map_or(0, |run| run.bytes),
            files: 1,
            seconds: median(runs.iter().map(|run| run.seconds).collect()),
            cpu_seconds: median(runs.iter().map(|run| run.cpu_seconds).collect()),
            peak_kib: highest.map_or(0, |run| run.peak_kib),
            idle_kib: highest.map_or(0, |run| run.idle_kib),
            runs,
        }
    }

    /// The bytes were in so many files.
    pub(crate) fn in_files(self, files: usize) -> Self {
        Self { files, ..self }
    }

    pub(crate) fn above_idle_mib(&self) -> f64 {
        as_float(self.peak_kib.saturating_sub(self.idle_kib)) / 1024.0
    }

    pub(crate) fn files_per_second(&self) -> f64 {
        as_float(self.files as u64) / self.seconds
    }

    fn size(&self) -> String {
        match (self.files, self.bytes) {
            (1, 0) => "–".into(),
            (1, bytes) => format!("{} MiB", bytes / MIB),
            (files, 0) => format!("{files} files"),
            (files, bytes) => format!("{files} × {} KiB", bytes / files as u64 / 1024),
        }
    }

    /// Megabytes or small files a second.
    fn speed(&self) -> String {
        if (self.files, self.bytes) == (1, 0) {
            "–".into()
        } else if self.files == 1 {
            format!("{:.0} MB", as_float(self.bytes) / self.seconds / 1e6)
        } else {
            format!("{:.0} files", self.files_per_second())
        }
    }

    pub(crate) fn cells(&self) -> [String; 8] {
        [
            self.scene.clone(),
            match self.way {
                Direction::Up => "up".into(),
                Direction::Down => "down".into(),
                Direction::Open => "open".into(),
            },
            self.contestant.clone(),
            self.size(),
            format!("{:.3}", self.seconds),
            self.speed(),
            format!("{:.2}", self.cpu_seconds),
            match self.idle_kib {
                0 => format!("{:.0}", as_float(self.peak_kib) / 1024.0),
                idle => format!(
                    "{:.0} + {:.0}",
                    as_float(idle) / 1024.0,
                    self.above_idle_mib()
                ),
            },
        ]
    }
}

pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => figures[middle],
        _ => f64::midpoint(figures[middle - 1], figures[middle]),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "figures for people; none has more than 52 bits"
)]
pub(crate) fn as_float(figure: u64) -> f64 {
    figure as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!((median(vec![4.0, 1.0]) - 2.5).abs() < 1e-9);
    }
}
