//! The 256 bits of a PDQ fingerprint: how they are written, read and compared.

use std::{fmt, str::FromStr};

/// A PDQ fingerprint. Two pictures that look the same differ in few of its 256 bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint {
    /// Bit `k` is bit `k % 64` of word `k / 64`.
    words: [u64; 4],
}

/// Text that is not a fingerprint: anything but 64 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 64 hex digits")]
pub struct NotAFingerprint;

impl Fingerprint {
    /// In how many of the 256 bits the two differ.
    pub fn distance(&self, other: &Self) -> u32 {
        self.first_half(other) + self.second_half(other)
    }

    /// The distance where it is at most `limit`. Most strangers are told apart by the first half.
    pub(super) fn within(&self, other: &Self, limit: u32) -> Option<u32> {
        let first = self.first_half(other);
        if first > limit {
            return None;
        }
        Some(first + self.second_half(other)).filter(|distance| *distance <= limit)
    }

    fn first_half(&self, other: &Self) -> u32 {
        (self.words[0] ^ other.words[0]).count_ones()
            + (self.words[1] ^ other.words[1]).count_ones()
    }

    fn second_half(&self, other: &Self) -> u32 {
        (self.words[2] ^ other.words[2]).count_ones()
            + (self.words[3] ^ other.words[3]).count_ones()
    }

    /// One of the 16 words of 16 bits.
    pub(super) fn part(&self, at: usize) -> u16 {
        self.words
            .get(at / 4)
            .map_or(0, |word| (word >> (at % 4 * 16)) as u16)
    }

    pub(super) fn set(&mut self, bit: usize) {
        if let Some(word) = self.words.get_mut(bit / 64) {
            *word |= 1 << (bit % 64);
        }
    }

    /// The bits as 32 bytes, the first digits first.
    pub fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (place, word) in bytes.chunks_exact_mut(8).zip(self.words.iter().rev()) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// The fingerprint whose [`Fingerprint::to_bytes`] this is.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, place) in words.iter_mut().rev().zip(bytes.chunks_exact(8)) {
            *word = place
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        Self { words }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words
            .iter()
            .rev()
            .try_for_each(|word| write!(f, "{word:016x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        if text.len() != 64 {
            return Err(NotAFingerprint);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |at: usize| {
                digits
                    .get(at)
                    .and_then(|digit| char::from(*digit).to_digit(16))
                    .ok_or(NotAFingerprint)
            };
            *byte = (digit(0)? << 4 | digit(1)?) as u8;
        }
        Ok(Self::from_bytes(&bytes))
    }
}
