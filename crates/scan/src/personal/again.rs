//! A second number beside the first: "BX14 OJU or BX14 0JU, couldn't tell", "the band said 999 226 7089 and mine says 999 226
//! 7098". What is written exactly like a detail just found, a few words from it, is another of its kind, whatever its check
//! digit says.

use std::ops::Range;

use super::{
    Candidate,
    cues::{GOODS, IDENT},
    kind::Kind,
    page::Page,
};

/// What is told by a row of letters and figures that fits hardly anything else.
const KINDS: &[Kind] = &[
    Kind::NhsNumber,
    Kind::VehicleRegistration,
    Kind::Upn,
    Kind::Uln,
    Kind::NationalInsurance,
    Kind::Passport,
    Kind::BankAccount,
    Kind::Iban,
    Kind::DrivingLicence,
    Kind::PaymentCard,
];
/// The fewest signs of such a row.
const FEWEST: usize = 6;
/// How many bytes may stand between the two.
const APART: usize = 60;
/// How sure the first must be.
const SURE: f32 = 0.75;
/// How much less sure the second is.
const LESS: f32 = 0.15;

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let mut others = Vec::new();
    for first in found.iter() {
        let signs = page.text[first.bytes.clone()].bytes();
        let rows = KINDS.contains(&first.kind)
            && first.confidence >= SURE
            && signs.filter(u8::is_ascii_alphanumeric).count() >= FEWEST;
        if !rows {
            continue;
        }
        for bytes in like(page, &first.bytes) {
            let known = |known: &Candidate| known.kind == first.kind && known.overlaps(&bytes);
            if !found.iter().any(known) && !page.near(&bytes, IDENT | GOODS, 24, 0) {
                others.push(Candidate::new(first.kind, bytes, first.confidence - LESS));
            }
        }
    }
    found.append(&mut others);
}

/// Where something is written like the first, sign by sign, at most [`APART`] bytes from it.
fn like(page: &Page<'_>, first: &Range<usize>) -> Vec<Range<usize>> {
    let text = page.text.as_bytes();
    let shape = &text[first.clone()];
    let from = first.start.saturating_sub(APART + shape.len());
    let to = (first.end + APART + shape.len()).min(text.len());
    let windows = text[from..to].windows(shape.len()).enumerate();
    windows
        .filter(|(_, signs)| {
            signs
                .iter()
                .zip(shape)
                .all(|(one, other)| is_alike(*one, *other))
        })
        .map(|(at, signs)| from + at..from + at + signs.len())
        .filter(|bytes| bytes.end <= first.start || bytes.start >= first.end)
        .filter(|bytes| {
            page.stands_alone(bytes) && page.text[bytes.clone()] != page.text[first.clone()]
        })
        .collect()
}

/// Whether both are figures, both letters, or what stands for one another: a nought and an O, a one and an I.
fn is_alike(one: u8, other: u8) -> bool {
    let misread = |a, b| {
        matches!(
            (a, b),
            (b'o', b'0') | (b'0', b'o') | (b'i', b'1') | (b'1', b'i')
        )
    };
    one == other
        || one.is_ascii_digit() && other.is_ascii_digit()
        || one.is_ascii_lowercase() && other.is_ascii_lowercase()
        || misread(one, other)
}

#[cfg(test)]
mod tests {
    use crate::personal::tests::told;

    #[test]
    fn another_of_a_kind_is_found_by_the_first() {
        for (kind, text, all) in [
            (
                "nhs_number",
                "NHS number 943 476 5919 on the band, and mine says 943 476 5991.",
                &["943 476 5919", "943 476 5991"][..],
            ),
            (
                "vehicle_registration",
                "The plate was BX14 OJU or BX14 0JU, couldn't tell.",
                &["BX14 OJU", "BX14 0JU"],
            ),
            (
                "nhs_number",
                "NHS number 943 476 5919, invoice number 943 476 5991.",
                &["943 476 5919"],
            ),
            (
                "nhs_number",
                "NHS number 943 476 5919. Score 943 to 476.",
                &["943 476 5919"],
            ),
        ] {
            assert_eq!(told(kind, text), all, "{text}");
        }
    }
}
