//! The disguise view: `sh1t`, `f u c k`, `f*ck`, `fuuuck`, `k1ll y0urself` written as the words they stand for.
//!
//! A word is rewritten only where the result is a word of the evasion rules, or where it is a misspelt word (`spelling`), so
//! ordinary text stays as it is; a hit in this view counts only where it touches a rewritten word. Look-alike and full-width
//! letters are the fold's work.

use std::ops::Range;

use schoolgate_model::{CheckFailure, Meter, Span};

use super::{
    backwards::{any_backwards, backwards},
    excuses::FUNCTION_WORDS,
    literals::COMMON,
    quiet::Chunks,
    slips::Slips,
    spelling::Spelling,
    view::{Glyph, is_symbol, plain_letters},
    vocabulary::{Mask, Vocabulary},
};

/// Longest chunk that is looked at; no disguised word is longer.
pub(super) const LONGEST_CHUNK: usize = 40;

/// Longest word that a spelled-out run is searched for.
pub(super) const LONGEST_WORD: usize = 16;

/// Longest front of a word that has a space behind it.
pub(super) const LONGEST_FRONT: usize = 3;

/// Shortest hashtag of small letters that is cut into words.
pub(super) const SHORTEST_TAG: usize = 9;

/// Most chunks that one spelled-out run takes; a longer one is read in parts.
const LONGEST_RUN: usize = 64;

/// Words after which a code with digits is a class or a room.
const CODES: &[&str] = &[
    "class", "classes", "code", "codes", "form", "group", "house", "room", "set", "year", "yr",
];

/// What a stretch of glyphs is replaced by.
pub(super) struct Rewritten {
    pub(super) range: Range<usize>,
    pub(super) glyphs: Vec<Glyph>,
    /// No disguise: a hashtag cut into words, or a misspelt word.
    pub(super) open: bool,
}

/// A text without its disguises.
pub(crate) struct Undisguised {
    pub(crate) glyphs: Vec<Glyph>,
    /// The stretches of the original that were rewritten, in order.
    pub(crate) places: Vec<Span>,
    /// Those of them that are no disguise, hashtags cut into words and misspelt words: every rule reads them.
    pub(crate) open: Vec<Span>,
}

/// Rewrites the disguised words; `None` where there is none.
pub(crate) fn undisguise(
    glyphs: &[Glyph],
    (vocabularies, spelling): (&[&Vocabulary], &Spelling),
    meter: &Meter,
) -> Result<Option<Undisguised>, CheckFailure> {
    let Chunks { chunks, loud } = Chunks::of(glyphs, (vocabularies, spelling));
    meter.spend(2 * glyphs.len() as u64)?;
    if loud.is_empty() {
        return Ok(None);
    }
    let mut out = Vec::new();
    let (mut places, mut open) = (Vec::new(), Vec::new());
    let turned = any_backwards(glyphs, loud.iter().map(|at| &chunks[*at]), vocabularies);
    let slips = Slips::new(glyphs, (&chunks, &loud), vocabularies, spelling);
    let all: Vec<usize> = (0..chunks.len()).filter(|_| turned).collect();
    let mut done = 0;
    let mut next = 0;
    for at in if turned { &all } else { &loud } {
        let at = *at;
        if at < next {
            continue;
        }
        let (rewritten, used) = match turned.then(|| whole(glyphs, &chunks[at..], vocabularies)) {
            Some(Some((rewritten, used))) => (Some(rewritten), used),
            _ => piece(glyphs, &chunks, at, vocabularies, meter)?,
        };
        let rewritten = match rewritten {
            None if used == 1 => slips.at(&chunks[at]),
            rewritten => rewritten,
        };
        if let Some(rewritten) = rewritten {
            out.extend_from_slice(&glyphs[done..rewritten.range.start]);
            out.extend_from_slice(&rewritten.glyphs);
            let place = Span {
                start: glyphs[rewritten.range.start].source,
                end: glyphs[rewritten.range.end - 1].source + 1,
            };
            places.push(place);
            if rewritten.open {
                open.push(place);
            }
            done = rewritten.range.end;
        }
        next = at + used;
    }
    if places.is_empty() {
        return Ok(None);
    }
    out.extend_from_slice(&glyphs[done..]);
    Ok(Some(Undisguised {
        glyphs: out,
        places,
        open,
    }))
}

