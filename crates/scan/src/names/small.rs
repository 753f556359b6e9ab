//! Names in small letters, in comments and in drafts that have no capital at all. There the letters say nothing, so the
//! place in the sentence must: a subject without an article, a class behind the name, a list with a name that is no word,
//! somebody spoken to, an initial. Names with a capital are read by `grammar`.

use super::{
    against::is_thing_after,
    classes::Group,
    cues::{DONE_TO, FAMILY_OF, PERSONAL},
    evidence::attached_class,
    forms::Quality,
    grammar::{self, Noun, Verb},
    grammar_words::{
        ARTICLES, BEFORE_OBJECT, BEFORE_SUBJECT, BLUR, GROWS, HAPPENS, IRREGULAR, KNOWS, MADE,
        STEADY, STRICT,
    },
    lists::{self, Topic},
    own,
    parts::{Part, Way},
    said,
    scene::Scene,
    stream::Gap,
    talk,
};

/// The most entries of a list that are looked at on either side.
const LONGEST_LIST: usize = 6;

/// Whether a word in small letters is a person.
pub(super) fn is_person(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let free = !scene.spelt && part.way == Way::Plain && part.best() <= Quality::Spelling;
    let function = matches!(topic, Topic::Function | Topic::Month);
    // `our dog, Mabel, will be in school`
    let verbal = matches!(topic, Topic::Modal | Topic::Verb);
    free && !function
        && (begins(scene, part.start) && grammar::is_will(scene, part)
            || is_backed(scene, part, topic)
            || said::is_unwell(scene, part)
            || is_described(scene, part, topic)
            || is_told(scene, part, topic)
            || is_best_of_class(scene, part)
            || is_said_twice(scene, part)
            || own::is_with_family(scene, part)
            || own::is_praised_in_place(scene, part)
            || own::is_ours(scene, part, topic)
            || own::is_waved_at(scene, part, topic)
            || own::has_own_things(scene, part, topic)
            || own::is_with_writer(scene, part, topic)
            || is_heard(scene, part)
            || is_cheered_on(scene, part)
            || is_pair_alone(scene, part, topic)
            || grammar::is_so_asked(scene, part, topic)
            || talk::is_talked_of(scene, part, topic)
            || grammar::is_cared_for(scene, part, grammar::noun(part, topic))
            || own::is_own(scene, part, topic)
            || is_let(scene, part, topic)
            || had_a_day(scene, part, topic)
            || !part.capital && grammar::is_given_to(scene, part, topic)
            || in_class(scene, part, topic)
            || !verbal && is_listed(scene, part)
            || acts(scene, part, topic))
}

/// Whether a clause can begin with the atom.
pub(super) fn begins(scene: &Scene<'_>, at: usize) -> bool {
    let before = scene.stream.text_before(at, 1);
    scene.stream.get(at).is_some_and(|a| a.opens)
        || !scene.stream.follows(at)
        || BEFORE_SUBJECT.contains(before)
        || KNOWS.contains(before)
        || before == "well"
        || is_asking(before)
}

fn is_asking(word: &str) -> bool {
    matches!(
        word,
        "is" | "was"
            | "did"
            | "does"
            | "has"
            | "are"
            | "tell"
            | "ask"
            | "think"
            | "know"
            | "poor"
            | "way"
            | "said"
            | "says"
            | "omg"
            | "aww"
            | "hi"
            | "hey"
    )
}

/// What stands before a person as well as before a thing.
pub(super) fn leads_to_person(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "with"
            | "for"
            | "to"
            | "about"
            | "by"
            | "from"
            | "like"
            | "is"
            | "was"
            | "are"
            | "love"
            | "loved"
            | "miss"
            | "see"
            | "saw"
            | "seen"
            | "hello"
            | "bye"
            | "beautiful"
            | "lovely"
            | "little"
    )
}

/// `hope hope gets a part`, `so will will be in it`: the second is the name.
fn is_said_twice(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let next = stream.text(part.end);
    stream.follows(part.start)
        && stream.text_before(part.start, 1) == part.key
        && stream.follows(part.end)
        && (next.len() > 3 && next.ends_with('s')
            || matches!(next, "be" | "is" | "has" | "was" | "will" | "can" | "had"))
}

