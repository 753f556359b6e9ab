//! Builds pictures: pixels by `image`, segments, chunks and Exif blocks by hand. Test cases live elsewhere.

use std::io::Cursor;

use flate2::Crc;
use image::{DynamicImage, ImageFormat, RgbImage};
use schoolgate_media::{Limits, MetadataKind, Report, inspect};

/// A small picture with enough detail to have real entropy-coded data.
pub fn pixels() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(40, 24, |x, y| {
        image::Rgb([(x * 6) as u8, (y * 10) as u8, (x * y) as u8])
    }))
}

pub fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    pixels().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn jpeg() -> Vec<u8> {
    encoded(ImageFormat::Jpeg)
}

pub fn png() -> Vec<u8> {
    encoded(ImageFormat::Png)
}

pub fn decoded(bytes: &[u8]) -> Vec<u8> {
    image::load_from_memory(bytes).unwrap().to_rgb8().into_raw()
}

/// A JPEG marker segment.
pub fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker, len[0], len[1]], payload].concat()
}

/// Puts segments right after SOI.
pub fn jpeg_with(segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = jpeg();
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

pub fn jpeg_with_exif(tiff: &[u8]) -> Vec<u8> {
    jpeg_with(&[segment(0xE1, &[b"Exif\0\0", tiff].concat())])
}

/// A PNG chunk with its checksum.
pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    [
        &(data.len() as u32).to_be_bytes()[..],
        kind,
        data,
        &crc.sum().to_be_bytes(),
    ]
    .concat()
}

/// Puts chunks right after IHDR.
pub fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = png();
    [&plain[..33], &chunks.concat(), &plain[33..]].concat()
}

pub fn zlib(data: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(data).unwrap();
    writer.finish().unwrap()
}

/// A field of a TIFF directory: tag, type, count, value bytes in big-endian order.
pub struct Field(pub u16, pub u16, pub u32, pub Vec<u8>);

pub fn ascii(tag: u16, text: &str) -> Field {
    let bytes = [text.as_bytes(), b"\0"].concat();
    Field(tag, 2, bytes.len() as u32, bytes)
}

pub fn bytes(tag: u16, kind: u16, data: &[u8]) -> Field {
    Field(tag, kind, data.len() as u32, data.to_vec())
}

pub fn short(tag: u16, value: u16) -> Field {
    Field(tag, 3, 1, value.to_be_bytes().to_vec())
}

pub fn long(tag: u16, value: u32) -> Field {
    Field(tag, 4, 1, value.to_be_bytes().to_vec())
}

pub fn rationals(tag: u16, values: &[(u32, u32)]) -> Field {
    let data = values
        .iter()
        .flat_map(|(a, b)| [a.to_be_bytes(), b.to_be_bytes()].concat())
        .collect();
    Field(tag, 5, values.len() as u32, data)
}

pub fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// The four directories of an Exif block.
#[derive(Default)]
pub struct Exif {
    pub primary: Vec<Field>,
    pub exif: Vec<Field>,
    pub gps: Vec<Field>,
    pub thumbnail: Vec<Field>,
}

impl Exif {
    /// Writes the block, big-endian.
    pub fn tiff(mut self) -> Vec<u8> {
        let size = |fields: &[Field]| {
            6 + fields.len() * 12 + fields.iter().map(|f| f.3.len()).sum::<usize>()
        };
        let links = usize::from(!self.exif.is_empty()) + usize::from(!self.gps.is_empty());
        let exif_at = 8 + size(&self.primary) + links * (12 + 4);
        let gps_at = exif_at + size(&self.exif);
        let thumbnail_at = gps_at + size(&self.gps);
        if !self.exif.is_empty() {
            self.primary.push(long(0x8769, exif_at as u32));
        }
        if !self.gps.is_empty() {
            self.primary.push(long(0x8825, gps_at as u32));
        }
        let next = if self.thumbnail.is_empty() {
            0
        } else {
            thumbnail_at as u32
        };
        let mut out = b"MM\0*\0\0\0\x08".to_vec();
        for (at, fields, next) in [
            (8, &self.primary, next),
            (exif_at, &self.exif, 0),
            (gps_at, &self.gps, 0),
            (thumbnail_at, &self.thumbnail, 0),
        ] {
            out.resize(at, 0);
            if !fields.is_empty() || at == 8 {
                out.extend(directory(at, fields, next));
            }
        }
        out
    }
}

