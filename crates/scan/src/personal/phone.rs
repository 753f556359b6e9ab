//! Phone numbers in every written form: UK ones with digits, spelled out or mixed, and foreign ones (DOMAIN 2.6).

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{DIGITWORD, HOME, IDENT, NHS, ORG, PHONE, PRIVATE, ULN, VENUE},
    kind::Kind,
    local,
    own::national_digits,
    page::Page,
    person::is_given_name,
};

/// Labels that people write without a space before a number (`mob07700...`).
const LABELS: &[&str] = &[
    "call",
    "ring",
    "text",
    "tel",
    "telephone",
    "phone",
    "mobile",
    "mob",
    "number",
    "whatsapp",
    "contact",
    "num",
    "no",
];

/// "Tell Moira on": somebody with a capital.
static TELL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:tell|ask|ring|call|text|message|phone|whatsapp|speak to|speak with|talk to) ([a-z]{3,12})(?:,[^,.!?\n]{3,40},)?(?: on| at|:| -)? ?\(?$").ok()
});

/// Words of numbers that people write into their digits (`07seven00`).
const GLUED: &[&str] = &["hundred", "zero", "seven", "double"];

fn has_glued_word(text: &str) -> bool {
    GLUED.iter().any(|word| text.contains(word))
}

/// How many separator characters may stand between two digits of one number.
const MAX_GAP: usize = 3;
/// How many spelled digits make it worth reading words as digits.
const SPELLED: usize = 4;

/// How many words of a number without its zero must be told in words, where nothing else says that it is a telephone's.
const SPOKEN: usize = 7;

static ABROAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:\(?[2-9][0-9]{2}\)?[ .-]?){2}[0-9]{4}(?-u:\b)").ok());

static APART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const CODE: &str = "(?:area |dialling |dial |std |town |local )?code(?: is| for wexbourne is|:)? ?\\(?0[12][0-9]{1,3}\\)?";
    Regex::new(&format!(
        r"(?-u:\b)[0-9]{{3}} ?[0-9]{{3}} \(0[17][0-9]{{2,3}}\)|(?-u:\b)(?:[0-9]{{3}} ?[0-9]{{3,4}}[ ,;.(-]{{1,3}}(?:and )?(?:the |with |usual )?{CODE}|{CODE}[ ,;.-]{{1,3}}(?:and |then )?(?:the )?(?:number |rest )?(?:is )?[0-9]{{3}} ?[0-9]{{3,4}})(?-u:\b)"
    ))
    .ok()
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let spelled = page.has(DIGITWORD)
        && page
            .cues
            .iter()
            .filter(|cue| cue.classes & DIGITWORD != 0)
            .nth(SPELLED - 1)
            .is_some();
    let spelled = spelled || page.digits >= 5 && (page.has(DIGITWORD) || has_glued_word(page.text));
    if page.digits < 4 && !spelled {
        return;
    }
    for run in runs(page.text, spelled) {
        in_run(page, &run, found);
    }
    abroad(page, found);
    apart(page, found);
}

/// A number and the code of its town apart from it: "960118, code 01632".
fn apart(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits < 9 || !(page.text.contains("code") || page.text.contains("(0")) {
        return;
    }
    for shaped in APART.iter().flat_map(|shape| shape.find_iter(page.text)) {
        found.push(Candidate::new(Kind::Phone, shaped.range(), 0.75));
    }
}

/// Numbers told in words, with their digits: "four zero one, zero two three, two one three seven".
pub(super) fn spelled_numbers(page: &Page<'_>) -> Vec<(Range<usize>, String)> {
    runs(page.text, true)
        .into_iter()
        .filter(|run| run.digits.iter().any(|digit| digit.end - digit.start > 1))
        .filter_map(|run| {
            let bytes = run.digits.first()?.start..run.digits.last()?.end;
            let digits = run.digits.iter().map(|digit| digit.value).collect();
            Some((bytes, digits))
        })
        .collect()
}

