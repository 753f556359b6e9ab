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

/// FNV-1a of a word.
pub(crate) fn hash_part(part: &str) -> u64 {
    part.bytes().fold(EMPTY, fnv)
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

/// A small set of hashes that says "certainly not" without a look into the map. Each hash has two bits in one word, so
/// one look into memory answers.
pub(crate) struct Sieve {
    words: Vec<u64>,
    shift: u32,
}

impl Default for Sieve {
    fn default() -> Self {
        Self::with_room_for(0)
    }
}

impl Sieve {
    /// Room for so many hashes, eight bits or more for each.
    pub(crate) fn with_room_for(count: usize) -> Self {
        let words = (count.max(64) / 8).next_power_of_two();
        Self {
            words: vec![0; words],
            shift: 64 - words.trailing_zeros(),
        }
    }

    /// The word and its bits. A multiplication carries every bit of the hash into the highest ones.
    const fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = hash.wrapping_mul(SPREAD);
        let bits = 1 << (mixed >> 32 & 63) | 1 << (mixed >> 38 & 63);
        ((mixed >> self.shift) as usize, bits)
    }

    pub(crate) fn add(&mut self, hash: u64) {
        let (at, bits) = self.place(hash ^ hash >> 32);
        if let Some(word) = self.words.get_mut(at) {
            *word |= bits;
        }
    }

    /// Whether the hash may be in the set.
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let (at, bits) = self.place(hash ^ hash >> 32);
        self.words.get(at).is_some_and(|word| word & bits == bits)
    }
}

/// Which three bytes follow each other somewhere in a text: says "certainly not" to most words without a look at the text.
pub(crate) struct Triplets([u64; Self::WORDS]);

impl Triplets {
    const WORDS: usize = 64;

    /// The triplets of a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut triplets = Self([0; Self::WORDS]);
        let bytes = text.as_bytes();
        let mut three = 0;
        for byte in bytes.iter().take(2) {
            three = three << 8 | u32::from(*byte);
        }
        for byte in bytes.iter().skip(2) {
            three = (three << 8 | u32::from(*byte)) & 0xFF_FFFF;
            let place = Place::of(three);
            triplets.0[place.word()] |= place.bit();
        }
        triplets
    }

    /// Whether the words may stand in the text. Of fewer than three bytes nothing is known.
    pub(crate) fn may_have(&self, words: &str) -> bool {
        Self::places(words.as_bytes()).all(|place| self.has(place))
    }

    /// Whether the text has a triplet of this place.
    pub(crate) fn has(&self, place: Place) -> bool {
        self.0[place.word()] & place.bit() != 0
    }

    /// The place of each triplet.
    pub(crate) fn places(text: &[u8]) -> impl DoubleEndedIterator<Item = Place> + '_ {
        text.windows(3).map(|three| {
            let [a, b, c] = [three[0], three[1], three[2]].map(u32::from);
            Place::of(a << 16 | b << 8 | c)
        })
    }
}

/// Where a triplet is noted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place(u16);

impl Place {
    /// The place of three bytes in one number.
    const fn of(three: u32) -> Self {
        Self((three.wrapping_mul(0x9E37_79B1) >> 20) as u16)
    }

    const fn word(self) -> usize {
        self.0 as usize / 64 % Triplets::WORDS
    }

    const fn bit(self) -> u64 {
        1 << (self.0 % 64)
    }
}

/// An odd number without pattern; multiplying by it spreads the bits.
pub(crate) const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a [`Table`] keeps: a row that knows its key.
pub(crate) trait Row: Clone + Default {
    /// The key; [`FREE`] in a row that stands for none.
    fn key(&self) -> u64;
    /// The row under another key.
    fn under(self, key: u64) -> Self;
}

/// A map by hashes that is built once: one look into memory for each question.
pub(crate) struct Table<R> {
    places: Vec<R>,
    shift: u32,
}

/// What no key is.
const FREE: u64 = 0;

impl<R: Row> Table<R> {
    /// Takes over what a map has.
    pub(crate) fn of(map: ByHash<R>) -> Self {
        // a quarter of the places is free at least: a smaller table is nearer
        let size = (map.len().max(8) * 4 / 3 + 1).next_power_of_two();
        let mut table = Self {
            places: vec![R::default(); size],
            shift: 64 - size.trailing_zeros(),
        };
        for (hash, row) in map {
            let mut at = table.first(hash);
            while table.places[at].key() != FREE {
                at = (at + 1) % size;
            }
            table.places[at] = row.under(key(hash));
        }
        table
    }