/// A run of words that is written backwards, and how many chunks it takes.
fn whole(
    glyphs: &[Glyph],
    chunks: &[Range<usize>],
    vocabularies: &[&Vocabulary],
) -> Option<(Rewritten, usize)> {
    let (range, glyphs, used) = backwards(glyphs, chunks, vocabularies)?;
    let rewritten = Rewritten {
        range,
        glyphs,
        open: false,
    };
    Some((rewritten, used))
}

/// The disguised word that starts with this chunk, and how many chunks it takes.
pub(super) fn piece(
    glyphs: &[Glyph],
    chunks: &[Range<usize>],
    at: usize,
    vocabularies: &[&Vocabulary],
    meter: &Meter,
) -> Result<(Option<Rewritten>, usize), CheckFailure> {
    if let Some((letters, used)) = spelled_out(glyphs, &chunks[at..]) {
        meter.spend(letters.len() as u64 * LONGEST_WORD as u64)?;
        return Ok((segment(glyphs, &letters, vocabularies), used));
    }
    Ok(match split(glyphs, &chunks[at..], vocabularies) {
        Some(rewritten) => (Some(rewritten), 2),
        None => (chunk(glyphs, chunks, at, vocabularies, meter)?, 1),
    })
}

/// The letter that a character imitates; `1`, `!` and `|` can be two.
fn leet(c: char, one: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | '!' | '|' => one,
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '6' | '9' => 'g',
        '(' => 'c',
        c if c.is_ascii_lowercase() => c,
        _ => return None,
    })
}

pub(super) fn decode(glyphs: impl Iterator<Item = Glyph> + Clone, one: char) -> Option<String> {
    glyphs.map(|glyph| leet(glyph.c, one)).collect()
}

/// Marks that are put between the letters of a word to hide it.
fn is_filler(c: char) -> bool {
    matches!(
        c,
        '.' | '-' | '_' | '/' | '~' | '*' | ',' | '\u{B7}' | '\u{2022}' | '=' | ':'
    )
}

/// A run of at least three single letters, each a chunk of its own: `f u c k`, `s - h - i - t`, `f 😂 u 😂 c 😂 k`. Gives
/// the letters' places and how many chunks they take.
fn spelled_out(glyphs: &[Glyph], chunks: &[Range<usize>]) -> Option<(Vec<usize>, usize)> {
    let mut letters: Vec<usize> = Vec::new();
    let mut stops = false;
    let mut used = 0;
    for range in chunks {
        if range.len() > 3 || used >= LONGEST_RUN {
            break;
        }
        let between = |at: &usize| is_filler(glyphs[*at].c) || is_symbol(glyphs[*at].c);
        let mut inner = range.clone().filter(|at| !between(at));
        match (inner.next(), inner.next()) {
            (None, _) if !letters.is_empty() => {}
            (Some(letter), None) if leet(glyphs[letter].c, 'i').is_some() => {
                stops |= range.clone().any(|at| glyphs[at].c == '.');
                letters.push(letter);
            }
            _ => break,
        }
        used += 1;
    }
    let plain = letters
        .iter()
        .filter(|at| glyphs[**at].c.is_ascii_lowercase())
        .count();
    if letters.len() < 3 || plain * 2 <= letters.len() {
        return None;
    }
    let capitals = letters
        .iter()
        .all(|at| glyphs[*at].upper || !glyphs[*at].c.is_alphabetic());
    let name_follows = chunks.get(used).is_some_and(|next| {
        glyphs[next.start].upper
            && glyphs[next.clone()]
                .iter()
                .any(|glyph| glyph.c.is_alphabetic() && !glyph.upper)
    });
    let initials = capitals && name_follows && (stops || letters.len() == 3);
    (!initials).then_some((letters, used))
}

