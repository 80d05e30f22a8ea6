//! Renaming, moving and labelling stored files (protocol row 32b): the sealed name at the service is replaced, the
//! receipt follows when that is confirmed.
//!
//! What is intended is on the disk before the command is sent. The name here changes only when the service has
//! confirmed the command, or lists the name that was sent: its record tells for which file it was made, and how often
//! that had been renamed by then, so that neither another file's record nor an older one is taken for it.
//!
//! `sent_name` is what is written down, `note` how it changes. `plan` turns what a person picks into names for single
//! files, `send` sends one, `open` finds out later what became of those that were not decided, `api` is what the vault
//! offers.

pub(crate) mod api;
mod in_list;
pub(crate) mod note;
pub(crate) mod notices;
pub(crate) mod open;
pub(crate) mod plan;
pub(crate) mod send;
pub(crate) mod sent_name;
#[cfg(test)]
mod tests;
