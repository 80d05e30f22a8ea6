//! What is on this disk, and how it is written.

pub(crate) mod habits;
pub(crate) mod keyring;
pub(crate) mod network_settings;
pub(crate) mod own_files;
pub(crate) mod private_file;
pub(crate) mod process_lock;
pub(crate) mod profile;
pub(crate) mod rows;
pub(crate) mod settings;
pub(crate) mod shared_text;
pub(crate) mod state_file;
pub(crate) mod trial;
