//! A person with simulated phones, whose commands are voted on.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use privicore_sandbox::{Builder, Control, OpenBallot, Sandbox, Vote};
use serde_json::{Value, json};

use crate::person::{Person, command_id, start, text};

/// How long each poll takes at most.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);
const STORED: &[u8] = b"kept";

/// A strategy, and the percentage it requires.
pub(crate) type Rule = (&'static str, Option<u64>);

pub(crate) const UNANIMOUS: Rule = ("unanimous", None);
pub(crate) const CONSENSUS: Rule = ("consensus", None);
pub(crate) const AFFIRMATIVE: Rule = ("affirmative", None);
pub(crate) const SIXTY: Rule = ("minimum_percentage", Some(60));
pub(crate) const SEVENTY: Rule = ("minimum_percentage", Some(70));
pub(crate) const RULES: [Rule; 5] = [UNANIMOUS, CONSENSUS, AFFIRMATIVE, SIXTY, SEVENTY];

/// What is voted on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    Exchange,
    Request,
    Delete,
}

impl Held {
    pub(crate) const ALL: [Self; 3] = [Self::Exchange, Self::Request, Self::Delete];

    pub(crate) fn event(self) -> &'static str {
        match self {
            Self::Exchange => "data_token.data_exchanged",
            Self::Request => "data_token.data_requested",
            Self::Delete => "data_token.deleted",
        }
    }
}

/// What was asked for and is held.
pub(crate) struct Asked {
    /// The id of the command or request, and of the poll.
    pub(crate) id: String,
    pub(crate) policy: String,
    held: Held,
    /// The temporary token of an exchange, otherwise the permanent one.
    token: String,
}

pub(crate) struct VotingFixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) control: Control,
    pub(crate) ada: Person,
    pub(crate) phones: Vec<String>,
    policies: usize,
}

impl VotingFixture {
    /// Ada and her three phones, which vote by hand.
    pub(crate) async fn new(builder: Builder) -> Self {
        Self::of(start(builder).await).await
    }

    pub(crate) async fn of(sandbox: Sandbox) -> Self {
        let ada = Person::new(&sandbox, "ada").await;
        let control = sandbox.control();
        let mut phones = Vec::new();
        for name in ["One", "Two", "Three"] {
            let phone = control.pair_phone("ada", name).await.unwrap();
            phones.push(phone.unwrap());
        }
        Self {
            sandbox,
            control,
            ada,
            phones,
            policies: 0,
        }
    }

    /// Stops, and starts again.
    pub(crate) async fn restart(self, builder: Builder) -> Self {
        self.sandbox.shutdown().await;
        let sandbox = start(builder).await;
        Self {
            control: sandbox.control(),
            ada: Person::sign_in(sandbox.addresses(), "ada").await,
            sandbox,
            ..self
        }
    }

    /// An active policy of the data template that lets all phones vote on `events`; its id.
    pub(crate) async fn guard(&mut self, rule: Rule, events: &[&str]) -> String {
        self.guard_by(rule, ("data", events), &[]).await
    }

    /// An active policy that lets `voters` (none named: all) vote on events of a template; its id.
    pub(crate) async fn guard_by(
        &mut self,
        (strategy, percent): Rule,
        (template, events): (&str, &[&str]),
        voters: &[&str],
    ) -> String {
        self.policies += 1;
        let name = format!("policy-{}", self.policies);
        let mut configuration = json!({
            "name": name,
            "timeLimit": LIMIT.as_secs(),
            "strategy": strategy,
            "deviceIdentifiers": voters,
        });
        if let Some(percent) = percent {
            configuration["percentageRequired"] = json!(percent);
        }
        let path = "/verified-authenticator/voting-configuration/register";
        done_json(&mut self.ada, path, &configuration).await;
        // Each dialect reads the field it knows.
        let policy = json!({
            "name": name,
            "policyTemplateId": template,
            "applyingEventIds": events,
            "votingConfigurationId": name,
            "configurationId": name,
            "configuration": { "reason": "Four eyes see more." },
        });
        done_json(&mut self.ada, "/policy/register", &policy).await;
        let path = format!("/policy/retrieve-policy/{name}");
        let id = text(&self.ada.get(&path).await.json(), "id");
        self.ada
            .done("/policy/activate", &[("policyId", &id)])
            .await;
        id
    }

