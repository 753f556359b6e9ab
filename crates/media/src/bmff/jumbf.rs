//! JUMBF boxes (ISO/IEC 19566-5), which carry content credentials (C2PA): labels, and the texts in their JSON and CBOR.
//! Signatures are searched for the names in their certificates. Bounded, without recursion.

use super::boxes::{Part, Parts, be16, be32, is_name, until_zero};
use super::names::kind_of;
use super::plain::{is_text, mine};
use crate::report::Collector;
use crate::report::MetadataKind::{Comment, Device, SerialNumber, Thumbnail};
use crate::text;

/// Manifests inside manifests.
const MAX_DEPTH: usize = 16;
/// Boxes of one store.
const MAX_BOXES: usize = 2000;
/// Entries of one store.
const MAX_TEXTS: usize = 2000;
/// Longest text that is taken for the name of what follows it.
const MAX_KEY: usize = 60;

/// Reports a manifest store: the superbox itself, or what stands in one.
pub(crate) fn report_jumbf(bytes: &[u8], out: &mut Collector) {
    out.blob(Device, "C2PA");
    report_boxes(bytes, out);
}

/// Reports the store in a C2PA `uuid` box: version, purpose, an offset, then boxes.
pub(super) fn in_uuid(body: &[u8], out: &mut Collector) {
    let (purpose, rest) = until_zero(body.get(4..).unwrap_or_default());
    let boxes = match purpose {
        b"manifest" | b"original" | b"update" => rest.get(8..).unwrap_or_default(),
        _ => rest,
    };
    report_jumbf(boxes, out);
}

/// Reports the boxes in a JPEG's APP11 segments (ISO/IEC 18477-3): `JP`, the number of the box, the number of the piece,
/// then the box; every further piece repeats its header.
pub(crate) fn report_app11(segments: Vec<&[u8]>, out: &mut Collector) {
    let mut pieces: Vec<(u16, u32, &[u8])> = segments
        .into_iter()
        .filter_map(|data| Some((be16(data, 2)?, be32(data, 4)?, data.get(8..)?)))
        .collect();
    pieces.sort_by_key(|(number, piece, _)| (*number, *piece));
    pieces.dedup_by_key(|(number, piece, _)| (*number, *piece));
    for store in pieces.chunk_by(|a, b| a.0 == b.0) {
        let whole: Vec<u8> = store
            .iter()
            .enumerate()
            .flat_map(|(index, (.., body))| {
                let header = if be32(body, 0) == Some(1) { 16 } else { 8 };
                let skip = if index == 0 { 0 } else { header };
                body.get(skip..).unwrap_or_default()
            })
            .copied()
            .collect();
        report_jumbf(&whole, out);
    }
}

/// Walks the boxes of a store.
pub(super) fn report_boxes(bytes: &[u8], out: &mut Collector) {
    let mut levels = vec![(Parts::new(bytes), String::new())];
    let mut boxes = 0;
    while let depth @ 1.. = levels.len()
        && let Some((parts, label)) = levels.last_mut()
    {
        match parts.next() {
            Ok(Some(part)) if boxes < MAX_BOXES && is_name(part.kind) => {
                boxes += 1;
                match &part.kind {
                    b"jumb" if depth < MAX_DEPTH => {
                        levels.push((Parts::new(part.body), String::new()));
                    }
                    b"jumd" => *label = description(part.body, out),
                    _ => content(&part, label, out),
                }
            }
            Ok(None) => {
                levels.pop();
            }
            _ => {
                let rest = parts.rest();
                mine(Device, "C2PA:Unreadable", rest, out);
                return;
            }
        }
    }
}

/// The label of a superbox: type, toggles, label, and what the toggles say.
fn description(body: &[u8], out: &mut Collector) -> String {
    let toggles = body.get(16).copied().unwrap_or(0);
    if toggles & 2 == 0 {
        return String::new();
    }
    let (label, _) = until_zero(body.get(17..).unwrap_or_default());
    let label = text::guess(&label[..label.len().min(120)], false).into_owned();
    // The label of a manifest is a number that names this one picture.
    let kind = match label.contains("urn:") {
        true => SerialNumber,
        false => Device,
    };
    out.text(kind, "C2PA:Label", &label);
    label
}

fn content(part: &Part<'_>, label: &str, out: &mut Collector) {
    match &part.kind {
        b"json" => json("C2PA", part.body, out),
        b"cbor" if label == "c2pa.signature" => mine(Device, "C2PA:Signature", part.body, out),
        b"cbor" => cbor(part.body, out),
        b"bidb" | b"jp2c" => out.blob(Thumbnail, format!("C2PA:{label}")),
        b"bfdb" => {
            let (kind, name) = until_zero(part.body.get(1..).unwrap_or_default());
            out.bytes(Device, "C2PA:MediaType", kind);
            out.bytes(Comment, "C2PA:FileName", until_zero(name).0);
        }
        b"c2sh" | b"free" | b"skip" => {}
        b"xml " => super::xml::read("C2PA", part.body, out),
        _ => mine(Device, "C2PA:Block", part.body, out),
    }
}

fn entry(group: &str, key: &str, value: &str, out: &mut Collector) {
    // Names of algorithms and links inside the store say nothing about anybody.
    let is_plumbing = matches!(
        key,
        "alg" | "hash" | "pad" | "pad1" | "pad2" | "url" | "@type"
    ) || key.starts_with("@context")
        || value.starts_with("self#jumbf");
    if is_plumbing || !is_text(value) {
        return;
    }
    let kind = match key {
        "action" | "format" | "dc:format" | "relationship" | "kind" => Device,
        key => kind_of(key),
    };
    out.text(kind, format!("{group}:{key}"), value);
}

