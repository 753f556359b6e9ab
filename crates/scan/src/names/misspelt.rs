//! Whole names with a wrong letter, names written as one word, and names shared between brothers and sisters.

use schoolgate_model::{CheckFailure, Meter};

use super::{
    forms::Quality,
    lists::{self, Topic},
    parts::{Part, Way},
    roster::{Named, Role},
    scene::{Adult, Bond, Candidate, Rule, Scene, bond, topic},
    sounds,
    stream::{Atom, Gap, Stream},
};

/// Parts shorter than this are not compared: at four letters one change makes another name.
const SHORTEST: usize = 5;

/// Finds whole names with a misspelt part.
pub(super) fn find(
    scene: &Scene<'_>,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    for part in scene.parts.all.iter().filter(|p| p.way == Way::Plain) {
        let family_next = part.role == Role::Given && !part.possessive;
        let wanted = if part.role == Role::Given {
            Role::Family
        } else {
            Role::Given
        };
        let everyday = lists::is_common(&part.key)
            || matches!(topic(part), Some(Topic::Modal | Topic::Function));
        let word = everyday && !part.capital;
        if word || part.best() > Quality::Short {
            continue;
        }
        if family_next || part.role == Role::Family && !part.possessive {
            neighbour(scene, part, part.end, wanted, meter, out)?;
        }
        if let Some(before) = part.start.checked_sub(1) {
            neighbour(scene, part, before, wanted, meter, out)?;
        }
    }
    both(scene, meter, out)
}

/// Compares the word at `at` with the other names of the pupils that `part` could mean.
fn neighbour(
    scene: &Scene<'_>,
    part: &Part,
    at: usize,
    wanted: Role,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    let after = at == part.end;
    let joint = if after { at } else { part.start };
    let comma = scene.stream.gap(joint).has(Gap::COMMA);
    let reversed = after == (wanted == Role::Given);
    let close = bond(scene.stream, joint) == Bond::Close || comma && reversed;
    if close && !comma {
        out.extend(cut_in_two(scene, part, wanted, after));
    }
    let alone = candidate_word(scene, at, part);
    if !close || !alone && !is_double(scene, at, part) {
        return Ok(());
    }
    let mut found: Vec<u32> = Vec::new();
    let mut nearest = 2;
    let short = is_proper(scene, at) && part.capital;
    let words = words(scene, at, after);
    let mut last = at + 1;
    for (more, word) in words.iter().enumerate().skip(usize::from(!alone)) {
        (found, nearest) = bearers_near(scene, part, wanted, (word, short), meter)?;
        if !found.is_empty() {
            last += if after { more } else { 0 };
            break;
        }
    }
    let adult = scene.adult(at.min(part.start)..part.end.max(at + 1));
    if adult > Adult::Role {
        found = scene.despite(adult, found);
    }
    // `Isabella hadow` is a slip; for most pupils a small word after a given name is only a word.
    if is_mixed(scene, at, part) {
        found = scene.hidden_only(found);
    }
    if found.is_empty() {
        return Ok(());
    }
    let base = if nearest == 1 { 0.75 } else { 0.6 };
    let factor = if reversed { 0.85 } else { 1.0 };
    let atoms = at.min(part.start)..part.end.max(last);
    out.extend(scene.candidate(atoms, Rule::Full, base * factor, found));
    Ok(())
}

/// `Shan ice Brathwaite`, `Rory McAn drew`: the other name with a space in it.
fn cut_in_two(scene: &Scene<'_>, part: &Part, wanted: Role, after: bool) -> Option<Candidate> {
    let stream = scene.stream;
    for length in 2..=3 {
        let atoms = if after {
            part.end..part.end + length
        } else {
            part.start.checked_sub(length)?..part.start
        };
        let single_space = |at: usize| {
            stream.gap(at).is_empty() || stream.follows(at) && stream.gap(at).length() == 1
        };
        if atoms.end > stream.len() || !(atoms.start + 1..atoms.end).all(single_space) {
            return None;
        }
        let word: String = atoms.clone().map(|at| stream.text(at)).collect();
        let plain = atoms
            .clone()
            .any(|at| stream.get(at).is_some_and(|a| a.digits));
        if plain || word.len() < SHORTEST || !scene.roster.may_know(&word) {
            continue;
        }
        let named = scene.roster.named(&word, wanted, Quality::Own);
        let pairs = match wanted {
            Role::Family => scene.roster.common(&part.names, &named),
            Role::Given => scene.roster.common(&named, &part.names),
        };
        let pupils: Vec<u32> = pairs.iter().map(|pair| pair.pupil).collect();
        let whole = atoms.start.min(part.start)..atoms.end.max(part.end);
        let pupils = scene.despite(scene.adult(whole.clone()), pupils);
        if !pupils.is_empty() {
            return scene.candidate(whole, Rule::Full, 0.7, pupils);
        }
    }
    None
}