/// North American numbers, which nothing but the words around tells from others.
fn abroad(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if page.digits < 10 || !page.has(PHONE) {
        return;
    }
    for shaped in ABROAD.iter().flat_map(|shape| shape.find_iter(page.text)) {
        let bytes = shaped.range();
        let plain = shaped.len() == 10;
        if page.stands_alone(&bytes)
            && page.near(&bytes, PHONE, 24, 0)
            && !plain
            && !page.near(&bytes, IDENT | NHS | ULN, 24, 0)
        {
            found.push(Candidate::new(Kind::Phone, bytes, 0.7));
        }
    }
}

/// One digit and the bytes that say it.
#[derive(Clone, Copy)]
struct Digit {
    start: usize,
    end: usize,
    value: char,
}

/// A stretch of digits with short separators, and where its plus stands.
struct Run {
    plus: Option<usize>,
    digits: Vec<Digit>,
}

fn runs(text: &str, spelled: bool) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run {
        plus: None,
        digits: Vec::new(),
    };
    let mut gap = 0;
    for Digit { start, end, value } in digit_view(text, spelled) {
        if value.is_ascii_digit() {
            run.digits.push(Digit { start, end, value });
            gap = 0;
        } else if run.digits.is_empty() {
            run.plus = if value == '+' {
                Some(start)
            } else {
                run.plus.filter(|_| matches!(value, ' ' | '('))
            };
        } else if !value.is_alphanumeric() && value != '+' && gap < MAX_GAP {
            gap += 1;
        } else {
            let plus = (value == '+').then_some(start);
            let digits = Vec::new();
            runs.push(std::mem::replace(&mut run, Run { plus, digits }));
            gap = 0;
        }
    }
    if !run.digits.is_empty() {
        runs.push(run);
    }
    runs
}

/// The digits that a spelled word stands for.
pub(super) fn spelled_digits(word: &str) -> Option<&'static str> {
    Some(match word {
        "zero" | "oh" | "o" | "nought" | "naught" | "nil" => "0",
        "one" => "1",
        "two" => "2",
        "three" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "hundred" => "00",
        "seventy" => "70",
        _ => return None,
    })
}

/// The text with letters and words that stand for digits turned into them (`o77oo 9oo 288`, `mob07700...`, `double
/// seven`). Digits inside other words (`b801...`, `y6`) are parts of codes and become letters.
fn digit_view(text: &str, spelled: bool) -> Vec<Digit> {
    let mut view = Vec::with_capacity(text.len());
    let mut rest = text.char_indices().peekable();
    let mut times = 1;
    while let Some((start, c)) = rest.next() {
        let mut end = start + c.len_utf8();
        if !c.is_alphanumeric() {
            view.push(Digit {
                start,
                end,
                value: c,
            });
            continue;
        }
        while let Some((at, next)) = rest.next_if(|(_, next)| next.is_alphanumeric()) {
            end = at + next.len_utf8();
        }
        let word = &text[start..end];
        match word {
            "double" if spelled => times = 2,
            "triple" | "treble" if spelled => times = 3,
            // the spaces beside it part the digits
            "and" | "then" if spelled || word == "then" => {}
            _ => {
                match spelled_digits(word).filter(|_| spelled) {
                    Some(digits) => {
                        let digits = digits.chars().cycle().take(digits.len() * times);
                        view.extend(digits.map(|value| Digit { start, end, value }));
                    }
                    None if spelled && push_glued(word, start, &mut view) => {}
                    None => push_word(word, start, times, &mut view),
                }
                times = 1;
            }
        }
    }
    view
}

/// Words of numbers and digits written as one (`zero7seven00`, `ninehundred`); otherwise nothing is added.
fn push_glued(word: &str, start: usize, view: &mut Vec<Digit>) -> bool {
    const PARTS: &[(&str, &str)] = &[
        ("zero", "0"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("hundred", "00"),
        ("oh", "0"),
    ];
    let mut glued = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let rest = &word[at..];
        let first = rest.chars().next().filter(char::is_ascii_digit);
        let part = PARTS.iter().find(|(spelled, _)| rest.starts_with(spelled));
        let (length, first, second) = match (first, part) {
            (Some(digit), _) => (1, digit, None),
            (None, Some((spelled, "00"))) => (spelled.len(), '0', Some('0')),
            (None, Some((spelled, digit))) => {
                (spelled.len(), digit.chars().next().unwrap_or('0'), None)
            }
            (None, None) => return false,
        };
        let (start, end) = (start + at, start + at + length);
        glued.extend(
            [Some(first), second]
                .into_iter()
                .flatten()
                .map(|value| Digit { start, end, value }),
        );
        at += length;
    }
    let several = glued.len() > 1 && glued.iter().any(|digit| digit.end - digit.start > 1);
    if several {
        view.extend(glued);
    }
    several
}

