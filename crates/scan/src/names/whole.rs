//! Whole names: given and family name together, in any order and spelling, and a given name with an initial.
//! These identify a pupil by themselves. Given names alone are read elsewhere.

use schoolgate_model::{CheckFailure, Meter};

use super::{
    adults::is_title,
    cues::DEEDS,
    evidence,
    forms::{self, Quality},
    lists::company::KIN,
    lists::{self, Topic},
    parts::{Part, Way},
    roster::{Named, Pair, Role},
    scene::{Adult, Bond, Candidate, Rule, Scene, bond, topic},
    small,
    stream::{Atom, Case, Gap, Stream},
};

/// Finds every whole name of a text.
pub(super) fn find(
    scene: &Scene<'_>,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    for part in &scene.parts.all {
        meter.spend(1 + part.names.len() as u64)?;
        pairs(scene, part, meter, out)?;
        initials(scene, part, out);
    }
    Ok(())
}

/// The most atoms between the two halves of a name.
const LONGEST_GAP: usize = 3;

fn pairs(
    scene: &Scene<'_>,
    first: &Part,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    if first.possessive {
        return Ok(());
    }
    for start in first.end..=first.end + LONGEST_GAP {
        if start > first.end && bond(scene.stream, start - 1) == Bond::None {
            break;
        }
        for second in scene.parts.at(start) {
            if second.role == first.role {
                continue;
            }
            meter.spend(1 + (first.names.len() * second.names.len()) as u64)?;
            out.extend(pair(scene, first, second));
        }
    }
    Ok(())
}

/// Given and family name of one pupil, next to each other or with a middle name between.
fn pair(scene: &Scene<'_>, first: &Part, second: &Part) -> Option<Candidate> {
    let (given, family) = if first.role == Role::Family {
        (second, first)
    } else {
        (first, second)
    };
    let mut both = scene.roster.common(&given.names, &family.names);
    if !may_be_pupil(scene, first, second) {
        both.retain(|pair| scene.is_hidden(pair.pupil));
    }
    if both.is_empty() {
        return None;
    }
    let direct = first.end == second.start;
    let reversed = first.role == Role::Family;

    let mut factor = bonded(scene, first, second)?;
    if !direct {
        let inner = between(scene, given, first.end..second.start)?;
        if reversed && !comma(scene, first.end) && inner < 0.9 {
            return None;
        }
        factor *= inner;
    }
    factor *= plausible(scene, given, family, reversed)?;
    if is_same_word(first, second) {
        return None;
    }
    if road_word(scene, first, second) || name_goes_on(scene, second) {
        both.retain(|pair| scene.is_hidden(pair.pupil));
    }
    if named_after(scene, second) {
        factor *= 0.75;
    }
    factor *= match first.way.max(second.way) {
        Way::Plain => 1.0,
        Way::Heard | Way::Leet | Way::Spaced => 0.95,
        Way::Plural | Way::Alike => 0.85,
        Way::Broken => 0.8,
    };
    let more = scene.roster.beyond(&given.names, &family.names);
    whole(scene, &both, first.start..second.end, factor).map(|found| found.and_more(more))
}

/// Whether the title before a pair leaves room for a pupil: `Mr` right before the pupil's own given and family name
/// does, `Mr Daniel Oliver Smith` and the staff list do not.
fn may_be_pupil(scene: &Scene<'_>, first: &Part, second: &Part) -> bool {
    match scene.adult(first.start..second.end) {
        Adult::Nobody | Adult::Role | Adult::Perhaps => true,
        Adult::Surely => {
            let direct = first
                .start
                .checked_sub(1)
                .is_some_and(|before| is_title(scene.stream, before));
            direct && first.role == Role::Given
        }
        Adult::Listed => false,
    }
}

