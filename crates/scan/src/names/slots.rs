//! Places in a sentence that only a person fills, whatever the name's word means otherwise: `spotted by Will:`, `Joy and I`,
//! `the trophy went to Hope`, `Narrator ..... Art`, `Summer can whistle`. What the verbs of whole clauses say is read in
//! `grammar`.

use super::{
    cues::{FAMILY_OF, PERSONAL},
    grammar::{self, Noun, Verb},
    grammar_words::{ARTICLES, BEFORE_OBJECT, HANDLES, LABELS, SCORE, STRICT},
    lists::Topic,
    lists::company::ROLE,
    parts::Part,
    scene::Scene,
    stream::{Atom, Case, Gap},
};

/// Whether the capitalised word stands where only a person can.
pub(super) fn is_filled(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let noun = grammar::noun(part, topic);
    let dated = matches!(topic, Topic::Month | Topic::Season) || part.key == "may";
    if part.possessive {
        return has_family(scene, part);
    }
    goes_with_writer(scene, part, noun)
        || are_told(scene, part)
        || !dated && topic != Topic::Subject && is_quoted(scene, part)
        || is_led_to(scene, part)
        || is_won_by(scene, part)
        || is_told_of_with_who(scene, part)
        || is_singled_out(scene, part, noun)
        || !dated && (is_signed(scene, part, topic) || is_ranked(scene, part, noun))
        || plays_part(scene, part, noun)
        || holds_title(scene, part)
        || play_parts(scene, part)
        || is_ranked_among(scene, part, topic)
        || says_so(scene, part, topic)
        || is_able(scene, part, topic)
        || handles(scene, part, topic)
}

/// `Grace & Faith you two were brilliant`
fn are_told(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let name = |at: usize| {
        stream.get(at).is_some_and(|a| a.case == Case::Title) && scene.parts.given_at(at)
    };
    let joined = |at: usize| stream.gap(at).has(Gap::AND) || stream.text(at) == "and";
    let after = part.end + usize::from(stream.text(part.end) == "and");
    let before = part
        .start
        .saturating_sub(1 + usize::from(stream.text_before(part.start, 1) == "and"));
    let end = if joined(part.end) && name(after) {
        after + 1
    } else if part.start > before
        && name(before)
        && (stream.gap(part.start).has(Gap::AND) || stream.text_before(part.start, 1) == "and")
    {
        part.end
    } else {
        return false;
    };
    matches!(stream.text(end), "you" | "u")
        && matches!(
            stream.text(end + 1),
            "two" | "both" | "were" | "are" | "girls" | "boys" | "pair" | "guys"
        )
}

/// `our food critic Jordan: 'The mash is back.'`
fn is_quoted(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let gap = stream.gap(part.end);
    let plain = part.start == 0
        || stream.follows(part.start)
            && !ARTICLES.contains(stream.text_before(part.start, 1))
            && !matches!(
                stream.text_before(part.start, 1),
                "for" | "of" | "is" | "on" | "about"
            )
        || stream.get(part.start).is_some_and(|a| a.opens);
    gap.has(Gap::COLON) && gap.has(Gap::QUOTE) && part.end < stream.len() && plain
}

/// Whether the place is one of a cast, a ranking or a prize, whoever's work or play the words around it tell of.
pub(super) fn is_placed(scene: &Scene<'_>, part: &Part) -> bool {
    let titled = scene
        .stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title && !a.heading);
    titled
        && !part.possessive
        && (is_led_to(scene, part) || is_won_by(scene, part) || is_ranked(scene, part, Noun::Count))
}

/// `Joy and I walked home`, `me and Hope`: the writer's company.
fn goes_with_writer(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let opens = stream.get(part.start).is_some_and(|a| a.opens);
    let follows = stream.text(part.end) == "and"
        && stream.text(part.end + 1) == "i"
        && stream.follows(part.end + 1)
        && !stream.get(part.end + 2).is_some_and(Atom::capital);
    let before = stream.text_before(part.start, 1) == "and"
        && stream.text_before(part.start, 2) == "me"
        && stream.follows(part.start)
        && !stream
            .get(part.end)
            .is_some_and(|a| a.capital() && stream.follows(part.end));
    let calendar = noun == Noun::Calendar && (!opens || part.key == "art");
    stream.follows(part.end) && follows && !calendar || before && noun != Noun::Calendar
}

