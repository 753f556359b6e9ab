//! Decides whether a colour profile is one of the few that every device ships, so that keeping it says nothing about
//! anybody. A monitor's own profile names the machine and often its owner: of such a profile only the figures that decide
//! the colours can stay (`plain`). Converting colours is not done here.

mod plain;

pub(crate) use plain::plain;

use crate::text;

/// The standard RGB profiles are 300 to 9,000 bytes, by the length of their curves and whether they share one.
pub(crate) const MAX_STANDARD_BYTES: usize = 16 * 1024;

/// Standard profiles have seventeen elements, printers' and monitors' up to forty.
const MAX_ELEMENTS: usize = 100;

/// Descriptions of sRGB, Display P3 and Adobe RGB (1998) as shipped.
pub(crate) const STANDARD_NAMES: [&str; 14] = [
    "sRGB",
    "sRGB IEC61966-2.1",
    "sRGB IEC61966-2-1",
    "sRGB IEC61966-2-1 black scaled",
    "sRGB2014",
    "sRGB built-in",
    "GIMP built-in sRGB",
    "c2",
    "uRGB",
    "Display P3",
    "Adobe RGB (1998)",
    "Adobe RGB (1998) compatible",
    // What `plain` calls the others.
    "RGB",
    "Grey",
];

/// Copyright, maker and viewing-condition texts that those profiles carry.
pub(crate) const STANDARD_NOTES: [&str; 17] = [
    "Copyright (c) 1998 Hewlett-Packard Company",
    "Copyright International Color Consortium, 2009",
    "Copyright International Color Consortium, 2015",
    "Copyright 1999 Adobe Systems Incorporated",
    "Copyright 2000 Adobe Systems Incorporated",
    "Google Inc. 2016",
    "No copyright, use freely",
    "Public Domain",
    "FB",
    "CC0",
    "PD",
    "IEC http://www.iec.ch",
    "IEC 61966-2.1 Default RGB colour space - sRGB",
    "IEC 61966-2-1 Default RGB Colour Space - sRGB",
    "Reference Viewing Condition in IEC61966-2.1",
    "Reference Viewing Condition in IEC 61966-2-1",
    "GIMP",
];

/// Apple dates its copyright line: this and four digits.
pub(crate) const DATED_NOTES: [&str; 2] =
    ["Copyright Apple Inc., ", "Copyright Apple Computer, Inc., "];

/// Tells whether the profile is a standard one with no room for anything else, or one that [`plain`] wrote.
pub(crate) fn is_standard(profile: &[u8]) -> bool {
    is_shipped(profile) || plain::figures_of(profile).is_some_and(|plain| plain == profile)
}

/// Tells whether the profile is one that every device ships.
fn is_shipped(profile: &[u8]) -> bool {
    elements(profile).is_some_and(|elements| {
        let described = elements.iter().any(|(tag, body)| {
            tag == b"desc"
                && texts(body).is_some_and(|t| !t.is_empty() && t.iter().all(|t| is_name(t)))
        });
        described
            && elements.iter().all(|(tag, body)| is_known(tag, body))
            && no_gaps(profile, &elements)
    })
}

/// Returns the texts of a profile under the names that ExifTool gives them, however damaged the rest of it is.
pub(crate) fn described(profile: &[u8]) -> Vec<(&'static str, String)> {
    const TEXTS: [(&[u8; 4], &str); 6] = [
        (b"desc", "ProfileDescription"),
        (b"dscm", "ProfileDescriptionML"),
        (b"cprt", "ProfileCopyright"),
        (b"dmnd", "DeviceMfgDesc"),
        (b"dmdd", "DeviceModelDesc"),
        (b"vued", "ViewingCondDesc"),
    ];
    let mut found = Vec::new();
    for (tag, body) in table(profile).unwrap_or_default() {
        let Some((_, name)) = TEXTS.iter().find(|(known, _)| **known == tag) else {
            continue;
        };
        let all = texts(body).unwrap_or_else(|| vec![text::runs(body, MAX_STANDARD_BYTES)]);
        let said = all.into_iter().filter(|text| !text.trim().is_empty());
        for text in said.collect::<std::collections::BTreeSet<_>>() {
            found.push((*name, text));
        }
    }
    found
}

type Element<'a> = ([u8; 4], &'a [u8]);

/// Splits an RGB display profile into its tagged elements (ICC.1:2022, 7.2 and 7.3).
fn elements(profile: &[u8]) -> Option<Vec<Element<'_>>> {
    let size = be32(profile, 0)?;
    let rgb = profile.get(16..24) == Some(b"RGB XYZ ") && profile.get(36..40) == Some(b"acsp");
    let class = matches!(profile.get(12..16)?, b"mntr" | b"spac");
    let quiet = profile.get(100..128)?.iter().all(|&b| b == 0);
    if size != profile.len() || size > MAX_STANDARD_BYTES || !rgb || !class || !quiet {
        return None;
    }
    table(profile)
}

/// Reads the table of elements.
fn table(profile: &[u8]) -> Option<Vec<Element<'_>>> {
    let count = be32(profile, 128)?;
    if count > MAX_ELEMENTS {
        return None;
    }
    (0..count)
        .map(|index| {
            let at = 132 + index * 12;
            let tag = *profile.get(at..)?.first_chunk::<4>()?;
            let (start, len) = (be32(profile, at + 4)?, be32(profile, at + 8)?);
            Some((tag, profile.get(start..start.checked_add(len)?)?))
        })
        .collect()
}

