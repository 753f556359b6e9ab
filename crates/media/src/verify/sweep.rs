//! The second reader's look at compressed data: where a marker ends them, and whether the signature of a metadata block
//! stands in them. It goes over each byte once, and may do so while another reader goes over the same bytes.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{Span, packed::Searcher};
use memchr::memmem;

/// Text that metadata blocks cannot do without, wherever they hide. Long enough never to occur by chance.
pub(super) const SIGNATURES: [(&[u8], &str); 6] = [
    (b"http://ns.adobe.com/", "XMP"),
    (b"<x:xmpmeta", "XMP"),
    (b"<?xpacket ", "XMP"),
    (b"Photoshop 3.0\0", "Photoshop"),
    (b"Raw profile type ", "RawProfile"),
    (b"XML:com.adobe.xmp", "XMP"),
];

/// Bytes that are looked at for both before the next ones are.
const PIECE: usize = 32 * STRETCH;
/// Bytes that are looked through at once.
const STRETCH: usize = 128;
/// Scans that are remembered; what is known of further ones is found out anew.
const SCANS: usize = 128;

/// What is known of the compressed data in some bytes.
pub(crate) struct Sweep<'a> {
    bytes: &'a [u8],
    /// How far signatures have been looked for.
    searched: usize,
    found: BTreeSet<&'static str>,
    /// From where to where no marker ends the data.
    endless: Vec<Range<usize>>,
}

impl<'a> Sweep<'a> {
    /// Nothing is known of these bytes.
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            searched: 0,
            found: BTreeSet::new(),
            endless: Vec::new(),
        }
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Looks at the data of one scan: all of them up to a place that lies further behind each time.
    pub(crate) fn look(&mut self, part: Range<usize>) {
        let to = part.end.min(self.bytes.len());
        if self
            .endless
            .last()
            .is_none_or(|last| last.start != part.start)
            && self.endless.len() < SCANS
        {
            self.endless.push(part.start..part.start);
        }
        if let Some(last) = self.endless.last_mut()
            && last.start == part.start
        {
            last.end += endless_len(self.bytes, last.end..to);
        }
        self.search(to);
    }

    /// The same for a copy that is the beginning of these very bytes. What was seen in others, even equal ones, counts for
    /// nothing.
    pub(super) fn over(mut self, copy: &'a [u8]) -> Option<Self> {
        let begins = self.bytes.get(..copy.len());
        let is_it = begins.is_some_and(|bytes| std::ptr::eq(bytes, copy));
        let fits = |part: &Range<usize>| part.end <= copy.len();
        // signatures were looked for a little further than stretches were
        let seen = match self.searched {
            0 => 0,
            searched => searched + SEAM,
        };
        if !is_it || seen > copy.len() || !self.endless.iter().all(fits) {
            return None;
        }
        self.bytes = copy;
        Some(self)
    }

    /// Where a marker ends the compressed data that begin here: a table, header, scan, application segment, comment or
    /// end. The other markers are stuffing, restarts and damage.
    pub(super) fn scan_end(&mut self, from: usize) -> Option<usize> {
        let known = self.endless.iter().find(|part| part.start == from);
        let known = known.map_or(from, |part| part.end);
        (known..self.bytes.len()).step_by(PIECE).find_map(|at| {
            let to = self.bytes.len().min(at + PIECE);
            self.search(to);
            first_end(self.bytes, at..to)
        })
    }

    /// Searches for signatures up to here, as far as that has not been done, but for the last few bytes.
    fn search(&mut self, to: usize) {
        let part = self.searched..to.saturating_sub(SEAM);
        let part = self.bytes.get(part).unwrap_or_default();
        for stretch in part.as_chunks().0 {
            let (from, end) = (self.searched, self.searched + STRETCH);
            if may_hold_signature(stretch) {
                let near = from.saturating_sub(SEAM)..end + SEAM;
                find(&self.bytes[near], &mut self.found);
            }
            self.searched = end;
        }
    }

    /// The signatures that stand in the bytes and what comes before them.
    pub(super) fn signatures(mut self, head: &[u8]) -> BTreeSet<&'static str> {
        self.search(self.bytes.len());
        find(
            &self.bytes[self.searched.saturating_sub(SEAM)..],
            &mut self.found,
        );
        let seam = [
            &head[head.len().saturating_sub(SEAM)..],
            &self.bytes[..self.bytes.len().min(SEAM)],
        ];
        find(head, &mut self.found);
        find(&seam.concat(), &mut self.found);
        self.found
    }
}

