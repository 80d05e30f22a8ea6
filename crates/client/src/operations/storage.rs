//! Devices that store data.

mod list_storage;
mod register_storage;
mod remove_storage;
mod synchronize_storage;

pub use list_storage::ListStorage;
pub use register_storage::RegisterStorage;
pub use remove_storage::RemoveStorage;
pub use synchronize_storage::SynchronizeStorage;

use crate::catalog::Entry;
pub use crate::operations::device::DeviceEntry as StorageEntry;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::command::<RegisterStorage>(),
    Entry::operation::<ListStorage>(),
    Entry::command::<SynchronizeStorage>(),
    Entry::command::<RemoveStorage>(),
];
