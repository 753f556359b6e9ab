//! A pattern walked over a text, step by step, from one place.
//!
//! An automaton is fastest while it is warm. Of a thousand patterns, each of which reads a few words now and then, none is:
//! what it keeps lies far away, and waiting for that takes longer than the search. A walk needs a few steps and little memory.
//! It finds what the automaton would find, and where it would take many steps it gives up: that is the automaton's work.

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// Most steps of a pattern; a longer one would be no nearer than its automaton.
const MOST_STEPS: usize = 4_000;

/// Most letters that a match can begin with for it to be tried where one of them stands.
const MOST_OPENINGS: usize = 20;

/// Bytes, one bit each.
type Set = [u64; 4];

/// One step of a pattern. What matches is followed by the next step if nothing else is said.
#[derive(Clone, Copy)]
enum Step {
    /// These letters.
    Letters {
        start: u32,
        end: u32,
    },
    /// A byte of the set.
    One(u32),
    /// As many bytes of the set as there are: the step behind it begins with none of them.
    All(u32),
    /// The first step, and where that leads nowhere the second; the first begins with a byte of the set, where there is one.
    Either {
        one: u32,
        other: u32,
        set: Option<u32>,
    },
    /// These branches in turn; where the set of all bytes that one begins with is known, they are sorted by that byte, and
    /// only those that begin here are tried.
    Branches {
        start: u32,
        end: u32,
        sorted: Option<u32>,
    },
    /// Goes on there.
    Go(u32),
    /// Nothing stands before, or behind.
    Start,
    End,
    /// No letter stands before, or behind.
    WordStart,
    WordEnd,
    /// The pattern matches.
    Done,
}

/// One of several branches, once for each byte that it can begin with where those are known of all.
#[derive(Clone, Copy)]
struct Branch {
    first: u8,
    step: u32,
}

/// A pattern as steps.
pub(super) struct Walk {
    steps: Vec<Step>,
    letters: Vec<u8>,
    sets: Vec<Set>,
    branches: Vec<Branch>,
    /// The bytes that a match can begin with behind the start of a text, where that is known.
    opens: Option<Set>,
}

/// Where to go on when a way leads nowhere: at a step, or at one of its branches.
pub(super) struct Later {
    step: u32,
    branch: Option<u32>,
    at: usize,
}

/// The walk takes too many steps.
pub(super) struct TooFar;

impl Walk {
    /// The steps of a pattern of whole words; `None` where it is too long or has something that no walk knows.
    pub(super) fn of(shape: &Hir) -> Option<Self> {
        shape
            .properties()
            .minimum_len()
            .filter(|least| *least > 0)?;
        let mut walk = Self {
            steps: Vec::new(),
            letters: Vec::new(),
            sets: Vec::new(),
            branches: Vec::new(),
            opens: firsts(shape, true),
        };
        walk.add(shape, None)?;
        walk.steps.push(Step::WordEnd);
        walk.steps.push(Step::Done);
        Some(walk)
    }

    /// Whether a match can begin with few bytes only: it need not be tried at every word.
    pub(super) fn is_choosy(&self) -> bool {
        let letters = |set: Set| (b'a'..=b'z').filter(|byte| has(&set, *byte)).count();
        self.opens.is_some_and(|set| letters(set) <= MOST_OPENINGS)
    }

    /// Whether a match may begin at this place, where a word may open.
    pub(super) fn may_open(&self, text: &[u8], at: usize) -> bool {
        let byte = text.get(at).copied();
        let opens = |set: &Set| byte.is_some_and(|byte| has(set, byte));
        at == 0 || self.opens.as_ref().is_none_or(opens)
    }

    fn next(&self) -> Option<u32> {
        let next = u32::try_from(self.steps.len()).ok()?;
        (self.steps.len() < MOST_STEPS).then_some(next)
    }

    fn put(&mut self, step: Step) -> Option<()> {
        self.next()?;
        self.steps.push(step);
        Some(())
    }

