//! Fingerprints of many pictures, and those that lie near a given one.
//!
//! Of two fingerprints that differ in at most 31 bits, at least one of their 16 words of 16 bits differs in at most one
//! bit. So it is enough to look at those that share a word, or have one that differs in a single bit.

use super::fingerprint::Fingerprint;

/// The largest distance that is found.
const REACH: u32 = 31;
/// Words of a fingerprint.
const WORDS: usize = 16;
/// Values of a word.
const VALUES: usize = 1 << 16;
/// So few are looked through one by one.
const FEW: usize = 4096;

/// Numbered fingerprints, answering which lie within 31 bits of another one.
#[derive(Debug, Clone, Default)]
pub struct Fingerprints {
    prints: Vec<Fingerprint>,
    /// Numbers whose fingerprint was taken away.
    gone: Vec<bool>,
    /// The words of the first so many fingerprints; the rest is looked through one by one.
    sorted: usize,
    words: Vec<Word>,
}

/// The fingerprints by the value of one of their words.
#[derive(Debug, Clone)]
struct Word {
    /// Where each value's numbers begin, and where the last one's end.
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Fingerprints {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one and gives its number: one more than the last one's, beginning with 0.
    pub fn push(&mut self, fingerprint: Fingerprint) -> u32 {
        let number = self.prints.len() as u32;
        self.prints.push(fingerprint);
        self.gone.push(false);
        let waiting = self.prints.len() - self.sorted;
        if waiting > FEW.max(self.prints.len() / 32) {
            self.sort();
        }
        number
    }

    /// Takes one away. The other numbers stay.
    pub fn remove(&mut self, number: u32) {
        if let Some(gone) = self.gone.get_mut(number as usize) {
            *gone = true;
        }
    }

    /// How many numbers were given, those taken away included.
    pub fn len(&self) -> usize {
        self.prints.len()
    }

    /// Whether no number was given.
    pub fn is_empty(&self) -> bool {
        self.prints.is_empty()
    }

    /// Calls `found` with the number and distance of every fingerprint within 31 bits, possibly several times.
    pub fn near(&self, fingerprint: &Fingerprint, mut found: impl FnMut(u32, u32)) {
        let mut look = |number: u32| {
            let at = number as usize;
            let Some(distance) = self
                .prints
                .get(at)
                .and_then(|other| fingerprint.within(other, REACH))
            else {
                return;
            };
            if self.gone.get(at) == Some(&false) {
                found(number, distance);
            }
        };
        for (at, word) in self.words.iter().enumerate() {
            let value = fingerprint.part(at);
            word.with(value).iter().for_each(|number| look(*number));
            for bit in 0..16 {
                let other = word.with(value ^ (1 << bit));
                other.iter().for_each(|number| look(*number));
            }
        }
        (self.sorted as u32..self.prints.len() as u32).for_each(look);
    }

    fn sort(&mut self) {
        self.words = (0..WORDS)
            .map(|at| Word::sorted(&self.prints, &self.gone, at))
            .collect();
        self.sorted = self.prints.len();
    }
}

impl Word {
    fn sorted(prints: &[Fingerprint], gone: &[bool], at: usize) -> Self {
        let here = || {
            (0_u32..)
                .zip(prints)
                .zip(gone)
                .filter(|(_, gone)| !**gone)
                .map(|((number, print), _)| (number, usize::from(print.part(at))))
        };
        let mut starts = vec![0_u32; VALUES + 1];
        for (_, value) in here() {
            starts[value + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut numbers = vec![0; sum as usize];
        for (number, value) in here() {
            numbers[next[value] as usize] = number;
            next[value] += 1;
        }
        Self { starts, numbers }
    }

    /// The numbers of the fingerprints whose word has this value.
    fn with(&self, value: u16) -> &[u32] {
        let value = usize::from(value);
        let (from, to) = (self.starts[value] as usize, self.starts[value + 1] as usize);
        self.numbers.get(from..to).unwrap_or_default()
    }
}
