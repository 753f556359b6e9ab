//! Given names in a company of adults: a list of mums, those present at a meeting, a race for parents, a band that came to
//! play, a reading in church.

use super::{super::stream::Atom, View};
use crate::names::{lists::company::FAITH, stream::Gap};

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

impl View<'_> {
    /// The name stands among those of adults, and no child could be meant.
    pub(super) fn is_among_adults(&self) -> bool {
        !self.vouched()
            && !self.scene.is_hidden_name(self.part)
            && (self.is_parent_listed()
                || self.attends()
                || self.runs_with_parents()
                || self.plays_in_band()
                || self.is_read_in_church())
    }

    /// `dads Tom, Ravi and Sam`, `the Flannery brothers, Finn and Conor`
    fn is_parent_listed(&self) -> bool {
        let near = self.before(self.head, 1);
        let gap = self.gap(self.head);
        if gap.has(Gap::STOP | Gap::LINE) {
            return false;
        }
        let family = matches!(near, "brothers" | "sisters" | "family")
            && self.head >= 3
            && self.before(self.head, 3) == "the"
            && self
                .scene
                .stream
                .get(self.head - 2)
                .is_some_and(Atom::capital)
            && gap.has(Gap::COMMA | Gap::COLON)
            && !self.scene.may_be_meant(self.part);
        family || GROWN_KIN.contains(&near) && self.before(self.head, 2) != "their"
    }

    /// `Present: Sally (chair), Pete, Hannah L.`
    fn attends(&self) -> bool {
        let called = |at: usize| {
            self.gap(at + 1).has(Gap::COLON)
                && matches!(
                    self.text(at),
                    "present"
                        | "apologies"
                        | "attending"
                        | "attendance"
                        | "attendees"
                        | "committee"
                )
        };
        let from = self.sentence.start.max(self.part.start.saturating_sub(30));
        (from..self.part.start).any(called)
    }

    /// `Mums' race: 1st Holly, 2nd Faith`
    fn runs_with_parents(&self) -> bool {
        let from = self.sentence.start.max(self.part.start.saturating_sub(14));
        (from + 1..self.part.start).any(|at| {
            RUNS.contains(&self.text(at))
                && (GROWN_KIN.contains(&self.before(at, 1))
                    || matches!(
                        self.before(at, 1),
                        "mum"
                            | "dad"
                            | "parent"
                            | "parents"
                            | "staff"
                            | "teacher"
                            | "teachers"
                            | "adult"
                    ))
        })
    }

    /// `ceilidh band The Merry Hatters: Ffion on accordion, Nathan calling`
    fn plays_in_band(&self) -> bool {
        let came = |at: usize| {
            matches!(
                self.text(at),
                "band" | "duo" | "trio" | "quartet" | "quintet" | "musicians"
            ) && !matches!(
                self.before(at, 1),
                "our" | "school" | "rock" | "steel" | "brass"
            )
        };
        let listed =
            (self.sentence.start..self.part.start).any(|at| self.gap(at + 1).has(Gap::COLON));
        listed
            && (self.sentence.start..self.part.start).any(came)
            && !self.scene.may_be_meant(self.part)
    }

    /// `Readings: Joshua 1, Mark 4`, `that reading from Joshua`
    fn is_read_in_church(&self) -> bool {
        if !self.is_biblical() {
            return false;
        }
        let (start, end) = (self.part.start, self.part.end);
        let chapter = self.follows(end)
            && !self.scene.in_mention(end)
            && self
                .scene
                .stream
                .get(end)
                .is_some_and(|a| a.digits && a.text.len() <= 3);
        let read = self.before(start, 1) == "from"
            && matches!(
                self.before(start, 2),
                "reading" | "readings" | "lesson" | "passage" | "verse"
            );
        let around = start.saturating_sub(40)..self.scene.stream.len().min(end + 40);
        let church = around.into_iter().any(|at| {
            self.keeps(at, FAITH)
                || matches!(
                    self.text(at),
                    "readings"
                        | "church"
                        | "service"
                        | "vestry"
                        | "pew"
                        | "hymn"
                        | "sermon"
                        | "vicar"
                        | "rev"
                )
        });
        (chapter || read) && church
    }
}