/// `i could listen to hope sing all day`
fn is_heard(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let before = stream.text_before(part.start, 1);
    let senses = matches!(
        before,
        "hear" | "see" | "watch" | "saw" | "heard" | "watched"
    ) || before == "to"
        && matches!(
            stream.text_before(part.start, 2),
            "listen" | "listened" | "listening"
        );
    senses
        && stream.follows(part.start)
        && stream.follows(part.end)
        && matches!(
            stream.text(part.end),
            "sing"
                | "play"
                | "dance"
                | "read"
                | "run"
                | "swim"
                | "talk"
                | "perform"
                | "cry"
                | "laugh"
                | "go"
                | "score"
                | "shine"
                | "act"
                | "do"
                | "jump"
                | "throw"
                | "hit"
        )
}

/// `grace u smashed it`
fn is_cheered_on(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    part.key != "hope"
        && stream.get(part.start).is_some_and(|a| a.opens)
        && matches!(stream.text(part.end), "u" | "you")
        && stream.follows(part.end)
        && matches!(
            stream.text(part.end + 1),
            "smashed"
                | "nailed"
                | "rocked"
                | "bossed"
                | "legend"
                | "star"
                | "superstar"
                | "absolute"
        )
}

/// `summer is the best reader in her class`
fn is_best_of_class(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    matches!(stream.text(part.end), "is" | "was")
        && matches!(
            stream.text(part.end + 1),
            "the" | "a" | "such" | "my" | "our"
        )
        && begins(scene, part.start)
        && said::is_so(scene, part.end + 1, Topic::Plant)
        && grammar::of_person(scene, part.end + 2)
}

/// `tell rose i said well done`, `poor hope, has she got her voice back?`
fn is_told(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let told = matches!(
        stream.text_before(part.start, 1),
        "tell" | "ask" | "told" | "asked"
    ) && (matches!(
        stream.text(part.end),
        "i" | "we"
            | "im"
            | "its"
            | "theres"
            | "hes"
            | "shes"
            | "well"
            | "happy"
            | "thank"
            | "thanks"
            | "congrats"
    ) || matches!(stream.text(part.end), "her" | "his")
        && FAMILY_OF.contains(&stream.text(part.end + 1)))
        && stream.follows(part.start)
        && stream.follows(part.end);
    let pitied = stream.text_before(part.start, 1) == "poor"
        && (part.end..part.end + 5).any(|at| {
            matches!(
                stream.text(at),
                "she" | "he" | "her" | "him" | "shes" | "hes"
            )
        });
    (told || pitied) && !matches!(topic, Topic::Modal | Topic::Season | Topic::Subject)
}

/// `frank and penny 😂 what a pair`: a clause of two names, and the words are of different kinds.
fn is_pair_alone(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let and = |at: usize| matches!(stream.text(at), "and" | "n") && stream.follows(at);
    let (start, end, other) = if and(part.end) {
        (part.start, part.end + 2, part.end + 1)
    } else if part.start >= 2 && and(part.start - 1) {
        (part.start - 2, part.end, part.start - 2)
    } else {
        return false;
    };
    let unlike = scene.parts.at(other).iter().any(|p| {
        p.end == other + 1
            && p.role == super::roster::Role::Given
            && p.best() <= Quality::Spelling
            && super::scene::topic(p).is_some_and(|t| t != topic && t != Topic::Function)
    });
    unlike
        && lists::is_given(&part.key)
        && lists::is_given(stream.text(other))
        && stream.get(start).is_some_and(|a| a.opens)
        && !stream.follows(end)
}

/// `who let angel in goal`
fn is_let(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let thing = matches!(
        topic,
        Topic::Season | Topic::Modal | Topic::Subject | Topic::Virtue | Topic::Nature
    );
    !thing
        && matches!(stream.text_before(part.start, 1), "let" | "made" | "lets")
        && matches!(
            stream.text(part.end),
            "in" | "off"
                | "out"
                | "go"
                | "have"
                | "do"
                | "play"
                | "join"
                | "cry"
                | "sit"
                | "stay"
                | "come"
        )
        && stream.follows(part.end)
}