/// So many digits at least stand before an x that is a kiss.
const FEWEST_BEFORE_KISSES: usize = 9;

fn push_word(word: &str, start: usize, times: usize, view: &mut Vec<Digit>) {
    let letters = word
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(word.len());
    let label = if LABELS.contains(&&word[..letters]) {
        letters
    } else {
        0
    };
    let number = &word[label..];
    // "07700900418x": kisses behind a number
    let plain = number.trim_end_matches('x');
    let kisses = if plain.len() >= FEWEST_BEFORE_KISSES {
        number.len() - plain.len()
    } else {
        0
    };
    let number = &number[..number.len() - kisses];
    let kissed = word.len() - kisses;
    let is_number = number.bytes().any(|byte| byte.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, 'o' | 'i' | 'l' | 'ο' | 'о'));
    for (at, c) in word.char_indices() {
        let value = match c {
            _ if !is_number || at < label || at >= kissed => 'x',
            'o' | 'ο' | 'о' => '0',
            'i' | 'l' => '1',
            digit => digit,
        };
        let digit = Digit {
            start: start + at,
            end: start + at + c.len_utf8(),
            value,
        };
        let repeat = if number.len() == 1 && is_number {
            times
        } else {
            1
        };
        view.extend(std::iter::repeat_n(digit, repeat));
    }
}

/// Whether the digit opens a group of its own.
fn opens(digits: &[Digit], at: usize) -> bool {
    at == 0 || digits[at].start > digits[at - 1].end
}

/// The lengths of the groups as they are written.
fn groups(digits: &[Digit]) -> Vec<usize> {
    let mut groups = Vec::new();
    for at in 0..digits.len() {
        match groups.last_mut() {
            Some(last) if !opens(digits, at) => *last += 1,
            _ => groups.push(1),
        }
    }
    groups
}

/// Whether the digits open with a date such as `07/11/2026`.
fn opens_with_date(groups: &[usize], digits: &str) -> bool {
    let [day @ 1..=2, month @ 1..=2, 4, ..] = *groups else {
        return false;
    };
    let year = &digits[day + month..];
    year.starts_with("19") || year.starts_with("20")
}

/// Finds numbers in a run, which can hold several (`07700 900123 0161 496 0123`).
fn in_run(page: &Page<'_>, run: &Run, found: &mut Vec<Candidate>) {
    let mut from = 0;
    while from < run.digits.len() {
        let taken = if opens(&run.digits, from) {
            take(page, run, from)
        } else {
            None
        };
        let Some((length, confidence)) = taken else {
            from += 1;
            continue;
        };
        let digits = &run.digits[from..from + length];
        let start = opening(page.text, run, from);
        let end = with_extension(page, digits.last().map_or(start, |last| last.end));
        let number: String = digits.iter().map(|digit| digit.value).collect();
        let plus = if page.text[start..].starts_with('+') {
            "+"
        } else {
            ""
        };
        if !page
            .own
            .is_own_phone(&national_digits(&format!("{plus}{number}")))
        {
            found.push(Candidate::new(Kind::Phone, start..end, confidence));
        }
        from += length;
    }
}

/// The end of the number with its extension (`ext 204`).
fn with_extension(page: &Page<'_>, end: usize) -> usize {
    let after = page.text_after(end, 16);
    let mut rest = after.trim_start_matches([' ', ',', '(']);
    for word in ["extension", "ext.", "ext", "x"] {
        if let Some(number) = rest.strip_prefix(word) {
            rest = number.trim_start_matches([' ', ':', '.']);
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if (2..=6).contains(&digits) {
                return end + (after.len() - rest.len()) + digits;
            }
            break;
        }
    }
    end
}

