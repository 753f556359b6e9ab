//! Health, special needs, behaviour, care, immigration, meals and results of one identifiable person.
//!
//! General information ("we support children with autism") names nobody. A finding needs a person and the matter in one
//! sentence, close together or joined by a verb such as "has" or "was diagnosed".

use std::{cell::OnceCell, ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    Candidate,
    cues::{CONDITION, Cue, FIRM_SENSITIVE, HAS, SEND, SENSITIVE, STRONG_HAS, VERBAL},
    family::{families, parents},
    idiom::{is_a_cause, is_general, is_idiom, is_of_many, is_presupposed, is_topic},
    kind::Kind,
    marks::{is_sport, listed, marks, may_be_given},
    page::Page,
    person::{Person, Told, is_public_prose, people},
    remarks::is_otherwise,
    shapes::Shapes,
    stretch::told_of,
    tales::{is_a_tale, is_studied},
};

/// How far the person and the matter may be apart, in bytes.
const REACH: usize = 90;

/// How many sentences in a row may tell of somebody by a pronoun alone.
const CHAIN: usize = 4;

/// Whoever was named in the sentence before.
pub(super) static PRONOUN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)(?:he|she|hes|shes|he's|she's|he'd|she'd|he'll|she'll|him|his|her)(?-u:\b)",
    )
    .ok()
});

pub(super) fn scan(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let first = found.len();
    if page.digits >= 1 || page.has(SENSITIVE) {
        listed(page, found);
    }
    matters(page, found);
    if page.has(CONDITION) {
        of_a_role(page, found);
    }
    if [
        "dad", "mum", "ther ", "mam ", "parents", "family", "police", "social",
    ]
    .iter()
    .any(|word| page.says(word))
    {
        families(page, first, found);
        parents(page, found);
    }
}

/// A person and a matter in one sentence.
fn matters(page: &Page<'_>, found: &mut Vec<Candidate>) {
    let told = Shapes::of(page);
    if told.is_empty()
        && !page.has(CONDITION | SEND | SENSITIVE | FIRM_SENSITIVE)
        && !may_give_marks(page)
    {
        return;
    }
    let mut named_before = false;
    let mut alone_before = false;
    let mut staff_before = false;
    let mut since = 0;
    let sole = OnceCell::new();
    let sole = || *sole.get_or_init(|| names_one(page));
    for sentence in page.sentences() {
        let named_last = named_before;
        let mut people = people(page, &sentence);
        named_next(page, &sentence, &mut people);
        if people.is_empty() && (named_before || alone_before) {
            people.extend(told_again(page, &sentence, &told));
            people.extend(family_of(page, &sentence));
        }
        people.extend(numbered(found, &sentence));
        let mut staff = titled_people(page, &sentence);
        if staff.is_empty() && staff_before && people.is_empty() {
            staff.extend(told_again(page, &sentence, &told));
        }
        let staff_last = staff_before;
        staff_before = !staff.is_empty();
        if people.is_empty() {
            on_a_list(page, &sentence, found);
            if named_last || staff_last {
                left_out(page, &sentence, found);
            }
            if staff.is_empty() && !staff_last {
                bare_matter(page, &sentence, &told, found, sole);
            }
        }
        let public =
            is_public_prose(page, &sentence) || !people.is_empty() && is_studied(page, &sentence);
        let named = people.iter().any(|person| person.told >= Told::Given);
        since = if named { 0 } else { since + 1 };
        // who is the only one named is meant after a sentence about nothing, too
        alone_before = !public
            && staff.is_empty()
            && since < CHAIN
            && (named_last || alone_before)
            && people.is_empty()
            && sole();
        named_before = !public && (named || named_last && !people.is_empty() && since < CHAIN);
        if people.is_empty() && staff.is_empty() {
            continue;
        }
        let before = found.len();
        // what somebody tried to do to themselves is told by another check, and of nobody known
        if [
            "own life",
            "kill himself",
            "kill herself",
            "overdose",
            "wants to die",
            "cutting h",
        ]
        .iter()
        .any(|word| page.says_in(&sentence, word))
        {
            people.retain(|person| person.told >= Told::Given || named_last);
        }
        if public {
            people.retain(|person| !matches!(person.told, Told::Capital | Told::Given));
        }
        best(page, &sentence, &people, Kind::Sensitive, &told, found);
        if !public {
            staff.retain(|person| is_staffs_own(page, &sentence, person, &told));
            people.extend(staff);
        }
        best(page, &sentence, &people, Kind::Health, &told, found);
        let of_sentence = found.split_off(before);
        found.extend(
            of_sentence
                .into_iter()
                .filter(|matter| !is_a_tale(page, &sentence, &matter.bytes)),
        );
    }
}

