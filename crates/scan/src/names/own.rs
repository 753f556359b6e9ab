//! A name in small letters that is told by what is one child's own: family, a coat, the company of the writer.

use super::{
    cues::{BELONGINGS, FAMILY_OF},
    evidence::{pictured, praised},
    grammar::{self, Verb},
    lists::{self, Topic},
    parts::Part,
    scene::Scene,
    small::{begins, leads_to_person},
    stream::Gap,
};

/// `max and his nan had the best time`
pub(super) fn is_with_family(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    (begins(scene, part.start)
        || leads_to_person(stream.text_before(part.start, 1))
        || of_picture(scene, part))
        && matches!(stream.text(part.end), "and" | "n")
        && matches!(stream.text(part.end + 1), "his" | "her")
        && (FAMILY_OF.contains(&stream.text(part.end + 2)) || stream.text(part.end + 2) == "sister")
}

/// `a photo of rosie`, `that video of max`
fn of_picture(scene: &Scene<'_>, part: &Part) -> bool {
    pictured(scene, part.start) && scene.stream.follows(part.start)
}

/// `special mention to amber in goal`
pub(super) fn is_praised_in_place(scene: &Scene<'_>, part: &Part) -> bool {
    praised(scene, part.start) && grammar::is_posted_at(scene, part)
}

/// `second left, hiya violet`
pub(super) fn is_waved_at(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    matches!(
        stream.text_before(part.start, 1),
        "hiya" | "hi" | "hey" | "hello" | "heya" | "night" | "morning"
    ) && stream.follows(part.start)
        && !stream.follows(part.end)
        && lists::is_given(&part.key)
        && matches!(
            topic,
            Topic::Plant | Topic::Gem | Topic::Job | Topic::Place | Topic::Virtue
        )
}

/// `so the penguin was our rose??`
pub(super) fn is_ours(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    matches!(stream.text_before(part.start, 1), "our" | "my")
        && matches!(
            stream.text_before(part.start, 2),
            "was" | "is" | "thats" | "its" | "s"
        )
        && stream.follows(part.start)
        && lists::is_given(&part.key)
        && matches!(
            topic,
            Topic::Plant | Topic::Gem | Topic::Virtue | Topic::Job
        )
        && !stream.follows(part.end)
        && stream.gap(part.end).has(Gap::STOP | Gap::SYMBOL)
}

/// `can someone tell me if summer left her coat`, `think autumn forgot his bag`: what is one child's own.
pub(super) fn has_own_things(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let Some((at, Verb::Past, _)) = grammar::verb(scene, part.end) else {
        return false;
    };
    let told = matches!(
        stream.text_before(part.start, 1),
        "if" | "that"
            | "think"
            | "thinks"
            | "sure"
            | "says"
            | "said"
            | "because"
            | "cos"
            | "when"
            | "whether"
    ) || stream.get(part.start).is_some_and(|a| a.opens);
    told && topic != Topic::Modal
        && matches!(stream.text(at + 1), "her" | "his")
        && stream.follows(at + 1)
        && (at + 2..at + 5)
            .take_while(|n| stream.follows(*n))
            .any(|n| {
                let word = stream.text(n);
                let body = matches!(
                    word,
                    "arm"
                        | "leg"
                        | "wrist"
                        | "ankle"
                        | "finger"
                        | "thumb"
                        | "nose"
                        | "knee"
                        | "elbow"
                        | "head"
                        | "collarbone"
                        | "toe"
                );
                body || BELONGINGS.contains(&word) || FAMILY_OF.contains(&word)
            })
}

/// `omg me and mia are in it`
pub(super) fn is_beside_writer(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    matches!(stream.text_before(part.start, 1), "and" | "n")
        && stream.text_before(part.start, 2) == "me"
        && stream.follows(part.start)
        && !part.is_word()
}

/// `me and hope loved the disco`
pub(super) fn is_with_writer(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let me = matches!(stream.text_before(part.start, 1), "and" | "n")
        && stream.text_before(part.start, 2) == "me"
        && stream.follows(part.start);
    let i = matches!(stream.text(part.end), "and" | "n")
        && matches!(stream.text(part.end + 1), "i" | "me")
        && stream.follows(part.end)
        && stream.follows(part.end + 1)
        && begins(scene, part.start)
        && part.key != "hope";
    let next = part.end + if i { 2 } else { 0 };
    // `me and hope that`, `me and will be there`
    let acts = !stream.follows(next)
        || grammar::verb(scene, next).is_some_and(|(_, verb, _)| verb == Verb::Past);
    (me || i) && acts && !matches!(topic, Topic::Function | Topic::Month)
}

/// `when is daisy's class out`
pub(super) fn is_own(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let living = matches!(
        topic,
        Topic::Plant | Topic::Gem | Topic::Job | Topic::Place | Topic::Nature
    );
    living && part.possessive && BELONGINGS.contains(&scene.stream.text(part.end))
}