/// Cuts spelled-out letters into words of the vocabulary; `None` where there is none.
fn segment(glyphs: &[Glyph], letters: &[usize], vocabularies: &[&Vocabulary]) -> Option<Rewritten> {
    let (first, last) = (*letters.first()?, *letters.last()?);
    let mut out: Vec<Glyph> = Vec::new();
    let mut found = false;
    let mut at = 0;
    while at < letters.len() {
        match longest_word(glyphs, &letters[at..], letters.len(), vocabularies) {
            Some(word) => {
                if at > 0 {
                    out.push(space(glyphs[letters[at - 1]]));
                }
                let end = at + word.len();
                out.extend(
                    word.chars()
                        .zip(&letters[at..end])
                        .map(|(c, near)| Glyph { c, ..glyphs[*near] }),
                );
                if end < letters.len() {
                    out.push(space(glyphs[letters[end - 1]]));
                }
                found = true;
                at = end;
            }
            None => {
                out.push(glyphs[letters[at]]);
                at += 1;
            }
        }
    }
    found.then_some(Rewritten {
        range: first..last + 1,
        glyphs: out,
        open: false,
    })
}

fn space(near: Glyph) -> Glyph {
    Glyph {
        c: ' ',
        upper: false,
        ..near
    }
}

/// The longest word at the front of spelled-out letters. Three letters must be the whole run: within a longer one
/// they are too often initials or phonics.
fn longest_word(
    glyphs: &[Glyph],
    letters: &[usize],
    run: usize,
    vocabularies: &[&Vocabulary],
) -> Option<String> {
    let front = &letters[..LONGEST_WORD.min(letters.len())];
    let written = || front.iter().map(|at| glyphs[*at]);
    let two_ways = written().any(|glyph| matches!(glyph.c, '1' | '!' | '|'));
    let ways = if two_ways { &['i', 'l'][..] } else { &['i'] };
    let decoded: Vec<String> = ways
        .iter()
        .filter_map(|one| decode(written(), *one))
        .collect();
    (3..=front.len()).rev().find_map(|length| {
        decoded.iter().find_map(|letters| {
            let word = letters.get(..length)?;
            let certain = length > 3 || run == 3 || said_to(word, letters, run, vocabularies);
            let known = || vocabularies.iter().any(|vocabulary| vocabulary.has(word));
            (certain && known()).then(|| word.to_owned())
        })
    })
}

/// Whether a spelled-out term of three letters is followed by nothing but `u` or `off`.
fn said_to(word: &str, letters: &str, run: usize, vocabularies: &[&Vocabulary]) -> bool {
    let term = vocabularies.iter().any(|known| known.has_term(word));
    term && letters.len() == run
        && matches!(
            letters.get(word.len()..),
            Some("u" | "you" | "ya" | "off" | "ur" | "them")
        )
}