/// "Mrs Cosgrove's operation": grown-ups with a title, of whom illness is nobody's business either.
static TITLED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u:\b)(?:mr|mrs|miss|ms|mx) [a-z][a-z-]{2,15}(?-u:\b)").ok());

fn titled_people(page: &Page<'_>, sentence: &Range<usize>) -> Vec<Person> {
    TITLED
        .iter()
        .flat_map(|title| title.find_iter(&page.text[sentence.clone()]))
        .map(|title| Person {
            bytes: sentence.start + title.start()..sentence.start + title.end(),
            told: Told::Role,
        })
        .collect()
}

/// Whether a matter in the sentence may be this grown-up's own, and not what a lesson of theirs is about.
fn is_staffs_own(page: &Page<'_>, sentence: &Range<usize>, person: &Person, told: &Shapes) -> bool {
    const HAVING: &[&str] = &[
        "has", "have", "had", "having", "got", "gets", "with", "from", "is", "was", "been",
        "being", "after", "needs", "for",
    ];
    let taught = [
        "taught",
        "teach",
        "lesson",
        "experiment",
        "workshop",
        "model",
        "science",
    ]
    .iter()
    .any(|word| page.says_in(sentence, word));
    let whose = |word: &str| matches!(word, "his" | "her" | "their");
    let cues = page.cues_between(person.bytes.end, sentence.end);
    let own = cues.filter(|cue| cue.classes & CONDITION != 0).any(|cue| {
        let link = &page.text[person.bytes.end..cue.bytes.start];
        let mut last = link.split_whitespace().rev().take(3);
        let owned =
            last.clone().any(whose) || link == " " && whose(&page.text[person.bytes.clone()]);
        owned
            || !taught
                && (link.starts_with("'s ") && link.len() < 24
                    || cue.classes & VERBAL != 0
                    || last.any(|word| HAVING.contains(&word))
                    || page
                        .cues_between(person.bytes.end, cue.bytes.start)
                        .any(|verb| verb.classes & (HAS | STRONG_HAS) != 0))
    });
    let plain = |told: &Range<usize>| {
        let words = &page.text[told.clone()];
        page.context.draft
            || words.contains("signed off")
            || words.ends_with(" baby")
            || words.split(' ').any(whose)
    };
    own || !taught && told.within(Kind::Health, sentence).any(plain)
}

/// Whether the text can hold a result at all.
fn may_give_marks(page: &Page<'_>) -> bool {
    let scored = || {
        page.digits > 0
            && ["got ", "scored ", "achieved ", "managed "]
                .iter()
                .any(|verb| page.says(verb))
    };
    let told = || {
        [
            "phonics",
            "full marks",
            " test",
            "greater depth",
            " out of ",
            "sats",
            " in maths",
            " in reading",
            " in english",
            " in spag",
            " in writing",
            "bottom ",
            "lowest ",
            "barely ",
            "hardly ",
            "cant ",
            "can't ",
            "cannot ",
            " set ",
            " card",
        ]
        .iter()
        .any(|word| page.says(word))
    };
    may_be_given(page) && (scored() || told())
}

