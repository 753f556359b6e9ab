//! Does a word that is a given name stand for a person here? Evidence for and against, from the words around it.
//! Which pupil it would be is not decided here.

use super::{
    against,
    cues::{BELONGINGS, DEEDS, DONE_TO, FAMILY_OF, PERSONAL, PERSONAL_THINGS, PLAIN_VERBS},
    entries,
    forms::Quality,
    frames, grammar, hailed,
    lists::{self, Topic},
    own,
    parts::{Part, Way},
    said,
    scene::{Scene, topic},
    small, spoken,
    stream::{Atom, Gap},
    talk, weighed,
};

/// How far back a congratulation is looked for.
const REACH: usize = 7;

/// Whether a word of praise, thanks or greeting leads up to the atom.
pub(super) fn praised(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let mut crossed = false;
    for back in 1..=REACH.min(at) {
        let joint = at - back + 1;
        let Some(atom) = stream.get(at - back) else {
            return false;
        };
        let gap = stream.gap(joint);
        // `the winner is... Florence!` holds its breath
        let dots = gap.only(Gap::STOP | Gap::SPACE) && gap.length() >= 4;
        if gap.has(Gap::STOP) && gap.has(Gap::SPACE | Gap::LINE) && !atom.is_single() && !dots {
            return false;
        }
        if gap.has(Gap::LINE | Gap::COLON) {
            if crossed && !gap.has(Gap::LINE) {
                return false;
            }
            crossed = true;
        }
        if is_praise(scene, at - back) {
            return true;
        }
        let small = !scene.spelt && scene.parts.given_at(at - back);
        let name = small || atom.capital() && (scene.is_given(at - back) || !atom.word.common);
        let aside = gap.has(Gap::BRACKET) || stream.gap(at - back).has(Gap::BRACKET);
        if !(atom.word.link || name || aside || scene.in_mention(at - back)) {
            return false;
        }
    }
    false
}

fn is_praise(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    match (stream.text_before(at, 1), stream.text(at)) {
        (
            "well",
            "done" | "played" | "run" | "swum" | "sung" | "danced" | "batted" | "bowled"
            | "deserved" | "spotted" | "saved",
        )
        | ("shout", "out")
        | ("good", "luck")
        | ("big", "up")
        | ("hats", "off") => true,
        ("da", "iawn") | ("penblwydd", "hapus") => true,
        ("thank", "you") | ("head", "boy" | "girl") | ("get", "well") => true,
        ("star" | "player" | "writer" | "reader" | "artist" | "pupil", "of") => false,
        ("of", "the") => false,
        ("the" | "a", "star" | "stars") => false,
        ("love", "you" | "u") | ("the", "week" | "match" | "day" | "month" | "term") => true,
        (_, "shoutout") => true,
        _ => stream.word_before(at, 0).praise,
    }
}

/// `my son Will`, `her friend Grace`, `our eldest, Max`.
pub(super) fn kin_before(scene: &Scene<'_>, at: usize) -> bool {
    (1..=2).any(|back| {
        let crossed = (at + 1).saturating_sub(back)..=at;
        scene.stream.word_before(at, back).kin
            && crossed
                .into_iter()
                .all(|n| !scene.stream.gap(n).has(Gap::STOP | Gap::LINE))
            && (back == 1
                || matches!(
                    scene.stream.text_before(at, 1),
                    "is" | "was" | "called" | "named" | "and" | "old"
                ))
    })
}

/// `Grace (8)`, `Will, aged 9,`, `Poppy, 8,`
fn aged(scene: &Scene<'_>, end: usize) -> bool {
    let stream = scene.stream;
    let gap = stream.gap(end);
    if matches!(stream.text(end), "aged" | "age") {
        return true;
    }
    let number = stream
        .get(end)
        .is_some_and(|a| a.digits && a.text.parse::<u32>().is_ok_and(|n| (2..=18).contains(&n)));
    let closed = stream.gap(end + 1).has(Gap::COMMA | Gap::BRACKET);
    number && closed && gap.has(Gap::COMMA | Gap::BRACKET)
}

