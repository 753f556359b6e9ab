//! When the word for an illness or another matter means something else: laughter, football, a charity, what a talk is about.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    cues::{CONDITION, Cue, GENERAL},
    page::Page,
};

/// An illness as part of the name of those who fight it: "for Breast Cancer Now", "for Down Syndrome Day".
static CAUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:for|of|to|with|by) (?:the )?(?:(?:[a-z'\x{2019}-]+|&) ){1,4}(?:uk|society|action|research|trust|now|day|week|month|care|foundation|charity|charities|association|appeal|support|relief|concern|hospice|fund|awareness|alliance|campaign|nurses|network|connect|scotland|wales|cymru|ni)(?-u:\b)").ok()
});
/// What is done to raise money or to be seen.
static RAISED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:ran|runs?|running|walk(?:s|ed|ing)?|cycl(?:es?|ed|ing)|swam|swims?|swimming|bak(?:es?|ed|ing)|dy(?:es?|ed|eing)|shav(?:es?|ed|ing)|rais(?:es?|ed|ing)|s[eo]lls?|sold|selling|sponsored?|climb(?:s|ed|ing)?|jump(?:s|ed|ing)?|wore|wears?|wearing|knit(?:s|ted|ting)?|collect(?:s|ed|ing)?|donat(?:es?|ed|ing|ions?)|marathons?|miles?|laps|head ?shave|skydive|fundrais[a-z]*|trek|hike|challenge|abseil[a-z]*|bounc[a-z]*|cakes?|pennies|in aid|sang|rowed|skipp[a-z]*|danced|silence)(?-u:\b)").ok()
});

/// Whether words are the name of a cause for which a sentence tells that money was raised.
pub(super) fn is_a_cause(sentence: &str, told: &Range<usize>) -> bool {
    RAISED.iter().any(|raised| raised.is_match(sentence))
        && CAUSE
            .iter()
            .flat_map(|cause| cause.find_iter(sentence))
            .any(|cause| cause.start() <= told.start && told.end <= cause.end())
}

/// Whether all that a sentence tells of illness can be the name of a cause.
pub(super) fn is_for_a_cause(sentence: &str) -> bool {
    RAISED.iter().any(|raised| raised.is_match(sentence))
        && CAUSE
            .iter()
            .flat_map(|cause| cause.find_iter(sentence))
            .any(|cause| cause.as_str().starts_with("for "))
}

/// Who is many: what is theirs is no one's.
const MANY: &[&str] = &[
    " people",
    " parents",
    " grandparents",
    " everyone",
    " everybody",
    " audience",
    " visitors",
    " governors",
    " residents",
    " staff",
    " neighbours",
    " grown-ups",
    " adults",
    " guests",
];

/// Whether a matter belongs to several people who stand between it and a person: "Anwen read so clearly that two people put
/// their hearing aids away".
pub(super) fn is_of_many(link: &str) -> bool {
    link.ends_with(" their ") && MANY.iter().any(|many| link.contains(many))
}

/// Whether somebody takes a thing or an animal to themselves: "a gnome that Dawid has adopted", and no child.
fn is_taken_in(before: &str, after: &str) -> bool {
    let passive = [
        "was ", "were ", "is ", "been ", "being ", "are ", "got ", "be ", "an ", "the ", "his ",
        "her ", "newly ", "'s ", "hes ", "shes ", ", ", "and ", "(",
    ]
    .iter()
    .any(|lead| before.ends_with(lead));
    let child = [
        " her",
        " him",
        " parents",
        " family",
        " mum",
        " dad",
        " brother",
        " sister",
        " child",
        " son",
        " daughter",
        " when",
        " at ",
        " from ",
        " as a ",
        " by ",
    ]
    .iter()
    .any(|whom| after.starts_with(whom));
    !passive && !child && !before.is_empty()
}

/// Words before a matter that make another thing of it, and those matters.
const BEFORE_AND_MATTER: &[(&[&str], &[&str])] = &[
    (
        &[
            "us all in ",
            "us in ",
            "everyone in ",
            "me in ",
            "all in ",
            "them in ",
            "room in ",
            "family in ",
            "crowd in ",
            "hall in ",
            "was in ",
            "were in ",
            "had us in ",
        ],
        &["stitches"],
    ),
    (
        &[
            "scored in ",
            "won in ",
            "goal in ",
            "into ",
            "lost in ",
            "in ",
        ],
        &["extra time"],
    ),
    (
        &["love is ", "be ", "went ", "colour ", "venetian ", "a "],
        &["blind"],
    ),
    (
        &["my ", "my own "],
        &[
            "hearing aid",
            "hearing aids",
            "inhaler",
            "wheelchair",
            "op",
            "operation",
            "surgery",
        ],
    ),
    (
        &["to the ", "for the ", "for a ", "local ", "about the "],
        &["hospice", "hospital"],
    ),
    (&["born in ", "born at "], &["hospital"]),
    (
        &[
            "the ",
            "gp ",
            "beat ",
            "advice ",
            "drop-in ",
            "drop in ",
            "street ",
            "police ",
            "mp's ",
            "councillor's ",
            "councillors' ",
            "ward ",
            "weekly ",
            "constituency ",
            "doctor's ",
            "doctors ",
            "doctors' ",
            "our ",
            "vets ",
            "holds a ",
            "hold a ",
            "held a ",
            "runs a ",
        ],
        &["surgery"],
    ),
    (
        &[
            "you ", "we ", "letter ", "letters ", "slip ", "note ", "form ",
        ],
        &["sent home"],
    ),
    (
        &["pure ", "like ", "homework ", "absolute "],
        &["therapy", "torture"],
    ),
];

