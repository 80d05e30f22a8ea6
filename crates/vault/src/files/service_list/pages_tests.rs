use std::cell::{Cell, RefCell};
use std::future::ready;

use super::*;

fn entry(token: &str) -> TokenEntry {
    TokenEntry {
        token: token.to_owned().into(),
        context: None,
        file_name: None,
        extension: None,
        size: None,
        created_at: None,
        rest: Map::new(),
    }
}

fn page(tokens: &[String]) -> Page<TokenEntry> {
    Page {
        items: tokens.iter().map(|token| entry(token)).collect(),
        count: None,
        page: None,
        per_page: None,
        bytes: 100 * tokens.len(),
        nameless: 0,
    }
}

fn refusal() -> Error {
    ClientError::Invalid {
        details: "perPage".to_owned(),
    }
    .into()
}

fn names(of: impl IntoIterator<Item = usize>) -> Vec<String> {
    of.into_iter().map(|number| number.to_string()).collect()
}

/// The page of this number and size of a list.
fn cut(list: &[String], number: Option<u32>, size: usize) -> Page<TokenEntry> {
    let from = size * (number.unwrap_or(1) as usize - 1);
    let rest = list.get(from..).unwrap_or_default();
    page(&rest[..rest.len().min(size)])
}

fn tokens(entries: &[TokenEntry]) -> Vec<String> {
    let mut tokens: Vec<String> = entries
        .iter()
        .map(|entry| entry.token.reveal().to_owned())
        .collect();
    tokens.sort_by_key(|token| token.parse::<usize>().ok());
    tokens
}

#[tokio::test]
async fn smaller_pages_are_asked_for_until_the_service_accepts_them() {
    let list = names(0..120);
    for cap in [1_000, 100, 50, 7, 1] {
        let ask = |number, size: Option<u32>| {
            let size = size.unwrap_or(10);
            ready(if size > cap {
                Err(refusal())
            } else {
                Ok(cut(&list, number, size as usize))
            })
        };
        let (entries, largest) = gather(ask, Largest::Any, ListLimits::default())
            .await
            .unwrap();
        assert_eq!(tokens(&entries), list, "{cap}");
        match largest {
            Largest::Any => assert_eq!(cap, 1_000),
            Largest::Number(size) => assert!(size <= cap),
            Largest::Unnamed => panic!("{cap} was accepted"),
        }
    }
}

#[tokio::test]
async fn a_service_that_takes_no_size_or_no_page_is_asked_without() {
    let list = names(0..25);
    let no_size = |number, size: Option<u32>| {
        ready(match size {
            Some(_) => Err(refusal()),
            None => Ok(cut(&list, number, 10)),
        })
    };
    let (entries, largest) = gather(no_size, Largest::Any, ListLimits::default())
        .await
        .unwrap();
    assert_eq!(
        (tokens(&entries), largest),
        (list.clone(), Largest::Unnamed)
    );
    let no_page = |number: Option<u32>, _| {
        ready(match number {
            Some(_) => Err(refusal()),
            None => Ok(page(&list)),
        })
    };
    let (entries, _) = gather(no_page, Largest::Any, ListLimits::default())
        .await
        .unwrap();
    assert_eq!(tokens(&entries), list);
}

#[tokio::test]
async fn a_service_that_has_no_pages_answers_the_same_again() {
    let list = names(0..25);
    let asked = Cell::new(0);
    let ask = |_, _| {
        asked.set(asked.get() + 1);
        ready(Ok(page(&list)))
    };
    let (entries, _) = gather(ask, Largest::Any, ListLimits::default())
        .await
        .unwrap();
    assert_eq!(tokens(&entries), list);
    assert_eq!(asked.get(), 1 + MOST_REPEATED_PAGES);
}

/// Whatever a service says of the size of its pages and of the list, no entry is lost.
#[tokio::test]
async fn a_page_that_is_shorter_than_the_service_says_does_not_end_the_list() {
    let list = names(0..25);
    for said in [None, Some(0), Some(1), Some(10), Some(11), Some(500)] {
        for count in [None, Some(0), Some(10), Some(25), Some(1_000)] {
            for size in [1, 7, 10, 24, 25, 26] {
                let ask = |number, _| {
                    let mut page = cut(&list, number, size);
                    page.per_page = said;
                    page.count = count;
                    ready(Ok(page))
                };
                let read = gather(ask, Largest::Any, ListLimits::default()).await;
                let found = tokens(&read.unwrap().0);
                assert_eq!(found, list, "{said:?} {count:?} {size}");
            }
        }
    }
}

