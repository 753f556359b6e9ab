//! What follows the end of a picture: a Motion Photo's film, further pictures of a stereo or depth camera, archives,
//! programs' own blocks. It is named, its plain text is shown, and the details of pictures and films in it are read.

use memchr::memmem;

use super::{Jpeg, walk};
use crate::bmff;
use crate::format::{Format, sniff};
use crate::iptc;
use crate::limits::Limits;
use crate::report::Collector;
use crate::report::MetadataKind::Trailer;

/// More pictures than any camera appends (a stereo pair, a depth map, a gain map, previews).
const MAX_PICTURES: usize = 8;
/// Plain text of an unknown trailer is looked for this far.
const TEXT_BYTES: usize = 64 * 1024;

/// What programs and cameras end or begin their blocks with.
const SIGNATURES: [(&[u8], &str); 10] = [
    (b"SEFT", "samsung"),
    (b"CANON OPTIONAL DATA\0", "canon"),
    (b"NIKON APP", "nikon"),
    (b"cbipcbbl", "photomechanic"),
    (b"AXS!", "afcp"),
    (b"AXS*", "afcp"),
    (b"\xA1\xB2\xC3\xD4", "fotostation"),
    (b"~\x10\x04\xFEzmie", "mie"),
    (b"vivo{", "vivo"),
    (b"PK\x03\x04", "zip"),
];

/// Names a trailer by what its bytes look like.
pub(crate) fn trailer_tag(container: &str, trailer: &[u8]) -> String {
    match kind(trailer) {
        Some(what) => format!("{container}:Trailer:{what}"),
        None => format!("{container}:Trailer"),
    }
}

/// Reports what follows the end of a picture that is no JPEG: its name, its plain words, and films in it.
pub(crate) fn report_trailer(container: &str, trailer: &[u8], out: &mut Collector) {
    // Padding to a round size says nothing.
    if trailer.iter().all(|&b| b == 0) {
        return;
    }
    let head = &trailer[..trailer.len().min(TEXT_BYTES)];
    out.opaque(Trailer, trailer_tag(container, trailer), head);
    bmff::report_films(trailer, out);
}

fn kind(trailer: &[u8]) -> Option<&'static str> {
    let format = sniff(trailer);
    if format != Format::Unknown {
        return Some(format.as_str());
    }
    // A film may stand behind a maker's own header.
    if memmem::find(&trailer[..trailer.len().min(TEXT_BYTES)], b"ftyp").is_some_and(|at| at >= 4) {
        return Some(Format::Mp4.as_str());
    }
    let (head, tail) = (
        &trailer[..trailer.len().min(64)],
        &trailer[trailer.len().saturating_sub(64)..],
    );
    SIGNATURES
        .iter()
        .find(|(mark, _)| memmem::find(head, mark).is_some() || memmem::find(tail, mark).is_some())
        .map(|(_, name)| *name)
}

/// Reads the IPTC records that picture desks' programs (AFCP, FotoStation, Photo Mechanic) put behind the picture.
fn captions(trailer: &[u8], out: &mut Collector) {
    let tail = &trailer[trailer.len().saturating_sub(TEXT_BYTES)..];
    let start = memmem::find_iter(tail, b"\x1C\x02").find(|&at| iptc::starts_records(&tail[at..]));
    if let Some(at) = start {
        // Whatever follows the records is the program's own.
        let _ = iptc::records(&tail[at..], out);
    }
}

/// Reports what follows the end of a JPEG; `read` reports one further picture.
pub(super) fn report<'a>(
    mut trailer: &'a [u8],
    limits: &Limits,
    out: &mut Collector,
    mut read: impl FnMut(&Jpeg<'a>, &mut Collector),
) {
    // Padding to a round size says nothing.
    if trailer.iter().all(|&b| b == 0) {
        return;
    }
    let tag = trailer_tag("JPEG", trailer);
    match sniff(trailer) {
        Format::Unknown => {
            let picture = memmem::find(trailer, &[0xFF, 0xD8, 0xFF]).unwrap_or(trailer.len());
            out.opaque(Trailer, tag, &trailer[..picture.min(TEXT_BYTES)]);
            captions(trailer, out);
        }
        _ => out.blob(Trailer, tag),
    }
    bmff::report_films(trailer, out);
    for _ in 0..MAX_PICTURES {
        let Some(at) = memmem::find(trailer, &[0xFF, 0xD8, 0xFF]) else {
            return;
        };
        let Ok(picture) = walk(&trailer[at..], limits) else {
            return;
        };
        read(&picture, out);
        trailer = picture.trailer;
    }
}
