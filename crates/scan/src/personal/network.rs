//! Network addresses: IPv4 and IPv6.

use std::{net::Ipv6Addr, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{IP, PRIVATE, VERSION},
    kind::Kind,
    page::Page,
};

static FOUR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[0-9]{1,3}(?: ?\. ?[0-9]{1,3}){3}(?-u:\b)").ok());
static SIX: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)[0-9a-f]{1,4}(?::{1,2}[0-9a-f]{1,4}){2,7}(?-u:\b)").ok());

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in FOUR.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let bytes = shaped.range();
        let spaced = shaped.as_str().contains(' ');
        let parts: Option<Vec<u8>> = shaped
            .as_str()
            .split('.')
            .map(|part| part.trim().parse().ok())
            .collect();
        let longer = page.text[..bytes.start].ends_with('.') || {
            let after = page.text_after(bytes.end, 2).as_bytes();
            after.first() == Some(&b'.') && after.get(1).is_some_and(u8::is_ascii_digit)
        };
        let Some(parts) = parts.filter(|_| !longer) else {
            continue;
        };
        let padded = shaped
            .as_str()
            .split('.')
            .map(str::trim)
            .any(|part| part.len() > 1 && part.starts_with('0'));
        let big = parts.iter().filter(|part| **part >= 10).count();
        // a printer in the building is nobody's household
        let inside = matches!(parts[..2], [10 | 127, _] | [192, 168] | [172, 16..=31])
            && [
                "printer",
                "copier",
                "server",
                "screen",
                "camera",
                "whiteboard",
            ]
            .iter()
            .any(|thing| page.text_before(bytes.start, 40).contains(thing))
            && !page.near(&bytes, PRIVATE, 60, 40);
        // the same in every house: 127.0.0.1, 192.168.0.1
        let everywhere = matches!(parts[..], [0 | 127 | 255, ..])
            || matches!(parts[..2], [192, 168] | [10, _])
                && !page.near(&bytes, PRIVATE, 60, 40)
                && !page.text_before(bytes.start, 16).contains("ip");
        if inside || everywhere {
            continue;
        }
        let named = page.near(&bytes, IP, 40, 25);
        let version = page.near(&bytes, VERSION, 20, 0);
        let confidence = match (named, version) {
            (_, true) => continue,
            (true, false) if !padded => 0.9,
            (false, false) if !padded && !spaced && big >= 2 && (1..=223).contains(&parts[0]) => {
                0.6
            }
            _ => continue,
        };
        found.push(Candidate::new(Kind::Ip, bytes, confidence));
    }
    for shaped in SIX.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let hex = shaped
            .as_str()
            .bytes()
            .any(|byte| byte.is_ascii_alphabetic());
        let long = shaped.as_str().matches(':').count() == 7;
        let named = page.near(&shaped.range(), IP, 40, 25);
        if shaped.as_str().parse::<Ipv6Addr>().is_ok()
            && (long || named || hex && shaped.len() > 12)
        {
            let confidence = if named { 0.95 } else { 0.8 };
            found.push(Candidate::new(Kind::Ip, shaped.range(), confidence));
        }
    }
}
