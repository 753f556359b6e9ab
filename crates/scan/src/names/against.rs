//! Evidence against a person where the name is an English word: times, things, places, values.

use super::{
    cues::DEEDS,
    evidence::{attached_class, kin_before, listed, pictured, praised},
    frames::led_up_to,
    lists::Topic,
    parts::Part,
    scene::Scene,
    stream::{Atom, Gap},
};

/// Words that make the next one a thing, a time or a place.
pub(super) const DETERMINERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "some", "much", "more", "no", "every",
    "any", "each", "your", "their", "his", "her", "its", "next", "last", "say", "said", "saying",
    "says", "with", "full", "bring", "brings", "find", "have", "has", "give", "early", "late",
    "mid", "since", "until", "during", "before", "after", "through", "per", "via", "we", "i",
    "they", "you", "it", "he", "she", "who", "what", "which", "please", "such", "absolute",
    "total", "calls", "call",
];

/// Words that, after a word-name, show that it is not a person.
const THINGS_AFTER: &[&str] = &[
    "term",
    "fair",
    "fete",
    "fayre",
    "holiday",
    "holidays",
    "camp",
    "show",
    "concert",
    "uniform",
    "party",
    "ball",
    "garden",
    "gardens",
    "class",
    "club",
    "house",
    "team",
    "day",
    "days",
    "week",
    "weekend",
    "group",
    "award",
    "awards",
    "hall",
    "room",
    "road",
    "street",
    "lane",
    "tree",
    "trees",
    "bush",
    "park",
    "church",
    "centre",
    "cup",
    "assembly",
    "exhibition",
    "gallery",
    "work",
    "lesson",
    "lessons",
    "half",
    "bank",
    "bulbs",
    "petals",
    "chain",
    "chains",
    "seeds",
    "appeal",
    "wreath",
    "wreaths",
    "crown",
    "medal",
    "pole",
    "maypole",
    "queen",
    "king",
    "reading",
    "menu",
    "newsletter",
    "production",
    "festival",
    "harvest",
    "walk",
    "trip",
    "visit",
    "event",
    "events",
    "fayres",
    "uniforms",
    "break",
    "sale",
    "sports",
    "season",
    "weather",
    "time",
    "morning",
    "school",
    "stage",
    "tent",
    "project",
    "department",
    "teacher",
    "table",
    "corner",
    "wall",
    "bear",
    "bears",
    "the",
    "your",
    "our",
    "we",
    "i",
    "he",
    "she",
    "they",
    "it",
    "there",
    "be",
    "all",
    "not",
    "and",
    "of",
    "everyone",
    "you",
    "this",
    "that",
    "my",
    "his",
    "her",
    "their",
    "a",
    "an",
    "any",
    "some",
    "cards",
    "card",
    "bench",
    "system",
    "scheme",
    "poster",
    "posters",
    "display",
    "banner",
    "logo",
    "photo",
    "photos",
    "board",
    "banquet",
    "cake",
    "stall",
    "workshop",
    "raffle",
    "tournament",
    "badge",
];

/// Whether the small word behind a name makes a thing of it: `Poppy appeal`, `Ruby group`.
pub(super) fn is_thing_after(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "there", "be", "everyone", "you", "this", "that", "your", "it", "any", "some",
    ];
    THINGS_AFTER.contains(&word) && !CLAUSE_WORDS.contains(&word) && !SMALL.contains(&word)
}

