//! What one track of a film gives away: its size, its encoder, words in subtitles and chapters, and that it records
//! positions or other measurements beside the pictures.

use super::boxes::{Parts, be16, be32, be64, fourcc, show, until_zero};
use super::names::kind_of;
use super::plain::{mine, words};
use super::values::decode;
use crate::report::Collector;
use crate::report::MetadataKind::{Comment, Device, Gps};
use crate::text;

/// Samples of a text track that are read.
const MAX_SAMPLES: usize = 500;
/// Bytes of one of them.
const MAX_SAMPLE_BYTES: usize = 8192;
/// Kinds of description in one track, and names in one of them.
const MAX_DESCRIPTIONS: usize = 64;

/// A track, as far as the walk has seen it.
#[derive(Default)]
pub(super) struct Track<'a> {
    pub handler: Option<[u8; 4]>,
    pub size: Option<(u32, u32)>,
    format: Option<[u8; 4]>,
    chunks: &'a [u8],
    has_long_offsets: bool,
    sizes: &'a [u8],
    runs: &'a [u8],
}

impl<'a> Track<'a> {
    /// Tells whether the track shows pictures that move.
    pub(super) fn is_pictures(&self) -> bool {
        matches!(self.handler.as_ref(), Some(b"vide" | b"pict" | b"auxv"))
    }

    /// Reads width and height (16.16) from the end of the track header.
    pub(super) fn header(&mut self, body: &[u8]) {
        let at = if body.first() == Some(&1) { 88 } else { 76 };
        if let (Some(width), Some(height)) = (be32(body, at), be32(body, at + 4)) {
            let shown = (width >> 16, height >> 16);
            self.size = Some(shown).filter(|(width, height)| *width > 0 && *height > 0);
        }
    }

    /// Keeps a table that says where the samples are.
    pub(super) fn table(&mut self, kind: [u8; 4], body: &'a [u8]) {
        match &kind {
            b"stco" | b"co64" => {
                self.chunks = body;
                self.has_long_offsets = &kind == b"co64";
            }
            b"stsz" => self.sizes = body,
            b"stsc" => self.runs = body,
            _ => {}
        }
    }

    /// Reads what the samples are made of.
    pub(super) fn descriptions(&mut self, body: &'a [u8], out: &mut Collector) {
        let mut parts = Parts::new(body.get(8..).unwrap_or_default());
        for _ in 0..MAX_DESCRIPTIONS {
            let Ok(Some(part)) = parts.next() else { return };
            self.format = self.format.or(Some(part.kind));
            if self.is_pictures() {
                self.encoder(part.body, out);
            } else {
                self.measurements(part.kind, part.body, out);
            }
        }
    }

    fn encoder(&mut self, body: &[u8], out: &mut Collector) {
        if let (None, Some(size)) = (self.size, super::tree::sample_width(body)) {
            self.size = Some(size);
        }
        let Some(field) = body.get(42..74) else {
            return;
        };
        let counted = field.get(1..=usize::from(field[0]).min(31));
        let name = match counted {
            Some(name) if field[0] > 0 && field[0] < 32 => name,
            _ => until_zero(field).0,
        };
        out.text(
            Device,
            "QuickTime:CompressorName",
            &text::guess(name, false),
        );
    }

    /// Lists the names of timed measurements (Apple's `mebx`), the type of others, a time code's reel.
    fn measurements(&self, kind: [u8; 4], body: &[u8], out: &mut Collector) {
        let Some(rest) = body.get(8..) else { return };
        match &kind {
            b"mebx" => timed_keys(rest, out),
            b"mett" | b"metx" | b"urim" => {
                let words = words(rest);
                out.text(Device, "QuickTime:MetaType", &words);
            }
            b"tmcd" => {
                let mut parts = Parts::new(rest.get(18..).unwrap_or_default());
                while let Ok(Some(part)) = parts.next() {
                    if &part.kind == b"name" {
                        super::values::user_value(Comment, "QuickTime:ReelName", part.body, out);
                    }
                }
            }
            _ => {}
        }
    }

    /// Reports the track as a whole when all of it has been walked.
    pub(super) fn report(&self, file: &'a [u8], out: &mut Collector) {
        let format = self.format.unwrap_or_default();
        match self.handler.as_ref() {
            Some(b"vide" | b"pict" | b"auxv" | b"soun" | b"hint" | b"tmcd") | None => {}
            Some(b"text" | b"sbtl" | b"subt" | b"clcp") => self.subtitles(file, out),
            Some(_) => {
                let positions = [
                    b"gpmd", b"camm", b"rtmd", b"gps ", b"GPS ", b"3gf ", b"djmd", b"CTMD",
                ];
                let kind = if positions.contains(&&format) {
                    Gps
                } else {
                    Device
                };
                out.blob(kind, format!("QuickTime:Track:{}", show(format)));
            }
        }
    }

