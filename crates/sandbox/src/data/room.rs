//! The part of the quota that an upload reserves.

use std::sync::atomic::Ordering;

use crate::state::data::blobs;
use crate::wire::answer::{Broken, Refusal};
use crate::world::World;

/// What is stored is counted again after so many bytes of an upload.
const COUNTED_AGAIN_AFTER: u64 = 16 << 20;

/// The part of the quota that one upload takes up until it is stored or given up.
pub(crate) struct Room<'a> {
    world: &'a World,
    stored: u64,
    taken: u64,
    counted_at: u64,
}

impl<'a> Room<'a> {
    pub(crate) async fn open(world: &'a World) -> Result<Self, Broken> {
        let mut room = Self {
            world,
            stored: 0,
            taken: 0,
            counted_at: 0,
        };
        room.count().await?;
        Ok(room)
    }

    /// Takes up `bytes` more; `false` if there is no room for them.
    pub(crate) async fn take(&mut self, bytes: u64) -> Result<bool, Broken> {
        let Some(limit) = self.world.quota.limit else {
            return Ok(true);
        };
        let arriving = self.world.quota.arriving.fetch_add(bytes, Ordering::AcqRel) + bytes;
        self.taken += bytes;
        if self.taken - self.counted_at >= COUNTED_AGAIN_AFTER {
            self.count().await?;
        }
        Ok(self.stored.saturating_add(arriving) <= limit)
    }

    async fn count(&mut self) -> Result<(), Broken> {
        if self.world.quota.limit.is_some() {
            self.stored = self.world.state.read(blobs::stored_bytes).await?;
            self.counted_at = self.taken;
        }
        Ok(())
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        let quota = &self.world.quota;
        quota.arriving.fetch_sub(self.taken, Ordering::AcqRel);
    }
}

/// Room for bytes that are here already.
pub(crate) async fn room_for(world: &World, bytes: usize) -> Result<Room<'_>, Refusal> {
    let mut room = Room::open(world).await?;
    if room.take(bytes as u64).await? {
        Ok(room)
    } else {
        Err(EXCEEDED)
    }
}

pub(crate) const EXCEEDED: Refusal = Refusal::Full("storage.quota_exceeded");
