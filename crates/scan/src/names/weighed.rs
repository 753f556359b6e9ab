//! Many small signs weighed together: where no rule knows whether an English word is somebody's name, what stands around it
//! is added up with weights that were learnt from labelled texts. Each sign is a plain question about the sentence; none of
//! them decides alone. Whose name it would be is not decided here.
//!
//! `weighed.txt` has the weights: a logistic regression over the places that no rule decided, in the labelled texts, in the
//! same texts with ordinary given names changed for English words, and in real sentences without any pupil.

use std::sync::LazyLock;

use super::{
    adults::is_title,
    against,
    cues::{BELONGINGS, DEEDS, DONE_TO, FAMILY_OF, PERSONAL},
    evidence::{attached_class, kin_before, pictured, praised},
    grammar::{self, Noun, Verb},
    grammar_words::{ARTICLES, BEFORE_OBJECT, GROWS, HAPPENS, PARTICLES, SAYS, SEES, STRICT},
    lists,
    lists::Topic,
    lists::company::{CHILD, KIN},
    parts::{Part, Way},
    scene::Scene,
    stream::{Atom, Case, Gap},
};

/// The intercept, and one weight for each sign in the order in which they are asked.
static WEIGHTS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    lists::lines(include_str!("weighed.txt"))
        .filter_map(|line| line.parse().ok())
        .collect()
});

/// The sum from which on a word is somebody's name: three in five such places were.
const LEAST: f32 = 0.35;

/// The same for words that every other sentence has: `will`, `may`, `hope`.
const LEAST_EVERYDAY: f32 = 1.0;

/// How sure a name is that nothing but small signs tell.
const WEIGHED: f32 = 0.6;

/// How far a pronoun may stand behind the name it goes back to.
const NEAR: usize = 8;

/// How far signs of the rest of the text are looked for.
const FAR: usize = 24;

/// How sure the signs make it that the word is a person.
pub(super) fn person(scene: &Scene<'_>, part: &Part, topic: Topic) -> Option<f32> {
    let readable = part.capital || !scene.spelt;
    let plain = matches!(part.way, Way::Plain | Way::Plural);
    if topic == Topic::Function
        || scene.stream.loose
        || !readable
        || !plain
        || is_wish(scene, part)
        || is_spell(scene, part, topic)
    {
        return None;
    }
    let everyday = topic == Topic::Modal || part.key == "hope";
    let least = if everyday { LEAST_EVERYDAY } else { LEAST };
    if !part.capital && describes(scene, part) {
        return None;
    }
    (signs(scene, part, topic)?.sum > least).then_some(WEIGHED)
}

/// `violet eyes`, `his scarlet cap`: a small word right before a thing.
fn describes(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let thing = matches!(
        stream.text(part.end),
        "eyes"
            | "cap"
            | "dress"
            | "light"
            | "lights"
            | "water"
            | "ribbon"
            | "ribbons"
            | "cheeks"
            | "ring"
            | "necklace"
            | "hair"
            | "flowers"
            | "bush"
            | "tree"
            | "trees"
            | "leaves"
            | "petals"
            | "garden"
            | "stones"
            | "beads"
            | "warning"
    );
    thing && !part.possessive && part.way == Way::Plain && stream.follows(part.end)
}

/// `Hope somebody reads this`: the verb without its `I`.
fn is_wish(scene: &Scene<'_>, part: &Part) -> bool {
    let next = scene.stream.text(part.end);
    part.key == "hope"
        && scene.stream.get(part.start).is_some_and(|a| a.opens)
        && scene.stream.follows(part.end)
        && (STRICT.contains(next)
            || matches!(
                next,
                "somebody"
                    | "someone"
                    | "anyone"
                    | "nobody"
                    | "you"
                    | "u"
                    | "ur"
                    | "your"
                    | "they"
                    | "we"
                    | "he"
                    | "she"
                    | "hes"
                    | "shes"
                    | "theyre"
                    | "youre"
                    | "its"
                    | "that"
                    | "there"
                    | "to"
                    | "so"
                    | "not"
                    | "i"
            ))
}

