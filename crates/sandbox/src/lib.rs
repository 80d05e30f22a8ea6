//! The Privicore service, played locally: four servers on loopback that speak its wire, keep real state and real
//! layers, and can be told to misbehave.
//!
//! ```no_run
//! # async fn example() -> Result<(), privicore_sandbox::StartError> {
//! let sandbox = privicore_sandbox::Sandbox::builder().memory().auto_storage(3).start().await?;
//! println!("{}", sandbox.addresses().api);
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod api;
mod channels;
mod clock;
mod commands;
mod control;
mod data;
mod faults;
mod layers;
mod passwords;
mod server;
mod state;
mod voting;
mod wire;
mod world;

pub use clock::Clock;
pub use control::{
    Control, DeviceState, DiskState, HeldCommand, OpenBallot, Phone, TokenState, Verdict,
};
pub use faults::{DOWNSTREAM, Fault, Faults, UPSTREAM, WEBSOCKET};
pub use layers::device::Damage;
pub use server::addresses::{Addresses, Ports};
pub use server::builder::Builder;
pub use server::error::StartError;
pub use server::owner::owner_file;
pub use server::sandbox::Sandbox;
pub use voting::{Script, Vote};
pub use wire::answer::ControlError;
pub use wire::dialect::Dialect;
pub use wire::settings::{
    DeviceKeys, FileMetaForm, KeyOrder, LinkForm, ListForm, PendingStatus, RequestIds, Settings,
    StatusMethod, StreamReady, TtlUnit, UpdatedMetadata,
};
