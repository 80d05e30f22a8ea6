//! Proves a package on this machine: `installed-package FIRST.deb NEXT.deb` installs, uses, upgrades and purges it.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let packages: Vec<_> = std::env::args_os().skip(1).collect();
    let [first, next] = packages.as_slice() else {
        eprintln!("usage: installed-package FIRST.deb NEXT.deb");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let proof = Box::pin(privicore_tests::installed::lives(
        first.as_ref(),
        next.as_ref(),
    ));
    match runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(proof))
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
    eprintln!("error: Debian packages are installed on Debian only");
    ExitCode::FAILURE
}