/// Whoever was named before, at every pronoun: a matter may stand by any of them.
fn told_again(
    page: &Page<'_>,
    sentence: &Range<usize>,
    told: &Shapes,
) -> impl Iterator<Item = Person> {
    let words = &page.text[sentence.clone()];
    let start = sentence.start;
    let marked = marks(page, words).next().is_some()
        || told.within(Kind::Health, sentence).next().is_some()
        || told.within(Kind::Sensitive, sentence).next().is_some();
    PRONOUN
        .iter()
        .flat_map(move |pronoun| pronoun.find_iter(words))
        .filter(move |pronoun| {
            // what belongs to somebody is told right after the word
            let end = start + pronoun.end();
            !matches!(pronoun.as_str(), "his" | "her")
                || marked
                || page.cues_between(end, end + 30).any(|cue| {
                    cue.classes & (CONDITION | SEND | SENSITIVE) != 0 && cue.bytes.start < end + 12
                })
        })
        .map(move |pronoun| Person {
            bytes: sentence.start + pronoun.start()..sentence.start + pronoun.end(),
            told: Told::Role,
        })
        .take(6)
}

/// "Thank you to Amir's mum. The family heard that they can stay": the family of whoever was named before.
fn family_of(page: &Page<'_>, sentence: &Range<usize>) -> Option<Person> {
    const FAMILY: &[&str] = &[
        "the family ",
        "his family ",
        "her family ",
        "mum and dad ",
        "mum ",
        "dad ",
        "his mum ",
        "her mum ",
        "his dad ",
        "her dad ",
        "the parents ",
        "his parents ",
        "her parents ",
    ];
    let words = page.text[sentence.clone()].trim_start();
    let start = sentence.end - words.len();
    let family = FAMILY.iter().find(|family| words.starts_with(**family))?;
    Some(Person {
        bytes: start..start + family.len() - 1,
        told: Told::Role,
    })
}

/// "Mine takes the purple inhaler. It's for Lyla in Year 4": the writer's child, whom the next sentence names.
fn named_next(page: &Page<'_>, sentence: &Range<usize>, people: &mut [Person]) {
    let next = sentence.end..page.text.len().min(sentence.end + 60);
    if sentence.end >= page.text.len() || !page.text.is_char_boundary(next.end) {
        return;
    }
    if page.named_in(&next).any(|named| !named.staff) {
        for own in people
            .iter_mut()
            .filter(|person| person.told == Told::OwnChild)
        {
            own.told = Told::Role;
        }
    }
}

/// "Welcome back Tomasz! The burns have healed": a matter that opens a sentence about nobody, after a sentence that names a
/// child.
fn left_out(page: &Page<'_>, sentence: &Range<usize>, found: &mut Vec<Candidate>) {
    let words = page.text[sentence.clone()].trim_start();
    let start = sentence.end - words.len();
    let opening = start..(start + 40).min(sentence.end);
    let cue = page
        .cues_in(&opening, CONDITION | FIRM_SENSITIVE)
        .find(|cue| {
            cue.bytes.start <= start + 14
                && !is_idiom(page, cue)
                && !is_general(page, sentence, cue)
        });
    let told_before = found
        .iter()
        .any(|earlier| matches!(earlier.kind, Kind::Health | Kind::Sensitive));
    let short = !told_before && words.len() < 90 && !words.contains('?') && !words.contains("http");
    let told = [
        " have ", " has ", " is ", " are ", " off", " again", " obvs", " now", " this ", " last ",
        " today",
    ]
    .iter()
    .any(|verb| words.contains(verb))
        || words.len() < 30
        || cue.as_ref().is_some_and(|cue| is_presupposed(page, cue));
    if let Some(cue) = cue.filter(|_| short && told) {
        let kind = if cue.classes & CONDITION != 0 {
            Kind::Health
        } else {
            Kind::Sensitive
        };
        found.push(Candidate::new(kind, cue.bytes.clone(), 0.55));
    }
}