/// `Narrator ..... Jordan`: the line of dots of a cast list, and another one in the text.
pub(super) fn is_led_to(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let closes = part.end >= stream.len()
        || stream
            .gap(part.end)
            .has(Gap::STOP | Gap::LINE | Gap::COMMA | Gap::BRACKET | Gap::SYMBOL);
    let near = part.start.saturating_sub(LEADER_REACH)..part.end + LEADER_REACH;
    let said = || {
        (part.start.saturating_sub(CAST_REACH)..part.start).any(|at| {
            matches!(
                stream.text(at),
                "cast" | "starring" | "parts" | "roles" | "performers" | "played"
            )
        })
    };
    let leads = |at: usize| {
        let gap = stream.gap(at);
        has_leader(scene, at)
            || at > 0
                && (gap.has(Gap::COLON) && !gap.has(Gap::LINE)
                    || gap.has(Gap::DASH) && gap.has(Gap::SPACE))
                && said()
    };
    // `Opens ..... May. Closes ..... June.`
    let is_month = |at: usize| {
        stream.get(at).is_some_and(|a| {
            matches!(a.word.topic, Some(Topic::Month | Topic::Season)) || a.text == "may"
        })
    };
    leads(part.start)
        && closes
        && near
            .into_iter()
            .any(|at| at != part.start && leads(at) && scene.parts.given_at(at) && !is_month(at))
}

/// How far on either side another line of dots is looked for.
const LEADER_REACH: usize = 16;

/// How far before a name the word `cast` is looked for.
const CAST_REACH: usize = 40;

/// Whether a line of dots leads from a word to the atom: `Ox ..... Noah`, `Ox.....Noah`.
pub(super) fn has_leader(scene: &Scene<'_>, at: usize) -> bool {
    let label = at > 0 && scene.stream.get(at - 1).is_some_and(|a| !a.digits);
    label
        && scene.stream.between(at).is_some_and(|dots| {
            let dots = dots.trim_start_matches(')').trim();
            dots.len() >= 3
                && dots
                    .chars()
                    .all(|c| matches!(c, '.' | '…' | '_' | '-' | '·' | ' '))
                && !dots.contains("--")
                || dots == "…" && scene.stream.between(at).is_some_and(|d| d.starts_with(' '))
        })
}

/// `Best question, from Hope: do you get a day off?`, `Spotted by Will: a kingfisher`
fn is_signed(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let after = stream.gap(part.end);
    matches!(stream.text_before(part.start, 1), "from" | "by")
        && stream.follows(part.start)
        && after.has(Gap::COLON)
        && !after.has(Gap::LINE)
        && part.end < stream.len()
        && topic != Topic::Subject
        && (topic != Topic::Place || stream.gap(part.end).has(Gap::QUOTE))
}

/// `the trophy went to Hope`, `Reader of the week goes to Will for ...`
fn is_won_by(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let went = stream.text_before(part.start, 1) == "to"
        && matches!(
            stream.text_before(part.start, 2),
            "went" | "goes" | "going" | "go" | "awarded" | "presented" | "handed" | "belongs"
        );
    let prize = (3..12).take_while(|back| part.start >= *back).any(|back| {
        let word = stream.text_before(part.start, back);
        LABELS.contains(word)
            || SCORE.contains(word)
            || matches!(
                word,
                "vote" | "votes" | "title" | "crown" | "rosette" | "honour" | "honours" | "term"
            )
    });
    let closes = !stream.follows(part.end)
        || matches!(
            stream.text(part.end),
            "for" | "who" | "and" | "with" | "whose" | "of" | "in" | "from"
        );
    went && prize && closes && stream.follows(part.start)
}

/// `beautiful singing, especially from Joy`
fn is_singled_out(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let link = usize::from(matches!(
        stream.text_before(part.start, 1),
        "from" | "by" | "to"
    ));
    let out = matches!(
        stream.text_before(part.start, 1 + link),
        "especially" | "particularly" | "notably"
    );
    // `especially Hope House`
    let closes = !stream.follows(part.end)
        || matches!(stream.text(part.end), "who" | "and" | "for" | "with" | "in");
    let bare = link == 1 || noun == Noun::Count;
    out && closes
        && bare
        && stream.follows(part.start)
        && !matches!(noun, Noun::Place | Noun::Calendar)
}

