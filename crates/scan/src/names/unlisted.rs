//! Children whose names are on no list: `my daughter Chloe Watkins`, `Year 4's Amelia J`. A leaver, a brother or sister,
//! a child of another school: less grave than a pupil, and still a child's name.

use schoolgate_model::{CheckFailure, Meter};

use super::{
    evidence,
    forms::Quality,
    parts::{Part, Way},
    roster::Role,
    scene::{Adult, Candidate, Rule, Scene},
    stream::{Atom, Case, Gap},
};

/// Finds a given name in everyday use with another name or an initial, in the place of a child.
pub(super) fn find(
    scene: &Scene<'_>,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    if !scene.stream.has.given || scene.stream.loose {
        return Ok(());
    }
    for (at, atom) in scene.stream.atoms.iter().enumerate() {
        if atom.word.given && atom.case == Case::Title {
            meter.spend(16)?;
            out.extend(child_at(scene, at, atom));
        }
    }
    Ok(())
}

fn child_at(scene: &Scene<'_>, at: usize, atom: &Atom) -> Option<Candidate> {
    let stream = scene.stream;
    let next = stream.get(at + 1)?;
    let gap = stream.gap(at + 1);
    let beside = gap.only(Gap::SPACE) && gap.length() == 1;
    let family = next.case == Case::Title && !next.word.common && !next.word.given && !next.digits;
    let initial = next.letter().is_some_and(|letter| letter != 'i') && next.capital();
    let taken = atom.figure
        || atom.quoted
        || atom.heading
        || atom.possessive
        || scene.in_mention(at)
        || scene.in_mention(at + 1)
        || scene.adult(at..at + 2) > Adult::Nobody;
    if !beside || !(family || initial) || taken {
        return None;
    }
    let part = Part {
        start: at,
        end: at + 2,
        role: Role::Given,
        way: Way::Plain,
        key: atom.text.to_string(),
        names: vec![(u32::MAX, Quality::Piece)],
        capital: true,
        possessive: false,
    };
    // A class in brackets or `from Year 4` is the child's own; people of history are met `in Year 4`.
    let own = stream.gap(at + 2).has(Gap::BRACKET) || stream.text(at + 2) == "from" || initial;
    let in_class = own && evidence::attached_class(scene, &part).is_some();
    let of_class = at > 0
        && scene.in_mention(at - 1)
        && stream.get(at - 1).is_some_and(|before| before.possessive);
    let child = evidence::kin_before(scene, at) && stream.text_before(at, 1) != "friend";
    // `old girl Jasmine Threlfall (left 2011)`
    let left = stream.text_before(at, 2) == "old"
        && matches!(stream.text_before(at, 1), "boy" | "girl" | "boys" | "girls");
    if left || !(child || in_class || of_class) {
        return None;
    }
    scene.candidate(at..at + 2, Rule::Unlisted, 0.7, Vec::new())
}
