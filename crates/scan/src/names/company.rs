//! A name's word in the company of names: `Summer kept the gauge, Autumn read it and Seb drew every cloud`, `1 Dev, 2 Hunter,
//! 3 Angel`. Where a text tells of several things in the same shape and one of them is surely a child, the others are
//! children too. Which names are sure is known only after every name has been read by itself.

use super::{
    grammar::{self, Noun, Verb},
    grammar_words::{BLUR, GROWS, HAPPENS, STRICT},
    lists::Topic,
    parts::{Part, Way},
    scene::{Scene, topic},
    slots,
    stream::{Case, Gap},
};

/// How far on either side the other names are looked for, in words.
const REACH: usize = 16;

/// The most other names that are looked at on either side.
const MOST: usize = 4;

/// What stands before a name and behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape<'t> {
    /// `1 Dev,`
    Ranked,
    /// `Ox: Noah.`, `Ox ..... Noah`
    Labelled,
    /// `, Autumn read`
    Acts,
    /// `, Dev rings the bell`
    Does,
    /// `that Ivy can`
    Can,
    /// `Jasmine (25m breast)`
    Noted,
    /// `Johnson 4,`
    Scored,
    /// `from Joy,`
    Led(&'t str),
}

/// Whether a name that the text is sure of, at one of the atoms in `sure` (in order), stands in the same shape near by.
pub(super) fn is_among(scene: &Scene<'_>, part: &Part, sure: &[usize]) -> bool {
    let first = scene.stream.get(part.start);
    let plain = first.is_some_and(|a| a.case == Case::Title && !a.heading && a.sigil.is_none())
        && part.way == Way::Plain
        && !part.possessive
        && !scene.stream.loose
        && !scene.in_mention(part.start);
    let Some(topic) = topic(part).filter(|topic| plain && *topic != Topic::Function) else {
        return false;
    };
    let Some(shape) = shape(scene, part.start, part.end) else {
        return false;
    };
    let from = sure.partition_point(|at| *at + REACH < part.start);
    let here = sure.partition_point(|at| *at < part.start);
    let near = here.saturating_sub(MOST).max(from)..sure.len().min(here + MOST);
    fits(scene, part, topic, shape)
        && sure[near].iter().any(|at| {
            *at != part.start
                && at.abs_diff(part.start) <= REACH
                && self::shape(scene, *at, at + 1) == Some(shape)
        })
}

fn shape<'t>(scene: &'t Scene<'_>, start: usize, end: usize) -> Option<Shape<'t>> {
    let stream = scene.stream;
    let gap = stream.gap(end);
    let ends = end >= stream.len();
    let closes = ends || gap.has(Gap::STOP | Gap::LINE | Gap::COMMA | Gap::AND);
    let before = stream.gap(start);
    let number = start > 0 && stream.get(start - 1).is_some_and(|a| a.digits);
    let ordinal = matches!(stream.text_before(start, 1), "st" | "nd" | "rd" | "th");
    if closes && (number || ordinal) && !before.has(Gap::LINE | Gap::COMMA) {
        return Some(Shape::Ranked);
    }
    let label = before.has(Gap::COLON) || before.has(Gap::DASH) && before.has(Gap::SPACE);
    if closes && (label && !number && start > 0 || slots::has_leader(scene, start)) {
        return Some(Shape::Labelled);
    }
    if gap.has(Gap::BRACKET) && !ends {
        return Some(Shape::Noted);
    }
    let scored = stream.get(end).is_some_and(|a| a.digits) && stream.follows(end);
    if scored && (end + 1 >= stream.len() || stream.gap(end + 1).has(Gap::STOP | Gap::COMMA)) {
        return Some(Shape::Scored);
    }
    if grammar::is_subject_or_told(scene, start) && stream.follows(end) {
        if matches!(
            stream.text(end),
            "can" | "cant" | "cannot" | "could" | "couldnt"
        ) {
            return Some(Shape::Can);
        }
        return grammar::verb(scene, end).and_then(|(_, verb, _)| match verb {
            Verb::Past => Some(Shape::Acts),
            Verb::Present => Some(Shape::Does),
            Verb::Doing => None,
        });
    }
    let link = stream.text_before(start, 1);
    let led = matches!(link, "from" | "by" | "to" | "for") && stream.follows(start);
    (led && closes).then_some(Shape::Led(link))
}

/// Whether the word itself may be a person in that shape.
fn fits(scene: &Scene<'_>, part: &Part, topic: Topic, shape: Shape<'_>) -> bool {
    let noun = grammar::noun(part, topic);
    let dated = matches!(topic, Topic::Month | Topic::Season) || part.key == "may";
    match shape {
        Shape::Ranked => part.key != "may" && topic != Topic::Month,
        Shape::Labelled => {
            slots::has_leader(scene, part.start) || !dated && topic != Topic::Subject
        }
        Shape::Noted | Shape::Scored => !dated && topic != Topic::Subject,
        Shape::Can => part.key != "may",
        Shape::Led(link) => noun != Noun::Place && !dated && (link != "by" || topic != Topic::Verb),
        Shape::Acts | Shape::Does => did(scene, part, noun),
    }
}

/// What was done has an object, or is nothing that seasons, plants and values do.
fn did(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let Some((at, ..)) = grammar::verb(scene, part.end) else {
        return false;
    };
    let word = stream.text(at);
    let object = STRICT.contains(stream.text(at + 1))
        && !matches!(
            stream.text(at + 1),
            "us" | "them" | "everyone" | "everybody" | "every" | "all" | "our" | "me"
        );
    let blurred = BLUR.contains(word) || GROWS.contains(word);
    let common = HAPPENS.contains(word) && noun != Noun::Count;
    !blurred && (object || !common && grammar::complement(scene, at + 1)) || noun == Noun::Count
}
