use jiff::Timestamp;

use super::*;
use crate::files::deletion::scheduled::{DeletionMark, Doubt, Sent};
use crate::files::file::FileRow;
use crate::receipts::verdict::Mismatch;
use crate::store::process_lock::RunId;
use crate::{
    AtService, File, FileId, FilePage, FileQuery, FileState, Sort, TokenAnswer, Unlisted, Unusual,
};
use crate::{FileError, SessionError};

fn file(name: &str, context: &str, size_bytes: u64) -> File {
    let row = FileRow {
        token: format!("dtk-{name}-{context}"),
        name: name.into(),
        folder: "2026".into(),
        is_escaped: false,
        context: context.into(),
        size_bytes: Some(size_bytes),
        attributes: None,
        stored_size_bytes: None,
        stored_at: None,
        at_service: AtService::default(),
        has_receipt: false,
        receipt_lost: false,
    };
    let id = FileId::derive(&row.token().to_owned().into());
    File::from_row(id, row, None)
}

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.put(file("Beta.pdf", "invoices", 2));
    catalogue.put(file("alpha.pdf", "photos", 30));
    catalogue.put(file("gamma.csv", "invoices", 1));
    catalogue
}

fn query(search: &str) -> FileQuery {
    FileQuery {
        search: search.into(),
        limit: 10,
        ..FileQuery::default()
    }
}

fn names(page: &FilePage) -> Vec<&str> {
    page.rows.iter().map(|file| file.name.as_str()).collect()
}

#[test]
fn sorts_by_name_without_regard_to_case() {
    let page = catalogue().query(&query(""));
    assert_eq!(names(&page), ["alpha.pdf", "Beta.pdf", "gamma.csv"]);
}

#[test]
fn finds_all_words_in_name_folder_and_context() {
    let page = catalogue().query(&query("INVOICES pdf"));
    assert_eq!(names(&page), ["Beta.pdf"]);
    assert_eq!(page.all_files, 3);
}

#[test]
fn finds_files_that_need_attention_and_counts_them_in_the_whole_list() {
    let mut catalogue = catalogue();
    let lost = file("alpha.pdf", "photos", 0).id;
    let renamed = file("gamma.csv", "invoices", 0).id;
    assert_eq!(catalogue.query(&query("")).need_attention, 0);
    catalogue.mark_missing(lost, None, Timestamp::UNIX_EPOCH);
    catalogue.amend(renamed, |file| {
        file.at_service.renamed = Some(file.named());
    });
    let asked = FileQuery {
        needs_attention: true,
        ..query("")
    };
    let page = catalogue.query(&asked);
    assert_eq!(names(&page), ["alpha.pdf", "gamma.csv"]);
    assert_eq!(page.need_attention, 2);
    catalogue.forget(lost);
    assert_eq!(names(&catalogue.query(&asked)), ["gamma.csv"]);
    assert_eq!(catalogue.query(&query("beta")).need_attention, 1);
}

#[test]
fn answers_a_window_with_totals_of_the_whole() {
    let page = catalogue().query(&FileQuery {
        sort: Sort::Size,
        descending: true,
        offset: 1,
        limit: 1,
        ..query("")
    });
    assert_eq!(names(&page), ["Beta.pdf"]);
    assert_eq!((page.total, page.total_bytes), (3, 33));
}

#[test]
fn a_change_is_seen_by_the_same_question() {
    let mut catalogue = catalogue();
    assert_eq!(catalogue.query(&query("")).total, 3);
    let gone = file("Beta.pdf", "invoices", 2).id;
    catalogue.forget(gone);
    assert_eq!(catalogue.query(&query("")).total, 2);
}

#[test]
fn a_file_that_comes_back_still_has_its_receipt() {
    let mut catalogue = Catalogue::default();
    let stored = File {
        receipt: Some(Box::new(receipt())),
        state: FileState::Stored,
        ..file("a", "", 1)
    };
    let id = stored.id;
    catalogue.put(stored);
    catalogue.forget(id);
    catalogue.keep_receipts([(id, receipt())]);
    catalogue.put(file("a", "", 1));
    assert_eq!(
        catalogue.get(id).unwrap().receipt,
        Some(Box::new(receipt()))
    );
    assert_eq!(catalogue.get(id).unwrap().state, FileState::Stored);
}

