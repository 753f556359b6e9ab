//! What the boxes that vendors put into films are: containers of further boxes, values of known meaning, blocks that can
//! only be searched for words.

use super::boxes::{Parts, be32, is_name, show};
use super::names::listed;
use crate::report::MetadataKind::{self, Comment, Device, Gps, SerialNumber};

/// XMP in a film or picture (XMP part 3).
pub(super) const XMP: &[u8; 16] =
    b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
/// Google's spherical video, in XML.
pub(super) const SPHERICAL: &[u8; 16] =
    b"\xFF\xCC\x82\x63\xF8\x55\x4A\x93\x88\x14\x58\x7A\x02\x52\x1F\xDD";
/// A C2PA manifest store.
pub(super) const C2PA: &[u8; 16] =
    b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81";
/// Canon's boxes: Exif in pieces, thumbnail, firmware.
pub(super) const CANON: &[u8; 16] =
    b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
/// Canon's preview.
pub(super) const CANON_PREVIEW: &[u8; 16] =
    b"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16";
/// Positions that Garmin records.
pub(super) const GARMIN_GPS: &[u8; 16] =
    b"\x9B\x63\x0F\x8D\x63\x74\x40\xEC\x82\x04\xBC\x5F\xF5\x09\x17\x28";
/// Sensors of the 360fly, positions among them.
pub(super) const FLY_360: &[u8; 16] =
    b"\xEF\xE1\x58\x9A\xBB\x77\x49\xEF\x80\x95\x27\x75\x9E\xB1\xDC\x6F";

/// What is known about a box.
pub(super) enum Known {
    /// It holds boxes, after this many bytes.
    Boxes(usize),
    /// A figure about playing.
    Setting,
    /// A value of this name and kind.
    Value(String, MetadataKind),
    /// A block to be searched for words, under this tag.
    Block(String, MetadataKind),
}

/// Says what a box of user data is.
pub(super) fn known(kind: [u8; 4], body: &[u8]) -> Known {
    match &kind {
        b"CNTH" | b"CNOP" | b"TTMD" | b"pose" | b"DcMD" | b"frea" | b"udta" | b"_htc" => {
            return Known::Boxes(0);
        }
        b"smta" => return Known::Boxes(4),
        b"TAGS" | b"PANA" | b"LEIC" | b"PENT" | b"NCDT" | b"MMA0" | b"MMA1" | b"QVMI" | b"MVTG"
        | b"FFMV" | b"RMKN" | b"PXMN" | b"INFO" | b"@sec" | b"htcb" => {
            return Known::Block(format!("MakerNotes:{}", show(kind)), Device);
        }
        b"CMT1" | b"CMT2" | b"CMT3" | b"CMT4" => {
            return Known::Block(format!("Canon:{}", show(kind)), Device);
        }
        b"TTID" => return Known::Value("TomTomID".to_owned(), SerialNumber),
        b"TTAD" | b"camm" => return Known::Block(format!("QuickTime:{}", show(kind)), Gps),
        b"CCTP" | b"CTBO" | b"CNDM" | b"CNDB" => return Known::Setting,
        b"emsg" => return Known::Block("QuickTime:EventMessage".to_owned(), Comment),
        _ => {}
    }
    match listed(kind) {
        Some(None) => Known::Setting,
        Some(Some((name, kind))) => Known::Value(name.to_owned(), kind),
        None if kind[0] == 0xA9 => Known::Value(show(kind), Comment),
        None if body.is_empty() => Known::Setting,
        None if holds_boxes(body) => Known::Boxes(0),
        None => Known::Block(format!("UserData:{}", show(kind)), Device),
    }
}

/// Tells whether a block consists of boxes: every one of the first few has a name and fits.
pub(super) fn holds_boxes(body: &[u8]) -> bool {
    let mut parts = Parts::new(body);
    let mut seen = 0;
    while seen < 4 {
        // A size of 0 or 1 is too easily read into any block.
        if be32(parts.rest(), 0).is_some_and(|size| size < 8) {
            break;
        }
        match parts.next() {
            Ok(Some(part)) if is_name(part.kind) => seen += 1,
            Ok(None) => break,
            _ => return false,
        }
    }
    seen > 0
}

/// A name for a box that only its number names.
pub(super) fn uuid_name(id: &[u8; 16]) -> String {
    let readable: String = id
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .map(|&b| char::from(b))
        .collect();
    match readable.len() {
        3.. => format!("UUID:{readable}"),
        _ => {
            let hex: String = id[..4].iter().map(|b| format!("{b:02x}")).collect();
            format!("UUID:{hex}")
        }
    }
}
