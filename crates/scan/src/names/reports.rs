//! A family name by itself in the report of a match, a race or a quiz: `Addo put us ahead`, `a hat-trick for Farah`, `Hussain
//! 23, Clarke 11`. The place in the sentence says that it is a player, and the words of the text that there was a contest.
//! Family names beside a class or a word for a child are read in `families`.

use std::{collections::HashSet, ops::Range};

use schoolgate_model::{CheckFailure, Meter};

use super::{
    alone::closest,
    cues::DEEDS,
    families::{POSTS, is_blocked, part_of_other_name, towards, whole_names},
    grammar::{self, Verb},
    grammar_words::{BEFORE_SUBJECT, CONTEST, LABELS, SCORE},
    lists,
    parts::{Part, Way},
    roster::Role,
    scene::{Candidate, Rule, Scene},
    stream::{Case, Gap, Stream},
};

/// Whether a text reports a contest.
fn is_report(stream: &Stream<'_>) -> bool {
    stream.atoms.iter().enumerate().any(|(at, atom)| {
        let pair = (stream.text_before(at, 1), &*atom.text);
        CONTEST.contains(&atom.text)
            || matches!(
                pair,
                ("cross", "country")
                    | ("sports", "day")
                    | ("half" | "full", "time")
                    | ("kick", "off")
            )
    })
}

/// `the England match last night`: players whom everybody knows.
fn is_of_professionals(stream: &Stream<'_>) -> bool {
    stream.atoms.iter().any(|atom| {
        matches!(
            &*atom.text,
            "england"
                | "premier"
                | "olympic"
                | "olympics"
                | "lionesses"
                | "wimbledon"
                | "televised"
        )
    })
}

