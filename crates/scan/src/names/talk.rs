//! Names in small letters in the talk of comments: `ur finished ebony.`, `did ruby leave her coat`, `sat next to destiny and
//! she stinks`, `omg daisy and lily in the back row`. Small letters say nothing, so somebody must be spoken to, asked after
//! or pointed at, or a pronoun must go back to the word. Other places of small names are read in `small` and `own`.

use super::{
    adults::is_title,
    grammar::{self, Noun},
    grammar_words::{ARTICLES, BEFORE_OBJECT},
    lists::company::KIN,
    lists::{self, Topic},
    parts::Part,
    roster::Role,
    scene::Scene,
    small::leads_to_person,
    stream::Gap,
};

/// Whether the talk around a small word makes it a person's.
pub(super) fn is_talked_of(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let dated = matches!(
        topic,
        Topic::Modal | Topic::Month | Topic::Function | Topic::Verb | Topic::Subject
    );
    !scene.draft
        && !part.possessive
        && !dated
        && (is_spoken_to_at_end(scene, part, topic)
            || is_threatened(scene, part, topic)
            || is_asked_after(scene, part)
            || is_gone_back_to(scene, part, topic)
            || is_pair_pointed_at(scene, part)
            || is_ours_doing(scene, part, topic)
            || is_being_done_to(scene, part, topic))
}

/// How far a clause is read on either side of a name.
const REACH: usize = 12;

/// What a clause can end with before the name of whoever it is said to.
fn closes_clause(word: &str) -> bool {
    matches!(
        word,
        "finished"
            | "dead"
            | "done"
            | "off"
            | "up"
            | "out"
            | "down"
            | "back"
            | "now"
            | "today"
            | "tonight"
            | "tomorrow"
            | "again"
            | "favour"
            | "please"
            | "pls"
            | "plz"
            | "sorry"
            | "stop"
            | "it"
            | "that"
            | "this"
            | "star"
            | "legend"
            | "queen"
            | "king"
            | "hun"
            | "babe"
            | "loser"
            | "ugly"
            | "fat"
            | "thick"
            | "mess"
            | "joke"
            | "weirdo"
            | "freak"
            | "snitch"
            | "grass"
            | "alone"
            | "there"
            | "here"
            | "lol"
            | "one"
            | "go"
            | "cry"
            | "die"
            | "kys"
            | "much"
            | "well"
            | "soon"
            | "later"
            | "ever"
            | "yourself"
            | "urself"
            | "mum"
            | "what"
            | "bye"
            | "brilliant"
            | "amazing"
            | "fab"
            | "fantastic"
            | "gorgeous"
            | "hilarious"
            | "kidding"
    )
}

fn speaks_to(word: &str) -> bool {
    matches!(
        word,
        "u" | "ur"
            | "you"
            | "your"
            | "youre"
            | "ya"
            | "yourself"
            | "urself"
            | "yous"
            | "youve"
            | "youd"
            | "kys"
    )
}

/// Whether the word may be a person in small letters where its place is that of one.
fn may_be_name(part: &Part, topic: Topic) -> bool {
    let noun = grammar::noun(part, topic);
    (lists::is_given(&part.key) || matches!(topic, Topic::Gem | Topic::Job | Topic::Plant))
        && matches!(noun, Noun::Count | Noun::Mass | Noun::Place)
        && !matches!(topic, Topic::Virtue | Topic::Colour | Topic::Title)
        && part.key != "precious"
}

/// `ur finished ebony. u no who this is`, `do us all a favour jordan`
fn is_spoken_to_at_end(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let ends =
        !stream.follows(part.end) && !stream.gap(part.end).has(Gap::COMMA | Gap::AND | Gap::DASH);
    let before = stream.text_before(part.start, 1);
    ends && stream.follows(part.start)
        && closes_clause(before)
        && may_be_name(part, topic)
        && (1..=REACH)
            .take_while(|back| part.start >= *back)
            .map(|back| stream.text_before(part.start, back))
            .chain((part.end..part.end + 4).map(|at| stream.text(at)))
            .any(speaks_to)
}

