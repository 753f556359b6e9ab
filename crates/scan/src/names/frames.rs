//! Frames that make a person of an English word: `tell Summer to stop`, `Rose and her dad`, `is will ok?`.
//! Each frame looks at the few words beside the name; what speaks against a person is weighed elsewhere.

use super::{
    cues::{DEEDS, FAMILY_OF, KIN, PERSONAL},
    lists::Topic,
    parts::Part,
    said::{is_said_of_person, is_unwell},
    scene::Scene,
    stream::{Atom, Case, Gap, Stream},
};

/// `Rose and her dad`, `Summer with her trophy`: a pronoun that goes back to one person.
fn pronoun_after(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let next = stream.text(part.end);
    let calendar = matches!(
        topic,
        Topic::Season | Topic::Month | Topic::Modal | Topic::Function | Topic::Subject
    );
    if !calendar && blessed(scene, part) {
        return true;
    }
    let verbal = matches!(
        topic,
        Topic::Modal | Topic::Verb | Topic::Virtue | Topic::Function
    );
    if topic == Topic::Place && !matches!(next, "and" | "with") {
        return false;
    }
    if verbal
        && !matches!(
            next,
            "and" | "with" | "has" | "is" | "was" | "in" | "holding"
        )
    {
        return false;
    }
    (part.end..part.end + 7)
        .take_while(|at| stream.follows(*at) && !(*at > part.end && scene.is_given(*at)))
        .skip(1)
        .any(|at| {
            matches!(
                stream.text(at),
                "her" | "his" | "she" | "he" | "him" | "herself" | "himself"
            )
        })
}

/// `Sunny kept the whole coach singing, bless him`
fn blessed(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let opens = stream.get(part.start).is_some_and(|a| a.opens);
    opens
        && stream.follows(part.end)
        && (part.end + 1..stream.len().min(part.end + 14))
            .take_while(|at| {
                let gap = stream.gap(*at);
                !(gap.has(Gap::STOP) && gap.has(Gap::SPACE) || scene.is_given(*at))
            })
            .any(|at| {
                stream.text(at) == "bless" && matches!(stream.text(at + 1), "her" | "him" | "them")
            })
}

/// `1st Melody, 2nd Jasmine`
fn is_ranked(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let ordinal = matches!(stream.text_before(part.start, 1), "st" | "nd" | "rd" | "th");
    let digits = part.start >= 2 && stream.get(part.start - 2).is_some_and(|a| a.digits);
    let closed =
        stream.gap(part.end).has(Gap::COMMA | Gap::LINE | Gap::STOP) || part.end >= stream.len();
    ordinal && digits && closed
}

