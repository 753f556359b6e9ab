//! Language about people named by name. The patterns know roles ("my son", "the teacher"), not the register; so a text
//! in which somebody of the register is named is read once more with the names as roles. What only that reading shows is
//! about a named person: "hit Zara Sheikh" is then what "hit my son" is.

use std::slice;

use schoolgate_model::{Category, CheckFailure, Finding, Meter, Span, Surface};
use schoolgate_scan::{SurfaceText, language::is_reading};

use crate::found::Found;

/// How sure the name detector must be.
const SURE_ENOUGH: f32 = 0.6;

/// How the patterns of a check say "a child" and "a member of staff".
pub(crate) struct Roles {
    child: &'static [&'static str],
    staff: &'static str,
}

/// As a family says it, who tell of harm, and as others do, who do harm.
pub(crate) const LANGUAGE_ROLES: Roles = Roles {
    child: &["my son", "that boy"],
    staff: "the teacher",
};

/// As the school itself speaks of its people.
pub(crate) const TOPIC_ROLES: Roles = Roles {
    child: &["one of our pupils"],
    staff: "Mr Staff",
};

/// One reading of a text.
pub(crate) type Scan<'a> =
    dyn Fn(&[SurfaceText], &Meter) -> Result<Vec<Finding>, CheckFailure> + 'a;

/// A text with names replaced, and where each of its characters came from.
struct Reading {
    text: SurfaceText,
    /// For each character of `text` the original span behind it.
    origin: Vec<Span>,
}

/// What reading `text` with roles shows and `first` does not. What one reading found stays where the next one fails.
pub(crate) fn findings_about_named(
    text: &SurfaceText,
    names: &[Finding],
    first: &[Finding],
    roles: &Roles,
    meter: &Meter,
    scan: &Scan<'_>,
) -> Found {
    let mut found = Found::default();
    let pupils = names
        .iter()
        .any(|name| name.category == Category::PupilName);
    // without a pupil both readings are the same
    for child in roles
        .child
        .iter()
        .take(if pupils { roles.child.len() } else { 1 })
    {
        let Some(reading) = reading(text, names, child, roles.staff) else {
            return found;
        };
        let again = match scan(slice::from_ref(&reading.text), meter) {
            Ok(again) => again,
            Err(failure) => return found.failed(failure),
        };
        // A swear word is one whoever is named beside it, and a name can be half of its excuse ("Bloody Mary"). The
        // wording model has read names as people write them; roles in their place are nobody's wording.
        let about_people = again
            .into_iter()
            .filter(|finding| finding.category != Category::Profanity && !is_reading(finding));
        for finding in about_people.filter_map(|finding| reading.back(text, finding)) {
            let mut earlier = first.iter().chain(&found.findings);
            if !earlier.any(|earlier| says_the_same(earlier, &finding)) {
                found.extend([finding]);
            }
        }
    }
    found
}

/// The text with the names of this surface replaced; `None` where there are none. Names stand in words that people
/// write; file names, links and metadata are no sentences.
fn reading(
    text: &SurfaceText,
    names: &[Finding],
    child: &'static str,
    staff: &'static str,
) -> Option<Reading> {
    if !matches!(
        text.surface(),
        Surface::Text | Surface::Alt | Surface::Caption
    ) {
        return None;
    }
    let mut named: Vec<(Span, &str)> = names
        .iter()
        .filter(|name| name.surface == Some(text.surface()) && name.media.as_ref() == text.media())
        .filter(|name| name.confidence >= SURE_ENOUGH)
        .filter_map(|name| Some((name.span()?, role(name, child, staff)?)))
        .collect();
    named.sort_by_key(|(span, _)| *span);
    named.dedup_by(|later, earlier| later.0.overlaps(earlier.0));
    if named.is_empty() {
        return None;
    }
    let mut replaced = String::new();
    let mut origin = Vec::new();
    let mut at = 0;
    let mut after_role = false;
    let mut named = named.into_iter().peekable();
    for (index, c) in text.original().chars().enumerate() {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        if index < at {
            continue;
        }
        match named.next_if(|(span, _)| span.start == index) {
            Some((span, role)) => {
                // a hashtag's words run together, and the role must stand apart from them
                if replaced.ends_with(char::is_alphanumeric) {
                    replaced.push(' ');
                    origin.push(span);
                }
                replaced.push_str(role);
                origin.extend(role.chars().map(|_| span));
                at = span.end;
                after_role = true;
            }
            None => {
                if std::mem::take(&mut after_role) && c.is_alphanumeric() {
                    replaced.push(' ');
                    origin.push(Span {
                        start: index,
                        end: index + 1,
                    });
                }
                replaced.push(c);
                origin.push(Span {
                    start: index,
                    end: index + 1,
                });
                at = index + 1;
            }
        }
    }
    Some(Reading {
        text: SurfaceText::new(text.surface(), text.media().cloned(), &replaced),
        origin,
    })
}

fn role(name: &Finding, child: &'static str, staff: &'static str) -> Option<&'static str> {
    match name.category {
        Category::PupilName => Some(child),
        // "Mr Carter" is a role as it stands
        Category::StaffName => {
            let titled = name
                .text
                .as_deref()
                .and_then(|text| text.split_whitespace().next())
                .is_some_and(|first| {
                    let first = first.trim_end_matches('.').to_lowercase();
                    matches!(
                        first.as_str(),
                        "mr" | "mrs" | "ms" | "miss" | "mx" | "dr" | "rev" | "sir"
                    )
                });
            (!titled).then_some(staff)
        }
        _ => None,
    }
}

