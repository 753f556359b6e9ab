//! When and where a child can be found again and again (DOMAIN 2.14): recurrence, time, place and a child.
//!
//! What a school tells everybody about its clubs, gates and lessons is meant to be known. It becomes a finding where it
//! is about one child, or where children go somewhere without an adult.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{
        ALONE, CHILDREN, COHORT, EVENT, MOVE, OWN_GATE, PLACE, RECUR, STAFF_TITLE, TIME, VENUE,
    },
    kind::Kind,
    page::Page,
    person::{Person, Told, people},
    shape::Shape,
};

static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-2]?[0-9][.:][0-5][0-9] ?(?:am|pm)?|[0-9]{1,2} ?(?:am|pm|o'clock)|(?:half|quarter) (?:past |to |three|two|four|seven|eight|[1-9])|(?:five|ten|quarter|twenty) (?:to|past) (?:[a-z]+|[0-9])|(?:[5-9]|[12][05]) (?:to|past) (?:[0-9]{1,2}|[a-z]+)|(?:at|by|around|about|til|till|until|from|gets there for) (?:nearly |almost |about |around |just after |just before |just gone |gone )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|1[0-2]|[1-9])(?:ish)?(?: (?:to|past) (?:[a-z]+|[0-9]{1,2}))?(?-u:\b))").ok()
});

static SUBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[ ,.;(])((?:the|our|my) (?:[a-z]+ ){0,2}twins|(?:the|two|the two|those) (?:brothers|sisters|lads|lasses)|both boys|both girls|they|theyre|they're|they'll|he'll|she'll|the pair|the three of them|two (?:girls|boys|lads|kids) in (?:y|year |yr ?)[0-9]|he|she|hes|shes|he's|she's|him|her|(?:his |her |my |the )?(?:mum|mam|mummy|dad|daddy|nan|nana|nanny|gran|granny|grandma|grandpa|grandad|gramps|childminder|auntie|aunt|uncle|neighbour|stepdad|stepmum|au pair)(?: \w+)? (?:picks? up|collects?|meets?|drops?|gets)|their (?:kid|lad|girl|boy|son|daughter|youngest|eldest|little one)|(?:my|the|his|her) ex(?:[- ](?:husband|wife))? (?:picks?|collects?|has|gets|meets|drops)|my (?:little |big |wee )?(?:sis|bro|sister|brother)|the (?:childminder|nanny|au pair|taxi|minibus)(?: in the [a-z ]{3,20}?)? (?:has|takes|fetches|gets|picks up|collects|meets|drops))(?-u:\b)").ok()
});

/// A place without a word of its own: "past the garage", "to his nan's".
static SOME_PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:walks?|cycles?|goes|waits?|sits?|stands?|gets|runs|scooters|plays|collected|collects|picked up|fetches|meets|hes|shes|he's|she's|is) (?:[a-z]+ ){0,2}?(?:past|by|through|outside|near|behind|from|to|at|along|over) (?:the|his|her|our|my) [a-z']{3,15}|(?-u:\b)(?:dropped(?: off)?|collected|picked up|left|waits) (?:at|from) (?:mine|ours|his|hers|theirs)(?-u:\b)|(?-u:\b)(?:from|at|by|outside|under|near) the (?:[a-z0-9]+ ){0,2}(?:block|gate|entrance|door|wing|building|hut|steps|wall|tree|bench|corner|railings|hatch|ramp|stop|shelter|lights|crossing|bridge|underpass|lamp ?post)(?-u:\b)|(?-u:\b)on the (?:[0-9.:]+ )?(?:number [0-9]+|[0-9]+ bus|bus|tram|train)(?-u:\b)|(?-u:\b)(?:meets?|plays?|goes|go|walks?|cycles?|hangs? out) (?:up )?(?:down |over |out )?there (?:most|every|on|each|after|at)(?-u:\b)|(?-u:\b)(?:top deck|back seat|front seat|same seat|first carriage|last carriage)(?-u:\b)").ok()
});

