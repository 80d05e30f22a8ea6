//! A damaged ticket, record or receipt keeps nobody out and hides no other file.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use privicore_sandbox::{Dialect, Fault};
use privicore_tests::test_vault::{Record, TestVault};
use privicore_tests::{in_each_dialect, wait_until};
use privicore_vault::{Code, Event, TransferState};

use super::faults::{FILES, RESERVE, SMALL, assert_done, originals};

in_each_dialect!(
    a_damaged_ticket_keeps_nobody_out,
    a_damaged_record_of_a_file_or_of_its_receipt_keeps_nobody_out
);

/// Damages the ticket of a transfer that is under way and ends the vault.
async fn a_damaged_ticket_keeps_nobody_out(dialect: Dialect) {
    let mut fixture = TestVault::retrying(dialect).await;
    let control = fixture.sandbox().control();
    control.faults().plan(RESERVE, Fault::AnswerWithheld, 2);
    let ids = fixture.vault.store(originals(&fixture, SMALL), "").await;
    let ids = ids.unwrap();
    wait_until("one is stored and two wait for an answer", async || {
        let done = |id| fixture.vault.transfer(id).unwrap().unwrap().state == TransferState::Done;
        control.calls(RESERVE) == 3 && ids.iter().any(|id| done(*id))
    })
    .await;
    fixture.vault.shut_down().await;
    fixture.damage(Record::Ticket);
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let mut events = fixture.vault.events();
    let notice = events.try_recv();
    assert!(
        matches!(&notice, Ok(Event::Notice(told)) if told.code == Code::TicketDamaged),
        "{notice:?}"
    );
    let (transfers, _) = fixture.vault.transfers().unwrap();
    assert_eq!(transfers.len(), 1, "{transfers:?}");
    assert_done(&fixture.ended(&[transfers[0].id]).await);
    fixture.vault.refresh().await.unwrap();
    assert_eq!(fixture.names().len(), 2);
}

/// The list is the service's, and names are sealed with it; a receipt is this machine's alone.
async fn a_damaged_record_of_a_file_or_of_its_receipt_keeps_nobody_out(dialect: Dialect) {
    let mut fixture = TestVault::retrying(dialect).await;
    assert_done(&fixture.store(originals(&fixture, SMALL), "").await);
    fixture.vault.shut_down().await;
    fixture.damage(Record::File);
    fixture.damage(Record::Receipt);
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let mut events = fixture.vault.events();
    let notice = events.try_recv();
    assert!(
        matches!(&notice, Ok(Event::Notice(told)) if told.code == Code::RecordsDamaged),
        "{notice:?}"
    );
    fixture.vault.refresh().await.unwrap();
    let listed = fixture.listed();
    assert_eq!(listed.len(), FILES);
    let with_receipt = listed.iter().filter(|file| file.receipt.is_some());
    assert_eq!(with_receipt.count(), FILES - 1);
    for file in listed {
        fixture.saved(&file).await.unwrap();
    }
    fixture.restart().await;
    fixture
        .vault
        .unlock(Some(TestVault::passphrase()))
        .await
        .unwrap();
    let told_again = fixture.vault.events().try_recv();
    assert!(
        !matches!(told_again, Ok(Event::Notice(_))),
        "{told_again:?}"
    );
}
