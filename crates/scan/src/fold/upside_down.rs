//! Text that stands on its head: `ʇᴉɥs sᴉ sᴉɥʇ`, letters that look like others turned round, from the last to the first.
//! One such letter is no accident only beside another: some alphabets have one or two of them. The letters become plain
//! and stay in their places; words from right to left are the language detector's to read.

use std::ops::Range;

use super::Written;

/// Puts the letters the right way up: from a word with a turned letter to the last such word behind it, over words that look
/// like words either way.
pub(super) fn put_right(written: &mut [Written]) {
    let mut at = 0;
    let mut run: Option<Range<usize>> = None;
    while at < written.len() {
        let word = at..at + word_length(&written[at..]);
        at = word.end.max(at + 1);
        let letters = &written[word.clone()];
        let either = letters.iter().all(|letter| righted(letter.c).is_some());
        let turned = letters.iter().any(|letter| is_turned(letter.c));
        if !either {
            turn(written, run.take());
        } else if turned {
            let start = run.map_or(word.start, |run| run.start);
            run = Some(start..word.end);
        }
    }
    turn(written, run);
}

/// How many letters and digits in a row open a text.
fn word_length(written: &[Written]) -> usize {
    let letter = |letter: &&Written| letter.c.is_alphanumeric();
    written.iter().take_while(letter).count()
}

fn turn(written: &mut [Written], run: Option<Range<usize>>) {
    let Some(run) = run else { return };
    let run = &mut written[run];
    let mut turned = run.iter().map(|letter| letter.c).filter(|c| is_turned(*c));
    let first = turned.next();
    if !turned.any(|other| Some(other) != first) {
        return;
    }
    for letter in run {
        letter.c = righted(letter.c).unwrap_or(letter.c);
    }
}

/// Whether the character is a letter that is hardly written but to turn another round.
pub(super) fn is_turned(c: char) -> bool {
    !c.is_ascii() && righted(c).is_some()
}

/// The letter that a turned one stands for.
const fn righted(c: char) -> Option<char> {
    Some(match c {
        'ɐ' => 'a',
        'ɔ' => 'c',
        'ǝ' => 'e',
        'ɟ' => 'f',
        'ƃ' => 'g',
        'ɥ' => 'h',
        'ᴉ' => 'i',
        'ɾ' => 'j',
        'ʞ' => 'k',
        'ɯ' => 'm',
        'ɹ' => 'r',
        'ʇ' => 't',
        'ʌ' => 'v',
        'ʍ' => 'w',
        'ʎ' => 'y',
        'b' => 'q',
        'd' => 'p',
        'l' => 'l',
        'n' => 'u',
        'o' => 'o',
        'p' => 'd',
        'q' => 'b',
        's' => 's',
        'u' => 'n',
        'x' => 'x',
        'z' => 'z',
        '0' => '0',
        '1' => '1',
        '6' => '9',
        '8' => '8',
        '9' => '6',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use schoolgate_model::Span;

    use crate::fold::fold;

    #[test]
    fn what_stands_on_its_head_is_read() {
        for (original, read) in [
            ("ʇᴉɥs sᴉ looɥɔs sᴉɥʇ", "tihs si loohcs siht"),
            (
                "who wrote 'ʞɔnɟ knows' there",
                "who wrote 'kcuf knows' there",
            ),
            ("ǝɯ oʇ ǝʌᴉƃ", "em ot evig"),
            ("uʍop ǝpᴉsdn", "nwod edispu"),
        ] {
            assert_eq!(fold(original).text(), read, "{original}");
        }
    }

    #[test]
    fn its_place_is_told() {
        let folded = fold("so ʞɔnɟ it");
        assert_eq!(folded.text(), "so kcuf it");
        assert_eq!(folded.span(3..7), Some(Span { start: 3, end: 7 }));
    }

    #[test]
    fn one_letter_of_another_alphabet_turns_nothing() {
        for (text, turned) in [("nɔn", "ucu"), ("pʌb", "dvq")] {
            assert_ne!(fold(text).text(), turned, "{text}");
        }
    }
}
