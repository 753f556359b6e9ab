//! Words that say why a text speaks of grave matters: where they stand, what the wording model is not sure of falls away.

use schoolgate_model::{Category, Finding, Span};

use crate::{lexicon::view::View, wording::Reading};

/// Words by which somebody speaks of themselves, of their family or to somebody: one calm word takes nothing out of
/// such a sentence.
const PERSONAL: &[&str] = &[
    "i",
    "im",
    "ive",
    "ill",
    "id",
    "me",
    "my",
    "mine",
    "myself",
    "mi",
    "mum",
    "mums",
    "mummy",
    "mam",
    "mams",
    "mother",
    "dad",
    "dads",
    "daddy",
    "da",
    "father",
    "stepdad",
    "stepmum",
    "brother",
    "sister",
    "uncle",
    "aunt",
    "auntie",
    "grandad",
    "nan",
    "cousin",
    "son",
    "daughter",
    "boyfriend",
];

/// The same in what somebody says to the school; in its own drafts a school says these of itself.
const TO_THE_SCHOOL: &[&str] = &[
    "we",
    "weve",
    "us",
    "our",
    "you",
    "your",
    "u",
    "ur",
    "yous",
    "school",
    "teacher",
    "teachers",
    "head",
    "headteacher",
    "kids",
    "everyone",
];

/// What the rules for calm words found.
#[derive(Default)]
pub(super) struct Said {
    /// Calm words, each with its place.
    pub(super) words: Vec<(Span, String)>,
    /// Where a contest, a cake or a song is named.
    pub(super) play: Vec<Span>,
    /// Where somebody claims pictures or records.
    pub(super) claims: Vec<Span>,
}

/// The calm words of a text.
pub(super) struct Calm {
    /// Each with its place.
    words: Vec<(Span, String)>,
    /// Where a contest, a cake or a song is named.
    play: Vec<Span>,
    /// Where somebody claims pictures or records.
    claims: Vec<Span>,
    /// The sentences, in order, and whether somebody speaks of people they know in it.
    sentences: Vec<(Span, bool)>,
}

impl Calm {
    pub(super) fn new(
        view: &View,
        Said {
            words,
            play,
            claims,
        }: Said,
        draft: bool,
    ) -> Self {
        let personal =
            |word: &str| PERSONAL.contains(&word) || (!draft && TO_THE_SCHOOL.contains(&word));
        let ends = view.marks().iter().copied().chain([view.text().len()]);
        let mut start = 0;
        let sentences = ends.filter_map(|end| {
            let range = start..end;
            start = end;
            let said = view.text().get(range.clone())?;
            Some((view.span(range)?, said.split(' ').any(personal)))
        });
        Self {
            sentences: sentences.collect(),
            words,
            play,
            claims,
        }
    }

    /// Takes out what is `unsure`: what the model is not sure of, alone or of a cue, where the text says why it speaks of
    /// such things. A threat falls away only beside a contest, a cake or a song.
    pub(super) fn weigh(
        &self,
        readings: &[(Span, Reading)],
        findings: &mut Vec<Finding>,
        unsure: impl Fn(&Finding) -> bool,
    ) {
        findings.retain(|found| {
            let calms = |span| match found.category {
                Category::Weapon => false,
                Category::Threat => self.is_in_play(span),
                _ => self.calms(readings, span),
            };
            !unsure(found) || !found.span().is_some_and(calms)
        });
    }

    /// Whether a calm phrase stands in the same sentence, a calm word in the same sentence that speaks of nobody, or
    /// two different ones or a claim in the same window of the model.
    fn calms(&self, readings: &[(Span, Reading)], span: Span) -> bool {
        let sentences = || {
            self.sentences
                .iter()
                .filter(|(place, _)| place.overlaps(span))
        };
        let personal = sentences().any(|(_, personal)| *personal);
        let beside = self.words.iter().any(|(place, word)| {
            let here = sentences().any(|(sentence, _)| sentence.overlaps(*place));
            here && (!personal || word.contains(char::is_whitespace))
        });
        let mut near = readings.iter().map(|(window, _)| *window);
        beside || near.any(|window| window.overlaps(span) && self.calm_window(window))
    }

    /// Whether a contest, a cake or a song is named among the words.
    fn is_in_play(&self, span: Span) -> bool {
        self.play.iter().any(|place| place.overlaps(span))
    }

    fn calm_window(&self, window: Span) -> bool {
        let claimed = self.claims.iter().any(|claim| claim.overlaps(window));
        claimed || self.different_in(window)
    }

    fn different_in(&self, window: Span) -> bool {
        let mut words = self
            .words
            .iter()
            .filter(|(place, _)| place.overlaps(window))
            .map(|(_, word)| word);
        let first = words.next();
        words.any(|word| Some(word) != first)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use schoolgate_model::{CheckName, RuleId, Severity, Surface};

    use super::*;
    use crate::language::reading::{is_unsure, place};
    use crate::{
        lexicon::view::{glyphs, plain},
        surface::SurfaceText,
    };

    fn left(
        text: &str,
        calm: &[&str],
        (rule, category, confidence): (&str, Category, f32),
    ) -> bool {
        let surface = SurfaceText::new(Surface::Text, None, text);
        let view = plain(&glyphs(&surface));
        let span = |start: usize, length: usize| Span {
            start: start as u32,
            end: (start + length) as u32,
        };
        let words = calm.iter().map(|word| {
            (
                span(text.find(word).unwrap(), word.len()),
                (*word).to_owned(),
            )
        });
        let words = words.collect();
        let said = Said {
            words,
            ..Said::default()
        };
        let calm = Calm::new(&view, said, false);
        let reading = Reading::urgent_so_far(0..text.len(), confidence);
        let found = Finding::new(
            CheckName::Language,
            RuleId::new(rule),
            category,
            Severity::High,
            confidence,
            "",
        );
        let mut findings = vec![found.at(span(0, 8), "")];
        let cues = match rule.starts_with("cue-") {
            true => BTreeSet::from([place(&findings[0])]),
            false => BTreeSet::new(),
        };
        let whole = span(0, text.len());
        calm.weigh(&[(whole, reading)], &mut findings, |found| {
            is_unsure(found, &cues)
        });
        !findings.is_empty()
    }

    #[test]
    fn calm_words_take_out_only_what_the_model_is_not_sure_of() {
        let found = |rule, confidence| {
            let found = (rule, Category::SelfHarm, confidence);
            left("The heroine dies in the novel", &["novel"], found)
        };
        assert!(!found("reads-like-self-harm", 0.6));
        assert!(found("reads-like-self-harm", 0.9));
        assert!(!found("cue-self-harm", 0.6));
        assert!(found("self-harm-own", 0.6));
    }

    #[test]
    fn one_calm_word_takes_out_nothing_that_is_said_of_oneself() {
        let harm = ("cue-harm-at-home", Category::Disclosure, 0.6);
        assert!(left(
            "I hid from dad, he burnt the casserole",
            &["casserole"],
            harm
        ));
        assert!(left(
            "The belt was out. The casserole is good",
            &["casserole"],
            harm
        ));
        assert!(!left(
            "I read chapter one of the novel",
            &["chapter one"],
            harm
        ));
        assert!(!left(
            "I read a novel with a poem",
            &["novel", "poem"],
            harm
        ));
    }

    #[test]
    fn a_threat_is_never_calmed() {
        let threat = ("reads-like-threat", Category::Threat, 0.6);
        assert!(left(
            "The novel will burn on the stage",
            &["novel", "stage"],
            threat
        ));
    }
}
