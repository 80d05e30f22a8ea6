//! Other tools, as a person would type them; every program of a pipeline under `time`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use crate::measure::Measured;

/// Runs `script` and measures it. `$timed` stands before every program that counts; CPU time and peak memory of all of
/// them are added up.
pub(crate) fn measure(script: &str, settings: &[(&str, &str)], times: &Path) -> Result<Measured> {
    fs::write(times, "")?;
    let mut command = Command::new("sh");
    command.arg("-ec").arg(script);
    command.envs(settings.iter().copied());
    command.env(
        "timed",
        format!(
            "/usr/bin/time --format=%U:%S:%M --append --output={}",
            times.display()
        ),
    );
    let began = Instant::now();
    let output = command.output()?;
    let seconds = began.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "failed: {script}\n{}",
        said.trim_end()
    );
    let (cpu_seconds, peak_kib) = sum(&fs::read_to_string(times)?)
        .with_context(|| format!("a program failed: {script}\n{}", said.trim_end()))?;
    Ok(Measured {
        seconds,
        cpu_seconds,
        peak_kib,
        idle_kib: 0,
        bytes: 0,
        token: None,
    })
}

/// `time` writes a line of words when a program fails: it makes the whole unreadable, which is what it should.
fn sum(times: &str) -> Option<(f64, u64)> {
    let mut cpu_seconds = 0.0;
    let mut peak_kib = 0;
    for line in times.lines() {
        let mut fields = line.split(':');
        let mut next = || fields.next();
        cpu_seconds += next()?.parse::<f64>().ok()? + next()?.parse::<f64>().ok()?;
        peak_kib += next()?.parse::<u64>().ok()?;
    }
    (peak_kib > 0).then_some((cpu_seconds, peak_kib))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_the_programs_of_a_pipeline() {
        assert_eq!(sum("1.5:0.5:100\n0.25:0.25:11\n"), Some((2.5, 111)));
    }

    #[test]
    fn a_program_that_failed_has_no_figures() {
        let times = "Command exited with non-zero status 1\n0.00:0.00:100\n";
        assert_eq!(sum(times), None);
    }
}
