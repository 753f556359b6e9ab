//! What the items of a HEIC, HEIF or AVIF picture give away: Exif, XMP, second pictures, descriptions, and which way up
//! the main picture is shown.

use std::collections::BTreeSet;

use super::boxes::{Parts, be16, be32, show, until_zero};
use super::items::{Item, Items};
use super::plain::mine;
use super::tree::{Place, Reader};
use super::{jumbf, user, values, xml};
use crate::error::MediaError;
use crate::jpeg::report_profile;
use crate::report::Collector;
use crate::report::MetadataKind::{CaptureTime, Comment, Device, SerialNumber, Thumbnail};
use crate::{exif, iptc, text, xmp};

/// The Exif of a phone stays under 100 KB; the longest camera's under 1 MB.
const MAX_EXIF_BYTES: usize = 4 * 1024 * 1024;
/// Edges that a crop may hide before it counts: encoders pad to whole blocks.
const MAX_PADDING: u64 = 64;

/// The main picture.
pub(super) struct Picture {
    pub size: (u32, u32),
    /// The longest sides that it or any piece of it claims to have.
    pub largest: (u32, u32),
    /// As Exif counts it, from the turns and mirrors that the container asks for.
    pub orientation: Option<u8>,
}

/// Reads a `meta` box that lists items. `None` if none of them is the main picture.
pub(super) fn read<'a>(
    meta: &'a [u8],
    reader: &mut Reader<'a, '_>,
) -> Result<Option<Picture>, MediaError> {
    reader.in_items = true;
    let mut items = Items::default();
    let mut has_list = false;
    let mut parts = Parts::new(meta);
    while let Some(part) = parts.next()? {
        reader.count()?;
        if items.take(&part, reader)? {
            continue;
        }
        match &part.kind {
            b"dinf" | b"grpl" | b"ipro" => {}
            b"hdlr" => reader.handler_name(part.body),
            b"xml " => xml::read("XML", part.body.get(4..).unwrap_or_default(), reader.out),
            b"uuid" => {
                if let Some((body, place)) = reader.uuid(part.body)? {
                    reader.walk(body, place)?;
                }
            }
            b"keys" | b"ilst" => has_list = true,
            _ => {
                if let Some((body, place)) = reader.user(&part) {
                    reader.walk(body, place)?;
                }
            }
        }
    }
    if has_list {
        reader.walk(meta, Place::Meta)?;
    }
    reader.in_items = false;
    properties(&items, reader.out);
    contents(&items, reader)?;
    main_picture(&items, reader)
}

fn main_picture(
    items: &Items<'_>,
    reader: &mut Reader<'_, '_>,
) -> Result<Option<Picture>, MediaError> {
    let Some(id) = items.primary else {
        return Ok(None);
    };
    if !items.by_id.get(&id).is_some_and(is_picture) {
        return Ok(None);
    }
    let size = items.size_of(id).ok_or(MediaError::Malformed(
        "its main picture does not say how large it is",
    ))?;
    let pieces = pieces_of(items, id);
    if !pieces.iter().all(|id| items.is_whole(*id, reader.file)) {
        return Err(MediaError::Truncated);
    }
    other_pictures(items, &pieces, reader.out);
    hidden_edges(items, id, size, reader.out);
    let claims = pieces
        .iter()
        .flat_map(|id| [items.size_of(*id), grid_size(items, *id, reader.file)])
        .flatten();
    let largest = claims.fold(size, |(w, h), (width, height)| {
        (w.max(width), h.max(height))
    });
    Ok(Some(Picture {
        size,
        largest,
        orientation: orientation(items, id),
    }))
}

/// The size that a grid of tiles says its sum has (ISO/IEC 23008-12, 6.6.2.3): decoders go by that.
fn grid_size(items: &Items<'_>, id: u32, file: &[u8]) -> Option<(u32, u32)> {
    let grid = items.by_id.get(&id).filter(|item| &item.kind == b"grid")?;
    let data = items.bytes_of(grid, file)?;
    match data.get(1)? & 1 {
        0 => Some((be16(&data, 4)?.into(), be16(&data, 6)?.into())),
        _ => Some((be32(&data, 4)?, be32(&data, 8)?)),
    }
}

