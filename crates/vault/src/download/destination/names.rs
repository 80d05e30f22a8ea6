//! What a file may be called, on which system: the one place that knows.
//!
//! A name that came from outside can leave no folder and name no device. On Linux every other name stays as it is; on
//! macOS and Windows what the system would refuse, take for something else or show in another order becomes `_`.

use std::ffi::{OsStr, OsString};

use privicore_envelope::unescape_name;

use super::parts::is_part_name;
use crate::files::file::File;
use crate::language::is_bidi_control;
use crate::tree::name::Name;

/// The longest name that all systems take.
const LONGEST_BYTES: usize = 255;
/// Stands where nothing is left of a name.
const UNNAMED: &str = "unnamed";

/// Who decides what a name may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    /// Any bytes but `/` and NUL.
    Linux,
    /// Any text but `/` and NUL; upper and lower case, composed and decomposed are the same name.
    Apple,
    /// A text without the names and characters that mean something else; upper and lower case are the same name.
    Windows,
}

const HERE: System = if cfg!(windows) {
    System::Windows
} else if cfg!(target_vendor = "apple") {
    System::Apple
} else {
    System::Linux
};

/// What a stored file is called when it is saved here: on the system it came from, exactly as it was.
///
/// The name that another program gave a file at the service is not this profile's own: it is made harmless everywhere.
pub fn saved_name(file: &File) -> OsString {
    if file.size_bytes.is_none() {
        return safe_name(&file.name).into();
    }
    os_string(name_on(HERE, &file.name, file.is_escaped))
}

/// What a name on the way to a stored file is called here; made harmless as [`saved_name`] makes a file's.
pub(crate) fn saved_name_of(name: &Name, is_foreign: bool) -> OsString {
    if is_foreign {
        return safe_name(name.text()).into();
    }
    os_string(name_on(HERE, name.text(), name.is_escaped()))
}

/// A name that can stand in any folder of any system, made of a text that anybody may have written.
///
/// Path separators, control characters, those that change the direction of writing and those that Windows refuses
/// become `_`; names that mean a device there get a `_` before them; trailing dots and spaces go; the length is at most
/// 255 bytes, cut before the extension.
pub fn safe_name(name: &str) -> String {
    windows_name(name)
}

fn name_on(system: System, name: &str, is_escaped: bool) -> Vec<u8> {
    let name = match system {
        System::Linux if is_escaped => unix_name(&unescape_name(name)),
        System::Linux => unix_name(name.as_bytes()),
        System::Apple => {
            let cleaned: String = name.chars().map(unless(is_bidi_control)).collect();
            unix_name(cleaned.as_bytes())
        }
        System::Windows => windows_name(name).into_bytes(),
    };
    match std::str::from_utf8(&name) {
        Ok(text) if is_part_name(text) => apart(text).into(),
        _ => name,
    }
}

/// A file that is saved must not be called like a part: the next sweep would remove it.
fn apart(part_name: &str) -> String {
    format!("_{part_name}")
}

fn unix_name(name: &[u8]) -> Vec<u8> {
    let cleaned: Vec<u8> = name
        .iter()
        .map(|byte| match byte {
            b'/' | 0 => b'_',
            byte => *byte,
        })
        .collect();
    match cleaned.as_slice() {
        b"" | b"." | b".." => UNNAMED.into(),
        _ => shorten(&cleaned, LONGEST_BYTES),
    }
}

fn windows_name(name: &str) -> String {
    let is_replaced = |c: char| is_refused_by_windows(c) || c.is_control() || is_bidi_control(c);
    let cleaned: String = name.chars().map(unless(is_replaced)).collect();
    let safe = cut(&cleaned);
    if safe.is_empty() {
        UNNAMED.into()
    } else if is_device_on_windows(&safe) {
        cut(&format!("_{safe}"))
    } else if is_part_name(&safe) {
        apart(&safe)
    } else {
        safe
    }
}

fn unless(is_replaced: impl Fn(char) -> bool) -> impl Fn(char) -> char {
    move |c| if is_replaced(c) { '_' } else { c }
}

fn is_refused_by_windows(c: char) -> bool {
    matches!(c, '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

/// Without the dots and spaces at its end, also when they are at its end only since it was shortened.
fn cut(name: &str) -> String {
    let end = ['.', ' '];
    let mut short = text(shorten(
        name.trim_end_matches(end).as_bytes(),
        LONGEST_BYTES,
    ));
    short.truncate(short.trim_end_matches(end).len());
    short
}

/// Whether Windows takes the name for a device, whatever extension it has.
fn is_device_on_windows(name: &str) -> bool {
    let end = name.find(['.', ':']).unwrap_or(name.len());
    let stem = name[..end].trim_end_matches(' ').to_uppercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix).is_some_and(|n: &str| {
            matches!(
                n,
                "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
            )
        })
    };
    let is_console = matches!(stem.as_str(), "CON" | "CONIN$" | "CONOUT$");
    is_console
        || matches!(stem.as_str(), "PRN" | "AUX" | "NUL")
        || numbered("COM")
        || numbered("LPT")
}

