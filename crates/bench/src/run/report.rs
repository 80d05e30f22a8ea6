//! The table, for people and for machines.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::run::goals::{Goal, goals};
use crate::run::machine::Machine;
use crate::run::row::{MIB, Row};

/// One run of everything.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    machine: Machine,
    size_bytes: u64,
    repetitions: usize,
    goals: Vec<Goal>,
    rows: Vec<Row>,
}

impl Report {
    pub(crate) fn new(
        machine: Machine,
        size_bytes: u64,
        repetitions: usize,
        rows: Vec<Row>,
    ) -> Self {
        Self {
            machine,
            size_bytes,
            repetitions,
            goals: goals(&rows),
            rows,
        }
    }

    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write_json(&self, dir: &Path) -> Result<PathBuf> {
        let name = self.machine.date.replace([' ', ':'], "-");
        let path = dir.join(format!("{name}.json"));
        fs::write(&path, serde_json::to_vec_pretty(self)?)?;
        Ok(path)
    }

    /// # Errors
    /// When the file is not there or cannot be written.
    pub(crate) fn append_to(&self, record: &Path) -> Result<()> {
        let mut file = fs::File::options()
            .append(true)
            .open(record)
            .with_context(|| format!("cannot append to {}", record.display()))?;
        let machine = &self.machine;
        writeln!(
            file,
            "\n### {} at {}\n\n{self}",
            machine.date, machine.commit
        )?;
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let machine = &self.machine;
        writeln!(
            f,
            "{}, {} cores, {} GiB, {}; {}; {} MiB, median of {}; load before {:.1}.\n",
            machine.processor,
            machine.cores,
            machine.memory_gib,
            machine.system,
            machine.tools,
            self.size_bytes / MIB,
            self.repetitions,
            machine.load,
        )?;
        let goals = self.goals.iter().map(|goal| {
            [
                goal.what.to_owned(),
                goal.wanted(),
                goal.measured(),
                goal.verdict().to_owned(),
            ]
        });
        table(f, ["goal", "wanted", "measured", ""], goals)?;
        writeln!(f)?;
        let head = [
            "service",
            "way",
            "contestant",
            "size",
            "seconds",
            "a second",
            "CPU s",
            "memory MiB",
        ];
        table(f, head, self.rows.iter().map(Row::cells))
    }
}

/// A table that reads well as text and as Markdown.
fn table<const N: usize>(
    f: &mut fmt::Formatter<'_>,
    head: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> fmt::Result {
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned))
        .chain(rows)
        .collect();
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default().max(3)
    });
    for (number, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            write!(f, "| {cell:<width$} ")?;
        }
        writeln!(f, "|")?;
        if number == 0 {
            for width in widths {
                write!(f, "| {:-<width$} ", "")?;
            }
            writeln!(f, "|")?;
        }
    }
    Ok(())
}
