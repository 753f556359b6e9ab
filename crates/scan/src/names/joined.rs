//! Names written as one word: in hashtags, handles and file names, and in prose without the space.

use schoolgate_model::{CheckFailure, Meter};

use super::{
    forms::Quality,
    lists,
    roster::{Named, Role},
    scene::{Candidate, Rule, Scene},
    stream::Gap,
};

/// Finds `#WellDoneOliverSmith`, `@oliversmith7`, `olivers`, `oliversmith`.
pub(super) fn find(
    scene: &Scene<'_>,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    for (at, atom) in scene.stream.atoms.iter().enumerate() {
        let length = atom.text.len();
        if atom.digits || !(5..=LONGEST).contains(&length) || atom.word.common {
            continue;
        }
        meter.spend(length as u64)?;
        let found = whole(scene, &atom.text);
        if let Some((pupils, more)) = found {
            let factor = if lists::is_word(&atom.text) {
                0.5
            } else {
                0.93
            };
            let found = scene.candidate(at..at + 1, Rule::Full, factor, pupils);
            out.extend(found.map(|found| found.and_more(more)));
        } else {
            if atom.sigil == Some('@') || scene.stream.loose || is_user_name(scene, at) {
                out.extend(handle(scene, at, &atom.text));
            }
            misspelt(scene, at, &atom.text, meter, out)?;
        }
    }
    runs(scene, meter, out)
}

/// Two names of one word are together no shorter than this; shorter ones would be chance.
const SHORTEST: usize = 7;

/// Two names of one word are together no longer than this.
const LONGEST: usize = 48;

/// Each place where a word can be cut in two names of two letters or more.
fn cuts(word: &str) -> impl Iterator<Item = (&str, &str)> {
    (2..word.len().saturating_sub(1)).filter_map(|at| word.split_at_checked(at))
}

fn given(scene: &Scene<'_>, word: &str) -> Vec<Named> {
    scene.roster.named(word, Role::Given, Quality::Short)
}

fn family(scene: &Scene<'_>, word: &str) -> Vec<Named> {
    scene.roster.named(word, Role::Family, Quality::Spelling)
}

/// The pupils whose two names are this one word, in either order, and how many there are beyond.
fn whole(scene: &Scene<'_>, word: &str) -> Option<(Vec<u32>, u32)> {
    if word.len() < SHORTEST {
        return None;
    }
    let mut pupils = Vec::new();
    let mut more = 0;
    let known =
        |(one, other): &(&str, &str)| scene.roster.may_know(one) && scene.roster.may_know(other);
    for (first, second) in cuts(word).filter(known) {
        for (one, other) in [(first, second), (second, first)] {
            let given = given(scene, one);
            if given.is_empty() {
                continue;
            }
            let family = family(scene, other);
            pupils.extend(scene.roster.common(&given, &family).iter().map(|p| p.pupil));
            more += scene.roster.beyond(&given, &family);
        }
    }
    (!pupils.is_empty()).then_some((pupils, more))
}

/// Shorter words have too many neighbours.
const SHORTEST_MISSPELT: usize = 9;

/// What a hashtag says before the name.
const LEADS: &[&str] = &[
    "welldone",
    "congratulations",
    "congrats",
    "happybirthday",
    "goodluck",
    "thankyou",
    "thanks",
    "proudof",
    "bravo",
    "team",
    "go",
];

/// A joined name with one wrong letter: `#olivrsmith`.
fn misspelt(
    scene: &Scene<'_>,
    at: usize,
    text: &str,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    if text.chars().count() < SHORTEST_MISSPELT || lists::is_formed(text) {
        return Ok(());
    }
    let name = LEADS
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .filter(|rest| rest.chars().count() >= SHORTEST_MISSPELT)
        .unwrap_or(text);
    let mut pupils: Vec<u32> = Vec::new();
    // one of the two is written as it should be
    let known = |(first, second): &(&str, &str)| {
        scene.roster.may_know(first) || scene.roster.may_know(second)
    };
    for (first, second) in cuts(name).filter(known) {
        for (one, other, nearly) in [
            (first, second, Role::Family),
            (first, second, Role::Given),
            (second, first, Role::Family),
            (second, first, Role::Given),
        ] {
            pupils.extend(halves(scene, one, other, nearly, meter)?);
        }
    }
    if !pupils.is_empty() {
        out.extend(scene.candidate(at..at + 1, Rule::Full, 0.6, pupils));
    }
    Ok(())
}

/// A shorter half is not looked for with a slip.
const SHORTEST_SLIPPED: usize = 3;

/// The pupils with this given and family name, one of them nearly so.
fn halves(
    scene: &Scene<'_>,
    one: &str,
    other: &str,
    nearly: Role,
    meter: &Meter,
) -> Result<Vec<u32>, CheckFailure> {
    let (exact, slipped) = match nearly {
        Role::Family => (
            scene.roster.named(one, Role::Given, Quality::Spelling),
            other,
        ),
        Role::Given => (family(scene, other), one),
    };
    if exact.is_empty() || slipped.len() < SHORTEST_SLIPPED {
        return Ok(Vec::new());
    }
    meter.spend(8 + slipped.len() as u64)?;
    let near: Vec<Named> = scene
        .roster
        .near(slipped, nearly)
        .into_iter()
        .map(|(name, _)| (name, Quality::Spelling))
        .collect();
    let pairs = match nearly {
        Role::Family => scene.roster.common(&exact, &near),
        Role::Given => scene.roster.common(&near, &exact),
    };
    Ok(pairs.iter().map(|pair| pair.pupil).collect())
}