/// A class or year attached to the name: `Grace (Year 3)`, `Will from 4 Heron`, `Year 3's Poppy`.
pub(super) fn attached_class(scene: &Scene<'_>, part: &Part) -> Option<usize> {
    let stream = scene.stream;
    // `Grace T (Year 3)` has an initial first; `OB (Y6)` has not.
    let initial = stream
        .get(part.end)
        .is_some_and(|a| a.letter().is_some() && a.capital());
    let start = if initial && scene.mention_at(part.end).is_none() {
        part.end + 1
    } else {
        part.end
    };
    let mut at = start;
    while at < stream.len().min(start + 4) {
        let gap = stream.gap(at);
        // `E.M. in 6 Harrier`: the point of an initial
        let pointed = at == start
            && gap.only(Gap::STOP | Gap::SPACE)
            && start > 0
            && stream
                .get(start - 1)
                .is_some_and(|a| a.is_single() && a.capital())
            && matches!(stream.text(at), "in" | "from" | "of");
        if !pointed && gap.has(Gap::STOP | Gap::LINE | Gap::AND) {
            return None;
        }
        if scene.mention_at(at).is_some() {
            return Some(at);
        }
        let link = matches!(
            stream.text(at),
            "in" | "from" | "of" | "class" | "who" | "is" | "s" | "the" | "our" | "and"
        );
        if !link {
            return None;
        }
        at += 1;
    }
    None
}

/// A class or year right in front of the name: `Year 3's Poppy`, `4 Heron pupil Grace`.
fn class_before(scene: &Scene<'_>, part: &Part) -> bool {
    (1..=2).any(|back| {
        part.start >= back
            && scene.in_mention(part.start - back)
            && !scene
                .stream
                .gap(part.start)
                .has(Gap::STOP | Gap::LINE | Gap::COMMA)
            && (back == 1
                || matches!(
                    scene.stream.text_before(part.start, 1),
                    "pupil" | "student" | "star" | "captain" | "child"
                ))
    })
}

/// `Grace, Will and Poppy`: a list with another given name in it that is not of the same topic.
pub(super) fn listed(scene: &Scene<'_>, part: &Part) -> bool {
    let own = topic(part);
    let other = |at: usize| {
        let Some(atom) = scene.stream.get(at).filter(|a| a.capital()) else {
            return false;
        };
        if !scene.is_given(at) {
            return false;
        }
        let there = lists::topic(&atom.text);
        there.is_none() || there != own && !same_field(there, own)
    };
    let forward = {
        let gap = scene.stream.gap(part.end);
        if gap.has(Gap::COMMA) && !gap.has(Gap::STOP | Gap::LINE) || gap.has(Gap::AND) {
            Some(part.end)
        } else if scene.stream.text(part.end) == "and" {
            Some(part.end + 1)
        } else {
            None
        }
    };
    let backward = {
        let gap = scene.stream.gap(part.start);
        if gap.has(Gap::COMMA) && !gap.has(Gap::STOP | Gap::LINE) || gap.has(Gap::AND) {
            let and = scene.stream.text_before(part.start, 1) == "and";
            part.start.checked_sub(1 + usize::from(and))
        } else if scene.stream.text_before(part.start, 1) == "and" {
            part.start.checked_sub(2)
        } else {
            None
        }
    };
    let whole = |at: usize| !scene.in_mention(at);
    // `Esme R and Rosie`
    let initial = |at: usize| {
        scene
            .stream
            .get(at)
            .is_some_and(|a| a.letter().is_some() && a.capital())
    };
    let backward = backward.map(|at| at - usize::from(at > 0 && initial(at)));
    forward.is_some_and(|at| other(at) && whole(at))
        || backward.is_some_and(|at| other(at) && whole(at))
        || listed_with_name(scene, part)
}

/// The most entries of a list that are looked at on either side.
const LONGEST_LIST: usize = 6;