fn is_picture(item: &Item<'_>) -> bool {
    let is_coded = matches!(
        &item.kind,
        b"hvc1" | b"hev1" | b"lhv1" | b"av01" | b"avc1" | b"vvc1" | b"evc1" | b"jpeg" | b"j2k1"
    );
    let is_derived = matches!(&item.kind, b"grid" | b"iovl" | b"iden" | b"tmap");
    is_coded || is_derived || matches!(&item.kind, b"unci" | b"mski" | b"hvt1" | b"vp09")
}

/// Reports what is in the items that are not pictures.
fn contents<'a>(items: &Items<'a>, reader: &mut Reader<'a, '_>) -> Result<(), MediaError> {
    let file = reader.file;
    // Items may share bytes; reading the same ones for thousands of items would take for ever.
    let mut bytes_left = file.len().saturating_mul(4);
    for (id, item) in &items.by_id {
        item_name(item, reader.out);
        if is_picture(item) {
            continue;
        }
        let tag = match &item.kind {
            [0, 0, 0, 0] => format!("HEIF:Item:{id}"),
            kind => format!("HEIF:Item:{}", show(*kind)),
        };
        let data = items.bytes_of(item, file);
        bytes_left = bytes_left
            .checked_sub(data.as_ref().map_or(0, |data| data.len()))
            .ok_or(MediaError::TooManySegments)?;
        match (data, &item.kind) {
            (Some(data), b"Exif") => {
                let read = exif_item(&data, reader.out);
                reader.out.tolerate("Exif", &data, read);
            }
            (Some(data), b"iptc") => {
                let read = match data.starts_with(b"8BIM") {
                    true => iptc::photoshop(&data, reader.out),
                    false => iptc::records(&data, reader.out),
                };
                reader.out.tolerate("IPTC", &data, read);
            }
            (Some(data), b"mime") => mime(item, &data, reader.out),
            (Some(data), b"uri ") => {
                reader.out.bytes(Device, "HEIF:ItemURI", item.uri);
                mine(Device, &tag, &data, reader.out);
            }
            (Some(data), _) => mine(Device, &tag, &data, reader.out),
            (None, b"Exif" | b"mime") => {
                let outside = MediaError::Malformed("it has details that lie outside the file");
                reader.out.tolerate(&tag, &[], Err::<(), _>(outside));
            }
            (None, _) => reader.out.blob(Device, tag),
        }
    }
    Ok(())
}

fn item_name(item: &Item<'_>, out: &mut Collector) {
    const USUAL: [&[u8]; 11] = [
        b"HEVC Image",
        b"HEVC",
        b"AV1 Image",
        b"Color",
        b"Alpha",
        b"Exif",
        b"XMP",
        b"Grid",
        b"JPEG Image",
        b"Grid Image",
        b"Derived image",
    ];
    if !USUAL.contains(&item.name) {
        out.bytes(Comment, "HEIF:ItemName", item.name);
    }
}

/// An Exif item starts with the distance to its TIFF header; writers get that wrong in several ways.
fn exif_item(data: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    if data.len() > MAX_EXIF_BYTES {
        return Err(MediaError::Malformed("its Exif details are far too long"));
    }
    if data.iter().all(|&b| b == 0) {
        return Ok(());
    }
    let is_header = |at: &usize| {
        data.get(*at..*at + 4)
            .is_some_and(|magic| magic == b"II*\0" || magic == b"MM\0*")
    };
    let stated = be32(data, 0).and_then(|skip| usize::try_from(skip).ok()?.checked_add(4));
    let start = stated
        .filter(|at| *at < data.len())
        .filter(is_header)
        .or_else(|| (0..data.len().min(64)).find(is_header))
        .ok_or(MediaError::Malformed(
            "its Exif details have no valid header",
        ))?;
    // Which way up is the container's business here: Exif's own word is not followed by any viewer.
    exif::read(&data[start..], out).map(|_| ())
}

