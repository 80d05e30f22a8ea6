//! A question, and how its words are kept apart from those of others.

use privicore_vault::{self as vault, Phrase};

use crate::language::{say, text};
use crate::view::ErrorView;

/// A question with the button that agrees; the other one is "Cancel".
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub title: String,
    pub message: String,
    pub agree: String,
}

impl Question {
    /// The question whose message this is. Its title and its button have the key of the message with `.title` and
    /// `.agree` behind it.
    pub(super) fn of(message: &Phrase) -> Self {
        let key = message.key();
        Self {
            title: text(&format!("{key}.title")),
            message: say(message),
            agree: text(&format!("{key}.agree")),
        }
    }
}

/// A key in lines of one length: where the dialog breaks a word itself it adds a hyphen.
pub(super) fn in_lines(key: &str) -> String {
    const WIDTH: usize = 64;
    let signs: Vec<char> = key.chars().collect();
    let lines: Vec<String> = signs
        .chunks(WIDTH)
        .map(|line| line.iter().collect())
        .collect();
    lines.join("\n")
}

/// One line of a text from outside: no control signs, nothing that changes the direction of writing, and not without
/// end.
pub(super) fn line(text: &str) -> String {
    line_within(text, LONGEST)
}

pub(super) fn line_within(text: &str, most: usize) -> String {
    let signs = text
        .trim()
        .chars()
        .filter(|sign| !vault::is_bidi_control(*sign));
    let is_break = |sign: char| sign.is_control() || matches!(sign, '\u{2028}' | '\u{2029}');
    // The dialog's own quotation marks say where a text of the page ends.
    let is_quote = |sign: char| matches!(sign, '\u{201c}'..='\u{201f}' | '"' | '«' | '»' | '＂');
    let mut signs = signs.map(|sign| match sign {
        sign if is_break(sign) => ' ',
        sign if is_quote(sign) => '\'',
        sign => sign,
    });
    let mut kept: String = signs.by_ref().take(most).collect();
    if signs.next().is_some() {
        kept.pop();
        kept.push('…');
    }
    kept
}

/// A text that is sent as it is, and so has to be seen as a whole by who agrees to it.
///
/// # Errors
/// When it is longer than what is shown.
pub(super) fn whole(what: &str, text: &str, most: usize) -> Result<String, ErrorView> {
    let length = text.trim().chars().count();
    if length <= most {
        return Ok(line_within(text, most));
    }
    let message = Phrase::new("error.too_long_to_show")
        .phrase("what", Phrase::new(what))
        .number("length", length)
        .number("most", most);
    Err(ErrorView::own(vault::Code::TooLongToShow, message))
}

/// Characters of a text of the page.
pub(super) const LONGEST: usize = 120;

/// Characters of an address: a host name may have 253 of them (RFC 1035, 2.3.4), and its end says whose it is.
pub(super) const LONGEST_ADDRESS: usize = 400;

/// Characters of a public key: an RSA key of 4096 bits has some 720.
pub(super) const LONGEST_KEY: usize = 1_000;
