//! The forms in which requested data is answered.

use std::fmt;

use bytes::Bytes;

use crate::base64_text;
use crate::link::DownstreamLink;

/// Requested data: the stored bytes, or where to fetch them once.
#[derive(Clone, PartialEq, Eq)]
pub enum DataAnswer {
    /// The stored bytes.
    Inline(Bytes),
    /// Where the stored bytes can be fetched, once and soon.
    Link(DownstreamLink),
}

impl fmt::Debug for DataAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(bytes) => write!(f, "Inline({} bytes)", bytes.len()),
            Self::Link(link) => link.fmt(f),
        }
    }
}

/// What one message says about requested data.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// The stored bytes.
    Inline(Bytes),
    /// A complete address.
    Complete(String),
    /// A token for the downstream server, good once the stream is ready.
    Bare(String),
    /// The stream is ready.
    Ready,
    /// There will be no data.
    Failed(String),
    /// Nothing yet.
    Preparing,
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Inline(_) => "Inline",
            Self::Complete(_) => "Complete",
            Self::Bare(_) => "Bare",
            Self::Ready => "Ready",
            Self::Failed(_) => "Failed",
            Self::Preparing => "Preparing",
        })
    }
}

/// Texts of this length or longer are never taken for a word. Sealed bytes are longer: the shortest form any client of
/// the service stores has 28 bytes, which are 40 letters of base64.
const LONGEST_WORD: usize = 39;

/// Reads `output_type` and `body`.
///
/// Type 0 is ambiguous: the body is either the stored bytes in base64 or a status text, with nothing that says which. It
/// is taken for bytes only if all of it is canonical base64 with padding, and it is not a short single word
/// (`pending?` has 8 letters and would decode). Bytes short enough to be mistaken for a word are not sealed by anybody.
pub(crate) fn interpret(output_type: u64, body: String) -> Part {
    match output_type {
        0 if is_word(&body) => Part::Preparing,
        0 => match base64_text::decode(&body) {
            Some(bytes) if !bytes.is_empty() => Part::Inline(bytes.into()),
            _ => Part::Preparing,
        },
        1 if body.trim().is_empty() => Part::Preparing,
        1 if body.contains("://") => Part::Complete(body),
        1 => Part::Bare(body),
        _ => Part::Preparing,
    }
}

fn is_word(text: &str) -> bool {
    let (first, rest) = text.split_at_checked(1).unwrap_or((text, ""));
    text.len() <= LONGEST_WORD
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (rest.bytes().all(|byte| byte.is_ascii_lowercase())
            || text.bytes().all(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_canonical_base64_for_bytes() {
        assert_eq!(
            interpret(0, "aGVsbG8=".to_owned()),
            Part::Inline(Bytes::from_static(b"hello"))
        );
        let sealed = base64_text::encode(&[7; 300]);
        assert_eq!(interpret(0, sealed), Part::Inline(vec![7; 300].into()));
    }

    #[test]
    fn takes_everything_else_for_a_status() {
        for text in [
            "",
            "accepted",
            "PROGRESS",
            "Fetching",
            "data is being prepared",
            "data.preparing",
            "wait",
            "aGVsbG8",
            "aGVs bG8=",
            "aGVsbG9=",
        ] {
            assert_eq!(interpret(0, text.to_owned()), Part::Preparing, "{text}");
        }
    }

    #[test]
    fn a_long_run_of_small_letters_is_data() {
        assert!(matches!(interpret(0, "a".repeat(40)), Part::Inline(_)));
    }

    #[test]
    fn tells_addresses_from_tokens() {
        let address = "https://d.example.com/?auth=x".to_owned();
        assert_eq!(interpret(1, address.clone()), Part::Complete(address));
        assert_eq!(
            interpret(1, "d-token".to_owned()),
            Part::Bare("d-token".to_owned())
        );
        assert_eq!(interpret(1, " ".to_owned()), Part::Preparing);
        assert_eq!(interpret(7, "x".to_owned()), Part::Preparing);
    }

    #[test]
    fn answers_print_no_content() {
        assert_eq!(
            format!("{:?}", DataAnswer::Inline(Bytes::from_static(b"secret"))),
            "Inline(6 bytes)"
        );
        assert_eq!(format!("{:?}", Part::Bare("secret".to_owned())), "Bare");
    }
}