fn is_known(tag: &[u8; 4], body: &[u8]) -> bool {
    match tag {
        b"desc" => true,
        b"cprt" | b"dmnd" | b"dmdd" | b"vued" => {
            texts(body).is_some_and(|texts| texts.iter().all(|t| is_note(t) || is_name(t)))
        }
        b"wtpt" | b"bkpt" | b"rXYZ" | b"gXYZ" | b"bXYZ" | b"lumi" => fits(body, b"XYZ ", 20),
        b"chad" => fits(body, b"sf32", 44),
        b"tech" => fits(body, b"sig ", 12),
        b"meas" => fits(body, b"meas", 36),
        b"view" => fits(body, b"view", 36),
        b"chrm" => fits(body, b"chrm", 36),
        b"rTRC" | b"gTRC" | b"bTRC" => {
            curve_len(body).is_some_and(|len| fits(body, &body_type(body), len))
                && plain::is_smooth(body)
        }
        _ => false,
    }
}

fn body_type(body: &[u8]) -> [u8; 4] {
    body.first_chunk().copied().unwrap_or_default()
}

/// Tells whether an element is of this type, has this length, and is padded with nothing but zeros.
fn fits(body: &[u8], kind: &[u8; 4], len: usize) -> bool {
    body_type(body) == *kind
        && body.get(4..8) == Some(&[0; 4])
        && body
            .get(len..)
            .is_some_and(|pad| pad.len() < 4 && pad.iter().all(|&b| b == 0))
}

fn curve_len(body: &[u8]) -> Option<usize> {
    match &body_type(body) {
        b"curv" => Some(12 + 2 * be32(body, 8)?.min(MAX_STANDARD_BYTES)),
        b"para" => {
            let params = [1, 3, 4, 5, 7].get(usize::from(*body.get(9)?)).copied()?;
            Some(12 + 4 * params)
        }
        _ => None,
    }
}

/// Returns every text in a text element; `None` if any byte of it is not accounted for.
fn texts(body: &[u8]) -> Option<Vec<String>> {
    match &body_type(body) {
        b"text" => Some(vec![stripped(body.get(8..)?)]),
        b"desc" => description_texts(body),
        b"mluc" => localised_texts(body),
        _ => None,
    }
}

/// ICC v2 `textDescriptionType`: ASCII, Unicode and a 67-byte Macintosh script field.
fn description_texts(body: &[u8]) -> Option<Vec<String>> {
    let ascii_end = 12usize.checked_add(be32(body, 8)?)?;
    let ascii = stripped(body.get(12..ascii_end)?);
    let unicode_at = ascii_end + 8;
    let unicode_end = unicode_at.checked_add(be32(body, ascii_end + 4)?.checked_mul(2)?)?;
    let unicode = text::utf16(body.get(unicode_at..unicode_end)?, true);
    let script = stripped(body.get(unicode_end + 3..unicode_end + 70)?);
    let pad = body.get(unicode_end + 70..)?;
    let all = [ascii, unicode.trim_matches('\0').to_owned(), script];
    let all = all.into_iter().filter(|text| !text.is_empty()).collect();
    (pad.len() < 4 && pad.iter().all(|&b| b == 0)).then_some(all)
}

/// ICC v4 `multiLocalizedUnicodeType`.
fn localised_texts(body: &[u8]) -> Option<Vec<String>> {
    let count = be32(body, 8)?;
    if count > 64 || be32(body, 12)? != 12 {
        return None;
    }
    let records: Vec<(usize, usize)> = (0..count)
        .map(|i| Some((be32(body, 16 + i * 12 + 8)?, be32(body, 16 + i * 12 + 4)?)))
        .collect::<Option<_>>()?;
    let mut used = vec![false; body.len()];
    used.get_mut(..16 + count * 12)?.fill(true);
    let mut texts = Vec::new();
    for (start, len) in records {
        let end = start.checked_add(len)?;
        texts.push(
            text::utf16(body.get(start..end)?, true)
                .trim_matches('\0')
                .to_owned(),
        );
        used.get_mut(start..end)?.fill(true);
    }
    body.iter()
        .zip(used)
        .all(|(&b, used)| used || b == 0)
        .then_some(texts)
}

fn stripped(bytes: &[u8]) -> String {
    text::latin(bytes).trim_matches('\0').to_owned()
}

fn is_name(text: &str) -> bool {
    STANDARD_NAMES.contains(&text)
}

fn is_note(text: &str) -> bool {
    let dated = |start: &&str| {
        text.strip_prefix(*start)
            .is_some_and(|y| y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit()))
    };
    STANDARD_NOTES.contains(&text) || DATED_NOTES.iter().any(dated)
}

/// Tells whether every byte outside header, table and elements is zero: nothing hides between them.
fn no_gaps(profile: &[u8], elements: &[Element<'_>]) -> bool {
    let mut used = vec![false; profile.len()];
    used[..132 + elements.len() * 12].fill(true);
    for index in 0..elements.len() {
        let at = 132 + index * 12;
        let (Some(start), Some(len)) = (be32(profile, at + 4), be32(profile, at + 8)) else {
            return false;
        };
        used[start..start + len].fill(true);
    }
    profile.iter().zip(used).all(|(&b, used)| used || b == 0)
}

fn be32(bytes: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?) as usize)
}
