//! The walk through the tree of boxes of a film: which box holds boxes, which holds something to report, which is only
//! about playing. Values are read in `values`, tracks in `tracks`, names sorted in `names`.

use memchr::memmem;

use super::boxes::{Fault, Part, Parts, be16, be32, is_name, show, until_zero};
use super::items::holds_items;
use super::names::{is_usual_handler, kind_of, listed};
use super::plain::{find_jpeg, mine, opaque};
use super::tracks::Track;
use super::user::{self, Known};
use super::values::{chapters, header_times, keywords, list_values, location_information};
use super::{gopro, picture, values, xml, xtra};
use crate::error::MediaError;
use crate::report::Collector;
use crate::report::MetadataKind::{Comment, Device, Gps, Thumbnail};
use crate::{text, xmp};

/// Real films nest eight deep.
const MAX_DEPTH: usize = 24;
/// Keys that one list may name.
const MAX_KEYS: usize = 2000;

/// What kind of box we are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Movie,
    Track,
    Media,
    MediaInfo,
    DataInfo,
    Samples,
    Fragment,
    Meta,
    List,
    /// User data and what vendors put into boxes of their own.
    User,
}

impl Place {
    /// Boxes that programs fill as they please: a fault there costs what follows in the same box, not the film.
    fn is_loose(self) -> bool {
        matches!(self, Self::User | Self::List | Self::DataInfo)
    }
}

struct Level<'a> {
    parts: Parts<'a>,
    place: Place,
}

/// Reads the boxes of one file.
pub(super) struct Reader<'a, 'o> {
    /// The whole file, which sample tables point into.
    pub file: &'a [u8],
    pub out: &'o mut Collector,
    /// Boxes that may still come.
    pub boxes_left: usize,
    /// Width and height of the first picture track.
    pub size: Option<(u32, u32)>,
    /// Whether there is a track of pictures at all.
    pub has_film: bool,
    /// Whether the list of items is being read, which holds no further list.
    pub in_items: bool,
    track: Track<'a>,
    keys: Vec<String>,
}

impl<'a, 'o> Reader<'a, 'o> {
    pub(super) fn new(file: &'a [u8], max_boxes: usize, out: &'o mut Collector) -> Self {
        Self {
            file,
            out,
            boxes_left: max_boxes,
            size: None,
            has_film: false,
            in_items: false,
            track: Track::default(),
            keys: Vec::new(),
        }
    }

    /// Takes one box off the budget.
    pub(super) fn count(&mut self) -> Result<(), MediaError> {
        self.boxes_left = self
            .boxes_left
            .checked_sub(1)
            .ok_or(MediaError::TooManySegments)?;
        Ok(())
    }

    /// Walks the boxes of `body` and all that they hold.
    pub(super) fn walk(&mut self, body: &'a [u8], place: Place) -> Result<(), MediaError> {
        let mut levels = vec![Level {
            parts: Parts::new(body),
            place,
        }];
        while let Some(level) = levels.last_mut() {
            let place = level.place;
            match level.parts.next() {
                Ok(Some(part)) => {
                    self.count()?;
                    let Some((body, place)) = self.part(place, &part)? else {
                        continue;
                    };
                    if levels.len() >= MAX_DEPTH {
                        return Err(MediaError::Malformed("its parts are nested far too deep"));
                    }
                    levels.push(Level {
                        parts: Parts::new(body),
                        place,
                    });
                }
                Ok(None) => {
                    levels.pop();
                    self.leave(place);
                }
                Err(fault) => {
                    let rest = level.parts.rest();
                    levels.pop();
                    self.broken(place, fault, rest)?;
                    self.leave(place);
                }
            }
        }
        Ok(())
    }

    fn broken(&mut self, place: Place, fault: Fault, rest: &[u8]) -> Result<(), MediaError> {
        if !place.is_loose() && fault != Fault::Stray {
            return Err(fault.into());
        }
        opaque(Comment, "QuickTime:UnreadablePart", rest, self.out);
        self.out
            .tolerate("QuickTime", &[], Err::<(), _>(fault.into()));
        Ok(())
    }

