//! A given name alone: a pupil's, or somebody else's who has the same one? An adult, a pet, a character and an author who
//! signs are told by the words beside the name and by what the sentence is about. Whether the word is a name at all is
//! the evidence's business.

use std::ops::Range;

use super::{
    cues::{DEEDS, DONE_TO, PERSONAL},
    evidence::{attached_class, listed, pictured, praised},
    frames::is_said_of_person,
    lists::Topic,
    lists::company::{ADULT, CHILD, DEED, FAITH, KIN, LIFE, MEDIA, ORG, PET, ROLE},
    parts::Part,
    scene::{Adult, Scene},
    stream::{Atom, Gap},
};

/// Whose a given name alone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The words say that it is not a pupil's.
    Other,
    /// Nothing says whose it is.
    Thin,
    /// Something speaks for a pupil.
    Pupil,
}

/// How far a sentence is read on either side of a name.
const REACH: usize = 14;

/// Weighs the words around a given name.
pub(super) fn standing(scene: &Scene<'_>, part: &Part) -> Standing {
    let tagged = scene
        .stream
        .get(part.start)
        .is_some_and(|atom| atom.sigil.is_some());
    if scene.stream.loose || tagged {
        return Standing::Pupil;
    }
    let view = View::new(scene, part);
    if view.named_for_another() {
        return Standing::Other;
    }
    let vouched = view.vouched();
    if !vouched && view.belongs_elsewhere() {
        return Standing::Other;
    }
    let strong = vouched || view.achieves();
    if !strong && view.about_others() {
        return Standing::Other;
    }
    let adult = view.says(ADULT);
    let child = view.says(CHILD) || view.weak_child();
    match (strong, adult, child) {
        (true, _, _) | (false, false, true) => Standing::Pupil,
        (false, true, false) => Standing::Other,
        (false, false, false) if view.staff_has_it() && !part.is_word() => Standing::Other,
        (false, true, true) | (false, false, false) => Standing::Thin,
    }
}

/// One name in its sentence.
struct View<'v> {
    scene: &'v Scene<'v>,
    part: &'v Part,
    /// The atoms of the sentence.
    sentence: Range<usize>,
    /// The first name of the list that the name stands in.
    head: usize,
}

impl<'v> View<'v> {
    fn new(scene: &'v Scene<'v>, part: &'v Part) -> Self {
        Self {
            scene,
            part,
            sentence: sentence(scene, part),
            head: list_head(scene, part.start),
        }
    }

    fn text(&self, at: usize) -> &str {
        self.scene.stream.text(at)
    }

    fn before(&self, at: usize, back: usize) -> &str {
        self.scene.stream.text_before(at, back)
    }

    fn keeps(&self, at: usize, company: u16) -> bool {
        self.scene
            .stream
            .get(at)
            .is_some_and(|atom| atom.word.keeps(company))
    }

    fn keeps_before(&self, at: usize, back: usize, company: u16) -> bool {
        at.checked_sub(back)
            .is_some_and(|at| self.keeps(at, company))
    }

    fn follows(&self, at: usize) -> bool {
        self.scene.stream.follows(at)
    }

    fn gap(&self, at: usize) -> Gap {
        self.scene.stream.gap(at)
    }

    /// Whether a word of the sentence, the name's own apart, keeps this company.
    fn says(&self, company: u16) -> bool {
        self.sentence
            .clone()
            .any(|at| !(self.part.start..self.part.end).contains(&at) && self.keeps(at, company))
    }

    /// The words beside the name say that it is somebody else's, whatever else there is.
    fn named_for_another(&self) -> bool {
        self.introduced() || self.scripture() || self.signs() || self.is_past() || self.described()
    }