/// The candidate for a pair: the closest pupils, and the rule their forms call for.
fn whole(
    scene: &Scene<'_>,
    both: &[Pair],
    atoms: std::ops::Range<usize>,
    factor: f32,
) -> Option<Candidate> {
    let closest = both.iter().map(|pair| pair.quality).min()?;
    let certain = closest <= Quality::Spelling && factor >= 0.7;
    let adult = scene.adult(atoms.clone());
    let doubtful = adult >= Adult::Perhaps && !certain;
    let factor = match adult {
        Adult::Nobody => factor,
        Adult::Role | Adult::Perhaps => factor * 0.95,
        Adult::Surely | Adult::Listed => factor * 0.8,
    };
    // A short form could be the register's own name for one pupil and a nickname of another.
    let meant: Vec<&Pair> = both
        .iter()
        .filter(|pair| pair.quality <= closest.max(Quality::Short))
        .filter(|pair| !doubtful || scene.is_hidden(pair.pupil))
        .collect();
    if meant.is_empty() {
        return None;
    }
    let half = meant.iter().all(|pair| pair.family == Quality::Piece);
    let pupils = meant.iter().map(|pair| pair.pupil).collect();
    let base = match closest {
        Quality::Own => 0.97,
        Quality::Spelling => 0.92,
        Quality::Short => 0.85,
        Quality::Piece => 0.75,
    };
    let rule = if half { Rule::PartOfDouble } else { Rule::Full };
    scene.candidate(atoms, rule, base * factor, pupils)
}

/// A name whose two halves are the same word needs that word twice.
fn is_same_word(first: &Part, second: &Part) -> bool {
    first.start == second.start
}

fn comma(scene: &Scene<'_>, at: usize) -> bool {
    scene.stream.gap(at).has(Gap::COMMA)
}

/// How well the halves hang together; `None` where they do not.
fn bonded(scene: &Scene<'_>, first: &Part, second: &Part) -> Option<f32> {
    let reversed = first.role == Role::Family;
    let (given, family) = if reversed {
        (second, first)
    } else {
        (first, second)
    };
    let mut factor: f32 = 1.0;
    for at in first.end..=second.start {
        match bond(scene.stream, at) {
            Bond::None => return None,
            Bond::Close => {}
            Bond::Loose => {
                let gap = scene.stream.gap(at);
                let list = family_is_given(scene, family);
                if reversed && gap.has(Gap::COMMA) {
                    if list && in_list(scene, second.end, first.start) {
                        return None;
                    }
                    factor = factor.min(if list { 0.75 } else { 0.97 });
                } else if gap.has(Gap::COMMA | Gap::LINE | Gap::DASH) {
                    let closes = !scene.stream.gap(second.end).only(Gap::SPACE)
                        || second.end >= scene.stream.len();
                    let apart = family.is_word() && !(gap.has(Gap::LINE) && closes);
                    if list || apart || given.is_word() && gap.has(Gap::COMMA) {
                        return None;
                    }
                    factor = factor.min(if gap.has(Gap::LINE) { 0.85 } else { 0.65 });
                } else {
                    factor = factor.min(0.93);
                }
            }
        }
    }
    Some(factor)
}

/// Whether the family name is a given name too, so that it may be the next entry of a list.
fn family_is_given(scene: &Scene<'_>, family: &Part) -> bool {
    lists::is_given(&family.key)
        || scene
            .roster
            .meanings(&family.key)
            .iter()
            .any(|m| m.role == Role::Given && m.quality <= Quality::Short)
}

/// Whether the list goes on after or before the pair.
fn in_list(scene: &Scene<'_>, end: usize, start: usize) -> bool {
    let after = scene.stream.gap(end).has(Gap::COMMA | Gap::AND)
        || matches!(scene.stream.text(end), "and" | "plus");
    let before = scene.stream.gap(start).has(Gap::COMMA | Gap::AND)
        || matches!(scene.stream.text_before(start, 1), "and" | "plus");
    after || before
}

/// Whether the words between the halves may stand inside a name.
fn between(scene: &Scene<'_>, given: &Part, atoms: std::ops::Range<usize>) -> Option<f32> {
    let mut factor: f32 = 0.98;
    let mut unknown = 0;
    for at in atoms {
        let atom = scene.stream.get(at)?;
        let own = scene.is_beside(given, at);
        if own || atom.letter().is_some() || forms::is_particle(&atom.text) && !atom.opens {
            if matches!(&*atom.text, "a" | "i" | "e" | "y") && !atom.capital() {
                return None;
            }
            continue;
        }
        let name = atom.capital() && !atom.heading && !lists::is_common(&atom.text) && !atom.digits;
        let other_family = scene.parts.at(at).iter().any(|p| {
            p.role == Role::Family && p.best() == Quality::Own && !lists::is_given(&p.key)
        });
        let joined = scene.stream.gap(at).has(Gap::COMMA | Gap::LINE)
            || scene.stream.gap(at + 1).has(Gap::COMMA | Gap::LINE);
        if !name || other_family || joined {
            return None;
        }
        unknown += 1;
        factor = 0.85;
    }
    (unknown <= 1).then_some(factor)
}

