//! Writes an EXIF block (a small TIFF file) and an XMP packet as cameras and phones do. Placing them in a file is the
//! container module's part; reading them is the product's, and nothing here is shared with it.

use super::Photo;
use super::list::{Camera, Gps};
use anyhow::{Result, ensure};

/// One tag's value, named after the TIFF field types.
enum Value {
    Ascii(String),
    Bytes(Vec<u8>),
    Blob(Vec<u8>),
    Short(u16),
    Long(u32),
    Ratios(Vec<(u32, u32)>),
}

impl Value {
    fn kind(&self) -> u16 {
        match self {
            Value::Bytes(_) => 1,
            Value::Ascii(_) => 2,
            Value::Short(_) => 3,
            Value::Long(_) => 4,
            Value::Ratios(_) => 5,
            Value::Blob(_) => 7,
        }
    }

    fn count(&self) -> usize {
        match self {
            Value::Ascii(text) => text.len() + 1,
            Value::Bytes(bytes) | Value::Blob(bytes) => bytes.len(),
            Value::Short(_) | Value::Long(_) => 1,
            Value::Ratios(ratios) => ratios.len(),
        }
    }

    fn bytes(&self, order: Order) -> Vec<u8> {
        match self {
            Value::Ascii(text) => text.bytes().chain([0]).collect(),
            Value::Bytes(bytes) | Value::Blob(bytes) => bytes.clone(),
            Value::Short(number) => order.two(*number).to_vec(),
            Value::Long(number) => order.four(*number).to_vec(),
            Value::Ratios(ratios) => ratios
                .iter()
                .flat_map(|(n, d)| [order.four(*n), order.four(*d)])
                .flatten()
                .collect(),
        }
    }
}

#[derive(Clone, Copy)]
struct Order {
    big: bool,
}

impl Order {
    fn two(self, number: u16) -> [u8; 2] {
        if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }

    fn four(self, number: u32) -> [u8; 4] {
        if self.big {
            number.to_be_bytes()
        } else {
            number.to_le_bytes()
        }
    }
}

/// One directory of tags. Invariant: written in ascending tag order, as TIFF demands.
#[derive(Default)]
struct Directory(Vec<(u16, Value)>);

impl Directory {
    fn put(&mut self, tag: u16, value: Value) {
        self.0.push((tag, value));
    }

    fn text(&mut self, tag: u16, text: Option<&str>) {
        if let Some(text) = text {
            self.put(tag, Value::Ascii(text.to_owned()));
        }
    }

    /// Bytes taken by the directory and the values that do not fit into it.
    fn size(&self, order: Order) -> usize {
        let outside = |value: &Value| {
            let length = value.bytes(order).len();
            if length > 4 {
                length.next_multiple_of(2)
            } else {
                0
            }
        };
        6 + self
            .0
            .iter()
            .map(|(_, value)| 12 + outside(value))
            .sum::<usize>()
    }

    /// The directory as it stands at `offset`, pointing on to `next` (0 for none).
    fn write(mut self, order: Order, offset: usize, next: usize) -> Vec<u8> {
        self.0.sort_by_key(|(tag, _)| *tag);
        let mut table = order.two(self.0.len() as u16).to_vec();
        let mut beyond = Vec::new();
        let start = offset + 6 + 12 * self.0.len();
        for (tag, value) in &self.0 {
            table.extend(order.two(*tag));
            table.extend(order.two(value.kind()));
            table.extend(order.four(value.count() as u32));
            let mut bytes = value.bytes(order);
            if bytes.len() > 4 {
                table.extend(order.four((start + beyond.len()) as u32));
                bytes.resize(bytes.len().next_multiple_of(2), 0);
                beyond.extend(bytes);
            } else {
                bytes.resize(4, 0);
                table.extend(bytes);
            }
        }
        table.extend(order.four(next as u32));
        table.extend(beyond);
        table
    }
}

