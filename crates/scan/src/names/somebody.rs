//! Is a given name somebody or something else's: another surname, a road, a book, a sovereign?

use super::{
    cues::PRAISE,
    evidence::{attached_class, kin_before, praised},
    grammar, lists,
    parts::{Part, Way},
    roster::Role,
    scene::{Adult, Candidate, Rule, Scene},
    stream::{Atom, Gap},
};

const PLACES_AFTER: &[&str] = &[
    "road",
    "street",
    "avenue",
    "drive",
    "crescent",
    "house",
    "hall",
    "park",
    "school",
    "academy",
    "college",
    "church",
    "court",
    "way",
    "gardens",
    "square",
    "hospital",
    "hospice",
    "library",
    "centre",
    "trust",
    "foundation",
    "farm",
    "hill",
    "bridge",
    "island",
    "beach",
    "bay",
    "castle",
    "peak",
    "falls",
    "cove",
    "seat",
    "wall",
    "cathedral",
    "museum",
    "theatre",
    "stadium",
    "trophy",
    "cup",
    "town",
    "village",
    "estate",
    "terrace",
    "close",
    "mews",
    "grove",
    "quay",
    "united",
    "rovers",
    "albion",
    "athletic",
    "books",
    "ltd",
    "primary",
    "infant",
    "junior",
    "vii",
    "viii",
    "vi",
    "iv",
    "iii",
    "ii",
    "day",
];

const STORIES: &[&str] = &[
    "story",
    "tale",
    "book",
    "biography",
    "life",
    "character",
    "musical",
    "panto",
    "pantomime",
    "film",
    "movie",
    "legend",
    "myth",
    "novel",
    "poem",
    "song",
    "adventures",
    "explorer",
    "author",
    "illustrator",
    "scientist",
    "composer",
    "poet",
    "emperor",
    "goddess",
];

/// Whether the given name belongs to somebody or something else: another surname, a road, a book.
pub(super) fn is_somebody_else(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let Some(first) = stream.get(part.start) else {
        return true;
    };
    let adult = scene.adult(part.start..part.end);
    if first.figure || first.quoted || adult != Adult::Nobody && !plays_a_part(scene, part, adult) {
        return true;
    }
    if stream.loose {
        return false;
    }
    let story = STORIES.contains(&stream.text_before(part.start, 1)) && stream.follows(part.start)
        || stream.text_before(part.start, 1) == "of"
            && STORIES.contains(&stream.text_before(part.start, 2));
    story
        || address(scene, part)
        || code(scene, part)
        || a_work(scene, part)
        || called_after(scene, part)
        || monarch(scene, part)
        || hyphenated(scene, part)
        || other_surname(scene, part)
        || named_before(scene, part)
        || titled_work(scene, part)
}

/// `jodie.hargreave@mail.example`: an address with another family name.
fn address(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let dotted = |at: usize| {
        let gap = stream.gap(at);
        gap.only(Gap::STOP | Gap::UNDERLINE | Gap::DASH) && gap.length() == 1
    };
    let at_sign = stream.gap(part.end + 1);
    let next = stream.get(part.end);
    dotted(part.end)
        && next.is_some_and(|a| !a.digits && !a.is_single())
        && at_sign.only(Gap::SIGIL)
        && at_sign.length() == 1
        && stream.get(part.end + 1).is_some_and(|a| a.sigil.is_none())
}

/// `HANNAH20`: a code for the till.
fn code(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let shouted = stream
        .get(part.start)
        .is_some_and(|a| a.case == super::stream::Case::Upper && a.sigil.is_none());
    let glued = stream.gap(part.end).is_empty() && stream.get(part.end).is_some_and(|a| a.digits);
    shouted && glued && part.end == part.start + 1
}

/// Storms, ships and prophets bear given names.
fn called_after(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let kind = stream.text_before(part.start, 1);
    let before = part.start > 0
        && stream.follows(part.start)
        && stream.get(part.start - 1).is_some_and(Atom::capital);
    let storm = matches!(
        kind,
        "storm"
            | "hurricane"
            | "cyclone"
            | "typhoon"
            | "prophet"
            | "hms"
            | "ss"
            | "ms"
            | "mv"
            | "rnli"
            | "rms"
            | "isle"
            | "mount"
            | "lake"
            | "loch"
            | "cape"
            | "port"
            | "fort"
    );
    let next = stream.text(part.end);
    let of_place = next == "of"
        && stream
            .get(part.end + 1)
            .is_some_and(|a| a.capital() && !a.digits)
        && stream.follows(part.end)
        && stream.follows(part.end + 1)
        && !scene.in_mention(part.end + 1)
        && !class_word(scene, part.end + 1);
    let isle_of = kind == "of"
        && matches!(
            stream.text_before(part.start, 2),
            "isle"
                | "mull"
                | "gulf"
                | "bay"
                | "university"
                | "order"
                | "knights"
                | "church"
                | "sea"
        );
    // `Joshua and Sons`
    let firm = matches!(stream.text(part.end), "and") || stream.gap(part.end).has(Gap::AND);
    let firm = firm && {
        let at = part.end + usize::from(stream.text(part.end) == "and");
        stream.get(at).is_some_and(Atom::capital)
            && matches!(
                stream.text(at),
                "sons" | "son" | "co" | "daughters" | "partners"
            )
    };
    let firm = firm && !scene.may_be_meant(part);
    firm || before && storm || of_place || isle_of || shop(scene, part)
}