/// Whether the pair reads as a name where its words are English words too.
fn plausible(scene: &Scene<'_>, given: &Part, family: &Part, reversed: bool) -> Option<f32> {
    let (word_given, word_family) = (given.is_word(), family.is_word());
    if scene.loose(given) {
        return Some(if word_given && word_family { 0.8 } else { 1.0 });
    }
    let start = given.start.min(family.start);
    let person = || {
        evidence::praised(scene, start)
            || evidence::kin_before(scene, start)
            || follows_whole(scene, start)
    };
    match (given.capital, family.capital) {
        (true, true) if reversed && word_family && !comma(scene, family.end) => {
            Some(if word_given { 0.6 } else { 0.75 })
        }
        (true, true) if word_given && word_family => {
            let heading = scene.stream.get(start).is_some_and(|a| a.heading);
            Some(if heading { 0.75 } else { 0.88 })
        }
        (true, true) => Some(if reversed { 0.95 } else { 1.0 }),
        (false, false) if reversed => (!word_given && !word_family).then_some(0.9),
        (false, false) => {
            // `I hope sugden park is open`
            let pronoun = word_given
                && matches!(
                    scene.stream.text_before(start, 1),
                    "i" | "we"
                        | "they"
                        | "you"
                        | "to"
                        | "just"
                        | "really"
                        | "do"
                        | "and"
                        | "please"
                        | "the"
                        | "a"
                )
                && matches!(
                    topic(given),
                    Some(Topic::Verb | Topic::Virtue | Topic::Modal)
                )
                && !person();
            let verb = pronoun
                || topic(given) == Some(Topic::Modal)
                    && matches!(
                        scene.stream.text(family.end),
                        "be" | "have" | "do" | "get" | "come" | "go" | "need" | "not"
                    );
            let does = DEEDS.contains(&scene.stream.text(family.end));
            let clear = !(word_given && word_family)
                || does
                || person()
                || is_applauded(scene, start, family.end);
            (clear && !verb).then_some(if word_given || word_family {
                0.75
            } else {
                0.93
            })
        }
        (true, false) => {
            let turned_word = reversed && word_given;
            let clear = !word_family && !turned_word || person();
            clear.then_some(0.85)
        }
        (false, true) => (!word_given || person()).then_some(0.85),
    }
}

/// `jasmine bird was FANTASTIC as the narrator`, `rose cook is such a kind girl`: praise behind a name that none but a person
/// gets. A garden may be fantastic, but not as anybody.
fn is_applauded(scene: &Scene<'_>, start: usize, end: usize) -> bool {
    const GREAT: &[&str] = &[
        "fantastic",
        "amazing",
        "brilliant",
        "fab",
        "fabulous",
        "awesome",
        "wonderful",
        "incredible",
        "excellent",
        "superb",
        "outstanding",
        "great",
        "perfect",
        "class",
        "sick",
        "epic",
        "stunning",
        "magnificent",
        "hilarious",
        "ace",
        "mint",
        "unreal",
        "phenomenal",
        "spectacular",
        "gorgeous",
        "lovely",
        "good",
        "terrific",
        "marvellous",
    ];
    const OF_PEOPLE: &[&str] = &[
        "funny",
        "hilarious",
        "brave",
        "robbed",
        "clever",
        "talented",
        "kind",
        "polite",
        "buzzing",
        "chuffed",
        "nervous",
        "shy",
        "confident",
        "gutted",
    ];
    let stream = scene.stream;
    let text = |at: usize| {
        if stream.follows(at) {
            stream.text(at)
        } else {
            ""
        }
    };
    let thing = stream.follows(start)
        && matches!(
            stream.text_before(start, 1),
            "the" | "a" | "an" | "this" | "that" | "his" | "her"
        );
    if thing || !matches!(text(end), "was" | "is" | "were" | "you" | "u") {
        return false;
    }
    let mut at = end + 1;
    while matches!(
        text(at),
        "so" | "absolutely"
            | "just"
            | "really"
            | "truly"
            | "totally"
            | "such"
            | "a"
            | "an"
            | "were"
            | "was"
            | "very"
            | "proper"
            | "bloody"
            | "utterly"
            | "the"
            | "simply"
            | "honestly"
            | "is"
            | "are"
            | "r"
    ) {
        at += 1;
    }
    let role = text(at + 1) == "as" && matches!(text(at + 2), "the" | "a" | "an" | "our" | "that");
    let child = matches!(
        text(at + 1),
        "girl" | "boy" | "lad" | "kid" | "actor" | "dancer" | "singer" | "narrator"
    );
    GREAT.contains(&text(at)) && (role || child)
        || OF_PEOPLE.contains(&text(at)) && !text(at + 1).ends_with("ing")
}

