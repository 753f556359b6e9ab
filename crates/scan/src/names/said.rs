//! What is said of a person and of nothing else: `is a star`, `was so brave`, `has been up since five`. The frames around a
//! name ask here.

use super::{
    lists::Topic,
    parts::Part,
    scene::{Scene, topic},
    stream::Gap,
};

/// Nouns that only a person is.
const PEOPLE: &[&str] = &[
    "star",
    "legend",
    "girl",
    "boy",
    "pupil",
    "child",
    "kid",
    "winner",
    "captain",
    "friend",
    "patient",
    "reader",
    "bully",
    "menace",
    "credit",
    "superstar",
    "champion",
    "natural",
    "sweetheart",
    "darling",
    "hero",
    "delight",
    "lad",
    "lass",
    "helper",
    "leader",
    "swimmer",
    "runner",
    "player",
    "artist",
    "angel",
    "daughter",
    "son",
    "brother",
    "sister",
    "prefect",
    "diamond",
    "gem",
    "genius",
    "babe",
    "baby",
    "queen",
    "king",
    "best",
    "bravest",
    "kindest",
    "loveliest",
    "sheep",
    "narrator",
    "shepherd",
    "singer",
    "dancer",
    "goalkeeper",
    "keeper",
    "scorer",
];

/// How only a person is or feels.
const STATES: &[&str] = &[
    "leaving",
    "being",
    "always",
    "poorly",
    "ill",
    "happy",
    "sad",
    "proud",
    "shy",
    "upset",
    "crying",
    "bullied",
    "bullying",
    "bullies",
    "brave",
    "funny",
    "excited",
    "hitting",
    "kicking",
    "picked",
    "robbed",
    "fab",
    "brilliant",
    "amazing",
    "absent",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "autistic",
    "diabetic",
    "allergic",
    "dyslexic",
    "pregnant",
    "sick",
    "scared",
    "pushed",
    "punched",
    "kicked",
    "hit",
    "shoved",
    "tripped",
    "bitten",
    "slapped",
    "teased",
    "excluded",
    "chosen",
    "awarded",
    "nominated",
    "invited",
    "devastated",
    "gutted",
    "losing",
    "winning",
    "laughing",
    "smiling",
    "giggling",
    "petrified",
    "exhausted",
    "soaked",
    "terrified",
    "buzzing",
    "chuffed",
    "made",
    "off",
    "getting",
    "having",
    "doing",
    "missing",
    "sobbing",
    "constantly",
    "well",
    "busy",
    "moving",
    "starting",
    "joining",
    "settling",
    "learning",
    "reading",
    "playing",
    "looking",
    "nicer",
    "kind",
    "clever",
    "talented",
    "rude",
    "horrible",
    "nasty",
    "mean",
    "wonderful",
    "fantastic",
    "ready",
    "delighted",
];

/// States that a month or a town can be in too.
const VAGUE: &[&str] = &[
    "busy",
    "wonderful",
    "made",
    "off",
    "ready",
    "mean",
    "brilliant",
    "amazing",
    "fantastic",
    "best",
    "well",
    "missing",
    "looking",
    "starting",
    "moving",
    "horrible",
    "kind",
    "having",
    "getting",
    "playing",
    "always",
    "proud",
];

const SMALL_STEPS: &[&str] = &[
    "so",
    "very",
    "really",
    "just",
    "still",
    "now",
    "also",
    "only",
    "such",
    "been",
    "not",
    "never",
    "too",
    "quite",
    "a",
    "an",
    "the",
    "our",
    "my",
    "their",
    "absolute",
    "absolutely",
    "little",
    "real",
    "total",
    "proper",
    "true",
    "right",
    "lovely",
    "great",
    "super",
];