impl Reading {
    /// The finding with its place in the original text.
    fn back(&self, text: &SurfaceText, finding: Finding) -> Option<Finding> {
        let span = finding.span()?;
        let first = self.origin.get(span.start as usize)?;
        let last = self.origin.get((span.end as usize).checked_sub(1)?)?;
        let span = Span {
            start: first.start,
            end: last.end,
        };
        Some(finding.at(span, text.slice(span)))
    }
}

fn says_the_same(earlier: &Finding, finding: &Finding) -> bool {
    let together = match (earlier.span(), finding.span()) {
        (Some(one), Some(other)) => one.overlaps(other),
        _ => true,
    };
    earlier.rule == finding.rule
        && earlier.surface == finding.surface
        && earlier.media == finding.media
        && together
}

#[cfg(test)]
mod tests {
    use schoolgate_model::{Budget, CheckName, RuleId, Severity};
    use schoolgate_scan::{LanguageContext, Lexicon, language::scan_topic_rules, scan_language};

    use super::*;

    fn named(text: &str, name: &str, category: Category) -> Finding {
        let start = u32::try_from(text[..text.find(name).unwrap()].chars().count()).unwrap();
        let end = start + u32::try_from(name.chars().count()).unwrap();
        Finding::new(
            CheckName::Names,
            RuleId::fixed("pupil-full-name"),
            category,
            Severity::High,
            0.9,
            "a name",
        )
        .on(Surface::Text, None)
        .at(Span { start, end }, name)
    }

    fn second_reading(text: &str, name: &str, category: Category) -> Vec<(Category, String)> {
        let lexicon = Lexicon::built_in().unwrap();
        let surface = SurfaceText::new(Surface::Text, None, text);
        let context = LanguageContext { draft: false };
        let first = scan_language(
            std::slice::from_ref(&surface),
            &lexicon,
            &context,
            &Budget::default().meter(),
        )
        .unwrap();
        let names = [named(text, name, category)];
        findings_about_named(
            &surface,
            &names,
            &first,
            &LANGUAGE_ROLES,
            &Budget::default().meter(),
            &|texts, meter| scan_language(texts, &lexicon, &context, meter),
        )
        .findings
        .into_iter()
        .map(|finding| {
            let span = finding.span().unwrap();
            assert_eq!(finding.text.as_deref(), Some(surface.slice(span)));
            (finding.category, finding.text.unwrap())
        })
        .collect()
    }

    #[test]
    fn harm_to_a_named_child_is_found_with_its_place() {
        let text = "😡 I am going to kill Kayden Bell tomorrow";
        let found = second_reading(text, "Kayden Bell", Category::PupilName);
        assert!(
            found
                .iter()
                .any(|(category, words)| *category == Category::Threat && words.contains("kill")),
            "{found:?}"
        );
        let text = "Mr Qureshi hit Zara Sheikh with a ruler";
        let found = second_reading(text, "Zara Sheikh", Category::PupilName);
        assert!(
            found
                .iter()
                .any(|(category, _)| *category == Category::StaffAllegation),
            "{found:?}"
        );
    }

    #[test]
    fn a_child_named_in_a_hashtag_stands_apart_from_its_words() {
        let found = second_reading("#EveryoneHatesKayden lol", "Kayden", Category::PupilName);
        assert!(
            found
                .iter()
                .any(|(category, _)| *category == Category::Bullying),
            "{found:?}"
        );
    }

    #[test]
    fn what_one_reading_found_stays_where_the_next_runs_out_of_steps() {
        let text = "Mr Qureshi hit Zara Sheikh with a ruler";
        let lexicon = Lexicon::built_in().unwrap();
        let surface = SurfaceText::new(Surface::Text, None, text);
        let context = LanguageContext { draft: false };
        let names = [named(text, "Zara Sheikh", Category::PupilName)];
        let read = |steps| {
            let meter = Budget {
                steps_per_check: steps,
            }
            .meter();
            let scan = |texts: &[SurfaceText], meter: &Meter| {
                scan_language(texts, &lexicon, &context, meter)
            };
            let roles = &LANGUAGE_ROLES;
            let found = findings_about_named(&surface, &names, &[], roles, &meter, &scan);
            (found, meter.left())
        };
        let plenty = 1_000_000;
        let (whole, left) = read(plenty);
        assert!(whole.failure.is_none());
        let (cut, _) = read(plenty - left - 1);
        assert_eq!(
            cut.failure,
            Some(schoolgate_model::CheckFailure::OverBudget)
        );
        assert!(!cut.findings.is_empty());
    }

    #[test]
    fn the_case_of_a_named_pupil_is_a_topic() {
        let lexicon = Lexicon::built_in().unwrap();
        let text = "Sadly Zara Sheikh was suspended this week for fighting";
        let surface = SurfaceText::new(Surface::Text, None, text);
        let names = [named(text, "Zara Sheikh", Category::PupilName)];
        let scan = |texts: &[SurfaceText], meter: &Meter| scan_topic_rules(texts, &lexicon, meter);
        let meter = Budget::default().meter();
        let found = findings_about_named(&surface, &names, &[], &TOPIC_ROLES, &meter, &scan);
        assert!(
            found
                .findings
                .iter()
                .any(|finding| finding.category == Category::IndividualCase),
            "{:?}",
            found.findings
        );
    }

    #[test]
    fn kind_words_about_a_named_child_stay_kind() {
        for text in [
            "Well done Kayden Bell, you smashed it",
            "Kayden Bell hit the winning six",
            "Happy birthday Kayden Bell from all of us",
            "Bloody Mary was queen and Kayden Bell played her",
        ] {
            assert_eq!(
                second_reading(text, "Kayden Bell", Category::PupilName),
                [],
                "{text}"
            );
        }
    }
}
