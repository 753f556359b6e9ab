//! A given name of somebody who was at the school long ago: `class of 2009`, `our past pupil Hugo`, `he's 23 now`. A year, an
//! age or a word says so.

use super::{
    super::{
        lists::company::CHILD,
        stream::{Atom, Gap},
    },
    View,
};

impl View<'_> {
    /// `class of 2009`, `our past pupil Hugo`, `used to go here`, `he's 23 now`.
    pub(super) fn is_past(&self) -> bool {
        let before = self.head;
        let former = matches!(
            self.before(before, 1),
            "pupil" | "pupils" | "student" | "students"
        ) && matches!(self.before(before, 2), "past" | "former" | "ex" | "old")
            || matches!(self.before(before, 1), "alumni" | "alumnus" | "alumna");
        let end = self.part.end;
        let grown = (self.sentence.start..before)
            .any(|at| self.text(at + 1) == "now" && self.is_grown_number(at));
        let in_history = self.sentence.start..self.sentence.end.min(self.part.end + 10);
        let history = in_history.into_iter().any(|at| {
            let year = self.scene.stream.get(at).is_some_and(|a| {
                a.digits
                    && a.text.len() == 4
                    && a.text
                        .parse::<u32>()
                        .is_ok_and(|n| (1000..1990).contains(&n))
            });
            let goes_on =
                !self.follows(at + 1) || self.scene.stream.get(at + 1).is_some_and(Atom::capital);
            let glued = self.gap(at + 1).is_empty() && at + 1 < self.scene.stream.len();
            year && goes_on
                && !glued
                && matches!(
                    self.before(at, 1),
                    "in" | "by"
                        | "from"
                        | "since"
                        | "until"
                        | "of"
                        | "january"
                        | "february"
                        | "march"
                        | "april"
                        | "may"
                        | "june"
                        | "july"
                        | "august"
                        | "september"
                        | "october"
                        | "november"
                        | "december"
                )
        });
        let long_ago = history
            || (self.sentence.start..self.sentence.end).any(|at| {
                self.before(at, 1) == "in"
                    && self.scene.stream.get(at).is_some_and(|a| {
                        a.digits
                            && a.text
                                .parse::<u32>()
                                .is_ok_and(|n| (1940..2010).contains(&n))
                    })
            });
        let decade = self.sentence.clone().any(|at| self.is_then(at));
        former
            || (long_ago || decade) && !self.scene.may_be_meant(self.part) && !self.has_family()
            || grown
            || (end..self.sentence.end)
                .take(10)
                .any(|at| match self.text(at) {
                    "class" => self.text(at + 1) == "of" && self.is_year(at + 2),
                    "left" | "leaver" | "leavers" => {
                        self.is_year(at + 1) || self.text(at + 1) == "in" && self.is_year(at + 2)
                    }
                    "used" => at <= end + 2 && self.used_to_belong(at + 1),
                    "former" | "ex" => matches!(self.text(at + 1), "pupil" | "student"),
                    "both" => self.text(at + 1) == "went" && self.text(at + 2) == "here",
                    _ => self.is_grown(at),
                })
    }

    /// `used to come here`, `used to be in Year 6`; a child `used to bolt out of maths` and does not any more.
    fn used_to_belong(&self, at: usize) -> bool {
        self.text(at) == "to"
            && matches!(
                self.text(at + 1),
                "go" | "come" | "be" | "attend" | "teach" | "work" | "live" | "run" | "play"
            )
    }

    /// `23 now`, `is 19`
    fn is_grown(&self, at: usize) -> bool {
        self.is_grown_number(at)
            && (matches!(
                self.before(at, 1),
                "is" | "s" | "hes" | "shes" | "now" | "he" | "she" | "turned" | "aged"
            ) || at == self.part.end && self.part.possessive)
            && !self.keeps(at + 1, CHILD)
            && (matches!(
                self.text(at + 1),
                "now" | "today" | "yesterday" | "last" | "this"
            ) || self.text(at + 1).is_empty()
                || self.gap(at + 1).has(Gap::STOP | Gap::COMMA))
    }

    fn is_grown_number(&self, at: usize) -> bool {
        self.scene.stream.get(at).is_some_and(|a| {
            a.digits && a.text.parse::<u32>().is_ok_and(|n| (19..100).contains(&n))
        })
    }

    pub(super) fn is_year(&self, at: usize) -> bool {
        self.scene.stream.get(at).is_some_and(|a| {
            a.digits
                && a.text
                    .parse::<u32>()
                    .is_ok_and(|n| (1940..2026).contains(&n))
        })
    }

    /// `In the sixties`, not `our eighties disco`.
    fn is_then(&self, at: usize) -> bool {
        let decade = matches!(
            self.text(at),
            "fifties" | "sixties" | "seventies" | "eighties" | "nineties"
        );
        let dated = matches!(self.before(at, 1), "the" | "late" | "early")
            && (at.saturating_sub(3)..at).any(|at| matches!(self.text(at), "in" | "since"));
        decade && dated && !self.achieves()
    }
}
