//! Votes that hold an exchange, a request for data, or a deletion: each strategy in each situation.

use std::time::Duration;

use privicore_sandbox::Vote::{No, Yes};
use privicore_sandbox::{Dialect, Sandbox, Script};

use crate::person::both_dialects;
use crate::voters::{AFFIRMATIVE, CONSENSUS, Held, House, LIMIT, RULES, SEVENTY, SIXTY, UNANIMOUS};

async fn house() -> House {
    House::new(Sandbox::builder()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_all_are_for_is_done() {
    for sandbox in both_dialects().await {
        let mut house = House::of(sandbox).await;
        for held in Held::ALL {
            for rule in RULES {
                let asked = house.ask(rule, held).await;
                assert_eq!(house.ballots().await.len(), 3);
                house.cast_all(&asked, [Yes, Yes, Yes]).await;
                house.accepted(&asked).await;
                assert!(house.ballots().await.is_empty());
                house.deactivate(&asked.policy).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_no_counts_by_the_strategy() {
    for sandbox in both_dialects().await {
        let mut house = House::of(sandbox).await;
        for held in Held::ALL {
            for rule in RULES {
                let asked = house.ask(rule, held).await;
                house.cast_all(&asked, [Yes, No, Yes]).await;
                match rule {
                    UNANIMOUS | SEVENTY => house.refused(&asked, "rejected").await,
                    _ => house.accepted(&asked).await,
                }
                house.deactivate(&asked.policy).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_answers_times_out() {
    for sandbox in both_dialects().await {
        let mut house = House::of(sandbox).await;
        for held in Held::ALL {
            for rule in RULES {
                let asked = house.ask(rule, held).await;
                assert_eq!(house.ada.poll(&asked.id).await, "started");
                assert_eq!(house.state(&asked.id).await["state"], "open");
                house.control.clock().advance(LIMIT);
                house.refused(&asked, "timed_out").await;
                house.deactivate(&asked.policy).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_answered_decide_when_time_is_up() {
    let mut house = house().await;
    for held in Held::ALL {
        for (rule, vote) in [
            (UNANIMOUS, Yes),
            (CONSENSUS, Yes),
            (SIXTY, Yes),
            (AFFIRMATIVE, No),
            (CONSENSUS, No),
            (SIXTY, No),
        ] {
            let asked = house.ask(rule, held).await;
            assert!(house.cast(&asked, 0, vote).await);
            assert!(!house.cast(&asked, 0, vote).await);
            assert_eq!(house.state(&asked.id).await["state"], "open");
            house.control.clock().advance(LIMIT);
            match vote {
                Yes => house.accepted(&asked).await,
                No => house.refused(&asked, "rejected").await,
            }
            house.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_after_the_time_limit_does_not_count() {
    let mut house = house().await;
    for held in Held::ALL {
        for rule in RULES {
            let asked = house.ask(rule, held).await;
            house.control.clock().advance(LIMIT);
            assert!(!house.cast(&asked, 0, Yes).await);
            house.refused(&asked, "timed_out").await;
            house.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_that_answer_late_are_in_time_or_not() {
    let mut house = house().await;
    for held in Held::ALL {
        for (seconds, is_in_time) in [(59, true), (60, false)] {
            let script = Script::Delayed { seconds, vote: Yes };
            for phone in &house.phones {
                assert!(house.control.set_script(phone, script).await.unwrap());
            }
            let asked = house.ask(UNANIMOUS, held).await;
            house.control.clock().advance(Duration::from_secs(58));
            assert_eq!(house.state(&asked.id).await["state"], "open");
            house.control.clock().advance(Duration::from_secs(2));
            if is_in_time {
                house.accepted(&asked).await;
            } else {
                house.refused(&asked, "timed_out").await;
            }
            house.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_answers_are_no_quorum() {
    let mut house = house().await;
    let quorum = [("quorumSize", "2")];
    let path = "/verified-authenticator/set-quorum-size";
    house.ada.done(path, &quorum).await;
    for held in Held::ALL {
        for rule in RULES {
            let asked = house.ask(rule, held).await;
            assert!(house.cast(&asked, 1, Yes).await);
            assert_eq!(house.state(&asked.id).await["state"], "open");
            house.control.clock().advance(LIMIT);
            house.refused(&asked, "no_quorum").await;
            house.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_removed_loses_its_ballot() {
    for held in Held::ALL {
        for rule in RULES {
            let mut house = house().await;
            let asked = house.ask(rule, held).await;
            let (two, three) = (house.phones[1].clone(), house.phones[2].clone());
            let mut remove = async |device: &str| {
                let this = [("deviceIdentifier", device)];
                house.ada.done("/device/remove", &this).await;
            };
            remove(&two).await;
            remove(&three).await;
            assert_eq!(house.ballots().await.len(), 1);
            assert!(!house.cast(&asked, 1, No).await);
            assert!(house.cast(&asked, 0, Yes).await);
            house.accepted(&asked).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_that_was_cast_goes_with_its_device() {
    for held in Held::ALL {
        let mut house = house().await;
        let quorum = [("quorumSize", "2")];
        let path = "/verified-authenticator/set-quorum-size";
        house.ada.done(path, &quorum).await;
        let asked = house.ask(UNANIMOUS, held).await;
        assert!(house.cast(&asked, 2, No).await);
        let three = [("deviceIdentifier", house.phones[2].as_str())];
        let path = "/verified-authenticator/remove";
        house.ada.done(path, &three).await;
        assert!(house.cast(&asked, 0, Yes).await);
        assert!(house.cast(&asked, 1, Yes).await);
        house.accepted(&asked).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_last_voter_a_vote_ends_without_a_quorum() {
    for held in Held::ALL {
        let mut house = house().await;
        let asked = house.ask(UNANIMOUS, held).await;
        for phone in &house.phones {
            let this = [("deviceIdentifier", phone.as_str())];
            house.ada.done("/device/reject-device", &this).await;
        }
        house.refused(&asked, "no_quorum").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_that_has_begun_outlives_its_policy() {
    let mut house = house().await;
    for held in Held::ALL {
        for rule in RULES {
            for (path, vote) in [("/policy/deactivate", Yes), ("/policy/delete", No)] {
                let asked = house.ask(rule, held).await;
                let this = [("policyId", asked.policy.as_str())];
                house.ada.done(path, &this).await;
                assert_eq!(house.state(&asked.id).await["state"], "open");
                house.cast_all(&asked, [vote; 3]).await;
                match vote {
                    Yes => house.accepted(&asked).await,
                    No => house.refused(&asked, "rejected").await,
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_goes_on_after_a_restart() {
    for held in Held::ALL {
        for rule in RULES {
            let directory = tempfile::tempdir().unwrap();
            let builder = Sandbox::builder()
                .data_dir(directory.path())
                .dialect(Dialect::Documented);
            let mut house = House::new(builder.clone()).await;
            let asked = house.ask(rule, held).await;
            house.cast(&asked, 0, No).await;
            let before = house.state(&asked.id).await;
            let mut house = house.restart(builder).await;
            if before["state"] == "open" {
                assert_eq!(house.state(&asked.id).await, before);
                assert_eq!(house.ballots().await.len(), 2);
                house.cast_all(&asked, [Yes, Yes, Yes]).await;
            }
            match rule {
                UNANIMOUS | SEVENTY => assert_eq!(before["state"], "rejected"),
                _ => house.accepted(&asked).await,
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_goes_on_while_the_sandbox_is_stopped() {
    for held in Held::ALL {
        let directory = tempfile::tempdir().unwrap();
        let builder = Sandbox::builder().data_dir(directory.path());
        let mut house = House::new(builder.clone()).await;
        let silent = house.ask(UNANIMOUS, held).await;
        let expires = house.state(&silent.id).await["expiresAt"].clone();
        let mut house = house.restart(builder).await;
        assert_eq!(house.state(&silent.id).await["expiresAt"], expires);
        house.control.clock().advance(LIMIT);
        house.refused(&silent, "timed_out").await;
    }
}
