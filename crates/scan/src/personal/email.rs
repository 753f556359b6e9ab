//! E-mail addresses, also those written with "(at)" and "dot" (DOMAIN 2.12).

use std::sync::LazyLock;

use regex::Regex;
use schoolgate_model::Severity;

use super::{Candidate, OwnDetails};

static PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[a-z0-9][a-z0-9._%+'-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}").ok()
});

static SPELLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b[a-z0-9][a-z0-9._%+-]{0,63}\s{0,2}(?:[\[(]\s?at\s?[\])]|\sat\s)\s{0,2}[a-z0-9-]{1,63}(?:\s{0,2}(?:[\[(]\s?dot\s?[\])]|\sdot\s|\.)\s{0,2}[a-z]{2,12}){1,3}\b").ok()
});

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

pub(super) fn scan(text: &str, own: &OwnDetails) -> Vec<Candidate> {
    let plain = PLAIN.iter().flat_map(|pattern| pattern.find_iter(text));
    let spelled = SPELLED
        .iter()
        .flat_map(|pattern| pattern.find_iter(text))
        // "meet at school. bring a coat": without brackets it must say "dot"
        .filter(|found| found.as_str().contains(['(', '[']) || found.as_str().contains(" dot "));
    plain
        .chain(spelled)
        .filter_map(|found| {
            let address = undo_spelling(found.as_str().trim_end_matches(['.', '-', '\'']));
            if own.is_own_email(&address) {
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
        .filter(|c| !matches!(c, '(' | ')' | '[' | ']'))
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
