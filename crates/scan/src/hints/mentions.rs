//! Mentions of accounts that nobody at the school has vouched for.

use schoolgate_model::Span;

use super::{HintContext, span};

/// Shortest and longest handle.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=30;

/// Accounts of public bodies and charities that schools mention, without their punctuation. A handle that starts with
/// one of the longer ones (`nspcclearning`) is known too.
const KNOWN: &[&str] = &[
    "amnesty",
    "antibullyingpro",
    "bbc",
    "bikeability",
    "bookbuzz",
    "booktrust",
    "britishcouncil",
    "britishredcross",
    "childline",
    "childnet",
    "childreninneed",
    "christianaid",
    "comicrelief",
    "commonsuk",
    "duke",
    "dofe",
    "ecoschools",
    "educationgovuk",
    "englandcricket",
    "fareshare",
    "firstnews",
    "foodbank",
    "foundationforge",
    "girlguiding",
    "guidedogs",
    "historicengland",
    "internetmatters",
    "macmillan",
    "marysmeals",
    "metoffice",
    "mindcharity",
    "museum",
    "nasuwt",
    "nationaltrust",
    "natgallery",
    "newsround",
    "nhs",
    "nspcc",
    "ofsted",
    "oxfam",
    "parkrun",
    "poppylegion",
    "rnli",
    "roalddahl",
    "royalfamily",
    "royalsociety",
    "rspb",
    "rspca",
    "samaritans",
    "savechildren",
    "savethechildren",
    "schoolgames",
    "sciencemuseum",
    "scouts",
    "stem",
    "sustrans",
    "tate",
    "thescouts",
    "trusselltrust",
    "ukparl",
    "unicef",
    "wateraid",
    "wildlifetrusts",
    "woodlandtrust",
    "worldbookday",
    "wwf",
    "youngminds",
    "youthsporttrust",
];

/// Shortest name of `KNOWN` that may be the start of a longer handle.
const WHOLE_BELOW: usize = 4;

/// What follows an `@` that means a place or a time and no account.
const PLACES: &[&str] = &[
    "academy",
    "break",
    "church",
    "college",
    "collection",
    "everyone",
    "home",
    "lunch",
    "lunchtime",
    "noon",
    "nursery",
    "office",
    "playtime",
    "reception",
    "school",
    "the",
    "work",
];

/// Mentions of accounts that are neither the school's nor a known organisation's.
pub(super) fn unknown(chars: &[char], context: &HintContext<'_>) -> Vec<Span> {
    let mut found = Vec::new();
    for (at, _) in chars.iter().enumerate().filter(|(_, c)| **c == '@') {
        let stands_alone = at
            .checked_sub(1)
            .and_then(|before| chars.get(before))
            .is_none_or(|c| {
                !c.is_alphanumeric() && !matches!(c, '.' | '_' | '-' | '+' | '@' | '/')
            });
        if !stands_alone {
            continue;
        }
        let handle: String = chars[at + 1..]
            .iter()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
            .take(LENGTH.end() + 1)
            .collect();
        let handle = handle.trim_end_matches('.');
        let is_handle = LENGTH.contains(&handle.len())
            && handle.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_handle && !is_known(handle, context) {
            found.push(span(at, at + 1 + handle.len()));
        }
    }
    found
}

fn is_known(handle: &str, context: &HintContext<'_>) -> bool {
    let plain = plain(handle);
    let own = context
        .own_handles
        .iter()
        .any(|own| self::plain(own) == plain);
    let known = KNOWN
        .iter()
        .any(|known| plain == *known || (known.len() >= WHOLE_BELOW && plain.starts_with(known)))
        || plain.starts_with("bbc")
        || plain.starts_with("nhs");
    own || known || PLACES.contains(&handle) || context.own.is_own_handle(&plain)
}

/// The letters and digits of a handle, small.
fn plain(handle: &str) -> String {
    let letters = handle.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}
