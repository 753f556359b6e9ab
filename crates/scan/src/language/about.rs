//! What a draft is about, where no rule of the topic packs names it: learnt from drafts that a school would, and would
//! not, send out without a second look.

use schoolgate_model::{CheckName, Finding, Span};

use super::reading;
use crate::{
    surface::SurfaceText,
    wording::{About, Label, MATTER_SECOND_LOOK, TOPICS},
};

/// How likely a topic must be before a second person looks at a draft, and how likely harm that it shows to everybody.
const LEAST: f32 = 0.6;
const LEAST_URGENT: f32 = 0.5;

/// A rule that names a topic is not believed where its own topic is less likely than this in the windows around it ...
const UNLIKELY: f32 = 0.003;

/// ... and every topic less likely than this.
const NO_TOPIC: f32 = 0.05;

/// A rule that is as sure as this is believed whatever the model says.
const SURE: f32 = 0.92;

/// How likely it must be that somebody would look at a draft first, where no topic by itself is likely enough ...
const LEAST_SECOND_LOOK: f32 = 0.88;

/// ... and how likely at most that it is told to the public of nobody here, as news and stories are.
const MOST_PUBLIC: f32 = 0.3;

/// Of fewer words nothing is said: a few words can be about anything.
const FEWEST_WORDS: usize = 14;

/// The findings of the model, where no rule has found the same in the same words. The surest window speaks for a topic.
pub(super) fn findings(
    text: &SurfaceText,
    about: &[(Span, About)],
    known: &[Finding],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, topic) in TOPICS.iter().enumerate() {
        let surest = surest(about, at, FEWEST_WORDS);
        let (Some((span, likely)), Some(category)) = (surest, topic.category) else {
            continue;
        };
        let same = |found: &Finding| {
            let here = found.span().is_none_or(|place| place.overlaps(span));
            found.category == category && found.confidence >= LEAST_URGENT && here
        };
        let least = if topic.urgent { LEAST_URGENT } else { LEAST };
        if likely < least || known.iter().any(same) {
            continue;
        }
        let by = (CheckName::Topics, topic);
        findings.push(reading::finding(text, by, category, likely, span));
    }
    findings
}

/// The topic that comes nearest, of a draft in which neither a rule nor the model is sure of one, and which as a whole reads
/// like those that somebody looks at first.
pub(super) fn second_look(
    text: &SurfaceText,
    about: &[(Span, About)],
    (whole, public): (&About, f32),
) -> Option<Finding> {
    let likely = whole.likely[MATTER_SECOND_LOOK];
    if whole.words < FEWEST_WORDS || likely < LEAST_SECOND_LOOK || public > MOST_PUBLIC {
        return None;
    }
    let nearest = TOPICS.iter().enumerate().filter(|(_, topic)| !topic.urgent);
    let nearest = nearest.filter_map(|(at, topic)| {
        let (span, likely) = surest(about, at, 0)?;
        Some((topic, span, likely))
    });
    let (topic, span, _) =
        nearest.reduce(|best, next| if next.2 > best.2 { next } else { best })?;
    let by = (CheckName::Topics, topic);
    Some(reading::finding(text, by, topic.category?, likely, span))
}

/// Whether the finding is of one of the topics.
pub(super) fn is_topic(found: &Finding) -> bool {
    let of = |topic: &Label| topic.category == Some(found.category);
    TOPICS.iter().any(of)
}

/// Takes out what a rule of the topic packs found without being sure of it, where the text around reads like a draft that a
/// school sends out without a second look: `leave by the nearest door` is no campaign.
pub(super) fn doubt(about: &[(Span, About)], findings: &mut Vec<Finding>) {
    findings.retain(|found| {
        let topic = TOPICS
            .iter()
            .position(|topic| topic.category == Some(found.category));
        let (Some(topic), Some(place)) = (topic, found.span()) else {
            return true;
        };
        let mut around = over(about, place).peekable();
        let fine = around.peek().is_some()
            && around.all(|about| {
                let topics = &about.likely[..TOPICS.len()];
                topics[topic] < UNLIKELY && topics.iter().all(|likely| *likely < NO_TOPIC)
            });
        found.confidence >= SURE || !fine
    });
}

/// The windows around a place that are long enough to tell.
fn over(about: &[(Span, About)], place: Span) -> impl Iterator<Item = &About> {
    let long = about
        .iter()
        .filter(|(_, about)| about.words >= FEWEST_WORDS);
    long.filter(move |(span, _)| span.overlaps(place))
        .map(|(_, about)| about)
}

/// How likely the windows around a place show harm to everybody; nothing where they are too short to tell.
pub(super) fn shown(about: &[(Span, About)], place: Span) -> Option<f32> {
    let urgent = TOPICS.iter().position(|topic| topic.urgent)?;
    over(about, place)
        .map(|about| about.likely[urgent])
        .reduce(f32::max)
}

