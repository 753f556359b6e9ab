//! Reads plain XML that is not XMP: Sony's film details, Google's spherical description, property lists. Every text and
//! attribute becomes an entry under the nearest element's name, sorted by that name's words.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::names::kind_of;
use super::plain::mine;
use crate::report::Collector;
use crate::report::MetadataKind::{Comment, Device};
use crate::text;

/// Elements that may be open at once.
const MAX_DEPTH: usize = 64;
/// Longest document that is read.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Reports a document; what is not XML is searched for its words.
pub(super) fn read(group: &str, body: &[u8], out: &mut Collector) {
    let start = body.iter().position(|&b| b == b'<').unwrap_or(body.len());
    let body = &body[start..];
    let end = body.iter().rposition(|&b| b == b'>').map_or(0, |at| at + 1);
    let head = &body[..end.min(MAX_BYTES)];
    let decoded = text::guess(head, false);
    if end > MAX_BYTES || document(group, &decoded, out).is_none() {
        mine(Device, &format!("{group}:Unreadable"), body, out);
    }
}

fn document(group: &str, xml: &str, out: &mut Collector) -> Option<()> {
    let mut reader = Reader::from_str(xml);
    let mut place = Element::default();
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                place.flush(group, out);
                attributes(group, &element, out);
                place.open.push(local(element.name().as_ref()));
                if place.open.len() > MAX_DEPTH {
                    return None;
                }
            }
            Event::Empty(element) => {
                place.flush(group, out);
                attributes(group, &element, out);
            }
            Event::End(_) => {
                place.flush(group, out);
                place.open.pop();
            }
            Event::Text(raw) => place.text.push_str(&raw.into_inner()),
            Event::CData(raw) => place.text.push_str(&raw.into_inner()),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", name.into_inner());
                place.text.push_str(&unescape(&reference));
            }
            Event::DocType(kind) if kind.contains('[') => return None,
            Event::Eof => return place.open.is_empty().then_some(()),
            _ => {}
        }
    }
}

/// Where in the document the reader is.
#[derive(Default)]
struct Element {
    open: Vec<String>,
    /// What has been read since the last tag.
    text: String,
    /// A property list names a value by the element before it.
    key: Option<String>,
}

impl Element {
    fn flush(&mut self, group: &str, out: &mut Collector) {
        let text = std::mem::take(&mut self.text);
        let value = text.trim();
        let name = self.open.last().map_or("", String::as_str);
        match name {
            _ if value.is_empty() => {}
            "key" => self.key = Some(value.chars().take(80).collect()),
            "string" | "integer" | "date" | "real" | "data" => {
                entry(group, self.key.as_deref().unwrap_or(name), value, out);
            }
            name => entry(group, name, value, out),
        }
    }
}

fn attributes(group: &str, element: &BytesStart<'_>, out: &mut Collector) {
    let name = local(element.name().as_ref());
    for attribute in element.attributes().with_checks(false).flatten() {
        let key = attribute.key.as_ref();
        if !key.starts_with("xmlns") {
            let key = local(key);
            entry(
                group,
                &format!("{name}{key}"),
                &unescape(&attribute.value),
                out,
            );
        }
    }
}

fn entry(group: &str, name: &str, value: &str, out: &mut Collector) {
    let kind = kind_of(name);
    // A figure says nothing unless its name makes it one that does.
    let is_figure = !value.chars().any(char::is_alphabetic);
    if !(is_figure && matches!(kind, Comment | Device)) {
        out.text(kind, format!("{group}:{name}"), value);
    }
}

fn unescape(value: &str) -> String {
    match quick_xml::escape::unescape(value) {
        Ok(plain) => plain.into_owned(),
        Err(_) => value.to_owned(),
    }
}

/// The name without its prefix.
fn local(name: &str) -> String {
    let local = name.rsplit(':').next().unwrap_or(name);
    local.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::report::MetadataKind::{self, CaptureTime, PersonName, SerialNumber};

    fn entries(xml: &str) -> Vec<(MetadataKind, String, Option<String>)> {
        let mut out = Collector::new(&Limits::default());
        read("XML", xml.as_bytes(), &mut out);
        let entries = out.finish().unwrap().0;
        entries
            .into_iter()
            .map(|e| (e.kind, e.tag, e.value))
            .collect()
    }

    #[test]
    fn sonys_details_are_read() {
        let found = entries(
            r#"<?xml version="1.0"?><NonRealTimeMeta xmlns="urn:x"><Duration value="1475"/>
            <CreationDate value="2026-05-01T10:11:12+01:00"/><Title>Sports &amp; games</Title>
            <Device manufacturer="Sony" modelName="X" serialNo="0042"/></NonRealTimeMeta>"#,
        );
        let has = |kind, tag: &str, value: &str| {
            let wanted = (kind, tag.to_owned(), Some(value.to_owned()));
            assert!(found.contains(&wanted), "{wanted:?} not in {found:?}");
        };
        has(
            CaptureTime,
            "XML:CreationDatevalue",
            "2026-05-01T10:11:12+01:00",
        );
        has(SerialNumber, "XML:DeviceserialNo", "0042");
        has(Comment, "XML:Title", "Sports & games");
        assert!(!found.iter().any(|e| e.1.starts_with("XML:Duration")));
    }

    #[test]
    fn property_lists_are_read_and_rubbish_is_searched() {
        let list = "<plist><dict><key>cast</key><array><dict><key>name</key>\
            <string>Amelia Jones</string></dict></array></dict></plist>";
        assert!(
            entries(list)
                .iter()
                .any(|e| e.2.as_deref() == Some("Amelia Jones"))
        );
        for broken in [
            "<a><b>Amelia Jones",
            "<!DOCTYPE x [<!ENTITY y 'z'>]><a>Amelia Jones</a>",
        ] {
            assert!(
                entries(broken).iter().any(|e| e.1 == "XML:Unreadable"),
                "{broken}"
            );
        }
        assert_eq!(kind_of("author"), PersonName);
    }
}