/// Where the first marker in a part begins that ends compressed data.
fn first_end(bytes: &[u8], part: Range<usize>) -> Option<usize> {
    let from = part.start + endless_len(bytes, part.clone());
    (from..part.end).find(|&at| bytes.get(at..at + 2).is_some_and(is_end))
}

/// The length of the stretches at the beginning of a part in which no marker begins that ends compressed data.
fn endless_len(bytes: &[u8], part: Range<usize>) -> usize {
    let these = bytes.get(part.clone()).unwrap_or_default();
    let nexts = bytes.get(part.start + 1..).unwrap_or_default();
    let stretches = these.as_chunks().0.iter().zip(nexts.as_chunks().0);
    let is_endless = |(these, nexts): &(&[u8; STRETCH], &[u8; STRETCH])| {
        let mut pairs = these.iter().zip(*nexts);
        !may_end(these, nexts) || !pairs.any(|(&this, &next)| is_end(&[this, next]))
    };
    STRETCH * stretches.take_while(is_endless).count()
}

fn is_end(pair: &[u8]) -> bool {
    matches!(pair, [0xFF, 0xC0..=0xCF | 0xD8..=0xEF | 0xFE])
}

/// Tells whether a marker can be among these bytes, each with the one behind it, without a branch for each: there are
/// megabytes to read.
fn may_end(these: &[u8; STRETCH], nexts: &[u8; STRETCH]) -> bool {
    let pairs = these.iter().zip(nexts);
    let behind = pairs.map(|(this, next)| if *this == 0xFF { *next } else { 0 });
    behind.fold(0, |any, next| any | next) != 0
}

/// Which bits to look at in four bytes, and how they stand somewhere in each signature, also where only one in four places
/// is looked at: the first two are among the small letters, the others among those, the figures and the marks.
const HINT: [[u8; 4]; 2] = [[0xE0, 0xE0, 0xA0, 0xA0], [0x60, 0x60, 0x20, 0x20]];

/// Tells whether a signature may stand in these bytes, or a part of one. So it seems in one of thirty stretches of compressed
/// data.
fn may_hold_signature(stretch: &[u8; STRETCH]) -> bool {
    let [bits, value] = HINT.map(u32::from_ne_bytes);
    let fours = stretch.as_chunks().0.iter();
    let seem = fours.map(|four| u32::from_ne_bytes(*four) & bits == value);
    seem.fold(false, |any, seems| any | seems)
}

/// As far from where two pieces meet can a signature begin or end that stands in both.
const SEAM: usize = 32;

/// As much of a signature as is looked for at first: in compressed data even two bytes are rare, and the less there is to
/// compare the faster the megabytes are gone through.
const START: usize = 2;

/// Looks for all signatures at once: a picture has megabytes, and each search would read all of them.
static SEARCH: LazyLock<Option<Searcher>> =
    LazyLock::new(|| Searcher::new(SIGNATURES.map(|(needle, _)| &needle[..START])));

/// Notes the signatures that stand in these bytes.
fn find(bytes: &[u8], found: &mut BTreeSet<&'static str>) {
    match SEARCH.as_ref() {
        Some(search) => {
            let mut next = next_start(search, bytes, 0);
            while let Some(at) = next {
                let is_here = |(needle, _): &&(&[u8], &str)| bytes[at..].starts_with(needle);
                found.extend(SIGNATURES.iter().find(is_here).map(|(_, name)| *name));
                next = next_start(search, bytes, at + 1);
            }
        }
        // A processor that cannot look for them at once.
        None => {
            let is_here = |(needle, _): &&(&[u8], &str)| memmem::find(bytes, needle).is_some();
            found.extend(SIGNATURES.iter().filter(is_here).map(|(_, name)| *name));
        }
    }
}