/// What somebody breaks that is no bone.
const BROKEN_THINGS: &[&str] = &[
    " personal",
    " own ",
    " record",
    " duck",
    " promise",
    " silence",
    " word",
    " pencil",
    " pen ",
    " toy",
    " glasses",
    " new",
    " phone",
    " ruler",
    " bike",
    " run",
    " bat",
    " racket",
    " best",
    " mug",
    " watch",
    " lunch",
    " scooter",
    " fast",
];

/// What after a matter makes another thing of it: "hospital radio", "poorly drawn".
fn made_another_by(matter: &str) -> &'static [&'static str] {
    match matter {
        "deaf" | "blind" => &[" as a ", " as "],
        "heart attack" => &[" when", " seeing", " at the", " looking"],
        "hospital" => &[
            " letter",
            " wristband",
            " band",
            " tag",
            " radio",
            " volunteer",
            " volunteering",
            " porter",
            " staff",
            " car park",
            " shop",
            " trust",
            " charity",
            " corner",
            " drama",
            " porters",
            " play",
            " role play",
            " garden",
            " fund",
            " appeal",
            " bed",
            " visit",
        ],
        "poorly" => &[
            " behaved",
            " drawn",
            " written",
            " paid",
            " lit",
            " attended",
            " organised",
            " made",
            " run",
        ],
        "period" => &[
            " 1", " 2", " 3", " 4", " 5", " 6", " one", " two", " three", " four", " five", " six",
            " of ",
        ],
        "doesn't speak" | "doesnt speak" | "does not speak" | "doesn't talk" | "doesnt talk" => &[
            " english",
            " to ",
            " any",
            " polish",
            " french",
            " for ",
            " the ",
            " up",
            " about",
            " welsh",
            " much english",
        ],
        "adopted" => &[
            " by 1",
            " by 2",
            " by 3",
            " by 4",
            " by 5",
            " by 6",
            " by year",
            " by class",
            " one",
            " a ",
            " an ",
            " by the school",
            " the ",
            " by a",
        ],
        "was sick" | "sick" => &[" on ", " of ", " as "],
        "crutches" | "on crutches" => &[" of "],
        "worms" => &[" have", " are", " in the", " for "],
        "ambulance" => &[
            " bay", " service", " crew", " station", " visit", " visited", " outside",
        ],
        "operation" => &[" christmas", " of "],
        "broke his" | "broke her" => BROKEN_THINGS,
        "appendix" => &[" to ", " a", " b", " 1", " 2", " i"],
        "kept back" => &[" for ", " to "],
        "sent home" => &[
            " with ",
            " on full pay",
            " poorly",
            " ill",
            " sick",
            " because he was",
            " because she was",
        ],
        "on the ward" => &[" and says", " says"],
        "in isolation" | "isolation" => &[" on the ward", " in hospital", " at the hospital"],
        "walked out on" => &[" stage", " the pitch", " the field", " to "],
        "restraint" | "exclusion" => &[" zone", " policy"],
        _ => &[],
    }
}

