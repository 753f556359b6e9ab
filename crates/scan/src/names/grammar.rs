//! What the grammar of a sentence says of a capital that is an English word too: a subject that acts, a speaker, somebody
//! called to. It reads the small words around the name and the endings of verbs, so it needs no list of what children do.

use super::{
    against::is_thing_after,
    cues::{BELONGINGS, PERSONAL},
    grammar_words::{
        ADVERBS, ANIMATE, ARTICLES, BEFORE_OBJECT, BEFORE_SUBJECT, BLUR, EXPRESSES, GROWS, HAPPENS,
        IRREGULAR, KNOWS, LABELS, MADE, MASS, MOVES, NAMES_FIRST, NEGATED, OF_THINGS, OPENS_CLAUSE,
        PARTICLES, PRONOUNS, PROPER, SAYS, SEES, STEADY, STRICT, WORKS,
    },
    lists::{self, Topic},
    parts::{Part, Way},
    scene::Scene,
    slots,
    stream::{Atom, Case, Gap},
};

/// How a name's word behaves where it is only a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    /// It needs an article: `daisy`, `penny`, `hunter`.
    Count,
    /// It does not: `holly`, `amber`, `hope`.
    Mass,
    /// A capital is its own: `Paris`.
    Place,
    /// `May`, `Summer`, `Art`.
    Calendar,
    /// `Will`.
    Modal,
}

pub(super) fn noun(part: &Part, topic: Topic) -> Noun {
    match topic {
        Topic::Month | Topic::Season | Topic::Subject => Noun::Calendar,
        Topic::Modal if part.key == "will" => Noun::Modal,
        Topic::Modal => Noun::Calendar,
        Topic::Place => Noun::Place,
        Topic::Adjective if PROPER.contains(part.key.as_str()) => Noun::Place,
        _ if NAMES_FIRST.contains(part.key.as_str()) => Noun::Count,
        Topic::Virtue | Topic::Adjective | Topic::Colour => Noun::Mass,
        _ if MASS.contains(part.key.as_str()) => Noun::Mass,
        _ => Noun::Count,
    }
}

/// How the verb after a subject is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Past,
    Present,
    Doing,
}

/// How sure the grammar makes it that the word is a person.
pub(super) fn person(scene: &Scene<'_>, part: &Part, topic: Topic) -> Option<f32> {
    let stream = scene.stream;
    let first = stream.get(part.start)?;
    let quoted = stream.gap(part.start).has(Gap::QUOTE) && stream.gap(part.end).has(Gap::QUOTE);
    let plain = first.case == Case::Title && !first.heading && !quoted && part.way <= Way::Plural;
    if !plain || stream.loose || topic == Topic::Function {
        return None;
    }
    let noun = noun(part, topic);
    if speaks(scene, part)
        || is_will(scene, part)
        || is_who(scene, part, noun)
        || is_source(scene, part)
        || is_cared_for(scene, part, noun)
        || is_given_to(scene, part, topic)
        || is_cast(scene, part)
        || is_asked(scene, part, noun)
        || is_so_too(scene, part)
        || is_posted(scene, part)
        || has_pronoun_beside(scene, part)
        || slots::is_filled(scene, part, topic)
        || matches!(
            (
                stream.text_before(part.start, 2),
                stream.text_before(part.start, 1)
            ),
            ("calls" | "call" | "called", "him" | "her")
        )
    {
        return Some(0.85);
    }
    if called_to(scene, part, noun)
        || is_hailed(scene, part, noun, topic)
        || is_shown(scene, part, noun)
    {
        return Some(0.75);
    }
    if scene.free {
        return None;
    }
    let told = is_left_out(scene, part, noun)
        || is_unexplained(scene, part, noun, topic)
        || is_answer(scene, part, noun)
        || is_seen(scene, part, noun)
        || acts(scene, part, noun, topic)
        || owns(scene, part, noun, topic);
    told.then_some(0.75)
}

/// `"It fizzes!" shouted Sky`, `"I was not scared," Faith told us`
fn speaks(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    // `There will, says Will.`
    let inverted =
        part.start > 1 && stream.gap(part.start - 1).has(Gap::COMMA) && !stream.follows(part.end);
    let said = SAYS.contains(stream.text_before(part.start, 1))
        && part.start > 1
        && (inverted || stream.gap(part.start - 1).has(Gap::QUOTE))
        && stream.follows(part.start);
    let says = stream.gap(part.start).has(Gap::QUOTE)
        && part.start > 0
        && SAYS.contains(stream.text(part.end))
        && stream.follows(part.end);
    (said || says) && !part.possessive
}

/// `to amber in goal`: the same behind any word.
pub(super) fn is_posted_at(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    stream.text(part.end) == "in"
        && matches!(
            stream.text(part.end + 1),
            "goal" | "goals" | "midfield" | "defence" | "attack" | "nets"
        )
        && stream.follows(part.end)
        && stream.follows(part.end + 1)
}

