//! Tests counted from what cargo's and vitest's runners print.

use std::fmt;

/// How many tests passed, failed and were left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) ignored: u32,
}

impl Tally {
    /// Adds what a line of a test runner's output says; other lines say nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let line = line.trim();
        let Some(counts) = cargo_counts(line).or_else(|| vitest_counts(line)) else {
            return;
        };
        for part in counts.split([';', '|', '(', '.']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(what)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u32>() else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" | "skipped" | "todo" => self.ignored += number,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; …`
fn cargo_counts(line: &str) -> Option<&str> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    Some(counts)
}

/// `Tests  1 failed | 11 passed (12)`
fn vitest_counts(line: &str) -> Option<&str> {
    line.strip_prefix("Tests ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        for line in lines {
            tally.read(line);
        }
        tally
    }

    #[test]
    fn adds_the_counts_of_all_cargo_runs() {
        let tally = read(&[
            "test rejects_a_cut ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ]);
        assert_eq!(
            tally,
            Tally {
                passed: 7,
                failed: 2,
                ignored: 1
            }
        );
    }

    #[test]
    fn adds_the_counts_of_vitest() {
        let tally = read(&[
            " Test Files  3 passed (3)",
            "      Tests  1 failed | 11 passed | 2 skipped (14)",
        ]);
        assert_eq!(
            tally,
            Tally {
                passed: 11,
                failed: 1,
                ignored: 2
            }
        );
    }

    #[test]
    fn says_passed_and_failed_even_when_there_are_none() {
        assert_eq!(Tally::default().to_string(), "0 passed, 0 failed");
    }
}
