//! Hashes that are the same in every build, and maps whose keys are such hashes.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

/// The hash of nothing; [`fnv`] goes on from it.
pub(crate) const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, one byte further.
pub(crate) const fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3)
}

/// A map by hashes.
pub(crate) type ByHash<V> = HashMap<u64, V, BuildHasherDefault<AsIs>>;

/// A map by words. The lists are ours, so nobody can choose keys that share a place.
pub(crate) type WordMap<K, V> = HashMap<K, V, BuildHasherDefault<AsIs>>;

/// A set of words.
pub(crate) type WordSet<K> = HashSet<K, BuildHasherDefault<AsIs>>;

/// The keys are hashes already; the bits are only spread, because a table looks at the highest and the lowest.
#[derive(Default)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = fnv(self.0, *byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash ^ (hash >> 32);
    }
}

/// A small set of hashes that says "certainly not" without a look into the map.
pub(crate) struct Sieve {
    bits: Vec<u64>,
    shift: u32,
}

impl Sieve {
    /// Room for so many hashes, at one bit set in sixteen.
    pub(crate) fn with_room_for(count: usize) -> Self {
        let bits = (count.max(64) * 16).next_power_of_two();
        Self {
            bits: vec![0; bits / 64],
            shift: 64 - bits.trailing_zeros(),
        }
    }

    /// A multiplication carries every bit of the hash into the highest ones.
    const fn place(&self, hash: u64) -> usize {
        (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    pub(crate) fn add(&mut self, hash: u64) {
        let place = self.place(hash);
        if let Some(word) = self.bits.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    /// Whether the hash may be in the set.
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let place = self.place(hash);
        self.bits
            .get(place / 64)
            .is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}

/// A map by hashes that is built once: one look into memory for each question.
pub(crate) struct Table<V> {
    /// Key and value side by side; the key of a free place is [`FREE`].
    places: Vec<(u64, V)>,
    shift: u32,
}

/// What no key is.
const FREE: u64 = 0;

impl<V: Clone + Default> Table<V> {
    /// Takes over what a map has.
    pub(crate) fn of(map: ByHash<V>) -> Self {
        let size = (map.len().max(8) * 2).next_power_of_two();
        let mut table = Self {
            places: vec![(FREE, V::default()); size],
            shift: 64 - size.trailing_zeros(),
        };
        for (hash, value) in map {
            let mut at = table.first(hash);
            while table.places[at].0 != FREE {
                at = (at + 1) % size;
            }
            table.places[at] = (key(hash), value);
        }
        table
    }

    /// A multiplication carries every bit of the hash into the highest ones.
    const fn first(&self, hash: u64) -> usize {
        (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    pub(crate) fn get(&self, hash: u64) -> Option<&V> {
        let last = self.places.len() - 1;
        let key = key(hash);
        let mut at = self.first(hash);
        loop {
            let (found, value) = self.places.get(at)?;
            if *found == key {
                return Some(value);
            }
            if *found == FREE {
                return None;
            }
            at = (at + 1) & last;
        }
    }
}

/// The hash as a key: of two hashes one is lost, and takes the place of its neighbour.
const fn key(hash: u64) -> u64 {
    if hash == FREE { 1 } else { hash }
}
