//! Text: UTF-8, UTF-16 with its mark, or Latin-1. What holds other control characters than those of text is none.

use std::fmt;

use zeroize::Zeroizing;

/// The beginning of a text, or all of it.
pub struct Text {
    /// At most a mebibyte of it in the form it was stored in.
    pub text: Zeroizing<String>,
    /// Whether nothing follows.
    pub is_whole: bool,
}

impl fmt::Debug for Text {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Text({} bytes)", self.text.len())
    }
}

/// The text that bytes are; nothing if they are none.
pub(crate) fn read_text(bytes: &[u8], is_whole: bool) -> Option<Text> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes, is_whole)?,
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes, is_whole)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => utf_8(rest, is_whole)?,
        bytes => utf_8(bytes, is_whole).or_else(|| latin_1(bytes))?,
    };
    text.chars()
        .all(is_of_text)
        .then_some(Text { text, is_whole })
}

fn utf_8(bytes: &[u8], is_whole: bool) -> Option<Zeroizing<String>> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // It was cut within a character.
        Err(error) if !is_whole && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    Some(Zeroizing::new(valid.to_owned()))
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16, is_whole: bool) -> Option<Zeroizing<String>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if is_whole && !rest.is_empty() {
        return None;
    }
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3 / 2));
    let mut units = char::decode_utf16(pairs.iter().copied().map(unit)).peekable();
    while let Some(read) = units.next() {
        match read {
            Ok(read) => text.push(read),
            // It was cut within a character.
            Err(_) if !is_whole && units.peek().is_none() => {}
            Err(_) => return None,
        }
    }
    Some(text)
}

fn latin_1(bytes: &[u8]) -> Option<Zeroizing<String>> {
    if bytes.iter().any(|byte| (0x80..0xa0).contains(byte)) {
        return None;
    }
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    text.extend(bytes.iter().map(|byte| char::from(*byte)));
    Some(text)
}

fn is_of_text(read: char) -> bool {
    !read.is_control() || matches!(read, '\t' | '\n' | '\r' | '\x0c' | '\x1b' | '\u{85}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<String> {
        read_text(bytes, true).map(|text| text.text.to_string())
    }

    #[test]
    fn text_is_read_in_the_forms_it_comes_in() {
        let utf_16 = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            let units = "Grüße 🎉".encode_utf16().flat_map(unit);
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        for (bytes, expected) in [
            (b"plain\r\n\ttext".to_vec(), "plain\r\n\ttext"),
            ("Grüße 🎉".as_bytes().to_vec(), "Grüße 🎉"),
            (b"\xef\xbb\xbfmarked".to_vec(), "marked"),
            (utf_16(u16::to_le_bytes, [0xff, 0xfe]), "Grüße 🎉"),
            (utf_16(u16::to_be_bytes, [0xfe, 0xff]), "Grüße 🎉"),
            (b"Gr\xfc\xdfe".to_vec(), "Grüße"),
            (Vec::new(), ""),
        ] {
            assert_eq!(read(&bytes).as_deref(), Some(expected));
        }
    }

    #[test]
    fn bytes_with_other_control_characters_are_no_text() {
        for bytes in [
            b"\0".as_slice(),
            b"words\0words",
            b"\x7fELF",
            b"\xff\xfe\0\0",
            b"\xff\xfea",
            b"\x80\x81",
            b"\x08",
        ] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_text_that_was_cut_within_a_character_is_shown_up_to_there() {
        let whole = "Grüße 🎉".as_bytes();
        for at in 0..=whole.len() {
            let text = read_text(&whole[..at], false).unwrap();
            assert!("Grüße 🎉".starts_with(text.text.as_str()) && !text.is_whole);
        }
        assert!(
            read_text(&[0xff, 0xfe, 0x3c, 0xd8], false)
                .unwrap()
                .text
                .is_empty()
        );
    }

    #[test]
    fn what_a_text_says_is_not_printed() {
        let text = read_text(b"secret", true).unwrap();
        assert_eq!(format!("{text:?}"), "Text(6 bytes)");
    }
}
