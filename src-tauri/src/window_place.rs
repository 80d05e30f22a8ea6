//! Where the window was, and how large: it comes back there, as far as there still is a screen.

use tauri::plugin::TauriPlugin;
use tauri::{PhysicalPosition, PhysicalSize, Window, Wry};
use tauri_plugin_window_state::{Builder, StateFlags};

/// What is remembered. Not whether it is shown: the window is there when the app is.
const REMEMBERED: StateFlags = StateFlags::SIZE
    .union(StateFlags::POSITION)
    .union(StateFlags::MAXIMIZED);

/// In the folder of the app's configuration. It holds numbers only.
const FILE: &str = "window.json";

/// So much of it has the title to take hold of.
const TITLE_HEIGHT: i64 = 24;

/// Remembers the place of the window when it closes, and puts it there when it opens.
pub(crate) fn remembering() -> TauriPlugin<Wry> {
    Builder::new()
        .with_state_flags(REMEMBERED)
        .with_filename(FILE)
        .build()
}

/// Moves and shrinks a window that is not wholly usable where it is: the screen it was on may be gone, or smaller.
///
/// # Errors
/// When the window is gone.
pub(crate) fn bring_into_sight(window: &Window) -> tauri::Result<()> {
    if window.is_maximized()? || window.is_fullscreen()? {
        return Ok(());
    }
    let (at, outer, inner) = (
        window.outer_position()?,
        window.outer_size()?,
        window.inner_size()?,
    );
    let monitors = window.available_monitors()?;
    let screens: Vec<Area> = monitors
        .iter()
        .map(tauri::Monitor::work_area)
        .map(|area| Area::of(area.position, area.size))
        .collect();
    let is = Area::of(at, outer);
    let Some(meant) = usable(is, &screens) else {
        return Ok(());
    };
    if (meant.width, meant.height) != (is.width, is.height) {
        let frame = |outer: u32, inner: u32| i64::from(outer.saturating_sub(inner));
        let width = meant.width - frame(outer.width, inner.width);
        let height = meant.height - frame(outer.height, inner.height);
        window.set_size(PhysicalSize::new(side(width), side(height)))?;
    }
    window.set_position(PhysicalPosition::new(place(meant.x), place(meant.y)))
}

fn side(length: i64) -> u32 {
    u32::try_from(length.max(1)).unwrap_or(u32::MAX)
}

fn place(at: i64) -> i32 {
    i32::try_from(at).unwrap_or_default()
}

/// A part of the desktop, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Area {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

impl Area {
    fn of(at: PhysicalPosition<i32>, size: PhysicalSize<u32>) -> Self {
        Self {
            x: at.x.into(),
            y: at.y.into(),
            width: size.width.into(),
            height: size.height.into(),
        }
    }

    /// Width and height of what both have in common.
    fn common(self, other: Self) -> (i64, i64) {
        let along = |a: i64, long_a: i64, b: i64, long_b: i64| {
            ((a + long_a).min(b + long_b) - a.max(b)).max(0)
        };
        (
            along(self.x, self.width, other.x, other.width),
            along(self.y, self.height, other.y, other.height),
        )
    }

    /// Whether it can be taken hold of there, and half of it is seen.
    fn is_held_on(self, screen: Self) -> bool {
        let title = Self {
            height: self.height.min(TITLE_HEIGHT),
            ..self
        };
        let (width, height) = self.common(screen);
        let (_, title_height) = title.common(screen);
        title_height == title.height && width * 2 >= self.width && height * 2 >= self.height
    }

    fn fits(self, screen: Self) -> bool {
        self.width <= screen.width && self.height <= screen.height
    }

    /// Wholly on a screen, as near to where it is as that goes.
    fn within(self, screen: Self) -> Self {
        let width = self.width.min(screen.width);
        let height = self.height.min(screen.height);
        Self {
            x: self.x.clamp(screen.x, screen.x + screen.width - width),
            y: self.y.clamp(screen.y, screen.y + screen.height - height),
            width,
            height,
        }
    }
}

/// Where a window has to be to be used; none when it can be where it is, or there is no screen.
fn usable(window: Area, screens: &[Area]) -> Option<Area> {
    let is_usable = |screen: &&Area| window.is_held_on(**screen) && window.fits(**screen);
    if screens.iter().any(|screen| is_usable(&screen)) {
        return None;
    }
    // The first one where it is on none.
    let covers = |screen: &&Area| {
        let (width, height) = window.common(**screen);
        width * height
    };
    let nearest = screens.iter().rev().max_by_key(covers)?;
    Some(window.within(*nearest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAPTOP: Area = area(0, 0, 1440, 900);
    const BESIDE: Area = area(1440, 0, 2560, 1440);

    const fn area(x: i64, y: i64, width: i64, height: i64) -> Area {
        Area {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn a_window_that_can_be_used_stays_where_it_is() {
        for window in [
            area(100, 60, 1000, 640),
            // Over the edge, with half of it to be seen.
            area(1000, 500, 1000, 640),
            area(-500, 60, 1000, 640),
            // On two screens.
            area(1200, 60, 1280, 800),
        ] {
            assert_eq!(usable(window, &[LAPTOP, BESIDE]), None, "{window:?}");
        }
        assert_eq!(usable(area(0, 0, 800, 600), &[]), None);
    }

    #[test]
    fn a_window_whose_screen_is_gone_or_smaller_is_brought_onto_one() {
        for (window, meant) in [
            (area(2000, 300, 1000, 640), area(440, 260, 1000, 640)),
            (area(-4000, -300, 1000, 640), area(0, 0, 1000, 640)),
            (area(100, 60, 2000, 1200), area(0, 0, 1440, 900)),
            // Only a part, or what is below the title, would be seen.
            (area(-501, 60, 1000, 640), area(0, 60, 1000, 640)),
            (area(100, 600, 1000, 640), area(100, 260, 1000, 640)),
            (area(1400, 60, 1000, 640), area(440, 60, 1000, 640)),
            (area(100, -500, 1000, 640), area(100, 0, 1000, 640)),
        ] {
            let found = usable(window, &[LAPTOP]);
            assert_eq!(found, Some(meant), "{window:?}");
            assert_eq!(usable(meant, &[LAPTOP]), None, "once is enough");
        }
    }

    #[test]
    fn it_comes_onto_the_screen_that_most_of_it_is_on() {
        let high_above = area(1500, -700, 1000, 640);
        assert_eq!(
            usable(high_above, &[LAPTOP, BESIDE]),
            Some(area(440, 0, 1000, 640)),
            "on the first where it is on none"
        );
        let mostly_beside = area(1340, -100, 1000, 640);
        assert_eq!(
            usable(mostly_beside, &[LAPTOP, BESIDE]),
            Some(area(1440, 0, 1000, 640))
        );
    }

    #[test]
    fn it_is_not_remembered_whether_the_window_is_shown() {
        assert!(!REMEMBERED.contains(StateFlags::VISIBLE));
    }
}
