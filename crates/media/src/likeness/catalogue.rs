//! The marks of all known pictures, answering which of them look like a given one.
//!
//! Each of several tables sorts the marks by a handful of their comparisons. Surroundings that are alike agree on most
//! comparisons, hence on all of a handful in one table or another.

use super::{
    marks::Mark,
    pattern::{Bits, differing},
};

/// Tables.
const TABLES: usize = 6;
/// Comparisons of a handful.
const HANDFUL: usize = 24;
/// Surroundings that differ in no more comparisons look alike.
const ALIKE: u32 = 40;
/// So many marks of a kind are looked through; more of one kind say nothing.
const CROWD: usize = 48;
/// Marks that are taken for a like one at most.
const NEAREST: usize = 4;
/// Only one in so many marks is sorted into the tables; all take part in the proof.
const SORTED: usize = 2;
/// No further mark.
const END: u32 = u32::MAX;

/// The marks of the known pictures, each picture's in one run.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    marks: Vec<Mark>,
    /// Whose mark it is.
    owners: Vec<u32>,
    /// For each table and kind, the newest mark.
    heads: Vec<u32>,
    /// For every so many marks and each table, the next older one of the kind.
    older: Vec<[u32; TABLES]>,
}

impl Catalogue {
    /// Adds a picture's marks and says where they are.
    pub fn add(&mut self, owner: u32, marks: &[Mark]) -> std::ops::Range<usize> {
        let from = self.marks.len();
        self.marks.extend_from_slice(marks);
        self.owners.resize(self.marks.len(), owner);
        if self.marks.len() > self.kinds() * SORTED {
            self.sort();
        } else {
            self.link(from);
        }
        from..self.marks.len()
    }

    /// The marks at a place that [`Catalogue::add`] gave.
    pub fn marks(&self, at: std::ops::Range<usize>) -> &[Mark] {
        self.marks.get(at).unwrap_or_default()
    }

    /// How many marks there are, those of pictures that were taken away included.
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// The marks that look most like this, with owner, number and difference.
    pub fn like(&self, bits: &Bits) -> impl Iterator<Item = (u32, usize, &Mark, u32)> {
        let mut nearest = [(u32::MAX, u32::MAX); NEAREST];
        let kinds = self.kinds();
        for table in 0..if kinds == 0 { 0 } else { TABLES } {
            let kind = handful(bits, table) & (kinds - 1);
            let mut next = self.heads.get(table * kinds + kind).copied().unwrap_or(END);
            for _ in 0..CROWD {
                let Some(mark) = self.marks.get(next as usize) else {
                    break;
                };
                let differing = differing(&mark.bits, bits);
                if differing <= ALIKE {
                    insert(&mut nearest, (differing, next));
                }
                next = self
                    .older
                    .get(next as usize)
                    .map_or(END, |older| older[table]);
            }
        }
        nearest.into_iter().filter_map(|(differing, at)| {
            let at = at as usize;
            Some((*self.owners.get(at)?, at, self.marks.get(at)?, differing))
        })
    }

    /// Kinds a table, a power of two.
    fn kinds(&self) -> usize {
        self.heads.len() / TABLES
    }

    fn sort(&mut self) {
        let kinds = (self.marks.len() / SORTED).next_power_of_two().max(1 << 12);
        self.heads = vec![END; kinds * TABLES];
        self.older.clear();
        self.link(0);
    }

    /// Sorts the marks from this one on into the tables.
    fn link(&mut self, from: usize) {
        let kinds = self.kinds();
        let first = from.next_multiple_of(SORTED);
        for (at, mark) in self.marks.iter().enumerate().skip(first).step_by(SORTED) {
            let mut older = [END; TABLES];
            for (table, older) in older.iter_mut().enumerate() {
                let kind = handful(&mark.bits, table) & (kinds - 1);
                if let Some(head) = self.heads.get_mut(table * kinds + kind) {
                    *older = *head;
                    *head = at as u32;
                }
            }
            self.older.push(older);
        }
    }
}

/// The comparisons that a table sorts by, mixed.
fn handful(bits: &Bits, table: usize) -> usize {
    let mut key = 0_u64;
    for at in 0..HANDFUL {
        // 97 is odd, so the tables take different comparisons
        let bit = (table * HANDFUL + at) * 97 % 256;
        key = key << 1 | bits[bit / 64] >> (bit % 64) & 1;
    }
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

/// Puts one more among the nearest, unless it is there or all are nearer.
fn insert(nearest: &mut [(u32, u32); NEAREST], mut one: (u32, u32)) {
    if nearest.contains(&one) {
        return;
    }
    for place in nearest {
        if one < *place {
            std::mem::swap(place, &mut one);
        }
    }
}