/// When a family's home stands empty: "we go away every Friday and the house is empty till Sunday".
pub(super) const EMPTY_HOME: &str = r"(?-u:\b)(?:(?:we're|were|we are|they're|theyre|they are) never (?:in|home|at home)|(?:we(?:'re| are|re)?|i'?m|they'?re|they are|he'?s|she'?s) (?:always |all |both )?(?:out|at work|away) (?:every|all day|on|from)|we(?:'re| are|re)? (?:go |all )?(?:away|abroad|off on holiday|in [a-z]+)|(?:(?:the|our|their|his|her) )?(?:house|flat|home|place)(?:'s| is| will be| stands)? (?:always )?(?:empty|unoccupied)|(?:nobody|no one|noone|nobody's|no one's)(?: is| will be| ever)? (?:in|home|at home|there|about))(?-u:\b)[^.!?\n]*";

/// What a worried witness says: the matter is then the child's safety, and another check's.
pub(super) const WORRIED: &str = r"(?-u:\b)(?:cry(?:ing)?|scared|frightened|vapes?|drugs?|drunk|had a drink|hits?|hurts?|bruises?|isn'?t nice|ought to know|should know|worried|worries|concerned|concerns me|(?:told|rung|rang|called|ring|call|phone) (?:101|999|the police|police|social|you or)|overnight|starving|hungry|been watching|usual way|no coat|(?:needs?|ought|has) to check on|never (?:any|has any|had any) (?:tea|food|dinner|breakfast|lunch)|crusts|since (?:last )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|the weekend))(?-u:\b)";

/// A home that stands empty at times that come again, or until a day that is told.
fn empty_homes(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for shaped in Shape::EmptyHome
        .within(page)
        .into_iter()
        .flat_map(|shape| shape.find_iter(page.text))
    {
        let words = shaped.as_str();
        let ours = [
            " ours ",
            " mine ",
            "our house",
            "my house",
            "our flat",
            "at home",
        ]
        .iter()
        .any(|word| words.contains(word));
        let home = ["house", "flat", "home", "place", "never in"]
            .iter()
            .any(|word| words.contains(word))
            || ours;
        let when = page.cues_in(&shaped.range(), RECUR).next().is_some()
            || [
                " till ",
                " until ",
                " til ",
                " before ",
                " after ",
                " between ",
            ]
            .iter()
            .any(|word| words.contains(word));
        let open = [
            "door",
            "unlocked",
            "never locked",
            "key is under",
            "key's under",
            "keys under",
            "key under",
            "spare key",
        ]
        .iter()
        .any(|word| words.contains(word));
        let (home, ours) = (home || open, ours || open);
        let away = words.contains("empty")
            || open
            || words.contains("never")
            || ours && (words.starts_with("nobody") || words.starts_with("no"));
        if home && when && away {
            found.push(Candidate::new(Kind::Routine, shaped.range(), 0.7));
        }
    }
}

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    if Shape::EmptyHome.may_match(page)
        && [
            "empty", " never ", "nobody", "no one", "noone", "door", "locked", " key",
        ]
        .iter()
        .any(|word| page.says(word))
    {
        empty_homes(page, found);
    }
    if !page.has(RECUR | ALONE) {
        return;
    }
    if !page.context.draft
        && Shape::Worried
            .within(page)
            .into_iter()
            .any(|worried| worried.is_match(page.text))
    {
        return;
    }
    for sentence in page.sentences() {
        if let Some(candidate) = in_sentence(page, &sentence) {
            found.push(candidate);
        }
    }
}

/// The stretch of the parts of a routine in a sentence.
#[derive(Default)]
struct Parts {
    stretch: Option<Range<usize>>,
    recurrence: bool,
    time: bool,
    place: bool,
    away: bool,
    alone: bool,
    moves: bool,
}