/// A word with a capital that is no English one: it may be the beginning of a name.
fn is_proper(scene: &Scene<'_>, at: usize) -> bool {
    scene
        .stream
        .get(at)
        .is_some_and(|atom| atom.capital() && !atom.heading && !atom.word.is_english())
}

/// `Luk` for Lukasz, `Gurps` for Gurpreet, `McI` for McIntyre: the beginning of a name, a given name with an ending of
/// its own.
fn cut_short(name: &str, role: Role, word: &str) -> bool {
    let begins = |stem: &str, more: usize| {
        stem.len() >= 3 && name.len() >= stem.len() + more && name.starts_with(stem)
    };
    match role {
        Role::Family => begins(word, 2),
        Role::Given => {
            begins(word, 1)
                || ["s", "y", "ie", "i", "o", "z", "zy"]
                    .iter()
                    .filter_map(|ending| word.strip_suffix(ending))
                    .any(|stem| begins(stem, 1))
                || is_fond(name, word)
        }
    }
}

/// What is put behind a given name, or in place of its last vowel, by those who are fond of its bearer.
const FOND: &[&str] = &[
    "cia", "czka", "eczka", "eczek", "ek", "enka", "enko", "ers", "ette", "ica", "ie", "ienka",
    "ika", "ina", "inha", "inho", "ino", "ita", "ito", "itos", "iusia", "ka", "kins", "o", "ster",
    "uk", "unia", "us", "ushka", "usia", "utza", "y", "ynka",
];

/// Fewest letters of a name before such an ending.
const SHORTEST_STEM: usize = 3;

/// `Dawidek` for Dawid, `Kubus` for Kuba, `Carlito` for Carlos.
fn is_fond(name: &str, word: &str) -> bool {
    let last = ["a", "e", "i", "o", "u", "y", "os", "us"]
        .iter()
        .filter_map(|last| name.strip_suffix(last));
    std::iter::once(name).chain(last).any(|stem| {
        stem.len() >= SHORTEST_STEM
            && word
                .strip_prefix(stem)
                .is_some_and(|ending| FOND.contains(&ending))
    })
}

/// `Kep` for Kemp, `Seeb` for Seb: a slip in a name too short for telling it by its letters alone.
fn is_slip(name: &str, word: &str) -> bool {
    let lengths = [name.len(), word.len()];
    lengths.iter().all(|length| (3..SHORTEST).contains(length))
        && lengths[0] != lengths[1]
        && name.as_bytes().first() == word.as_bytes().first()
        && strsim::osa_distance(name, word) == 1
}

/// The bearers of `part` whose other name is nearly `word`, and the least number of letters between; where the word may
/// be a `short` name, its beginning is enough.
fn bearers_near(
    scene: &Scene<'_>,
    part: &Part,
    wanted: Role,
    (word, short): (&str, bool),
    meter: &Meter,
) -> Result<(Vec<u32>, usize), CheckFailure> {
    let names: Vec<Named> = part
        .names
        .iter()
        .filter(|(_, quality)| *quality <= Quality::Short)
        .copied()
        .collect();
    let bearers = scene.roster.bearers(&names);
    let mut found: Vec<u32> = Vec::new();
    let mut nearest = 2;
    if bearers.more == 0 {
        let letters = letters_of(word);
        for pupil in bearers.pupils() {
            meter.spend(4)?;
            let forms = scene.roster.spellings(pupil, wanted);
            let close = forms.filter(|form| {
                (letters_of(form) ^ letters).count_ones() <= 4 || sounds::without_vowels(form, word)
            });
            if let Some(steps) = distance(close, word) {
                nearest = nearest.min(steps);
                found.push(pupil);
            } else if short
                && scene
                    .roster
                    .spellings(pupil, wanted)
                    .any(|form| cut_short(form, wanted, word) || is_slip(form, word))
            {
                found.push(pupil);
            }
        }
        return Ok((found, nearest));
    }
    // Too many pupils bear the name to compare each: one slip is looked up instead.
    meter.spend(8 * word.len() as u64)?;
    let near = near_names(scene, word, wanted, |form| {
        distance(std::iter::once(form), word) == Some(1)
    });
    meter.spend((near.len() * names.len()) as u64)?;
    let pairs = match wanted {
        Role::Family => scene.roster.common(&names, &near),
        Role::Given => scene.roster.common(&near, &names),
    };
    Ok((pairs.iter().map(|pair| pair.pupil).collect(), 1))
}