/// Whether a text tells of one person by a name and of nobody else.
fn names_one(page: &Page<'_>) -> bool {
    let mut name: Option<&str> = None;
    for person in page
        .sentences()
        .flat_map(|sentence| people(page, &sentence))
        .filter(|person| person.told >= Told::Given)
    {
        let told = &page.text[person.bytes];
        let given = told.split(' ').next().unwrap_or(told);
        if name.is_some_and(|known| known != given) {
            return false;
        }
        name = Some(given);
    }
    name.is_some()
}

/// "Seven weeks in special care. And on Friday our Esme stood up": a sentence that is a matter and nothing else, where the
/// text tells of one child only.
fn bare_matter(
    page: &Page<'_>,
    sentence: &Range<usize>,
    told: &Shapes,
    found: &mut Vec<Candidate>,
    sole: impl Fn() -> bool,
) {
    let words = page.text[sentence.clone()].trim_start();
    let start = sentence.end - words.len();
    for kind in [Kind::Health, Kind::Sensitive] {
        let opening = told
            .within(kind, sentence)
            .find(|matter| matter.start <= start + 1);
        let Some(matter) = opening else {
            continue;
        };
        let short = words.len() < 90 && !words.contains('?');
        if short && sole() && !is_a_tale(page, sentence, matter) && !is_public_prose(page, sentence)
        {
            found.push(Candidate::new(kind, matter.clone(), 0.6));
            return;
        }
    }
}

/// "The free school meals list had a typo. It should read Bradley": a list of those whom a matter concerns, and a name in the
/// next sentence.
fn on_a_list(page: &Page<'_>, sentence: &Range<usize>, found: &mut Vec<Candidate>) {
    let cue = page
        .cues_in(sentence, FIRM_SENSITIVE | SEND | CONDITION)
        .find(|cue| {
            [" list", " register", " form", " letters", " sheet"]
                .iter()
                .any(|list| page.text[cue.bytes.end..].starts_with(list))
        });
    let Some(cue) = cue.filter(|_| sentence.end < page.text.len()) else {
        return;
    };
    let next = page.sentence_of(sentence.end);
    let named = page.named_in(&next).any(|named| !named.staff);
    let listed = [
        "read ", "add ", "take ", "off", "not ", "missing", "instead", "wrong", "sorry",
    ]
    .iter()
    .any(|word| page.says_in(&next, word));
    if named && listed {
        let kind = if cue.classes & CONDITION != 0 {
            Kind::Health
        } else {
            Kind::Sensitive
        };
        found.push(Candidate::new(kind, cue.bytes.clone(), 0.6));
    }
}

/// "Diabetic lad in Year 4", "a deaf girl in my class": the matter opens the role.
static ROLE_AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^ (?:little |wee )?(?:lad|boy|girl|lass|kid|child|pupil|student) in (?:year|y[0-9]|yr|reception|nursery|p[1-7])").ok()
});

/// "The only wheelchair user in Year 3": nobody else it could be.
static ONLY_AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?: [a-z]+){0,2} in (?:the |our )?(?:year|y[0-9]|yr|reception|nursery|p[1-7]|class|school|[1-6] [a-z]+)").ok()
});

fn of_a_role(page: &Page<'_>, found: &mut Vec<Candidate>) {
    for cue in page.cues.iter().filter(|cue| cue.classes & CONDITION != 0) {
        let rest = page.text_after(cue.bytes.end, 40);
        let general = is_general(page, &page.sentence_of(cue.bytes.start), cue);
        let only = page.text_before(cue.bytes.start, 12).ends_with("only ")
            && ONLY_AFTER.iter().any(|role| role.is_match(rest));
        if only || !general && ROLE_AFTER.iter().any(|role| role.is_match(rest)) {
            found.push(Candidate::new(Kind::Health, cue.bytes.clone(), 0.6));
        }
    }
}

