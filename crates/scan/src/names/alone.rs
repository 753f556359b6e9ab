//! One name by itself: with a class or year it identifies, a single-name pupil's name identifies, a given name alone
//! does not. Whether the word is a person at all is the evidence's business.

use std::collections::{HashMap, HashSet};

use schoolgate_model::{CheckFailure, Meter, Surface};

use super::{
    adults, against, alike,
    classes::Group,
    company,
    echoes::{self, Echo},
    evidence, families,
    forms::{self, Quality},
    grammar, initials,
    lists::{self, Topic},
    others::{self, Standing},
    parts::{Part, Way},
    roster::{Named, Role},
    scene::{Candidate, Rule, Scene, topic},
    somebody,
    stream::Gap,
    things, worlds,
};

/// Finds single names and initials; `groups` are the classes and years of the whole item.
pub(super) fn find(
    scene: &Scene<'_>,
    groups: &[Group],
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    if !scene.parts.all.is_empty() {
        named(scene, groups, meter, out)?;
        told_again(scene, groups, meter, out)?;
    }
    slips(scene, groups, meter, out)?;
    if !groups.is_empty() {
        for at in 0..scene.stream.len() {
            out.extend(initials::find(scene, at, groups));
        }
    }
    Ok(())
}

/// Reads each registered name of the text by itself.
fn named(
    scene: &Scene<'_>,
    groups: &[Group],
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    let others = somebody::names_of_others(scene, out);
    // `Our caretaker Harvey ... Thank you Harvey!`
    let related = |part: &&Part| part.role == Role::Given && others::is_kin_of_adult(scene, part);
    let mut strangers: HashSet<&str> = scene
        .parts
        .all
        .iter()
        .filter(related)
        .map(|part| part.key.as_str())
        .collect();
    for part in &scene.parts.all {
        meter.spend(16 + part.names.len() as u64 * (1 + groups.len() as u64))?;
        match part.role {
            Role::Given if others.contains(&part.key) && !somebody::is_vouched_for(scene, part) => {
            }
            Role::Given
                if strangers.contains(part.key.as_str())
                    && !evidence::kin_before(scene, part.start)
                    && evidence::attached_class(scene, part).is_none()
                    && !scene.may_be_meant(part) => {}
            Role::Given => {
                let found = given(scene, part, groups, None);
                if found.is_none() && part.capital && others::is_introduced(scene, part) {
                    strangers.insert(part.key.as_str());
                }
                out.extend(found);
            }
            Role::Family => out.extend(families::find(scene, part, groups, meter)?),
        }
    }
    Ok(())
}

/// The groups that count for a name: the one attached to it, else all of the item.
pub(super) fn groups_for<'g>(
    scene: &Scene<'_>,
    part: &Part,
    groups: &'g [Group],
) -> Vec<&'g Group> {
    let attached: Vec<&Group> = evidence::attached_class(scene, part)
        .map(|at| {
            groups
                .iter()
                .filter(|group| scene.mentions_at(at).iter().any(|m| m.group == **group))
                .collect()
        })
        .unwrap_or_default();
    if attached.is_empty() {
        groups.iter().collect()
    } else {
        attached
    }
}

/// The closest pupils: a nickname does not count where somebody bears the very name, unless it could be a child who may
/// not be published (contract: "any reference that could be").
pub(super) fn closest(scene: &Scene<'_>, pupils: &[(u32, Quality)]) -> Vec<u32> {
    let best = pupils.iter().map(|(_, q)| *q).min();
    let hidden = |pupil: u32| scene.is_hidden(pupil);
    pupils
        .iter()
        .filter(|(p, q)| Some(*q) == best || *q <= Quality::Spelling || hidden(*p))
        .map(|(p, _)| *p)
        .collect()
}

/// A given name of which nothing says that it is a pupil's is no surer than this.
const THIN: f32 = 0.57;

/// How often a capitalised given name alone was a pupil's in texts not seen before, as a share of what its words say.
const GIVEN_ALONE: f32 = 0.92;

/// Shorter words are too near to other names.
const SHORTEST_SLIP: usize = 5;

