//! The written forms of one registered name: spellings, short forms, halves, particles, endings.
//! Misspellings are not listed here; they are measured at the place where a name is read.

use super::lists;
use crate::fold::fold;

/// How close a form is to what the register says. Lower is closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Quality {
    /// As the register has it.
    Own,
    /// Another spelling of the same name.
    Spelling,
    /// A short form, or the formal form of a registered short one.
    Short,
    /// One part of a name of several parts.
    Piece,
}

/// A name as a matcher wants it: letters only, with the places where a space or hyphen may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) key: String,
    /// Bit n set: a break may stand before byte n.
    pub(super) breaks: u64,
    pub(super) quality: Quality,
}

impl Form {
    fn of(parts: &[String], quality: Quality) -> Option<Self> {
        let mut key = String::new();
        let mut breaks = 0_u64;
        for part in parts {
            if !key.is_empty() && key.len() < 64 {
                breaks |= 1 << key.len();
            }
            key.push_str(part);
        }
        (!key.is_empty() && key.len() < 64).then_some(Self {
            key,
            breaks,
            quality,
        })
    }
}

/// Words that a register writes where a name is unknown.
const PLACEHOLDERS: &[&str] = &[
    "fnu",
    "lnu",
    "unknown",
    "none",
    "nmn",
    "xxx",
    "na",
    "nosurname",
    "nofamilyname",
    "nolastname",
    "tbc",
];

/// Small words that belong to a family name and are often left out or written otherwise.
const PARTICLES: &[&str] = &[
    "al", "el", "ul", "bin", "bint", "ibn", "ben", "de", "da", "do", "dos", "das", "di", "del",
    "della", "la", "le", "van", "von", "der", "den", "ter", "ten", "ap", "ab", "ni", "nic", "abu",
    "y", "e",
];

/// Whether the word is a particle of a family name.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// The folded parts of a registered name; none where the register says that it has no such name.
pub(super) fn parts(name: &str) -> Vec<String> {
    let parts: Vec<String> = fold(name)
        .text()
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|part| part.chars().filter(|c| c.is_alphanumeric()).collect())
        .filter(|part: &String| !part.is_empty())
        .collect();
    if PLACEHOLDERS.contains(&parts.concat().as_str()) {
        Vec::new()
    } else {
        parts
    }
}

/// Every form of a given name.
pub(super) fn given_forms(name: &str) -> Vec<Form> {
    let own = parts(name);
    let mut forms = Vec::new();
    push(&mut forms, Form::of(&own, Quality::Own));
    if let Some(other) = transcriptions(name) {
        push(&mut forms, Form::of(&parts(&other), Quality::Spelling));
    }
    let key = own.concat();
    for spelling in lists::spellings(&key) {
        push(
            &mut forms,
            Form::of(std::slice::from_ref(spelling), Quality::Spelling),
        );
    }
    for short in lists::shorts(&key) {
        // A registered Molly is hardly ever called Mary: that counts only with the family name.
        let far = lists::is_formal(short, &key) && !same_start(short, &key);
        let quality = if far { Quality::Piece } else { Quality::Short };
        push(&mut forms, Form::of(std::slice::from_ref(short), quality));
    }
    let short_forms: Vec<String> = forms
        .iter()
        .filter(|form| form.breaks == 0)
        .map(|form| form.key.clone())
        .collect();
    for written in short_forms.iter().flat_map(|name| nickname_spellings(name)) {
        // `Belle` and `Marie` are a word and another name: they count only with the family name.
        let other = lists::is_word(&written) || lists::is_given(&written);
        let quality = if other {
            Quality::Piece
        } else {
            Quality::Short
        };
        push(&mut forms, Form::of(&[written], quality));
    }
    if own.len() > 1 {
        given_pieces(&own, &mut forms);
    }
    forms
}

/// Whether two names begin with the same three letters.
pub(super) fn same_start(one: &str, other: &str) -> bool {
    one.chars().take(3).eq(other.chars().take(3))
}

/// Longer names are formal names, whose ending is not a matter of taste.
const LONGEST_NICKNAME: usize = 8;

