use super::*;
use crate::consent::names::MOST_NAMED;

/// Every question about a text that is sent, with that text in each of its places, and how long the text may be.
fn about(text: &str) -> Vec<(usize, Shown)> {
    let owned = || text.to_owned();
    let person = || "per-1".to_owned();
    let directory = |change: vault::DirectoryChange| {
        (
            LONGEST,
            Question::directory(&change, "x", &Names::default()),
        )
    };
    let configuration = vault::VotingConfiguration {
        name: owned(),
        ..configuration(&[])
    };
    let renamed = |given_name, family_name| {
        directory(vault::DirectoryChange::Rename {
            person: person(),
            given_name,
            family_name,
        })
    };
    let device = Question::device(&vault::DeviceChange::Rename { name: owned() }, "x");
    let meta = vault::DirectoryChange::StoreMeta { meta: owned() };
    vec![
        (LONGEST, Question::make_directory(text, "x")),
        (LONGEST, Question::make_directory("x", text)),
        (LONGEST, Question::add_person(text, "x", "y")),
        (LONGEST, Question::add_person("x", text, "y")),
        (LONGEST, Question::add_person("x", "y", text)),
        (LONGEST, Question::request_device(text)),
        (
            LONGEST,
            device.map(|asked| asked.expect("it is asked about")),
        ),
        (LONGEST, Question::authorize(text, &[])),
        (LONGEST, Question::authorize("x", &[owned()])),
        (LONGEST, Question::start_poll(text, "x")),
        (LONGEST_TEXT, Question::start_poll("x", text)),
        (
            LONGEST,
            Question::voting_configuration(&configuration, &Names::default()),
        ),
        directory(vault::DirectoryChange::Invite { person: owned() }),
        renamed(Some(owned()), None),
        renamed(None, Some(owned())),
        directory(vault::DirectoryChange::AddDevice {
            person: person(),
            name: owned(),
        }),
        directory(vault::DirectoryChange::AddPool(vault::VotingPool {
            name: owned(),
            people: vec![person()],
        })),
        directory(vault::DirectoryChange::AddPool(vault::VotingPool {
            name: "x".to_owned(),
            people: vec![owned()],
        })),
        (LONGEST_TEXT, directory(meta).1),
    ]
}

fn configuration(devices: &[String]) -> vault::VotingConfiguration {
    vault::VotingConfiguration {
        name: "family".to_owned(),
        time_limit: std::time::Duration::from_mins(1),
        counting: vault::Counting::One,
        devices: devices.to_vec(),
    }
}

fn ids(count: usize) -> Vec<String> {
    (1..=count).map(|at| format!("id-{at:02}")).collect()
}

#[test]
fn the_question_shows_the_text_that_others_read() {
    let directory = Question::directory(
        &vault::DirectoryChange::Invite {
            person: "per-1".to_owned(),
        },
        "The Engines",
        &Names::default(),
    );
    let asked = directory.ok().unwrap();
    assert!(asked.message.contains("“The Engines”"), "{asked:?}");
    for length in [30, LONGEST, LONGEST_TEXT] {
        let text = format!("secret plan.pdf|{}!", "x".repeat(length - 17));
        for (at, (most, asked)) in about(&format!("  {text}\n")).into_iter().enumerate() {
            if length <= most {
                let asked = asked.ok().unwrap();
                assert!(asked.message.contains(&text), "{at}: {asked:?}");
            }
        }
    }
}

#[test]
fn text_longer_than_the_dialog_shows_is_refused_without_a_question() {
    // Blanks and signs without a shape count, too.
    for fill in ["x", " ", "\u{200b}", "\u{202e}"] {
        for length in [LONGEST + 1, LONGEST_TEXT + 1] {
            let text = format!("Family{}x", fill.repeat(length - 7));
            for (at, (most, asked)) in about(&text).into_iter().enumerate() {
                if length <= most {
                    continue;
                }
                let refused = asked.expect_err(&format!("{at} is asked about"));
                assert_eq!(refused.code, vault::Code::TooLongToShow);
                let told = format!("has {length} characters.");
                assert!(refused.message.contains(&told), "{}", refused.message);
                assert!(refused.hint.starts_with("Nothing was sent."));
            }
        }
    }
}

