//! The contestants and their commands.

use crate::run::row::Direction;

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contestant {
    /// The vault, sealing.
    Vault,
    /// The same road, unsealed.
    Plain,
    Curl,
    Age,
    Rclone,
}

impl Contestant {
    pub(crate) const ALL: [Self; 5] = [
        Self::Vault,
        Self::Plain,
        Self::Curl,
        Self::Age,
        Self::Rclone,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Vault => "privicore",
            Self::Plain => "privicore, unsealed",
            Self::Curl => "curl, unsealed",
            Self::Age => "age and curl",
            Self::Rclone => "rclone crypt",
        }
    }

    /// The shell command of another tool, with `$file`, `$out` and `$url` set. Downloads are synced, as the vault does
    /// it.
    pub(crate) fn script(self, way: Direction) -> &'static str {
        match (self, way) {
            (Self::Vault | Self::Plain, _) | (_, Direction::Open) => "",
            (Self::Curl, Direction::Up) => {
                r#"$timed curl --silent --show-error --fail --upload-file "$file" "$url/plain""#
            }
            (Self::Curl, Direction::Down) => {
                r#"$timed curl --silent --show-error --fail --output "$out" "$url/plain"
                   $timed sync "$out""#
            }
            (Self::Age, Direction::Up) => {
                r#"$timed age --recipient "$recipient" "$file" |
                   $timed curl --silent --show-error --fail --upload-file - "$url/sealed.age""#
            }
            (Self::Age, Direction::Down) => {
                r#"$timed curl --silent --show-error --fail "$url/sealed.age" |
                   $timed age --decrypt --identity "$identity" --output "$out"
                   $timed sync "$out""#
            }
            (Self::Rclone, Direction::Up) => {
                r#"$timed rclone --config "" copyto --ignore-times "$file" sealed:original"#
            }
            (Self::Rclone, Direction::Down) => {
                r#"$timed rclone --config "" copyto --ignore-times sealed:original "$out"
                   $timed sync "$out""#
            }
        }
    }
}