/// `Grace in goal, Georgia at the back`, `Sky first in the crawl`: a place in a team or a band, without a verb.
fn is_posted(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let text = |ahead: usize| stream.text(part.end + ahead);
    let begins = stream.get(part.start).is_some_and(|a| a.opens)
        || stream.gap(part.start).has(Gap::COMMA)
        || matches!(stream.text_before(part.start, 1), "and" | "with");
    let played = |word: &str| {
        matches!(
            word,
            "drums"
                | "guitar"
                | "bass"
                | "keys"
                | "piano"
                | "violin"
                | "cello"
                | "recorder"
                | "trumpet"
                | "trombone"
                | "flute"
                | "triangle"
                | "vocals"
                | "tambourine"
                | "ukulele"
                | "wing"
                | "mic"
        )
    };
    let post = match text(0) {
        "in" => matches!(
            text(1),
            "goal" | "goals" | "midfield" | "defence" | "attack" | "nets"
        ),
        "at" => text(1) == "the" && text(2) == "back",
        "up" => text(1) == "front",
        "on" => played(text(1)) || text(1) == "the" && played(text(2)),
        "first" | "second" | "third" | "fourth" | "last" => {
            matches!(text(1), "in" | "by" | "over" | "home" | "across")
        }
        _ => false,
    };
    // `Summer in goal-setting mode`, `Grace at the back of the sheet`, `Holly first in, tinsel second`
    let last = part.end + if text(1) == "the" { 2 } else { 1 };
    let after = stream.gap(last + 1);
    let ranked = matches!(text(0), "first" | "second" | "third" | "fourth" | "last");
    let apt = if ranked {
        stream.follows(last + 1)
    } else {
        (!after.has(Gap::DASH) || after.has(Gap::SPACE)) && stream.text(last + 1) != "of"
    };
    begins
        && post
        && apt
        && !part.possessive
        && stream.follows(part.end)
        && stream.follows(part.end + 1)
}

/// `a try for Art, his first in four seasons`
fn has_pronoun_beside(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    matches!(stream.text(part.end), "his" | "her")
        && stream.gap(part.end).only(Gap::COMMA | Gap::SPACE)
        && stream.follows(part.start)
        && matches!(
            stream.text_before(part.start, 1),
            "for" | "by" | "from" | "to" | "with" | "and" | "was" | "is"
        )
}

/// `and so is Autumn`, `nor did Max`
fn is_so_too(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    stream.follows(part.start)
        && stream.follows(part.start - 1)
        && matches!(
            stream.text_before(part.start, 1),
            "is" | "was" | "does" | "did" | "has" | "had" | "can" | "could"
        )
        && matches!(stream.text_before(part.start, 2), "so" | "nor" | "neither")
        && (!stream.follows(part.end)
            || matches!(
                stream.text(part.end),
                "with" | "and" | "in" | "at" | "on" | "who" | "after" | "when" | "but" | "today"
            ))
}

/// `Will can now tie his laces`: a verb right behind the verb that it is otherwise.
pub(super) fn is_will(scene: &Scene<'_>, part: &Part) -> bool {
    part.key == "will"
        && scene.stream.follows(part.end)
        && matches!(
            scene.stream.text(part.end),
            "can"
                | "could"
                | "is"
                | "was"
                | "has"
                | "had"
                | "does"
                | "did"
                | "says"
                | "isnt"
                | "wasnt"
                | "cant"
                | "couldnt"
                | "wont"
                | "would"
                | "should"
                | "must"
                | "didnt"
                | "doesnt"
                | "hasnt"
                | "hadnt"
                | "looks"
                | "seems"
        )
}

/// `River, who fell in`: only persons are `who`, and one of them has a verb in the singular.
fn is_who(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let gap = stream.gap(part.end);
    let other = matches!(stream.text_before(part.start, 1), "or" | "and")
        && scene.parts.given_at(part.start.saturating_sub(2));
    // `It did not rain on Will, who had an umbrella.`
    let inside = gap.has(Gap::COMMA) && stream.follows(part.start) && !part.possessive;
    part.key != "may"
        && (noun != Noun::Modal || other || inside)
        && matches!(stream.text(part.end), "who" | "whose")
        && gap.only(Gap::SPACE | Gap::COMMA)
        && !matches!(stream.text(part.end + 1), "are" | "have" | "were" | "play")
        && (!matches!(stream.text_before(part.start, 1), "the" | "a" | "an")
            || stream.text_before(part.start, 1) == "the" && lists::is_given(&part.key))
}

/// `According to Daisy, the worm is called Kevin.`, `the reading by Autumn`
fn is_source(scene: &Scene<'_>, part: &Part) -> bool {
    match (
        scene.stream.text_before(part.start, 2),
        scene.stream.text_before(part.start, 1),
    ) {
        ("according", "to") => true,
        (work, "by") => WORKS.contains(work),
        _ => false,
    }
}

