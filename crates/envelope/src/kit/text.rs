//! The texts in a recovery kit: keys in Bech32 (BIP 173) as the age tools write theirs, found again however they were
//! copied.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// What a text begins with; the last character separates it from what is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(&'static str);

pub(crate) const RECOVERY_KEY: Mark = Mark("AGE-SECRET-KEY-1");
pub(crate) const NAME_KEY: Mark = Mark("PRIVICORE-NAME-KEY-1");
/// User name and server, with a zero byte between them.
pub(crate) const ACCOUNT: Mark = Mark("PRIVICORE-ACCOUNT-1");

const MARKS: [Mark; 3] = [RECOVERY_KEY, NAME_KEY, ACCOUNT];
/// The characters that encode 32 bytes and their checksum.
const KEY_CHARS: usize = 52 + 6;
/// The alphabet of Bech32: without B, I, O and 1.
const ALPHABET: &str = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";

/// The longest entity that is read, and its semicolon: `&#x10FFFF;` with a few zeros.
const MAX_ENTITY_BYTES: usize = 12;

/// A text that was found by its mark.
pub(crate) enum Found {
    /// Nothing begins with the mark.
    Nothing,
    /// It ends too early.
    Incomplete { chars: usize },
    /// It is as it was written: the whole text.
    Whole(Zeroizing<String>),
    /// A character is wrong.
    Mistyped,
}

impl Mark {
    /// The characters of a key with this mark.
    pub(crate) const fn key_chars(self) -> usize {
        self.0.len() + KEY_CHARS
    }

    fn hrp(self) -> Hrp {
        Hrp::parse(&self.0[..self.0.len() - 1]).expect("each mark is a readable part and a 1")
    }

    /// As it is when spaces and hyphens are left out.
    fn compact(self) -> String {
        self.0.replace('-', "")
    }
}

/// Writes bytes in upper case, as QR codes hold them best. None when there are too many for the checksum.
pub(crate) fn encode(mark: Mark, bytes: &[u8]) -> Option<SecretString> {
    bech32::encode_upper::<Bech32>(mark.hrp(), bytes)
        .ok()
        .map(SecretString::from)
}

/// Reads bytes back.
pub(crate) fn decode(mark: Mark, text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    let bytes = Zeroizing::new(checked.byte_iter().collect::<Vec<u8>>());
    (checked.hrp() == mark.hrp()).then_some(bytes)
}

/// Finds a key of 32 bytes in a [`compact`] text. The first right one counts, else the first that was meant to be one.
pub(crate) fn find_key(compact: &str, mark: Mark) -> Found {
    let mut first = Found::Nothing;
    for meant in meant_by(compact, mark) {
        let found = match meant.get(..KEY_CHARS) {
            None => Found::Incomplete {
                chars: mark.0.len() + meant.len(),
            },
            Some(encoded) => judge(mark, encoded),
        };
        match (&first, &found) {
            (_, Found::Whole(_)) => return found,
            (Found::Nothing, _) => first = found,
            _ => {}
        }
    }
    first
}

/// Finds a text of any length, which ends where its alphabet does.
pub(crate) fn find_text(compact: &str, mark: Mark) -> Found {
    let Some(meant) = meant_by(compact, mark).into_iter().next() else {
        return Found::Nothing;
    };
    let end = meant.find(|c| !ALPHABET.contains(c)).unwrap_or(meant.len());
    judge(mark, &meant[..end])
}

fn judge(mark: Mark, encoded: &str) -> Found {
    let text = Zeroizing::new(format!("{}{encoded}", mark.0));
    match decode(mark, &text) {
        Some(_) => Found::Whole(text),
        None => Found::Mistyped,
    }
}

/// What follows each occurrence of the mark, up to the next mark.
fn meant_by(compact: &str, mark: Mark) -> Vec<&str> {
    let up_to_next = |after| {
        let next = MARKS
            .iter()
            .filter_map(|next| str::find(after, &next.compact()));
        &after[..next.min().unwrap_or(after.len())]
    };
    let mark = mark.compact();
    let after_marks = compact.split(&mark).skip(1);
    after_marks.map(up_to_next).collect()
}

/// Leaves out all that people and programs put between the characters of a key, and evens out its case.
pub(crate) fn compact(text: &str) -> Zeroizing<String> {
    let mut compact = Zeroizing::new(String::with_capacity(text.len()));
    let kept = text.chars().filter(|c| *c != '-' && !is_between(*c));
    compact.extend(kept.map(|c| c.to_ascii_uppercase()));
    compact
}

/// Spaces, line breaks, the marks of comments and quotations.
pub(crate) fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '#' | '>')
}

/// A text file or a page as plain text: without markup, invisible characters, and hyphens that only look like one.
pub(crate) fn plain(text: &str) -> Zeroizing<String> {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    if text.starts_with('<') {
        push_without_markup(&mut plain, text);
    } else {
        plain.push_str(text);
    }
    let mut even = Zeroizing::new(String::with_capacity(plain.len()));
    even.extend(plain.chars().filter_map(|c| match c {
        '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        other => Some(other),
    }));
    even
}

/// The text of an HTML page. Elements that are no text are left out with what they hold.
fn push_without_markup(plain: &mut String, mut html: &str) {
    while let Some((text, rest)) = html.split_once('<') {
        push_without_entities(plain, text);
        let end = end_of_markup(rest);
        html = &rest[end..];
    }
    push_without_entities(plain, html);
}

/// How long a tag is, or a comment, or a whole element that is no text; `rest` follows its `<`.
fn end_of_markup(rest: &str) -> usize {
    let until = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
    let name: String = rest.chars().take(6).collect();
    let name = name.to_ascii_lowercase();
    if rest.starts_with("!--") {
        until("-->")
    } else if name.starts_with("style") {
        until("</style>")
    } else if name == "script" {
        until("</script>")
    } else {
        until(">")
    }
}

fn push_without_entities(plain: &mut String, mut text: &str) {
    while let Some((before, rest)) = text.split_once('&') {
        plain.push_str(before);
        let entity = rest
            .bytes()
            .take(MAX_ENTITY_BYTES)
            .position(|byte| byte == b';')
            .and_then(|end| Some((entity(&rest[..end])?, &rest[end + 1..])));
        if let Some((c, after)) = entity {
            plain.push(c);
            text = after;
        } else {
            plain.push('&');
            text = rest;
        }
    }
    plain.push_str(text);
}

/// Those that stand for a character of a key or a space; programs write others in figures.
fn entity(name: &str) -> Option<char> {
    let number = name.strip_prefix('#');
    if let Some(number) = number {
        let hexadecimal = number.strip_prefix(['x', 'X']);
        let code = match hexadecimal {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" | "ensp" | "emsp" | "thinsp" => Some(' '),
        "hyphen" | "dash" | "ndash" | "mdash" => Some('-'),
        "plus" => Some('+'),
        "equals" => Some('='),
        "sol" => Some('/'),
        "shy" | "zwnj" | "zwj" => Some('\u{AD}'),
        _ => None,
    }
}
