//! Questions about what others learn, and what they can do for the profile: directories, devices and votes.

use privicore_vault as vault;

use super::question::{Question, line};
use crate::consent::question::line_within;

/// Characters of a text that is sent to others as a whole.
const LONGEST_SHOWN: usize = 400;

impl Question {
    pub(crate) fn make_directory(name: &str, short_name: &str) -> Self {
        Self {
            title: "Make this directory?",
            message: format!(
                "The service reads its name, and so does everybody who is invited to it: “{}” (“{}”).",
                line(name),
                line(short_name)
            ),
            agree: "Make directory",
        }
    }

    /// Nothing when the invitation is declined.
    pub(crate) fn answer_invitation(directory: &str, accept: bool) -> Option<Self> {
        accept.then(|| Self {
            title: "Join this directory?",
            message: format!(
                "The owner of “{}” sees your user name and your devices, and can make devices for your profile. Pieces of your encrypted files can go to them.",
                line(directory)
            ),
            agree: "Join",
        })
    }

    pub(crate) fn add_person(username: &str, given_name: &str, family_name: &str) -> Self {
        Self {
            title: "Make a profile in this directory?",
            message: format!(
                "Whoever knows the password that was typed signs in as “{}”. The service and the people of the directory read the name: “{} {}”.",
                line(username),
                line(given_name),
                line(family_name)
            ),
            agree: "Make profile",
        }
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

    /// The directory, whom the change concerns, and the device it concerns, by their names where they are known.
    pub(crate) fn directory(
        change: &vault::DirectoryChange,
        directory: &str,
        person: &str,
        device: &str,
    ) -> Self {
        use vault::DirectoryChange;
        let [directory, person, device] = [directory, person, device].map(line);
        let (title, message, agree) = match change {
            DirectoryChange::Invite(_) => (
                "Invite this profile?",
                format!("“{person}” reads the name of the directory: “{directory}”."),
                "Invite",
            ),
            DirectoryChange::AddPerson(new) => {
                return Self::add_person(&new.username, &new.given_name, &new.family_name);
            }
            DirectoryChange::SetPassword { .. } => return Self::set_person_password(&person),
            DirectoryChange::Rename {
                given_name,
                family_name,
                ..
            } => (
                "Rename this person?",
                format!(
                    "The service and the people of “{directory}” read the name of “{person}”: “{}”.",
                    line(&joined([given_name, family_name]))
                ),
                "Rename",
            ),
            DirectoryChange::AddDevice { name, .. } => (
                "Make a device for this person?",
                format!(
                    "“{person}” gets the device “{}”. The people of “{directory}” read its name.",
                    line(name)
                ),
                "Make device",
            ),
            DirectoryChange::AddStorage { .. } => (
                "Store on this device?",
                format!(
                    "Pieces of the encrypted files of “{person}” go to “{device}” from now on."
                ),
                "Store there",
            ),
            DirectoryChange::AddPool(pool) => (
                "Make this voting pool?",
                format!(
                    "{} vote together in “{directory}”, and read the name of the pool: “{}”.",
                    people(pool.people.len()),
                    line(&pool.name)
                ),
                "Make pool",
            ),
            DirectoryChange::StoreMeta(meta) => (
                "Store this with the directory?",
                format!(
                    "The service and the people of “{directory}” read it:\n\n{}",
                    line_within(meta, LONGEST_SHOWN)
                ),
                "Keep it there",
            ),
        };
        Self {
            title,
            message,
            agree,
        }
    }

    pub(crate) fn request_device(name: &str) -> Self {
        Self {
            title: "Request this device?",
            message: format!(
                "The service and the owners of your directories read its name: “{}”. It can do nothing until it is approved.",
                line(name)
            ),
            agree: "Request device",
        }
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

    pub(crate) fn voting_configuration(configuration: &vault::VotingConfiguration) -> Self {
        let counting = match configuration.counting {
            vault::Counting::Unanimous => "all of them agree".to_owned(),
            vault::Counting::Majority => "more than half of them agree".to_owned(),
            vault::Counting::One => "one of them agrees".to_owned(),
            vault::Counting::Share(percent) => format!("{percent} % of them agree"),
        };
        let who = match configuration.devices.len() {
            0 => "all devices that vote are".to_owned(),
            1 => "one device is".to_owned(),
            devices => format!("{devices} devices are"),
        };
        Self {
            title: "Change how votes are decided?",
            message: format!(
                "In votes with “{}”, {who} asked for {} seconds. A request is accepted when {counting}.",
                line(&configuration.name),
                configuration.time_limit.as_secs()
            ),
            agree: "Change",
        }
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

    pub(crate) fn start_poll(title: &str, question: &str) -> Self {
        Self {
            title: "Start this vote?",
            message: format!(
                "The service and the devices that vote read this:\n\n“{}”\n“{}”",
                line(title),
                line_within(question, LONGEST_SHOWN)
            ),
            agree: "Start vote",
        }
    }
}

fn joined(names: [&Option<String>; 2]) -> String {
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    names.join(" ")
}

fn people(number: usize) -> String {
    match number {
        1 => "One person can".to_owned(),
        number => format!("{number} people can"),
    }
}

impl Question {
    /// Nothing when the change gives nobody more to do or to read, and takes no bytes away.
    pub(crate) fn device(change: &vault::DeviceChange, name: &str) -> Option<Self> {
        use vault::DeviceChange;
        let name = line(name);
        let (title, message, agree) = match change {
            DeviceChange::Approve => (
                "Approve this device?",
                format!(
                    "“{name}” becomes a device of your profile. It can store pieces of your encrypted files, or be asked in votes."
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
                    "“{name}” does not belong to your profile any more. Pieces of files that only it has cannot be downloaded any more."
                ),
                "Remove device",
            ),
            DeviceChange::Rename(to) => (
                "Rename this device?",
                format!(
                    "The service and the owners of your directories read its new name: “{}”. It was “{name}”.",
                    line(to)
                ),
                "Rename",
            ),
            DeviceChange::Reject | DeviceChange::Synchronize => return None,
        };
        Some(Self {
            title,
            message,
            agree,
        })
    }

    pub(crate) fn authorize(client_id: &str, scopes: &[String]) -> Self {
        let scopes: Vec<String> = scopes.iter().map(|scope| line(scope)).collect();
        Self {
            title: "Authorize this application?",
            message: format!(
                "The application with the client id “{}” gets these permissions of your profile: {}.",
                line(client_id),
                scopes.join(", ")
            ),
            agree: "Authorize",
        }
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
            message: "Whoever scans the code gets into your profile at the service, without your password. The code works once.".to_owned(),
            agree: "Show code",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_read_is_in_the_question() {
        const SECRET: &str = "secret plan.pdf|Blood test.pdf";
        let text = || SECRET.to_owned();
        let person = || "per-1".to_owned();
        let pool = vault::VotingPool {
            name: text(),
            people: vec![person()],
        };
        let configuration = vault::VotingConfiguration {
            name: text(),
            time_limit: std::time::Duration::from_mins(1),
            counting: vault::Counting::One,
            devices: Vec::new(),
        };
        let renamed = vault::DirectoryChange::Rename {
            person: person(),
            given_name: Some(text()),
            family_name: None,
        };
        let device = vault::DirectoryChange::AddDevice {
            person: person(),
            name: text(),
        };
        let about = |change: &vault::DirectoryChange, directory: &str| {
            Question::directory(change, directory, "ada", "NAS")
        };
        for asked in [
            Question::make_directory(SECRET, "x"),
            Question::make_directory("x", SECRET),
            Question::add_person(SECRET, "x", "y"),
            Question::add_person("x", SECRET, "y"),
            Question::add_person("x", "y", SECRET),
            Question::request_device(SECRET),
            Question::start_poll(SECRET, "x"),
            Question::start_poll("x", SECRET),
            Question::voting_configuration(&configuration),
            about(&vault::DirectoryChange::Invite(person()), SECRET),
            about(&renamed, "x"),
            about(&device, "x"),
            about(&vault::DirectoryChange::AddPool(pool), "x"),
            about(&vault::DirectoryChange::StoreMeta(text()), "x"),
        ] {
            assert!(asked.message.contains(SECRET), "{asked:?}");
        }
    }

    #[test]
    fn only_joining_a_directory_is_asked_about() {
        assert_eq!(Question::answer_invitation("Engines", false), None);
        let asked = Question::answer_invitation("Engines", true).unwrap();
        assert!(asked.message.contains("“Engines”"), "{asked:?}");
        assert!(asked.message.contains("make devices"), "{asked:?}");
    }
}