/// `Poppy's Bakery`
fn shop(scene: &Scene<'_>, part: &Part) -> bool {
    let next = scene.stream.get(part.end);
    part.possessive
        && next.is_some_and(|atom| {
            atom.capital()
                && !atom.heading
                && !is_cut(scene, part.end)
                && (SHOPS.contains(&&*atom.text)
                    || PLACES_AFTER.contains(&&*atom.text)
                    || !atom.opens
                        && atom.case != super::stream::Case::Mixed
                        && !atom.word.is_english()
                        && !atom.word.keeps(u16::MAX)
                        && scene.parts.at(part.end).is_empty()
                        && !atom.word.given)
        })
}

/// Whether the atom is only the beginning of a word: `Epi` of `EpiPens`.
fn is_cut(scene: &Scene<'_>, at: usize) -> bool {
    let next = scene.stream.get(at + 1);
    next.is_some_and(|atom| !atom.digits && atom.gap.is_empty())
}

const SHOPS: &[&str] = &[
    "bakery",
    "cafe",
    "shop",
    "store",
    "stores",
    "salon",
    "kitchen",
    "pizza",
    "garage",
    "bar",
    "diner",
    "nursery",
    "florist",
    "florists",
    "butchers",
    "plaice",
    "fish",
    "chippy",
    "pantry",
    "deli",
    "tearoom",
    "tearooms",
    "restaurant",
    "gym",
    "studio",
    "studios",
    "dance",
    "taxis",
    "cakes",
    "flowers",
    "law",
    "legacy",
    "gift",
    "fund",
    "wish",
    "diary",
    "web",
    "ark",
    "dream",
    "marvellous",
    "secret",
    "list",
    "ladder",
    "hope",
    "fabrics",
    "foods",
    "toys",
    "furniture",
    "hair",
    "barbers",
    "boutique",
    "burgers",
    "coffee",
    "heroes",
    "army",
    "charity",
    "appeal",
];

/// What belongs to a play, a film or a book.
const WORKS_AFTER: &[&str] = &[
    "tickets",
    "musical",
    "panto",
    "pantomime",
    "rehearsal",
    "rehearsals",
    "auditions",
    "cast",
    "script",
    "dvd",
    "costumes",
    "sheep",
    "cream",
];

/// `Matilda by Roald Dahl`, `tickets for Oliver`, `Oliver! tickets`: the name of a work.
fn a_work(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let next = stream.text(part.end);
    let by = next == "by"
        && stream
            .get(part.end + 1)
            .is_some_and(|a| a.capital() && !a.digits)
        && !stream.gap(part.end + 1).has(Gap::STOP | Gap::LINE);
    let after = WORKS_AFTER.contains(&next)
        && stream
            .gap(part.end)
            .only(Gap::SPACE | Gap::STOP | Gap::QUOTE);
    let show_of = matches!(
        (
            stream.text_before(part.start, 2),
            stream.text_before(part.start, 1)
        ),
        ("tickets", "for")
            | (
                "performance"
                    | "performances"
                    | "production"
                    | "screening"
                    | "version"
                    | "cast"
                    | "copy"
                    | "copies"
                    | "rehearsal"
                    | "rehearsals"
                    | "showing",
                "of"
            )
            | ("auditions" | "rehearsals" | "costumes" | "scenery", "for")
    );
    let studied = scene.draft
        && matches!(
            stream.text_before(part.start, 1),
            "reading" | "studying" | "performing" | "text" | "novel"
        )
        && stream.follows(part.start)
        && !part.possessive;
    let read = scene.draft
        && stream.text_before(part.start, 1) == "read"
        && matches!(
            stream.text_before(part.start, 2),
            "we" | "have" | "will" | "to" | "children" | "been"
        )
        && matches!(
            next,
            "this" | "as" | "in" | "and" | "for" | "together" | "at" | "" | "last" | "over"
        );
    // `matilda is the best musical ever`
    let is_one = matches!(next, "is" | "was")
        && (part.end + 1..part.end + 6)
            .take_while(|at| stream.follows(*at))
            .any(|at| {
                matches!(
                    stream.text(at),
                    "musical" | "film" | "movie" | "panto" | "pantomime" | "novel" | "cartoon"
                )
            });
    // `Film night: Matilda, 5pm, hall`
    let shown = stream.gap(part.start).has(Gap::COLON)
        && !(stream.gap(part.end).has(Gap::COMMA) && scene.is_given(part.end))
        && !scene.may_be_meant(part)
        && (1..=2).any(|back| {
            matches!(
                stream.text_before(part.start, back),
                "film" | "movie" | "cinema" | "novel" | "musical" | "panto" | "pantomime"
            )
        });
    (by || shown || after || show_of || studied || read || is_one)
        && !praised(scene, part.start)
        && !kin_before(scene, part.start)
}

