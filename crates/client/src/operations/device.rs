//! Devices of a profile.

mod approve_device;
mod configure_device_meta;
mod device_configuration;
mod list_devices;
mod reject_device;
mod remove_device;
mod request_identifier;
mod retrieve_identifier;

pub use approve_device::ApproveDevice;
pub use configure_device_meta::ConfigureDeviceMeta;
pub use device_configuration::{DeviceConfiguration, DeviceSecrets};
pub use list_devices::{DeviceEntry, ListDevices};
pub use reject_device::RejectDevice;
pub use remove_device::RemoveDevice;
pub use request_identifier::RequestIdentifier;
pub use retrieve_identifier::RetrieveIdentifier;

use crate::catalog::Entry;

pub(crate) const ENTRIES: &[Entry] = &[
    Entry::command::<RequestIdentifier>(),
    Entry::operation::<RetrieveIdentifier>(),
    Entry::operation::<ListDevices>(),
    Entry::command::<ConfigureDeviceMeta>(),
    Entry::command::<ApproveDevice>(),
    Entry::command::<RejectDevice>(),
    Entry::operation::<DeviceConfiguration>(),
    Entry::command::<RemoveDevice>(),
];