/// `Ruby, Amber and Jack`: a name that is no English word anywhere in the list speaks for all of it.
fn listed_with_name(scene: &Scene<'_>, part: &Part) -> bool {
    let sure = |at: usize| {
        scene
            .stream
            .get(at)
            .is_some_and(|atom| atom.capital() && !atom.word.is_english())
            && scene.is_given(at)
            && !scene.in_mention(at)
    };
    let entry = |at: usize| scene.stream.get(at).is_some_and(Atom::capital) && scene.is_given(at);
    let joint = |at: usize| {
        let gap = scene.stream.gap(at);
        gap.has(Gap::COMMA | Gap::AND) && !gap.has(Gap::STOP | Gap::LINE)
    };
    let mut at = part.end;
    for _ in 0..LONGEST_LIST {
        at += usize::from(scene.stream.text(at) == "and");
        let linked = joint(at) || scene.stream.text_before(at, 1) == "and";
        if !linked || !entry(at) {
            break;
        }
        if sure(at) {
            return true;
        }
        at += 1;
    }
    let mut at = part.start;
    for _ in 0..LONGEST_LIST {
        let and = scene.stream.text_before(at, 1) == "and";
        let Some(before) = at.checked_sub(1 + usize::from(and)) else {
            break;
        };
        if !(and || joint(at)) || !entry(before) {
            break;
        }
        if sure(before) {
            return true;
        }
        at = before;
    }
    false
}

/// Topics whose words make lists among themselves: house names, calendar words, stones and colours.
fn same_field(a: Option<Topic>, b: Option<Topic>) -> bool {
    let field = |topic: Option<Topic>| match topic {
        Some(Topic::Month | Topic::Season) => 1,
        Some(Topic::Gem | Topic::Colour) => 2,
        Some(Topic::Plant | Topic::Nature) => 3,
        Some(Topic::Place) => 4,
        _ => 0,
    };
    field(a) != 0 && field(a) == field(b) || is_calendar(a) && is_calendar(b)
}

fn is_calendar(topic: Option<Topic>) -> bool {
    matches!(topic, Some(Topic::Month | Topic::Season | Topic::Modal))
}

/// How sure it is that an English word is a person here, 0 to 1; `None` where it is not.
pub(super) fn word_is_person(scene: &Scene<'_>, part: &Part) -> Option<f32> {
    let topic = topic(part)?;
    if grammar::is_of_thing(scene, part, topic) {
        return None;
    }
    told_by_rule(scene, part, topic).or_else(|| weighed::person(scene, part, topic))
}

/// The same by the rules alone.
fn told_by_rule(scene: &Scene<'_>, part: &Part, topic: Topic) -> Option<f32> {
    if grammar::is_contraction(scene, part) {
        return said::is_so(scene, part.end, topic).then_some(0.75);
    }
    // `our Lilys`, `the Lilys of 5 Merlin`
    let several = part.way == Way::Plural
        && part.capital
        && part.key.ends_with('y')
        && !lists::is_word(scene.stream.text(part.start));
    // `both our Year 3 Graces`
    let several = several || part.way == Way::Plural && part.capital && class_before(scene, part);
    // `ivys coat`
    let dear = matches!(
        scene.stream.text(part.end),
        "little" | "new" | "big" | "lovely" | "first" | "beautiful" | "best" | "wee"
    );
    let owner = part.way == Way::Plural
        && BELONGINGS.contains(&scene.stream.text(part.end + usize::from(dear)));
    let calls = part.possessive
        && part.capital
        && matches!(topic, Topic::Season | Topic::Place | Topic::Virtue)
        && PERSONAL_THINGS.contains(&scene.stream.text(part.end));
    if several || owner || calls || frames::is_revealed(scene, part) {
        return Some(0.85);
    }
    if let Some(sure) = grammar::person(scene, part, topic) {
        return Some(sure);
    }
    if entries::is_entry(scene, part, topic)
        || hailed::is_hailed(scene, part, topic)
        || topic != Topic::Function && spoken::is_speaker(scene, part)
    {
        return Some(0.8);
    }
    if !part.capital && small::is_person(scene, part, topic) {
        return Some(0.7);
    }
    if against::against(scene, part, topic) {
        return None;
    }
    acts_as_person(scene, part, topic).or_else(|| frames::frame(scene, part, topic))
}

