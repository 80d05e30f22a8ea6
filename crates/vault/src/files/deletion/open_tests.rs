use std::collections::HashMap;

use privicore_client::operations::utility::CommandState;
use privicore_client::{Error as ClientError, Phase, ServerKind};

use super::*;
use crate::files::commands::open::{ASKED_AT_MOST, OpenCommands};

fn file(number: u8) -> Arc<File> {
    let mut file = File::from_receipt(FileId([number; 16]), crate::receipts::Receipt::default());
    file.at_service.deletion_sent = true;
    file.at_service.deletion_command = Some(format!("c-{number}"));
    Arc::new(file)
}

fn refused(status: u16) -> Result<CommandState, Error> {
    Err(Error::Service(ClientError::Refused {
        status,
        body: String::new(),
        retry_after: None,
    }))
}

#[test]
fn only_an_answer_about_the_command_lets_the_list_decide() {
    for (status, outcome) in [
        (400, Outcome::Unknown),
        (404, Outcome::Unknown),
        (405, Outcome::Unknown),
        (501, Outcome::Unknown),
        (408, Outcome::NotTold),
        (425, Outcome::NotTold),
        (429, Outcome::NotTold),
        (500, Outcome::NotTold),
        (503, Outcome::NotTold),
    ] {
        assert_eq!(Outcome::of(&refused(status)), outcome, "{status}");
    }
    let silent = ClientError::TimedOut {
        server: ServerKind::Api,
        phase: Phase::Answer,
    };
    for error in [silent, ClientError::Unauthorized] {
        assert_eq!(Outcome::of(&Err(Error::Service(error))), Outcome::NotTold);
    }
    assert_eq!(Outcome::of(&Ok(CommandState::Running)), Outcome::Open);
    assert_eq!(Outcome::of(&Ok(CommandState::Unknown)), Outcome::Unknown);
}

#[test]
fn so_many_are_asked_about_at_a_time_and_each_has_its_turn() {
    let open = OpenCommands::default();
    let files: Vec<Arc<File>> = (0..200).map(file).collect();
    let mut asked: HashMap<FileId, usize> = HashMap::new();
    for _ in 0..8 {
        let (due, left) = open.next(files.clone());
        assert_eq!((due.len(), due.len() + left.len()), (ASKED_AT_MOST, 200));
        for file in due {
            open.asked(file.id);
            *asked.entry(file.id).or_default() += 1;
        }
    }
    let fewest = files.iter().map(|file| asked.get(&file.id).copied());
    assert!(fewest.min().flatten() >= Some(2), "{asked:?}");
}

#[test]
fn one_follows_them_all_and_ends_when_all_are_clear() {
    let open = OpenCommands::default();
    let [one, other] = [FileId([1; 16]), FileId([2; 16])];
    assert!(!open.follow(&[]));
    assert!(open.follow(&[one]));
    assert!(!open.follow(&[other]), "it is done already");
    assert_eq!(open.keep(|id| *id == other), [other]);
    assert!(!open.follow(&[one]));
    assert!(open.keep(|_| false).is_empty());
    assert!(open.follow(&[one]), "nobody does it any more");
}

#[test]
fn a_vote_that_is_open_for_days_is_asked_about_four_times_an_hour_at_most() {
    let waited = |rounds| BETWEEN_QUESTIONS.wait(rounds, u32::MAX);
    assert_eq!(waited(0), Duration::from_secs(2));
    assert_eq!(waited(20), Duration::from_mins(15));
    assert_eq!(BETWEEN_LISTS.wait(20, u32::MAX), Duration::from_mins(1));
}