/// `Lily Chambers and georgia swift`: somebody's family name right before the `and`.
fn follows_whole(scene: &Scene<'_>, start: usize) -> bool {
    let named = |at: usize| {
        scene.stream.get(at).is_some_and(Atom::capital)
            && scene.is_given(at.saturating_sub(1))
            && scene.parts.at(at).iter().any(|p| p.role == Role::Family)
    };
    scene.stream.text_before(start, 1) == "and" && start >= 3 && named(start - 2)
}

const PLACES: &[&str] = &[
    "road",
    "street",
    "lane",
    "avenue",
    "close",
    "drive",
    "crescent",
    "academy",
    "school",
    "college",
    "foundation",
    "trust",
    "trophy",
    "cup",
    "shield",
    "theatre",
    "library",
    "stadium",
    "museum",
    "hospital",
    "hospice",
    "centre",
    "court",
    "way",
    "gardens",
    "farm",
    "bridge",
    "ltd",
    "limited",
    "field",
    "fields",
    "building",
    "park",
    "house",
    "hall",
    "room",
    "prize",
    "award",
    "medal",
    "memorial",
];

/// `Oliver Smith Road`, but also `Oliver Smith Award winner` and `Oliver Smith Centre forward`: less sure, no more.
fn named_after(scene: &Scene<'_>, second: &Part) -> bool {
    let next = scene.stream.get(second.end);
    next.is_some_and(|atom| atom.capital() && !atom.heading && PLACES.contains(&&*atom.text))
        && scene.stream.follows(second.end)
}

/// `Molly Prescott-Shaw` where no pupil is called so.
fn name_goes_on(scene: &Scene<'_>, second: &Part) -> bool {
    let gap = scene.stream.gap(second.end);
    let next = scene.stream.get(second.end);
    !scene.stream.loose
        && gap.only(Gap::DASH)
        && gap.length() == 1
        && !second.possessive
        && next.is_some_and(|a| {
            a.case == Case::Title && !a.heading && a.sigil.is_none() && a.text.len() >= 3
        })
}

/// `along Molly Lane`, where the family name is itself a word for a road.
fn road_word(scene: &Scene<'_>, first: &Part, second: &Part) -> bool {
    PLACES.contains(&second.key.as_str())
        && matches!(
            scene.stream.text_before(first.start, 1),
            "along" | "down" | "on" | "off" | "near" | "outside" | "opposite" | "up" | "at"
        )
        && scene.stream.text_before(first.start, 2) != "big"
}

/// `Oliver S`, `Oliver S-J`, `O. Smith`, `Smith, O`.
fn initials(scene: &Scene<'_>, part: &Part, out: &mut Vec<Candidate>) {
    if matches!(part.way, Way::Plural | Way::Alike)
        || part.role == Role::Given && (part.possessive || part.best() == Quality::Piece)
    {
        return;
    }
    match part.role {
        Role::Given => out.extend(given_then_letter(scene, part)),
        Role::Family => {
            out.extend(letter_then_family(scene, part));
            if !part.possessive {
                out.extend(family_then_letter(scene, part));
            }
        }
    }
}

fn is_initial_gap(gap: Gap) -> bool {
    gap.only(Gap::SPACE | Gap::UNDERLINE | Gap::STOP | Gap::DASH)
        && gap.length() <= 2
        && !(gap.has(Gap::STOP) && gap.has(Gap::SPACE))
}

