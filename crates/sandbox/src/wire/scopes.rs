//! What an OAuth access token may do (rows 11 to 18; the service names only `all`, the rest is the sandbox's own).
//!
//! There is one scope for each group of operations, named as the first part of their paths: `data-token` allows
//! `/data-token/…`, and so on; `/dptcab/public-key` belongs to `public-key`. `data-token:read` and `data-token:write`
//! are parts of `data-token`. How far a command is may be asked with any scope. Operations that open further ways into
//! the profile need `all`, whatever their path.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

const ALL: &str = "all";
const GROUPS: [&str; 9] = [
    "data-token",
    "device",
    "directory",
    "policy",
    "profile",
    "public-key",
    "storage",
    "verified-authenticator",
    "voting",
];
/// Parts of the group `data-token`.
const READS_DATA: &str = "data-token:read";
const WRITES_DATA: &str = "data-token:write";
/// What reads data; everything else of the group writes it.
const READING: [&str; 3] = [
    "/data-token/list-data-tokens",
    "/data-token/request-data",
    "/data-token/transaction-count-statistics",
];
/// With one of these an application could help itself to more than it was granted.
const WAYS_IN: [&str; 5] = [
    "/profile/change-password",
    "/profile/generate-token-qr",
    "/profile/oauth-application-register",
    "/profile/oauth-application-request-authorization-code",
    "/profile/retrieve-oauth-application-configuration",
];

/// A set of scopes, never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scopes(BTreeSet<String>);

impl Scopes {
    /// The scopes with these names, if all are known and there is at least one.
    pub(crate) fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let names: BTreeSet<String> = names
            .into_iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let others = [ALL, READS_DATA, WRITES_DATA];
        let is_known =
            |name: &String| others.contains(&name.as_str()) || GROUPS.contains(&name.as_str());
        (!names.is_empty() && names.iter().all(is_known)).then_some(Self(names))
    }

    /// The scopes of a text with commas between them.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Self::named(text.split(','))
    }

    pub(crate) fn to_text(&self) -> String {
        self.names().join(",")
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// Whether `other` asks for nothing beyond these.
    pub(crate) fn cover(&self, other: &Self) -> bool {
        let covers = |name: &String| self.has(name) || self.has_whole_group_of(name);
        self.has(ALL) || other.0.iter().all(covers)
    }

    /// What is granted to an application that has `self` and asks for `other`: all it has when it asks for all.
    pub(crate) fn grant(&self, other: Self) -> Option<Self> {
        if other.has(ALL) {
            return Some(self.clone());
        }
        self.cover(&other).then_some(other)
    }

    fn has_whole_group_of(&self, name: &str) -> bool {
        name.split_once(':')
            .is_some_and(|(group, _)| self.has(group))
    }

    /// Whether the operation at `path` may be called.
    pub(crate) fn allow(&self, path: &str) -> bool {
        if self.has(ALL) {
            return true;
        }
        match path.split('/').nth(1).unwrap_or_default() {
            "request-status" => true,
            "dptcab" => self.has("public-key"),
            "data-token" if READING.contains(&path) => {
                self.has("data-token") || self.has(READS_DATA)
            }
            "data-token" => self.has("data-token") || self.has(WRITES_DATA),
            group => self.has(group) && !WAYS_IN.contains(&path),
        }
    }

    /// Whether messages about data requests, links included, are delivered.
    pub(crate) fn hear_data(&self) -> bool {
        self.has(ALL) || self.has("data-token") || self.has(READS_DATA)
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names_make_scopes() {
        assert!(Scopes::read("device, data-token").is_some());
        for text in ["", "device,", "everything", "All"] {
            assert_eq!(Scopes::read(text), None, "{text}");
        }
    }

    #[test]
    fn all_covers_everything_and_a_group_only_itself() {
        let (all, device) = (
            Scopes::read("all").unwrap(),
            Scopes::read("device").unwrap(),
        );
        assert!(all.cover(&device) && device.cover(&device));
        assert!(!device.cover(&all));
        assert!(all.allow("/profile/change-password"));
        assert!(device.allow("/device/remove") && device.allow("/request-status/{id}"));
        assert!(!device.allow("/storage/remove"));
    }

    #[test]
    fn reading_and_writing_data_are_parts_of_its_group() {
        let read = |text| Scopes::read(text).unwrap();
        let (reads, writes) = (read("data-token:read"), read("data-token:write"));
        for (path, may_read) in [
            ("/data-token/list-data-tokens", true),
            ("/data-token/request-data", true),
            ("/data-token/delete-data", false),
            ("/data-token/configure-file-meta", false),
        ] {
            assert_eq!(reads.allow(path), may_read, "{path}");
            assert_eq!(writes.allow(path), !may_read, "{path}");
        }
        assert!(read("data-token").cover(&read("data-token:read,data-token:write")));
        assert!(!reads.cover(&writes) && !reads.cover(&read("data-token")));
        assert!(reads.hear_data() && !writes.hear_data());
    }

    #[test]
    fn asking_for_all_is_granted_what_the_application_has() {
        let device = Scopes::read("device").unwrap();
        let all = Scopes::read("all").unwrap();
        assert_eq!(device.grant(all.clone()), Some(device.clone()));
        assert_eq!(all.grant(device.clone()), Some(device.clone()));
        assert_eq!(device.grant(Scopes::read("storage").unwrap()), None);
    }

    #[test]
    fn a_profile_scope_opens_no_further_way_in() {
        let profile = Scopes::read("profile").unwrap();
        assert!(profile.allow("/profile/retrieve-profile-id"));
        assert!(WAYS_IN.iter().all(|path| !profile.allow(path)));
    }
}
