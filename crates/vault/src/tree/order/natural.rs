//! The order of names that people expect: in any case, runs of digits as numbers, and a letter with an accent beside
//! the one without.

use std::cmp::Ordering;

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

/// Letters before this have marks that make no other letter: those of Latin and Greek. Elsewhere (й) they do.
const CYRILLIC: char = '\u{400}';

/// Compares two names. Different ones can be equal in it.
pub(in crate::tree) fn natural(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let same = common(a, b);
        (a, b) = (&a[same..], &b[same..]);
        let (Some(first_a), Some(first_b)) = (a.bytes().next(), b.bytes().next()) else {
            // What is left may count for nothing.
            return sort_key(a).cmp(&sort_key(b));
        };
        let order = if first_a.is_ascii_digit() && first_b.is_ascii_digit() {
            number(&mut a).cmp(&number(&mut b))
        } else if first_a.is_ascii() && first_b.is_ascii() {
            (a, b) = (&a[1..], &b[1..]);
            first_a
                .to_ascii_lowercase()
                .cmp(&first_b.to_ascii_lowercase())
        } else {
            return sort_key(a).cmp(&sort_key(b));
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Bytes that have the order of [`natural`].
fn sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(text.len() + 4);
    push_sort_key(text, &mut key);
    key
}

/// The same bytes after what is in `key` already.
pub(super) fn push_sort_key(mut text: &str, key: &mut Vec<u8>) {
    while let Some(first) = text.chars().next() {
        if first.is_ascii_digit() {
            let (length, digits) = number(&mut text);
            key.push(b'0');
            // One more for each 254, so that the longer number is the greater one.
            key.extend(std::iter::repeat_n(u8::MAX, length / 254));
            key.push(u8::try_from(length % 254).unwrap_or(u8::MAX - 1));
            key.extend_from_slice(digits.as_bytes());
        } else {
            text = &text[first.len_utf8()..];
            fold(first, key);
        }
    }
}

fn fold(letter: char, key: &mut Vec<u8>) {
    if letter.is_ascii() {
        key.push((letter as u8).to_ascii_lowercase());
        return;
    }
    let spelled = match letter {
        // A mark of the letter before it.
        '\u{300}'..='\u{36f}' => "",
        'Æ' | 'æ' => "ae",
        'Œ' | 'œ' => "oe",
        'ß' | 'ẞ' => "ss",
        'Ø' | 'ø' => "o",
        'Đ' | 'đ' | 'Ð' | 'ð' => "d",
        'Ł' | 'ł' => "l",
        'Þ' | 'þ' => "th",
        'Ħ' | 'ħ' => "h",
        'ı' => "i",
        'Ё' | 'ё' => "е",
        _ => {
            let mut buffer = [0; 4];
            for folded in base(letter).to_lowercase() {
                key.extend_from_slice(folded.encode_utf8(&mut buffer).as_bytes());
            }
            return;
        }
    };
    key.extend_from_slice(spelled.as_bytes());
}

/// The letter without its marks.
fn base(letter: char) -> char {
    let decomposition = const { CanonicalDecompositionBorrowed::new() };
    let mut base = letter;
    loop {
        base = match decomposition.decompose(base) {
            Decomposed::Expansion(first, _) | Decomposed::Singleton(first) => first,
            Decomposed::Default => break,
        };
    }
    if base < CYRILLIC { base } else { letter }
}

/// How many bytes at the beginning are the same and decide nothing. A number is looked at as a whole.
fn common(a: &str, b: &str) -> usize {
    let pairs = a.bytes().zip(b.bytes());
    let mut same = pairs.take_while(|(a, b)| a == b).count();
    let is_in_number = |at: usize| a.as_bytes()[at - 1].is_ascii_digit();
    while same > 0 && (!a.is_char_boundary(same) || is_in_number(same)) {
        same -= 1;
    }
    same
}

/// Takes the digits off the beginning; answers how many count, and which.
fn number<'a>(text: &mut &'a str) -> (usize, &'a str) {
    let is_other = |c: char| !c.is_ascii_digit();
    let (digits, rest) = text.split_at(text.find(is_other).unwrap_or(text.len()));
    *text = rest;
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_in_the_order_that_people_expect() {
        let sorted = [
            "",
            " b",
            "1",
            "01",
            "2",
            "10",
            "100",
            "a",
            "A",
            "Ä",
            "a 2",
            "a 10",
            "a2b",
            "a10b",
            "äa",
            "ab",
            "B",
            "E\u{301}a",
            "éb",
            "ec",
            "Øre",
            "os",
            "ß",
            "su",
            "z",
            "и",
            "й",
            "文",
        ];
        for (before, after) in sorted.iter().zip(&sorted[1..]) {
            let order = natural(before, after);
            assert_ne!(order, Ordering::Greater, "{before} {after}");
        }
        assert_eq!(natural("Straße", "strasse"), Ordering::Equal);
        let huge = "9".repeat(1000);
        assert!(natural(&huge, &format!("1{}", "0".repeat(1000))).is_lt());
    }

    proptest! {
        #[test]
        fn keys_have_the_order_of_the_names(
            a in "[aAbB0-2 äÄe\u{301}é_.й]{0,6}",
            b in "[aAbB0-2 äÄe\u{301}é_.й]{0,6}",
        ) {
            prop_assert_eq!(natural(&a, &b), sort_key(&a).cmp(&sort_key(&b)));
        }

        #[test]
        fn the_order_is_one_for_all_texts(a in any::<String>(), b in any::<String>()) {
            prop_assert_eq!(natural(&a, &b), sort_key(&a).cmp(&sort_key(&b)));
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
        }
    }
}
