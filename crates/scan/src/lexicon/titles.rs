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

/// Words that may stand before an insult with a capital: what follows them is not a name.
const NOT_A_NAME: &[&str] = &[
    "a", "absolute", "an", "and", "are", "complete", "is", "such", "that", "the", "this", "total",
    "u", "what", "you", "your", "youre",
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

/// Whether the words of the span are part of a person's or place's name: written with a capital, beside another
/// word with a capital that does not open a sentence by itself.
pub(crate) fn named(glyphs: &[Glyph], span: Span) -> bool {
    let start = glyphs.partition_point(|glyph| glyph.source < span.start);
    let end = glyphs.partition_point(|glyph| glyph.source < span.end);
    let inside = glyphs.get(start..end).unwrap_or_default();
    let titled = inside.first().is_some_and(|first| first.upper)
        && inside
            .iter()
            .skip(1)
            .any(|glyph| glyph.c.is_alphabetic() && !glyph.upper);
    titled && (is_name(next_word(&glyphs[end..])) || is_name(previous_word(&glyphs[..start])))
}

fn is_name(word: &[Glyph]) -> bool {
    let text: String = word
        .iter()
        .map(|glyph| glyph.c)
        .filter(|c| *c != '\'')
        .collect();
    word.first().is_some_and(|first| first.upper)
        && word.iter().skip(1).any(|glyph| !glyph.upper)
        && !NOT_A_NAME.contains(&text.as_str())
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
    fn a_capital_beside_a_capital_is_a_name() {
        let check = |text: &str, word: &str| {
            let surface = SurfaceText::new(Surface::Text, None, text);
            let start = text.find(word).unwrap();
            let span = surface.span_of_bytes(start..start + word.len());
            named(&glyphs(&surface), span)
        };
        assert!(check("Dick Whittington on Friday", "Dick"));
        assert!(check("we read Moby Dick", "Dick"));
        assert!(check("thanks to Mr. Cock", "Cock"));
        assert!(!check("You Dick", "Dick"));
        assert!(!check("what a dick", "dick"));
    }
}