/// Reports the texts in a CBOR document (RFC 8949): its items come one after another, so nesting needs no recursion; a
/// short text that another value follows is taken for its name.
fn cbor(bytes: &[u8], out: &mut Collector) {
    let mut rest = bytes;
    let mut key = String::new();
    let mut texts = 0;
    while let Some((&first, after)) = rest.split_first() {
        let (major, minor) = (first >> 5, first & 31);
        let width = match minor {
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => 0,
        };
        let Some((number, after)) = after.split_at_checked(width) else {
            return;
        };
        let argument = match width {
            0 => u64::from(minor),
            _ => number.iter().fold(0, |sum, &b| sum << 8 | u64::from(b)),
        };
        rest = after;
        if !matches!(major, 2 | 3) || minor == 31 {
            continue;
        }
        let len = usize::try_from(argument).unwrap_or(usize::MAX);
        let Some((value, after)) = rest.split_at_checked(len) else {
            return mine(Device, "C2PA:Unreadable", rest, out);
        };
        rest = after;
        if major == 2 {
            continue;
        }
        texts += 1;
        if texts > MAX_TEXTS {
            return out.cut();
        }
        let value = text::guess(value, false);
        entry("C2PA", &key, &value, out);
        key = match value.len() <= MAX_KEY {
            true => value.into_owned(),
            false => String::new(),
        };
    }
}

/// Reports the texts in a JSON document under their names. It is not checked for being one.
pub(super) fn json(group: &str, bytes: &[u8], out: &mut Collector) {
    let text = text::guess(bytes, false);
    let mut rest = &*text;
    let mut key = String::new();
    let mut texts = 0;
    while let Some(start) = rest.find('"') {
        let (value, after) = json_string(&rest[start + 1..]);
        texts += 1;
        if texts > MAX_TEXTS {
            return out.cut();
        }
        rest = after.trim_start();
        match rest.strip_prefix(':') {
            Some(after) => {
                key = value.chars().take(MAX_KEY).collect();
                rest = after;
            }
            None => entry(group, &key, &value, out),
        }
    }
}

/// Reads a string whose opening mark is gone; returns it and what follows.
fn json_string(text: &str) -> (String, &str) {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (out, &text[at + 1..]),
            '\\' => match chars.next() {
                Some((at, 'u')) => {
                    let code = text
                        .get(at + 1..at + 5)
                        .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                    out.push(code.and_then(char::from_u32).unwrap_or(' '));
                    chars.nth(3);
                }
                Some((_, 'n' | 'r' | 't' | 'b' | 'f')) => out.push(' '),
                Some((_, c)) => out.push(c),
                None => break,
            },
            c => out.push(c),
        }
    }
    (out, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::report::MetadataKind::{self, Gps, PersonName};

    fn part(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let size = (8 + body.len()) as u32;
        [&size.to_be_bytes()[..], kind, body].concat()
    }

    fn described(label: &str, content: &[u8]) -> Vec<u8> {
        let jumd = [&[0; 16][..], &[3], label.as_bytes(), b"\0"].concat();
        part(b"jumb", &[&part(b"jumd", &jumd)[..], content].concat())
    }

    fn entries(bytes: &[u8]) -> Vec<(MetadataKind, String, Option<String>)> {
        let mut out = Collector::new(&Limits::default());
        report_jumbf(bytes, &mut out);
        let entries = out.finish().unwrap().0;
        entries
            .into_iter()
            .map(|e| (e.kind, e.tag, e.value))
            .collect()
    }

    #[test]
    fn texts_of_a_manifest_are_reported_by_name() {
        let json = br#"{"@context":"http://x","exif:GPSLatitude":"53,29.0N","author":[{"name":"Zo\u00eb Khan"}]}"#;
        let cbor = b"\xA2\x6Fclaim_generator\x6DInvented Kit\x21\x63alg\x66sha256";
        let claim = [
            described("stds.schema-org.CreativeWork", &part(b"json", json)),
            described("c2pa.claim", &part(b"cbor", cbor)),
            described("c2pa.thumbnail.claim.jpeg", &part(b"bidb", b"picture")),
        ]
        .concat();
        let found = entries(&described("urn:uuid:0042", &claim));
        let has = |kind, tag: &str, value: Option<&str>| {
            let wanted = (kind, tag.to_owned(), value.map(str::to_owned));
            assert!(found.contains(&wanted), "{wanted:?} not in {found:?}");
        };
        has(SerialNumber, "C2PA:Label", Some("urn:uuid:0042"));
        has(Gps, "C2PA:exif:GPSLatitude", Some("53,29.0N"));
        has(Comment, "C2PA:name", Some("Zoë Khan"));
        has(Device, "C2PA:claim_generator", Some("Invented Kit!"));
        has(Thumbnail, "C2PA:c2pa.thumbnail.claim.jpeg", None);
        assert!(!found.iter().any(|e| e.1 == "C2PA:alg"));
        assert_eq!(kind_of("author"), PersonName);
    }

    #[test]
    fn nesting_lies_and_rubbish_come_to_an_end() {
        let mut deep = Vec::new();
        for _ in 0..100 {
            deep = described("x", &deep);
        }
        let cbor = part(b"cbor", b"\x7B\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFabc");
        for bytes in [deep, cbor, part(b"json", b"{\"a\\"), b"jumb".to_vec()] {
            entries(&bytes);
        }
        let whole = described("label", &part(b"json", br#"{"a":"b \u12"}"#));
        for len in 0..whole.len() {
            entries(&whole[..len]);
        }
    }
}
