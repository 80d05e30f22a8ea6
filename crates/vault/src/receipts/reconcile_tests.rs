use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::files::file_state::FileState;
use crate::receipts::{Named, Receipt};

/// What a service does with its list, of files that are numbered.
#[derive(Clone, Debug)]
enum Act {
    Hide(u8),
    Show(u8),
    /// It forgets the token as well.
    Lose(u8),
    Exchange(u8, u8),
    Rename(u8),
    Repeat(u8),
    /// Everything from this one on.
    CutFrom(u8),
    Empty,
    ShowAll,
}

const FILES: u8 = 6;

fn act() -> impl Strategy<Value = Act> {
    let file = 0..FILES;
    prop_oneof![
        file.clone().prop_map(Act::Hide),
        file.clone().prop_map(Act::Show),
        file.clone().prop_map(Act::Lose),
        (file.clone(), file.clone()).prop_map(|(one, other)| Act::Exchange(one, other)),
        file.clone().prop_map(Act::Rename),
        file.clone().prop_map(Act::Repeat),
        file.prop_map(Act::CutFrom),
        Just(Act::Empty),
        Just(Act::ShowAll),
    ]
}

struct Service {
    names: Vec<String>,
    hidden: Vec<bool>,
    lost: Vec<bool>,
    repeated: Vec<u8>,
}

impl Service {
    fn new() -> Self {
        Self {
            names: (0..FILES).map(name).collect(),
            hidden: vec![false; usize::from(FILES)],
            lost: vec![false; usize::from(FILES)],
            repeated: Vec::new(),
        }
    }

    fn act(&mut self, act: &Act) {
        let at = |file: &u8| usize::from(*file);
        match act {
            Act::Hide(file) => self.hidden[at(file)] = true,
            Act::Show(file) => self.hidden[at(file)] = false,
            Act::Lose(file) => self.lost[at(file)] = true,
            Act::Exchange(one, other) => self.names.swap(at(one), at(other)),
            Act::Rename(file) => self.names[at(file)] = "another name".into(),
            Act::Repeat(file) => self.repeated.push(*file),
            Act::CutFrom(file) => self.hidden[at(file)..].fill(true),
            Act::Empty => self.hidden.fill(true),
            Act::ShowAll => {
                self.hidden.fill(false);
                self.lost.fill(false);
            }
        }
    }

    fn lists(&self, file: u8) -> bool {
        let at = usize::from(file);
        !self.hidden[at] && !self.lost[at]
    }

    fn list(&self) -> Vec<File> {
        let once = 0..FILES;
        let all = once.chain(self.repeated.iter().copied());
        let listed = all.filter(|file| self.lists(*file));
        listed
            .map(|file| listed_as(file, &self.names[usize::from(file)]))
            .collect()
    }

    fn presence(&self, file: &File) -> Presence {
        let number = (0..FILES).find(|number| listed_as(*number, "").id == file.id);
        match number {
            Some(number) if !self.lost[usize::from(number)] => Presence::Accepted,
            _ => Presence::Unknown,
        }
    }
}

fn name(file: u8) -> String {
    format!("{file}.pdf")
}

fn listed_as(file: u8, name: &str) -> File {
    let token = format!("dtk-{file}").into();
    File {
        id: FileId::derive(&token),
        token,
        name: name.to_owned(),
        folder: "".into(),
        is_escaped: false,
        context: "documents".into(),
        size_bytes: Some(100),
        attributes: None,
        stored_size_bytes: None,
        stored_at: None,
        state: FileState::MissingReceipt,
        receipt: None,
        at_service: AtService {
            sealed_name: Some(format!("sealed {name}").into()),
            ..AtService::default()
        },
        receipt_lost: false,
    }
}

fn stored(file: u8) -> File {
    let listed = listed_as(file, &name(file));
    let receipt = Receipt {
        digest: name(file),
        named: Some(listed.named()),
        ..Receipt::default()
    };
    let mut stored = File {
        receipt: Some(Box::new(receipt)),
        ..listed
    };
    stored.state = stored.settled_state();
    stored
}

/// One list, as the vault takes it in; answers whether it raised an alarm.
fn refresh(catalogue: &mut Catalogue, service: &Service, now: Timestamp) -> bool {
    let known = catalogue.all();
    let listed = service.list();
    let ids: HashSet<FileId> = listed.iter().map(|file| file.id).collect();
    let expected = Expected::of(&known, &ids);
    if expected.alarm(now, None).is_some() {
        return true;
    }
    for file in listed {
        catalogue.merge_listed(file, Timestamp::now());
    }
    for file in &expected.absent {
        match service.presence(file) {
            Presence::Unknown => catalogue.mark_missing(file.id, None, now),
            _ => catalogue.mark_unlisted(file.id, TokenAnswer::Accepted, None, now),
        };
    }
    false
}

