//! Writes a profile anew from the figures that decide the colours: white, primaries, curves. Names, dates, makers and
//! everything else of the original stay behind, so that colours look the same and nothing is said about anybody.

use super::{Element, be32, body_type, is_shipped, table};

/// Entries of one curve; more is a measurement finer than any eye.
const MAX_CURVE: usize = 4096;

/// Primaries, each as X, Y and Z in 16.16, and the name of the standard that has them.
const KNOWN: [([i32; 9], &str); 3] = [
    (
        [28578, 14581, 912, 25238, 46981, 6361, 9376, 3968, 46799],
        "sRGB",
    ),
    (
        [33757, 15807, -72, 19137, 45363, 2746, 10296, 4365, 51386],
        "Display P3",
    ),
    (
        [39957, 20390, 1278, 13453, 41003, 3989, 9777, 4143, 48801],
        "Adobe RGB (1998)",
    ),
];
/// About one hundredth: rounding and chromatic adaptation differ by less, two standards by more.
const TOLERANCE: i32 = 655;

/// Returns the profile to keep for a picture that has `profile`: itself if it is standard, else its figures under a
/// standard name; `None` when its colours are not told by such figures (press and scanner profiles with tables).
pub(crate) fn plain(profile: &[u8]) -> Option<Vec<u8>> {
    match is_shipped(profile) {
        true => Some(profile.to_vec()),
        false => figures_of(profile),
    }
}

/// Writes the figures of the profile under a standard name.
pub(super) fn figures_of(profile: &[u8]) -> Option<Vec<u8>> {
    let elements = table(profile)?;
    let tags: &[&[u8; 4]] = match profile.get(16..24)? {
        b"RGB XYZ " => &[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"],
        b"GRAYXYZ " => &[b"kTRC"],
        _ => return None,
    };
    let version = if *profile.get(8)? >= 4 { 4 } else { 2 };
    let mut figures: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    for tag in tags {
        figures.push((**tag, figure(&elements, tag)?));
    }
    figures.push((*b"wtpt", figure(&elements, b"wtpt")?));
    figures.extend(figure(&elements, b"chad").map(|chad| (*b"chad", chad)));
    let name = match tags.len() {
        1 => "Grey",
        _ => name(&figures),
    };
    let mut parts = vec![(*b"desc", words(version, name)), (*b"cprt", note(version))];
    parts.append(&mut figures);
    Some(written(&profile[12..24], version, &parts))
}

/// Returns an element cut to what its type needs, if its type is one of figures.
fn figure(elements: &[Element<'_>], tag: &[u8; 4]) -> Option<Vec<u8>> {
    let (_, body) = elements.iter().find(|(found, _)| found == tag)?;
    let len = match &body_type(body) {
        b"XYZ " => 20,
        b"sf32" => 44,
        b"para" => 12 + 4 * [1, 3, 4, 5, 7].get(usize::from(*body.get(9)?)).copied()?,
        b"curv" => 12 + 2 * Some(be32(body, 8)?).filter(|count| *count <= MAX_CURVE)?,
        _ => return None,
    };
    let mut kept = body.get(..len)?.to_vec();
    kept[4..8].fill(0);
    is_smooth(&kept).then_some(kept)
}

/// Tells whether an element is no curve that falls. A real one never does; letters hidden in one would.
pub(super) fn is_smooth(element: &[u8]) -> bool {
    let count = be32(element, 8).unwrap_or_default();
    let values = element.get(12..).unwrap_or_default().chunks_exact(2);
    let values = values
        .take(count)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    body_type(element) != *b"curv" || values.is_sorted()
}

fn name(figures: &[([u8; 4], Vec<u8>)]) -> &'static str {
    let numbers: Vec<i32> = figures
        .iter()
        .take(3)
        .flat_map(|(_, body)| body[8..].chunks_exact(4))
        .map(|b| i32::from_be_bytes([b[0], b[1], b[2], b[3]]))
        .collect();
    let near = |known: &[i32; 9]| {
        numbers.len() == known.len()
            && numbers
                .iter()
                .zip(known)
                .all(|(a, b)| a.abs_diff(*b) <= TOLERANCE.unsigned_abs())
    };
    let found = KNOWN.iter().find(|(known, _)| near(known));
    let curve = figures.get(3).map_or(&[][..], |(_, body)| body);
    found
        .filter(|_| is_usual_curve(curve))
        .map_or("RGB", |(_, name)| name)
}

/// Tells whether the curve bends about as those of the three standards do (a power of 2.2): linear ones do not.
fn is_usual_curve(curve: &[u8]) -> bool {
    let word = |at: usize| Some(u16::from_be_bytes(*curve.get(at..)?.first_chunk()?));
    let power = match (&body_type(curve), be32(curve, 8)) {
        (b"curv", Some(1)) => word(12).map(|power| f64::from(power) / 256.0),
        (b"curv", Some(count @ 2..)) => word(12 + count / 2 * 2)
            .map(|middle| (f64::from(middle.max(1)) / 65535.0).ln() / 0.5f64.ln()),
        (b"para", _) => be32(curve, 12).map(|power| power as f64 / 65536.0),
        _ => None,
    };
    power.is_some_and(|power| (1.7..2.6).contains(&power))
}

/// A description in the form of its version: `textDescriptionType` or `multiLocalizedUnicodeType`.
fn words(version: u8, name: &str) -> Vec<u8> {
    if version >= 4 {
        return localised(name);
    }
    let len = name.len() as u32 + 1;
    let mut out = [b"desc\0\0\0\0", &len.to_be_bytes()[..], name.as_bytes()].concat();
    // The closing zero, an empty Unicode text and an empty Macintosh text.
    out.resize(out.len() + 1 + 8 + 70, 0);
    out
}

fn note(version: u8) -> Vec<u8> {
    match version >= 4 {
        true => localised("CC0"),
        false => b"text\0\0\0\0CC0\0".to_vec(),
    }
}

fn localised(text: &str) -> Vec<u8> {
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let head = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS";
    let len = (utf16.len() as u32).to_be_bytes();
    [&head[..], &len, &28u32.to_be_bytes(), &utf16].concat()
}

/// Puts header, table and elements together; equal elements are stored once.
fn written(kind: &[u8], version: u8, parts: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut table = (parts.len() as u32).to_be_bytes().to_vec();
    let mut body: Vec<u8> = Vec::new();
    let start = 132 + 12 * parts.len();
    let mut stored: Vec<(&[u8], usize)> = Vec::new();
    for (tag, part) in parts {
        let known = stored.iter().find(|(known, _)| *known == part.as_slice());
        let at = match known {
            Some((_, at)) => *at,
            None => {
                let at = start + body.len();
                stored.push((part, at));
                body.extend_from_slice(part);
                body.resize(body.len().next_multiple_of(4), 0);
                at
            }
        };
        table.extend_from_slice(tag);
        table.extend_from_slice(&(at as u32).to_be_bytes());
        table.extend_from_slice(&(part.len() as u32).to_be_bytes());
    }
    let mut header = vec![0; 128];
    header[..4].copy_from_slice(&((start + body.len()) as u32).to_be_bytes());
    header[8] = version;
    header[12..24].copy_from_slice(kind);
    header[36..40].copy_from_slice(b"acsp");
    // The white of the connection space, D50.
    header[68..80].copy_from_slice(&[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
    [header, table, body].concat()
}
