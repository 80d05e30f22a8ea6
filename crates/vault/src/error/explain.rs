//! The pair that a person reads about each [`Error`]: what happened, what to do.
//!
//! All matches are exhaustive: an error without words of its own does not compile.

use crate::api::operations::explain_call;
use crate::error::service_words::explain_service;
use crate::error::words::Words;
use crate::error::{Error, Explanation};

impl Error {
    /// The pair a person reads, with its code.
    pub fn explain(&self) -> Explanation {
        self.words().explain()
    }

    pub(crate) fn words(&self) -> Words {
        match self {
            Self::Service(problem) => explain_service(problem),
            Self::Call(problem) => explain_call(problem),
            Self::Connection(error) => error.words(),
            Self::Session(error) => error.words(),
            Self::Account(error) => error.words(),
            Self::Collaboration(error) => error.words(),
            Self::Protection(error) => error.words(),
            Self::Keys(error) => error.words(),
            Self::Recovery(error) => error.words(),
            Self::Sharing(error) => error.words(),
            Self::Pin(error) => error.words(),
            Self::Source(error) => error.words(),
            Self::Target(error) => error.words(),
            Self::Content(error) => error.words(),
            Self::Copy(error) => error.words(),
            Self::File(error) => error.words(),
            Self::Transfer(error) => error.words(),
            Self::Reseal(error) => error.words(),
            Self::Work(error) => error.words(),
            Self::DataFolder(error) => error.words(),
            Self::Record(error) => error.words(),
        }
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
pub(crate) mod tests;
