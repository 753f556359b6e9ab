//! Shows the numbers of an Exif field as text. `kamadak-exif` words them; a field that it does not reach (a pointer of an
//! unusual type, a block that it is not trusted with) is shown as bare figures.

use std::fmt::{self, Write};

use exif::{Exif, In};

use super::directory::{Slot, number16, number32};

/// Numbers with more bytes than this are tables, not something to show.
const MAX_BYTES: usize = 256;

/// Returns the value with its unit ("51 deg 30 min 26 sec N"); `None` for tables and for what is no number.
pub(super) fn shown(
    slot: &Slot<'_>,
    raw: &[u8],
    exif: Option<&Exif>,
    big_endian: bool,
) -> Option<String> {
    if raw.len() > MAX_BYTES {
        return None;
    }
    worded(slot, exif)
        .or_else(|| bare(slot.kind, raw, big_endian))
        .filter(|words| !words.trim().is_empty())
}

fn worded(slot: &Slot<'_>, exif: Option<&Exif>) -> Option<String> {
    let exif = exif?;
    let field = exif.get_field(slot.tag, In(slot.ifd))?;
    let mut words = Bounded(String::new());
    write!(words, "{}", field.display_value().with_unit(exif)).ok()?;
    Some(words.0)
}

fn bare(kind: u16, raw: &[u8], big_endian: bool) -> Option<String> {
    let long = |b: &[u8]| number32([b[0], b[1], b[2], b[3]], big_endian);
    let figures: Vec<String> = match kind {
        1 | 7 => raw.iter().map(u8::to_string).collect(),
        3 => raw
            .chunks_exact(2)
            .map(|b| number16([b[0], b[1]], big_endian).to_string())
            .collect(),
        4 => raw.chunks_exact(4).map(|b| long(b).to_string()).collect(),
        5 => raw
            .chunks_exact(8)
            .map(|b| match (long(b), long(&b[4..])) {
                (figure, 0 | 1) => figure.to_string(),
                (above, below) => (f64::from(above) / f64::from(below)).to_string(),
            })
            .collect(),
        _ => return None,
    };
    Some(figures.join(" "))
}

/// A string that refuses to grow past any honest number with its unit.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.0.len() + part.len() > 2048 {
            return Err(fmt::Error);
        }
        self.0.push_str(part);
        Ok(())
    }
}