/// `hunter 👉🔫 when he comes out`, `K. Y. S. ruby, even ur dog leaves`
fn is_threatened(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let opens = stream.get(part.start).is_some_and(|a| a.opens);
    let gap = stream.gap(part.end);
    let near = |words: fn(&str) -> bool| {
        (part.end..part.end + 6)
            .take_while(|at| *at == part.end || !stream.gap(*at).has(Gap::STOP | Gap::LINE))
            .any(|at| words(stream.text(at)))
    };
    let pronoun = |word: &str| matches!(word, "he" | "she" | "hes" | "shes" | "him" | "her");
    opens
        && may_be_name(part, topic)
        && (gap.has(Gap::SYMBOL)
            && !gap.has(Gap::STOP | Gap::LINE)
            && (near(pronoun) || near(speaks_to))
            || gap.only(Gap::COMMA | Gap::SPACE) && gap.has(Gap::COMMA) && near(speaks_to))
}

/// `did ruby leave her coat`, `has anyone seen if ivy took his bag`: a question whose subject owns something.
fn is_asked_after(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let asked = matches!(
        stream.text_before(part.start, 1),
        "did" | "does" | "can" | "could" | "has" | "if" | "whether" | "didnt" | "hasnt" | "cant"
    ) && stream.follows(part.start);
    let verb = stream.text(part.end);
    asked
        && stream.follows(part.end)
        && verb.len() >= 3
        && !matches!(
            verb,
            "and" | "the" | "for" | "with" | "from" | "was" | "are" | "were" | "has" | "had"
        )
        && (part.end + 1..part.end + 4)
            .take_while(|at| stream.follows(*at))
            .any(|at| matches!(stream.text(at), "her" | "his" | "herself" | "himself"))
}

/// `nobody sit next to destiny on the coach she stinks`: who else could `she` be?
fn is_gone_back_to(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let before = stream.text_before(part.start, 1);
    let placed = matches!(
        before,
        "to" | "with"
            | "at"
            | "about"
            | "by"
            | "behind"
            | "beside"
            | "like"
            | "on"
            | "near"
            | "than"
            | "poor"
            | "tell"
            | "told"
            | "ask"
            | "hate"
            | "hates"
            | "leave"
            | "see"
            | "saw"
            | "seen"
    );
    let other = |at: usize| {
        stream
            .get(at)
            .is_some_and(|a| a.word.keeps(KIN) || a.word.given || a.capital())
            || is_title(stream, at)
            || matches!(
                stream.text(at),
                "teacher" | "girl" | "boy" | "lady" | "man" | "woman" | "miss"
            )
    };
    let Some(pronoun) = (part.end..part.end + 6)
        .take_while(|at| !stream.gap(*at).has(Gap::STOP | Gap::LINE) && !other(*at))
        .find(|at| matches!(stream.text(*at), "he" | "she" | "hes" | "shes"))
    else {
        return false;
    };
    let told_before = (1..=REACH)
        .take_while(|back| {
            part.start >= *back && !stream.gap(part.start - back + 1).has(Gap::STOP | Gap::LINE)
        })
        .any(|back| other(part.start - back));
    placed
        && stream.follows(part.start)
        && !told_before
        && pronoun > part.end - 1
        && (may_be_name(part, topic) || part.key == "destiny")
        && !(before == "on" && topic == Topic::Place)
}

/// `a grown man messaging willow on roblox`: what is done to people only.
fn is_being_done_to(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let done = matches!(
        stream.text_before(part.start, 1),
        "messaging"
            | "texting"
            | "following"
            | "filming"
            | "bullying"
            | "hitting"
            | "kicking"
            | "pushing"
            | "hurting"
            | "chasing"
            | "teasing"
            | "slapping"
            | "pinching"
            | "threatening"
            | "grooming"
            | "stalking"
            | "dming"
            | "messaged"
            | "texted"
            | "bullied"
            | "kicked"
            | "slapped"
            | "punched"
            | "threatened"
            | "strangled"
    );
    done && stream.follows(part.start) && may_be_name(part, topic)
}