    /// Subtitles and chapters hold names; dash cameras write positions as if they were subtitles.
    fn subtitles(&self, file: &'a [u8], out: &mut Collector) {
        let (samples, more) = self.samples(file);
        let mut lines = String::new();
        for sample in samples {
            let head = &sample[..sample.len().min(MAX_SAMPLE_BYTES)];
            let counted = be16(head, 0).and_then(|len| head.get(2..2 + usize::from(len)));
            let line = match (self.format.as_ref(), counted) {
                (Some(b"text" | b"tx3g"), Some(text)) => decode(text, true, out),
                _ => words(head),
            };
            lines.push_str(line.trim());
            lines.push('\n');
        }
        if more {
            out.cut();
        }
        let has_place = lines.contains("$GP") || lines.contains("$GN");
        match lines.trim().is_empty() {
            true => out.blob(Comment, "QuickTime:Subtitles"),
            false => out.text(Comment, "QuickTime:Subtitles", &lines),
        }
        if has_place {
            out.blob(Gps, "QuickTime:Subtitles:Position");
        }
    }

    /// Finds the first samples; says whether there are more.
    fn samples(&self, file: &'a [u8]) -> (Vec<&'a [u8]>, bool) {
        let mut out = Vec::new();
        let count = be32(self.sizes, 8).unwrap_or(0) as usize;
        let chunks = be32(self.chunks, 4).unwrap_or(0) as usize;
        let mut run = 0;
        for chunk in 0..chunks.min(MAX_SAMPLES) {
            while self
                .first_chunk(run + 1)
                .is_some_and(|first| first <= chunk + 1)
            {
                run += 1;
            }
            let in_chunk = be32(self.runs, 12 + run * 12).unwrap_or(1) as usize;
            let Some(mut at) = self.chunk_offset(chunk) else {
                break;
            };
            for _ in 0..in_chunk {
                if out.len() >= count.min(MAX_SAMPLES) {
                    return (out, count > MAX_SAMPLES);
                }
                let Some(size) = self.sample_size(out.len()) else {
                    return (out, true);
                };
                let end = at.saturating_add(size);
                let Some(sample) = file.get(at..end) else {
                    return (out, true);
                };
                out.push(sample);
                at = end;
            }
        }
        let more = out.len() < count;
        (out, more)
    }

    fn first_chunk(&self, run: usize) -> Option<usize> {
        let runs = be32(self.runs, 4)? as usize;
        (run < runs).then(|| be32(self.runs, 8 + run * 12).map(|n| n as usize))?
    }

    fn chunk_offset(&self, chunk: usize) -> Option<usize> {
        match self.has_long_offsets {
            true => be64(self.chunks, 8 + chunk * 8).and_then(|n| usize::try_from(n).ok()),
            false => be32(self.chunks, 8 + chunk * 4).map(|n| n as usize),
        }
    }

    fn sample_size(&self, sample: usize) -> Option<usize> {
        match be32(self.sizes, 4)? {
            0 => be32(self.sizes, 12 + sample * 4).map(|n| n as usize),
            all => Some(all as usize),
        }
    }
}

fn timed_keys(body: &[u8], out: &mut Collector) {
    let mut parts = Parts::new(body);
    while let Ok(Some(part)) = parts.next() {
        if &part.kind != b"keys" {
            continue;
        }
        let mut keys = Parts::new(part.body);
        for _ in 0..MAX_DESCRIPTIONS {
            let Ok(Some(key)) = keys.next() else { break };
            timed_key(key.body, out);
        }
    }
}

fn timed_key(body: &[u8], out: &mut Collector) {
    let mut parts = Parts::new(body);
    while let Ok(Some(part)) = parts.next() {
        if &part.kind != b"keyd" {
            continue;
        }
        let namespace = fourcc(part.body, 0);
        let name = part.body.get(4..).unwrap_or_default();
        let name = text::guess(&name[..name.len().min(120)], false).into_owned();
        let short = name.strip_prefix("com.apple.quicktime.").unwrap_or(&name);
        match namespace {
            Some(_) => out.blob(kind_of(short), format!("Keys:{short}")),
            None => mine(Device, "QuickTime:TimedKey", part.body, out),
        }
    }
}
