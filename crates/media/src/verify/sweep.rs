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
const PIECE: usize = 8 * STRETCH;
/// Bytes that are looked through for markers at once.
const STRETCH: usize = 64;
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
            && first_end(self.bytes, last.end..to).is_none()
        {
            last.end = last.end.max(to);
        }
        self.search(to);
    }

    /// The same for a copy that is the beginning of these very bytes. What was seen in others, even equal ones, counts for
    /// nothing.
    pub(super) fn over(mut self, copy: &'a [u8]) -> Option<Self> {
        let begins = self.bytes.get(..copy.len());
        let is_it = begins.is_some_and(|bytes| std::ptr::eq(bytes, copy));
        let fits = |part: &Range<usize>| part.end <= copy.len();
        if !is_it || self.searched > copy.len() || !self.endless.iter().all(fits) {
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

    /// Searches for signatures up to here, as far as that has not been done.
    fn search(&mut self, to: usize) {
        if to > self.searched {
            // one may have begun in the piece before
            let from = self.searched.saturating_sub(SEAM);
            find(&self.bytes[from..to], &mut self.found);
            self.searched = to;
        }
    }

    /// The signatures that stand in the bytes and what comes before them.
    pub(super) fn signatures(mut self, head: &[u8]) -> BTreeSet<&'static str> {
        self.search(self.bytes.len());
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
    let is_end = |at: &usize| {
        let pair = bytes.get(*at..*at + 2);
        matches!(pair, Some([0xFF, 0xC0..=0xCF | 0xD8..=0xEF | 0xFE]))
    };
    let these = bytes.get(part.clone())?.as_chunks::<STRETCH>().0;
    let nexts = bytes.get(part.start + 1..)?.as_chunks::<STRETCH>().0;
    let mut whole = 0;
    for (these, nexts) in these.iter().zip(nexts) {
        let from = part.start + whole;
        if may_end(these, nexts)
            && let Some(end) = (from..from + STRETCH).find(is_end)
        {
            return Some(end);
        }
        whole += STRETCH;
    }
    (part.start + whole..part.end).find(is_end)
}

/// Tells whether a marker can be among these bytes, each with the one behind it, without a branch for each: there are
/// megabytes to read.
fn may_end(these: &[u8; STRETCH], nexts: &[u8; STRETCH]) -> bool {
    let pairs = these.iter().zip(nexts);
    pairs.fold(false, |any, (this, next)| {
        any | (*this == 0xFF) & (*next != 0)
    })
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
    fn a_signature_is_found_across_the_pieces_of_a_search() {
        for (needle, name) in SIGNATURES {
            let hidden = [&[7; 50], needle, &[7; 50]].concat();
            for rest in 0..hidden.len() {
                let mut sweep = Sweep::of(&hidden);
                // going back changes nothing
                for to in [0, rest.saturating_sub(3), rest, rest.saturating_sub(1)] {
                    sweep.search(to);
                }
                assert!(sweep.signatures(&[]).contains(name), "{rest}");
            }
        }
    }

    #[test]
    fn what_was_looked_at_before_changes_no_answer() {
        for before in 0..3 * PIECE {
            let data = [
                &[0xFF, 0, 7, 0xFF, 0xD3].repeat(400)[..before],
                b".",
                b"\xFF\xD9",
                &[9; 90],
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
