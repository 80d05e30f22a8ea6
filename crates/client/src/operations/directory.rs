//! Directories: organisations with their people.

mod add_storage_device;
mod assigned_directories;
mod create_profile_device;
mod create_user;
mod create_voting_pool;
mod directory_profile;
mod invite_profile;
mod list_directory_devices;
mod list_invites;
mod list_users;
mod owned_directories;
mod process_invitation;
mod profiles_info;
mod register_directory;
mod retrieve_directory;
mod set_profile_password;
mod store_directory_meta;
mod update_user;

pub use add_storage_device::AddStorageDevice;
pub use assigned_directories::AssignedDirectories;
pub use create_profile_device::CreateProfileDevice;
pub use create_user::CreateUser;
pub use create_voting_pool::CreateVotingPool;
pub use directory_profile::{DirectoryProfile, RetrieveDirectoryProfile};
pub use invite_profile::InviteProfile;
pub use list_directory_devices::{DirectoryDevice, ListDirectoryDevices};
pub use list_invites::{Invite, ListInvites};
pub use list_users::ListUsers;
pub use owned_directories::OwnedDirectories;
pub use process_invitation::ProcessInvitation;
pub use profiles_info::ProfilesInfo;
pub use register_directory::RegisterDirectory;
pub use retrieve_directory::{Directory, RetrieveDirectory};
pub use set_profile_password::SetProfilePassword;
pub use store_directory_meta::StoreDirectoryMeta;
pub use update_user::UpdateUser;

use crate::catalog::Entry;
pub use crate::identifier::DirectoryId;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::command::<RegisterDirectory>(),
    Entry::operation::<OwnedDirectories>(),
    Entry::operation::<AssignedDirectories>(),
    Entry::operation::<RetrieveDirectory>(),
    Entry::command::<CreateUser>(),
    Entry::command::<UpdateUser>(),
    Entry::command::<InviteProfile>(),
    Entry::command::<SetProfilePassword>(),
    Entry::operation::<ListInvites>(),
    Entry::command::<ProcessInvitation>(),
    Entry::operation::<RetrieveDirectoryProfile>(),
    Entry::operation::<ListUsers>(),
    Entry::operation::<ProfilesInfo>(),
    Entry::command::<CreateProfileDevice>(),
    Entry::command::<AddStorageDevice>(),
    Entry::operation::<ListDirectoryDevices>(),
    Entry::command::<CreateVotingPool>(),
    Entry::command::<StoreDirectoryMeta>(),
];