/// Finds the players of a report who are called by their family names.
pub(super) fn find(
    scene: &Scene<'_>,
    meter: &Meter,
    out: &mut Vec<Candidate>,
) -> Result<(), CheckFailure> {
    let read = |part: &&Part| part.role == Role::Family && is_readable(scene, part);
    let mut families = scene.parts.all.iter().filter(read).peekable();
    if !scene.draft || scene.stream.loose || families.peek().is_none() {
        return Ok(());
    }
    meter.spend(scene.stream.len() as u64)?;
    if !is_report(scene.stream) || is_of_professionals(scene.stream) {
        return Ok(());
    }
    let (mut sure, mut words, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let rivals: HashSet<&str> = scene
        .parts
        .all
        .iter()
        .filter(|part| part.role == Role::Family && is_rival(scene, part))
        .map(|part| part.key.as_str())
        .collect();
    for part in families.filter(|part| !rivals.contains(part.key.as_str())) {
        meter.spend(32 + part.names.len() as u64)?;
        let list = list_of(scene, part);
        let word = lists::is_word(&part.key) || scene.parts.given_at(part.start);
        if !plays(scene, part, &list) {
            // `Clarke found Stubbs`: beside a player who is sure
            if !word && !towards(scene, part) {
                others.push(part);
            }
            continue;
        }
        // `Swift`, `Bishop`, `Joseph`: a word or a given name needs a family name that can be nothing else beside it, or a
        // pronoun that goes back to it
        if word && !(is_subject(scene, &list) && is_gone_back_to(scene, part)) {
            words.push(part);
        } else {
            sure.push(part);
        }
    }
    if sure.is_empty() {
        return Ok(());
    }
    for part in sure.into_iter().chain(words).chain(others) {
        let known = whole_names(part);
        let inside = scene.roster.bearers_in(&known, scene.groups);
        let bearers = if inside.list.is_empty() {
            scene.roster.bearers(&known)
        } else {
            inside
        };
        let pupils = closest(scene, &bearers.list);
        if !pupils.is_empty() {
            let found = scene.candidate(part.start..part.end, Rule::FamilyClass, 0.65, pupils);
            out.extend(found.map(|found| found.and_more(bearers.more)));
        }
    }
    Ok(())
}

/// How far behind a name a pronoun goes back to it.
const PRONOUN_REACH: usize = 12;

/// `Hart came on at half time and scored with her first touch`
fn is_gone_back_to(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let ends = |at: usize| stream.gap(at).has(Gap::STOP | Gap::LINE);
    !scene.parts.given_at(part.start)
        && (part.end..part.end + PRONOUN_REACH)
            .take_while(|at| *at < stream.len() && !ends(*at))
            .take_while(|at| !stream.get(*at).is_some_and(|a| a.capital() || a.word.title))
            .any(|at| matches!(stream.text(at), "her" | "his" | "herself" | "himself"))
}

/// `v Hathersage`, `at Wheatley`: another school.
fn is_rival(scene: &Scene<'_>, part: &Part) -> bool {
    let list = list_of(scene, part);
    matches!(
        scene.stream.text_before(list.start, 1),
        "v" | "vs" | "versus" | "against" | "at" | "near" | "hosted" | "visited" | "played"
    ) && scene.stream.follows(list.start)
}

/// A registered family name with its capital, of nobody on the staff and no piece of a longer name.
fn is_readable(scene: &Scene<'_>, part: &Part) -> bool {
    let first = scene.stream.get(part.start);
    first.is_some_and(|a| a.case == Case::Title && !a.heading)
        && part.way == Way::Plain
        && !whole_names(part).is_empty()
        && !scene.roster.staff.families.contains_key(&part.key)
        && !is_blocked(scene, part)
        && !part_of_other_name(scene, part)
}

/// The most names of a list that are read on either side.
const LONGEST_LIST: usize = 6;

/// The list `Bishop, Rudd and Esposito` that the name stands in.
fn list_of(scene: &Scene<'_>, part: &Part) -> Range<usize> {
    let stream = scene.stream;
    // `Oyelaran and Baptiste`: one of them may be on no register
    let family = |at: usize| {
        stream.get(at).is_some_and(|a| {
            a.case == Case::Title && (!a.word.is_english() && !a.opens)
                || scene.parts.at(at).iter().any(|p| p.role == Role::Family)
        })
    };
    let joint = |at: usize| {
        let gap = stream.gap(at);
        gap.has(Gap::COMMA | Gap::AND) && !gap.has(Gap::STOP | Gap::LINE)
    };
    let (mut start, mut end) = (part.start, part.end);
    for _ in 0..LONGEST_LIST {
        let and = usize::from(stream.text(end) == "and");
        if (and == 1 || joint(end)) && family(end + and) {
            end += and + 1;
        }
        let and = usize::from(stream.text_before(start, 1) == "and");
        if (and == 1 || joint(start)) && start > and && family(start - 1 - and) {
            start -= 1 + and;
        }
    }
    start..end
}

/// Whether the name, or the list it is in, stands where a player does.
fn plays(scene: &Scene<'_>, part: &Part, list: &Range<usize>) -> bool {
    let stream = scene.stream;
    let before = |back: usize| stream.text_before(list.start, back);
    let scored = (2..=5).any(|back| SCORE.contains(before(back)));
    let receives = matches!(before(1), "for" | "by" | "from" | "to") && scored
        || before(1) == "to" && matches!(before(2), "went" | "goes" | "go");
    let labelled = stream.gap(list.start).has(Gap::COLON)
        && (LABELS.contains(before(1)) || SCORE.contains(before(1)));
    // `Hussain 23, Clarke 11`, `Brandt 14th`, `Baptiste (2)`
    let figure = stream.get(part.end).is_some_and(|a| a.digits)
        && !part.possessive
        && stream.gap(part.end).only(Gap::SPACE | Gap::BRACKET)
        && !scene.in_mention(part.end);
    // `out in round 3, Kapoor; last one standing, Okonkwo`
    let named = stream.gap(list.start).has(Gap::COMMA)
        && !stream.follows(list.end)
        && (list.start > 0 && stream.get(list.start - 1).is_some_and(|a| a.digits)
            || matches!(before(1), "standing" | "champion" | "winner" | "place"));
    let owns = part.possessive && SCORE.contains(stream.text(part.end));
    receives || labelled || figure || named || owns || is_subject(scene, list)
}

/// `Farah was unlucky in goal`, `while Stokes never stopped running`
fn is_subject(scene: &Scene<'_>, list: &Range<usize>) -> bool {
    let stream = scene.stream;
    let opens = stream.get(list.start).is_some_and(|a| a.opens)
        || BEFORE_SUBJECT.contains(stream.text_before(list.start, 1))
        || POSTS.contains(&stream.text_before(list.start, 1))
        || stream
            .gap(list.start)
            .has(Gap::COMMA | Gap::DASH | Gap::COLON);
    let next = stream.text(list.end);
    // `Hathersage were too strong for us`: a team
    let several = list.len() > 1 && next == "were";
    let being = several
        || matches!(
            next,
            "was" | "had" | "did" | "never" | "almost" | "run" | "out" | "bowled" | "not"
        );
    // `Okonkwo up front`, `Prydderch first in the backstroke`
    let posted = match next {
        "in" | "on" | "at" => {
            let article = usize::from(stream.text(list.end + 1) == "the");
            matches!(
                stream.text(list.end + 1 + article),
                "goal" | "goals" | "defence" | "midfield" | "attack" | "nets" | "wing" | "back"
            )
        }
        "up" => stream.text(list.end + 1) == "front",
        "first" | "second" | "third" | "fourth" | "last" => {
            matches!(stream.text(list.end + 1), "in" | "home" | "over" | "across")
        }
        _ => false,
    };
    let did =
        posted || grammar::verb(scene, list.end).is_some_and(|(_, verb, _)| verb != Verb::Doing);
    opens && stream.follows(list.end) && (being || did || DEEDS.contains(&next))
}
