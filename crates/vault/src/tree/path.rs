//! The way to a file or a folder, from the top of the tree on.

use std::fmt;
use std::path::{Component, Path};

use super::name::Name;
use crate::files::file::File;

/// A path of more names is one entry at the top: no tree of a person is that deep, and each folder on the way would be
/// kept.
pub(super) const DEEPEST: usize = 256;

/// The names on the way, none at the top. A path from a record is data: `..` in it is a name like any other.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreePath(Vec<Name>);

impl TreePath {
    /// Where a file is in the tree. What the service alone says of it is a name at the top, never a way.
    pub(crate) fn of(file: &File) -> Self {
        if !file.is_name_opened() {
            return Self(vec![Name::of_service(&file.name, file.id)]);
        }
        let path = Self::of_file(&file.folder, &file.name, file.is_escaped);
        if path.0.len() <= DEEPEST {
            return path;
        }
        let (folder, name, is_escaped) = path.written();
        Self(vec![Name::of_whole(
            &format!("{folder}/{name}"),
            is_escaped,
        )])
    }

    /// Of the file that a record describes.
    pub(crate) fn of_file(folder: &str, name: &str, is_escaped: bool) -> Self {
        let mut names = parts(folder, is_escaped);
        match &parts(name, is_escaped)[..] {
            // It is in that folder, whatever it is called.
            [] => names.push(Name::written("", false)),
            of_name => names.extend_from_slice(of_name),
        }
        Self(names)
    }

    /// Of a path as `ls` shows it, or as a shell completes it: `a/b`, `./a/b/`.
    pub fn parse(text: &str) -> Self {
        let names = text.split('/').filter(|part| !part.is_empty());
        let names = names.filter(|part| *part != ".");
        Self(names.map(|part| Name::written(part, false)).collect())
    }

    /// Of a path that may be no text. None for one with `..` in it.
    pub fn of_os(path: &Path) -> Option<Self> {
        let mut names = Vec::new();
        for component in path.components() {
            match component {
                Component::Normal(name) => names.push(Name::of_os(name)),
                Component::CurDir | Component::RootDir => {}
                Component::ParentDir | Component::Prefix(_) => return None,
            }
        }
        Some(Self(names))
    }

    /// The same, with names that are written like escaped ones taken for those.
    #[must_use]
    pub fn unescaped(&self) -> Self {
        let names = self.0.iter();
        Self(names.map(|name| Name::written(name.text(), true)).collect())
    }

    /// The names on the way.
    pub fn names(&self) -> &[Name] {
        &self.0
    }

    /// The folder it is in, and its own name; none at the top.
    pub fn split(&self) -> Option<(Self, &Name)> {
        let (name, folder) = self.0.split_last()?;
        Some((Self(folder.to_vec()), name))
    }

    /// The path of something in this folder.
    #[must_use]
    pub fn join(&self, name: Name) -> Self {
        let mut names = self.0.clone();
        names.push(name);
        Self(names)
    }

    /// Whether this is the top.
    pub fn is_top(&self) -> bool {
        self.0.is_empty()
    }

    /// The path below another one.
    #[must_use]
    pub(crate) fn below(&self, folder: &Self) -> Self {
        Self([&folder.0[..], &self.0[..]].concat())
    }

    /// Whether it leads through this folder, or to it.
    pub(crate) fn is_below(&self, folder: &Self) -> bool {
        self.0.starts_with(&folder.0)
    }

    /// The path after `from`, which it leads through or to, has become `to`.
    #[must_use]
    pub(crate) fn moved(&self, from: &Self, to: &Self) -> Self {
        let rest = self.0.strip_prefix(&from.0[..]).unwrap_or(&self.0);
        Self([&to.0[..], rest].concat())
    }

    /// Folder, name and whether they are escaped, as a record writes them: all of it is, if one name is.
    pub(crate) fn written(&self) -> (String, String, bool) {
        let is_escaped = self.0.iter().any(Name::is_escaped);
        let names = self.0.iter().map(|name| {
            if is_escaped && !name.is_escaped() {
                name.text().replace('\\', r"\\")
            } else {
                name.text().to_owned()
            }
        });
        let mut names: Vec<String> = names.collect();
        let name = names.pop().unwrap_or_default();
        (names.join("/"), name, is_escaped)
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            f.write_str(name.text())?;
        }
        Ok(())
    }
}

/// Two separators in a row, and those at the ends, have no name between them.
pub(super) fn parts(text: &str, is_escaped: bool) -> Vec<Name> {
    let parts = text.split('/').filter(|part| !part.is_empty());
    parts.map(|part| Name::written(part, is_escaped)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_as_it_is_found() {
        for text in ["", "a", "a/b c/d.txt", "../x"] {
            assert_eq!(TreePath::parse(text).to_string(), text);
        }
        for text in ["/a/b", "a//b/", "./a/b"] {
            assert_eq!(TreePath::parse(text).to_string(), "a/b");
        }
        assert_eq!(TreePath::of_file("/a//b", "c", false).to_string(), "a/b/c");
        assert_eq!(TreePath::of_file("", "/", false).names().len(), 1);
        assert_eq!(TreePath::of_file("a", "", false).names().len(), 2);
    }

    #[test]
    fn a_folder_is_the_same_whether_a_file_in_it_is_escaped_or_not() {
        let plain = TreePath::of_file(r"a\b", "c", false);
        let escaped = TreePath::of_file(r"a\\b", r"\xff", true);
        assert_eq!(plain.split().unwrap().0, escaped.split().unwrap().0);
        assert_eq!(
            TreePath::parse(r"\xff").unescaped().names()[0],
            escaped.names()[1]
        );
    }

    #[test]
    fn a_path_is_written_so_that_it_reads_back() {
        for path in [
            TreePath::parse("a/b c/d.txt"),
            TreePath::parse(r"a\b/\xff"),
            TreePath::of_file(r"a\\b", r"\xff", true),
        ] {
            let (folder, name, is_escaped) = path.written();
            assert_eq!(TreePath::of_file(&folder, &name, is_escaped), path);
        }
    }

    #[test]
    fn a_path_that_leads_upwards_is_none() {
        assert_eq!(TreePath::of_os(Path::new("a/../b")), None);
        let path = TreePath::of_os(Path::new("/a/./b")).unwrap();
        assert_eq!(path, TreePath::parse("a/b"));
    }
}