fn given_then_letter(scene: &Scene<'_>, part: &Part) -> Option<Candidate> {
    let stream = scene.stream;
    let at = part.end;
    let atom = stream.get(at)?;
    if let Some(double) = double_initial(scene, part) {
        return Some(double);
    }
    let letter = atom.letter().or_else(|| digraph(atom))?;
    if !is_initial_gap(stream.gap(at)) || atom.possessive && letter == 's' {
        return None;
    }
    let mut end = at + 1;
    // `Smith-Jones` as `S-J` or `SJ`
    if stream
        .get(end)
        .is_some_and(|a| a.letter().is_some() && a.capital())
        && stream.gap(end).only(Gap::DASH | Gap::STOP)
    {
        end += 1;
    }
    let classed = evidence::attached_class(
        scene,
        &Part {
            end,
            ..part.clone()
        },
    )
    .is_some();
    let told = small::has_initial(scene, part, end);
    let sure = told || letter_is_initial(scene, part, at, end);
    if !sure && !classed {
        return None;
    }
    let (pupils, more) = with_initial(scene, part, letter);
    let mut pupils = scene.despite(scene.adult(part.start..at), pupils);
    let small_word = part.is_word() && !scene.loose(part) && !part.capital;
    // `teddy m from 4 heron` is a child where a child who may not be published is called so.
    if !sure || small_word && classed && !told {
        pupils = scene.hidden_only(pupils);
    }
    if pupils.is_empty() || small_word && !(classed || told) {
        return None;
    }
    let factor = if atom.capital() && part.capital {
        1.0
    } else {
        0.8
    };
    scene
        .candidate(part.start..end, Rule::NameInitial, 0.88 * factor, pupils)
        .map(|found| found.and_more(more))
}

/// The first letter of two that are one in Welsh, Polish or Irish names: `Elis Ll`, `Zofia Sz`.
fn digraph(atom: &Atom) -> Option<char> {
    let one = matches!(
        &*atom.text,
        "ll" | "rh" | "ch" | "ff" | "dd" | "sz" | "cz" | "rz" | "mc" | "th"
    );
    let written = one && atom.case == Case::Title;
    written.then(|| atom.text.chars().next()).flatten()
}

/// `Olivia SJ` for Smith-Jones.
fn double_initial(scene: &Scene<'_>, part: &Part) -> Option<Candidate> {
    let atom = scene.stream.get(part.end)?;
    let shouted = scene.stream.get(part.start)?.case == Case::Upper;
    let pair = atom.case == Case::Upper && atom.text.len() == 2 && !shouted;
    let mut letters = atom.text.chars();
    let (first, second) = (letters.next()?, letters.next()?);
    if !pair || !scene.stream.follows(part.end) || first == second || !part.capital {
        return None;
    }
    let (mut pupils, _) = with_initial(scene, part, first);
    let (others, _) = with_initial(scene, part, second);
    pupils.retain(|pupil| others.contains(pupil));
    let range = part.start..part.end + 1;
    let pupils = scene.despite(scene.adult(range.clone()), pupils);
    (!pupils.is_empty())
        .then(|| scene.candidate(range, Rule::NameInitial, 0.85, pupils))
        .flatten()
}

/// Whether the single letter is an initial and not a word, a kiss or the first letter of a grade.
fn letter_is_initial(scene: &Scene<'_>, part: &Part, at: usize, end: usize) -> bool {
    let stream = scene.stream;
    let Some(atom) = stream.get(at) else {
        return false;
    };
    if scene.loose(part) {
        return true;
    }
    let gap = stream.gap(end);
    let closed = end >= stream.len()
        || gap.has(
            Gap::STOP
                | Gap::COMMA
                | Gap::BRACKET
                | Gap::LINE
                | Gap::COLON
                | Gap::QUOTE
                | Gap::SYMBOL,
        )
        || stream.get(at).is_some_and(|a| a.possessive);
    let text = &*atom.text;
    if atom.capital() {
        return match text {
            "i" | "a" => closed || matches!(stream.text(end), "and" | "in" | "from"),
            "x" => false,
            _ => !gap.is_empty() || end >= stream.len(),
        };
    }
    !part.is_word()
        && !matches!(text, "a" | "i" | "x" | "u" | "r" | "n" | "o")
        && (closed || matches!(stream.text(end), "and" | "in" | "from"))
        || matches!(text, "o" | "n" | "r" | "u") && closed && gap.has(Gap::STOP) && !part.is_word()
}

