//! Personal details of private people: UK phone numbers, postcodes, e-mail addresses and UPNs (DOMAIN 2).
//!
//! Format and checksum raise confidence; the words around decide (DOMAIN 0.6). The school's own details and public
//! helplines are never findings. Bank details, addresses without a postcode and routines are not read here yet.

mod email;
mod own;
mod phone;
mod postcode;
mod upn;

use schoolgate_model::{
    Category, CheckFailure, CheckName, Finding, Meter, RuleId, Severity, Span, Surface,
};

use crate::SurfaceText;
pub use own::OwnDetails;

/// The rules of this check, with one sentence each for `rules check --list`.
pub const RULES: &[(&str, &str)] = &[
    (
        "phone-number",
        "A phone number that is not the school's own and not a public helpline",
    ),
    ("postcode", "A postcode that is not the school's own"),
    (
        "email-address",
        "An e-mail address that is not the school's own",
    ),
    (
        "upn",
        "A Unique Pupil Number (check letter per the DfE's UPN guide)",
    ),
];

/// One candidate of a detector: where (bytes of the folded text), how sure, which rule.
struct Candidate {
    bytes: std::ops::Range<usize>,
    confidence: f32,
    rule: &'static str,
    kind: &'static str,
    severity: Severity,
    message: &'static str,
}

/// Scans every surface but the author's shown name.
///
/// # Errors
/// `CheckFailure::OverBudget` when the meter runs out.
pub fn scan_personal_data(
    surfaces: &[SurfaceText],
    own: &OwnDetails,
    meter: &Meter,
) -> Result<Vec<Finding>, CheckFailure> {
    let mut findings = Vec::new();
    for surface in surfaces
        .iter()
        .filter(|surface| surface.surface() != Surface::Author)
    {
        meter.spend(8 * surface.char_count() as u64 + 1)?;
        let folded = surface.folded().text();
        let mut candidates = upn::scan(folded);
        candidates.extend(email::scan(surface, own));
        candidates.extend(postcode::scan(surface, own));
        candidates.extend(phone::scan(folded, own));
        meter.spend(candidates.len() as u64 * 16)?;
        let mut taken: Vec<Span> = Vec::new();
        for candidate in candidates {
            let Some(span) = surface.folded().span(candidate.bytes.clone()) else {
                continue;
            };
            if taken.iter().any(|earlier| earlier.overlaps(span)) {
                continue;
            }
            taken.push(span);
            findings.push(finding(surface, span, &candidate));
        }
    }
    Ok(findings)
}

fn finding(surface: &SurfaceText, span: Span, candidate: &Candidate) -> Finding {
    Finding::new(
        CheckName::PersonalData,
        RuleId::fixed(candidate.rule),
        Category::PersonalData,
        candidate.severity,
        candidate.confidence,
        candidate.message,
    )
    .with_kind(candidate.kind)
    .on(surface.surface(), surface.media().cloned())
    .at(span, surface.slice(span))
}

/// The folded words within about `reach` bytes before and after a range.
fn around(text: &str, bytes: &std::ops::Range<usize>, reach: usize) -> (String, String) {
    let mut from = bytes.start.saturating_sub(reach);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (bytes.end + reach).min(text.len());
    while !text.is_char_boundary(to) {
        to += 1;
    }
    (
        text[from..bytes.start].to_owned(),
        text[bytes.end..to].to_owned(),
    )
}