#[tokio::test]
async fn an_entry_that_one_reading_has_is_listed_when_no_two_readings_agree() {
    let asked = Cell::new(0);
    let list = names(0..20);
    let ask = |number, _| {
        let reading = asked.get() / 3;
        asked.set(asked.get() + 1);
        let hidden = list[10 + reading].clone();
        let mut page = cut(&list, number, 10);
        page.items.retain(|entry| entry.token.reveal() != hidden);
        ready(Ok(page))
    };
    let read = gather(ask, Largest::Any, ListLimits::default()).await;
    assert_eq!(tokens(&read.unwrap().0), list);
}

#[tokio::test]
async fn an_entry_that_is_found_in_the_first_reading_is_not_looked_for_in_another() {
    let list = names(0..35);
    for (wanted, readings) in [("0", 1), ("34", 1), ("none", 2)] {
        let firsts = Cell::new(0);
        let ask = |number: Option<u32>, _| {
            firsts.set(firsts.get() + u32::from(number == Some(1)));
            ready(Ok(cut(&list, number, 10)))
        };
        let has_it = |entries: &[TokenEntry]| {
            let mut tokens = entries.iter().map(|entry| entry.token.reveal());
            tokens.any(|token| token == wanted)
        };
        let limits = ListLimits::default();
        let read = gather_until(ask, Largest::Any, limits, has_it).await;
        assert_eq!(tokens(&read.unwrap().0), list);
        assert_eq!(firsts.get(), readings, "{wanted}");
    }
}

