//! HTML entities, as texts that were copied from a web page or disguised with them carry: `&amp;`, `&#102;`, `&eacute;`.

/// Longest entity that is read, in characters.
const LONGEST: usize = 32;

/// Entities with a name, and the character that the fold works on.
const NAMED: &[(&str, char)] = &[
    ("AElig", 'Æ'),
    ("Tab", '\t'),
    ("aelig", 'æ'),
    ("amp", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bull", '\u{2022}'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("emsp", ' '),
    ("ensp", ' '),
    ("euro", '€'),
    ("excl", '!'),
    ("gt", '>'),
    ("hellip", '\u{2026}'),
    ("hyphen", '-'),
    ("laquo", '"'),
    ("ldquo", '"'),
    ("lowbar", '_'),
    ("lrm", '\u{200E}'),
    ("lsquo", '\''),
    ("lt", '<'),
    ("mdash", '-'),
    ("middot", '\u{B7}'),
    ("nbsp", ' '),
    ("ndash", '-'),
    ("num", '#'),
    ("oelig", 'œ'),
    ("period", '.'),
    ("pound", '£'),
    ("quest", '?'),
    ("quot", '"'),
    ("raquo", '"'),
    ("rdquo", '"'),
    ("rlm", '\u{200F}'),
    ("rsquo", '\''),
    ("semi", ';'),
    ("shy", '\u{AD}'),
    ("sol", '/'),
    ("szlig", 'ß'),
    ("thinsp", ' '),
    ("zwj", '\u{200D}'),
    ("zwnj", '\u{200C}'),
];

/// The marks of letters that have an entity: `&eacute;`.
const MARKS: &[&str] = &[
    "acute", "breve", "caron", "cedil", "circ", "dot", "grave", "macr", "ogon", "ring", "slash",
    "strok", "tilde", "uml",
];

/// The character that the entity at the front stands for, and how many characters it takes. An ampersand that was
/// written as an entity itself may start one: `&amp;#102;`.
pub(crate) fn entity(chars: &[char]) -> Option<(char, usize)> {
    let length = chars
        .iter()
        .take(LONGEST)
        .skip(1)
        .position(|c| !(c.is_ascii_alphanumeric() || *c == '#'))
        .map(|at| at + 1)?;
    if chars.get(length) != Some(&';') || length < 3 {
        return None;
    }
    let body: String = chars[1..length].iter().collect();
    let meant = match body.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => named(&body)?,
    };
    let used = length + 1;
    if meant != '&' {
        return Some((meant, used));
    }
    // one level of ampersands that hide another entity, and no more
    let again: Vec<char> = std::iter::once('&')
        .chain(chars[used..].iter().take(LONGEST).copied())
        .collect();
    let inner = (!again[1..].starts_with(&['a', 'm', 'p', ';']))
        .then(|| entity(&again))
        .flatten();
    Some(match inner {
        Some((meant, inner)) => (meant, used + inner - 1),
        None => ('&', used),
    })
}

fn numbered(number: &str) -> Option<char> {
    let value = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    char::from_u32(value.ok()?).filter(|c| !c.is_control() || c.is_whitespace())
}

fn named(name: &str) -> Option<char> {
    if let Ok(at) = NAMED.binary_search_by_key(&name, |(name, _)| name) {
        return Some(NAMED[at].1);
    }
    let mut letters = name.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    MARKS.contains(&letters.as_str()).then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(char, usize)> {
        entity(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn entities_are_read_by_number_and_by_name() {
        assert_eq!(read("&#102;uck"), Some(('f', 6)));
        assert_eq!(read("&#x66;uck"), Some(('f', 6)));
        assert_eq!(read("&zwnj;"), Some(('\u{200C}', 6)));
        assert_eq!(read("&eacute;e"), Some(('e', 8)));
        assert_eq!(read("&amp;#102;"), Some(('f', 10)));
        assert_eq!(read("&amp; more"), Some(('&', 5)));
        assert_eq!(read("&amp;amp;"), Some(('&', 5)));
        for not in [
            "& co;",
            "&co",
            "&co;",
            "&;",
            "&#;",
            "&#xffffffffff;",
            "&#0;",
            "R&D; x",
        ] {
            assert_eq!(read(not), None, "{not}");
        }
    }

    #[test]
    fn the_names_are_in_order() {
        assert!(NAMED.is_sorted_by_key(|(name, _)| *name));
    }
}
