//! The parameters of directory commands.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The work of one such command. What it makes has the id of the command, except devices.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum DirectoryWork {
    Register {
        name: String,
        short_name: String,
    },
    CreateUser(NewUser),
    UpdateUser {
        directory: String,
        profile: String,
        given_name: Option<String>,
        family_name: Option<String>,
    },
    InviteProfile {
        directory: String,
        profile: String,
    },
    SetPassword {
        directory: String,
        profile: String,
        password_hash: String,
    },
    ProcessInvitation {
        directory: String,
        accept: bool,
    },
    CreateDevice {
        directory: String,
        profile: String,
        name: String,
    },
    AddStorage {
        directory: String,
        profile: String,
        device: String,
    },
    CreatePool {
        directory: String,
        name: String,
        profiles: Vec<String>,
    },
    StoreMeta {
        directory: String,
        meta: Value,
    },
}

impl DirectoryWork {
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::Register { .. } => "directory/register",
            Self::CreateUser(_) => "directory/create-user",
            Self::UpdateUser { .. } => "directory/update-user",
            Self::InviteProfile { .. } => "directory/invite-profile",
            Self::SetPassword { .. } => "directory/set-profile-password",
            Self::ProcessInvitation { .. } => "directory/process-invitation",
            Self::CreateDevice { .. } => "directory/create-profile-device",
            Self::AddStorage { .. } => "directory/add-storage-device",
            Self::CreatePool { .. } => "directory/create-voting-pool",
            Self::StoreMeta { .. } => "directory/store-meta",
        }
    }

    /// The directory that only its owner may work on in this way.
    pub(crate) fn owned(&self) -> Option<&str> {
        match self {
            Self::Register { .. } | Self::ProcessInvitation { .. } => None,
            Self::CreateUser(NewUser { directory, .. })
            | Self::UpdateUser { directory, .. }
            | Self::InviteProfile { directory, .. }
            | Self::SetPassword { directory, .. }
            | Self::CreateDevice { directory, .. }
            | Self::AddStorage { directory, .. }
            | Self::CreatePool { directory, .. }
            | Self::StoreMeta { directory, .. } => Some(directory),
        }
    }

    /// The profiles that must be members for this.
    pub(super) fn members(&self) -> &[String] {
        match self {
            Self::UpdateUser { profile, .. }
            | Self::SetPassword { profile, .. }
            | Self::CreateDevice { profile, .. }
            | Self::AddStorage { profile, .. } => std::slice::from_ref(profile),
            Self::CreatePool { profiles, .. } => profiles,
            // These concern the owner alone, or people who are not members yet.
            Self::Register { .. }
            | Self::CreateUser(_)
            | Self::InviteProfile { .. }
            | Self::ProcessInvitation { .. }
            | Self::StoreMeta { .. } => &[],
        }
    }
}

/// A profile that a directory makes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct NewUser {
    pub(crate) directory: String,
    pub(crate) username: String,
    pub(crate) password_hash: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
}
