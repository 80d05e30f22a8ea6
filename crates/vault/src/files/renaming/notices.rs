//! What a person is told of renamings that nobody waits for any more.

use std::sync::Arc;

use privicore_client::{CommandId, Error as ClientError};

use crate::error::code::Code;
use crate::error::{Error, Explanation, Words};
use crate::files::file::File;

/// What a person is told of a file that was not renamed after all.
pub(super) fn not_renamed_notice(name: &str, command: CommandId, reason: String) -> Explanation {
    let why = Error::from(ClientError::Rejected { command, reason }).explain();
    (Words::new(why.code, "name_kept").name(name))
        .because(&why)
        .hint_of(&why)
        .explain()
}

/// What a person is told of files whose new names no list has, and whose commands the service does not know.
pub(crate) fn lapsed_notice(files: &[Arc<File>]) -> Option<Explanation> {
    let words = match files {
        [] => return None,
        [file] => Code::NotConfirmed.words_of("name").name(&file.name),
        files => (Code::NotConfirmed.words_of("names")).number("count", files.len()),
    };
    Some(words.explain())
}