/// Whether any of the words stands in `text` on its own.
fn has_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| {
        text.match_indices(word).any(|(at, found)| {
            let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next())
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use schoolgate_model::Budget;

    use super::*;

    fn own() -> OwnDetails {
        OwnDetails::new(
            &["0161 496 0123".to_owned()],
            &["office@st-saviours.example".to_owned()],
            &["M1 1AE".to_owned()],
            &["st-saviours.example".to_owned()],
        )
    }

    fn scan(text: &str) -> Vec<(String, String, f32)> {
        let surface = SurfaceText::new(Surface::Text, None, text);
        scan_personal_data(&[surface], &own(), &Budget::default().meter())
            .unwrap()
            .into_iter()
            .map(|finding| {
                (
                    finding.kind.unwrap(),
                    finding.text.unwrap(),
                    finding.confidence,
                )
            })
            .collect()
    }

    fn sure(text: &str) -> Vec<(String, String)> {
        scan(text)
            .into_iter()
            .filter(|(_, _, c)| *c >= 0.6)
            .map(|(kind, text, _)| (kind, text))
            .collect()
    }

    #[test]
    fn details_of_private_people_are_found_where_they_stand() {
        let cases = [
            ("ring me on 07700 900123 please", "phone", "07700 900123"),
            ("my number is 07700900456", "phone", "07700900456"),
            ("Call +44 7700 900 123", "phone", "+44 7700 900 123"),
            ("tel +44 (0)161 496 0999", "phone", "+44 (0)161 496 0999"),
            ("0044 7700 900123", "phone", "0044 7700 900123"),
            ("(0161) 496 0999", "phone", "(0161) 496 0999"),
            ("07700-900-123", "phone", "07700-900-123"),
            ("0.7.7.0.0.9.0.0.1.2.3", "phone", "0.7.7.0.0.9.0.0.1.2.3"),
            ("text 7700 900123 after six", "phone", "7700 900123"),
            (
                "０７７００ ９００１２３",
                "phone",
                "０７７００ ９００１２３",
            ),
            ("we live at 12 Mill Lane, B33 8TH", "postcode", "B33 8TH"),
            ("my address is b338th", "postcode", "b338th"),
            ("SW1A 1AA", "postcode", "SW1A 1AA"),
            (
                "write to jo.bloggs@mail.example",
                "email",
                "jo.bloggs@mail.example",
            ),
            (
                "jo.bloggs (at) mail (dot) example",
                "email",
                "jo.bloggs (at) mail (dot) example",
            ),
            ("UPN R999999926001", "upn", "R999999926001"),
            ("C99999992600A", "upn", "C99999992600A"),
            ("his UPN is A801200005001", "upn", "A801200005001"),
        ];
        for (text, kind, found) in cases {
            assert_eq!(sure(text), [(kind.to_owned(), found.to_owned())], "{text}");
        }
    }

    #[test]
    fn the_schools_own_details_and_helplines_are_no_findings() {
        for text in [
            "Call the office on 0161 496 0123 or +44 161 496 0123",
            "office@st-saviours.example or head@st-saviours.example",
            "Find us at M1 1AE",
            "Childline 0800 1111, Samaritans 116 123, NSPCC 0808 800 5000, or 999",
        ] {
            assert_eq!(scan(text), [], "{text}");
        }
    }

    #[test]
    fn numbers_that_are_something_else_are_left_alone() {
        for text in [
            "Year 6 SATs KS2 1AT results",
            "12-10 at half time, 2026-11-20, 01/02/2026",
            "ISBN 978 0 340 99999 1",
            "We raised 1,234,567 points in 2026",
            "order 1234567890123456",
            "Room Y6 1AB",
            "at 10.30, 11.30 and 12.30",
            "07/11/2026, 9.30 in the hall",
            "01/02/2026 10:30",
            "01.15, 02.15, 03.15 and so on",
            "0-2, 3-1, 4-4, 2-0, 1-1 after five",
            "See you @ school.Bring a coat",
            "see you at school. bring a coat",
            "Room 0161 has 496 books and 12 chairs",
            "A000000000000",
            "Meet at the leisure centre B33 8TH for swimming",
            "hello@museum.example",
        ] {
            assert_eq!(sure(text), [], "{text}");
        }
    }

    #[test]
    fn an_upn_check_letter_raises_confidence() {
        let confidence = |text: &str| {
            scan(text)
                .first()
                .map_or(0.0, |(_, _, confidence)| *confidence)
        };
        assert!(confidence("B801200005001") > confidence("his UPN A801200005001"));
        assert!(confidence("UPN B801200005001") > confidence("B801200005001"));
    }

    #[test]
    fn too_little_budget_is_over_budget() {
        let surface = SurfaceText::new(Surface::Text, None, "ring 07700 900123");
        let meter = Budget { steps_per_check: 5 }.meter();
        assert_eq!(
            scan_personal_data(&[surface], &own(), &meter),
            Err(CheckFailure::OverBudget)
        );
    }

    proptest! {
        #[test]
        fn spans_lie_inside_the_text(text in "\\PC{0,80}|[0-9 ()+.@a-zA-Z-]{0,80}") {
            let surface = SurfaceText::new(Surface::Text, None, &text);
            let count = surface.char_count() as u32;
            for finding in scan_personal_data(std::slice::from_ref(&surface), &own(), &Budget::default().meter()).unwrap() {
                let span = finding.span().unwrap();
                prop_assert!(span.start < span.end && span.end <= count);
                prop_assert_eq!(finding.text.as_deref(), Some(surface.slice(span)));
            }
        }
    }
}
