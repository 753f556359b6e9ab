//! The school's own details and the public helplines: never a finding.

use std::collections::HashSet;

/// Public helplines and emergency numbers that schools are asked to share, as national digits.
/// Source: the charities' own published numbers, November 2026.
const HELPLINES: &[&str] = &[
    "08001111",    // Childline
    "08088005000", // NSPCC
    "0800136663",  // NSPCC, report abuse in education
    "03704967622", // National Crime Agency, for CEOP
    "08000684141", // Papyrus HopelineUK
    "08088025544", // YoungMinds parents' helpline
    "08088002222", // Family Lives
    "08082000247", // National Domestic Abuse Helpline
    "08088010677", // Beat (eating disorders)
    "0800555111",  // Crimestoppers
    "03001236600", // Talk to Frank
    "116123",      // Samaritans
    "116000",      // Missing People
];

/// Shortest domain name that makes an account name the school's own.
const SHORTEST_OWN_NAME: usize = 5;

/// What belongs to the school itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnDetails {
    phones: HashSet<String>,
    emails: HashSet<String>,
    postcodes: HashSet<String>,
    domains: Vec<String>,
    addresses: Vec<String>,
}

impl OwnDetails {
    /// Takes the details as the school wrote them.
    pub fn new(
        phones: &[String],
        emails: &[String],
        postcodes: &[String],
        domains: &[String],
    ) -> Self {
        Self {
            phones: phones.iter().map(|phone| national_digits(phone)).collect(),
            emails: emails
                .iter()
                .map(|email| email.trim().to_lowercase())
                .collect(),
            postcodes: postcodes.iter().map(|postcode| squeeze(postcode)).collect(),
            domains: domains
                .iter()
                .map(|domain| {
                    domain
                        .trim()
                        .to_lowercase()
                        .trim_start_matches("www.")
                        .to_owned()
                })
                .collect(),
            addresses: Vec::new(),
        }
    }

    /// Adds the school's addresses (`2 Priory Lane`).
    #[must_use]
    pub fn with_addresses(mut self, addresses: &[String]) -> Self {
        self.addresses = addresses
            .iter()
            .map(|address| plain_address(address))
            .filter(|address| !address.is_empty())
            .collect();
        self
    }

    /// Whether an address found is one of the school's, however much of it either of them says.
    pub(super) fn is_own_address(&self, found: &str) -> bool {
        let found = plain_address(found);
        self.addresses
            .iter()
            .any(|own| found.contains(own.as_str()) || own.contains(&found))
    }

    pub(super) fn is_own_phone(&self, national: &str) -> bool {
        self.phones.contains(national) || HELPLINES.contains(&national)
    }

    /// Whether these are the last digits of one of the school's numbers, written without the code of the town.
    pub(super) fn is_end_of_own_phone(&self, digits: &str) -> bool {
        self.phones.iter().any(|phone| phone.ends_with(digits))
    }

    pub(super) fn is_own_postcode(&self, postcode: &str) -> bool {
        self.postcodes.contains(&squeeze(postcode))
    }

    /// Whether an account name, its letters and digits in small, is made of one of the school's domains.
    pub(crate) fn is_own_handle(&self, plain: &str) -> bool {
        self.domains.iter().any(|own| {
            let name = own.split('.').next().unwrap_or_default();
            let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
            name.len() >= SHORTEST_OWN_NAME && plain.contains(&name)
        })
    }

    pub(super) fn is_own_email(&self, email: &str) -> bool {
        let host = email.rsplit('@').next().unwrap_or_default();
        self.emails.contains(email)
            || self.domains.iter().any(|own| {
                host == own
                    || host
                        .strip_suffix(own.as_str())
                        .is_some_and(|rest| rest.ends_with('.'))
            })
    }
}

/// The digits of a UK number in national form: `+44 (0)161...` and `0044...` become `0161...`.
pub(super) fn national_digits(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let international =
        number.trim_start_matches(['(', ' ']).starts_with('+') || digits.starts_with("0044");
    match digits.trim_start_matches("00").strip_prefix("44") {
        Some(rest) if international => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    }
}

/// Folded words with single spaces, so that commas and capitals do not matter.
fn plain_address(address: &str) -> String {
    let folded = crate::fold(address);
    let words: Vec<&str> = folded
        .text()
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn squeeze(postcode: &str) -> String {
    postcode
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_form_has_the_same_national_digits() {
        for form in [
            "0161 496 0123",
            "+44 161 496 0123",
            "+44 (0)161 496 0123",
            "0044 161 4960123",
            "(0161) 4960123",
        ] {
            assert_eq!(national_digits(form), "01614960123", "{form}");
        }
    }

    #[test]
    fn a_subdomain_is_the_schools_own_and_a_look_alike_is_not() {
        let own = OwnDetails::new(&[], &[], &[], &["www.st-saviours.example".to_owned()]);
        assert!(own.is_own_email("a@mail.st-saviours.example"));
        assert!(!own.is_own_email("a@evil-st-saviours.example"));
    }
}
