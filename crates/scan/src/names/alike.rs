//! Letters and signs that imitate letters: `Is@bell@`, `Haddovv`, `lsabella`. The skeleton of a word is what is left when
//! its look-alikes are one letter; two words with one skeleton can pass for one another. Foreign letters are folded
//! elsewhere.

use super::tables::mix;

/// Signs that stand for letters inside a name.
const SIGNS: &[char] = &['@', '$', '!', '|', '\u{20ac}'];

/// Whether the sign imitates a letter.
pub(super) fn is_sign(c: char) -> bool {
    SIGNS.contains(&c)
}

/// Whether such a sign stands in the text.
pub(super) fn has_signs(text: &str) -> bool {
    let bytes = text.as_bytes();
    // the sign of the euro begins with the last of these bytes, and so do others
    memchr::memchr3(b'@', b'$', b'!', bytes).is_some()
        || memchr::memchr2(b'|', 0xE2, bytes).is_some() && text.contains(is_sign)
}

/// The letter that a digit or sign imitates; `one` is read for the signs that could be an i or an l.
pub(super) fn letter(c: char, one: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' | '\u{20ac}' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '8' => 'b',
        '9' => 'g',
        other => other,
    }
}

/// The skeleton by letters that look alike in any print: i and l, vv and w, rn and m.
pub(super) fn skeleton(word: &str) -> String {
    word.replace("vv", "w").replace("rn", "m").replace('i', "l")
}

/// The key of the skeleton that takes cl for d as well: many names differ only there, so it is used for whole names
/// alone.
pub(super) fn wide_hash(word: &str) -> u64 {
    let mut key = 0;
    let mut bytes = word.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let letter = match (byte, bytes.peek()) {
            (b'c', Some(b'l')) => b'd',
            (b'v', Some(b'v')) => b'w',
            (b'r', Some(b'n')) => b'm',
            (b'i', _) => b'l',
            (byte, _) => byte,
        };
        if matches!(letter, b'd' | b'w' | b'm') && letter != byte {
            bytes.next();
        }
        key = mix(key, u64::from(letter));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_share_a_skeleton_and_other_names_do_not() {
        for (written, name) in [
            ("haddovv", "haddow"),
            ("lsabella", "isabella"),
            ("rnarchant", "marchant"),
        ] {
            assert_eq!(skeleton(written), skeleton(name), "{written}");
        }
        assert_ne!(skeleton("clara"), skeleton("dara"));
        assert_eq!(wide_hash("haclclow"), wide_hash("haddow"));
        assert_ne!(wide_hash("hadow"), wide_hash("haddow"));
    }

    #[test]
    fn signs_are_read_as_the_letters_they_imitate() {
        let read = |word: &str| word.chars().map(|c| letter(c, 'l')).collect::<String>();
        assert_eq!(read("is@be!!@"), "isabella");
        assert_eq!(read("$t\u{20ac}v\u{20ac}"), "steve");
        assert!("@$!|\u{20ac}".chars().all(is_sign) && !is_sign('a'));
    }
}
