//! Names as they sound: `Sameer` and `Samir`, `Yousuf` and `Yusuf`, `Kayleigh` and `Kaylee` share a key; and names with
//! their vowels left out, `Jssca`. Names that sound alike and are spelt unlike each other stand in `variants.txt`.

/// The shortest word that is compared by its sound: shorter ones share theirs with too many others.
pub(super) const SHORTEST_SOUND: usize = 4;

/// What a name sounds like, in as few letters as its spellings leave; nothing where it is too short.
pub(super) fn sound(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    sound_into(name, &mut key);
    key
}

/// The same, in a room that is there already.
pub(super) fn sound_into(name: &str, key: &mut Vec<u8>) {
    key.clear();
    if name.len() < SHORTEST_SOUND || !name.is_ascii() {
        return;
    }
    key.reserve(name.len());
    let bytes = name.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let (letter, length) = match (byte, next) {
            (b'e', Some(b'i')) if bytes.get(at + 2) == Some(&b'g') && at + 4 == bytes.len() => {
                (b'i', 4)
            }
            (b'e', Some(b'e')) | (b'i' | b'y', Some(b'e' | b'i' | b'y')) => (b'i', 2),
            (b'e', Some(b'y')) if at + 2 == bytes.len() => (b'i', 2),
            (b'o', Some(b'u')) if bytes.get(at + 2..at + 4) == Some(b"gh") => {
                key.push(b'u');
                (b'f', 4)
            }
            (b'o', Some(b'o' | b'u')) => (b'u', 2),
            (b'w', Some(vowel)) if at == 0 && is_vowel(vowel) => (b'v', 1),
            (b'p', Some(b'h')) => (b'f', 2),
            (b'k' | b'c', Some(b'k')) | (b'k', Some(b'h')) => (b'k', 2),
            (b'd', Some(b'h')) => (b'd', 2),
            (b'g', Some(b'h')) => (b'g', 2),
            (b'c', Some(b'e' | b'i' | b'y' | b'h')) => (b'c', 1),
            (b'q', Some(b'u')) if bytes.get(at + 2) == Some(&b'e') && at + 3 == bytes.len() => {
                (b'k', 3)
            }
            (b'c' | b'q', _) => (b'k', 1),
            (b'y', _) if at > 0 => (b'i', 1),
            (b'h', None) if at > 0 && is_vowel(bytes[at - 1]) => break,
            (byte, _) => (byte, 1),
        };
        if key.last() != Some(&letter) {
            key.push(letter);
        }
        at += length;
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// The letters that are left of a word when its vowels are dropped; the first letter stays.
pub(super) fn bare(word: &str) -> String {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let kept = word.chars().enumerate();
    kept.filter(|(at, c)| *at == 0 || !vowel(*c))
        .map(|(_, c)| c)
        .collect()
}

/// Whether two words have the same consonants in the same order, doubled or not, and enough of them to be no accident:
/// `Barret` and `Barratt`.
pub(super) fn differs_in_vowels(one: &str, other: &str) -> bool {
    let heard = |word: &str| {
        let mut letters = bare(word).into_bytes();
        letters.dedup();
        letters
    };
    let long = one.len().min(other.len()) >= 6 && one.is_ascii() && other.is_ascii();
    long && heard(one).len() >= 3 && heard(one) == heard(other)
}

/// Whether the word is the name without its vowels, and long enough to be no accident.
pub(super) fn without_vowels(name: &str, word: &str) -> bool {
    word.len() >= 3
        && name.len() > word.len()
        && !word.chars().skip(1).any(|c| "aeiou".contains(c))
        && bare(name) == word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_script_are_asked() {
        assert!(!without_vowels("maryson", "אson"));
        assert!(without_vowels("kerem", "krm"));
    }

    #[test]
    fn spellings_of_one_sound_share_a_key_and_other_names_do_not() {
        for (one, other) in [
            ("sameer", "samir"),
            ("yousuf", "yusuf"),
            ("kareem", "karim"),
            ("noor", "nour"),
            ("kaylee", "kayleigh"),
            ("zayn", "zain"),
            ("hannah", "hanna"),
            ("eryn", "erin"),
            ("izzie", "izzy"),
            ("isabela", "isabella"),
            ("erik", "eric"),
            ("nadiya", "nadia"),
            ("khadija", "kadija"),
            ("wiktoria", "victoria"),
            ("fairclough", "faircluff"),
            ("rafique", "rafiq"),
            ("monique", "monik"),
        ] {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        for (one, other) in [
            ("sara", "zara"),
            ("mila", "mela"),
            ("ellen", "ella"),
            ("dan", "den"),
        ] {
            assert!(
                sound(one) != sound(other) || sound(one).is_empty(),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn a_name_without_its_vowels_is_known() {
        assert!(without_vowels("jessica", "jssc"));
        assert!(without_vowels("samir", "smr"));
        assert!(!without_vowels("samir", "sam"));
    }
}
