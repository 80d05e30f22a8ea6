use super::*;
use crate::keys::key_cost::KeyCost;
use crate::session::grace::{GRACE_TIME, GRACE_WAIT, Grace};
use crate::store::settings::ProfileDir;

#[tokio::test]
async fn a_sign_out_while_locked_makes_no_records_where_they_are_lost() {
    let dir = tempfile::tempdir().unwrap();
    let profile = ProfileDir::derive("salt", "service", "ada");
    let files = ProfileFiles::new(dir.path(), &profile, KeyCost::least());
    std::fs::create_dir_all(files.folder()).unwrap();
    forget(&files).await.unwrap();
    assert!(!files.has_records().unwrap());
}

#[test]
fn a_key_that_is_not_told_is_asked_for_a_few_times_and_for_a_few_seconds() {
    let now = Instant::now();
    let mut grace = Grace::begin(now);
    assert_eq!(grace.next_wait(now), Some(GRACE_WAIT));
    assert_eq!(grace.next_wait(now), Some(GRACE_WAIT * 2));
    assert_eq!(grace.next_wait(now), None);
    let mut slow = Grace::begin(now);
    assert_eq!(slow.next_wait(now + GRACE_TIME), None);
}