impl Parts {
    fn take(&mut self, bytes: &Range<usize>) {
        let stretch = self.stretch.get_or_insert_with(|| bytes.clone());
        *stretch = stretch.start.min(bytes.start)..stretch.end.max(bytes.end);
    }
}

fn in_sentence(page: &Page<'_>, sentence: &Range<usize>) -> Option<Candidate> {
    let mut parts = Parts::default();
    for cue in page.cues_in(sentence, RECUR | TIME | PLACE | VENUE | ALONE | MOVE) {
        // "is always in the same thin shirt": what somebody wears, and not where they are
        let worn = matches!(
            &page.text[cue.bytes.clone()],
            "always" | "the same" | "all week"
        ) && is_worn(page.text_after(cue.bytes.end, 40));
        parts.recurrence |= cue.classes & RECUR != 0 && !worn;
        parts.time |= cue.classes & TIME != 0;
        parts.place |= cue.classes & (PLACE | VENUE) != 0;
        parts.away |= cue.classes & PLACE != 0 && cue.classes & OWN_GATE == 0;
        // who sits or plays by themselves has nobody beside them, and need not be out alone
        let beside_nobody = [
            "sit ", "sits ", "sat ", "sitting ", "play ", "plays ", "playing ",
        ]
        .iter()
        .any(|verb| page.text_before(cue.bytes.start, 8).ends_with(verb));
        parts.alone |= cue.classes & ALONE != 0 && !beside_nobody;
        parts.moves |= cue.classes & MOVE != 0 || page.says_in(sentence, " picks ");
        if cue.classes & (RECUR | TIME | PLACE | ALONE) != 0 && !worn {
            parts.take(&cue.bytes);
        }
    }
    if !parts.place
        && let Some(place) = SOME_PLACE
            .iter()
            .find_map(|place| place.find(&page.text[sentence.clone()]))
    {
        parts.place = true;
        parts.away = true;
        parts.moves |= place.as_str().starts_with("on the ");
        parts.take(&(sentence.start + place.start()..sentence.start + place.end()));
    }
    if !(parts.place || parts.alone && parts.recurrence && parts.moves)
        || !(parts.recurrence || parts.alone)
    {
        return None;
    }
    let clock = CLOCK
        .iter()
        .find_map(|clock| clock.find(&page.text[sentence.clone()]));
    if let Some(clock) = clock {
        parts.time = true;
        parts.take(&(sentence.start + clock.start()..sentence.start + clock.end()));
    }
    let person = people(page, sentence)
        .into_iter()
        .filter(|person| person.told != Told::Capital && !is_aside(page, person))
        .max_by_key(|person| person.told)
        .or_else(|| of_whom(page, sentence).filter(|_| !is_own_life(&page.text[sentence.clone()])))
        .or_else(|| {
            let told_to_all = page.cues_in(sentence, EVENT).next().is_some();
            people(page, sentence)
                .into_iter()
                .find(|person| !told_to_all && !is_aside(page, person))
        });
    // a stranger who asks after somebody in a picture is another check's
    let asked = page.text[sentence.clone()].trim_end().ends_with('?');
    let confidence = match &person {
        Some(person) if asked && person.told < Told::Given => None,
        Some(person) => of_one_child(&parts, person),
        None => of_children(page, sentence, &parts),
    };
    // "Year 5 will be dropped at the bus shelter every Monday at 4.40 and should wait there unaccompanied"
    let whole = parts.alone && parts.recurrence && parts.time && parts.away && clock.is_some();
    let told = !whole && (page.says_in(sentence, "should") || page.says_in(sentence, "must"))
        || page.says_in(sentence, "your child");
    let without = if told {
        None
    } else {
        without_adults(page, sentence, &parts)
    };
    let confidence = confidence.or(without)?;
    if let Some(person) = &person {
        parts.take(&person.bytes);
    }
    let open = page.context.draft
        && !parts.alone
        && [
            "open to any",
            "open to all",
            "anyone with",
            "all welcome",
            "everyone welcome",
        ]
        .iter()
        .any(|word| page.says_in(sentence, word));
    // "Priory Lane is closed from the pub to the bridge on Thursday"
    let traffic = [
        " is closed",
        " are closed",
        " be closed",
        " is shut",
        "roadworks",
        "diversion",
        "diverted",
        "railway",
        "trains will",
        "bin day",
        "bins will",
    ]
    .iter()
    .any(|word| page.says_in(sentence, word));
    if open
        || traffic && !parts.alone
        || is_club(page, sentence, &parts)
        || !parts.alone && meets(page, sentence, person.as_ref())
    {
        return None;
    }
    Some(Candidate::new(Kind::Routine, parts.stretch?, confidence))
}

