//! Which language a text looks like.

use schoolgate_model::Span;

use super::{
    pack::Tongues,
    scripts::Script,
    words::{Word, Words},
};

/// How many words of a text are looked at.
pub(super) const WORDS: usize = 300;

/// The language a text looks like.
pub(super) struct Guess<'t> {
    /// Which of the pack's languages it is, if any of them.
    pub(super) tongue: Option<usize>,
    pub(super) name: &'t str,
    pub(super) confidence: f32,
    /// From its first word to its last.
    pub(super) span: Span,
}

/// What the words of a text speak for.
struct Tally {
    words: usize,
    letters: u32,
    english: usize,
    /// Words with letters that English lacks.
    accented: usize,
    /// By language: evidence, words, words that are English too, first and last place.
    points: Vec<Points>,
    unknown: Vec<Span>,
    scripts: Vec<(Script, u32, Span, bool)>,
}

#[derive(Clone, Default)]
struct Points {
    score: u32,
    words: usize,
    shared: usize,
    thanks: bool,
    reach: Option<Span>,
}

/// The language of a text, and the words that neither English nor it explains.
pub(super) fn identify<'t>(
    words: &Words,
    original: &str,
    tongues: &'t Tongues,
) -> (Option<Guess<'t>>, Vec<Span>) {
    let mut tally = Tally {
        words: 0,
        letters: 0,
        english: 0,
        accented: 0,
        points: vec![Points::default(); tongues.count()],
        unknown: Vec::new(),
        scripts: Vec::new(),
    };
    for (word, place) in words.iter().take(WORDS) {
        tally.count(word, place, tongues);
    }
    let guess = tally
        .alphabet(tongues)
        .or_else(|| tally.spoken(tongues))
        .or_else(|| tally.looks_like(original));
    (guess, tally.unknown)
}

impl Tally {
    fn count(&mut self, word: &str, place: &Word, tongues: &Tongues) {
        match place.script {
            Some(Script::Latin) => {}
            Some(other) => return self.count_letters(other, place),
            None => return,
        }
        self.words += 1;
        self.letters += place.letters;
        let known = tongues.word(word);
        let mask = known.spoken;
        if known.english {
            self.english += 1;
            each(mask, |at| self.points[at].shared += 1);
            return;
        }
        self.accented += usize::from(!place.special.is_empty());
        let letters = place
            .special
            .iter()
            .fold(0, |all, c| all | tongues.lettered(*c));
        let worth = if mask.count_ones() == 1 { 2 } else { 1 };
        if mask | letters == 0 {
            self.unknown.push(place.span);
        }
        each(mask | letters, |at| {
            let points = &mut self.points[at];
            points.words += 1;
            points.thanks |= known.thanks >> at & 1 == 1;
            points.score += u32::from(letters >> at & 1 == 1);
            points.score += if mask >> at & 1 == 1 { worth } else { 0 };
            points.reach = Some(joined(points.reach, place.span));
        });
    }

    fn count_letters(&mut self, script: Script, place: &Word) {
        self.unknown.push(place.span);
        let whole = place.letters >= 2;
        match self.scripts.iter_mut().find(|(known, ..)| *known == script) {
            Some((_, letters, reach, word)) => {
                *letters += place.letters;
                *reach = joined(Some(*reach), place.span);
                *word |= whole;
            }
            None => self
                .scripts
                .push((script, place.letters, place.span, whole)),
        }
    }

    /// A text mostly in another alphabet.
    fn alphabet<'t>(&self, tongues: &'t Tongues) -> Option<Guess<'t>> {
        let (script, letters, span, word) = self
            .scripts
            .iter()
            .max_by_key(|(_, letters, ..)| *letters)?;
        let weight = if script.is_run_together() { 3 } else { 1 };
        if !word || letters * weight < self.letters {
            return None;
        }
        let (tongue, name) = tongues.of_script(*script)?;
        Some(Guess {
            tongue: Some(tongue),
            name,
            confidence: 0.95,
            span: *span,
        })
    }

    /// A text with enough of a language's everyday words.
    fn spoken<'t>(&self, tongues: &'t Tongues) -> Option<Guess<'t>> {
        let (at, best) = self
            .points
            .iter()
            .enumerate()
            .rev()
            .max_by_key(|(_, points)| points.score)?;
        let english = self.english.saturating_sub(best.shared);
        let many = best.score >= 4 && best.words >= 2 && best.words > english;
        // Words that are English too count for the language where nothing else speaks for English.
        let known = best.words + if best.score >= 3 { best.shared } else { 0 };
        let all = best.score >= 2
            && english == 0
            && known * 2 >= self.words
            && (best.words >= 2 || best.thanks);
        if !(many || all) {
            return None;
        }
        let sure = 0.4 + 0.08 * f32::from(u16::try_from(best.score).unwrap_or(u16::MAX));
        Some(Guess {
            tongue: Some(at),
            name: tongues.name(at),
            confidence: sure.min(0.95),
            span: best.reach?,
        })
    }

    /// A text without one everyday English word, by the sequence of its letters.
    fn looks_like<'t>(&self, original: &str) -> Option<Guess<'t>> {
        let foreign = self.english * 5 <= self.words && self.letters >= 24;
        let marked = self.accented >= 3 && self.words >= 5;
        if !foreign || self.words - self.english < 4 || !(self.english == 0 || marked) {
            return None;
        }
        let start: String = original.chars().take(1000).collect();
        let info = whatlang::detect(&start)?;
        if !(info.is_reliable() || marked) || info.lang() == whatlang::Lang::Eng {
            return None;
        }
        let span = self
            .unknown
            .iter()
            .fold(None, |reach, word| Some(joined(reach, *word)))?;
        Some(Guess {
            tongue: None,
            name: info.lang().eng_name(),
            confidence: 0.5,
            span,
        })
    }
}

fn joined(reach: Option<Span>, span: Span) -> Span {
    reach.map_or(span, |reach| Span {
        start: reach.start.min(span.start),
        end: reach.end.max(span.end),
    })
}

fn each(mut mask: u64, mut call: impl FnMut(usize)) {
    while mask != 0 {
        call(mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}