#[test]
fn the_first_voters_are_named_and_the_others_counted() {
    let named = |id: &str| (id.to_owned(), format!("name of {id}"));
    let many = ids(MOST_NAMED + 3);
    let names = Names::made_of(many.iter().skip(1).rev().skip(1).map(|id| named(id)));
    let (first, last) = (&many[0], &many[many.len() - 1]);
    for count in 1..=many.len() {
        let chosen = &many[many.len() - count..];
        let pool = vault::DirectoryChange::AddPool(vault::VotingPool {
            name: "pool".to_owned(),
            people: chosen.to_vec(),
        });
        for asked in [
            Question::voting_configuration(&configuration(chosen), &names),
            Question::directory(&pool, "x", &names),
        ] {
            let message = asked.ok().unwrap().message;
            assert!(message.contains(&format!("“{last}”")), "{message}");
            assert_eq!(
                message.contains(&format!("“{first}”")),
                chosen.contains(first),
                "{message}"
            );
            let shown = chosen.iter().filter(|id| {
                message.contains(&format!("“{id}”")) || message.contains(&format!("“name of {id}”"))
            });
            let shown = shown.count();
            assert_eq!(shown, count.min(MOST_NAMED), "{message}");
            let more = format!("and {} more", count - shown);
            assert_eq!(message.ends_with(&more), count > shown, "{message}");
        }
    }
}

#[test]
fn repeated_names_take_no_place_from_others() {
    let mut chosen = vec!["id-1".to_owned(); 3 * MOST_NAMED];
    chosen.push("stranger".to_owned());
    let asked = Question::voting_configuration(&configuration(&chosen), &Names::default());
    let message = asked.ok().unwrap().message;
    assert!(message.contains("2 devices are asked"), "{message}");
    assert!(message.ends_with("“id-1”\n“stranger”"), "{message}");
}

#[test]
fn questions_about_votes_count_in_the_right_number() {
    let asked = |devices: usize, seconds| {
        let configuration = vault::VotingConfiguration {
            time_limit: std::time::Duration::from_secs(seconds),
            counting: vault::Counting::Majority,
            ..configuration(&ids(devices))
        };
        let asked = Question::voting_configuration(&configuration, &Names::default());
        asked.ok().unwrap().message
    };
    for (devices, seconds, expected) in [
        (
            0,
            0,
            "all devices that vote are asked for 0 seconds. A request is accepted when more than half of them agree.",
        ),
        (
            1,
            1,
            "1 device is asked for 1 second. A request is accepted when it agrees.",
        ),
        (
            2,
            2,
            "2 devices are asked for 2 seconds. A request is accepted when more than half of them agree.",
        ),
    ] {
        let message = asked(devices, seconds);
        assert!(message.contains(expected), "{message}");
    }
    for (people, expected) in [
        (0, "Nobody votes in it."),
        (1, "One person votes alone in “x”, and reads"),
        (2, "2 people can vote together in “x”, and read"),
    ] {
        let pool = vault::DirectoryChange::AddPool(vault::VotingPool {
            name: "pool".to_owned(),
            people: ids(people),
        });
        let asked = Question::directory(&pool, "x", &Names::default());
        let message = asked.ok().unwrap().message;
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn only_joining_a_directory_is_asked_about() {
    assert_eq!(Question::answer_invitation("Engines", false), None);
    let asked = Question::answer_invitation("Engines", true).unwrap();
    assert!(asked.message.contains("“Engines”"), "{asked:?}");
    assert!(asked.message.contains("make devices"), "{asked:?}");
}
