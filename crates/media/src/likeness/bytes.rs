//! The bytes that a likeness is kept as.

use super::{
    Likeness, SIDE,
    fingerprint::Fingerprint,
    marks::{LEVELS, MOST, Mark},
    pdq::Pdq,
};

/// The first byte.
const VERSION: u8 = 1;
/// Bytes of a mark.
const MARK: usize = 38;

pub fn write(likeness: &Likeness) -> Vec<u8> {
    let mut bytes = vec![VERSION, likeness.pdq.quality];
    bytes.extend(likeness.size.0.to_le_bytes());
    bytes.extend(likeness.size.1.to_le_bytes());
    for form in &likeness.pdq.forms {
        bytes.extend(form.to_bytes());
    }
    for mark in &likeness.marks {
        bytes.extend(mark.x.to_le_bytes());
        bytes.extend(mark.y.to_le_bytes());
        bytes.push(mark.level);
        bytes.push(mark.shade);
        bytes.extend(mark.bits.iter().flat_map(|word| word.to_le_bytes()));
    }
    bytes
}

pub fn read(bytes: &[u8]) -> Option<Likeness> {
    let (head, rest) = bytes.split_first_chunk::<6>()?;
    let [VERSION, quality @ 0..=100, w0, w1, h0, h1] = *head else {
        return None;
    };
    let size = (u16::from_le_bytes([w0, w1]), u16::from_le_bytes([h0, h1]));
    if usize::from(size.0.max(size.1)) > SIDE {
        return None;
    }
    let (forms, rest) = rest.split_first_chunk::<256>()?;
    let (forms, []) = forms.as_chunks::<32>() else {
        return None;
    };
    let forms: &[[u8; 32]; 8] = forms.try_into().ok()?;
    let (marks, []) = rest.as_chunks::<MARK>() else {
        return None;
    };
    if marks.len() > MOST {
        return None;
    }
    Some(Likeness {
        pdq: Pdq {
            forms: forms.map(|form| Fingerprint::from_bytes(&form)),
            quality,
        },
        size,
        marks: marks.iter().map(mark).collect::<Option<_>>()?,
    })
}

fn mark(bytes: &[u8; MARK]) -> Option<Mark> {
    let [x0, x1, y0, y1, level, shade, bits @ ..] = bytes;
    let (words, []) = bits.as_chunks::<8>() else {
        return None;
    };
    let words: &[[u8; 8]; 4] = words.try_into().ok()?;
    (usize::from(*level) < LEVELS).then(|| Mark {
        x: i16::from_le_bytes([*x0, *x1]),
        y: i16::from_le_bytes([*y0, *y1]),
        level: *level,
        shade: *shade,
        bits: words.map(u64::from_le_bytes),
    })
}
