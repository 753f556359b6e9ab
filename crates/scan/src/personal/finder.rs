//! Which literals of a list stand in a text: one machine reads the text once, whatever the length of the list.
//!
//! Besides the bytes it reads an edge wherever a word opens or closes, so that a literal that is a word is met only where
//! the word stands whole. Words are runs of ASCII letters and digits here.

use std::{collections::VecDeque, ops::Range};

use crate::lexicon::literals::Literal;

/// Where a word opens or closes; no byte of a text.
const EDGE: u8 = 0xFF;

/// Which bytes are ASCII letters and digits.
const LETTERS: [bool; 256] = {
    let mut letters = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        letters[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    letters
};

/// Where nothing has been read that a literal opens with.
const ROOT: u32 = 0;

/// What lies before a place that no state has.
const NOBODY: u32 = u32::MAX;

/// How many places are tried for what goes on in several ways, before it is put behind all others.
const MOST_TRIED: usize = 64;

/// What has been read: the longest end of it that a literal opens with.
#[derive(Clone, Copy)]
struct State {
    /// Where the states lie that go on from here, each as far behind as the number of its byte says.
    base: u32,
    /// The state that this one goes on from.
    before: u32,
    /// The longest end of this one that is a state, too.
    shorter: u32,
    /// One more than the first find that ends here; 0 = none.
    found: u32,
}

/// A place that no state has.
const FREE: State = State {
    base: 0,
    before: NOBODY,
    shorter: ROOT,
    found: 0,
};

/// A literal that ends with a state, and one more than the next find; 0 = none.
struct Find {
    literal: u32,
    next: u32,
}

/// The machine. The states lie in one list, so that a byte that goes on is one look into it.
pub(super) struct Finder {
    /// The number of each byte; 0 where no literal has it.
    numbers: [u8; 256],
    states: Vec<State>,
    finds: Vec<Find>,
}

impl Finder {
    /// Takes literals over, of which none may be blank.
    pub(super) fn new<'l>(literals: impl Iterator<Item = &'l Literal>) -> Self {
        let mut numbers = [0; 256];
        let mut most = 0;
        let mut list: Vec<(Vec<u8>, u32)> = literals.map(edged).zip(0..).collect();
        for byte in list.iter_mut().flat_map(|(bytes, _)| bytes) {
            let number = &mut numbers[usize::from(*byte)];
            if *number == 0 {
                most += 1;
                *number = most;
            }
            *byte = *number;
        }
        list.sort_unstable();
        let mut places = Places::new(most);
        let finds = places.lay_out(&list);
        Self {
            numbers,
            states: places.states,
            finds,
        }
    }

    /// Calls `found` with the number of each literal that stands in the text, and with where it ends. Spaces around a
    /// literal are found as edges, and a literal that asks for an edge beside a sign is found without.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        let mut here = (ROOT, self.states[ROOT as usize]);
        read(text.as_bytes(), false, true, |byte, end| {
            here = next(&self.states, here, self.numbers[usize::from(byte)]);
            let mut at = here.1.found;
            while let Some(find) = self.finds.get((at as usize).wrapping_sub(1)) {
                found(find.literal as usize, end);
                at = find.next;
            }
        });
    }
}

/// The state after one byte more, and its place.
fn next(states: &[State], (mut from, mut state): (u32, State), number: u8) -> (u32, State) {
    loop {
        let place = state.base + u32::from(number);
        let next = states[place as usize];
        if next.before == from {
            return (place, next);
        }
        if from == ROOT {
            return (ROOT, state);
        }
        from = state.shorter;
        state = states[from as usize];
    }
}

/// The states while they are put in their places.
struct Places {
    states: Vec<State>,
    /// For each place the same or a later one, behind which the next free place is looked for.
    skips: Vec<u32>,
    /// The highest number of a byte.
    most: u8,
    /// Where a place for several is looked for.
    roomy: u32,
}

impl Places {
    fn new(most: u8) -> Self {
        let mut places = Self {
            states: Vec::new(),
            skips: Vec::new(),
            most,
            roomy: ROOT + 1,
        };
        places.reach(ROOT);
        places
    }