/// `a big hand for May, who swam her first length`: a month is nobody who swims.
fn is_told_of_with_who(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    part.key == "may"
        && stream.text(part.end) == "who"
        && stream.gap(part.end).only(Gap::SPACE | Gap::COMMA)
        && matches!(
            stream.text_before(part.start, 1),
            "for" | "to" | "from" | "by" | "with" | "and"
        )
        && grammar::verb(scene, part.end + 1).is_some()
}

/// `First, Destiny with a cake`, `Third: Angel.`
fn is_ranked(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let medal = matches!(
        stream.text_before(part.start, 1),
        "gold" | "silver" | "bronze" | "winner" | "champion"
    ) && stream.gap(part.start).only(Gap::COMMA | Gap::SPACE)
        && stream.gap(part.start).has(Gap::COMMA)
        && !stream.follows(part.end);
    if medal && noun != Noun::Calendar {
        return true;
    }
    let first = part
        .start
        .checked_sub(1)
        .filter(|at| stream.get(*at).is_some_and(|a| a.opens))
        .is_some_and(|at| matches!(stream.text(at), "first" | "second" | "third" | "fourth"));
    let apart = stream
        .gap(part.start)
        .has(Gap::COMMA | Gap::COLON | Gap::DASH);
    let told = !stream.follows(part.end) && !stream.gap(part.end).has(Gap::COMMA)
        || matches!(stream.text(part.end), "with" | "for" | "who")
        || stream.text(part.end) == "and" && scene.parts.given_at(part.end + 1);
    first && apart && told && matches!(noun, Noun::Count | Noun::Mass)
}

/// `Precious was our judge`, `Hope was the narrator`: a part or an office, and no figure of speech.
fn plays_part(scene: &Scene<'_>, part: &Part, noun: Noun) -> bool {
    let stream = scene.stream;
    let at = part.end;
    // `hope is the winner` is a manner of speaking
    let is = stream.text(at) == "is" && (noun == Noun::Count || stream.text(at + 1) == "our");
    let being = (is || matches!(stream.text(at), "was" | "played" | "became"))
        && matches!(stream.text(at + 1), "the" | "our" | "a" | "an" | "my")
        && (at..at + 3).all(|n| stream.follows(n));
    let office = |n: usize| {
        let named = stream.get(n).is_some_and(|a| {
            a.word.keeps(ROLE)
                || matches!(
                    &*a.text,
                    "judge"
                        | "narrator"
                        | "goalkeeper"
                        | "keeper"
                        | "barrister"
                        | "chef"
                        | "baker"
                        | "king"
                        | "queen"
                        | "prince"
                        | "princess"
                        | "pirate"
                        | "witch"
                        | "wizard"
                        | "giant"
                        | "wolf"
                        | "donkey"
                        | "camel"
                        | "sheep"
                        | "shepherd"
                        | "innkeeper"
                        | "conductor"
                        | "pianist"
                        | "drummer"
                        | "soloist"
                        | "referee"
                        | "umpire"
                        | "scorer"
                        | "timekeeper"
                        | "scribe"
                        | "navigator"
                        | "reporter"
                        | "compere"
                        | "dj"
                        | "quizmaster"
                        | "winner"
                        | "runner"
                )
        });
        let closes = !stream.follows(n + 1)
            || matches!(
                stream.text(n + 1),
                "and" | "in" | "for" | "who" | "with" | "but" | "while"
            );
        named && closes
    };
    // `Grace was the first to see the deer`
    let one = usize::from(stream.text(at + 3) == "one");
    let among = noun != Noun::Calendar
        && stream.text(at) == "was"
        && stream.text(at + 1) == "the"
        && matches!(
            stream.text(at + 2),
            "first" | "last" | "only" | "youngest" | "quickest" | "fastest" | "bravest" | "oldest"
        )
        && stream.text(at + 3 + one) == "to"
        && stream.follows(at + 3 + one);
    // `Art was the one who noticed the nest`
    let only = matches!(stream.text(at + 2), "only" | "first" | "last");
    let who = at + 3 + usize::from(only);
    let chosen = stream.text(at) == "was"
        && stream.text(at + 1) == "the"
        && stream.text(who - 1) == "one"
        && stream.text(who) == "who"
        && stream.follows(who);
    chosen && begins_clause(scene, part.start) && part.key != "may"
        || being
            && begins_clause(scene, part.start)
            && noun != Noun::Place
            && part.key != "may"
            && (among || office(at + 2) || stream.follows(at + 3) && office(at + 3))
}

