//! What an OAuth access token may do (rows 11 to 18; the service names only `all`, the rest is the sandbox's own).
//!
//! There is one scope for each group of operations, named as the first part of their paths: `data-token` allows
//! `/data-token/…`, and so on; `/dptcab/public-key` belongs to `public-key`. How far a command is may be asked with any
//! scope. Operations that open further ways into the profile need `all`, whatever their path.

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
        let is_known = |name: &String| name == ALL || GROUPS.contains(&name.as_str());
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
        self.has(ALL) || self.0.is_superset(&other.0)
    }

    /// Whether the operation at `path` may be called.
    pub(crate) fn allow(&self, path: &str) -> bool {
        if self.has(ALL) {
            return true;
        }
        match path.split('/').nth(1).unwrap_or_default() {
            "request-status" => true,
            "dptcab" => self.has("public-key"),
            group => self.has(group) && !WAYS_IN.contains(&path),
        }
    }

    /// Whether what is said about data requests, links included, may be heard.
    pub(crate) fn hear_data(&self) -> bool {
        self.has(ALL) || self.has("data-token")
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
    fn a_profile_scope_opens_no_further_way_in() {
        let profile = Scopes::read("profile").unwrap();
        assert!(profile.allow("/profile/retrieve-profile-id"));
        assert!(WAYS_IN.iter().all(|path| !profile.allow(path)));
    }
}
