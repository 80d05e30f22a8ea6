//! The form in which texts are searched, and words are looked for in them.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed;

/// The same for texts that differ only in case, in how an accent is put together with its letter, or in the form that a
/// sigma has at the end of a word.
pub(super) fn search_fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|letter| letter.is_ascii_uppercase()) {
            text.to_ascii_lowercase().into()
        } else {
            text.into()
        };
    }
    let composer = const { ComposingNormalizerBorrowed::new_nfc() };
    let composed = composer.normalize(text);
    // Letter by letter: what a part of a word becomes does not depend on where it is.
    let letters = composed.chars().flat_map(char::to_lowercase);
    let letters = letters.map(|letter| if letter == 'ς' { 'σ' } else { letter });
    let lower: String = letters.collect();
    composer.normalize(&lower).into_owned().into()
}

#[cfg(test)]
mod tests {
    use icu_normalizer::DecomposingNormalizerBorrowed;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_the_same_is_found() {
        for (one, other) in [
            ("Tax", "tAX"),
            ("Ä", "a\u{308}"),
            ("e\u{301}te\u{301}", "ÉTÉ"),
            ("ΟΔΟΣ", "οδος"),
            ("ΟΔΟΣ", "οδοσ"),
            ("Й", "и\u{306}"),
            ("각", "\u{1100}\u{1161}\u{11a8}"),
        ] {
            assert_eq!(search_fold(one), search_fold(other), "{one} {other}");
        }
        assert_ne!(search_fold("cafe"), search_fold("café"));
    }

    proptest! {
        #[test]
        fn every_spelling_of_a_text_is_one(text in any::<String>()) {
            let folded = search_fold(&text);
            let apart = const { DecomposingNormalizerBorrowed::new_nfd() }.normalize(&text);
            let together = const { ComposingNormalizerBorrowed::new_nfc() }.normalize(&text);
            prop_assert_eq!(&folded, &search_fold(&apart));
            prop_assert_eq!(&folded, &search_fold(&together));
            prop_assert_eq!(&folded, &search_fold(&folded));
        }

        #[test]
        fn a_part_of_a_text_is_found_in_it(
            before in "[aAßÄΣσςİe -]{0,4}", part in "[aAßÄΣσςİe -]{0,4}", after in "[aAßÄΣσςİe -]{0,4}",
        ) {
            let text = format!("{before}{part}{after}");
            prop_assert!(search_fold(&text).contains(&*search_fold(&part)), "{:?} {:?}", text, part);
        }
    }
}