/// A swear word with a space in it: `fu ck`, `c unt`, `tos ser`, `b1 tch`. The first piece is no word of its own, and of
/// the milder ones no piece is.
fn split(
    glyphs: &[Glyph],
    chunks: &[Range<usize>],
    vocabularies: &[&Vocabulary],
) -> Option<Rewritten> {
    let [first, second, ..] = chunks else {
        return None;
    };
    let second = core(glyphs, second.clone()).filter(|core| core.start == second.start)?;
    let written = || {
        let pieces = [first.clone(), second.clone()].into_iter();
        pieces.flat_map(|piece| &glyphs[piece])
    };
    let begins = glyphs[first.start].c.is_ascii_lowercase();
    if first.len() > LONGEST_FRONT || second.len() > LONGEST_WORD || !begins {
        return None;
    }
    let mut buffer = [0_u8; LONGEST_FRONT + LONGEST_WORD];
    let letters = written().map(|glyph| leet(glyph.c, 'i').unwrap_or(' '));
    let together = plain_letters(letters, &mut buffer);
    let (start, rest) = together.split_at_checked(first.len())?;
    let names = glyphs[second.start].upper && !glyphs[second.clone()].iter().all(|g| g.upper);
    let strong = vocabularies.iter().any(|known| known.is_strong(together));
    let listed = || {
        let milder = vocabularies.iter().any(|known| known.is_split(together));
        milder && !is_real(rest) && !vocabularies.iter().any(|known| known.has(rest))
    };
    if names || !strong && !listed() || is_real(start) {
        return None;
    }
    let written: Vec<Glyph> = written().copied().collect();
    Some(Rewritten {
        range: first.start..second.end,
        glyphs: spread(together, &written),
        open: false,
    })
}

/// Whether a piece is a word of its own.
pub(super) fn is_real(piece: &str) -> bool {
    FUNCTION_WORDS.contains(&piece) || COMMON.contains(&piece)
}

/// Rewrites one chunk where it is a disguised word.
fn chunk(
    glyphs: &[Glyph],
    chunks: &[Range<usize>],
    at: usize,
    vocabularies: &[&Vocabulary],
    meter: &Meter,
) -> Result<Option<Rewritten>, CheckFailure> {
    let Some(core) = core(glyphs, chunks[at].clone()) else {
        return Ok(None);
    };
    let letters = &glyphs[core.clone()];
    // digits and marks alone are a number: 97.0 is no `gtfo`
    let spelt = letters.iter().any(|glyph| glyph.c.is_ascii_lowercase());
    if letters.len() > LONGEST_CHUNK || letters.len() < 3 || !spelt {
        return Ok(None);
    }
    if letters.iter().all(|glyph| glyph.c.is_ascii_lowercase()) {
        let sign = core.start.checked_sub(1).map(|at| glyphs[at].c);
        if let Some(glyphs) = plainly_hidden(letters, sign == Some('#'), vocabularies, meter)? {
            let open = sign == Some('#') && glyphs.iter().any(|glyph| glyph.c == ' ');
            return Ok(Some(Rewritten {
                range: core,
                glyphs,
                open,
            }));
        }
        if !doubled(letters) && sign != Some('@') {
            return Ok(None);
        }
    }
    let coded = at
        .checked_sub(1)
        .and_then(|before| chunks.get(before))
        .is_some_and(|before| is_code_word(&glyphs[before.clone()]));
    let word = imitated(letters, coded, vocabularies)
        .or_else(|| masked_start(glyphs, &core, vocabularies))
        .or_else(|| joined(letters, vocabularies))
        .map(|word| Ok(Some(word)))
        .unwrap_or_else(|| starred(letters, vocabularies, meter))?;
    Ok(word.map(|word| Rewritten {
        glyphs: spread(&word, letters),
        range: core,
        open: false,
    }))
}

/// Whether two letters in a row are the same; without them, plain letters cannot be drawn out.
fn doubled(letters: &[Glyph]) -> bool {
    letters.windows(2).any(|pair| pair[0].c == pair[1].c)
}

