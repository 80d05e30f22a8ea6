//! `cargo xtask bundle`: packages for Debian and for systems with rpm, and what checks them.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::cargo;
use crate::machine::tools::program;
use crate::machine::{packages, setup};
use crate::steps::Steps;
use crate::{Outcome, page, places};

/// The packages of our own that are shipped, each a program.
const PROGRAMS: [&str; 3] = ["privicore-desktop", "privicore-cli", "privicore-sandbox"];

/// Completions, by the shell and the name that it looks for.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "privicore"),
    ("zsh", "_privicore"),
    ("fish", "privicore.fish"),
];

/// Builds the packages into target/bundle/ and checks them; with `--prove` the deb is lived with, too.
///
/// # Errors
/// When something is missing, does not build, or is refused by a check.
pub(crate) fn bundle(flags: &[String]) -> Outcome {
    let proves = match flags {
        [] => false,
        [flag] if flag == "--prove" => true,
        [extra, ..] => return Err(format!("unexpected argument: {extra}").into()),
    };
    if !cfg!(target_os = "linux") {
        return Err(
            "packages are made on Linux only, the release workflow makes the others".into(),
        );
    }
    setup::for_building()?;
    packages::provide(packages::BUNDLE)?;
    let mut steps = Steps::default();
    page::build(&mut steps)?;
    build(&mut steps)?;
    let stage = stage(&mut steps)?;
    let deb = deb(&mut steps)?;
    for package in [&deb, &rpm(&mut steps)?] {
        println!("  {}", package.display());
    }
    if proves {
        prove(&mut steps, &deb)?;
    }
    fs::remove_dir_all(stage)?;
    Ok(())
}

/// Installs the package from a repository on this disk, uses it, upgrades it to a next one, and purges it.
fn prove(steps: &mut Steps, package: &Path) -> Outcome {
    setup::for_testing()?;
    packages::provide(packages::PROOF)?;
    let next = folder().join("next.deb");
    let mut again = make_deb(steps, &next)?;
    again.args(["--deb-revision", "2"]);
    steps.need("the next deb", again)?;
    steps.need(
        "build the proof",
        cargo(&["build", "--workspace", "--bins"]),
    )?;
    let mut proof = Command::new(places::binary("installed-package")?);
    proof.arg(package).arg(&next);
    steps.need("install, use, upgrade and purge", proof)?;
    fs::remove_file(next)?;
    Ok(())
}

/// The programs as they are shipped. A time of the sources, not of the build, goes into them, and no path of this
/// machine: built twice they are equal.
fn build(steps: &mut Steps) -> Outcome {
    let mut build = cargo(&["build", "--release", "--locked"]);
    for package in PROGRAMS {
        build.args(["--package", package]);
    }
    steps.need("build", build)
}

/// Makes what the programs tell of themselves: manual pages, completions, and what they are built of.
fn stage(steps: &mut Steps) -> Outcome<PathBuf> {
    let stage = folder().join("stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    fs::create_dir_all(stage.join("man"))?;
    let privicore = release("privicore")?;
    let mut manual = Command::new(&privicore);
    manual.arg("man").arg(stage.join("man"));
    steps.need("manual pages", manual)?;
    for (shell, name) in COMPLETIONS {
        let mut completions = Command::new(&privicore);
        completions.args(["completions", shell]);
        completions.stdout(File::create(stage.join(name))?);
        steps.need(&format!("completions of {shell}"), completions)?;
    }
    let mut parts = Command::new(program(steps, "cargo-sbom")?);
    parts.args(["--cargo-package", PROGRAMS[0]]);
    parts.args(["--output-format", "cyclone_dx_json_1_6"]);
    parts.current_dir(places::root());
    parts.stdout(File::create(stage.join("privicore-desktop.cdx.json"))?);
    steps.need("list of parts", parts)?;
    Ok(stage)
}

fn make_deb(steps: &mut Steps, output: &Path) -> Outcome<Command> {
    let mut deb = Command::new(program(steps, "cargo-deb")?);
    deb.args(["--package", PROGRAMS[0], "--no-build", "--locked"]);
    deb.arg("--output").arg(output);
    deb.env("SOURCE_DATE_EPOCH", source_time()?);
    deb.current_dir(places::root());
    Ok(deb)
}

fn deb(steps: &mut Steps) -> Outcome<PathBuf> {
    let deb = make_deb(steps, &folder())?;
    steps.need("deb", deb)?;
    let package = newest("deb")?;
    let shared = places::root().join("packaging/linux");
    let mut entry = Command::new("desktop-file-validate");
    entry.arg(shared.join("com.privicore.desktop.desktop"));
    steps.need("check the menu entry", entry)?;
    let mut metainfo = Command::new("appstreamcli");
    metainfo.args(["validate", "--no-net"]);
    metainfo.arg(shared.join("com.privicore.desktop.metainfo.xml"));
    steps.need("check the metainfo", metainfo)?;
    let mut lintian = Command::new("lintian");
    lintian.args(["--fail-on", "error,warning", "--allow-root"]);
    // It is not for Debian's archive, which wants every first upload to close a report.
    lintian.args(["--suppress-tags", "initial-upload-closes-no-bugs"]);
    steps.need("check the deb", with(lintian, &package))?;
    Ok(package)
}

fn rpm(steps: &mut Steps) -> Outcome<PathBuf> {
    let mut rpm = Command::new(program(steps, "cargo-generate-rpm")?);
    rpm.args(["--package", "src-tauri", "--output"]);
    rpm.arg(folder()).env("SOURCE_DATE_EPOCH", source_time()?);
    rpm.current_dir(places::root());
    steps.need("rpm", rpm)?;
    let package = newest("rpm")?;
    let mut query = Command::new("rpm");
    query.args(["--query", "--package", "--info", "--requires"]);
    steps.need("read the rpm", with(query, &package))?;
    Ok(package)
}

fn with(mut command: Command, package: &Path) -> Command {
    command.arg(package);
    command
}

/// When the sources were changed last: what packages give as the time of their files.
fn source_time() -> Outcome<String> {
    let mut git = Command::new("git");
    git.args(["log", "-1", "--format=%ct"]);
    let answer = git.current_dir(places::root()).output()?;
    Ok(String::from_utf8(answer.stdout)?.trim().to_owned())
}

fn folder() -> PathBuf {
    places::results().join("bundle")
}

fn release(name: &str) -> Outcome<PathBuf> {
    Ok(places::binaries()?.with_file_name("release").join(name))
}

fn newest(ending: &str) -> Outcome<PathBuf> {
    let mut packages: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new(ending)) {
            packages.push(path);
        }
    }
    packages.sort_by_key(|path| path.metadata().and_then(|data| data.modified()).ok());
    packages
        .pop()
        .ok_or_else(|| format!("no {ending} was made").into())
}
