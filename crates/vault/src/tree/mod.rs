//! Stored files as people have them: folders, files in them, and the versions of a file, built from the paths in their
//! name records.
//!
//! `name` and `path` say what is the same path, `natural` which name is first, `model` is the tree, `versions` which of
//! several files is the newest, `haystack` is what a search looks into, `table` what rows are filtered and sorted by,
//! `rows` finds the rows of a query, `api` is what the vault answers from it all.

pub(crate) mod api;
pub(crate) mod folder_key;
mod haystack;
pub(crate) mod model;
pub(crate) mod name;
mod natural;
pub(crate) mod path;
pub(crate) mod picked;
pub(crate) mod rows;
mod table;
#[cfg(test)]
mod tests;
mod versions;
pub(crate) mod walk;
