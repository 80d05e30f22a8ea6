//! Repairs a device: every copy it should keep is verified, and rewritten from another device where needed. The
//! engine's layer stays sealed.

use std::collections::HashSet;
use std::io;

use super::Blob;
use super::device::Device;
use super::retrieval::Copies;

/// Repairs `device` so that it keeps a whole copy of each of `blobs`, reading from `others`. Answers the blobs of which
/// it now has one.
pub(crate) fn repair(
    device: &Device,
    blobs: &[Blob],
    others: &[Device],
    durable: bool,
) -> io::Result<Vec<String>> {
    let mut kept = Vec::new();
    for blob in blobs {
        if is_whole(device, blob) || copy_over(device, blob, others, durable)? {
            kept.push(blob.id.clone());
        }
    }
    Ok(kept)
}

/// Removes every file of `device` that is not one of the copies in `wanted`. Only while nothing is being stored.
pub(crate) fn remove_others(device: &Device, wanted: &HashSet<String>) -> io::Result<()> {
    device
        .files()?
        .iter()
        .filter(|file| !wanted.contains(file.as_str()))
        .try_for_each(|file| device.remove(file))
}

fn is_whole(device: &Device, blob: &Blob) -> bool {
    let mut copies = Copies::new(vec![device.clone()]);
    let mut buffer = Vec::new();
    (0..blob.chunks()).all(|index| copies.read(blob, index, &mut buffer).is_ok())
}

/// Whether a whole copy could be made from one of `others`.
fn copy_over(device: &Device, blob: &Blob, others: &[Device], durable: bool) -> io::Result<bool> {
    let mut copies = Copies::new(others.to_vec());
    let mut copy = device.create(&blob.id)?;
    let mut buffer = Vec::new();
    for index in 0..blob.chunks() {
        let Ok(len) = copies.read(blob, index, &mut buffer) else {
            return Ok(false);
        };
        copy.write(blob.place(index), &buffer[..len])?;
    }
    copy.finish(durable)?;
    Ok(true)
}