/// Evidence by praise, kin, class, list and deed.
fn acts_as_person(scene: &Scene<'_>, part: &Part, topic: Topic) -> Option<f32> {
    let stream = scene.stream;
    let first = stream.get(part.start)?;
    // `by grace alone`, `by my faith`
    let by = usize::from(stream.text_before(part.start, 1) == "my") + 1;
    let small_after_by = !part.capital && stream.text_before(part.start, by) == "by";
    let praised = praised(scene, part.start) && !weak_praise(scene, part, topic) && !small_after_by;
    let kin = kin_before(scene, part.start);
    if !part.capital && !scene.loose(part) {
        let closed = closed_after(scene, part.end);
        // `well done you little star`
        let thing = matches!(
            stream.text_before(part.start, 1),
            "little" | "shining" | "big" | "super" | "bright" | "rising" | "great" | "real"
        );
        let modal = topic == Topic::Modal
            && !closed
            && !matches!(stream.text(part.end), "is" | "are" | "was" | "has" | "were");
        let direct = kin && !modal
            || grammar::is_seen_small(scene, part)
            || cheered(scene, part) && !matches!(topic, Topic::Function)
            || praised && closed && !matches!(topic, Topic::Function)
            || done_to(scene, part, topic);
        let owner = part.possessive && FAMILY_OF.contains(&stream.text(part.end));
        return (!thing && (direct || owner || small_name(scene, part, topic))).then_some(0.75);
    }
    let seasonal = matches!(
        topic,
        Topic::Month | Topic::Season | Topic::Modal | Topic::Place | Topic::Subject
    );
    let next = stream.text(part.end);
    let follows = stream.follows(part.end);
    let deed = follows
        && (DEEDS.contains(&next)
            || matches!(next, "has" | "had" | "also" | "really" | "was" | "is")
                && DEEDS.contains(&stream.text(part.end + 1)));
    let attached = attached_class(scene, part);
    // `Will Year 5 please bring wellies`
    let modal = topic == Topic::Modal && first.opens && stream.follows(part.end);
    let by_class = attached
        .is_some_and(|at| at == part.end && !modal || stream.text(part.end) == "from")
        || class_before(scene, part);
    let strong = praised
        || kin
        || aged(scene, part.end)
        || listed(scene, part)
        || by_class
        || pictured(scene, part.start) && !seasonal
        || cheered(scene, part)
        || addressed_aside(scene, part, topic);
    if strong {
        return Some(if first.opens || first.heading {
            0.85
        } else {
            0.92
        });
    }
    let personal = follows && PERSONAL.contains(&next) && topic != Topic::Function;
    if first.opens || first.heading {
        let won = topic == Topic::Place
            && matches!(
                next,
                "won" | "played" | "made" | "built" | "earned" | "achieved"
            )
            && !stream.get(part.end + 1).is_some_and(|a| a.digits);
        let own = personal
            || won
            || matches!(topic, Topic::Modal)
            || !seasonal && !matches!(topic, Topic::Verb | Topic::Virtue | Topic::Function);
        let thing_like = matches!(topic, Topic::Plant | Topic::Gem | Topic::Job);
        let owns = part.possessive && !seasonal && owned(scene, part, topic);
        let does =
            deed && own || owns || befell(scene, part, topic) || thing_like && plainly(scene, part);
        let plain_start = first.case == super::stream::Case::Title && !first.heading;
        let classed = attached.is_some_and(|at| acts_after_class(scene, at, topic));
        return ((does || classed) && plain_start).then_some(0.72);
    }
    let owner = part.possessive && !seasonal;
    let plain = follows && PLAIN_VERBS.contains(&next) && !seasonal && topic != Topic::Virtue;
    let addressed = follows
        && matches!(next, "you" | "u" | "ur")
        && !matches!(topic, Topic::Virtue | Topic::Verb | Topic::Modal);
    let dear = matches!(
        stream.text_before(part.start, 1),
        "little" | "lovely" | "gorgeous" | "clever" | "beautiful" | "wee" | "darling"
    );
    let ours = matches!(
        stream.text_before(part.start, 1 + usize::from(dear)),
        "our" | "my"
    );
    let our = ours && (!scene.draft || dear && !seasonal && closed_after(scene, part.end));
    let in_class =
        attached.is_some() && !matches!(topic, Topic::Subject | Topic::Month | Topic::Season);
    (deed || owner || plain || addressed || our || in_class).then_some(0.75)
}

