//! Pictures: decoded within bounds, turned as the camera was held, made small enough for the window, and encoded anew.
//! No byte of the original reaches whoever shows it.

use std::fmt;
use std::io::Cursor;

use image::error::ImageError;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use zeroize::Zeroizing;

/// No side may be longer, in pixels.
const LONGEST_SIDE: u32 = 20_000;
/// A picture takes no more when it is decoded, in bytes. A progressive JPEG takes up to twice as much beside that while
/// it is read.
const DECODED_BYTES: u64 = 192 * 1024 * 1024;
/// Nothing larger than this is made for a window, in pixels.
const LARGEST_SHOWN: u32 = 4_096;

/// How much room there is for a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureBounds {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A picture as it is shown.
pub struct Picture {
    /// Encoded as PNG (ISO/IEC 15948).
    pub png: Zeroizing<Vec<u8>>,
    /// Of the original, in pixels, as it is to be held.
    pub width: u32,
    /// As `width`.
    pub height: u32,
}

impl fmt::Debug for Picture {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Picture({} x {})", self.width, self.height)
    }
}

/// Whether bytes begin as a picture does that can be decoded.
pub(crate) fn is_picture(bytes: &[u8]) -> bool {
    image::guess_format(bytes).is_ok_and(|format| FORMATS.contains(&format))
}

/// Whether a file is called a picture that can be decoded.
pub(crate) fn is_called_picture(name: &str) -> bool {
    ImageFormat::from_path(name).is_ok_and(|format| FORMATS.contains(&format))
}

const FORMATS: [ImageFormat; 5] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Gif,
    ImageFormat::WebP,
    ImageFormat::Bmp,
];

/// Why a picture is not drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDrawn {
    /// It takes more memory, or is wider or higher, than is decoded.
    TooLarge,
    /// It is damaged, or no picture.
    NotReadable,
}

pub(crate) fn draw(bytes: &[u8], bounds: PictureBounds) -> Result<Picture, NotDrawn> {
    decode(bytes, bounds).map_err(|error| match error {
        ImageError::Limits(_) => NotDrawn::TooLarge,
        _ => NotDrawn::NotReadable,
    })
}

fn decode(bytes: &[u8], bounds: PictureBounds) -> Result<Picture, ImageError> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(DECODED_BYTES);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    // What the decoder needs beside the picture itself has to do with what is left.
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    let (widest, highest) = (
        bounds.width.clamp(1, LARGEST_SHOWN),
        bounds.height.clamp(1, LARGEST_SHOWN),
    );
    if width > widest || height > highest {
        picture = picture.thumbnail(widest, highest);
    }
    let mut png = Zeroizing::new(Vec::new());
    picture
        .into_rgba8()
        .write_to(&mut Cursor::new(&mut *png), ImageFormat::Png)?;
    Ok(Picture { png, width, height })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
        encoded(width, height, ImageFormat::Png)
    }

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::new_rgb8(width, height);
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn bounds(width: u32, height: u32) -> PictureBounds {
        PictureBounds { width, height }
    }

    #[test]
    fn a_picture_of_each_format_is_encoded_anew_and_no_larger_than_its_place() {
        for format in FORMATS {
            let bytes = encoded(400, 100, format);
            assert!(is_picture(&bytes), "{format:?}");
            let picture = draw(&bytes, bounds(100, 100)).unwrap();
            assert_eq!((picture.width, picture.height), (400, 100));
            let shown = image::load_from_memory_with_format(&picture.png, ImageFormat::Png);
            let shown = shown.unwrap();
            assert_eq!((shown.width(), shown.height()), (100, 25), "{format:?}");
        }
    }

    #[test]
    fn a_picture_that_says_it_is_huge_is_not_decoded() {
        // The second is within the longest side, and takes too much memory.
        for side in [60_000_u32, 19_000] {
            let mut bytes = encoded(1, 1, ImageFormat::Bmp);
            bytes[18..22].copy_from_slice(&side.to_le_bytes());
            bytes[22..26].copy_from_slice(&side.to_le_bytes());
            let drawn = draw(&bytes, bounds(100, 100));
            assert_eq!(drawn.unwrap_err(), NotDrawn::TooLarge);
        }
    }

    #[test]
    fn a_picture_of_60000_by_60000_pixels_is_refused_before_anything_is_decoded() {
        let seeds = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../fuzz/seeds/vault-previews"
        );
        for name in ["png-bomb", "png-bomb-grey", "bmp-bomb", "gif-bomb"] {
            let bomb = std::fs::read(format!("{seeds}/{name}")).unwrap();
            let drawn = draw(&bomb, bounds(100, 100));
            assert_eq!(drawn.unwrap_err(), NotDrawn::TooLarge, "{name}");
        }
    }

    #[test]
    fn a_picture_that_is_cut_or_changed_anywhere_is_shown_or_not_and_nothing_else() {
        for format in FORMATS {
            let whole = encoded(40, 30, format);
            for at in 0..whole.len() {
                let _ = draw(&whole[..at], bounds(10, 10));
                let mut changed = whole.clone();
                changed[at] ^= 0x55;
                let _ = draw(&changed, bounds(10, 10));
            }
        }
    }

    #[test]
    fn nothing_of_a_picture_is_printed() {
        let picture = draw(&png(3, 2), bounds(9, 9)).unwrap();
        assert_eq!(format!("{picture:?}"), "Picture(3 x 2)");
    }
}
