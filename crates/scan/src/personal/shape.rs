//! Large patterns, each with the words that it cannot match without: most texts have none of them, and the pattern is then
//! not run. What a match means is its owner's business.

use regex::Regex;

use super::page::Page;
use crate::{
    hashing::{Place, Triplets},
    lexicon::literals::{parse, required},
};

/// How many triplets of a word are looked for: its first, its last and one between.
const LOOKED_FOR: usize = 3;

/// A pattern and what it needs.
pub(super) struct Shape {
    pattern: Option<Regex>,
    /// Triplets of words of which every match contains one; `None` = nothing useful is known.
    needs: Option<Vec<[Place; LOOKED_FOR]>>,
}

impl Shape {
    /// Makes a pattern ready to run; one that is none never matches.
    pub(super) fn new(pattern: &str) -> Self {
        Self {
            pattern: Regex::new(pattern).ok(),
            needs: needs(pattern),
        }
    }

    /// The pattern, where the text may hold it.
    pub(super) fn within(&self, page: &Page<'_>) -> Option<&Regex> {
        self.pattern.as_ref().filter(|_| self.may_match(page))
    }

    fn may_match(&self, page: &Page<'_>) -> bool {
        let may_say = |word: &[Place; LOOKED_FOR]| word.iter().all(|place| page.may_say(*place));
        self.needs
            .as_ref()
            .is_none_or(|words| words.iter().any(may_say))
    }
}

/// The words of the rarest clause of every alternative; `None` where there is no alternative, one has no clause, or a
/// word is too short.
fn needs(pattern: &str) -> Option<Vec<[Place; LOOKED_FOR]>> {
    let required = required(&parse(pattern).ok()?);
    let mut words = Vec::new();
    for (_, clauses) in &required.alternatives {
        let rarest = *clauses.first()? as usize;
        for literal in required.clauses.get(rarest)? {
            let places: Vec<Place> = Triplets::places(&literal.bytes).collect();
            let middle = *places.get(places.len() / 2)?;
            let word = [*places.first()?, *places.last()?, middle];
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        SurfaceText,
        personal::{OwnDetails, PersonalContext},
    };
    use schoolgate_model::Surface;

    fn runs(shape: &Shape, text: &str) -> bool {
        let surface = SurfaceText::new(Surface::Text, None, text);
        let (own, context) = (OwnDetails::default(), PersonalContext::default());
        shape.within(&Page::new(&surface, &own, &context)).is_some()
    }

    #[test]
    fn a_pattern_is_run_only_where_a_word_that_it_needs_may_stand() {
        let shape =
            Shape::new(r"(?-u:\b)(?:broke (?:his|her) [a-z]+|off with (?:a )?cold)(?-u:\b)");
        assert!(runs(&shape, "He broke his arm"));
        assert!(runs(&shape, "She is off with a cold"));
        assert!(!runs(&shape, "What a lovely afternoon, thank you all"));
        assert!(!runs(&shape, ""));
    }

    #[test]
    fn a_pattern_that_needs_no_word_is_always_run() {
        let shape = Shape::new(r"[0-9]{4}|broke");
        assert!(runs(&shape, "thank you"));
    }
}
