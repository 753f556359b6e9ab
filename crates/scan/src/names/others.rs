//! A given name alone: a pupil's, or somebody else's who has the same one? An adult, a pet, a character and an author who
//! signs are told by the words beside the name and by what the sentence is about. Whether the word is a name at all is
//! the evidence's business.

use std::ops::Range;

mod beside;
mod former;
mod grown;
mod lessons;
mod visitors;

use super::{
    cues::{DEEDS, DONE_TO, PERSONAL},
    entries,
    evidence::{attached_class, listed, pictured, praised},
    frames::has_won,
    grammar,
    lists::Topic,
    lists::company::{ADULT, CHILD, DEED, LIFE, MEDIA, ORG, ROLE},
    parts::Part,
    said::is_said_of_person,
    scene::{Adult, Scene},
    slots, spoken,
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

/// Work that schools share out among pupils too.
const PUPIL_JOBS: &[&str] = &[
    "apprentice",
    "assistant",
    "assistants",
    "chef",
    "chefs",
    "gardener",
    "gardeners",
    "guide",
    "guides",
    "journalist",
    "librarian",
    "manager",
    "managers",
    "officer",
    "officers",
    "presenter",
    "presenters",
    "ranger",
    "rangers",
    "referee",
    "reporter",
    "steward",
    "stewards",
    "supervisor",
    "supervisors",
    "technician",
    "trainee",
    "umpire",
    "warden",
    "wardens",
];

/// What adults do for a school and children do as well.
const SHARED_DEEDS: &[&str] = &[
    "drove",
    "managed",
    "worked",
    "rang",
    "phoned",
    "texted",
    "emailed",
    "fixed",
    "mended",
    "repaired",
    "judged",
    "delivered",
    "cleaned",
    "served",
    "printed",
    "hosted",
    "organised",
    "donated",
    "keeping",
    "kept",
];

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
    if !vouched && (view.is_among_adults() || view.belongs_elsewhere()) {
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
        (false, true, true) | (false, false, false) => Standing::Thin,
    }
}

/// Whether the words introduce somebody who is no pupil by this name.
pub(super) fn is_introduced(scene: &Scene<'_>, part: &Part) -> bool {
    let view = View::new(scene, part);
    !scene.stream.loose && !part.is_word() && (view.introduced() || view.is_studied())
}

