//! Stored files as people have them: folders, files in them, and the versions of a file, built from the paths in their
//! name records.
//!
//! `name` and `path` say what is the same path, `order::natural` which name is first, `model` is the tree, `versions`
//! which of several files is the newest, `texts` are the names in one text, which `search` looks into as `search_fold`
//! writes it, `table` is what rows are filtered and counted by, `order` what they are sorted by, `rows` finds the rows
//! of a query, `api` is what the vault answers from it all.

pub(crate) mod api;
pub(crate) mod folder_key;
pub(crate) mod model;
pub(crate) mod name;
mod order;
pub(crate) mod path;
pub(crate) mod picked;
pub(crate) mod rows;
mod search;
mod search_fold;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod versions;
pub(crate) mod walk;
