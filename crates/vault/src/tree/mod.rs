//! Stored files as people have them: folders, files in them, and the versions of a file, built from the paths in their
//! name records.
//!
//! `name` and `path` say what is the same path, `model` is the tree, `versions` which of several files is the newest,
//! `haystack` is what a search looks into, `api` what the vault answers from it.

pub(crate) mod api;
mod haystack;
pub(crate) mod model;
pub(crate) mod name;
pub(crate) mod path;
#[cfg(test)]
mod tests;
mod versions;
pub(crate) mod walk;
