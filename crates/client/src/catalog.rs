//! The list of all operations, made from their own descriptions.

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
}

/// Every operation this client knows, in the order of the wire's table.
pub fn catalog() -> impl Iterator<Item = &'static Entry> {
    [
        operations::utility::ENTRIES,
        operations::profile::ENTRIES,
        operations::public_key::ENTRIES,
        operations::data_token::ENTRIES,
        operations::device::ENTRIES,
        operations::storage::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::operation::{Method, Repeat};

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
                let placed = about.path.contains(&format!("{{{}}}", field.name));
                assert!(!placed || field.required, "{}: {}", about.id, field.name);
            }
            if *is_command {
                assert_eq!(
                    (about.method, about.repeat),
                    (Method::Post, Repeat::Never),
                    "{}",
                    about.id
                );
            }
        }
        assert!(ids.len() >= 30);
    }
}
