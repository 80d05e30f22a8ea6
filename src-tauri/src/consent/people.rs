//! Questions about what others learn, and what they can do for the profile: directories, devices and votes.

use privicore_vault::{self as vault, counted};

use crate::consent::names::{Names, distinct};
use crate::consent::question::{LONGEST, Question, line, whole};
use crate::view::ErrorView;

/// Characters of a text that is sent to others.
const LONGEST_TEXT: usize = 400;

/// A question about what is sent to others, which has to be seen as a whole.
type Shown<T = Question> = Result<T, ErrorView>;

impl Question {
    pub(crate) fn make_directory(name: &str, short_name: &str) -> Shown {
        Ok(Self {
            title: "Make this directory?",
            message: format!(
                "The service reads its name, and so does everybody who is invited to it: “{}” (“{}”).",
                whole("The name of the directory", name, LONGEST)?,
                whole("The short name of the directory", short_name, LONGEST)?
            ),
            agree: "Make directory",
        })
    }

    /// Nothing when the invitation is declined.
    pub(crate) fn answer_invitation(directory: &str, accept: bool) -> Option<Self> {
        accept.then(|| Self {
            title: "Join this directory?",
            message: format!(
                "The owner of “{}” sees your user name and your devices, and can make devices for your profile. \
                Pieces of your encrypted files can go to them.",
                line(directory)
            ),
            agree: "Join",
        })
    }

    pub(crate) fn add_person(username: &str, given_name: &str, family_name: &str) -> Shown {
        Ok(Self {
            title: "Make a profile in this directory?",
            message: format!(
                "Whoever knows the password that was typed signs in as “{}”. The service and the people of the \
                directory read the name: “{} {}”.",
                whole("The user name", username, LONGEST)?,
                whole("The given name", given_name, LONGEST)?,
                whole("The family name", family_name, LONGEST)?
            ),
            agree: "Make profile",
        })
    }

    pub(crate) fn set_person_password(person: &str) -> Self {
        Self {
            title: "Set this person's password?",
            message: format!(
                "From now on “{}” signs in with the password that was typed, and not with the one before.",
                line(person)
            ),
            agree: "Set password",
        }
    }

    pub(crate) fn directory(
        change: &vault::DirectoryChange,
        directory: &str,
        names: &Names,
    ) -> Shown {
        use vault::DirectoryChange;
        let directory = line(directory);
        let (title, message, agree) = match change {
            DirectoryChange::Invite { person } => (
                "Invite this profile?",
                format!(
                    "“{}” reads the name of the directory: “{directory}”.",
                    whole("The profile", names.person(person), LONGEST)?
                ),
                "Invite",
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
            } => (
                "Rename this person?",
                format!(
                    "The service and the people of “{directory}” read the name of “{}”: “{}”.",
                    line(names.person(person)),
                    joined(given_name.as_deref(), family_name.as_deref())?
                ),
                "Rename",
            ),
            DirectoryChange::AddDevice { person, name } => (
                "Make a device for this person?",
                format!(
                    "“{}” gets the device “{}”. The people of “{directory}” read its name.",
                    line(names.person(person)),
                    whole("The name of the device", name, LONGEST)?
                ),
                "Make device",
            ),
            DirectoryChange::AddStorage { person, device } => (
                "Store on this device?",
                format!(
                    "Pieces of the encrypted files of “{}” go to “{}” from now on.",
                    line(names.person(person)),
                    line(names.device(device))
                ),
                "Store there",
            ),
            DirectoryChange::AddPool(pool) => (
                "Make this voting pool?",
                voting_pool(pool, &directory, names)?,
                "Make pool",
            ),
            DirectoryChange::StoreMeta { meta } => (
                "Store this with the directory?",
                format!(
                    "The service and the people of “{directory}” read it:\n\n{}",
                    whole("What is stored with the directory", meta, LONGEST_TEXT)?
                ),
                "Keep it there",
            ),
        };
        Ok(Self {
            title,
            message,
            agree,
        })
    }

    pub(crate) fn request_device(name: &str) -> Shown {
        Ok(Self {
            title: "Request this device?",
            message: format!(
                "The service and the owners of your directories read its name: “{}”. It can do nothing until it is \
                approved.",
                whole("The name of the device", name, LONGEST)?
            ),
            agree: "Request device",
        })
    }

    pub(crate) fn authenticator(name: &str, joins: bool) -> Self {
        let name = line(name);
        if joins {
            Self {
                title: "Let this device vote?",
                message: format!("“{name}” is asked in votes, and decides with the others."),
                agree: "Let it vote",
            }
        } else {
            Self {
                title: "Take this device out of votes?",
                message: format!(
                    "“{name}” is not asked any more. The other devices decide without it."
                ),
                agree: "Take out",
            }
        }
    }

    pub(crate) fn voting_configuration(
        configuration: &vault::VotingConfiguration,
        names: &Names,
    ) -> Shown {
        let devices = distinct(&configuration.devices).len();
        let counting = match configuration.counting {
            _ if devices == 1 => "it agrees".to_owned(),
            vault::Counting::Unanimous => "all of them agree".to_owned(),
            vault::Counting::Majority => "more than half of them agree".to_owned(),
            vault::Counting::One => "one of them agrees".to_owned(),
            vault::Counting::Share(percent) => format!("{percent} % of them agree"),
        };
        let who = match devices {
            0 => "all devices that vote are".to_owned(),
            devices => counted(devices, "device is", "devices are"),
        };
        let seconds = configuration.time_limit.as_secs();
        let mut message = format!(
            "In votes with “{}”, {who} asked for {}. A request is accepted when {counting}.",
            whole(
                "The name of the configuration",
                &configuration.name,
                LONGEST
            )?,
            counted(seconds, "second", "seconds")
        );
        if devices > 0 {
            message = format!(
                "{message}\n\n{}",
                names.list_devices(&configuration.devices)?
            );
        }
        Ok(Self {
            title: "Change how votes are decided?",
            message,
            agree: "Change",
        })
    }