    /// `auntie Rose`, `our neighbour Max`, `guide dog Leo`, `our governors Henry and Fiona`, `my friend Jay`.
    fn introduced(&self) -> bool {
        let head = self.head;
        let Some(near) = head.checked_sub(1) else {
            return false;
        };
        let christened = (self.sentence.start..head)
            .any(|at| matches!(self.text(at), "called" | "named" | "names" | "name"));
        if christened && (self.sentence.start..near).any(|at| self.keeps(at, PET)) {
            return true;
        }
        let gap = self.gap(head);
        let beside = self.follows(head) || gap.only(Gap::SPACE | Gap::COLON);
        if !beside
            || self.gap(near).is_empty() && near > 0
            || self.scene.stream.get(near).is_some_and(|a| a.possessive)
        {
            return false;
        }
        if self.keeps(near, KIN | PET) && !self.keeps_before(head, 2, CHILD) {
            return !self.keeps_before(head, 2, PET) || self.keeps(near, PET);
        }
        if self.keeps(near, ROLE) && !self.young(near) {
            return true;
        }
        match self.text(near) {
            "law" => self.before(head, 2) == "in",
            "baby" => !matches!(self.before(head, 2), "my" | "our" | "his" | "her"),
            "friend" | "mate" | "pal" | "bestie" | "friends" => self.owned_by_author(near),
            "sister" | "brother" => {
                let title = self
                    .scene
                    .stream
                    .get(near)
                    .is_some_and(|a| a.capital() && !a.opens && !a.heading);
                title && self.scene.draft
            }
            _ => false,
        }
    }

    /// `my old friend`: the author's own.
    fn owned_by_author(&self, at: usize) -> bool {
        let adjective = matches!(
            self.before(at, 1),
            "best" | "good" | "old" | "dear" | "late" | "lovely" | "close" | "great"
        );
        let at = at - usize::from(adjective && at > 0);
        match self.before(at, 1) {
            "my" | "our" | "a" => true,
            "your" => matches!(self.before(at, 2), "its" | "it" | "s" | "from"),
            _ => false,
        }
    }

    /// `young farmers`, `pupil governors`: an office that children hold.
    fn young(&self, at: usize) -> bool {
        (1..=2).any(|back| {
            matches!(
                self.before(at, back),
                "young"
                    | "junior"
                    | "pupil"
                    | "student"
                    | "mini"
                    | "budding"
                    | "little"
                    | "future"
                    | "house"
                    | "sports"
                    | "eco"
                    | "digital"
                    | "play"
                    | "playground"
                    | "anti"
                    | "class"
                    | "table"
                    | "head"
                    | "school"
                    | "our"
            ) && (back == 1 || self.before(at, back) != "our")
                && !(self.before(at, back) == "our" || self.before(at, back) == "school")
                || self.before(at, back) == "pupil"
        })
    }

    /// `Thanks, Holly`, `Love, Amber x`, `It's Ella here`: the author's own name.
    fn signs(&self) -> bool {
        let stream = self.scene.stream;
        let (start, end) = (self.part.start, self.part.end);
        if self.part.possessive {
            return false;
        }
        let here = self.text(end) == "here"
            || self.text(end) == "from" && (end..end + 6).any(|at| self.text(at) == "here");
        let presents = stream.get(start).is_some_and(|a| a.opens)
            || matches!(
                self.before(start, 1),
                "its" | "s" | "it" | "hi" | "hello" | "im"
            );
        let name = self.before(start, 1) == "is"
            && self.before(start, 2) == "name"
            && self.before(start, 3) == "my";
        let own = !self.scene.draft && name;
        if here && presents || own {
            return true;
        }
        let parent = self.gap(end).has(Gap::BRACKET)
            && (end..end + 5).any(|at| {
                self.keeps(at, KIN) || self.text(at) == "parent" || self.text(at) == "governor"
            });
        let closes = (end..stream.len())
            .all(|at| matches!(self.text(at), "x" | "xx" | "xxx" | "xo"))
            && !stream.gap(stream.len()).has(Gap::STOP);
        if !(parent || closes && start >= 3) {
            return false;
        }
        let gap = self.gap(start);
        let apart = gap.has(Gap::COMMA | Gap::LINE | Gap::DASH);
        match self.before(start, 1) {
            "regards" | "sincerely" | "wishes" | "hugs" => true,
            "love" | "luv" => {
                apart
                    || !matches!(
                        self.before(start, 2),
                        "i" | "we"
                            | "you"
                            | "all"
                            | "they"
                            | "just"
                            | "to"
                            | "absolutely"
                            | "much"
                            | "really"
                            | "d"
                    )
            }
            "thanks" | "cheers" | "ta" | "you" | "thankyou" | "advance" => apart,
            "from" => matches!(
                self.before(start, 2),
                "love" | "wishes" | "regards" | "hugs" | "luv"
            ),
            _ => parent && apart,
        }
    }

