//! Reads the text of an XMP packet (ISO 16684-1) with a small bounded tokeniser: every property and attribute value that
//! is not purely technical becomes an entry. It does not resolve namespaces (the usual prefixes are assumed) and does not
//! interpret structures beyond the name of the nearest property.

use std::borrow::Cow;

use crate::error::MediaError;
use crate::report::Collector;
use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail,
};
use crate::text;

/// What a JPEG's APP1 starts with when it holds XMP.
pub(crate) const PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// The same for the pieces of a packet too long for one segment.
pub(crate) const EXTENSION_PREFIX: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";

const BROKEN: MediaError = MediaError::Malformed("its XMP details cannot be read");
const MAX_DEPTH: usize = 128;

/// Reports the properties of a packet.
pub(crate) fn read(packet: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let text = decode(packet)?;
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{FEFF}');
    let mut open: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        let (words, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        emit(property(&open), words, out);
        if markup.is_empty() {
            break;
        }
        rest = markup_item(markup, &mut open, out)?;
    }
    match open.is_empty() {
        true => Ok(()),
        false => Err(BROKEN),
    }
}

fn decode(packet: &[u8]) -> Result<Cow<'_, str>, MediaError> {
    match packet {
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Ok(Cow::Owned(text::utf16(packet, true))),
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Ok(Cow::Owned(text::utf16(packet, false))),
        _ => std::str::from_utf8(packet)
            .map(Cow::Borrowed)
            .map_err(|_| BROKEN),
    }
}

/// Consumes one piece of markup at the start of `rest` and returns what follows it.
fn markup_item<'a>(
    rest: &'a str,
    open: &mut Vec<&'a str>,
    out: &mut Collector,
) -> Result<&'a str, MediaError> {
    for (start, end) in [("<?", "?>"), ("<!--", "-->"), ("<![CDATA[", "]]>")] {
        if let Some(body) = rest.strip_prefix(start) {
            let (inside, after) = body.split_once(end).ok_or(BROKEN)?;
            if start == "<![CDATA[" {
                emit(property(open), inside, out);
            }
            return Ok(after);
        }
    }
    if let Some(body) = rest.strip_prefix("</") {
        let (name, after) = body.split_once('>').ok_or(BROKEN)?;
        return match open.pop() == Some(name.trim()) {
            true => Ok(after),
            false => Err(BROKEN),
        };
    }
    // A document type could define entities that grow without end; XMP has none.
    if rest.starts_with("<!") {
        return Err(BROKEN);
    }
    start_tag(rest.strip_prefix('<').unwrap_or(rest), open, out)
}

fn start_tag<'a>(
    body: &'a str,
    open: &mut Vec<&'a str>,
    out: &mut Collector,
) -> Result<&'a str, MediaError> {
    let name_len = body
        .find(|c: char| c.is_whitespace() || c == '/' || c == '>')
        .filter(|&len| len > 0)
        .ok_or(BROKEN)?;
    let (name, mut rest) = body.split_at(name_len);
    if open.len() >= MAX_DEPTH {
        return Err(BROKEN);
    }
    open.push(name);
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            open.pop();
            return Ok(after);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok(after);
        }
        rest = attribute(rest, open, out)?;
    }
}

fn attribute<'a>(rest: &'a str, open: &[&str], out: &mut Collector) -> Result<&'a str, MediaError> {
    let (name, after) = rest.split_once('=').ok_or(BROKEN)?;
    let name = name.trim();
    let after = after.trim_start();
    let quote = after
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))
        .ok_or(BROKEN)?;
    let (value, after) = after[1..].split_once(quote).ok_or(BROKEN)?;
    let is_plumbing = name.starts_with("xmlns") || name == "xml:lang";
    let owner = if name.starts_with("rdf:") || !name.contains(':') {
        property(open)
    } else {
        Some(name)
    };
    // `rdf:about` and `rdf:parseType` describe the graph; the other rdf attributes carry values.
    if !is_plumbing && !matches!(name, "rdf:about" | "rdf:parseType" | "about") {
        emit(owner, value, out);
    }
    Ok(after)
}

/// Returns the property that a text inside `open` belongs to: the nearest element that is not RDF plumbing.
fn property<'a>(open: &[&'a str]) -> Option<&'a str> {
    let is_plumbing = |name: &str| name.starts_with("rdf:") || name.starts_with("x:");
    open.iter().rev().copied().find(|name| !is_plumbing(name))
}

fn emit(name: Option<&str>, value: &str, out: &mut Collector) {
    if value.trim().is_empty() {
        return;
    }
    let (prefix, local) = name
        .and_then(|name| name.split_once(':'))
        .unwrap_or(("", name.unwrap_or("")));
    match classify(prefix, local, value) {
        Some(Thumbnail) => out.blob(Thumbnail, format!("XMP:{prefix}:{local}")),
        Some(kind) => out.text(kind, format!("XMP:{prefix}:{local}"), &unescape(value)),
        None => {}
    }
}