fn directory(at: usize, fields: &[Field], next: u32) -> Vec<u8> {
    let mut out = (fields.len() as u16).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let data_at = at + 6 + fields.len() * 12;
    for Field(tag, kind, count, value) in fields {
        out.extend(tag.to_be_bytes());
        out.extend(kind.to_be_bytes());
        out.extend(count.to_be_bytes());
        if value.len() <= 4 {
            let mut inline = value.clone();
            inline.resize(4, 0);
            out.extend(inline);
        } else {
            out.extend(((data_at + data.len()) as u32).to_be_bytes());
            data.extend(value);
        }
    }
    out.extend(next.to_be_bytes());
    out.extend(data);
    out
}

/// A block with something of every kind that a phone writes.
pub fn phone_exif(orientation: u16) -> Vec<u8> {
    Exif {
        primary: vec![
            ascii(0x010F, "Invented Cameras"),
            ascii(0x0110, "IC-1"),
            short(0x0112, orientation),
            ascii(0x0132, "2026:05:01 10:11:12"),
            ascii(0x013B, "Amelia Jones"),
            ascii(0x8298, "Miss J Bloggs"),
        ],
        exif: vec![
            ascii(0x9003, "2026:05:01 10:11:12"),
            ascii(0xA430, "Miss J Bloggs"),
            ascii(0xA431, "SN-0042"),
            bytes(0x927C, 7, b"opaque maker bytes"),
        ],
        gps: vec![
            bytes(0x0000, 1, &[2, 3, 0, 0]),
            ascii(0x0001, "N"),
            rationals(0x0002, &[(53, 1), (29, 1), (0, 1)]),
            ascii(0x0003, "W"),
            rationals(0x0004, &[(2, 1), (14, 1), (30, 1)]),
            ascii(0x001D, "2026:05:01"),
        ],
        thumbnail: vec![
            long(0x0201, 8),
            long(0x0202, 4),
            ascii(0x010E, "Year 3 trip"),
        ],
    }
    .tiff()
}

