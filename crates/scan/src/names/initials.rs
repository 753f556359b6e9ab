//! Initials by themselves, which identify where a class stands beside them: `O.S. in 4 Heron`, `OS (4 Heron)`, `4H: O.S.`

use super::{
    alone::groups_for,
    classes::Group,
    evidence, lists,
    parts::{Part, Way},
    roster::Role,
    scene::{Adult, Candidate, Rule, Scene},
    stream::Gap,
};

/// Capitals that stand for something else in a school.
const NOT_INITIALS: &[&str] = &[
    "pe", "re", "ta", "it", "uk", "us", "am", "pm", "ok", "id", "tv", "dt", "ps", "mp", "dj", "ve",
    "vj", "ad", "bc", "pc", "cd", "pj", "pjs", "ks", "hr", "ai", "vr", "ip", "mr", "ms", "dr",
    "st", "no", "nb", "fa", "eu", "un", "ce", "rc", "pta", "sen", "eal", "ict", "phse", "bbc",
    "nhs", "dvd", "usa", "cpd", "dbs", "led", "faq", "sat", "sats", "the", "and", "for", "you",
    "are", "not", "all", "was", "rip", "lol", "omg", "aka", "asap", "fyi", "rsvp", "vs", "go",
    "to", "in", "on", "at", "is", "we", "so", "do", "my", "me", "be", "by", "up", "an", "as", "if",
    "of", "or", "oh", "ha", "he", "hi", "th", "nd", "rd", "hrs", "min", "sec", "fb", "ig", "dm",
    "pp", "wk", "yr", "yrs", "ie", "eg", "xx", "xxx", "ur", "pls", "tho", "thx", "bf", "gf", "np",
    "ty", "msg", "pic", "pics", "etc", "mum", "mam", "dad", "nan", "img", "jpg", "png", "mov",
    "gif", "pdf", "www", "com", "org", "http", "new", "old", "our", "his", "her", "him", "she",
    "who", "out", "off", "now", "got", "get", "one", "two", "six", "ten", "boy", "lad", "man",
    "men", "kid", "fun", "day", "art", "lot", "mr", "ta",
];

/// `O.S. in 4 Heron`, `OS (4 Heron)`, `4H: O.S.`
pub(super) fn find(scene: &Scene<'_>, at: usize, groups: &[Group]) -> Option<Candidate> {
    let stream = scene.stream;
    let (end, key, dotted) = initials_at(scene, at)?;
    if scene.in_mention(at) || scene.adult(at..end) != Adult::Nobody {
        return None;
    }
    let part = Part {
        start: at,
        end,
        role: Role::Given,
        way: Way::Plain,
        key,
        names: Vec::new(),
        capital: true,
        possessive: false,
    };
    let attached = evidence::attached_class(scene, &part).is_some()
        || initials_listed(scene, end)
        || (1..=3).any(|back| {
            at >= back
                && scene.in_mention(at - back)
                && (stream.gap(at).has(Gap::COLON | Gap::BRACKET | Gap::DASH)
                    || stream.loose && stream.gap(at).has(Gap::UNDERLINE | Gap::SPACE))
        });
    let small = !stream.get(at).is_some_and(super::stream::Atom::capital);
    if small && (!attached || !initials_follow(scene, at)) {
        return None;
    }
    // `5 KM`, and `1st KM (1 Robin)`
    let counted = at > 0
        && stream
            .text_before(at, 1)
            .chars()
            .all(|c| c.is_ascii_digit());
    let unit =
        matches!(part.key.as_str(), "km" | "cm" | "mm" | "kg" | "ml") && (counted || !attached);
    let listed_out = unit || NOT_INITIALS.contains(&part.key.as_str());
    let heading = stream.get(at).is_some_and(|a| a.heading) && !dotted && !attached;
    // `J.K. Rowling`
    let of_surname = stream.gap(end).only(Gap::STOP | Gap::SPACE)
        && !attached
        && !scene.in_mention(end)
        && stream
            .get(end)
            .is_some_and(|a| a.case == super::stream::Case::Title && !a.heading && !a.word.common);
    if of_surname {
        return None;
    }
    let sure = attached || evidence::praised(scene, at);
    if listed_out && !(dotted && sure) || !dotted && !attached || heading {
        return None;
    }
    let wanted: Vec<Group> = groups_for(scene, &part, groups)
        .into_iter()
        .cloned()
        .collect();
    let inside = scene.roster.initials_in(&part.key, &wanted);
    let pupils = inside.pupils();
    if pupils.is_empty() {
        return None;
    }
    let confidence = if attached { 0.75 } else { 0.6 };
    scene
        .candidate(at..end, Rule::InitialsClass, confidence, pupils)
        .map(|found| found.and_more(inside.more))
}