/// The letters of a word as a set of bits.
fn letters_of(word: &str) -> u32 {
    word.bytes().fold(0, |set, byte| set | 1 << (byte & 31))
}

/// The names one slip away from `word` whose spelling `fits`.
fn near_names(
    scene: &Scene<'_>,
    word: &str,
    role: Role,
    fits: impl Fn(&str) -> bool,
) -> Vec<Named> {
    let near = scene.roster.near(word, role).into_iter();
    near.filter(|(_, form)| fits(form))
        .map(|(name, _)| (name, Quality::Spelling))
        .collect()
}

/// The word at `at` alone; two words joined by a hyphen are one.
fn words(scene: &Scene<'_>, at: usize, forward: bool) -> Vec<String> {
    let stream = scene.stream;
    let mut words = vec![stream.text(at).to_owned()];
    let joint = if forward { at + 1 } else { at };
    let gap = stream.gap(joint);
    let glued = gap.is_empty() || gap.only(Gap::DASH) && gap.length() == 1;
    if glued && !stream.loose {
        if forward && stream.get(joint).is_some() {
            words.push(format!("{}{}", stream.text(at), stream.text(joint)));
        } else if let Some(before) = at.checked_sub(1) {
            words.push(format!("{}{}", stream.text(before), stream.text(at)));
        }
    }
    words
}

/// Whether the word at `at` and the one beside it, away from `part`, are two halves of a name with a hyphen.
fn is_double(scene: &Scene<'_>, at: usize, part: &Part) -> bool {
    let stream = scene.stream;
    let (joint, other) = if at == part.end {
        (at + 1, at + 1)
    } else {
        (at, at.wrapping_sub(1))
    };
    let gap = stream.gap(joint);
    gap.only(Gap::DASH)
        && gap.length() == 1
        && part.capital
        && !scene.in_mention(at)
        && [at, other].iter().all(|at| is_name_like(scene, *at))
}

/// Whether the word has a capital of its own, outside a heading, and no digit.
fn is_name_like(scene: &Scene<'_>, at: usize) -> bool {
    let atom = scene.stream.get(at);
    atom.is_some_and(|atom| atom.capital() && !atom.heading && !atom.digits)
}

/// Whether nothing stands between the atom at `at` and the one before.
fn stream_glued(scene: &Scene<'_>, at: usize) -> bool {
    at > 0 && scene.stream.get(at).is_some_and(|a| a.gap.is_empty())
}

/// Whether the word could be a misspelt name at all.
fn candidate_word(scene: &Scene<'_>, at: usize, part: &Part) -> bool {
    let Some(atom) = scene.stream.get(at) else {
        return false;
    };
    // `Louise` next to Louis's family name is more likely his mother than a slip.
    // `McAlister` is read as `Mc` and `Alister`.
    let glued = if at == part.end {
        stream_glued(scene, at + 1)
    } else {
        stream_glued(scene, at)
    };
    // `Jessica Row` for Rowe: nobody hears the last letter
    let silent = part.role == Role::Given
        && part.capital
        && at == part.end
        && atom.capital()
        && !atom.heading
        && !atom.opens
        && atom.text.len() == SHORTEST - 2
        && scene.roster.may_know(&format!("{}e", atom.text));
    // `Marc Johnson` may be our Marcus.
    let begins = part.role == Role::Family && (4..8).contains(&atom.text.len()) && part.capital;
    let other_given = !glued && lists::is_given(&atom.text) && atom.text.len() < 8 && !begins;
    !atom.digits
        && !atom.possessive_before(at, part)
        && (atom.text.chars().count() >= SHORTEST - 1
            || silent
            || glued
            || atom.text.len() == 3 && part.capital && is_proper(scene, at))
        && (glued || !everyday_word(atom, part))
        && !other_given
        && !scene.in_mention(at)
        && scene
            .roster
            .meanings(&atom.text)
            .iter()
            .all(|m| m.quality == Quality::Short)
}

