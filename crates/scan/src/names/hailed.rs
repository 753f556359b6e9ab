//! A name that is an English word where somebody is spoken to by it: `Joy, you little marvel!`, `Holly babe check your snap`.

use super::{
    grammar_words::OPENS_CLAUSE,
    lists::Topic,
    parts::{Part, Way},
    scene::Scene,
    stream::{Case, Gap},
};

/// Whether the words right behind the name speak to its bearer.
pub(super) fn is_hailed(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let plain = part.way == Way::Plain && !part.possessive && !scene.stream.loose;
    let word = matches!(topic, Topic::Function | Topic::Subject);
    plain
        && !word
        && (is_told(scene, part) || is_dear(scene, part, topic) || is_bidden(scene, part, topic))
}

/// `Faith, you were born for that stage`, `Blessing, what a performance`, `Hope, we are so proud of you`
fn is_told(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let (at, gap) = (part.end, stream.gap(part.end));
    let title = stream
        .get(part.start)
        .is_some_and(|a| a.opens && a.case == Case::Title && !a.heading);
    // `Joy!!! You did it!!!`
    let cried = !scene.draft
        && title
        && gap.only(Gap::STOP | Gap::SPACE)
        && gap.has(Gap::SPACE)
        && matches!(stream.text(at), "you" | "youre" | "youve")
        && stream.get(at).is_some_and(super::stream::Atom::capital)
        && !matches!(part.key.as_str(), "summer" | "autumn" | "may" | "art");
    if cried {
        return true;
    }
    if !title || !gap.has(Gap::COMMA) || !gap.only(Gap::COMMA | Gap::SPACE) {
        return false;
    }
    let to_you = || {
        (at + 1..at + 12)
            .take_while(|n| !stream.gap(*n).has(Gap::STOP))
            .any(|n| matches!(stream.text(n), "you" | "your" | "u"))
    };
    // `"Florence, that sheep is looking at you."`
    let quoted = stream.gap(part.start).has(Gap::QUOTE)
        && !stream.gap(at).has(Gap::QUOTE)
        && (at..at + 10)
            .take_while(|n| *n == at || stream.follows(*n))
            .any(|n| matches!(stream.text(n), "you" | "your" | "youre" | "youve"));
    if quoted {
        return true;
    }
    match (stream.text(at), stream.text(at + 1)) {
        ("you", next) => matches!(
            next,
            "little"
                | "absolute"
                | "absolutely"
                | "total"
                | "clever"
                | "brilliant"
                | "beautiful"
                | "superstar"
                | "star"
                | "legend"
                | "beauty"
                | "brave"
                | "amazing"
                | "were"
                | "have"
                | "did"
                | "made"
                | "deserve"
                | "deserved"
                | "smashed"
                | "nailed"
                | "rock"
                | "rocked"
                | "shone"
                | "sang"
                | "gorgeous"
                | "wonderful"
                | "fabulous"
                | "utter"
                | "marvel"
        ),
        ("youre" | "youve" | "your", _)
        | ("what", "a" | "an")
        | ("thank", "you")
        | ("well", "done" | "played")
        | ("good", "luck")
        | ("happy", "birthday")
        | ("take", "a")
        | ("congratulations" | "congrats" | "bravo", _) => true,
        ("we" | "i" | "im" | "were" | "everyone" | "everybody", _) => {
            to_you()
                && (at..at + 7).any(|n| {
                    matches!(
                        stream.text(n),
                        "proud"
                            | "love"
                            | "miss"
                            | "thank"
                            | "thrilled"
                            | "pleased"
                            | "wish"
                            | "salute"
                            | "delighted"
                            | "heard"
                    )
                })
        }
        _ => false,
    }
}

/// `jordan stop being a try hard`
fn is_bidden(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let thing = matches!(
        topic,
        Topic::Virtue | Topic::Modal | Topic::Month | Topic::Verb
    );
    let bid = match stream.text(part.end) {
        "u" | "you" | "ya" => matches!(
            stream.text(part.end + 1),
            "coming"
                | "going"
                | "ok"
                | "okay"
                | "alright"
                | "free"
                | "about"
                | "there"
                | "want"
                | "out"
                | "playing"
        ),
        "stop" => {
            let what = stream.text(part.end + 1);
            what.ends_with("ing") || matches!(what, "it" | "that" | "the" | "your" | "ur")
        }
        "shut" => stream.text(part.end + 1) == "up",
        "do" => matches!(
            (stream.text(part.end + 1), stream.text(part.end + 2)),
            ("us" | "me", "all" | "a") | ("the", "world") | ("everyone" | "everybody", _)
        ),
        "dont" => matches!(
            stream.text(part.end + 1),
            "be" | "do" | "forget" | "listen" | "worry" | "cry" | "you" | "u" | "let" | "tell"
        ),
        "leave" => matches!(
            stream.text(part.end + 1),
            "me" | "us" | "him" | "her" | "them" | "it"
        ),
        _ => false,
    };
    let opens = stream.get(part.start).is_some_and(|a| a.opens);
    !scene.draft && !thing && opens && bid && stream.follows(part.end)
}

/// `Daisy darling it is only me`, `happy birthday Rose my darling`
fn is_dear(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let mine = usize::from(stream.text(part.end) == "my");
    let at = part.end + mine;
    let dear = matches!(
        stream.text(at),
        "sweetie"
            | "sweetheart"
            | "darling"
            | "darlin"
            | "hun"
            | "hunni"
            | "hunny"
            | "babe"
            | "babes"
            | "bby"
            | "mate"
            | "bro"
            | "bruv"
            | "pal"
            | "petal"
            | "gorgeous"
            | "poppet"
            | "treacle"
            | "lovely"
            | "sweetpea"
    );
    let greeted = matches!(
        stream.text_before(part.start, 1),
        "birthday"
            | "hi"
            | "hey"
            | "hello"
            | "night"
            | "morning"
            | "bye"
            | "love"
            | "miss"
            | "you"
            | "u"
            | "done"
            | "on"
            | "thanks"
    );
    let opens = greeted || stream.get(part.start).is_some_and(|a| a.opens);
    let after = stream.text(at + 1);
    let closes = !stream.follows(at + 1) && !stream.gap(at + 1).has(Gap::DASH)
        || OPENS_CLAUSE.contains(after)
        || matches!(
            after,
            "it" | "its"
                | "check"
                | "dont"
                | "just"
                | "can"
                | "are"
                | "is"
                | "x"
                | "xx"
                | "xxx"
                | "whats"
                | "when"
                | "where"
                | "why"
                | "have"
                | "did"
                | "do"
                | "thank"
                | "come"
                | "call"
                | "text"
                | "msg"
                | "message"
                | "send"
                | "add"
                | "keep"
                | "if"
                | "this"
                | "happy"
                | "ignore"
                | "stay"
                | "remember"
                | "whos"
                | "hows"
                | "id"
                | "ill"
                | "they"
                | "he"
                | "she"
        );
    let wish = part.key == "hope"
        || matches!(topic, Topic::Modal | Topic::Month | Topic::Verb) && !part.capital;
    !scene.draft
        && !wish
        && dear
        && opens
        && closes
        && stream.follows(at)
        && stream.follows(part.end)
}