/// Somebody told by a pupil's number.
fn numbered(found: &[Candidate], sentence: &Range<usize>) -> Vec<Person> {
    found
        .iter()
        .filter(|number| matches!(number.kind, Kind::Upn | Kind::Uln))
        .filter(|number| sentence.start <= number.bytes.start && number.bytes.end <= sentence.end)
        .map(|number| Person {
            bytes: number.bytes.clone(),
            told: Told::Named,
        })
        .collect()
}

/// Whether somebody known stands a little before what is told, or just after it.
fn is_beside(person: &Person, told: &Range<usize>) -> bool {
    let sure = person.told >= Told::Given;
    let known = sure || person.told == Told::Role;
    let before = person.bytes.end <= told.start
        && told.start - person.bytes.end < if sure { REACH } else { 60 };
    let after = told.end <= person.bytes.start
        && person.bytes.start - told.end < if sure { 60 } else { 40 };
    let within = told.start <= person.bytes.start && person.bytes.end <= told.end;
    known && (before || after || within || sure && overlap(told, &person.bytes))
}

/// Adds the surest pair of a person and a matter of these classes.
fn best(
    page: &Page<'_>,
    sentence: &Range<usize>,
    people: &[Person],
    kind: Kind,
    told: &Shapes,
    found: &mut Vec<Candidate>,
) {
    let classes = if kind == Kind::Health {
        CONDITION
    } else {
        SEND | SENSITIVE
    };
    let classes_told = page.text[sentence.clone()].matches('%').count() > 2;
    let words = &page.text[sentence.clone()];
    // a cup for the attendance of a class
    let won = page.says("attendance") && is_otherwise(page, sentence, "attendance");
    let given = kind == Kind::Sensitive
        && !classes_told
        && !is_sport(page, sentence)
        && !won
        && (page.has(CONDITION | SEND | SENSITIVE) || may_give_marks(page));
    let marks: Vec<Range<usize>> = if given {
        marks(page, words)
            // "from 6.2 in September to 9.11" are ages where ages are spoken of, and times elsewhere
            .filter(|mark| {
                let told = &words[mark.clone()];
                !(told.starts_with("from ") && told.contains(['.', ':'])) || page.says(" age")
            })
            .map(|mark| sentence.start + mark.start..sentence.start + mark.end)
            .collect()
    } else {
        Vec::new()
    };
    let mut best: Best = None;
    for person in people.iter().take(40) {
        let from = person.bytes.start.saturating_sub(REACH).max(sentence.start);
        let to = (person.bytes.end + REACH).min(sentence.end);
        let near = page
            .cues_between(from, to)
            .filter(|cue| cue.classes & classes != 0 && !overlap(&cue.bytes, &person.bytes))
            .filter(|cue| !is_idiom(page, cue) && !is_of_a_cause(page, sentence, &cue.bytes));
        for cue in near {
            if let Some(confidence) = confidence(page, sentence, person, cue, kind) {
                offer(
                    &mut best,
                    confidence,
                    person,
                    told_of(page, sentence, person, &cue.bytes),
                );
            }
        }
        for told in told.within(kind, sentence) {
            if is_beside(person, told)
                && !is_of_a_cause(page, sentence, told)
                && !is_of_others(page, person, told)
            {
                offer(
                    &mut best,
                    0.7,
                    person,
                    told_of(page, sentence, person, told),
                );
            }
        }
        for mark in &marks {
            let apart = mark
                .start
                .max(person.bytes.start)
                .saturating_sub(mark.end.min(person.bytes.end));
            if person.told != Told::OwnChild && apart < REACH {
                offer(
                    &mut best,
                    0.75,
                    person,
                    told_of(page, sentence, person, mark),
                );
            }
        }
    }
    if let Some((confidence, _, bytes)) = best {
        found.push(Candidate::new(kind, bytes, confidence));
    }
}

