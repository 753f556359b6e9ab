//! What only looks like a pupil's given name: a code word, a time, a part in a play, the title of a book, a thing with
//! an article. Whose name it is otherwise is weighed elsewhere.

use super::{
    evidence::attached_class,
    families::is_child_noun,
    forms::Quality,
    lists,
    parts::{Part, Way},
    roster::Role,
    scene::Scene,
    stream::{Atom, Case, Gap},
    works,
};

/// Whether the name is not a person's here, or only the name of a part that somebody plays.
pub(super) fn is_thing(scene: &Scene<'_>, part: &Part) -> bool {
    if clock(scene, part) || spelling_alphabet(scene, part) || day_before(scene, part) {
        return true;
    }
    if scene.stream.loose {
        return false;
    }
    three_words(scene, part)
        || is_mentioned(scene, part)
        || are_varieties(scene, part)
        || numbered(scene, part)
        || articled(scene, part)
        || counted(scene, part)
        || of_author(scene, part)
        || themed(scene, part)
        || book_title(scene, part)
        || works::is_title(scene, part)
        || title_goes_on(scene, part)
        || is_part_in_play(scene, part)
}

/// `5am` is no `Sam`.
fn clock(scene: &Scene<'_>, part: &Part) -> bool {
    let written: String = (part.start..part.end)
        .map(|at| scene.stream.text(at))
        .collect();
    let rest = written.trim_start_matches(|c: char| c.is_ascii_digit());
    part.way == Way::Leet && rest.len() < written.len() && matches!(rest, "am" | "pm")
}

/// `Christmas Eve`
fn day_before(scene: &Scene<'_>, part: &Part) -> bool {
    let feast = |at: usize| {
        matches!(
            scene.stream.text(at),
            "christmas" | "year's" | "years" | "year" | "halloween" | "midsummer" | "xmas"
        )
    };
    scene.stream.text(part.start) == "eve"
        && part.start > 0
        && scene.stream.gap(part.start).only(Gap::SPACE)
        && feast(part.start - 1)
}

/// The words of the spelling alphabet that nobody is called.
const CODE_WORDS: &[&str] = &[
    "alpha", "delta", "foxtrot", "kilo", "lima", "november", "quebec", "sierra", "tango",
    "uniform", "whiskey", "whisky", "xray", "yankee", "zulu",
];

/// `foxtrot kilo oscar`
fn spelling_alphabet(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let code = |at: usize| CODE_WORDS.contains(&stream.text(at));
    stream.follows(part.end) && code(part.end)
        || part.start > 0 && stream.follows(part.start) && code(part.start - 1)
}

/// `poppy.wreath.small`: three small words with full stops between are a place on a map.
fn three_words(scene: &Scene<'_>, part: &Part) -> bool {
    let dotted = |at: usize| {
        let gap = scene.stream.gap(at);
        gap.only(Gap::STOP) && gap.length() == 1 && at < scene.stream.len()
    };
    let (start, end) = (part.start, part.end);
    !part.capital
        && (dotted(end) && dotted(end + 1)
            || dotted(start) && dotted(end)
            || start > 0 && dotted(start) && dotted(start - 1))
}

/// `'Heidi' at the cinema`, `'Caoimhe' was the third word to spell`: between quotation marks stands a title or a word.
fn is_mentioned(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let bare = |at: usize| stream.gap(at).has(Gap::QUOTE);
    let nickname = part.start > 0
        && stream.get(part.start - 1).is_some_and(Atom::capital)
        && !stream
            .gap(part.start)
            .has(Gap::STOP | Gap::LINE | Gap::COMMA);
    scene.draft
        && bare(part.start)
        && bare(part.end)
        && !stream.gap(part.end).has(Gap::LINE)
        && !part.possessive
        && !nickname
        && !stream.gap(part.end).has(Gap::STOP | Gap::COLON)
        && !matches!(
            stream.text_before(part.start, 1),
            "called" | "named" | "says" | "said" | "reads" | "as"
        )
        && !matches!(stream.text(part.end), "said" | "shouted" | "asked" | "says")
        && !scene.may_be_meant(part)
}

/// `Charlottes, Maris Pipers and King Edwards`: many of them, and none is said to be ours.
fn are_varieties(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let named = stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title);
    let closed =
        !stream.follows(part.end) || matches!(stream.text(part.end), "and" | "or" | "are" | "were");
    scene.draft
        && named
        && part.way == Way::Plural
        && closed
        && !matches!(
            stream.text_before(part.start, 1),
            "our" | "the" | "both" | "two" | "three" | "of" | "all"
        )
        && !scene.may_be_meant(part)
}

/// `Max 3000`
fn numbered(scene: &Scene<'_>, part: &Part) -> bool {
    let next = scene.stream.get(part.end);
    scene.stream.follows(part.end)
        && !part.possessive
        && !scene.in_mention(part.end)
        && next.is_some_and(|a| a.digits && a.text.len() >= 4)
}