/// Whether a name that the user has typed for a new file would be something else: on this system a device, or a second
/// stream of another file; for this program a part.
pub(super) fn means_something_else(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    is_part_name(&name) || HERE == System::Windows && windows_takes_otherwise(&name)
}

fn windows_takes_otherwise(name: &str) -> bool {
    name.contains(':') || is_device_on_windows(name)
}

/// What two names have in common that cannot both be in one folder. What a folder adds to that of its own (a USB stick
/// on Linux, accents on macOS) is seen when the second is saved.
pub(super) fn same_for_the_system(name: &OsStr) -> OsString {
    folded_on(HERE, name)
}

fn folded_on(system: System, name: &OsStr) -> OsString {
    match (system, name.to_str()) {
        (System::Apple | System::Windows, Some(name)) => name.to_lowercase().into(),
        _ => name.to_owned(),
    }
}

/// `name (mark).ext`, of a length that all systems take.
pub(super) fn with_mark(name: &OsStr, mark: &str) -> OsString {
    let (stem, extension) = split_extension(name.as_encoded_bytes());
    let suffix = [b" (", mark.as_bytes(), b")", extension].concat();
    let mut marked = shorten(stem, LONGEST_BYTES - suffix.len());
    marked.extend_from_slice(&suffix);
    os_string(marked)
}

fn split_extension(name: &[u8]) -> (&[u8], &[u8]) {
    match name.iter().rposition(|byte| *byte == b'.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, b""),
    }
}

/// Cut before the extension, and inside no character.
fn shorten(name: &[u8], limit_bytes: usize) -> Vec<u8> {
    if name.len() <= limit_bytes {
        return name.to_vec();
    }
    let (stem, extension) = split_extension(name);
    let mut end = limit_bytes.saturating_sub(extension.len());
    let longest_character = 3;
    let goes_on = |at: usize| stem.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    for _ in 0..longest_character {
        if goes_on(end) {
            end -= 1;
        }
    }
    [&stem[..end], extension].concat()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    text(bytes).into()
}

#[cfg(test)]
mod tests {
    use privicore_envelope::escape_name;
    use proptest::prelude::*;

    use super::*;

    const SYSTEMS: [System; 3] = [System::Linux, System::Apple, System::Windows];