/// The ways in which a nickname is written: Teddy, Teddie, Tedi, Tedey; Bella, Belle, Bell.
fn nickname_spellings(name: &str) -> Vec<String> {
    let length = name.chars().count();
    if !(4..=LONGEST_NICKNAME).contains(&length) {
        return Vec::new();
    }
    if let Some(stem) = name.strip_suffix("lla").filter(|stem| stem.len() >= 2) {
        return vec![format!("{stem}lle"), format!("{stem}ll")];
    }
    let stem = ["ie", "ey", "ee", "y", "i"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|stem| stem.len() >= 2);
    let Some(stem) = stem else { return Vec::new() };
    let mut letters = stem.chars().rev();
    let (last, before) = (letters.next(), letters.next());
    if last.is_none_or(is_vowel) {
        return Vec::new();
    }
    let mut stems = vec![stem.to_owned()];
    if last == before {
        stems.push(stem[..stem.len() - last.map_or(0, char::len_utf8)].to_owned());
    } else if let Some(last) = last.filter(|_| before.is_some_and(is_vowel)) {
        stems.push(format!("{stem}{last}"));
    }
    stems
        .iter()
        .flat_map(|stem| ["ie", "ey", "y", "i"].map(|ending| format!("{stem}{ending}")))
        .filter(|written| written != name && written.chars().count() >= 4)
        .collect()
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The parts of a given name of several parts, and the name with its first part spelt otherwise.
fn given_pieces(own: &[String], forms: &mut Vec<Form>) {
    for (at, part) in own.iter().enumerate() {
        if part.chars().count() >= 3 {
            push(forms, Form::of(std::slice::from_ref(part), Quality::Piece));
        }
        for spelling in lists::spellings(part) {
            let mut other = own.to_vec();
            other[at].clone_from(spelling);
            push(forms, Form::of(&other, Quality::Spelling));
        }
    }
    let mut turned = own.to_vec();
    turned.reverse();
    push(forms, Form::of(&turned, Quality::Piece));
}

/// Every form of a family name.
pub(super) fn family_forms(name: &str) -> Vec<Form> {
    let own = parts(name);
    let mut forms = Vec::new();
    push(&mut forms, Form::of(&own, Quality::Own));
    push(&mut forms, apostrophe_as_break(name));
    if let Some(other) = transcriptions(name) {
        push(&mut forms, Form::of(&parts(&other), Quality::Spelling));
    }
    without_particles(&own, &mut forms);
    let names: Vec<&String> = own.iter().filter(|part| !is_particle(part)).collect();
    if names.len() > 1 && !is_prefix(names[0]) {
        for half in &names {
            if half.chars().count() >= 3 {
                push(&mut forms, Form::of(&[(*half).clone()], Quality::Piece));
                for other in respelt_family(half) {
                    push(&mut forms, Form::of(&[other], Quality::Piece));
                }
            }
        }
    }
    if let [one] = own.as_slice() {
        for other in respelt_family(one) {
            push(&mut forms, Form::of(&[other], Quality::Spelling));
        }
    }
    if own.len() > 1 && is_prefix(&own[0]) {
        let rest = own[1..].concat();
        let others: &[&str] = match own[0].as_str() {
            "st" => &["saint"],
            "mc" => &["mac"],
            "mac" => &["mc"],
            _ => &[],
        };
        for prefix in others {
            let both = [(*prefix).to_owned(), rest.clone()];
            push(&mut forms, Form::of(&both, Quality::Spelling));
        }
    }
    forms
}

/// `O'Connor` may be written `O Connor`.
fn apostrophe_as_break(name: &str) -> Option<Form> {
    let folded = fold(name);
    folded
        .text()
        .contains('\'')
        .then(|| parts(&folded.text().replace('\'', " ")))
        .and_then(|parts| Form::of(&parts, Quality::Own))
}

fn is_prefix(part: &str) -> bool {
    matches!(part, "st" | "mc" | "mac" | "o" | "fitz" | "d")
}

/// `al-Masri` without `al`, with `el`, and `bin Tariq` as `Tariq`.
fn without_particles(own: &[String], forms: &mut Vec<Form>) {
    let Some(first) = own.first().filter(|first| is_particle(first)) else {
        return;
    };
    let rest: Vec<String> = own.iter().skip_while(|p| is_particle(p)).cloned().collect();
    if rest.concat().chars().count() >= 3 {
        push(forms, Form::of(&rest, Quality::Spelling));
    }
    let swaps: &[&str] = match first.as_str() {
        "al" => &["el", "ul"],
        "el" => &["al", "ul"],
        "bin" => &["ibn", "ben", "bint"],
        "bint" => &["bin"],
        _ => &[],
    };
    for swap in swaps {
        let mut other = own.to_vec();
        (*swap).clone_into(&mut other[0]);
        push(forms, Form::of(&other, Quality::Spelling));
    }
}

/// Mc and Mac, gendered Slavic endings, dropped O', Llew-/Llyw-.
fn respelt_family(name: &str) -> Vec<String> {
    let mut others = Vec::new();
    if let Some(rest) = name.strip_prefix("mac").filter(|rest| rest.len() >= 4) {
        others.push(format!("mc{rest}"));
    } else if let Some(rest) = name.strip_prefix("mc").filter(|rest| rest.len() >= 3) {
        others.push(format!("mac{rest}"));
    }
    for (one, other) in [
        ("ski", "ska"),
        ("cki", "cka"),
        ("dzki", "dzka"),
        ("sky", "skaya"),
        ("ov", "ova"),
        ("ev", "eva"),
        ("ny", "na"),
    ] {
        let (male, female) = (name.strip_suffix(one), name.strip_suffix(other));
        if let Some(stem) = male.filter(|stem| stem.len() >= 3) {
            others.push(format!("{stem}{other}"));
        } else if let Some(stem) = female.filter(|stem| stem.len() >= 3) {
            others.push(format!("{stem}{one}"));
        }
    }
    others.extend(lists::spellings(name).iter().cloned());
    others
}

/// The two-letter spellings of umlauts and ring letters: Müller as Mueller, Åse as Aase.
fn transcriptions(name: &str) -> Option<String> {
    let mut changed = false;
    let other: String = name
        .to_lowercase()
        .chars()
        .map(|c| {
            let long = match c {
                'ä' => "ae",
                'ö' | 'ø' => "oe",
                'ü' => "ue",
                'å' => "aa",
                c => return c.to_string(),
            };
            changed = true;
            long.to_owned()
        })
        .collect();
    changed.then_some(other)
}

/// Adds a form unless a closer one with the same letters is there.
fn push(forms: &mut Vec<Form>, form: Option<Form>) {
    let Some(form) = form else { return };
    let mut form = form;
    for prefix in ["mc", "mac", "fitz"] {
        if form.key.len() >= prefix.len() + 3 && form.key.starts_with(prefix) {
            form.breaks |= 1 << prefix.len();
        }
    }
    match forms.iter_mut().find(|known| known.key == form.key) {
        Some(known) => {
            known.breaks |= form.breaks;
            known.quality = known.quality.min(form.quality);
        }
        None => forms.push(form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(forms: &[Form]) -> Vec<&str> {
        forms.iter().map(|form| form.key.as_str()).collect()
    }

    #[test]
    fn a_double_given_name_has_its_joint_and_its_parts() {
        let forms = given_forms("Lily-Mae");
        assert!(keys(&forms).contains(&"lilymae"));
        assert_eq!(forms[0].breaks, 1 << 4);
        assert!(keys(&forms).contains(&"lily") && keys(&forms).contains(&"mae"));
    }

    #[test]
    fn a_nickname_has_its_usual_spellings() {
        for (name, other) in [
            ("Teddy", "teddie"),
            ("Teddy", "tedy"),
            ("Teddy", "teddey"),
            ("Bella", "belle"),
            ("Bella", "bell"),
            ("Izzy", "izzie"),
            ("Rosie", "rosy"),
            ("Milly", "milie"),
        ] {
            assert!(keys(&given_forms(name)).contains(&other), "{name} {other}");
        }
        let quality = |name: &str, key: &str| {
            given_forms(name)
                .into_iter()
                .find(|form| form.key == key)
                .map(|form| form.quality)
        };
        assert_eq!(quality("Bella", "belle"), Some(Quality::Piece));
        assert_eq!(quality("Mary", "marie"), Some(Quality::Piece));
        assert_eq!(quality("Teddy", "teddie"), Some(Quality::Short));
        assert_eq!(quality("May", "mai"), None);
    }

    #[test]
    fn family_names_have_their_other_spellings() {
        for (name, other) in [
            ("McDonald", "macdonald"),
            ("MacLeod", "mcleod"),
            ("Mc Donald", "macdonald"),
            ("Kowalska", "kowalski"),
            ("Al-Masri", "masri"),
            ("Al-Masri", "elmasri"),
            ("bin Tariq", "tariq"),
            ("de Souza", "souza"),
            ("O'Connor", "oconnor"),
            ("Smith-Jones", "jones"),
            ("Müller", "mueller"),
            ("St John", "saintjohn"),
            ("Petrov", "petrova"),
        ] {
            assert!(keys(&family_forms(name)).contains(&other), "{name} {other}");
        }
        assert!(!keys(&family_forms("St John")).contains(&"john"));
    }

    #[test]
    fn a_placeholder_is_no_name() {
        for placeholder in ["FNU", ".", "-", "Unknown", " "] {
            assert!(family_forms(placeholder).is_empty(), "{placeholder}");
        }
    }
}
