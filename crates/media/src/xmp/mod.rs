//! Reads an XMP packet (ISO 16684-1): every property and attribute value that is not purely technical becomes an entry.
//! `quick-xml` splits the markup and resolves namespaces; what a property is called is decided in `names`, what it gives
//! away in `meaning`. Depth, bindings and text are bounded, and no document type is obeyed.

mod meaning;
mod names;

use std::borrow::Cow;

use memchr::memmem;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;

use self::names::Level;
use crate::error::MediaError;
use crate::report::Collector;
use crate::report::MetadataKind::{PersonName, Thumbnail};
use crate::text;

/// What a JPEG's APP1 starts with when it holds XMP.
pub(crate) const PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// The same for the pieces of a packet too long for one segment.
pub(crate) const EXTENSION_PREFIX: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";

pub(crate) const BROKEN: MediaError = MediaError::Malformed("its XMP details cannot be read");

/// Real packets nest ten deep.
const MAX_DEPTH: usize = 128;
/// Real packets bind thirty prefixes.
const MAX_BINDINGS: usize = 256;

/// Finds the start of a packet in a block that holds other things too.
pub(crate) fn start(block: &[u8]) -> Option<usize> {
    let marks: [&[u8]; 4] = [
        b"<?xpacket begin",
        b"<x:xmpmeta",
        b"<x:xapmeta",
        b"<rdf:RDF",
    ];
    marks
        .iter()
        .filter_map(|mark| memmem::find(block, mark))
        .min()
}

/// Reports the properties of a packet. One that cannot be read to its end is an error, and what stood before is reported.
pub(crate) fn read(packet: &[u8], out: &mut Collector) -> Result<(), MediaError> {
    let text = decode(packet);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{FEFF}');
    if text.is_empty() {
        return Ok(());
    }
    let mut packet = Packet {
        open: Vec::new(),
        words: String::new(),
        has_regions: false,
        out,
    };
    let read = packet.read(text).ok_or(BROKEN);
    packet.flush();
    read
}

fn decode(packet: &[u8]) -> Cow<'_, str> {
    match packet {
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Cow::Owned(text::utf16(packet, true)),
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Cow::Owned(text::utf16(packet, false)),
        _ => text::guess(packet, false),
    }
}

/// A packet while it is being read.
struct Packet<'a> {
    /// The elements that are open, outermost first.
    open: Vec<Level>,
    /// Text since the last tag.
    words: String,
    has_regions: bool,
    out: &'a mut Collector,
}

impl Packet<'_> {
    /// Reads the whole packet; `None` when it breaks off or breaks the rules.
    fn read(&mut self, text: &str) -> Option<()> {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        let resolver = reader.resolver_mut();
        resolver.set_max_namespace_bindings(MAX_BINDINGS);
        loop {
            match reader.read_event().ok()? {
                Event::Start(tag) => {
                    self.flush();
                    self.start(&tag, &reader)?;
                }
                Event::Empty(tag) => {
                    self.flush();
                    self.start(&tag, &reader)?;
                    self.open.pop();
                }
                Event::End(_) => {
                    self.flush();
                    self.open.pop();
                }
                Event::Text(words) => self.words.push_str(&words),
                Event::CData(words) => self.words.push_str(&words),
                Event::GeneralRef(name) => self.reference(&name),
                // What follows the packet's end is padding.
                Event::PI(pi) if pi.target() == "xpacket" && pi.content().contains("end=") => {
                    return self.open.is_empty().then_some(());
                }
                // A document type could define entities that grow without end; XMP has none.
                Event::DocType(_) => return None,
                Event::Eof => return self.open.is_empty().then_some(()),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
            }
        }
    }

    fn reference(&mut self, name: &str) {
        let named = resolve_xml_entity(name).and_then(|word| word.chars().next());
        match named.or_else(|| character(name)) {
            Some(c) => self.words.push(c),
            None => self.words.push_str(&format!("&{name};")),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>, reader: &NsReader<&[u8]>) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        let (namespace, local) = reader.resolver().resolve_element(tag.name());
        let prefix = prefix(&namespace, tag.name());
        let level = Level::below(self.open.last(), &prefix, local.as_ref());
        self.regions(&level);
        self.open.push(level);
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.ok()?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
            self.attribute(
                &self::prefix(&namespace, attribute.key),
                local.as_ref(),
                &attribute.value,
            );
        }
        Some(())
    }

    /// That faces were marked is worth a line, with or without names.
    fn regions(&mut self, level: &Level) {
        if !self.has_regions && level.is_region_list() {
            self.has_regions = true;
            self.out.blob(PersonName, "XMP:RegionInfo");
        }
    }

    fn attribute(&mut self, prefix: &str, local: &str, value: &str) {
        let value = unescape(value);
        match (prefix, local) {
            ("xml", _) | ("rdf", "parseType" | "nodeID" | "ID" | "datatype") => {}
            ("x", _) => emit(&Level::named("xmp", "XMPToolkit"), &value, self.out),
            ("rdf" | "", "about") => emit(&Level::named("rdf", "About"), &value, self.out),
            // The other attributes of RDF carry the value of the property around them.
            ("rdf" | "", _) => {
                if let Some(level) = self.open.last() {
                    emit(level, &value, self.out);
                }
            }
            _ => {
                let level = Level::below(self.open.last(), prefix, local);
                emit(&level, &value, self.out);
            }
        }
    }

    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        if let Some(level) = self.open.last() {
            emit(level, &words, self.out);
        }
    }
}

/// The usual prefix of a namespace, or the one that the packet uses for it.
fn prefix<'a>(namespace: &ResolveResult<'_>, name: QName<'a>) -> Cow<'a, str> {
    let own = || match name.prefix() {
        Some(prefix) => Cow::Owned(prefix.as_ref().to_owned()),
        None => Cow::Borrowed(""),
    };
    match namespace {
        ResolveResult::Bound(uri) => match names::usual_prefix(uri.as_ref()) {
            Some(usual) => Cow::Borrowed(usual),
            // A known prefix bound to something else means nothing.
            None if names::is_usual_prefix(&own()) => Cow::Borrowed("?"),
            None => own(),
        },
        _ => own(),
    }
}

fn emit(level: &Level, value: &str, out: &mut Collector) {
    if value.trim().is_empty() {
        return;
    }
    match meaning::of(level, value) {
        Some(Thumbnail) => out.blob(Thumbnail, level.tag()),
        Some(kind) => out.text(kind, level.tag(), value),
        None => {}
    }
}

fn character(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
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
        let found = end.and_then(|end| {
            let name = &tail[..end];
            let named = resolve_xml_entity(name).and_then(|word| word.chars().next());
            Some((named.or_else(|| character(name))?, end))
        });
        match found {
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

#[cfg(test)]
mod tests;
