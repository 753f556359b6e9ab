//! Risks that are told in parts: words close together in any order, and phrases with a word or two between.
//!
//! The parts are phrases of the pack like any other; here it is only reckoned which of them stand near each other.

use std::collections::HashMap;

use super::{phrases::Meaning, words::Stand};

/// How many words may stand between two parts of a phrase.
const GAP: u32 = 2;
/// How many places of one chain are remembered, whatever the text says.
const MOST_PLACES: usize = 16;
/// How many parts a chain may have.
pub(super) const MOST_PARTS: usize = 8;

/// What is said where all its parts are said.
pub(super) struct Chain {
    pub(super) meaning: Meaning,
    pub(super) parts: u8,
    pub(super) reach: Reach,
}

/// Where the parts must stand.
#[derive(Clone, Copy)]
pub(super) enum Reach {
    /// In any order within so many words.
    Within(u32),
    /// One behind the other, a word or two between.
    InOrder,
}

/// One part of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) chain: u32,
    pub(super) number: u8,
}

/// A place where parts stand.
#[derive(Clone, Copy)]
struct Place {
    stand: Stand,
    parts: u8,
    /// The word with which the parts before this one begin.
    from: u32,
}

/// The parts that were met so far, in the order of their last words. Invariant: at most [`MOST_PLACES`] of each chain.
pub(super) struct Met<'c> {
    chains: &'c [Chain],
    places: HashMap<u32, Vec<Place>>,
}

impl<'c> Met<'c> {
    pub(super) fn with(chains: &'c [Chain]) -> Self {
        Self {
            chains,
            places: HashMap::new(),
        }
    }

    /// Notes a part; answers with what is said, and from which word to which, where it was the last that was missing.
    pub(super) fn part(&mut self, part: Part, stand: Stand) -> Option<(&'c Meaning, u32, u32)> {
        let chain = self.chains.get(part.chain as usize)?;
        let places = self.places.entry(part.chain).or_default();
        let reach = match chain.reach {
            Reach::Within(words) => words.saturating_sub(1),
            Reach::InOrder => GAP + 1,
        };
        places.retain(|place| {
            place.stand.sentence == stand.sentence && place.stand.last + reach >= stand.first
        });
        let from = match chain.reach {
            Reach::Within(_) => near(chain.parts, places, part, stand, reach),
            Reach::InOrder => in_order(chain.parts, places, part, stand),
        }?;
        places.clear();
        Some((&chain.meaning, from, stand.last))
    }
}

/// The first word of the parts, where all of them now stand near each other, in as many places as there are parts.
fn near(parts: u8, places: &mut Vec<Place>, part: Part, stand: Stand, reach: u32) -> Option<u32> {
    let bit = 1 << part.number;
    match places.iter_mut().find(|place| place.stand == stand) {
        Some(place) => place.parts |= bit,
        None => remember(places, stand, bit, stand.first),
    }
    let close = || {
        let near = |place: &&Place| place.stand.first + reach >= stand.last;
        places.iter().filter(near)
    };
    let all = close().fold(0, |all, place| all | place.parts);
    let every = all.count_ones() == u32::from(parts) && close().count() >= usize::from(parts);
    every.then(|| close().map(|place| place.stand.first).min())?
}

/// The first word of the parts, where this is the last and the others stand before it in their order.
fn in_order(parts: u8, places: &mut Vec<Place>, part: Part, stand: Stand) -> Option<u32> {
    let from = match part.number.checked_sub(1) {
        None => stand.first,
        Some(before) => {
            let before =
                |place: &&Place| place.parts == 1 << before && place.stand.end <= stand.start;
            places.iter().rev().find(before)?.from
        }
    };
    if part.number + 1 == parts {
        return Some(from);
    }
    remember(places, stand, 1 << part.number, from);
    None
}

fn remember(places: &mut Vec<Place>, stand: Stand, parts: u8, from: u32) {
    if places.len() == MOST_PLACES {
        places.remove(0);
    }
    places.push(Place { stand, parts, from });
}