/// A small word beside a name with a capital, in a draft.
fn is_mixed(scene: &Scene<'_>, at: usize, part: &Part) -> bool {
    let small = scene.stream.get(at).is_some_and(|a| !a.capital()) && !scene.loose(part);
    small && part.capital && scene.draft
}

/// An English word is a misspelt name only with a capital that means something, next to another one.
fn everyday_word(atom: &Atom, part: &Part) -> bool {
    let calendar = matches!(
        lists::topic(&atom.text),
        Some(Topic::Month | Topic::Season | Topic::Modal)
    );
    let named = part.capital && atom.capital() && !atom.heading && !atom.opens && !calendar;
    lists::is_word(&atom.text) && (!named || part.role == Role::Family)
}

impl Atom<'_> {
    /// A possessive word in front of the name is not part of it.
    fn possessive_before(&self, at: usize, part: &Part) -> bool {
        self.possessive && at < part.start
    }
}

/// The letters between a word and the nearest form: 1, or 2 in long names.
fn distance<'f>(forms: impl Iterator<Item = &'f str>, word: &str) -> Option<usize> {
    let length = word.chars().count();
    forms
        .filter_map(|form| {
            if sounds::without_vowels(form, word) {
                return Some(1);
            }
            let own = form.chars().count();
            let allowed = match own.min(length) {
                // A letter lost from a name of five, or one too many in a name of four.
                0..SHORTEST => usize::from(
                    own == SHORTEST
                        || own + 1 == SHORTEST && length == SHORTEST
                        || form.strip_suffix('e') == Some(word) && length + 2 == SHORTEST
                        || swapped(form, word),
                ),
                SHORTEST..8 => 1,
                _ => 2,
            };
            if allowed == 0 || own.abs_diff(length) > 2 {
                return None;
            }
            let steps = strsim::osa_distance(form, word);
            let heard = steps == 2 && sounds::differs_in_vowels(form, word);
            ((1..=allowed).contains(&steps) || heard).then_some(steps)
        })
        .min()
}

/// Whether a name of four letters is written with two of them the wrong way round: `Hrat`.
fn swapped(name: &str, word: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let name = sorted(name);
    name.len() + 1 == SHORTEST && name == sorted(word)
}

/// Both halves misspelt by one letter each. Shorter halves count where only one pupil fits, small ones only for pupils
/// who may not be published.
fn both(scene: &Scene<'_>, meter: &Meter, out: &mut Vec<Candidate>) -> Result<(), CheckFailure> {
    if !scene.stream.has.unknown {
        return Ok(());
    }
    let unknown = |at: usize| {
        scene.stream.get(at).is_some_and(|atom| {
            !atom.digits
                && !atom.word.is_english()
                && !atom.word.given
                && atom.text.chars().count() >= SHORTEST - 1
                && scene.adults.get(at) < Some(&Adult::Surely)
        })
    };
    for at in 1..scene.stream.len() {
        if !unknown(at - 1) || !unknown(at) || bond(scene.stream, at) != Bond::Close {
            continue;
        }
        let (first, second) = (scene.stream.text(at - 1), scene.stream.text(at));
        let capitals = (at - 1..=at).all(|n| scene.stream.get(n).is_some_and(Atom::capital));
        let long = !scene.draft && first.len().min(second.len()) > SHORTEST;
        if !capitals && !long && !scene.roster.register.has_hidden() {
            continue;
        }
        meter.spend(first.len() as u64)?;
        let (mut found, sure) = both_slipped(scene, first, second, meter)?;
        let plain = capitals || long && sure;
        if !plain || scene.adult(at - 1..at + 1) > Adult::Role {
            found = scene.hidden_only(found);
        }
        if !found.is_empty() {
            out.extend(scene.candidate(at - 1..at + 1, Rule::Full, 0.6, found));
        }
    }
    Ok(())
}

