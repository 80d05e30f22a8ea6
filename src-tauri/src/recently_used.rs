//! What is stored and saved is nobody else's business: GTK's file dialogs would keep its paths in the desktop's list of
//! recently used files (`recently-used.xbel`), where every program of the user reads them.
//!
//! The switch that GTK has for it (`gtk-recent-files-enabled`) empties the list of the whole desktop. So this program's
//! own part of writing the list is taken out, and the list stays as other programs have made it.

use gtk::ffi::{GtkRecentManager, GtkRecentManagerClass};
use gtk::glib::gobject_ffi::GTypeInstance;
use gtk::glib::translate::ToGlibPtr as _;

/// Keeps this program from writing the list. To be called once, on the thread of the windows, when GTK runs.
#[expect(
    unsafe_code,
    reason = "GTK has no other way to leave the list alone, and its class is plain data"
)]
pub(crate) fn spare() {
    let Some(manager) = gtk::RecentManager::default() else {
        return;
    };
    let manager: *mut GtkRecentManager = manager.to_glib_none().0;
    // SAFETY: the manager lives as long as the program, each object begins with its type instance, and the class of a
    // recent manager is a `GtkRecentManagerClass`. GTK reads the function when the signal is emitted, on this thread
    // alone.
    unsafe {
        let class = (*manager.cast::<GTypeInstance>())
            .g_class
            .cast::<GtkRecentManagerClass>();
        (*class).changed = Some(write_nothing);
    }
}

/// In the place of what writes the list to the disk.
extern "C" fn write_nothing(_: *mut GtkRecentManager) {}