/// Words that lead up to a person's name: `pictured: Will`, `MVP: Jay`, `1st Melody`.
pub(super) fn led_up_to(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let (before, second) = (
        stream.text_before(part.start, 1),
        stream.text_before(part.start, 2),
    );
    let that = matches!(before, "that" | "thats")
        && (before == "thats" || stream.get(part.start - 1).is_some_and(|a| a.possessive));
    let ours = before == "our" && (matches!(second, "thats" | "its") || second == "that");
    // "It was high," said Georgia.
    let speaks = matches!(before, "said" | "says")
        && part.start > 1
        && stream.gap(part.start - 1).has(Gap::QUOTE);
    // "she takes melatonin does Ivy"
    let tagged = matches!(
        before,
        "does" | "is" | "was" | "has" | "did" | "can" | "will"
    ) && stream.follows(part.start)
        && !stream.follows(part.end)
        && (2..12).any(|back| matches!(stream.text_before(part.start, back), "she" | "he"));
    // "Violet as the Grand High Witch"
    let acts = stream.text(part.end) == "as"
        && stream.follows(part.end)
        && (matches!(stream.text(part.end + 1), "the" | "a" | "an")
            || stream.get(part.end + 1).is_some_and(Atom::capital));
    that || ours
        || acts
        || speaks
        || tagged
        || matches!(
            (second, before),
            ("to", "right")
                | ("from", "left")
                | ("l", "r")
                | ("hat", "trick")
                | (
                    "mum"
                        | "dad"
                        | "nan"
                        | "parent"
                        | "parents"
                        | "auntie"
                        | "aunty"
                        | "grandad"
                        | "gran",
                    "of"
                )
        )
        || matches!(
            (second, before),
            (
                "crossed"
                    | "rooting"
                    | "cheering"
                    | "voting"
                    | "praying"
                    | "pleased"
                    | "trick"
                    | "applause"
                    | "cheer"
                    | "cheers"
                    | "goal"
                    | "goals",
                "for"
            )
        )
        || matches!((second, before), ("miss" | "love", "you"))
        || matches!(
            before,
            "mvp"
                | "pictured"
                | "goalkeeper"
                | "keeper"
                | "wish"
                | "cheering"
                | "ahh"
                | "aww"
                | "ah"
                | "aw"
                | "bless"
        )
        || (second, before) == ("well", "played")
        || (second, before) == ("name", "is")
            && matches!(stream.text_before(part.start, 3), "his" | "her" | "whose")
        || matches!((second, before), ("is" | "are", "called"))
            && is_somebody_before(scene, part.start - 2)
}

/// `the new boy is called Hunter`, not `the paint is called Willow`
fn is_somebody_before(scene: &Scene<'_>, at: usize) -> bool {
    (1..6).any(|back| {
        let word = scene.stream.text_before(at, back);
        KIN.contains(&word)
            || matches!(
                word,
                "he" | "she"
                    | "who"
                    | "one"
                    | "pupil"
                    | "winner"
                    | "name"
                    | "mine"
                    | "whose"
                    | "captain"
                    | "they"
            )
    })
}

/// `tell summer to stop`, `is will ok`: frames that hold whatever the word is, and however it is written.
fn spoken_of(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let (before, next) = (stream.text_before(part.start, 1), stream.text(part.end));
    let told = matches!(before, "tell" | "ask" | "told" | "asked" | "let" | "taught")
        && matches!(
            next,
            "to" | "that" | "she" | "he" | "not" | "off" | "know" | "i"
        );
    let asked_after = matches!(before, "is" | "hows" | "how's")
        && matches!(
            next,
            "ok" | "okay" | "alright" | "poorly" | "ill" | "allright" | "feeling"
        );
    let calendar = matches!(
        topic,
        Topic::Season | Topic::Month | Topic::Place | Topic::Subject
    );
    let owner = part.possessive && FAMILY_OF.contains(&next);
    // `Precious by name`
    let by_name = part.capital
        && next == "by"
        && stream.text(part.end + 1) == "name"
        && !matches!(before, "im" | "am");
    let hailed = !scene.draft
        && matches!(next, "you" | "u")
        && matches!(
            stream.text(part.end + 1),
            "legend" | "star" | "beauty" | "little" | "absolute" | "superstar" | "champ" | "hero"
        )
        && topic != Topic::Modal;
    told || by_name || asked_after || hailed || owner && !calendar || owner && part.capital
}