/// `not my max coming home with someone elses trousers`
fn is_ours_doing(scene: &Scene<'_>, part: &Part, topic: Topic) -> bool {
    let stream = scene.stream;
    let doing = matches!(
        stream.text(part.end),
        "coming"
            | "going"
            | "walking"
            | "crying"
            | "laughing"
            | "telling"
            | "asking"
            | "sitting"
            | "getting"
            | "wearing"
            | "singing"
            | "dancing"
            | "losing"
            | "refusing"
            | "saying"
            | "pretending"
            | "trying"
    );
    let named = may_be_name(part, topic)
        || matches!(
            part.key.as_str(),
            "max" | "frank" | "destiny" | "teddy" | "penny"
        );
    matches!(stream.text_before(part.start, 1), "my" | "our")
        && stream.follows(part.start)
        && stream.follows(part.end)
        && doing
        && named
}

/// `omg daisy and lily in the back row`: two names that somebody points at.
fn is_pair_pointed_at(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let and = |at: usize| matches!(stream.text(at), "and" | "n") && stream.follows(at);
    let (head, other, end) = if and(part.end) {
        (part.start, part.end + 1, part.end + 2)
    } else if part.start >= 2 && and(part.start - 1) {
        (part.start - 2, part.start - 2, part.end)
    } else {
        return false;
    };
    let own = |at: usize| {
        scene
            .parts
            .at(at)
            .iter()
            .any(|p| p.role == Role::Given && p.end == at + 1)
            && stream.get(at).is_some_and(|a| a.word.given)
    };
    let pointed = matches!(
        stream.text_before(head, 1),
        "omg"
            | "aww"
            | "aw"
            | "awww"
            | "look"
            | "bless"
            | "haha"
            | "lol"
            | "yay"
            | "spot"
            | "theres"
    ) || stream.text_before(head, 1) == "at" && stream.text_before(head, 2) == "look";
    let placed = matches!(stream.text(end), "in" | "at" | "on")
        && matches!(
            stream.text(end + 1),
            "the" | "their" | "that" | "those" | "front" | "back"
        );
    // `destiny and ebony are NOT the ones`, `i saw poppy and daisy going out the gate`
    let blamed = matches!(
        stream.text(end),
        "aint"
            | "dont"
            | "are"
            | "were"
            | "r"
            | "arent"
            | "werent"
            | "have"
            | "got"
            | "keep"
            | "need"
    ) && matches!(
        stream.text(end + 1),
        "not"
            | "sorry"
            | "stop"
            | "shut"
            | "leave"
            | "the"
            | "being"
            | "always"
            | "both"
            | "best"
            | "fighting"
            | "bullying"
            | "crying"
            | "my"
            | "so"
            | "in"
            | "saying"
            | "told"
            | "been"
            | "going"
            | "having"
    ) && (stream.get(head).is_some_and(|a| a.opens)
        || matches!(
            stream.text_before(head, 1),
            "if" | "when" | "cos" | "because" | "that"
        ));
    let seen = matches!(
        stream.text_before(head, 1),
        "saw" | "seen" | "see" | "heard" | "caught" | "watched" | "tell" | "told" | "ask"
    ) && (stream.text(end).ends_with("ing")
        || matches!(
            stream.text(end),
            "to" | "that" | "they" | "theyre" | "were" | "are"
        ));
    let listed = |at: usize| scene.parts.given_at(at);
    pointed && own(part.start) && own(other) && placed
        || (blamed || seen) && listed(part.start) && listed(other)
}

/// `did it to nia 4 times`, `sat next to mia and`: a registered name of three letters that is no word, where a person stands.
pub(super) fn is_short_name_placed(scene: &Scene<'_>, part: &Part) -> bool {
    let before = scene.stream.text_before(part.start, 1);
    !scene.draft
        && !part.is_word()
        && !scene
            .stream
            .get(part.start)
            .is_some_and(|a| a.word.is_english())
        && scene.stream.follows(part.start)
        && !ARTICLES.contains(before)
        && (leads_to_person(before)
            || matches!(before, "told" | "tell" | "ask" | "asked" | "on" | "at")
            || BEFORE_OBJECT.contains(before) && before != "in")
}