/// The byte where a number opens, with its plus or bracket.
fn opening(text: &str, run: &Run, from: usize) -> usize {
    let first = run.digits[from].start;
    if let Some(plus) = run.plus.filter(|plus| from == 0 && *plus < first) {
        return plus;
    }
    let closes = text.as_bytes()[first..]
        .iter()
        .take(9)
        .any(|byte| *byte == b')');
    if closes && text[..first].ends_with('(') {
        first - 1
    } else {
        first
    }
}

/// How many digits from `from` make a number, and how sure.
fn take(page: &Page<'_>, run: &Run, from: usize) -> Option<(usize, f32)> {
    let digits: String = run.digits[from..]
        .iter()
        .take(17)
        .map(|digit| digit.value)
        .collect();
    let plus = from == 0 && run.plus.is_some();
    let ends = |length: usize| {
        run.digits.get(from + length - 1)?;
        (from + length == run.digits.len() || opens(&run.digits, from + length)).then_some(length)
    };
    if plus && !digits.starts_with("44") {
        let length = (8..=15).rev().find(|length| ends(*length).is_some())?;
        return Some((length, 0.85));
    }
    let prefix = match () {
        () if plus && digits.starts_with("440") => 3,
        () if plus => 2,
        () if digits.starts_with("00440") => 5,
        () if digits.starts_with("0044") => 4,
        () if digits.starts_with("447") && ends(12).is_some() => 2,
        () if digits.starts_with('0') => 1,
        () => return without_zero(page, run, from, &digits, ends),
    };
    let national = &digits[prefix.min(digits.len())..];
    let lengths: &[usize] = match national.as_bytes() {
        [b'8', b'0', b'0', ..] | [b'5', ..] | [b'1', ..] => &[10, 9],
        [b'2' | b'3' | b'7' | b'8' | b'9', ..] => &[10],
        _ => return None,
    };
    let helpline = ["8001111", "8454647"]
        .iter()
        .find(|short| national.starts_with(**short));
    let length = match helpline {
        Some(short) => ends(prefix + short.len())?,
        None => lengths.iter().find_map(|length| ends(prefix + length))?,
    };
    let said = &run.digits[from..from + length];
    let groups = groups(said);
    let between = said.first()?.start..said.last()?.end;
    let words = page.text[between].contains(|c: char| c.is_ascii_alphabetic());
    // a street's numbers, results and times are written in short groups; a geographic number never opens with one
    let single = groups.iter().take_while(|length| **length == 1).count() >= 5;
    let short = prefix == 1
        && groups[0] < 3
        && !single
        && groups.len() > 1
        && !national.starts_with('7')
        && !words;
    if short
        || opens_with_date(&groups, &digits)
        || national[1..].starts_with("00") && !national.starts_with('8')
    {
        return None;
    }
    let bytes = said.first()?.start..said.last()?.end;
    confidence(page, &bytes, national).map(|confidence| (length, confidence))
}

/// "Tell Moira on": whoever reads it is sent to somebody.
fn is_asked_for(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let lead = page.text_before(bytes.start, 80);
    let asked = TELL.iter().find_map(|shape| shape.captures(lead));
    let first_of_lead = bytes.start - lead.len();
    asked
        .and_then(|asked| asked.get(1))
        .is_some_and(|name| page.opens_with_capital(first_of_lead + name.start()))
}

/// "Tell Moira on", "Jo:": somebody's given name just before the number.
fn beside_a_name(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    if is_asked_for(page, bytes) {
        return true;
    }
    let before = page.text_before(bytes.start, 24);
    let first = bytes.start - before.len();
    before
        .split(|c: char| !c.is_alphanumeric())
        .rev()
        .filter(|word| !word.is_empty())
        .take(3)
        .any(|word| {
            let at = before.rfind(word).map_or(first, |at| first + at);
            is_given_name(word) && page.opens_with_capital(at)
        })
}

