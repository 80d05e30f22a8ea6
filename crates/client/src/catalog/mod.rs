//! The catalog of all operations, built from their specifications.

pub(crate) mod call;
pub(crate) mod field;
pub(crate) mod shown;
pub(crate) mod spec;
pub(crate) mod values;

use crate::answer::Reply;
use crate::operation::{Command, Operation, Spec};
use crate::operations;

/// One operation as others see it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub spec: Spec,
    /// Whether its outcome comes later.
    pub is_command: bool,
    /// Reads an answer and forgets it: what a fuzzer does with every operation.
    #[cfg_attr(
        not(any(test, feature = "fuzzing")),
        expect(dead_code, reason = "fuzzers alone read what they were not asked for")
    )]
    pub(crate) read: Option<fn(&Reply)>,
}

impl Entry {
    pub(crate) const fn operation<O: Operation>() -> Self {
        Self {
            spec: O::SPEC,
            is_command: false,
            read: Some(read::<O>),
        }
    }

    pub(crate) const fn command<C: Command>() -> Self {
        Self {
            spec: C::SPEC,
            is_command: true,
            read: None,
        }
    }

    /// One whose bytes are streamed.
    pub(crate) const fn at_link(spec: Spec) -> Self {
        Self {
            spec,
            is_command: false,
            read: None,
        }
    }

    pub fn find(id: &str) -> Option<&'static Self> {
        catalog().find(|entry| entry.spec.id == id)
    }
}

fn read<O: Operation>(reply: &Reply) {
    if O::accepts(reply.status) {
        // Either is right: what counts is that it comes to an end.
        let _answer = O::parse(reply);
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
        for Entry {
            spec, is_command, ..
        } in catalog()
        {
            assert!(ids.insert(spec.id), "{} twice", spec.id);
            assert!(
                !spec.row.is_empty() && spec.doc.ends_with('.'),
                "{}",
                spec.id
            );
            assert!(
                spec.path.starts_with('/') && spec.id.contains('.'),
                "{}",
                spec.id
            );
            for field in spec.fields {
                assert!(
                    !spec.places(field) || field.required,
                    "{}: {}",
                    spec.id,
                    field.name
                );
                assert!(
                    field.doc.len() > 5 && field.doc.ends_with('.'),
                    "{}: {} is not explained",
                    spec.id,
                    field.name
                );
            }
            if *is_command {
                assert_eq!(spec.repeat, Repeat::Never, "{}", spec.id);
            }
        }
    }

    #[test]
    fn every_row_of_the_table_is_there_once_and_in_its_order() {
        let rows: Vec<&str> = catalog().map(|entry| entry.spec.row).collect();
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
        assert_eq!(Entry::find("voting.create").unwrap().spec.row, "86");
        assert!(Entry::find("voting.rig").is_none());
    }
}
