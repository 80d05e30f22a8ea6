//! The policy templates, their events, and the operations that trigger these.

use serde_json::{Map, Value, json};

pub(crate) struct Template {
    pub(crate) id: &'static str,
    name: &'static str,
    description: &'static str,
    events: &'static [Event],
    attributes: &'static [&'static str],
}

/// Something that a policy can apply to.
pub(crate) struct Event {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// The operations, by their paths, that lead to it and are held for a vote.
    operations: &'static [&'static str],
}

const fn event(id: &'static str, name: &'static str, operations: &'static [&'static str]) -> Event {
    Event {
        id,
        name,
        operations,
    }
}

/// The one setting of all templates: the reason for the vote, which the voters see.
pub(crate) const REASON: &str = "reason";

const TEMPLATES: [Template; 4] = [
    Template {
        id: "data",
        name: "Data",
        description: "Asks before data is stored, handed out, replaced or deleted",
        events: &[
            event(
                "data_token.data_exchanged",
                "Store data",
                &[
                    "data-token/exchange-data-for-token",
                    // What was streamed is stored for good by this.
                    "data-token/configure-file-meta",
                ],
            ),
            event(
                "data_token.data_requested",
                "Hand out data",
                &["data-token/request-data"],
            ),
            event(
                "data_token.data_updated",
                "Replace data",
                &["data-token/update-data", "data-token/update-data-token"],
            ),
            event(
                "data_token.deleted",
                "Delete data",
                &["data-token/delete-data"],
            ),
        ],
        attributes: &["fileName", "context", "size"],
    },
    Template {
        id: "profile",
        name: "Profile",
        description: "Asks before a profile's password or public key is changed",
        events: &[
            event(
                "profile.password_changed",
                "Change the password",
                &["profile/change-password"],
            ),
            event(
                "profile.public_key_registered",
                "Register a public key",
                &["public-key/register-public-key"],
            ),
        ],
        attributes: &["username"],
    },
    Template {
        id: "device",
        name: "Devices",
        description: "Asks before a device is approved or removed, or keeps data no longer",
        events: &[
            event(
                "device.approved",
                "Approve a device",
                &["device/approve-device"],
            ),
            event("device.removed", "Remove a device", &["device/remove"]),
            event(
                "storage.removed",
                "Remove a storage device",
                &["storage/remove"],
            ),
        ],
        attributes: &["deviceName"],
    },
    Template {
        id: "directory",
        name: "Directories",
        description: "Asks before a profile is made in a directory or invited to one",
        events: &[
            event(
                "directory.user_created",
                "Create a user",
                &["directory/create-user"],
            ),
            event(
                "directory.profile_invited",
                "Invite a profile",
                &["directory/invite-profile"],
            ),
        ],
        attributes: &["directoryName"],
    },
];

impl Template {
    pub(crate) fn by_id(id: &str) -> Option<&'static Self> {
        TEMPLATES.iter().find(|template| template.id == id)
    }

    pub(crate) fn has_event(&self, id: &str) -> bool {
        self.events.iter().any(|event| event.id == id)
    }

    fn to_json(&self) -> Value {
        let events: Map<String, Value> = self
            .events
            .iter()
            .map(|event| (event.id.to_owned(), json!({ "eventName": event.name })))
            .collect();
        json!({
            "name": self.name,
            "description": self.description,
            "events": events,
            "configuration": [REASON],
            "votingAttributes": self.attributes,
        })
    }
}

impl Event {
    /// What `operation` leads to, if policies can apply to it.
    pub(crate) fn of_operation(operation: &str) -> Option<&'static Self> {
        let mut events = TEMPLATES.iter().flat_map(|template| template.events);
        events.find(|event| event.operations.contains(&operation))
    }
}

/// All templates, keyed by id.
pub(crate) fn catalogue() -> Value {
    let templates = TEMPLATES.iter();
    Value::Object(
        templates
            .map(|template| (template.id.to_owned(), template.to_json()))
            .collect(),
    )
}
