//! Reports what the extensions and trailing bytes of a GIF give away.

use super::{Block, Pieces, read};
use crate::bmff::report_jumbf;
use crate::error::MediaError;
use crate::format::Format;
use crate::jpeg::{report_profile, report_trailer};
use crate::limits::Limits;
use crate::report::MetadataKind::{Comment, Device};
use crate::report::{Collector, Report};
use crate::{iptc, xmp};

/// Reports a GIF; of a damaged one what stands before the fault.
pub(crate) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Report, MediaError> {
    let (gif, fault) = read(bytes, limits)?;
    let mut out = Collector::new(limits);
    let mut frames = 0;
    for block in &gif.blocks {
        match block {
            Block::Frame(_) => frames += 1,
            Block::Control(_) => {}
            Block::Extension(label, data) => read_extension(*label, *data, &mut out)?,
        }
    }
    report_trailer("GIF", gif.trailer, &mut out);
    out.damaged(fault)?;
    let unreadable = out.is_unreadable();
    let (entries, text_cut) = out.finish()?;
    Ok(Report {
        format: Format::Gif,
        width: gif.width,
        height: gif.height,
        orientation: None,
        frames: frames.max(1),
        entries,
        text_cut,
        unreadable,
    })
}

fn read_extension(label: u8, data: Pieces<'_>, out: &mut Collector) -> Result<(), MediaError> {
    match label {
        0xFE => out.bytes(Comment, "GIF:Comment", &data.joined()),
        // The first piece says where the text stands.
        0x01 => {
            let text: Vec<u8> = data.iter().skip(1).flatten().copied().collect();
            out.bytes(Comment, "GIF:Text", &text);
        }
        0xFF => application(data, out)?,
        // A damaged picture control.
        0xF9 => {}
        label => out.opaque(Device, format!("GIF:0x{label:02X}"), &data.joined()),
    }
    Ok(())
}

/// Reads an application extension: eleven bytes of name, then data.
fn application(data: Pieces<'_>, out: &mut Collector) -> Result<(), MediaError> {
    let Some(name) = data.iter().next() else {
        return Ok(());
    };
    let body = Pieces(data.0.get(1 + name.len()..).unwrap_or_default());
    match name {
        b"NETSCAPE2.0" | b"ANIMEXTS1.0" if is_loop_control(body) => {}
        b"XMP DataXMP" => {
            out.block("XMP", |out| xmp::read(packet(body.0), out))?;
        }
        b"ICCRGBG1012" => report_profile(Some(body.joined()), out),
        b"MGK8BIM0000" => {
            out.block("Photoshop", |out| iptc::photoshop(&body.joined(), out))?;
        }
        b"MGKIPTC0000" => {
            out.block("IPTC", |out| match body.joined() {
                resources if resources.starts_with(b"8BIM") => iptc::photoshop(&resources, out),
                records => iptc::records(&records, out),
            })?;
        }
        name if name.starts_with(b"C2PA_GIF") => report_jumbf(&body.joined(), out),
        name => {
            let shown: String = name
                .iter()
                .filter(|b| b.is_ascii_graphic())
                .map(|&b| char::from(b))
                .collect();
            out.opaque(Device, format!("GIF:{shown}"), &body.joined());
        }
    }
    Ok(())
}

/// Loop count (1) and buffer size (2) are figures.
fn is_loop_control(body: Pieces<'_>) -> bool {
    body.iter()
        .all(|piece| matches!(piece, [1, _, _] | [2, _, _, _, _]))
}

/// Cuts the landing zone off: the packet is not split into pieces, so 256 descending bytes lead every reader to its end.
fn packet(data: &[u8]) -> &[u8] {
    const ZONE: [u8; 4] = [0x01, 0xFF, 0xFE, 0xFD];
    let end = data.windows(4).rposition(|bytes| bytes == ZONE);
    &data[..end.unwrap_or(data.len())]
}