/// The pupils whose given name is nearly `first` and whose family name is nearly `second`, and whether each is so by one
/// letter.
fn both_slipped(
    scene: &Scene<'_>,
    first: &str,
    second: &str,
    meter: &Meter,
) -> Result<(Vec<u32>, bool), CheckFailure> {
    let slipped = |word: &str, role, loose: bool| {
        near_names(scene, word, role, |form| {
            loose || distance(std::iter::once(form), word) == Some(1)
        })
    };
    let given = slipped(first, Role::Given, true);
    if given.is_empty() {
        return Ok((Vec::new(), false));
    }
    let family = slipped(second, Role::Family, true);
    meter.spend((given.len() * family.len()) as u64)?;
    let pupils = |given: &[Named], family: &[Named]| -> Vec<u32> {
        let pairs = scene.roster.common(given, family);
        pairs.iter().map(|pair| pair.pupil).collect()
    };
    let mut any = pupils(&given, &family);
    if any.is_empty() {
        return Ok((any, false));
    }
    let sure = pupils(
        &slipped(first, Role::Given, false),
        &slipped(second, Role::Family, false),
    );
    if !sure.is_empty() {
        return Ok((sure, true));
    }
    any.truncate(if any.len() == 1 { 1 } else { 0 });
    Ok((any, false))
}

/// `Jack and Daisy Hollins`, `the Hollins twins, Jack and Daisy`: the family name serves several given names.
pub(super) fn shared(
    scene: &Scene<'_>,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    let families = scene.parts.all.iter().filter(|p| {
        p.role == Role::Family && p.way <= Way::Plural && p.best() <= Quality::Spelling
    });
    for family in families {
        child_of(scene, family, out);
        if scene.adult(family.start..family.end) >= Adult::Surely {
            continue;
        }
        meter.spend(4)?;
        backwards(scene, family, out);
        forwards(scene, family, out);
        kin_behind(scene, family, out);
        if is_kin_group(scene.stream.text(family.end)) && (family.capital || !family.is_word()) {
            kin(scene, family, out);
        }
    }
    Ok(())
}

/// `Mrs Smith's son Oliver`: what the parents are called does not make the child one of them.
fn child_of(scene: &Scene<'_>, family: &Part, out: &mut Vec<Candidate>) {
    let stream = scene.stream;
    let kin = matches!(
        stream.text(family.end),
        "son"
            | "daughter"
            | "boy"
            | "girl"
            | "lad"
            | "lass"
            | "child"
            | "eldest"
            | "youngest"
            | "oldest"
    );
    let gap = stream.gap(family.end + 1);
    if !family.possessive || !kin || !gap.only(Gap::SPACE | Gap::COMMA) {
        return;
    }
    for given in scene.parts.at(family.end + 1) {
        if given.role == Role::Given && given.way == Way::Plain {
            add_shared(scene, given, family, out);
        }
    }
}

fn is_and(word: &str) -> bool {
    matches!(word, "and" | "n" | "plus")
}

/// The given name that stands at `at` as it is.
fn given_at<'s>(scene: &'s Scene<'_>, at: usize) -> Option<&'s Part> {
    let mut parts = scene.parts.at(at).iter();
    parts.find(|p| p.role == Role::Given && p.way == Way::Plain && !p.possessive)
}

/// Walks on over `Given & Given` behind the family name: `Lacey-Bright, Hugo & Seb`.
fn forwards(scene: &Scene<'_>, family: &Part, out: &mut Vec<Candidate>) {
    let stream = scene.stream;
    if !family.capital || !stream.gap(family.end).only(Gap::COMMA | Gap::SPACE) {
        return;
    }
    let Some(first) = given_at(scene, family.end) else {
        return;
    };
    if scene.roster.common(&first.names, &family.names).is_empty() {
        return;
    }
    let mut end = first.end;
    for _ in 0..4 {
        let word = usize::from(is_and(stream.text(end)));
        let joined = word == 1 || stream.gap(end).has(Gap::AND);
        let Some(next) = given_at(scene, end + word).filter(|_| joined) else {
            return;
        };
        add_shared(scene, next, family, out);
        end = next.end;
    }
}

