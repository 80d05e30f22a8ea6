//! The data directory of a sandbox, or its private temporary one.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::server::error::StartError;
use crate::server::private;

/// Where a sandbox keeps what it has: a locked data directory, or a private folder that goes with it.
pub(crate) enum Home {
    Kept { directory: PathBuf, _lock: File },
    Private(TempDir),
}

impl Home {
    pub(crate) fn open(data_dir: Option<PathBuf>) -> Result<Self, StartError> {
        let home = match data_dir {
            Some(directory) => Self::lock(directory)?,
            None => Self::Private(private_directory()?),
        };
        let devices = home.devices();
        private::create_folder(&devices)?;
        // Earlier versions left them open to others.
        private::close_folder_to_others(&devices);
        if let Some(state) = home.state_file() {
            for journal in ["", "-wal", "-shm"] {
                let mut name = state.clone().into_os_string();
                name.push(journal);
                private::close_file_to_others(Path::new(&name));
            }
        }
        Ok(home)
    }

    fn lock(directory: PathBuf) -> Result<Self, StartError> {
        // It holds keys: nobody else may look into one that is made here. One that was there belongs to somebody, and
        // stays as it is.
        private::create_folder(&directory)?;
        let lock = private::open_file(&directory.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self::Kept {
                directory,
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StartError::InUse(directory)),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    pub(crate) fn directory(&self) -> &Path {
        match self {
            Self::Kept { directory, .. } => directory,
            Self::Private(directory) => directory.path(),
        }
    }

    pub(crate) fn devices(&self) -> PathBuf {
        self.directory().join("devices")
    }

    pub(crate) fn state_file(&self) -> Option<PathBuf> {
        match self {
            Self::Kept { directory, .. } => Some(directory.join("state.sqlite")),
            Self::Private(_) => None,
        }
    }
}

fn private_directory() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("privicore-sandbox-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::layers::device::Device;
    use crate::state::State;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn open_to_all(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn nobody_else_reads_what_a_sandbox_keeps_whatever_folder_it_is_given() {
        let dir = tempfile::tempdir().unwrap();
        open_to_all(dir.path(), 0o755);
        for name in ["lock", "state.sqlite", "state.sqlite-wal"] {
            fs::write(dir.path().join(name), "").unwrap();
            open_to_all(&dir.path().join(name), 0o644);
        }
        let devices = dir.path().join("devices");
        fs::create_dir(&devices).unwrap();
        open_to_all(&devices, 0o755);
        let home = Home::open(Some(dir.path().to_owned())).unwrap();
        let state = State::open(home.state_file().as_deref()).unwrap();
        let device = Device::new(&home.devices(), "device".to_owned(), [1; 32]);
        drop(device.create("blob").unwrap());
        let copies = devices.join("device");
        assert_eq!(mode(dir.path()), 0o755, "somebody else's folder");
        assert_eq!((mode(&devices), mode(&copies)), (0o700, 0o700));
        for entry in fs::read_dir(dir.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
            }
        }
        drop(state);
    }

    #[test]
    fn a_folder_that_goes_with_the_sandbox_is_its_users_alone() {
        let home = Home::open(None).unwrap();
        assert_eq!(mode(home.directory()), 0o700);
    }
}
