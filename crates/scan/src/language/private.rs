//! What a draft or a comment tells of one person that is private, where no rule names the words: learnt from sentences of drafts and comments
//! (fixtures/train/private), each with its closest harmless neighbours.

use schoolgate_model::{CheckName, Finding, Span};

use super::{about::surest, reading};
use crate::{
    personal::Whom,
    surface::SurfaceText,
    wording::{About, Label, PRIVATE, Reading, TOPICS},
};

/// How likely a private matter must be before a person looks.
const LEAST: f32 = 0.5;

/// The same of health, of which much is written that is about nobody, and of the many other things that are sensitive.
const LEAST_HEALTH: f32 = 0.65;
const LEAST_SENSITIVE: f32 = 0.6;

/// The same of routines: what a child does every day is told of most.
const LEAST_ROUTINE: f32 = 0.75;

/// The same of a comment, which is chat more often than not.
const LEAST_IN_COMMENTS: f32 = 0.75;
const LEAST_SENSITIVE_IN_COMMENTS: f32 = 0.8;

/// The same of somebody who is on no register; where they are is told of nobody else.
const LEAST_OF_OTHERS: f32 = 0.8;
const LEAST_PLACE_OF_OTHERS: f32 = 0.6;

/// The same of a class or another group: clubs meet every week, and classes are about the school all day.
const LEAST_PLACE_OF_GROUPS: f32 = 0.75;
const LEAST_ROUTINE_OF_GROUPS: f32 = 0.98;

/// Of fewer words nothing is said, in a draft and in a comment.
const FEWEST_WORDS: usize = 5;
const FEWEST_WORDS_IN_COMMENTS: usize = 8;

/// From here on words of a comment are the matter of the check that looks for harm.
const HARM: f32 = 0.3;

/// The findings of the model where no rule has found anything in the same words (`known`). The surest window speaks for a matter.
pub(super) fn findings(
    text: &SurfaceText,
    about: &[(Span, About)],
    known: &[Span],
    draft: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let fewest = if draft {
        FEWEST_WORDS
    } else {
        FEWEST_WORDS_IN_COMMENTS
    };
    for (at, matter) in PRIVATE.iter().enumerate() {
        let surest = surest(about, TOPICS.len() + at, fewest);
        let (Some((span, likely)), Some(category)) = (surest, matter.category) else {
            continue;
        };
        let here = |place: &Span| place.overlaps(span);
        let least = least(matter, draft);
        if likely >= least && !known.iter().any(here) {
            let by = (CheckName::PersonalData, matter);
            findings.push(reading::finding(text, by, category, likely, span));
        }
    }
    findings
}

fn least(matter: &Label, draft: bool) -> f32 {
    let least = match matter.name {
        "health" => LEAST_HEALTH,
        "sensitive" => LEAST_SENSITIVE,
        "routine" => LEAST_ROUTINE,
        _ => LEAST,
    };
    match matter.name {
        _ if draft => least,
        "sensitive" => LEAST_SENSITIVE_IN_COMMENTS,
        _ => least.max(LEAST_IN_COMMENTS),
    }
}

/// Whether one of the `pupils` is named in the same words, or in a draft one of the `others`, of whom more is asked: birthdays
/// are told of every colleague and poet, and lost logins of every child. Of a group it matters where it is, and the ways that
/// it goes again and again.
pub(super) fn is_of_somebody(found: &Finding, pupils: &[Span], others: &Whom, draft: bool) -> bool {
    let here = |places: &[Span]| {
        let span = found.span();
        places
            .iter()
            .any(|place| span.is_some_and(|span| place.overlaps(span)))
    };
    let kind = found.kind.as_deref();
    if here(pupils) {
        return draft || kind != Some("credential");
    }
    let (least, of_groups) = match kind {
        Some("credential" | "birthday") => return false,
        Some("location") => (LEAST_PLACE_OF_OTHERS, LEAST_PLACE_OF_GROUPS),
        Some("routine") => (LEAST_OF_OTHERS, LEAST_ROUTINE_OF_GROUPS),
        _ => (LEAST_OF_OTHERS, f32::INFINITY),
    };
    let told = |least, whose: &[Span]| found.confidence >= least && here(whose);
    draft && (told(least, &others.people) || told(of_groups, &others.groups))
}

/// `Idris, born on the last day of August, 2016`: words that tell of a birthday and name a year in which a pupil can be born
/// give the date of birth.
pub(super) fn tell_birth(text: &SurfaceText, found: &mut Finding, now: Option<i16>) {
    let words = found.span().map_or("", |span| text.slice(span));
    let told = words.split(|c: char| !c.is_ascii_digit()).any(|number| {
        let year = number.len() == 4 && number.starts_with("20");
        let year: Option<i16> = number.parse().ok().filter(|_| year);
        year.is_some_and(|year| crate::personal::is_pupil_birth(year, now))
    });
    if told && found.kind.as_deref() == Some("birthday") {
        found.kind = Some("date_of_birth".into());
    }
}

/// Whether what reads like an illness is the name of a charity, or like a family's trouble is where somebody works: `prison
/// chaplain at HMP Wealstone`.
pub(super) fn is_nobodys(text: &SurfaceText, found: &Finding) -> bool {
    let words = || {
        let words = found.span().map_or("", |span| text.slice(span));
        words.to_lowercase()
    };
    match found.kind.as_deref() {
        Some("health") => crate::personal::is_for_charity(&words()),
        Some("sensitive") => crate::personal::is_work_in_a_prison(&words()),
        _ => false,
    }
}