/// `two tries from Hunter`, `the last word goes to River`, `holy moly Willow`: a capital in the middle of a sentence that
/// no rule of spelling asks for.
fn is_unexplained(scene: &Scene<'_>, part: &Part, noun: Noun, topic: Topic) -> bool {
    let stream = scene.stream;
    let value = topic == Topic::Virtue && noun == Noun::Mass;
    if !matches!(noun, Noun::Count | Noun::Mass)
        || value
        || matches!(
            topic,
            Topic::Title | Topic::Colour | Topic::Month | Topic::Season
        )
        || stream.get(part.start).is_some_and(|a| a.opens)
        || is_house(scene, part, topic)
    {
        return false;
    }
    let before = part.start.checked_sub(1).and_then(|at| stream.get(at));
    let determined = stream.follows(part.start)
        && (ARTICLES.contains(stream.text_before(part.start, 1))
            || matches!(stream.text_before(part.start, 1), "calls" | "call")
            || before.is_some_and(|a| {
                a.digits || a.capital() && !a.opens && !scene.is_given(part.start - 1)
            }));
    let in_place = stream.text_before(part.start, 1) == "in"
        && matches!(topic, Topic::Plant | Topic::Nature | Topic::Gem);
    let goes_on = stream.get(part.end).is_some_and(|a| {
        stream.gap(part.end).only(Gap::SPACE | Gap::DASH)
            && (a.capital() && !a.is_single() && !scene.in_mention(part.end)
                || !part.possessive && !a.capital() && is_thing_after(&a.text))
    });
    let glued = !stream
        .gap(part.start)
        .has(Gap::SPACE | Gap::QUOTE | Gap::BRACKET | Gap::DASH);
    // `Mark because it is the shortest`
    let it = (part.end..part.end + 3).any(|at| {
        matches!(stream.text(at), "it" | "its")
            && matches!(stream.text_before(at, 1), "because" | "as" | "since")
    });
    let herb = matches!(
        part.key.as_str(),
        "rosemary"
            | "basil"
            | "sage"
            | "ginger"
            | "saffron"
            | "honey"
            | "olive"
            | "cherry"
            | "jasmine"
            | "heather"
    );
    let adjective = herb || part.key == "precious" || topic == Topic::Adjective;
    let phrase = adjective
        && !part.possessive
        && !complement(scene, part.end)
        && verb(scene, part.end).is_none();
    !determined
        && !in_place
        && !goes_on
        && !glued
        && !it
        && !phrase
        && !beside_its_like(scene, part, topic)
}

/// `Ruby, Sapphire and Emerald tables`: another capital of the same kind near by, and nobody is called so.
fn beside_its_like(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let near = part.start.saturating_sub(8)..scene.stream.len().min(part.end + 8);
    near.into_iter().any(|at| {
        scene.stream.get(at).is_some_and(|a| {
            a.capital()
                && !a.opens
                && !a.word.given
                && a.word.topic == Some(topic)
                && scene.parts.at(at).is_empty()
        })
    })
}

/// `Max!!!`, `Angel, without question.`: a sentence of hardly more than a name.
fn is_answer(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let ends =
        |at: usize| at >= stream.len() || stream.gap(at).has(Gap::STOP | Gap::LINE | Gap::SYMBOL);
    // `Willow & Violet`
    let other = part.end + usize::from(stream.text(part.end) == "and");
    let two = (other > part.end || stream.gap(other).has(Gap::AND))
        && scene.parts.given_at(other)
        && stream.get(other).is_some_and(Atom::capital)
        && ends(other + 1);
    let alone = !scene.draft && (ends(part.end) || two);
    let answer = stream.gap(part.end).has(Gap::COMMA)
        && part.start > 0
        && (part.end + 1..part.end + 4).any(ends)
        && !(part.end..part.end + 3).any(|at| stream.get(at).is_some_and(Atom::capital))
        && !matches!(stream.text(part.end), "the" | "a" | "an" | "our");
    let colon = stream.gap(part.start).has(Gap::COLON);
    // `Kindness award: Angel (also wasp).`
    let closes = ends(part.end)
        || stream
            .gap(part.end)
            .has(Gap::BRACKET | Gap::COMMA | Gap::AND);
    // `Table 4: Holly. Table 5: Ivy.`
    let place = matches!(
        stream.text_before(part.start, 2),
        "table"
            | "group"
            | "room"
            | "lane"
            | "house"
            | "team"
            | "stop"
            | "station"
            | "week"
            | "day"
            | "bed"
    );
    let score = !place && part.start > 0 && stream.get(part.start - 1).is_some_and(|a| a.digits);
    let labelled = colon && closes && (score || LABELS.contains(stream.text_before(part.start, 1)));
    // `Sunflower race: Violet 142cm, Reuben 139cm`
    let scored = stream.get(part.end).is_some_and(|a| a.digits)
        && stream.follows(part.end)
        && (part.end + 1..part.end + 4)
            .any(|at| stream.gap(at).has(Gap::COMMA | Gap::LINE) && scene.parts.given_at(at));
    let bare = scored || !colon && !stream.gap(part.start).has(Gap::BULLET) && (alone || answer);
    (noun == Noun::Count || noun == Noun::Mass && (!scene.draft && two || colon && score))
        && !part.possessive
        && stream
            .get(part.start)
            .is_some_and(|a| a.opens && a.sigil.is_none())
        && (labelled || bare)
}

/// `has grace settled in`, `is angel still doing the reading`: a question whose subject has no article.
pub(super) fn is_so_asked(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let ask = part.start.checked_sub(1).and_then(|at| stream.get(at));
    let asks =
        ask.is_some_and(|a| a.opens && matches!(&*a.text, "has" | "is" | "was" | "did" | "does"));
    let next = part.end + usize::from(stream.text(part.end) == "still");
    let word = stream.text(next);
    let settled = matches!(
        word,
        "settled"
            | "eaten"
            | "slept"
            | "stopped"
            | "told"
            | "said"
            | "left"
            | "forgotten"
            | "lost"
            | "doing"
            | "playing"
            | "singing"
            | "going"
            | "coming"
    );
    asks && settled
        && stream.follows(part.start)
        && stream.follows(next)
        && !matches!(
            topic,
            Topic::Modal | Topic::Month | Topic::Season | Topic::Subject
        )
}

