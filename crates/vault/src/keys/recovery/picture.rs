//! The QR code of a recovery kit, read from a picture of it.

use std::io::Cursor;

use image::{ImageError, ImageReader, Limits};
use secrecy::SecretString;

/// Larger pictures are refused: a page scanned at 600 dots an inch has 35 million pixels.
const MAX_SIDE_PIXELS: u32 = 16_000;
/// What decoding may take.
const MAX_MEMORY_BYTES: u64 = 512 * 1024 * 1024;

/// Whether the bytes are a picture of a kind that can be read: PNG or JPEG.
pub(super) fn is_picture(bytes: &[u8]) -> bool {
    image::guess_format(bytes).is_ok()
}

/// What the first readable QR code in the picture holds; nothing when there is none.
///
/// # Errors
/// When the picture itself cannot be read, or is beyond all bounds.
pub(super) fn read_code(bytes: &[u8]) -> Result<Option<SecretString>, ImageError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PIXELS);
    limits.max_image_height = Some(MAX_SIDE_PIXELS);
    limits.max_alloc = Some(MAX_MEMORY_BYTES);
    reader.limits(limits);
    let picture = reader.decode()?.to_luma8();
    let mut prepared = rqrr::PreparedImage::prepare(picture);
    let found = prepared
        .detect_grids()
        .into_iter()
        .find_map(|grid| grid.decode().ok());
    Ok(found.map(|(_, text)| SecretString::from(text)))
}
