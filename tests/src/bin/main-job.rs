//! Plays the main job through the real window on a virtual display: `main-job FOLDER` leaves pictures and report.md
//! there.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use privicore_tests::{main_job::main_job, wait::within};
    use std::time::Duration;

    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: main-job FOLDER");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let job = Box::pin(main_job(folder.as_ref()));
    let playing = async { within("the main job", Duration::from_mins(5), job).await? };
    match runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(playing))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("error: virtual displays are made on Linux only");
    ExitCode::FAILURE
}