/// Where the start of a signature stands next, at `from` or behind it.
fn next_start(search: &Searcher, bytes: &[u8], from: usize) -> Option<usize> {
    let rest = Span {
        start: from.min(bytes.len()),
        end: bytes.len(),
    };
    Some(search.find_in(bytes, rest)?.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signatures(bytes: &[u8]) -> BTreeSet<&'static str> {
        Sweep::of(bytes).signatures(&[])
    }

    #[test]
    fn a_signature_is_found_wherever_it_stands_and_whatever_stands_before_it() {
        for (needle, name) in SIGNATURES {
            // the starts of others, right up to it, and where two parts meet
            for before in [&b""[..], b"P", b"<", b"<xXRaPh", &[0x5A; 5_000]] {
                let hidden = [before, needle, &[7; 100]].concat();
                assert!(signatures(&hidden).contains(name), "{before:?}");
                let torn = &hidden[..before.len() + needle.len() - 1];
                assert!(signatures(torn).is_empty());
            }
        }
    }

    #[test]
    fn a_signature_is_found_wherever_the_stretches_of_a_search_meet() {
        for (needle, name) in SIGNATURES {
            for before in 0..2 * STRETCH {
                let hidden = [&vec![7; before], needle, &[7; 4 * STRETCH]].concat();
                let mut sweep = Sweep::of(&hidden);
                // in steps, and going back changes nothing
                for to in [before / 2, before + 3, before, before + 2 * STRETCH] {
                    sweep.search(to);
                }
                assert!(sweep.found.contains(name), "{before}");
                let torn = &hidden[..before + needle.len() - 1];
                assert!(signatures(torn).is_empty(), "{before}");
            }
        }
    }

    #[test]
    fn what_stands_behind_the_part_that_is_searched_is_not_found() {
        for (needle, _) in SIGNATURES {
            for before in 0..2 * STRETCH {
                let data = [&vec![b'a'; before], needle, &[7; 4 * STRETCH]].concat();
                let mut sweep = Sweep::of(&data);
                sweep.search(before + needle.len() - 1);
                assert!(sweep.found.is_empty(), "{before}");
            }
        }
    }

    #[test]
    fn what_was_looked_at_before_changes_no_answer() {
        let lengths = (0..3 * STRETCH).chain((0..3 * PIECE).step_by(997));
        for before in lengths {
            let data = [
                &[0xFF, 0, 7, 0xFF, 0xD3].repeat(3 * PIECE)[..before],
                b".",
                b"\xFF\xD9",
                &[9; 2 * STRETCH],
            ];
            let data = data.concat();
            for steps in [1, STRETCH, PIECE - 1, 2 * PIECE] {
                let mut sweep = Sweep::of(&data);
                for to in (0..before).step_by(steps) {
                    sweep.look(0..to);
                }
                assert_eq!(sweep.scan_end(0), Some(before + 1), "{before} {steps}");
            }
        }
    }

    #[test]
    fn an_end_that_was_passed_by_is_found_all_the_same() {
        let data = [&[1; 700][..], &[0xFF, 0xD9], &[1; 900]].concat();
        let mut sweep = Sweep::of(&data);
        for to in [300, 900, 1_500] {
            sweep.look(0..to);
        }
        assert_eq!(sweep.scan_end(0), Some(700));
        assert_eq!(sweep.scan_end(5), Some(700));
        assert_eq!(sweep.scan_end(701), None);
    }

    #[test]
    fn what_was_seen_of_other_bytes_counts_for_nothing() {
        let data = [&[1; 700][..], &[0xFF, 0xD9]].concat();
        let mut sweep = Sweep::of(&data);
        sweep.look(0..600);
        assert!(sweep.over(&data.clone()).is_none());
        let mut sweep = Sweep::of(&data);
        sweep.look(0..600);
        assert!(sweep.over(&data[..500]).is_none());
        let mut sweep = Sweep::of(&data);
        sweep.look(0..600);
        assert!(sweep.over(&data[..702]).is_some());
    }
}
