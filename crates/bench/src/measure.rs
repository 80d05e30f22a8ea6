//! What a transfer costs the process it runs in: wall time, CPU time, memory. Reads `/proc`, so Linux only.

use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// The cost of one transfer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// Wall time.
    pub(crate) seconds: f64,
    /// CPU time of all threads, in user and kernel mode.
    pub(crate) cpu_seconds: f64,
    /// The most memory that was resident while it ran.
    pub(crate) peak_kib: u64,
    /// What was resident before; nothing for a program that only transfers.
    pub(crate) idle_kib: u64,
    /// Plaintext bytes.
    pub(crate) bytes: u64,
    /// What a later command needs to fetch them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
}

impl Measured {
    pub(crate) fn with_token(self, token: String) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }
}

/// Measures from [`Meter::start`] to [`Meter::stop`].
pub(crate) struct Meter {
    idle_kib: u64,
    cpu: Duration,
    began: Instant,
}

impl Meter {
    /// Resets the peak (unlocking a key file takes 256 MiB for a moment).
    pub(crate) fn start() -> Result<Self> {
        fs::write("/proc/self/clear_refs", "5").context("the peak cannot be reset")?;
        Ok(Self {
            idle_kib: status_kib("VmRSS")?,
            cpu: cpu_time(),
            began: Instant::now(),
        })
    }

    pub(crate) fn stop(self, bytes: u64) -> Result<Measured> {
        let seconds = self.began.elapsed().as_secs_f64();
        Ok(Measured {
            seconds,
            cpu_seconds: cpu_time().saturating_sub(self.cpu).as_secs_f64(),
            peak_kib: status_kib("VmHWM")?,
            idle_kib: self.idle_kib,
            bytes,
            token: None,
        })
    }
}

/// One JSON line for the command that started this process.
pub(crate) fn print(measured: Result<Measured>) -> Result<()> {
    let line = serde_json::to_string(&measured?)?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}

fn status_kib(field: &str) -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    field_kib(&status, field).with_context(|| format!("/proc/self/status has no {field}"))
}

fn field_kib(status: &str, field: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kib = line.strip_prefix(':')?.trim().strip_suffix("kB")?;
    kib.trim().parse().ok()
}

#[cfg(unix)]
fn cpu_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(not(unix))]
fn cpu_time() -> Duration {
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_field_of_the_status() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t     512 kB\n";
        assert_eq!(field_kib(status, "VmHWM"), Some(2048));
        assert_eq!(field_kib(status, "VmPeak"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn sees_the_peak_between_start_and_stop() {
        let meter = Meter::start().unwrap();
        let taken = vec![1_u8; 64 << 20];
        drop(std::hint::black_box(taken));
        let measured = meter.stop(1).unwrap();
        assert!(measured.peak_kib > measured.idle_kib + (60 << 10));
        assert!(measured.cpu_seconds > 0.0);
    }
}