    /// Every name that Windows takes for a device.
    fn devices() -> Vec<String> {
        let plain = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].map(str::to_owned);
        let numbered = ["COM", "LPT"]
            .into_iter()
            .flat_map(|prefix| "123456789¹²³".chars().map(move |n| format!("{prefix}{n}")));
        plain.into_iter().chain(numbered).collect()
    }

    fn on(system: System, name: &str) -> String {
        String::from_utf8(name_on(system, name, false)).unwrap()
    }

    #[test]
    fn no_name_is_that_of_a_device_on_windows_and_all_stay_on_linux_and_macos() {
        for device in devices() {
            let lower = device.to_lowercase();
            for name in [
                device.clone(),
                lower.clone(),
                format!("{device}.txt"),
                format!("{device}.tar.gz"),
                format!("{device} .txt"),
                format!("{lower}   .x"),
            ] {
                assert!(windows_takes_otherwise(&name), "{name}");
                assert_eq!(on(System::Windows, &name), format!("_{name}"));
                assert_eq!(on(System::Linux, &name), name);
                assert_eq!(on(System::Apple, &name), name);
            }
            for name in [
                format!("{device}X"),
                format!("a{device}"),
                format!("a.{device}"),
            ] {
                assert_eq!(on(System::Windows, &name), name);
                assert!(!windows_takes_otherwise(&name), "{name}");
            }
        }
    }

    #[test]
    fn a_second_stream_of_a_file_is_no_name_on_windows() {
        for name in ["x:y", "x:", ":y", "a.txt:secret:$DATA"] {
            assert!(windows_takes_otherwise(name), "{name}");
            assert!(!on(System::Windows, name).contains(':'));
        }
        assert_eq!(means_something_else(OsStr::new("x:y")), cfg!(windows));
    }

    #[test]
    fn what_changes_the_direction_of_writing_is_replaced_except_on_linux() {
        for c in ('\u{200E}'..='\u{200F}')
            .chain('\u{202A}'..='\u{202E}')
            .chain('\u{2066}'..='\u{2069}')
            .chain(['\u{61C}'])
        {
            let name = format!("gpj{c}exe.txt");
            assert_eq!(on(System::Windows, &name), "gpj_exe.txt");
            assert_eq!(on(System::Apple, &name), "gpj_exe.txt");
            assert_eq!(on(System::Linux, &name), name);
            assert_eq!(safe_name(&name), "gpj_exe.txt");
        }
    }

    #[test]
    fn a_name_from_outside_cannot_leave_its_folder() {
        for system in SYSTEMS {
            for name in [
                "../../etc/passwd",
                "/etc/passwd",
                "..",
                ".",
                "",
                "a/../b",
                "a\0b",
            ] {
                let safe = on(system, name);
                assert!(!safe.contains('/') && !safe.contains('\0'), "{safe}");
                assert!(!matches!(safe.as_str(), "" | "." | ".."), "{name}");
            }
        }
        assert_eq!(safe_name("../../etc/passwd"), ".._.._etc_passwd");
        assert_eq!(safe_name("a\0b\n.txt"), "a_b_.txt");
        assert_eq!(safe_name(r"C:\x"), "C__x");
        assert_eq!(safe_name(".."), UNNAMED);
        let plain = "Skann – kvittering nr. 4471.jpg";
        assert_eq!(safe_name(plain), plain);
    }

    #[test]
    fn a_name_that_a_part_could_have_is_set_apart_on_every_system() {
        let part = ".privicore-00112233445566778899aabbccddeeff.part";
        for name in [part.to_owned(), part.to_uppercase()] {
            assert_eq!(
                SYSTEMS.map(|system| on(system, &name)),
                [apart(&name), apart(&name), apart(&name)]
            );
        }
        assert_eq!(on(System::Windows, &format!("{part}. ")), apart(part));
        assert_eq!(safe_name("a.part"), "a.part");
    }

    #[test]
    fn trailing_dots_and_spaces_go_on_windows_only() {
        for name in ["a.", "a ", "a. .", "a...  "] {
            assert_eq!(on(System::Windows, name), "a");
            assert_eq!(on(System::Linux, name), name);
        }
    }

    #[test]
    fn a_name_that_is_cut_ends_in_no_dot_or_space_either() {
        let cut = |name: &str| safe_name(&format!("{name}{}", "x".repeat(300)));
        assert_eq!(cut(&format!("{}.", "n".repeat(254))), "n".repeat(254));
        assert_eq!(cut(&" ".repeat(300)), UNNAMED);
        assert_eq!(cut(&format!("con{}", " ".repeat(300))), "_con");
    }

    #[test]
    fn a_long_name_is_cut_before_its_extension() {
        for system in SYSTEMS {
            let safe = on(system, &format!("{}.txt", "å".repeat(200)));
            assert!(safe.len() <= LONGEST_BYTES);
            assert_eq!(safe.trim_start_matches('å'), ".txt");
        }
    }

    #[test]
    fn a_marked_name_keeps_its_extension_and_fits() {
        let name = OsString::from("x".repeat(251) + ".txt");
        let marked = with_mark(&name, "NOT WHAT WAS STORED");
        assert!(marked.len() <= LONGEST_BYTES);
        assert!(
            marked
                .to_str()
                .unwrap()
                .ends_with(" (NOT WHAT WAS STORED).txt")
        );
        assert_eq!(with_mark(OsStr::new(".profile"), "2"), ".profile (2)");
    }

    #[test]
    fn names_that_differ_only_in_case_are_one_name_where_the_system_says_so() {
        let same = |system| {
            let fold = |name| folded_on(system, OsStr::new(name));
            fold("Case.txt") == fold("case.TXT")
        };
        assert_eq!(SYSTEMS.map(same), [false, true, true]);
    }

    proptest! {
        #[test]
        fn on_linux_every_name_that_a_file_can_have_is_saved_as_it_was(
            name in proptest::collection::vec(any::<u8>(), 1..=LONGEST_BYTES)
        ) {
            let legal = !name.contains(&b'/') && !name.contains(&0) && name != b"." && name != b"..";
            prop_assume!(legal);
            let (text, is_escaped) = match str::from_utf8(&name) {
                Ok(text) => (text.to_owned(), false),
                Err(_) => (escape_name(&name), true),
            };
            prop_assert_eq!(name_on(System::Linux, &text, is_escaped), name);
        }

        #[test]
        fn whatever_a_name_is_it_becomes_one_name_in_the_folder(name in any::<String>(), is_escaped: bool) {
            for system in SYSTEMS {
                let safe = name_on(system, &name, is_escaped);
                prop_assert!((1..=LONGEST_BYTES).contains(&safe.len()));
                prop_assert!(!safe.contains(&b'/') && !safe.contains(&0));
                prop_assert!(safe != b"." && safe != b"..");
                if system == System::Windows {
                    let safe = String::from_utf8(safe).unwrap();
                    prop_assert!(!windows_takes_otherwise(&safe));
                    prop_assert!(!safe.chars().any(|c| is_refused_by_windows(c) || c.is_control()));
                    prop_assert!(!safe.ends_with(['.', ' ']));
                }
            }
        }
    }
}
