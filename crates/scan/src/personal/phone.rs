//! UK phone numbers in every written form, and foreign ones that start with a plus (DOMAIN 2.6).

use schoolgate_model::Severity;

use super::{Candidate, OwnDetails, around, has_word, own::national_digits};

const CONTEXT: &[&str] = &[
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

/// How many separator characters may stand between two digits of one number.
const MAX_GAP: usize = 3;

pub(super) fn scan(text: &str, own: &OwnDetails) -> Vec<Candidate> {
    runs(text)
        .into_iter()
        .flat_map(|run| in_run(text, &run, own))
        .collect()
}

/// A stretch of digits with short separators: byte offset and value of each digit, and the byte where it opens.
struct Run {
    plus: Option<usize>,
    digits: Vec<(usize, char)>,
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run {
        plus: None,
        digits: Vec::new(),
    };
    let mut gap = 0;
    for (at, c) in digit_view(text) {
        if c.is_ascii_digit() {
            run.digits.push((at, c));
            gap = 0;
        } else if run.digits.is_empty() {
            run.plus = if c == '+' {
                Some(at)
            } else {
                run.plus.filter(|_| matches!(c, ' ' | '('))
            };
        } else if !c.is_alphanumeric() && c != '+' && gap < MAX_GAP {
            gap += 1;
        } else {
            let plus = (c == '+').then_some(at);
            runs.push(std::mem::replace(
                &mut run,
                Run {
                    plus,
                    digits: Vec::new(),
                },
            ));
            gap = 0;
        }
    }
    if !run.digits.is_empty() {
        runs.push(run);
    }
    runs
}

/// The text with letters that stand for digits turned into them (`o77oo 9oo 288`, `mob07700...`). Digits inside other
/// words (`b801...`, `y6`) are parts of codes and become letters.
fn digit_view(text: &str) -> Vec<(usize, char)> {
    let mut view = Vec::with_capacity(text.len());
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        if !c.is_alphanumeric() {
            view.push((at, c));
            continue;
        }
        let mut word = vec![(at, c)];
        while let Some(next) = rest.next_if(|(_, next)| next.is_alphanumeric()) {
            word.push(next);
        }
        let letters: String = word
            .iter()
            .map(|(_, c)| *c)
            .take_while(|c| c.is_alphabetic())
            .collect();
        let label = if CONTEXT.contains(&letters.as_str()) {
            letters.chars().count()
        } else {
            0
        };
        let digits = word[label..]
            .iter()
            .filter(|(_, c)| c.is_ascii_digit())
            .count();
        let number = digits > 0
            && word[label..]
                .iter()
                .all(|(_, c)| c.is_ascii_digit() || matches!(c, 'o' | 'i' | 'l'));
        view.extend(word.iter().enumerate().map(|(nth, (at, c))| match c {
            _ if !number || nth < label => (*at, 'x'),
            'o' => (*at, '0'),
            'i' | 'l' => (*at, '1'),
            digit => (*at, *digit),
        }));
    }
    view
}

/// The lengths of the groups from `from` on, as they are written.
fn groups(run: &Run, from: usize, length: usize) -> Vec<usize> {
    let mut groups = vec![1];
    for pair in run.digits[from..from + length].windows(2) {
        if pair[1].0 == pair[0].0 + 1 {
            if let Some(last) = groups.last_mut() {
                *last += 1;
            }
        } else {
            groups.push(1);
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
fn in_run(text: &str, run: &Run, own: &OwnDetails) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < run.digits.len() {
        let opens = from == 0 || run.digits[from].0 > run.digits[from - 1].0 + 1;
        let taken = if opens { take(text, run, from) } else { None };
        let Some((length, confidence)) = taken else {
            from += 1;
            continue;
        };
        let end = run.digits[from + length - 1].0 + 1;
        let start = opening(text, run, from);
        let bytes = start..end;
        if !own.is_own_phone(&national_digits(&text[bytes.clone()])) {
            found.push(Candidate {
                bytes,
                confidence,
                rule: "phone-number",
                kind: "phone",
                severity: Severity::High,
                message: "A phone number that is not one of the school's own: a private person's number must not be public",
            });
        }
        from += length;
    }
    found
}

/// The byte where a number opens, with its plus or bracket.
fn opening(text: &str, run: &Run, from: usize) -> usize {
    let first = run.digits[from].0;
    if from == 0 && run.plus.is_some_and(|plus| plus < first) {
        return run.plus.unwrap_or(first);
    }
    let bracket =
        text[..first].ends_with('(') && text[first..].find(')').is_some_and(|close| close <= 8);
    if bracket { first - 1 } else { first }
}

/// How many digits from `from` make a number, and how sure.
fn take(text: &str, run: &Run, from: usize) -> Option<(usize, f32)> {
    let digits: String = run.digits[from..]
        .iter()
        .take(16)
        .map(|(_, digit)| *digit)
        .collect();
    let plus = from == 0 && run.plus.is_some();
    let ends = |length: usize| {
        let last = run.digits.get(from + length - 1)?.0;
        let next = run.digits.get(from + length).map(|(at, _)| *at);
        (next != Some(last + 1)).then_some(length)
    };
    if plus && !digits.starts_with("44") {
        let length = (8..=15)
            .rev()
            .find(|length| from + length == run.digits.len())?;
        return Some((length, 0.8));
    }
    let prefix = match () {
        () if plus && digits.starts_with("440") => 3,
        () if plus => 2,
        () if digits.starts_with("00440") => 5,
        () if digits.starts_with("0044") => 4,
        () if digits.starts_with("447") && ends(12).is_some() => 2,
        () if digits.starts_with('0') => 1,
        () => return without_zero(text, run, from, &digits, ends),
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
    let groups = groups(run, from, length);
    // a street's numbers, results and times are written in short groups; a geographic number never opens with one
    let short = prefix == 1 && groups[0] < 3 && groups.len() > 1 && !national.starts_with('7');
    if short || opens_with_date(&groups, &digits) {
        return None;
    }
    let confidence = match national.as_bytes() {
        [b'7', b'0' | b'6', ..] => 0.8,
        [b'7', ..] => 0.97,
        [b'1' | b'2', ..] if national[1..].starts_with("00") => return None,
        [b'1' | b'2', ..] => 0.75,
        // freephone, shared-cost and premium numbers belong to organisations
        _ => 0.3,
    };
    Some((length, confidence))
}

/// A mobile number whose leading zero was lost needs a word such as "text" next to it.
fn without_zero(
    text: &str,
    run: &Run,
    from: usize,
    digits: &str,
    ends: impl Fn(usize) -> Option<usize>,
) -> Option<(usize, f32)> {
    if !matches!(digits.as_bytes(), [b'7', b'1'..=b'5' | b'7'..=b'9', ..]) {
        return None;
    }
    let length = ends(10)?;
    let bytes = run.digits[from].0..run.digits[from + length - 1].0 + 1;
    let (before, _) = around(text, &bytes, 40);
    has_word(&before, CONTEXT).then_some((length, 0.8))
}
