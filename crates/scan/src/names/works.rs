//! Given names that are the titles of books, films and musicals, told by what a class does with them: `halfway through Heidi`,
//! `Matilda, Holes and The Twits on the swap table`, `next comes Matilda`. Works by their author and well-known
//! characters are told elsewhere.

use super::{
    evidence::{attached_class, kin_before, praised},
    grammar_words::SHELF,
    parts::{Part, Way},
    scene::Scene,
    stream::{Case, Gap},
};

/// How far from a title the words for a book or a film are looked for.
const REACH: usize = 20;

/// Whether the name is the title of a work here.
pub(super) fn is_title(scene: &Scene<'_>, part: &Part) -> bool {
    let title = scene
        .stream
        .get(part.start)
        .is_some_and(|a| a.case == Case::Title);
    title
        && part.way == Way::Plain
        && !scene.is_hidden_name(part)
        && (is_read_through(scene, part)
            || is_shelved(scene, part)
                && (is_begun(scene, part) || is_next(scene, part) || is_among_titles(scene, part)))
        && !praised(scene, part.start)
        && !kin_before(scene, part.start)
        && attached_class(scene, part).is_none_or(|at| at > part.end)
}

/// Whether words for books, films or musicals stand near by.
fn is_shelved(scene: &Scene<'_>, part: &Part) -> bool {
    let near = part.start.saturating_sub(REACH)..scene.stream.len().min(part.end + REACH);
    near.into_iter()
        .any(|at| SHELF.contains(scene.stream.text(at)))
}

/// Whether the clause ends behind the name or goes on without a verb of it.
fn closes(scene: &Scene<'_>, part: &Part) -> bool {
    !part.possessive
        && (!scene.stream.follows(part.end)
            || matches!(
                scene.stream.text(part.end),
                "with"
                    | "in"
                    | "this"
                    | "and"
                    | "today"
                    | "if"
                    | "as"
                    | "on"
                    | "so"
                    | "at"
                    | "next"
                    | "again"
            ))
}

/// `halfway through Heidi`, `two copies of Heidi`, `the whole of Matilda`
fn is_read_through(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let pair = (
        stream.text_before(part.start, 2),
        stream.text_before(part.start, 1),
    );
    let through = matches!(
        pair,
        ("halfway" | "way" | "partway" | "midway", "through")
            | (
                "chapter"
                    | "chapters"
                    | "copy"
                    | "copies"
                    | "pages"
                    | "whole"
                    | "soundtrack"
                    | "sequel",
                "of"
            )
    );
    through && stream.follows(part.start) && closes(scene, part)
}

/// `we have just begun Skellig`, `having finished Matilda`
fn is_begun(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    matches!(
        stream.text_before(part.start, 1),
        "begun"
            | "began"
            | "started"
            | "starting"
            | "finished"
            | "finishing"
            | "reread"
            | "rereading"
            | "devoured"
            | "devouring"
    ) && !(stream.text(part.end) == "and" && scene.parts.given_at(part.end + 1))
        && stream.follows(part.start)
        && closes(scene, part)
}

/// Names that are the whole title of a work that every school knows.
const EPONYMS: &[&str] = &[
    "alice",
    "annie",
    "coraline",
    "elmer",
    "emma",
    "evita",
    "heidi",
    "matilda",
    "oliver",
    "pollyanna",
];

/// `next comes Matilda`, `then Matilda if we are good`, `our next book is Heidi`
fn is_next(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let (second, before) = (
        stream.text_before(part.start, 2),
        stream.text_before(part.start, 1),
    );
    // `Next up in our class reader spot: Heidi.`
    let label = stream.gap(part.start).has(Gap::COLON)
        && (part.end >= stream.len() || stream.gap(part.end).has(Gap::STOP | Gap::LINE))
        && (1..=4).any(|back| {
            let at = part.start.wrapping_sub(back);
            let word = stream.text(at);
            SHELF.contains(word) && word != "author" && !word.ends_with('s')
                || matches!(
                    (stream.text_before(at, 1), word),
                    ("class", "reader" | "text")
                )
        });
    if label && !scene.may_be_meant(part) {
        return true;
    }
    let told = match before {
        "then" | "comes" => EPONYMS.contains(&part.key.as_str()),
        "is" | "was" | "be" => SHELF.contains(second) && second != "author",
        _ => false,
    };
    told && stream.follows(part.start) && closes(scene, part)
}

/// The most entries of a list that are looked at on either side.
const LONGEST_LIST: usize = 4;

/// The most words of an entry.
const LONGEST_ENTRY: usize = 6;

/// `Matilda, Holes and The Twits`: another entry of the list is a title.
fn is_among_titles(scene: &Scene<'_>, part: &Part) -> bool {
    let stream = scene.stream;
    let joint = |at: usize| {
        let gap = stream.gap(at);
        at > 0 && gap.has(Gap::COMMA | Gap::AND) && !gap.has(Gap::STOP | Gap::LINE)
            || stream.text(at) == "and" && stream.follows(at)
    };
    let ends =
        |at: usize| at >= stream.len() || stream.gap(at).has(Gap::STOP | Gap::LINE | Gap::COLON);
    let own = part.start..part.end;
    let mut titles = 0;
    let mut at = part.end;
    for _ in 0..LONGEST_LIST {
        // the rest of this entry, and the joint behind it
        let Some(next) = (at..at + LONGEST_ENTRY)
            .take_while(|n| !ends(*n))
            .find(|n| joint(*n))
        else {
            break;
        };
        let first = next + usize::from(stream.text(next) == "and");
        titles += usize::from(opens_title(scene, first));
        at = first + 1;
    }
    let mut at = part.start;
    for _ in 0..LONGEST_LIST {
        if !(joint(at) || at > 0 && joint(at - 1)) {
            break;
        }
        let last = at - 1 - usize::from(stream.text_before(at, 1) == "and" && at > 1);
        let from = (last.saturating_sub(LONGEST_ENTRY)..=last)
            .rev()
            .find(|n| joint(*n) || ends(*n) || stream.gap(*n).has(Gap::COLON));
        let Some(from) = from else {
            break;
        };
        let first = from + usize::from(stream.text(from) == "and");
        titles += usize::from(opens_title(scene, first));
        if ends(from) || first == 0 {
            break;
        }
        at = from;
    }
    let entry = joint(part.start)
        || part.start > 0 && joint(part.start - 1)
        || stream.get(part.start).is_some_and(|a| a.opens)
        || stream.gap(part.start).has(Gap::COLON);
    let goes_on = part.possessive
        && stream
            .get(part.end)
            .is_some_and(|a| a.case == Case::Title && !scene.is_given(part.end));
    let whole = goes_on || ends(own.end) || joint(own.end);
    titles > 0 && entry && whole
}

/// Whether a title begins at the atom: a known one, `The Twits`, or an everyday word with a capital.
fn opens_title(scene: &Scene<'_>, at: usize) -> bool {
    let stream = scene.stream;
    let Some(first) = stream
        .get(at)
        .filter(|a| a.case == Case::Title && !a.heading)
    else {
        return false;
    };
    let next = stream
        .get(at + 1)
        .filter(|a| stream.follows(at + 1) && a.case == Case::Title);
    let article = matches!(&*first.text, "the" | "a" | "an") && next.is_some();
    let word = first.word.is_english() && !scene.is_given(at) && scene.parts.at(at).is_empty();
    first.figure || article || word && !first.opens && !first.word.title
}
