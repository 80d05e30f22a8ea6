//! Points in time as the service writes them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Reads an ISO 8601 time. Without an offset it is taken as UTC.
pub(crate) fn timestamp(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse().ok().or_else(|| utc(text)),
        Value::Number(number) => Timestamp::from_second(number.as_i64()?).ok(),
        _ => None,
    }
}

fn utc(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_iso_times_with_and_without_an_offset() {
        let expected: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        for text in [
            "2026-11-24T10:00:00Z",
            "2026-11-24T11:00:00+01:00",
            "2026-11-24T10:00:00+0000",
            "2026-11-24T10:00:00.000000Z",
            "2026-11-24 10:00:00",
        ] {
            assert_eq!(timestamp(&json!(text)), Some(expected), "{text}");
        }
        assert_eq!(timestamp(&json!(expected.as_second())), Some(expected));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for value in [json!("soon"), json!(null), json!({}), json!("")] {
            assert_eq!(timestamp(&value), None);
        }
    }
}
