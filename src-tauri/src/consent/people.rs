//! Questions about what others learn, and what they can do for the profile: directories, devices and votes.

use privicore_vault::{self as vault, Phrase};

use crate::consent::names::{Names, distinct};
use crate::consent::question::{LONGEST, Question, line, whole};
use crate::view::ErrorView;

/// Characters of a text that is sent to others.
const LONGEST_TEXT: usize = 400;

/// A question about what is sent to others, which has to be seen as a whole.
type Shown<T = Question> = Result<T, ErrorView>;

impl Question {
    pub(crate) fn make_directory(name: &str, short_name: &str) -> Shown {
        let message = Phrase::new("ask.make_directory")
            .text("name", whole("what.directory", name, LONGEST)?)
            .text("short_name", whole("what.short_name", short_name, LONGEST)?);
        Ok(Self::of(&message))
    }

    /// Nothing when the invitation is declined.
    pub(crate) fn answer_invitation(directory: &str, accept: bool) -> Option<Self> {
        let message = Phrase::new("ask.join_directory").text("directory", line(directory));
        accept.then(|| Self::of(&message))
    }

    pub(crate) fn add_person(username: &str, given_name: &str, family_name: &str) -> Shown {
        let message = Phrase::new("ask.add_person")
            .text("user_name", whole("what.user_name", username, LONGEST)?)
            .text("given_name", whole("what.given_name", given_name, LONGEST)?)
            .text(
                "family_name",
                whole("what.family_name", family_name, LONGEST)?,
            );
        Ok(Self::of(&message))
    }

    pub(crate) fn set_person_password(person: &str) -> Self {
        Self::of(&Phrase::new("ask.set_person_password").text("person", line(person)))
    }

    pub(crate) fn directory(
        change: &vault::DirectoryChange,
        directory: &str,
        names: &Names,
    ) -> Shown {
        use vault::DirectoryChange;
        let directory = line(directory);
        let within = |key: &str| Phrase::new(key).text("directory", &directory);
        let message = match change {
            DirectoryChange::Invite { person } => within("ask.invite").text(
                "person",
                whole("what.profile", names.person(person), LONGEST)?,
            ),
            DirectoryChange::AddPerson(new) => {
                return Self::add_person(&new.username, &new.given_name, &new.family_name);
            }
            DirectoryChange::SetPassword { person, .. } => {
                return Ok(Self::set_person_password(names.person(person)));
            }
            DirectoryChange::Rename {
                person,
                given_name,
                family_name,
            } => within("ask.rename_person")
                .text("person", line(names.person(person)))
                .text(
                    "name",
                    joined(given_name.as_deref(), family_name.as_deref())?,
                ),
            DirectoryChange::AddDevice { person, name } => within("ask.add_device")
                .text("person", line(names.person(person)))
                .text("device", whole("what.device", name, LONGEST)?),
            DirectoryChange::AddStorage { person, device } => Phrase::new("ask.add_storage")
                .text("person", line(names.person(person)))
                .text("device", line(names.device(device))),
            DirectoryChange::AddPool(pool) => voting_pool(pool, &directory, names)?,
            DirectoryChange::StoreMeta { meta } => {
                within("ask.store_meta").text("text", whole("what.meta", meta, LONGEST_TEXT)?)
            }
        };
        Ok(Self::of(&message))
    }

    pub(crate) fn request_device(name: &str) -> Shown {
        let name = whole("what.device", name, LONGEST)?;
        Ok(Self::of(
            &Phrase::new("ask.request_device").text("name", name),
        ))
    }

    pub(crate) fn authenticator(name: &str, joins: bool) -> Self {
        let message = Phrase::new(if joins {
            "ask.let_vote"
        } else {
            "ask.take_out_of_votes"
        });
        Self::of(&message.text("name", line(name)))
    }

