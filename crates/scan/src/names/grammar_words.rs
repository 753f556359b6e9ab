//! The closed classes of words that the grammar around a name is read by; `grammar.txt` has their members.

use std::{collections::HashMap, sync::LazyLock};

use super::{lists, tables::QuickBuild};

/// A class of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class(u32);

impl Class {
    pub(super) fn contains(self, word: &str) -> bool {
        CLASSES
            .get(word)
            .is_some_and(|classes| classes & self.0 != 0)
    }
}

/// Words between a subject and its verb.
pub(super) const ADVERBS: Class = Class(1 << 0);
/// What a subject follows where it does not open its sentence: conjunctions and words of time.
pub(super) const BEFORE_SUBJECT: Class = Class(1 << 1);
/// What an object or a place follows; nobody is called to right behind such a word.
pub(super) const BEFORE_OBJECT: Class = Class(1 << 2);
/// What opens a clause behind a name that is called to.
pub(super) const OPENS_CLAUSE: Class = Class(1 << 3);
/// Verbs of speech.
pub(super) const SAYS: Class = Class(1 << 4);
/// Verbs whose object is seen doing something, and `with`.
pub(super) const SEES: Class = Class(1 << 5);
/// Past tenses that have an ending of their own.
pub(super) const IRREGULAR: Class = Class(1 << 6);
/// Past tenses that are the plain form of the verb too.
pub(super) const STEADY: Class = Class(1 << 7);
/// What flowers, lights and rivers do.
pub(super) const GROWS: Class = Class(1 << 8);
/// What befalls a value or what stands for everybody: `hope kept us going`.
pub(super) const HAPPENS: Class = Class(1 << 9);
/// What values do, and no two children.
pub(super) const BLUR: Class = Class(1 << 10);
/// What people do in the picture that a sentence without a verb paints.
pub(super) const EXPRESSES: Class = Class(1 << 11);
/// What an object begins with.
pub(super) const STRICT: Class = Class(1 << 12);
/// What else may follow a verb.
pub(super) const PARTICLES: Class = Class(1 << 13);
/// Words whose everyday use needs no article.
pub(super) const MASS: Class = Class(1 << 14);
/// What belongs to a plant, a bird, a river or an idea, and to no child.
pub(super) const OF_THINGS: Class = Class(1 << 15);
/// Pronouns of one person.
pub(super) const PRONOUNS: Class = Class(1 << 16);
/// Helping verbs that deny.
pub(super) const NEGATED: Class = Class(1 << 17);
/// Words that are a name first where they have a capital.
pub(super) const NAMES_FIRST: Class = Class(1 << 18);
/// Adjectives that always have a capital.
pub(super) const PROPER: Class = Class(1 << 19);
/// What makes a thing of the noun behind it.
pub(super) const ARTICLES: Class = Class(1 << 20);
/// What somebody makes or performs.
pub(super) const WORKS: Class = Class(1 << 21);
/// What is done to things before they are shown: only an object behind it makes a deed of it.
pub(super) const MADE: Class = Class(1 << 22);
/// What a winner's name stands behind.
pub(super) const LABELS: Class = Class(1 << 23);

/// What people do every day, in the present.
pub(super) const ANIMATE: Class = Class(1 << 24);
/// What people do, and buses and seasons too.
pub(super) const MOVES: Class = Class(1 << 25);
/// What somebody knows or feels before telling it without `that`.
pub(super) const KNOWS: Class = Class(1 << 26);
/// What shows that a text reports a match, a race or a quiz.
pub(super) const CONTEST: Class = Class(1 << 27);
/// What a player scores or wins.
pub(super) const SCORE: Class = Class(1 << 28);
/// What somebody holds, leads, feeds or plays, and no season and no virtue does.
pub(super) const HANDLES: Class = Class(1 << 29);
/// What shows that a text is about books, films or musicals.
pub(super) const SHELF: Class = Class(1 << 30);

const NAMES: &[(&str, Class)] = &[
    ("adverbs", ADVERBS),
    ("before_subject", BEFORE_SUBJECT),
    ("before_object", BEFORE_OBJECT),
    ("opens_clause", OPENS_CLAUSE),
    ("says", SAYS),
    ("sees", SEES),
    ("irregular", IRREGULAR),
    ("steady", STEADY),
    ("grows", GROWS),
    ("happens", HAPPENS),
    ("blur", BLUR),
    ("expresses", EXPRESSES),
    ("strict", STRICT),
    ("particles", PARTICLES),
    ("mass", MASS),
    ("of_things", OF_THINGS),
    ("pronouns", PRONOUNS),
    ("negated", NEGATED),
    ("names_first", NAMES_FIRST),
    ("proper", PROPER),
    ("articles", ARTICLES),
    ("works", WORKS),
    ("made", MADE),
    ("labels", LABELS),
    ("animate", ANIMATE),
    ("moves", MOVES),
    ("knows", KNOWS),
    ("contest", CONTEST),
    ("score", SCORE),
    ("handles", HANDLES),
    ("shelf", SHELF),
];

static CLASSES: LazyLock<HashMap<&'static str, u32, QuickBuild>> = LazyLock::new(|| {
    let mut classes: HashMap<_, u32, _> = HashMap::default();
    for line in lists::lines(include_str!("grammar.txt")) {
        let Some((label, members)) = line.split_once(':') else {
            continue;
        };
        let Some((_, class)) = NAMES.iter().find(|(name, _)| *name == label) else {
            continue;
        };
        for word in members.split_whitespace() {
            *classes.entry(word).or_default() |= class.0;
        }
    }
    classes
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_grammar_has_a_known_class_and_every_class_a_line() {
        let labels: Vec<&str> = lists::lines(include_str!("grammar.txt"))
            .filter_map(|line| Some(line.split_once(':')?.0))
            .collect();
        let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        assert_eq!(labels, names);
    }
}