/// Evidence against a person, by topic.
pub(super) fn against(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let before = stream.text_before(part.start, 1);
    let next = stream.text(part.end);
    // "that's Hope", "thats our poppy"
    let shown = before == "that"
        && part.start > 0
        && stream.get(part.start - 1).is_some_and(|a| a.possessive);
    let quoted = part.is_word()
        && stream.gap(part.start).has(Gap::QUOTE)
        && stream.gap(part.end).has(Gap::QUOTE)
        && !part.possessive;
    if quoted {
        return true;
    }
    // "It was high," said Georgia.
    let speaks = matches!(before, "said" | "says")
        && part.capital
        && topic != Topic::Virtue
        && part.start > 0
        && stream.gap(part.start - 1).has(Gap::QUOTE);
    let joined = stream.follows(part.start) || stream.gap(part.start).has(Gap::DASH | Gap::QUOTE);
    let greeted = DETERMINERS.contains(&before) && joined;
    let thanked = before == "you"
        && matches!(
            stream.text_before(part.start, 2),
            "thank" | "to" | "love" | "of" | "miss"
        );
    let thanked = thanked || before == "you" && stream.text_before(part.start, 2) == "wait";
    let asked = matches!(before, "who" | "what") && part.capital && DEEDS.contains(&next);
    let clause = asked
        || before == "that"
            && (DEEDS.contains(&next)
                || part.capital && matches!(next, "is" | "was" | "has" | "had"));
    let in_list = matches!(before, "with" | "that" | "your") && listed(scene, part);
    if greeted && !clause && !thanked && !in_list && !shown && !speaks {
        return true;
    }
    let follows = stream.follows(part.end);
    let other = stream.get(part.end + 1).is_some_and(Atom::capital) && scene.is_given(part.end + 1)
        || !scene.spelt && !part.capital && scene.parts.given_at(part.end + 1);
    let list_goes_on = next == "and" && (other || listed(scene, part));
    // `Lucy, Max and Florence this week`
    let among_names = part.capital && listed(scene, part) && !is_thing_after(next);
    let thing = THINGS_AFTER.contains(&next) && !list_goes_on && !among_names;
    let addressed =
        matches!(next, "you") && !matches!(topic, Topic::Virtue | Topic::Verb | Topic::Modal);
    let and_person = next == "and"
        && matches!(
            stream.text(part.end + 1),
            "the" | "her" | "his" | "i" | "all" | "mum" | "dad" | "family"
        )
        && (praised(scene, part.start) || kin_before(scene, part.start));
    let own_kin =
        next == "and" && part.capital && matches!(stream.text(part.end + 1), "her" | "his");
    // `so pleased for sky and river`
    let led = next == "and" && scene.parts.given_at(part.end + 1) && led_up_to(scene, part);
    let and_person = and_person || own_kin || led;
    let and_after = next == "and"
        && (praised(scene, part.start) || kin_before(scene, part.start) || part.possessive);
    if follows && thing && !part.possessive && !addressed && !and_person && !and_after {
        let all = next == "all" || next == "the" && praised(scene, part.start);
        if !all {
            return true;
        }
    }
    by_topic(scene, part, topic, before, next)
}

/// Whether the few words of a picture say that a word-name is the thing: `a teddy`, `teddy bears`, `Summer in the hall`.
pub(super) fn names_a_thing(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let beside = |at: usize| stream.gap(at).only(Gap::SPACE | Gap::DASH | Gap::UNDERLINE);
    let before = stream.text_before(part.start, 1);
    let next = stream.text(part.end);
    // "is that Teddy in 4 Heron?" asks who it is; "that teddy" points at a toy
    let asks_who = before == "that"
        && matches!(
            stream.text_before(part.start, 2),
            "is" | "was" | "isn't" | "wasn't"
        );
    let determined = beside(part.start) && DETERMINERS.contains(&before) && !asks_who;
    let compound = part.start > 0 && beside(part.start) && before == "teddy";
    let link = CLAUSE_WORDS.contains(&next);
    let thing = beside(part.end) && THINGS_AFTER.contains(&next) && !link;
    let does = DEEDS.contains(&next) || next.len() > 4 && next.ends_with("ing");
    let person = match topic {
        Topic::Plant | Topic::Gem | Topic::Thing | Topic::Job | Topic::Title | Topic::Nature => {
            true
        }
        Topic::Virtue => does || stream.loose || matches!(next, "with" | "at" | "on"),
        _ => does,
    };
    determined || compound || thing || !person
}

