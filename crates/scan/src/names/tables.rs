//! Compact look-up tables: a register of a million pupils has to fit into memory, and a look-up has to cost the same
//! for ten pupils and for a million. What the numbers in a table mean is its owner's business.

use crate::hashing::SPREAD;
pub(super) use crate::hashing::{by_chunks as hash_bytes, word as hash};

/// Two numbers as one key.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let x = (a ^ b.rotate_left(32)).wrapping_mul(SPREAD);
    let x = (x ^ (x >> 29) ^ b).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}

/// A hasher for the tables of fixed words, whose keys nobody outside chooses.
#[derive(Default, Clone, Copy)]
pub(super) struct Quick(u64);

impl std::hash::Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = mix(self.0, hash_bytes(bytes));
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 = self.0.rotate_left(8) ^ u64::from(byte);
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = mix(self.0, u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0, number);
    }
}

/// What `HashMap` and `HashSet` need to use [`Quick`].
pub(super) type QuickBuild = std::hash::BuildHasherDefault<Quick>;

/// From a key to the numbers filed under it, in ascending order.
#[derive(Default)]
pub(super) struct Table {
    keys: Vec<u64>,
    /// Where the values of each key begin; one more at the end.
    starts: Vec<u32>,
    values: Vec<u32>,
    /// Open addressing: 0 = empty, else the number of the key plus one.
    slots: Vec<u32>,
    shift: u32,
    /// One bit for each key, sixteen times as many as there are keys: most words that are not filed stop here, before
    /// memory that is far away is read.
    bits: Vec<u64>,
    bit_shift: u32,
}

impl Table {
    /// Files every pair; the same pair twice counts once.
    pub(super) fn build(mut pairs: Vec<(u64, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut table = Self {
            values: Vec::with_capacity(pairs.len()),
            ..Self::default()
        };
        for (key, value) in pairs {
            if table.keys.last() != Some(&key) {
                table.keys.push(key);
                table.starts.push(number(table.values.len()));
            }
            table.values.push(value);
        }
        table.starts.push(number(table.values.len()));
        table.keys.shrink_to_fit();
        table.starts.shrink_to_fit();
        let bits = (table.keys.len().max(2) * 2).next_power_of_two();
        table.shift = 64 - bits.trailing_zeros();
        table.slots = vec![0; bits];
        table.bit_shift = table.shift - 3;
        table.bits = vec![0; (bits * 8).div_ceil(64)];
        for at in 0..table.keys.len() {
            let mut slot = table.slot(table.keys[at]);
            while table.slots[slot] != 0 {
                slot = (slot + 1) & (bits - 1);
            }
            table.slots[slot] = number(at + 1);
            let (word, bit) = table.bit(table.keys[at]);
            table.bits[word] |= bit;
        }
        table
    }

    fn slot(&self, key: u64) -> usize {
        usize::try_from(key.wrapping_mul(SPREAD) >> self.shift).unwrap_or(0)
    }

    fn bit(&self, key: u64) -> (usize, u64) {
        let bit = key.wrapping_mul(SPREAD) >> self.bit_shift;
        (usize::try_from(bit / 64).unwrap_or(0), 1 << (bit % 64))
    }

    /// Whether something may be filed under the key; no is certain.
    pub(super) fn may_have(&self, key: u64) -> bool {
        let (word, bit) = self.bit(key);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// The numbers filed under a key.
    pub(super) fn get(&self, key: u64) -> &[u32] {
        if !self.may_have(key) {
            return &[];
        }
        let mut slot = self.slot(key);
        while let Some(at) = (self.slots[slot] as usize).checked_sub(1) {
            if self.keys[at] == key {
                return &self.values[self.starts[at] as usize..self.starts[at + 1] as usize];
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        &[]
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_gives_back_what_was_filed_and_nothing_else() {
        let pairs: Vec<(u64, u32)> = (0..5_000_u32)
            .map(|n| (mix(u64::from(n % 700), 3), n))
            .collect();
        let table = Table::build(pairs);
        for key in 0..700_u32 {
            let values: Vec<u32> = (0..5_000).filter(|n| n % 700 == key).collect();
            assert_eq!(table.get(mix(u64::from(key), 3)), values);
        }
        assert!(table.get(mix(701, 3)).is_empty());
        assert!(Table::default().get(1).is_empty());
        assert!(Table::build(Vec::new()).get(0).is_empty());
    }

    #[test]
    fn words_that_differ_have_different_keys() {
        let words = [
            "",
            "a",
            "b",
            "ab",
            "ba",
            "amelia",
            "amelie",
            "ameliaamelia",
            "a\0",
        ];
        for one in words {
            for other in words {
                assert_eq!(hash(one) == hash(other), one == other, "{one} {other}");
            }
        }
    }
}
