//! The list of all operations, made from their own descriptions.

pub(crate) mod about;
pub(crate) mod call;
pub(crate) mod field;
pub(crate) mod shown;
pub(crate) mod values;

use crate::operation::{About, Command, Operation};
use crate::operations;

/// One operation as others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its description.
    pub about: About,
    /// Whether its outcome comes later.
    pub is_command: bool,
}

impl Entry {
    pub(crate) const fn operation<O: Operation>() -> Self {
        Self {
            about: O::ABOUT,
            is_command: false,
        }
    }

    pub(crate) const fn command<C: Command>() -> Self {
        Self {
            about: C::ABOUT,
            is_command: true,
        }
    }

    /// One whose bytes are streamed.
    pub(crate) const fn at_link(about: About) -> Self {
        Self {
            about,
            is_command: false,
        }
    }

    /// The operation of an id.
    pub fn find(id: &str) -> Option<&'static Self> {
        catalog().find(|entry| entry.about.id == id)
    }
}

/// Every operation this client knows, in the order of the wire's table.
pub fn catalog() -> impl Iterator<Item = &'static Entry> {
    [
        operations::utility::ENTRIES,
        operations::profile::ENTRIES,
        operations::oauth_application::ENTRIES,
        operations::public_key::ENTRIES,
        operations::data_token::ENTRIES,
        operations::device::ENTRIES,
        operations::storage::ENTRIES,
        operations::verified_authenticator::ENTRIES,
        operations::policy::ENTRIES,
        operations::directory::ENTRIES,
        operations::voting::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::operation::Repeat;

    #[test]
    fn every_operation_is_described_and_has_an_id_of_its_own() {
        let mut ids = HashSet::new();
        for Entry { about, is_command } in catalog() {
            assert!(ids.insert(about.id), "{} twice", about.id);
            assert!(
                !about.row.is_empty() && about.doc.ends_with('.'),
                "{}",
                about.id
            );
            assert!(
                about.path.starts_with('/') && about.id.contains('.'),
                "{}",
                about.id
            );
            for field in about.fields {
                assert!(
                    !about.places(field) || field.required,
                    "{}: {}",
                    about.id,
                    field.name
                );
                assert!(
                    field.doc.len() > 5 && field.doc.ends_with('.'),
                    "{}: {} is not explained",
                    about.id,
                    field.name
                );
            }
            if *is_command {
                assert_eq!(about.repeat, Repeat::Never, "{}", about.id);
            }
        }
    }

    #[test]
    fn every_row_of_the_table_is_there_once_and_in_its_order() {
        let rows: Vec<&str> = catalog().map(|entry| entry.about.row).collect();
        let table: Vec<String> = (1..=87)
            .flat_map(|row| match row {
                32 => vec!["32a".to_owned(), "32b".to_owned()],
                20 | 58 | 87 => vec![row.to_string(), format!("{row}a")],
                row => vec![row.to_string()],
            })
            .collect();
        assert_eq!(rows, table);
    }

    #[test]
    fn an_operation_is_found_by_its_id() {
        assert_eq!(Entry::find("voting.create").unwrap().about.row, "86");
        assert_eq!(Entry::find("voting.rig"), None);
    }
}
