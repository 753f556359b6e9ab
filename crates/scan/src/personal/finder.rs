//! Which literals of a list stand in a text: one machine reads the text once, whatever the length of the list.
//!
//! Besides the bytes it reads an edge wherever a word opens or closes, so that a literal that is a word is met only where
//! the word stands whole. Words are runs of ASCII letters and digits here.

use aho_corasick::{
    Anchored,
    automaton::{Automaton, StateID},
    nfa::contiguous::NFA,
};

use crate::lexicon::literals::Literal;

/// Where a word opens or closes; no byte of a text.
const EDGE: u8 = 0xFF;

/// The machine.
pub(super) struct Finder {
    machine: NFA,
    start: StateID,
}

impl Finder {
    /// Takes literals over, of which none may be blank; `None` where they take too much memory together.
    pub(super) fn new<'l>(literals: impl Iterator<Item = &'l Literal>) -> Option<Self> {
        let machine = NFA::builder()
            .prefilter(false)
            .build(literals.map(edged))
            .ok()?;
        let start = machine.start_state(Anchored::No).ok()?;
        Some(Self { machine, start })
    }

    /// Calls `found` with the number of each literal that stands in the text, and with where it ends. Spaces around a
    /// literal are found as edges, and a literal that asks for an edge beside a sign is found without.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        let machine = &self.machine;
        let mut state = self.start;
        let mut step = |byte, end| {
            state = machine.next_state(Anchored::No, state, byte);
            if machine.is_match(state) {
                for nth in 0..machine.match_len(state) {
                    found(machine.match_pattern(state, nth).as_usize(), end);
                }
            }
        };
        if read(text.as_bytes(), false, &mut step) {
            step(EDGE, text.len());
        }
    }
}

/// The literal as the machine reads it.
fn edged(literal: &Literal) -> Vec<u8> {
    let bytes = literal.bytes.trim_ascii_start();
    let starts = literal.starts || bytes.len() < literal.bytes.len();
    let trimmed = bytes.trim_ascii_end();
    let ends = literal.ends || trimmed.len() < bytes.len();
    let opens_inside = !starts && trimmed.first().is_some_and(u8::is_ascii_alphanumeric);
    let mut read_as = Vec::with_capacity(trimmed.len() + 2);
    let inside = read(trimmed, opens_inside, |byte, _| read_as.push(byte));
    if ends && inside {
        read_as.push(EDGE);
    }
    read_as
}

/// Reads bytes and edges, each with where what has been read ends; one space between two words is read as an edge and nothing
/// else. `inside` says whether a word goes on where the text opens; returns whether one is open where it ends.
fn read(text: &[u8], mut inside: bool, mut step: impl FnMut(u8, usize)) -> bool {
    for (at, byte) in text.iter().enumerate() {
        let letter = byte.is_ascii_alphanumeric();
        if letter != inside {
            step(EDGE, at);
            let between = *byte == b' ' && text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
            if between {
                continue;
            }
            inside = letter;
        }
        step(*byte, at + 1);
    }
    inside
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
        let finder = Finder::new(literals.iter()).unwrap();
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
}