#[test]
fn what_is_closed_holds_nothing_and_takes_nothing_in() {
    let mut catalogue = catalogue();
    let known = file("Beta.pdf", "invoices", 2);
    catalogue.query(&query(""));
    catalogue.close();
    catalogue.put(known.clone());
    catalogue.keep_receipts([(known.id, receipt())]);
    assert_eq!(catalogue.query(&query("")).all_files, 0);
    assert!(catalogue.receipts.is_empty());
    assert!(matches!(
        catalogue.find(known.id),
        Err(Error::Session(SessionError::Locked))
    ));
    catalogue.reopen();
    assert!(matches!(
        catalogue.find(known.id),
        Err(Error::File(FileError::Unknown))
    ));
}

#[test]
fn what_was_put_since_is_newer_than_what_was_read() {
    let mut read = catalogue();
    let mut now = Catalogue::default();
    now.put(file("Beta.pdf", "invoices", 99));
    read.keep_receipts([(FileId([1; 16]), receipt())]);
    now.take_in(read);
    assert_eq!(now.query(&query("")).all_files, 3);
    let beta = now.get(file("Beta.pdf", "invoices", 2).id).unwrap();
    assert_eq!(beta.size_bytes, Some(99));
    assert_eq!(now.receipts.len(), 1);
}

#[test]
fn what_was_read_back_is_shown_and_kept_with_the_receipt() {
    let mut catalogue = Catalogue::default();
    let stored = File {
        receipt: Some(Box::new(receipt())),
        state: FileState::Stored,
        ..file("a", "", 1)
    };
    let id = stored.id;
    catalogue.put(stored.clone());
    let found = Verification {
        at: Timestamp::UNIX_EPOCH,
        mismatch: Some(Mismatch::Damaged),
        storage_devices: None,
    };
    let receipt = catalogue.verified(&stored, found).unwrap();
    assert_eq!(receipt.verification, Some(found));
    assert_eq!(catalogue.get(id).unwrap().state, FileState::Mismatch);
    catalogue.forget(id);
    catalogue.keep_receipts([(id, receipt)]);
    catalogue.put(file("a", "", 1));
    assert_eq!(catalogue.get(id).unwrap().state, FileState::Mismatch);
}

#[test]
fn what_has_no_receipt_cannot_be_verified() {
    let mut catalogue = catalogue();
    let found = Verification {
        at: Timestamp::UNIX_EPOCH,
        mismatch: None,
        storage_devices: None,
    };
    let listed = file("Beta.pdf", "invoices", 2);
    assert!(catalogue.verified(&listed, found).is_none());
    assert_eq!(
        catalogue.get(listed.id).unwrap().state,
        FileState::MissingReceipt
    );
}

fn receipt() -> Receipt {
    Receipt {
        digest: "digest".into(),
        stored_size: 100,
        ..Receipt::default()
    }
}

#[test]
fn a_file_that_is_being_deleted_stays_so_when_it_was_sealed_again() {
    let mut catalogue = Catalogue::default();
    let stored = file("a", "", 1);
    let id = stored.id;
    catalogue.put(stored);
    catalogue.set_state(id, FileState::Deleting);
    catalogue.renew(id, receipt());
    let renewed = catalogue.get(id).unwrap();
    assert_eq!(renewed.state, FileState::Deleting);
    assert_eq!(renewed.receipt, Some(Box::new(receipt())));
    catalogue.forget(id);
    catalogue.renew(id, receipt());
    assert!(catalogue.get(id).is_none(), "it came back");
}

