//! UK postcodes (DOMAIN 2.5): shape by pattern, area by list, private or public by the words around.

use std::sync::LazyLock;

use regex::Regex;
use schoolgate_model::Severity;

use super::{Candidate, OwnDetails, around, has_word};
use crate::SurfaceText;

/// The postcode areas in use (DOMAIN appendix C), with the Crown dependencies, BFPO and Santa's XM.
const AREAS: &[&str] = &[
    "AB", "AL", "B", "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB",
    "CF", "CH", "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT",
    "DY", "E", "EC", "EH", "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP",
    "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD",
    "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW",
    "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK",
    "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR",
    "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
];

const HOME: &[&str] = &[
    "live",
    "lives",
    "living",
    "home",
    "address",
    "house",
    "flat",
    "my",
    "our house",
    "his",
    "her",
    "their",
    "near me",
    "come to mine",
    "drop",
    "collect from",
];
const STREET: &[&str] = &[
    "road", "rd", "street", "st", "lane", "ln", "close", "avenue", "ave", "drive", "way",
    "crescent", "gardens", "grove", "place", "terrace", "mews", "court", "rise", "walk", "row",
    "cottages", "wynd", "brae", "heol", "ffordd", "stryd",
];
const PUBLIC: &[&str] = &[
    "church",
    "hall",
    "centre",
    "center",
    "museum",
    "park",
    "leisure",
    "theatre",
    "library",
    "farm",
    "pool",
    "stadium",
    "club",
    "sat nav",
    "satnav",
    "parking",
    "car park",
    "school",
    "academy",
    "venue",
    "cathedral",
    "castle",
    "zoo",
    "gallery",
    "college",
    "university",
    "gym",
    "pitch",
    "ground",
    "hotel",
    "cafe",
    "shop",
    "store",
    "supermarket",
    "santa",
    "father christmas",
    "north pole",
];

static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b([a-pr-uwyz](?:\d{1,2}|\d[a-hjkpstuw]|[a-hk-y]\d{1,2}|[a-hk-y]\d[abehmnprvwxy])|xm4)([\s-]{0,2})(\d[abd-hjlnp-uw-z]{2})\b").ok()
});

pub(super) fn scan(surface: &SurfaceText, own: &OwnDetails) -> Vec<Candidate> {
    let text = surface.folded().text();
    let Some(shape) = SHAPE.as_ref() else {
        return Vec::new();
    };
    shape
        .captures_iter(text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let outward = captures.get(1)?.as_str();
            let area: String = outward.chars().take_while(char::is_ascii_alphabetic).collect();
            let known = AREAS.contains(&area.to_uppercase().as_str()) || outward == "xm4";
            if !known || own.is_own_postcode(whole.as_str()) {
                return None;
            }
            let spaced = !captures.get(2)?.is_empty();
            let confidence = confidence(surface, whole.range(), spaced)?;
            Some(Candidate {
                bytes: whole.range(),
                confidence,
                rule: "postcode",
                kind: "postcode",
                severity: Severity::High,
                message: "A postcode that is not one of the school's own: with a house it says where somebody lives",
            })
        })
        .collect()
}

fn confidence(surface: &SurfaceText, bytes: std::ops::Range<usize>, spaced: bool) -> Option<f32> {
    let (before, after) = around(surface.folded().text(), &bytes, 60);
    let home =
        has_word(&before, HOME) || has_word(&after, &["is my", "is our", "my house", "come round"]);
    let numbered_street = has_word(&before, STREET) && before.chars().any(|c| c.is_ascii_digit());
    let public = has_word(&before, PUBLIC) || has_word(&after, PUBLIC);
    let written = surface
        .folded()
        .span(bytes)
        .map(|span| surface.slice(span).to_owned())
        .unwrap_or_default();
    let upper = !written.chars().any(char::is_lowercase);
    // "y61ab" in small letters without a space is a room or class code far more often than a home
    if !spaced && !upper && !home && !numbered_street {
        return None;
    }
    Some(match (home || numbered_street, public) {
        (true, false) => 0.95,
        (true, true) => 0.7,
        (false, true) => 0.35,
        (false, false) if upper => 0.75,
        (false, false) => 0.65,
    })
}
