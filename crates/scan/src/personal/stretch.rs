//! Which words tell a matter: without the person, up to the end of the clause.

use std::ops::Range;

use super::{page::Page, person::Person};

/// Words between a person and a matter that belong to neither.
const JOINING: &[&str] = &[
    "is", "was", "has", "had", "have", "been", "just", "who", "who's", "whos", "s", "he", "she",
    "he's", "she's", "hes", "shes", "and", "does", "will", "be", "now", "still", "that", "as",
    "because", "cos", "our", "whose", "did", "also", "he'll", "she'll", "are", "were",
];

/// Where the words about a matter end.
const CLAUSE_ENDS: &[&str] = &[
    ",",
    ".",
    ";",
    "!",
    "?",
    "(",
    ")",
    "\n",
    " - ",
    " \u{2013}",
    " \u{2014}",
    ":",
    " and ",
    " but ",
    " so ",
    " who ",
    " please",
    " we ",
    " i ",
    " thanks",
    " thank ",
    " which ",
    " that ",
    " while ",
    " does ",
    " has ",
    " can ",
    " is ",
    " was ",
];

/// How many bytes beside a matter belong to what is told.
const BESIDE: usize = 34;

/// The words that tell the matter, without the person: "severe allergy to eggs", "on report for kicking a door".
pub(super) fn told_of(
    page: &Page<'_>,
    sentence: &Range<usize>,
    person: &Person,
    matter: &Range<usize>,
) -> Range<usize> {
    let limit = if person.bytes.start >= matter.end {
        person.bytes.start
    } else {
        sentence.end
    };
    let rest = page.text_after(matter.end, BESIDE);
    let rest = &rest[..rest.len().min(limit - matter.end)];
    let picture = rest.find(|c: char| !c.is_alphanumeric() && c > '\u{2000}' && c != '\u{2019}');
    let clause = CLAUSE_ENDS
        .iter()
        .filter_map(|end| rest.find(end))
        .chain(picture)
        .min();
    let cut = clause.unwrap_or_else(|| match limit - matter.end {
        left if left <= BESIDE => rest.len(),
        _ => rest.rfind(' ').unwrap_or(0),
    });
    let end = matter.end + rest[..cut].trim_end().len();
    let floor = if person.bytes.end <= matter.start {
        person.bytes.end
    } else {
        sentence.start
    };
    let mut start = matter.start;
    let lead = page.text_before(start, BESIDE.min(start - floor));
    let whole = lead.len() == start - floor;
    let clause = lead
        .rfind([',', '.', ';', '!', '?', '(', ')', '\n', ':'])
        .map_or(0, |at| at + 1);
    if whole || clause > 0 {
        start -= lead.len() - clause;
        start = after_joining(page.text, start..matter.start);
    } else if let Some(word) = lead.trim_end().rsplit(' ').next()
        && matches!(
            word,
            "his" | "her" | "a" | "an" | "the" | "with" | "on" | "in" | "severe" | "bad"
        )
    {
        start -= lead.len() - (lead.trim_end().len() - word.len());
    }
    start.min(matter.start)..end.max(matter.end)
}

/// The start of a stretch without the words that join it to the person.
fn after_joining(text: &str, bytes: Range<usize>) -> usize {
    let mut start = bytes.start;
    loop {
        let rest = &text[start..bytes.end];
        let blank = rest.len()
            - rest
                .trim_start_matches(|c: char| !c.is_alphanumeric())
                .len();
        start += blank;
        let rest = &text[start..bytes.end];
        let word = rest.find(' ').map_or(rest, |end| &rest[..end]);
        if word.is_empty() || !JOINING.contains(&word) {
            return start;
        }
        start += word.len();
    }
}