/// `May is Sports Leader of the month`, `Summer is Star of the Week`: an office that a child holds, with its capital.
fn holds_title(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let office = |at: usize| {
        stream.get(at).is_some_and(|a| {
            a.capital()
                && !a.heading
                && matches!(
                    &*a.text,
                    "leader"
                        | "captain"
                        | "star"
                        | "player"
                        | "pupil"
                        | "writer"
                        | "reader"
                        | "champion"
                        | "prefect"
                        | "monitor"
                        | "ambassador"
                        | "mathematician"
                        | "artist"
                        | "scientist"
                        | "singer"
                        | "councillor"
                        | "speller"
                        | "librarian"
                        | "buddy"
                        | "swimmer"
                        | "athlete"
                        | "historian"
                        | "musician"
                )
        })
    };
    let closes = |at: usize| {
        !stream.follows(at) || matches!(stream.text(at), "of" | "for" | "and" | "this" | "in")
    };
    let article = usize::from(matches!(stream.text(part.end + 1), "our" | "the" | "a"));
    let at = part.end + 1 + article;
    matches!(stream.text(part.end), "is" | "was" | "becomes" | "became")
        && (part.end..=at).all(|n| stream.follows(n))
        && grammar::is_subject_or_told(scene, part.start)
        && (office(at) && closes(at + 1)
            || stream.get(at).is_some_and(Atom::capital)
                && stream.follows(at + 1)
                && office(at + 1)
                && closes(at + 2))
}

/// Whether a subject can stand at the atom: `at our mock trial Precious was the judge` has no comma.
fn begins_clause(scene: &Scene<'_>, at: usize) -> bool {
    let before = scene.stream.text_before(at, 1);
    let small = at > 0
        && scene
            .stream
            .get(at - 1)
            .is_some_and(|a| a.case == Case::Lower);
    grammar::is_subject_or_told(scene, at)
        || scene.stream.follows(at)
            && small
            && !BEFORE_OBJECT.contains(before)
            && !ARTICLES.contains(before)
}

/// `Florence, Georgia and Jordan were our guides`
fn play_parts(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let name = |at: usize| {
        stream.get(at).is_some_and(|a| a.case == Case::Title) && scene.parts.given_at(at)
    };
    let mut at = part.end;
    for _ in 0..4 {
        let and = usize::from(stream.text(at) == "and");
        if (and == 1 || stream.gap(at).has(Gap::COMMA)) && name(at + and) {
            at += and + 1;
        }
    }
    let several = at > part.end || stream.text_before(part.start, 1) == "and";
    let office = stream.get(at + 2).is_some_and(|a| {
        a.word.keeps(ROLE)
            || matches!(
                &*a.text,
                "guides"
                    | "helpers"
                    | "hosts"
                    | "narrators"
                    | "readers"
                    | "reporters"
                    | "judges"
                    | "captains"
                    | "buddies"
                    | "monitors"
                    | "ambassadors"
                    | "singers"
                    | "dancers"
                    | "librarians"
            )
    });
    several
        && matches!(stream.text(at), "were" | "are")
        && matches!(stream.text(at + 1), "our" | "the" | "my")
        && (at..at + 3).all(|n| stream.follows(n))
        && office
}

/// `1. Angel, 2. Destiny, 3. Max.`: numbers before names of different kinds.
fn is_ranked_among(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let ranked = |at: usize| {
        at > 0
            && stream
                .get(at - 1)
                .is_some_and(|a| a.digits && a.text.len() <= 2)
            && stream.gap(at).has(Gap::SPACE)
            && !stream.gap(at).has(Gap::COMMA | Gap::LINE)
            && (at + 1 >= stream.len()
                || stream.gap(at + 1).has(Gap::COMMA | Gap::LINE | Gap::STOP))
    };
    let (mut others, mut unlike) = (0, false);
    for at in part.start.saturating_sub(6)..part.start + 7 {
        if at == part.start || !ranked(at) {
            continue;
        }
        // `1 Violet, 2 Amber, 3 Emerald`: houses
        let thing = |a: &Atom<'_>| a.word.topic.is_some() && !a.word.given;
        if !scene.parts.given_at(at) && stream.get(at).is_some_and(thing) {
            return false;
        }
        if !scene.parts.given_at(at) {
            continue;
        }
        others += 1;
        unlike |= stream.get(at).is_some_and(|a| a.word.topic != Some(topic));
    }
    others >= 2 && unlike && ranked(part.start) && topic != Topic::Month
}