/// Whether a comment tells of harm in the same words: what is sensitive there is told by another check.
pub(super) fn is_of_harm(found: &Finding, readings: &[(Span, Reading)]) -> bool {
    let here = |place: Span| found.span().is_some_and(|span| span.overlaps(place));
    let harm = |(place, reading): &(Span, Reading)| here(*place) && reading.harm >= HARM;
    readings.iter().any(harm)
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Category, Severity, Surface};

    use super::{super::about::tests::about, *};

    const NAMED: [Span; 1] = [Span { start: 0, end: 2 }];

    fn found(window: &(Span, About), named: &[Span], known: &[Span]) -> Vec<Finding> {
        found_in(true, window, named, known)
    }

    fn found_in(
        draft: bool,
        window: &(Span, About),
        named: &[Span],
        known: &[Span],
    ) -> Vec<Finding> {
        let text = SurfaceText::new(Surface::Text, None, "some draft");
        let mut found = findings(&text, std::slice::from_ref(window), known, draft);
        found.retain(|found| is_of_somebody(found, named, &Whom::default(), draft));
        found
    }

    #[test]
    fn a_private_matter_of_somebody_named_is_told_once() {
        let told = found(&about("health", 0.8), &NAMED, &[]);
        let [finding] = &told[..] else {
            panic!("{told:?}");
        };
        assert_eq!(finding.rule.as_str(), "reads-like-health");
        assert_eq!(finding.category, Category::PersonalData);
        assert_eq!(finding.kind.as_deref(), Some("health"));
        assert_eq!(finding.severity, Severity::Medium);
        assert_eq!(found(&about("health", 0.8), &NAMED, &NAMED), []);
        assert_eq!(found(&about("health", 0.6), &NAMED, &[]), []);
        assert_eq!(found(&about("sensitive", 0.55), &NAMED, &[]), []);
        assert_eq!(found(&about("routine", 0.7), &NAMED, &[]), []);
        assert_eq!(found(&about("location", 0.6), &NAMED, &[]).len(), 1);
        assert_eq!(found(&about("grievance", 0.9), &NAMED, &[]), []);
    }

    #[test]
    fn what_is_written_of_nobody_who_is_named_is_not_private() {
        assert_eq!(found(&about("health", 0.9), &[], &[]), []);
        let elsewhere = [Span { start: 5, end: 9 }];
        assert_eq!(found(&about("health", 0.9), &elsewhere, &[]), []);
    }

    #[test]
    fn a_comment_must_be_plainer_than_a_draft() {
        let in_comment = |likely| found_in(false, &about("routine", likely), &NAMED, &[]).len();
        assert_eq!(in_comment(0.6), 0);
        assert_eq!(in_comment(0.8), 1);
        let (span, mut short) = about("routine", 0.9);
        short.words = FEWEST_WORDS_IN_COMMENTS - 1;
        assert_eq!(found_in(false, &(span, short), &NAMED, &[]), []);
    }

    #[test]
    fn what_a_comment_tells_of_harm_is_told_elsewhere() {
        let told = found(&about("sensitive", 0.9), &NAMED, &[]);
        let reading = |harm| {
            let mut reading = Reading::urgent_so_far(0..4, 0.0);
            reading.harm = harm;
            [(told[0].span().unwrap(), reading)]
        };
        assert!(is_of_harm(&told[0], &reading(0.5)));
        assert!(!is_of_harm(&told[0], &reading(0.1)));
    }

    #[test]
    fn of_somebody_on_no_register_more_is_asked() {
        let others = Whom {
            people: NAMED.to_vec(),
            groups: Vec::new(),
        };
        let of = |matter: &str, likely, pupils: &[Span], draft| {
            is_of_somebody(&finding_of(matter, likely), pupils, &others, draft)
        };
        assert!(of("health", 0.8, &NAMED, true));
        assert!(!of("health", 0.75, &[], true));
        assert!(of("location", 0.65, &[], true));
        assert!(of("health", 0.95, &[], true));
        assert!(!of("health", 0.95, &[], false));
        assert!(!of("birthday", 0.95, &[], true));
        assert!(!of("credential", 0.95, &[], true));
        assert!(!of("credential", 0.95, &NAMED, false));
    }

    #[test]
    fn of_a_group_it_matters_where_it_is_and_which_way_it_goes() {
        let class = Whom {
            people: Vec::new(),
            groups: NAMED.to_vec(),
        };
        let of = |matter: &str, likely, draft| {
            is_of_somebody(&finding_of(matter, likely), &[], &class, draft)
        };
        assert!(of("location", 0.8, true));
        assert!(of("routine", 0.98, true));
        assert!(!of("location", 0.95, false));
        assert!(!of("location", 0.7, true));
        assert!(!of("routine", 0.9, true));
        assert!(!of("health", 0.95, true));
        assert!(!of("sensitive", 0.95, true));
    }

    #[test]
    fn a_birthday_told_with_its_year_is_a_date_of_birth() {
        let kind = |words: &str| {
            let text = SurfaceText::new(Surface::Text, None, words);
            let (_, about) = about("birthday", 0.9);
            let whole = text.span_of_bytes(0..words.len());
            let mut found = findings(&text, &[(whole, about)], &[], true).remove(0);
            tell_birth(&text, &mut found, Some(2026));
            found.kind.unwrap_or_default()
        };
        assert_eq!(kind("The last of August, 2016"), "date_of_birth");
        assert_eq!(kind("Cake on 3 March 2026"), "birthday");
        assert_eq!(kind("Born like her gran in 1961"), "birthday");
    }

    fn finding_of(matter: &str, likely: f32) -> Finding {
        let window = about(matter, likely);
        let text = SurfaceText::new(Surface::Text, None, "some draft");
        let mut all = findings(&text, std::slice::from_ref(&window), &[], true);
        all.remove(0)
    }
}