#[test]
fn a_change_takes_its_place_in_every_order() {
    let mut catalogue = catalogue();
    let descending = FileQuery {
        sort: Sort::Size,
        descending: true,
        ..query("")
    };
    assert_eq!(
        names(&catalogue.query(&descending)),
        ["alpha.pdf", "Beta.pdf", "gamma.csv"]
    );
    catalogue.put(file("delta.txt", "photos", 3));
    catalogue.put(file("gamma.csv", "invoices", 99));
    catalogue.forget(file("alpha.pdf", "photos", 30).id);
    catalogue.set_state(file("Beta.pdf", "invoices", 2).id, FileState::NotConfirmed);
    let page = catalogue.query(&descending);
    assert_eq!(names(&page), ["gamma.csv", "delta.txt", "Beta.pdf"]);
    assert_eq!(page.rows[2].state, FileState::NotConfirmed);
    let by_name = catalogue.query(&query(""));
    assert_eq!(names(&by_name), ["Beta.pdf", "delta.txt", "gamma.csv"]);
    catalogue.set_state(file("gamma.csv", "invoices", 1).id, FileState::Deleting);
    catalogue.set_state(file("gamma.csv", "invoices", 1).id, FileState::Stored);
    catalogue.forget(file("delta.txt", "photos", 3).id);
    let by_name = catalogue.query(&query("g"));
    assert_eq!(names(&by_name), ["gamma.csv"]);
    assert_eq!(by_name.contexts, [("invoices".to_owned(), 2)]);
    assert_eq!(
        names(&catalogue.query(&query(""))),
        ["Beta.pdf", "gamma.csv"]
    );
    for at in 0..300 {
        catalogue.put(file(&format!("many {at:03}"), "photos", at));
    }
    let all = catalogue.query(&query(""));
    assert_eq!((all.total, all.contexts[1].1), (302, 300));
    assert_eq!(all.rows[2].name, "many 000");
}

#[test]
fn only_a_list_that_is_asked_for_after_a_deletion_has_ended_settles_it() {
    let mut catalogue = catalogue();
    let id = file("Beta.pdf", "invoices", 2).id;
    let delete = |catalogue: &mut Catalogue| {
        catalogue.amend(id, |file| {
            file.at_service.deletion_sent = true;
            file.at_service.deletions += 1;
            file.state = FileState::Deleting;
        });
    };
    let is_sent = |catalogue: &Catalogue| catalogue.get(id).unwrap().at_service.deletion_sent;
    let sent = |deletions| Doubt {
        deletions,
        mark: Some(DeletionMark {
            by: None,
            command: None,
        }),
    };
    let (before, once) = (sent(0), sent(1));
    delete(&mut catalogue);
    // Under way, or a list that was on its way when it was sent.
    assert!(!catalogue.settle_doubt(id, Some(&once)));
    catalogue.set_state(id, FileState::NotConfirmed);
    assert!(!catalogue.settle_doubt(id, Some(&before)) && !catalogue.settle_doubt(id, None));
    assert!(is_sent(&catalogue));
    assert!(catalogue.settle_doubt(id, Some(&once)));
    assert!(!is_sent(&catalogue));
    delete(&mut catalogue);
    catalogue.set_state(id, FileState::NotConfirmed);
    assert!(
        !catalogue.settle_doubt(id, Some(&once)),
        "it was sent once more"
    );
    assert!(is_sent(&catalogue));
}

#[test]
fn what_is_learned_of_a_deletion_changes_nothing_of_one_that_was_sent_since() {
    let run: RunId = [2; 16];
    let first = Sent::Accepted(run, "c-1".to_owned());
    for newer in [
        Sent::Deciding(run),
        Sent::Deciding([3; 16]),
        Sent::Accepted(run, "c-2".to_owned()),
        Sent::InDoubt,
        Sent::Not,
    ] {
        let mut catalogue = catalogue();
        let id = file("Beta.pdf", "invoices", 2).id;
        let note = |catalogue: &mut Catalogue, sent: &Sent| {
            catalogue.amend(id, |file| {
                sent.note(&mut file.at_service);
                file.state = file.settled_state();
            })
        };
        let asked = note(&mut catalogue, &first).unwrap();
        assert_eq!(asked.state, FileState::NotConfirmed);
        let mark = DeletionMark::of(&asked.at_service).unwrap();
        let now = note(&mut catalogue, &newer).unwrap();
        assert!(!catalogue.note_outcome(id, &mark, &Sent::Not), "{newer:?}");
        let doubt = Doubt {
            deletions: 0,
            mark: Some(mark.clone()),
        };
        assert!(!catalogue.settle_doubt(id, Some(&doubt)), "{newer:?}");
        let left = catalogue.get(id).unwrap();
        assert_eq!(left.at_service, now.at_service, "{newer:?}");
        assert_eq!(left.state, now.state, "{newer:?}");
        note(&mut catalogue, &first);
        assert!(catalogue.note_outcome(id, &mark, &Sent::Not));
        let left = catalogue.get(id).unwrap();
        assert!(!left.at_service.deletion_sent && left.state != FileState::NotConfirmed);
    }
}