/// The pupils whose other name begins with the letter, and how many there are beyond those listed.
fn with_initial(scene: &Scene<'_>, part: &Part, letter: char) -> (Vec<u32>, u32) {
    let names: Vec<Named> = part
        .names
        .iter()
        .filter(|(_, quality)| *quality < Quality::Piece || part.role == Role::Family)
        .copied()
        .collect();
    let known = scene.roster.with_letter(&names, letter);
    (known.pupils(), known.more)
}

fn letter_then_family(scene: &Scene<'_>, part: &Part) -> Option<Candidate> {
    let stream = scene.stream;
    let at = part.start.checked_sub(1)?;
    let atom = stream.get(at)?;
    let gap = stream.gap(part.start);
    let mailed =
        gap.only(Gap::STOP | Gap::UNDERLINE | Gap::DASH) && is_of_account(stream, part.end);
    let letter = atom
        .letter()
        .filter(|_| atom.capital() || stream.loose || mailed)?;
    let near = gap.only(Gap::SPACE | Gap::STOP | Gap::UNDERLINE | Gap::DASH) && gap.length() <= 2;
    let word = part.is_word() && !gap.has(Gap::STOP);
    let doubtful = matches!(letter, 'i' | 'a') && !gap.has(Gap::STOP);
    // `I Haddow` is no sentence: the pronoun goes before a word, never before a family name that is none.
    let labelled = at > 0 && stream.follows(at) && is_label(stream.text_before(at, 1));
    let shouted =
        stream.get(part.start)?.heading && letter == 'i' && doubtful && !stream.loose && !labelled;
    if !near || !(part.capital || stream.loose || mailed) || word && doubtful || shouted {
        return None;
    }
    // `O` of `O'Connor`, or the second of two initials: the first one decides.
    let start = match at.checked_sub(1).and_then(|before| stream.get(before)) {
        Some(before)
            if before.letter().is_some() && before.capital() && is_initial_gap(stream.gap(at)) =>
        {
            at - 1
        }
        _ => at,
    };
    let first = stream.get(start).and_then(Atom::letter)?;
    let (pupils, more) = with_initial(scene, part, first);
    let staff = scene.roster.staff.families.get(&part.key);
    let works_here =
        mailed && staff.is_some_and(|givens| givens.iter().any(|given| given.starts_with(first)));
    let named = start > 0
        && stream.follows(start)
        && stream.get(start - 1).is_some_and(|a| {
            let unknown =
                a.case == Case::Title && !a.heading && !a.word.is_english() && a.text.len() > 2;
            a.capital() && scene.is_given(start - 1) || unknown && !scene.in_mention(start - 1)
        });
    let pupils = scene.despite(scene.adult(start..part.end), pupils);
    // `Regards, D. Patel (grandfather)`
    let kin = stream.gap(part.end).has(Gap::BRACKET)
        && stream.get(part.end).is_some_and(|a| a.word.keeps(KIN));
    if pupils.is_empty() || named || works_here || kin && !scene.is_hidden_name(part) {
        return None;
    }
    scene
        .candidate(start..part.end, Rule::NameInitial, 0.85, pupils)
        .map(|found| found.and_more(more))
}

/// Whether the text goes on behind a name as an account or an address does: `b.stokes14@pupils.example`.
fn is_of_account(stream: &Stream<'_>, end: usize) -> bool {
    let glued = |at: usize| stream.gap(at).is_empty() && stream.get(at).is_some_and(|a| a.digits);
    let at = end + usize::from(glued(end));
    stream.get(at).is_some() && stream.gap(at).only(Gap::SIGIL) && stream.gap(at).length() == 1
}

/// What a coat or a lunchbox has a name behind.
fn is_label(word: &str) -> bool {
    matches!(
        word,
        "labelled"
            | "marked"
            | "named"
            | "says"
            | "reads"
            | "saying"
            | "label"
            | "tag"
            | "inscribed"
    )
}