/// `ivy came home`, `blessing sang it`, `florence and ivy in their wings`: only a person does so, however it is written.
fn lives(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let (next, after) = (stream.text(part.end), stream.text(part.end + 1));
    let free = stream.get(part.start).is_some_and(|a| a.opens)
        || part.capital
        || matches!(
            stream.text_before(part.start, 1),
            "and"
                | "but"
                | "because"
                | "cos"
                | "that"
                | "when"
                | "if"
                | "omg"
                | "aww"
                | "so"
                | "does"
        );
    // `summer drew to a close`
    let passes = next == "drew" && matches!(after, "to" | "in" | "near" | "closer" | "nearer");
    let acts = stream.follows(part.end)
        && !passes
        && (PERSONAL.contains(&next) && next != "read"
            || next == "came" && matches!(after, "home" | "out" | "running" | "back")
            || next.ends_with("ed") && matches!(after, "her" | "his"));
    let pair = |at: usize| {
        let close = matches!(
            stream.text(at + 1),
            "inseparable"
                | "besties"
                | "friends"
                | "mates"
                | "fighting"
                | "arguing"
                | "coming"
                | "twins"
                | "sisters"
        );
        close && matches!(stream.text(at), "are" | "were" | "r")
            || matches!(
                (stream.text(at), stream.text(at + 1)),
                ("in" | "with", "their")
                    | ("were", "so" | "both" | "brilliant" | "fab" | "amazing")
                    | ("both", _)
                    | (
                        "have" | "had" | "got",
                        "the" | "their" | "been" | "both" | "got" | "to" | "such"
                    )
            )
    };
    let other = |at: usize| scene.parts.given_at(at);
    let first = next == "and" && other(part.end + 1) && pair(part.end + 2);
    let second = stream.text_before(part.start, 1) == "and"
        && part.start >= 2
        && other(part.start - 2)
        && pair(part.end);
    free && acts || first || second
}

/// `piano with merit for Poppy.`, `a gold medal for Holly!`: what is won is won by somebody.
fn wins(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let prize = matches!(
        stream.text_before(part.start, 2),
        "merit"
            | "distinction"
            | "pass"
            | "medal"
            | "trophy"
            | "certificate"
            | "award"
            | "prize"
            | "badge"
            | "goal"
            | "goals"
            | "hatrick"
            | "birthday"
            | "gold"
            | "silver"
            | "bronze"
            | "place"
            | "ribbon"
            | "rosette"
            | "cup"
            | "win"
            | "points"
    );
    let closed = !stream.follows(part.end);
    let first = stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title && !a.heading);
    first && has_won(scene, part.end)
        || prize && stream.text_before(part.start, 1) == "for" && part.capital && closed
}

/// `won the sack race`, `took home a trophy`, `blew out the candles`: what happens to one person. `at` is the verb.
pub(super) fn has_won(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let near = |from: usize, words: &[&str]| {
        (from..from + 6)
            .take_while(|n| stream.follows(*n))
            .any(|n| words.contains(&stream.text(n)))
    };
    stream.follows(at)
        && match stream.text(at) {
            "won" | "took" | "lifted" | "earned" | "bagged" | "claimed" => {
                near(at + 1, CONTESTS) || near(at + 1, PITCH)
            }
            "hit" | "kicked" | "headed" | "passed" | "saved" | "cleared" | "slipped"
            | "crossed" | "dropped" => near(at + 1, PITCH),
            "blew" => stream.text(at + 1) == "out",
            "came" => matches!(
                stream.text(at + 1),
                "first" | "second" | "third" | "fourth" | "last"
            ),
            _ => false,
        }
}

/// What is played with and at.
const PITCH: &[&str] = &[
    "ball", "post", "bar", "crossbar", "penalty", "corner", "tackle", "header", "wicket", "catch",
    "baton", "bat", "hurdle", "toss",
];

const CONTESTS: &[&str] = &[
    "race",
    "races",
    "match",
    "prize",
    "cup",
    "medal",
    "trophy",
    "award",
    "competition",
    "raffle",
    "game",
    "heat",
    "final",
    "bronze",
    "silver",
    "gold",
    "certificate",
    "badge",
    "bee",
    "contest",
    "tournament",
    "bout",
    "rosette",
    "ribbon",
    "place",
    "licence",
];

