//! Nobody drives the page from outside.
//!
//! A web view takes orders from whoever named a port or a debugger in its environment before the start: another program
//! of the same user could read names off the page and press its buttons. A variable cannot be taken back in a running
//! process without unsafe code, and libraries have read some of them before `main`, so the program starts itself anew
//! without them. Builds for tests and measurements (those with debug assertions, and those with the feature
//! `automation`) let `WebDriver` drive them when they are asked to, and take no other orders either.
//!
//! What the linker, the C library and the drivers of graphics and sound read (`LD_PRELOAD`, `LIBGL_DRIVERS_PATH`) is
//! not among them: the first has run by then, and who can set them can start any program.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

/// What lets `WebDriver` in; the first is what is looked at, the second what was in earlier versions.
const WEBDRIVER: [&str; 2] = ["TAURI_WEBVIEW_AUTOMATION", "TAURI_AUTOMATION"];

/// `WebDriver` reaches a `WebKitGTK` page through this port.
const WEBDRIVER_PORT: &str = "WEBKIT_INSPECTOR_SERVER";

/// What opens an inspector, or takes the walls around the page's process away.
const INSPECTORS: [&str; 2] = ["GTK_DEBUG", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"];

/// Whole families, by what a name begins with and what is in it after that: ports of `WebKit`'s inspectors; what
/// `WebView2` passes on to its browser or takes in its place; and where GTK, GIO, its picture loaders, `WebKit` and
/// `GStreamer` find modules, programs and the lists of both.
const FAMILIES: [(&str, &str); 11] = [
    ("WEBKIT_INSPECTOR_", ""),
    ("WEBVIEW2_", ""),
    ("GTK", "MODULE"),
    ("GTK", "_PATH"),
    ("GTK", "_PREFIX"),
    ("GIO_", "MODULE"),
    ("GDK_PIXBUF_MODULE", ""),
    ("WEBKIT_", "_PATH"),
    ("WEBKIT_", "_PREFIX"),
    ("GST_PLUGIN_", ""),
    ("GST_REGISTRY", ""),
];

/// Of the families, but harmless: it names one of the system's own input methods, which some people cannot type
/// without.
const INPUT_METHOD: &str = "GTK_IM_MODULE";

/// Whether this build may be driven when it is asked to.
const MAY_BE_DRIVEN: bool = cfg!(any(debug_assertions, feature = "automation"));

/// Starts the program anew without what lets others drive it, if there is any; answers how that ended.
pub(crate) fn refuse() -> Option<ExitCode> {
    let names: Vec<OsString> = env::vars_os().map(|(name, _)| name).collect();
    let refused = refused(&names, MAY_BE_DRIVEN);
    if refused.is_empty() {
        return None;
    }
    Some(match env::current_exe() {
        Ok(program) => replace_with(anew(&program, env::args_os().skip(1), &refused)),
        Err(error) => failed(&error),
    })
}

/// The variables that must not be there.
fn refused(names: &[OsString], may_be_driven: bool) -> Vec<OsString> {
    let is_asked = names.iter().any(|name| is(name, WEBDRIVER[0]));
    let is_driven = may_be_driven && is_asked;
    let is_kept = |name: &OsStr| {
        is_driven
            && (is(name, WEBDRIVER_PORT) || WEBDRIVER.iter().any(|webdriver| is(name, webdriver)))
    };
    names
        .iter()
        .filter(|name| lets_others_in(name) && !is_kept(name))
        .cloned()
        .collect()
}

fn lets_others_in(name: &OsStr) -> bool {
    let upper = name.to_string_lossy().to_uppercase();
    let is_in = |(begin, part): &(&str, &str)| {
        let rest = upper.strip_prefix(begin);
        rest.is_some_and(|rest| rest.contains(part))
    };
    let mut named = WEBDRIVER.iter().chain(&INSPECTORS);
    named.any(|each| is(name, each)) || (FAMILIES.iter().any(is_in) && !is(name, INPUT_METHOD))
}

/// Windows does not tell cases apart.
fn is(name: &OsStr, known: &str) -> bool {
    name.eq_ignore_ascii_case(known)
}

/// The same program with the same arguments, and nothing that lets others drive it.
fn anew(
    program: &Path,
    arguments: impl Iterator<Item = OsString>,
    refused: &[OsString],
) -> Command {
    let mut anew = Command::new(program);
    anew.args(arguments);
    for name in refused {
        anew.env_remove(name);
    }
    anew
}

#[cfg(unix)]
fn replace_with(mut program: Command) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    failed(&program.exec())
}