/// An ICC v2 description that repeats its text in the Macintosh field, as the usual sRGB profile does.
fn v2_text(text: &str) -> Vec<u8> {
    let ascii = [text.as_bytes(), b"\0"].concat();
    let len = (ascii.len() as u32).to_be_bytes();
    let mut script = ascii.clone();
    script.resize(67, 0);
    let unicode = [0; 8];
    let head = [b"desc\0\0\0\0", &len[..], &ascii, &unicode].concat();
    let mut out = [&head, &[0, 0, len[3]][..], &script].concat();
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

/// A v2 profile with these texts and plain curves.
pub fn profile(description: &str, copyright: &str) -> Vec<u8> {
    let desc = v2_text(description);
    let dmdd = v2_text("IEC 61966-2.1 Default RGB colour space - sRGB");
    let mut cprt = [b"text\0\0\0\0", copyright.as_bytes(), b"\0"].concat();
    cprt.resize(cprt.len().next_multiple_of(4), 0);
    let xyz = [
        &b"XYZ \0\0\0\0"[..],
        &[0, 0, 0x6F, 0xA2, 0, 0, 0x38, 0xF5, 0, 0, 3, 0x90],
    ]
    .concat();
    let curve = b"curv\0\0\0\0\0\0\0\x01\x02\x33\0\0".to_vec();
    let elements: Vec<(&[u8; 4], Vec<u8>)> = vec![
        (b"desc", desc),
        (b"cprt", cprt),
        (b"dmdd", dmdd),
        (b"wtpt", xyz.clone()),
        (b"rXYZ", xyz.clone()),
        (b"gXYZ", xyz.clone()),
        (b"bXYZ", xyz),
        (b"rTRC", curve.clone()),
        (b"gTRC", curve.clone()),
        (b"bTRC", curve),
    ];
    let mut table = (elements.len() as u32).to_be_bytes().to_vec();
    let mut body = Vec::new();
    let body_at = 132 + elements.len() * 12;
    for (tag, element) in &elements {
        table.extend_from_slice(&tag[..]);
        table.extend(((body_at + body.len()) as u32).to_be_bytes());
        table.extend((element.len() as u32).to_be_bytes());
        body.extend(element);
    }
    let mut header = vec![0; 128];
    header[..4].copy_from_slice(&((body_at + body.len()) as u32).to_be_bytes());
    header[12..24].copy_from_slice(b"mntrRGB XYZ ");
    header[36..40].copy_from_slice(b"acsp");
    [header, table, body].concat()
}

pub const XMP: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>
<rdf:Description rdf:about="" photoshop:City="Salford" aux:SerialNumber="0099" exif:GPSLatitude="53,29.0N">
<dc:creator><rdf:Seq><rdf:li>Oliver Smith</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Sports day &amp; picnic</rdf:li></rdf:Alt></dc:description>
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Amelia Jones</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Zara Khan"
 mwg-rs:Type="Face"/></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

pub fn xmp_segment() -> Vec<u8> {
    segment(
        0xE1,
        &[b"http://ns.adobe.com/xap/1.0/\0", XMP.as_bytes()].concat(),
    )
}

/// Photoshop resources with an IPTC block of these datasets (record 2).
pub fn iptc_segment(datasets: &[(u8, &str)]) -> Vec<u8> {
    let mut iim = b"\x1C\x01\x5A\0\x03\x1b%G".to_vec();
    for (number, text) in datasets {
        iim.extend([0x1C, 2, *number]);
        iim.extend((text.len() as u16).to_be_bytes());
        iim.extend(text.as_bytes());
    }
    let size = (iim.len() as u32).to_be_bytes();
    if !iim.len().is_multiple_of(2) {
        iim.push(0);
    }
    segment(
        0xED,
        &[b"Photoshop 3.0\08BIM\x04\x04\0\0", &size[..], &iim].concat(),
    )
}

pub fn report(picture: &[u8]) -> Report {
    inspect(picture, &Limits::default()).unwrap()
}

/// Says whether the report has this entry; `value` None means "without value".
pub fn has(report: &Report, kind: MetadataKind, tag: &str, value: Option<&str>) -> bool {
    report
        .entries
        .iter()
        .any(|e| e.kind == kind && e.tag == tag && e.value.as_deref() == value)
}

/// All entries as text, for the message of a failing test.
pub fn listing(report: &Report) -> String {
    report
        .entries
        .iter()
        .map(|e| format!("{} {} {:?}\n", e.kind, e.tag, e.value))
        .collect()
}

/// A bare lossy WebP of one pixel.
pub const VP8: &[u8] =
    b"\x30\x01\x00\x9D\x01\x2A\x01\x00\x01\x00\x0E\xC0\xFE\x25\xA4\x00\x03p\x00\x00\x00\x00";

/// A RIFF chunk, padded to an even length.
pub fn riff(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let pad: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
    [kind, &(data.len() as u32).to_le_bytes()[..], data, pad].concat()
}

/// A WebP of these chunks.
pub fn webp_of(chunks: &[Vec<u8>]) -> Vec<u8> {
    riff(b"RIFF", &[b"WEBP", &chunks.concat()[..]].concat())
}

/// The compressed pixels of `pixels()` without loss.
pub fn vp8l() -> Vec<u8> {
    let bytes = encoded(ImageFormat::WebP);
    let at = bytes.windows(4).position(|w| w == b"VP8L").unwrap();
    let len = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
    bytes[at + 8..at + 8 + len].to_vec()
}

/// The extended header.
pub fn vp8x(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let (w, h) = ((width - 1).to_le_bytes(), (height - 1).to_le_bytes());
    riff(
        b"VP8X",
        &[flags, 0, 0, 0, w[0], w[1], w[2], h[0], h[1], h[2]],
    )
}

/// One frame of an animation that fills the canvas of `pixels()`, with these chunks behind its pixels.
pub fn webp_frame(more: &[Vec<u8>]) -> Vec<u8> {
    let header = [0, 0, 0, 0, 0, 0, 39, 0, 0, 23, 0, 0, 100, 0, 0, 2];
    riff(
        b"ANMF",
        &[&header[..], &riff(b"VP8L", &vp8l()), &more.concat()].concat(),
    )
}

/// A GIF with these blocks between its colour table and its picture.
pub fn gif_with(blocks: &[Vec<u8>]) -> Vec<u8> {
    let plain = gif();
    let at = gif_blocks_at(&plain);
    [&plain[..at], &blocks.concat(), &plain[at..]].concat()
}

pub fn gif_blocks_at(gif: &[u8]) -> usize {
    13 + if gif[10] & 0x80 == 0 {
        0
    } else {
        6 << (gif[10] & 7)
    }
}

/// A GIF of four shades, four by two, written by hand: clear, eight codes, end.
pub fn gif() -> Vec<u8> {
    let head = b"GIF89a\x04\0\x02\0\x91\0\0";
    let table = [0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255];
    [&head[..], &table, &gif_picture(), b"\x3B"].concat()
}

/// Its picture.
pub fn gif_picture() -> Vec<u8> {
    // Three bits each until six codes have filled the table, then four.
    let codes: [(u32, u32); 10] = [
        (4, 3),
        (0, 3),
        (1, 3),
        (2, 3),
        (3, 4),
        (3, 4),
        (2, 4),
        (1, 4),
        (0, 4),
        (5, 4),
    ];
    let (mut bits, mut at) = (0u64, 0);
    for (code, width) in codes {
        bits |= u64::from(code) << at;
        at += width;
    }
    let data = &bits.to_le_bytes()[..at.div_ceil(8) as usize];
    [
        b"\x2C\0\0\0\0\x04\0\x02\0\0\x02",
        &[data.len() as u8][..],
        data,
        b"\0",
    ]
    .concat()
}

/// A GIF extension of this label whose data are these pieces.
pub fn gif_block(label: u8, pieces: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![0x21, label];
    for piece in pieces {
        out.push(piece.len() as u8);
        out.extend_from_slice(piece);
    }
    out.push(0);
    out
}

/// The application extension in which Adobe puts XMP: the packet as it is, then 256 bytes that lead to its end.
pub fn gif_xmp() -> Vec<u8> {
    let zone: Vec<u8> = std::iter::once(1).chain((0..=255).rev()).collect();
    [&b"\x21\xFF\x0BXMP DataXMP"[..], XMP.as_bytes(), &zone, &[0]].concat()
}

/// One page of a TIFF: its own fields, those of its sub-directories, and pictures inside it.
#[derive(Default)]
pub struct Page {
    pub fields: Vec<Field>,
    pub exif: Vec<Field>,
    pub gps: Vec<Field>,
    pub sub: Vec<Page>,
    /// Leaves the pixels out when it has fields of its own for them.
    pub bare: bool,
}

/// Colours of the page's pixels, four by two.
pub const TIFF_PIXELS: [u8; 24] = [
    1, 2, 3, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210,
    220, 230, 240,
];

/// Writes a TIFF of these pages, big-endian, with 64-bit numbers if `wide`.
pub fn tiff_of(pages: Vec<Page>, wide: bool) -> Vec<u8> {
    let mut out = if wide {
        b"MM\0+\0\x08\0\0".to_vec()
    } else {
        b"MM\0*".to_vec()
    };
    let link_at = out.len();
    out.extend(tiff_offset(0, wide));
    let mut next = 0;
    for page in pages.into_iter().rev() {
        next = tiff_page(&mut out, page, next, wide);
    }
    let link = tiff_offset(next, wide);
    out[link_at..link_at + link.len()].copy_from_slice(&link);
    out
}

fn tiff_offset(at: usize, wide: bool) -> Vec<u8> {
    if wide {
        (at as u64).to_be_bytes().to_vec()
    } else {
        (at as u32).to_be_bytes().to_vec()
    }
}

fn tiff_page(out: &mut Vec<u8>, page: Page, next: usize, wide: bool) -> usize {
    let mut fields = page.fields;
    if !page.bare {
        let at = out.len();
        out.extend(TIFF_PIXELS);
        fields.extend([
            short(0x0100, 4),
            short(0x0101, 2),
            Field(0x0102, 3, 3, [0, 8, 0, 8, 0, 8].to_vec()),
            short(0x0103, 1),
            short(0x0106, 2),
            long(0x0111, at as u32),
            short(0x0115, 3),
            short(0x0116, 2),
            long(0x0117, 24),
        ]);
    }
    for (tag, inner) in [(0x8769, page.exif), (0x8825, page.gps)] {
        if !inner.is_empty() {
            let at = tiff_directory(out, inner, 0, wide);
            fields.push(long(tag, at as u32));
        }
    }
    let subs: Vec<u8> = page
        .sub
        .into_iter()
        .flat_map(|sub| (tiff_page(out, sub, 0, wide) as u32).to_be_bytes())
        .collect();
    if !subs.is_empty() {
        fields.push(Field(0x014A, 4, (subs.len() / 4) as u32, subs));
    }
    tiff_directory(out, fields, next, wide)
}

fn tiff_directory(out: &mut Vec<u8>, mut fields: Vec<Field>, next: usize, wide: bool) -> usize {
    fields.sort_by_key(|field| field.0);
    let size = if wide { 8 } else { 4 };
    let mut slots = Vec::new();
    for Field(tag, kind, count, value) in fields {
        slots.extend(tag.to_be_bytes());
        slots.extend(kind.to_be_bytes());
        slots.extend(tiff_offset(count as usize, wide));
        let mut place = value.clone();
        if value.len() > size {
            place = tiff_offset(out.len(), wide);
            out.extend(value);
        }
        place.resize(size, 0);
        slots.extend(place);
    }
    let at = out.len();
    let count = slots.len() / if wide { 20 } else { 12 };
    match wide {
        true => out.extend((count as u64).to_be_bytes()),
        false => out.extend((count as u16).to_be_bytes()),
    }
    out.extend(slots);
    out.extend(tiff_offset(next, wide));
    at
}

/// A moving PNG of three frames: the still picture, the same again, and a corner; with these chunks in between.
pub fn moving_png(more: &[Vec<u8>]) -> Vec<u8> {
    let plain = png();
    let end = plain.len() - 12;
    let at = plain.windows(4).position(|w| w == b"IDAT").unwrap();
    let len = u32::from_be_bytes(plain[at - 4..at].try_into().unwrap()) as usize;
    let rows = &plain[at + 4..at + 4 + len];
    let corner = zlib(&[0, 9, 8, 7, 0, 6, 5, 4]);
    [
        &plain[..33],
        &chunk(b"acTL", &[0, 0, 0, 3, 0, 0, 0, 0]),
        &frame_control(0, 40, 24),
        &more.concat(),
        &plain[33..end],
        &frame_control(1, 40, 24),
        &chunk(b"fdAT", &[&[0, 0, 0, 2], &rows[..20]].concat()),
        &chunk(b"fdAT", &[&[0, 0, 0, 3], &rows[20..]].concat()),
        &frame_control(4, 1, 2),
        &chunk(b"fdAT", &[&[0, 0, 0, 5], &corner[..]].concat()),
        &plain[end..],
    ]
    .concat()
}

pub fn frame_control(number: u32, width: u32, height: u32) -> Vec<u8> {
    let words = [number, width, height, 0, 0].map(u32::to_be_bytes).concat();
    chunk(b"fcTL", &[&words[..], &[0, 1, 0, 10, 0, 0]].concat())
}
