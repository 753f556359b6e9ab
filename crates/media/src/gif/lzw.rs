//! Follows the compressed pixels of a GIF picture without making the pixels: only how long each string is matters, to find
//! where the picture ends in its data.

use crate::error::MediaError;

const BROKEN: MediaError = MediaError::Malformed("its picture data cannot be read");
const MAX_CODES: usize = 4096;

/// The strings that the codes stand for, by length.
struct Table {
    lengths: Vec<u32>,
    clear: usize,
    next: usize,
    width: u32,
    previous: Option<u32>,
}

impl Table {
    fn new(code_size: u8) -> Self {
        Self {
            lengths: vec![1; MAX_CODES],
            clear: 1 << code_size,
            next: (1 << code_size) + 2,
            width: u32::from(code_size) + 1,
            previous: None,
        }
    }

    fn reset(&mut self) {
        self.next = self.clear + 2;
        self.width = self.clear.trailing_zeros() + 1;
        self.previous = None;
    }

    /// Takes a code that stands for pixels and returns how many.
    fn pixels(&mut self, code: usize) -> Result<u32, MediaError> {
        let length = match self.previous {
            None if code < self.clear => 1,
            None => return Err(BROKEN),
            Some(_) if code < self.clear => 1,
            Some(_) if code < self.next => self.lengths[code],
            Some(previous) if code == self.next && self.next < MAX_CODES => previous + 1,
            Some(_) => return Err(BROKEN),
        };
        if let (Some(previous), true) = (self.previous, self.next < MAX_CODES) {
            self.lengths[self.next] = previous + 1;
            self.next += 1;
            if self.next == 1 << self.width && self.width < 12 {
                self.width += 1;
            }
        }
        self.previous = Some(length);
        Ok(length)
    }
}

/// Returns the part of `data` that codes the first `pixels` pixels, closed by an end code.
pub(super) fn trim(code_size: u8, data: &[u8], pixels: u64) -> Result<Vec<u8>, MediaError> {
    if !(1..=11).contains(&code_size) {
        return Err(BROKEN);
    }
    let mut table = Table::new(code_size);
    let mut missing = pixels;
    let mut at = 0;
    while missing > 0 {
        let code = bits(data, at, table.width).ok_or(MediaError::Truncated)?;
        if code == table.clear + 1 {
            return Err(MediaError::Truncated);
        }
        at += table.width as usize;
        if code == table.clear {
            table.reset();
        } else {
            missing = missing.saturating_sub(table.pixels(code)?.into());
        }
    }
    Ok(close(data, at, table.clear + 1, table.width))
}

/// Reads `width` bits from bit `at` on, least significant first.
fn bits(data: &[u8], at: usize, width: u32) -> Option<usize> {
    if at + width as usize > data.len() * 8 {
        return None;
    }
    let byte = |index: usize| data.get(index).map_or(0, |&b| usize::from(b));
    let first = at / 8;
    let word = byte(first) | byte(first + 1) << 8 | byte(first + 2) << 16;
    Some(word >> (at % 8) & ((1 << width) - 1))
}

/// Copies the first `end` bits and adds the end code.
fn close(data: &[u8], end: usize, end_code: usize, width: u32) -> Vec<u8> {
    let mut out = data[..end.div_ceil(8)].to_vec();
    if let (Some(last), used @ 1..) = (out.last_mut(), end % 8) {
        *last &= (1 << used) - 1;
    }
    for bit in 0..width as usize {
        let at = end + bit;
        if at / 8 == out.len() {
            out.push(0);
        }
        out[at / 8] |= ((end_code >> bit & 1) as u8) << (at % 8);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_behind_the_last_pixel_are_cut_and_closed() {
        // Codes of 3 bits: clear (4), 1, 1, 1, end (5).
        let codes = [4, 1, 1, 1, 5]
            .iter()
            .rev()
            .fold(0u32, |all, code| all << 3 | code);
        let data = [&codes.to_le_bytes()[..2], b"Amelia"].concat();
        let trimmed = trim(2, &data, 3).unwrap();
        assert_eq!(trimmed, codes.to_le_bytes()[..2]);
        // One pixel less: the end code takes its place.
        let shorter = [4, 1, 1, 5]
            .iter()
            .rev()
            .fold(0u32, |all, code| all << 3 | code);
        assert_eq!(trim(2, &data, 2).unwrap(), shorter.to_le_bytes()[..2]);
        assert_eq!(trim(2, &data, 4), Err(MediaError::Truncated));
        assert_eq!(trim(2, &[], 1), Err(MediaError::Truncated));
        assert_eq!(trim(12, &data, 1), Err(BROKEN));
    }
}