#[cfg(not(unix))]
fn replace_with(mut program: Command) -> ExitCode {
    match program.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => failed(&error),
    }
}

fn failed(error: &io::Error) -> ExitCode {
    eprintln!("Privicore cannot start without automation: {error}.");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<OsString> {
        names.iter().map(Into::into).collect()
    }

    #[test]
    fn the_program_is_started_anew_without_what_asks_for_automation() {
        let refused = names(&["TAURI_WEBVIEW_AUTOMATION", "WEBVIEW2_CHANNEL_SEARCH_KIND"]);
        let arguments = ["kept".into()].into_iter();
        let program = anew(Path::new("privicore-desktop"), arguments, &refused);
        let changed: Vec<_> = program.get_envs().collect();
        for name in &refused {
            assert!(changed.contains(&(name.as_ref(), None)), "{name:?}");
        }
        assert!(program.get_args().eq(["kept"]));
    }

    #[test]
    fn automation_and_inspection_of_the_page_are_refused() {
        let asked = names(&[
            "TAURI_WEBVIEW_AUTOMATION",
            "TAURI_AUTOMATION",
            "WEBKIT_INSPECTOR_SERVER",
            "WEBKIT_INSPECTOR_HTTP_SERVER",
            "WEBVIEW2_ADDITIONAL_BROWSER_ARGUMENTS",
            "WebView2_Browser_Executable_Folder",
            "WEBVIEW2_PIPE_FOR_SCRIPT_DEBUGGER",
            "GTK_DEBUG",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS",
        ]);
        let others = names(&["PATH", "LANG", "WEBKIT_DISABLE_DMABUF_RENDERER"]);
        let all = [asked.clone(), others].concat();
        assert_eq!(refused(&all, false), asked);
    }

    /// As the manuals of GTK 3, GIO, GDK-PixBuf, `GStreamer` and `WebKitGTK` list them.
    #[test]
    fn only_variables_that_load_toolkit_modules_are_refused() {
        let modules = names(&[
            "GTK_MODULES",
            "GTK3_MODULES",
            "GTK_PATH",
            "GTK_IM_MODULE_FILE",
            "GTK_EXE_PREFIX",
            "GTK_DATA_PREFIX",
            "GIO_EXTRA_MODULES",
            "GIO_MODULE_DIR",
            "GDK_PIXBUF_MODULE_FILE",
            "GDK_PIXBUF_MODULEDIR",
            "GST_PLUGIN_PATH",
            "GST_PLUGIN_PATH_1_0",
            "GST_PLUGIN_SYSTEM_PATH",
            "GST_PLUGIN_SYSTEM_PATH_1_0",
            "GST_PLUGIN_SCANNER",
            "GST_PLUGIN_SCANNER_1_0",
            "GST_REGISTRY",
            "GST_REGISTRY_1_0",
            "WEBKIT_INJECTED_BUNDLE_PATH",
            "WEBKIT_EXEC_PATH",
            "WEBKIT_WEB_PROCESS_CMD_PREFIX",
        ]);
        let others = names(&[
            "GTK_THEME",
            "GTK_IM_MODULE",
            "GTK_USE_PORTAL",
            "GTK_A11Y",
            "GTK_CSD",
            "GTK_OVERLAY_SCROLLING",
            "GDK_BACKEND",
            "GDK_SCALE",
            "GIO_USE_VFS",
            "GSETTINGS_BACKEND",
            "GST_DEBUG",
            "WEBKIT_DISABLE_COMPOSITING_MODE",
            "XDG_DATA_DIRS",
            "https_proxy",
        ]);
        let all = [modules.clone(), others].concat();
        assert_eq!(refused(&all, false), modules);
    }

    #[test]
    fn a_build_for_tests_is_driven_only_when_it_is_asked_to() {
        let port = names(&["WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"]);
        assert_eq!(refused(&port, true), port);
        let driven = [names(&["TAURI_WEBVIEW_AUTOMATION"]), port].concat();
        assert_eq!(
            refused(&driven, true),
            names(&["WEBKIT_INSPECTOR_HTTP_SERVER"])
        );
    }
}
