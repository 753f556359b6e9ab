//! What an XMP property gives away, told by its namespace and name. What is unknown and has letters in it is a comment:
//! anybody may have typed it.

use super::names::Level;
use crate::report::MetadataKind::{
    self, CaptureTime, Comment, Device, Gps, Owner, PersonName, SerialNumber, Thumbnail, Trailer,
};

/// Returns what the value gives away; `None` for a technical one.
pub(super) fn of(level: &Level, value: &str) -> Option<MetadataKind> {
    let (prefix, local) = (level.prefix.as_str(), level.local.as_str());
    let flat = level.flat();
    let has = |part: &str| local.contains(part);
    match () {
        () if is_picture(prefix, local) => Some(Thumbnail),
        () if is_film(local) => (value.trim() != "0").then_some(Trailer),
        () if local.starts_with("gps") || has("latitude") || has("longitude") => Some(Gps),
        () if is_number(prefix, local) => Some(SerialNumber),
        () if is_person(prefix, local, &flat) => Some(PersonName),
        () if is_owner(local) => Some(Owner),
        () if is_time(local) => Some(CaptureTime),
        () if is_device(prefix, local) => Some(Device),
        () if matches!(
            local,
            "usercomment" | "imagedescription" | "rawfilename" | "preservedfilename"
        ) =>
        {
            Some(Comment)
        }
        () if is_path(local) => Some(Comment),
        () if is_moment(value) => Some(CaptureTime),
        () if is_technical(prefix, local) => has_words(value).then_some(Device),
        // A value without a letter is a setting or a flag.
        () if !value.chars().any(char::is_alphabetic) => None,
        () => Some(Comment),
    }
}

/// Pictures, depth maps and sounds inside the packet.
fn is_picture(prefix: &str, local: &str) -> bool {
    match prefix {
        "xmpGImg" => local == "image",
        "GImage" | "GDepth" | "GAudio" => local == "data",
        _ => matches!(
            local,
            "thumbnail" | "previewimage" | "imagedata" | "depthdata"
        ),
    }
}

fn is_film(local: &str) -> bool {
    matches!(local, "motionphoto" | "microvideo")
}

fn is_number(prefix: &str, local: &str) -> bool {
    let by_word = [
        "serialnumber",
        "uniqueid",
        "documentid",
        "instanceid",
        "guid",
    ];
    by_word.iter().any(|word| local.contains(word))
        || matches!(
            (prefix, local),
            ("xmp", "identifier") | ("dc", "identifier") | ("xmpMM", "versionid")
        )
        || matches!(
            local,
            "digitalimageguid"
                | "imageid"
                | "photoid"
                | "faceid"
                | "contentidentifier"
                | "regitemid"
        )
}

fn is_person(prefix: &str, local: &str, flat: &str) -> bool {
    let words = [
        "creator",
        "author",
        "artist",
        "contributor",
        "person",
        "photographer",
        "byline",
        "captionwriter",
        "people",
        "modifiedby",
    ];
    let by_word = words.iter().any(|word| local.contains(word));
    let by_place = ["region", "creator", "contributor", "person"];
    let by_place = local.ends_with("name") && by_place.iter().any(|word| flat.starts_with(word))
        || flat.starts_with("creatorwork")
        || (prefix == "xmpMM" && local == "manager");
    let not_a_name = matches!(
        local,
        "creatortool" | "authorsposition" | "creatorcontactinfo" | "creatoridentity"
    );
    (by_word || by_place) && !not_a_name
}

fn is_owner(local: &str) -> bool {
    ["owner", "copyright", "licensor", "rights"]
        .iter()
        .any(|word| local.contains(word))
        || matches!(
            local,
            "credit" | "source" | "publisher" | "usageterms" | "webstatement" | "attributionname"
        )
}

fn is_time(local: &str) -> bool {
    local.ends_with("date")
        || local.starts_with("date")
        || local.starts_with("offsettime")
        || local.starts_with("subsectime")
        || matches!(local, "when" | "timecreated" | "creationtime" | "datesent")
}

/// Tells whether a value is a day, with or without the time, whatever its property is called: `2026-06-26T10:42`.
fn is_moment(value: &str) -> bool {
    let value = value.trim();
    let day = value.as_bytes().get(..10).unwrap_or_default();
    let is_day = day.iter().enumerate().all(|(at, b)| match at {
        4 | 7 => matches!(b, b'-' | b':'),
        _ => b.is_ascii_digit(),
    });
    let ends = value.as_bytes().get(10).is_none_or(|b| b"T ".contains(b));
    day.len() == 10 && is_day && ends && value.len() <= 40
}

fn is_device(prefix: &str, local: &str) -> bool {
    matches!(
        local,
        "make"
            | "model"
            | "software"
            | "creatortool"
            | "softwareagent"
            | "lens"
            | "lensid"
            | "lensmodel"
            | "lensmake"
            | "firmware"
            | "hostcomputer"
            | "producer"
            | "xmptoolkit"
            | "cameramanufacturer"
            | "cameramodelname"
    ) || local.ends_with("software")
        || (prefix == "rdf" && local == "about")
}

/// Paths on somebody's computer begin with their name.
fn is_path(local: &str) -> bool {
    ["filepath", "filename", "alternatepath", "lasturl"]
        .iter()
        .any(|word| local.contains(word))
}

/// Tells whether a value is more than one word: settings and states are one.
fn has_words(value: &str) -> bool {
    let words = value.split_whitespace();
    let words = words.filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    words.count() > 1
}

fn is_technical(prefix: &str, local: &str) -> bool {
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
            | "stVer"
            | "stMfs"
            | "stArea"
            | "stDim"
            | "mwg-rs"
            | "apple-fi"
            | "MPRI"
            | "MPReg"
            | "GPano"
            | "GCamera"
            | "GDepth"
            | "GImage"
            | "GContainer"
            | "Container"
            | "Item"
            | "hdrgm"
            | "HDRGainMap"
            | "xmpG"
            | "xmpGImg"
            | "xmpTPg"
            | "stFnt"
            | "aux"
            | "xmpNote"
            | "x"
            | "xml"
            | "rdf"
    );
    let by_name = matches!(
        local,
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
