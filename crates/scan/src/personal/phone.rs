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
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            if run.digits.is_empty() && previous.is_alphabetic() {
                // "B801..." and "y6": part of a code, not a number of its own
                previous = '#';
            }
            if previous != '#' {
                run.digits.push((at, c));
            }
            gap = 0;
            if previous == '#' {
                continue;
            }
        } else if c == '+' && run.digits.is_empty() {
            run.plus = Some(at);
        } else if !run.digits.is_empty()
            && matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{2022}')
            && gap < MAX_GAP
        {
            gap += 1;
        } else {
            if !run.digits.is_empty() {
                runs.push(std::mem::replace(
                    &mut run,
                    Run {
                        plus: None,
                        digits: Vec::new(),
                    },
                ));
            }
            run.plus = None;
            gap = 0;
        }
        previous = c;
    }
    if !run.digits.is_empty() {
        runs.push(run);
    }
    runs
}

/// Finds numbers in a run, which can hold several (`07700 900123 0161 496 0123`).
fn in_run(text: &str, run: &Run, own: &OwnDetails) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut from = 0;
    while from < run.digits.len() {
        let opens = from == 0 || run.digits[from].0 > run.digits[from - 1].0 + 1;
        let taken = if opens || from == 0 {
            take(text, run, from)
        } else {
            None
        };
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