/// `Well done Jorden`, `congratulations to Autum`: a word that nobody knows, one slip away from a registered given name and
/// praised or called ours.
fn slips(
    scene: &Scene<'_>,
    groups: &[Group],
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    let stream = scene.stream;
    if !stream.has.unknown || stream.loose {
        return Ok(());
    }
    for (at, atom) in stream.atoms.iter().enumerate() {
        let unknown = !atom.digits
            && !atom.word.is_english()
            && !atom.word.given
            && atom.text.len() >= SHORTEST_SLIP
            && (atom.capital() && !atom.opens || !scene.spelt)
            && scene.parts.at(at).is_empty();
        let next = stream
            .get(at + 1)
            .is_some_and(|a| stream.follows(at + 1) && a.capital());
        if !unknown || next || scene.in_mention(at) {
            continue;
        }
        let ours = !scene.draft
            && stream.text_before(at, 1) == "our"
            && !atom.word.kin
            && (atom.capital() || !atom.text.ends_with('s'));
        meter.spend(8)?;
        if !(ours || evidence::kin_before(scene, at) || evidence::praised(scene, at)) {
            continue;
        }
        meter.spend(64)?;
        let near = scene.roster.near(&atom.text, Role::Given);
        let alike = near
            .iter()
            .filter(|(_, form)| form.get(..1) == atom.text.get(..1));
        let names: Vec<Named> = alike
            .clone()
            .map(|(name, _)| (*name, Quality::Spelling))
            .collect();
        let Some((_, form)) = alike.clone().next() else {
            continue;
        };
        let part = Part {
            start: at,
            end: at + 1,
            role: Role::Given,
            way: Way::Heard,
            key: (*form).to_owned(),
            names,
            capital: atom.capital(),
            possessive: atom.possessive,
        };
        out.extend(given(scene, &part, groups, None));
    }
    Ok(())
}

/// `Mark scored. Mark was substituted.`, `Willow made a willow star`: a word that the text has more than once is read again
/// where it has a capital and did not look like a person by itself.
fn told_again(
    scene: &Scene<'_>,
    groups: &[Group],
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    let word = |part: &&Part| part.role == Role::Given && part.capital && part.is_word();
    let words = || scene.parts.all.iter().filter(word);
    if words().next().is_none() {
        return Ok(());
    }
    let mut starts: Vec<usize> = out
        .iter()
        .filter(|found| found.rule == Rule::Given || found.rule >= Rule::GivenClass)
        .map(|found| found.bytes.start)
        .collect();
    meter.spend(4 * starts.len() as u64)?;
    starts.sort_unstable();
    let is_found = |part: &Part| {
        let start = scene.stream.get(part.start).map(|atom| atom.bytes.start);
        start.is_some_and(|start| starts.binary_search(&start).is_ok())
    };
    let mut sure: Vec<usize> = scene
        .parts
        .all
        .iter()
        .filter(|part| part.role == Role::Given && part.end == part.start + 1 && is_found(part))
        .map(|part| part.start)
        .collect();
    sure.sort_unstable();
    let mut uses: HashMap<&str, (usize, bool)> = HashMap::new();
    for part in words() {
        let (_, person) = uses.entry(part.key.as_str()).or_default();
        *person |= is_found(part);
    }
    for atom in &scene.stream.atoms {
        for word in [&*atom.text, atom.text.trim_end_matches('s')] {
            if let Some((count, _)) = uses.get_mut(word) {
                *count += 1;
                break;
            }
        }
    }
    meter.spend(scene.stream.len() as u64)?;
    // `Max Merryweather ... Max is based on ...`: somebody else's, here too
    let figure = |part: &Part| scene.stream.get(part.start).is_some_and(|a| a.figure);
    let surnamed = scene.parts.all.iter().filter(|part| {
        part.role == Role::Given && !figure(part) && somebody::has_other_surname(scene, part)
    });
    let surnamed: HashSet<&str> = surnamed.map(|part| part.key.as_str()).collect();
    let named_otherwise = |part: &Part| {
        surnamed.contains(part.key.as_str())
            && !somebody::is_vouched_for(scene, part)
            && !evidence::listed(scene, part)
    };
    for part in words().filter(|part| !is_found(part) && !named_otherwise(part)) {
        let echo = match uses.get(part.key.as_str()) {
            Some((2.., true)) => Echo::Person,
            _ if company::is_among(scene, part, &sure) => Echo::Company,
            Some((2.., false)) => Echo::Word,
            _ => continue,
        };
        meter.spend(16 + part.names.len() as u64 * (1 + groups.len() as u64))?;
        out.extend(given(scene, part, groups, Some(echo)));
    }
    Ok(())
}

