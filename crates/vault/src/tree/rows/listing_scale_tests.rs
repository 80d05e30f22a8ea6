//! A list of a million files.

use jiff::Timestamp;
use privicore_envelope::ModifiedTime;

use super::tests::{all, below, key};
use super::*;
use crate::files::attributes::Attributes;
use crate::files::catalogue::Catalogue;
use crate::files::file::{AtService, FileRow};
use crate::receipts::Receipt;
use crate::store::rows::Version;
use crate::store::shared_text::sharing;

/// What the process has in memory, in bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages = statm.split_whitespace().nth(1).unwrap();
    pages.parse::<u64>().unwrap() * 4096
}

fn one_of_a_million(number: u32, with_receipt: bool) -> File {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    id[4..8].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    let token = format!("3f2b6c1e-8a40-4d55-9d3e-{number:012}");
    let name = format!(
        "Holiday picture {}.jpg",
        number.wrapping_mul(7919) % 1_000_003
    );
    let receipt = with_receipt.then(|| Receipt {
        digest: "0123456789abcdef".repeat(4),
        form: "age".into(),
        application_key: "SHA256:0123456789abcdef0123456789abcdef0123456789a".into(),
        recovery_recipient: format!("age1{}", "q".repeat(58)).into(),
        commands: vec![token.clone(), token.clone()],
        token: Some(token.as_str().into()),
        ..Receipt::default()
    });
    let row = FileRow {
        token,
        name,
        folder: format!("Family/Album {}", number / 100).into(),
        is_escaped: false,
        context: "documents".into(),
        size_bytes: Some(u64::from(number)),
        attributes: Some(Attributes {
            modified: Some(ModifiedTime::new(i64::from(number) * 1000, 0)),
            ..Attributes::default()
        }),
        stored_size_bytes: Some(u64::from(number)),
        stored_at: Timestamp::from_second(i64::from(number)).ok(),
        at_service: AtService {
            sealed_name: Some(format!("{number:032x}").into()),
            ever_listed: Some(true),
            ..AtService::default()
        },
        has_receipt: with_receipt,
        receipt_lost: false,
    };
    File::from_row(FileId(id), row, receipt)
}

/// As it is read from its rows.
fn as_read(file: File) -> File {
    let receipt = file.receipt.as_ref().map(|receipt| {
        let json = serde_json::to_string(receipt).unwrap();
        serde_json::from_str(&json).unwrap()
    });
    let row = serde_json::to_string(&file.row()).unwrap();
    File::from_row(file.id, serde_json::from_str(&row).unwrap(), receipt)
}

#[test]
fn a_large_tree_is_the_same_whether_it_is_made_at_once_or_file_by_file() {
    let file = |number: u32| {
        let file = one_of_a_million(number, number.is_multiple_of(3));
        match number % 10 {
            // Another version of the file before it.
            1 => File {
                name: one_of_a_million(number - 1, false).name,
                ..file
            },
            2 => File {
                attributes: Some(Attributes::FOLDER),
                ..file
            },
            // Only the service says what it is called.
            3 => File {
                size_bytes: None,
                attributes: None,
                receipt: None,
                ..file
            },
            _ => file,
        }
    };
    let files: Vec<File> = (0..12_000).map(file).collect();
    let mut at_once = Tree::of(files.iter());
    let mut one_by_one = Tree::default();
    for file in &files {
        one_by_one.insert(file);
    }
    for sort in [RowSort::Name, RowSort::Size, RowSort::StoredAt] {
        for search in ["", "picture 12", "album 7"] {
            let query = RowQuery {
                sort,
                search: search.to_owned(),
                ..below()
            };
            let [found, expected] = [&mut at_once, &mut one_by_one].map(|tree| tree.find(&query));
            assert!(!found.files.is_empty());
            assert_eq!(found.files, expected.files, "{sort:?} {search}");
            assert_eq!(found.bytes, expected.bytes);
        }
    }
    for file in &files {
        let ids = |tree: &Tree| -> Vec<FileId> {
            tree.versions_of(file)
                .iter()
                .map(|version| version.id)
                .collect()
        };
        assert_eq!(ids(&at_once), ids(&one_by_one));
    }
}

/// Prints the figures of docs/performance.md; nothing is asserted of time. Each is a process of its own: what one list
/// has let go of would be what the next one is made of.
#[test]
#[ignore = "a million files take a minute; with --ignored --nocapture, optimised as docs/performance.md says"]
fn figures_of_a_list_of_a_million_files_without_receipts() {
    figures(false);
}

#[test]
#[ignore = "a million files take a minute; with --ignored --nocapture, optimised as docs/performance.md says"]
fn figures_of_a_list_of_a_million_files_with_receipts() {
    figures(true);
}

fn figures(with_receipt: bool) {
    let before = resident();
    let files: Vec<Arc<File>> = sharing(|| {
        let read = (0..1_000_000).map(|number| as_read(one_of_a_million(number, with_receipt)));
        read.map(Arc::new).collect()
    });
    println!(
        "receipts: {with_receipt}; {} bytes a file",
        (resident() - before) / 1_000_000
    );
    let begun = std::time::Instant::now();
    let mut list = Catalogue::of(files, Version::default());
    println!("list and tree: {:?}", begun.elapsed());
    let album = RowRef::File(list.all()[0].id);
    let ask = |list: &mut Catalogue, what: &str, query: &RowQuery| {
        let begun = std::time::Instant::now();
        let page = list.rows(
            &RowQuery {
                limit: 200,
                ..query.clone()
            },
            &[album],
        );
        println!("{what}: {:?}, {} rows", begun.elapsed(), page.total);
    };
    ask(&mut list, "the first question", &all());
    println!(
        "{} bytes a file with the tree",
        (resident() - before) / 1_000_000
    );
    let folder = RowQuery {
        folder: key(&mut list, "Family"),
        ..all()
    };
    ask(&mut list, "a folder of 10,000 folders", &folder);
    ask(
        &mut list,
        "everything by name, for the first time",
        &below(),
    );
    ask(
        &mut list,
        "the same, another window",
        &RowQuery {
            offset: 500_000,
            ..below()
        },
    );
    let recent = RowQuery {
        sort: RowSort::StoredAt,
        descending: true,
        ..below()
    };
    ask(&mut list, "everything by time, for the first time", &recent);
    for number in 1_000_000..1_000_100 {
        list.put(one_of_a_million(number, with_receipt));
    }
    ask(
        &mut list,
        "everything by time, after 100 files came",
        &recent,
    );
    ask(&mut list, "everything by name, after that", &below());
    for words in ["picture 123456", "album 77", "jpg"] {
        let search = RowQuery {
            search: words.to_owned(),
            ..below()
        };
        ask(&mut list, words, &search);
    }
    let images = RowQuery {
        kind: Some(FileKind::Image),
        ..below()
    };
    ask(&mut list, "all pictures", &images);
    println!(
        "{} bytes a file at the end",
        (resident() - before) / 1_000_000
    );
}