/// `is a star`, `was so brave`, `has been reading`, `gets picked on`: what is said of a person. `at` is the verb.
pub(super) fn is_said_of_person(scene: &Scene<'_>, at: usize, topic: Topic) -> bool {
    let stream = scene.stream;
    if !stream.follows(at) {
        return false;
    }
    // `May is busy`, `Florence has a bridge`: times and places are and have a good deal too.
    let strict = matches!(
        topic,
        Topic::Month | Topic::Season | Topic::Modal | Topic::Place | Topic::Subject
    );
    match stream.text(at) {
        "did" | "gets" | "got" | "does" | "keeps" | "looked" => true,
        "has" | "had" if strict => matches!(
            stream.text(at + 1),
            "lost" | "his" | "her" | "hurt" | "grown" | "hit" | "pushed"
        ),
        "has" | "had" => {
            stream.follows(at + 1)
                && !matches!(
                    stream.text(at + 1),
                    "come" | "arrived" | "begun" | "started" | "now"
                )
                && !(stream.text(at + 1) == "been" && is_tended(stream.text(at + 2)))
        }
        "is" | "was" | "are" | "were" | "looks" | "isnt" | "wasnt" | "look" => {
            let charge = (stream.text(at + 1), stream.text(at + 2)) == ("in", "charge");
            charge || is_so(scene, at + 1, topic)
        }
        _ => false,
    }
}

/// `a star`, `so brave`: how only a person is. `from` follows the verb.
pub(super) fn is_so(scene: &Scene<'_>, from: usize, topic: Topic) -> bool {
    let stream = scene.stream;
    let strict = matches!(
        topic,
        Topic::Month | Topic::Season | Topic::Modal | Topic::Place | Topic::Subject
    );
    for next in from..from + 4 {
        if !stream.gap(next).only(Gap::SPACE) {
            return false;
        }
        let text = stream.text(next);
        if PEOPLE.contains(&text) || STATES.contains(&text) && !(strict && VAGUE.contains(&text)) {
            return true;
        }
        if !SMALL_STEPS.contains(&text) {
            return false;
        }
    }
    false
}

/// `Ivy has been cleared from the fence`: what is done to plants and things.
fn is_tended(word: &str) -> bool {
    matches!(
        word,
        "cleared"
            | "cut"
            | "removed"
            | "planted"
            | "trimmed"
            | "pruned"
            | "painted"
            | "replaced"
            | "installed"
            | "laid"
            | "added"
            | "used"
            | "growing"
            | "ordered"
            | "delivered"
    )
}

/// `summer is poorly today`, `autumn has been up since five`: how only a person is, whatever the word.
pub(super) fn is_unwell(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let first = stream
        .get(part.start)
        .is_some_and(|a| a.opens || a.capital());
    let told = matches!(
        stream.text_before(part.start, 1),
        "that"
            | "and"
            | "but"
            | "because"
            | "cos"
            | "if"
            | "when"
            | "think"
            | "hope"
            | "as"
            | "poor"
            | "said"
            | "says"
            | "heard"
    );
    let verb = stream.text(part.end);
    let being = matches!(
        verb,
        "is" | "was" | "isnt" | "wasnt" | "feels" | "felt" | "looks" | "looked"
    );
    let been = matches!(verb, "has" | "had" | "hasnt") && stream.text(part.end + 1) == "been";
    let mut at = part.end + 1 + usize::from(been);
    while matches!(
        stream.text(at),
        "so" | "very" | "really" | "still" | "a" | "bit" | "quite" | "too" | "proper" | "well"
    ) && stream.follows(at)
    {
        at += 1;
    }
    let state = matches!(
        stream.text(at),
        "poorly"
            | "ill"
            | "sick"
            | "crying"
            | "upset"
            | "scared"
            | "bullied"
            | "absent"
            | "allergic"
            | "autistic"
            | "diabetic"
            | "dyslexic"
            | "shy"
            | "sobbing"
            | "terrified"
            | "gutted"
            | "chuffed"
            | "exhausted"
            | "excited"
            | "unwell"
            | "better"
            | "asleep"
            | "nervous"
            | "anxious"
            | "tired"
            | "asking"
            | "singing"
            | "talking"
            | "practising"
            | "gonna"
            | "freezing"
            | "starving"
            | "fuming"
            | "worried"
    ) || been
        && stream.text(at) == "up"
        && matches!(stream.text(at + 1), "since" | "all" | "half");
    let season = matches!(
        topic(part),
        Some(Topic::Season | Topic::Month | Topic::Modal | Topic::Place | Topic::Subject)
    );
    let kept = !season
        && matches!(
            stream.text(at),
            "allowed" | "there" | "eating" | "sleeping" | "speaking"
        );
    (first || told)
        && (being || been)
        && stream.follows(part.end)
        && stream.follows(at)
        && (state || kept && verb != "feels")
}