#[test]
fn the_service_is_not_asked_for_a_file_again_and_again() {
    let hours = |hours: i64| Timestamp::from_second(1_800_000_000 + hours * 3_600).unwrap();
    let may_ask = |answer, asked_at, now| {
        let unlisted = Unlisted {
            since: hours(0),
            asked_at,
            answer,
        };
        let at = AtService {
            unusual: Some(Box::new(Unusual {
                unlisted: Some(unlisted),
                ..Unusual::default()
            })),
            ..AtService::default()
        };
        at.may_ask(now)
    };
    assert!(AtService::default().may_ask(hours(0)));
    assert!(may_ask(TokenAnswer::NotAsked, None, hours(0)));
    for answer in [
        TokenAnswer::CouldNotAsk,
        TokenAnswer::Accepted,
        TokenAnswer::HandedOut,
    ] {
        assert!(!may_ask(answer, Some(hours(5)), hours(5)), "{answer:?}");
        assert!(may_ask(answer, Some(hours(5)), hours(6)), "{answer:?}");
        assert!(
            may_ask(answer, Some(hours(5)), hours(4)),
            "the clock was set back"
        );
    }
}

#[test]
fn a_file_of_which_only_an_old_receipt_is_left_takes_token_and_name_from_the_list() {
    let known = file("Beta.pdf", "invoices", 2);
    let mut catalogue = Catalogue::default();
    catalogue.put(File::from_receipt(known.id, receipt()));
    let left = catalogue.get(known.id).unwrap();
    assert!(left.name.starts_with("unknown-name-") && !left.has_token());
    let refused = catalogue.with_token(known.id);
    assert!(matches!(
        refused,
        Err(Error::File(FileError::MissingAtService { .. }))
    ));
    catalogue.merge_listed(known.clone(), Timestamp::now());
    let back = catalogue.get(known.id).unwrap();
    assert_eq!(
        (back.name.as_str(), &back.receipt),
        ("Beta.pdf", &Some(Box::new(receipt())))
    );
    assert_eq!(back.token.reveal(), known.token.reveal());
    assert_eq!(
        (back.state, &back.at_service.renamed),
        (FileState::Stored, &None)
    );
}

#[test]
fn counts_contexts() {
    let page = catalogue().query(&query("alpha"));
    assert_eq!(
        page.contexts,
        [("invoices".to_owned(), 2), ("photos".to_owned(), 1)]
    );
}

/// How long it takes is printed: `cargo test --release -p privicore-vault searched -- --nocapture`.
#[test]
fn one_of_a_hundred_thousand_names_is_found_when_searched_for() {
    let mut catalogue = Catalogue::default();
    for at in 0..100_000_u64 {
        let name = format!("Report {at:06} of the {} quarter.pdf", at % 4);
        catalogue.put(file(&name, "invoices", at));
    }
    let mut timed = |what: &str, words: &str| {
        let begin = std::time::Instant::now();
        let page = catalogue.query(&query(words));
        eprintln!("{what} of 100,000 in {:?}", begin.elapsed());
        if words.is_empty() {
            catalogue.put(file("Report of today.pdf", "photos", 1));
        }
        page
    };
    assert_eq!(timed("the whole list", "").total, 100_000);
    let both = timed("one, after a change,", "REPORT 054321 pdf");
    assert_eq!(names(&both), ["Report 054321 of the 1 quarter.pdf"]);
    assert_eq!(timed("one", "054322").total, 1);
    assert_eq!(timed("all", "report").total, 100_001);
}
