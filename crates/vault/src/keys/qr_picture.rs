//! A QR code (ISO/IEC 18004) as an outline: nothing but numbers and letters, so a page can draw it without loading
//! anything.

use std::fmt;
use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// Light modules on each side, without which scanners do not find the code.
const QUIET: usize = 4;

/// The picture of a code. As secret as its text.
#[derive(Clone)]
pub struct QrPicture {
    /// Width and height in modules, the light border included.
    pub side: usize,
    /// The dark modules as an SVG path in units of a module.
    pub path: SecretString,
}

impl fmt::Debug for QrPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrPicture({0}×{0})", self.side)
    }
}

impl QrPicture {
    /// Draws `text`; nothing when it is too long for a code.
    pub(crate) fn of(text: &SecretString) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text.expose_secret(), EcLevel::M).ok()?;
        let width = code.width();
        // Room for the worst case, so that the text does not move in memory while it is written.
        let mut path = Zeroizing::new(String::with_capacity(width * width * 16));
        for y in 0..width {
            let mut x = 0;
            while x < width {
                let dark = (x..width)
                    .take_while(|x| code[(*x, y)] == Color::Dark)
                    .count();
                if dark > 0 {
                    // Writing to a String does not fail.
                    let _ = write!(path, "M{} {}h{dark}v1h-{dark}z", x + QUIET, y + QUIET);
                }
                x += dark.max(1);
            }
        }
        Some(Self {
            side: width + 2 * QUIET,
            path: SecretString::from(path.as_str()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paints the outline as a browser would, with `scale` pixels a module.
    fn painted(picture: &QrPicture, scale: usize) -> image::GrayImage {
        let side = u32::try_from(picture.side * scale).unwrap();
        let mut painted = image::GrayImage::from_pixel(side, side, image::Luma([255]));
        for bar in picture.path.expose_secret().split_terminator('z') {
            let numbers: Vec<usize> = bar
                .split(['M', ' ', 'h', 'v', '-'])
                .filter(|number| !number.is_empty())
                .map(|number| number.parse().unwrap())
                .collect();
            let [x, y, width, 1, back] = numbers[..] else {
                panic!("{bar} is no bar")
            };
            assert_eq!(width, back);
            for at_x in x * scale..(x + width) * scale {
                for at_y in y * scale..(y + 1) * scale {
                    let at = (at_x.try_into().unwrap(), at_y.try_into().unwrap());
                    painted.put_pixel(at.0, at.1, image::Luma([0]));
                }
            }
        }
        painted
    }

    #[test]
    fn a_scanner_reads_the_text_back() {
        let text = "kQ3vD0h8mXl2_YtR7cWn5PzBfJ1uGaEo9sViL4xTq6A";
        let picture = QrPicture::of(&text.into()).unwrap();
        let painted = painted(&picture, 5);
        let (width, height) = (painted.width() as usize, painted.height() as usize);
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            painted
                .get_pixel(x.try_into().unwrap(), y.try_into().unwrap())
                .0[0]
        });
        let grids = seen.detect_grids();
        assert_eq!(grids[0].decode().unwrap().1, text);
    }

    #[test]
    fn a_text_beyond_the_largest_code_has_no_picture() {
        assert!(QrPicture::of(&"x".repeat(5000).into()).is_none());
    }

    #[test]
    fn the_picture_prints_nothing() {
        let picture = QrPicture::of(&"hush".into()).unwrap();
        assert_eq!(format!("{picture:?}"), "QrPicture(29×29)");
    }
}