/// `Rose's solo`, `Holly's chocolate log`: what a child has, and no plant.
fn owned(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let next = scene.stream.text(part.end);
    let name = matches!(topic, Topic::Plant | Topic::Gem) && lists::is_given(&part.key);
    let of_plant = matches!(
        next,
        "" | "petals" | "leaves" | "berries" | "scent" | "thorns" | "roots" | "colour" | "flowers"
    );
    let small = scene.stream.get(part.end).is_some_and(|a| !a.capital());
    BELONGINGS.contains(&next) || name && small && !of_plant
}

/// `Violet fainted??`, `Ruby dropped her tray`: a past tense that goes on as a sentence does. `Rose scented candles` does
/// not.
fn befell(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let next = stream.text(part.end);
    let goes_on = !stream.follows(part.end + 1)
        || stream.get(part.end + 1).is_some_and(|a| a.digits)
        || matches!(
            stream.text(part.end + 1),
            "his"
                | "her"
                | "my"
                | "the"
                | "at"
                | "in"
                | "on"
                | "when"
                | "with"
                | "to"
                | "over"
                | "off"
                | "up"
                | "us"
                | "me"
                | "him"
                | "so"
        );
    matches!(topic, Topic::Plant | Topic::Gem)
        && lists::is_given(&part.key)
        && stream.follows(part.end)
        && next.len() > 4
        && next.ends_with("ed")
        && goes_on
}

/// A plain verb that is not the verb of a description: `Holly is poisonous` and `rose is a colour` are.
fn plainly(scene: &Scene<'_>, part: &Part) -> bool {
    let next = scene.stream.text(part.end);
    let describes = matches!(next, "is" | "was" | "looks" | "looked" | "has" | "had");
    scene.stream.follows(part.end)
        && PLAIN_VERBS.contains(&next)
        && (!describes || said::is_said_of_person(scene, part.end, Topic::Plant))
        && !grammar::is_outside(scene, part.end + 1)
}

/// `go Willow!`, `love you Rose xx`
fn cheered(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    // `come on amber dont be shy`
    let encouraged = matches!(stream.text_before(part.start, 2), "go" | "come")
        && stream.text_before(part.start, 1) == "on";
    let cheer = matches!(
        stream.text_before(part.start, 1),
        "go" | "yay"
            | "aww"
            | "bless"
            | "bravo"
            | "brilliant"
            | "fab"
            | "fantastic"
            | "awesome"
            | "nice"
            | "superb"
    ) || encouraged;
    let gap = stream.gap(part.end);
    cheer
        && stream.follows(part.start)
        && (gap.has(Gap::STOP | Gap::SYMBOL)
            || part.end >= stream.len()
            || encouraged
                && matches!(
                    stream.text(part.end),
                    "dont"
                        | "you"
                        | "lets"
                        | "keep"
                        | "give"
                        | "get"
                        | "youre"
                        | "ur"
                        | "u"
                        | "show"
                ))
}

/// `i told jasmine off`: what is done to a person, and only to one.
fn done_to(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    DONE_TO.contains(&scene.stream.text_before(part.start, 1))
        && scene.stream.follows(part.start)
        && (lists::is_given(&part.key) || topic == Topic::Job)
        && !matches!(
            topic,
            Topic::Modal | Topic::Month | Topic::Function | Topic::Virtue
        )
}

/// `a photo of Daisy and Ivy`
pub(super) fn pictured(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let pair = stream.text_before(at, 1) == "and" && at >= 2 && scene.is_given(at - 2);
    let first = if pair { at - 2 } else { at };
    stream.text_before(first, 1) == "of"
        && matches!(
            stream.text_before(first, 2),
            "photo"
                | "photos"
                | "picture"
                | "pictures"
                | "pic"
                | "pics"
                | "video"
                | "videos"
                | "snap"
                | "shot"
                | "portrait"
        )
}

/// `you wait Jordan, i know where you live`
fn addressed_aside(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let first_opens = stream.get(part.start).is_some_and(|a| a.opens);
    !scene.draft
        && !first_opens
        && stream.gap(part.end).has(Gap::COMMA)
        && matches!(
            stream.text(part.end),
            "i" | "you" | "u" | "we" | "im" | "youre" | "your" | "ur"
        )
        && !matches!(
            topic,
            Topic::Modal | Topic::Month | Topic::Season | Topic::Function | Topic::Subject
        )
        && matches!(
            stream.text_before(part.start, 1),
            "you"
                | "wait"
                | "thanks"
                | "sorry"
                | "hi"
                | "hey"
                | "oh"
                | "listen"
                | "yes"
                | "no"
                | "ok"
                | "u"
        )
}

