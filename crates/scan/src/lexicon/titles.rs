//! Quoted titles and people's names: capital letters that tell a title or a surname from an insult.
//! Which rules they excuse is the rule's own business.

use schoolgate_model::Span;

use super::view::Glyph;

/// Longest quoted title, in characters.
const LONGEST_TITLE: usize = 60;

/// Words that a title writes small.
const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with",
];

/// Words that are no part of a name, capital or not.
const NOT_A_NAME: &[&str] = &[
    "a", "about", "absolute", "again", "all", "always", "am", "an", "and", "are", "as", "at",
    "because", "but", "by", "can", "complete", "does", "for", "from", "give", "go", "has", "have",
    "he", "head", "her", "hes", "his", "how", "i", "if", "im", "in", "is", "it", "its", "just",
    "leave", "like", "my", "never", "no", "not", "of", "off", "on", "or", "our", "out", "school",
    "she", "shes", "sir", "so", "such", "teacher", "that", "thats", "the", "their", "they", "this",
    "to", "total", "u", "ur", "was", "we", "were", "what", "who", "why", "with", "you", "your",
    "youre", "yours",
];

/// Titles of a person: a surname may follow, never a given name stand before.
const HONORIFICS: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "sir",
    "lord",
    "lady",
    "reverend",
    "rev",
    "father",
    "coach",
    "professor",
];

/// The words of the rules that are given names as well: only with them a surname may follow.
const GIVEN_NAMES: &[&str] = &["dick", "randy", "titty"];

/// Places are called Cock Lane and Bloody Foreland.
const PLACES: &[&str] = &[
    "alley",
    "avenue",
    "bay",
    "beck",
    "bridge",
    "brook",
    "close",
    "common",
    "copse",
    "corner",
    "court",
    "drive",
    "end",
    "farm",
    "farmhouse",
    "field",
    "fields",
    "green",
    "hall",
    "head",
    "hill",
    "horse",
    "hotel",
    "house",
    "inn",
    "island",
    "lane",
    "lodge",
    "marsh",
    "meadow",
    "mill",
    "moor",
    "park",
    "point",
    "pub",
    "road",
    "rock",
    "street",
    "tavern",
    "terrace",
    "tor",
    "tower",
    "way",
    "wharf",
    "wood",
    "woods",
    "yard",
];

/// Words before a capital that make an insult of it, however it is written.
const INSULTING: &[&str] = &[
    "a", "absolute", "an", "are", "bloody", "complete", "fucking", "head", "is", "little",
    "massive", "old", "proper", "pure", "right", "stupid", "such", "total", "u", "ur", "utter",
    "was", "what", "you", "your", "youre",
];

/// The places of quoted titles, in order.
pub(crate) fn titles(glyphs: &[Glyph]) -> Vec<Span> {
    let mut titles = Vec::new();
    let mut open: Option<usize> = None;
    for (at, glyph) in glyphs.iter().enumerate() {
        if !matches!(glyph.c, '"' | '\'') {
            continue;
        }
        let letter = |at: Option<usize>| {
            at.and_then(|at| glyphs.get(at))
                .is_some_and(|near| near.c.is_alphanumeric())
        };
        let opens = !letter(at.checked_sub(1)) && letter(Some(at + 1));
        match open {
            Some(from) if glyphs[from].c == glyph.c && !letter(Some(at + 1)) => {
                if at - from <= LONGEST_TITLE && is_title(&glyphs[from + 1..at]) {
                    titles.push(Span {
                        start: glyphs[from].source,
                        end: glyph.source + 1,
                    });
                }
                open = None;
            }
            _ if opens => open = Some(at),
            _ => {}
        }
    }
    titles
}

