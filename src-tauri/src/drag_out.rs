//! Rows that are dragged out of the window, as files.
//!
//! The drag begins at once. Its paths are known then; the files are made while it goes on, all of them or none. Who
//! takes them before they are there waits for them: targets ask for the paths once more when they are dropped on.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use privicore_vault::{CopyError, DraggedCopies, Error, Vault};
use tauri::{Manager as _, WebviewWindow};
use tokio::sync::{Notify, oneshot};

/// How long dropped files stay where they are, for a target that copies them in its own time.
const KEPT_AFTER_DROP: Duration = Duration::from_mins(10);

/// There is one drag at a time.
#[derive(Default)]
pub(crate) struct OwnDrag(Mutex<Option<Dragged>>);

struct Dragged {
    paths: Vec<PathBuf>,
    dropped_here: Arc<Notify>,
}

impl OwnDrag {
    /// It was dropped on the window that it comes from. The system does not tell the end of such a drag.
    pub(crate) fn dropped_here(&self) {
        if let Some(dragged) = self.0.lock().as_ref() {
            dragged.dropped_here.notify_one();
        }
    }

    /// Whether a path is that of a file that is dragged out of this window.
    pub(crate) fn has(&self, path: &Path) -> bool {
        let dragged = self.0.lock();
        dragged
            .as_ref()
            .is_some_and(|dragged| dragged.paths.iter().any(|dragged| dragged == path))
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
struct Offer {
    paths: Vec<PathBuf>,
    files: Mutex<Files>,
}

/// Drags files out of the window; answers when the drag has ended and the files are there. Nothing is dragged when the
/// button is up by now.
///
/// # Errors
/// Why there are no files.
pub(crate) async fn drag(
    window: &WebviewWindow,
    vault: &Vault,
    dragged: DraggedCopies,
) -> Result<(), Error> {
    let Some(only) = Only::begin(window, &dragged.paths) else {
        return Ok(());
    };
    let offer = Arc::new(Offer {
        paths: dragged.paths.clone(),
        files: Mutex::new(Files::BeingMade),
    });
    let Some(ended) = begin(window, &offer).await? else {
        return Ok(());
    };
    let mut ended = std::pin::pin!(async {
        tokio::select! {
            end = ended => end.unwrap_or(End::NotDropped),
            () = only.dropped_here.notified() => End::NotDropped,
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
        tokio::time::sleep(KEPT_AFTER_DROP).await;
        vault.forget_dragged(folder).await;
    });
    Ok(())
}

/// Held while a drag goes on.
struct Only<'a> {
    window: &'a WebviewWindow,
    dropped_here: Arc<Notify>,
}

impl<'a> Only<'a> {
    fn begin(window: &'a WebviewWindow, paths: &[PathBuf]) -> Option<Self> {
        let own = window.state::<OwnDrag>();
        let mut dragged = own.0.lock();
        if dragged.is_some() {
            return None;
        }
        let dropped_here = Arc::<Notify>::default();
        *dragged = Some(Dragged {
            paths: paths.to_owned(),
            dropped_here: Arc::clone(&dropped_here),
        });
        Some(Self {
            window,
            dropped_here,
        })
    }
}

impl Drop for Only<'_> {
    fn drop(&mut self) {
        *self.window.state::<OwnDrag>().0.lock() = None;
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
        let asked = window.run_on_main_thread(move || {
            let window = dragging.gtk_window();
            // Nobody waits any longer when the command has ended.
            let _ = begun.send(window.is_ok_and(|window| on_gtk::begin(&window, offer, ending)));
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
    use std::time::{Duration, Instant};

    use gtk::gdk::{DragAction, ModifierType};
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
        let seen = Rc::clone(&dropped);
        context.connect_drop_performed(move |_, _| seen.set(true));
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