/// Whether the words say that the bearer is married or related to an adult of the school: `Dev is Mrs Rao's husband`.
pub(super) fn is_kin_of_adult(scene: &Scene<'_>, part: &Part) -> bool {
    matches!(scene.stream.text(part.end), "is" | "was")
        && !scene.is_hidden_name(part)
        && View::new(scene, part).is_kin_of_adult(part.end + 1)
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
        self.scene.stream.get(at).is_some_and(|atom| {
            let job = company & ROLE != 0
                && PUPIL_JOBS.contains(&&*atom.text)
                && self.scene.may_be_meant(self.part);
            atom.word.keeps(if job { company & !ROLE } else { company })
        })
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
        let sibling = matches!(
            self.before(self.head, 1),
            "brother" | "sister" | "cousin" | "brothers" | "sisters"
        ) && matches!(
            self.before(self.head, 2),
            "his" | "her" | "their" | "little" | "big" | "twin" | "baby"
        );
        let class = attached_class(self.scene, self.part).is_some()
            || start > 0 && self.scene.in_mention(start - 1) && !self.gap(start).has(Gap::STOP);
        // `parents of Martha`
        let parented = self.before(self.head, 1) == "of"
            && matches!(
                self.before(self.head, 2),
                "parents" | "mum" | "dad" | "mother" | "father" | "family" | "nan" | "grandparents"
            );
        let named = self.scene.draft
            && (spoken::is_speaker(self.scene, self.part)
                || entries::in_table(self.scene, self.part));
        kin || sibling || class || parented || named || self.aged() || self.has_family()
    }

    /// `Leon's big cousin`: a child is who others are related to.
    fn has_family(&self) -> bool {
        let end = self.part.end;
        let kin = |at: usize| {
            matches!(
                self.text(at),
                "mum"
                    | "mam"
                    | "mummy"
                    | "dad"
                    | "daddy"
                    | "mother"
                    | "father"
                    | "sister"
                    | "brother"
                    | "cousin"
                    | "nan"
                    | "gran"
                    | "grandad"
                    | "parents"
                    | "auntie"
                    | "uncle"
                    | "stepdad"
                    | "stepmum"
                    | "friends"
                    | "teacher"
            )
        };
        self.part.possessive && (kin(end) || kin(end + 1) && !self.gap(end + 1).has(Gap::STOP))
    }

    fn aged(&self) -> bool {
        let end = self.part.end;
        matches!(self.text(end), "aged" | "age")
            || self.gap(end).has(Gap::COMMA | Gap::BRACKET)
                && !(self.gap(end + 1).is_empty() && end + 1 < self.scene.stream.len())
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
        // `runs the tuck shop`, not `runs like the wind`
        let done = !matches!(
            self.text(next),
            "runs" | "managed" | "manages" | "works" | "worked" | "delivered" | "served" | "owned"
        ) || matches!(self.text(next + 1), "the" | "our" | "at")
            || !self.scene.may_be_meant(self.part)
                && matches!(
                    self.text(next + 1),
                    "here" | "there" | "for" | "nights" | "days" | "shifts"
                );
        // `Kofi rang me herself`, `Cora managed the whole bleep test`: what a child did as well as an adult
        let did = SHARED_DEEDS.contains(&self.text(next))
            && !self.says(ADULT | ROLE | ORG | LIFE)
            && self.is_childs(next + 1);
        // `Amber keeping time` is no work of a keeper's
        let doing = next == end && self.text(next).ends_with("ing");
        let does = self.follows(end)
            && !self.part.possessive
            && self.keeps(next, DEED)
            && done
            && !doing
            && !did;
        let thanked = self.text(end) == "for"
            && self.follows(end)
            && (end + 1..end + 5)
                .take_while(|at| self.follows(*at))
                .any(|at| self.keeps(at, DEED))
            && !self.listed_with_pupil();
        let taught = (end..end + 14)
            .take_while(|at| *at < self.sentence.end)
            .any(|at| {
                matches!(
                    self.text(at),
                    "teacher" | "teachers" | "headteacher" | "ta" | "tas" | "headmaster"
                ) && matches!(
                    self.before(at, 1),
                    "best"
                        | "great"
                        | "amazing"
                        | "lovely"
                        | "brilliant"
                        | "wonderful"
                        | "fantastic"
                        | "incredible"
                        | "superb"
                        | "super"
                        | "caring"
                        | "such"
                        | "a"
                )
            })
            && (end..end + 9).any(|at| {
                matches!(
                    self.text(at),
                    "you" | "youve" | "youre" | "is" | "was" | "has" | "are" | "were"
                )
            });
        let we = self.text(end) == "and"
            && matches!(self.text(end + 1), "i" | "me")
            && self.says(ADULT | DEED);
        let abroad = (end..end + 5).any(|at| {
            self.text(at) == "lives"
                && matches!(self.text(at + 1), "in" | "near")
                && self.scene.stream.get(at + 2).is_some_and(Atom::capital)
        });
        does || thanked || taught || we || abroad || self.at_meeting() || self.staff_mentioned()
    }

    /// `managed 19 out of 40`, `drove a cardboard car`, `worked out why`, `phoned her nan`: what follows the deed at `at` is a
    /// child's business.
    fn is_childs(&self, at: usize) -> bool {
        let next = self.text(at);
        let number = self.scene.stream.get(at).is_some_and(|a| a.digits);
        let own = matches!(
            next,
            "her"
                | "his"
                | "herself"
                | "himself"
                | "out"
                | "to"
                | "hard"
                | "harder"
                | "hardest"
                | "really"
                | "so"
                | "me"
                | "us"
                | "all"
                | "every"
        );
        let whole = matches!(next, "the" | "a" | "an")
            && matches!(
                self.text(at + 1),
                "whole" | "entire" | "full" | "single" | "cardboard"
            );
        self.follows(at) && (number || own || whole || grammar::of_person(self.scene, at))
    }

    /// `Apologies were received from Grace`, `Frank gave the treasurer's report`
    fn at_meeting(&self) -> bool {
        let apologies = self.before(self.head, 1) == "from"
            && (self.sentence.start..self.head).any(|at| self.text(at) == "apologies");
        let reports = self.sentence.clone().any(|at| {
            matches!(
                self.text(at),
                "treasurer" | "clerk" | "chair" | "bursar" | "secretary"
            ) && self.scene.stream.get(at).is_some_and(|a| a.possessive)
        });
        (apologies || reports) && !self.scene.may_be_meant(self.part)
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
        // `was baked by Niamh and her gran`
        let made = self.before(self.head, 1) == "by"
            && self.head >= 2
            && is_made(self.before(self.head, 2));
        let praise =
            made || praised(self.scene, self.part.start) && !thanks || has_won(self.scene, end);
        let aux = usize::from(matches!(
            self.text(end),
            "has" | "had" | "also" | "really" | "who"
        ));
        let deed =
            self.follows(end) && !self.part.possessive && PERSONAL.contains(&self.text(end + aux));
        let ours = matches!(self.before(self.part.start, 1), "my" | "our")
            && stream.follows(self.part.start);
        let placed = self.scene.draft && slots::is_placed(self.scene, self.part);
        placed
            || praise
            || deed
            || ours
            || self.listed_with_pupil()
            || pictured(self.scene, self.part.start)
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
        // `best day of my life and I've been married twice`
        let own = |at: usize| {
            (1..=4).any(|back| {
                matches!(
                    self.before(at, back),
                    "i" | "ive" | "we" | "weve" | "my" | "our" | "im" | "id"
                )
            })
        };
        // `Bella carried it like a newborn`
        let close = if self.acts() { 5 } else { REACH };
        let life = near.clone().any(|at| {
            self.keeps(at, LIFE) && !own(at) && at.abs_diff(self.part.start) <= close || baby(at)
        });
        let said = is_said_of_person(self.scene, self.part.end, Topic::Plant);
        let media = self.sentence.clone().any(|at| {
            let costume = matches!(self.before(at, 1), "as" | "like")
                || matches!(self.before(at, 2), "as" | "like");
            // `did anyone film Imogen?`
            let filmed = self.text(at) == "film"
                && matches!(
                    self.before(at, 1),
                    "to" | "anyone"
                        | "anybody"
                        | "someone"
                        | "somebody"
                        | "you"
                        | "i"
                        | "we"
                        | "they"
                );
            self.keeps(at, MEDIA) && !costume && !filmed
        });
        life || media && !self.says(CHILD) && !said && !self.acts()
    }

    /// What is little by itself and still a child's: a deed, a pronoun, a possession, a cheer.
    fn weak_child(&self) -> bool {
        let end = self.part.end;
        let aux = usize::from(matches!(
            self.text(end),
            "has" | "had" | "also" | "really" | "just" | "hasnt" | "wont"
        ));
        let told = self.text(end) == "who" && DEEDS.contains(&self.text(end + 1));
        let deed = told
            || self.follows(end) && DEEDS.contains(&self.text(end + aux))
            || self.acts()
            || self.talks();
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

    /// What somebody did and no adult at work does: `Bella carried it`.
    fn acts(&self) -> bool {
        let end = self.part.end;
        !self.part.possessive
            && grammar::verb(self.scene, end).is_some_and(|(at, verb, _)| {
                verb == grammar::Verb::Past && !self.keeps(at, DEED | LIFE | ADULT)
            })
    }

    /// `Kwame: a moat. Saoirse: "It sounds like a lot of meetings."`: one of several who speak or are listed by name.
    fn talks(&self) -> bool {
        let entry = |at: usize| {
            self.gap(at + 1).has(Gap::COLON)
                && self.scene.parts.given_at(at)
                && self.scene.stream.get(at).is_some_and(Atom::capital)
        };
        let near = self.part.start.saturating_sub(2 * REACH)..self.part.end + 2 * REACH;
        self.gap(self.part.end).has(Gap::COLON)
            && near
                .into_iter()
                .any(|at| at != self.part.start && entry(at))
    }

    fn thanks(&self) -> bool {
        (1..=3).any(|back| {
            matches!(
                self.before(self.head, back),
                "thank" | "thanks" | "diolch" | "ask" | "dear"
            )
        })
    }
}

/// What was done by somebody, as children do it: `baked`, `drawn`, `sung`.
fn is_made(word: &str) -> bool {
    PERSONAL.contains(&word)
        || matches!(
            word,
            "drawn"
                | "sung"
                | "eaten"
                | "written"
                | "chosen"
                | "won"
                | "built"
                | "made"
                | "grown"
                | "worn"
                | "decorated"
                | "led"
                | "created"
                | "invented"
        )
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
        // `our new TA, Zara` is no list
        let name = stream.get(before).is_some_and(|a| {
            let named = (!a.word.common || !a.opens) && !a.word.keeps(ROLE | ORG);
            a.capital() && (a.word.given || named)
        }) && !scene.in_mention(before);
        if !joined || !name {
            break;
        }
        at = before;
    }
    at
}
