//! `cargo xtask`: run, test and check the project with nothing installed beyond cargo.
//!
//! What else is needed (Debian packages, Node modules) is found and brought in by the commands themselves.

mod bench;
mod bindings;
mod bundle;
mod cargo;
mod check;
mod deny;
mod machine;
mod page;
mod places;
mod run;
mod soak;
mod steps;
mod tally;
mod test;

use std::process::ExitCode;

/// Why a command stopped; printed once, as the last line on stderr.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const HELP: &str = "\
cargo xtask <command>

  run      build the app and open it; without a display, play the main job through the real window
           on a virtual one and leave screenshots and report.md in target/run/
  test     everything: format, lints, the page's tests, all Rust tests, the real window; --long also runs the tests
           that take minutes, such as a list of 100,000 files in the real window
  check    what is quick: format, lints, the page's tests if it has changed, unit tests, a few from outside
  bench    speed and memory next to other tools, as one table; --quick for a short one, --full for 8 GiB too,
           --record to append the table to docs/performance.md
  bindings write ui/src/bindings.ts and ui/tests/catalog.json from the shell's commands and events
  setup    only bring in what run and test need (they do it themselves)
  soak     store and fetch 2,000 files while the service keeps failing; --minutes N goes on for so long and
           looks at the memory
  bundle   make packages (deb, rpm) in target/bundle/ and check them; --prove also installs the deb from a repository on
           this disk, does the main job from the menu, upgrades and purges it (as root)
  deny     check licences, bans and sources of all dependencies (installs cargo-deny once)
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next();
    let flags: Vec<String> = arguments.collect();
    let takes_flags = matches!(
        command.as_deref(),
        Some("bench" | "bundle" | "soak" | "test")
    );
    if let (Some(extra), false) = (flags.first(), takes_flags) {
        return refuse(&format!("unexpected argument: {extra}"));
    }
    let outcome = match command.as_deref() {
        Some("run") => run::run().map(|()| ExitCode::SUCCESS),
        Some("test") => test::test(&flags),
        Some("check") => check::check(),
        Some("bench") => bench::bench(&flags).map(|()| ExitCode::SUCCESS),
        Some("bindings") => bindings::bindings().map(|()| ExitCode::SUCCESS),
        Some("setup") => machine::setup::everything().map(|()| ExitCode::SUCCESS),
        Some("soak") => soak::soak(&flags).map(|()| ExitCode::SUCCESS),
        Some("bundle") => bundle::bundle(&flags).map(|()| ExitCode::SUCCESS),
        Some("deny") => deny::deny().map(|()| ExitCode::SUCCESS),
        None | Some("--help" | "-h" | "help") => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => return refuse(&format!("unknown command: {other}")),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn refuse(what: &str) -> ExitCode {
    eprintln!("error: {what}\n\n{HELP}");
    ExitCode::from(2)
}