    fn set(&mut self, set: Set) -> Option<u32> {
        let known = self.sets.iter().position(|known| *known == set);
        let at = known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        });
        u32::try_from(at).ok()
    }

    /// Adds the steps of a part; `behind` are the bytes that what follows can begin with, where that is known.
    fn add(&mut self, part: &Hir, behind: Option<Set>) -> Option<()> {
        match part.kind() {
            HirKind::Empty => Some(()),
            HirKind::Literal(literal) => {
                let start = u32::try_from(self.letters.len()).ok()?;
                self.letters.extend_from_slice(&literal.0);
                let end = u32::try_from(self.letters.len()).ok()?;
                self.put(Step::Letters { start, end })
            }
            HirKind::Class(class) => {
                let set = self.set(bytes_of(class)?)?;
                self.put(Step::One(set))
            }
            HirKind::Look(look) => self.put(match look {
                Look::Start => Step::Start,
                Look::End => Step::End,
                Look::WordStartHalfAscii => Step::WordStart,
                Look::WordEndHalfAscii => Step::WordEnd,
                _ => return None,
            }),
            HirKind::Capture(capture) => self.add(&capture.sub, behind),
            HirKind::Concat(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let behind = match parts.get(at + 1) {
                        Some(next) => firsts(next, false),
                        None => behind,
                    };
                    self.add(part, behind)?;
                }
                Some(())
            }
            HirKind::Alternation(branches) => self.add_branches(branches, behind),
            HirKind::Repetition(again) => self.add_again(again, behind),
        }
    }

    fn add_branches(&mut self, branches: &[Hir], behind: Option<Set>) -> Option<()> {
        let known: Option<Vec<Set>> = branches.iter().map(|one| firsts(one, false)).collect();
        let at = self.next()?;
        self.put(Step::Done)?;
        let (mut entries, mut ends) = (Vec::new(), Vec::new());
        for (number, branch) in branches.iter().enumerate() {
            let step = self.next()?;
            match &known {
                Some(sets) => {
                    let firsts = (0..=u8::MAX).filter(|byte| has(&sets[number], *byte));
                    entries.extend(firsts.map(|first| Branch { first, step }));
                }
                None => entries.push(Branch { first: 0, step }),
            }
            self.add(branch, behind)?;
            ends.push(self.steps.len());
            self.put(Step::Go(0))?;
        }
        let behind = self.next()?;
        for end in ends {
            self.steps[end] = Step::Go(behind);
        }
        let sorted = match known {
            Some(sets) => Some(self.set(sets.into_iter().fold([0; 4], united))?),
            None => None,
        };
        // in their order among those that begin alike
        entries.sort_by_key(|branch| branch.first);
        let start = u32::try_from(self.branches.len()).ok()?;
        self.branches.append(&mut entries);
        self.steps[at as usize] = Step::Branches {
            start,
            end: u32::try_from(self.branches.len()).ok()?,
            sorted,
        };
        Some(())
    }

    fn add_again(&mut self, again: &Repetition, behind: Option<Set>) -> Option<()> {
        let (sub, min) = (&again.sub, again.min);
        let empty = sub.properties().minimum_len() == Some(0);
        // a round that may be of nothing has rules of its own
        if empty && again.max != Some(1) {
            return None;
        }
        let round = match (firsts(sub, false), behind) {
            (Some(sub), Some(behind)) => Some(united(sub, behind)),
            _ => None,
        };
        for _ in 0..min {
            self.add(sub, round)?;
        }
        let set = match firsts(sub, false) {
            Some(set) if again.greedy => Some(self.set(set)?),
            _ => None,
        };
        let Some(max) = again.max else {
            let apart = |set| behind.is_some_and(|behind| apart(set, behind));
            if let (Some(set), true) = (one_byte(sub).filter(|set| apart(*set)), again.greedy) {
                let set = self.set(set)?;
                return self.put(Step::All(set));
            }
            let start = self.next()?;
            self.put(Step::Done)?;
            self.add(sub, round)?;
            self.put(Step::Go(start))?;
            self.steps[start as usize] = either(again.greedy, set, (start + 1, self.next()?));
            return Some(());
        };
        let mut starts = Vec::new();
        for _ in min..max {
            starts.push(self.next()?);
            self.put(Step::Done)?;
            self.add(sub, round)?;
        }
        let end = self.next()?;
        for start in starts {
            self.steps[start as usize] = either(again.greedy, set, (start + 1, end));
        }
        Some(())
    }

    /// Where the first match that begins at `from` ends: the one that the alternatives written first lead to. Takes no more
    /// than `left` steps.
    ///
    /// # Errors
    /// It takes more.
    pub(super) fn end(
        &self,
        text: &[u8],
        from: usize,
        left: &mut u32,
        later: &mut Vec<Later>,
    ) -> Result<Option<usize>, TooFar> {
        later.clear();
        let (mut step, mut at, mut branch) = (0_u32, from, None);
        loop {
            *left = left.checked_sub(1).ok_or(TooFar)?;
            let next = step + 1;
            let byte = text.get(at).copied();
            let has_byte = |set: &u32| {
                let set = self.sets.get(*set as usize);
                byte.zip(set).is_some_and(|(byte, set)| has(set, byte))
            };
            let goes_on = match self.steps.get(step as usize).ok_or(TooFar)? {
                Step::Letters { start, end } => {
                    let letters = self.letters.get(*start as usize..*end as usize);
                    let letters = letters.unwrap_or_default();
                    let end = at + letters.len();
                    let there = text.get(at..end).unwrap_or_default();
                    let same = there.len() == letters.len() && there.iter().eq(letters);
                    same.then_some((next, end))
                }
                Step::One(set) => has_byte(set).then_some((next, at + 1)),
                Step::All(set) => {
                    let set = self.sets.get(*set as usize).ok_or(TooFar)?;
                    let run = text.get(at..).unwrap_or_default().iter();
                    Some((next, at + run.take_while(|byte| has(set, **byte)).count()))
                }
                Step::Either { one, other, set } => {
                    if set.as_ref().is_none_or(has_byte) {
                        let (step, branch) = (*other, None);
                        later.push(Later { step, branch, at });
                        Some((*one, at))
                    } else {
                        Some((*other, at))
                    }
                }
                Step::Branches {
                    sorted: Some(set), ..
                } if !has_byte(set) => None,
                Step::Branches { start, end, sorted } => {
                    let all = self.branches.get(..*end as usize).ok_or(TooFar)?;
                    let begins = |branch: &&Branch| sorted.is_none() || Some(branch.first) == byte;
                    let first = branch.unwrap_or_else(|| {
                        let own = all.get(*start as usize..).unwrap_or_default();
                        let before = |branch: &Branch| byte.is_some_and(|byte| branch.first < byte);
                        match sorted {
                            Some(_) => start + own.partition_point(before) as u32,
                            None => *start,
                        }
                    });
                    let mut rest = all.get(first as usize..).unwrap_or_default().iter();
                    let found = rest.next().filter(begins);
                    if found.is_some() && rest.next().filter(begins).is_some() {
                        let branch = Some(first + 1);
                        later.push(Later { step, branch, at });
                    }
                    found.map(|branch| (branch.step, at))
                }
                Step::Go(there) => Some((*there, at)),
                Step::Start => (at == 0).then_some((next, at)),
                Step::End => (at == text.len()).then_some((next, at)),
                Step::WordStart => {
                    let before = at.checked_sub(1).and_then(|before| text.get(before));
                    (!before.is_some_and(|byte| in_word(*byte))).then_some((next, at))
                }
                Step::WordEnd => (!byte.is_some_and(in_word)).then_some((next, at)),
                Step::Done => return Ok(Some(at)),
            };
            (step, branch, at) = match (goes_on, &mut *later) {
                (Some((step, at)), _) => (step, None, at),
                (None, later) => match later.pop() {
                    Some(Later { step, branch, at }) => (step, branch, at),
                    None => return Ok(None),
                },
            };
        }
    }
}