fn classify(prefix: &str, local: &str, value: &str) -> Option<MetadataKind> {
    let lower = local.to_ascii_lowercase();
    let has = |part: &str| lower.contains(part);
    if prefix == "xmpGImg" && local != "image" {
        return None;
    }
    match () {
        () if (prefix == "xmpGImg" && local == "image")
            || matches!(prefix, "GImage" | "GDepth") =>
        {
            Some(Thumbnail)
        }
        () if lower.starts_with("gps") || matches!(&*lower, "latitude" | "longitude") => Some(Gps),
        () if has("serialnumber") || lower == "imageuniqueid" => Some(SerialNumber),
        () if has("owner")
            || has("copyright")
            || matches!(&*lower, "rights" | "credit" | "source") =>
        {
            Some(Owner)
        }
        () if is_person(prefix, &lower) => Some(PersonName),
        () if lower.ends_with("date") || lower.starts_with("date") || lower == "when" => {
            Some(CaptureTime)
        }
        () if matches!(
            &*lower,
            "make"
                | "model"
                | "software"
                | "creatortool"
                | "softwareagent"
                | "lens"
                | "lensmodel"
                | "lensmake"
        ) =>
        {
            Some(Device)
        }
        () if matches!(&*lower, "usercomment" | "imagedescription") => Some(Comment),
        () if is_technical(prefix, &lower) => None,
        // A value without a letter is a setting or a flag.
        () if !value.chars().any(char::is_alphabetic) => None,
        () => Some(Comment),
    }
}

fn is_person(prefix: &str, lower: &str) -> bool {
    let person = [
        "creator",
        "author",
        "artist",
        "contributor",
        "person",
        "photographer",
        "byline",
    ];
    let by_word = person.iter().any(|word| lower.contains(word));
    let by_region = lower == "name" && matches!(prefix, "mwg-rs" | "MPReg" | "apple-fi");
    let not_a_name = matches!(
        lower,
        "creatortool" | "authorsposition" | "creatorcontactinfo"
    );
    (by_word || by_region || lower == "captionwriter") && !not_a_name
}

fn is_technical(prefix: &str, lower: &str) -> bool {
    let by_prefix = matches!(
        prefix,
        "crs"
            | "crss"
            | "exif"
            | "exifEX"
            | "tiff"
            | "xmpMM"
            | "stEvt"
            | "stRef"
            | "stMfs"
            | "stArea"
            | "stDim"
            | "mwg-rs"
            | "apple-fi"
            | "MPReg"
            | "GPano"
            | "GCamera"
            | "GContainer"
            | "Container"
            | "Item"
            | "hdrgm"
            | "HDRGainMap"
            | "xmpG"
            | "xmpTPg"
            | "stFnt"
            | "aux"
            | "xmpNote"
            | "x"
            | "xml"
            | "rdf"
    );
    let by_name = matches!(
        lower,
        "format"
            | "colormode"
            | "iccprofile"
            | "legacyiptcdigest"
            | "rating"
            | "type"
            | "marked"
            | "urgency"
            | "sidecarforextension"
            | "documentancestors"
            | "historylines"
            | "toolkit"
    );
    by_prefix || by_name
}

fn unescape(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        // The longest reference is "#x10FFFF"; a bare ampersand stays as it is.
        let end = tail.bytes().take(10).position(|b| b == b';');
        match end.and_then(|end| entity(&tail[..end]).map(|c| (c, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('&');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn entries(packet: &str) -> Vec<(MetadataKind, String, Option<String>)> {
        let mut out = Collector::new(&Limits::default());
        read(packet.as_bytes(), &mut out).unwrap();
        out.finish()
            .unwrap()
            .0
            .into_iter()
            .map(|e| (e.kind, e.tag, e.value))
            .collect()
    }

    #[test]
    fn elements_attributes_and_entities_are_read() {
        let found = entries(
            r#"<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Kit"><rdf:RDF><rdf:Description rdf:about=""
            photoshop:City="Salford" tiff:XResolution="72/1"><dc:creator><rdf:Seq><rdf:li>Amelia &amp; &#x42;en</rdf:li>
            </rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"#,
        );
        let expected = [
            (
                Comment,
                "XMP:photoshop:City".to_owned(),
                Some("Salford".to_owned()),
            ),
            (
                PersonName,
                "XMP:dc:creator".to_owned(),
                Some("Amelia & Ben".to_owned()),
            ),
        ];
        assert_eq!(
            found
                .iter()
                .filter(|e| e.1 != "XMP:x:xmptk")
                .cloned()
                .collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn a_packet_that_breaks_off_is_an_error() {
        for packet in [
            "<a",
            "<a>",
            "<a b=",
            "<a b='",
            "<!--",
            "<!DOCTYPE x>",
            "<a></b>",
            "<>",
        ] {
            let mut out = Collector::new(&Limits::default());
            assert!(read(packet.as_bytes(), &mut out).is_err(), "{packet}");
        }
    }
}
