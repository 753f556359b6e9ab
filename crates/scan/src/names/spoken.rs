//! Whose words a text repeats: `"They swim!" Amelia`, `Frank: her drawer.`

use super::{
    parts::Part,
    scene::Scene,
    stream::{Case, Gap},
};

/// Whether the name stands behind somebody's words, or in front of them, as the one who says them.
pub(super) fn is_speaker(scene: &Scene<'_>, part: &Part) -> bool {
    let title = scene
        .stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title);
    title && !part.possessive && (stands_behind(scene, part) || stands_before(scene, part))
}

/// `"Someone who saves you a swing." Amelia`, `'Sharing' - Finley (Year 2)`
fn stands_behind(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let Some(between) = stream.between(part.start) else {
        return false;
    };
    let marks = between.trim_end_matches([' ', '-', '~', '(', '\n']);
    let closed = marks.len() < between.len() && marks.ends_with(['"', '\'']);
    let (gap, end) = (stream.gap(part.end), part.end >= stream.len());
    let alone = end
        || gap.has(Gap::LINE | Gap::BRACKET)
        || gap.has(Gap::COMMA) && scene.in_mention(part.end);
    // a quotation has more than a word or two: `the "Big Read" (Rose)`
    let opened = (4..40).any(|back| {
        part.start
            .checked_sub(back)
            .is_some_and(|at| stream.gap(at).has(Gap::QUOTE))
    });
    closed && alone && opened
}

/// `Frank: her drawer.` in one line, and another name that speaks in the next one.
fn stands_before(scene: &Scene<'_>, part: &Part) -> bool {
    speaks_in_line(scene, part.start) && others_speak(scene, part)
}

/// How far on either side another speaker is looked for, in words.
const REACH: usize = 45;

/// Another line of the kind, and one name among them that can be nothing else: `Holly: tins`, `Ivy: cereal` are houses.
fn others_speak(scene: &Scene<'_>, part: &Part) -> bool {
    let to = scene.stream.len().min(part.end + REACH);
    let name = |at: usize| {
        let word = scene.stream.get(at).is_none_or(|a| a.word.is_english());
        !word && scene.is_given(at)
    };
    (part.start.saturating_sub(REACH)..part.start)
        .chain(part.end..to)
        .any(|at| name(at) && speaks_in_line(scene, at))
}

/// Whether the atom opens a line and a colon stands behind it, with words after that.
fn speaks_in_line(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let opens = at == 0 || stream.gap(at).has(Gap::LINE);
    let gap = stream.gap(at + 1);
    let says = gap.has(Gap::COLON) && gap.has(Gap::SPACE) && !gap.has(Gap::LINE);
    let plain = stream.get(at).is_some_and(|a| a.case == Case::Title);
    opens && says && plain && at + 1 < stream.len()
}