/// A word of plain letters that is another one respelt, a hashtag of words run together, or swearing run together with
/// other words.
fn plainly_hidden(
    letters: &[Glyph],
    tag: bool,
    vocabularies: &[&Vocabulary],
    meter: &Meter,
) -> Result<Option<Vec<Glyph>>, CheckFailure> {
    let mut buffer = [0_u8; LONGEST_CHUNK];
    let word = plain_letters(letters.iter().map(|glyph| glyph.c), &mut buffer);
    // a word in capitals without a vowel is an acronym
    let acronym = letters.iter().all(|glyph| glyph.upper) && letters.len() <= 5;
    if !acronym && let Some(meant) = vocabularies.iter().find_map(|known| known.respelt(word)) {
        let own = vocabularies.iter().any(|known| known.has(word));
        return Ok((!own).then(|| spread(meant, letters)));
    }
    let camel = || {
        letters
            .windows(2)
            .any(|pair| !pair[0].upper && pair[1].upper)
    };
    if letters.len() < SHORTEST_TAG || camel() {
        return Ok(None);
    }
    meter.spend(letters.len() as u64 * LONGEST_WORD as u64)?;
    let ends = if tag {
        vocabularies.iter().find_map(|known| known.cut(word))
    } else {
        vocabularies.iter().find_map(|known| known.sworn(word))
    };
    Ok(ends.map(|ends| spaced(letters, &ends)))
}

/// Letters with a space after each of these ends.
pub(super) fn spaced(letters: &[Glyph], ends: &[usize]) -> Vec<Glyph> {
    let mut spaced = Vec::with_capacity(letters.len() + ends.len());
    for (at, glyph) in letters.iter().enumerate() {
        if at > 0 && ends.contains(&at) {
            spaced.push(space(letters[at - 1]));
        }
        spaced.push(*glyph);
    }
    spaced
}

fn is_code_word(glyphs: &[Glyph]) -> bool {
    let word: String = glyphs
        .iter()
        .map(|glyph| glyph.c)
        .filter(char::is_ascii_lowercase)
        .collect();
    CODES.contains(&word.as_str())
}

/// The chunk without quotation marks, brackets and the punctuation at its end.
pub(super) fn core(glyphs: &[Glyph], chunk: Range<usize>) -> Option<Range<usize>> {
    let word = |c: char| c.is_alphanumeric() || c == '$';
    let start = chunk.clone().find(|at| word(glyphs[*at].c))?;
    let bold = glyphs[chunk.start..start]
        .iter()
        .any(|glyph| glyph.c == '*');
    let keep = |c: char| word(c) || matches!(c, '+' | '@') || c == '*' && !bold;
    let end = chunk.rev().find(|at| keep(glyphs[*at].c))? + 1;
    (start < end).then_some(start..end)
}

/// The word behind digits and drawn-out letters: `sh1t`, `fuuuck`, `b00bs`.
fn imitated(letters: &[Glyph], coded: bool, vocabularies: &[&Vocabulary]) -> Option<String> {
    let plain = letters
        .iter()
        .filter(|glyph| glyph.c.is_ascii_lowercase())
        .count();
    let soft = letters
        .iter()
        .filter(|glyph| matches!(glyph.c, '$' | '@'))
        .count();
    let digits = letters
        .iter()
        .filter(|glyph| glyph.c.is_ascii_digit())
        .count();
    let code = coded && digits > 0 && letters.iter().any(|glyph| glyph.upper);
    if plain == 0 || (plain + soft) * 2 < letters.len() || code {
        return None;
    }
    let own: String = letters.iter().map(|glyph| glyph.c).collect();
    if vocabularies.iter().any(|vocabulary| vocabulary.has(&own)) {
        return None;
    }
    look_up(letters.iter().copied(), vocabularies)
}

/// The term behind a leading `@` that stands for a letter: `@rsehole`. A handle that says one is no better.
fn masked_start(
    glyphs: &[Glyph],
    core: &Range<usize>,
    vocabularies: &[&Vocabulary],
) -> Option<String> {
    let at = core.start.checked_sub(1)?;
    if glyphs[at].c != '@' || at > 0 && !glyphs[at - 1].c.is_whitespace() {
        return None;
    }
    let decoded = decode(glyphs[at..core.end].iter().copied(), 'i')?;
    let term = decoded.len() >= 4 && vocabularies.iter().any(|known| known.has_term(&decoded));
    term.then_some(decoded)
}