/// Words that a comment writes small and that are nearly always a name: `georgia is`, `ruby was`.
fn small_name(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let name = matches!(topic, Topic::Plant | Topic::Gem | Topic::Place | Topic::Job)
        && lists::is_given(&part.key);
    let next = scene.stream.text(part.end);
    !scene.spelt
        && name
        && scene.stream.follows(part.end)
        && (DEEDS.contains(&next)
            || grammar::is_denied(scene, part.end)
            || plainly(scene, part)
            || matches!(next, "u" | "you")
                && matches!(
                    scene.stream.text(part.end + 1),
                    "were" | "are" | "r" | "was" | "smashed" | "did" | "rock" | "rocked"
                ))
}

/// `Jordan in Year 6 thanked the visitors`: the class is followed by what somebody did.
fn acts_after_class(scene: &Scene<'_>, at: usize, topic: Topic) -> bool {
    let Some(mention) = scene.mention_at(at) else {
        return false;
    };
    let labelled = usize::from(scene.stream.text(mention.end) == "class");
    let next = scene.stream.text(mention.end + labelled);
    let did = DEEDS.contains(&next) || next.len() > 4 && next.ends_with("ed");
    let living = matches!(
        topic,
        Topic::Plant | Topic::Gem | Topic::Job | Topic::Thing | Topic::Adjective | Topic::Nature
    );
    let is = living && PLAIN_VERBS.contains(&next);
    // `Mark in 3 Kestrel has grown a sunflower`
    let lasting = matches!(
        topic,
        Topic::Month | Topic::Season | Topic::Place | Topic::Virtue | Topic::Function
    );
    let has = !lasting && matches!(next, "has" | "had" | "was" | "is");
    scene.stream.follows(mention.end + labelled) && (did || is || has) && topic != Topic::Subject
}

/// Whether the word closes its clause: `well done will!`, `well done grace and poppy`.
fn closed_after(scene: &Scene<'_>, end: usize) -> bool {
    end >= scene.stream.len()
        || !scene.stream.gap(end).only(Gap::SPACE)
        || matches!(
            scene.stream.text(end),
            "and" | "you" | "xx" | "xxx" | "x" | "on" | "for" | "amazing" | "brilliant"
        )
}

/// `Welcome to Autumn`, `Happy May Day`, `by May`: praise words that belong to the calendar.
fn weak_praise(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let before = scene.stream.text_before(part.start, 1);
    let seasonal = matches!(
        topic,
        Topic::Month | Topic::Season | Topic::Modal | Topic::Place
    );
    seasonal
        && (before == "by"
            || before == "to" && scene.stream.text_before(part.start, 2) == "welcome")
        || before == "this"
}