/// Walks back over `Given, Given and Given` in front of the family name.
fn backwards(scene: &Scene<'_>, family: &Part, out: &mut Vec<Candidate>) {
    let stream = scene.stream;
    let Some(mut at) = family.start.checked_sub(1) else {
        return;
    };
    if !scene.is_given(at) || bond(stream, family.start) != Bond::Close {
        return;
    }
    for _ in 0..4 {
        at -= kin_words(stream, at);
        let symbol = stream.gap(at).has(Gap::AND | Gap::COMMA);
        let word = is_and(stream.text_before(at, 1));
        let back = if word { 2 } else { usize::from(symbol) };
        if back == 0 || at < back {
            return;
        }
        at -= back;
        let end = at + 1;
        let Some(given) = given_at(scene, at).filter(|given| given.end == end) else {
            if scene.is_given(at) {
                continue;
            }
            return;
        };
        add_shared(scene, given, family, out);
    }
}

/// How far behind a whole name a brother or sister of its bearer is looked for.
const KIN_REACH: usize = 14;

/// `Hugo Lacey-Bright is a shepherd and his big brother Seb is narrator`
fn kin_behind(scene: &Scene<'_>, family: &Part, out: &mut Vec<Candidate>) {
    let stream = scene.stream;
    let near = (family.end..family.end + KIN_REACH)
        .take_while(|at| *at < stream.len() && !stream.gap(*at).has(Gap::LINE));
    for at in near.filter(|at| kin_words(stream, *at) > 0) {
        if let Some(given) = given_at(scene, at) {
            add_shared(scene, given, family, out);
        }
    }
}

/// How many words before the name say that it is the brother or sister of who is named before them: `Ryan and his brother
/// Owen Tasker`.
fn kin_words(stream: &Stream<'_>, at: usize) -> usize {
    let kin = matches!(
        stream.text_before(at, 1),
        "brother" | "sister" | "twin" | "bro" | "sis" | "sibling"
    );
    let sized = usize::from(matches!(
        stream.text_before(at, 2),
        "big" | "little" | "older" | "younger" | "baby" | "twin"
    ));
    let whose = matches!(stream.text_before(at, 2 + sized), "his" | "her" | "their");
    let count = 2 + sized;
    if kin && whose && at > count { count } else { 0 }
}

fn add_shared(scene: &Scene<'_>, given: &Part, family: &Part, out: &mut Vec<Candidate>) {
    let pupils: Vec<u32> = scene
        .roster
        .common(&given.names, &family.names)
        .iter()
        .filter(|pair| pair.quality < Quality::Piece)
        .map(|pair| pair.pupil)
        .collect();
    let fits = given.capital || !given.is_word();
    let adult = scene.adult(given.start..given.end);
    let pupils = if adult > Adult::Role {
        scene.despite(adult, pupils)
    } else {
        pupils
    };
    if pupils.is_empty() || !fits {
        return;
    }
    out.extend(scene.candidate(given.start..given.end, Rule::Full, 0.8, pupils));
}

fn is_kin_group(word: &str) -> bool {
    matches!(
        word,
        "twins"
            | "twin"
            | "triplets"
            | "siblings"
            | "brothers"
            | "sisters"
            | "family"
            | "children"
            | "kids"
            | "boys"
            | "girls"
            | "boy"
            | "girl"
            | "lad"
            | "lads"
            | "clan"
            | "household"
    )
}

/// Given names within a few words of `the Hollins twins`.
fn kin(scene: &Scene<'_>, family: &Part, out: &mut Vec<Candidate>) {
    let from = family.start.saturating_sub(5);
    let to = scene.stream.len().min(family.end + 6);
    for at in (from..family.start).chain(family.end + 1..to) {
        let range = at.min(family.start)..at.max(family.end);
        let crossed = (range.start + 1..=range.end).any(|n| {
            scene.stream.gap(n).has(Gap::STOP) && scene.stream.get(n).is_some_and(|a| a.opens)
        });
        if crossed {
            continue;
        }
        for given in scene.parts.at(at) {
            if given.role == Role::Given && given.way == Way::Plain {
                add_shared(scene, given, family, out);
            }
        }
    }
}
