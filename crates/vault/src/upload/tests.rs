use std::time::Duration;

use jiff::Timestamp;
use privicore_client::DataToken;

use crate::upload::permanent::only;
use crate::upload::place::{Unit, lasts_seconds, outlives, reservation_minutes, shown_unit};
use crate::upload::sending::{INLINE_LIMIT_BYTES, Route};

#[test]
fn one_token_is_the_only_one_however_often_it_comes_and_two_are_none() {
    let of = |tokens: &[&str]| {
        let tokens = tokens
            .iter()
            .map(|token| DataToken::from((*token).to_owned()));
        only(tokens).map(|token| token.reveal().to_owned())
    };
    assert_eq!(of(&[]), None);
    assert_eq!(of(&["a"]).as_deref(), Some("a"));
    assert_eq!(of(&["a", "a"]).as_deref(), Some("a"));
    assert_eq!(of(&["a", "b"]), None);
    assert_eq!(of(&["a", "b", "a"]), None);
}

#[test]
fn small_files_travel_inside_the_command() {
    assert_eq!(Route::of(INLINE_LIMIT_BYTES), Route::Inline);
    assert_eq!(Route::of(INLINE_LIMIT_BYTES + 1), Route::Stream);
}

#[test]
fn the_unit_of_a_reservation_shows_in_when_it_ends() {
    let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    let after = |seconds: i64| Timestamp::from_second(now.as_second() + seconds).unwrap();
    for asked in [5, 15, 60, 300, 3_600] {
        let unit = |left: i64| shown_unit(Some(asked), now, Some(after(left)));
        let asked = i64::from(asked);
        assert_eq!(unit(asked), Some(Unit::Seconds));
        assert_eq!(unit(60 * asked), Some(Unit::Minutes));
        assert_eq!(unit(60 * asked - 30), Some(Unit::Minutes));
        assert_eq!(unit(-1), None);
        // A clock that is far off fits neither.
        assert_eq!(unit(10 * asked), None);
        assert_eq!(unit(100 * asked + 200), None);
    }
    assert_eq!(shown_unit(None, now, Some(after(5))), None);
    assert_eq!(shown_unit(Some(5), now, None), None);
}

#[test]
fn a_place_that_ends_too_soon_or_lives_too_long_shows_its_unit() {
    let seconds = Duration::from_secs;
    assert!(!lasts_seconds(5, seconds(4)) && !lasts_seconds(5, seconds(300)));
    assert!(lasts_seconds(5, seconds(5)) && lasts_seconds(5, seconds(299)));
    assert!(outlives(Some(300), seconds(361)) && !outlives(Some(300), seconds(360)));
    assert!(!outlives(None, seconds(100_000)));
}

#[test]
fn a_reservation_is_longer_for_large_files_and_never_too_long() {
    assert_eq!(reservation_minutes(0), 5);
    assert_eq!(reservation_minutes(600 * 1024 * 1024), 15);
    assert_eq!(reservation_minutes(u64::MAX), 60);
}