/// The window of so many words or more that is likeliest about a matter, and how likely it is.
pub(super) fn surest(about: &[(Span, About)], matter: usize, fewest: usize) -> Option<(Span, f32)> {
    about
        .iter()
        .filter(|(_, about)| about.words >= fewest)
        .map(|(span, about)| (*span, about.likely[matter]))
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
}

#[cfg(test)]
pub(super) mod tests {
    use schoolgate_model::{Category, RuleId, Severity, Surface};

    use super::*;
    use crate::wording::{MATTERS, matters};

    const SPAN: Span = Span { start: 0, end: 4 };

    pub(crate) fn about(topic: &str, likely: f32) -> (Span, About) {
        let mut all = [0.0; MATTERS];
        let at = matters().position(|known| known.name == topic);
        all[at.unwrap()] = likely;
        let about = About {
            range: 0..4,
            words: FEWEST_WORDS,
            likely: all,
        };
        (SPAN, about)
    }

    fn found(about: &[(Span, About)], known: &[Finding]) -> Vec<(String, Severity)> {
        let text = SurfaceText::new(Surface::Text, None, "some draft");
        let findings = findings(&text, about, known);
        let told = findings.into_iter();
        told.map(|found| (found.rule.as_str().to_owned(), found.severity))
            .collect()
    }

    #[test]
    fn the_surest_window_speaks_for_a_topic_and_an_unsure_one_does_not() {
        let windows = [about("grievance", 0.2), about("grievance", 0.97)];
        let grievance = ("reads-like-grievance".to_owned(), Severity::Medium);
        assert_eq!(found(&windows, &[]), [grievance]);
        assert_eq!(found(&windows[..1], &[]), []);
        let (span, mut short) = windows[1].clone();
        short.words = FEWEST_WORDS - 1;
        assert_eq!(found(&[(span, short)], &[]), []);
        assert_eq!(found(&[], &[]), []);
    }

    #[test]
    fn a_draft_between_two_topics_is_looked_at_for_the_nearest() {
        let windows = [
            about("controversial", 0.3),
            about("grievance", 0.4),
            about("pasted_harm", 0.45),
        ];
        let looked = |likely, public| {
            let (_, whole) = about("second_look", likely);
            let text = SurfaceText::new(Surface::Text, None, "some draft");
            let found = second_look(&text, &windows, (&whole, public));
            found.map(|found| (found.category, found.rule.as_str().to_owned()))
        };
        let grievance = (Category::Grievance, "reads-like-grievance".to_owned());
        assert_eq!(looked(LEAST_SECOND_LOOK, 0.1), Some(grievance));
        assert_eq!(looked(LEAST_SECOND_LOOK / 2.0, 0.1), None);
        assert_eq!(looked(0.99, 0.9), None, "news and stories");
        let (_, mut short) = about("second_look", 0.99);
        short.words = FEWEST_WORDS - 1;
        let text = SurfaceText::new(Surface::Text, None, "some draft");
        assert_eq!(second_look(&text, &windows, (&short, 0.1)), None);
    }

    #[test]
    fn harm_that_a_draft_shows_to_everybody_is_grave() {
        let harm = ("reads-like-pasted-harm".to_owned(), Severity::High);
        assert_eq!(found(&[about("pasted_harm", 0.99)], &[]), [harm]);
    }

    #[test]
    fn an_unsure_rule_falls_only_where_every_window_reads_like_no_topic_at_all() {
        let rule = |sure| {
            let rule = RuleId::new("topic-grievance-body");
            let (check, severity) = (CheckName::Topics, Severity::Medium);
            Finding::new(check, rule, Category::Grievance, severity, sure, "").at(SPAN, "word")
        };
        let left = |sure, about: &[(Span, About)]| {
            let mut found = vec![rule(sure)];
            doubt(about, &mut found);
            found.len()
        };
        let calm = || about("grievance", UNLIKELY / 2.0);
        assert_eq!(left(0.88, &[calm()]), 0);
        assert_eq!(left(SURE, &[calm()]), 1);
        assert_eq!(left(0.88, &[calm(), about("grievance", UNLIKELY)]), 1);
        assert_eq!(left(0.88, &[about("confidential", NO_TOPIC)]), 1);
        let (place, mut short) = calm();
        short.words = FEWEST_WORDS - 1;
        assert_eq!(left(0.88, &[(place, short)]), 1);
        assert_eq!(left(0.88, &[]), 1);
    }

    #[test]
    fn what_a_rule_has_found_is_not_said_again() {
        let known = |sure, place: Span| {
            let rule = RuleId::new("topic-grievance-body");
            let category = Category::Grievance;
            Finding::new(
                CheckName::Topics,
                rule,
                category,
                Severity::Medium,
                sure,
                "",
            )
            .at(place, "word")
        };
        let windows = [about("grievance", 0.99)];
        let elsewhere = Span { start: 5, end: 9 };
        assert_eq!(found(&windows, &[known(0.7, SPAN)]), []);
        assert_eq!(found(&windows, &[known(0.7, elsewhere)]).len(), 1);
        assert_eq!(found(&windows, &[known(0.4, SPAN)]).len(), 1);
    }
}