/// `summer had the best day`
fn had_a_day(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    matches!(stream.text(part.end), "had" | "has" | "having")
        && topic != Topic::Modal
        && begins(scene, part.start)
        && (part.end + 1..part.end + 5)
            .take_while(|at| stream.follows(*at))
            .any(|at| {
                matches!(
                    stream.text(at),
                    "day" | "time" | "ball" | "fun" | "blast" | "night"
                )
            })
}

/// `grace in kestrel is having a party`, `amber from oak class`
fn in_class(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let link = stream.text(part.end);
    let from = link == "from";
    let worn = matches!(
        topic,
        Topic::Modal | Topic::Season | Topic::Subject | Topic::Verb | Topic::Adjective
    );
    let linked = stream.follows(part.end) && (from || matches!(link, "in" | "of") && !worn);
    let before = stream.text_before(part.start, 1);
    let placed = BEFORE_OBJECT.contains(before) && !leads_to_person(before);
    if !linked || ARTICLES.contains(before) || placed || attached_class(scene, part).is_none() {
        return false;
    }
    scene.mention_at(part.end + 1).is_some_and(|mention| {
        let class = matches!(mention.group, Group::Class(_));
        let label = usize::from(stream.text(mention.end) == "class");
        (class || from || topic != Topic::Virtue)
            && !is_thing_after(stream.text(mention.end + label))
    })
}

/// `oscar, violet and reuben`: a registered name that is no word speaks for the list.
fn is_listed(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let sure =
        |at: usize| {
            scene.parts.at(at).iter().any(|p| {
                p.role == super::roster::Role::Given && p.way == Way::Plain && !p.is_word()
            }) && stream
                .get(at)
                .is_some_and(|a| !a.word.is_english() && a.text.len() > 2)
        };
    let joint = |at: usize| {
        stream.gap(at).has(Gap::COMMA | Gap::AND) && !stream.gap(at).has(Gap::STOP | Gap::LINE)
    };
    let mut at = part.end;
    for _ in 0..LONGEST_LIST {
        let and = usize::from(matches!(stream.text(at), "and" | "n"));
        if !(and == 1 || joint(at)) || !scene.parts.given_at(at + and) {
            break;
        }
        if sure(at + and) {
            return true;
        }
        at += and + 1;
    }
    let mut at = part.start;
    for _ in 0..LONGEST_LIST {
        let and = usize::from(at > 0 && matches!(stream.text_before(at, 1), "and" | "n"));
        let Some(before) = at.checked_sub(1 + and) else {
            break;
        };
        if !(and == 1 || joint(at)) || !scene.parts.given_at(before) {
            break;
        }
        if sure(before) {
            return true;
        }
        at = before;
    }
    false
}

/// Whether the word is as often a name as a thing where it has no article.
fn is_like_name(part: &Part, topic: Topic) -> bool {
    lists::is_given(&part.key)
        || matches!(
            topic,
            Topic::Modal | Topic::Job | Topic::Plant | Topic::Gem | Topic::Season | Topic::Thing
        )
}

