//! The second reader's own walk over a GIF: it knows the one order in which the blocks of a clean copy may stand, decodes
//! the pixel codes once more in its own way, and accepts nothing that departs from it.

use crate::error::Leftover;

/// Lists what a clean GIF may not have.
pub(super) fn leftovers(bytes: &[u8], max_frames: usize) -> Vec<Leftover> {
    read(bytes, max_frames).err().into_iter().collect()
}

fn read(bytes: &[u8], max_frames: usize) -> Result<(), Leftover> {
    let short = || Leftover::new("GIF", "cannot be walked to its end");
    let flags = *bytes.get(10).ok_or_else(short)?;
    let mut left = bytes.get(13 + table_len(flags)..).ok_or_else(short)?;
    for name in [b"NETSCAPE2.0", b"ANIMEXTS1.0"] {
        let start = [b"\x21\xFF\x0B", &name[..], b"\x03\x01"].concat();
        if let [_, _, 0, rest @ ..] = left.strip_prefix(&start[..]).unwrap_or_default() {
            left = rest;
        }
    }
    for _ in 0..max_frames {
        if left == [0x3B] {
            return Ok(());
        }
        if let [0x21, 0xF9, 4, flags, _, _, _, 0, rest @ ..] = left {
            if flags & 0xE0 != 0 {
                return Err(Leftover::new("GIF:Control", "has spare bits"));
            }
            left = rest;
        }
        left = match left {
            [0x2C, rest @ ..] => picture(rest)
                .ok_or_else(|| Leftover::new("GIF:Picture", "not exactly one picture"))?,
            [0x21, 0xFE, ..] => {
                return Err(Leftover::new(
                    "GIF:Comment",
                    "does not belong to the picture",
                ));
            }
            [0x21, ..] => {
                return Err(Leftover::new(
                    "GIF:Extension",
                    "does not belong to the picture",
                ));
            }
            [0x3B, ..] => return Err(Leftover::new("GIF:Trailer", "bytes after the end")),
            _ => return Err(short()),
        };
    }
    match left {
        [0x3B] => Ok(()),
        _ => Err(Leftover::new("GIF", "too many parts")),
    }
}

fn table_len(flags: u8) -> usize {
    match flags >= 0x80 {
        true => 3 * 2usize.pow(u32::from(flags % 8) + 1),
        false => 0,
    }
}

/// Reads a picture and returns what follows it; `None` if anything in it is not the picture.
fn picture(rest: &[u8]) -> Option<&[u8]> {
    let flags = *rest.get(8)?;
    let number =
        |at: usize| Some(usize::from(*rest.get(at)?) + 256 * usize::from(*rest.get(at + 1)?));
    let pixels = number(4)?.checked_mul(number(6)?)?;
    let mut left = rest.get(9 + table_len(flags)..)?;
    let bits = *left.first()?;
    left = &left[1..];
    let mut codes = Vec::new();
    let mut was_full = true;
    while *left.first()? != 0 {
        let len = usize::from(left[0]);
        // A short piece ends the data.
        if !was_full {
            return None;
        }
        was_full = len == 255;
        codes.extend_from_slice(left.get(1..1 + len)?);
        left = &left[1 + len..];
    }
    let plain = flags & 0b0001_1000 == 0 && (1..=11).contains(&bits);
    (plain && holds_exactly(&codes, usize::from(bits), pixels)).then(|| &left[1..])
}

/// Decodes the codes by their chains of prefixes and tells whether they give `pixels` pixels, an end code, and nothing
/// after it but the zero bits of the last byte.
fn holds_exactly(codes: &[u8], bits: usize, pixels: usize) -> bool {
    let end_code = (1usize << bits) + 1;
    // For every code from the end code on: the length of the string that it stands for.
    let mut strings: Vec<usize> = Vec::new();
    let mut last = 0;
    let (mut given, mut width) = (0usize, bits + 1);
    let (mut pool, mut held, mut bytes) = (0usize, 0usize, codes.iter());
    loop {
        while held < width {
            let Some(byte) = bytes.next() else {
                return false;
            };
            pool |= usize::from(*byte) << held;
            held += 8;
        }
        let code = pool % (1 << width);
        pool >>= width;
        held -= width;
        if code == end_code {
            return given >= pixels && pool == 0 && bytes.next().is_none();
        }
        if given >= pixels {
            return false;
        }
        if code == end_code - 1 {
            strings.clear();
            last = 0;
            width = bits + 1;
            continue;
        }
        let room = end_code + 1 + strings.len() < 4096;
        if last > 0 && room {
            strings.push(last + 1);
        }
        last = match code.checked_sub(end_code + 1) {
            None => 1,
            Some(index) => match strings.get(index) {
                Some(length) => *length,
                None => return false,
            },
        };
        given += last;
        let next = end_code + 1 + strings.len();
        width = (bits + 1)
            .max((usize::BITS - next.leading_zeros()) as usize)
            .min(12);
    }
}