/// The EXIF block of a photo, beginning with the TIFF header, or none when the list asks for nothing that EXIF carries.
/// `stored` is the size in pixels of the file as stored, before the orientation tag is applied.
///
/// # Errors
/// When text is not ASCII where EXIF allows nothing else, or the local time and its offset leave the UTC day.
pub fn exif_block(
    photo: &Photo,
    camera: Option<&Camera>,
    stored: (u32, u32),
    thumbnail: Option<&[u8]>,
) -> Result<Option<Vec<u8>>> {
    let order = Order {
        big: camera.is_some_and(|camera| camera.big_endian),
    };
    let mut main = main_directory(photo, camera)?;
    let detail = detail_directory(photo, camera, stored)?;
    let place = photo
        .gps
        .as_ref()
        .map(|gps| place_directory(photo, gps))
        .transpose()?;
    if main.0.is_empty() && detail.0.is_empty() && place.is_none() && thumbnail.is_none() {
        return Ok(None);
    }
    main.put(0x011A, Value::Ratios(vec![(72, 1)]));
    main.put(0x011B, Value::Ratios(vec![(72, 1)]));
    main.put(0x0128, Value::Short(2));
    main.put(0x0213, Value::Short(1));
    main.put(0x8769, Value::Long(0));
    if place.is_some() {
        main.put(0x8825, Value::Long(0));
    }
    let detail_at = 8 + main.size(order);
    let place_at = detail_at + detail.size(order);
    let preview_at = place_at + place.as_ref().map_or(0, |place| place.size(order));
    for (tag, value) in &mut main.0 {
        match tag {
            0x8769 => *value = Value::Long(detail_at as u32),
            0x8825 => *value = Value::Long(place_at as u32),
            _ => {}
        }
    }
    let mut block = if order.big {
        b"MM\0*".to_vec()
    } else {
        b"II*\0".to_vec()
    };
    block.extend(order.four(8));
    block.extend(main.write(order, 8, thumbnail.map_or(0, |_| preview_at)));
    block.extend(detail.write(order, detail_at, 0));
    if let Some(place) = place {
        block.extend(place.write(order, place_at, 0));
    }
    if let Some(jpeg) = thumbnail {
        block.extend(preview_directory(jpeg, preview_at, order).write(order, preview_at, 0));
        block.extend(jpeg);
    }
    Ok(Some(block))
}

fn main_directory(photo: &Photo, camera: Option<&Camera>) -> Result<Directory> {
    let mut main = Directory::default();
    for text in [
        &photo.description,
        &photo.artist,
        &photo.copyright,
        &photo.owner,
        &photo.software,
        &photo.user_comment,
    ]
    .into_iter()
    .flatten()
    {
        ensure!(
            text.is_ascii(),
            "{}: EXIF text must be ASCII; use the xp_ or xmp_ fields for more",
            photo.file
        );
    }
    main.text(0x010E, photo.description.as_deref());
    main.text(0x010F, camera.map(|camera| camera.make.as_str()));
    main.text(0x0110, camera.map(|camera| camera.model.as_str()));
    if camera.is_some() || photo.orientation != 1 {
        main.put(0x0112, Value::Short(photo.orientation.into()));
    }
    main.text(
        0x0131,
        photo
            .software
            .as_deref()
            .or(camera.map(|camera| camera.software.as_str())),
    );
    if let Some(taken) = &photo.taken_at {
        main.put(0x0132, Value::Ascii(taken.exif()));
    }
    main.text(0x013B, photo.artist.as_deref());
    main.text(0x8298, photo.copyright.as_deref());
    // The tags a desktop file manager writes: UTF-16, little endian whatever the block's own order.
    for (tag, text) in [(0x9C9C, &photo.xp_comment), (0x9C9D, &photo.xp_author)] {
        if let Some(text) = text {
            main.put(
                tag,
                Value::Bytes(
                    text.encode_utf16()
                        .chain([0])
                        .flat_map(u16::to_le_bytes)
                        .collect(),
                ),
            );
        }
    }
    Ok(main)
}

fn detail_directory(
    photo: &Photo,
    camera: Option<&Camera>,
    stored: (u32, u32),
) -> Result<Directory> {
    let mut detail = Directory::default();
    if let Some(taken) = &photo.taken_at {
        for tag in [0x9003, 0x9004] {
            detail.put(tag, Value::Ascii(taken.exif()));
        }
        for tag in [0x9010, 0x9011, 0x9012] {
            detail.put(tag, Value::Ascii(taken.offset()));
        }
    }
    if let Some(comment) = &photo.user_comment {
        detail.put(
            0x9286,
            Value::Blob([b"ASCII\0\0\0", comment.as_bytes()].concat()),
        );
    }
    detail.text(0xA430, photo.owner.as_deref());
    detail.text(0xA431, photo.body_serial.as_deref());
    detail.text(0xA435, photo.lens_serial.as_deref());
    if let Some(camera) = camera {
        camera_details(&mut detail, photo, camera);
    }
    if !detail.0.is_empty() {
        detail.put(0x9000, Value::Blob(b"0232".to_vec()));
        detail.put(0x9101, Value::Blob(vec![1, 2, 3, 0]));
        detail.put(0xA000, Value::Blob(b"0100".to_vec()));
        detail.put(0xA001, Value::Short(1));
        detail.put(0xA002, Value::Long(stored.0));
        detail.put(0xA003, Value::Long(stored.1));
    }
    Ok(detail)
}

