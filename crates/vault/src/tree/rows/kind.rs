//! What a file is by the ending of its name. Nothing looks into it: the name is all that is known before it is fetched.

use serde::{Deserialize, Serialize};

use crate::tree::name::Name;

/// In the order in which a list sorted by kind has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "page-types", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum FileKind {
    Folder,
    Archive,
    Audio,
    Code,
    Document,
    Image,
    Pdf,
    Presentation,
    Spreadsheet,
    Text,
    Video,
    Other,
}

/// No ending that says something is longer.
const LONGEST: usize = 10;

impl FileKind {
    pub(in crate::tree) fn of_name(name: &str) -> Self {
        let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty());
        let ending = ending.map(|(_, ending)| ending);
        let Some(ending) = ending.filter(|it| it.len() <= LONGEST) else {
            return Self::Other;
        };
        Self::of_ending(&ending.to_ascii_lowercase())
    }

    fn of_ending(ending: &str) -> Self {
        match ending {
            "7z" | "apk" | "ar" | "bz2" | "cab" | "deb" | "dmg" | "gz" | "iso" | "jar" | "lz"
            | "lz4" | "lzma" | "rar" | "rpm" | "tar" | "tbz2" | "tgz" | "txz" | "xz" | "z"
            | "zip" | "zst" => Self::Archive,
            "aac" | "aif" | "aiff" | "alac" | "amr" | "ape" | "caf" | "flac" | "m4a" | "m4b"
            | "mid" | "midi" | "mp3" | "oga" | "ogg" | "opus" | "wav" | "weba" | "wma" => {
                Self::Audio
            }
            "asm" | "bash" | "bat" | "c" | "cc" | "cpp" | "cs" | "css" | "cxx" | "dart"
            | "diff" | "ex" | "exs" | "go" | "h" | "hpp" | "hs" | "htm" | "html" | "ipynb"
            | "java" | "js" | "json" | "jsx" | "kt" | "kts" | "lua" | "m" | "mjs" | "ml"
            | "patch" | "php" | "pl" | "ps1" | "py" | "r" | "rb" | "rs" | "scala" | "scss"
            | "sh" | "sql" | "svelte" | "swift" | "toml" | "ts" | "tsx" | "vue" | "xml"
            | "yaml" | "yml" | "zig" => Self::Code,
            "abw" | "azw3" | "djvu" | "doc" | "docm" | "docx" | "dot" | "dotx" | "epub"
            | "fodt" | "mobi" | "odt" | "ott" | "pages" | "ps" | "rtf" | "wpd" | "xps" => {
                Self::Document
            }
            "ai" | "arw" | "avif" | "bmp" | "cr2" | "cr3" | "dng" | "eps" | "gif" | "heic"
            | "heif" | "ico" | "jfif" | "jp2" | "jpe" | "jpeg" | "jpg" | "jxl" | "kra" | "nef"
            | "odg" | "orf" | "png" | "psd" | "raf" | "rw2" | "svg" | "tif" | "tiff" | "webp"
            | "xcf" => Self::Image,
            "pdf" => Self::Pdf,
            "fodp" | "key" | "odp" | "otp" | "pot" | "potx" | "pps" | "ppsx" | "ppt" | "pptm"
            | "pptx" => Self::Presentation,
            "csv" | "fods" | "numbers" | "ods" | "ots" | "tsv" | "xls" | "xlsb" | "xlsm"
            | "xlsx" | "xlt" | "xltx" => Self::Spreadsheet,
            "asc" | "cfg" | "conf" | "eml" | "ics" | "ini" | "log" | "markdown" | "md" | "nfo"
            | "org" | "rst" | "srt" | "tex" | "text" | "txt" | "vcf" => Self::Text,
            "3gp" | "avi" | "flv" | "m2ts" | "m4v" | "mkv" | "mov" | "mp4" | "mpeg" | "mpg"
            | "mts" | "ogv" | "webm" | "wmv" => Self::Video,
            _ => Self::Other,
        }
    }
}

impl Name {
    /// What kind of file is called so.
    pub fn kind(&self) -> FileKind {
        FileKind::of_name(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_in_any_case_says_what_a_file_is() {
        for (name, kind) in [
            ("Holiday.JPG", FileKind::Image),
            ("a.b.pdf", FileKind::Pdf),
            ("backup.tar.gz", FileKind::Archive),
            ("talk.key", FileKind::Presentation),
            ("Kosten.ods", FileKind::Spreadsheet),
            ("README.md", FileKind::Text),
            ("main.rs", FileKind::Code),
            ("README", FileKind::Other),
            (".png", FileKind::Other),
            ("a.", FileKind::Other),
            ("a.ünïcode", FileKind::Other),
        ] {
            assert_eq!(FileKind::of_name(name), kind, "{name}");
        }
    }
}