/// `gave summer a detention`: who is given something is somebody.
pub(super) fn is_given_to(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let gift = stream.text(part.end + 2);
    let lent = matches!(
        stream.text_before(part.start, 1),
        "lent" | "handed" | "owes" | "bought"
    );
    let idiom = matches!(
        gift,
        "go" | "try"
            | "miss"
            | "chance"
            | "rest"
            | "boost"
            | "name"
            | "look"
            | "feel"
            | "touch"
            | "bad"
            | "whole"
            | "new"
            | "good"
            | "run"
            | "shot"
            | "wide"
            | "visit"
    );
    matches!(
        stream.text_before(part.start, 1),
        "gave" | "give" | "gives" | "giving" | "handed" | "lent" | "bought" | "owes" | "sent"
    ) && stream.follows(part.start)
        && matches!(
            stream.text(part.end),
            "a" | "an" | "the" | "his" | "her" | "my" | "some" | "two" | "three"
        )
        && stream.follows(part.end)
        && !idiom
        && !matches!(
            topic,
            Topic::Modal | Topic::Month if !lent
        )
        && !matches!(
            topic,
            Topic::Virtue | Topic::Subject | Topic::Function | Topic::Colour
        )
}

/// `with Amber as the baker`
fn is_cast(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let next = part.end + 1;
    let role = matches!(stream.text(next), "the" | "a" | "an")
        || stream.get(next).is_some_and(Atom::capital);
    SEES.contains(stream.text_before(part.start, 1))
        && stream.follows(part.start)
        && stream.text(part.end) == "as"
        && stream.follows(part.end)
        && role
        && part.key != "may"
}

/// `who is looking after Grace`, `worried about Joy`, `shouting at Robin`: what is felt for or done to a person.
pub(super) fn is_cared_for(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let (second, before) = (
        scene.stream.text_before(part.start, 2),
        scene.stream.text_before(part.start, 1),
    );
    scene.stream.follows(part.start)
        && noun != Noun::Calendar
        && !scene
            .stream
            .get(part.end)
            .is_some_and(|a| a.capital() && scene.stream.follows(part.end))
        && match before {
            "after" => matches!(second, "looking" | "look" | "looks" | "looked"),
            "about" => {
                noun != Noun::Place
                    && matches!(
                        second,
                        "worried" | "worry" | "worrying" | "concerned" | "worries"
                    )
            }
            "at" => matches!(
                second,
                "shouting"
                    | "shout"
                    | "shouted"
                    | "swearing"
                    | "swore"
                    | "yelling"
                    | "yelled"
                    | "laughing"
                    | "laughed"
                    | "staring"
            ),
            "on" => matches!(second, "picking" | "picks" | "picked" | "spat" | "spitting"),
            _ => false,
        }
}

/// `ask Rosie she knows everything`
fn is_asked(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let told = scene.stream.text_before(part.start, 1) == "told"
        && matches!(scene.stream.text(part.end), "that" | "to" | "she" | "he");
    (noun != Noun::Calendar || told)
        && matches!(
            scene.stream.text_before(part.start, 1),
            "ask"
                | "tell"
                | "told"
                | "asked"
                | "taught"
                | "remind"
                | "reminded"
                | "showed"
                | "shows"
                | "helped"
        )
        && matches!(
            scene.stream.text(part.end),
            "she"
                | "he"
                | "to"
                | "how"
                | "that"
                | "about"
                | "not"
                | "off"
                | "his"
                | "her"
                | "why"
                | "if"
                | "we"
                | "i"
        )
        && scene.stream.follows(part.end)
}

/// `everyone except Holly.`, `all but River`
fn is_left_out(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let left = matches!(
        (
            stream.text_before(part.start, 2),
            stream.text_before(part.start, 1)
        ),
        (_, "except" | "besides" | "barring") | ("all" | "everyone" | "everybody", "but")
    );
    left && matches!(noun, Noun::Count | Noun::Mass | Noun::Modal) && !stream.follows(part.end)
}

/// `with Amber keeping time on the drum`, `we found Will hiding`
fn is_seen(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let seen = SEES.contains(stream.text_before(part.start, 1)) && stream.follows(part.start);
    let doing = verb(scene, part.end).filter(|(_, verb, _)| *verb == Verb::Doing);
    seen && doing.is_some_and(|(at, ..)| {
        let word = stream.text(at);
        EXPRESSES.contains(word) || noun != Noun::Calendar && !GROWS.contains(word)
    })
}

/// `i heard hope crying in the toilets`: a comment without capitals.
pub(super) fn is_seen_small(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    !scene.draft
        && matches!(
            stream.text_before(part.start, 1),
            "heard" | "saw" | "seen" | "found" | "watched" | "caught" | "see" | "hear"
        )
        && (EXPRESSES.contains(stream.text(part.end))
            || matches!(stream.text(part.end), "on" | "with" | "in" | "at")
                && (part.end + 1..part.end + 3).any(|at| matches!(stream.text(at), "her" | "his"))
            || stream.text(part.end) == "as"
                && matches!(stream.text(part.end + 1), "a" | "an" | "the"))
        && stream.follows(part.end)
        && stream.follows(part.start)
}

