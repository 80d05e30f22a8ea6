//! Rows that are dragged out of the window, as files.
//!
//! The drag begins at once. Its paths are known then; the files are made while it goes on, all of them or none. Who
//! takes them before they are there waits for them: targets ask for the paths once more when they are dropped on.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use privicore_vault::{CopyError, DraggedCopies, Error, Vault};
use tauri::{Manager as _, WebviewWindow};
use tokio::sync::{Notify, oneshot};

/// How long dropped files stay where they are, for a target that copies them in its own time.
const KEPT_AFTER_DROP: Duration = Duration::from_mins(10);

/// The drags that have not ended, and those whose files are still there. At most one of them is in the air.
#[derive(Default)]
pub(crate) struct OwnDrags(Mutex<Vec<Arc<Offer>>>);

impl OwnDrags {
    /// They were dropped on the window that they come from.
    pub(crate) fn dropped_here(&self, paths: &[PathBuf]) {
        for offer in self.0.lock().iter() {
            if paths.iter().any(|path| offer.paths.contains(path)) {
                offer.dropped_here.notify_one();
            }
        }
    }

    /// Whether a path is that of a file or a folder that is dragged out of this window.
    pub(crate) fn has(&self, path: &PathBuf) -> bool {
        let offers = self.0.lock();
        offers.iter().any(|offer| offer.paths.contains(path))
    }

    /// Whether a path belongs to the drag that goes on now.
    pub(crate) fn has_in_air(&self, path: &PathBuf) -> bool {
        let offers = self.0.lock();
        let mut in_air = offers
            .iter()
            .filter(|offer| offer.is_in_air.load(Ordering::Relaxed));
        in_air.any(|offer| offer.paths.contains(path))
    }
}

/// How far the files are that a drag offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Files {
    BeingMade,
    There,
    /// There will be none.
    Failed,
}

/// How a drag has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Dropped,
    /// On nothing that takes files, or it was given up.
    NotDropped,
}

/// What a drag offers and what came of it, as the thread of the window and the one that makes the files see it.
pub(crate) struct Offer {
    paths: Vec<PathBuf>,
    files: Mutex<Files>,
    is_in_air: AtomicBool,
    dropped_here: Notify,
}

impl Offer {
    fn of(paths: &[PathBuf]) -> Arc<Self> {
        Arc::new(Self {
            paths: paths.to_owned(),
            files: Mutex::new(Files::BeingMade),
            is_in_air: AtomicBool::new(true),
            dropped_here: Notify::new(),
        })
    }
}

/// Drags files and folders out of the window; answers when the drag has ended and they are there. Nothing is dragged
/// when the button is up by now.
///
/// # Errors
/// Why there are no files.
pub(crate) async fn drag(
    window: &WebviewWindow,
    vault: &Vault,
    dragged: DraggedCopies,
) -> Result<(), Error> {
    let Some(known) = Known::begin(window, &dragged.paths) else {
        return Ok(());
    };
    let offer = Arc::clone(&known.offer);
    let Some(ended) = begin(window, &offer).await? else {
        return Ok(());
    };
    let mut ended = std::pin::pin!(async {
        tokio::select! {
            end = ended => end.unwrap_or(End::NotDropped),
            () = offer.dropped_here.notified() => End::NotDropped,
        }
    });
    let mut early = None;
    let made = {
        let mut making = std::pin::pin!(vault.prepare_dragged(dragged));
        tokio::select! {
            made = &mut making => made,
            end = &mut ended => match end {
                // The target waits for them.
                End::Dropped => {
                    early = Some(End::Dropped);
                    making.await
                }
                End::NotDropped => return Ok(()),
            },
        }
    };
    *offer.files.lock() = if made.is_ok() {
        Files::There
    } else {
        Files::Failed
    };
    let folder = made?;
    let end = match early {
        Some(end) => end,
        None => ended.await,
    };
    if end == End::NotDropped {
        vault.forget_dragged(folder).await;
        return Ok(());
    }
    let vault = vault.clone();
    tauri::async_runtime::spawn(async move {
        // That they were dropped on this window may be told after the end.
        let dropped_here = known.offer.dropped_here.notified();
        let _ = tokio::time::timeout(KEPT_AFTER_DROP, dropped_here).await;
        vault.forget_dragged(folder).await;
    });
    Ok(())
}

/// Held while a drag goes on, and what was dragged is there.
struct Known {
    window: WebviewWindow,
    offer: Arc<Offer>,
}

impl Known {
    fn begin(window: &WebviewWindow, paths: &[PathBuf]) -> Option<Self> {
        let own = window.state::<OwnDrags>();
        let mut offers = own.0.lock();
        let in_air = |offer: &Arc<Offer>| offer.is_in_air.load(Ordering::Relaxed);
        if offers.iter().any(in_air) {
            return None;
        }
        let offer = Offer::of(paths);
        offers.push(Arc::clone(&offer));
        let window = window.clone();
        Some(Self { window, offer })
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        // Nobody waits any longer for what is not made.
        let mut files = self.offer.files.lock();
        if *files == Files::BeingMade {
            *files = Files::Failed;
        }
        let own = self.window.state::<OwnDrags>();
        own.0.lock().retain(|it| !Arc::ptr_eq(it, &self.offer));
    }
}

