//! A name's word that a text says more than once: `Willow made a willow star`, `Autumn is here, and so is Autumn`. Who says
//! a word twice may mean the thing once and the child once, so each place is read by its own grammar; the other place only
//! lowers what has to be shown here. Which places are read again is not decided here.

use super::{
    against::against,
    cues::{DEEDS, PERSONAL, PLAIN_VERBS},
    grammar::{self, Noun, Verb},
    grammar_words::{EXPRESSES, GROWS, HAPPENS, STRICT},
    lists::Topic,
    parts::{Part, Way},
    said::is_said_of_person,
    scene::{Scene, topic},
    stream::{Case, Gap},
};

/// What the other places of the text say of the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Echo {
    /// Somebody is called so.
    Person,
    /// The word stands there too.
    Word,
    /// It stands in the company of names, in the same shape as they do.
    Company,
}

/// How sure it is that a word with a capital is a person here, where the text has the word elsewhere too.
pub(super) fn person(scene: &Scene<'_>, part: &Part, echo: Echo) -> Option<f32> {
    let stream = scene.stream;
    let topic = topic(part)?;
    let first = stream.get(part.start)?;
    let plain = first.case == Case::Title && !first.heading && part.way <= Way::Plural;
    if !plain || stream.loose || topic == Topic::Function || is_part_of_name(scene, part) {
        return None;
    }
    if echo == Echo::Company {
        return Some(0.7);
    }
    let person = !against(scene, part, topic)
        && (acts(scene, part, topic, echo)
            || is_unexplained(scene, part, topic, echo)
            || is_alone(scene, part, topic, echo));
    person.then_some(0.65)
}

/// `Florence Nightingale`, `Angel Gabriel`, `Georgia the country`
fn is_part_of_name(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let next = stream.get(part.end);
    let capital = next.is_some_and(|a| a.capital() && !a.opens && !a.is_single());
    stream.follows(part.end)
        && !part.possessive
        && (capital && !scene.in_mention(part.end) || stream.text(part.end) == "the")
}

/// What follows is what a person does: `Willow made rose petals`, `Hope kept smiling`, `Jordan could name all of them`.
fn acts(scene: &Scene<'_>, part: &Part, topic: Topic, echo: Echo) -> bool {
    let stream = scene.stream;
    if part.possessive || !stream.follows(part.end) || !grammar::is_subject(scene, part.start) {
        return false;
    }
    let noun = grammar::noun(part, topic);
    let next = stream.text(part.end);
    if matches!(next, "can" | "could" | "couldnt" | "cant") {
        return matches!(noun, Noun::Count | Noun::Place) && stream.follows(part.end + 1);
    }
    let personal = PERSONAL.contains(&next)
        || is_said_of_person(scene, part.end, topic)
        || grammar::of_person(scene, part.end + 1);
    let deed = DEEDS.contains(&next)
        || grammar::verb(scene, part.end).is_some_and(|(_, verb, _)| verb == Verb::Past);
    let kept = EXPRESSES.contains(stream.text(part.end + 1));
    let idle = HAPPENS.contains(next) || GROWS.contains(next);
    match noun {
        Noun::Count => {
            // `Rose grew a rose`
            let object = STRICT.contains(stream.text(part.end + 1));
            deed && (object || !GROWS.contains(next))
                || personal
                || echo == Echo::Person && PLAIN_VERBS.contains(&next)
        }
        Noun::Mass => deed && (!idle || kept) || personal,
        Noun::Place | Noun::Calendar | Noun::Modal => {
            (deed && (!idle || kept)) && (personal || DEEDS.contains(&next))
        }
    }
}

/// A capital in the middle of a sentence that no rule of spelling asks for: `most of it on Sky`.
fn is_unexplained(scene: &Scene<'_>, part: &Part, topic: Topic, echo: Echo) -> bool {
    let stream = scene.stream;
    let calendar = matches!(
        topic,
        Topic::Season | Topic::Month | Topic::Modal | Topic::Subject | Topic::Place
    );
    let value = topic == Topic::Virtue && echo == Echo::Word;
    let own = matches!(topic, Topic::Place) && echo == Echo::Person;
    let before = part.start.checked_sub(1).and_then(|at| stream.get(at));
    let after_name = stream.follows(part.start)
        && before.is_some_and(|a| a.capital() && !a.opens && !scene.is_given(part.start - 1));
    !stream.get(part.start).is_some_and(|a| a.opens)
        && (!calendar || own)
        && !value
        && !after_name
        && !scene.parts.at(part.start).iter().any(|p| p.end > part.end)
}

/// `Max. Who else? Max.`: a sentence of nothing but the name, or an address, where somebody is called so.
fn is_alone(scene: &Scene<'_>, part: &Part, topic: Topic, echo: Echo) -> bool {
    let living = !matches!(
        topic,
        Topic::Season | Topic::Month | Topic::Modal | Topic::Subject | Topic::Virtue
    );
    let gap = scene.stream.gap(part.end);
    echo == Echo::Person && living && !gap.only(Gap::SPACE) && !gap.has(Gap::DASH)
}
