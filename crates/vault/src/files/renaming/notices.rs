//! What a person is told of renamings that nobody waits for any more.

use std::sync::Arc;

use privicore_client::{CommandId, Error as ClientError};

use crate::error::code::Code;
use crate::error::{Error, Explanation};
use crate::files::file::File;

/// What a person is told of a file that was not renamed after all.
pub(super) fn not_renamed_notice(name: &str, command: CommandId, reason: String) -> Explanation {
    let why = Error::from(ClientError::Rejected { command, reason }).explain();
    Explanation {
        code: why.code,
        message: format!("“{name}” keeps its name and label. {}", why.message),
        hint: why.hint,
    }
}

/// What a person is told of files whose new names no list has, and whose commands the service does not know.
pub(crate) fn lapsed_notice(files: &[Arc<File>]) -> Option<Explanation> {
    let message = match files {
        [] => return None,
        [file] => format!("“{}” keeps its name and label.", file.name),
        files => format!("{} files keep their names and labels.", files.len()),
    };
    Some(Explanation {
        code: Code::NotConfirmed,
        message: format!("{message} The service did not confirm the change, and its list does not have it."),
        hint: "Change it again if you want to. Should the list have the change later, it is taken over.".into(),
    })
}
