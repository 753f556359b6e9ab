//! Which words a pattern cannot match without: the literals that the prefilter looks for.
//!
//! For every pattern a set of literals is worked out of which each match contains at least one. Running the pattern is
//! left to `compiled`; looking for the literals is the `prefilter`'s work.

use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind, Look},
};

use super::excuses::FUNCTION_WORDS;

/// Most literals that are multiplied out where parts of a pattern stand side by side.
const MOST_PRODUCTS: usize = 96;

/// Most characters of a class that are taken for literals.
const WIDEST_CLASS: usize = 10;

/// Longest literal that is worth building, in bytes.
const LONGEST: usize = 48;

/// Stands for a word boundary in a literal under construction; no plain view has it.
const EDGE: u8 = 1;

/// Words so common in a school's texts that looking for them saves little.
const COMMON: &[&str] = &[
    "being",
    "boy",
    "boys",
    "child",
    "children",
    "class",
    "day",
    "days",
    "else",
    "even",
    "ever",
    "few",
    "girl",
    "girls",
    "give",
    "great",
    "help",
    "ill",
    "keep",
    "kid",
    "kids",
    "know",
    "last",
    "let",
    "like",
    "look",
    "love",
    "made",
    "make",
    "many",
    "may",
    "miss",
    "mr",
    "mrs",
    "mum",
    "much",
    "must",
    "need",
    "next",
    "night",
    "only",
    "other",
    "own",
    "parents",
    "people",
    "please",
    "pupils",
    "put",
    "right",
    "school",
    "see",
    "show",
    "something",
    "son",
    "staff",
    "still",
    "take",
    "teacher",
    "teachers",
    "tell",
    "thank",
    "thanks",
    "thing",
    "think",
    "time",
    "told",
    "tonight",
    "ur",
    "use",
    "way",
    "week",
    "well",
    "work",
    "year",
    "years",
];

/// Something that must stand in a text for a pattern to match.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Literal {
    pub(crate) bytes: Vec<u8>,
    /// No word character stands before it.
    pub(crate) starts: bool,
    /// No word character stands after it.
    pub(crate) ends: bool,
}

/// Literals of which every match of the pattern contains one; `None` where there is no useful set.
pub(crate) fn required(pattern: &str) -> Option<Vec<Literal>> {
    let hir = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .ok()?;
    let mut literals: Vec<Literal> = between_edges(&hir)
        .best()?
        .iter()
        .map(|raw| literal(raw))
        .collect();
    literals.sort_unstable();
    literals.dedup();
    Some(literals)
}

fn literal(raw: &[u8]) -> Literal {
    let starts = raw.first() == Some(&EDGE);
    let ends = raw.last() == Some(&EDGE);
    Literal {
        bytes: raw.iter().copied().filter(|byte| *byte != EDGE).collect(),
        starts,
        ends,
    }
}

/// Reads the alternatives of `\b(?:...|...)\b` one by one, each with the word boundaries around it, which an alternation
/// as a whole would lose.
fn between_edges(hir: &Hir) -> Known {
    let HirKind::Concat(parts) = hir.kind() else {
        return known(hir);
    };
    let [first, middle, last] = parts.as_slice() else {
        return known(hir);
    };
    let middle = match middle.kind() {
        HirKind::Capture(capture) => &capture.sub,
        _ => middle,
    };
    let HirKind::Alternation(branches) = middle.kind() else {
        return known(hir);
    };
    let each: Vec<Hir> = branches
        .iter()
        .map(|branch| Hir::concat(vec![first.clone(), branch.clone(), last.clone()]))
        .collect();
    one_of(&each)
}

/// What is known about the matches of a part of a pattern.
struct Known {
    /// Every match, where they are few.
    exact: Option<Vec<Vec<u8>>>,
    /// A set of which every match contains one.
    contained: Option<Vec<Vec<u8>>>,
}

impl Known {
    const NOTHING: Self = Self {
        exact: None,
        contained: None,
    };

    fn exactly(exact: Vec<Vec<u8>>) -> Self {
        Self {
            exact: Some(exact),
            contained: None,
        }
    }

    /// The rarest set of which every match contains one.
    fn best(self) -> Option<Vec<Vec<u8>>> {
        [self.exact, self.contained]
            .into_iter()
            .flatten()
            .map(|set| (worth(&set), set))
            .filter(|(worth, _)| *worth > 0)
            .max_by_key(|(worth, _)| *worth)
            .map(|(_, set)| set)
    }
}

fn known(hir: &Hir) -> Known {
    match hir.kind() {
        HirKind::Empty => Known::exactly(vec![Vec::new()]),
        HirKind::Literal(literal) => Known::exactly(vec![literal.0.to_vec()]),
        HirKind::Look(Look::WordStartHalfAscii | Look::WordEndHalfAscii) => {
            Known::exactly(vec![vec![EDGE]])
        }
        HirKind::Look(_) => Known::exactly(vec![Vec::new()]),
        HirKind::Class(class) => letters(class).map_or(Known::NOTHING, Known::exactly),
        HirKind::Capture(capture) => known(&capture.sub),
        HirKind::Repetition(repetition) => repeated(repetition),
        HirKind::Alternation(branches) => one_of(branches),
        HirKind::Concat(parts) => in_turn(parts),
    }
}