    /// Makes every place there that a state may ask for whose base this is.
    fn reach(&mut self, base: u32) {
        let size = base as usize + usize::from(self.most) + 1;
        if self.states.len() < size {
            self.states.resize(size, FREE);
            let known = number(self.skips.len());
            self.skips.extend(known..number(size));
        }
    }

    /// Puts the states of all literals, which are in order, in their places: the shorter ones before the longer ones.
    fn lay_out(&mut self, literals: &[(Vec<u8>, u32)]) -> Vec<Find> {
        let mut finds = Vec::with_capacity(literals.len());
        let mut left = VecDeque::from([(ROOT, 0..literals.len(), 0)]);
        while let Some((state, range, depth)) = left.pop_front() {
            let mut ways = ways(literals, range, depth);
            let Some(base) = self.base_for(&ways) else {
                continue;
            };
            self.states[state as usize].base = base;
            for (byte, range) in ways.drain(..) {
                let shorter = self.states[state as usize].shorter;
                let (shorter, end) = match state {
                    ROOT => (ROOT, FREE),
                    _ => next(&self.states, (shorter, self.states[shorter as usize]), byte),
                };
                let mut found = end.found;
                for (bytes, literal) in &literals[range.clone()] {
                    if bytes.len() > depth + 1 {
                        break;
                    }
                    finds.push(Find {
                        literal: *literal,
                        next: found,
                    });
                    found = number(finds.len());
                }
                let place = base + u32::from(byte);
                self.states[place as usize] = State {
                    base: 0,
                    before: state,
                    shorter,
                    found,
                };
                self.skips[place as usize] = place + 1;
                left.push_back((place, range, depth + 1));
            }
        }
        finds
    }

    /// A base with free places for all these bytes.
    fn base_for(&mut self, ways: &[(u8, Range<usize>)]) -> Option<u32> {
        let first = u32::from(ways.first()?.0);
        let several = ways.len() > 1;
        let mut place = if several { self.roomy } else { ROOT + 1 }.max(first);
        for _ in 0..MOST_TRIED {
            place = self.free(place);
            let base = place - first;
            self.reach(base);
            let is_free = |(byte, _): &(u8, Range<usize>)| {
                self.states[base as usize + usize::from(*byte)].before == NOBODY
            };
            if ways.iter().all(is_free) {
                return Some(base);
            }
            place += 1;
            self.roomy = place;
        }
        let base = number(self.states.len());
        self.reach(base);
        Some(base)
    }

    /// The first free place there or behind.
    fn free(&mut self, from: u32) -> u32 {
        let mut place = from;
        while let Some(skip) = self.skips.get(place as usize).copied()
            && skip != place
        {
            // every other place on the way skips further the next time
            let further = self.skips.get(skip as usize).copied().unwrap_or(skip);
            self.skips[place as usize] = further;
            place = skip;
        }
        place
    }
}

