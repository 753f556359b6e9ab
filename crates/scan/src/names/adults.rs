//! Adults: titles, staff names, saints and sovereigns. Their words are kept from the pupil rules.

use super::{
    lists,
    parts::Parts,
    roster::{Role, Roster},
    scene::{Adult, Bond, Candidate, Rule, bond},
    stream::{Atom, Gap, Stream},
};

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "mx",
    "dr",
    "rev",
    "revd",
    "reverend",
    "sir",
    "madam",
    "lady",
    "lord",
    "dame",
    "prof",
    "professor",
    "father",
    "canon",
    "cllr",
    "councillor",
    "coach",
    "pc",
    "pcso",
    "sgt",
    "pte",
    "cpl",
    "lieut",
    "rfn",
    "gnr",
    "president",
    "pope",
    "emperor",
    "empress",
    "chef",
    "pastor",
    "imam",
    "rabbi",
    "sensei",
];

/// Titles that are names too, or that a child may bear: they need a capital, and a name after them.
const HIGH_TITLES: &[&str] = &[
    "king", "queen", "prince", "princess", "saint", "st", "bishop", "duke",
];

/// Every word that is a title, or may be one.
pub(super) fn titles() -> impl Iterator<Item = &'static str> {
    TITLES.iter().chain(HIGH_TITLES).copied().chain(["miss"])
}

/// Titles that an adult really bears. All others are offices and parts that a pupil has too: captains, kings, chefs.
const HONORIFICS: &[&str] = &["mr", "mrs", "ms", "mx", "dr", "rev", "revd", "reverend"];

/// Titles written with a full stop. After any other a full stop ends the sentence.
const ABBREVIATED: &[&str] = &[
    "mr", "mrs", "ms", "mx", "dr", "rev", "revd", "prof", "st", "cllr", "sgt", "pte", "cpl",
    "lieut", "rfn", "gnr",
];

/// Whether the atom is the title of an adult.
pub(super) fn is_title(stream: &Stream<'_>, at: usize) -> bool {
    let Some(atom) = stream.get(at) else {
        return false;
    };
    if !atom.word.title {
        return false;
    }
    let text = &*atom.text;
    // `little Miss O'Connor` is a child
    let little = matches!(stream.text_before(at, 1), "little" | "wee" | "tiny");
    // `I miss seeing Tilly`
    let verb = !atom.capital()
        && matches!(
            stream.text_before(at, 1),
            "i" | "we"
                | "you"
                | "they"
                | "ill"
                | "well"
                | "will"
                | "to"
                | "dont"
                | "really"
                | "didnt"
                | "wont"
                | "never"
                | "not"
                | "so"
                | "still"
                | "all"
                | "would"
                | "gonna"
                | "id"
                | "wed"
                | "and"
        );
    // `on the coach Harvey told me`
    let vehicle = text == "coach"
        && stream.text_before(at, 1) == "the"
        && matches!(
            stream.text_before(at, 2),
            "on" | "off" | "in" | "from" | "into"
        );
    text == "miss" && (atom.capital() || !stream.loose) && !little && !verb
        || TITLES.contains(&text) && !vehicle
        || HIGH_TITLES.contains(&text) && atom.capital()
}

/// Marks the adults of a text and finds the staff among them. Without any there are no marks.
pub(super) fn find(
    stream: &Stream<'_>,
    roster: &Roster,
    parts: &Parts,
) -> (Vec<Adult>, Vec<Candidate>) {
    let mut adults = Vec::new();
    let mut staff = Vec::new();
    if !stream.has.title && stream.has.capitals == 0 && !stream.loose {
        return (adults, staff);
    }
    for at in 0..stream.len() {
        if stream.has.title && is_title(stream, at) {
            titled(stream, roster, parts, at, &mut adults, &mut staff);
        } else if adults.get(at).is_none_or(|adult| *adult == Adult::Nobody) {
            untitled(stream, roster, at, &mut adults, &mut staff);
        }
    }
    (adults, staff)
}

/// `Mrs Whitcombe`, `Mr O Hart`, `Miss Grace Porter`, `Dr and Mrs Hart`.
fn titled(
    stream: &Stream<'_>,
    roster: &Roster,
    parts: &Parts,
    at: usize,
    adults: &mut Vec<Adult>,
    staff: &mut Vec<Candidate>,
) {
    let title = stream.text(at);
    let small = stream.get(at).is_some_and(|a| !a.capital());
    if !reaches(stream, at) {
        return;
    }
    let honorific = HONORIFICS.contains(&title);
    if let Some(end) = staff_after(stream, roster, at + 1) {
        let level = if honorific || title == "miss" {
            Adult::Listed
        } else {
            Adult::Perhaps
        };
        mark(stream, adults, at..end, level);
        staff.extend(candidate(stream, at, end, 0.95));
        return;
    }
    let names = (at + 1..stream.len().min(at + 4))
        .take_while(|next| is_name(stream, parts, *next, *next == at + 1, small))
        .count();
    if names == 0 {
        return;
    }
    let level = match title {
        "miss" => Adult::Perhaps,
        _ if honorific => Adult::Surely,
        _ => Adult::Role,
    };
    mark(stream, adults, at + 1..at + 1 + names, level);
}