/// `hunter is fit`, `georgia will be over the moon`, `is ivy in tomorrow`, `pick mark hes rubbish`
fn is_described(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let next = stream.text(part.end);
    if matches!(next, "hes" | "shes") && stream.follows(part.end) {
        let wish = part.key == "hope" || matches!(topic, Topic::Modal | Topic::Month);
        return !wish && !ARTICLES.contains(stream.text_before(part.start, 1));
    }
    let asked = matches!(stream.text_before(part.start, 1), "is" | "was" | "will") && next == "in";
    let living = matches!(
        topic,
        Topic::Plant | Topic::Gem | Topic::Job | Topic::Place | Topic::Thing
    );
    if asked && living {
        return matches!(
            stream.text(part.end + 1),
            "today" | "tomorrow" | "tmrw" | "tomoz" | "monday" | "school" | "yet" | "later"
        );
    }
    let pair = stream.text(part.end) == "and" && scene.parts.given_at(part.end + 1);
    let paired = stream.text_before(part.start, 1) == "and"
        && part.start >= 2
        && scene.parts.given_at(part.start - 2);
    let head = part.start - if paired { 2 } else { 0 };
    let verb = part.end + if pair { 2 } else { 0 };
    let will = usize::from(stream.text(verb) == "will" && stream.text(verb + 1) == "be");
    let being = will == 1
        || matches!(
            stream.text(verb),
            "is" | "was" | "are" | "were" | "r" | "looks"
        );
    let mut at = verb + 1 + will;
    while matches!(
        stream.text(at),
        "so" | "well"
            | "dead"
            | "really"
            | "very"
            | "just"
            | "proper"
            | "still"
            | "always"
            | "too"
            | "a"
            | "bit"
            | "actually"
    ) && stream.follows(at)
    {
        at += 1;
    }
    let of_people = matches!(
        stream.text(at),
        "fit"
            | "funny"
            | "hilarious"
            | "annoying"
            | "weird"
            | "ugly"
            | "fat"
            | "thick"
            | "dumb"
            | "cute"
            | "peng"
            | "counting"
            | "buzzing"
            | "chuffed"
            | "gutted"
            | "delighted"
            | "jealous"
            | "devastated"
            | "absent"
            | "waiting"
            | "bored"
    ) || matches!(
        (stream.text(at), stream.text(at + 1)),
        ("over", "the")
            | ("made", "up")
            | ("on", "her" | "his")
            | ("in", "her" | "his" | "tears" | "bits")
            | ("going", "to")
    );
    let calendar =
        matches!(topic, Topic::Modal | Topic::Subject | Topic::Season) && !pair && !paired;
    being && !calendar && of_people && begins(scene, head) && stream.follows(at)
}

/// `cheering for faith`, `proud of holly`
fn is_backed(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let before = (
        stream.text_before(part.start, 2),
        stream.text_before(part.start, 1),
    );
    match before {
        ("cheering" | "rooting", "for") => topic != Topic::Season,
        ("proud", "of") => matches!(topic, Topic::Plant | Topic::Gem | Topic::Job | Topic::Place),
        _ => false,
    }
}

/// `ruby and frank found the tortoise`, `will told me`: a subject that would need an article if it were a thing.
fn acts(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let and = |at: usize| matches!(stream.text(at), "and" | "n");
    let after = and(part.end) && scene.parts.given_at(part.end + 1);
    let before = part.start >= 2 && and(part.start - 1) && scene.parts.given_at(part.start - 2);
    let head = part.start - if before { 2 } else { 0 };
    let subject = part.end + if after { 2 } else { 0 };
    if part.possessive || !begins(scene, head) || !(before || after || is_like_name(part, topic)) {
        return false;
    }
    let Some((at, verb, _)) = grammar::verb(scene, subject) else {
        return false;
    };
    let word = stream.text(at);
    let told = grammar::of_person(scene, at + 1);
    let other = if after {
        part.end + 1
    } else {
        part.start.saturating_sub(2)
    };
    let unlike = (before || after)
        && scene
            .parts
            .at(other)
            .iter()
            .any(|p| super::scene::topic(p) != Some(topic));
    if unlike && verb == Verb::Past && topic != Topic::Modal {
        return true;
    }
    let things = GROWS.contains(word)
        || MADE.contains(word) && !STRICT.contains(stream.text(at + 1))
        || part.key == "penny" && word == "dropped";
    match (grammar::noun(part, topic), verb) {
        (_, Verb::Doing) => false,
        (Noun::Count, _) => {
            // a lost bear goes places too
            let toy = part.key == "teddy" || topic == Topic::Thing && HAPPENS.contains(word);
            !things && (!toy || told || PERSONAL.contains(&word))
        }
        (Noun::Mass, Verb::Past) if matches!(topic, Topic::Plant | Topic::Gem) => {
            let theirs = HAPPENS.contains(word) || BLUR.contains(word) || things;
            told || PERSONAL.contains(&word) || !theirs && grammar::complement(scene, at + 1)
        }
        (Noun::Mass, Verb::Past) => told || PERSONAL.contains(&word) && word != "read",
        // `autumn made me a card`
        (Noun::Calendar, Verb::Past) if topic != Topic::Modal => {
            let gives = matches!(
                word,
                "made" | "gave" | "drew" | "bought" | "wrote" | "brought"
            );
            let me = matches!(
                stream.text(at + 1),
                "me" | "him" | "her" | "us" | "my" | "mum" | "mummy"
            );
            let gift = matches!(stream.text(at + 2), "a" | "an" | "the" | "some" | "this");
            told && !HAPPENS.contains(word)
                || me && (DONE_TO.contains(&word) || PERSONAL.contains(&word) || gives && gift)
        }
        (Noun::Modal, Verb::Past) => IRREGULAR.contains(word) && !STEADY.contains(word),
        _ => false,
    }
}

