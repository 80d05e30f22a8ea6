//! The product seen from outside: a desktop of its own for each test, the real window on it, and a person's hands.
//!
//! [`Display`] is a virtual screen, [`Desktop`] a fresh home with or without a keyring, [`Window`] the app under
//! `WebDriver`, [`Drag`] and [`Dialog`] what a person does with the mouse and the keyboard. Everything ends with its
//! owner, and nothing waits without a limit. [`test_vault::TestVault`] is a vault with a sandbox of its own, without a
//! window.
#![expect(
    clippy::missing_panics_doc,
    reason = "a test that cannot go on has failed"
)]

#[macro_use]
mod dialects;
pub mod corporate_network;
pub mod encrypted;
pub mod key_work;
pub mod liar;
pub mod proxy;
pub mod source_files;
pub mod test_vault;
pub mod unknown;
pub mod wait;

#[cfg(target_os = "linux")]
pub mod cli_fixture;
#[cfg(target_os = "linux")]
pub mod command_line;
#[cfg(target_os = "linux")]
pub mod desktop;
#[cfg(target_os = "linux")]
pub mod dialog;
#[cfg(target_os = "linux")]
pub mod display;
#[cfg(target_os = "linux")]
pub mod drag;
#[cfg(target_os = "linux")]
pub mod drop_target;
#[cfg(target_os = "linux")]
pub mod installed;
#[cfg(target_os = "linux")]
pub mod journey;
#[cfg(target_os = "linux")]
pub mod main_job;
#[cfg(target_os = "linux")]
pub mod memory;
#[cfg(target_os = "linux")]
pub mod notifications;
#[cfg(target_os = "linux")]
pub mod panel;
#[cfg(target_os = "linux")]
pub mod process;
#[cfg(target_os = "linux")]
pub mod screenshot;
#[cfg(target_os = "linux")]
pub mod soak;
#[cfg(target_os = "linux")]
pub mod start_up;
#[cfg(target_os = "linux")]
pub mod window;

pub use wait::{wait_for, wait_until};

#[cfg(target_os = "linux")]
pub use self::{
    desktop::{Desktop, Keyring},
    dialog::Dialog,
    display::Display,
    drag::Drag,
    drop_target::DropTarget,
    window::Window,
};