/// Whether the atom after a title belongs to the name.
fn is_name(stream: &Stream<'_>, parts: &Parts, at: usize, first: bool, small: bool) -> bool {
    let Some(atom) = stream.get(at) else {
        return false;
    };
    if atom.digits || !near(stream, at) || stream.get(at - 1).is_some_and(|a| a.possessive) {
        return false;
    }
    if first && small {
        return !lists::is_common(&atom.text);
    }
    if !first && stream.gap(at).has(Gap::STOP) && !stream.get(at - 1).is_some_and(Atom::is_single) {
        return false;
    }
    let known = parts.at(at).iter().any(|p| p.role == Role::Family);
    atom.capital() && (first || known || !lists::is_common(&atom.text))
}

/// Whether the title at `at` belongs to what follows: a full stop ends its reach unless it is an abbreviation's.
fn reaches(stream: &Stream<'_>, at: usize) -> bool {
    let gap = stream.gap(at + 1);
    let stopped = gap.has(Gap::STOP) && !ABBREVIATED.contains(&stream.text(at));
    let dashed = gap.has(Gap::DASH | Gap::UNDERLINE) && !stream.loose && gap.length() > 1;
    near(stream, at + 1) && !stopped && !dashed
}

fn near(stream: &Stream<'_>, at: usize) -> bool {
    let gap = stream.gap(at);
    stream.get(at).is_some()
        && gap.only(Gap::SPACE | Gap::STOP | Gap::DASH | Gap::UNDERLINE)
        && gap.length() <= 3
}

/// The end of a staff name that starts at `at`: family name alone, or after an initial or a given name.
fn staff_after(stream: &Stream<'_>, roster: &Roster, at: usize) -> Option<usize> {
    if let Some((end, _)) = staff_family(stream, roster, at) {
        return Some(end);
    }
    let first = stream.get(at)?;
    let (end, givens) = staff_family(stream, roster, at + 1)?;
    let fits = first.letter().map_or_else(
        || givens.iter().any(|given| *given == first.text),
        |letter| givens.iter().any(|given| given.starts_with(letter)),
    );
    (fits && near(stream, at + 1)).then_some(end)
}

/// The staff family name that starts at `at`, the longest first.
fn staff_family<'r>(
    stream: &Stream<'_>,
    roster: &'r Roster,
    at: usize,
) -> Option<(usize, &'r [String])> {
    if !roster.staff.may_begin(stream.get(at)?.hash) {
        return None;
    }
    let mut key = String::with_capacity(32);
    let mut found = None;
    for end in at..stream.len().min(at + 4) {
        if end > at && !near(stream, end) && !stream.gap(end).is_empty() {
            break;
        }
        key.push_str(stream.text(end));
        if let Some(givens) = roster.staff.families.get(&key) {
            found = Some((end + 1, givens.as_slice()));
        }
    }
    found
}

/// `Grace Porter` where she is on the staff list.
fn untitled(
    stream: &Stream<'_>,
    roster: &Roster,
    at: usize,
    adults: &mut Vec<Adult>,
    staff: &mut Vec<Candidate>,
) {
    let Some(atom) = stream.get(at).filter(|a| a.capital() || stream.loose) else {
        return;
    };
    let may_be = |next: &Atom<'_>| roster.staff.may_begin(next.hash);
    if !stream.get(at + 1).is_some_and(may_be)
        || bond(stream, at + 1) != Bond::Close
        || atom.possessive
    {
        return;
    }
    let Some((end, givens)) = staff_family(stream, roster, at + 1) else {
        return;
    };
    let capital = stream
        .get(at + 1)
        .is_some_and(|a| a.capital() || stream.loose);
    if capital && givens.iter().any(|given| *given == atom.text) {
        mark(stream, adults, at..end, Adult::Perhaps);
        staff.extend(candidate(stream, at, end, 0.9));
    }
}

fn mark(stream: &Stream<'_>, adults: &mut Vec<Adult>, range: std::ops::Range<usize>, level: Adult) {
    adults.resize(stream.len(), Adult::Nobody);
    for adult in adults.iter_mut().take(range.end).skip(range.start) {
        *adult = (*adult).max(level);
    }
}

fn candidate(stream: &Stream<'_>, start: usize, end: usize, confidence: f32) -> Option<Candidate> {
    let first = stream.get(start)?;
    let last = stream.get(end.checked_sub(1)?)?;
    Some(Candidate {
        bytes: first.bytes.start..last.bytes.end,
        rule: Rule::Staff,
        confidence,
        pupils: Vec::new(),
        more: 0,
        handle: first.sigil == Some('@'),
    })
}