/// The most entries of a list that are looked at.
const LONGEST_LIST: usize = 8;

/// `JT, KB and OH (6 Harrier)`: more initials, and the class behind the last.
fn initials_listed(scene: &Scene<'_>, mut end: usize) -> bool {
    let stream = scene.stream;
    for _ in 0..LONGEST_LIST {
        let and = usize::from(stream.text(end) == "and");
        let joined = and == 1 || stream.gap(end).has(Gap::COMMA | Gap::AND);
        let next = initials_at(scene, end + and).filter(|(_, key, _)| {
            joined
                && stream
                    .get(end + and)
                    .is_some_and(super::stream::Atom::capital)
                && !NOT_INITIALS.contains(&key.as_str())
        });
        let Some((after, ..)) = next else {
            return false;
        };
        end = after;
        let part = Part {
            start: end - 1,
            end,
            role: Role::Given,
            way: Way::Plain,
            key: String::new(),
            names: Vec::new(),
            capital: true,
            possessive: false,
        };
        if evidence::attached_class(scene, &part).is_some() {
            return true;
        }
    }
    false
}

/// Whether small letters can be initials here: after `from`, `by` and the like, opening a clause, or in a file name.
fn initials_follow(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    stream.loose
        || stream.get(at).is_some_and(|a| a.opens)
        || evidence::praised(scene, at)
        || evidence::kin_before(scene, at)
        || matches!(
            stream.text_before(at, 1),
            "from"
                | "by"
                | "to"
                | "for"
                | "with"
                | "and"
                | "is"
                | "was"
                | "about"
                | "called"
                | "that"
        )
}

/// Two or three capitals, with dots or spaces or as one word; small letters only as one word.
fn initials_at(scene: &Scene<'_>, at: usize) -> Option<(usize, String, bool)> {
    let stream = scene.stream;
    let atom = stream.get(at)?;
    if atom.digits || at > 0 && stream.gap(at).is_empty() {
        return None;
    }
    let length = atom.text.chars().count();
    if !atom.capital() {
        let word = lists::is_word(&atom.text) || lists::is_given(&atom.text);
        return ((2..=3).contains(&length) && !word)
            .then(|| (at + 1, atom.text.to_string(), false));
    }
    if atom.is_single() {
        let mut key = atom.text.to_string();
        let mut end = at + 1;
        while end < at + super::register::LONGEST_INITIALS
            && stream
                .get(end)
                .is_some_and(|a| a.letter().is_some() && a.capital())
        {
            let gap = stream.gap(end);
            if !(gap.only(Gap::STOP | Gap::SPACE | Gap::DASH) && gap.length() <= 2)
                || scene.in_mention(end)
            {
                break;
            }
            key.push_str(stream.text(end));
            end += 1;
        }
        let before = at > 0
            && stream
                .get(at - 1)
                .is_some_and(|a| a.is_single() && a.capital())
            && stream.gap(at).length() <= 2;
        return (key.len() >= 2 && !before).then_some((end, key, true));
    }
    let upper = atom.case == super::stream::Case::Upper;
    (upper && (2..=3).contains(&length)).then(|| (at + 1, atom.text.to_string(), false))
}