    /// `class of 2009`, `our past pupil Hugo`, `used to go here`, `he's 23 now`.
    fn is_past(&self) -> bool {
        let before = self.head;
        let former = matches!(
            self.before(before, 1),
            "pupil" | "pupils" | "student" | "students"
        ) && matches!(self.before(before, 2), "past" | "former" | "ex" | "old")
            || matches!(self.before(before, 1), "alumni" | "alumnus" | "alumna");
        let end = self.part.end;
        former
            || (end..self.sentence.end)
                .take(10)
                .any(|at| match self.text(at) {
                    "class" => self.text(at + 1) == "of" && self.is_year(at + 2),
                    "left" | "leaver" | "leavers" => {
                        self.is_year(at + 1) || self.text(at + 1) == "in" && self.is_year(at + 2)
                    }
                    "used" => self.text(at + 1) == "to" && at <= end + 2,
                    "former" | "ex" => matches!(self.text(at + 1), "pupil" | "student"),
                    "both" => self.text(at + 1) == "went" && self.text(at + 2) == "here",
                    _ => self.is_grown(at),
                })
    }

    /// `23 now`, `is 19`
    fn is_grown(&self, at: usize) -> bool {
        let Some(atom) = self.scene.stream.get(at).filter(|a| a.digits) else {
            return false;
        };
        atom.text
            .parse::<u32>()
            .is_ok_and(|n| (19..100).contains(&n))
            && matches!(
                self.before(at, 1),
                "is" | "s" | "hes" | "shes" | "now" | "he" | "she" | "turned" | "aged"
            )
            && !self.keeps(at + 1, CHILD)
            && (self.text(at + 1) == "now"
                || self.text(at + 1).is_empty()
                || self.gap(at + 1).has(Gap::STOP | Gap::COMMA))
    }

    fn is_year(&self, at: usize) -> bool {
        self.scene.stream.get(at).is_some_and(|a| {
            a.digits
                && a.text
                    .parse::<u32>()
                    .is_ok_and(|n| (1940..2026).contains(&n))
        })
    }

    /// `Leo the guide dog`, `Summer, the vet`, `Frank, who drives the bus`, `Jack from Larkmere Rugby Club`.
    fn described(&self) -> bool {
        let end = self.part.end;
        if self.part.possessive {
            return matches!(
                self.text(end),
                "husband"
                    | "wife"
                    | "kids"
                    | "van"
                    | "shop"
                    | "cafe"
                    | "salon"
                    | "business"
                    | "boyfriend"
                    | "girlfriend"
                    | "partner"
                    | "pub"
                    | "office"
                    | "email"
            );
        }
        let comma = self.gap(end).has(Gap::COMMA | Gap::BRACKET | Gap::DASH)
            && !self.gap(end).has(Gap::STOP | Gap::LINE);
        let follows = self.follows(end);
        match self.text(end) {
            "the" if follows => self.noun_within(end + 1, PET | ROLE),
            "the" | "our" | "my" | "your" if comma => self.noun_within(end + 1, PET | ROLE | KIN),
            "a" | "an" if comma => self.noun_within(end + 1, PET | ROLE) && !self.amateur(end + 1),
            "one" if comma => self.noun_within(end + 3, ROLE),
            "who" if comma || follows => self.who_is_grown(end + 1),
            "from" if follows => self.is_from_elsewhere(end + 1),
            "at" | "in" | "on" | "down" | "behind" if follows => self.works_at(end),
            "is" | "was" if follows => (end + 1..end + 4)
                .any(|at| matches!(self.text(at), "on" | "at") && self.works_at(at)),
            _ => false,
        }
    }

    /// Whether a word of this company stands within the next few, in the same breath.
    fn noun_within(&self, from: usize, company: u16) -> bool {
        (from..from + 4)
            .take_while(|at| (*at == from || self.follows(*at)) && !self.scene.in_mention(*at))
            .take_while(|at| {
                !matches!(
                    self.text(*at),
                    "and" | "who" | "is" | "was" | "in" | "at" | "for" | "pupil"
                )
            })
            .any(|at| self.keeps(at, company))
            && !matches!(self.text(from), "head" | "pupil" | "class" | "school")
    }