/// `My goodness Florence what a beautiful angel you were`, `see you on Saturday Jordan`: a name without its comma.
fn called_to(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let (before, next) = (stream.text_before(part.start, 1), stream.text(part.end));
    let opens = stream.get(part.start).is_some_and(|a| a.opens);
    let object = BEFORE_OBJECT.contains(before)
        && !(before == "in" && stream.text_before(part.start, 2) == "get")
        || before.ends_with("ing")
        || before.ends_with("ed") && noun != Noun::Count
        || stream
            .get(part.start.saturating_sub(1))
            .is_some_and(|a| a.digits);
    if scene.draft
        || opens
        || object
        || part.possessive
        || !stream.follows(part.start)
        || matches!(noun, Noun::Modal)
        || noun == Noun::Calendar
            && !scene
                .parts
                .at(part.start)
                .iter()
                .any(|p| p.key == "summer" || p.key == "autumn")
    {
        return false;
    }
    let goes_on = stream.follows(part.end) && OPENS_CLAUSE.contains(next);
    let closes = !stream.follows(part.end) && !stream.gap(part.end).has(Gap::COMMA | Gap::DASH);
    let spoken_to = (1..12)
        .take_while(|back| part.start >= *back && !stream.gap(part.start - back + 1).has(Gap::STOP))
        .any(|back| {
            matches!(
                stream.text_before(part.start, back),
                "you" | "u" | "ur" | "your" | "youre" | "youll" | "youve" | "youd"
            )
        });
    // `You'll be fine Hope, we believe in you`
    let aside = stream.gap(part.end).has(Gap::COMMA) && OPENS_CLAUSE.contains(next);
    goes_on || (closes || aside) && spoken_to && noun != Noun::Calendar
}

/// `Georgia what a superstar you are`
fn is_hailed(scene: &Scene<'_>, part: &Part, noun: Noun, topic: Topic) -> bool {
    let stream = scene.stream;
    let hailed = matches!(stream.text(part.end), "you" | "u")
        || stream.text(part.end) == "what"
            && matches!(
                stream.text(part.end + 1),
                "a" | "an" | "have" | "did" | "were" | "are"
            );
    // `Joy you little star`
    let starred = topic == Topic::Virtue
        && matches!(
            stream.text(part.end + 1),
            "little" | "legend" | "star" | "superstar" | "absolute" | "clever" | "beauty"
        );
    // `Hope you were brilliant`
    let past = part.key == "hope"
        && stream.text(part.end + 1) == "were"
        && matches!(
            stream.text(part.end + 2),
            "brilliant"
                | "amazing"
                | "fab"
                | "fantastic"
                | "superb"
                | "the"
                | "so"
                | "wonderful"
                | "incredible"
                | "great"
        );
    !scene.draft
        && stream.get(part.start).is_some_and(|a| a.opens)
        && (matches!(noun, Noun::Count | Noun::Place) || past || starred)
        && topic != Topic::Verb
        && stream.follows(part.end)
        && hailed
        && (part.end..part.end + 9)
            .any(|at| matches!(stream.text(at), "you" | "u" | "ur" | "your" | "youre"))
}

/// `Autumn in that hat!!`, `Penny with the trumpet`, `is that Poppy with the flag?`: a picture without a verb.
fn is_shown(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let (next, after) = (stream.text(part.end), stream.text(part.end + 1));
    let asked = stream.text_before(part.start, 1) == "that"
        && matches!(
            stream.text_before(part.start, 2),
            "is" | "was" | "isnt" | "wasnt"
        );
    let opens = stream.get(part.start).is_some_and(|a| a.opens);
    let pointed =
        matches!(next, "in" | "with" | "on") && matches!(after, "that" | "those" | "her" | "his");
    let with = next == "with" && matches!(after, "the" | "a" | "an") && noun == Noun::Count;
    !scene.draft
        && !part.possessive
        && !matches!(noun, Noun::Place | Noun::Modal)
        && (!pointed || !is_outside(scene, part.end + 2))
        && (stream.follows(part.end) && (opens || asked) && (pointed || with)
            || asked && noun == Noun::Count
            || asked && next == "at" && after == "the")
}

/// `Ivy on that back wall`: where plants grow.
pub(super) fn is_outside(scene: &Scene<'_>, from: usize) -> bool {
    (from..from + 4)
        .take_while(|at| scene.stream.follows(*at))
        .any(|at| {
            matches!(
                scene.stream.text(at),
                "wall"
                    | "fence"
                    | "hedge"
                    | "garden"
                    | "roof"
                    | "bank"
                    | "path"
                    | "field"
                    | "corner"
                    | "shed"
                    | "vase"
                    | "pot"
                    | "bed"
                    | "border"
                    | "verge"
            )
        })
}

/// The most names on either side of a name that is a subject with them.
const LONGEST_SUBJECT: usize = 3;

/// What people are busy with, and no plant and no stone.
const HUMAN_DOING: &[&str] = &[
    "baking",
    "building",
    "carrying",
    "collecting",
    "dancing",
    "drawing",
    "eating",
    "helping",
    "holding",
    "hosting",
    "joining",
    "kicking",
    "leading",
    "leaving",
    "learning",
    "packing",
    "painting",
    "performing",
    "playing",
    "practising",
    "presenting",
    "reading",
    "representing",
    "riding",
    "selling",
    "sharing",
    "singing",
    "swimming",
    "taking",
    "teaching",
    "telling",
    "throwing",
    "visiting",
    "waiting",
    "walking",
    "wearing",
    "writing",
];

