//! E-mail addresses, also those written with "(at)" and "dot" (DOMAIN 2.12).

use std::sync::LazyLock;

use regex::Regex;
use schoolgate_model::Severity;

use super::{Candidate, OwnDetails};
use crate::SurfaceText;

static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[a-z0-9][a-z0-9._%+'-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}").ok()
});

static SPELLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let at = r"(?:\s{0,2}[\[({<]\s?(?:at|@)\s?[\])}>]\s{0,2}|\sat\s|\s?@\s?)";
    let dot = r"(?:\s{0,2}[\[({<]\s?(?:dot|\.)\s?[\])}>]\s{0,2}|\sdot\s|\.)";
    Regex::new(&format!(
        r"\b[a-z0-9][a-z0-9._%+-]{{0,63}}{at}[a-z0-9-]{{1,63}}(?:{dot}[a-z0-9-]{{2,24}}){{1,4}}\b"
    ))
    .ok()
});

/// Endings that an address without brackets and without "dot" must have, because "see you @ school.Bring a coat" is none.
const ENDINGS: &[&str] = &[
    "com", "uk", "org", "net", "example", "info", "io", "biz", "eu", "ie", "scot", "wales",
    "cymru", "london", "pl", "ro",
];

/// Mailboxes of an organisation, not of a person.
const ROLES: &[&str] = &[
    "admin",
    "info",
    "office",
    "enquiries",
    "enquiry",
    "contact",
    "contactus",
    "help",
    "hello",
    "bookings",
    "booking",
    "support",
    "reception",
    "mail",
    "team",
    "press",
    "events",
    "tickets",
    "shop",
    "sales",
    "customerservices",
    "noreply",
    "no-reply",
    "secretary",
    "friends",
    "pta",
    "governors",
    "head",
    "headteacher",
    "admissions",
    "dpo",
];

pub(super) fn scan(surface: &SurfaceText, own: &OwnDetails) -> Vec<Candidate> {
    let text = surface.folded().text();
    let plain = PLAIN.iter().flat_map(|pattern| pattern.find_iter(text));
    let spelled = SPELLED
        .iter()
        .flat_map(|pattern| pattern.find_iter(text))
        .filter(|found| {
            let (text, ending) = (
                found.as_str(),
                found.as_str().rsplit('.').next().unwrap_or_default(),
            );
            // "meet at school. bring a coat": without brackets it must say "dot" or end as addresses do
            text.contains(['(', '[', '{', '<'])
                || text.contains(" dot ")
                || text.contains('@') && ENDINGS.contains(&ending)
        });
    plain
        .chain(spelled)
        .filter_map(|found| {
            let address = undo_spelling(found.as_str().trim_end_matches(['.', '-', '\'']));
            // an address in look-alike letters is somebody else's, whatever it folds to
            let plain = surface.folded().span(found.range()).is_some_and(|span| surface.slice(span).is_ascii());
            if plain && own.is_own_email(&address) {
                return None;
            }
            let local = address.split('@').next().unwrap_or_default();
            let confidence = if ROLES.contains(&local) { 0.4 } else { 0.95 };
            let end = found.start() + found.as_str().trim_end_matches(['.', '-', '\'']).len();
            Some(Candidate {
                bytes: found.start()..end,
                confidence,
                rule: "email-address",
                kind: "email",
                severity: Severity::High,
                message: "An e-mail address that is not one of the school's own: a private person's address must not be public",
            })
        })
        .collect()
}

fn undo_spelling(address: &str) -> String {
    let squeezed: String = address
        .chars()
        .filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>'))
        .collect();
    let mut parts = squeezed.split_whitespace().peekable();
    let mut plain = String::new();
    for part in parts.by_ref() {
        match part {
            "at" if !plain.contains('@') => plain.push('@'),
            "dot" => plain.push('.'),
            other => plain.push_str(other),
        }
    }
    plain
}