/// Whether the words around a matter make another thing of it: laughter, football, the writer's own aid.
pub(super) fn is_idiom(page: &Page<'_>, cue: &Cue) -> bool {
    let matter = &page.text[cue.bytes.clone()];
    let before = page.text_before(cue.bytes.start, 14);
    let after = page.text_after(cue.bytes.end, 32);
    let turned = BEFORE_AND_MATTER.iter().any(|(leads, matters)| {
        matters.contains(&matter) && leads.iter().any(|lead| before.ends_with(lead))
    });
    let followed = made_another_by(matter);
    // the writer's own; in a draft it is somebody's who is quoted
    let own = !page.context.draft && ["i'm ", "i am "].iter().any(|own| before.ends_with(own));
    let creatures = matter == "worms"
        && !["has ", "got ", "with ", "have ", "had "]
            .iter()
            .any(|verb| before.ends_with(verb));
    let denied_after = [" none", " nil", ": none", " n/a", ": no", "? no"]
        .iter()
        .any(|none| after.starts_with(none));
    let sewn = matter == "stitches"
        && [
            "knit",
            "sew",
            "crochet",
            "needle",
            "yarn",
            "wool",
            "embroider",
            "quilt",
            "cross-stitch",
            "dropped ",
            "banner",
            "bunting",
            "costume",
            "tapestry",
            "cushion",
            "patchwork",
        ]
        .iter()
        .any(|craft| page.says(craft));
    // "in stitches" is laughter; wounds have stitches in them
    let laughed = matter == "stitches" && before.ends_with("in ");
    let drummed = matter.ends_with(" sticks")
        && ["drum", "hockey", "lacrosse", "lolly", "band"]
            .iter()
            .any(|play| page.says(play))
        || matter.ends_with(" sticks") && page.text[cue.bytes.end..].starts_with(" in ");
    let sung = matter.contains("ward")
        && [
            "sang ",
            "carol",
            "visited ",
            "delivered ",
            "donat",
            "perform",
            "gifts",
            "presents",
        ]
        .iter()
        .any(|gift| page.says_in(&page.sentence_of(cue.bytes.start), gift));
    if own
        || denied_after
        || sewn
        || laughed
        || drummed
        || sung
        || matter == "adopted" && is_taken_in(before, after)
        || creatures
        || before.ends_with("got ") && matches!(matter, "wet himself" | "wet herself")
    {
        return true;
    }
    // "nut-free lunches": part of another word
    // "a week with no detentions" tells of the weeks before
    let denied = cue.classes & CONDITION != 0
        && [" no ", " without ", " any "]
            .iter()
            .any(|denial| before.ends_with(denial));
    let titled =
        denied || before.ends_with('-') || before.ends_with('"') || before.ends_with('\u{201c}');
    let lesson = matter == "period"
        && [
            "for ",
            "free ",
            "tudor ",
            "victorian ",
            "the ",
            "trial ",
            "this ",
            "each ",
            "per ",
            "notice ",
        ]
        .iter()
        .any(|lead| before.ends_with(lead));
    turned
        || titled
        || lesson
        || matter == "hospital" && is_a_building(page, cue)
        || followed.iter().any(|next| is_next(after, next))
}

/// "The cottage hospital has a fete": the house, where nobody is taken to it or lies in it.
fn is_a_building(page: &Page<'_>, cue: &Cue) -> bool {
    let before = page.text_before(cue.bytes.start, 32);
    before.ends_with("cottage ")
        && !before
            .split(' ')
            .any(|word| matches!(word, "in" | "into" | "to" | "taken"))
}

/// Whether a text goes on with these words, and not with longer ones: " b" is no " burst". A plural and what follows a figure
/// are the same words.
fn is_next(after: &str, next: &str) -> bool {
    after.strip_prefix(next).is_some_and(|rest| {
        let rest = match next.len() {
            4.. => rest.strip_prefix('s').unwrap_or(rest),
            _ => rest,
        };
        next.ends_with(|last: char| last == ' ' || last.is_ascii_digit())
            || !rest.starts_with(char::is_alphanumeric)
    })
}

/// Whether the sentence, or what follows the matter, speaks of it in general: a week, a lesson, a charity.
pub(super) fn is_general(page: &Page<'_>, sentence: &Range<usize>, cue: &Cue) -> bool {
    let topic = [
        " week",
        " day",
        " month",
        " awareness",
        " uk",
        " lesson",
        " club",
        " charity",
        " group",
        " people",
        " patients",
        " users",
        " sufferers",
        " services",
        " children",
        " adults",
        " pupils",
        " friendly",
        "-friendly",
        " free",
    ];
    let rest = &page.text[cue.bytes.end..];
    // "seizure free", "clear of leukaemia"
    let healed = ["seizure", "cancer", "leuk", "fit", "pain", "tumour"]
        .iter()
        .any(|matter| page.text[cue.bytes.clone()].contains(matter));
    if healed && rest.starts_with(" free") {
        return false;
    }
    page.cues_in(sentence, GENERAL).next().is_some()
        || topic.iter().any(|word| rest.starts_with(word))
}

/// Whether a matter is what somebody speaks, reads or asks about.
pub(super) fn is_topic(page: &Page<'_>, cue: &Cue) -> bool {
    let before = page.text_before(cue.bytes.start, 24);
    [
        "about ",
        "on ",
        "for ",
        "of ",
        "against ",
        "called ",
        "about the ",
        "for the ",
        "of the ",
        "on the ",
        "to the ",
        "by the ",
        "or ",
        "no ",
    ]
    .iter()
    .any(|lead| before.ends_with(lead))
}

/// Whether the words before a matter take for granted that somebody has it: "since the autism diagnosis", "thanks to the new
/// EHCP", "now that his plan ...".
pub(super) fn is_presupposed(page: &Page<'_>, cue: &Cue) -> bool {
    let before = page.text_before(cue.bytes.start, 32);
    let before = before.trim_end_matches("new ");
    let owned = ["the ", "his ", "her ", "their "]
        .iter()
        .find_map(|owner| before.strip_suffix(owner))
        .unwrap_or(before);
    let opens = page.sentence_of(cue.bytes.start).start + 10 > cue.bytes.start;
    if opens && (before.ends_with("with an ") || before.ends_with("with a ")) {
        return true;
    }
    [
        "since ",
        "after ",
        "despite ",
        "thanks to ",
        "now that ",
        "with ",
        "following ",
        "even with ",
        "because of ",
        "before ",
    ]
    .iter()
    .any(|lead| owned.ends_with(lead))
}