    fn leave(&mut self, place: Place) {
        if place == Place::Track {
            let track = std::mem::take(&mut self.track);
            self.has_film |= track.is_pictures();
            if self.size.is_none() && track.is_pictures() {
                self.size = track.size;
            }
            track.report(self.file, self.out);
        }
    }

    /// Deals with one box; returns what to walk into.
    fn part(
        &mut self,
        place: Place,
        part: &Part<'a>,
    ) -> Result<Option<(&'a [u8], Place)>, MediaError> {
        let body = part.body;
        let into = |place| Ok(Some((body, place)));
        match (place, &part.kind) {
            (Place::List, _) => self.list_item(part),
            (Place::Meta, _) => return self.meta_part(part),
            (_, b"free" | b"skip" | b"wide" | b"junk") => return Ok(self.free(body)),
            (_, b"uuid") => return self.uuid(body),
            (_, b"XMP_") => self.xmp(body),
            (_, b"meta") => return self.meta(body),
            (_, b"meco") => return into(Place::Fragment),
            (Place::User, _) => return Ok(self.user(part)),
            (_, b"udta") => return Ok(self.user_data(body)),
            (Place::Movie, b"mvhd") => header_times("", body, self.out),
            (Place::Movie, b"trak" | b"htka") => return into(Place::Track),
            (Place::Movie, b"cmov") => self.out.blob(Device, "QuickTime:CompressedMovie"),
            (Place::Movie, b"iods" | b"mvex" | b"ctab" | b"clip" | b"prfl") => {}
            (Place::Track, b"tkhd") => {
                header_times("Track", body, self.out);
                self.track.header(body);
            }
            (Place::Track, b"mdia") => return into(Place::Media),
            (Place::Track, b"tref" | b"edts" | b"tapt" | b"load" | b"clip" | b"matt") => {}
            (Place::Track, b"trgr" | b"kmat" | b"ctab" | b"imap" | b"prfl") => {}
            (Place::Media, b"mdhd") => header_times("Media", body, self.out),
            (Place::Media, b"hdlr") => {
                self.track.handler = body.get(8..12).and_then(|k| k.first_chunk()).copied();
                self.handler_name(body);
            }
            (Place::Media, b"minf") => return into(Place::MediaInfo),
            (Place::Media, b"elng" | b"extl") => {}
            (Place::MediaInfo, b"vmhd" | b"smhd" | b"nmhd" | b"hmhd" | b"sthd" | b"gmhd") => {}
            (Place::MediaInfo, b"hdlr") => self.handler_name(body),
            (Place::MediaInfo, b"dinf") => return into(Place::DataInfo),
            (Place::MediaInfo, b"stbl") => return into(Place::Samples),
            (Place::DataInfo, b"dref") => {
                return Ok(Some((body.get(8..).unwrap_or_default(), Place::DataInfo)));
            }
            (Place::DataInfo, kind) => self.data_reference(*kind, body),
            (Place::Samples, b"stsd") => self.track.descriptions(body, self.out),
            (Place::Samples, kind) => self.track.table(*kind, body),
            (Place::Fragment, b"traf") => return into(Place::Fragment),
            (Place::Fragment, b"mfhd" | b"tfhd" | b"tfdt" | b"trun" | b"sdtp" | b"mere") => {}
            (Place::Fragment, b"saiz" | b"saio" | b"senc" | b"sbgp" | b"sgpd" | b"subs") => {}
            _ => return Ok(self.user(part)),
        }
        Ok(None)
    }

    /// Reports the free text in a handler box: QuickTime counts its characters, ISO ends it with a zero.
    pub(super) fn handler_name(&mut self, body: &[u8]) {
        let Some(raw) = body.get(24..) else { return };
        let counted = raw
            .split_first()
            .filter(|(len, text)| usize::from(**len) == text.len() && **len > 0);
        let raw = counted.map_or(until_zero(raw).0, |(_, text)| text);
        let name = text::guess(raw, false).into_owned();
        if !is_usual_handler(name.trim_matches(|c: char| c.is_control() || c.is_whitespace())) {
            self.out.text(Device, "QuickTime:HandlerDescription", &name);
        }
    }

