//! Given names in a company of adults: mums and dads who are listed, those present at a meeting of grown-ups, a race for
//! parents, a band that came to play, books of the Bible. Each needs words that leave no room for a pupil.

use super::View;
use crate::names::stream::Gap;

/// Several adults of a family.
const GROWN_KIN: &[&str] = &[
    "mums",
    "mams",
    "moms",
    "mummies",
    "dads",
    "daddies",
    "mothers",
    "fathers",
    "grans",
    "nans",
    "nanas",
    "grandmas",
    "grandads",
    "granddads",
    "grandparents",
    "aunties",
    "uncles",
];

/// Who else runs on sports day.
const RUNS: &[&str] = &["race", "races", "relay", "sprint", "dash"];

/// Books of the Bible that are given names.
const BOOKS: &[&str] = &[
    "amos", "daniel", "esther", "ezra", "isaiah", "james", "joel", "john", "jonah", "joshua",
    "jude", "luke", "mark", "matthew", "micah", "peter", "ruth", "samuel", "timothy", "titus",
];

impl View<'_> {
    /// The name, for which nothing vouches, stands among those of adults, and no child could be meant.
    pub(super) fn is_among_adults(&self) -> bool {
        let scene = self.scene;
        scene.draft
            && !scene.is_hidden_name(self.part)
            && !scene.may_be_meant(self.part)
            && (self.is_parent_listed()
                || self.attends()
                || self.runs_with_parents()
                || self.plays_in_band()
                || self.is_book_of_bible())
    }

    /// `thanks to dads Tom, Ravi and Sam for ...`: several names right behind the word, and nothing that they do.
    fn is_parent_listed(&self) -> bool {
        let tail = self.list_tail();
        let several = self.head < self.part.start || tail > self.part.end;
        let done = self.follows(tail) && !matches!(self.text(tail), "for" | "who" | "from" | "and");
        several
            && !done
            && self.follows(self.head)
            && GROWN_KIN.contains(&self.before(self.head, 1))
    }

    /// `PTA in brief. Present: Sally (chair), Pete, Hannah L.`
    fn attends(&self) -> bool {
        let start = self.part.start;
        let called = (start.saturating_sub(14)..start).any(|at| {
            matches!(self.text(at), "present" | "apologies") && self.gap(at + 1).has(Gap::COLON)
        });
        let around = start.saturating_sub(30)..self.scene.stream.len().min(start + 20);
        let says = |words: &[&str]| around.clone().any(|at| words.contains(&self.text(at)));
        called
            && says(&["pta", "ptfa", "ptsa", "governors", "trustees", "agm"])
            && !says(&[
                "council",
                "eco",
                "pupil",
                "pupils",
                "parliament",
                "children",
                "class",
            ])
    }

    /// `Mums' race: 1st Holly, 2nd Faith`
    fn runs_with_parents(&self) -> bool {
        let start = self.part.start;
        let race = (start.saturating_sub(8)..start)
            .rev()
            .find(|at| RUNS.contains(&self.text(*at)));
        race.is_some_and(|at| {
            self.gap(at + 1).has(Gap::COLON)
                && !(at..start).any(|at| self.scene.in_mention(at))
                && (GROWN_KIN.contains(&self.before(at, 1))
                    || matches!(
                        self.before(at, 1),
                        "mum" | "dad" | "parent" | "parents" | "staff" | "teacher" | "teachers"
                    ))
        })
    }

    /// `ceilidh band The Merry Hatters: Ffion on accordion, Nathan calling`
    fn plays_in_band(&self) -> bool {
        let before = self.sentence.start..self.part.start;
        let came = |at: usize| {
            matches!(
                self.text(at),
                "band" | "duo" | "trio" | "quartet" | "musicians"
            ) && matches!(
                self.before(at, 1),
                "ceilidh" | "folk" | "visiting" | "local" | "tribute" | "professional"
            )
        };
        before.clone().any(came) && before.clone().any(|at| self.gap(at + 1).has(Gap::COLON))
    }

    /// `Readings: Joshua 1, Mark 4`
    fn is_book_of_bible(&self) -> bool {
        let (start, end) = (self.part.start, self.part.end);
        let chapter = self.follows(end)
            && self
                .scene
                .stream
                .get(end)
                .is_some_and(|a| a.digits && a.text.len() <= 3);
        let read = (start.saturating_sub(6)..start)
            .any(|at| matches!(self.text(at), "reading" | "readings" | "lesson" | "lessons"));
        BOOKS.contains(&self.part.key.as_str()) && chapter && read
    }
}
