//! What was not read back for long.

use jiff::Timestamp;

use super::tests::{all, catalogue, found, stored};
use super::*;
use crate::receipts::Verification;

#[test]
fn files_that_were_not_read_back_for_long_are_found_by_when_they_were() {
    let verified_at = |mut file: File, at: i64| {
        let verification = Verification {
            at: Timestamp::from_second(at).unwrap(),
            mismatch: None,
            storage_devices: None,
        };
        file.receipt.as_mut().unwrap().verification = Some(verification);
        file
    };
    let without_receipt = |mut file: File| {
        file.receipt = None;
        file
    };
    let before = |ms| RowQuery {
        verified_before: Some(ms),
        ..all()
    };
    let mut catalogue = catalogue([
        stored(1, "never.pdf", 10),
        verified_at(stored(2, "long ago.pdf", 10), 20),
        verified_at(stored(3, "just now.pdf", 10), 900),
        without_receipt(stored(4, "nothing to compare with.pdf", 10)),
        stored(5, "new.pdf", 900),
        stored(6, "in/deeper.pdf", 10),
    ]);
    assert_eq!(
        found(&mut catalogue, &before(500_000)),
        ["long ago.pdf", "never.pdf"]
    );
    assert_eq!(found(&mut catalogue, &before(10_000)), [""; 0]);
    catalogue.put(verified_at(stored(1, "never.pdf", 10), 901));
    assert_eq!(found(&mut catalogue, &before(500_000)), ["long ago.pdf"]);
}