fn letters(class: &Class) -> Option<Vec<Vec<u8>>> {
    let Class::Bytes(class) = class else {
        return None;
    };
    let mut letters = Vec::new();
    for range in class.ranges() {
        for byte in range.start()..=range.end() {
            if letters.len() >= WIDEST_CLASS {
                return None;
            }
            letters.push(vec![byte]);
        }
    }
    Some(letters)
}

fn repeated(repetition: &regex_syntax::hir::Repetition) -> Known {
    let inner = known(&repetition.sub);
    match (repetition.min, repetition.max) {
        (1, Some(1)) => inner,
        (0, Some(1)) => Known {
            exact: inner.exact.map(|mut exact| {
                exact.push(Vec::new());
                exact
            }),
            contained: None,
        },
        (0, _) => Known::NOTHING,
        _ => Known {
            exact: None,
            contained: inner.best(),
        },
    }
}

fn one_of(branches: &[Hir]) -> Known {
    let mut exact = Some(Vec::new());
    let mut contained = Some(Vec::new());
    for branch in branches {
        let branch = known(branch);
        exact = match (exact, &branch.exact) {
            (Some(mut all), Some(more)) if all.len() + more.len() <= MOST_PRODUCTS => {
                all.extend(more.iter().cloned());
                Some(all)
            }
            _ => None,
        };
        contained = match (contained, branch.best()) {
            (Some(mut all), Some(more)) => {
                all.extend(more);
                Some(all)
            }
            _ => None,
        };
    }
    Known { exact, contained }
}

/// Parts side by side: what stands together is multiplied out as far as it stays small, and the rarest piece wins.
fn in_turn(parts: &[Hir]) -> Known {
    let mut running = vec![Vec::new()];
    let mut whole = true;
    let mut best: Option<(u32, Vec<Vec<u8>>)> = None;
    let mut offer = |set: Vec<Vec<u8>>| {
        let worth = worth(&set);
        if worth > best.as_ref().map_or(0, |(best, _)| *best) {
            best = Some((worth, set));
        }
    };
    for part in parts {
        let part = known(part);
        match &part.exact {
            Some(exact) if fits(&running, exact) => running = product(&running, exact),
            _ => {
                whole = false;
                offer(std::mem::replace(&mut running, vec![Vec::new()]));
                running = part.exact.clone().unwrap_or(running);
            }
        }
        part.contained.into_iter().for_each(&mut offer);
    }
    if whole {
        return Known {
            contained: best.map(|(_, set)| set),
            exact: Some(running),
        };
    }
    offer(running);
    Known {
        exact: None,
        contained: best.map(|(_, set)| set),
    }
}

fn fits(left: &[Vec<u8>], right: &[Vec<u8>]) -> bool {
    let longest = |set: &[Vec<u8>]| set.iter().map(Vec::len).max().unwrap_or(0);
    left.len() * right.len() <= MOST_PRODUCTS && longest(left) + longest(right) <= LONGEST
}

fn product(left: &[Vec<u8>], right: &[Vec<u8>]) -> Vec<Vec<u8>> {
    left.iter()
        .flat_map(|left| right.iter().map(move |right| [&left[..], right].concat()))
        .collect()
}

/// How much looking for the set saves: as much as its commonest literal.
fn worth(set: &[Vec<u8>]) -> u32 {
    set.iter().map(|literal| rarity(literal)).min().unwrap_or(0)
}

/// A guess at how rare a literal is: long words are, function words are not, and neither is a loose letter.
fn rarity(raw: &[u8]) -> u32 {
    let text = String::from_utf8_lossy(raw);
    let starts = raw.first() == Some(&EDGE);
    let ends = raw.last() == Some(&EDGE);
    let bare: String = text.chars().filter(|c| u32::from(*c) != 1).collect();
    let pieces: Vec<&str> = bare.split(' ').collect();
    let last = pieces.len() - 1;
    pieces
        .iter()
        .enumerate()
        .map(|(at, piece)| {
            let whole = (at > 0 || starts) && (at < last || ends);
            let length = u32::try_from(piece.len().min(10)).unwrap_or(0);
            match length {
                0 => 0,
                _ if FUNCTION_WORDS.contains(piece) || COMMON.contains(piece) => 3,
                length if whole => 2 * length + 4,
                1 => 1,
                2 => 2,
                length => 2 * length,
            }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pattern: &str) -> Vec<String> {
        let pattern = format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}");
        required(&pattern)
            .unwrap_or_default()
            .into_iter()
            .map(|literal| {
                let edge = |yes| if yes { "|" } else { "" };
                format!(
                    "{}{}{}",
                    edge(literal.starts),
                    String::from_utf8_lossy(&literal.bytes),
                    edge(literal.ends)
                )
            })
            .collect()
    }

    #[test]
    fn the_rarest_words_of_a_pattern_are_required() {
        assert_eq!(shown("kill (?:him|her)"), ["|kill her|", "|kill him|"]);
        assert_eq!(
            shown("(?:i will|im going to) (?:[^ .?][^ ]* ){0,4}stab(?:bed)? you"),
            ["stab you|", "stabbed you|"]
        );
        assert_eq!(shown("cats?|dog [a-z]+"), ["|cat|", "|cats|", "|dog "]);
        assert_eq!(shown("[a-z]+ [a-z]+"), Vec::<String>::new());
        assert_eq!(shown("(?:very )?(?:big )+cat"), ["big "]);
    }
}