    pub(crate) async fn deactivate(&mut self, policy: &str) {
        let this = [("policyId", policy)];
        self.ada.done("/policy/deactivate", &this).await;
    }

    /// Asks for what a policy of this rule holds.
    pub(crate) async fn ask(&mut self, rule: Rule, held: Held) -> Asked {
        let token = match held {
            Held::Exchange => self.ada.space().await.0,
            Held::Request | Held::Delete => self.ada.store("kept", STORED, true).await,
        };
        let policy = self.guard(rule, &[held.event()]).await;
        let this = [("token", token.as_str())];
        let id = match held {
            Held::Exchange => {
                let data = STANDARD.encode(STORED);
                let fields = [("temporaryTokenSpace", token.as_str()), ("data", &data)];
                let path = "/data-token/exchange-data-for-token";
                self.ada.command(path, &fields).await
            }
            Held::Request => self.ada.request(&token).await,
            Held::Delete => self.ada.command("/data-token/delete-data", &this).await,
        };
        Asked {
            id,
            policy,
            held,
            token,
        }
    }

    /// Votes by hand on phone `number`; whether it still could.
    pub(crate) async fn cast(&self, asked: &Asked, number: usize, vote: Vote) -> bool {
        let phone = &self.phones[number];
        self.control.cast(&asked.id, phone, vote).await.unwrap()
    }

    /// Votes by hand on all phones, in order; those after the decision cannot any more.
    pub(crate) async fn cast_all(&self, asked: &Asked, votes: [Vote; 3]) {
        for (number, vote) in votes.into_iter().enumerate() {
            self.cast(asked, number, vote).await;
        }
    }

    pub(crate) async fn ballots(&self) -> Vec<OpenBallot> {
        self.control.list_ballots("ada").await.unwrap()
    }

    pub(crate) async fn state(&self, id: &str) -> Value {
        let path = format!("/voting/check-pool-status/{id}");
        let reply = self.ada.get(&path).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }

    pub(crate) async fn accepted(&mut self, asked: &Asked) {
        let done = (2, String::new());
        match asked.held {
            Held::Exchange => {
                assert_eq!(self.ada.outcome(&asked.id).await, done);
                let size = STORED.len();
                let token = self.ada.permanent(&asked.token, "kept", size).await;
                assert_eq!(self.ada.fetch(&token).await, STORED);
            }
            Held::Request => assert_eq!(self.ada.fetch_of(&asked.id).await, STORED),
            Held::Delete => {
                assert_eq!(self.ada.outcome(&asked.id).await, done);
                assert!(!self.has(&asked.token).await);
            }
        }
        assert_eq!(self.ada.poll(&asked.id).await, "succeeded");
        assert_eq!(self.state(&asked.id).await["state"], "accepted");
        assert_eq!(self.ada.line.shelved_about(&asked.id), 0);
    }

    /// What was asked for is not done, for this reason.
    pub(crate) async fn refused(&mut self, asked: &Asked, reason: &str) {
        let outcome = self.ada.outcome(&asked.id).await;
        assert_eq!(outcome, (3, format!("vote.{reason}")));
        assert_eq!(self.ada.poll(&asked.id).await, "rejected");
        assert_eq!(self.state(&asked.id).await["state"], reason);
        if let Held::Exchange = asked.held {
            let reply = self.ada.file_meta(&asked.token, "kept", STORED.len());
            assert_eq!(reply.await.status, 422);
            assert_eq!(self.control.disk().await.unwrap().temporary, 0);
        } else {
            assert!(self.has(&asked.token).await);
        }
        assert_eq!(self.ada.line.shelved_about(&asked.id), 0);
    }

    async fn has(&self, token: &str) -> bool {
        !self.ada.list(&[("filters[token]", token)]).await.is_empty()
    }
}

/// Gives a command by JSON that succeeds.
pub(crate) async fn done_json(person: &mut Person, path: &str, body: &Value) {
    let outcome = settled_json(person, path, body).await;
    assert_eq!(outcome, (2, String::new()), "{path}");
}

pub(crate) async fn settled_json(person: &mut Person, path: &str, body: &Value) -> (u64, String) {
    let id = command_id(&person.post_json(path, body).await);
    person.outcome(&id).await
}