fn mime(item: &Item<'_>, data: &[u8], out: &mut Collector) {
    let kind = text::guess(&item.content_type[..item.content_type.len().min(80)], false);
    let kind = kind.to_ascii_lowercase();
    if !item.encoding.is_empty() {
        return out.blob(Comment, format!("HEIF:{kind}:Compressed"));
    }
    match &*kind {
        "text/xml" | "application/xml" if xmp::start(data).is_none() => {
            xml::read("XML", data, out);
        }
        "application/rdf+xml" | "application/xmp+xml" | "text/xml" | "application/xml" => {
            let read = xmp::read(data, out);
            out.tolerate("XMP", data, read);
        }
        kind if kind.starts_with("image/") => out.blob(Thumbnail, format!("HEIF:{kind}")),
        kind if kind.starts_with("text/") => out.bytes(Comment, format!("HEIF:{kind}"), data),
        "application/json" => jumbf::json("HEIF:JSON", data, out),
        "application/c2pa" | "application/x-c2pa-manifest-store" => jumbf::report_jumbf(data, out),
        kind => mine(Comment, &format!("HEIF:{kind}"), data, out),
    }
}

/// Reports descriptions, dates and profiles, whichever item they belong to.
fn properties(items: &Items<'_>, out: &mut Collector) {
    for property in &items.properties {
        let body = property.body;
        let text = body.get(4..).unwrap_or_default();
        match &property.kind {
            b"colr" => colour(body, out),
            b"udes" => {
                let (_language, rest) = until_zero(text);
                let (name, rest) = until_zero(rest);
                let (description, tags) = until_zero(rest);
                out.bytes(Comment, "HEIF:Name", name);
                out.bytes(Comment, "HEIF:Description", description);
                out.bytes(Comment, "HEIF:Tags", until_zero(tags).0);
            }
            b"altt" => out.bytes(Comment, "HEIF:AltText", until_zero(text).0),
            b"crtt" | b"mdft" => {
                // Microseconds since 1904.
                let micros = super::boxes::be64(body, 4).unwrap_or(0);
                if let Some(shown) = values::time(micros / 1_000_000) {
                    out.text(CaptureTime, format!("HEIF:{}", show(property.kind)), &shown);
                }
            }
            b"itai" => out.blob(CaptureTime, "HEIF:Timestamp"),
            b"gimi" | b"ucid" => mine(SerialNumber, "HEIF:ContentID", text, out),
            b"uuid" => match body.split_first_chunk::<16>() {
                Some((id, rest)) => mine(Device, &user::uuid_name(id), rest, out),
                None => out.blob(Device, "HEIF:UUID"),
            },
            b"free" | b"skip" if body.iter().any(|&b| b != 0) => {
                mine(Comment, "HEIF:Free", body, out);
            }
            kind if is_technical(*kind) => {}
            kind => mine(Device, &format!("HEIF:Property:{}", show(*kind)), body, out),
        }
    }
}

fn colour(body: &[u8], out: &mut Collector) {
    if let Some((b"prof" | b"rICC", profile)) = body.split_first_chunk::<4>()
        && !profile.is_empty()
    {
        report_profile(Some(profile.to_vec()), out);
    }
}

fn is_technical(kind: [u8; 4]) -> bool {
    const TECHNICAL: [&[u8; 4]; 40] = [
        b"ispe", b"pixi", b"pasp", b"clap", b"irot", b"imir", b"hvcC", b"av1C", b"avcC", b"vvcC",
        b"evcC", b"jpgC", b"lhvC", b"oinf", b"rloc", b"lsel", b"a1lx", b"a1op", b"clli", b"mdcv",
        b"cclv", b"amve", b"ndwt", b"reve", b"tols", b"auxC", b"subs", b"cmin", b"cmex", b"free",
        b"skip", b"tmap", b"uncC", b"cmpd", b"mskC", b"iscl", b"aebr", b"afbr", b"j2kH", b"vpcC",
    ];
    TECHNICAL.contains(&&kind)
}

