//! Everything that is tested from outside, in one program: linking is what takes the time, and one runner shares the
//! cores between what computes and what waits.

mod activity;
#[cfg(target_os = "linux")]
mod activity_window;
mod applications;
#[cfg(target_os = "linux")]
mod applications_window;
mod attacks;
#[cfg(target_os = "linux")]
mod changes_cli;
#[cfg(target_os = "linux")]
mod changes_window;
#[cfg(target_os = "linux")]
mod command_line;
#[cfg(target_os = "linux")]
mod command_line_disk;
#[cfg(target_os = "linux")]
mod command_line_terminal;
#[cfg(target_os = "linux")]
mod confined_window;
#[cfg(target_os = "linux")]
mod consents;
#[cfg(target_os = "linux")]
mod console_window;
mod copies;
#[cfg(target_os = "linux")]
mod crash;
mod damaged_records;
mod devices;
#[cfg(target_os = "linux")]
mod devices_window;
mod directories;
#[cfg(target_os = "linux")]
mod directories_window;
#[cfg(target_os = "linux")]
mod drag_out_window;
#[cfg(target_os = "linux")]
mod encryption_keys;
mod failures;
mod faults;
mod flows;
mod flows_large;
#[cfg(target_os = "linux")]
mod handed_window;
#[cfg(target_os = "linux")]
mod harmless;
#[cfg(target_os = "linux")]
mod harness;
mod held_by_policy;
mod imports;
#[cfg(target_os = "linux")]
mod interop;
mod key_cost;
mod key_protection;
#[cfg(target_os = "linux")]
mod keys_cli;
mod keys_kept;
#[cfg(target_os = "linux")]
mod list_window;
mod lock;
#[cfg(target_os = "linux")]
mod lock_window;
#[cfg(target_os = "linux")]
mod locked_window;
#[cfg(target_os = "linux")]
mod memory;
mod missing;
#[cfg(target_os = "linux")]
mod missing_cli;
#[cfg(target_os = "linux")]
mod missing_window;
mod network;
mod operations;
mod own_key;
#[cfg(target_os = "linux")]
mod paths_cli;
mod permanent;
mod pins;
#[cfg(target_os = "linux")]
mod place_window;
#[cfg(target_os = "linux")]
mod power;
mod preview;
#[cfg(target_os = "linux")]
mod preview_window;
#[cfg(target_os = "linux")]
mod questions_window;
mod reading;
mod recovery;
#[cfg(target_os = "linux")]
mod recovery_window;
#[cfg(target_os = "linux")]
mod renaming;
#[cfg(target_os = "linux")]
mod resealing;
#[cfg(target_os = "linux")]
mod rest;
mod retries;
#[cfg(target_os = "linux")]
mod rows;
mod saving;
mod second_computer;
mod security;
mod service_forms;
#[cfg(target_os = "linux")]
mod soak;
mod structure;
#[cfg(target_os = "linux")]
mod token_window;
#[cfg(target_os = "linux")]
mod tray_window;
#[cfg(target_os = "linux")]
mod trees;
#[cfg(target_os = "linux")]
mod trees_window;
mod two_processes;
mod unlisted;
mod verification;
#[cfg(target_os = "linux")]
mod verification_window;
mod vocabulary;
mod votes;
#[cfg(target_os = "linux")]
mod votes_window;
#[cfg(target_os = "linux")]
mod walk_window;
#[cfg(target_os = "linux")]
mod window;