/// `Joy says thank you`, `Summer wants to know`: only somebody says and asks it.
fn says_so(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let next = stream.text(part.end + 1);
    let told = match stream.text(part.end) {
        "says" | "said" => matches!(
            next,
            "thank"
                | "thanks"
                | "sorry"
                | "hi"
                | "hello"
                | "yes"
                | "no"
                | "she"
                | "he"
                | "that"
                | "its"
        ),
        "wants" | "wanted" | "asks" | "asked" | "hopes" | "hoped" => {
            matches!(next, "to" | "if" | "why" | "whether")
                && (next != "to"
                    || matches!(
                        stream.text(part.end + 2),
                        "know" | "be" | "go" | "come" | "see"
                    ))
        }
        "reckons" | "thinks" => true,
        _ => false,
    };
    told && stream.follows(part.end)
        && stream.follows(part.end + 1)
        && topic != Topic::Place
        && grammar::is_subject_or_told(scene, part.start)
}

/// `Summer can whistle`, `Joy couldn't tie the knot`: what is learnt.
fn is_able(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let at = part.end;
    let can = matches!(
        stream.text(at),
        "can" | "cant" | "cannot" | "could" | "couldnt"
    );
    let next = at
        + 1
        + usize::from(matches!(
            stream.text(at + 1),
            "now" | "not" | "also" | "already"
        ));
    let skill = matches!(
        stream.text(next),
        "whistle"
            | "swim"
            | "read"
            | "count"
            | "tie"
            | "ride"
            | "juggle"
            | "write"
            | "spell"
            | "sing"
            | "dance"
            | "skip"
            | "knit"
            | "sew"
            | "cook"
            | "bake"
            | "draw"
            | "paint"
            | "recite"
            | "cartwheel"
            | "hop"
            | "dive"
    );
    can && skill
        && stream.follows(at)
        && stream.follows(next)
        && topic != Topic::Subject
        && part.key != "may"
        && grammar::is_subject_or_told(scene, part.start)
}

/// `May took the minutes`, `Joy fed the lambs`, `Summer kept a diary`: a past tense, and a thing that takes a hand.
fn handles(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let Some((at, Verb::Past, _)) = grammar::verb(scene, part.end) else {
        return false;
    };
    let object = STRICT.contains(stream.text(at + 1))
        && stream.follows(at + 1)
        && !matches!(
            stream.text(at + 1),
            "us" | "them" | "everyone" | "everybody" | "every" | "all" | "our"
        )
        && (at + 2..at + 5)
            .take_while(|n| stream.follows(*n))
            .take_while(|n| !matches!(stream.text(*n), "of" | "with" | "to" | "in" | "for" | "and"))
            .any(|n| HANDLES.contains(stream.text(n)));
    let word = stream.text(at);
    let plain = stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title && !a.heading);
    plain
        && object
        && topic != Topic::Place
        && (PERSONAL.contains(&word)
            || matches!(
                word,
                "kept"
                    | "took"
                    | "held"
                    | "fed"
                    | "read"
                    | "led"
                    | "rang"
                    | "played"
                    | "blew"
                    | "carried"
                    | "chose"
                    | "made"
                    | "drew"
                    | "ran"
                    | "wrote"
                    | "stole"
                    | "tied"
                    | "found"
                    | "dropped"
                    | "flew"
                    | "sold"
                    | "counted"
                    | "named"
                    | "won"
                    | "asked"
                    | "forgot"
            ))
        && begins_clause(scene, part.start)
}

/// `all of Art's family`, `May's mum`: who has a mother is somebody.
fn has_family(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let kin = stream.text(part.end);
    // `Summer's family fun day`
    let goes_on = matches!(
        stream.text(part.end + 1),
        "fun"
            | "day"
            | "event"
            | "learning"
            | "disco"
            | "bingo"
            | "night"
            | "afternoon"
            | "film"
            | "picnic"
            | "service"
            | "worship"
            | "show"
            | "ticket"
            | "tickets"
    );
    FAMILY_OF.contains(&kin)
        && !matches!(kin, "party" | "friends")
        && !goes_on
        && stream.gap(part.end).only(Gap::SPACE)
}
