//! GoPro's metadata format (GPMF): keys of four letters, a type, a size and a count, then values. The nested directories
//! are walked flat; positions are reported, not read.

use super::boxes::{be16, fourcc, show};
use crate::report::Collector;
use crate::report::MetadataKind::{self, CaptureTime, Comment, Device, Gps, SerialNumber};
use crate::text;

/// Entries read of one block.
const MAX_ENTRIES: usize = 2000;

/// Reports the fields of a block.
pub(super) fn read(body: &[u8], out: &mut Collector) {
    let mut rest = body;
    for _ in 0..MAX_ENTRIES {
        let (Some(key), Some(&class), Some(&unit), Some(count)) =
            (fourcc(rest, 0), rest.get(4), rest.get(5), be16(rest, 6))
        else {
            return;
        };
        let size = usize::from(unit) * usize::from(count);
        let after = rest.get(8..).unwrap_or_default();
        // A type of zero holds further entries: go on inside.
        if class == 0 {
            rest = after;
            if key == [0; 4] {
                return;
            }
            continue;
        }
        let value = after.get(..size).unwrap_or(after);
        field(key, class, value, out);
        rest = after.get(size.next_multiple_of(4)..).unwrap_or_default();
    }
    out.cut();
}

fn field(key: [u8; 4], class: u8, value: &[u8], out: &mut Collector) {
    let (name, kind): (&str, MetadataKind) = match &key {
        b"CASN" => ("CameraSerialNumber", SerialNumber),
        b"MUID" | b"GUMI" => ("MediaUniqueID", SerialNumber),
        b"MINF" => ("Model", Device),
        b"DVNM" => ("DeviceName", Device),
        b"FMWR" => ("FirmwareVersion", Device),
        b"GPS5" | b"GPS9" | b"GPSA" | b"GPRI" => return out.blob(Gps, "GoPro:GPS"),
        b"GPSU" | b"CDAT" | b"CDTM" => ("Date", CaptureTime),
        _ if class == b'c' => ("Text", Comment),
        _ => return,
    };
    let tag = match name {
        "Text" => format!("GoPro:{}", show(key)),
        name => format!("GoPro:{name}"),
    };
    match class {
        b'c' | b'U' => out.text(kind, tag, &text::latin(value)),
        _ => out.blob(kind, tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn serial_numbers_and_positions_are_reported() {
        let block = [
            &b"DEVC\0\x01\0\x30"[..],
            b"DVNM\x63\x01\0\x06Camera\0\0",
            b"CASNc\x01\0\x0eC3461324500001\0\0",
            b"GPS5l\x14\0\x01",
            &[1; 20],
        ]
        .concat();
        let mut out = Collector::new(&Limits::default());
        read(&block, &mut out);
        let (entries, _) = out.finish().unwrap();
        let kinds: Vec<MetadataKind> = entries.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [Device, SerialNumber, Gps]);
        assert_eq!(entries[1].value.as_deref(), Some("C3461324500001"));
    }

    #[test]
    fn any_bytes_come_to_an_end() {
        let mut out = Collector::new(&Limits::default());
        for block in [&[0; 4000][..], &[255; 4000], b"DEVC", b"DEVC\0\0\0\0DEVC\0"] {
            read(block, &mut out);
        }
    }
}