fn given(
    scene: &Scene<'_>,
    part: &Part,
    groups: &[Group],
    echo: Option<Echo>,
) -> Option<Candidate> {
    let known: Vec<Named> = part
        .names
        .iter()
        .filter(|(_, quality)| {
            *quality < Quality::Piece && (part.way != Way::Plural || *quality == Quality::Own)
        })
        .copied()
        .collect();
    if known.is_empty()
        || somebody::is_somebody_else(scene, part)
        || echo != Some(Echo::Company) && things::is_thing(scene, part)
        || worlds::lives_there(scene, part)
        || scene.in_mention(part.start)
        || wishes(scene, part)
    {
        return None;
    }
    if part.way == Way::Alike && !alone_alike(scene, part) || is_cut_from_letters(scene, part) {
        return None;
    }
    let standing = others::standing(scene, part);
    if standing == Standing::Other {
        return None;
    }
    let word = topic(part).is_some();
    // `year4-art-club.jpg`, `summer_y3.jpg`: without sentences a calendar word or a subject stays one.
    let calendar = matches!(
        topic(part),
        Some(Topic::Subject | Topic::Season | Topic::Month | Topic::Modal)
    );
    let person = if scene.stream.loose && calendar {
        None
    } else if word {
        word_with_class(scene, part)
            .or_else(|| evidence::word_is_person(scene, part))
            .or_else(|| echo.and_then(|echo| echoes::person(scene, part, echo)))
    } else {
        evidence::name_is_person(scene, part)
    };
    let Some(mut person) = person else {
        return hidden_in_picture(scene, part, &known)
            .or_else(|| hidden_in_class(scene, part, &known, groups));
    };
    person *= match part.way {
        Way::Plain => 1.0,
        Way::Plural => 0.8,
        Way::Heard | Way::Leet | Way::Alike | Way::Spaced | Way::Broken => 0.9,
    };
    let wanted: Vec<Group> = groups_for(scene, part, groups)
        .into_iter()
        .cloned()
        .collect();
    let inside = scene.roster.bearers_in(&known, &wanted);
    if standing == Standing::Thin && !word {
        person = person.min(THIN);
    }
    let mut identified = closest(scene, &inside.list);
    let by_class = !identified.is_empty();
    let own: Vec<Named> = spelt(&known);
    let single = scene.roster.single(&own).pupils();
    let alone_names = !single.is_empty();
    identified.extend(single);
    let bearers = scene.roster.bearers(&known);
    let atoms = part.start..part.end;
    if by_class {
        return scene
            .candidate(atoms, Rule::GivenClass, person.min(0.95), identified)
            .map(|found| found.and_more(inside.more));
    }
    if alone_names {
        // Whoever else bears the name could be meant as well.
        identified.extend(closest(scene, &bearers.list));
        return scene.candidate(atoms, Rule::Single, person, identified);
    }
    let mut pupils = closest(scene, &bearers.list);
    pupils.retain(|pupil| !is_called_otherwise(scene, part, *pupil));
    if pupils.is_empty() {
        return None;
    }
    scene
        .candidate(atoms, Rule::Given, person * GIVEN_ALONE, pupils)
        .map(|found| found.and_more(bearers.more))
}

/// `Hope Year 1 had a great time`: a wish for a class, which stands right behind it and does something.
fn wishes(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    part.key == "hope"
        && stream.follows(part.end)
        && stream.gap(part.end).only(Gap::SPACE)
        && scene
            .mention_at(part.end)
            .is_some_and(|class| grammar::verb(scene, class.end).is_some())
}

/// `Libby` where Elizabeth is called Beth, `Tobias` where the register says Toby: alone, a form of the name by which
/// nobody calls the pupil means another child.
fn is_called_otherwise(scene: &Scene<'_>, part: &Part, pupil: u32) -> bool {
    let names: Vec<&str> = scene.roster.own_names(pupil, Role::Given).collect();
    let written = part.key.as_str();
    let short = part.best() == Quality::Short && !scene.is_hidden(pupil);
    short
        && match names.as_slice() {
            [own] => lists::is_formal(written, own),
            [.., called] => !forms::same_start(written, called),
            [] => false,
        }
}