    /// A multiplication carries every bit of the hash into the highest ones.
    const fn first(&self, hash: u64) -> usize {
        (hash.wrapping_mul(SPREAD) >> self.shift) as usize
    }

    pub(crate) fn get(&self, hash: u64) -> Option<&R> {
        let last = self.places.len() - 1;
        let key = key(hash);
        let mut at = self.first(hash);
        loop {
            let row = self.places.get(at)?;
            if row.key() == key {
                return Some(row);
            }
            if row.key() == FREE {
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

/// The key of a word, eight bytes at a time. Two words of the same length have the same key only where both are longer
/// than [`CHUNK`].
pub(crate) fn word(text: &str) -> u64 {
    by_chunks(text.as_bytes())
}

/// The key of a word given as bytes.
pub(crate) fn by_chunks(bytes: &[u8]) -> u64 {
    chunks_with(bytes, 0)
}

/// The key of a word of ASCII letters and digits, whatever its capitals are.
pub(crate) fn by_chunks_small(bytes: &[u8]) -> u64 {
    // the bit that makes a capital small is set in every digit
    chunks_with(bytes, 0x2020_2020_2020_2020)
}

/// How many bytes are taken at a time.
pub(crate) const CHUNK: usize = 8;

fn chunks_with(bytes: &[u8], set: u64) -> u64 {
    let mut state = bytes.len() as u64;
    let (chunks, rest) = bytes.as_chunks::<CHUNK>();
    for chunk in chunks {
        state = step(state, u64::from_le_bytes(*chunk) | set);
    }
    if !rest.is_empty() {
        state = step(state, short(rest) | set);
    }
    state ^ (state >> 32)
}

/// Up to seven bytes as one number, the first of them the lowest. A byte that is read twice is the same both times.
fn short(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(end)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let end = u64::from(u32::from_le_bytes(*end));
        return u64::from(u32::from_le_bytes(*first)) | end << (8 * (bytes.len() - 4));
    }
    let at = |at: usize| bytes.get(at).map_or(0, |byte| u64::from(*byte) << (8 * at));
    at(0) | at(bytes.len() / 2) | at(bytes.len().saturating_sub(1))
}

const fn step(state: u64, word: u64) -> u64 {
    (state.rotate_left(5) ^ word)
        .wrapping_mul(SPREAD)
        .rotate_left(23)
        .wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn triplets_never_deny_what_a_text_says() {
        let text = "the café's phonics test was on monday";
        let triplets = Triplets::of(text);
        for (start, _) in text.char_indices() {
            let parts = (start..=text.len()).filter_map(|end| text.get(start..end));
            parts.for_each(|part| assert!(triplets.may_have(part), "{part}"));
        }
        for other in ["spelling", "monkey", " tests", "can't "] {
            assert!(!triplets.may_have(other), "{other}");
        }
    }

    #[test]
    fn a_word_is_read_to_its_last_byte_and_no_further() {
        for length in 0..20 {
            let bytes = vec![b'a'; length];
            for at in 0..length {
                let mut other = bytes.clone();
                other[at] = b'b';
                assert_ne!(by_chunks(&bytes), by_chunks(&other), "{at} of {length}");
                other[at] = b'A';
                assert_eq!(
                    by_chunks_small(&bytes),
                    by_chunks_small(&other),
                    "{at} of {length}"
                );
            }
        }
    }

    #[test]
    fn a_sieve_lets_everything_through_that_was_added_and_little_else() {
        let hash = |number: u64| number.to_le_bytes().into_iter().fold(EMPTY, fnv);
        let mut sieve = Sieve::with_room_for(4_096);
        (0..4_096).for_each(|number| sieve.add(hash(number)));
        assert!((0..4_096).all(|number| sieve.may_have(hash(number))));
        let others = 4_096..68_000;
        let wrong = others
            .filter(|number| sieve.may_have(hash(*number)))
            .count();
        assert!(wrong < 64_000 / 10, "{wrong}");
    }
}