/// `And Willow grinning through it all`, `Today Joy brought her lizard in`, `Hope and Faith led the prayers`.
fn acts(scene: &Scene<'_>, part: &Part, noun: Noun, topic: Topic) -> bool {
    let stream = scene.stream;
    let capital_name = |at: usize| {
        stream.get(at).is_some_and(|a| a.case == Case::Title) && scene.parts.given_at(at)
    };
    // `Joy, Hope and Faith sat together`
    let listed = |at: usize| {
        let gap = stream.gap(at);
        gap.has(Gap::COMMA) && !gap.has(Gap::STOP | Gap::LINE)
    };
    let (mut head, mut subject) = (part.start, part.end);
    for _ in 0..LONGEST_SUBJECT {
        let and = usize::from(stream.text_before(head, 1) == "and");
        if head > and && (and == 1 || listed(head)) && capital_name(head - 1 - and) {
            head -= 1 + and;
        }
        let and = usize::from(stream.text(subject) == "and");
        if (and == 1 || listed(subject)) && capital_name(subject + and) {
            subject += 1 + and;
        }
    }
    let paired = head < part.start || subject > part.end;
    let known = KNOWS.contains(stream.text_before(head, 1)) && stream.follows(head);
    if part.possessive || !(known || is_subject(scene, head)) || is_house(scene, part, topic) {
        return false;
    }
    // `Mark is running the coconut shy`, `Willow will be taking them home`
    let doing = match (stream.text(subject), stream.text(subject + 1)) {
        ("is" | "was" | "isnt" | "wasnt", _) => Some(subject + 1),
        ("will" | "wont", "be") | ("has" | "had", "been") => Some(subject + 2),
        _ => None,
    };
    let busy = doing.is_some_and(|at| {
        (subject + 1..=at).all(|at| stream.follows(at))
            && stream.text(at).ends_with("ing")
            && !GROWS.contains(stream.text(at))
    });
    if busy && noun == Noun::Count && !matches!(topic, Topic::Title | Topic::Colour | Topic::Nature)
    {
        return true;
    }
    let human = doing.is_some_and(|at| HUMAN_DOING.contains(&stream.text(at)));
    if busy && human && matches!(topic, Topic::Plant | Topic::Gem) {
        return true;
    }
    let Some((at, verb, steps)) = verb(scene, subject) else {
        return false;
    };
    let word = stream.text(at);
    let told = PERSONAL.contains(&word) || of_person(scene, at + 1);
    let strict = STRICT.contains(stream.text(at + 1)) && stream.follows(at + 1);
    if verb == Verb::Present && (known || !strict || noun == Noun::Modal) {
        return lives(scene, part, noun, head, at);
    }
    if known && !is_subject(scene, head) {
        return false;
    }
    match (noun, verb) {
        (Noun::Count, _) if MADE.contains(word) => STRICT.contains(stream.text(at + 1)),
        (Noun::Count, _) => steps > 0 || !GROWS.contains(word),
        (Noun::Modal, Verb::Past) => !STEADY.contains(word),
        (Noun::Modal, _) => false,
        (Noun::Mass, Verb::Past) if paired => !BLUR.contains(word),
        (Noun::Mass, Verb::Past) => {
            let opens = stream.get(head).is_some_and(|a| a.opens);
            let common = if opens { HAPPENS } else { BLUR };
            let kept = EXPRESSES.contains(stream.text(at + 1));
            kept || (!common.contains(word) || of_person(scene, at + 1))
                && complement(scene, at + 1)
        }
        (Noun::Mass, Verb::Doing) => {
            !GROWS.contains(word)
                && (steps > 0 || EXPRESSES.contains(word) || particle(scene, at + 1))
        }
        (Noun::Mass, Verb::Present) => of_person(scene, at + 1),
        // `Florence had 97 before the question was finished`
        (Noun::Place, Verb::Past) => {
            told && !HAPPENS.contains(word)
                || matches!(word, "had" | "got" | "scored")
                    && stream.get(at + 1).is_some_and(|a| a.digits)
        }
        (Noun::Place, Verb::Doing) => EXPRESSES.contains(word) || steps > 0,
        (Noun::Calendar, Verb::Past) if NEGATED.contains(stream.text_before(at, 1)) => {
            let personal = matches!(
                word,
                "eaten"
                    | "slept"
                    | "spoken"
                    | "drunk"
                    | "smiled"
                    | "laughed"
                    | "talked"
                    | "cried"
                    | "worn"
                    | "told"
                    | "said"
            );
            personal || STRICT.contains(stream.text(at + 1)) && !HAPPENS.contains(word)
        }
        (Noun::Calendar, Verb::Past) => {
            of_person(scene, at + 1) && !HAPPENS.contains(word)
                || head > 0 && told && !STEADY.contains(word)
        }
        (Noun::Calendar | Noun::Place, _) => false,
    }
}