/// Reports every picture besides the main one and its pieces.
fn other_pictures(items: &Items<'_>, pieces: &BTreeSet<u32>, out: &mut Collector) {
    let thumbnails = items.from(*b"thmb");
    let bases = items.from(*b"base");
    let tiles: BTreeSet<u32> = items
        .linked(*b"dimg")
        .flat_map(|l| &l.to)
        .copied()
        .collect();
    for (id, item) in &items.by_id {
        if pieces.contains(id) || !is_picture(item) {
            continue;
        }
        let tag = if thumbnails.contains(id) {
            "HEIF:Thumbnail".to_owned()
        } else if let Some(kind) = auxiliary(items, *id) {
            if kind.ends_with(":alpha") || kind.ends_with("auxid:1") {
                continue;
            }
            let last = kind.rsplit(':').next().unwrap_or_default();
            // The codecs number their auxiliary pictures.
            let name = if last == "2" { "depth" } else { last };
            format!("HEIF:Auxiliary:{name}")
        } else if bases.contains(id) {
            "HEIF:BasePicture".to_owned()
        } else if tiles.contains(id) {
            // The picture put together from it is listed.
            continue;
        } else {
            "HEIF:OtherPicture".to_owned()
        };
        match items.size_of(*id) {
            Some((width, height)) => {
                out.text(Thumbnail, tag, &format!("{width} by {height} pixels"));
            }
            None => out.blob(Thumbnail, tag),
        }
    }
}

fn auxiliary(items: &Items<'_>, id: u32) -> Option<String> {
    let property = items.properties_of(id).find(|p| &p.kind == b"auxC")?;
    let name = until_zero(property.body.get(4..)?).0;
    Some(text::guess(&name[..name.len().min(120)], false).into_owned())
}

/// The main picture and what it is put together from.
fn pieces_of(items: &Items<'_>, main: u32) -> BTreeSet<u32> {
    let mut pieces = BTreeSet::from([main]);
    // Tiles of tiles occur two deep; each round is one pass over the references.
    for _ in 0..4 {
        let before = pieces.len();
        for link in items.linked(*b"dimg") {
            if pieces.contains(&link.from) {
                pieces.extend(&link.to);
            }
        }
        if pieces.len() == before {
            break;
        }
    }
    pieces
}

/// A crop that the container asks for leaves the rest of the picture in the file.
fn hidden_edges(items: &Items<'_>, id: u32, size: (u32, u32), out: &mut Collector) {
    for property in items.properties_of(id).filter(|p| &p.kind == b"clap") {
        let ratio = |at: usize| {
            let (n, d) = (be32(property.body, at)?, be32(property.body, at + 4)?);
            n.checked_div(d).map(u64::from)
        };
        let shown = ratio(0).unwrap_or(0) + ratio(8).unwrap_or(0);
        if u64::from(size.0) + u64::from(size.1) > shown + MAX_PADDING {
            out.blob(Thumbnail, "HEIF:CroppedAway");
        }
    }
}

/// Puts the turns and mirrors of a picture together into Exif's number.
fn orientation(items: &Items<'_>, id: u32) -> Option<u8> {
    // Quarter turns clockwise, applied after a mirror from left to right.
    let (mut turns, mut is_mirrored) = (0u8, false);
    let mut is_asked = false;
    for property in items.properties_of(id) {
        let value = property.body.first().copied().unwrap_or(0);
        match &property.kind {
            // The box counts quarter turns anticlockwise.
            b"irot" => turns = (turns + 4 - (value & 3)) % 4,
            b"imir" => {
                // Mirroring after a turn is the same as mirroring before the opposite turn; mirroring from top to
                // bottom is a mirror from left to right and a half turn.
                is_mirrored = !is_mirrored;
                turns = (4 - turns + if value & 1 == 0 { 2 } else { 0 }) % 4;
            }
            _ => continue,
        }
        is_asked = true;
    }
    let number = match (is_mirrored, turns) {
        (false, 0) => 1,
        (false, 1) => 6,
        (false, 2) => 3,
        (false, _) => 8,
        (true, 0) => 2,
        (true, 1) => 7,
        (true, 2) => 4,
        (true, _) => 5,
    };
    is_asked.then_some(number)
}
