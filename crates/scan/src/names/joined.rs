//! Names written as one word: in hashtags, handles and file names, and in prose without the space.

use schoolgate_model::{CheckFailure, Meter};

use super::{
    lists,
    scene::{Candidate, Rule, Scene},
};

/// Finds `#WellDoneOliverSmith`, `@oliversmith7`, `olivers`, `oliversmith`.
pub(super) fn find(
    scene: &Scene<'_>,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    for (at, atom) in scene.stream.atoms.iter().enumerate() {
        if atom.digits || atom.text.chars().count() < 5 {
            continue;
        }
        meter.spend(2)?;
        if let Some(n) = scene.roster.joined_exact.get(&atom.text) {
            let pupils = scene.roster.joined[*n].pupils.clone();
            let factor = if lists::is_word(&atom.text) {
                0.5
            } else {
                0.93
            };
            out.extend(scene.candidate(at..at + 1, Rule::Full, factor, pupils));
        } else {
            if atom.sigil == Some('@') || scene.stream.loose {
                out.extend(handle(scene, at, &atom.text));
            }
            misspelt(scene, at, &atom.text, meter, out)?;
        }
    }
    runs(scene, meter, out)
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
    if text.chars().count() < SHORTEST_MISSPELT || text.len() > 48 || lists::is_word(text) {
        return Ok(());
    }
    meter.spend(2 * text.len() as u64)?;
    let name = LEADS
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .filter(|rest| rest.chars().count() >= SHORTEST_MISSPELT)
        .unwrap_or(text);
    let near = scene.roster.nearly_joined(name);
    meter.spend(4 * near.len() as u64)?;
    let pupils: Vec<u32> = near
        .iter()
        .flat_map(|joined| joined.pupils.clone())
        .collect();
    if !pupils.is_empty() {
        out.extend(scene.candidate(at..at + 1, Rule::Full, 0.6, pupils));
    }
    Ok(())
}

/// A given name with an initial as one word, in handles and file names: `olivers`, `osmith`.
fn handle(scene: &Scene<'_>, at: usize, text: &str) -> Option<Candidate> {
    let pupils = scene.roster.handles.get(text)?;
    let word = lists::is_word(text) || lists::is_given(text);
    if word || !scene.roster.meanings(text).is_empty() {
        return None;
    }
    scene.candidate(at..at + 1, Rule::NameInitial, 0.75, pupils.clone())
}

/// Shorter joined names are found only as a whole word: inside another word they would be chance.
const SHORTEST_INSIDE: usize = 8;

/// Looks for joined names anywhere inside a hashtag, handle or file name, whatever its capitals are.
fn runs(scene: &Scene<'_>, meter: &Meter, out: &mut Vec<Candidate>) -> Result<(), CheckFailure> {
    let atoms = &scene.stream.atoms;
    let mut start = 0;
    while start < atoms.len() {
        let end = (start + 1..atoms.len())
            .find(|at| !atoms[*at].gap.is_empty())
            .unwrap_or(atoms.len());
        let run: String = atoms[start..end].iter().map(|a| a.text.as_str()).collect();
        let bytes = atoms[start].bytes.start..atoms[end - 1].bytes.end;
        let hidden = atoms[start].sigil.is_some() || scene.stream.loose || end - start > 1;
        let handle = atoms[start].sigil == Some('@');
        start = end;
        // Offsets into the run hold for the folded text only where no apostrophe was taken out.
        if !hidden || run.len() != bytes.len() {
            continue;
        }
        meter.spend(run.len() as u64)?;
        for hit in scene.roster.joined_finder.find_iter(&run) {
            let joined = &scene.roster.joined[hit.pattern().as_usize()];
            if joined.key.len() >= SHORTEST_INSIDE {
                out.push(Candidate {
                    bytes: bytes.start + hit.start()..bytes.start + hit.end(),
                    rule: Rule::Full,
                    confidence: 0.88,
                    pupils: joined.pupils.clone(),
                    handle,
                });
            }
        }
    }
    Ok(())
}