/// Whoever works in a school's office, or has its say: "the Sixth Form Administrator, Mrs Wendy Sugden, on".
static OFFICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const PART: &str = "(?:office|business|site|premises|exams?|data|catering|kitchen|admissions|attendance|finance|pastoral|inclusion|lettings|transport|cover|nursery|careers|safeguarding|wellbeing|welfare|behaviour|phase|year|key stage|sixth form|trips?|facilities|events|communications|marketing|estates)";
    Regex::new(&format!(
        r"(?-u:\b)(?:(?:{PART} )(?:and [a-z]+ )?(?:manager|officer|lead|leader|assistant|administrator|team|co-?ordinator|adviser|advisor|secretary)|administrator|receptionist|(?:school|head'?s|headteacher'?s|principal'?s) (?:secretary|pa|nurse|counsellor)|bursar|registrar|sen[d]?co|dsl|head ?teacher|deputy head|assistant head|(?:vice )?principal|head of [a-z0-9 ]{{2,20}}|librarian|matron|clerk to (?:the )?governors|family (?:support|liaison) (?:worker|officer))(?-u:\b)[^.!?\n]{{0,40}}$"
    ))
    .ok()
});

/// Whether a school's own post sends to somebody who answers at the school: one of its staff, or whoever holds an office. Where
/// they can be reached at home is nobody's business all the same.
fn is_a_desk(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    const AT_HOME: &[&str] = &[
        "home",
        "house",
        "evenings",
        "in the evening",
        "weekend",
        "private",
        "personal",
        "her own",
        "his own",
        "mobile",
        "retire",
        "leaving",
        "maternity",
        "pta",
        "friends of",
    ];
    let sentence = page.sentence_of(bytes.start);
    let words = &page.text[sentence.clone()];
    let lead = page.text_before(bytes.start, 80.min(bytes.start - sentence.start));
    let near = bytes.start - lead.len()..bytes.start;
    page.context.draft
        && !AT_HOME.iter().any(|own| words.contains(own))
        && (page.named_in(&near).any(|named| named.staff)
            || OFFICE.iter().any(|office| office.is_match(lead)))
}

/// "Badger Schoolwear on 01632 ...": two names that are nobody's, just before the number.
fn beside_a_firm(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let before = page.text_before(bytes.start, 40);
    let Some(lead) = before
        .trim_end_matches(['(', ' ', ':', '-', ','])
        .strip_suffix(" on")
        .or_else(|| Some(before.trim_end_matches(['(', ' ', ':', '-', ','])))
    else {
        return false;
    };
    let first = bytes.start - before.len();
    let mut words = lead.rsplit(' ');
    let (Some(last), Some(earlier)) = (words.next(), words.next()) else {
        return false;
    };
    let last_at = first + lead.len() - last.len();
    let Some(earlier_at) = (last_at - 1).checked_sub(earlier.len()) else {
        return false;
    };
    let title = matches!(
        earlier,
        "mr" | "mrs" | "miss" | "ms" | "dr" | "auntie" | "aunty" | "uncle" | "nanny" | "coach"
    );
    last.len() > 3
        && earlier.len() > 2
        && !title
        && !is_given_name(last)
        && !is_given_name(earlier)
        && !matches!(
            earlier,
            "call" | "ring" | "text" | "contact" | "tell" | "ask" | "phone" | "message"
        )
        && page.opens_with_capital(last_at)
        && page.opens_with_capital(earlier_at)
}

/// How far before a number the name of a house is looked for that is open to everybody.
const HOUSE_REACH: usize = 100;

/// "Wexbourne Library do this one too, you book on": a house with its capital, in the sentence.
fn follows_a_house(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let sentence = page.sentence_of(bytes.start);
    let from = bytes.start.saturating_sub(HOUSE_REACH).max(sentence.start);
    page.cues_between(from, bytes.start)
        .any(|cue| cue.classes & (ORG | VENUE) != 0 && page.opens_with_capital(cue.bytes.start))
}