/// Whether what comes again is what somebody has on, or how they look.
fn is_worn(after: &str) -> bool {
    static WORN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^ (?:(?:in|wearing|has on|wears|got on) )?(?:the |a |an |his |her |that |those )?(?:same )?(?:[a-z]+ ){0,2}?(?:shirt|t-shirt|top|jumper|coat|jacket|trousers|shorts|clothes|uniform|hoodie|shoes|trainers|socks|dress|cardigan|cap|hat|dirty|filthy)(?-u:\b)").ok()
    });
    WORN.iter().any(|worn| worn.is_match(after))
}

/// "I get the 8.12 bus every day": what grown-ups tell of themselves.
fn is_own_life(sentence: &str) -> bool {
    let own = ["i ", "i'm ", "im ", "i've ", "we ", "we're ", "we've "];
    let words = sentence.trim_start();
    own.iter().any(|subject| words.starts_with(subject))
}

/// Somebody to ask, or with whom something is left: not whom the sentence is about.
fn is_aside(page: &Page<'_>, person: &Person) -> bool {
    let before = page.text_before(person.bytes.start, 16);
    let works = [
        "lollipop man ",
        "lollipop lady ",
        "warden ",
        "postman ",
        "milkman ",
    ]
    .iter()
    .any(|work| before.ends_with(work));
    let known_to_all = works
        || [
            " the post",
            " the milk",
            " the lollipop",
            " the caretaker",
            " the crossing",
            " the driver",
        ]
        .iter()
        .any(|work| page.text_after(person.bytes.end, 14).starts_with(work));
    known_to_all
        || person.told == Told::Given
            && [
                "with ",
                "ask ",
                "contact ",
                "see ",
                "call ",
                "text ",
                "thanks to ",
                "by ",
            ]
            .iter()
            .any(|lead| before.ends_with(lead))
}

/// "After school club" is where children are looked after, not a time and a place.
fn is_club(page: &Page<'_>, sentence: &Range<usize>, parts: &Parts) -> bool {
    let words = &page.text[sentence.clone()];
    let club = words.contains("after school club") || words.contains("breakfast club");
    let fetched = parts.recurrence
        && ["fetch", "collect", "pick", "drop", "meets"]
            .iter()
            .any(|word| words.contains(word));
    club && !fetched
        && !(parts.recurrence && parts.alone || CLOCK.iter().any(|clock| clock.is_match(words)))
}

/// "Andy's Man Club meets at our hall, every Monday at 7pm": when a club meets is meant to be known, and who gave it its name
/// is not told of. Somebody's own choir is somebody's routine.
fn meets(page: &Page<'_>, sentence: &Range<usize>, person: Option<&Person>) -> bool {
    static MEETS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u:\b)(?:club|group|choir|team|band|society|association|troop|pack|circle|fellowship|guild|orchestra|network|committee|playgroup|toddlers|scouts|guides|brownies|cubs|beavers|rainbows|cadets|ladies|institute|u3a|meeting)(?:,? (?:now|also|still|usually|will|which|who|that))*,? (?:meets?|rehearses?|practises?|trains?|gathers?|is held|are held|takes place|runs|returns)(?-u:\b)").ok()
    });
    let Some(club) = MEETS
        .iter()
        .find_map(|meets| meets.find(&page.text[sentence.clone()]))
    else {
        return false;
    };
    let at = sentence.start + club.start();
    person.is_none_or(|person| {
        let between = person.bytes.end..at;
        person.told == Told::Capital
            || page.opens_with_capital(at)
                && person.told == Told::Given
                && between.start <= between.end
                && between.len() < 30
                && !page.text[between].contains([',', '.'])
    })
}