/// `Queen Isabella of 1 Robin`: an office before the name, a class after it, and a child who may not be published.
fn plays_a_part(scene: &Scene<'_>, part: &Part, adult: Adult) -> bool {
    adult == Adult::Role
        && attached_class(scene, part).is_some()
        && scene.roster.is_hidden_name(&part.names)
}

/// `Elizabeth I and`, `Henry V`: a numeral, and not a pronoun or an initial of ours.
fn monarch(scene: &Scene<'_>, part: &Part) -> bool {
    let reigned = matches!(
        part.key.as_str(),
        "elizabeth"
            | "charles"
            | "henry"
            | "james"
            | "george"
            | "william"
            | "edward"
            | "mary"
            | "richard"
            | "victoria"
    );
    let stream = scene.stream;
    let numeral = matches!(stream.text(part.end), "i" | "v")
        && stream.get(part.end).is_some_and(Atom::capital);
    let after = stream.gap(part.end + 1);
    let closed = part.end + 1 >= stream.len()
        || after.has(Gap::COMMA | Gap::STOP | Gap::BRACKET)
        || matches!(
            stream.text(part.end + 1),
            "and" | "in" | "of" | "was" | "the" | "to" | "by" | "had" | "who"
        );
    reigned && numeral && stream.follows(part.end) && closed
}

/// Given names that this text gives to somebody with another surname: `Louis Armstrong ... Louis`.
pub(super) fn names_of_others(
    scene: &Scene<'_>,
    found: &[Candidate],
) -> std::collections::HashSet<String> {
    let mut whole: Vec<usize> = found
        .iter()
        .filter(|candidate| candidate.rule >= Rule::PartOfDouble)
        .map(|candidate| candidate.bytes.start)
        .collect();
    whole.sort_unstable();
    // `Siân Morgan Price` is ours, and so is the `Siân` after it.
    let ours = |part: &Part| {
        let start = scene.stream.get(part.start).map(|atom| atom.bytes.start);
        start.is_some_and(|start| whole.binary_search(&start).is_ok())
    };
    scene
        .parts
        .all
        .iter()
        .filter(|part| part.role == Role::Given && part.way == Way::Plain && !ours(part))
        .filter(|part| {
            let figure = scene.stream.get(part.start).is_some_and(|a| a.figure);
            figure || has_other_surname(scene, part)
        })
        .map(|part| part.key.clone())
        .collect()
}

/// Whether the name has a family name here that is no pupil's.
pub(super) fn has_other_surname(scene: &Scene<'_>, part: &Part) -> bool {
    let heading = scene.stream.get(part.start).is_some_and(|a| a.heading);
    !heading && !scene.stream.loose && other_surname(scene, part)
}

/// Whether something at the very place says that the name is a pupil's: praise, family, a class.
pub(super) fn is_vouched_for(scene: &Scene<'_>, part: &Part) -> bool {
    praised(scene, part.start)
        || kin_before(scene, part.start)
        || attached_class(scene, part).is_some()
        || scene.stream.text(part.end) == "as" && scene.stream.follows(part.end)
}

/// `Amelia-Jane` where only Amelia is registered, `Grace-filled`.
fn hyphenated(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let dash = |at: usize| {
        let gap = stream.gap(at);
        gap.only(Gap::DASH) && gap.length() == 1
    };
    let after = stream.get(part.end).is_some_and(|a| !a.digits)
        && dash(part.end)
        && !scene.in_mention(part.end);
    let before = part.start > 0
        && dash(part.start)
        && stream.get(part.start - 1).is_some_and(|a| !a.digits)
        && !scene.in_mention(part.start - 1);
    after || before
}

