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

mod addresses;
mod answer;
mod api;
mod authorized;
mod builder;
mod calls;
mod channels;
mod clock;
mod commands;
mod control;
mod deliveries;
mod describing;
mod dialect;
mod downstream;
mod faults;
mod fields;
mod guesses;
mod home;
mod json_fields;
mod landing;
mod layers;
mod leftovers;
mod listener;
mod local;
mod owner;
mod passwords;
mod quota;
mod requests;
mod retrieving;
mod room;
mod sandbox;
mod saying;
mod scopes;
mod settings;
mod signed_key;
mod socket;
mod start_error;
mod state;
mod sweep;
mod tokens;
mod upstream;
mod voting;
mod world;

pub use addresses::{Addresses, Ports};
pub use answer::ControlError;
pub use builder::Builder;
pub use clock::Clock;
pub use control::{
    Control, DeviceState, DiskState, HeldCommand, OpenBallot, Phone, TokenState, Verdict,
};
pub use dialect::Dialect;
pub use faults::{DOWNSTREAM, Fault, Faults, UPSTREAM, WEBSOCKET};
pub use layers::device::Damage;
pub use owner::owner_file;
pub use sandbox::Sandbox;
pub use settings::{
    DeviceKeys, FileMetaForm, KeyOrder, LinkForm, ListForm, PendingStatus, RequestIds, Settings,
    StatusMethod, StreamReady, TtlUnit, UpdatedMetadata,
};
pub use start_error::StartError;
pub use voting::{Script, Vote};