/// Words that go on about a person as well as about a thing.
const CLAUSE_WORDS: &[&str] = &[
    "and", "of", "the", "a", "an", "his", "her", "their", "he", "she", "they", "our", "all", "we",
    "my", "not", "i",
];

fn by_topic(scene: &Scene<'_>, part: &Part, topic: Topic, before: &str, next: &str) -> bool {
    let stream = scene.stream;
    if before == "of" && stream.text_before(part.start, 2) == "proud"
        || before == "for"
            && part.capital
            && matches!(stream.text_before(part.start, 2), "crossed" | "rooting")
        || pictured(scene, part.start)
            && !matches!(
                topic,
                Topic::Season | Topic::Month | Topic::Modal | Topic::Place
            )
    {
        return false;
    }
    let number_before = part.start > 0
        && stream.get(part.start - 1).is_some_and(|a| a.digits)
        && stream.follows(part.start)
        && !scene.in_mention(part.start - 1);
    let number_after = stream.get(part.end).is_some_and(|a| a.digits) && stream.follows(part.end);
    let ordinal = matches!(before, "st" | "nd" | "rd" | "th");
    let placed = matches!(
        before,
        "in" | "on"
            | "from"
            | "near"
            | "visit"
            | "visited"
            | "around"
            | "across"
            | "of"
            | "at"
            | "into"
            | "for"
    );
    let moved = placed || before == "to" && !praised(scene, part.start);
    match topic {
        Topic::Month | Topic::Modal => {
            ordinal
                || number_before
                || number_after
                || matches!(
                    before,
                    "in" | "on"
                        | "from"
                        | "of"
                        | "for"
                        | "by"
                        | "till"
                        | "end"
                        | "start"
                        | "beginning"
                        | "th"
                        | "st"
                        | "monday"
                        | "tuesday"
                        | "wednesday"
                        | "thursday"
                        | "friday"
                        | "saturday"
                        | "sunday"
                )
                || before == "to" && !praised(scene, part.start)
        }
        Topic::Season => {
            matches!(
                before,
                "in" | "on"
                    | "from"
                    | "of"
                    | "for"
                    | "hello"
                    | "goodbye"
                    | "bye"
                    | "happy"
                    | "welcome"
            ) || before == "to" && !praised(scene, part.start)
        }
        Topic::Place => moved && !listed(scene, part),
        Topic::Virtue => {
            values_near(scene, part)
                || matches!(before, "of" | "in" | "for" | "through" | "amazing")
        }
        Topic::Title => matches!(next, "charles" | "william" | "george" | "of"),
        Topic::Subject => {
            placed || before == "and" && !listed(scene, part) && !DEEDS.contains(&next)
        }
        Topic::Verb => number_after || before == "to" && !praised(scene, part.start),
        Topic::Plant | Topic::Gem | Topic::Colour | Topic::Nature => {
            let kin = matches!(
                stream.text_before(part.start, 2),
                "mum" | "dad" | "nan" | "mother" | "father"
            );
            before == "of" && !kin || before == "in"
        }
        Topic::Function => {
            !part.possessive && !praised(scene, part.start) && attached_class(scene, part).is_none()
        }
        Topic::Job | Topic::Adjective | Topic::Thing => {
            matches!(before, "of" | "in" | "very" | "so" | "more")
        }
    }
}

/// A sentence about values, themes and prayers.
fn values_near(scene: &Scene<'_>, part: &Part) -> bool {
    let from = part.start.saturating_sub(8);
    let to = scene.stream.len().min(part.end + 8);
    (from..to).any(|at| {
        matches!(
            scene.stream.text(at),
            "value"
                | "values"
                | "virtue"
                | "virtues"
                | "theme"
                | "prayer"
                | "prayers"
                | "advent"
                | "worship"
                | "christian"
                | "candle"
                | "fruits"
        )
    })
}
