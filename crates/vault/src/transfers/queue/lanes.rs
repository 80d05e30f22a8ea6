//! What transfers share: places to run, by their size, and the servers they reach, by the way their bytes go.

use std::collections::BTreeSet;
use std::ops::{Index, IndexMut};

use crate::transfers::tickets::Job;
use crate::transfers::view::TransferId;

/// Files up to this size count as small.
const SMALL_BYTES: u64 = 4 * 1024 * 1024;

/// How large a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Small,
    Large,
}

impl Size {
    pub(super) const ALL: [Self; 2] = [Self::Small, Self::Large];

    pub(super) fn of(bytes: u64) -> Self {
        if bytes <= SMALL_BYTES {
            Self::Small
        } else {
            Self::Large
        }
    }

    /// How many of this size run at a time.
    pub(super) fn at_a_time(self) -> usize {
        match self {
            Self::Small => 8,
            Self::Large => 2,
        }
    }
}

/// Which way the bytes of a transfer go first: uploads and downloads go to different servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

impl Way {
    pub(super) const ALL: [Self; 2] = [Self::Up, Self::Down];

    pub(super) fn of(job: &Job) -> Self {
        match job {
            Job::Upload(_) => Self::Up,
            Job::Download(_) | Job::Reseal(_) | Job::Verify(_) => Self::Down,
        }
    }
}

/// One for each size.
#[derive(Default)]
pub(super) struct BySize<T> {
    small: T,
    large: T,
}

/// One for each way.
#[derive(Default)]
pub(super) struct ByWay<T> {
    up: T,
    down: T,
}

impl<T> Index<Size> for BySize<T> {
    type Output = T;

    fn index(&self, size: Size) -> &T {
        match size {
            Size::Small => &self.small,
            Size::Large => &self.large,
        }
    }
}

impl<T> IndexMut<Size> for BySize<T> {
    fn index_mut(&mut self, size: Size) -> &mut T {
        match size {
            Size::Small => &mut self.small,
            Size::Large => &mut self.large,
        }
    }
}

impl<T> Index<Way> for ByWay<T> {
    type Output = T;

    fn index(&self, way: Way) -> &T {
        match way {
            Way::Up => &self.up,
            Way::Down => &self.down,
        }
    }
}

impl<T> IndexMut<Way> for ByWay<T> {
    fn index_mut(&mut self, way: Way) -> &mut T {
        match way {
            Way::Up => &mut self.up,
            Way::Down => &mut self.down,
        }
    }
}

/// The transfers of one size that run, or could.
#[derive(Default)]
pub(super) struct Lane {
    /// In their order.
    pub ready: ByWay<BTreeSet<TransferId>>,
    pub running: usize,
}

impl Lane {
    pub(super) fn has_ready(&self) -> bool {
        Way::ALL.iter().any(|way| !self.ready[*way].is_empty())
    }

    pub(super) fn is_still(&self) -> bool {
        self.running == 0 && !self.has_ready()
    }
}