/// What a pattern's word boundary takes for a letter.
const fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn either(greedy: bool, set: Option<u32>, (round, end): (u32, u32)) -> Step {
    let (one, other) = match greedy {
        true => (round, end),
        false => (end, round),
    };
    Step::Either { one, other, set }
}

const fn has(set: &Set, byte: u8) -> bool {
    set[byte as usize / 64] >> (byte % 64) & 1 == 1
}

fn united(one: Set, other: Set) -> Set {
    std::array::from_fn(|at| one[at] | other[at])
}

fn apart(one: Set, other: Set) -> bool {
    one.iter().zip(other).all(|(one, other)| one & other == 0)
}

fn bytes_of(class: &Class) -> Option<Set> {
    let Class::Bytes(class) = class else {
        return None;
    };
    let mut set = [0; 4];
    for byte in class.iter().flat_map(|range| range.start()..=range.end()) {
        set[byte as usize / 64] |= 1 << (byte % 64);
    }
    Some(set)
}

/// The bytes of a part that is always one byte.
fn one_byte(part: &Hir) -> Option<Set> {
    match part.kind() {
        HirKind::Class(class) => bytes_of(class),
        HirKind::Literal(literal) if literal.0.len() == 1 => firsts(part, false),
        _ => None,
    }
}

/// The bytes that every match of a part begins with one of, or every one that is not at the start of the text where
/// `inside`; `None` where that is not known.
fn firsts(part: &Hir, inside: bool) -> Option<Set> {
    match part.kind() {
        HirKind::Literal(literal) => {
            let first = *literal.0.first()?;
            let mut set = [0; 4];
            set[first as usize / 64] |= 1 << (first % 64);
            Some(set)
        }
        HirKind::Class(class) => bytes_of(class),
        HirKind::Capture(capture) => firsts(&capture.sub, inside),
        HirKind::Repetition(again) if again.min > 0 => firsts(&again.sub, inside),
        HirKind::Concat(parts) => {
            let mut all = [0; 4];
            for part in parts {
                // what may be left out is followed by the next part
                let optional = match part.kind() {
                    HirKind::Repetition(again) if again.min == 0 => Some(&again.sub),
                    _ => None,
                };
                all = united(all, firsts(optional.map_or(part, |sub| sub), inside)?);
                if optional.is_none() {
                    return Some(all);
                }
            }
            None
        }
        HirKind::Alternation(branches) => branches.iter().try_fold([0; 4], |all, branch| {
            Some(united(all, firsts(branch, inside)?))
        }),
        HirKind::Look(Look::Start) if inside => Some([0; 4]),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use regex::bytes::RegexBuilder;

    use super::*;
    use crate::lexicon::literals::parse;

    const PATTERNS: &[&str] = &[
        "(?:stab|stabs|hurt) (?:you|him)|me",
        "(?:[^ .?][^ ]* ){0,3}(?:cut|cuts) (?:me|her)",
        "(?:a|ab|abc)(?:c|bcd)?d?",
        "(?:very ){1,2}?(?:big )+cats?",
        "[a-z]+ [a-z]*(?:ing|ed)",
        "(?:\\A|[.?] )(?:so |and )*what",
        "would(?: you)? ?\\z",
        "a[a-c]{1,3}c",
        "(?:no ?one|not [^ ]+ {0,1}one)",
    ];

    const WORDS: &[&str] = &[
        "stab", "you", "him", "hurt", "me", "cut", "cuts", "her", "ab", "abc", "abcd", "abccd",
        "very", "big", "cat", "cats", "a", ".", "?", "so", "and", "what", "would", "noone", "no",
        "one", "not", "£5", "café", "going", "aabbc", "😀",
    ];

    proptest::proptest! {
        #[test]
        fn a_walk_ends_where_the_automaton_does(picked in proptest::collection::vec(0..WORDS.len(), 0..9)) {
            let text = picked.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" ");
            for pattern in PATTERNS {
                let walk = Walk::of(&parse(pattern).unwrap()).unwrap();
                let whole = format!("(?-u:\\b{{start-half}})(?:{pattern})(?-u:\\b{{end-half}})");
                let regex = RegexBuilder::new(&whole).unicode(false).build().unwrap();
                let mut later = Vec::new();
                let found = (0..text.len()).find_map(|at| {
                    let before = at.checked_sub(1).map(|before| text.as_bytes()[before]);
                    if before.is_some_and(in_word) || !walk.may_open(text.as_bytes(), at) {
                        return None;
                    }
                    let end = walk.end(text.as_bytes(), at, &mut 10_000, &mut later).ok()??;
                    Some(at..end)
                });
                let expected = regex.find(text.as_bytes()).map(|found| found.range());
                proptest::prop_assert_eq!(found, expected, "{} in {}", pattern, text);
            }
        }
    }

    #[test]
    fn a_walk_that_leads_nowhere_for_long_is_given_up() {
        let walk = Walk::of(&parse("(?:a+ ?a+ ?){1,9}b").unwrap()).unwrap();
        let end = walk.end(b"aaaaaaaaaaaaaaaaaaaaaaaac", 0, &mut 1_000, &mut Vec::new());
        assert!(end.is_err());
    }
}