/// Begins a drag of the system, if the button is still down. Answers who tells its end.
async fn begin(
    window: &WebviewWindow,
    offer: &Arc<Offer>,
) -> Result<Option<oneshot::Receiver<End>>, Error> {
    #[cfg(target_os = "linux")]
    {
        let (begun, answer) = oneshot::channel();
        let (ending, ended) = oneshot::channel();
        let (dragging, offer) = (window.clone(), Arc::clone(offer));
        let asked = window.with_webview(move |view| {
            let (window, view) = (dragging.gtk_window(), view.inner());
            let has_begun = window.is_ok_and(|window| on_gtk::begin(&window, offer, ending));
            if has_begun {
                on_gtk::release_button(&view);
            }
            // Nobody waits any longer when the command has ended.
            let _ = begun.send(has_begun);
        });
        asked.map_err(|_| CopyError::NotDragged)?;
        Ok(answer.await.unwrap_or(false).then_some(ended))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (window, offer);
        Err(CopyError::NotDragged.into())
    }
}

#[cfg(target_os = "linux")]
mod on_gtk {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use std::sync::Arc;
    use std::sync::atomic::Ordering;
    use std::time::{Duration, Instant};

    use glib::translate::ToGlibPtr as _;
    use gtk::gdk::{DragAction, Event, EventButton, EventType, ModifierType};
    use gtk::prelude::*;
    use gtk::{TargetList, glib};
    use tokio::sync::oneshot;

    use super::{End, Files, Offer};

    /// How long a target that was dropped on waits for the files. GTK's own targets give up after 30 seconds.
    const LONGEST_WAIT: Duration = Duration::from_secs(25);
    const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
    const LEFT_BUTTON: i32 = 1;

    /// Answers whether it has begun.
    pub(super) fn begin(
        window: &gtk::ApplicationWindow,
        offer: Arc<Offer>,
        ending: oneshot::Sender<End>,
    ) -> bool {
        if !is_button_down(window) {
            return false;
        }
        let targets = TargetList::new(&[]);
        targets.add_uri_targets(0);
        let Some(context) = window.drag_begin_with_coordinates(
            &targets,
            DragAction::COPY,
            LEFT_BUTTON,
            None,
            -1,
            -1,
        ) else {
            return false;
        };
        context.drag_set_icon_name("text-x-generic", -8, -8);
        let dropped = Rc::new(Cell::new(false));
        let (seen, of) = (Rc::clone(&dropped), Arc::clone(&offer));
        context.connect_drop_performed(move |_, _| {
            seen.set(true);
            of.is_in_air.store(false, Ordering::Relaxed);
        });
        let handlers = Rc::new(RefCell::new(Vec::new()));
        let (of, seen) = (context.clone(), Rc::clone(&dropped));
        let giving = window.connect_drag_data_get(move |_, context, data, _, _| {
            if *context == of {
                give(&offer, seen.get(), data);
            }
        });
        let failed = Rc::new(Cell::new(false));
        let (of, seen) = (context.clone(), Rc::clone(&failed));
        let failing = window.connect_drag_failed(move |_, context, _| {
            seen.set(seen.get() || *context == of);
            // Without flying back: it looks as if it had been moved.
            glib::Propagation::Stop
        });
        let (of, ending, all) = (context, Cell::new(Some(ending)), Rc::clone(&handlers));
        let ended = window.connect_drag_end(move |window, context| {
            if *context != of {
                return;
            }
            let end = if dropped.get() && !failed.get() {
                End::Dropped
            } else {
                End::NotDropped
            };
            if let Some(ending) = ending.take() {
                let _ = ending.send(end);
            }
            for handler in all.take() {
                window.disconnect(handler);
            }
        });
        handlers.borrow_mut().extend([giving, failing, ended]);
        true
    }

    /// A page can begin a drag only while somebody holds the button.
    fn is_button_down(window: &gtk::ApplicationWindow) -> bool {
        let pointer = WidgetExt::display(window)
            .default_seat()
            .and_then(|seat| seat.pointer());
        let (Some(pointer), Some(surface)) = (pointer, window.window()) else {
            return false;
        };
        let (_, _, _, held) = surface.device_position(&pointer);
        held.contains(ModifierType::BUTTON1_MASK)
    }

    /// The drag takes the release of the button to itself. The page would hold the button for pressed, and have no
    /// `pointerdown` of the next press.
    pub(super) fn release_button(view: &impl IsA<gtk::Widget>) {
        let pointer = WidgetExt::display(view)
            .default_seat()
            .and_then(|seat| seat.pointer());
        let Some(surface) = view.window() else {
            return;
        };
        let mut event = Event::new(EventType::ButtonRelease);
        event.set_device(pointer.as_ref());
        let Some(release) = event.downcast_mut::<EventButton>() else {
            return;
        };
        let fields = release.as_mut();
        fields.window = surface.to_glib_full();
        fields.button = LEFT_BUTTON.unsigned_abs();
        fields.state = ModifierType::BUTTON1_MASK.bits();
        // Outside: nothing is clicked by it.
        (fields.x, fields.y) = (-1.0, -1.0);
        view.event(&event);
    }

    /// Tells a target the paths; one that was dropped on is told them when there is something at them.
    fn give(offer: &Offer, is_dropped: bool, data: &gtk::SelectionData) {
        if is_dropped && wait(offer) != Files::There {
            return;
        }
        let uris = offer
            .paths
            .iter()
            .map(|path| glib::filename_to_uri(path, None));
        let uris: Vec<_> = uris.flatten().collect();
        let uris: Vec<&str> = uris.iter().map(glib::GString::as_str).collect();
        if !data.set_uris(&uris) {
            tracing::warn!("the files that are dragged could not be offered");
        }
    }

    /// The window goes on meanwhile.
    fn wait(offer: &Offer) -> Files {
        let waking = glib::timeout_add_local(BETWEEN_LOOKS, || glib::ControlFlow::Continue);
        let until = Instant::now() + LONGEST_WAIT;
        let mut files = *offer.files.lock();
        while files == Files::BeingMade && Instant::now() < until {
            glib::MainContext::default().iteration(true);
            files = *offer.files.lock();
        }
        waking.remove();
        files
    }
}
