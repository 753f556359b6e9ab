//! Takes pictures out of a message that is kept as it came: every other byte stays. Works on what is no valid JSON too,
//! because a message that could not be understood can hold a picture all the same.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

/// What stands in the place of a picture: an empty text.
const EMPTY: &[u8] = b"\"\"";

/// The message without the pictures, sent as base64, whose SHA-256 (lower-case hex) `is_gone` names; `None` where it
/// has none of them.
pub fn without_pictures(body: &[u8], is_gone: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    let mut kept = Vec::new();
    let mut copied = 0;
    for (start, end) in literals(body) {
        let Some(bytes) = decoded(&body[start..end]) else {
            continue;
        };
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        if is_gone(&hash) {
            kept.extend_from_slice(&body[copied..start]);
            kept.extend_from_slice(EMPTY);
            copied = end;
        }
    }
    if copied == 0 {
        return None;
    }
    kept.extend_from_slice(&body[copied..]);
    Some(kept)
}

/// Whether a message can hold a picture at all: a cheap question before an expensive one.
pub fn may_hold_pictures(body: &[u8]) -> bool {
    // an escaped key would be no `data` to a reader of bytes, so an escape counts too
    body.windows(6).any(|part| part == b"\"data\"") || body.windows(2).any(|part| part == b"\\u")
}

/// Where each quoted text begins and ends, quotes included.
fn literals(body: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + body.get(at..)?.iter().position(|byte| *byte == b'"')?;
        let mut end = start + 1;
        while *body.get(end)? != b'"' {
            end += if body[end] == b'\\' { 2 } else { 1 };
        }
        at = end + 1;
        Some((start, at))
    })
}

/// What a quoted text says in base64.
fn decoded(literal: &[u8]) -> Option<Vec<u8>> {
    let inside = literal.get(1..literal.len().checked_sub(1)?)?;
    if inside.is_empty() {
        return None;
    }
    if inside.contains(&b'\\') {
        let text: String = serde_json::from_slice(literal).ok()?;
        return STANDARD.decode(text).ok();
    }
    STANDARD.decode(inside).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &[u8] = &[0xff, 0xd8, 0xff, 0xfb, 0xef, 0xff, 1, 2, 3];

    fn gone(bytes: &[u8]) -> impl Fn(&str) -> bool {
        let hash: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        move |asked| asked == hash
    }

    #[test]
    fn only_the_picture_goes_and_every_other_byte_stays() {
        let data = STANDARD.encode(PICTURE);
        let other = STANDARD.encode(b"another picture");
        let message = |data: &str| {
            format!(
                "{{ \"text\":\"She said \\\"no\\\" \u{e9}\", \"n\":1.50, \"media\":[{{\"data\" : \"{data}\"}},\
                 {{\"data\":\"{other}\"}}],\"text\":\"twice\" }}"
            )
        };
        let body = message(&data);
        assert!(may_hold_pictures(body.as_bytes()));
        let kept = without_pictures(body.as_bytes(), gone(PICTURE)).unwrap();
        assert_eq!(String::from_utf8(kept).unwrap(), message(""));
        assert_eq!(without_pictures(body.as_bytes(), gone(b"third")), None);
    }

    #[test]
    fn an_escaped_or_broken_message_is_cleared_too() {
        let data = STANDARD.encode(PICTURE);
        assert!(data.contains('/'));
        let escaped = format!("{{\"data\":\"{}\"}}", data.replace('/', "\\/"));
        let kept = without_pictures(escaped.as_bytes(), gone(PICTURE)).unwrap();
        assert_eq!(kept, b"{\"data\":\"\"}");
        let broken = format!("{{\"media\":[{{\"data\":\"{data}\"}} oops \"");
        let kept = without_pictures(broken.as_bytes(), gone(PICTURE)).unwrap();
        assert_eq!(kept, b"{\"media\":[{\"data\":\"\"} oops \"");
        let twice = format!("\"{data}\"\"{data}\"");
        let kept = without_pictures(twice.as_bytes(), gone(PICTURE)).unwrap();
        assert_eq!(kept, b"\"\"\"\"");
    }

    #[test]
    fn nothing_makes_it_stumble() {
        for body in [
            b"".as_slice(),
            b"\"",
            b"\"\\",
            b"\"\\\"",
            b"\\\"\"",
            b"\"\\u\"",
            b"\"\xff\xfe\"",
        ] {
            assert_eq!(without_pictures(body, gone(PICTURE)), None);
        }
    }
}