#[test]
fn small_pages_may_be_the_sign_of_a_moment_and_are_not_learnt() {
    for (found, is_learnt) in [
        (Largest::Any, true),
        (Largest::Unnamed, true),
        (Largest::Number(LEAST_PAGE), true),
        (Largest::Number(LEAST_PAGE - 1), false),
        (Largest::Number(1), false),
    ] {
        assert_eq!(is_habit(found), is_learnt, "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_complete_reading_is_kept_when_the_time_is_up_during_the_next() {
    let limits = ListLimits {
        time: Duration::from_mins(1),
        ..ListLimits::default()
    };
    let list = names(0..20);
    let ask = |number, _| {
        let page = cut(&list, number, 10);
        async move {
            tokio::time::sleep(Duration::from_secs(15)).await;
            Ok(page)
        }
    };
    let read = gather(ask, Largest::Any, limits).await;
    assert_eq!(tokens(&read.unwrap().0), list);
}

/// Whatever is deleted or added between whichever two pages, every entry that was there all the time is found.
#[tokio::test]
async fn a_change_between_two_pages_loses_no_entry() {
    for at in 1..8 {
        for deleted in [0, 9, 10, 19, 25] {
            for added in 0..3 {
                let list = RefCell::new(names(0..30));
                let asked = Cell::new(0);
                let ask = |number, _| {
                    asked.set(asked.get() + 1);
                    if asked.get() == at {
                        let mut list = list.borrow_mut();
                        list.remove(deleted);
                        list.splice(0..0, names(100..100 + added));
                    }
                    ready(Ok(cut(&list.borrow(), number, 10)))
                };
                let read = gather(ask, Largest::Number(10), ListLimits::default()).await;
                let found = tokens(&read.unwrap().0);
                for kept in names((0..30).filter(|number| *number != deleted)) {
                    assert!(found.contains(&kept), "{at} {deleted} {added}: {kept}");
                }
            }
        }
    }
}

#[tokio::test]
async fn pages_of_new_entries_between_two_pages_lose_no_entry() {
    for at in 1..8 {
        for added in [9, 10, 11, 20] {
            let list = RefCell::new(names(0..30));
            let asked = Cell::new(0);
            let ask = |number, _| {
                asked.set(asked.get() + 1);
                if asked.get() == at {
                    list.borrow_mut().splice(0..0, names(100..100 + added));
                }
                ready(Ok(cut(&list.borrow(), number, 10)))
            };
            let read = gather(ask, Largest::Number(10), ListLimits::default()).await;
            let found = tokens(&read.unwrap().0);
            for kept in names(0..30) {
                assert!(found.contains(&kept), "{at} {added}: {kept}");
            }
        }
    }
}

#[tokio::test]
async fn a_deletion_that_empties_the_second_page_loses_no_entry() {
    for (asked_for, said, count) in [
        (Largest::Number(10), None, None),
        (Largest::Any, Some(10), None),
        (Largest::Any, None, Some(11)),
    ] {
        let list = RefCell::new(names(0..11));
        let asked = Cell::new(0);
        let ask = |number, _| {
            asked.set(asked.get() + 1);
            if asked.get() == 2 {
                list.borrow_mut().remove(0);
            }
            let mut page = cut(&list.borrow(), number, 10);
            (page.per_page, page.count) = (said, count);
            ready(Ok(page))
        };
        let read = gather(ask, asked_for, ListLimits::default()).await;
        let found = tokens(&read.unwrap().0);
        assert!(found.contains(&"10".to_owned()), "{said:?} {count:?}");
    }
}

#[tokio::test]
async fn an_entry_is_looked_for_in_the_whole_list_when_the_filter_is_refused_or_not_applied() {
    let unavailable = || {
        Error::Service(ClientError::NotFound {
            operation: "",
            details: String::new(),
        })
    };
    let cases = [
        (Ok(names([7])), false, Some("7")),
        (Ok(names([])), false, None),
        (Ok(names(0..5)), true, Some("7")),
        (Ok(names(0..9)), false, Some("7")),
        (Err(refusal()), true, Some("7")),
    ];
    for (filtered, reads_all, found) in cases {
        let was_read = Cell::new(false);
        let all = async {
            was_read.set(true);
            Ok(names(0..20).iter().map(|token| entry(token)).collect())
        };
        let is_it = |entry: &TokenEntry| entry.token.reveal() == "7";
        let filtered = ready(filtered.map(|tokens| page(&tokens)));
        let looked = find_in(filtered, all, is_it).await.unwrap();
        let token = looked.as_ref().map(|entry| entry.token.reveal());
        assert_eq!((token, was_read.get()), (found, reads_all));
    }
    let all = async { panic!("an error says nothing of the filter") };
    let looked = find_in(ready(Err(unavailable())), all, |_| true).await;
    assert!(matches!(
        looked,
        Err(Error::Service(ClientError::NotFound { .. }))
    ));
}

#[tokio::test]
async fn a_list_without_end_is_given_up_by_entries_bytes_and_pages() {
    let limits = ListLimits {
        pages: 50,
        rows: 1_000,
        bytes: 1_000_000,
        time: Duration::from_hours(1),
    };
    let endless = |rows: usize, bytes: usize| {
        move |number: Option<u32>, _: Option<u32>| {
            let from = number.unwrap_or(1) as usize * rows;
            let mut page = page(&names(from..from + rows));
            page.bytes = bytes;
            ready(Ok(page))
        }
    };
    for (rows, bytes) in [(100, 1), (1, 100_000), (1, 1)] {
        let read = gather(endless(rows, bytes), Largest::Any, limits).await;
        assert!(matches!(
            read,
            Err(Error::Service(ClientError::EndlessList { rows, bytes }))
                if rows <= 1_100 && bytes <= 1_100_000
        ));
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_takes_for_ever_is_given_up() {
    let limits = ListLimits {
        time: Duration::from_mins(1),
        ..ListLimits::default()
    };
    let slow = |number: Option<u32>, _| async move {
        tokio::time::sleep(Duration::from_secs(20)).await;
        Ok(page(&names([number.unwrap_or(1) as usize])))
    };
    assert!(gather(slow, Largest::Any, limits).await.is_err());
}

#[tokio::test]
async fn several_pages_of_a_long_list_are_asked_for_at_a_time_and_taken_in_their_order() {
    let list = names(0..95);
    let (asked, all_ask) = (Cell::new(0), tokio::sync::Barrier::new(AT_A_TIME));
    let ask = |number: Option<u32>, _| {
        let (list, asked, all_ask) = (&list, &asked, &all_ask);
        async move {
            asked.set(asked.get() + 1);
            if number > Some(ONE_BY_ONE) {
                // It goes on only when as many are asked for together.
                all_ask.wait().await;
            }
            Ok(cut(list, number, 10))
        }
    };
    let gathered = gather(ask, Largest::Any, ListLimits::default()).await;
    let (entries, _) = gathered.unwrap();
    let in_order: Vec<&str> = entries.iter().map(|it| it.token.reveal()).collect();
    assert_eq!(in_order, list);
    assert!(asked.get() <= 2 * (10 + 1 + AT_A_TIME), "{}", asked.get());
}
