//! The words right beside a given name that say whose it is: an introduction, a signature, a description, scripture.
//! What the sentence as a whole is about is weighed by the parent.

use super::{
    super::{
        evidence::attached_class,
        lists::company::{ADULT, CHILD, DEED, KIN, LIFE, ORG, PET, ROLE},
        stream::{Atom, Gap},
    },
    PUPIL_JOBS, View,
};

/// Work that no pupil is listed for: `Governors: Henry and Fiona`. `Engineers: Zainab and Esme` are at play.
const GROWN_ROLES: &[&str] = &[
    "governor",
    "governors",
    "teacher",
    "teachers",
    "ta",
    "tas",
    "headteacher",
    "volunteer",
    "volunteers",
    "driver",
    "drivers",
    "caretaker",
    "trustee",
    "trustees",
    "councillor",
    "councillors",
    "treasurer",
    "secretary",
    "chairman",
    "vicar",
    "curate",
    "instructor",
    "instructors",
    "coaches",
    "receptionist",
    "owner",
    "owners",
    "director",
    "directors",
];

/// How far before a name the heading of a cast is looked for.
const CAST_REACH: usize = 40;

/// How far before a colon the label is read.
const LABEL_REACH: usize = 9;

impl View<'_> {
    /// The words beside the name say that it is somebody else's, whatever else there is.
    pub(super) fn named_for_another(&self) -> bool {
        self.introduced()
            || self.is_newborn()
            || self.is_elsewhere()
            || self.scripture()
            || self.signs()
            || self.is_past()
            || self.is_studied()
            || self.is_in_book()
            || self.is_spoken_to_for_school()
            || self.lives_as_adult()
            || self.described()
    }

    /// `Freya on her engagement`, `Tom and his new wife`: whose life it is stands right behind the name.
    fn lives_as_adult(&self) -> bool {
        let end = self.part.end;
        let own = matches!(self.text(end), "on" | "for")
            && matches!(self.text(end + 1), "her" | "his" | "their" | "getting");
        own && self.follows(end)
            && (end + 2..end + 4).any(|at| self.follows(at) && self.keeps(at, LIFE))
            && !self.scene.may_be_meant(self.part)
    }

    /// `auntie Rose`, `our neighbour Max`, `guide dog Leo`, `our governors Henry and Fiona`, `my friend Jay`.
    pub(super) fn introduced(&self) -> bool {
        let head = self.head;
        // `Sophia and Grace are the names of our two lambs`
        let names = self.list_tail();
        let listed = matches!(self.text(names), "is" | "are" | "were")
            && (names + 1..names + 4).any(|at| matches!(self.text(at), "name" | "names"))
            && (names..self.sentence.end).any(|at| self.keeps(at, PET));
        let Some(near) = head.checked_sub(1) else {
            return listed;
        };
        let told = matches!(self.before(head, 1), "is" | "was")
            && self.before(head, 2) == "name"
            && matches!(self.before(head, 3), "his" | "her" | "its")
            && !self.scene.is_hidden_name(self.part);
        let baby = told
            && (head.saturating_sub(12)..near)
                .any(|at| self.text(at) == "baby" || self.keeps(at, PET | ROLE));
        if baby {
            return true;
        }
        // `when she slipped her lead`, `a card from Ivy at Beech Court`
        let led = self.sentence.clone().any(|at| {
            matches!(
                self.text(at),
                "lead" | "collar" | "tail" | "paw" | "paws" | "kennel"
            ) && matches!(self.before(at, 1), "her" | "his" | "its")
                && self.sentence.clone().any(|n| self.keeps(n, PET))
        });
        let sends = self.before(head, 1) == "from"
            && self.text(self.part.end) == "at"
            && [1, 2].iter().all(|n| {
                self.scene
                    .stream
                    .get(self.part.end + n)
                    .is_some_and(|a| a.capital() && !a.heading)
            });
        if (led || sends) && !self.scene.may_be_meant(self.part) {
            return true;
        }
        if listed || self.is_christened(near) || self.is_welcomed_as_pet() {
            return true;
        }
        let gap = self.gap(head);
        if self.is_penned() {
            return true;
        }
        if self.is_sent(near) || self.is_pretended() {
            return true;
        }
        let beside =
            self.follows(head) || gap.only(Gap::SPACE | Gap::COLON) || self.in_apposition(near);

        if !beside
            || self.gap(near).is_empty() && near > 0
            || self.scene.stream.get(near).is_some_and(|a| a.possessive)
        {
            return false;
        }
        // `Reindeer: Rohan` plays it.
        let cast = gap.has(Gap::COLON);
        let of_child =
            self.keeps_before(head, 2, CHILD) && !matches!(self.before(head, 2), "his" | "her");
        // `our reading dog Charlie`, `class hamster Nell`
        let shared = matches!(
            self.before(head, 2),
            "reading" | "reader" | "class" | "school" | "playground"
        );
        // `our cheeky monkey Bella`, `Guest Mia read to 2 Finch`: a child who could be meant is
        let meant = self.scene.may_be_meant(self.part);
        let guest = matches!(self.text(near), "guest" | "guests" | "visitor" | "visitors");
        let pet = self.keeps(near, PET) && !cast && (!of_child || shared) && !meant;
        if self.keeps(near, KIN) && !of_child || pet {
            return !self.keeps_before(head, 2, PET) || self.keeps(near, PET);
        }
        let of_class = attached_class(self.scene, self.part).is_some();
        if self.is_under_adults_label() {
            return true;
        }
        // `on the coach Harvey told me`
        let vehicle = self.text(near) == "coach"
            && self.before(near, 1) == "the"
            && matches!(self.before(near, 2), "on" | "off" | "in" | "from");
        let role = self.keeps(near, ROLE)
            && !vehicle
            && !self.in_cast()
            && !self.young(near)
            && !of_class
            && (!guest || !meant);
        if role && (!cast || GROWN_ROLES.contains(&self.text(near))) {
            return true;
        }
        if self.holds_office(near) {
            return true;
        }
        match self.text(near) {
            "law" => self.before(head, 2) == "in",
            "baby" => !matches!(self.before(head, 2), "my" | "our" | "his" | "her"),
            "reception" | "desk" | "till" => {
                gap.has(Gap::COMMA) && matches!(self.before(head, 2), "on" | "the")
            }
            "himself" | "herself" | "themselves" => {
                matches!(self.before(head, 2), "calling" | "calls" | "called")
            }
            "helper" | "helpers" | "rep" | "reps" | "reader" | "readers" => {
                matches!(self.before(head, 2), "parent" | "adult" | "volunteer")
            }
            "child" => matches!(self.before(head, 2), "sponsored" | "sponsor"),
            "man" | "woman" | "men" | "women" => self.keeps_before(head, 2, ROLE | ORG),
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

    /// `Cast: Evacuee Ruby, Warden Mei`: offices are parts in a play.
    fn in_cast(&self) -> bool {
        let from = self.head.saturating_sub(CAST_REACH);
        self.scene.draft
            && (from..self.head).any(|at| {
                self.text(at) == "cast" && self.gap(at + 1).has(Gap::COLON | Gap::LINE | Gap::DASH)
            })
    }

    /// `our parent helpers on the trip: Rose, Daniel and George`: the words before the colon name grown-ups, and no child.
    fn is_under_adults_label(&self) -> bool {
        let head = self.head;
        let label = || {
            (head.saturating_sub(LABEL_REACH).max(self.sentence.start)..head)
                .rev()
                .take_while(|at| *at + 1 == head || !self.gap(*at + 1).has(Gap::COLON))
        };
        let grown = |at: usize| {
            GROWN_ROLES.contains(&self.text(at))
                || matches!(
                    (self.before(at, 1), self.text(at)),
                    (
                        "parent" | "adult" | "grown" | "volunteer" | "our",
                        "helpers"
                            | "volunteers"
                            | "readers"
                            | "drivers"
                            | "parents"
                            | "mums"
                            | "dads"
                    )
                )
        };
        self.gap(head).has(Gap::COLON)
            && !self.scene.may_be_meant(self.part)
            && label().any(grown)
            && !label().any(|at| {
                matches!(
                    self.text(at),
                    "children" | "pupils" | "junior" | "young" | "little" | "class" | "pupil"
                )
            })
    }

    /// `our hamster is called Max`, `a man named Jack`: `near` is the atom before the names.
    fn is_christened(&self, near: usize) -> bool {
        let head = self.head;
        let christened = (self.sentence.start..head).any(|at| {
            matches!(
                self.text(at),
                "called"
                    | "named"
                    | "nicknamed"
                    | "names"
                    | "name"
                    | "answer"
                    | "answers"
                    | "answering"
            )
        });
        if !christened {
            return false;
        }
        let tail = self.part.end..self.stream_end(8);
        let pet = (self.sentence.start..near)
            .chain(tail.filter(|at| matches!(self.before(*at, 1), "a" | "an" | "the" | "our")))
            .any(|at| self.keeps(at, PET));
        let is = usize::from(matches!(self.before(head, 2), "is" | "was" | "are"));
        // `a man named Jack`; `a little man called Theo` is a boy
        let grown = |back: usize| {
            self.scene.draft
                && matches!(
                    self.before(head, back),
                    "man" | "woman" | "king" | "queen" | "giant" | "sailor" | "pirate"
                )
                && matches!(self.before(head, back + 1), "a" | "an" | "the" | "old")
                && !self.scene.may_be_meant(self.part)
        };
        let role = matches!(self.before(head, 1), "called" | "named")
            && (self.keeps_before(head, 2 + is, ROLE) || grown(2 + is));
        // `Meet the new hens! They are called Henrietta and Dotty.`
        let they = matches!(self.before(head, 1), "called" | "named")
            && (self.sentence.start..head).any(|at| {
                matches!(self.text(at), "they" | "theyre") && self.text(at + 1) != "have"
            })
            && (self.sentence.start.saturating_sub(12)..self.sentence.start)
                .any(|at| self.keeps(at, PET))
            && !self.scene.is_hidden_name(self.part);
        pet || role || they
    }

    /// `We have new chickens! Please welcome Violet and Henrietta.`
    fn is_welcomed_as_pet(&self) -> bool {
        let head = self.head;
        matches!(self.before(head, 1), "welcome" | "meet")
            && (head.saturating_sub(12)..head)
                .any(|at| self.keeps(at, PET) && (1..=2).any(|back| self.before(at, back) == "new"))
            && !self.scene.is_hidden_name(self.part)
            && attached_class(self.scene, self.part).is_none()
    }

    /// So many atoms after the name, or the end of the text.
    pub(super) fn stream_end(&self, more: usize) -> usize {
        self.scene.stream.len().min(self.part.end + more)
    }

    /// `the curate, Joshua,`: the noun at `near` has its article, and the name stands between commas.
    fn in_apposition(&self, near: usize) -> bool {
        let comma = self.gap(self.head).only(Gap::COMMA | Gap::SPACE);
        let article = (1..=3).any(|back| {
            matches!(
                self.before(near, back),
                "the" | "our" | "my" | "your" | "sponsored" | "two" | "three" | "new"
            ) && (0..back).all(|n| self.follows(near - n))
        });
        // `Jakub was the baker, Zainab was the wind`
        comma && article && !self.follows(self.list_tail())
    }

    /// `Please see Ellie about dinner money`: a member of staff whom parents turn to.
    fn is_spoken_to_for_school(&self) -> bool {
        let turned = matches!(
            (self.before(self.head, 2), self.before(self.head, 1)),
            ("speak" | "talk" | "or" | "email" | "word", "to" | "with")
                | (
                    "please" | "or" | "and",
                    "see" | "contact" | "email" | "ask" | "ring" | "phone" | "call"
                )
        );
        let about = matches!(
            self.text(self.part.end),
            "about" | "for" | "if" | "in" | "at" | "on"
        );
        self.scene.draft
            && turned
            && about
            && self.scene.roster.staff.givens.contains(&self.part.key)
            && attached_class(self.scene, self.part).is_none()
            && !self.scene.is_hidden_name(self.part)
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
    pub(super) fn young(&self, at: usize) -> bool {
        let in_training = matches!(self.before(at, 1), "student" | "trainee")
            && matches!(
                self.text(at),
                "teacher" | "nurse" | "midwife" | "paramedic" | "teachers"
            );
        !in_training && self.has_young_office(at)
    }

    fn has_young_office(&self, at: usize) -> bool {
        (1..=2).any(|back| {
            matches!(
                self.before(at, back),
                "young"
                    | "youngest"
                    | "littlest"
                    | "smallest"
                    | "tiniest"
                    | "junior"
                    | "pupil"
                    | "student"
                    | "mini"
                    | "star"
                    | "budding"
                    | "little"
                    | "future"
                    | "house"
                    | "sports"
                    | "eco"
                    | "digital"
                    | "play"
                    | "playground"
                    | "lunchtime"
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
        let me = self.before(start, 1) == "me"
            && self.gap(start).has(Gap::COMMA)
            && matches!(self.before(start, 2), "its" | "is" | "s" | "it");
        // `PS Mark, before I forget`: a colleague
        let reminded = self.before(start, 1) == "ps" && self.gap(end).has(Gap::COMMA);
        if here && presents || own || me || self.scene.draft && reminded {
            return true;
        }
        let parent = self.gap(end).has(Gap::BRACKET)
            && (end..end + 5).any(|at| {
                self.keeps(at, KIN) || self.text(at) == "parent" || self.text(at) == "governor"
            });
        let tail = self.list_tail();
        // `Love from all at number 9, Betty, George and the cats`
        let sends = self.before(self.head, 1) == "from"
            || (self.sentence.start + 1..self.head).any(|at| {
                self.text(at) == "from"
                    && matches!(self.before(at, 1), "love" | "wishes" | "regards")
            });
        let greets = sends
            && self.text(tail) == "and"
            && (matches!(self.text(tail + 1), "all" | "family" | "co")
                || self.text(tail + 2) == "team"
                || self.text(tail + 1) == "the"
                    && (self.keeps(tail + 2, PET | KIN | CHILD) || self.with_company(tail + 2)));
        let calls = presents
            && self.text(end) == "from"
            && self.scene.stream.get(end + 1).is_some_and(Atom::capital)
            && !self.scene.in_mention(end + 1);
        if greets || calls {
            return true;
        }
        let arrives = self.before(start, 1) == "here"
            && !self.follows(end)
            && self.gap(start).has(Gap::COMMA)
            && (self.sentence.start..start).any(|at| self.keeps(at, KIN | ROLE));
        if arrives {
            return true;
        }
        let closes = (end..stream.len())
            .all(|at| matches!(self.text(at), "x" | "xx" | "xxx" | "xo"))
            && !stream.gap(stream.len()).has(Gap::STOP);
        let kissed = closes && end < stream.len() && start >= 1;
        let formal = matches!(self.before(start, 1), "regards" | "sincerely" | "wishes")
            && !self.scene.may_be_meant(self.part);
        if !(parent || closes && (start >= 3 || formal) || kissed) {
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

    /// `Leo the guide dog`, `Summer, the vet`, `Frank, who drives the bus`, `Jack from Larkmere Rugby Club`.
    fn described(&self) -> bool {
        let end = self.part.end;
        let tail = self.list_tail();
        let noted = self.gap(tail).has(Gap::BRACKET)
            && self.keeps(tail, KIN | ROLE)
            && (self.gap(tail + 1).has(Gap::BRACKET) || self.text(tail + 1).is_empty());
        if noted || tail > end && self.text(tail) == "our" && self.noun_within(tail + 1, PET) {
            return true;
        }
        // `Lucy, Amina and the rest of the PTA`
        let rest = ["and", "the", "rest", "of"];
        if (0..4).all(|n| self.text(tail + n) == rest[n]) && self.is_of_body(tail + 4) {
            return true;
        }
        // `Jude on bass (he runs the music shop)`
        let aside = (end..end + 4).any(|at| {
            self.gap(at).has(Gap::BRACKET)
                && matches!(self.text(at), "he" | "she" | "who")
                && self.who_is_grown(at + 1)
        });
        if aside {
            return true;
        }
        // `Jasmine and her team at the garden centre`
        let employs = self.text(end) == "and"
            && matches!(self.text(end + 1), "her" | "his")
            && matches!(
                self.text(end + 2),
                "team"
                    | "staff"
                    | "crew"
                    | "wife"
                    | "husband"
                    | "colleagues"
                    | "partner"
                    | "helpers"
            );
        if employs && !self.scene.may_be_meant(self.part) {
            return true;
        }
        if self.part.possessive {
            // `Went to George's in Wexbourne`, `That's Mark next door's grandson`
            let shop = matches!(self.before(self.part.start, 1), "to" | "at" | "from")
                && matches!(self.text(end), "in" | "on")
                && self.scene.stream.get(end + 1).is_some_and(Atom::capital)
                && !self.scene.in_mention(end + 1);
            let trade = matches!(
                self.text(end + 1),
                "salon" | "shop" | "cafe" | "bakery" | "bakers" | "garage" | "business"
            ) && self.follows(end + 1);
            return shop
                || trade && !self.scene.may_be_meant(self.part)
                || matches!(
                    self.text(end),
                    "husband"
                        | "wife"
                        | "lad"
                        | "lass"
                        | "boy"
                        | "girl"
                        | "daughter"
                        | "son"
                        | "youngest"
                        | "eldest"
                        | "kids"
                        | "van"
                        | "garage"
                        | "taxis"
                        | "bakery"
                        | "chippy"
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
            "next" if follows => {
                let theirs = self.scene.stream.get(end + 1).is_some_and(|a| a.possessive);
                self.text(end + 1) == "door" && (self.scene.draft || theirs || self.is_grown_up())
            }
            "upstairs" | "downstairs" | "opposite" if follows => {
                self.is_grown_up() && !self.scene.may_be_meant(self.part)
            }
            "the" if follows => self.noun_within(end + 1, PET | ROLE | KIN),
            "the" | "our" | "my" | "your" if comma => {
                self.noun_within(end + 1, PET | ROLE | KIN)
                    && !self.is_clause(end + 1)
                    && !self.is_pupil_job(end + 1)
            }
            "a" | "an" if comma => self.noun_within(end + 1, PET | ROLE) && !self.amateur(end + 1),
            _ if comma && self.is_parent_of(end) => true,
            "our" | "my" if follows => self.noun_within(end + 1, PET),
            "one" if comma && self.text(end + 1) == "of" => self.noun_within(end + 3, ROLE),
            "is" | "was" if follows && self.is_kin_of_adult(end + 1) => true,
            "who" if comma || follows => self.who_is_grown(end + 1),
            "from" | "fae" if follows => self.is_from_elsewhere(end + 1),
            _ if tail > end && self.text(tail) == "from" => self.is_from_elsewhere(tail + 1),
            _ if self.text(tail) == "of" && self.follows(tail) => self.is_of_body(tail + 1),
            "at" | "in" | "on" | "down" | "behind" if follows => {
                self.works_at(end) && !self.is_quoted()
            }
            "still" | "always" | "usually" | "back" if follows => {
                matches!(self.text(end + 1), "in" | "on" | "at") && self.works_at(end + 1)
            }
            "is" | "was" if follows => (end + 1..end + 4)
                .any(|at| matches!(self.text(at), "on" | "at") && self.works_at(at)),
            _ => false,
        }
    }

    /// `From Zara and the kids`, as a parent signs a comment.
    fn with_company(&self, at: usize) -> bool {
        !self.scene.draft
            && !self.scene.may_be_meant(self.part)
            && matches!(
                self.text(at),
                "bump" | "rest" | "gang" | "kids" | "boys" | "girls" | "baby"
            )
    }

    /// Work, a business, a grown-up's life in the same sentence.
    fn is_grown_up(&self) -> bool {
        self.says(DEED | LIFE | ROLE | ORG | ADULT)
    }

    /// The atom after the last name of the list that the name stands in: `Jess and Tom (parents)`.
    pub(super) fn list_tail(&self) -> usize {
        let mut end = self.part.end;
        for _ in 0..4 {
            let and = usize::from(matches!(self.text(end), "and" | "n"));
            let joined = and == 1 || self.gap(end).has(Gap::COMMA | Gap::AND);
            let name = self.scene.stream.get(end + and).is_some_and(Atom::capital)
                && self.scene.is_given(end + and);
            if !joined || !name {
                break;
            }
            end += and + 1;
        }
        end
    }

    /// `Sian, Mabli's mum`
    fn is_parent_of(&self, at: usize) -> bool {
        let child = self.scene.stream.get(at);
        child.is_some_and(|a| a.possessive && a.capital())
            && self.keeps(at + 1, KIN)
            && !self.gap(at + 1).has(Gap::STOP | Gap::LINE)
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
            .any(|at| {
                let young = matches!(self.text(from), "head" | "pupil" | "class" | "school");
                self.keeps(at, company) && (!young || self.keeps(at, PET))
            })
    }

    /// `"Is it real?" asked Nell at the museum.`
    fn is_quoted(&self) -> bool {
        let start = self.part.start;
        matches!(
            self.before(start, 1),
            "said" | "asked" | "shouted" | "whispered" | "wondered"
        ) && start > 0
            && self.gap(start - 1).has(Gap::QUOTE)
    }

    /// Whether the noun phrase at `from` is the subject of a verb: `the worm is called Kevin`.
    fn is_clause(&self, from: usize) -> bool {
        (from..from + 4)
            .take_while(|at| *at == from || self.follows(*at))
            .any(|at| {
                matches!(
                    self.text(at),
                    "is" | "was" | "are" | "were" | "has" | "had" | "will" | "can"
                )
            })
    }

    /// `Emmanuel, the best stage manager in the business`: work that pupils do, and how well one did it.
    fn is_pupil_job(&self, from: usize) -> bool {
        (from..from + 5)
            .take_while(|at| self.follows(*at))
            .any(|at| PUPIL_JOBS.contains(&self.text(at)))
            && matches!(
                self.text(from),
                "best" | "youngest" | "smallest" | "loudest" | "proudest" | "bravest" | "finest"
            )
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
        // `who's in hospital`, `who read every book in the library`
        let body = |at: usize| {
            let article = usize::from(matches!(
                self.before(at, 1),
                "the" | "our" | "a" | "an" | "my" | "your"
            ));
            // `who is home from hospital`
            let ward =
                self.text(at) == "hospital" && matches!(self.before(at, 1), "from" | "in" | "of");
            self.keeps(at, ORG)
                && !ward
                && matches!(
                    self.before(at, 1 + article),
                    "from" | "for" | "of" | "behind" | "run" | "on"
                )
        };
        let grown = clause().any(|at| {
            self.keeps(at, DEED | LIFE)
                || body(at)
                || self.text(at) == "college"
                || self.text(at) == "university"
                || self.is_year(at)
        });
        grown && !clause().any(|at| self.scene.in_mention(at))
    }
}