/// `the show is won by... Georgia!`, `and the award goes to… amber`: what an announcement holds its breath before.
pub(super) fn is_revealed(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let (Some(pause), Some(first)) = (stream.between(part.start), stream.get(part.start)) else {
        return false;
    };
    let held = pause.contains("..") || pause.contains('…');
    let closes = !stream.follows(part.end)
        || matches!(
            stream.text(part.end),
            "and" | "with" | "for" | "from" | "who"
        );
    held && closes
        && first.sigil.is_none()
        && (1..=REVEAL_REACH).any(|back| {
            matches!(
                stream.text_before(part.start, back),
                "winner"
                    | "winners"
                    | "won"
                    | "goes"
                    | "award"
                    | "prize"
                    | "champion"
                    | "match"
                    | "roll"
                    | "trophy"
                    | "medal"
                    | "pupil"
                    | "oscar"
            )
        })
}

/// How far before a revealed name its announcement is looked for.
const REVEAL_REACH: usize = 8;

/// `Is Art still doing the guitar lessons?`
fn is_asked_after(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let asks = part.start.checked_sub(1).and_then(|at| stream.get(at));
    let greeted = matches!(
        stream.text_before(part.start, 2),
        "hi" | "hello" | "hey" | "please" | "pls" | "morning" | "and" | "but" | "so" | "ok"
    );
    let asks = asks.is_some_and(|a| {
        (a.opens || greeted) && matches!(&*a.text, "is" | "was" | "has" | "does" | "did" | "can")
    });
    // `does georgia want to come to ours`
    let wanted = |at: usize| {
        matches!(
            stream.text(at),
            "want"
                | "need"
                | "know"
                | "remember"
                | "like"
                | "get"
                | "enjoy"
                | "eat"
                | "win"
                | "manage"
                | "say"
                | "tell"
                | "have"
                | "find"
                | "bring"
                | "cry"
                | "sleep"
                | "feel"
                | "settle"
                | "behave"
                | "score"
                | "pass"
                | "make"
        ) && stream.follows(at)
            && !matches!(
                topic,
                Topic::Modal | Topic::Season | Topic::Month | Topic::Subject | Topic::Function
            )
    };
    let small = !scene.draft
        && matches!(
            topic,
            Topic::Plant | Topic::Gem | Topic::Thing | Topic::Job | Topic::Nature
        )
        && matches!(stream.text(part.end), "allowed" | "coming" | "going")
        || !scene.draft && wanted(part.end);
    let doing = |at: usize| {
        matches!(
            stream.text(at),
            "doing" | "going" | "having" | "playing" | "allowed" | "joining" | "coming"
        ) && stream.follows(at)
    };
    asks && (part.capital || small)
        && stream.follows(part.start)
        && (doing(part.end)
            || wanted(part.end)
            || stream.text(part.end) == "still" && doing(part.end + 1))
}

/// How sure a frame makes it that the word is a person; the frames of words with a capital first.
pub(super) fn frame(scene: &Scene<'_>, part: &Part, topic: Topic) -> Option<f32> {
    let stream = scene.stream;
    let first = stream.get(part.start)?;
    if topic == Topic::Function || stream.loose {
        return None;
    }
    let calendar = matches!(topic, Topic::Month | Topic::Season | Topic::Subject);
    let capital = first.case == Case::Title && !first.heading;
    let pair_of = (stream.text_before(part.start, 1) == "and"
        && part.start >= 2
        && scene.parts.given_at(part.start - 2))
    .then(|| Part {
        start: part.start - 2,
        ..part.clone()
    });
    let led = (led_up_to(scene, part) || pair_of.is_some_and(|pair| led_up_to(scene, &pair)))
        && topic != Topic::Month;
    let closed = !stream.follows(part.end)
        || matches!(
            stream.text(part.end),
            "x" | "xx" | "xxx" | "and" | "at" | "in" | "from" | "here"
        );
    if spoken_of(scene, part, topic) {
        return Some(0.8);
    }
    if lives(scene, part) {
        return Some(0.75);
    }
    if is_unwell(scene, part) || wins(scene, part) || is_asked_after(scene, part, topic) {
        return Some(0.75);
    }
    let pair = stream.text(part.end) == "and"
        && scene.is_given(part.end + 1)
        && stream.text(part.end + 2) == "have"
        && stream.text(part.end + 3) == "been";
    let paired = stream.text_before(part.start, 1) == "and"
        && scene.stream.text(part.end) == "have"
        && stream.text(part.end + 1) == "been"
        && part.start >= 2
        && scene.is_given(part.start - 2);
    if capital && !calendar && (pair || paired) {
        return Some(0.8);
    }
    let ranked = first.case == Case::Title && is_ranked(scene, part) && topic != Topic::Month;
    if ranked || capital && (led || pronoun_after(scene, part, topic)) {
        return Some(0.85);
    }
    if led && closed && !calendar && !matches!(topic, Topic::Modal) {
        return Some(0.7);
    }
    let bare = first.opens
        || matches!(
            stream.text_before(part.start, 1),
            "and" | "but" | "because" | "cos" | "that" | "think" | "when" | "if"
        );
    let opening = bare
        && (capital || !calendar && (part.capital || !scene.spelt))
        && (topic != Topic::Place || !scene.spelt && !part.capital);
    let subject = opening || capital && !calendar;
    if subject && is_said_of_person(scene, part.end, topic) {
        return Some(0.75);
    }
    (capital && !first.opens && !calendar && default_person(scene, part, topic)).then_some(0.65)
}

