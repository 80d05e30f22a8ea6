//! The house seen from outside: a desktop of its own for each test, the real window on it, and a person's hands.
//!
//! [`Display`] is a virtual screen, [`Desktop`] a fresh home with or without a keyring, [`Window`] the app under `WebDriver`,
//! [`Drag`] and [`Dialog`] what a person does with the mouse and the keyboard. Everything ends with its owner, and
//! nothing waits without a limit.
#![cfg(target_os = "linux")]

pub mod desktop;
pub mod dialog;
pub mod display;
pub mod drag;
pub mod journey;
pub mod main_job;
pub mod process;
pub mod screenshot;
pub mod wait;
pub mod window;

pub use desktop::{Desktop, Keyring};
pub use dialog::Dialog;
pub use display::Display;
pub use drag::Drag;
pub use wait::wait_for;
pub use window::Window;
