//! Which stored file the service is asked about: known where the work begins, not where its requests are sent.

use crate::files::file_id::FileId;

tokio::task_local! {
    static FILE: FileId;
}

/// What is sent by this work, in this task, is about a file.
pub(crate) async fn about_file<T>(file: Option<FileId>, work: impl Future<Output = T>) -> T {
    match file {
        Some(file) => FILE.scope(file, work).await,
        None => work.await,
    }
}

/// The file that the work of this task is about.
pub(super) fn file_of_this_task() -> Option<FileId> {
    FILE.try_with(|file| *file).ok()
}