/// `Summer kept us waiting`, `hope and joy filled the hall`: what a season does to everybody, and values side by side.
fn is_spell(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let value = |at: usize| {
        stream
            .get(at)
            .is_some_and(|a| a.word.topic == Some(Topic::Virtue))
    };
    let beside = stream.text(part.end) == "and" && value(part.end + 1)
        || stream.text_before(part.start, 1) == "and" && part.start >= 2 && value(part.start - 2);
    if topic == Topic::Virtue && beside {
        return true;
    }
    grammar::noun(part, topic) == Noun::Calendar
        && HAPPENS.contains(scene.stream.text(part.end))
        && matches!(
            scene.stream.text(part.end + 1),
            "us" | "everyone" | "everybody"
        )
}

/// The signs that were asked so far.
struct Signs {
    sum: f32,
    asked: usize,
}

impl Signs {
    fn ask(&mut self, sign: bool) {
        self.asked += 1;
        if sign {
            self.sum += WEIGHTS.get(self.asked).copied().unwrap_or_default();
        }
    }
}

fn signs(scene: &Scene<'_>, part: &Part, topic: Topic) -> Option<Signs> {
    let first = scene.stream.get(part.start)?;
    let mut s = Signs {
        sum: WEIGHTS.first().copied().unwrap_or_default(),
        asked: 0,
    };
    let kind = kind(part, topic);
    let place = match (part.capital, first.opens || first.heading) {
        (false, _) => usize::from(!scene.stream.has_capitals()),
        (true, true) => 2,
        (true, false) => 3,
    };
    for n in 0..KINDS * 4 {
        s.ask(n == kind * 4 + place);
    }
    before(&mut s, scene, part);
    marks_before(&mut s, scene, part);
    marks_behind(&mut s, scene, part);
    words_behind(&mut s, scene, part);
    pronouns(&mut s, scene, part);
    around(&mut s, scene, part, topic);
    of_text(&mut s, scene, part, topic, first);
    debug_assert_eq!(s.asked + 1, WEIGHTS.len());
    Some(s)
}

fn is_capital(scene: &Scene<'_>, at: usize) -> bool {
    scene
        .stream
        .get(at)
        .is_some_and(|a| a.capital() && !a.heading && !a.is_single())
}

fn is_given(scene: &Scene<'_>, at: usize) -> bool {
    scene.stream.get(at).is_some_and(Atom::capital) && scene.is_given(at)
}

/// What kind of word it is, for the weights.
fn kind(part: &Part, topic: Topic) -> usize {
    match (grammar::noun(part, topic), topic) {
        (_, Topic::Virtue) => 0,
        (Noun::Modal, _) => 1,
        (Noun::Calendar, _) if part.key == "may" => 2,
        (Noun::Calendar, _) => 3,
        (Noun::Place, _) => 4,
        (Noun::Mass, _) => 5,
        (Noun::Count, Topic::Plant | Topic::Gem | Topic::Job) => 6,
        (Noun::Count, _) => 7,
    }
}

const KINDS: usize = 8;

/// What stands before the word.
fn before(s: &mut Signs, scene: &Scene<'_>, part: &Part) {
    let stream = scene.stream;
    let start = part.start;
    let (b1, b2) = (stream.text_before(start, 1), stream.text_before(start, 2));
    let behind = stream.follows(start);
    s.ask(behind && matches!(b1, "the" | "a" | "an"));
    s.ask(behind && matches!(b1, "my" | "our"));
    s.ask(behind && ARTICLES.contains(b1) && !matches!(b1, "the" | "a" | "an"));
    s.ask(behind && matches!(b1, "with" | "by" | "from" | "than" | "without"));
    s.ask(behind && matches!(b1, "for" | "to"));
    s.ask(behind && b1 == "of");
    s.ask(behind && b1 == "and");
    s.ask(
        behind
            && matches!(
                b1,
                "in" | "on"
                    | "at"
                    | "into"
                    | "over"
                    | "under"
                    | "through"
                    | "until"
                    | "since"
                    | "during"
                    | "this"
                    | "last"
                    | "next"
                    | "every"
                    | "early"
                    | "late"
            ),
    );
    s.ask(
        behind
            && matches!(
                b1,
                "that"
                    | "if"
                    | "when"
                    | "because"
                    | "cos"
                    | "but"
                    | "so"
                    | "and"
                    | "while"
                    | "where"
                    | "then"
                    | "as"
                    | "how"
                    | "why"
            ),
    );
    s.ask(
        behind
            && matches!(
                b1,
                "is" | "was" | "did" | "does" | "has" | "can" | "will" | "are" | "were"
            ),
    );
    s.ask(
        behind
            && (DONE_TO.contains(&b1)
                || SEES.contains(b1)
                || matches!(
                    b1,
                    "told"
                        | "tell"
                        | "ask"
                        | "asked"
                        | "let"
                        | "gave"
                        | "give"
                        | "called"
                        | "named"
                        | "poor"
                        | "show"
                        | "remind"
                )),
    );
    s.ask(behind && (SAYS.contains(b1)));
    s.ask(
        behind
            && matches!(
                b1,
                "i" | "we"
                    | "they"
                    | "you"
                    | "he"
                    | "she"
                    | "it"
                    | "u"
                    | "to"
                    | "just"
                    | "really"
                    | "do"
                    | "not"
            ),
    );
    s.ask(behind && b1.ends_with("ing"));
    s.ask(behind && b1.ends_with("ed"));
    s.ask(behind && b1.ends_with('s') && b1.len() > 3);
    s.ask(behind && BEFORE_OBJECT.contains(b1));
    s.ask(behind && b2 == "the" || b2 == "a");
}