    pub(crate) fn voting_configuration(
        configuration: &vault::VotingConfiguration,
        names: &Names,
    ) -> Shown {
        let devices = distinct(&configuration.devices).len();
        let counting = match configuration.counting {
            _ if devices == 1 => Phrase::new("agrees.it"),
            vault::Counting::Unanimous => Phrase::new("agrees.all"),
            vault::Counting::Majority => Phrase::new("agrees.majority"),
            vault::Counting::One => Phrase::new("agrees.one"),
            vault::Counting::Share(percent) => Phrase::new("agrees.share").text("percent", percent),
        };
        let who = match devices {
            0 => Phrase::new("asked.all"),
            devices => Phrase::new("asked.some").number("count", devices),
        };
        let seconds = configuration.time_limit.as_secs();
        let message = Phrase::new(if devices > 0 {
            "ask.voting_configuration_of"
        } else {
            "ask.voting_configuration"
        });
        let message = message
            .text(
                "name",
                whole("what.configuration", &configuration.name, LONGEST)?,
            )
            .phrase("who", who)
            .phrase("seconds", Phrase::new("seconds").number("count", seconds))
            .phrase("counting", counting)
            .value("devices", names.list_devices(&configuration.devices)?);
        Ok(Self::of(&message))
    }

    pub(crate) fn voting_rules(rules: vault::VotingRules) -> Self {
        let said = |number: Option<u32>| match number {
            None => Phrase::new("rule.as_before"),
            Some(number) => Phrase::new("plain").text("name", number),
        };
        let message = Phrase::new("ask.voting_rules");
        let message = message.phrase("quorum", said(rules.quorum));
        Self::of(&message.phrase("attempts", said(rules.attempts)))
    }

    pub(crate) fn start_poll(title: &str, question: &str) -> Shown {
        let message = Phrase::new("ask.start_poll")
            .text("title", whole("what.poll_title", title, LONGEST)?)
            .text(
                "question",
                whole("what.poll_question", question, LONGEST_TEXT)?,
            );
        Ok(Self::of(&message))
    }
}

fn joined(given_name: Option<&str>, family_name: Option<&str>) -> Shown<String> {
    let given_name = given_name.map(|name| whole("what.given_name", name, LONGEST));
    let family_name = family_name.map(|name| whole("what.family_name", name, LONGEST));
    let names: Vec<String> = given_name
        .into_iter()
        .chain(family_name)
        .collect::<Shown<_>>()?;
    Ok(names.join(" "))
}

fn voting_pool(pool: &vault::VotingPool, directory: &str, names: &Names) -> Shown<Phrase> {
    let message = match distinct(&pool.people).len() {
        0 => Phrase::new("ask.voting_pool_of_nobody"),
        people => Phrase::new("ask.voting_pool").number("count", people),
    };
    Ok(message
        .text("name", whole("what.pool", &pool.name, LONGEST)?)
        .text("directory", directory)
        .value("people", names.list_people(&pool.people)?))
}

impl Question {
    /// Nothing when the change gives nobody more to do or to read, and takes no bytes away.
    ///
    /// # Errors
    /// When the new name is longer than what is shown.
    pub(crate) fn device(change: &vault::DeviceChange, name: &str) -> Shown<Option<Self>> {
        use vault::DeviceChange;
        let message = match change {
            DeviceChange::Approve => Phrase::new("ask.approve_device"),
            DeviceChange::RegisterKey(_) => Phrase::new("ask.register_device_key"),
            DeviceChange::RegisterStorage => Phrase::new("ask.register_storage"),
            DeviceChange::RemoveStorage => Phrase::new("ask.remove_storage"),
            DeviceChange::Remove => Phrase::new("ask.remove_device"),
            DeviceChange::Rename { name: to } => {
                Phrase::new("ask.rename_device").text("to", whole("what.device", to, LONGEST)?)
            }
            DeviceChange::Reject | DeviceChange::Synchronize => return Ok(None),
        };
        Ok(Some(Self::of(&message.text("name", line(name)))))
    }

    pub(crate) fn authorize(client_id: &str, scopes: &[String]) -> Shown {
        let scopes: Vec<String> = scopes
            .iter()
            .map(|scope| whole("what.permission", scope, LONGEST))
            .collect::<Shown<_>>()?;
        let message = Phrase::new("ask.authorize")
            .text("client_id", whole("what.client_id", client_id, LONGEST)?)
            .text("permissions", scopes.join(", "));
        Ok(Self::of(&message))
    }

    /// Nothing when the change holds more than before.
    pub(crate) fn policy(change: vault::PolicyChange, name: &str) -> Option<Self> {
        let message = match change {
            vault::PolicyChange::Activate => return None,
            vault::PolicyChange::Deactivate => Phrase::new("ask.turn_off_policy"),
            vault::PolicyChange::Delete => Phrase::new("ask.delete_policy"),
        };
        Some(Self::of(&message.text("name", line(name))))
    }

    pub(crate) fn pairing_code() -> Self {
        Self::of(&Phrase::new("ask.pairing_code"))
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