fn look_up(
    letters: impl Iterator<Item = Glyph> + Clone,
    vocabularies: &[&Vocabulary],
) -> Option<String> {
    ['i', 'l'].into_iter().find_map(|one| {
        let decoded = decode(letters.clone(), one)?;
        vocabularies
            .iter()
            .find_map(|vocabulary| vocabulary.find(&decoded))
            .map(str::to_owned)
    })
}

/// The word behind marks or emoji between its letters: `f.u.c.k`, `sh-it`, `fu🔥ck`.
fn joined(letters: &[Glyph], vocabularies: &[&Vocabulary]) -> Option<String> {
    let between = |c: char| is_filler(c) || is_symbol(c);
    let pieces: Vec<&[Glyph]> = letters
        .split(|glyph| between(glyph.c))
        .filter(|piece| !piece.is_empty())
        .collect();
    if pieces.len() < 2 {
        return None;
    }
    let inner = letters.iter().copied().filter(|glyph| !between(glyph.c));
    let single = pieces.iter().all(|piece| piece.len() == 1);
    let upper = inner.clone().all(|glyph| glyph.upper);
    if single {
        let acronym = pieces.len() == 3 && upper;
        return look_up(inner, vocabularies).filter(|_| !acronym);
    }
    let names = pieces
        .iter()
        .filter(|piece| piece[0].upper && piece.iter().any(|glyph| !glyph.upper))
        .count();
    if names > 1 || inner.clone().count() < 4 {
        return None;
    }
    ['i', 'l'].into_iter().find_map(|one| {
        let decoded = decode(inner.clone(), one)?;
        vocabularies
            .iter()
            .any(|vocabulary| vocabulary.has_term(&decoded))
            .then_some(decoded)
    })
}

/// The word behind stars or other marks in place of letters: `f*ck`, `b@st*rd`, `sh-t`.
fn starred(
    letters: &[Glyph],
    vocabularies: &[&Vocabulary],
    meter: &Meter,
) -> Result<Option<String>, CheckFailure> {
    let hidden = |c: char| matches!(c, '#' | '%' | '^' | '-' | '_' | '.') || is_symbol(c);
    if !letters
        .iter()
        .any(|glyph| matches!(glyph.c, '*' | '@' | '$' | '&') || hidden(glyph.c))
    {
        return Ok(None);
    }
    let mark = |at: Option<usize>| {
        at.and_then(|at| letters.get(at)).is_some_and(|glyph| {
            matches!(glyph.c, '*' | '#' | '@' | '$' | '%' | '&' | '!' | '^' | '?')
        })
    };
    let read: Option<Vec<(char, char)>> = letters
        .iter()
        .enumerate()
        .map(|(at, glyph)| match glyph.c {
            '*' => Some(('*', '*')),
            // of several marks in a row none stands for a certain letter: `f#@king`
            _ if mark(Some(at)) && (mark(at.checked_sub(1)) || mark(Some(at + 1))) => {
                Some(('*', '*'))
            }
            c if hidden(c) => Some(('?', '?')),
            c => leet(c, 'i').zip(leet(c, 'l')),
        })
        .collect();
    let Some(mask) = read.as_deref().and_then(Mask::read) else {
        return Ok(None);
    };
    for vocabulary in vocabularies {
        let first = read.iter().flatten().next().map_or(' ', |(c, _)| *c);
        meter.spend(vocabulary.candidates(first) as u64 * 4)?;
        if let Some(word) = vocabulary.unstar(&mask) {
            return Ok(Some(word.to_owned()));
        }
    }
    Ok(None)
}

/// The word's letters, laid over the characters it was written with.
pub(super) fn spread(word: &str, written: &[Glyph]) -> Vec<Glyph> {
    let count = word.chars().count();
    let last = written.len().saturating_sub(1);
    word.chars()
        .enumerate()
        .map(|(at, c)| {
            let near = if count > 1 {
                at * last / (count - 1)
            } else {
                0
            };
            Glyph { c, ..written[near] }
        })
        .collect()
}