/// A capitalised word right after the name that is not ours.
fn other_surname(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let at = part.end;
    let Some(next) = stream.get(at) else {
        return false;
    };
    // `#AmeliaRocks` is about her; `#TheodoreMarchant` is a whole name, and not ours.
    let inside_tag = next.text.ends_with('s')
        && stream.gap(part.start).is_empty()
        && part.start > 0
        && !scene.is_given(part.start - 1);
    let glued_tag = next.sigil.is_some()
        && (next.word.is_english() || next.word.given || next.digits || inside_tag);
    if !stream.follows(at)
        || glued_tag
        || part.possessive
        || !next.capital()
        || next.digits
        || next.is_single()
    {
        return false;
    }
    if PLACES_AFTER.contains(&&*next.text) && !next.heading {
        return true;
    }
    if scene.in_mention(at)
        || next.opens && next.sigil.is_none()
        || class_word(scene, at)
        || next.heading && grammar::is_verbal(&next.text)
    {
        return false;
    }
    let middle = scene.is_beside(part, at);
    if middle || lists::is_common(&next.text) && (next.heading || !scene.is_given(at)) {
        return lists::is_common(&next.text)
            && !next.heading
            && lists::topic(&next.text).is_some()
            && !middle
            && next.case == super::stream::Case::Title
            && !part.is_word();
    }
    // Two given names in a row without a comma are a list that lost it, unless nobody here has the second, or the second
    // is a family name as often, the list does not go on, and the first is no child of a class that is named.
    let registered = scene.parts.given_at(at);
    let goes_on = scene.is_given(at + 1) && stream.get(at + 1).is_some_and(Atom::capital)
        || stream.text(at + 1) == "and"
        || stream.gap(at + 1).has(Gap::COMMA | Gap::AND);
    let family = FAMILY_TOO.contains(&&*next.text) && !goes_on && !scene.may_be_meant(part);
    !registered || part.is_word() || family
}

/// Given names that are family names as often.
const FAMILY_TOO: &[&str] = &[
    "thomas",
    "james",
    "lewis",
    "owen",
    "george",
    "harvey",
    "oliver",
    "arthur",
    "henry",
    "lucas",
    "jordan",
    "joseph",
    "francis",
    "elliott",
    "cameron",
    "logan",
    "ryan",
    "dylan",
    "howard",
    "alexander",
    "marcus",
    "louis",
    "adam",
    "samuel",
    "isaac",
    "nathan",
    "reece",
    "rhys",
    "edward",
    "albert",
    "harrison",
    "tyler",
    "bradley",
    "elijah",
];

fn class_word(scene: &Scene<'_>, at: usize) -> bool {
    matches!(
        scene.stream.text(at),
        "year" | "yr" | "class" | "reception" | "nursery" | "y" | "from" | "in" | "and"
    ) || scene.in_mention(at)
}

/// `Theresa May`, `Emma Grace`: a given name of somebody in front.
fn named_before(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    if !stream.follows(part.start) || !part.capital {
        return false;
    }
    let Some(previous) = stream.get(part.start - 1) else {
        return false;
    };
    if !previous.capital()
        || previous.digits
        || previous.sigil.is_some()
        || scene.in_mention(part.start - 1)
    {
        return false;
    }
    let text = &*previous.text;
    if previous.is_single() {
        return text != "i" && text != "a" && part.is_word();
    }
    if lists::is_common(text) || PRAISE.contains(&text) {
        return false;
    }
    let given = lists::is_given(text);
    let registered = scene.parts.given_at(part.start - 1);
    // Three in a row are a list without commas.
    let row = scene.is_given(part.end) && stream.follows(part.end)
        || stream.text(part.end) == "and" && scene.is_given(part.end + 1)
        || part.start >= 2 && scene.is_given(part.start - 2) && stream.follows(part.start - 1);
    if registered && row && !part.is_word() {
        return false;
    }
    given || registered || part.is_word() && !previous.opens && !previous.heading
}

/// `Jack and the Beanstalk`, `Danny the Champion`: a capital after "the" belongs to a title.
fn titled_work(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let epithet = stream.text(part.end) == "the"
        && stream.follows(part.end)
        && stream.follows(part.end + 1)
        && stream.get(part.end).is_some_and(|a| !a.capital())
        && stream
            .get(part.end + 1)
            .is_some_and(|a| a.capital() && a.word.common && !a.digits)
        && !class_word(scene, part.end + 1);
    if epithet {
        return true;
    }
    let the = match (stream.text(part.end), stream.text(part.end + 1)) {
        ("the", _) => part.end,
        ("and" | "in" | "at" | "on", "the") => part.end + 1,
        _ => return false,
    };
    let unbroken = (part.end..=the + 1).all(|at| stream.gap(at).only(Gap::SPACE));
    let capital = stream
        .get(the + 1)
        .is_some_and(|a| a.capital() && !a.heading && !a.digits);
    unbroken
        && capital
        && !scene.in_mention(the + 1)
        && !lists::is_given(stream.text(the + 1))
        && the_thing(scene, the + 1)
}

/// Whether the capitalised word after "the" can end a title, and is not a class or a registered family.
fn the_thing(scene: &Scene<'_>, at: usize) -> bool {
    scene.parts.at(at).is_empty() && !class_word(scene, at)
}
