//! What transfers share: places to run, by their size, and the servers they reach, by the route of their bytes.

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

/// Where the bytes of a transfer go first: uploads and downloads reach different servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Up,
    Down,
}

impl Route {
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

/// One for each route.
#[derive(Default)]
pub(super) struct ByRoute<T> {
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

impl<T> Index<Route> for ByRoute<T> {
    type Output = T;

    fn index(&self, route: Route) -> &T {
        match route {
            Route::Up => &self.up,
            Route::Down => &self.down,
        }
    }
}

impl<T> IndexMut<Route> for ByRoute<T> {
    fn index_mut(&mut self, route: Route) -> &mut T {
        match route {
            Route::Up => &mut self.up,
            Route::Down => &mut self.down,
        }
    }
}

/// The transfers of one size that run, or could.
#[derive(Default)]
pub(super) struct Lane {
    /// In their order.
    pub ready: ByRoute<BTreeSet<TransferId>>,
    pub running: usize,
}

impl Lane {
    pub(super) fn has_ready(&self) -> bool {
        Route::ALL
            .iter()
            .any(|route| !self.ready[*route].is_empty())
    }

    pub(super) fn is_still(&self) -> bool {
        self.running == 0 && !self.has_ready()
    }
}