/// `deserves an Oscar`, `the Maya`, `the Thomas bag`. What follows may say which child it is: `the Theo who ...`.
fn articled(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    // Welsh: `Carys a Bethan`
    let and = stream.text_before(part.start, 1) == "a"
        && part.start >= 2
        && stream.follows(part.start - 1)
        && scene.is_given(part.start - 2);
    matches!(stream.text_before(part.start, 1), "a" | "an" | "the")
        && !and
        && stream.follows(part.start)
        && !part.is_word()
        && !part.possessive
        && part.way <= Way::Plural
        && attached_class(scene, part).is_none()
        && !is_child_of_one_name(scene, part)
        && !matches!(
            stream.text(part.end),
            "who" | "that" | "whose" | "from" | "we" | "i" | "you" | "sitting"
        )
        && !scene
            .parts
            .at(part.end)
            .iter()
            .any(|p| p.role == Role::Family)
}

/// `isn't that the Hendrawan boy`: a word for a child stands right behind the name of a pupil who has no other.
fn is_child_of_one_name(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let after = stream.text(part.end);
    let child = is_child_noun(after) || matches!(after, "lass" | "brother" | "sister");
    part.best() == Quality::Own
        && child
        && stream.gap(part.end).only(Gap::SPACE)
        && matches!(
            stream.text_before(part.start, 1),
            "the" | "that" | "those" | "this" | "our" | "little" | "young" | "wee"
        )
        && !lists::is_word(&part.key)
        && !scene.roster.single(&part.names).pupils().is_empty()
}

/// `six Matildas`: as many as there are costumes.
fn counted(scene: &Scene<'_>, part: &Part) -> bool {
    let before = part
        .start
        .checked_sub(1)
        .and_then(|at| scene.stream.get(at));
    let number = before.is_some_and(|a| {
        a.digits
            || lists::is_few(&a.text)
            || matches!(&*a.text, "eleven" | "several" | "many" | "other" | "few")
    });
    // `our two Callums`
    let both = scene.stream.text_before(part.start, 1) == "two"
        && scene.roster.bearers(&part.names).list.len() >= 2;
    part.way == Way::Plural
        && number
        && !both
        && !scene.in_mention(part.start - 1)
        && scene.mentions.is_empty()
}

/// `Roald Dahl's Matilda`
fn of_author(scene: &Scene<'_>, part: &Part) -> bool {
    let before = part
        .start
        .checked_sub(1)
        .and_then(|at| scene.stream.get(at));
    before.is_some_and(|a| a.figure && a.possessive)
}

/// `the Omar books`, `a Matilda costume`
fn themed(scene: &Scene<'_>, part: &Part) -> bool {
    !part.possessive
        && !part.is_word()
        && scene.stream.follows(part.end)
        && matches!(
            scene.stream.text(part.end),
            "books"
                | "costume"
                | "costumes"
                | "outfit"
                | "outfits"
                | "fans"
                | "merch"
                | "songs"
                | "film"
                | "films"
                | "doll"
                | "dolls"
                | "themed"
                | "stickers"
                | "series"
        )
}

/// `Bill's New Frock`: two more capitals in the middle of a sentence, and neither is kin, a day or a prize.
fn book_title(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let title = |at: usize| {
        stream.get(at).is_some_and(|a| {
            a.case == Case::Title
                && !a.opens
                && !a.heading
                && !a.digits
                && !a.possessive
                && !a.word.given
                && !a.word.title
                && a.word.is_english()
        }) && !scene.in_mention(at)
            && !matches!(
                stream.text(at),
                "award"
                    | "awards"
                    | "birthday"
                    | "mum"
                    | "dad"
                    | "nan"
                    | "grandad"
                    | "class"
                    | "year"
                    | "star"
                    | "certificate"
                    | "gold"
                    | "silver"
                    | "bronze"
                    | "day"
                    | "week"
                    | "christmas"
                    | "easter"
                    | "halloween"
            )
            && scene.parts.at(at).iter().all(|p| p.role == Role::Given)
    };
    part.possessive
        && stream.gap(part.end).only(Gap::SPACE | Gap::QUOTE)
        && title(part.end)
        && title(part.end + 1)
        && stream.follows(part.end + 1)
}

/// `Alfie Gets in First`: a capital for the verb.
fn title_goes_on(scene: &Scene<'_>, part: &Part) -> bool {
    let verb = scene.stream.get(part.end).is_some_and(|a| {
        a.case == Case::Title
            && !a.heading
            && a.word.common
            && a.text.len() >= 4
            && a.text.ends_with('s')
            && !a.text.ends_with("ss")
    });
    scene.draft
        && verb
        && scene.stream.follows(part.end)
        && !scene.in_mention(part.end)
        && scene.parts.at(part.end).is_empty()
        && !scene.may_be_meant(part)
}