    pub(crate) fn voting_rules(rules: vault::VotingRules) -> Self {
        let said = |number: Option<u32>, what: &str| {
            number.map_or_else(
                || format!("{what}: as before"),
                |number| format!("{what}: {number}"),
            )
        };
        Self {
            title: "Change how votes are counted?",
            message: format!(
                "This decides how many devices must take part before a vote counts.\n\n{}\n{}",
                said(rules.quorum, "Devices that must vote"),
                said(rules.attempts, "Attempts")
            ),
            agree: "Change",
        }
    }

    pub(crate) fn start_poll(title: &str, question: &str) -> Shown {
        Ok(Self {
            title: "Start this vote?",
            message: format!(
                "The service and the devices that vote read this:\n\n“{}”\n“{}”",
                whole("The title of the vote", title, LONGEST)?,
                whole("The question", question, LONGEST_TEXT)?
            ),
            agree: "Start vote",
        })
    }
}

fn joined(given_name: Option<&str>, family_name: Option<&str>) -> Shown<String> {
    let given_name = given_name.map(|name| whole("The given name", name, LONGEST));
    let family_name = family_name.map(|name| whole("The family name", name, LONGEST));
    let names: Vec<String> = given_name
        .into_iter()
        .chain(family_name)
        .collect::<Shown<_>>()?;
    Ok(names.join(" "))
}

fn voting_pool(pool: &vault::VotingPool, directory: &str, names: &Names) -> Shown<String> {
    let name = whole("The name of the pool", &pool.name, LONGEST)?;
    Ok(match distinct(&pool.people).len() {
        0 => format!("Nobody votes in it. The people of “{directory}” read its name: “{name}”."),
        1 => format!(
            "One person votes alone in “{directory}”, and reads the name of the pool: “{name}”.\n\n{}",
            names.list_people(&pool.people)?
        ),
        people => format!(
            "{people} people can vote together in “{directory}”, and read the name of the pool: “{name}”.\n\n{}",
            names.list_people(&pool.people)?
        ),
    })
}

impl Question {
    /// Nothing when the change gives nobody more to do or to read, and takes no bytes away.
    ///
    /// # Errors
    /// When the new name is longer than what is shown.
    pub(crate) fn device(change: &vault::DeviceChange, name: &str) -> Shown<Option<Self>> {
        use vault::DeviceChange;
        let name = line(name);
        let (title, message, agree) = match change {
            DeviceChange::Approve => (
                "Approve this device?",
                format!(
                    "“{name}” becomes a device of your profile. It can store pieces of your encrypted files, or be \
                    asked in votes."
                ),
                "Approve",
            ),
            DeviceChange::RegisterKey(_) => (
                "Register a public key for this device?",
                format!(
                    "The service takes it for the key of “{name}”, in the place of one that is registered."
                ),
                "Register key",
            ),
            DeviceChange::RegisterStorage => (
                "Store on this device?",
                format!("Pieces of your encrypted files go to “{name}” from now on."),
                "Store there",
            ),
            DeviceChange::RemoveStorage => (
                "Stop storing on this device?",
                format!("Pieces of files that only “{name}” has cannot be downloaded any more."),
                "Stop storing",
            ),
            DeviceChange::Remove => (
                "Remove this device?",
                format!(
                    "“{name}” does not belong to your profile any more. Pieces of files that only it has cannot be \
                    downloaded any more."
                ),
                "Remove device",
            ),
            DeviceChange::Rename { name: to } => (
                "Rename this device?",
                format!(
                    "The service and the owners of your directories read its new name: “{}”. It was “{name}”.",
                    whole("The name of the device", to, LONGEST)?
                ),
                "Rename",
            ),
            DeviceChange::Reject | DeviceChange::Synchronize => return Ok(None),
        };
        Ok(Some(Self {
            title,
            message,
            agree,
        }))
    }

    pub(crate) fn authorize(client_id: &str, scopes: &[String]) -> Shown {
        let scopes: Vec<String> = scopes
            .iter()
            .map(|scope| whole("A permission", scope, LONGEST))
            .collect::<Shown<_>>()?;
        Ok(Self {
            title: "Authorize this application?",
            message: format!(
                "The application with the client id “{}” gets these permissions of your profile: {}.",
                whole("The client id", client_id, LONGEST)?,
                scopes.join(", ")
            ),
            agree: "Authorize",
        })
    }

    /// Nothing when the change holds more than before.
    pub(crate) fn policy(change: vault::PolicyChange, name: &str) -> Option<Self> {
        let name = line(name);
        let message = format!("What “{name}” kept waiting for a vote is done at once from now on.");
        match change {
            vault::PolicyChange::Activate => None,
            vault::PolicyChange::Deactivate => Some(Self {
                title: "Turn off this policy?",
                message,
                agree: "Turn off",
            }),
            vault::PolicyChange::Delete => Some(Self {
                title: "Delete this policy?",
                message,
                agree: "Delete policy",
            }),
        }
    }

    pub(crate) fn pairing_code() -> Self {
        Self {
            title: "Show a pairing code?",
            message: "Whoever scans the code gets into your profile at the service, without your password. The code \
                works once.".to_owned(),
            agree: "Show code",
        }
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
