//! Splits bytes into boxes (ISO/IEC 14496-12, 4.2; QuickTime calls them atoms): 32- and 64-bit sizes, size 0 for "to the
//! end", terminators. One flat step at a time: who goes into a box decides how deep and how many.

use crate::error::MediaError;

/// One box: its four letters and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub kind: [u8; 4],
    pub body: &'a [u8],
}

/// Why there is no next box although bytes are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Fewer bytes than a header has.
    Stray,
    /// The size is smaller than the header itself.
    TooSmall,
    /// The size reaches past the end of what holds the box.
    TooLong,
}

impl From<Fault> for MediaError {
    fn from(fault: Fault) -> Self {
        Self::Malformed(match fault {
            Fault::Stray => "there are stray bytes between its parts",
            Fault::TooSmall => "one of its parts has an impossible length",
            Fault::TooLong => "one of its parts claims to be longer than what holds it",
        })
    }
}

/// The boxes in a run of bytes, one after another. After a fault there are no more.
#[derive(Clone)]
pub(super) struct Parts<'a> {
    rest: &'a [u8],
}

impl<'a> Parts<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been split yet; after a fault, the bytes that could not be.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Splits the next box off. Zeros to the end are padding (QuickTime ends user data with four of them).
    pub(super) fn next(&mut self) -> Result<Option<Part<'a>>, Fault> {
        let Some(size) = be32(self.rest, 0) else {
            return match self.rest.iter().all(|&b| b == 0) {
                true => Ok(None),
                false => Err(Fault::Stray),
            };
        };
        let Some(kind) = fourcc(self.rest, 4) else {
            return match self.rest.iter().all(|&b| b == 0) {
                true => Ok(None),
                false => Err(Fault::Stray),
            };
        };
        if size == 0 && kind == [0; 4] && self.rest.iter().all(|&b| b == 0) {
            return Ok(None);
        }
        let (header, size) = match size {
            0 => (8, self.rest.len()),
            1 => {
                let size = self.rest.get(8..16).ok_or(Fault::TooLong)?;
                let size = u64::from_be_bytes(size.try_into().map_err(|_| Fault::TooLong)?);
                (16, usize::try_from(size).map_err(|_| Fault::TooLong)?)
            }
            size => (8, size as usize),
        };
        if size < header {
            return Err(Fault::TooSmall);
        }
        let (whole, rest) = self.rest.split_at_checked(size).ok_or(Fault::TooLong)?;
        self.rest = rest;
        Ok(Some(Part {
            kind,
            body: whole.get(header..).unwrap_or_default(),
        }))
    }
}

/// Reads a 32-bit number.
pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

/// Reads a 16-bit number.
pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_be_bytes(*bytes))
}

/// Reads a 64-bit number.
pub(super) fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_be_bytes(*bytes))
}

/// Reads four letters.
pub(super) fn fourcc(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// Tells whether four bytes can be the name of a box that some program writes.
pub(super) fn is_name(kind: [u8; 4]) -> bool {
    let letter =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'_' | b'-' | b'@' | b'.' | 0xA9);
    // GoPro's "FOV\0" is the one name that ends in a zero.
    kind.iter().take(3).all(|&b| letter(b)) && (letter(kind[3]) || kind == *b"FOV\0")
}

/// Shows the four letters of a box.
pub(super) fn show(kind: [u8; 4]) -> String {
    match is_name(kind) {
        true => kind.iter().map(|&b| char::from(b)).collect(),
        false => format!("0x{:08X}", u32::from_be_bytes(kind)),
    }
}

/// The bytes up to a zero, and what follows it; without a zero, everything.
pub(super) fn until_zero(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|&b| b == 0) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<([u8; 4], usize)>, Fault> {
        let mut parts = Parts::new(bytes);
        let mut out = Vec::new();
        while let Some(part) = parts.next()? {
            out.push((part.kind, part.body.len()));
        }
        Ok(out)
    }

    #[test]
    fn sizes_of_every_kind_are_split() {
        let bytes = [
            &b"\0\0\0\x0Afreeab"[..],
            b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x13xyz",
            b"\0\0\0\0wide-to-the-end",
        ]
        .concat();
        let expected = vec![(*b"free", 2), (*b"mdat", 3), (*b"wide", 11)];
        assert_eq!(all(&bytes), Ok(expected));
    }

    #[test]
    fn lies_are_named_and_zeros_are_padding() {
        for (bytes, fault) in [
            (&b"\0\0\0\x07free"[..], Fault::TooSmall),
            (b"\0\0\0\x09free", Fault::TooLong),
            (b"\0\0\0\x01free\0\0\0\0\0\0\0\x0F", Fault::TooSmall),
            (
                b"\0\0\0\x01free\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
                Fault::TooLong,
            ),
            (b"\0\0\0\x01free", Fault::TooLong),
            (b"abc", Fault::Stray),
            (b"\0\0\0\x08fre", Fault::Stray),
        ] {
            assert_eq!(all(bytes), Err(fault), "{bytes:?}");
        }
        for padding in [&b""[..], &[0; 4], &[0; 7], &[0; 300]] {
            assert_eq!(all(padding), Ok(Vec::new()));
        }
    }
}