fn is_title(glyphs: &[Glyph]) -> bool {
    let words: Vec<&[Glyph]> = glyphs
        .split(|glyph| !glyph.c.is_alphanumeric() && glyph.c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let capital = |word: &&[Glyph]| word[0].upper || word[0].c.is_numeric();
    let small = |word: &&[Glyph]| {
        let text: String = word.iter().map(|glyph| glyph.c).collect();
        SMALL.contains(&text.as_str())
    };
    let shouted = glyphs
        .iter()
        .filter(|glyph| glyph.c.is_alphabetic())
        .all(|glyph| glyph.upper);
    words.len() >= 2
        && !shouted
        && words.first().is_some_and(capital)
        && words.iter().all(|word| capital(word) || small(word))
}

/// Whether the word of the span is part of a person's or place's name: written with a capital, and a surname after
/// an honorific, a place with its kind (`Cock Lane`), or a given name with an unknown surname. Never after words that
/// make an insult of it.
pub(crate) fn named(glyphs: &[Glyph], span: Span) -> bool {
    let start = glyphs.partition_point(|glyph| glyph.source < span.start);
    let end = glyphs.partition_point(|glyph| glyph.source < span.end);
    let inside = glyphs.get(start..end).unwrap_or_default();
    if !titled(inside) {
        return false;
    }
    let before = plainly(previous_word(&glyphs[..start]));
    if HONORIFICS.contains(&before.as_str()) {
        return true;
    }
    if INSULTING.contains(&before.as_str()) {
        return false;
    }
    let next = next_word(&glyphs[end..]);
    let after = plainly(next);
    if !titled(next) || HONORIFICS.contains(&after.as_str()) {
        return false;
    }
    let given = GIVEN_NAMES.contains(&plainly(inside).as_str());
    PLACES.contains(&after.as_str()) || (given && !NOT_A_NAME.contains(&after.as_str()))
}

/// Whether the first letter is a capital and not every letter is.
fn titled(word: &[Glyph]) -> bool {
    word.first().is_some_and(|first| first.upper)
        && word
            .iter()
            .skip(1)
            .any(|glyph| glyph.c.is_alphabetic() && !glyph.upper)
}

fn plainly(word: &[Glyph]) -> String {
    let letters = word.iter().map(|glyph| glyph.c);
    letters.filter(|c| *c != '\'').collect()
}

fn next_word(after: &[Glyph]) -> &[Glyph] {
    let after = match after {
        [possessive, s, rest @ ..] if possessive.c == '\'' && s.c == 's' => rest,
        _ => after,
    };
    let Some((gap, rest)) = after.split_first() else {
        return &[];
    };
    if !matches!(gap.c, ' ' | '-') {
        return &[];
    }
    let length = rest.iter().take_while(|glyph| in_word(glyph)).count();
    &rest[..length]
}

fn previous_word(before: &[Glyph]) -> &[Glyph] {
    let Some((gap, rest)) = before.split_last() else {
        return &[];
    };
    let rest = match (gap.c, rest.split_last()) {
        (' ', Some((stop, title))) if stop.c == '.' => title,
        (' ' | '-', _) => rest,
        _ => return &[],
    };
    let length = rest.iter().rev().take_while(|glyph| in_word(glyph)).count();
    &rest[rest.len() - length..]
}

fn in_word(glyph: &Glyph) -> bool {
    glyph.c.is_alphanumeric() || glyph.c == '\''
}

#[cfg(test)]
mod tests {
    use schoolgate_model::Surface;

    use super::{super::view::glyphs, *};
    use crate::surface::SurfaceText;

    #[test]
    fn quoted_titles_are_found_and_quoted_speech_is_not() {
        let found = |text: &str| {
            let text = SurfaceText::new(Surface::Text, None, text);
            titles(&glyphs(&text)).len()
        };
        assert_eq!(
            found("reading 'To Kill a Mockingbird' and “Of Mice and Men”"),
            2
        );
        assert_eq!(found("he said 'I will kill you' twice"), 0);
        assert_eq!(found("I can't say \"KILL THEM ALL\""), 0);
    }

    #[test]
    fn a_surname_or_a_place_is_a_name_and_an_insult_is_not() {
        let check = |text: &str, word: &str| {
            let surface = SurfaceText::new(Surface::Text, None, text);
            let start = text.find(word).unwrap();
            let span = surface.span_of_bytes(start..start + word.len());
            named(&glyphs(&surface), span)
        };
        assert!(check("Dick Whittington on Friday", "Dick"));
        assert!(check("meet at Cock Lane", "Cock"));
        assert!(check("thanks to Mr. Cock", "Cock"));
        assert!(!check("You Dick", "Dick"));
        assert!(!check("What a Cock Mr Ellison is", "Cock"));
        assert!(!check("You Dick Ellison", "Dick"));
        assert!(!check("Total Knob Ellison", "Knob"));
        assert!(!check("Knob Ellison strikes again", "Knob"));
        assert!(!check("Mrs Reed Cock", "Cock"));
        assert!(!check("what a dick", "dick"));
    }
}
