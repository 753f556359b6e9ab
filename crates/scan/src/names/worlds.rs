//! Worlds of stories, history and sums that bring their own people: `Henry` of the six wives, `Charlie` of the chocolate
//! factory, the `Aisha` who has 24 sweets. `worlds.txt` says by which words a text shows that it is in one.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use super::{
    evidence::attached_class,
    lists,
    parts::{Part, Parts},
    scene::Scene,
    somebody,
    stream::{Atom, Gap, Stream},
    tables::QuickBuild,
};

/// The worlds a text is in, as bits.
pub(super) type Worlds = u128;

struct Book {
    /// The first word of a cue to the second, where it has one, and the world.
    cues: HashMap<&'static str, Vec<(Option<&'static str>, Worlds)>, QuickBuild>,
    people: HashMap<&'static str, Worlds, QuickBuild>,
    /// The world of sums: anybody may have sweets to share.
    sums: Worlds,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let (mut cues, mut people) = (HashMap::default(), HashMap::default());
    let mut sums = 0;
    // Invariant: there are no more lines than bits.
    for (number, line) in lists::lines(include_str!("worlds.txt")).enumerate() {
        let Some((words, names)) = line.split_once(':') else {
            continue;
        };
        let world = 1 << (number % 128);
        for cue in words.split_whitespace() {
            let (first, second) = match cue.split_once('_') {
                Some((first, second)) => (first, Some(second)),
                None => (cue, None),
            };
            let known: &mut Vec<_> = cues.entry(first).or_default();
            known.push((second, world));
        }
        for name in names.split_whitespace() {
            match name {
                "*" => sums |= world,
                name => *people.entry(name).or_insert(0) |= world,
            }
        }
    }
    Book { cues, people, sums }
});

/// The words that a cue begins with.
pub(super) fn cue_words() -> impl Iterator<Item = &'static str> {
    BOOK.cues.keys().copied()
}

/// The worlds that a text shows to be in.
pub(super) fn of_text(stream: &Stream<'_>, parts: &Parts) -> Worlds {
    if !stream.has.cue {
        return 0;
    }
    shown(stream, parts, 0..stream.len())
}

fn shown(stream: &Stream<'_>, parts: &Parts, range: Range<usize>) -> Worlds {
    let mut worlds = 0;
    let atoms = range.filter_map(|at| Some((at, stream.get(at)?)));
    for (at, atom) in atoms.filter(|(_, atom)| atom.word.cue) {
        let cues = BOOK.cues.get(&*atom.text);
        // a single word that somebody here is called by shows nothing
        let alone = parts.at(at).is_empty();
        for (second, world) in cues.into_iter().flatten() {
            if second.map_or(alone, |second| stream.text(at + 1) == second) {
                worlds |= world;
            }
        }
    }
    worlds
}

/// Whether the name belongs to somebody of a world that the text is in.
pub(super) fn lives_there(scene: &Scene<'_>, part: &Part) -> bool {
    if scene.worlds == 0 || scene.pictured || is_of_today(scene, part) {
        return false;
    }
    let own = BOOK.people.get(part.key.as_str()).copied().unwrap_or(0);
    let sum = BOOK.sums & scene.worlds != 0 && has_a_number(scene, part) && is_asked(scene, part);
    if sum {
        return !scene.may_be_meant(part);
    }
    own & scene.worlds != 0
        && (!scene.may_be_meant(part) || own & near(scene, part) != 0 && !is_played(scene, part))
}

/// How far from a name a word is that shows its world even where a class of the text has somebody called so.
const NEAR: usize = 16;

/// The worlds that the words of the name's own sentence show.
fn near(scene: &Scene<'_>, part: &Part) -> Worlds {
    let stream = scene.stream;
    let ends = |at: usize| stream.gap(at).has(Gap::STOP | Gap::LINE);
    let start = (part.start.saturating_sub(NEAR)..=part.start)
        .rev()
        .find(|at| ends(*at))
        .unwrap_or(part.start.saturating_sub(NEAR));
    let end = (part.end..stream.len().min(part.end + NEAR))
        .find(|at| ends(*at))
        .unwrap_or(stream.len().min(part.end + NEAR));
    shown(stream, scene.parts, start..end)
}

/// `Harry of 2 Finch`, `Charlie was our Willy Wonka`: a child of the school and the part in the play.
fn is_played(scene: &Scene<'_>, part: &Part) -> bool {
    scene.is_hidden_name(part)
        || attached_class(scene, part).is_some()
        || part.start > 0 && scene.in_mention(part.start - 1)
        || matches!(
            scene.stream.text(part.end),
            "was" | "is" | "were" | "as" | "and" | "stars" | "starred"
        )
}

/// `Henry came as a Tudor cook`: what a pupil does with a story, and nobody in it.
fn is_of_today(scene: &Scene<'_>, part: &Part) -> bool {
    scene.stream.follows(part.end)
        && matches!(
            scene.stream.text(part.end),
            "dressed"
                | "played"
                | "performed"
                | "designed"
                | "baked"
                | "came"
                | "chose"
                | "recited"
                | "presented"
                | "wowed"
                | "built"
                | "painted"
                | "read"
                | "made"
                | "drew"
        )
        || somebody::is_vouched_for(scene, part)
}

/// How many atoms after a name its sum may be asked.
const SUM: usize = 40;

/// `How many has she left?` comes after the name in the same paragraph, or stands in its sentence.
fn is_asked(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let question = |at: usize| {
        let cues = BOOK.cues.get(stream.text(at)).into_iter().flatten();
        cues.into_iter().any(|(second, world)| {
            world & BOOK.sums != 0 && second.is_some_and(|second| stream.text(at + 1) == second)
        })
    };
    let after = (part.end..stream.len().min(part.end + SUM))
        .take_while(|at| !stream.gap(*at).has(Gap::LINE))
        .any(question);
    let before = (part.start.saturating_sub(SUM / 2)..part.start)
        .rev()
        .take_while(|at| !stream.gap(at + 1).has(Gap::LINE | Gap::STOP))
        .any(question);
    after || before
}

/// `Aisha has 24 sweets`, `shares 12 pens with Sam`: somebody in a sum.
fn has_a_number(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let number = |at: usize| {
        stream.get(at).is_some_and(|a: &Atom| a.digits)
            || lists::is_few(stream.text(at))
            || matches!(stream.text(at), "half" | "third" | "quarter")
    };
    let near = part.start.saturating_sub(6)..stream.len().min(part.end + 6);
    // `How many did Tom start with?`
    let asked = (part.start.saturating_sub(5)..part.start).any(|at| {
        stream.text(at) == "how" && matches!(stream.text(at + 1), "many" | "much" | "old" | "far")
    });
    asked
        || near.into_iter().any(|at| {
            matches!(
                stream.text(at),
                "has"
                    | "have"
                    | "buys"
                    | "bakes"
                    | "gives"
                    | "shares"
                    | "eats"
                    | "spends"
                    | "earns"
                    | "runs"
                    | "walks"
                    | "saves"
                    | "cuts"
                    | "picks"
                    | "sells"
                    | "pays"
                    | "collects"
            ) && (at + 1..at + 3).any(number)
        })
}