/// The names that are written as the register has them, or spelt otherwise.
fn spelt(names: &[Named]) -> Vec<Named> {
    let near = |named: &&Named| named.1 <= Quality::Spelling;
    names.iter().filter(near).copied().collect()
}

/// `s h a n k`: a short name letter by letter, and the letters go on.
fn is_cut_from_letters(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let single = |at: usize| {
        stream
            .get(at)
            .is_some_and(|a| a.is_single() && !a.digits && a.text != "x")
    };
    let near =
        |at: usize| stream.gap(at).length() <= 3 && !stream.gap(at).has(Gap::LINE | Gap::COMMA);
    part.way == Way::Spaced
        && part.key.len() <= SHORTEST_SPACED
        && (single(part.end) && near(part.end)
            || part.start > 0 && single(part.start - 1) && near(part.start))
}

/// Names of more letters than this are no chance where they stand letter by letter.
const SHORTEST_SPACED: usize = 4;

/// A look-alike of a given name stands alone only where it is long enough to be no accident.
fn alone_alike(scene: &Scene<'_>, part: &Part) -> bool {
    let written: String = (part.start..part.end)
        .map(|at| scene.stream.text(at))
        .collect();
    part.best() <= Quality::Spelling
        && part.key.chars().count() >= 5
        && alike::skeleton(&written) == alike::skeleton(&part.key)
}

/// A picture is described in few words: `Teddy holding a cake`, `teddy.jpg`. Where a child who may not be published is
/// called by that word, it is the child unless the words say that it is the thing.
fn hidden_in_picture(scene: &Scene<'_>, part: &Part, known: &[Named]) -> Option<Candidate> {
    let of_picture = match scene.stream.surface.surface() {
        Surface::Alt | Surface::Caption | Surface::Filename => true,
        // a peg, a badge, a drawer: nothing but the name stands on it
        Surface::Ocr => alone_in_line(scene, part),
        _ => false,
    };
    let hidden = scene.hidden_only(scene.roster.bearers(&spelt(known)).pupils());
    let topic = topic(part)?;
    let written = part.way <= Way::Leet && (part.capital || scene.stream.loose);
    if !of_picture || !written || hidden.is_empty() || against::names_a_thing(scene, part, topic) {
        return None;
    }
    scene.candidate(part.start..part.end, Rule::Given, 0.5, hidden)
}

/// Whether nothing else stands in the part's line.
fn alone_in_line(scene: &Scene<'_>, part: &Part) -> bool {
    let ends =
        |at: usize| at == 0 || at == scene.stream.len() || scene.stream.gap(at).has(Gap::LINE);
    ends(part.start) && ends(part.end)
}

/// `is teddy in 4 heron`: a word without an article, and the class of a child who may not be published and is called
/// by it.
fn hidden_in_class(
    scene: &Scene<'_>,
    part: &Part,
    known: &[Named],
    groups: &[Group],
) -> Option<Candidate> {
    let topic = topic(part)?;
    let before = scene.stream.text_before(part.start, 1);
    let titled = part
        .start
        .checked_sub(1)
        .is_some_and(|at| adults::is_title(scene.stream, at));
    let subject = titled
        || scene.stream.get(part.start)?.opens
        || matches!(
            before,
            "is" | "was" | "did" | "has" | "that" | "about" | "and" | "but" | "when" | "why" | "if"
        );
    evidence::attached_class(scene, part)?;
    if !subject || part.way > Way::Leet || against::names_a_thing(scene, part, topic) {
        return None;
    }
    let wanted: Vec<Group> = groups_for(scene, part, groups)
        .into_iter()
        .cloned()
        .collect();
    let inside = scene.roster.bearers_in(&spelt(known), &wanted);
    let pupils = scene.hidden_only(inside.pupils());
    (!pupils.is_empty())
        .then(|| scene.candidate(part.start..part.end, Rule::GivenClass, 0.5, pupils))
        .flatten()
}

/// In file names and links a class next to the word is all the context there is: `grace_y3.jpg`.
fn word_with_class(scene: &Scene<'_>, part: &Part) -> Option<f32> {
    if !scene.stream.loose {
        return None;
    }
    let after = scene.mention_at(part.end).is_some();
    let before = part.start > 0 && scene.in_mention(part.start - 1);
    (after || before).then_some(0.65)
}