/// `it breaks my heart that Hunter eats alone`, `nobody noticed Summer comes in wearing it`: what a child does every day.
/// `at` is the verb in the present.
fn lives(scene: &Scene<'_>, part: &Part, noun: Noun, head: usize, at: usize) -> bool {
    let stream = scene.stream;
    let word = stream.text(at);
    let inside = stream.get(head).is_some_and(|a| !a.opens);
    let seen = of_person(scene, at + 1)
        || (at + 1..at + 5)
            .take_while(|n| stream.follows(*n))
            .any(|n| EXPRESSES.contains(stream.text(n)));
    let wanted = matches!(
        word,
        "needs" | "wants" | "deserves" | "plays" | "loves" | "hates" | "lives" | "stays"
    );
    match noun {
        Noun::Count => {
            let looks = !scene.draft && matches!(word, "looks" | "seems" | "looked");
            (inside || seen || looks) && !GROWS.contains(word)
        }
        Noun::Modal => true,
        Noun::Mass => inside && ANIMATE.contains(word) || seen,
        // `Summer starts the assembly with her cello`
        Noun::Calendar if !inside && part.key != "may" => {
            seen && (ANIMATE.contains(word)
                || matches!(word, "starts" | "gets" | "keeps" | "has" | "does" | "makes"))
        }
        Noun::Place | Noun::Calendar => {
            inside && (ANIMATE.contains(word) && !wanted || seen && part.key != "may")
        }
    }
}

/// Whether the atom stands where a subject does: it opens a sentence, or follows a word of time or a conjunction.
pub(super) fn is_subject(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    stream.get(at).is_some_and(|a| a.opens)
        || BEFORE_SUBJECT.contains(stream.text_before(at, 1))
        || stream.gap(at).has(Gap::COMMA | Gap::DASH | Gap::COLON)
            && !stream.gap(at).is_empty()
            && stream.gap(at).has(Gap::SPACE)
}

/// The same, or behind somebody's knowing or telling: `it turns out that Summer can whistle`.
pub(super) fn is_subject_or_told(scene: &Scene<'_>, at: usize) -> bool {
    is_subject(scene, at)
        || matches!(scene.stream.text_before(at, 1), "that" | "if" | "which")
        || KNOWS.contains(scene.stream.text_before(at, 1))
}

/// Houses, teams and tables are called after trees and birds, and win as children do.
fn is_house(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let near = part.start.saturating_sub(10)..scene.stream.len().min(part.end + 12);
    matches!(
        topic,
        Topic::Plant | Topic::Nature | Topic::Gem | Topic::Virtue
    ) && near.into_iter().any(|at| {
        matches!(
            scene.stream.text(at),
            "house" | "houses" | "tables" | "value" | "values" | "virtue" | "virtues" | "fruits"
        )
    })
}

/// The verb at an atom or behind an adverb: where it stands, its form, and how many adverbs there are.
pub(super) fn verb(scene: &Scene<'_>, from: usize) -> Option<(usize, Verb, usize)> {
    let stream = scene.stream;
    let mut at = from;
    while at < from + 2 && stream.follows(at) {
        let text = stream.text(at);
        if !(ADVERBS.contains(text) || text.len() > 4 && text.ends_with("ly")) {
            break;
        }
        at += 1;
    }
    let atom = stream
        .get(at)
        .filter(|a| stream.follows(at) && !a.capital())?;
    let text = &*atom.text;
    let steps = at - from;
    let found = |verb| Some((at, verb, steps));
    // `hasn't taken the crown off`, `can't wait to go back`
    if NEGATED.contains(text) {
        return stream
            .follows(at + 1)
            .then_some((at + 1, Verb::Past, steps));
    }
    if IRREGULAR.contains(text) {
        return found(Verb::Past);
    }
    if text.len() >= 4
        && text.ends_with("ed")
        && !matches!(text, "need" | "seed" | "speed" | "feed" | "weed")
    {
        return complement(scene, at + 1).then_some((at, Verb::Past, steps));
    }
    if text.len() >= 5
        && text.ends_with("ing")
        && !matches!(
            text,
            "thing" | "spring" | "string" | "during" | "morning" | "evening" | "nothing"
        )
    {
        let clear = steps > 0
            || particle(scene, at + 1)
            || EXPRESSES.contains(text)
            || SEES.contains(stream.text_before(from, 2));
        return clear.then_some((at, Verb::Doing, steps));
    }
    if matches!(text, "says" | "reckons") && stream.follows(at + 1) {
        return found(Verb::Past);
    }
    // `was Sita`, `was the only one brave enough`
    let is = matches!(text, "is" | "was") && stream.follows(at + 1);
    let of_one = stream
        .get(at + 1)
        .is_some_and(|a| a.case == Case::Title && !a.heading)
        || stream.text(at + 1) == "the"
            && matches!(
                stream.text(at + 2),
                "only"
                    | "first"
                    | "last"
                    | "youngest"
                    | "oldest"
                    | "one"
                    | "quickest"
                    | "fastest"
                    | "bravest"
            );
    if is && of_one {
        return found(Verb::Present);
    }
    // `is her best friend`
    if matches!(text, "is" | "was")
        && matches!(stream.text(at + 1), "her" | "his" | "my")
        && stream.text(at + 2) != "favourite"
    {
        return found(Verb::Present);
    }
    let third = text.len() >= 4 && text.ends_with('s') && !text.ends_with("ss");
    let strict = stream.follows(at + 1) && STRICT.contains(stream.text(at + 1));
    let everyday = ANIMATE.contains(text)
        || MOVES.contains(text) && (complement(scene, at + 1) || matches!(text, "looks" | "seems"));
    (third && (strict || everyday)).then_some((at, Verb::Present, steps))
}