    /// A film may point at other files by path or address: those name folders, machines and people.
    fn data_reference(&mut self, kind: [u8; 4], body: &[u8]) {
        let rest = body.get(4..).unwrap_or_default();
        let is_empty = rest.iter().all(|&b| b == 0);
        if is_name(kind) && !is_empty {
            mine(Comment, "QuickTime:DataReference", rest, self.out);
        }
    }

    /// Deals with a `meta` box of a film or track: a list of items, or keys and values.
    fn meta(&mut self, body: &'a [u8]) -> Result<Option<(&'a [u8], Place)>, MediaError> {
        let children = meta_body(body);
        match holds_items(children) {
            false => return Ok(Some((children, Place::Meta))),
            true if self.in_items => self.out.blob(Device, "HEIF:ListInList"),
            true => {
                picture::read(children, self)?;
            }
        }
        Ok(None)
    }

    fn meta_part(&mut self, part: &Part<'a>) -> Result<Option<(&'a [u8], Place)>, MediaError> {
        let body = part.body;
        match &part.kind {
            b"hdlr" => self.handler_name(body),
            b"keys" => self.read_keys(body),
            b"ilst" => return Ok(Some((body, Place::List))),
            b"xml " => xml::read("XML", body.get(4..).unwrap_or_default(), self.out),
            b"ID32" => mine(Comment, "ID3", body, self.out),
            b"bxml" => mine(Device, "QuickTime:BinaryXML", body, self.out),
            b"free" | b"skip" => return Ok(self.free(body)),
            b"uuid" => return self.uuid(body),
            b"meta" => return self.meta(body),
            b"iinf" | b"iloc" | b"pitm" | b"iprp" | b"iref" | b"idat" | b"dinf" | b"ipro"
            | b"grpl" | b"ctry" | b"lang" => {}
            _ => return Ok(self.user(part)),
        }
        Ok(None)
    }

    fn read_keys(&mut self, body: &[u8]) {
        self.keys.clear();
        let mut parts = Parts::new(body.get(8..).unwrap_or_default());
        while let Ok(Some(part)) = parts.next() {
            if self.keys.len() >= MAX_KEYS {
                return self.out.cut();
            }
            let name = text::guess(&part.body[..part.body.len().min(120)], false).into_owned();
            let short = name.strip_prefix("com.apple.quicktime.").map(str::to_owned);
            self.keys.push(short.unwrap_or(name));
        }
    }

    fn list_item(&mut self, part: &Part<'a>) {
        let number = u32::from_be_bytes(part.kind) as usize;
        if let Some(key) = number.checked_sub(1).and_then(|at| self.keys.get(at)) {
            return list_values(kind_of(key), &format!("Keys:{key}"), part.body, self.out);
        }
        match listed(part.kind) {
            _ if &part.kind == b"----" => self.free_form(part.body),
            Some(None) => {}
            Some(Some((name, kind))) => {
                list_values(kind, &format!("ItemList:{name}"), part.body, self.out);
            }
            None => {
                let tag = format!("ItemList:{}", show(part.kind));
                list_values(Device, &tag, part.body, self.out);
            }
        }
    }

    /// iTunes' own fields: who named it, its name, its value.
    fn free_form(&mut self, body: &[u8]) {
        let mut parts = Parts::new(body);
        let mut name = String::new();
        while let Ok(Some(part)) = parts.next() {
            if &part.kind == b"name" {
                let raw = part.body.get(4..).unwrap_or_default();
                name = text::guess(&raw[..raw.len().min(100)], false).into_owned();
            }
        }
        let is_plist = body.windows(6).take(400).any(|w| w == b"<plist");
        let tag = format!("iTunes:{name}");
        match is_plist {
            true => xml::read(&tag, from_xml(body), self.out),
            false => list_values(kind_of(&name), &tag, body, self.out),
        }
    }

    fn user_data(&mut self, body: &'a [u8]) -> Option<(&'a [u8], Place)> {
        if body.starts_with(b"VIDEOUUUUUU") {
            self.out.blob(Gps, "QuickTime:KenwoodData");
            return None;
        }
        Some((body, Place::User))
    }