/// A capital in the middle of a sentence that no rule of spelling asks for.
fn default_person(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let kind = matches!(
        topic,
        Topic::Plant
            | Topic::Gem
            | Topic::Nature
            | Topic::Thing
            | Topic::Job
            | Topic::Adjective
            | Topic::Verb
    );
    let next = stream.get(part.end);
    let name_goes_on =
        stream.follows(part.end) && next.is_some_and(|a| a.capital() && !a.is_single());
    let before = part.start.checked_sub(1).and_then(|at| stream.get(at));
    let after_capital =
        before.is_some_and(|a| a.capital() && !a.opens && !scene.is_given(part.start - 1));
    let placed = matches!(
        stream.text_before(part.start, 1),
        "in" | "of"
            | "to"
            | "into"
            | "near"
            | "via"
            | "at"
            | "on"
            | "as"
            | "for"
            | "like"
            | "or"
            | "from"
            | "through"
            | "called"
            | "named"
    ) && stream.text_before(part.start, 2) != "look";
    let listed = stream.gap(part.start).has(Gap::COMMA | Gap::AND)
        || stream.gap(part.end).has(Gap::COMMA | Gap::AND)
        || stream.text(part.end) == "and"
        || stream.text_before(part.start, 1) == "and";
    let numbered = before.is_some_and(|a| a.digits) && stream.follows(part.start);
    let acted = DEEDS.contains(&stream.text(part.end));
    kind && !numbered
        && !name_goes_on
        && !after_capital
        && !placed
        && (!listed || acted)
        && !scene.free
}

/// Whether the text gives capitals to everyday words in the middle of its sentences.
pub(super) fn free_with_capitals(stream: &Stream<'_>) -> bool {
    if stream.has.capitals < 2 {
        return false;
    }
    let odd = |atom: &&Atom| {
        atom.case == Case::Title
            && !atom.opens
            && !atom.is_single()
            && !atom.quoted
            && atom.word.common
            && atom.word.topic.is_none()
            && !matches!(
                &*atom.text,
                "year"
                    | "class"
                    | "monday"
                    | "tuesday"
                    | "wednesday"
                    | "thursday"
                    | "friday"
                    | "saturday"
                    | "sunday"
                    | "reception"
                    | "nursery"
                    | "christmas"
                    | "easter"
                    | "im"
                    | "id"
                    | "ive"
                    | "ill"
            )
    };
    // `the Golden Welly` is one name
    let runs = stream.atoms.windows(2).filter(|pair| match pair {
        [before, atom] => odd(&atom) && !(odd(&before) && atom.gap.only(Gap::SPACE)),
        _ => false,
    });
    runs.count() >= 2
}