/// Whether a word of somebody's own stands near a number. "Ask for the night desk" asks for nobody.
fn is_private(page: &Page<'_>, bytes: &Range<usize>) -> bool {
    let from = bytes.start.saturating_sub(45);
    // "Meadowbank School ... Telephone 0117 496 0287. Ask for Bev": who is asked for at a desk
    let desk = page.context.draft && page.near(bytes, ORG | VENUE, 90, 0);
    page.cues_between(from, bytes.end + 30).any(|cue| {
        cue.classes & (PRIVATE | HOME) != 0
            && (cue.bytes.end <= bytes.start || cue.bytes.start >= bytes.end)
            && !(&page.text[cue.bytes.clone()] == "ask for"
                && (desk || page.text_after(cue.bytes.end, 5) == " the "))
    })
}

/// How sure a UK number is a private person's.
fn confidence(page: &Page<'_>, bytes: &Range<usize>, national: &str) -> Option<f32> {
    let own = is_private(page, bytes)
        || local::is_somebodys(page, bytes.start)
        || is_asked_for(page, bytes);
    let private = own || beside_a_name(page, bytes);
    let reach = if page.context.draft { 90 } else { 45 };
    let theirs = [
        "theyre on ",
        "they're on ",
        "they are on ",
        "their number is ",
        "there number is ",
    ]
    .iter()
    .any(|lead| page.text_before(bytes.start, 20).ends_with(lead));
    let organisation = page.near(bytes, ORG | VENUE, if theirs { 120 } else { reach }, 60)
        || follows_a_house(page, bytes);
    let named = page.near(bytes, PHONE, 30, 20);
    let signed = !page.context.draft
        && page.near(bytes, PHONE, 14, 0)
        && page.near(bytes, PRIVATE, 120, 0)
        && !beside_a_firm(page, bytes);
    let identifier = page.near(bytes, IDENT, 20, 0) && !named
        || page.is_led_by(bytes.start, IDENT, 3)
        || page.near(bytes, NHS | ULN, 24, 0) && !national.starts_with('7');
    match national.as_bytes() {
        _ if identifier => None,
        [b'7', b'0' | b'6', ..] => Some(0.8),
        [b'7', ..] if organisation && !private => Some(0.7),
        [b'7', ..] => Some(0.97),
        [b'1' | b'2', ..] if is_a_desk(page, bytes) => None,
        [b'1' | b'2', ..]
            if page.context.draft
                && page.is_led_by(bytes.start, ORG, 5)
                && !beside_a_name(page, bytes) =>
        {
            None
        }
        [b'1' | b'2', ..]
            if local::is_rung(page, bytes.start)
                && !page.near(bytes, PRIVATE, 45, 0)
                && !beside_a_name(page, bytes) =>
        {
            None
        }
        [b'1' | b'2', ..]
            if !private
                && (beside_a_firm(page, bytes) || local::is_of_a_trade(page, bytes.start)) =>
        {
            None
        }
        [b'1' | b'2', ..] => match (private, organisation) {
            (true, false) => Some(0.9),
            // in a school's own post, somebody whom an office or a desk lets answer for it
            (true, true) if page.context.draft && !own => None,
            (true, true) => Some(0.6),
            (false, true) if signed => Some(0.6),
            (false, true) => None,
            (false, false) => Some(0.7),
        },
        // freephone, shared-cost and premium numbers belong to organisations
        _ if private && named && !organisation => Some(0.6),
        _ => None,
    }
}

/// A mobile number whose leading zero was lost needs a word such as "text" next to it.
fn without_zero(
    page: &Page<'_>,
    run: &Run,
    from: usize,
    digits: &str,
    ends: impl Fn(usize) -> Option<usize>,
) -> Option<(usize, f32)> {
    if !matches!(digits.as_bytes(), [b'7', b'1'..=b'5' | b'7'..=b'9', ..]) {
        return None;
    }
    let length = ends(10)?;
    let bytes = run.digits[from].start..run.digits[from + length - 1].end;
    let named = page.near(&bytes, PHONE, 40, 0) && !page.near(&bytes, IDENT, 20, 0);
    // nobody says ten figures one by one of anything else that opens like a mobile
    let spoken = page.text[bytes]
        .split(' ')
        .filter(|word| spelled_digits(word).is_some());
    match named {
        true => Some((length, 0.8)),
        false => (spoken.count() >= SPOKEN).then_some((length, 0.7)),
    }
}