/// `u lan just`, `shut it leo`, `kim ur so bad`: a short name, and the writer speaks to somebody.
pub(super) fn is_spoken_to(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let (before, next) = (stream.text_before(part.start, 1), stream.text(part.end));
    let behind_you = matches!(before, "u" | "you" | "ur");
    let hailed = matches!(
        before,
        "it" | "up"
            | "off"
            | "hey"
            | "hi"
            | "oh"
            | "yo"
            | "omg"
            | "lol"
            | "haha"
            | "yeah"
            | "yes"
            | "no"
            | "nah"
            | "ok"
            | "bye"
            | "sorry"
            | "thanks"
            | "please"
            | "pls"
            | "mate"
            | "well"
            | "cos"
    );
    let ends = !stream.follows(part.end);
    let you =
        stream.follows(part.end) && matches!(next, "u" | "ur" | "you" | "youre" | "your" | "ya");
    let free = begins(scene, part.start) || hailed;
    // `leo smells`, `dev lost the ball`
    let acts = begins(scene, part.start) && grammar::verb(scene, part.end).is_some();
    !scene.spelt
        && part.best() == Quality::Own
        && !part.is_word()
        && (acts || stream.follows(part.start) && (behind_you || hailed && ends) || free && you)
}

/// `ben n toby were messing about`: another registered name right behind it.
pub(super) fn leads_list(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let and = usize::from(matches!(stream.text(part.end), "and" | "n"));
    let joined = and == 1 || stream.gap(part.end).has(Gap::AND);
    let name =
        |p: &Part| p.role == super::roster::Role::Given && p.way == Way::Plain && !p.is_word();
    part.best() == Quality::Own
        && !part.is_word()
        && joined
        && scene.parts.at(part.end + and).iter().any(name)
}

/// `ruby c is going`, `it was summer t who`: an initial in small letters that the sentence goes on behind.
pub(super) fn has_initial(scene: &Scene<'_>, part: &Part, end: usize) -> bool {
    let stream = scene.stream;
    let letter = stream.text(part.end);
    let before = stream.text_before(part.start, 1);
    let next = stream.text(end);
    // `hope u`, `will b late`, `summer c u`
    let short_word = matches!(letter, "i" | "x" | "u" | "r" | "s");
    let for_a_word = matches!(letter, "b" | "c" | "k" | "y" | "d" | "m" | "v");
    let thing = part.is_word()
        && !matches!(
            lists::topic(&part.key),
            Some(Topic::Plant | Topic::Gem | Topic::Place | Topic::Job)
        );
    let is = matches!(next, "is" | "are" | "was" | "were" | "has" | "had" | "did");
    let lone = letter != "a" || is || next == "from";
    let and = letter == "n" && scene.parts.given_at(end);
    let goes_on = is
        || grammar::verb(scene, end).is_some()
        || matches!(
            next,
            "and"
                | "n"
                | "in"
                | "from"
                | "who"
                | "got"
                | "hes"
                | "shes"
                | "he"
                | "she"
                | "going"
                | "gonna"
                | "keeps"
                | "always"
                | "never"
                | "just"
                | "said"
                | "says"
                | "will"
                | "can"
                | "cant"
                | "wont"
                | "doesnt"
                | "didnt"
        );
    let placed = BEFORE_OBJECT.contains(before) && !leads_to_person(before);
    let a_word = short_word || for_a_word && thing || placed || ARTICLES.contains(before);
    let small = !scene.spelt && !part.capital && part.way == Way::Plain;
    small
        && part.best() == Quality::Own
        && !a_word
        && lone
        && !and
        && stream.follows(part.end)
        && stream.follows(end)
        && goes_on
}
