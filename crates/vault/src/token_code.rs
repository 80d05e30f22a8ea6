//! A token as a QR code (ISO/IEC 18004), for a device that has a camera and no clipboard in common.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use zeroize::Zeroizing;

use crate::catalogue::FileId;
use crate::error::Error;
use crate::vault::Vault;

/// Light modules around the code, without which it is not found.
const BORDER: usize = 4;

/// A code as a picture: a square of `side` × `side` modules, and the dark ones in it as the path of an SVG. Whoever sees it can read
/// the token.
pub struct TokenCode {
    /// Modules in a row, the light border included.
    pub side: usize,
    /// The outlines of the dark modules, one unit a module.
    pub path: Zeroizing<String>,
}

impl Vault {
    /// The token of a file as a QR code.
    ///
    /// # Errors
    /// [`Error::SignedOut`], [`Error::Locked`], [`Error::UnknownFile`]; [`Error::Broken`] when a token is too long for a code.
    pub fn token_code(&self, id: FileId) -> Result<TokenCode, Error> {
        let file = self.signed_in()?.catalogue().find(id)?;
        draw(file.token.reveal()).ok_or(Error::Broken)
    }
}

fn draw(text: &str) -> Option<TokenCode> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let modules = Zeroizing::new(code.to_colors().iter().map(|c| *c == Color::Dark).collect());
    Some(TokenCode {
        side: width + 2 * BORDER,
        path: path_of(&modules, width),
    })
}

/// One rectangle for each run of dark modules in a row.
fn path_of(modules: &Zeroizing<Vec<bool>>, width: usize) -> Zeroizing<String> {
    let mut path = Zeroizing::new(String::with_capacity(modules.len() * 10));
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            let (from, down, length) = (x + BORDER, y + BORDER, run.len());
            if run[0] {
                write!(path, "M{from} {down}h{length}v1h-{length}z").expect("a text takes text");
            }
            x += length;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_reads_back_as_the_token() {
        let token = "5e1db519473827f455ee8680ca4a87b7";
        let code = draw(token).unwrap();
        assert_eq!(read(&code), token);
    }

    #[test]
    fn what_no_code_can_hold_is_not_drawn() {
        assert!(draw(&"x".repeat(3000)).is_none());
    }

    /// Paints the path as a web view does, and reads it as a camera does.
    fn read(code: &TokenCode) -> String {
        let scale = 4;
        let side = u32::try_from(code.side).unwrap() * scale;
        let mut picture = image::GrayImage::from_pixel(side, side, image::Luma([255]));
        for run in code.path.split('z').filter(|run| !run.is_empty()) {
            let numbers = run.split(|c: char| !c.is_ascii_digit());
            let numbers: Vec<u32> = numbers.filter_map(|number| number.parse().ok()).collect();
            let [x, y, length, 1, back] = numbers[..] else {
                panic!("{run} is no rectangle");
            };
            assert_eq!(length, back);
            for (right, down) in (0..length * scale).flat_map(|r| (0..scale).map(move |d| (r, d))) {
                picture.put_pixel(x * scale + right, y * scale + down, image::Luma([0]));
            }
        }
        let mut prepared = rqrr::PreparedImage::prepare(picture);
        let grids = prepared.detect_grids();
        grids[0].decode().unwrap().1
    }
}
