//! Names that stand as entries of a table or of a list with notes: `Innkeeper: Robin. Ox: Noah.`, `Rose (backstroke) and
//! Hope (butterfly)`. The shape says that each entry is a name as soon as one of them can be nothing else.

use super::{
    against::is_thing_after,
    lists::Topic,
    parts::{Part, Way},
    roster::Role,
    scene::Scene,
    slots,
    stream::{Case, Gap},
};

/// How far on either side another entry is looked for.
const REACH: usize = 14;

/// Whether a capitalised word is an entry among names.
pub(super) fn is_entry(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let word = matches!(
        topic,
        Topic::Function | Topic::Month | Topic::Season | Topic::Subject
    );
    let plain = scene
        .stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title);
    plain
        && !word
        && !part.possessive
        && !scene.stream.loose
        && part.way == Way::Plain
        && (in_table(scene, part) || has_note(scene, part) || is_parallel(scene, part, topic))
}

/// Whether a registered name that is no English word stands at the atom.
fn sure(scene: &Scene<'_>, at: usize) -> bool {
    scene.stream.get(at).is_some_and(|a| a.capital())
        && scene
            .parts
            .at(at)
            .iter()
            .any(|p| p.role == Role::Given && p.way == Way::Plain && !p.is_word())
}

fn around(scene: &Scene<'_>, part: &Part) -> impl Iterator<Item = usize> {
    let to = scene.stream.len().min(part.end + REACH);
    (part.start.saturating_sub(REACH)..part.start).chain(part.end..to)
}

/// `Bronze: Mia / Silver: Logan / Gold: Holly`
pub(super) fn in_table(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let closes = |at: usize| {
        at >= stream.len()
            || stream
                .gap(at)
                .has(Gap::STOP | Gap::LINE | Gap::COMMA | Gap::BRACKET)
    };
    // `Bronze - Mia` has spaces around its dash
    let labelled = |at: usize| {
        let gap = stream.gap(at);
        at > 0
            && (slots::has_leader(scene, at)
                || gap.has(Gap::COLON)
                || gap.has(Gap::DASH) && gap.has(Gap::SPACE) && gap.length() >= 3)
    };
    labelled(part.start)
        && closes(part.end)
        && around(scene, part).any(|at| labelled(at) && closes(at + 1) && sure(scene, at))
}

/// `a note from Jordan and a drawing from Kayden`: the same small word before a name that can be nothing else.
fn is_parallel(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let link = stream.text_before(part.start, 1);
    let ends = |at: usize| {
        let gap = stream.gap(at);
        let initial = at > 0 && stream.get(at - 1).is_some_and(|a| a.is_single());
        gap.has(Gap::LINE) || gap.has(Gap::STOP) && gap.has(Gap::SPACE) && !initial
    };
    let same =
        |at: usize| sure(scene, at) && stream.follows(at) && stream.text_before(at, 1) == link;
    let after = (part.end..part.end + REACH).take_while(|at| !ends(*at));
    let before = (part.start.saturating_sub(REACH)..part.start)
        .rev()
        .take_while(|at| !ends(*at + 1));
    matches!(link, "from" | "for" | "by" | "to")
        && stream.follows(part.start)
        && topic != Topic::Modal
        && !stream
            .get(part.end)
            .is_some_and(|a| stream.follows(part.end) && (a.capital() || is_thing_after(&a.text)))
        && (after.into_iter().any(same) || before.into_iter().any(same))
}

/// `Rose (backstroke) and Hope (butterfly)`: two names with notes of the same shape.
fn has_note(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let noted = |at: usize| {
        stream.gap(at).has(Gap::BRACKET)
            && (at + 1..at + 9).any(|n| stream.gap(n).has(Gap::BRACKET))
            && !stream.gap(at).has(Gap::STOP | Gap::LINE)
    };
    noted(part.end)
        && around(scene, part).any(|at| {
            scene.parts.given_at(at)
                && stream.get(at).is_some_and(|a| a.case == Case::Title)
                && noted(at + 1)
        })
}