/// The bytes that go on behind so many that literals share, and the literals that have each of them there.
fn ways(literals: &[(Vec<u8>, u32)], range: Range<usize>, depth: usize) -> Vec<(u8, Range<usize>)> {
    let mut ways: Vec<(u8, Range<usize>)> = Vec::new();
    for at in range {
        let Some(byte) = literals[at].0.get(depth) else {
            continue;
        };
        match ways.last_mut() {
            Some((last, range)) if last == byte => range.end = at + 1,
            _ => ways.push((*byte, at..at + 1)),
        }
    }
    ways
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The literal as the machine reads it.
fn edged(literal: &Literal) -> Vec<u8> {
    let bytes = literal.bytes.trim_ascii_start();
    let starts = literal.starts || bytes.len() < literal.bytes.len();
    let trimmed = bytes.trim_ascii_end();
    let ends = literal.ends || trimmed.len() < bytes.len();
    let opens_inside = !starts && trimmed.first().is_some_and(u8::is_ascii_alphanumeric);
    let mut read_as = Vec::with_capacity(trimmed.len() + 2);
    read(trimmed, opens_inside, ends, |byte, _| read_as.push(byte));
    read_as
}

/// Reads bytes and edges, each with where what has been read ends; one space between two words is read as an edge and nothing
/// else. `inside` says whether a word goes on where the text opens, `closes` whether one that is open at its end closes there.
fn read(text: &[u8], mut inside: bool, closes: bool, mut step: impl FnMut(u8, usize)) {
    let is_letter = |at| (text.get(at)).is_some_and(|byte| LETTERS[usize::from(*byte)]);
    let mut at = 0;
    loop {
        let letter = is_letter(at);
        let (byte, end) = match text.get(at) {
            byte if letter != inside && (closes || byte.is_some()) => {
                let end = at;
                if byte == Some(&b' ') && is_letter(at + 1) {
                    at += 1;
                } else {
                    inside = letter;
                }
                (EDGE, end)
            }
            Some(byte) => {
                at += 1;
                (*byte, at)
            }
            None => return,
        };
        step(byte, end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_found_where_they_stand_between_their_edges() {
        let list = [
            "|cold|",
            "|cold",
            "cold|",
            "cold",
            "|a cold|",
            "|a  cold|",
            "'s cold",
            "|£5",
            " ill ",
            "%",
        ];
        let literals = list.map(|written| Literal {
            starts: written.starts_with('|'),
            ends: written.ends_with('|'),
            bytes: written.trim_matches('|').as_bytes().to_vec(),
        });
        let finder = Finder::new(literals.iter());
        let found = |text: &str| {
            let mut found = Vec::new();
            finder.find(text, |number, end| found.push((list[number], end)));
            found.sort_unstable();
            found
        };
        let all = [
            ("cold", 6),
            ("cold|", 6),
            ("|a cold|", 6),
            ("|cold", 6),
            ("|cold|", 6),
        ];
        assert_eq!(found("a cold"), all);
        assert_eq!(found("a cold. "), all);
        assert_eq!(found("scolds"), [("cold", 5)]);
        assert_eq!(found("coldly"), [("cold", 4), ("|cold", 4)]);
        assert_eq!(found("écold")[..2], [("cold", 6), ("cold|", 6)]);
        assert!(found("a  cold").contains(&("|a  cold|", 7)));
        assert!(!found("a  cold").contains(&("|a cold|", 7)));
        assert!(!found("a\ncold").contains(&("|a cold|", 6)));
        assert!(found("she's cold").contains(&("'s cold", 10)));
        assert_eq!(found("x£5"), [("|£5", 4)]);
        assert_eq!(found("so ill off"), [(" ill ", 6)]);
        assert_eq!(found("ill"), [(" ill ", 3)]);
        assert_eq!(found("stills 5 %"), [("%", 10)]);
        assert!(found("").is_empty());
    }

    #[test]
    fn every_place_of_every_literal_is_found_and_no_other() {
        let letters = [b"a", b"b", b".", b" "];
        let longer = |words: &[Vec<u8>]| -> Vec<Vec<u8>> {
            let added = |word: &Vec<u8>| letters.map(|letter| [word, &letter[..]].concat());
            words.iter().flat_map(added).collect()
        };
        let two = longer(&longer(&[Vec::new()]));
        let list: Vec<Literal> = [two.clone(), longer(&two)]
            .concat()
            .into_iter()
            .filter(|bytes| !bytes.starts_with(b" ") && !bytes.ends_with(b" "))
            .map(|bytes| Literal {
                bytes,
                starts: false,
                ends: false,
            })
            .collect();
        let finder = Finder::new(list.iter());
        for text in longer(&longer(&longer(&two))) {
            let text = String::from_utf8(text).unwrap();
            let mut found = Vec::new();
            finder.find(&text, |number, end| found.push((number, end)));
            found.sort_unstable();
            let mut there: Vec<_> = (list.iter().enumerate())
                .flat_map(|(number, literal)| {
                    let ends = literal.bytes.len()..=text.len();
                    let stands = |end: &usize| text.as_bytes()[..*end].ends_with(&literal.bytes);
                    ends.filter(stands).map(move |end| (number, end))
                })
                .collect();
            there.sort_unstable();
            assert_eq!(found, there, "{text:?}");
        }
    }
}