/// What names and marks stand right before the word.
fn marks_before(s: &mut Signs, scene: &Scene<'_>, part: &Part) {
    let stream = scene.stream;
    let start = part.start;
    let (behind, gap0) = (stream.follows(start), stream.gap(start));
    s.ask(
        behind
            && start > 0
            && is_capital(scene, start - 1)
            && !is_given(scene, start - 1)
            && !stream.get(start - 1).is_some_and(|a| a.opens),
    );
    s.ask(
        behind
            && start > 0
            && is_capital(scene, start - 1)
            && !is_given(scene, start - 1)
            && stream.get(start - 1).is_some_and(|a| a.opens),
    );
    s.ask(behind && start > 0 && is_given(scene, start - 1));
    s.ask(start > 0 && stream.get(start - 1).is_some_and(|a| a.digits));
    s.ask(gap0.has(Gap::COMMA));
    s.ask(gap0.has(Gap::COLON));
    s.ask(gap0.has(Gap::QUOTE));
    s.ask(gap0.has(Gap::BRACKET));
    s.ask(gap0.has(Gap::SYMBOL | Gap::DASH) && !gap0.is_empty());
    s.ask(gap0.has(Gap::SIGIL));
    s.ask(gap0.has(Gap::LINE));
    s.ask(start == 0);
}

/// What marks and names stand right behind the word.
fn marks_behind(s: &mut Signs, scene: &Scene<'_>, part: &Part) {
    let stream = scene.stream;
    let end = part.end;
    let n1 = stream.text(end);
    let (ahead, gap1) = (stream.follows(end), stream.gap(end));
    s.ask(gap1.has(Gap::COMMA));
    s.ask(gap1.has(Gap::STOP) && end < stream.len());
    s.ask(end >= stream.len());
    s.ask(gap1.has(Gap::COLON));
    s.ask(gap1.has(Gap::DASH) && gap1.has(Gap::SPACE));
    s.ask(gap1.has(Gap::DASH) && !gap1.has(Gap::SPACE));
    s.ask(gap1.has(Gap::BRACKET));
    s.ask(gap1.has(Gap::QUOTE));
    s.ask(gap1.has(Gap::SYMBOL));
    s.ask(gap1.has(Gap::AND));
    s.ask(gap1.has(Gap::LINE));
    s.ask(part.possessive);
    s.ask(part.possessive && BELONGINGS.contains(&n1));
    s.ask(part.possessive && FAMILY_OF.contains(&n1));
    s.ask(part.possessive && stream.get(end).is_some_and(|a| a.capital()));
    s.ask(ahead && is_capital(scene, end) && !is_given(scene, end) && !scene.in_mention(end));
    s.ask(ahead && is_given(scene, end));
    s.ask(scene.in_mention(end));
    s.ask(attached_class(scene, part).is_some());
    s.ask(stream.get(end).is_some_and(|a| a.digits) && !scene.in_mention(end));
}