/// How sure it is that an ordinary given name is used as one here.
pub(super) fn name_is_person(scene: &Scene<'_>, part: &Part) -> Option<f32> {
    let stream = scene.stream;
    let loose = scene.loose(part);
    let length = part.key.chars().count();
    // `RAF` is no `Raf`
    let acronym = length <= 3
        && part.best() == Quality::Short
        && stream
            .get(part.start)
            .is_some_and(|a| a.case == super::stream::Case::Upper && !a.heading);
    if acronym && !loose {
        return None;
    }
    if part.way >= Way::Broken && part.way != Way::Spaced
        || foreign(scene, part)
        || inside_account(scene, part)
    {
        return None;
    }
    let verse = stream.get(part.end).is_some_and(Atom::is_digits)
        && stream.follows(part.end)
        && stream.gap(part.end + 1).has(Gap::COLON)
        && stream.gap(part.end + 1).length() == 1;
    if verse {
        return None;
    }
    if part.capital || loose {
        let abbreviated = loose && !part.capital && length < 4;
        let short = (length < 3 || abbreviated)
            && !praised(scene, part.start)
            && attached_class(scene, part).is_none();
        return (!short).then_some(if loose && !part.capital { 0.8 } else { 0.97 });
    }
    // `in the jacks`
    let things = part.way == Way::Plural
        && stream.text_before(part.start, 1) == "the"
        && attached_class(scene, part).is_none()
        && !scene.is_hidden_name(part);
    if length < 3 || things {
        return None;
    }
    // `zara maya and ola`
    let and = usize::from(stream.text_before(part.start, 1) == "and");
    let listed = part.best() == Quality::Own
        && !part.is_word()
        && stream.follows(part.start)
        && part.start > and
        && scene.parts.given_at(part.start - 1 - and);
    // A guess at how a nickname could be spelt is too little where the word is small.
    let guessed = part.best() > Quality::Spelling
        && !lists::is_given(&part.key)
        && !lists::is_variant(&part.key);
    if scene.spelt || guessed || matches!(part.way, Way::Alike | Way::Heard) {
        // `thats our jorden`
        let own = !scene.spelt && matches!(stream.text_before(part.start, 1), "our" | "my");
        // `junayd bro that was sick`
        let called = !scene.spelt
            && stream.get(part.start).is_some_and(|a| a.opens)
            && matches!(
                stream.text(part.end),
                "bro" | "mate" | "lad" | "hun" | "babe" | "pal" | "fam" | "bruv"
            );
        return (called
            || own
            || praised(scene, part.start)
            || kin_before(scene, part.start)
            || attached_class(scene, part).is_some())
        .then_some(0.8);
    }
    (length >= 4
        || listed
        || named_plainly(scene, part)
        || own::is_beside_writer(scene, part)
        || part.best() == Quality::Own && talk::is_short_name_placed(scene, part)
        || small::is_spoken_to(scene, part)
        || small::leads_list(scene, part)
        || praised(scene, part.start)
        || kin_before(scene, part.start)
        || attached_class(scene, part).is_some())
    .then_some(0.8)
}

/// `DiggyDan909`: a short form inside the name of an account.
fn inside_account(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let letters = |at: usize| stream.get(at).is_some_and(|a| !a.digits);
    let sigil = stream.get(part.start).is_some_and(|a| a.sigil.is_some());
    part.best() == Quality::Short
        && !sigil
        && part.start > 0
        && stream.gap(part.start).is_empty()
        && letters(part.start - 1)
}

/// `Cảm ơn`: marks that the short form of a registered name does not have.
fn foreign(scene: &Scene<'_>, part: &Part) -> bool {
    let surface = scene.stream.surface;
    let atom = scene.stream.get(part.start);
    let span = atom.and_then(|atom| surface.folded().span(atom.bytes.clone()));
    part.best() == Quality::Short
        && part.key.chars().count() <= 4
        && span.is_some_and(|span| !surface.slice(span).is_ascii())
}

/// `is it right that tia is on`: three small letters that are no word, and the register's own spelling.
fn named_plainly(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let next = stream.text(part.end);
    // `zoë cracks me up`
    let acts = next.len() > 4
        && next.ends_with('s')
        && matches!(
            stream.text(part.end + 1),
            "me" | "my" | "us" | "the" | "her" | "his" | "so"
        );
    let opens = stream.get(part.start).is_some_and(|a| a.opens);
    if opens && acts && part.best() == Quality::Own && !part.is_word() {
        return true;
    }
    part.best() == Quality::Own
        && !part.is_word()
        && matches!(
            stream.text(part.end),
            "is" | "was"
                | "has"
                | "had"
                | "did"
                | "got"
                | "gets"
                | "goes"
                | "loves"
                | "likes"
                | "wants"
                | "needs"
                | "says"
                | "said"
                | "came"
                | "went"
                | "does"
                | "doesnt"
                | "cant"
                | "wont"
                | "isnt"
                | "wasnt"
        )
        && stream.follows(part.end)
        && (stream.get(part.start).is_some_and(|a| a.opens)
            || matches!(
                stream.text_before(part.start, 1),
                "that" | "and" | "but" | "because" | "cos" | "when" | "if" | "think" | "why"
            ))
}

impl Atom<'_> {
    fn is_digits(&self) -> bool {
        self.digits
    }
}