fn camera_details(detail: &mut Directory, photo: &Photo, camera: &Camera) {
    // Exposure varies from shot to shot as it would; the seed stands in for the light.
    let light = (photo.seed % 7) as u32;
    detail.put(0x829A, Value::Ratios(vec![(1, 60 + light * 45)]));
    detail.put(0x829D, Value::Ratios(vec![(camera.f_number_tenths, 10)]));
    detail.put(0x8822, Value::Short(2));
    detail.put(0x8827, Value::Short(50 + 25 * light as u16));
    detail.put(0x9207, Value::Short(5));
    detail.put(0x9209, Value::Short(16));
    detail.put(0x920A, Value::Ratios(vec![(camera.focal_tenths, 10)]));
    detail.put(0x927C, Value::Blob(maker_note(photo, camera)));
    detail.put(
        0x9291,
        Value::Ascii(format!("{:03}", photo.seed * 37 % 1000)),
    );
    detail.put(0xA402, Value::Short(0));
    detail.put(0xA403, Value::Short(0));
    detail.put(0xA406, Value::Short(0));
    detail.text(0xA433, Some(&camera.make));
    detail.text(0xA434, Some(&camera.lens));
}

/// A maker's private block: printable, so that independent readers take it for text instead of warning about it. It holds
/// the serial number once more, where a tag-by-tag clean-up misses it.
fn maker_note(photo: &Photo, camera: &Camera) -> Vec<u8> {
    let light = photo.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut note = format!(
        "{} MN01;AE={:04X};AWB={:04X};AF={:08X};",
        camera.make.to_uppercase(),
        light >> 48,
        (light >> 32) & 0xFFFF,
        light & 0xFFFF_FFFF
    );
    if let Some(serial) = &photo.body_serial {
        note.push_str(&format!("SN={serial};"));
    }
    note.push('\0');
    let mut note = note.into_bytes();
    note.extend(&photo.note);
    note
}

fn place_directory(photo: &Photo, gps: &Gps) -> Result<Directory> {
    ensure!(
        gps.lat.abs() <= 90.0 && gps.lon.abs() <= 180.0,
        "{}: no such place on the globe",
        photo.file
    );
    let mut place = Directory::default();
    place.put(0x0000, Value::Bytes(vec![2, 3, 0, 0]));
    place.text(0x0001, Some(if gps.lat < 0.0 { "S" } else { "N" }));
    place.put(0x0002, Value::Ratios(sexagesimal(gps.lat)));
    place.text(0x0003, Some(if gps.lon < 0.0 { "W" } else { "E" }));
    place.put(0x0004, Value::Ratios(sexagesimal(gps.lon)));
    place.put(0x0005, Value::Bytes(vec![0]));
    place.put(0x0006, Value::Ratios(vec![(gps.altitude_decimetres, 10)]));
    if let Some(taken) = &photo.taken_at {
        let (hour, minute, second) = taken.utc_time()?;
        place.put(
            0x0007,
            Value::Ratios(vec![(hour, 1), (minute, 1), (second, 1)]),
        );
        place.put(0x001D, Value::Ascii(taken.gps_date()));
    }
    Ok(place)
}

/// Degrees, minutes and seconds (to a hundredth, about 30 cm).
fn sexagesimal(degrees: f64) -> Vec<(u32, u32)> {
    let hundredths = (degrees.abs() * 360_000.0).round() as u32;
    vec![
        (hundredths / 360_000, 1),
        (hundredths / 6_000 % 60, 1),
        (hundredths % 6_000, 100),
    ]
}

fn preview_directory(jpeg: &[u8], at: usize, order: Order) -> Directory {
    let mut preview = Directory::default();
    preview.put(0x0103, Value::Short(6));
    preview.put(0x011A, Value::Ratios(vec![(72, 1)]));
    preview.put(0x011B, Value::Ratios(vec![(72, 1)]));
    preview.put(0x0128, Value::Short(2));
    preview.put(0x0201, Value::Long(0));
    preview.put(0x0202, Value::Long(jpeg.len() as u32));
    let start = at + preview.size(order);
    for (tag, value) in &mut preview.0 {
        if *tag == 0x0201 {
            *value = Value::Long(start as u32);
        }
    }
    preview
}

/// The XMP packet of a photo, or none when the list names neither a creator nor a person shown.
pub fn xmp_packet(photo: &Photo) -> Option<String> {
    let creator = photo.xmp_creator.as_deref().map(|name| {
        format!(
            "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>",
            escape(name)
        )
    });
    let person =
        photo.xmp_person.as_deref().map(|name| format!("<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>", escape(name)));
    if creator.is_none() && person.is_none() {
        return None;
    }
    let fields: String = [creator, person].into_iter().flatten().collect();
    Some(format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">{fields}</rdf:Description></rdf:RDF></x:xmpmeta>\
         <?xpacket end=\"w\"?>"
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
