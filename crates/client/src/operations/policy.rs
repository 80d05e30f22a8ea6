//! Policies: which operations are held for a vote.

mod activate_policy;
mod deactivate_policy;
mod delete_policy;
mod list_active_policies;
mod list_inactive_policies;
mod list_policy_templates;
mod list_registered_policies;
mod register_policy;
mod retrieve_policy;

pub use activate_policy::ActivatePolicy;
pub use deactivate_policy::DeactivatePolicy;
pub use delete_policy::DeletePolicy;
pub use list_active_policies::ListActivePolicies;
pub use list_inactive_policies::ListInactivePolicies;
pub use list_policy_templates::{ListPolicyTemplates, PolicyEvent, PolicyTemplate};
pub use list_registered_policies::ListRegisteredPolicies;
pub use register_policy::RegisterPolicy;
pub use retrieve_policy::{Policy, RetrievePolicy};

use crate::catalog::Entry;
pub use crate::identifier::PolicyId;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::operation::<ListPolicyTemplates>(),
    Entry::command::<RegisterPolicy>(),
    Entry::operation::<ListActivePolicies>(),
    Entry::operation::<ListInactivePolicies>(),
    Entry::command::<ActivatePolicy>(),
    Entry::command::<DeactivatePolicy>(),
    Entry::command::<DeletePolicy>(),
    Entry::operation::<ListRegisteredPolicies>(),
    Entry::operation::<RetrievePolicy>(),
];