/// What the words right behind it say and do.
fn words_behind(s: &mut Signs, scene: &Scene<'_>, part: &Part) {
    let stream = scene.stream;
    let end = part.end;
    let (n1, n2) = (stream.text(end), stream.text(end + 1));
    let ahead = stream.follows(end);
    let verb = grammar::verb(scene, end);
    s.ask(ahead && verb.is_some_and(|(_, v, _)| v == Verb::Past));
    s.ask(ahead && verb.is_some_and(|(_, v, _)| v == Verb::Present));
    s.ask(ahead && verb.is_some_and(|(_, v, _)| v == Verb::Doing));
    s.ask(
        ahead
            && verb.is_some_and(|(at, ..)| {
                HAPPENS.contains(stream.text(at)) || GROWS.contains(stream.text(at))
            }),
    );
    s.ask(ahead && verb.is_some_and(|(at, ..)| STRICT.contains(stream.text(at + 1))));
    s.ask(ahead && matches!(n1, "is" | "was" | "isnt" | "wasnt"));
    s.ask(ahead && matches!(n1, "has" | "had" | "hasnt" | "hadnt"));
    s.ask(
        ahead
            && matches!(
                n1,
                "can"
                    | "cant"
                    | "could"
                    | "will"
                    | "wont"
                    | "would"
                    | "must"
                    | "should"
                    | "did"
                    | "does"
                    | "didnt"
                    | "doesnt"
            ),
    );
    s.ask(
        ahead
            && matches!(
                n1,
                "be" | "have"
                    | "do"
                    | "get"
                    | "come"
                    | "go"
                    | "need"
                    | "not"
                    | "you"
                    | "we"
                    | "i"
                    | "they"
                    | "it"
                    | "the"
                    | "this"
                    | "that"
                    | "there"
                    | "your"
                    | "our"
                    | "all"
            ),
    );
    s.ask(ahead && n1 == "and" && is_given(scene, end + 1));
    s.ask(ahead && n1 == "and" && !is_given(scene, end + 1));
    s.ask(ahead && matches!(n1, "who" | "whose"));
    s.ask(ahead && (DEEDS.contains(&n1) || PERSONAL.contains(&n1)));
    s.ask(ahead && n1.len() > 3 && n1.ends_with('s') && !n1.ends_with("ss"));
    s.ask(ahead && n1.len() > 4 && n1.ends_with("ed"));
    s.ask(ahead && n1.len() > 4 && n1.ends_with("ing"));
    s.ask(ahead && PARTICLES.contains(n1));
    s.ask(ahead && against::is_thing_after(n1));
    s.ask(ahead && matches!(n1, "in" | "on" | "at"));
    s.ask(ahead && matches!(n1, "of" | "for" | "from" | "to" | "with"));
    s.ask(ahead && stream.get(end).is_some_and(|a| !a.word.is_english()) && !matches!(n2, "the"));
    s.ask(
        ahead
            && matches!(
                n1,
                "term"
                    | "fair"
                    | "fete"
                    | "holiday"
                    | "holidays"
                    | "half"
                    | "house"
                    | "class"
                    | "tree"
                    | "trees"
                    | "garden"
                    | "day"
                    | "group"
                    | "team"
            ),
    );
}

/// Pronouns that go back to it, and who else they could mean.
fn pronouns(s: &mut Signs, scene: &Scene<'_>, part: &Part) {
    let stream = scene.stream;
    let (start, end) = (part.start, part.end);
    let other = |at: usize| {
        stream.get(at).is_some_and(|a| a.word.keeps(KIN))
            || is_title(stream, at)
            || is_given(scene, at)
            || matches!(
                stream.text(at),
                "teacher" | "girl" | "boy" | "lady" | "man" | "woman" | "child"
            )
    };
    let pronoun = |at: usize| {
        matches!(
            stream.text(at),
            "he" | "she" | "his" | "her" | "him" | "hes" | "shes" | "himself" | "herself" | "hers"
        )
    };
    let reach = |far: usize| {
        (end..stream.len().min(end + far))
            .take_while(|at| !other(*at))
            .find(|at| pronoun(*at))
    };
    let same =
        reach(NEAR).is_some_and(|p| !(end..=p).any(|at| stream.gap(at).has(Gap::STOP | Gap::LINE)));
    let told = (start.saturating_sub(FAR)..start).any(other);
    s.ask(same && !told);
    s.ask(same && told);
    s.ask(!same && reach(FAR).is_some() && !told);
    s.ask(!same && reach(FAR).is_some() && told);
    s.ask((start.saturating_sub(NEAR)..start).any(pronoun));
    let you = |at: usize| {
        matches!(
            stream.text(at),
            "you" | "u" | "ur" | "your" | "youre" | "youve"
        )
    };
    s.ask((end..end + NEAR).any(you));
    s.ask((start.saturating_sub(NEAR)..start).any(you));
}