/// Whether a word by itself looks like the verb of a subject in the singular.
pub(super) fn is_verbal(word: &str) -> bool {
    let ending = word.len() >= 5 && (word.ends_with("ed") || word.ends_with("ing"));
    ending
        || IRREGULAR.contains(word)
        || ANIMATE.contains(word)
        || MOVES.contains(word)
        || SAYS.contains(word)
        || NEGATED.contains(word)
}

/// `our daisy wont eat anything green`
pub(super) fn is_denied(scene: &Scene<'_>, at: usize) -> bool {
    let next = scene.stream.text(at + 1);
    NEGATED.contains(scene.stream.text(at))
        && scene.stream.follows(at + 1)
        && !matches!(
            next,
            "grow"
                | "open"
                | "bloom"
                | "flower"
                | "be"
                | "work"
                | "fit"
                | "come"
                | "grown"
                | "opened"
        )
}

/// Whether a clause can go on like this behind its verb: with an object, a place, a manner, or not at all.
pub(super) fn complement(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let text = stream.text(at);
    !stream.follows(at)
        || stream.get(at).is_some_and(|a| a.digits || a.capital())
        || STRICT.contains(text)
        || PARTICLES.contains(text)
        || OPENS_CLAUSE.contains(text)
        || text.len() > 4 && (text.ends_with("ly") || text.ends_with("est"))
}

fn particle(scene: &Scene<'_>, at: usize) -> bool {
    let text = scene.stream.text(at);
    scene.stream.follows(at)
        && (STRICT.contains(text)
            || matches!(
                text,
                "up" | "down" | "off" | "out" | "through" | "away" | "back" | "upside" | "along"
            ))
}

/// `her first tooth`, `with his nan`: a pronoun of one person soon after the verb.
pub(super) fn of_person(scene: &Scene<'_>, from: usize) -> bool {
    (from..from + 7)
        .take_while(|at| scene.stream.follows(*at))
        .any(|at| PRONOUNS.contains(scene.stream.text(at)))
}

/// `Holly's sharp leaves`, `the robin's red breast`
pub(super) fn is_of_thing(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    part.possessive
        && matches!(
            topic,
            Topic::Plant
                | Topic::Job
                | Topic::Nature
                | Topic::Gem
                | Topic::Virtue
                | Topic::Season
                | Topic::Month
        )
        && (part.end..part.end + 3)
            .take_while(|at| *at == part.end || stream.follows(*at))
            .any(|at| OF_THINGS.contains(stream.text(at)))
}

/// `River's very high`, `Holly's up in the hall`: the ending is a verb.
pub(super) fn is_contraction(scene: &Scene<'_>, part: &Part) -> bool {
    let next = scene.stream.text(part.end);
    part.possessive
        && part.way == Way::Plain
        && scene.stream.gap(part.end).only(Gap::SPACE)
        && (STRICT.contains(next)
            && !matches!(next, "three" | "two" | "four" | "five" | "all" | "some")
            || matches!(
                next,
                "very"
                    | "so"
                    | "too"
                    | "really"
                    | "quite"
                    | "been"
                    | "got"
                    | "gone"
                    | "not"
                    | "never"
                    | "always"
                    | "still"
                    | "already"
                    | "just"
                    | "taken"
                    | "going"
                    | "grown"
                    | "nearly"
                    | "almost"
                    | "up"
                    | "out"
                    | "here"
                    | "there"
                    | "back"
                    | "in"
                    | "on"
                    | "at"
                    | "over"
                    | "down"
            ))
}

/// `Penny's tiny wave to her nan`, `Rose's latest invention`
fn owns(scene: &Scene<'_>, part: &Part, noun: Noun, topic: Topic) -> bool {
    let stream = scene.stream;
    let next = stream.get(part.end);
    let small =
        next.is_some_and(|a| !a.capital() && !a.digits) && stream.gap(part.end).only(Gap::SPACE);
    let body = matches!(
        stream.text(part.end),
        "arms"
            | "arm"
            | "legs"
            | "leg"
            | "hands"
            | "knee"
            | "knees"
            | "wrist"
            | "wrists"
            | "neck"
            | "eyes"
            | "hair"
            | "teeth"
            | "tooth"
            | "bruises"
            | "bruise"
            | "inhaler"
            | "coat"
            | "lunchbox"
            | "trainers"
            | "shoes"
            | "jumper"
            | "glasses"
    );
    if part.possessive && small && body && noun != Noun::Place {
        return true;
    }
    if !part.possessive || !small || matches!(noun, Noun::Place | Noun::Calendar | Noun::Modal) {
        return false;
    }
    let near = || (part.end..part.end + 4).take_while(|at| *at == part.end || stream.follows(*at));
    let is_verb = STRICT.contains(stream.text(part.end))
        || PARTICLES.contains(stream.text(part.end))
        || stream.text(part.end).ends_with("ing");
    let closes = matches!(
        topic,
        Topic::Nature | Topic::Title | Topic::Colour | Topic::Adjective
    );
    let own = near().any(|at| BELONGINGS.contains(&stream.text(at))) || of_person(scene, part.end);
    !is_verb && (!closes || own || !scene.draft && topic != Topic::Title)
}
