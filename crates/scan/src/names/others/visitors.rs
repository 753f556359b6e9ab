//! A given name of somebody who is not at this school: a guest, another school's child, somebody from a shop, the husband
//! of a teacher, a newborn, somebody who is made up. Introductions and signatures are read by `beside`.

use super::{
    super::{
        evidence::attached_class,
        lists::company::{CHILD, KIN, ORG, PET, ROLE},
        scene::Adult,
        stream::{Atom, Case, Gap},
    },
    PUPIL_JOBS, View,
};

impl View<'_> {
    /// `pretending to be a 12 year old called Jaz`
    pub(super) fn is_pretended(&self) -> bool {
        let christened = matches!(
            self.before(self.head, 1),
            "called" | "named" | "as" | "name"
        );
        christened
            && !self.scene.is_hidden_name(self.part)
            && (self.sentence.start..self.head).any(|at| {
                matches!(
                    self.text(at),
                    "pretending"
                        | "pretends"
                        | "pretended"
                        | "posing"
                        | "poses"
                        | "posed"
                        | "fake"
                        | "claiming"
                        | "stranger"
                        | "catfish"
                        | "imaginary"
                        | "invisible"
                        | "fictional"
                        | "anonymous"
                )
            })
    }

    /// `my nephew Lewis is at Kings High`: a relation of the author who goes to another school.
    pub(super) fn is_elsewhere(&self) -> bool {
        let own = |at: usize| {
            let school = self.text(at) == "school"
                && matches!(
                    self.before(at, 1),
                    "his" | "her" | "their" | "big" | "high" | "secondary" | "new" | "primary"
                )
                && (2..4).any(|back| matches!(self.before(at, back), "at" | "in" | "to" | "from"))
                && matches!(self.text(at + 1), "in" | "near" | "down" | "up" | "over")
                && self.scene.stream.get(at + 2).is_some_and(Atom::capital);
            let uni = matches!(self.text(at), "uni" | "university" | "college")
                && matches!(
                    self.before(at, 1),
                    "at" | "to" | "from" | "started" | "starts" | "starting" | "finished"
                );
            let title = |at: usize| {
                self.scene
                    .stream
                    .get(at)
                    .is_some_and(|a| a.case == Case::Title && !a.heading && self.follows(at))
                    && !self.scene.in_mention(at)
            };
            let goes = matches!(self.text(at), "goes" | "went" | "moved")
                && self.text(at + 1) == "to"
                && title(at + 2)
                && title(at + 3);
            let at_theirs = matches!(self.text(at), "is" | "was")
                && self.text(at + 1) == "at"
                && self.is_relation()
                && title(at + 2)
                && title(at + 3);
            school || uni || goes || at_theirs
        };
        let away = (self.part.end..self.stream_end(14)).any(own)
            || self.is_guest() && attached_class(self.scene, self.part).is_none();
        if away && !self.scene.may_be_meant(self.part) {
            return true;
        }
        matches!(
            self.before(self.head, 1),
            "nephew" | "niece" | "cousin" | "godson" | "goddaughter"
        ) && (self.part.end + 1..self.stream_end(14)).any(|at| {
            matches!(
                self.text(at),
                "high"
                    | "grammar"
                    | "college"
                    | "academy"
                    | "comp"
                    | "uni"
                    | "university"
                    | "juniors"
            ) && [at - 1, at]
                .iter()
                .all(|n| self.scene.stream.get(*n).is_some_and(Atom::capital))
                || self.text(at) == "school"
                    && !self.scene.is_hidden_name(self.part)
                    && matches!(self.before(at, 1), "other" | "another" | "different")
        })
    }

    /// `Louis and Chloé from our partner school`, `their keeper, Jack, stopped three`
    fn is_guest(&self) -> bool {
        let partner = |at: usize| {
            matches!(self.text(at), "school" | "schools" | "nursery" | "primary")
                && matches!(
                    self.before(at, 1),
                    "partner" | "twin" | "link" | "exchange" | "sister" | "visiting" | "other"
                )
                && (2..4).any(|back| matches!(self.before(at, back), "from" | "at"))
        };
        let theirs = (1..=2).any(|back| matches!(self.before(self.head, back), "their" | "whose"))
            && matches!(
                self.before(self.head, 1),
                "keeper"
                    | "goalkeeper"
                    | "goalie"
                    | "captain"
                    | "skipper"
                    | "striker"
                    | "winger"
                    | "defender"
                    | "midfielder"
                    | "bowler"
                    | "batter"
                    | "anchor"
                    | "coach"
                    | "manager"
            );
        // `Jubilee Primary's Harvey, Ruby and Oscar`
        let of_school = self.head >= 2
            && self.scene.stream.get(self.head - 1).is_some_and(|a| {
                a.possessive
                    && matches!(
                        &*a.text,
                        "primary"
                            | "academy"
                            | "juniors"
                            | "infants"
                            | "college"
                            | "high"
                            | "prep"
                            | "school"
                    )
            })
            && self
                .scene
                .stream
                .get(self.head - 2)
                .is_some_and(|a| a.capital() && !a.opens)
            || self.head == 2
                && self.scene.stream.get(1).is_some_and(|a| a.possessive)
                && matches!(
                    self.text(1),
                    "primary" | "academy" | "juniors" | "infants" | "high"
                );
        // `Hello from our partner school in Rouen! Chloé and Louise have written to us`
        let tail = self.list_tail();
        let writes = (tail..tail + 8).any(|at| {
            matches!(
                self.text(at),
                "written" | "wrote" | "write" | "sent" | "send"
            ) && (at + 1..at + 4).any(|at| self.text(at) == "us")
        });
        let greeted = writes
            && (self.part.start.saturating_sub(14)..self.part.start)
                .any(|at| partner(at) && !matches!(self.before(at, 1), "visiting" | "other"));
        theirs
            || of_school
            || greeted
            || (self.part.end..self.stream_end(10))
                .take_while(|at| *at < self.sentence.end)
                .any(partner)
    }

    /// `my grandson Max`: the author's relation, who need not be here.
    fn is_relation(&self) -> bool {
        matches!(
            self.before(self.head, 1),
            "nephew" | "niece" | "cousin" | "godson" | "goddaughter" | "grandson" | "granddaughter"
        )
    }

    /// `whose son Finn was born on Sunday`
    pub(super) fn is_newborn(&self) -> bool {
        let end = self.part.end;
        let born = matches!(self.text(end), "was" | "were") && self.text(end + 1) == "born";
        let weighed = matches!(self.text(end), "arrived" | "weighing" | "weighed");
        let birth =
            born && matches!(
                self.text(end + 2),
                "on" | "at" | "yesterday" | "this" | "last" | "early" | "weighing" | "safely"
            ) || weighed
                && (end + 1..end + 8)
                    .any(|at| matches!(self.text(at), "lb" | "lbs" | "pounds" | "weighing"));
        // `have had a baby girl, Seren`
        let had = matches!(
            (self.before(self.head, 2), self.before(self.head, 1)),
            ("baby" | "little", "girl" | "boy")
        ) && self.gap(self.head).has(Gap::COMMA)
            && (2..6).any(|back| {
                matches!(self.before(self.head, back), "a")
                    && matches!(
                        self.before(self.head, back + 1),
                        "had" | "welcomed" | "have"
                    )
            });
        // `her new grandson Alfie`
        let new = self.before(self.head, 2) == "new"
            && matches!(
                self.before(self.head, 1),
                "grandson"
                    | "granddaughter"
                    | "grandchild"
                    | "nephew"
                    | "niece"
                    | "son"
                    | "daughter"
            );
        (birth || had || new) && !self.scene.may_be_meant(self.part)
    }

    /// `Dev is Mrs Rao's husband`
    pub(super) fn is_kin_of_adult(&self, from: usize) -> bool {
        (from..from + 4).any(|at| {
            let stream = self.scene.stream;
            let adult = self.scene.adult(at..at + 1) != Adult::Nobody;
            adult && stream.get(at).is_some_and(|a| a.possessive) && self.keeps(at + 1, KIN)
        })
    }

    /// `Mark and Sheila of the PTA`
    pub(super) fn is_of_body(&self, at: usize) -> bool {
        let body = matches!(self.text(at), "the" | "our")
            && self.keeps(at + 1, ORG)
            && !matches!(
                self.text(at + 1),
                "school" | "nursery" | "preschool" | "reception"
            );
        body && !self.scene.in_mention(at + 1)
    }

    /// `Daisy in the office`, `Phoebe at the library`, `Ivy at number 4`, `lovely on the desk`.
    pub(super) fn works_at(&self, at: usize) -> bool {
        // `Thank you to Marcus at Harbour Paints`
        let title = |at: usize| {
            self.follows(at)
                && !self.scene.in_mention(at)
                && self
                    .scene
                    .stream
                    .get(at)
                    .is_some_and(|a| a.case == Case::Title && !a.heading)
        };
        let thanked = self.text(at) == "at"
            && title(at + 1)
            && (title(at + 2) || self.scene.stream.get(at + 1).is_some_and(|a| a.possessive))
            && (self.sentence.start..self.part.start)
                .any(|at| matches!(self.text(at), "thank" | "thanks" | "thankyou"));
        if thanked && !self.scene.may_be_meant(self.part) {
            return true;
        }
        let article = matches!(self.text(at + 1), "the" | "our" | "number" | "my");
        let noun = at + 1 + usize::from(article);
        let number = self.text(at + 1) == "number" || self.text(at + 1) == "no";
        let place = self.keeps(noun, ORG)
            || self.follows(noun + 1)
                && (self.keeps(noun + 1, ORG | ROLE) || self.text(noun + 1) == "centre");
        let inside = self.text(at) == "in"
            && !matches!(
                self.text(noun),
                "office"
                    | "kitchen"
                    | "canteen"
                    | "shop"
                    | "surgery"
                    | "cafe"
                    | "pub"
                    | "council"
                    | "pta"
            );
        let class = self.scene.in_mention(at + 1) || self.scene.in_mention(noun);
        !class && (number || place && !inside && self.follows(at + 1))
    }

    /// `from the PTA`, `from next door`, `from number 12`, `from Larkmere Rugby Club`.
    pub(super) fn is_from_elsewhere(&self, at: usize) -> bool {
        let own = matches!(self.text(at), "his" | "her");
        if own || self.scene.in_mention(at) || self.scene.in_mention(at + 1) {
            return false;
        }
        let article = matches!(
            self.text(at),
            "the" | "our" | "my" | "your" | "a" | "o" | "yr" | "y"
        );
        let first = at + usize::from(article);
        let child = (first..first + 4)
            .take_while(|n| self.follows(*n))
            .any(|n| {
                matches!(
                    self.text(n),
                    "class" | "form" | "school" | "choir" | "house" | "team" | "pupil"
                )
            });
        let org = (first..first + 3)
            .take_while(|n| self.follows(*n))
            .any(|n| {
                self.keeps(n, ORG | ROLE)
                    || matches!(
                        self.text(n),
                        "centre" | "farm" | "division" | "branch" | "brigade"
                    )
            });
        if org && !matches!(self.text(first), "school" | "student" | "eco" | "pupil") {
            return true;
        }
        let capital = |n: usize| {
            self.scene
                .stream
                .get(n)
                .is_some_and(|a| a.case == Case::Title && !a.heading && !a.digits)
                && self.follows(n)
        };
        let proper = capital(first)
            && (capital(first + 1)
                || self.text(first + 1) == "s"
                || self.scene.stream.get(first).is_some_and(|a| a.possessive)
                || self.before(first, 1) == "o");
        let numbered = matches!(
            self.text(first),
            "number" | "no" | "work" | "church" | "home" | "accounts"
        ) || self.text(first) == "next" && self.text(first + 1) == "door"
            || self.text(first) == "across";
        proper && !child || numbered
    }

    /// `Our reading ambassador from the Foundation, Callum, brought`: `near` is the atom before the name.
    pub(super) fn is_sent(&self, near: usize) -> bool {
        self.keeps(near, ORG)
            && self.gap(self.head).has(Gap::COMMA)
            && !self.follows(self.list_tail())
            && (1..6).any(|back| near >= back && self.text(near - back) == "from")
            && !self.scene.may_be_meant(self.part)
    }

    /// `The bus driver is Beth`: `near` is the atom before the name.
    pub(super) fn holds_office(&self, near: usize) -> bool {
        let head = self.head;
        matches!(self.text(near), "is" | "was")
            && self.keeps_before(head, 2, ROLE)
            && !PUPIL_JOBS.contains(&self.before(head, 2))
            && !self.young(head - 2)
            && !self.scene.may_be_meant(self.part)
            && (3..6).any(|back| matches!(self.before(head, back), "the" | "our" | "your" | "my"))
    }

    /// `Could you foster a hen? Our four (Dolly, Amber and Nell) need cover`
    pub(super) fn is_penned(&self) -> bool {
        self.gap(self.head).has(Gap::BRACKET)
            && !self.gap(self.head).has(Gap::DASH)
            && (1..8).any(|back| {
                self.keeps_before(self.head, back, PET)
                    && !self.keeps_before(self.head, back, CHILD)
            })
            && !self.scene.may_be_meant(self.part)
    }
}