/// What houses, tables and values are spoken of as.
const GROUPS: &[&str] = &[
    "house", "houses", "table", "tables", "value", "values", "team", "group", "class",
];

/// Of times of the year.
const SEASONS: &[&str] = &[
    "term", "holiday", "holidays", "spring", "autumn", "summer", "winter", "june", "july", "april",
    "march", "october", "weather", "season", "half",
];

/// Of plants, stones, countries, water and worship.
const THINGS: &[&str] = &[
    "tree",
    "trees",
    "leaves",
    "flower",
    "flowers",
    "garden",
    "plant",
    "plants",
    "berries",
    "wreath",
    "colour",
    "red",
    "gold",
    "ring",
    "country",
    "countries",
    "capital",
    "flag",
    "water",
    "bank",
    "stars",
    "love",
    "joy",
    "faith",
    "god",
    "lord",
    "prayer",
    "prayers",
];

/// Of what happens to children, and what is theirs.
const CHILDRENS: &[&str] = &[
    "birthday",
    "allergy",
    "allergic",
    "inhaler",
    "medal",
    "medals",
    "certificate",
    "goal",
    "star",
    "bullied",
    "bullying",
    "mum",
    "mums",
    "dad",
    "nan",
    "hurt",
    "crying",
    "cried",
    "coat",
    "hair",
    "tooth",
    "teeth",
    "arm",
    "leg",
    "face",
];

/// Names, classes and things near by.
fn around(s: &mut Signs, scene: &Scene<'_>, part: &Part, topic: Topic) {
    let stream = scene.stream;
    let (start, end) = (part.start, part.end);
    let own = stream.text(start);
    let near = start.saturating_sub(NEAR)..stream.len().min(end + NEAR);
    let far = start.saturating_sub(FAR)..stream.len().min(end + FAR);
    let sure = |at: usize| {
        at != start && is_given(scene, at) && !stream.get(at).is_some_and(|a| a.word.is_english())
    };
    s.ask(near.clone().any(sure));
    s.ask(far.clone().any(sure));
    s.ask(
        near.clone()
            .any(|at| at != start && stream.get(at).is_some_and(|a| a.word.keeps(CHILD))),
    );
    s.ask(far.clone().any(|at| scene.in_mention(at)));
    s.ask(far.clone().any(|at| {
        at != start
            && stream
                .get(at)
                .is_some_and(|a| a.text == own && !a.capital())
    }));
    let field = |a: &Atom<'_>| a.word.topic == Some(topic) && a.text != own;
    s.ask(
        near.clone()
            .any(|at| at != start && stream.get(at).is_some_and(field)),
    );
    let says = |words: &[&str]| {
        near.clone()
            .any(|at| at != start && words.contains(&stream.text(at)))
    };
    s.ask(says(GROUPS));
    s.ask(says(SEASONS));
    s.ask(says(THINGS));
    s.ask(says(CHILDRENS));
}

/// What the other rules see here, and what kind of text it is.
fn of_text(s: &mut Signs, scene: &Scene<'_>, part: &Part, topic: Topic, first: &Atom<'_>) {
    let start = part.start;
    let stream = scene.stream;
    s.ask(praised(scene, start));
    s.ask(kin_before(scene, start));
    s.ask(pictured(scene, start));
    s.ask(against::against(scene, part, topic));
    s.ask(first.quoted);
    s.ask(first.heading);
    s.ask(first.case == Case::Upper);
    s.ask(scene.free);
    s.ask(scene.draft);
    s.ask(!scene.draft && stream.len() <= 6);
    s.ask(part.way != Way::Plain);
    s.ask(lists::is_given(&part.key));
    let (next, back) = (
        part.end + usize::from(matches!(stream.text(part.end), "and" | "n")),
        start.saturating_sub(1 + usize::from(matches!(stream.text_before(start, 1), "and" | "n"))),
    );
    let after = next > part.end && scene.parts.given_at(next);
    let before = back + 1 < start && scene.parts.given_at(back);
    let unlike = |at: usize| stream.get(at).is_some_and(|a| a.word.topic != Some(topic));
    s.ask(after);
    s.ask(before);
    s.ask(after && unlike(next) || before && unlike(back));
    s.ask(after && grammar::verb(scene, next + 1).is_some());
    s.ask(before && grammar::verb(scene, part.end).is_some());
}