/// `sbegum14`, `insta: jrowe_x`: a name of an account without its sign.
fn is_user_name(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let glued = |at: usize| stream.get(at).is_some() && stream.gap(at).is_empty();
    let alone = at == 0 || !stream.gap(at).is_empty();
    let numbered = glued(at + 1) && stream.get(at + 1).is_some_and(|a| a.digits) && !glued(at + 2);
    let lined = stream.get(at + 1).is_some() && stream.gap(at + 1).only(Gap::UNDERLINE);
    let told = (1..=2).any(|back| {
        matches!(
            stream.text_before(at, back),
            "user"
                | "username"
                | "login"
                | "insta"
                | "instagram"
                | "snap"
                | "snapchat"
                | "tiktok"
                | "roblox"
                | "handle"
                | "gamertag"
                | "dm"
                | "ig"
        )
    });
    alone && (numbered || lined || told)
}

/// A given name with an initial as one word, in handles and file names: `olivers`, `osmith`.
fn handle(scene: &Scene<'_>, at: usize, text: &str) -> Option<Candidate> {
    let word = lists::is_word(text) || lists::is_given(text);
    if word || !scene.roster.meanings(text).is_empty() {
        return None;
    }
    let first = text.chars().next()?;
    let last = text.chars().next_back()?;
    let named = given(scene, &text[..text.len() - last.len_utf8()]);
    let mut known = scene.roster.with_letter(&named, last);
    if known.is_empty() {
        known = scene
            .roster
            .with_letter(&family(scene, &text[first.len_utf8()..]), first);
    }
    if known.is_empty() {
        return None;
    }
    scene
        .candidate(at..at + 1, Rule::NameInitial, 0.75, known.pupils())
        .map(|found| found.and_more(known.more))
}

/// Shorter joined names are found only as a whole word: inside another word they would be chance.
const SHORTEST_INSIDE: usize = 8;

/// The longest name that is looked for inside a run.
const LONGEST_INSIDE: usize = 20;

/// Looks for joined names anywhere inside a hashtag, handle or file name, whatever its capitals are.
fn runs(scene: &Scene<'_>, meter: &Meter, out: &mut Vec<Candidate>) -> Result<(), CheckFailure> {
    let atoms = &scene.stream.atoms;
    if !scene.stream.has.joined && !scene.stream.loose {
        return Ok(());
    }
    let mut start = 0;
    while start < atoms.len() {
        let end = (start + 1..atoms.len())
            .find(|at| !atoms[*at].gap.is_empty())
            .unwrap_or(atoms.len());
        let hidden = atoms[start].sigil.is_some() || scene.stream.loose || end - start > 1;
        let bytes = atoms[start].bytes.start..atoms[end - 1].bytes.end;
        let handle = atoms[start].sigil == Some('@');
        let run = &atoms[start..end];
        start = end;
        if !hidden || bytes.len() < SHORTEST_INSIDE {
            continue;
        }
        let run: String = run.iter().map(|a| &*a.text).collect();
        // Offsets into the run hold for the folded text only where no apostrophe was taken out.
        if run.len() != bytes.len() {
            continue;
        }
        meter.spend((LONGEST_INSIDE * run.len()) as u64)?;
        for (found, pupils, more) in inside(scene, &run, meter)? {
            out.push(Candidate {
                bytes: bytes.start + found.start..bytes.start + found.end,
                rule: Rule::Full,
                confidence: 0.88,
                pupils,
                more,
                handle,
            });
        }
    }
    Ok(())
}

/// A name inside a run.
struct Segment {
    start: usize,
    end: usize,
    role: Role,
    names: Vec<Named>,
}

/// A stretch of a run with the pupils it names, and how many there are beyond.
type Inside = (std::ops::Range<usize>, Vec<u32>, u32);

/// Every two names side by side in the run that belong to one pupil.
fn inside(scene: &Scene<'_>, run: &str, meter: &Meter) -> Result<Vec<Inside>, CheckFailure> {
    let mut segments: Vec<Segment> = Vec::new();
    for start in (0..run.len()).filter(|at| run.is_char_boundary(*at)) {
        let longest = (start + LONGEST_INSIDE).min(run.len());
        for end in start + 2..=longest {
            let Some(word) = run.get(start..end) else {
                continue;
            };
            for (role, names) in [
                (Role::Given, given(scene, word)),
                (Role::Family, family(scene, word)),
            ] {
                if !names.is_empty() {
                    segments.push(Segment {
                        start,
                        end,
                        role,
                        names,
                    });
                }
            }
        }
    }
    let mut found = Vec::new();
    for first in &segments {
        let next = segments.partition_point(|other| other.start < first.end);
        let beside = segments[next..]
            .iter()
            .take_while(|other| other.start == first.end);
        for second in beside.filter(|other| other.role != first.role) {
            meter.spend((first.names.len() * second.names.len()) as u64)?;
            let (given, family) = match first.role {
                Role::Given => (first, second),
                Role::Family => (second, first),
            };
            let pairs = scene.roster.common(&given.names, &family.names);
            if !pairs.is_empty() && second.end - first.start >= SHORTEST_INSIDE {
                let more = scene.roster.beyond(&given.names, &family.names);
                let pupils = pairs.iter().map(|pair| pair.pupil).collect();
                found.push((first.start..second.end, pupils, more));
            }
        }
    }
    Ok(found)
}