proptest! {
    #[test]
    fn whatever_the_list_says_no_file_receipt_or_name_is_lost_or_exchanged(
        acts in proptest::collection::vec(act(), 1..40),
    ) {
        let mut catalogue = Catalogue::default();
        for file in 0..FILES {
            catalogue.put(stored(file));
        }
        let mut service = Service::new();
        for act in &acts {
            service.act(act);
            let before: HashMap<FileId, FileState> =
                catalogue.all().iter().map(|file| (file.id, file.state)).collect();
            let alarmed = refresh(&mut catalogue, &service, Timestamp::UNIX_EPOCH);
            prop_assert_eq!(catalogue.all().len(), usize::from(FILES));
            for number in 0..FILES {
                let own = stored(number);
                let file = catalogue.get(own.id).unwrap();
                prop_assert_eq!(&file.name, &own.name);
                prop_assert_eq!(&file.receipt, &own.receipt);
                if alarmed {
                    prop_assert_eq!(file.state, before[&file.id], "nothing is changed");
                    continue;
                }
                let at = usize::from(number);
                if service.lists(number) {
                    prop_assert_eq!(file.state, FileState::Stored);
                    let shown = file.at_service.renamed.as_ref().map(|named| &named.name);
                    let is_renamed = service.names[at] != own.name;
                    prop_assert_eq!(shown, is_renamed.then_some(&service.names[at]));
                } else if service.lost[at] {
                    prop_assert_eq!(file.state, FileState::Missing);
                } else {
                    let was_missing = before[&file.id] == FileState::Missing;
                    let expected = if was_missing { FileState::Missing } else { FileState::NotListed };
                    prop_assert_eq!(file.state, expected);
                }
            }
        }
    }

    #[test]
    fn a_token_that_is_known_is_taken_and_a_new_one_is_not(file in 0..FILES, forgotten: bool) {
        let mut catalogue = Catalogue::default();
        let known = stored(file);
        let receipt = *known.receipt.clone().unwrap();
        if forgotten {
            catalogue.keep_receipts([(known.id, receipt)]);
        } else {
            catalogue.put(known.clone());
        }
        prop_assert!(catalogue.is_taken(known.id, "sealed new"));
        prop_assert!(catalogue.is_taken(known.id, "sealed 0.pdf"));
        prop_assert!(!catalogue.is_taken(stored(FILES).id, "sealed new"));
    }
}

#[test]
fn what_a_list_showed_while_it_was_being_stored_is_not_taken() {
    let mut catalogue = Catalogue::default();
    let listed = listed_as(1, "new");
    catalogue.merge_listed(listed.clone(), Timestamp::now());
    assert!(!catalogue.is_taken(listed.id, "sealed new"));
    assert!(catalogue.is_taken(listed.id, "sealed other"));
}

#[test]
fn a_list_that_is_empty_or_half_as_long_is_an_alarm_and_one_lost_file_is_not() {
    let known: Vec<Arc<File>> = (0..FILES).map(|file| Arc::new(stored(file))).collect();
    let alarm = |known: &[Arc<File>], listed: usize| {
        let ids: HashSet<FileId> = known.iter().take(listed).map(|file| file.id).collect();
        let alarm = Expected::of(known, &ids).alarm(Timestamp::UNIX_EPOCH, None);
        alarm.map(|alarm| (alarm.expected, alarm.listed))
    };
    assert_eq!(alarm(&known, 6), None);
    assert_eq!(alarm(&known, 4), None);
    assert_eq!(alarm(&known, 3), Some((6, 3)));
    assert_eq!(alarm(&known, 0), Some((6, 0)));
    assert_eq!(alarm(&known[..2], 0), Some((2, 0)));
    assert_eq!(alarm(&known[..2], 1), None);
    assert_eq!(alarm(&known[..1], 0), None);
}

#[test]
fn the_name_in_a_receipt_holds_also_for_a_file_that_appears_anew() {
    let mut catalogue = Catalogue::default();
    let own = stored(1);
    let receipt = *own.receipt.clone().unwrap();
    catalogue.keep_receipts([(own.id, receipt)]);
    let file = catalogue
        .merge_listed(listed_as(1, &name(2)), Timestamp::now())
        .unwrap();
    assert_eq!(file.name, name(1));
    let renamed: Option<&Named> = file.at_service.renamed.as_ref();
    assert_eq!(renamed.map(|named| named.name.as_str()), Some("2.pdf"));
}

#[test]
fn a_name_that_can_be_read_by_now_is_taken_over_and_another_one_is_shown() {
    let mut catalogue = Catalogue::default();
    let mut unreadable = listed_as(1, "sealed-0a1b2c3d");
    unreadable.size_bytes = None;
    unreadable.at_service.sealed_name = Some("sealed 1.pdf".into());
    catalogue.put(unreadable);
    let file = catalogue
        .merge_listed(listed_as(1, &name(1)), Timestamp::now())
        .unwrap();
    assert_eq!(
        (file.name.as_str(), file.at_service.renamed.is_none()),
        ("1.pdf", true)
    );
    let file = catalogue
        .merge_listed(listed_as(1, &name(2)), Timestamp::now())
        .unwrap();
    assert_eq!(
        (file.name.as_str(), file.at_service.renamed.is_some()),
        ("1.pdf", true)
    );
}

#[test]
fn an_accepted_alarm_covers_its_files_and_one_that_names_none_its_figures() {
    let known: Vec<Arc<File>> = (0..FILES).map(|file| Arc::new(stored(file))).collect();
    let expected = |from: usize| {
        let listed = known[from..].iter().map(|file| file.id).collect();
        Expected::of(&known, &listed)
    };
    let at = Timestamp::UNIX_EPOCH;
    let alarm = expected(3).alarm(at, None).unwrap();
    let named = StandingAlarm {
        alarm,
        absent: expected(3).newly_absent,
    };
    let is_raised = |from, accepted| expected(from).alarm(at, Some(accepted)).is_some();
    assert!(!is_raised(3, &named));
    assert!(is_raised(4, &named), "another file is absent");
    let older: StandingAlarm =
        serde_json::from_value(serde_json::to_value(alarm).unwrap()).unwrap();
    assert!(!is_raised(3, &older));
    assert!(is_raised(4, &older), "other figures");
}