    fn amateur(&self, at: usize) -> bool {
        matches!(
            self.text(at),
            "keen" | "budding" | "young" | "little" | "future" | "year"
        )
    }

    /// `who drives the number 9 bus`, `who has cleaned our rooms since 2011`, `who does the flowers at church`.
    fn who_is_grown(&self, from: usize) -> bool {
        let clause = || {
            (from..from + 8).take_while(|at| {
                !self.gap(*at).has(Gap::STOP | Gap::LINE) && self.text(*at) != "and"
            })
        };
        let grown = clause().any(|at| {
            self.keeps(at, DEED | LIFE | ORG)
                || self.text(at) == "college"
                || self.text(at) == "university"
                || self.is_year(at)
        });
        grown && !clause().any(|at| self.scene.in_mention(at))
    }

    /// `from the PTA`, `from next door`, `from number 12`, `from Larkmere Rugby Club`.
    fn is_from_elsewhere(&self, at: usize) -> bool {
        if self.scene.in_mention(at) || self.scene.in_mention(at + 1) {
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
            .any(|n| self.keeps(n, ORG | ROLE));
        if org && !matches!(self.text(first), "school" | "student" | "eco" | "pupil") {
            return true;
        }
        let capital =
            |n: usize| {
                self.scene.stream.get(n).is_some_and(|a| {
                    a.case == super::stream::Case::Title && !a.heading && !a.digits
                }) && self.follows(n)
            };
        let proper = capital(first)
            && (capital(first + 1)
                || self.text(first + 1) == "s"
                || self.scene.stream.get(first).is_some_and(|a| a.possessive)
                || self.before(first, 1) == "o");
        let numbered = matches!(
            self.text(first),
            "number" | "no" | "work" | "church" | "home"
        ) || self.text(first) == "next" && self.text(first + 1) == "door"
            || self.text(first) == "across";
        proper && !child || numbered
    }

    /// `Daisy in the office`, `Phoebe at the library`, `Ivy at number 4`, `lovely on the desk`.
    fn works_at(&self, at: usize) -> bool {
        let article = matches!(self.text(at + 1), "the" | "our" | "number" | "my");
        let noun = at + 1 + usize::from(article);
        let number = self.text(at + 1) == "number" || self.text(at + 1) == "no";
        let place = self.keeps(noun, ORG) || self.keeps(noun + 1, ORG) && self.follows(noun + 1);
        let inside = self.text(at) == "in"
            && !matches!(
                self.text(noun),
                "office" | "shop" | "surgery" | "cafe" | "pub" | "council" | "pta"
            );
        let class = self.scene.in_mention(at + 1) || self.scene.in_mention(noun);
        !class && (number || place && !inside && self.follows(at + 1))
    }

    /// The words beside the name say that it is a child's: kin, class, age.
    fn vouched(&self) -> bool {
        let start = self.part.start;
        let kin = (1..=2).any(|back| {
            matches!(
                self.before(self.head, back),
                "son"
                    | "daughter"
                    | "grandson"
                    | "granddaughter"
                    | "nephew"
                    | "niece"
                    | "boy"
                    | "girl"
                    | "lad"
                    | "child"
                    | "kid"
                    | "twin"
                    | "youngest"
                    | "eldest"
                    | "oldest"
                    | "stepson"
                    | "stepdaughter"
                    | "lass"
                    | "grandchild"
                    | "godson"
                    | "goddaughter"
            ) && (back == 1
                || matches!(
                    self.before(self.head, 1),
                    "is" | "was" | "called" | "named" | "and" | "old"
                ))
        });
        let class = attached_class(self.scene, self.part).is_some()
            || start > 0 && self.scene.in_mention(start - 1) && !self.gap(start).has(Gap::STOP);
        kin || class || self.aged()
    }

    fn aged(&self) -> bool {
        let end = self.part.end;
        matches!(self.text(end), "aged" | "age")
            || self.gap(end).has(Gap::COMMA | Gap::BRACKET)
                && self.scene.stream.get(end).is_some_and(|a| {
                    a.digits && a.text.parse::<u32>().is_ok_and(|n| (3..=18).contains(&n))
                })
    }

    /// An adult's deed, thanks for an adult's help, a member of staff just mentioned, scripture.
    fn belongs_elsewhere(&self) -> bool {
        let end = self.part.end;
        let next = end
            + usize::from(matches!(
                self.text(end),
                "who" | "has" | "kindly" | "also" | "always" | "will" | "usually" | "is"
            ));
        let does = self.follows(end) && !self.part.possessive && self.keeps(next, DEED);
        let thanked = self.text(end) == "for"
            && self.follows(end)
            && (end + 1..end + 5)
                .take_while(|at| self.follows(*at))
                .any(|at| self.keeps(at, DEED))
            && !self.listed_with_pupil();
        let taught = (end..end + 10)
            .take_while(|at| *at < self.sentence.end)
            .any(|at| {
                matches!(
                    self.text(at),
                    "teacher" | "headteacher" | "ta" | "headmaster"
                ) && matches!(
                    self.before(at, 1),
                    "best"
                        | "great"
                        | "amazing"
                        | "lovely"
                        | "brilliant"
                        | "wonderful"
                        | "fantastic"
                        | "a"
                )
            })
            && (end..end + 6)
                .any(|at| matches!(self.text(at), "you" | "youve" | "is" | "was" | "has"));
        let we = self.text(end) == "and"
            && matches!(self.text(end + 1), "i" | "me")
            && self.says(ADULT | DEED);
        does || thanked || taught || we || self.staff_mentioned()
    }

    /// A member of staff of this given name stands in the same text by family name.
    fn staff_mentioned(&self) -> bool {
        let staff = &self.scene.roster.staff;
        if !staff.givens.contains(&self.part.key) {
            return false;
        }
        (0..self.scene.stream.len()).any(|at| {
            self.scene.adult(at..at + 1) >= Adult::Perhaps
                && staff
                    .families
                    .get(self.text(at))
                    .is_some_and(|givens| givens.contains(&self.part.key))
        })
    }

    fn scripture(&self) -> bool {
        let biblical = matches!(
            self.part.key.as_str(),
            "adam"
                | "eve"
                | "noah"
                | "abraham"
                | "isaac"
                | "jacob"
                | "joseph"
                | "moses"
                | "david"
                | "solomon"
                | "samson"
                | "daniel"
                | "jonah"
                | "mary"
                | "elizabeth"
                | "luke"
                | "mark"
                | "matthew"
                | "john"
                | "peter"
                | "paul"
                | "thomas"
                | "simon"
                | "ruth"
                | "esther"
                | "sarah"
                | "rebecca"
                | "rachel"
                | "leah"
                | "naomi"
                | "samuel"
                | "elijah"
                | "james"
                | "andrew"
                | "philip"
                | "gabriel"
                | "michael"
                | "george"
                | "ibrahim"
                | "yusuf"
                | "mohammed"
                | "muhammad"
                | "caleb"
                | "joshua"
                | "gideon"
                | "deborah"
                | "martha"
                | "lydia"
                | "stephen"
                | "timothy"
                | "seth"
                | "levi"
                | "benjamin"
                | "reuben"
                | "judah"
        );
        biblical && self.says(FAITH) && !praised(self.scene, self.part.start)
    }

    /// What only a child is praised for, or is told of: an achievement, a list of pupils, a picture.
    fn achieves(&self) -> bool {
        let stream = self.scene.stream;
        let end = self.part.end;
        let thanks = matches!(
            self.before(self.head, 1),
            "thank"
                | "thanks"
                | "hi"
                | "hello"
                | "dear"
                | "hey"
                | "by"
                | "called"
                | "named"
                | "goodbye"
                | "welcome"
                | "congrats"
        ) || self.before(self.head, 1) == "to"
            && matches!(
                self.before(self.head, 2),
                "thanks" | "you" | "goodbye" | "diolch"
            )
            || self.before(self.head, 1) == "you" && self.before(self.head, 2) == "thank";
        let praise = praised(self.scene, self.part.start) && !thanks;
        let aux = usize::from(matches!(
            self.text(end),
            "has" | "had" | "also" | "really" | "who"
        ));
        let deed =
            self.follows(end) && !self.part.possessive && PERSONAL.contains(&self.text(end + aux));
        let ours = matches!(self.before(self.part.start, 1), "my" | "our")
            && stream.follows(self.part.start);
        praise || deed || ours || self.listed_with_pupil() || pictured(self.scene, self.part.start)
    }

    /// `Logan and Kian`: another registered given name in the same list.
    fn listed_with_pupil(&self) -> bool {
        let beside = |at: usize| self.scene.parts.given_at(at);
        let end = self.part.end;
        let forward = self.gap(end).has(Gap::COMMA | Gap::AND) && beside(end)
            || matches!(self.text(end), "and" | "n") && beside(end + 1);
        let start = self.part.start;
        let back = self.gap(start).has(Gap::COMMA | Gap::AND) && start >= 1 && beside(start - 1)
            || matches!(self.before(start, 1), "and" | "n") && start >= 2 && beside(start - 2);
        forward || back || self.head < start && listed(self.scene, self.part)
    }

    /// Life events of adults, films and songs: not about a pupil unless something says so.
    fn about_others(&self) -> bool {
        let stream = self.scene.stream;
        let near = self.part.start.saturating_sub(REACH)..stream.len().min(self.part.end + REACH);
        let baby = |at: usize| {
            self.text(at) == "baby"
                && self.before(at, 1) == "new"
                && !matches!(self.text(at + 1), "sister" | "brother" | "cousin")
        };
        let life = near.clone().any(|at| self.keeps(at, LIFE) || baby(at));
        life || self.says(MEDIA)
    }

    /// What is little by itself and still a child's: a deed, a pronoun, a possession, a cheer.
    fn weak_child(&self) -> bool {
        let end = self.part.end;
        let aux = usize::from(matches!(
            self.text(end),
            "has" | "had" | "also" | "really" | "just" | "hasnt" | "wont"
        ));
        let deed = self.follows(end) && DEEDS.contains(&self.text(end + aux));
        let done = DONE_TO.contains(&self.before(self.part.start, 1));
        let class = self.sentence.clone().any(|at| self.scene.in_mention(at));
        let addressed = matches!(self.text(end), "you" | "u" | "ur") && self.follows(end);
        let aside =
            !self.scene.draft && (self.scene.stream.len() <= 4 || self.gap(end).has(Gap::SYMBOL));
        let said = is_said_of_person(self.scene, end, Topic::Plant);
        let owner = self.part.possessive && !self.text(end).is_empty();
        said || aside
            || deed
            || owner
            || done
            || class
            || addressed
            || praised(self.scene, self.part.start) && !self.thanks()
    }

    fn thanks(&self) -> bool {
        (1..=3).any(|back| {
            matches!(
                self.before(self.head, back),
                "thank" | "thanks" | "diolch" | "ask" | "dear"
            )
        })
    }

    fn staff_has_it(&self) -> bool {
        self.scene.roster.staff.givens.contains(&self.part.key)
    }
}

/// The atoms of the sentence around a name, not far on either side.
fn sentence(scene: &Scene<'_>, part: &Part) -> Range<usize> {
    let stream = scene.stream;
    let ends = |at: usize| {
        let gap = stream.gap(at);
        let initial = at > 0 && stream.get(at - 1).is_some_and(Atom::is_single);
        gap.has(Gap::LINE) || gap.has(Gap::STOP) && gap.has(Gap::SPACE) && !initial
    };
    let mut start = part.start;
    while start > 0 && part.start - start < REACH && !ends(start) {
        start -= 1;
    }
    let mut end = part.end;
    while end < stream.len() && end - part.end < REACH && !ends(end) {
        end += 1;
    }
    start..end
}

/// The first name of the list `A, B and C` that the name at `at` stands in.
fn list_head(scene: &Scene<'_>, mut at: usize) -> usize {
    let stream = scene.stream;
    for _ in 0..6 {
        let and = usize::from(matches!(stream.text_before(at, 1), "and" | "n"));
        let gap = stream.gap(at);
        let joined = and == 1 || gap.has(Gap::COMMA | Gap::AND) && !gap.has(Gap::STOP | Gap::LINE);
        let Some(before) = at.checked_sub(1 + and) else {
            break;
        };
        let name = stream
            .get(before)
            .is_some_and(|a| a.capital() && (a.word.given || !a.word.common || !a.opens))
            && !scene.in_mention(before);
        if !joined || !name {
            break;
        }
        at = before;
    }
    at
}
