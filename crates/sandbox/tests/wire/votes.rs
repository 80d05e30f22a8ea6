//! Votes that hold an exchange, a request for data, or a deletion: each strategy in each situation.

use std::time::Duration;

use privicore_sandbox::Vote::{No, Yes};
use privicore_sandbox::{Dialect, Sandbox, Script};

use crate::person::both_dialects;
use crate::voters::{
    AFFIRMATIVE, CONSENSUS, Held, LIMIT, RULES, SEVENTY, SIXTY, UNANIMOUS, VotingFixture,
};

async fn fixture() -> VotingFixture {
    VotingFixture::new(Sandbox::builder()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_all_are_for_is_done() {
    for sandbox in both_dialects().await {
        let mut fixture = VotingFixture::of(sandbox).await;
        for held in Held::ALL {
            for rule in RULES {
                let asked = fixture.ask(rule, held).await;
                assert_eq!(fixture.ballots().await.len(), 3);
                fixture.cast_all(&asked, [Yes, Yes, Yes]).await;
                fixture.accepted(&asked).await;
                assert!(fixture.ballots().await.is_empty());
                fixture.deactivate(&asked.policy).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_no_counts_by_the_strategy() {
    for sandbox in both_dialects().await {
        let mut fixture = VotingFixture::of(sandbox).await;
        for held in Held::ALL {
            for rule in RULES {
                let asked = fixture.ask(rule, held).await;
                fixture.cast_all(&asked, [Yes, No, Yes]).await;
                match rule {
                    UNANIMOUS | SEVENTY => fixture.refused(&asked, "rejected").await,
                    _ => fixture.accepted(&asked).await,
                }
                fixture.deactivate(&asked.policy).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_answers_times_out() {
    for sandbox in both_dialects().await {
        let mut fixture = VotingFixture::of(sandbox).await;
        for held in Held::ALL {
            for rule in RULES {
                let asked = fixture.ask(rule, held).await;
                assert_eq!(fixture.ada.poll(&asked.id).await, "started");
                assert_eq!(fixture.state(&asked.id).await["state"], "open");
                fixture.control.clock().advance(LIMIT);
                fixture.refused(&asked, "timed_out").await;
                fixture.deactivate(&asked.policy).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_answered_decide_when_time_is_up() {
    let mut fixture = fixture().await;
    for held in Held::ALL {
        for (rule, vote) in [
            (UNANIMOUS, Yes),
            (CONSENSUS, Yes),
            (SIXTY, Yes),
            (AFFIRMATIVE, No),
            (CONSENSUS, No),
            (SIXTY, No),
        ] {
            let asked = fixture.ask(rule, held).await;
            assert!(fixture.cast(&asked, 0, vote).await);
            assert!(!fixture.cast(&asked, 0, vote).await);
            assert_eq!(fixture.state(&asked.id).await["state"], "open");
            fixture.control.clock().advance(LIMIT);
            match vote {
                Yes => fixture.accepted(&asked).await,
                No => fixture.refused(&asked, "rejected").await,
            }
            fixture.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_after_the_time_limit_does_not_count() {
    let mut fixture = fixture().await;
    for held in Held::ALL {
        for rule in RULES {
            let asked = fixture.ask(rule, held).await;
            fixture.control.clock().advance(LIMIT);
            assert!(!fixture.cast(&asked, 0, Yes).await);
            fixture.refused(&asked, "timed_out").await;
            fixture.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_that_answer_late_are_in_time_or_not() {
    let mut fixture = fixture().await;
    for held in Held::ALL {
        for (seconds, is_in_time) in [(59, true), (60, false)] {
            let script = Script::Delayed { seconds, vote: Yes };
            for phone in &fixture.phones {
                assert!(fixture.control.set_script(phone, script).await.unwrap());
            }
            let asked = fixture.ask(UNANIMOUS, held).await;
            fixture.control.clock().advance(Duration::from_secs(58));
            assert_eq!(fixture.state(&asked.id).await["state"], "open");
            fixture.control.clock().advance(Duration::from_secs(2));
            if is_in_time {
                fixture.accepted(&asked).await;
            } else {
                fixture.refused(&asked, "timed_out").await;
            }
            fixture.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_few_answers_are_no_quorum() {
    let mut fixture = fixture().await;
    let quorum = [("quorumSize", "2")];
    let path = "/verified-authenticator/set-quorum-size";
    fixture.ada.done(path, &quorum).await;
    for held in Held::ALL {
        for rule in RULES {
            let asked = fixture.ask(rule, held).await;
            assert!(fixture.cast(&asked, 1, Yes).await);
            assert_eq!(fixture.state(&asked.id).await["state"], "open");
            fixture.control.clock().advance(LIMIT);
            fixture.refused(&asked, "no_quorum").await;
            fixture.deactivate(&asked.policy).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_removed_loses_its_ballot() {
    for held in Held::ALL {
        for rule in RULES {
            let mut fixture = fixture().await;
            let asked = fixture.ask(rule, held).await;
            let (two, three) = (fixture.phones[1].clone(), fixture.phones[2].clone());
            let mut remove = async |device: &str| {
                let this = [("deviceIdentifier", device)];
                fixture.ada.done("/device/remove", &this).await;
            };
            remove(&two).await;
            remove(&three).await;
            assert_eq!(fixture.ballots().await.len(), 1);
            assert!(!fixture.cast(&asked, 1, No).await);
            assert!(fixture.cast(&asked, 0, Yes).await);
            fixture.accepted(&asked).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_that_was_cast_goes_with_its_device() {
    for held in Held::ALL {
        let mut fixture = fixture().await;
        let quorum = [("quorumSize", "2")];
        let path = "/verified-authenticator/set-quorum-size";
        fixture.ada.done(path, &quorum).await;
        let asked = fixture.ask(UNANIMOUS, held).await;
        assert!(fixture.cast(&asked, 2, No).await);
        let three = [("deviceIdentifier", fixture.phones[2].as_str())];
        let path = "/verified-authenticator/remove";
        fixture.ada.done(path, &three).await;
        assert!(fixture.cast(&asked, 0, Yes).await);
        assert!(fixture.cast(&asked, 1, Yes).await);
        fixture.accepted(&asked).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_last_voter_a_vote_ends_without_a_quorum() {
    for held in Held::ALL {
        let mut fixture = fixture().await;
        let asked = fixture.ask(UNANIMOUS, held).await;
        for phone in &fixture.phones {
            let this = [("deviceIdentifier", phone.as_str())];
            fixture.ada.done("/device/reject-device", &this).await;
        }
        fixture.refused(&asked, "no_quorum").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_that_has_begun_outlives_its_policy() {
    let mut fixture = fixture().await;
    for held in Held::ALL {
        for rule in RULES {
            for (path, vote) in [("/policy/deactivate", Yes), ("/policy/delete", No)] {
                let asked = fixture.ask(rule, held).await;
                let this = [("policyId", asked.policy.as_str())];
                fixture.ada.done(path, &this).await;
                assert_eq!(fixture.state(&asked.id).await["state"], "open");
                fixture.cast_all(&asked, [vote; 3]).await;
                match vote {
                    Yes => fixture.accepted(&asked).await,
                    No => fixture.refused(&asked, "rejected").await,
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
            let mut fixture = VotingFixture::new(builder.clone()).await;
            let asked = fixture.ask(rule, held).await;
            fixture.cast(&asked, 0, No).await;
            let before = fixture.state(&asked.id).await;
            let mut fixture = fixture.restart(builder).await;
            if before["state"] == "open" {
                assert_eq!(fixture.state(&asked.id).await, before);
                assert_eq!(fixture.ballots().await.len(), 2);
                fixture.cast_all(&asked, [Yes, Yes, Yes]).await;
            }
            match rule {
                UNANIMOUS | SEVENTY => assert_eq!(before["state"], "rejected"),
                _ => fixture.accepted(&asked).await,
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_goes_on_while_the_sandbox_is_stopped() {
    for held in Held::ALL {
        let directory = tempfile::tempdir().unwrap();
        let builder = Sandbox::builder().data_dir(directory.path());
        let mut fixture = VotingFixture::new(builder.clone()).await;
        let silent = fixture.ask(UNANIMOUS, held).await;
        let expires = fixture.state(&silent.id).await["expiresAt"].clone();
        let mut fixture = fixture.restart(builder).await;
        assert_eq!(fixture.state(&silent.id).await["expiresAt"], expires);
        fixture.control.clock().advance(LIMIT);
        fixture.refused(&silent, "timed_out").await;
    }
}
