//! The bytes that a likeness is kept as.

use super::{
    Likeness, SIDE,
    fingerprint::Fingerprint,
    inner::{FINEST, Inner},
    marks::{LEVELS, MOST, Mark},
    pdq::Pdq,
    pixels::{LOOKED, Sketch},
};

/// The first byte.
const VERSION: u8 = 2;
/// Bytes of a mark.
const MARK: usize = 38;

pub fn write(likeness: &Likeness) -> Vec<u8> {
    let mut bytes = vec![VERSION, likeness.pdq.quality];
    bytes.extend(likeness.size.0.to_le_bytes());
    bytes.extend(likeness.size.1.to_le_bytes());
    write_forms(&likeness.pdq, &mut bytes);
    bytes.push(u8::from(likeness.inner.is_some()));
    if let Some(inner) = &likeness.inner {
        let sides = [inner.left, inner.top, inner.right, inner.bottom];
        bytes.extend(sides.iter().flat_map(|side| side.to_le_bytes()));
        bytes.extend([inner.finer, inner.pdq.quality]);
        write_forms(&inner.pdq, &mut bytes);
    }
    bytes.extend([likeness.sketch.wide, likeness.sketch.high]);
    bytes.extend(&likeness.sketch.pixels);
    for mark in &likeness.marks {
        bytes.extend(mark.x.to_le_bytes());
        bytes.extend(mark.y.to_le_bytes());
        bytes.push(mark.level.cast_unsigned());
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
    let (forms, rest) = forms(rest)?;
    let (has_inner, rest) = rest.split_first()?;
    let (inner, rest) = match has_inner {
        0 => (None, rest),
        1 => {
            let (inner, rest) = read_inner(rest)?;
            (Some(inner), rest)
        }
        _ => return None,
    };
    let (sketch, rest) = sketch(rest)?;
    let (marks, []) = rest.as_chunks::<MARK>() else {
        return None;
    };
    if marks.len() > MOST {
        return None;
    }
    Some(Likeness {
        pdq: Pdq { forms, quality },
        inner,
        size,
        sketch,
        marks: marks.iter().map(mark).collect::<Option<_>>()?,
    })
}

/// A sketch and what follows it.
pub fn sketch(bytes: &[u8]) -> Option<(Sketch, &[u8])> {
    let (&[wide, high], rest) = bytes.split_first_chunk::<2>()?;
    let (pixels, rest) = rest.split_at_checked(usize::from(wide) * usize::from(high))?;
    let sketch = Sketch {
        wide,
        high,
        pixels: pixels.to_vec(),
    };
    (usize::from(wide.max(high)) <= LOOKED).then_some((sketch, rest))
}

fn write_forms(pdq: &Pdq, bytes: &mut Vec<u8>) {
    for form in &pdq.forms {
        bytes.extend(form.to_bytes());
    }
}

fn forms(bytes: &[u8]) -> Option<([Fingerprint; 8], &[u8])> {
    let (forms, rest) = bytes.split_first_chunk::<256>()?;
    let (forms, []) = forms.as_chunks::<32>() else {
        return None;
    };
    let forms: &[[u8; 32]; 8] = forms.try_into().ok()?;
    Some((forms.map(|form| Fingerprint::from_bytes(&form)), rest))
}

fn read_inner(bytes: &[u8]) -> Option<(Inner, &[u8])> {
    let (&[l0, l1, t0, t1, r0, r1, b0, b1, finer, quality], rest) = bytes.split_first_chunk()?;
    let (forms, rest) = forms(rest)?;
    let inner = Inner {
        left: i16::from_le_bytes([l0, l1]),
        top: i16::from_le_bytes([t0, t1]),
        right: i16::from_le_bytes([r0, r1]),
        bottom: i16::from_le_bytes([b0, b1]),
        finer,
        pdq: Pdq { forms, quality },
    };
    let possible =
        inner.left < inner.right && inner.top < inner.bottom && finer <= FINEST && quality <= 100;
    possible.then_some((inner, rest))
}

fn mark(bytes: &[u8; MARK]) -> Option<Mark> {
    let [x0, x1, y0, y1, level, shade, bits @ ..] = bytes;
    let (words, []) = bits.as_chunks::<8>() else {
        return None;
    };
    let words: &[[u8; 8]; 4] = words.try_into().ok()?;
    let level = level.cast_signed();
    (-i16::from(FINEST)..LEVELS as i16)
        .contains(&i16::from(level))
        .then(|| Mark {
            x: i16::from_le_bytes([*x0, *x1]),
            y: i16::from_le_bytes([*y0, *y1]),
            level,
            shade: *shade,
            bits: words.map(u64::from_le_bytes),
        })
}
