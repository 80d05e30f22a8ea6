//! Bounded parsing of untrusted JSON.

use serde_json::Value;

use crate::answer::malformed::Malformed;

/// No answer and no message holds more values than this, or more objects: read, each takes up many times its length.
const MOST_VALUES: usize = 1_000_000;
const MOST_OBJECTS: usize = 250_000;

/// Parses untrusted JSON.
pub(crate) fn bounded_json(text: &[u8]) -> Result<Value, Malformed> {
    let count = |marks: &[u8]| text.iter().filter(|byte| marks.contains(byte)).count();
    // Marks inside of texts are counted as well: a text full of them is no answer either.
    if count(b"{") > MOST_OBJECTS || count(b",:[{") > 2 * MOST_VALUES {
        return Err(Malformed::TooLong);
    }
    serde_json::from_slice(text).map_err(|_| Malformed::NotJson)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_too_many_values_is_refused_before_it_is_read() {
        let values = format!("[{}0]", "0,".repeat(2 * MOST_VALUES));
        assert_eq!(bounded_json(values.as_bytes()), Err(Malformed::TooLong));
        let objects = format!("[{}{{}}]", "{},".repeat(MOST_OBJECTS));
        assert_eq!(bounded_json(objects.as_bytes()), Err(Malformed::TooLong));
        let many = format!("[{}{{}}]", "{},".repeat(MOST_OBJECTS - 1));
        assert!(bounded_json(many.as_bytes()).is_ok());
    }
}
