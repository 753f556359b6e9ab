//! Turns metadata bytes into text: encodings, control characters, bounds. Knows nothing about where the bytes came from.

use std::borrow::Cow;

use memchr::memchr;

/// Windows-1252 characters for 0x80 to 0x9F; the five gaps map to the replacement character.
const WINDOWS_1252_HIGH: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž',
    '\u{FFFD}', '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}',
    'ž', 'Ÿ',
];

/// Decodes bytes of unstated encoding: UTF-8 if it is that, else Windows-1252. `cut` says that the last character may be
/// incomplete because a bound fell there.
pub(crate) fn guess(bytes: &[u8], cut: bool) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) if cut && error.error_len().is_none() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()])
        }
        Err(_) => Cow::Owned(latin(bytes)),
    }
}

/// Decodes Windows-1252, which contains printable Latin-1.
pub(crate) fn latin(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&b| match b {
            0x80..=0x9F => WINDOWS_1252_HIGH[usize::from(b - 0x80)],
            _ => char::from(b),
        })
        .collect()
}

/// Decodes UTF-16; a byte-order mark beats `big_endian`, and broken surrogates become U+FFFD.
pub(crate) fn utf16(bytes: &[u8], big_endian: bool) -> String {
    let (bytes, big_endian) = match bytes {
        [0xFE, 0xFF, rest @ ..] => (rest, true),
        [0xFF, 0xFE, rest @ ..] => (rest, false),
        _ => (bytes, big_endian),
    };
    let units = bytes.chunks_exact(2).map(|pair| match big_endian {
        true => u16::from_be_bytes([pair[0], pair[1]]),
        false => u16::from_le_bytes([pair[0], pair[1]]),
    });
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Decodes UTF-16 whose byte order the writer may have got wrong: the order with more zero high bytes is the likelier.
pub(crate) fn utf16_either(bytes: &[u8], assumed_big_endian: bool) -> String {
    let zeros = |start: usize| {
        bytes
            .iter()
            .skip(start)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (big, little) = (zeros(0), zeros(1));
    let big_endian = match big.cmp(&little) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => assumed_big_endian,
    };
    utf16(bytes, big_endian)
}

/// Trims, turns control characters into spaces (line breaks stay), keeps at most `max` characters; says whether it cut.
pub(crate) fn tidy(text: &str, max: usize) -> (String, bool) {
    let is_padding = |c: char| c.is_whitespace() || c.is_control();
    let mut rest = text.trim_matches(is_padding).chars();
    let kept: String = rest
        .by_ref()
        .take(max)
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect();
    (kept, rest.next().is_some())
}

/// A run of plain text in a binary block is at least this long: shorter ones occur by chance.
const SHORTEST_RUN: usize = 8;

/// Returns the runs of plain text in a binary block, one a line, at most `max` characters: single bytes first, then
/// UTF-16.
pub(crate) fn runs(block: &[u8], max: usize) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(start) = next_run(block, at) {
        let rest = &block[start..];
        let len = rest.iter().position(|&b| !is_plain(b));
        let run = &rest[..len.unwrap_or(rest.len())];
        keep(run, max, &mut out);
        at = start + run.len();
    }
    if may_hold_wide_run(block) {
        keep_wide_runs(block, max, &mut out);
    }
    out
}

/// Tells whether there may be a run of letters with zeros between them that is long enough to matter. It covers one of the
/// places where eight bytes are looked at: every other one is a letter, and of those between no two in turn are not zero.
fn may_hold_wide_run(block: &[u8]) -> bool {
    block.as_chunks::<SHORTEST_RUN>().0.iter().any(|eight| {
        let zeros = |first: usize| {
            eight[first..]
                .iter()
                .step_by(2)
                .filter(|&&b| b == 0)
                .count()
        };
        let letters = |first: usize| eight[first..].iter().step_by(2).all(|&b| is_plain(b));
        zeros(1) >= 2 && letters(0) || zeros(0) >= 2 && letters(1)
    })
}

/// Keeps the runs of letters with a zero before or behind each.
fn keep_wide_runs(block: &[u8], max: usize, out: &mut String) {
    let mut run = Vec::new();
    let mut at = 0;
    while let Some(&letter) = block.get(at) {
        // Either byte order: a letter and a zero, again and again.
        let zero_before = !run.is_empty() && block[at - 1] == 0;
        let is_wide = is_plain(letter) && (zero_before || block.get(at + 1) == Some(&0));
        if is_wide {
            run.push(letter);
            at += 2;
        } else {
            keep(&run, max, out);
            run.clear();
            // the next letter has its zero in front of it or behind it
            let zero = memchr(0, block.get(at + 1..).unwrap_or_default());
            at += zero.map_or(block.len(), |skip| skip.max(1));
        }
    }
    keep(&run, max, out);
}

/// The start of the next run that is long enough to matter. Such a run covers one of the places where four bytes are
/// looked at; between them there is nothing to find in a block of figures.
fn next_run(block: &[u8], from: usize) -> Option<usize> {
    let rest = block.get(from..)?;
    let mut fours = rest.chunks_exact(SHORTEST_RUN / 2);
    let within = fours.position(|four| four.iter().all(|&b| is_plain(b)));
    let at = within? * (SHORTEST_RUN / 2);
    let before = rest[..at].iter().rev().take_while(|&&b| is_plain(b));
    Some(from + at - before.count())
}

fn keep(run: &[u8], max: usize, out: &mut String) {
    let run = run.trim_ascii();
    let letters = run.iter().filter(|b| b.is_ascii_alphanumeric()).count();
    if run.len() < SHORTEST_RUN || letters * 2 < run.len() || out.len() + run.len() >= max {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.extend(run.iter().map(|&b| char::from(b)));
}

fn is_plain(b: u8) -> bool {
    PLAIN[usize::from(b)]
}

/// A table, because makers' blocks have tens of kilobytes.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let marks = b" .,'-_@/:()#+&=\"";
    let mut at = 0;
    while at < marks.len() {
        plain[marks[at] as usize] = true;
        at += 1;
    }
    let mut b = 0;
    while b < plain.len() {
        plain[b] |= (b as u8).is_ascii_alphanumeric();
        b += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_written_in_the_wrong_byte_order_is_still_read() {
        let little: Vec<u8> = "Amelia".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16_either(&little, true), "Amelia");
    }

    #[test]
    fn plain_text_is_picked_out_of_a_binary_block() {
        let block = b"\x01\xFFOwner: Amelia Jones\0\x02abc\0\xFE12345678\0........!";
        assert_eq!(runs(block, 100), "Owner: Amelia Jones\n12345678");
        assert_eq!(runs(block, 25), "Owner: Amelia Jones");
        let wide: Vec<u8> = "Zara Khan"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(
            runs(&[b"\x07\x01", &wide[..], b"\x09"].concat(), 100),
            "Zara Khan"
        );
    }

    #[test]
    fn tidy_bounds_and_says_so() {
        assert_eq!(tidy("  ab\0c\r\nd  ", 10), ("ab c \nd".to_owned(), false));
        assert_eq!(tidy("abcdef", 3), ("abc".to_owned(), true));
        assert_eq!(tidy("\0\0  ", 3), (String::new(), false));
    }

    #[test]
    fn bytes_that_are_not_utf8_are_windows_1252() {
        assert_eq!(guess(b"Caf\xe9 \x80", false), "Café €");
        assert_eq!(guess(b"Caf\xe9", false), "Café");
        assert_eq!(
            guess("Café".as_bytes().split_last().unwrap().1, true),
            "Caf"
        );
    }
}