/// A word that stands for somebody: a name, a pronoun, kin.
fn is_somebody(scene: &Scene<'_>, at: usize) -> bool {
    let named = scene.is_given(at) && scene.stream.get(at).is_some_and(Atom::capital);
    named
        || matches!(
            scene.stream.text(at),
            "he" | "she"
                | "hes"
                | "shes"
                | "who"
                | "son"
                | "daughter"
                | "grandson"
                | "granddaughter"
                | "nephew"
                | "niece"
                | "lad"
                | "boy"
                | "girl"
                | "mine"
                | "i"
                | "child"
                | "brother"
                | "sister"
                | "kid"
                | "ours"
        )
}

/// Names of the plays that schools put on.
const PARTS: &[&str] = &[
    "mary", "joseph", "gabriel", "herod", "annie", "matilda", "oliver", "dorothy", "alice",
    "aladdin", "peter", "charlie", "scrooge", "romeo", "juliet", "oscar", "nancy", "bugsy", "jack",
    "simba", "nala", "troy", "sandy", "danny", "elsa", "anna", "belle", "moana", "noah", "jonah",
    "wendy", "willy", "augustus", "violet", "veruca", "mike",
];

/// `Mary – Harleen Kaur; Joseph – Noah Fitzgerald`, `Mary was played by Chidera`, `Hugo as Joseph`, `the best Annie`.
fn is_part_in_play(scene: &Scene<'_>, part: &Part) -> bool {
    if part.possessive || !part.capital {
        return false;
    }
    // `Our Annie, Lola, has lungs`
    let stream = scene.stream;
    let named = PARTS.contains(&part.key.as_str())
        && matches!(stream.text_before(part.start, 1), "our" | "the" | "my")
        && stream.gap(part.end).has(Gap::COMMA)
        && stream.get(part.end).is_some_and(Atom::capital)
        && scene.is_given(part.end)
        && !stream.follows(part.end + 1);
    named || cast_line(scene, part) || played_by(scene, part) || played(scene, part)
}

/// `Joseph – Noah Fitzgerald;`
fn cast_line(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let gap = stream.gap(part.end);
    let dash = gap.has(Gap::DASH) && gap.has(Gap::SPACE) || gap.has(Gap::COLON);
    let opens = part.start == 0
        || stream
            .gap(part.start)
            .has(Gap::LINE | Gap::STOP | Gap::COLON | Gap::COMMA | Gap::BULLET);
    let name = stream.get(part.end).is_some_and(Atom::capital) && scene.is_given(part.end);
    let family = stream.get(part.end + 1).is_some_and(Atom::capital)
        && stream.follows(part.end + 1)
        && scene
            .parts
            .at(part.end + 1)
            .iter()
            .any(|p| p.role == Role::Family);
    let short = PARTS.contains(&part.key.as_str())
        && (stream
            .gap(part.end + 1)
            .has(Gap::LINE | Gap::STOP | Gap::COMMA)
            || part.end + 1 >= stream.len());
    dash && opens && name && (family || short)
}

/// `Mary was played by Chidera`, `our Mary in the nativity will be Aoife`.
fn played_by(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let clause = part.end..stream.len().min(part.end + 7);
    clause
        .take_while(|at| !stream.gap(*at).has(Gap::STOP | Gap::LINE | Gap::COMMA))
        .any(|at| match (stream.text(at), stream.text(at + 1)) {
            ("played", "by") => true,
            ("will", "be") => {
                stream.get(at + 2).is_some_and(Atom::capital) && scene.is_given(at + 2)
            }
            _ => false,
        })
}

/// `my lad played Joseph`, `starring Hugo as Joseph`, `the part of Annie`, `he was Joseph`.
fn played(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let start = part.start;
    if !stream.follows(start) {
        return false;
    }
    let (before, second) = (stream.text_before(start, 1), stream.text_before(start, 2));
    let actor = |back: usize| {
        start
            .checked_sub(back)
            .is_some_and(|at| is_somebody(scene, at))
    };
    let known = PARTS.contains(&part.key.as_str());
    match (second, before) {
        ("part" | "role", "of") | ("the", "best") => true,
        // `my lad thinks hes Max`
        ("thinks" | "think" | "thought" | "reckons", "hes" | "shes" | "he" | "she") => true,
        ("pretending" | "pretends", "be") | ("something" | "straight" | "scene", "from") => known,
        ("out", "of") => {
            known
                && matches!(
                    stream.text_before(start, 3),
                    "something" | "straight" | "like"
                )
        }
        (_, "as") => actor(2) || known && second == "up",
        (_, "played" | "plays" | "playing" | "portrayed") => known && (actor(2) || actor(3)),
        (_, "was" | "is" | "be" | "being") => known && actor(2),
        _ => false,
    }
}
