//! Packages of the operating system: which are needed, which are missing, how they are installed.

use std::process::Command;

use crate::Outcome;

/// Needed to build the app.
pub(crate) const BUILD: &[&str] = &["libwebkit2gtk-4.1-dev"];

/// Needed to drive the real window on a virtual display, and to compare with other tools.
pub(crate) const TEST: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "gnome-keyring",
    "xdotool",
    "imagemagick",
    "openbox",
    "xclip",
    "python3-gi",
    "gir1.2-gtk-3.0",
    "age",
    "openssh-client",
    "strace",
    "time",
];

/// Needed to make packages and to check them.
pub(crate) const BUNDLE: &[&str] = &["lintian", "desktop-file-utils", "appstream", "rpm"];

/// Needed to install a package from a repository on the disk, and to start it from the menu.
pub(crate) const PROOF: &[&str] = &["apt-utils", "libgtk-3-bin"];

/// Brings in what is missing of `wanted`.
///
/// # Errors
/// When something is missing and may not be installed from here; the message holds the command to run.
pub(crate) fn provide(wanted: &[&str]) -> Outcome {
    if !cfg!(target_os = "linux") {
        println!("{}", elsewhere());
        return Ok(());
    }
    if !answers("dpkg-query", &["--version"]) {
        println!(
            "Not a Debian system: please see that these are installed: {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    install(&missing)
}

/// What a person has to see to where packages are not installed from here.
fn elsewhere() -> &'static str {
    if cfg!(target_os = "macos") {
        "On macOS the Xcode command line tools are needed (xcode-select --install)."
    } else {
        "On Windows the Visual Studio C++ build tools and the WebView2 runtime are needed (Windows 11 has the latter)."
    }
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .output()
        .is_ok_and(|answer| answer.status.success() && answer.stdout == b"installed")
}

fn install(missing: &[&str]) -> Outcome {
    println!("Installing Debian packages: {}", missing.join(" "));
    let prefix: &[&str] = match () {
        () if is_root() => &[],
        () if answers("sudo", &["--non-interactive", "true"]) => &["sudo", "--non-interactive"],
        () => return Err(by_hand(missing).into()),
    };
    apt(prefix, &["update", "--quiet"])?;
    let options = ["install", "--quiet", "--yes", "--no-install-recommends"];
    apt(prefix, &[&options, missing].concat())
}

fn by_hand(missing: &[&str]) -> String {
    let missing = missing.join(" ");
    format!(
        "packages are missing and this account may not install them. Run:\n  \
         sudo apt-get update && sudo apt-get install --yes --no-install-recommends {missing}"
    )
}

fn apt(prefix: &[&str], arguments: &[&str]) -> Outcome {
    let front = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    let words = [prefix, &front, arguments].concat();
    let status = Command::new(words[0]).args(&words[1..]).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("apt-get {} failed", arguments[0]).into())
    }
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

fn answers(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .output()
        .is_ok_and(|answer| answer.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_to_run_by_hand_names_every_missing_package() {
        let text = by_hand(&["xvfb", "age"]);
        assert!(text.ends_with("--no-install-recommends xvfb age"), "{text}");
    }

    #[test]
    fn a_package_that_does_not_exist_is_not_installed() {
        assert!(!is_installed("no-such-package-privicore"));
    }
}
