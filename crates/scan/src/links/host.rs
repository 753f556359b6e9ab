//! A host name and its parts: labels, the part that somebody registered, numbers that stand for an address.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::known::SECOND_LEVEL;

/// The longest host name that the domain name system allows.
const MAX_HOST: usize = 253;

/// A host, in small letters, without the last dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host(String);

impl Host {
    /// The host written so, where it can be one at all.
    pub(super) fn parse(written: &str) -> Option<Self> {
        let host = written.trim_end_matches('.').to_lowercase();
        let fine = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        (host.len() <= MAX_HOST && (host.starts_with('[') || host.split('.').all(fine)))
            .then_some(Self(host))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `domain` or below it.
    pub(super) fn is_within(&self, domain: &str) -> bool {
        self.0
            .strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// The part that somebody registered: `bbc.co.uk` of `news.bbc.co.uk`.
    pub(super) fn registered(&self) -> &str {
        let suffix = suffix_labels(&self.0);
        let mut labels = self.0.rmatch_indices('.');
        match labels.nth(suffix) {
            Some((dot, _)) => self.0.get(dot + 1..).unwrap_or(&self.0),
            None => &self.0,
        }
    }

    /// The first label of the registered part and what follows it: `bbc` and `co.uk`.
    pub(super) fn name_and_suffix(&self) -> (&str, &str) {
        self.registered().split_once('.').unwrap_or((&self.0, ""))
    }

    /// Whether it is a number that stands for an address: dotted, decimal, octal, hexadecimal or in brackets.
    pub(super) fn is_address(&self) -> bool {
        if let Some(inner) = self.0.strip_prefix('[') {
            let inner = inner.trim_end_matches(']');
            let bare = inner.split('%').next().unwrap_or(inner);
            return bare.parse::<Ipv6Addr>().is_ok();
        }
        self.0.parse::<Ipv4Addr>().is_ok() || is_numeric_address(&self.0)
    }
}

/// How many labels of a host are not its owner's to choose.
fn suffix_labels(host: &str) -> usize {
    let labels: Vec<&str> = host.rsplit('.').take(3).collect();
    match labels.as_slice() {
        // a school stands below its county
        ["uk", "sch", ..] => 3,
        [top, second, ..] if top.len() == 2 && SECOND_LEVEL.contains(second) => 2,
        _ => 1,
    }
}

/// The forms of an IPv4 address that browsers still read: `3232235521`, `0xC0A80001`, `0300.0250.1`.
fn is_numeric_address(host: &str) -> bool {
    let parts: Vec<Option<u64>> = host.split('.').take(5).map(number).collect();
    let Some((last, first)) = parts.split_last() else {
        return false;
    };
    let room = 4_u32.saturating_sub(u32::try_from(first.len()).unwrap_or(4));
    parts.len() <= 4
        && first.iter().all(|part| part.is_some_and(|n| n < 256))
        && last.is_some_and(|n| n < 256_u64.pow(room))
}

fn number(part: &str) -> Option<u64> {
    if let Some(hex) = part.strip_prefix("0x") {
        return u64::from_str_radix(if hex.is_empty() { "0" } else { hex }, 16).ok();
    }
    match part.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => u64::from_str_radix(octal, 8).ok(),
        _ => part.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registered_part_is_what_somebody_could_buy() {
        for (host, registered) in [
            ("news.bbc.co.uk", "bbc.co.uk"),
            ("www.st-hildas.example", "st-hildas.example"),
            ("www.oak.lancs.sch.uk", "oak.lancs.sch.uk"),
            ("a.b.evil.com", "evil.com"),
            ("evil.com", "evil.com"),
            ("co.uk", "co.uk"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(
                Host::parse(host).unwrap().registered(),
                registered,
                "{host}"
            );
        }
    }

    #[test]
    fn every_way_to_write_an_address_in_numbers_is_known() {
        for host in [
            "192.0.2.44",
            "3221225985",
            "0xC0000201",
            "0xc0.0.2.1",
            "0300.0.02.01",
            "127.1",
            "[::1]",
            "[2001:db8::1]",
            "[::ffff:192.0.2.1]",
            "[fe80::1%eth0]",
        ] {
            assert!(Host::parse(host).unwrap().is_address(), "{host}");
        }
        for host in [
            "192.0.2.example",
            "1.2.3.4.5",
            "256.1.1.1.1",
            "99999999999",
            "dead.beef",
            "08.1",
        ] {
            assert!(!Host::parse(host).unwrap().is_address(), "{host}");
        }
    }

    #[test]
    fn within_means_at_a_dot() {
        let host = Host::parse("Evil-BBC.co.uk.").unwrap();
        assert!(!host.is_within("bbc.co.uk"));
        assert!(Host::parse("www.bbc.co.uk").unwrap().is_within("bbc.co.uk"));
        assert!(Host::parse("-a.com").is_none() && Host::parse("a..com").is_none());
    }
}