/// Children who are somewhere without an adult, again and again, whoever tells it of whomever.
fn without_adults(page: &Page<'_>, sentence: &Range<usize>, parts: &Parts) -> Option<f32> {
    let words = &page.text[sentence.clone()];
    let own = ["i ", "i'm ", "im ", "we ", "i've ", "we've "]
        .iter()
        .any(|subject| words.starts_with(subject) || words.contains(&format!(" {subject}")));
    let asked = words.contains('?');
    let grown = page.cues_in(sentence, STAFF_TITLE).next().is_some();
    let all = parts.alone && parts.recurrence && parts.time && parts.away && parts.moves;
    (all && !own && !asked && !grown).then_some(0.68)
}

/// "He waits outside the library by himself": somebody told before, or in the photo.
fn of_whom(page: &Page<'_>, sentence: &Range<usize>) -> Option<Person> {
    if page.cues_in(sentence, STAFF_TITLE).next().is_some() {
        return None;
    }
    let captures = SUBJECT
        .iter()
        .find_map(|subject| subject.captures(&page.text[sentence.clone()]))?;
    let word = captures.get(1)?;
    Some(Person {
        bytes: sentence.start + word.start()..sentence.start + word.end(),
        told: Told::OwnChild,
    })
}

fn of_one_child(parts: &Parts, person: &Person) -> Option<f32> {
    let count = [parts.recurrence, parts.time, parts.place, true]
        .into_iter()
        .filter(|part| *part)
        .count();
    let weak = person.told == Told::Capital;
    match (count, parts.moves || parts.alone) {
        (4, true) if weak => Some(0.6),
        _ if weak => None,
        (3, true) if parts.alone && parts.recurrence && parts.time => Some(0.7),
        (4, true) => Some(0.9),
        (4, false) | (3, _) if parts.alone || count == 4 && parts.away => Some(0.7),
        (3, true) if parts.away && person.told >= Told::Role => Some(0.6),
        (3, true) if parts.recurrence && parts.time && person.told >= Told::Given => Some(0.55),
        (3, true) if parts.away && parts.time => Some(0.6),
        _ => None,
    }
}

fn of_children(page: &Page<'_>, sentence: &Range<usize>, parts: &Parts) -> Option<f32> {
    let children = page.cues_in(sentence, CHILDREN).next().is_some();
    let cohort = page.cues_in(sentence, COHORT).next().is_some();
    let event = page.cues_in(sentence, EVENT).next().is_some();
    let words = &page.text[sentence.clone()];
    let told = [
        " not ",
        "should",
        "must",
        "permission",
        "consent",
        "if ",
        "policy",
        "allowed",
        "please",
        "your child",
        "parents",
        "may ",
        "can ",
    ];
    let firm = [
        " not ",
        "permission",
        "consent",
        "if ",
        "policy",
        "your child",
    ];
    let whole = parts.alone && parts.recurrence && parts.time && parts.away;
    let told = told
        .iter()
        .any(|word| words.contains(word) && (!whole || firm.contains(word)));
    if told && !words.contains("no adult needed") {
        return None;
    }
    match () {
        () if (children || cohort || words.contains("carers"))
            && parts.alone
            && (parts.recurrence || parts.time) =>
        {
            Some(0.75)
        }
        () if event => None,
        () if page.context.draft
            && ["bus ", "coach", "back by", "kit"]
                .iter()
                .any(|word| words.contains(word)) =>
        {
            None
        }
        () if cohort && parts.moves && parts.recurrence && parts.time && parts.away => Some(0.62),
        () => None,
    }
}