/// Whether a matter is the name of those for whom money was raised.
fn is_of_a_cause(page: &Page<'_>, sentence: &Range<usize>, told: &Range<usize>) -> bool {
    let told = told.start - sentence.start..told.end.min(sentence.end) - sentence.start;
    is_a_cause(&page.text[sentence.clone()], &told)
}

/// "Two people in the pew put their hearing aids away": what belongs to several others.
fn is_of_others(page: &Page<'_>, person: &Person, told: &Range<usize>) -> bool {
    page.text[told.clone()].starts_with("their ")
        && person.bytes.end < told.start
        && is_of_many(&page.text[person.bytes.end..told.start + "their ".len()])
}

/// How far a matter that nothing joins to a person may be from them: what sets one child apart may be further than what a
/// school gives to many.
fn unjoined_reach(person: &Person, cue: &Cue, kind: Kind) -> usize {
    match kind {
        Kind::Health => 80,
        _ if cue.classes & FIRM_SENSITIVE != 0 => 80,
        _ if person.told == Told::Named => 40,
        _ => 0,
    }
}

/// Whether the matter by itself is about one person ("two detentions, well done Tyler").
fn is_direct(page: &Page<'_>, cue: &Cue) -> bool {
    let direct = [
        "detention",
        "exclu",
        "suspended",
        "suspension",
        "day suspension",
        "expelled",
        "in foster",
        "into care",
        "into foster",
        "foster par",
        "foster fam",
        "foster hom",
        "foster pla",
        "ehcp",
        "fsm",
        "social worker",
        "on report",
        "behaviour plan",
        "safeguarding plan",
        "child protection plan",
        "in care",
        "pupil premium",
        "educational psych",
        "free school meal",
        "social serv",
        "refugee",
        "lost custody",
        "custody",
        "in prison",
        "working towards",
        "behaviour contract",
        "one-to-one",
        "child in need",
        "divorc",
        "getting divorced",
        "looked",
        "social care",
        "adopted",
        "asylum",
        "homeless",
        "bereaved",
        "on bail",
        "at risk",
        "young carer",
        "child protection",
        "fixed term",
        "fixed-term",
        "in isolation",
        "internal",
        "care order",
        "stay in the country",
        "leave to",
        "deport",
        "right to remain",
    ];
    let matter = &page.text[cue.bytes.clone()];
    direct.iter().any(|word| matter.starts_with(word))
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The surest stretch so far: how sure, the person, the words.
type Best = Option<(f32, Range<usize>, Range<usize>)>;

/// How near a matter told less surely must stand to a surer one to belong to it.
const CLOSE: usize = 12;

/// Makes one stretch of two matters of one person that stand on one side of the name.
fn widen(whom: &Range<usize>, told: &mut Range<usize>, person: &Person, matter: &Range<usize>) {
    let both = told.start.min(matter.start)..told.end.max(matter.end);
    if *whom == person.bytes && !overlap(&both, whom) {
        *told = both;
    }
}

/// Keeps the surest stretch; matters told of one person as surely and on one side are one stretch.
fn offer(best: &mut Best, confidence: f32, person: &Person, matter: Range<usize>) {
    match best {
        Some((before, whom, told)) if *before > confidence => {
            if told.start <= matter.end + CLOSE && matter.start <= told.end + CLOSE {
                widen(whom, told, person, &matter);
            }
        }
        Some((before, whom, told)) if *before >= confidence => {
            widen(whom, told, person, &matter);
        }
        _ => *best = Some((confidence, person.bytes.clone(), matter)),
    }
}

/// Whether the words after a name lead on with a pronoun: "keep Nia in your prayers as she starts chemo".
fn refers(link: &str) -> bool {
    link.len() < 60
        && [" he ", " she ", " hes ", " shes ", " he's ", " she's "]
            .iter()
            .any(|word| link.contains(word))
        && ![" i ", " my ", " we "]
            .iter()
            .any(|word| link.contains(word))
}

/// Whether a matter is not this person's: a person's work, a part in a play, a word that counts only with a figure.
fn is_set_apart(page: &Page<'_>, cue: &Cue, after: bool, link: &str, gap: usize) -> bool {
    let matter = &page.text[cue.bytes.clone()];
    // "our family support worker Carys"
    let at_work = ["worker", "carer", "carers", "officer", "mentor", "unit"]
        .iter()
        .any(|work| matter.ends_with(work));
    // "Osian as the ghost with a broken arm"; how often somebody came is a matter of the figure beside it
    !after && gap <= 1 && at_work || after && link.contains(" as the ") || matter == "attendance"
}

/// What stands before a name that says at last who was meant.
const NAMED_LAST: &[&str] = &[
    ", ",
    ", poor ",
    " poor ",
    ", bless ",
    " bless ",
    ", our ",
    ", wee ",
    ", little ",
];

/// Somebody told by a pronoun or pointed at.
static SUBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:he|she|hes|shes|he's|she's|that's the|thats the|that is the|he'd|she'd|him|her|that one|that lad|that kid|that girl|that boy)(?-u:\b)").ok()
});