/// How far on either side of an entry of a register another one is looked for.
const REGISTER_REACH: usize = 12;

/// `Kinsella O, Marlowe E, Teo J`, `board 1 LEWANDOWSKI B, board 2 DUMITRU A`: another entry of the same make near the one
/// whose letter is at `at`. An English word, as `Crisp N` has, wants two others.
fn in_register(scene: &Scene<'_>, part: &Part, at: usize) -> bool {
    let stream = scene.stream;
    let case = stream.get(part.start).map(|a| a.case);
    let entry = |at: usize| {
        at != part.start
            && scene.parts.at(at).iter().any(|p| {
                p.role == Role::Family
                    && p.capital
                    && p.way == Way::Plain
                    && (!p.is_word() || part.is_word())
                    && stream.get(p.start).map(|a| a.case) == case
                    && stream.follows(p.end)
                    && closes_entry(scene, p.end)
            })
    };
    let near = part.start.saturating_sub(REGISTER_REACH)..stream.len().min(at + REGISTER_REACH);
    let wanted = if part.is_word() { 2 } else { 1 };
    closes_entry(scene, at) && near.filter(|at| entry(*at)).take(wanted).count() == wanted
}

/// Whether the atom is a single capital letter that ends an entry.
fn closes_entry(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let after = stream.gap(at + 1);
    stream
        .get(at)
        .is_some_and(|a| a.letter().is_some() && a.capital())
        && (at + 1 >= stream.len()
            || after.has(
                Gap::COMMA
                    | Gap::LINE
                    | Gap::BULLET
                    | Gap::STOP
                    | Gap::BRACKET
                    | Gap::DASH
                    | Gap::COLON,
            )
            || stream.get(at + 1).is_some_and(|a| a.digits))
}

/// `Smith, O` and `Smith O.`
fn family_then_letter(scene: &Scene<'_>, part: &Part) -> Option<Candidate> {
    let stream = scene.stream;
    let at = part.end;
    let atom = stream.get(at)?;
    let letter = atom.letter().filter(|_| atom.capital() || stream.loose)?;
    let gap = stream.gap(at);
    // `Priory Lane, M1 1AE`
    let code = stream.gap(at + 1).is_empty() && stream.get(at + 1).is_some_and(|a| a.digits);
    if code && !stream.loose {
        return None;
    }
    let listed = gap.has(Gap::COMMA) && gap.length() <= 2;
    let after = stream.gap(at + 1);
    let ends = at + 1 >= stream.len() || scene.mention_at(at + 1).is_some();
    let register = part.capital && in_register(scene, part, at);
    let closed = ends
        || register
        || after.has(Gap::STOP | Gap::COMMA | Gap::LINE | Gap::BRACKET | Gap::COLON);
    let name = part.capital && !part.is_word() || register;
    let pronoun = letter == 'i' && !name;
    let dotted = is_initial_gap(gap) && after.has(Gap::STOP) && !pronoun;
    let alone =
        listed && (letter != 'i' && letter != 'a' || after.has(Gap::STOP) || name && closed);
    let bare = is_initial_gap(gap) && name && closed && atom.capital();
    // `Ormerod L 6B`
    let listed_out = scene.mention_at(at + 1).is_some() || register;
    if bare && !(alone || dotted || stream.loose || listed_out) {
        let (pupils, _) = with_initial(scene, part, letter);
        let adult = scene.adult(part.start..at);
        let pupils = scene.hidden_only(scene.despite(adult, pupils));
        return (!pupils.is_empty())
            .then(|| scene.candidate(part.start..at + 1, Rule::NameInitial, 0.6, pupils))
            .flatten();
    }
    let listed_out = bare && listed_out;
    if !(alone || dotted || listed_out || stream.loose && is_initial_gap(gap))
        || part.is_word() && !listed && !register && !stream.loose
    {
        return None;
    }
    let (pupils, more) = with_initial(scene, part, letter);
    let pupils = scene.despite(scene.adult(part.start..at), pupils);
    if pupils.is_empty() {
        return None;
    }
    scene
        .candidate(part.start..at + 1, Rule::NameInitial, 0.75, pupils)
        .map(|found| found.and_more(more))
}
