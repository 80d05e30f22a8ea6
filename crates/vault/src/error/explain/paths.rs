//! What is said of files and folders of this computer.

use std::io;

use crate::error::code::Code;
use crate::error::counted::counted;
use crate::error::words::Words;

pub(super) fn source_unreadable(name: &str, error: &io::Error) -> Words {
    (
        Code::SourceUnreadable,
        format!("“{name}” cannot be read: {error}."),
        "Check that it exists and that you may read it, then add it again. Nothing of it was stored.",
    )
}

pub(super) fn source_changed(name: &str) -> Words {
    (
        Code::SourceChanged,
        format!("“{name}” changed while it was being read."),
        "Wait until the program that writes it has finished, then add it again. It was not stored.",
    )
}

pub(super) fn source_in_use(name: &str) -> Words {
    (
        Code::SourceInUse,
        format!("“{name}” is in use by another program."),
        "Close it there, then add it again. Nothing of it was stored.",
    )
}

pub(super) fn source_length_untrue(name: &str, bytes: u64) -> Words {
    (
        Code::SourceLengthUntrue,
        format!("“{name}” does not have the length the system says ({bytes} B)."),
        "Copy it to an ordinary file and add that. Nothing of it was stored.",
    )
}

pub(super) fn name_not_carried(name: &str) -> Words {
    (
        Code::NameNotCarried,
        format!("The name of “{name}” is not valid UTF-8, and the desktop did not pass it on."),
        "Drop the folder it is in, or store it with the command line.",
    )
}

pub(super) fn path_too_long(name: &str, too_many: usize) -> Words {
    (
        Code::PathTooLong,
        format!(
            "The path of “{name}” is too long: its folders and its name are about {} over the limit.",
            counted(too_many, "byte", "bytes")
        ),
        "Add a folder further down, or shorten the names. Nothing of it was sent.",
    )
}

pub(super) fn not_a_file(name: &str) -> Words {
    (
        Code::NotAFile,
        format!("“{name}” is not a regular file."),
        "Only files and folders can be stored.",
    )
}

pub(super) fn target_exists(name: &str) -> Words {
    (
        Code::TargetExists,
        format!("A file named “{name}” is already there."),
        "Choose another name or agree to replace it. It was not touched.",
    )
}

pub(super) fn target_not_as_agreed(name: &str) -> Words {
    (
        Code::TargetExists,
        format!(
            "“{name}” is not the file that you agreed to replace: it was changed, or another one is there now."
        ),
        "Look at it. Then choose another name, or agree to replace it. It was not touched.",
    )
}

pub(super) fn target_is_folder(name: &str) -> Words {
    (
        Code::TargetIsFolder,
        format!("“{name}” is a folder."),
        "Give the name of a file in it. It was not touched.",
    )
}

pub(super) fn target_not_a_file(name: &str) -> Words {
    (
        Code::TargetNotAFile,
        format!("“{name}” is not a regular file, so it is not replaced."),
        "Choose another name. It was not touched.",
    )
}

pub(super) fn target_name(name: &str) -> Words {
    (
        Code::TargetName,
        format!("“{name}” cannot be the name of a file on this system."),
        "Choose another name. Nothing was changed.",
    )
}

pub(super) fn target_in_use(name: &str) -> Words {
    (
        Code::TargetInUse,
        format!("“{name}” cannot be replaced: another program has it open."),
        "Close it there and try again, or choose another name. It was not touched.",
    )
}

pub(super) fn target_folder_missing(name: &str) -> Words {
    (
        Code::TargetFolderMissing,
        format!("The folder for “{name}” does not exist."),
        "Choose another folder.",
    )
}

pub(super) fn target_read_only(name: &str) -> Words {
    (
        Code::TargetReadOnly,
        format!(
            "“{name}” cannot be saved there: the folder, or the file in its place, may not be changed."
        ),
        "Choose another folder. Nothing was changed.",
    )
}

pub(super) fn no_space(name: &str) -> Words {
    (
        Code::NoSpace,
        format!("There is no space left to save “{name}”."),
        "Free some space or choose another disk. What was there is as it was.",
    )
}

pub(super) fn target(name: &str, error: &io::Error) -> Words {
    (
        Code::Target,
        format!("“{name}” could not be saved: {error}."),
        "Choose another folder. What was there is as it was.",
    )
}