/// Whether words before a matter join it to the person named after it.
fn is_told_first(
    page: &Page<'_>,
    sentence: &Range<usize>,
    person: &Person,
    cue: &Cue,
    kind: Kind,
) -> bool {
    let gap = person.bytes.start.saturating_sub(cue.bytes.end);
    // "has nits again does Kuba", "is on antibiotics, our Marnie"
    let turned = gap < 40
        && page
            .text_before(cue.bytes.start, 14)
            .rsplit([' ', ','])
            .take(3)
            .any(|word| {
                matches!(
                    word,
                    "has" | "is" | "got" | "takes" | "had" | "was" | "hes" | "shes"
                )
            });
    // "threw up all over the minibus did Harvey"
    let inverted = gap < 60
        && cue.classes & VERBAL != 0
        && [" did ", " has ", " does ", " our "]
            .iter()
            .any(|verb| page.text[cue.bytes.end..cue.bytes.end + gap].ends_with(verb));
    // "since his ADHD diagnosis school have been brilliant with Reuben"
    let owned = [" his ", " her "]
        .iter()
        .any(|own| page.text_before(cue.bytes.start, 5).ends_with(own));
    // "she wet the bed, poor Tabitha", "that's the foster kid, Tobiah": the name comes last
    let last = !page.context.draft
        && gap < 70
        && person.bytes.end + 40 >= sentence.end
        && NAMED_LAST
            .iter()
            .any(|lead| page.text[..person.bytes.start].ends_with(lead))
        && SUBJECT
            .iter()
            .any(|subject| subject.is_match(&page.text[sentence.start..cue.bytes.start]));
    turned || inverted || last || kind == Kind::Health && gap < 60 && owned
}

/// The end of what somebody says, and a verb before the speaker.
static SAID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("[\"\u{201d}'\u{2019}],? (?:said|says|told us|explained|explains|wrote|writes|added|adds)(?: our)? $").ok()
});

