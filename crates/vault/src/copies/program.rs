//! What is run when it is opened. The same everywhere: a file goes from one system to another.

use std::ffi::OsStr;
use std::path::Path;

/// Endings of names that some system runs or installs, in lower case.
#[rustfmt::skip]
const ENDINGS: [&str; 117] = [
    // Windows: programs, scripts, what starts or configures something else
    "appinstaller", "application", "appref-ms", "appx", "appxbundle", "bat", "chm", "cmd", "com", "cpl", "diagcab",
    "dll", "drv", "exe", "gadget", "hlp", "hta", "inf", "ins", "isp", "jar", "jnlp", "js", "jse",
    "library-ms", "lnk", "mde", "mmc", "msc", "msh", "msi", "msix", "msixbundle", "msp", "mst", "ocx", "pif", "ps1",
    "ps1xml", "ps2", "psc1", "psd1", "psm1", "reg", "scf", "scr", "sct", "search-ms", "settingcontent-ms", "shb",
    "shs", "sys", "theme", "themepack", "url", "vb", "vbe", "vbs", "website", "ws", "wsc", "wsf", "wsh", "xbap", "xll",
    // macOS
    "action", "app", "applescript", "command", "definition", "dmg", "fileloc", "inetloc", "kext", "mobileconfig",
    "mpkg", "osx", "pkg", "plugin", "prefpane", "saver", "scpt", "scptd", "terminal", "tool", "webloc", "workflow",
    // Linux and everywhere
    "appimage", "apk", "bash", "bin", "csh", "deb", "desktop", "elf", "fish", "flatpak", "flatpakref", "flatpakrepo",
    "ko", "ksh", "lua", "out", "phar", "php", "pl", "py", "pyc", "pyw", "pyz", "rb", "rpm", "run", "sh", "snap", "so",
    "zsh",
];

/// Whether a file is called like something that is run.
pub(super) fn is_called_program(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    // Windows leaves out dots and spaces at the end.
    let name = name.trim_end_matches(|end: char| end == '.' || end.is_whitespace());
    let Some(ending) = Path::new(name).extension() else {
        return false;
    };
    let ending = ending.to_string_lossy().trim().to_lowercase();
    ENDINGS.contains(&ending.as_str())
}

/// Whether bytes begin as a program does, whatever the file is called: where a name has no ending, systems look at the
/// bytes.
pub(super) fn holds_program(head: &[u8]) -> bool {
    const BEGINNINGS: [&[u8]; 8] = [
        // ELF; PE and DOS; Mach-O in both orders and widths, and for several processors, as Java classes begin, too
        b"\x7fELF",
        b"MZ",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"#!",
    ];
    BEGINNINGS.iter().any(|begins| head.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run_when_it_is_opened_is_known_by_its_name_in_any_spelling() {
        for name in [
            "setup.exe",
            "SETUP.EXE",
            "report.pdf.exe",
            "report.pdf .scr",
            "a.desktop",
            "a.sh",
            "a.app",
            "a.jar",
            "a.lnk",
            "a.bat",
            "a.js",
            "a.vbs",
            "a.ps1",
            "a.AppImage",
            "a.py",
            "a.exe.",
            "a.exe ",
            "a.exe. .",
            "a.command",
            "a.exe\u{a0}",
            "a.url",
            "a.deb",
            "a.msi",
        ] {
            assert!(is_called_program(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn documents_are_opened() {
        for name in [
            "report.pdf",
            "letter.docx",
            "table.ods",
            "photo.JPEG",
            "notes.txt",
            "README",
            "song.mp3",
            "archive.zip",
            "page.html",
            "exe",
            ".exe.txt",
            "main.rs",
            "data.json",
            "drawing.svg",
            "sh",
            "film.mkv",
            "list.csv",
        ] {
            assert!(!is_called_program(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn a_program_under_another_name_is_known_by_its_first_bytes() {
        for head in [
            &b"\x7fELF\x02\x01"[..],
            b"MZ\x90",
            b"#!/bin/sh\n",
            b"\xcf\xfa\xed\xfe",
        ] {
            assert!(holds_program(head), "{head:?}");
        }
        for head in [
            &b""[..],
            b"%PDF-1.7",
            b"PK\x03\x04",
            b"M",
            b"# Title",
            b"\x89PNG",
        ] {
            assert!(!holds_program(head), "{head:?}");
        }
    }
}
