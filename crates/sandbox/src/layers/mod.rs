//! The layers around stored bytes: the engine's, then each storage device's own, chunk by chunk.

pub(crate) mod blob;
pub(crate) mod buffers;
pub(crate) mod chunks;
pub(crate) mod device;
pub(crate) mod engine;
pub(crate) mod fan_out;
pub(crate) mod repair;
pub(crate) mod retrieval;

pub(crate) use blob::Blob;
pub(crate) use device::Device;
