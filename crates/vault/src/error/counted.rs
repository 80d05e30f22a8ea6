//! Counts in sentences.

use std::fmt::Display;

/// A count with what is counted, in the singular or in the plural: `1 file is`, `2 files are`.
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(
    count: N,
    one: &str,
    many: &str,
) -> String {
    let what = if count == N::from(1) { one } else { many };
    format!("{count} {what}")
}

/// Where a text counts in the wrong number: `1 files`, `2 file`.
#[cfg(test)]
pub(crate) fn miscounted(text: &str) -> Option<String> {
    const WORDS: [(&str, &str); 8] = [
        ("file", "files"),
        ("byte", "bytes"),
        ("entry", "entries"),
        ("receipt", "receipts"),
        ("transfer", "transfers"),
        ("folder", "folders"),
        ("link", "links"),
        ("record", "records"),
    ];
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is_wrong = |pair: &&[&str]| {
        let Ok(count) = pair[0].parse::<u64>() else {
            return false;
        };
        WORDS.iter().any(|(one, many)| match count {
            1 => pair[1] == *many,
            _ => pair[1] == *one,
        })
    };
    let wrong = words.windows(2).find(is_wrong)?;
    Some(format!("“{}” in: {text}", wrong.join(" ")))
}

#[cfg(test)]
mod tests {
    use privicore_client::Error as ClientError;

    use super::*;
    use crate::error::{Error, FileError, SourceError};
    use crate::receipts::missing::{deleted_notice, missing_notice, not_looked_for_notice};

    #[test]
    fn no_text_counts_in_the_wrong_number() {
        assert!(miscounted("Here 1 files are left.").is_some());
        assert!(miscounted("Here 2 file is left.").is_some());
        for count in [0_u8, 1, 2] {
            let name = "a".to_owned();
            let many = usize::from(count);
            let names = vec![name.clone(); many];
            let errors = [
                Error::File(FileError::ListShrunk {
                    expected: many,
                    listed: many,
                }),
                Error::Source(SourceError::PathTooLong {
                    name,
                    too_many: many,
                }),
                Error::Service(ClientError::EndlessList {
                    rows: many,
                    bytes: many,
                }),
                Error::Service(ClientError::TooMuch {
                    limit_bytes: count.into(),
                }),
            ];
            let mut told: Vec<_> = errors.iter().map(Error::explain).collect();
            told.extend([missing_notice(&names), deleted_notice(&names)]);
            told.push(not_looked_for_notice(many));
            for text in told.iter().flat_map(|told| [&told.message, &told.hint]) {
                assert_eq!(miscounted(text), None);
            }
        }
    }

    #[test]
    fn one_is_singular_and_everything_else_is_plural() {
        for (count, expected) in [
            (0, "0 files are"),
            (1, "1 file is"),
            (2, "2 files are"),
            (21, "21 files are"),
        ] {
            assert_eq!(counted(count, "file is", "files are"), expected);
        }
        assert_eq!(counted(1_u64, "byte", "bytes"), "1 byte");
    }
}
