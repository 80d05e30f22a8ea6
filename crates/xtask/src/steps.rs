//! Commands run one after another, each named and timed.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::tally::Tally;

/// What has been run so far: how long each step took, which failed, how many tests ran.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, Duration)>,
    failed: Vec<String>,
    tally: Tally,
}

impl Steps {
    /// Runs a command which what follows depends on.
    ///
    /// # Errors
    /// When it cannot be started or fails.
    pub(crate) fn need(&mut self, name: &str, command: Command) -> Outcome {
        let passed = self.timed(name, command, |command, _| Ok(command.status()?.success()))?;
        if passed {
            Ok(())
        } else {
            Err(format!("{name} failed").into())
        }
    }

    /// Runs a command whose failure is reported at the end, so that one run shows everything that is wrong.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(crate) fn check(&mut self, name: &str, command: Command) -> Outcome {
        let passed = self.timed(name, command, |command, _| Ok(command.status()?.success()))?;
        self.note(name, passed);
        Ok(())
    }

    /// Like [`Steps::check`], and counts the tests its standard output speaks of.
    ///
    /// # Errors
    /// When it cannot be started or its output cannot be read.
    pub(crate) fn tests(&mut self, name: &str, command: Command) -> Outcome {
        let passed = self.timed(name, command, watch)?;
        self.note(name, passed);
        Ok(())
    }

    /// Whether nothing has failed so far.
    pub(crate) fn all_passed(&self) -> bool {
        self.failed.is_empty() && self.tally.failed == 0
    }

    /// Prints the timings, what failed and, as the last line, the counts; answers how to exit.
    pub(crate) fn finish(self) -> ExitCode {
        println!();
        for (name, took) in &self.done {
            let mark = if self.failed.contains(name) {
                "FAILED"
            } else {
                ""
            };
            println!("{:>8.1} s  {name}  {mark}", took.as_secs_f64());
        }
        if !self.failed.is_empty() {
            println!("failed: {}", self.failed.join(", "));
        }
        println!("{}", self.tally);
        if self.all_passed() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn timed(
        &mut self,
        name: &str,
        mut command: Command,
        play: impl FnOnce(&mut Command, &mut Tally) -> Outcome<bool>,
    ) -> Outcome<bool> {
        println!("\n── {name}");
        let start = Instant::now();
        let passed = play(&mut command, &mut self.tally)
            .map_err(|error| cannot_run(name, &command, &*error))?;
        self.done.push((name.to_owned(), start.elapsed()));
        Ok(passed)
    }

    fn note(&mut self, name: &str, passed: bool) {
        if !passed {
            self.failed.push(name.to_owned());
        }
    }
}

/// Passes a command's output on line by line and counts the tests in it.
fn watch(command: &mut Command, tally: &mut Tally) -> Outcome<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().ok_or("no output to read")?;
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        tally.read(&text);
        line.clear();
    }
    Ok(child.wait()?.success())
}

fn cannot_run(name: &str, command: &Command, error: &dyn std::error::Error) -> String {
    format!(
        "{name}: cannot run {}: {error}",
        command.get_program().to_string_lossy()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::cargo;

    fn good() -> Command {
        cargo(&["--version"])
    }

    fn bad() -> Command {
        cargo(&["no-such-command"])
    }

    #[test]
    fn all_is_well_when_every_step_passed() {
        let mut steps = Steps::default();
        steps.need("first", good()).unwrap();
        steps.check("second", good()).unwrap();
        steps.tests("third", good()).unwrap();
        assert_eq!(steps.finish(), ExitCode::SUCCESS);
    }

    #[test]
    fn a_failed_check_lets_the_others_run_and_fails_the_whole() {
        let mut steps = Steps::default();
        steps.check("first", bad()).unwrap();
        steps.tests("second", good()).unwrap();
        assert_eq!(steps.failed, ["first"]);
        assert_eq!(steps.finish(), ExitCode::FAILURE);
    }

    #[test]
    fn tests_that_cannot_be_counted_still_fail_the_whole() {
        let mut steps = Steps::default();
        steps.tests("tests", bad()).unwrap();
        assert_eq!(steps.tally, Tally::default());
        assert_eq!(steps.finish(), ExitCode::FAILURE);
    }

    #[test]
    fn what_others_depend_on_stops_at_once() {
        assert!(Steps::default().need("build", bad()).is_err());
    }
}