    /// Space that nobody uses, or so it says: dash cameras and old cameras keep positions, pictures and names there.
    pub(super) fn free(&mut self, body: &'a [u8]) -> Option<(&'a [u8], Place)> {
        if body.iter().all(|&b| b == 0) {
            return None;
        }
        if user::holds_boxes(body) {
            return Some((body, Place::User));
        }
        let head = &body[..body.len().min(64)];
        match find_jpeg(head) {
            Some(_) => self.out.blob(Thumbnail, "QuickTime:FreePreview"),
            None if memmem::find(head, b"GPS").is_some() => {
                self.out.blob(Gps, "QuickTime:FreeGPS");
            }
            None => mine(
                crate::MetadataKind::Trailer,
                "QuickTime:Free",
                body,
                self.out,
            ),
        }
        None
    }

    /// Deals with a box of user data or of no list at all.
    pub(super) fn user(&mut self, part: &Part<'a>) -> Option<(&'a [u8], Place)> {
        let body = part.body;
        match &part.kind {
            b"free" | b"skip" | b"wide" | b"junk" => return self.free(body),
            b"loci" => location_information(body, self.out),
            b"kywd" => keywords(body, self.out),
            b"Xtra" => xtra::read(body, self.out),
            b"chpl" => chapters(body, self.out),
            b"GPMF" => gopro::read(body, self.out),
            b"CMT3" => drop(opaque(Device, "MakerNotes:Canon", body, self.out)),
            // A directory of positions; its version alone says nothing.
            b"CMT4" if be16(body, 8).is_some_and(|low| low.swap_bytes().min(low) > 1) => {
                self.out.blob(Gps, "Canon:GPSInfo");
            }
            b"CMT4" => {}
            _ => match user::known(part.kind, body) {
                Known::Boxes(skip) => {
                    return Some((body.get(skip..).unwrap_or_default(), Place::User));
                }
                Known::Setting => {}
                Known::Value(name, kind) => {
                    values::user_value(kind, &format!("UserData:{name}"), body, self.out);
                }
                Known::Block(name, kind) => mine(kind, &name, body, self.out),
            },
        }
        None
    }

    fn xmp(&mut self, packet: &[u8]) {
        let read = xmp::read(packet, self.out);
        self.out.tolerate("XMP", packet, read);
    }

    /// Deals with a box named by a 16-byte number.
    pub(super) fn uuid(&mut self, body: &'a [u8]) -> Result<Option<(&'a [u8], Place)>, MediaError> {
        let Some((id, rest)) = body.split_first_chunk::<16>() else {
            self.out.blob(Device, "QuickTime:UUID");
            return Ok(None);
        };
        match id {
            user::XMP => self.xmp(rest),
            user::SPHERICAL => xml::read("GSpherical", rest, self.out),
            user::C2PA => super::jumbf::in_uuid(rest, self.out),
            user::CANON => return Ok(Some((rest, Place::User))),
            user::CANON_PREVIEW => self.out.blob(Thumbnail, "Canon:PreviewImage"),
            user::GARMIN_GPS | user::FLY_360 => self.out.blob(Gps, "QuickTime:SensorData"),
            _ => mine(Device, &user::uuid_name(id), rest, self.out),
        }
        Ok(None)
    }
}

/// The children of a `meta` box: ISO gives it a version, QuickTime does not.
pub(super) fn meta_body(body: &[u8]) -> &[u8] {
    let first_is_box = be32(body, 0).is_some_and(|size| size >= 8)
        && body.get(4..8).is_some_and(|kind| {
            matches!(
                kind,
                b"hdlr" | b"keys" | b"ilst" | b"mhdr" | b"free" | b"xml "
            )
        });
    match first_is_box {
        true => body,
        false => body.get(4..).unwrap_or_default(),
    }
}

fn from_xml(body: &[u8]) -> &[u8] {
    memmem::find(body, b"<?xml")
        .or_else(|| memmem::find(body, b"<plist"))
        .map_or(body, |at| &body[at..])
}

/// Reads a counted list of 16-bit numbers (kept here for `tracks`).
pub(super) fn sample_width(body: &[u8]) -> Option<(u32, u32)> {
    let (width, height) = (be16(body, 32)?, be16(body, 34)?);
    Some((width.into(), height.into()))
}