fn confidence(
    page: &Page<'_>,
    sentence: &Range<usize>,
    person: &Person,
    cue: &Cue,
    kind: Kind,
) -> Option<f32> {
    let firm = kind == Kind::Health || cue.classes & (FIRM_SENSITIVE | SEND) != 0;
    let between = person.bytes.end.min(cue.bytes.end)..person.bytes.start.max(cue.bytes.start);
    let after = cue.bytes.start >= person.bytes.end;
    let link = if after {
        &page.text[between.clone()]
    } else {
        ""
    };
    let possessive = page.text[person.bytes.end..].starts_with("'s")
        && after
        && link.len() < 24
        && (person.told > Told::Capital || !link.contains(','));
    let strong = after
        && page
            .cues_between(between.start, between.end)
            .any(|word| word.classes & STRONG_HAS != 0);
    let has = after
        && page
            .cues_between(between.start, between.end)
            .any(|word| word.classes & HAS != 0);
    if is_set_apart(page, cue, after, link, between.len()) || is_of_many(link) {
        return None;
    }
    let general = is_general(page, sentence, cue);
    // "talk about her anxiety": whoever it belongs to was named just before
    let owned = after
        && [" his ", " her ", " their "]
            .iter()
            .any(|own| link.ends_with(own));
    let strong = strong || owned && kind == Kind::Health && person.told >= Told::Given;
    let verbal = after && cue.classes & VERBAL != 0 && link.len() <= 16;
    let before =
        !after && person.told >= Told::Given && is_told_first(page, sentence, person, cue, kind);
    let referred = after && person.told >= Told::Given && refers(link);
    // "I'm deaf and it's my superpower, says Jacob": a draft speaks for nobody but whom it quotes
    let quoted = page.context.draft
        && !after
        && person.told >= Told::Given
        && ["i am ", "i'm ", "i\u{2019}m "].iter().any(|own| {
            page.text_before(cue.bytes.start, 12)
                .strip_suffix(own)
                .is_some_and(|lead| !lead.ends_with(char::is_alphabetic))
        })
        && !page.text[cue.bytes.end..].starts_with(" to ")
        && SAID
            .iter()
            .any(|said| said.is_match(&page.text[between.clone()]));
    let presupposed = quoted || person.told >= Told::Given && is_presupposed(page, cue);
    // "Rosalind came out in hives"
    let beside = link == " " && person.told >= Told::Given;
    let joined = before
        || beside
        || presupposed
        || strong
        || possessive
        || verbal
        || referred
        || has && link.len() < 50;
    let base = match person.told {
        Told::Named | Told::Given => 0.85,
        Told::Role => 0.7,
        // a capital may be any noun that opens a sentence: only "Oscar is autistic", "Oscar's inhaler"
        Told::Capital if general => return None,
        Told::Capital if possessive && kind == Kind::Health => 0.6,
        Told::Capital if (strong || verbal) && link.len() <= 24 => 0.65,
        Told::Capital if kind == Kind::Health && matches!(link, " is " | " was ") => 0.6,
        Told::Capital if link.starts_with(", who") && link.len() < 30 => 0.6,
        Told::Capital
            if joined
                && owned
                && kind == Kind::Health
                && !page.context.draft
                && person.bytes.start > sentence.start + 1 =>
        {
            0.55
        }
        Told::Capital | Told::OwnChild => return None,
    };
    match (joined, general) {
        _ if !(firm || verbal || strong && link.len() <= 16) => None,
        (true, false) if kind == Kind::Sensitive && cue.classes & (FIRM_SENSITIVE | SEND) == 0 => {
            Some(base - 0.01)
        }
        (true, false) => Some(base),
        (true, true)
            if strong && link.len() < 30
                || firm && link.len() < 14
                || verbal
                || referred
                || beside
                || presupposed && person.told == Told::Named
                || firm
                    && person.told >= Told::Given
                    && link.contains(" who ")
                    && !link.contains(" work")
                    && !link.contains(" help") =>
        {
            Some(base - 0.1)
        }
        (false, false)
            if firm
                && cue.classes & VERBAL == 0
                && (kind == Kind::Health && between.len() < 30 && person.told >= Told::Given
                    || person.told >= Told::Given
                        && between.len() < unjoined_reach(person, cue, kind)
                        && !is_topic(page, cue)) =>
        {
            Some(0.55)
        }
        (false, false) if person.told == Told::Role && after && link.len() < 12 && firm => {
            Some(0.65)
        }
        (false, false)
            if is_direct(page, cue) && between.len() < 80 && person.told >= Told::Given =>
        {
            Some(0.55)
        }
        _ => None,
    }
}
